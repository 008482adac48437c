import { msg } from "../text/message.ts";
import type { ReleaseData } from "./release-data.ts";

export const release79 = {
	name: "7.9",
	published: "2026-05-19",
	changes: [
		{
			name: "hostname/vlans-of-veb",
			place: "hostname.if",
			effect: "accepted",
			summary: msg("A veb switches by VLANs: `untagged`, `tagged`, `vnetid`, private VLANs, locked ports."),
		},
		{
			name: "hostname/veb-drops-tags",
			place: "hostname.if",
			effect: "meaning",
			summary: msg("`link0` of a veb lets no VLAN tags through any more: `tagged` does, port by port."),
		},
		{
			name: "hostname/pvlan-panic",
			place: "hostname.if",
			effect: "refused",
			summary: msg("A secondary private VLAN on a veb without ports crashes the kernel."),
			until: "8.0",
		},
		{
			name: "hostname/lacp-by-aggr-alone",
			place: "hostname.if",
			effect: "refused",
			summary: msg("trunk(4) has no LACP any more: aggr(4) does it."),
		},
		{
			name: "host/certificates-need-principals",
			place: "host",
			effect: "meaning",
			summary: msg("sshd refuses certificates without principals."),
		},
		{
			name: "host/no-subsystem-in-match",
			place: "host",
			effect: "refused",
			summary: msg("sshd does not start with a `Subsystem` inside of `Match`."),
		},
		{
			name: "pf/prints-both-translations",
			place: "pf.conf",
			effect: "printed",
			summary: msg("pfctl prints `nat-to` and `rdr-to` of a rule that has both; before, it printed `nat-to` alone."),
		},
	],
} as const satisfies ReleaseData;

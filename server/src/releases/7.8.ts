import { msg } from "../text/message.ts";
import type { ReleaseData } from "./release-data.ts";

export const release78 = {
	name: "7.8",
	published: "2025-10-22",
	changes: [
		{
			name: "host/names-of-sysctl",
			place: "sysctl.conf",
			effect: "refused",
			summary: msg("net.inet6.ip6.soiikey is gone, and the settings of divert(4) for IPv6 are those for IPv4."),
		},
		{
			name: "host/no-vmctl-send",
			place: "host",
			effect: "refused",
			summary: msg("vmctl has no `send` and `receive` any more."),
		},
		{
			name: "host/dhcpd-serves-its-rdomain",
			place: "host",
			effect: "meaning",
			summary: msg("dhcpd serves the routing domain alone that it is started in."),
		},
		{
			name: "hostname/vports-reach-each-other",
			place: "hostname.if",
			effect: "meaning",
			summary: msg("Two vports of one veb reach each other again."),
		},
		{
			name: "pf/limits-at-their-line",
			place: "pf.conf",
			effect: "meaning",
			summary: msg("`set limit` takes effect when its line is read, and a limit that the file does not name stays as the kernel has it."),
		},
	],
} as const satisfies ReleaseData;

/** What is known of each release, the oldest first: a release is an entry at the end. */
import { msg } from "../text/message.ts";
import type { ReleaseData } from "./release-data.ts";

export const releases = [
	{ name: "7.4", published: "2023-10-16", changes: [] },
	{ name: "7.5", published: "2024-04-05", changes: [] },
	{ name: "7.6", published: "2024-10-08", changes: [] },
	{
		name: "7.7",
		published: "2025-04-28",
		changes: [
			{
				name: "sysctl/read-by-line",
				place: "sysctl.conf",
				effect: "meaning",
				summary: msg(
					"rc hands sysctl.conf to `sysctl -f`, which reads the first word of each line and loses a line with a blank in front.",
				),
			},
		],
	},
	{
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
	},
	{
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
	},
	{
		name: "8.0",
		published: undefined,
		changes: [
			{
				name: "pf/no-forwarding-from-zero",
				place: "pf.conf",
				effect: "meaning",
				summary: msg("Packets from 0.0.0.0 are not forwarded."),
			},
			{
				name: "pf/divert-minds-the-rdomain",
				place: "pf.conf",
				effect: "meaning",
				summary: msg("`divert-packet` minds the routing domain of a packet."),
			},
			{
				name: "hostname/prints-ranges-of-communities",
				place: "hostname.if",
				effect: "printed",
				summary: msg("ifconfig shows community VLANs that follow one another as a range."),
			},
			{
				name: "hostname/pppoe-needs-no-parent-mtu",
				place: "hostname.if",
				effect: "needless",
				summary: msg("A pppoe with an MTU of 1500 needs no larger MTU of the interface underneath."),
			},
			{
				name: "hostname/untagging-is-read",
				place: "hostname.if",
				effect: "meaning",
				summary: msg("ifconfig reads `-tagged` with one argument; the ifconfig of 7.9 takes a wrong number of words."),
			},
			{
				name: "host/forwarding-covers-tunnels",
				place: "host",
				effect: "meaning",
				summary: msg("`DisableForwarding` and `restrict` of sshd cover tunnels too."),
			},
		],
	},
] as const satisfies readonly ReleaseData[];

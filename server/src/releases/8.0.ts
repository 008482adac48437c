import { msg } from "../text/message.ts";
import type { ReleaseData } from "./release-data.ts";

export const release80 = {
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
} as const satisfies ReleaseData;

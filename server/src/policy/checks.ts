/** The checks that ask what pf does to packets: they stand beside those of the host, in one catalogue. */
import type { Host } from "../host/model.ts";
import { carpChecks } from "./checks-carp.ts";
import { dhcpChecks } from "./checks-dhcp.ts";
import { guestRuleChecks } from "./checks-guest-rules.ts";
import { martianChecks } from "./checks-martians.ts";
import { neighbourChecks } from "./checks-neighbours.ts";
import { ownPacketChecks } from "./checks-own-packets.ts";
import { reachPacketChecks } from "./checks-reach.ts";
import { redirectChecks } from "./checks-redirects.ts";
import { sshChecks } from "./checks-ssh.ts";
import { type PacketCheck, type PacketFindings, packetFindings } from "./packet-check.ts";

export const packetChecks = {
	...sshChecks,
	...reachPacketChecks,
	...guestRuleChecks,
	...dhcpChecks,
	...neighbourChecks,
	...redirectChecks,
	...martianChecks,
	...ownPacketChecks,
	...carpChecks,
} satisfies Readonly<Record<string, PacketCheck>>;

export type PacketCode = keyof typeof packetChecks;

/**
 * What pf does to packets that nobody can have meant, in portions; each gives how much work it was.
 *
 * @param earlier what was found before an edit
 */
export function searchPackets(host: Host, earlier?: PacketFindings): Generator<number, PacketFindings, void> {
	return packetFindings(host, packetChecks, earlier);
}

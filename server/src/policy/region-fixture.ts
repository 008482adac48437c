/** Which changes a single packet belongs to, for tests that hold regions of packets against the evaluation of single ones. */
import type { TreatmentChange, TreatmentDifference } from "./difference.ts";
import { holds } from "./intervals.ts";
import { ICMP, ICMP6, type Packet, TCP, UDP } from "./packet.ts";
import { DIM, type Dimension, type PacketClass, type Region } from "./space.ts";

type Told = Pick<TreatmentDifference, "changes" | "space">;

function isOf({ direction, family, protocol }: PacketClass, packet: Packet): boolean {
	const known = [TCP, UDP, packet.family === "inet" ? ICMP : ICMP6].includes(packet.protocol);
	return direction === packet.direction && family === packet.family && (known ? protocol === packet.protocol : protocol === "other");
}

/** Whether a packet is in a region. */
function isIn({ space }: Told, region: Region, packet: Packet): boolean {
	const has = (dimension: Dimension, value: number): boolean => holds(region[dimension], value);
	const tag = space.tag(packet.tag);
	return (
		space.names(DIM.interface, region[DIM.interface]).includes(packet.interface) &&
		has(DIM.protocol, packet.protocol) &&
		has(DIM.source, space.place(packet.source, packet.family)) &&
		has(DIM.destination, space.place(packet.destination, packet.family)) &&
		has(DIM.sourcePort, packet.sourcePort) &&
		has(DIM.destinationPort, packet.destinationPort) &&
		has(DIM.flags, packet.tcpFlags) &&
		has(DIM.icmp, packet.icmpType * 256 + packet.icmpCode) &&
		has(DIM.tag, tag) &&
		(packet.direction === "in" || space.names(DIM.receivedOn, region[DIM.receivedOn]).includes(packet.receivedOn))
	);
}

/** As the space has it: of tags that no rule names one stands for all, and only some protocols have ports. */
export function sortedIn(packet: Packet, { space }: Told): Packet {
	const tagged = space.tag(packet.tag) < 0 ? { ...packet, tag: "" } : packet;
	return [TCP, UDP].includes(packet.protocol) ? tagged : { ...tagged, sourcePort: 0, destinationPort: 0 };
}

/** The changes that have a packet. */
export function changesOf(difference: Told, packet: Packet): readonly TreatmentChange[] {
	return difference.changes.filter(({ packets }) =>
		packets.some(({ packetClass, regions }) => isOf(packetClass, packet) && regions.some((region) => isIn(difference, region, packet))),
	);
}

/** Regions of packets: parts of them put in the place of others, joined, and told by an example. */
import { parseIp } from "../pf/names/address.ts";
import { difference, holds, type Intervals, intersection, pairsOf, single, unionOf } from "./intervals.ts";
import type { Packet } from "./packet.ts";
import { DIM, type Dimension, type EachDimension, OPENING_FLAGS, type PacketClass, type Region, type Space } from "./space.ts";

/** The region with another set in one dimension. */
export function replaced(region: Region, dimension: Dimension, set: Intervals): Region {
	const made: EachDimension<Intervals> = [...region];
	made[dimension] = set;
	return made;
}

/** What is in one of two sets alone. */
export function unlike([x, y]: readonly [Intervals, Intervals]): Intervals {
	return unionOf([...pairsOf(difference(x, y)), ...pairsOf(difference(y, x))]);
}

/** So many regions are joined. */
const MOST_JOINED = 2_000;

/** Regions that differ in one dimension alone become one. */
export function joined(regions: readonly Region[]): readonly Region[] {
	let left = regions;
	for (let count = 0; left.length !== count && left.length <= MOST_JOINED; ) {
		count = left.length;
		for (const dimension of Object.values(DIM)) {
			const alike = new Map<string, Region>();
			for (const region of left) {
				const key = JSON.stringify(replaced(region, dimension, []));
				const known = alike.get(key);
				alike.set(
					key,
					known === undefined ? region : replaced(known, dimension, unionOf([...pairsOf(known[dimension]), ...pairsOf(region[dimension])])),
				);
			}
			left = [...alike.values()];
		}
	}
	return left;
}

/** What is met most: connections that are opened, from ports that programs get. */
const USUAL: readonly (readonly [Dimension, Intervals])[] = [
	[DIM.flags, OPENING_FLAGS],
	[DIM.flags, single(2)],
	[DIM.sourcePort, [49_152, 65_535]],
	[DIM.destinationPort, [1, 65_535]],
	[DIM.tag, single(0)],
];

/** The type of a ping. */
const ECHO: Readonly<Record<PacketClass["family"], number>> = { inet: 8, inet6: 128 };

/** Addresses for documentation stand for any (RFC 5737, RFC 3849). */
const STRANGERS: Readonly<Record<PacketClass["family"], readonly string[]>> = {
	inet: ["198.51.100.7", "203.0.113.7", "10.0.0.7"],
	inet6: ["2001:db8:7::7", "2001:db8:8::8"],
};

/** A packet of a region that is met often. */
export function witnessOf(space: Space, region: Region, packetClass: PacketClass): Packet {
	let made = region;
	for (const [dimension, set] of [...USUAL, [DIM.icmp, single(ECHO[packetClass.family] * 256)] as const]) {
		const common = intersection(made[dimension], set);
		if (common.length > 0) made = replaced(made, dimension, common);
	}
	const packet = space.packet(made, packetClass);
	const strangers = STRANGERS[packet.family].flatMap((text) => parseIp(text)?.address ?? []);
	const likely = (dimension: Dimension, own: Packet["source"], among: typeof strangers) =>
		among.find((one) => holds(region[dimension], space.place(one, packet.family))) ?? own;
	const source = likely(DIM.source, packet.source, strangers);
	const destination = likely(
		DIM.destination,
		packet.destination,
		strangers.filter((one) => one !== source),
	);
	return { ...packet, source, destination };
}

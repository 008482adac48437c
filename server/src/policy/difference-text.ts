/** Regions of packets in the words of pf.conf. */
import { formatIp } from "../pf/names/address.ts";
import { icmpTypeName } from "../pf/names/icmp.ts";
import type { Family, Ip } from "../pf/rules.ts";
import type { TreatmentChange } from "./difference.ts";
import { type Intervals, intersection, pairsOf, difference as without } from "./intervals.ts";
import { isSame } from "./lists.ts";
import { protocolName } from "./services.ts";
import { DIM, type Dimension, type EachDimension, MAKES_STATE, OPENING_FLAGS, type PacketClass, type Region, type Space } from "./space.ts";

/** So many values of one kind are told before the rest of them is counted. */
const MOST_VALUES = 4;

/** What the packets of a change have in common, as terms that may stand in a rule: classes that differ in nothing else are one. */
export function packetTexts({ packets }: Pick<TreatmentChange, "packets">, space: Space): readonly string[] {
	const classes = new Map<string, PacketClass[]>();
	for (const { packetClass, regions } of packets)
		for (const region of regions) {
			const text = regionText(space, packetClass, region);
			const known = classes.get(text);
			if (known === undefined) classes.set(text, [packetClass]);
			else known.push(packetClass);
		}
	return [...classes]
		.map(([text, own]) => [classesText(own), text].filter((one) => one !== "").join(" ") || "all")
		.sort((one, other) => Number(one.endsWith(NO_CONNECTION)) - Number(other.endsWith(NO_CONNECTION)));
}

/** `in inet proto { tcp udp }`; empty for all. */
function classesText(classes: readonly PacketClass[]): string {
	const of = <K extends keyof PacketClass>(key: K): readonly PacketClass[K][] => [...new Set(classes.map((one) => one[key]))];
	const [directions, families, protocols] = [of("direction"), of("family"), of("protocol")];
	const names = protocols.filter((one) => one !== "other").map(protocolName);
	const isAny = protocols.includes("other") && classes.length >= directions.length * families.length * 4;
	const others = protocols.includes("other") ? [...names, "others"] : names;
	return [directions.length === 1 ? directions[0] : "", families.length === 1 ? families[0] : "", isAny ? "" : `proto ${listed(others)}`]
		.filter((one) => one !== "")
		.join(" ");
}

function listed(words: readonly string[]): string {
	if (words.length === 1) return words[0] ?? "";
	const told = words.length > MOST_VALUES ? [...words.slice(0, MOST_VALUES - 1), `… ${words.length - MOST_VALUES + 1}`] : words;
	return `{ ${told.join(" ")} }`;
}

function regionText(space: Space, packetClass: PacketClass, region: Region): string {
	const { family } = packetClass;
	const whole = wholeOf(space, packetClass);
	const words: string[] = [];
	const of = (dimension: Dimension): Intervals | undefined => {
		const set = region[dimension];
		return isSame(set, whole[dimension]) ? undefined : set;
	};
	const interfaces = of(DIM.interface);
	if (interfaces !== undefined) words.push(`on ${listed(space.names(DIM.interface, interfaces))}`);
	const numbers = of(DIM.protocol);
	if (numbers !== undefined)
		words.push(`proto ${rangesText(numbers, whole[DIM.protocol], (number) => protocolName(number).replace("proto ", ""))}`);
	const ends = [
		["from", DIM.source, DIM.sourcePort],
		["to", DIM.destination, DIM.destinationPort],
	] as const;
	for (const [word, dimension, ports] of ends) {
		const [address, port] = [of(dimension), of(ports)];
		if (address === undefined && port === undefined) continue;
		words.push(word, address === undefined ? "any" : addressText(space, address, whole[dimension], family));
		if (port !== undefined) words.push(`port ${rangesText(port, [0, 65_535], String)}`);
	}
	const received = of(DIM.receivedOn);
	if (received !== undefined) words.push(`received-on ${listed(space.names(DIM.receivedOn, received).map((name) => name || "none"))}`);
	const flags = of(DIM.flags);
	if (flags !== undefined) words.push(flagsText(flags));
	const icmp = of(DIM.icmp);
	if (icmp !== undefined) words.push(icmpText(icmp, family));
	const tags = of(DIM.tag);
	if (tags !== undefined) words.push(`tagged ${listed(space.tags(tags).map((tag) => tag || "none"))}`);
	return words.filter((one) => one !== "").join(" ");
}

/** All packets of a class, those of skipped interfaces among them. */
function wholeOf(space: Space, packetClass: PacketClass): Region {
	const region: EachDimension<Intervals> = [...space.whole(packetClass)];
	region[DIM.interface] = space.everyInterface;
	return region;
}

const NO_CONNECTION = "opening no connection";

/** Connections are opened without ACK: whether others are in it as well tells nobody anything. */
function flagsText(flags: Intervals): string {
	const opening = intersection(flags, OPENING_FLAGS);
	if (isSame(opening, OPENING_FLAGS)) return "";
	return opening.length === 0 ? NO_CONNECTION : "with some flags";
}

function rangesText(set: Intervals, all: Intervals, name: (value: number) => string): string {
	const own = pairsOf(set);
	const others = pairsOf(without(all, set));
	const text = ([low, high]: readonly [number, number]): string => (low === high ? name(low) : `${name(low)}:${name(high)}`);
	return others.length < own.length ? `! ${listed(others.map(text))}` : listed(own.map(text));
}

function icmpText(set: Intervals, family: Family): string {
	const opening = MAKES_STATE[family];
	if (isSame(intersection(set, opening), opening)) return "";
	if (intersection(set, opening).length === 0) return NO_CONNECTION;
	const types = pairsOf(set).map(([low, high]) => {
		const [first, last] = [low >> 8, high >> 8];
		const name = (type: number): string => icmpTypeName(type, family) ?? String(type);
		const code = (low & 255) === 0 && (high & 255) === 255 ? "" : ` code ${low & 255}`;
		return first === last ? `${name(first)}${code}` : `${name(first)}:${name(last)}`;
	});
	return `icmp-type ${listed(types)}`;
}

function addressText(space: Space, set: Intervals, all: Intervals, family: Family): string {
	const own = space.ranges(set, family);
	const others = space.ranges(without(all, set), family);
	const text = ([first, last]: readonly [Ip, Ip]): string => rangeText(first, last, family);
	return others.length < own.length ? `! ${listed(others.map(text))}` : listed(own.map(text));
}

/** `10.0.0.0/24` where the range is a network, else its ends. */
function rangeText(first: Ip, last: Ip, family: Family): string {
	const bits = networkBits(first, last, family);
	if (bits === undefined) return `${formatIp(first, family)} - ${formatIp(last, family)}`;
	return bits === (family === "inet" ? 32 : 128) ? formatIp(first, family) : `${formatIp(first, family)}/${bits}`;
}

function networkBits(first: Ip, last: Ip, family: Family): number | undefined {
	const words = family === "inet" ? (["a"] as const) : (["a", "b", "c", "d"] as const);
	let bits = 0;
	let isOver = false;
	for (const word of words) {
		const differing = (first[word] ^ last[word]) >>> 0;
		const own = Math.clz32(differing);
		const rest = own === 32 ? 0 : 0xffffffff >>> own;
		// Below the bits that both have in common all are 0 in the first, 1 in the last address.
		if (isOver ? first[word] !== 0 || last[word] >>> 0 !== 0xffffffff : (first[word] & rest) !== 0 || differing !== rest) return undefined;
		if (!isOver) bits += own;
		if (own < 32) isOver = true;
	}
	return bits;
}

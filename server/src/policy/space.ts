/**
 * The packets that a ruleset can tell apart, as a product of sets of integers. Packets are sorted into classes first
 * (direction, family, kind of protocol), since ports, flags and icmp types exist in some of them only; within a class
 * what a rule asks for is one set in each dimension.
 */
import { masked } from "../pf/names/address.ts";
import { type AddressMatch, type EndpointMatch, type Family, type Ip, isAny, type Rule, type Ruleset, ZERO_IP } from "../pf/rules.ts";
import { printAddress } from "../pf/ruleset/print.ts";
import { numberMatches } from "./criteria.ts";
import { difference, EMPTY, holds, type Intervals, intersection, pairsOf, single, unionOf, where } from "./intervals.ts";
import { EVERY_WORD, ipOfWord, networkSet, wordOf } from "./ipv4-numbers.ts";
import { dynamicOf, type EveryTable, type Interfaces, type Network } from "./network.ts";
import { ICMP, ICMP6, icmpRole, type Packet, TCP, UDP } from "./packet.ts";

/** The dimensions; the numbers index a region. */
export const DIM = {
	interface: 0,
	protocol: 1,
	source: 2,
	destination: 3,
	sourcePort: 4,
	destinationPort: 5,
	flags: 6,
	/** Type times 256 plus code. */
	icmp: 7,
	tag: 8,
	receivedOn: 9,
} as const;
export type Dimension = (typeof DIM)[keyof typeof DIM];

/** A value for each dimension. */
export type EachDimension<T> = [T, T, T, T, T, T, T, T, T, T];

/** The same value for each. */
export function eachDimension<T>(value: T): EachDimension<T> {
	return [value, value, value, value, value, value, value, value, value, value];
}

/** One set for each dimension: the packets whose every value is in its set. */
export type Region = Readonly<EachDimension<Intervals>>;

export interface PacketClass {
	readonly direction: "in" | "out";
	readonly family: Family;
	/** `other` is every protocol but the three of the family. */
	readonly protocol: typeof TCP | typeof UDP | typeof ICMP | typeof ICMP6 | "other";
}

export const CLASSES: readonly PacketClass[] = (["in", "out"] as const).flatMap((direction) =>
	(["inet", "inet6"] as const).flatMap((family) =>
		([TCP, UDP, family === "inet" ? ICMP : ICMP6, "other"] as const).map((protocol) => ({ direction, family, protocol })),
	),
);

/** What a rule asks of the packets of one class. */
export interface Box {
	/** Only the dimensions that it asks about. */
	readonly constraints: readonly { readonly dimension: Dimension; readonly set: Intervals }[];
	/** It also asks for something that is not known: then it matches at most the packets of the box. */
	readonly partial: boolean;
}

/** What a line without conditions matches. */
export const EVERYTHING: Box = { constraints: [], partial: false };

/**
 * The addresses of one family as numbers. Of IPv4 each has one; of IPv6, each number stands for all addresses from one cut
 * point up to the next.
 */
class Addresses {
	readonly #family: Family;
	readonly #known: ReadonlySet<bigint>;
	readonly #starts: bigint[];

	constructor(family: Family, networks: Ranges["ranges"]) {
		this.#family = family;
		const starts = new Set<bigint>([0n]);
		if (family === "inet6") for (const range of networks) for (const start of cutPoints(range)) starts.add(start);
		this.#known = starts;
		this.#starts = [...starts].sort((x, y) => Number(x - y));
	}

	/** Whether a range of IPv6 begins and ends at cut points. */
	knows(range: Ranges["ranges"][number]): boolean {
		return cutPoints(range).every((start) => this.#known.has(start));
	}

	get all(): Intervals {
		return this.#family === "inet" ? EVERY_WORD : [0, this.#starts.length - 1];
	}

	/** The number of the piece that an address is in. */
	index(value: bigint): number {
		if (this.#family === "inet") return wordOf(ipOf(value, "inet"));
		let low = 0;
		let high = this.#starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.#starts[middle] as bigint) <= value) low = middle;
			else high = middle - 1;
		}
		return low;
	}

	/** The first address of a piece. */
	address(index: number): Ip {
		return this.#family === "inet" ? ipOfWord(index) : ipOf(this.#starts[index] as bigint, this.#family);
	}

	/** The last one. */
	last(index: number): Ip {
		if (this.#family === "inet") return this.address(index);
		return ipOf((this.#starts[index + 1] ?? 1n << 128n) - 1n, this.#family);
	}
}

/** Of IPv6. */
function cutPoints([first, last]: Ranges["ranges"][number]): readonly bigint[] {
	return last + 1n < 1n << 128n ? [first, last + 1n] : [first];
}

/** An address as one number. */
export function numberOf(ip: Ip, family: Family): bigint {
	const word = (part: number) => BigInt(part >>> 0);
	return family === "inet" ? word(ip.a) : (word(ip.a) << 96n) | (word(ip.b) << 64n) | (word(ip.c) << 32n) | word(ip.d);
}

/** The address of a number. */
export function ipOf(value: bigint, family: Family): Ip {
	const word = (shift: bigint) => Number(BigInt.asIntN(32, value >> shift));
	return family === "inet" ? { ...ZERO_IP, a: word(0n) } : { a: word(96n), b: word(64n), c: word(32n), d: word(0n) };
}

/** The first and the last address of a network. */
export function endsOfNetwork(address: Ip, bits: number, family: Family): readonly [bigint, bigint] {
	const width = family === "inet" ? 32 : 128;
	const first = numberOf(masked(address, bits), family);
	return [first, first + (1n << BigInt(Math.max(width - bits, 0))) - 1n];
}

/** What the sets of a ruleset's rules are made from. */
export interface SpaceContext {
	readonly ruleset: Ruleset;
	readonly interfaces: Interfaces;
	readonly tables: EveryTable;
	/** All interfaces that packets are supposed to cross. */
	readonly names: readonly string[];
}

/** A rule, and the path of the anchor that it stands in. */
export interface PlacedRule {
	readonly rule: Rule;
	readonly path: string;
}

/** The numbers that stand for addresses and tags. */
interface Places {
	readonly addresses: Readonly<Record<Family, Addresses>>;
	readonly tags: readonly string[];
}

/** A ruleset's surroundings, and its rules. */
export type SpaceOf = readonly [around: SpaceContext, rules: Iterable<PlacedRule>];

function placesOf(all: readonly SpaceOf[]): Places {
	const cuts: Ranges["ranges"][number][] = [];
	const tags = new Set([""]);
	for (const [around, rules] of all) {
		for (const placed of rules) {
			for (const tag of [placed.rule.tag, placed.rule.tagged]) tags.add(tag);
			cuts.push(...rangesIn(around, placed));
		}
	}
	return { addresses: { inet: new Addresses("inet", []), inet6: new Addresses("inet6", cuts) }, tags: [...tags] };
}

/** The spaces of several rulesets, in which the same number means the same. */
export function spacesOf(all: readonly SpaceOf[]): readonly Space[] {
	const places = placesOf(all);
	return all.map(([around, rules]) => new Space(around, rules, places));
}

/** The box of a rule for one class, and those for others: most rules are for one or two. */
interface KnownBox {
	readonly packetClass: PacketClass;
	readonly box: Box | undefined;
	readonly others: KnownBox | undefined;
}

/** The space of one ruleset. Every address, tag and interface that its rules name has a place in it. */
export class Space {
	readonly #around: SpaceContext;
	readonly #addresses: Readonly<Record<Family, Addresses>>;
	readonly #tags: readonly string[];
	/** Where packets made by the host come from; after the interfaces. */
	readonly #receivers: readonly string[];
	readonly #flagSets = new Map<number, Intervals>();
	readonly #ends = new Map<string, Intervals | "unknown">();
	readonly #named = new Map<string, { readonly set: Intervals; readonly isPartial: boolean }>();
	/** What was asked for already: by the path of an anchor, by rule. */
	readonly #boxes = new Map<string, WeakMap<Rule, KnownBox>>();

	constructor(around: SpaceContext, rules: Iterable<PlacedRule>, { addresses, tags }: Places = placesOf([[around, rules]])) {
		this.#around = around;
		this.#addresses = addresses;
		this.#tags = tags;
		this.#receivers = [...around.names, ""];
	}

	/** Whether everything that other rules of the same surroundings name has a place here. */
	covers(rules: Iterable<PlacedRule>): boolean {
		for (const { rule, path } of rules) {
			if (this.#boxes.get(path)?.has(rule) === true) continue;
			if (!this.#tags.includes(rule.tag) || !this.#tags.includes(rule.tagged)) return false;
			if (!rangesIn(this.#around, { rule, path }).every((range) => this.#addresses.inet6.knows(range))) return false;
		}
		return true;
	}

	/** All packets of a class. */
	whole({ direction, family, protocol }: PacketClass): Region {
		const { names, ruleset, interfaces } = this.#around;
		const skipped = (name: string) => ruleset.options.skip.some((skip) => interfaces.matches(skip, name) === true);
		const region = eachDimension<Intervals>(single(0));
		region[DIM.interface] = where(0, names.length - 1, (index) => !skipped(names[index] as string));
		if (protocol === "other") {
			region[DIM.protocol] = where(0, 255, (number) => ![TCP, UDP, ICMP, ICMP6].includes(number));
		} else region[DIM.protocol] = single(protocol);
		region[DIM.source] = this.#addresses[family].all;
		region[DIM.destination] = this.#addresses[family].all;
		if (protocol === TCP || protocol === UDP) {
			region[DIM.sourcePort] = [0, 65535];
			region[DIM.destinationPort] = [0, 65535];
		}
		if (protocol === TCP) region[DIM.flags] = [0, 255];
		if (protocol === ICMP || protocol === ICMP6) region[DIM.icmp] = [0, 65535];
		region[DIM.tag] = [0, this.#tags.length - 1];
		if (direction === "out") region[DIM.receivedOn] = [0, this.#receivers.length - 1];
		return region;
	}

	/** What a rule matches among the packets of a class; undefined for none. `path` is that of its anchor. */
	box(rule: Rule, path: string, packetClass: PacketClass): Box | undefined {
		// Most rules are for few classes: nothing is kept for the others.
		if (!isFor(rule, packetClass)) return undefined;
		let boxes = this.#boxes.get(path);
		if (boxes === undefined) {
			boxes = new WeakMap();
			this.#boxes.set(path, boxes);
		}
		const known = boxes.get(rule);
		for (let one = known; one !== undefined; one = one.others) if (one.packetClass === packetClass) return one.box;
		const box = this.#box(rule, path, packetClass);
		boxes.set(rule, { packetClass, box, others: known });
		return box;
	}

	#box(rule: Rule, path: string, { direction, family, protocol }: PacketClass): Box | undefined {
		const constraints: { readonly dimension: Dimension; set: Intervals }[] = [];
		let partial = false;
		let empty = false;
		const ask = (dimension: Dimension, set: Intervals): void => {
			const known = constraints.find((one) => one.dimension === dimension);
			if (known === undefined) constraints.push({ dimension, set });
			else known.set = intersection(known.set, set);
			if ((known?.set ?? set).length === 0) empty = true;
		};
		// Fragments are put together before the rules are asked, unless that is switched off; they are no packets of a class.
		if (rule.fragment && this.#around.ruleset.options.reassemble) return undefined;
		if (rule.protocol !== 0 && protocol === "other") ask(DIM.protocol, single(rule.protocol));
		if (rule.rdomain >= 0 || rule.tos !== 0 || rule.prio >= 0 || rule.probability !== 0 || rule.maxPacketRate !== undefined) partial = true;
		if (rule.limiters.length > 0) partial = true;
		if (rule.fragment) partial = true;
		const named = (dimension: Dimension, list: readonly string[], name: string, negated: boolean): void => {
			const { set, isPartial } = this.#interfaces(list, name, negated);
			if (isPartial) partial = true;
			ask(dimension, set);
		};
		// Addresses come first: they tell two rules apart most often.
		const asks = (dimension: Dimension, end: EndpointMatch): void => {
			const set = this.#end(end, family, path);
			if (set === "unknown") partial = true;
			else if (set !== undefined) ask(dimension, set);
		};
		asks(DIM.source, rule.source);
		asks(DIM.destination, rule.destination);
		if (rule.interface !== "") named(DIM.interface, this.#around.names, rule.interface, rule.interfaceNegated);
		if (rule.receivedOn !== "") {
			if (direction === "in") named(DIM.interface, this.#around.names, rule.receivedOn, rule.receivedOnNegated);
			else named(DIM.receivedOn, this.#receivers, rule.receivedOn, rule.receivedOnNegated);
		}
		if (protocol === TCP || protocol === UDP) {
			if (rule.source.port !== undefined) ask(DIM.sourcePort, portSet(rule.source.port));
			if (rule.destination.port !== undefined) ask(DIM.destinationPort, portSet(rule.destination.port));
			if (rule.user !== undefined || rule.group !== undefined) partial = true;
		}
		if (protocol === TCP) {
			if (rule.flagSet !== 0) ask(DIM.flags, this.#flagsOf(rule.flags, rule.flagSet));
			if (rule.os !== "") partial = true;
		}
		if (protocol === ICMP || protocol === ICMP6) {
			if (rule.icmpType >= 0) ask(DIM.icmp, [rule.icmpType * 256, rule.icmpType * 256 + 255]);
			if (rule.icmpCode >= 0)
				ask(
					DIM.icmp,
					Array.from({ length: 256 }, (_, type) => type * 256 + rule.icmpCode).flatMap((one) => [one, one]),
				);
			if (rule.state !== "none" && !rule.stateOptions.sloppy) ask(DIM.icmp, MAKES_STATE[family]);
		}
		if (rule.tagged !== "") {
			const own = single(this.tag(rule.tagged));
			ask(DIM.tag, rule.taggedNegated ? difference([0, this.#tags.length - 1], own) : own);
		}
		if (empty) return undefined;
		return { constraints, partial };
	}

	/** The TCP flags of which some are set as they should be. */
	#flagsOf(wanted: number, among: number): Intervals {
		const key = (among << 8) | wanted;
		const known = this.#flagSets.get(key) ?? where(0, 255, (flags) => (flags & among) === wanted);
		this.#flagSets.set(key, known);
		return known;
	}

	/** Which interfaces of a list a name stands for, and whether some of them only perhaps. */
	#interfaces(list: readonly string[], name: string, negated: boolean): { readonly set: Intervals; readonly isPartial: boolean } {
		const key = `${list === this.#receivers} ${negated} ${name}`;
		const known = this.#named.get(key) ?? this.#asked(list, name, negated);
		this.#named.set(key, known);
		return known;
	}

	#asked(list: readonly string[], name: string, negated: boolean): { readonly set: Intervals; readonly isPartial: boolean } {
		const answers = list.map((one) => (one === "" ? false : this.#around.interfaces.matches(name, one)));
		return { set: where(0, list.length - 1, (index) => answers[index] !== negated), isPartial: answers.includes(undefined) };
	}

	tag(name: string): number {
		return this.#tags.indexOf(name);
	}

	/** The place of an address in its dimension; the address itself must be among those that rules name. */
	place(ip: Ip, family: Family): number {
		return family === "inet" ? wordOf(ip) : this.#addresses[family].index(numberOf(ip, family));
	}

	/** A packet of the region. */
	packet(region: Region, { direction, family, protocol }: PacketClass): Packet {
		const value = (dimension: Dimension): number => region[dimension][0] as number;
		const name = this.#around.names[value(DIM.interface)] as string;
		const icmp = protocol === ICMP || protocol === ICMP6;
		return {
			direction,
			interface: name,
			family,
			protocol: value(DIM.protocol),
			source: this.#addresses[family].address(value(DIM.source)),
			destination: this.#addresses[family].address(value(DIM.destination)),
			sourcePort: value(DIM.sourcePort),
			destinationPort: value(DIM.destinationPort),
			tcpFlags: value(DIM.flags),
			icmpType: icmp ? value(DIM.icmp) >> 8 : 0,
			icmpCode: icmp ? value(DIM.icmp) & 255 : 0,
			tag: this.#tags[value(DIM.tag)] as string,
			receivedOn: direction === "in" ? name : (this.#receivers[value(DIM.receivedOn)] as string),
		};
	}

	/** The interfaces that packets are supposed to cross, skipped ones among them. */
	get everyInterface(): Intervals {
		return [0, this.#around.names.length - 1];
	}

	/** The names of interfaces, or of those that a packet was received on: empty for one that the host has made. */
	names(dimension: typeof DIM.interface | typeof DIM.receivedOn, set: Intervals): readonly string[] {
		const list = dimension === DIM.interface ? this.#around.names : this.#receivers;
		return list.filter((_, index) => holds(set, index));
	}

	tags(set: Intervals): readonly string[] {
		return this.#tags.filter((_, index) => holds(set, index));
	}

	/** The ranges of addresses that a set of places stands for. */
	ranges(set: Intervals, family: Family): readonly (readonly [first: Ip, last: Ip])[] {
		return pairsOf(set).map(([low, high]) => [this.#addresses[family].address(low), this.#addresses[family].last(high)] as const);
	}

	/** The addresses of an end; undefined where all are meant. */
	#end({ address, negated }: EndpointMatch, family: Family, path: string): Intervals | "unknown" | undefined {
		if (isAny(address)) return negated ? EMPTY : undefined;
		// Most ends are one network: of IPv4 it is a range of numbers.
		if (address.kind === "network" && family === "inet" && !negated) return networkSet(address.address, address.bits);
		const key = `${family} ${negated} ${path} ${printAddress(address, family)}`;
		const known = this.#ends.get(key) ?? this.#set(address, negated, family, path);
		this.#ends.set(key, known);
		return known;
	}

	#set(address: AddressMatch, negated: boolean, family: Family, path: string): Intervals | "unknown" {
		const networks = networksOf(this.#around, address, family, path);
		if (networks === undefined || networks.partial) return "unknown";
		const own = this.#paint(networks, family);
		return negated ? difference(this.#addresses[family].all, own) : own;
	}

	/** The set of entries of which the more specific one counts. */
	#paint({ ranges }: Ranges, family: Family): Intervals {
		const pieces = this.#addresses[family];
		if (ranges.every(([, , negated]) => !negated))
			return unionOf(ranges.map(([first, last]) => [pieces.index(first), pieces.index(last)] as const));
		let set: Intervals = EMPTY;
		// The ranges come with the widest first.
		for (const [first, last, negated] of ranges) {
			const own = [pieces.index(first), pieces.index(last)] as const;
			set = negated ? difference(set, own) : unionOf([...pairsOf(set), own]);
		}
		return set;
	}
}

/** The ranges of addresses of IPv6 that a rule names. */
function rangesIn(around: SpaceContext, { rule, path }: PlacedRule): Ranges["ranges"] {
	if (rule.family === "inet") return [];
	return [rule.source.address, rule.destination.address, rule.nat?.address, rule.rdr?.address].flatMap(
		(address) => (address && networksOf(around, address, "inet6", path)?.ranges) ?? [],
	);
}

function networksOf(
	around: Pick<SpaceContext, "tables" | "interfaces">,
	address: AddressMatch,
	family: Family,
	path: string,
): Ranges | undefined {
	const { tables, interfaces } = around;
	switch (address.kind) {
		case "network":
			return { ranges: [[...endsOfNetwork(address.address, address.bits, family), false]], partial: false };
		case "range":
			return { ranges: [[numberOf(address.first, family), numberOf(address.last, family), false]], partial: false };
		case "table": {
			const { set, incomplete } = tables(path, address.name);
			return rangesOf(set.networks, family, incomplete);
		}
		case "dynamic": {
			const networks = interfaces.addresses(address);
			return networks && rangesOf(networks, family, false);
		}
		case "unresolved": {
			const dynamic = dynamicOf(address.name);
			return dynamic && networksOf(around, dynamic, family, path);
		}
		default:
			return undefined;
	}
}

/** Whether a rule can match packets of a class, by what both say in so many words. */
function isFor(rule: Rule, { direction, family, protocol }: PacketClass): boolean {
	return (
		(rule.direction === undefined || rule.direction === direction) &&
		(rule.family === undefined || rule.family === family) &&
		(rule.protocol === 0 || (protocol === "other" ? rule.protocol !== TCP && rule.protocol !== UDP : rule.protocol === protocol))
	);
}

interface Ranges {
	readonly ranges: readonly (readonly [first: bigint, last: bigint, negated: boolean])[];
	/** There may be more. */
	readonly partial: boolean;
}

function rangesOf(networks: readonly Network[], family: Family, partial: boolean): Ranges {
	const own = networks.filter((network) => network.family === family).sort((x, y) => x.bits - y.bits);
	return { ranges: own.map(({ address, bits, negated }) => [...endsOfNetwork(address, bits, family), negated]), partial };
}

/** The ports that a comparison takes. */
export function portSet({ op, low, high }: NonNullable<EndpointMatch["port"]>): Intervals {
	const clip = (from: number, to: number): Intervals => (from > to ? EMPTY : [from, to]);
	switch (op) {
		case "=":
			return single(low);
		case ":":
			return clip(low, high);
		default:
			return where(0, 65535, (value) => numberMatches({ op, low, high }, value));
	}
}

/** A connection's first packet has SYN, without ACK, RST and FIN. */
export const OPENING_FLAGS: Intervals = where(0, 255, (flags) => (flags & 0x17) === 0x02);

function typesThatMakeState(family: Family): Intervals {
	const types = where(0, 255, (icmpType) => {
		const role = icmpRole({ protocol: ICMP, family, icmpType });
		return role === undefined || role.ofAnotherState || !role.answer;
	});
	return types.map((type, index) => type * 256 + (index % 2) * 255);
}

/** The icmp types that a rule which keeps state matches: all but answers to a query. */
export const MAKES_STATE: Readonly<Record<Family, Intervals>> = { inet: typesThatMakeState("inet"), inet6: typesThatMakeState("inet6") };

/**
 * Whether any packet of some kind gets past pf at one place of a host: decided for all of them at once, by the sets of
 * packets that the search for dead rules works on, not by samples.
 */
import { BLANK_RULE, type Ip, type Rule, type Ruleset } from "../pf/rules.ts";
import { decide } from "./decide.ts";
import { createEvaluator, type Evaluator } from "./evaluate.ts";
import { type Intervals, intersection } from "./intervals.ts";
import { interfacesOf, type KnownInterface, lastingTablesOf } from "./network.ts";
import type { Packet } from "./packet.ts";
import { type Line, type Program, programOf } from "./program.ts";
import { type Box, CLASSES, DIM, type Dimension, OPENING_FLAGS, type PacketClass, type Region, Space } from "./space.ts";
import { chooseAddress } from "./translate.ts";
import { type View, viewOf } from "./view.ts";

/** Where pf looks at a packet. */
export interface Spot {
	readonly interface: string;
	readonly direction: "in" | "out";
}

/** Packets of one family and protocol that open something; a set that is left out holds everything. */
export interface Traffic {
	readonly family: PacketClass["family"];
	readonly protocol: PacketClass["protocol"];
	/** Sets of IPv4 addresses. */
	readonly source?: Intervals;
	readonly destination?: Intervals;
	readonly sourcePort?: Intervals;
	readonly destinationPort?: Intervals;
	/** Types. */
	readonly icmp?: Intervals;
	/** Only what a rule matches: all of it, or what it asks of some dimensions. */
	readonly within?: { readonly rule: Rule; readonly dimensions?: readonly Dimension[] };
}

/** A rule that surely decides on some packet, or may. */
export interface Deciding {
	readonly certain: boolean;
	/** Undefined where no rule matches and pf passes by default. */
	readonly rule: Rule | undefined;
	/** One that it surely decides on. */
	readonly packet?: Packet;
}

export interface Passages {
	/** The rules by which packets get past, each once, in the order of evaluation; found one by one as they are asked for. */
	passing(spot: Spot, traffic: Traffic): Generator<Deciding>;
	/** Whether any packet may get past: what is not known counts for it. */
	admits(spot: Spot, ...traffic: readonly Traffic[]): boolean;
	/** Whether any packet may be stopped: what is not known counts for it. */
	blocks(spot: Spot, traffic: Traffic): boolean;
	/** Whether there are such packets. */
	reaches(spot: Spot, traffic: Traffic): boolean;
	/** What decides on one of the packets; undefined for the default. */
	decider(spot: Spot, traffic: Traffic): Rule | undefined;
	readonly evaluator: Evaluator;
	/** The work that was done: pieces and lines that were looked at. */
	readonly work: { pieces: number };
}

/** What pf does with packets that no rule matches. */
const DEFAULT: Rule = { ...BLANK_RULE, action: "pass" };

/** @param extra names of interfaces that packets may cross beside those that are known */
export function passagesOf(ruleset: Ruleset, interfaces: readonly KnownInterface[], extra: readonly string[] = []): Passages {
	const whole: Ruleset = { ...ruleset, main: { ...ruleset.main, rules: [DEFAULT, ...ruleset.main.rules] } };
	const program = programOf(whole);
	const network = interfacesOf(interfaces);
	const tables = lastingTablesOf(ruleset, new Set(program.lines.flatMap(({ rule }) => rule.stateOptions.overload?.table ?? [])));
	const names = [...new Set([...interfaces.map(({ name }) => name), ...extra])];
	const space = new Space({ ruleset: whole, interfaces: network, tables, names }, program.lines);
	const views = new Map<PacketClass, View>();
	const work = { pieces: 0 };
	let evaluator: Evaluator | undefined;
	const viewFor = (packetClass: PacketClass): View => {
		const known = views.get(packetClass);
		if (known !== undefined) return known;
		work.pieces += program.lines.length / 4;
		const made = viewOf(program, space, packetClass, (rule, path, family) =>
			chooseAddress(rule, family, { interfaces: network, tables, path }),
		);
		views.set(packetClass, made);
		return made;
	};
	/** What a rule matches, of packets in its own direction. */
	const boxOf = (rule: Rule, { direction, family, protocol }: PacketClass): Box | undefined => {
		const own = classOf(rule.direction ?? direction, family, protocol);
		return own && viewFor(own).boxes[program.lines.findIndex((line) => line.rule === rule)];
	};
	const skips = (name: string): boolean => ruleset.options.skip.some((skip) => network.matches(skip, name) === true);
	const regionOf = ({ interface: name, direction }: Spot, traffic: Traffic): { view: View; region: Region } | undefined => {
		const packetClass = classOf(direction, traffic.family, traffic.protocol);
		if (packetClass === undefined) return undefined;
		const view = viewFor(packetClass);
		const region = [...view.whole];
		const only = (dimension: Dimension, set: Intervals | undefined): void => {
			if (set !== undefined) region[dimension] = intersection(region[dimension] ?? [], set);
		};
		const index = names.indexOf(name);
		only(DIM.interface, index < 0 ? [] : [index, index]);
		if (traffic.family === "inet") {
			only(DIM.source, traffic.source);
			only(DIM.destination, traffic.destination);
		}
		only(DIM.sourcePort, traffic.sourcePort);
		only(DIM.destinationPort, traffic.destinationPort);
		if (packetClass.protocol === 6) only(DIM.flags, OPENING_FLAGS);
		const { within } = traffic;
		if (within !== undefined) {
			const box = boxOf(within.rule, packetClass);
			if (box === undefined) return undefined;
			for (const { dimension, set } of box.constraints) if (within.dimensions?.includes(dimension) !== false) only(dimension, set);
		}
		only(
			DIM.icmp,
			traffic.icmp?.map((type, at) => type * 256 + (at % 2) * 255),
		);
		return region.some((set) => set.length === 0) ? undefined : { view, region };
	};
	function* deciding(spot: Spot, traffic: Traffic, action: "pass" | "block"): Generator<Deciding> {
		const found = regionOf(spot, traffic);
		if (found === undefined) return;
		if (!program.complete) {
			yield { certain: false, rule: undefined };
			return;
		}
		const { view, region } = found;
		const inside: View = { ...view, whole: region };
		for (const [index, line] of program.lines.entries()) {
			if (line.kind !== "rule" || line.rule.action !== action || !mayMatch(program, inside, index)) continue;
			const finding = decide([index], [inside], program, space, work);
			const rule = line.rule === DEFAULT ? undefined : line.rule;
			if (finding.kind === "live") yield { certain: true, rule, packet: finding.witness };
			else if (finding.kind === "undecided") yield { certain: false, rule };
		}
	}
	function* passing(spot: Spot, traffic: Traffic): Generator<Deciding> {
		if (skips(spot.interface)) yield { certain: true, rule: undefined };
		else yield* deciding(spot, traffic, "pass");
	}
	const explained = (): Evaluator => {
		evaluator ??= createEvaluator(ruleset, interfaces);
		return evaluator;
	};
	const admitted = new Map<string, boolean>();
	const admits = (spot: Spot, traffic: Traffic): boolean => {
		if (traffic.within !== undefined) return passing(spot, traffic).next().done !== true;
		const key = `${spot.direction} ${spot.interface} ${JSON.stringify(traffic)}`;
		const known = admitted.get(key) ?? passing(spot, traffic).next().done !== true;
		admitted.set(key, known);
		return known;
	};
	return {
		passing,
		admits: (spot, ...traffic) => traffic.some((one) => admits(spot, one)),
		reaches: (spot, traffic) => regionOf(spot, traffic) !== undefined,
		blocks: (spot, traffic) => !skips(spot.interface) && deciding(spot, traffic, "block").next().done !== true,
		decider: (spot, traffic) => {
			const found = regionOf(spot, traffic);
			if (found === undefined) return undefined;
			return explained().evaluate(space.packet(found.region, found.view.packetClass))[0]?.rule;
		},
		get evaluator() {
			return explained();
		},
		work,
	};
}

function classOf(
	direction: PacketClass["direction"],
	family: PacketClass["family"],
	protocol: PacketClass["protocol"],
): PacketClass | undefined {
	return CLASSES.find((one) => one.direction === direction && one.family === family && one.protocol === protocol);
}

/** Whether the box of a line, and those of the calls that lead to it, have anything of the region that no rule changes on the way. */
function mayMatch({ lines }: Program, { boxes, whole, firstChange }: View, index: number): boolean {
	for (let at = index; at >= 0; at = (lines[at] as Line).call) {
		const box = boxes[at];
		if (box === undefined) return false;
		for (const { dimension, set } of box.constraints)
			if ((firstChange[dimension] ?? at) >= at && intersection(whole[dimension] ?? [], set).length === 0) return false;
	}
	return true;
}

/** An IPv4 address as a number. */
export function wordOf({ a }: Ip): number {
	return a >>> 0;
}

/** The addresses of an IPv4 network. */
export function networkSet({ a }: Ip, bits: number): Intervals {
	const size = 2 ** (32 - bits);
	const first = Math.floor((a >>> 0) / size) * size;
	return [first, first + size - 1];
}

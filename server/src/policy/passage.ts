/**
 * Whether any packet of some kind gets past pf at one place of a host: decided for all of them at once, by the sets of
 * packets that the search for dead rules works on, not by samples.
 */
import { type Anchor, BLANK_RULE, type Ip, type Rule, type Ruleset } from "../pf/rules.ts";
import { decide } from "./decide.ts";
import { createEvaluator, type Evaluator } from "./evaluate.ts";
import { type Intervals, intersection } from "./intervals.ts";
import { isSame } from "./lists.ts";
import { type Interfaces, interfacesOf, type KnownInterface, lastingTablesOf } from "./network.ts";
import { type Packet, TCP } from "./packet.ts";
import { type Program, type ProgramLine, programOf } from "./program.ts";
import {
	type Box,
	CLASSES,
	DIM,
	type Dimension,
	type EachDimension,
	OPENING_FLAGS,
	type PacketClass,
	type Region,
	Space,
} from "./space.ts";
import { chooseAddress } from "./translate.ts";
import { type View, viewOf } from "./view.ts";

/** Where pf filters a packet. */
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
	/** The same value for as long as nothing that the answers about a place depend on has changed. */
	version(spot: Spot): object;
	/** The work that was done: pieces and lines that were looked at. */
	readonly work: { pieces: number };
	/** What answers can be taken from for rules after an edit. */
	readonly kept: Kept;
}

/** What is the same after an edit for each place whose rules are. */
interface Kept {
	readonly space: Space;
	/** All that answers depend on beside the rules. */
	readonly around: readonly unknown[];
	readonly places: ReadonlyMap<string, PlaceRules>;
}

/** What pf does with packets that no rule matches. */
const DEFAULT: Rule = { ...BLANK_RULE };

/** The rules that packets of one place can match, as one list. */
interface PlaceRules {
	readonly ruleset: Ruleset;
	readonly program: Program;
	readonly views: Map<PacketClass, View>;
	/** What was found already, by the packets that were asked about. */
	readonly admitted: Map<string, boolean>;
}

/** Packets of one class at one place. */
interface Asked {
	readonly rules: PlaceRules;
	readonly view: View;
	readonly region: Region;
	readonly key: string;
}

/**
 * @param interfaces undefined where none is known: then those that rules name are supposed
 * @param extra names of interfaces that packets may cross beside those that are known
 * @param earlier what was found before an edit: places whose rules are the same are not looked into again
 */
export function passagesOf(
	ruleset: Ruleset,
	interfaces: readonly KnownInterface[] | undefined,
	extra: readonly string[] = [],
	earlier?: Pick<Passages, "kept">,
): Passages {
	const whole: Ruleset = { ...ruleset, main: { ...ruleset.main, rules: [DEFAULT, ...ruleset.main.rules] } };
	const all = [whole.main, ...ruleset.anchors.values()].flatMap(({ path, rules }) => rules.map((rule) => ({ rule, path })));
	const network = interfacesOf(interfaces);
	const tables = lastingTablesOf(ruleset, new Set(all.flatMap(({ rule }) => rule.stateOptions.overload?.table ?? [])));
	const names = [...new Set([...(interfaces ?? []).map(({ name }) => name), ...extra])];
	const around = [
		JSON.stringify([interfaces, names, ruleset.options.skip]),
		...[whole.main, ...ruleset.anchors.values()].flatMap((anchor) => anchor.tables),
	];
	const same = earlier !== undefined && isSame(earlier.kept.around, around) && earlier.kept.space.covers(all) ? earlier.kept : undefined;
	const space = same?.space ?? new Space({ ruleset: whole, interfaces: network, tables, names }, all);
	const paths = new Map(all.map(({ rule, path }) => [rule, path]));
	const places = new Map<string, PlaceRules>();
	const work = { pieces: 0 };
	let evaluator: Evaluator | undefined;
	const placeOf = (spot: Spot): PlaceRules => {
		const key = `${spot.direction} ${spot.interface}`;
		const known = places.get(key);
		if (known !== undefined) return known;
		work.pieces += all.length / 16;
		const own = rulesAt(whole, spot, network);
		const before = same?.places.get(key);
		const made =
			before !== undefined && sameRules(before.ruleset, own)
				? before
				: { ruleset: own, program: programOf(own), views: new Map<PacketClass, View>(), admitted: new Map<string, boolean>() };
		places.set(key, made);
		return made;
	};
	const viewAt = ({ program, views }: PlaceRules, packetClass: PacketClass): View => {
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
		return own && space.box(rule, paths.get(rule) ?? "", own);
	};
	const skips = (name: string): boolean => ruleset.options.skip.some((skip) => network.matches(skip, name) === true);
	const askedOf = (spot: Spot, traffic: Traffic): Asked | undefined => {
		const packetClass = classOf(spot.direction, traffic.family, traffic.protocol);
		const index = names.indexOf(spot.interface);
		if (packetClass === undefined) return undefined;
		const rules = placeOf(spot);
		const view = viewAt(rules, packetClass);
		const region: EachDimension<Intervals> = [...view.whole];
		const only = (dimension: Dimension, set: Intervals | undefined): void => {
			if (set !== undefined) region[dimension] = intersection(region[dimension], set);
		};
		only(DIM.interface, [index, index]);
		if (traffic.family === "inet") {
			only(DIM.source, traffic.source);
			only(DIM.destination, traffic.destination);
		}
		only(DIM.sourcePort, traffic.sourcePort);
		only(DIM.destinationPort, traffic.destinationPort);
		if (traffic.protocol === TCP) only(DIM.flags, OPENING_FLAGS);
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
		if (region.some((set) => set.length === 0)) return undefined;
		return { rules, view, region, key: `${traffic.family} ${traffic.protocol} ${region.join(";")}` };
	};
	function* deciding({ rules: { program }, view, region }: Asked, action: "pass" | "block"): Generator<Deciding> {
		if (!program.complete) {
			yield { certain: false, rule: undefined };
			return;
		}
		const inside: View = { ...view, whole: region };
		const cover = lastCover(program, inside);
		// The rules at the end decide most often, and have the fewest behind them.
		for (let index = program.lines.length - 1; index >= 0; index--) {
			const line = program.lines[index] as ProgramLine;
			work.pieces += 1 / 16;
			if (
				line.kind !== "rule" ||
				line.rule.action !== action ||
				(index < cover && line.final === "no") ||
				!mayMatch(program, inside, index)
			)
				continue;
			const meter = { pieces: 0 };
			const finding = decide([index], [inside], program, space, meter);
			work.pieces += meter.pieces;
			const rule = line.rule === DEFAULT ? undefined : line.rule;
			if (finding.kind === "live") yield { certain: true, rule, packet: finding.witness };
			else if (finding.kind === "undecided") yield { certain: false, rule };
		}
	}
	function* passing(spot: Spot, traffic: Traffic): Generator<Deciding> {
		const asked = askedOf(spot, traffic);
		if (skips(spot.interface)) yield { certain: true, rule: undefined };
		else if (asked !== undefined) yield* deciding(asked, "pass");
	}
	const admits = (spot: Spot, traffic: Traffic): boolean => {
		if (skips(spot.interface)) return true;
		const asked = askedOf(spot, traffic);
		if (asked === undefined) return false;
		const { admitted } = asked.rules;
		const known = admitted.get(asked.key) ?? deciding(asked, "pass").next().done !== true;
		admitted.set(asked.key, known);
		return known;
	};
	const explained = (): Evaluator => {
		evaluator ??= createEvaluator(ruleset, interfaces);
		return evaluator;
	};
	return {
		passing,
		admits: (spot, ...traffic) => traffic.some((one) => admits(spot, one)),
		reaches: (spot, traffic) => askedOf(spot, traffic) !== undefined,
		blocks: (spot, traffic) => {
			const asked = skips(spot.interface) ? undefined : askedOf(spot, traffic);
			return asked !== undefined && deciding(asked, "block").next().done !== true;
		},
		decider: (spot, traffic) => {
			const asked = askedOf(spot, traffic);
			if (asked === undefined) return undefined;
			return explained().evaluate(space.packet(asked.region, asked.view.packetClass))[0].rule;
		},
		get evaluator() {
			return explained();
		},
		version: placeOf,
		work,
		kept: { space, around, places },
	};
}

function sameRules(x: Ruleset, y: Ruleset): boolean {
	if (x.anchors.size !== y.anchors.size || !isSame(x.main.rules, y.main.rules)) return false;
	for (const [path, { rules }] of x.anchors) if (!isSame(rules, y.anchors.get(path)?.rules ?? [])) return false;
	return true;
}

/** The rules of one list that name the same interface, with their places in the list. */
interface SameInterface {
	readonly name: string;
	readonly negated: boolean;
	readonly rules: { readonly rule: Rule; readonly at: number }[];
}

const byInterface = new WeakMap<readonly Rule[], readonly SameInterface[]>();

function groupsOf(rules: readonly Rule[]): readonly SameInterface[] {
	const known = byInterface.get(rules);
	if (known !== undefined) return known;
	const groups = new Map<string, SameInterface>();
	for (const [at, rule] of rules.entries()) {
		const key = `${rule.interfaceNegated} ${rule.interface}`;
		const group = groups.get(key) ?? { name: rule.interface, negated: rule.interfaceNegated, rules: [] };
		group.rules.push({ rule, at });
		groups.set(key, group);
	}
	const made = [...groups.values()];
	byInterface.set(rules, made);
	return made;
}

/** The rules that packets of a place may match: most are about other interfaces, or the other direction. */
function rulesAt(ruleset: Ruleset, { interface: name, direction }: Spot, network: Interfaces): Ruleset {
	const at = (anchor: Anchor): Anchor => {
		const groups = groupsOf(anchor.rules).filter((one) => one.name === "" || network.matches(one.name, name) !== one.negated);
		const own = groups.flatMap(({ rules }) => rules.filter(({ rule }) => rule.direction === undefined || rule.direction === direction));
		return { ...anchor, rules: own.sort((x, y) => x.at - y.at).map(({ rule }) => rule) };
	};
	const anchors = [...ruleset.anchors].map(([path, anchor]) => [path, at(anchor)] as const);
	return { ...ruleset, main: at(ruleset.main), anchors: new Map(anchors.filter(([, { rules }]) => rules.length > 0)) };
}

/**
 * The last rule of the main ruleset that all packets of a region surely match: what is before it decides on none of them, but where
 * it ends the evaluation; 0 for none.
 */
function lastCover({ lines }: Program, { boxes, whole, firstChange }: View): number {
	for (let index = lines.length - 1; index > 0; index--) {
		const { kind, call, rule } = lines[index] as ProgramLine;
		const box = boxes[index];
		if (kind !== "rule" || call >= 0 || rule.action === "match" || rule.once || box === undefined || box.partial) continue;
		const covers = box.constraints.every(({ dimension, set }) => {
			const own = whole[dimension];
			return firstChange[dimension] >= index && intersection(own, set).join() === own.join();
		});
		if (covers) return index;
	}
	return 0;
}

function classOf(
	direction: PacketClass["direction"],
	family: PacketClass["family"],
	protocol: PacketClass["protocol"],
): PacketClass | undefined {
	return CLASSES.find((one) => one.direction === direction && one.family === family && one.protocol === protocol);
}

/** Whether a line, with the calls that lead to it, matches anything of the region that no rule has changed before. */
function mayMatch({ lines }: Program, { boxes, whole, firstChange }: View, index: number): boolean {
	for (let at = index; at >= 0; at = (lines[at] as ProgramLine).call) {
		const box = boxes[at];
		if (box === undefined) return false;
		for (const { dimension, set } of box.constraints)
			if (firstChange[dimension] >= at && intersection(whole[dimension], set).length === 0) return false;
	}
	return true;
}

/** An IPv4 address as a number. */
export function wordOf({ a }: Ip): number {
	return a >>> 0;
}

/** The addresses of an IPv4 network. */
export function networkSet({ a }: Ip, bits: number): readonly [first: number, last: number] {
	const size = 2 ** (32 - bits);
	const first = Math.floor((a >>> 0) / size) * size;
	return [first, first + size - 1];
}

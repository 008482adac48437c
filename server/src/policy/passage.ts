/**
 * Whether any packet of some kind gets past pf at one place of a host: decided for all of them at once, by the sets of
 * packets that the search for dead rules works on, not by samples.
 */
import { type Anchor, BLANK_RULE, type Rule, type Ruleset } from "../pf/rules.ts";
import { decide } from "./decide.ts";
import { createEvaluator, type Evaluator } from "./evaluate.ts";
import { type Intervals, intersection } from "./intervals.ts";
import { isSame } from "./lists.ts";
import { type EveryTable, type Interfaces, interfacesOf, type KnownInterface, lastingTablesOf } from "./network.ts";
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
	/** Of `other` protocols: their numbers. */
	readonly number?: Intervals;
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
	return new RulesetPassages(ruleset, interfaces, extra, earlier);
}

class RulesetPassages implements Passages {
	readonly work = { pieces: 0 };
	readonly #ruleset: Ruleset;
	/** The ruleset with the default as its first rule. */
	readonly #whole: Ruleset;
	readonly #known: readonly KnownInterface[] | undefined;
	readonly #interfaces: Interfaces;
	readonly #names: readonly string[];
	readonly #tables: EveryTable;
	/** Each rule, with the path of its anchor. */
	readonly #paths: ReadonlyMap<Rule, string>;
	readonly #around: readonly unknown[];
	readonly #space: Space;
	readonly #places = new Map<string, PlaceRules>();
	/** The places before an edit, where all else is the same. */
	readonly #before: ReadonlyMap<string, PlaceRules> | undefined;
	#evaluator: Evaluator | undefined;

	constructor(
		ruleset: Ruleset,
		interfaces: readonly KnownInterface[] | undefined,
		extra: readonly string[],
		earlier: Pick<Passages, "kept"> | undefined,
	) {
		const main = { ...ruleset.main, rules: [DEFAULT, ...ruleset.main.rules] };
		const anchors = [main, ...ruleset.anchors.values()];
		const all = anchors.flatMap(({ path, rules }) => rules.map((rule) => ({ rule, path })));
		this.#ruleset = ruleset;
		this.#whole = { ...ruleset, main };
		this.#known = interfaces;
		this.#interfaces = interfacesOf(interfaces);
		this.#names = [...new Set([...(interfaces ?? []).map(({ name }) => name), ...extra])];
		this.#tables = lastingTablesOf(ruleset, new Set(all.flatMap(({ rule }) => rule.stateOptions.overload?.table ?? [])));
		this.#paths = new Map(all.map(({ rule, path }) => [rule, path]));
		this.#around = [JSON.stringify([interfaces, this.#names, ruleset.options.skip]), ...anchors.flatMap(({ tables }) => tables)];
		const before = earlier?.kept;
		const same = before !== undefined && isSame(before.around, this.#around) && before.space.covers(all) ? before : undefined;
		this.#before = same?.places;
		this.#space =
			same?.space ?? new Space({ ruleset: this.#whole, interfaces: this.#interfaces, tables: this.#tables, names: this.#names }, all);
	}

	get kept(): Kept {
		return { space: this.#space, around: this.#around, places: this.#places };
	}

	get evaluator(): Evaluator {
		this.#evaluator ??= createEvaluator(this.#ruleset, this.#known);
		return this.#evaluator;
	}

	version(spot: Spot): object {
		return this.#placeOf(spot);
	}

	*passing(spot: Spot, traffic: Traffic): Generator<Deciding> {
		const asked = this.#askedOf(spot, traffic);
		if (this.#skips(spot)) yield { certain: true, rule: undefined };
		else if (asked !== undefined) yield* this.#deciding(asked, "pass");
	}

	admits(spot: Spot, ...traffic: readonly Traffic[]): boolean {
		return this.#skips(spot) || traffic.some((one) => this.#admitsOne(spot, one));
	}

	blocks(spot: Spot, traffic: Traffic): boolean {
		const asked = this.#skips(spot) ? undefined : this.#askedOf(spot, traffic);
		return asked !== undefined && this.#deciding(asked, "block").next().done !== true;
	}

	reaches(spot: Spot, traffic: Traffic): boolean {
		return this.#askedOf(spot, traffic) !== undefined;
	}

	decider(spot: Spot, traffic: Traffic): Rule | undefined {
		const asked = this.#askedOf(spot, traffic);
		if (asked === undefined) return undefined;
		return this.evaluator.evaluate(this.#space.packet(asked.region, asked.view.packetClass))[0].rule;
	}

	#admitsOne(spot: Spot, traffic: Traffic): boolean {
		const asked = this.#askedOf(spot, traffic);
		if (asked === undefined) return false;
		const { admitted } = asked.rules;
		const known = admitted.get(asked.key) ?? this.#deciding(asked, "pass").next().done !== true;
		admitted.set(asked.key, known);
		return known;
	}

	#skips({ interface: name }: Spot): boolean {
		return this.#ruleset.options.skip.some((skip) => this.#interfaces.matches(skip, name) === true);
	}

	#placeOf(spot: Spot): PlaceRules {
		const key = `${spot.direction} ${spot.interface}`;
		const place = this.#places.get(key) ?? this.#makePlace(key, spot);
		this.#places.set(key, place);
		return place;
	}

	#makePlace(key: string, spot: Spot): PlaceRules {
		this.work.pieces += this.#paths.size / 16;
		const own = rulesAt(this.#whole, spot, this.#interfaces);
		const before = this.#before?.get(key);
		return before !== undefined && sameRules(before.ruleset, own)
			? before
			: { ruleset: own, program: programOf(own), views: new Map(), admitted: new Map() };
	}

	#viewAt({ program, views }: PlaceRules, packetClass: PacketClass): View {
		const view = views.get(packetClass) ?? this.#makeView(program, packetClass);
		views.set(packetClass, view);
		return view;
	}

	#makeView(program: Program, packetClass: PacketClass): View {
		this.work.pieces += program.lines.length / 4;
		return viewOf(program, this.#space, packetClass, (rule, path, family) =>
			chooseAddress(rule, family, { interfaces: this.#interfaces, tables: this.#tables, path }),
		);
	}

	/** What a rule matches, of packets in its own direction. */
	#boxOf(rule: Rule, { direction, family, protocol }: PacketClass): Box | undefined {
		const own = classOf(rule.direction ?? direction, family, protocol);
		return own && this.#space.box(rule, this.#paths.get(rule) ?? "", own);
	}

	#askedOf(spot: Spot, traffic: Traffic): Asked | undefined {
		const packetClass = classOf(spot.direction, traffic.family, traffic.protocol);
		if (packetClass === undefined) return undefined;
		const rules = this.#placeOf(spot);
		const view = this.#viewAt(rules, packetClass);
		const within = traffic.within && this.#boxOf(traffic.within.rule, packetClass);
		if (traffic.within !== undefined && within === undefined) return undefined;
		const index = this.#names.indexOf(spot.interface);
		const region = regionOf(view.whole, index, traffic, within);
		if (region.some((set) => set.length === 0)) return undefined;
		return { rules, view, region, key: `${traffic.family} ${traffic.protocol} ${region.join(";")}` };
	}

	*#deciding({ rules: { program }, view, region }: Asked, action: "pass" | "block"): Generator<Deciding> {
		if (!program.complete) {
			yield { certain: false, rule: undefined };
			return;
		}
		const inside: View = { ...view, whole: region };
		const cover = lastCover(program, inside);
		// The rules at the end decide most often, and have the fewest behind them.
		for (let index = program.lines.length - 1; index >= 0; index--) {
			const line = program.lines[index] as ProgramLine;
			this.work.pieces += 1 / 16;
			if (
				line.kind !== "rule" ||
				line.rule.action !== action ||
				(index < cover && line.final === "no") ||
				!mayMatch(program, inside, index)
			)
				continue;
			const meter = { pieces: 0 };
			const finding = decide([index], [inside], program, this.#space, meter);
			this.work.pieces += meter.pieces;
			const rule = line.rule === DEFAULT ? undefined : line.rule;
			if (finding.kind === "live") yield { certain: true, rule, packet: finding.witness };
			else if (finding.kind === "undecided") yield { certain: false, rule };
		}
	}
}

/**
 * The packets that are asked about, of those at a place.
 *
 * @param whole all packets of the class
 * @param index the interface, by its place in the list of names
 * @param within the packets of the rule that the question keeps to
 */
function regionOf(whole: Region, index: number, traffic: Traffic, within: Box | undefined): Region {
	const region: EachDimension<Intervals> = [...whole];
	const only = (dimension: Dimension, set: Intervals | undefined): void => {
		if (set !== undefined) region[dimension] = intersection(region[dimension], set);
	};
	only(DIM.interface, [index, index]);
	if (traffic.family === "inet") {
		only(DIM.source, traffic.source);
		only(DIM.destination, traffic.destination);
	}
	only(DIM.protocol, traffic.number);
	only(DIM.sourcePort, traffic.sourcePort);
	only(DIM.destinationPort, traffic.destinationPort);
	if (traffic.protocol === TCP) only(DIM.flags, OPENING_FLAGS);
	for (const { dimension, set } of within?.constraints ?? [])
		if (traffic.within?.dimensions?.includes(dimension) !== false) only(dimension, set);
	only(
		DIM.icmp,
		traffic.icmp?.map((type, at) => type * 256 + (at % 2) * 255),
	);
	return region;
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
	const groups = byInterface.get(rules) ?? grouped(rules);
	byInterface.set(rules, groups);
	return groups;
}

function grouped(rules: readonly Rule[]): readonly SameInterface[] {
	const groups = new Map<string, SameInterface>();
	for (const [at, rule] of rules.entries()) {
		const key = `${rule.interfaceNegated} ${rule.interface}`;
		const group = groups.get(key) ?? { name: rule.interface, negated: rule.interfaceNegated, rules: [] };
		group.rules.push({ rule, at });
		groups.set(key, group);
	}
	return [...groups.values()];
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

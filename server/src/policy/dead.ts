/**
 * Whether any packet can make a rule decide. Not by trying packets: the packets that a rule matches are a product of
 * sets (space.ts), and what other rules take away from it is cut off piece by piece until a piece is left that
 * the rule decides, or none. A piece that is left gives a packet as witness.
 *
 * What is not known (owners of sockets, rates, groups of unknown interfaces...) counts for the rule at hand and
 * never against it, so a rule that is called dead is dead whatever it may be.
 */
import type { Rule, Ruleset } from "../pf/rules.ts";
import { anchorCalls } from "./anchors.ts";
import { generalRules, REACH } from "./general.ts";
import { difference, holds, type Intervals, intersection, overlap } from "./intervals.ts";
import { interfacesOf, type KnownInterface, lastingTablesOf } from "./network.ts";
import { type Packet, TCP, UDP } from "./packet.ts";
import { type Box, CLASSES, DIM, type Dimension, type PacketClass, type Region, Space } from "./space.ts";
import { chooseAddress } from "./translate.ts";

/** What is found about one rule. */
export type Finding =
	/** This packet is decided by it; for a match rule, matched. */
	| { readonly kind: "live"; readonly witness: Packet }
	/** Some packet may be decided by it, depending on what is not known here; or it was too much to find out. */
	| { readonly kind: "undecided" }
	/** No packet can match it where it stands: it contradicts itself, the calls of its anchor, or what rules before it make of packets. */
	| { readonly kind: "impossible" }
	/** Quick rules before it decide all packets that it matches. */
	| { readonly kind: "shadowed"; readonly by: readonly Rule[] }
	/** Rules after it, perhaps with quick ones before it, decide all packets that it matches. */
	| { readonly kind: "overridden"; readonly by: readonly Rule[] };

export interface RuleFinding {
	readonly rule: Rule;
	/** The path of the anchor that the rule stands in. */
	readonly anchor: string;
	readonly finding: Finding;
	/** A more general rule that would decide the same of all packets that this live one decides. */
	readonly general?: Rule;
}

/** Pieces looked at for one rule, before it is left undecided. */
const BUDGET = 50_000;

/** So many lines take as long as a piece does. */
const LINES = 16;

/** How deep pieces of pieces are followed: JavaScript's stack is not for ever. */
const MAX_RECURSION = 2000;

/** Calls nested deeper than this are not followed; the kernel stops at 64. */
const MAX_DEPTH = 16;

/**
 * Looks at every pass, block and match rule. A rule of an anchor that is called several times is looked at in all
 * those places together: it is dead only where it is dead in each.
 *
 * @param interfaces the host's interfaces; without them those that the rules name are supposed
 */
export function findDeadRules(ruleset: Ruleset, interfaces: readonly KnownInterface[] | undefined): readonly RuleFinding[] {
	const search = searchDeadRules(ruleset, interfaces);
	for (;;) {
		const { done, value } = search.next();
		if (done === true) return value.findings;
	}
}

/** What a search has found, with all that the next one can go on from. */
export interface Searched {
	readonly findings: readonly RuleFinding[];
	readonly ruleset: Ruleset;
	readonly interfaces: readonly KnownInterface[] | undefined;
	readonly program: Program;
	readonly names: readonly string[];
	readonly space: Space;
	readonly views: readonly View[];
}

/**
 * The same in portions, for callers that have other things to do in between. Each portion gives how much work it was,
 * in pieces and rules looked at; ten thousand of them take some 10 ms.
 *
 * @param earlier the search over the rules before an edit: what the edit cannot have to do with is not looked at again
 */
export function* searchDeadRules(
	ruleset: Ruleset,
	interfaces: readonly KnownInterface[] | undefined,
	earlier?: Searched,
): Generator<number, Searched, void> {
	const program = programOf(ruleset);
	const size = program.lines.length;
	yield size;
	const network = interfacesOf(interfaces);
	const tables = lastingTablesOf(ruleset, overloadedBy(program));
	const names = namesOf(program, interfaces);
	const around = { ruleset, interfaces: network, tables, names };
	const before = earlier !== undefined && goesOn(earlier, { ruleset, interfaces, names, program }) ? earlier : undefined;
	const space = before?.space.covers(program.lines) === true ? before.space : new Space(around, program.lines);
	yield size;
	const views: View[] = [];
	for (const packetClass of CLASSES) {
		views.push(
			viewOf(program, space, packetClass, (rule, path, family) => chooseAddress(rule, family, { interfaces: network, tables, path })),
		);
		yield size;
	}
	const places = new Map<Rule, number[]>();
	for (const [index, line] of program.lines.entries()) {
		if (line.kind !== "rule") continue;
		const known = places.get(line.rule);
		if (known === undefined) places.set(line.rule, [index]);
		else known.push(index);
	}
	const kept = before?.space === space ? keptFindings(before, program, views, places) : new Map<Rule, RuleFinding>();
	const findings: RuleFinding[] = [];
	for (const [rule, lines] of places) {
		const [first = 0] = lines;
		const known = kept.get(rule);
		if (known !== undefined) {
			findings.push(known);
			continue;
		}
		const meter = { pieces: 1 };
		findings.push({
			rule,
			anchor: program.lines[first]?.path ?? "",
			finding: program.complete ? decide(lines, views, program, space, meter) : { kind: "undecided" },
		});
		yield meter.pieces;
	}
	const general = yield* withGeneral(findings, ruleset, places, views, kept.size > 0 ? before : undefined);
	return { findings: general, ruleset, interfaces, program, names, space, views };
}

/** Whether the same packets cross the same interfaces, and tables hold the same. */
function goesOn(earlier: Searched, now: Pick<Searched, "ruleset" | "interfaces" | "names" | "program">): boolean {
	const [old, own] = [earlier.ruleset, now.ruleset];
	const tables = ({ main, anchors }: Ruleset) => [main, ...anchors.values()].flatMap((anchor) => anchor.tables);
	return (
		earlier.interfaces === now.interfaces &&
		sameList(earlier.names, now.names) &&
		sameList(old.options.skip, own.options.skip) &&
		sameList(tables(old), tables(own)) &&
		sameList([...overloadedBy(earlier.program)], [...overloadedBy(now.program)])
	);
}

/** The tables that rules put sources into. */
function overloadedBy({ lines }: Program): ReadonlySet<string> {
	return new Set(lines.flatMap(({ rule }) => rule.stateOptions.overload?.table ?? []));
}

function sameList<T>(x: readonly T[], y: readonly T[]): boolean {
	return x.length === y.length && x.every((value, index) => value === y[index]);
}

/** Edits of more rules than this are looked into as a whole. */
const MOST_CHANGED = 64;

/**
 * What is still so after an edit: of rules that match no packet which a changed rule matches, before or after. Rules that change
 * packets make more of it than that, so where one of them was edited nothing is kept.
 */
function keptFindings(
	earlier: Searched,
	program: Program,
	views: readonly View[],
	places: ReadonlyMap<Rule, readonly number[]>,
): ReadonlyMap<Rule, RuleFinding> {
	const kept = new Map<Rule, RuleFinding>();
	const [old, now] = [earlier.program.lines, program.lines];
	const [head, tail] = commonEnds(old, now, sameLine);
	const gone = range(head, old.length - tail);
	const come = range(head, now.length - tail);
	const plain = (line: Line | undefined) =>
		line?.kind === "rule" && line.rule.tag === "" && line.rule.nat === undefined && line.rule.rdr === undefined;
	if (gone.length + come.length > MOST_CHANGED || !program.complete || !earlier.program.complete) return kept;
	if (!gone.every((index) => plain(old[index])) || !come.every((index) => plain(now[index]))) return kept;
	const touches = views.map((view, number) => {
		const was = earlier.views[number];
		const changed = [...gone.map((index) => was?.boxes[index]), ...come.map((index) => view.boxes[index])].filter(
			(box) => box !== undefined,
		);
		// What rules make of packets, they may make of those of another place.
		const fixed = (dimension: Dimension) => (view.firstChange[dimension] ?? 0) >= now.length;
		return (index: number) => {
			const box = view.boxes[index];
			return box !== undefined && changed.some((other) => meets(box, other, fixed));
		};
	});
	const edited = new Set(come.map((index) => now[index]?.rule));
	for (const found of earlier.findings) {
		const lines = places.get(found.rule);
		if (lines === undefined || edited.has(found.rule)) continue;
		if (lines.some((index) => touches.some((touch) => touch(index)))) continue;
		const { rule, anchor, finding } = found;
		kept.set(rule, { rule, anchor, finding });
	}
	return kept;
}

function sameLine(x: Line, y: Line): boolean {
	return x.rule === y.rule && x.path === y.path && x.kind === y.kind && x.final === y.final;
}

/** How much of two lists is the same at their beginning and, behind that, at their end. */
function commonEnds<T>(x: readonly T[], y: readonly T[], same: (one: T, other: T) => boolean): readonly [head: number, tail: number] {
	const most = Math.min(x.length, y.length);
	let head = 0;
	while (head < most && same(x[head] as T, y[head] as T)) head++;
	let tail = 0;
	while (tail < most - head && same(x[x.length - 1 - tail] as T, y[y.length - 1 - tail] as T)) tail++;
	return [head, tail];
}

function range(from: number, to: number): readonly number[] {
	return Array.from({ length: to - from }, (_, index) => from + index);
}

/** Whether some packet may match both, as far as `fixed` dimensions tell. */
function meets(one: Box, other: Box, fixed: (dimension: Dimension) => boolean): boolean {
	return one.constraints.every(({ dimension, set }) => {
		const own = fixed(dimension) ? other.constraints.find((each) => each.dimension === dimension)?.set : undefined;
		return own === undefined || overlap(own, set);
	});
}

function* withGeneral(
	findings: readonly RuleFinding[],
	{ main, anchors }: Ruleset,
	places: ReadonlyMap<Rule, readonly number[]>,
	views: readonly View[],
	earlier: Searched | undefined,
): Generator<number, readonly RuleFinding[], void> {
	const alive = new Set(findings.flatMap(({ rule, finding }) => (finding.kind === "live" ? [rule] : [])));
	const known = new Map<Rule, readonly (Box | undefined)[]>();
	const boxesOf = (rule: Rule): readonly (Box | undefined)[] | undefined => {
		const [line, ...more] = places.get(rule) ?? [];
		// In an anchor that is called from several places, a rule has several boxes.
		if (line === undefined || more.length > 0) return undefined;
		const boxes = known.get(rule) ?? views.map((view) => view.boxes[line]);
		known.set(rule, boxes);
		return boxes;
	};
	const was = new Map(earlier?.findings.map((found) => [found.rule, found]));
	const general = new Map<Rule, Rule>();
	for (const { path, rules } of [main, ...anchors.values()]) {
		const old = path === "" ? earlier?.ruleset.main.rules : earlier?.ruleset.anchors.get(path)?.rules;
		const near =
			old === undefined ? undefined : nearChanges(old, rules, (rule) => (was.get(rule)?.finding.kind === "live") === alive.has(rule));
		const wanted = (index: number) => near === undefined || near[index] === 1;
		for (const [rule, by] of yield* generalRules(rules, boxesOf, (one) => alive.has(one), wanted)) general.set(rule, by);
		for (const [index, rule] of rules.entries()) {
			const by = wanted(index) ? undefined : was.get(rule)?.general;
			if (by !== undefined) general.set(rule, by);
		}
	}
	return findings.map((found) => {
		const by = general.get(found.rule);
		return by === undefined ? found : { ...found, general: by };
	});
}

/** Marks the rules of a list that stand within reach of one that has changed, or lives as it did not before. */
function nearChanges(old: readonly Rule[], now: readonly Rule[], lives: (rule: Rule) => boolean): Uint8Array {
	const near = new Uint8Array(now.length);
	const mark = (from: number, to: number) => near.fill(1, Math.max(0, from - REACH - 1), Math.min(now.length, to + REACH + 1));
	const [head, tail] = commonEnds(old, now, (x, y) => x === y);
	if (head + tail < Math.max(old.length, now.length)) mark(head, now.length - tail);
	for (const [index, rule] of now.entries()) if (!lives(rule)) mark(index, index);
	return near;
}

/** A ruleset with its anchors called, as one list. */
interface Program {
	readonly lines: readonly Line[];
	/** False where anchors are nested too deep, or call each other. */
	readonly complete: boolean;
}

interface Line {
	readonly kind: "rule" | "call";
	readonly rule: Rule;
	readonly path: string;
	/** Of a call: the line after the anchor's last rule. Of a rule: the line that evaluation goes to where its match is kept. */
	readonly end: number;
	/** The call that leads here; -1 in the main ruleset. */
	readonly call: number;
	/** Where the evaluation ends if this rule is the last that matched: after its own anchor in a quick call. */
	readonly scope: number;
	/** A match of it ends the evaluation before anything after `scope` is asked. */
	readonly final: "quick" | "at scope" | "perhaps" | "no";
}

function programOf(ruleset: Ruleset): Program {
	const lines: (Omit<Line, "end" | "scope"> & { end: number; scope: number })[] = [];
	const called = anchorCalls(ruleset);
	let complete = true;
	const add = (rules: readonly Rule[], path: string, call: number, quickCall: boolean, depth: number): void => {
		const own: number[] = [];
		const nested = quickCall && rules.some((rule) => rule.anchor !== undefined);
		for (const rule of rules) {
			const index = lines.length;
			if (rule.anchor === undefined) {
				const final = rule.quick ? "quick" : quickCall && rule.action !== "match" ? (nested ? "perhaps" : "at scope") : "no";
				lines.push({ kind: "rule", rule, path, end: 0, call, scope: 0, final });
				if (quickCall) own.push(index);
				continue;
			}
			for (const anchor of called(rule)) {
				if (depth >= MAX_DEPTH) {
					complete = false;
					return;
				}
				const at = lines.length;
				const line = { kind: "call" as const, rule, path, end: 0, call, scope: 0, final: "no" as const };
				lines.push(line);
				add(anchor.rules, anchor.path, at, rule.quick, depth + 1);
				line.end = lines.length;
			}
		}
		for (const index of own) {
			const line = lines[index];
			if (line !== undefined) line.scope = lines.length;
		}
	};
	add(ruleset.main.rules, "", -1, false, 0);
	for (const line of lines) if (line.scope === 0) line.scope = lines.length;
	return { lines, complete };
}

/** The interfaces that packets are supposed to cross: those of the host and those that rules name. */
function namesOf({ lines }: Program, interfaces: readonly KnownInterface[] | undefined): string[] {
	const names = new Set(interfaces?.map((one) => one.name));
	const groups = new Set(interfaces?.flatMap((one) => one.groups));
	for (const { rule } of lines)
		for (const name of [rule.interface, rule.receivedOn]) if (/\d$/.test(name) && !groups.has(name)) names.add(name);
	if (interfaces === undefined) for (let i = 0; ; i++) if (!names.has(`other${i}`)) return [...names, `other${i}`];
	return [...names];
}

/** What a match changes for the rules after it. */
interface Effect {
	readonly tag: number | undefined;
	/** The place of the new source, UNKNOWN where it cannot be told. */
	readonly source: number | undefined;
	readonly destination: number | undefined;
	readonly sourcePort: number | undefined;
	readonly destinationPort: number | undefined;
	/** The translation cannot be made: the packet is dropped, whatever rule decided before. */
	readonly fails: boolean;
}

/** A value that a translation has given and that is not known. */
const UNKNOWN = -1;

const CHANGING: readonly (readonly [Exclude<keyof Effect, "fails">, Dimension])[] = [
	["tag", DIM.tag],
	["source", DIM.source],
	["destination", DIM.destination],
	["sourcePort", DIM.sourcePort],
	["destinationPort", DIM.destinationPort],
];

/** A program as the packets of one class see it. */
interface View {
	readonly packetClass: PacketClass;
	readonly whole: Region;
	/** By line; undefined where no packet of the class matches. Rules in a call without effects inside carry its box, too. */
	readonly boxes: readonly (Box | undefined)[];
	readonly effects: readonly (Effect | undefined)[];
	/** By dimension: the first line that changes it. */
	readonly firstChange: readonly number[];
	/** The lines that matter before a rule that is looked at, and those that matter after it. */
	readonly before: Lines;
	readonly after: Lines;
}

/** Some lines of a program in their order, with the position of the first one at or after each line. */
interface Lines {
	readonly list: readonly number[];
	readonly from: Int32Array;
}

function linesWhere(count: number, wanted: (index: number) => boolean): Lines {
	const list: number[] = [];
	const from = new Int32Array(count + 1);
	for (let index = 0; index < count; index++) {
		from[index] = list.length;
		if (wanted(index)) list.push(index);
	}
	from[count] = list.length;
	return { list, from };
}

type ChooseAddress = (rule: Rule, path: string, family: PacketClass["family"]) => { readonly nat: Choice; readonly rdr: Choice };
type Choice = ReturnType<typeof chooseAddress>["nat"];

function viewOf(program: Program, space: Space, packetClass: PacketClass, choose: ChooseAddress): View {
	const { lines } = program;
	const effects = lines.map(({ rule, path }) => effectOf(rule, path, space, packetClass, choose));
	const stepped = lines.map((line, index) => {
		if (line.kind !== "call") return false;
		return effects.slice(index, line.end).some((effect) => effect !== undefined);
	});
	const boxes: (Box | undefined)[] = [];
	const lastUse = new Array<number>(10).fill(-1);
	const firstChange = new Array<number>(10).fill(lines.length);
	for (let index = 0; index < lines.length; index++) {
		const { rule, path, call } = lines[index] as Line;
		const own = space.box(rule, path, packetClass);
		const outer = call >= 0 && !stepped[call] ? boxes[call] : EVERYTHING;
		const box = own === undefined || outer === undefined ? undefined : both(outer, own);
		boxes.push(box);
		if (box === undefined) continue;
		for (const { dimension } of box.constraints) lastUse[dimension] = index;
		const effect = effects[index];
		if (effect === undefined) continue;
		for (const [field, dimension] of CHANGING)
			if (effect[field] !== undefined) firstChange[dimension] = Math.min(firstChange[dimension] ?? index, index);
	}
	const changes = (index: number): boolean => {
		const effect = effects[index];
		if (effect === undefined) return false;
		return effect.fails || CHANGING.some(([field, dimension]) => effect[field] !== undefined && (lastUse[dimension] ?? -1) > index);
	};
	const roles = lines.map((line, index) => rolesOf(line, stepped[index] === true, boxes[index] !== undefined, () => changes(index)));
	return {
		packetClass,
		whole: space.whole(packetClass),
		boxes,
		effects,
		firstChange,
		before: linesWhere(lines.length, (index) => roles[index]?.before === true),
		after: linesWhere(lines.length, (index) => roles[index]?.after === true),
	};
}

/** Whether a line matters to rules after it, and to rules before it. */
function rolesOf(
	{ kind, rule, final }: Line,
	stepped: boolean,
	matches: boolean,
	changes: () => boolean,
): { before: boolean; after: boolean } {
	if (kind === "call") return { before: stepped, after: stepped };
	if (!matches) return { before: false, after: false };
	const lasting = !rule.once;
	const ends = lasting && rule.quick;
	return { before: (lasting && final !== "no") || changes(), after: ends || (lasting && rule.action !== "match") || changes() };
}

const EVERYTHING: Box = { constraints: [], partial: false };

function both(x: Box, y: Box): Box | undefined {
	if (x.constraints.length === 0 && !x.partial) return y;
	const sets = new Map<Dimension, Intervals>(x.constraints.map(({ dimension, set }) => [dimension, set]));
	for (const { dimension, set } of y.constraints) {
		const known = sets.get(dimension);
		const merged = known === undefined ? set : intersection(known, set);
		if (merged.length === 0) return undefined;
		sets.set(dimension, merged);
	}
	return { constraints: [...sets].map(([dimension, set]) => ({ dimension, set })), partial: x.partial || y.partial };
}

function effectOf(rule: Rule, path: string, space: Space, { family, protocol }: PacketClass, choose: ChooseAddress): Effect | undefined {
	const translates = rule.action === "match" && (rule.nat !== undefined || rule.rdr !== undefined);
	if (rule.tag === "" && !translates) return undefined;
	const tag = rule.tag === "" ? undefined : space.tag(rule.tag);
	if (!translates || (rule.family !== undefined && rule.family !== family)) {
		return { tag, source: undefined, destination: undefined, sourcePort: undefined, destinationPort: undefined, fails: false };
	}
	const { nat, rdr } = choose(rule, path, family);
	const place = (choice: Choice): number | undefined =>
		choice === undefined ? undefined : choice.kind === "known" ? space.place(choice.address, family) : UNKNOWN;
	const withPorts = protocol === TCP || protocol === UDP;
	const [natLow, natHigh] = rule.nat?.ports ?? [0, 0];
	const [rdrLow, rdrHigh] = rule.rdr?.ports ?? [0, 0];
	return {
		tag,
		source: place(nat),
		destination: place(rdr),
		sourcePort: withPorts && natHigh !== 0 ? (natLow === natHigh ? natLow : UNKNOWN) : undefined,
		destinationPort: withPorts && rdrLow !== 0 ? (rdrHigh === 0 || rdrHigh === rdrLow ? rdrLow : UNKNOWN) : undefined,
		fails: nat?.kind === "none" || rdr?.kind === "none",
	};
}

/** What rules before have made of the packets of a piece, by dimension; undefined where nothing. */
type Changed = readonly (number | undefined)[];

const UNCHANGED: Changed = [];

/** How a search ended: with a witness, with none, or with none but something that could not be looked into. */
interface Search {
	readonly view: View;
	readonly program: Program;
	readonly target: number;
	/** Whether what is not known counts for the target (a possible witness), or against it (a certain one). */
	readonly lenient: boolean;
	/** The rules that took something away. */
	readonly blame: Set<number>;
	budget: number;
	/** How many lines were looked at, those without a part of a piece too. */
	lines: number;
	depth: number;
	/** Something was given up that might have held a witness. */
	open: boolean;
	/** The target was reached by some packet. */
	matched: boolean;
}

/** @param meter counts the work, in pieces that are looked at */
function decide(lines: readonly number[], views: readonly View[], program: Program, space: Space, meter: { pieces: number }): Finding {
	const blame = new Set<number>();
	let matched = false;
	let open = false;
	for (const lenient of [false, true]) {
		for (const target of lines) {
			for (const view of views) {
				if (view.boxes[target] === undefined) continue;
				for (const start of startsOf(view, target)) {
					const search: Search = { view, program, target, lenient, blame, budget: BUDGET, lines: 0, depth: 0, open: false, matched: false };
					const region = walk(search, 0, start, UNCHANGED, false);
					meter.pieces += BUDGET - search.budget + search.lines / LINES;
					if (region !== undefined)
						return lenient ? { kind: "undecided" } : { kind: "live", witness: space.packet(region, view.packetClass) };
					if (lenient) open ||= search.open;
					matched ||= search.matched;
				}
			}
		}
	}
	if (open) return { kind: "undecided" };
	if (blame.size === 0) return { kind: "impossible" };
	const by = [...blame].sort((x, y) => x - y);
	const rules = [...new Set(by.map((index) => program.lines[index]?.rule).filter((rule) => rule !== undefined))];
	const [first = 0] = lines;
	return { kind: matched && by.some((index) => index > first) ? "overridden" : "shadowed", by: rules };
}

/**
 * The pieces to begin with: the packets that the target matches as they come, and where rules before it change what
 * it asks about, all that they could change so.
 */
function startsOf({ whole, boxes, firstChange }: View, target: number): Region[] {
	const own = [...whole];
	const changeable = [...whole];
	let differ = false;
	for (const { dimension, set } of boxes[target]?.constraints ?? []) {
		own[dimension] = intersection(whole[dimension] ?? [], set);
		if ((firstChange[dimension] ?? target) < target) differ = true;
		else changeable[dimension] = own[dimension] ?? [];
	}
	const starts = differ ? [own, changeable] : [own];
	return starts.filter((region) => region.every((set) => set.length > 0));
}

/** A piece of `region` that the target decides, if there is one; `reached` once the target has matched it. */
function walk(search: Search, from: number, region: Region, changed: Changed, reached: boolean): Region | undefined {
	const { view, program, target } = search;
	const { lines } = program;
	const { list, from: positions } = reached ? view.after : view.before;
	const end = reached ? (lines[target]?.scope ?? 0) : target;
	let piece = region;
	for (let position = positions[from] ?? list.length; ; position++) {
		const next = list[position] ?? end;
		if (next >= end && reached) return piece;
		search.lines++;
		const index = Math.min(next, end);
		const line = lines[index];
		const box = view.boxes[index];
		if (line === undefined) return undefined;
		const role = index === target ? "target" : line.kind === "call" ? "call" : roleOf(line, index, target);
		if (box === undefined) {
			// Only calls are among the lines without one; no packet of the class comes into this anchor.
			if (target > index && target < line.end) return undefined;
			position = (positions[line.end] ?? list.length) - 1;
			continue;
		}
		const cut = cutOf(piece, box, changed);
		if (cut === undefined) {
			if (role === "target") return undefined;
			if (role === "call") {
				if (target > index && target < line.end) return undefined;
				position = (positions[line.end] ?? list.length) - 1;
			}
			continue;
		}
		if (--search.budget < 0 || search.depth > MAX_RECURSION) {
			search.open = true;
			return undefined;
		}
		const certain = !box.partial && !cut.unknown;
		if (role === "target") {
			if (!certain && !search.lenient) return undefined;
			search.matched = true;
			if (line.final === "quick" || line.rule.action === "match") return cut.inside;
			return walk(search, index + 1, cut.inside, withEffect(search, index, changed), true);
		}
		if (role === "decides") {
			if (!certain && search.lenient) continue;
			if (search.lenient) search.blame.add(index);
			const rests = restsOf(piece, cut);
			const [firstRest, ...others] = rests;
			if (firstRest === undefined) return undefined;
			for (const rest of others) {
				const found = descend(search, index + 1, rest, changed, reached);
				if (found !== undefined) return found;
			}
			piece = firstRest;
			continue;
		}
		if (role === "ends") {
			// A quick match rule after the target: evaluation ends here and the target has decided.
			if (certain) return cut.inside;
			if (search.lenient) return cut.inside;
			continue;
		}
		if (role === "perhaps") {
			// Whether it ends the evaluation depends on rules of anchors inside of its own.
			search.open = true;
			const [firstRest, ...others] = restsOf(piece, cut);
			for (const rest of others) {
				const found = descend(search, index + 1, rest, changed, reached);
				if (found !== undefined) return found;
			}
			if (firstRest === undefined) return undefined;
			piece = firstRest;
			continue;
		}
		// A call that is stepped into, or a rule that changes packets: both ways must be followed.
		const skipTo = line.kind === "call" ? line.end : index + 1;
		const insideCall = line.kind === "call" && target > index && target < line.end;
		if (certain || search.lenient) {
			if (line.kind === "rule" && view.effects[index]?.fails === true) {
				// The packet is dropped for the translation; the last rule that had matched is the one that is told.
				if (reached) return cut.inside;
				search.blame.add(index);
			} else {
				const found = descend(search, index + 1, cut.inside, withEffect(search, index, changed), reached);
				if (found !== undefined) return found;
			}
		}
		if (insideCall) return undefined;
		for (const rest of certain || !search.lenient ? restsOf(piece, cut) : [piece]) {
			const found = descend(search, skipTo, rest, changed, reached);
			if (found !== undefined) return found;
		}
		return undefined;
	}
}

/** `walk` for one of several pieces. */
function descend(search: Search, from: number, region: Region, changed: Changed, reached: boolean): Region | undefined {
	search.depth++;
	const found = walk(search, from, region, changed, reached);
	search.depth--;
	return found;
}

type Role = "target" | "call" | "decides" | "ends" | "perhaps" | "changes";

/** A rule with `once` is gone after its first packet, so it takes nothing away for good. */
function roleOf({ rule, final, scope }: Line, index: number, target: number): Role {
	if (rule.once) return "changes";
	if (rule.action === "match") {
		if (rule.quick) return index < target ? "decides" : "ends";
		return "changes";
	}
	if (index > target || final === "quick") return "decides";
	if (final === "at scope" && scope <= target) return "decides";
	if (final === "perhaps" && scope <= target) return "perhaps";
	return "changes";
}

function withEffect({ view }: Search, index: number, changed: Changed): Changed {
	const effect = view.effects[index];
	if (effect === undefined) return changed;
	const next: (number | undefined)[] = [...changed];
	for (const [field, dimension] of CHANGING) if (effect[field] !== undefined) next[dimension] = effect[field];
	return next;
}

/** The part of a piece that a box matches. */
interface Cut {
	readonly inside: Region;
	/** The dimensions in which it is smaller than the piece. */
	readonly narrowed: readonly Dimension[];
	/** Something that a translation made unknown decides whether it matches. */
	readonly unknown: boolean;
}

function cutOf(piece: Region, { constraints }: Box, changed: Changed): Cut | undefined {
	let unknown = false;
	for (const { dimension, set } of constraints) {
		const value = changed[dimension];
		if (value === undefined) {
			if (!overlap(piece[dimension] ?? [], set)) return undefined;
		} else if (value === UNKNOWN) unknown = true;
		else if (!holds(set, value)) return undefined;
	}
	let inside: Intervals[] | undefined;
	const narrowed: Dimension[] = [];
	for (const { dimension, set } of constraints) {
		if (changed[dimension] !== undefined) continue;
		const own = piece[dimension] ?? [];
		const common = intersection(own, set);
		if (sameSet(common, own)) continue;
		inside ??= [...piece];
		inside[dimension] = common;
		narrowed.push(dimension);
	}
	return { inside: inside ?? piece, narrowed, unknown };
}

function sameSet(x: Intervals, y: Intervals): boolean {
	return x.length === y.length && x.every((value, index) => value === y[index]);
}

/** The piece without the part that was cut out of it, as pieces that do not overlap. */
function restsOf(piece: Region, { inside, narrowed }: Cut): Region[] {
	const rests: Region[] = [];
	let left: Intervals[] = [...piece];
	for (const dimension of narrowed) {
		const rest = [...left];
		rest[dimension] = difference(piece[dimension] ?? [], inside[dimension] ?? []);
		rests.push(rest);
		left = [...left];
		left[dimension] = inside[dimension] ?? [];
	}
	return rests;
}

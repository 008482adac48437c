/**
 * Dead rules: those that no packet can make decide. No packets are tried. The packets that a rule matches are a product of
 * sets (space.ts); what other rules take away is cut off piece by piece. A piece that is left gives a packet as witness.
 *
 * What is not known (owners of sockets, rates, groups of unknown interfaces...) counts for the rule at hand and never
 * against it: a rule that is called dead is dead whatever the answer.
 */
import type { Rule, Ruleset } from "../pf/rules.ts";
import { finished } from "../text/portions.ts";
import type { Span } from "../text/span.ts";
import { decide, type Finding } from "./decide.ts";
import { fateOf, insideOf, isSkipped, openersOf } from "./fate.ts";
import { passedBelow } from "./idle-blocks.ts";
import { overlap } from "./intervals.ts";
import { isSame } from "./lists.ts";
import { interfacesOf, type KnownInterface, lastingTablesOf } from "./network.ts";
import { type Program, type ProgramLine, programOf } from "./program.ts";
import { type Box, CLASSES, type Dimension, Space } from "./space.ts";
import { generalRules, REACH } from "./subsumption.ts";
import { chooseAddress } from "./translate.ts";
import { type View, viewOf } from "./view.ts";

export interface RuleFinding {
	readonly rule: Rule;
	/** The path of the anchor that the rule stands in. */
	readonly anchor: string;
	readonly finding: Finding;
	/** A more general rule that would decide the same of all packets that this live one decides. */
	readonly general?: Rule;
	/** Of a block that some packet may meet: the rules below that pass each connection all the same. It stops only packets outside of one. */
	readonly openedBy?: readonly Rule[];
	/** Of a block that has no effect beside another above it: the rules below that pass what it is for, where there are any. */
	readonly passedBelow?: readonly Rule[];
}

/**
 * Looks at every pass, block and match rule. A rule of an anchor that is called several times is looked at in all
 * those places together: it is dead only where it is dead in each.
 *
 * @param interfaces the host's interfaces; without them those that the rules name are supposed
 */
export function findDeadRules(ruleset: Ruleset, interfaces: readonly KnownInterface[] | undefined): readonly RuleFinding[] {
	return finished(searchDeadRules(ruleset, interfaces)).findings;
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
	if (!program.complete) {
		const space = new Space({ ruleset, interfaces: network, tables: lastingTablesOf(ruleset, new Set()), names: [] }, []);
		return { findings: [], ruleset, interfaces, program, names: [], space, views: [] };
	}
	const tables = lastingTablesOf(ruleset, overloadedBy(program));
	const names = namesOf(program, interfaces);
	const around = { ruleset, interfaces: network, tables, names };
	const before = earlier?.program.complete === true && goesOn(earlier, { ruleset, interfaces, names, program }) ? earlier : undefined;
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
	const lastPass = program.lines.findLastIndex(({ rule }) => rule.action === "pass");
	const long = new Set<Span>();
	let left = WORK + WORK_OF_LINE * size;
	for (const [rule, lines] of places) {
		const [first = 0] = lines;
		const known = kept.get(rule);
		if (known !== undefined) {
			findings.push(known);
			continue;
		}
		const meter = { pieces: 1 };
		const search = { lines, views, program, space, meter };
		const finding = isSkipped(first, program, ruleset.options.skip)
			? NEVER_ASKED
			: left > 0 && !long.has(rule.words)
				? fateOf(search)
				: UNDECIDED;
		// A statement is told of where all of its rules are dead: the others of this one cannot make it so.
		if (finding.kind === "undecided" && meter.pieces > LONG) long.add(rule.words);
		const stops = finding.kind === "live" || finding.kind === "undecided";
		const openedBy = stops && left > 0 && rule.action === "block" && !rule.quick && first < lastPass ? openersOf(search) : undefined;
		findings.push({ rule, anchor: (program.lines[first] as ProgramLine).path, finding, ...(openedBy && { openedBy }) });
		left -= meter.pieces;
		yield meter.pieces;
	}
	const general = yield* withGeneral(findings, ruleset, places, views, kept.size > 0 ? before : undefined);
	const idle = withIdleBlocks(general, ruleset, { lines: places, views, program, space }, () => left > 0);
	for (let next = idle.next(); ; next = idle.next()) {
		if (next.done === true) return { findings: next.value, ruleset, interfaces, program, names, space, views };
		left -= next.value;
		yield next.value;
	}
}

/** So much work is done for a search, and so much more for each line; the rules that are left then are undecided. */
const WORK = 4_000_000;
const WORK_OF_LINE = 400;

/** A search that ends without an answer is not repeated for the same statement where it took so many pieces. */
const LONG = 1000;

const NEVER_ASKED: Finding = { kind: "impossible" };
const UNDECIDED: Finding = { kind: "undecided" };

/** Whether the same packets cross the same interfaces, and tables hold the same. */
function goesOn(earlier: Searched, now: Pick<Searched, "ruleset" | "interfaces" | "names" | "program">): boolean {
	const [old, own] = [earlier.ruleset, now.ruleset];
	const tables = ({ main, anchors }: Ruleset) => [main, ...anchors.values()].flatMap((anchor) => anchor.tables);
	return (
		earlier.interfaces === now.interfaces &&
		isSame(earlier.names, now.names) &&
		isSame(old.options.skip, own.options.skip) &&
		isSame(tables(old), tables(own)) &&
		isSame([...overloadedBy(earlier.program)], [...overloadedBy(now.program)])
	);
}

/** The tables that rules put sources into. */
function overloadedBy({ lines }: Program): ReadonlySet<string> {
	return new Set(lines.flatMap(({ rule }) => rule.stateOptions.overload?.table ?? []));
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
	const plain = (line: ProgramLine | undefined) =>
		line?.kind === "rule" && line.rule.tag === "" && line.rule.nat === undefined && line.rule.rdr === undefined;
	if (gone.length + come.length > MOST_CHANGED || !program.complete || !earlier.program.complete) return kept;
	if (!gone.every((index) => plain(old[index])) || !come.every((index) => plain(now[index]))) return kept;
	const touches = views.map((view, number) => {
		const was = earlier.views[number];
		const changed = [...gone.map((index) => was?.boxes[index]), ...come.map((index) => view.boxes[index])].filter(
			(box) => box !== undefined,
		);
		// What rules make of packets, they may make of those of another place.
		const fixed = (dimension: Dimension) => view.firstChange[dimension] >= now.length;
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
		const { rule, anchor, finding, openedBy } = found;
		kept.set(rule, { rule, anchor, finding, ...(openedBy && { openedBy }) });
	}
	return kept;
}

function sameLine(x: ProgramLine, y: ProgramLine): boolean {
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

/** What all rules of a ruleset are looked for in. */
interface Around {
	readonly lines: ReadonlyMap<Rule, readonly number[]>;
	readonly views: readonly View[];
	readonly program: Program;
	readonly space: Space;
}

/** Tells of blocks whether they have an effect beside others, as long as `goesOn` says so. */
function* withIdleBlocks(
	findings: readonly RuleFinding[],
	{ main, anchors }: Ruleset,
	{ lines, views, program, space }: Around,
	goesOn: () => boolean,
): Generator<number, readonly RuleFinding[], void> {
	const overloaded = overloadedBy(program);
	const meter = { pieces: 0 };
	const only = (rule: Rule): number | undefined => {
		const [line, ...more] = lines.get(rule) ?? [];
		return more.length > 0 ? undefined : line;
	};
	const boxesOf = (rule: Rule) => {
		const line = only(rule);
		return line === undefined ? undefined : views.map((view) => view.boxes[line]);
	};
	const takes = (pass: Rule, block: Rule): boolean => {
		// Both have boxes, so each is one line.
		const [own, theirs] = [only(pass), only(block)] as [number, number];
		return decide([own], insideOf(views, theirs), program, space, meter).kind === "live";
	};
	const found = new Map<Rule, readonly Rule[]>();
	const stops = new Set(findings.flatMap(({ rule, finding }) => (finding.kind === "live" || finding.kind === "undecided" ? [rule] : [])));
	for (const { rules } of [main, ...anchors.values()]) {
		for (const [index, rule] of rules.entries()) {
			if (!stops.has(rule) || !goesOn()) continue;
			const passes = passedBelow(rules, index, { boxesOf, takes, isOverloaded: (table) => overloaded.has(table) });
			if (passes !== undefined) found.set(rule, passes);
			yield meter.pieces;
			meter.pieces = 0;
		}
	}
	return findings.map((one) => {
		const passes = found.get(one.rule);
		return passes === undefined ? one : { ...one, passedBelow: passes };
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

/** The interfaces that packets are supposed to cross: those of the host and those that rules name. */
export function namesOf({ lines }: Program, interfaces: readonly KnownInterface[] | undefined): string[] {
	const names = new Set(interfaces?.map((one) => one.name));
	const groups = new Set(interfaces?.flatMap((one) => one.groups));
	for (const { rule } of lines)
		for (const name of [rule.interface, rule.receivedOn]) if (/\d$/.test(name) && !groups.has(name)) names.add(name);
	if (interfaces === undefined) for (let i = 0; ; i++) if (!names.has(`other${i}`)) return [...names, `other${i}`];
	return [...names];
}

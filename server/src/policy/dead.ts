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
import { type Boxes, generalRules, REACH } from "./subsumption.ts";
import { chooseAddress } from "./translate.ts";
import { type ChooseAddress, type View, viewOf } from "./view.ts";

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

/** What a search has found. */
export interface Searched {
	readonly findings: readonly RuleFinding[];
	/** Undefined where the anchors could not all be followed. */
	readonly basis: Basis | undefined;
}

/** All that the next search can go on from. */
interface Basis {
	/** Without what other rules make needless. */
	readonly findings: readonly RuleFinding[];
	readonly general: ReadonlyMap<Rule, Rule>;
	readonly passedBelow: ReadonlyMap<Rule, readonly Rule[]>;
	readonly ruleset: Ruleset;
	readonly interfaces: readonly KnownInterface[] | undefined;
	readonly program: Program;
	readonly names: readonly string[];
	readonly space: Space;
	readonly views: readonly View[];
	/** The rules that decide nothing for certain: few. */
	readonly lifeless: ReadonlySet<Rule>;
}

/**
 * The same in portions, for callers that have other things to do in between. Each portion gives how much work it was,
 * in pieces and rules looked at; ten thousand of them take some 10 ms.
 *
 * @param earlier the search over the rules before an edit: what the edit cannot have to do with is not looked at again
 * @param work how much is done for all rules together; those that are left then are undecided
 */
export function* searchDeadRules(
	ruleset: Ruleset,
	interfaces: readonly KnownInterface[] | undefined,
	earlier?: Searched,
	work?: number,
): Generator<number, Searched, void> {
	const program = programOf(ruleset);
	const size = program.lines.length;
	yield size;
	const network = interfacesOf(interfaces);
	if (!program.complete) return { findings: [], basis: undefined };
	const tables = lastingTablesOf(ruleset, overloadedBy(program));
	const names = namesOf(program, interfaces);
	const around = { ruleset, interfaces: network, tables, names };
	const known = earlier?.basis;
	const before =
		known !== undefined && goesOn(known, { ruleset, interfaces, names, program }) && known.space.covers(program.lines) ? known : undefined;
	const space = before?.space ?? new Space(around, program.lines);
	yield size;
	const edit = before && editOf(before, program);
	const choose: ChooseAddress = (rule, path, family) => chooseAddress(rule, family, { interfaces: network, tables, path });
	const views: View[] = [];
	for (const [number, packetClass] of CLASSES.entries()) {
		const isReplaced = edit !== undefined && edit.gone.length === edit.come.length;
		const was = isReplaced ? { view: edit.before.views[number] as View, changed: edit.come } : undefined;
		views.push(viewOf(program, space, packetClass, choose, was));
		yield size;
	}
	const places = new Map<Rule, number[]>();
	for (const [index, line] of program.lines.entries()) {
		if (line.kind !== "rule") continue;
		const own = places.get(line.rule);
		if (own === undefined) places.set(line.rule, [index]);
		else own.push(index);
	}
	const keptOf = edit && keptFindings(edit, program, views, places.size);
	const findings: RuleFinding[] = [];
	/** Those that were not kept. */
	const fresh: RuleFinding[] = [];
	const lastPass = program.lines.findLastIndex(({ rule }) => rule.action === "pass");
	const long = new Set<Span>();
	let left = work ?? WORK + WORK_OF_LINE * size;
	for (const [rule, lines] of places) {
		const [first = 0] = lines;
		const found = keptOf?.(rule, lines, findings.length);
		if (found !== undefined) {
			findings.push(found);
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
		const openedBy =
			mayDecide(finding) && left > 0 && rule.action === "block" && !rule.quick && first < lastPass ? openersOf(search) : undefined;
		const own = { rule, anchor: (program.lines[first] as ProgramLine).path, finding, ...(openedBy && { openedBy }) };
		findings.push(own);
		fresh.push(own);
		left -= meter.pieces;
		yield meter.pieces;
	}
	const lifeless = new Set<Rule>();
	const never = new Set<Rule>();
	for (const { rule, finding } of findings) {
		if (finding.kind !== "live") lifeless.add(rule);
		if (!mayDecide(finding)) never.add(rule);
	}
	const boxesOf = boxesBy(places, views);
	const looked = {
		ruleset,
		lines: places,
		views,
		program,
		space,
		boxesOf,
		before: edit && { ...edit.before, fresh: new Set(fresh.map(({ rule }) => rule)), near: nearEdit(edit.before, ruleset, fresh) },
	};
	const general = yield* generalOf(looked, lifeless);
	const search = idleBlocks(looked, never, () => left > 0);
	let next = search.next();
	for (; next.done !== true; next = search.next()) {
		left -= next.value;
		yield next.value;
	}
	const idle = next.value;
	const told = findings.map((found): RuleFinding => {
		const by = general.get(found.rule);
		const passes = idle.get(found.rule);
		if (by === undefined && passes === undefined) return found;
		return { ...found, ...(by && { general: by }), ...(passes && { passedBelow: passes }) };
	});
	return { findings: told, basis: { findings, general, passedBelow: idle, ruleset, interfaces, program, names, space, views, lifeless } };
}

function mayDecide({ kind }: Finding): boolean {
	return kind === "live" || kind === "undecided";
}

/** So much work is done for a search, and so much more for each line. */
const WORK = 4_000_000;
const WORK_OF_LINE = 400;

/** A search that ends without an answer is not repeated for the same statement where it took so many pieces. */
const LONG = 1000;

const NEVER_ASKED: Finding = { kind: "impossible" };
const UNDECIDED: Finding = { kind: "undecided" };

/** Whether the same packets cross the same interfaces, and tables hold the same. */
function goesOn(earlier: Basis, now: Pick<Basis, "ruleset" | "interfaces" | "names" | "program">): boolean {
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
export function overloadedBy({ lines }: Program): ReadonlySet<string> {
	const tables = new Set<string>();
	for (const { rule } of lines) if (rule.stateOptions.overload !== undefined) tables.add(rule.stateOptions.overload.table);
	return tables;
}

/** Edits of more rules than this are looked into as a whole. */
const MOST_CHANGED = 64;

/** What an edit has made of the lines of a program, where those that went and came are rules that make nothing of packets. */
interface Edit {
	readonly before: Basis;
	/** The lines that it has taken away, by what they were. */
	readonly gone: readonly number[];
	/** Those that it has brought, by what they are. */
	readonly come: readonly number[];
}

/** Undefined where more was edited than this: rules that change packets, calls, or too many lines. */
function editOf(before: Basis, { lines: now }: Program): Edit | undefined {
	const old = before.program.lines;
	const [head, tail] = commonEnds(old, now, sameLine);
	const gone = range(head, old.length - tail);
	const come = range(head, now.length - tail);
	if (gone.length + come.length > MOST_CHANGED) return undefined;
	const isOfPlain = gone.every((index) => isPlain(old[index] as ProgramLine)) && come.every((index) => isPlain(now[index] as ProgramLine));
	return isOfPlain ? { before, gone, come } : undefined;
}

/** The finding of a rule before an edit, which is still so; undefined where it may not be. @param at which finding is asked for */
type Kept = (rule: Rule, lines: readonly number[], at: number) => RuleFinding | undefined;

/**
 * What is still so after an edit: of rules that match no packet which a changed rule matches, before or after.
 *
 * @param count of the findings after it
 */
function keptFindings({ before, gone, come }: Edit, { lines: now }: Program, views: readonly View[], count: number): Kept {
	const touches = views.flatMap((view, number) => {
		const was = before.views[number] as View;
		const changed = [...gone.map((index) => was.boxes[index]), ...come.map((index) => view.boxes[index])].filter(
			(box) => box !== undefined,
		);
		// Most classes have no packets that the edit has to do with.
		if (changed.length === 0) return [];
		// What rules make of packets, they may make of those of another place.
		const fixed = (dimension: Dimension) => view.firstChange[dimension] >= now.length;
		return (index: number) => {
			const box = view.boxes[index];
			return box !== undefined && changed.some((other) => meets(box, other, fixed));
		};
	});
	const edited = new Set(come.map((index) => (now[index] as ProgramLine).rule));
	const foundBefore = findingsBefore(before.findings, count);
	return (rule, lines, at) => {
		const found = foundBefore(rule, at);
		if (found === undefined || edited.has(rule)) return undefined;
		for (const index of lines) for (const touch of touches) if (touch(index)) return undefined;
		return found;
	};
}

/** Findings as they were, by rule and by which one it is now: before and behind the edit they stand in the same order. */
function findingsBefore(old: readonly RuleFinding[], count: number): (rule: Rule, at: number) => RuleFinding | undefined {
	let byRule: ReadonlyMap<Rule, RuleFinding> | undefined;
	return (rule, at) => {
		const ahead = old[at];
		if (ahead?.rule === rule) return ahead;
		const behind = old[at + old.length - count];
		if (behind?.rule === rule) return behind;
		byRule ??= new Map(old.map((found) => [found.rule, found]));
		return byRule.get(rule);
	};
}

/** Whether a line is of a rule that makes nothing of packets. */
function isPlain({ kind, rule }: ProgramLine): boolean {
	return kind === "rule" && rule.tag === "" && rule.nat === undefined && rule.rdr === undefined;
}

function sameLine(x: ProgramLine, y: ProgramLine): boolean {
	return x.rule === y.rule && x.path === y.path;
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

/** What all rules of a ruleset are looked for in. */
interface Around {
	readonly ruleset: Ruleset;
	readonly lines: ReadonlyMap<Rule, readonly number[]>;
	readonly views: readonly View[];
	readonly program: Program;
	readonly space: Space;
	readonly boxesOf: (rule: Rule) => Boxes | undefined;
	readonly before: Before | undefined;
}

/** What the search before an edit has found, and what of it may still be so. */
interface Before extends Pick<Basis, "general" | "passedBelow"> {
	/** The rules that were looked at again; the edit has nothing to do with the packets of the others. */
	readonly fresh: ReadonlySet<Rule>;
	/** By list: marks the rules that stand within reach of one that has changed, or lives as it did not before. */
	readonly near: ReadonlyMap<readonly Rule[], Uint8Array>;
}

/** The only place of a rule; undefined for one of an anchor that is called from several places: it has several boxes. */
function onlyLine(lines: Around["lines"], rule: Rule): number | undefined {
	const own = lines.get(rule);
	return own?.length === 1 ? own[0] : undefined;
}

function boxesBy(lines: Around["lines"], views: readonly View[]): Around["boxesOf"] {
	const known = new Map<Rule, Boxes>();
	return (rule) => {
		let boxes = known.get(rule);
		if (boxes !== undefined) return boxes;
		const line = onlyLine(lines, rule);
		if (line === undefined) return undefined;
		boxes = views.map((view) => view.boxes[line]);
		known.set(rule, boxes);
		return boxes;
	};
}

/** @param fresh what was found of the rules that were looked at again: no other can live where it did not, or no longer */
function nearEdit(before: Basis, { main, anchors }: Ruleset, fresh: readonly RuleFinding[]): Before["near"] {
	const changed = new Set<Rule>();
	for (const { rule, finding } of fresh) if (before.lifeless.has(rule) === (finding.kind === "live")) changed.add(rule);
	const old = new Map([before.ruleset.main, ...before.ruleset.anchors.values()].map(({ path, rules }) => [path, rules]));
	return new Map([main, ...anchors.values()].map(({ path, rules }) => [rules, nearChanges(old.get(path) ?? [], rules, changed)]));
}

/** The more general rule of each rule that has one. */
function* generalOf(
	{ ruleset: { main, anchors }, boxesOf, before }: Around,
	lifeless: ReadonlySet<Rule>,
): Generator<number, ReadonlyMap<Rule, Rule>, void> {
	const general = new Map<Rule, Rule>();
	for (const { rules } of [main, ...anchors.values()]) {
		const near = before?.near.get(rules);
		const wanted = (index: number) => near === undefined || near[index] === 1;
		for (const [rule, by] of yield* generalRules(rules, boxesOf, (one) => !lifeless.has(one), wanted)) general.set(rule, by);
		if (before === undefined || before.general.size === 0) continue;
		for (const [index, rule] of rules.entries()) {
			const by = wanted(index) ? undefined : before.general.get(rule);
			if (by !== undefined) general.set(rule, by);
		}
	}
	return general;
}

/** The blocks that have no effect beside others, with what passes below them, as long as `goesOn` says so. */
function* idleBlocks(
	{ ruleset: { main, anchors }, lines, views, program, space, boxesOf, before }: Around,
	never: ReadonlySet<Rule>,
	goesOn: () => boolean,
): Generator<number, ReadonlyMap<Rule, readonly Rule[]>, void> {
	const overloaded = overloadedBy(program);
	const meter = { pieces: 0 };
	const takes = (pass: Rule, block: Rule): boolean => {
		// Both have boxes, so each is one line.
		const [own, theirs] = [onlyLine(lines, pass), onlyLine(lines, block)] as [number, number];
		return decide([own], insideOf(views, theirs), program, space, meter).kind === "live";
	};
	const found = new Map<Rule, readonly Rule[]>();
	const asked = { boxesOf, takes, isOverloaded: (table: string) => overloaded.has(table) };
	for (const { rules } of [main, ...anchors.values()]) {
		const near = before?.near.get(rules);
		for (const [index, rule] of rules.entries()) {
			if (rule.action !== "block" || !lines.has(rule) || never.has(rule) || !goesOn()) continue;
			const isKept = near?.[index] === 0 && before?.fresh.has(rule) === false;
			const passes = isKept ? before.passedBelow.get(rule) : passedBelow(rules, index, asked);
			if (passes !== undefined) found.set(rule, passes);
			yield meter.pieces;
			meter.pieces = 0;
		}
	}
	return found;
}

/** Marks the rules of a list that stand within reach of one that has changed, or lives as it did not before. */
function nearChanges(old: readonly Rule[], now: readonly Rule[], changed: ReadonlySet<Rule>): Uint8Array {
	const near = new Uint8Array(now.length);
	const mark = (from: number, to: number) => near.fill(1, Math.max(0, from - REACH), to + REACH);
	const [head, tail] = commonEnds(old, now, (x, y) => x === y);
	if (head + tail < Math.max(old.length, now.length)) mark(head, now.length - tail);
	if (changed.size > 0) for (const [index, rule] of now.entries()) if (changed.has(rule)) mark(index, index + 1);
	return near;
}

/** The interfaces that packets are supposed to cross: those of the host and those that rules name. */
export function namesOf({ lines }: Program, interfaces: readonly KnownInterface[] | undefined): string[] {
	const names = new Set(interfaces?.map((one) => one.name));
	const groups = new Set(interfaces?.flatMap((one) => one.groups));
	for (const { rule } of lines)
		for (const name of [rule.interface, rule.receivedOn]) if (!names.has(name) && /\d$/.test(name) && !groups.has(name)) names.add(name);
	if (interfaces === undefined) for (let i = 0; ; i++) if (!names.has(`other${i}`)) return [...names, `other${i}`];
	return [...names];
}

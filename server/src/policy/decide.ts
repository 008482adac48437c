/** Whether some packet is decided by a rule: pieces of what it matches are followed through the lines around it. */
import type { Rule } from "../pf/rules.ts";
import { difference, holds, type Intervals, intersection, overlap } from "./intervals.ts";
import { isSame } from "./lists.ts";
import type { Packet } from "./packet.ts";
import type { Program, ProgramLine } from "./program.ts";
import type { Box, Dimension, EachDimension, Region, Space } from "./space.ts";
import { CHANGING, UNKNOWN, type View } from "./view.ts";

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

/** Pieces looked at for one rule, before it is left undecided. */
const BUDGET = 5_000;

/** Work for one rule in all, which is done in one go: some 10 ms. */
const MOST_WORK = 10_000;

/** So many lines take as long as a piece does. */
const LINES = 16;

/** How deep pieces of pieces are followed: JavaScript's stack is not for ever. */
const MAX_RECURSION = 2000;

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
export function decide(
	lines: readonly number[],
	views: readonly View[],
	program: Program,
	space: Space,
	meter: { pieces: number },
): Finding {
	const blame = new Set<number>();
	let matched = false;
	let open = false;
	for (const lenient of [false, true]) {
		for (const target of lines) {
			for (const view of views) {
				const box = view.boxes[target];
				if (box === undefined) continue;
				if (meter.pieces > MOST_WORK) return { kind: "undecided" };
				for (const start of startsOf(view, target, box)) {
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
	const rules = [...new Set(by.map((index) => (program.lines[index] as ProgramLine).rule))];
	// What matched it and was not decided by it was taken by what is below.
	return { kind: matched ? "overridden" : "shadowed", by: rules };
}

/**
 * The pieces to begin with: the packets that the target matches as they come, and all that rules before it could change into
 * such.
 */
function startsOf({ whole, firstChange }: View, target: number, { constraints }: Box): readonly Region[] {
	const own: EachDimension<Intervals> = [...whole];
	let differ = false;
	for (const { dimension, set } of constraints) {
		own[dimension] = intersection(whole[dimension], set);
		if (firstChange[dimension] < target) differ = true;
	}
	if (!differ) return isEmpty(own) ? [] : [own];
	const changeable: EachDimension<Intervals> = [...own];
	for (const { dimension } of constraints) if (firstChange[dimension] < target) changeable[dimension] = whole[dimension];
	return [own, changeable].filter((region) => !isEmpty(region));
}

function isEmpty(region: Region): boolean {
	return region.some((set) => set.length === 0);
}

/** A piece of `region` that the target decides, if there is one; `reached` once the target has matched it. */
function walk(search: Search, from: number, region: Region, changed: Changed, reached: boolean): Region | undefined {
	const { view, program, target } = search;
	const { lines } = program;
	// A piece only gets smaller, so it keeps the one value that it has in a dimension.
	const around = (reached ? view.after : view.before).of(region, (dimension) => changed[dimension] === undefined);
	const end = reached ? (lines[target] as ProgramLine).scope : target;
	let piece = region;
	let next = from;
	for (;;) {
		const index = Math.min(around.next(next), end);
		if (index >= end && reached) return piece;
		search.lines++;
		next = index + 1;
		const line = lines[index] as ProgramLine;
		const box = view.boxes[index];
		const role = index === target ? "target" : line.kind === "call" ? "call" : roleOf(line, index, target);
		if (box === undefined) {
			// Only calls are among the lines without one; no packet of the class comes into this anchor.
			if (isInside(target, line, index)) return undefined;
			next = line.end;
			continue;
		}
		const cut = cutOf(piece, box, changed);
		if (cut === undefined) {
			if (role === "target") return undefined;
			if (role === "call") {
				if (isInside(target, line, index)) return undefined;
				next = line.end;
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
		const insideCall = isInside(target, line, index);
		if (certain || search.lenient) {
			if (view.effects[index]?.fails === true) {
				// The packet is dropped for the translation; the last rule that had matched is the one that is told.
				if (reached) return cut.inside;
				search.blame.add(index);
			} else {
				const found = descend(search, index + 1, cut.inside, withEffect(search, index, changed), reached);
				if (found !== undefined) return found;
			}
		}
		if (insideCall) return undefined;
		// A rule that is gone after its first packet leaves all others as they are.
		for (const rest of !line.rule.once && (certain || !search.lenient) ? restsOf(piece, cut) : [piece]) {
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

/** Whether a line is in the anchor that a call leads to. */
function isInside(target: number, { end }: ProgramLine, call: number): boolean {
	return target > call && target < end;
}

/** What a rule is for the target: undefined where it may do no more than change packets. */
type Role = "decides" | "ends" | "perhaps" | undefined;

/** A rule with `once` is gone after its first packet, so it takes nothing away for good. */
function roleOf({ rule, final, scope }: ProgramLine, index: number, target: number): Role {
	if (rule.once) return undefined;
	if (rule.action === "match") {
		if (rule.quick) return index < target ? "decides" : "ends";
		return undefined;
	}
	if (index > target) return "decides";
	return final === "quick" || scope <= target ? BEFORE[final] : undefined;
}

/** What a rule before the target is for it, where what it ends is behind. */
const BEFORE: Readonly<Record<ProgramLine["final"], Role>> = { quick: "decides", "at scope": "decides", perhaps: "perhaps", no: undefined };

function withEffect({ view }: Search, index: number, changed: Changed): Changed {
	const effect = view.effects[index];
	if (effect === undefined) return changed;
	const next: (number | undefined)[] = [...changed];
	for (const [field, dimension] of CHANGING) if (effect[field] !== undefined) next[dimension] = effect[field];
	return next;
}

/** The part of a piece that a box matches. */
export interface Cut {
	readonly inside: Region;
	/** The dimensions in which it is smaller than the piece. */
	readonly narrowed: readonly Dimension[];
	/** Something that a translation made unknown decides whether it matches. */
	readonly unknown: boolean;
}

const NOWHERE: readonly Dimension[] = [];

export function cutOf(piece: Region, { constraints }: Pick<Box, "constraints">, changed: Changed): Cut | undefined {
	let unknown = false;
	for (const { dimension, set } of constraints) {
		const value = changed[dimension];
		if (value === undefined) {
			if (!overlap(piece[dimension], set)) return undefined;
		} else if (value === UNKNOWN) unknown = true;
		else if (!holds(set, value)) return undefined;
	}
	let inside: EachDimension<Intervals> | undefined;
	let narrowed: Dimension[] | undefined;
	for (const { dimension, set } of constraints) {
		if (changed[dimension] !== undefined) continue;
		const own = piece[dimension];
		const common = intersection(own, set);
		if (common === own || isSame(common, own)) continue;
		inside ??= [...piece];
		inside[dimension] = common;
		narrowed ??= [];
		narrowed.push(dimension);
	}
	return { inside: inside ?? piece, narrowed: narrowed ?? NOWHERE, unknown };
}

/** The piece without the part that was cut out of it, as pieces that do not overlap. */
export function restsOf(piece: Region, { inside, narrowed }: Cut): Region[] {
	const rests: Region[] = [];
	let left: Region = piece;
	// Interfaces come first: rules for others then have nothing to do with what is left.
	for (const dimension of narrowed.toSorted((x, y) => x - y)) {
		const [rest, next]: [EachDimension<Intervals>, EachDimension<Intervals>] = [[...left], [...left]];
		rest[dimension] = difference(piece[dimension], inside[dimension]);
		rests.push(rest);
		next[dimension] = inside[dimension];
		left = next;
	}
	return rests;
}

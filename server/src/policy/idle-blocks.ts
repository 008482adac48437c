/**
 * Blocks of certain addresses that have no effect, although they match: rules below pass the packets that they are for, and a
 * block above stops all others. Nothing that a person writes a rule for stays of them.
 */
import type { Rule } from "../pf/rules.ts";
import { isSelective } from "./fate.ts";
import { type Boxes, changes, covers, meet, REACH } from "./subsumption.ts";

/** Later rules that are looked at for one block. */
const MOST_LATER = 50;

/** What the search asks of the rules of one list. */
export interface Asked {
	/** What a rule matches; undefined for a call of an anchor, and for one that is asked in several places. */
	readonly boxesOf: (rule: Rule) => Boxes | undefined;
	/** Whether a pass certainly decides on some packet that a block matches. */
	readonly takes: (pass: Rule, block: Rule) => boolean;
	/** Whether a table is filled by `overload`: a check of its own tells of its blocks. */
	readonly isOverloaded: (table: string) => boolean;
}

/** Whether a pass asks for no addresses where a block does, so it was not written as an exception to that. */
function isGeneralOf(pass: Rule, block: Rule): boolean {
	return (["source", "destination"] as const).every((end) => !isSelective(block[end]) || !isSelective(pass[end]));
}

/**
 * The rules below that pass what a block is for: none where it has an effect, or where a block above decides the same of all its
 * packets; undefined where it is needed.
 *
 * @param rules the rules of one list, a main ruleset or an anchor
 */
export function passedBelow(rules: readonly Rule[], index: number, { boxesOf, takes, isOverloaded }: Asked): readonly Rule[] | undefined {
	const block = rules[index] as Rule;
	if (block.action !== "block" || block.quick) return undefined;
	const ends = [block.source, block.destination];
	if (!ends.some(isSelective)) return undefined;
	if (ends.some(({ address }) => address.kind === "table" && isOverloaded(address.name))) return undefined;
	const own = boxesOf(block);
	if (own === undefined || !hasSubstitute(rules, index, own, boxesOf)) return undefined;
	const found: Rule[] = [];
	let left = MOST_LATER;
	for (const other of rules.slice(index + 1)) {
		if (other.action !== "pass" || !isGeneralOf(other, block)) continue;
		const boxes = boxesOf(other);
		if (boxes === undefined || !meet(boxes, own)) continue;
		if (left-- === 0) break;
		if (takes(other, block)) found.push(other);
	}
	return found;
}

/** Whether a block above decides alike on all that a block matches, with nothing between that would decide otherwise. */
function hasSubstitute(rules: readonly Rule[], index: number, own: Boxes, boxesOf: Asked["boxesOf"]): boolean {
	for (let at = index - 1; at >= 0 && index - at <= REACH; at--) {
		const other = rules[at] as Rule;
		const boxes = boxesOf(other);
		if (boxes === undefined) return false;
		if (other.action === "block") {
			if (!other.quick && covers(boxes, own)) return true;
		} else if ((other.action === "pass" || changes(other)) && meet(boxes, own)) return false;
	}
	return false;
}

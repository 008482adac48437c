/**
 * Rules that decide, and that nobody would miss: without them a more general rule decides the same of their packets.
 * Part of what pfctl's optimiser removes (sbin/pfctl/pfctl_optimize.c, rules that are a superset of others).
 */
import type { Rule } from "../pf/rules.ts";
import { difference, type Intervals, overlap } from "./intervals.ts";
import type { Box, Dimension } from "./space.ts";

/** How far a more general rule is looked for, in rules of the same list. */
export const REACH = 100;

/** Other work may be done after so many rules. */
const PORTION = 500;

/** What a rule matches, by the class of packets. */
export type Boxes = readonly (Box | undefined)[];

/**
 * The more general rule of each rule that has one, among the rules of one list (a main ruleset or an anchor). In portions,
 * which give how many rules were looked at.
 *
 * @param boxesOf what a rule matches; undefined for one that is not looked at
 * @param alive whether a rule decides anything: one that does not cannot stand in for another
 * @param wanted whether it is asked of the rule at an index
 */
export function* generalRules(
	rules: readonly Rule[],
	boxesOf: (rule: Rule) => Boxes | undefined,
	alive: (rule: Rule) => boolean,
	wanted: (index: number) => boolean,
): Generator<number, ReadonlyMap<Rule, Rule>, void> {
	// Rules with the same number have the same effects; those that do more than decide have none.
	const kinds = new Map<string, number>();
	/** By rule, from 1 on; -1 for none, 0 where it was not asked for yet: after an edit few are. */
	const known = new Int32Array(rules.length);
	const kindOf = (index: number): number => {
		if (known[index] === 0) {
			const key = keyOf(rules[index] as Rule);
			const kind = key === undefined ? -1 : (kinds.get(key) ?? kinds.size + 1);
			if (key !== undefined) kinds.set(key, kind);
			known[index] = kind;
		}
		return known[index] as number;
	};
	const found = new Map<Rule, Rule>();
	for (let index = 0; index < rules.length; index++) {
		if (index % PORTION === PORTION - 1) yield PORTION;
		if (!wanted(index)) continue;
		const rule = rules[index] as Rule;
		const kind = kindOf(index);
		const own = kind < 0 || !alive(rule) ? undefined : boxesOf(rule);
		if (own === undefined) continue;
		// A quick rule is stood in for by a later one, any other by an earlier one.
		const step = rule.quick ? 1 : -1;
		for (let at = index + step; Math.abs(at - index) <= REACH; at += step) {
			const other = rules[at];
			if (other === undefined || other.anchor !== undefined) break;
			if (kindOf(at) === kind) {
				const general = boxesOf(other);
				if (general !== undefined && covers(general, own) && alive(other)) {
					found.set(rule, other);
					break;
				}
				continue;
			}
			// Between a quick rule and the one that stands in for it, only quick rules and changes of the packet matter.
			const matters = other.action === "match" ? changes(other) : rule.quick ? other.quick || other.tag !== "" : true;
			if (!matters) continue;
			const between = boxesOf(other);
			if (between === undefined || meet(between, own)) break;
		}
	}
	return found;
}

const keys = new WeakMap<Rule, string | undefined>();

/** What a rule does where it decides; undefined for one that does more than that. */
function keyOf(rule: Rule): string | undefined {
	if (keys.has(rule)) return keys.get(rule);
	const key = rule.action !== "match" && isPlain(rule) ? `${rule.action} ${rule.quick} ${effects(rule)}` : undefined;
	keys.set(rule, key);
	return key;
}

/** A rule that does nothing but decide. */
function isPlain(rule: Rule): boolean {
	const { tag, label, nat, rdr, route, divert, once, scrub, set, limiters } = rule;
	const parts = [nat, rdr, route, divert, scrub, set];
	return tag === "" && label === "" && !once && limiters.length === 0 && parts.every((part) => part === undefined);
}

/** Whether a match rule makes something of the packet that later rules ask for. */
export function changes({ tag, nat, rdr, quick }: Rule): boolean {
	return quick || tag !== "" || nat !== undefined || rdr !== undefined;
}

/** What a decision of the rule does beside the verdict. */
function effects({ log, blockReturn, state, stateOptions, allowOptions, rtable }: Rule): string {
	return [log && inJson(log), inJson(blockReturn), inJson(stateOptions), state, allowOptions, rtable].join();
}

/** Rules share what they have alike, so most of it has been written before. */
const written = new WeakMap<object, string>();

function inJson(value: object): string {
	const text = written.get(value) ?? JSON.stringify(value);
	written.set(value, text);
	return text;
}

/** Whether one rule certainly matches all that the other can match. */
export function covers(general: Boxes, special: Boxes): boolean {
	for (const [index, box] of special.entries()) {
		if (box === undefined) continue;
		const outer = general[index];
		if (outer === undefined || outer.partial) return false;
		for (const { dimension, set } of outer.constraints) {
			const own = setOf(box, dimension);
			if (own === undefined || difference(own, set).length > 0) return false;
		}
	}
	return true;
}

function setOf({ constraints }: Box, dimension: Dimension): Intervals | undefined {
	for (const one of constraints) if (one.dimension === dimension) return one.set;
	return undefined;
}

/** Whether some packet may match both. */
export function meet(one: Boxes, other: Boxes): boolean {
	return one.some((box, index) => {
		const second = other[index];
		if (box === undefined || second === undefined) return false;
		return box.constraints.every(({ dimension, set }) => {
			const own = setOf(second, dimension);
			return own === undefined || overlap(own, set);
		});
	});
}

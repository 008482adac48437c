/** The rules that a host's files make, beside those that it has loaded. */
import type { Rule } from "../pf/rules.ts";
import { printingOf, printRule } from "../pf/ruleset/print.ts";
import type { PfFacts } from "./filter.ts";

/** A loaded rule: as pfctl prints it, and the path of its anchor. */
interface Loaded {
	readonly anchor: string;
	readonly text: string;
}

/**
 * Finds for each rule of the files the one that the host has loaded: the next in its anchor that reads the same. pfctl leaves
 * out rules that another makes superfluous, and the host may run an older ruleset: those have no counterpart.
 */
export function loadedRulesOf<One extends Loaded>(
	{ ruleset, release }: PfFacts,
	loaded: readonly One[],
): readonly (readonly [Rule, One])[] {
	const found: (readonly [Rule, One])[] = [];
	const printing = printingOf(release);
	const byAnchor = new Map<string, One[]>();
	for (const rule of loaded) {
		const known = byAnchor.get(rule.anchor);
		if (known === undefined) byAnchor.set(rule.anchor, [rule]);
		else known.push(rule);
	}
	for (const [anchor, all] of byAnchor) {
		const own = anchor === "" ? ruleset.main.rules : (ruleset.anchors.get(anchor)?.rules ?? []);
		const places = new Map<string, One[]>();
		for (const one of all) {
			const same = places.get(one.text);
			if (same === undefined) places.set(one.text, [one]);
			else same.push(one);
		}
		for (const rule of own) {
			const next = places.get(printRule(rule, printing))?.shift();
			if (next !== undefined) found.push([rule, next]);
		}
	}
	return found;
}

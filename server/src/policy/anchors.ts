import type { Anchor, Rule, Ruleset } from "../pf/rules.ts";
import { anchorsDirectlyBelow } from "../pf/ruleset/anchor-tree.ts";

/**
 * The anchors that a rule calls, in the order of evaluation: the named one, or for a wildcard all that are directly
 * below, in the order of strcmp(3). An anchor that has no rules here is empty.
 */
export function anchorCalls(ruleset: Ruleset): (rule: Rule) => readonly Anchor[] {
	return ({ anchor }) => {
		if (anchor === undefined) return [];
		const { path, wildcard } = anchor;
		if (!wildcard) return [ruleset.anchors.get(path) ?? (path === "" ? ruleset.main : { path, rules: [], tables: [] })];
		return anchorsDirectlyBelow(ruleset.anchors, path);
	};
}

/** Whether a rule calls anchors that have no rules here: programs such as relayd(8) fill those while pf runs. */
export function callsOpenAnchors(ruleset: Ruleset): boolean {
	const called = anchorCalls(ruleset);
	return [ruleset.main, ...ruleset.anchors.values()].some(({ rules }) =>
		rules.some((rule) => rule.anchor !== undefined && called(rule).every((anchor) => anchor.rules.length === 0)),
	);
}

/** The rules that the files of a host make, as pfctl shows rules that are loaded. */

import type { Rule } from "../pf/rules.ts";
import { printingOf, printRule } from "../pf/ruleset/print.ts";
import type { PfFacts } from "./filter.ts";

/** As `pfctl -a '*' -s rules` prints rules that are loaded, those of anchors in blocks below their calls (pfctl.c, pfctl_show_rules()). */
export function rulesetText({ ruleset, release }: PfFacts): string {
	const printing = printingOf(release);
	const lines: string[] = [];
	const rulesAt = (path: string): readonly Rule[] => (path === "" ? ruleset.main.rules : (ruleset.anchors.get(path)?.rules ?? []));
	const open = new Set<string>();
	const show = (path: string, depth: number, wildcard: boolean): void => {
		// An anchor that calls itself, by way of others, ends here; pfctl ends at a depth.
		if (open.has(path)) return;
		open.add(path);
		const indent = "  ".repeat(depth);
		for (const rule of rulesAt(path)) {
			lines.push(`${indent}${printRule(rule, printing)}${rule.anchor === undefined ? "" : " {"}`);
			if (rule.anchor === undefined) continue;
			show(rule.anchor.path, depth + 1, rule.anchor.wildcard);
			lines.push(`${indent}}`);
		}
		for (const name of wildcard ? childrenOf(ruleset.anchors.keys(), path) : []) {
			lines.push(`${indent}anchor "${name}" all {`);
			show(path === "" ? name : `${path}/${name}`, depth + 1, false);
			lines.push(`${indent}}`);
		}
		open.delete(path);
	};
	show("", 0, false);
	return lines.map((line) => `${line}\n`).join("");
}

function childrenOf(paths: Iterable<string>, parent: string): readonly string[] {
	const prefix = parent === "" ? "" : `${parent}/`;
	const names = [...paths]
		.filter((path) => path.startsWith(prefix) && path !== parent)
		.map((path) => path.slice(prefix.length).split("/")[0] ?? "");
	return [...new Set(names)].sort();
}

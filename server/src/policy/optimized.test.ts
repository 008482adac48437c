/** pfctl's own optimiser removes rules that another one covers: what it removes, the analysis must find dead. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { findDeadRules } from "./dead.ts";

const folder = new URL("../../../../shared/conformance/", import.meta.url);
const cases = new URL("pf-regress/", folder);

test.skipIf(!existsSync(cases))(
	"of pass and block rules, at least as many are found as pfctl's optimiser removes (needs ../shared/conformance)",
	() => {
		const interfaces = JSON.parse(readFileSync(new URL("interfaces.json", folder), "utf8"));
		const missed: string[] = [];
		let removed = 0;
		for (const file of readdirSync(cases).filter((name) => name.endsWith(".optimized"))) {
			const text = readFileSync(new URL(file.replace(".optimized", ".in"), cases), "utf8");
			const machine = systemOf({ interfaces, users: {}, groups: {} });
			const { ruleset, accepted } = readRuleset({ fileName: file, text, system: machine, anchor: "" });
			const optimized = [...readFileSync(new URL(file, cases), "utf8").matchAll(/^@\d+ (.*)$/gm)].map(([, rule = ""]) => rule);
			// Rules that are put together into tables are not removed for being covered.
			if (!accepted || optimized.some((rule) => rule.includes("<__automatic")) || optimized.length === 0) continue;
			const rules = ruleset.main.rules.filter(({ action, anchor }) => action !== "match" && anchor === undefined);
			const texts = new Set(rules.map((rule) => printRule(rule)));
			// Where the optimiser rewrites rules, the two lists cannot be compared.
			const kept = optimized.filter((rule) => /^(pass|block)/.test(rule));
			if (kept.some((rule) => !texts.has(rule))) continue;
			const gone = rules.length - kept.length;
			const needless = findDeadRules(ruleset, interfaces).filter(
				({ rule, finding, general }) => rule.action !== "match" && (general !== undefined || !["live", "undecided"].includes(finding.kind)),
			).length;
			removed += gone;
			// Which of two that cover each other is removed is a matter of taste, how many is not.
			if (gone > needless) missed.push(`${file}: ${gone} removed, ${needless} found`);
		}
		expect(missed).toEqual([]);
		expect(removed).toBeGreaterThan(50);
	},
);

/** Rules that a running host has not counted a packet for, as its readings show. */
import { describe } from "../text/check.ts";
import type { Diagnostic, DiagnosticCatalog } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import type { Span } from "../text/span.ts";
import type { CountedRule, RuleCounters } from "./live.ts";
import { loadedRulesOf } from "./loaded-rules.ts";
import type { Host } from "./model.ts";

/** The code of what counters show. */
export const counterDiagnostics = {
	"live/never-counted": describe.hint(
		"A rule that the running host has counted no packet for",
		"No packet has matched this rule since the time that is told: it may be meant for what has gone, another rule may take its packets, or what it is for just has not happened.",
		"Look what the rule is for, and whether the time that is told is long enough for that. The setting openbsdVnet.live.neverCountedDays says after how many days this is told; 0 tells nothing.",
	),
} satisfies DiagnosticCatalog;

/**
 * The statements of a file of which no rule has counted for so many days as are asked for. One whose rules are not all loaded as they are
 * written says nothing.
 * @param called how the host is called in the editor
 */
export function neverCounted(
	{ pf }: Host,
	{ rules, taken, tellAfterDays = 0 }: RuleCounters,
	called: string,
	path: string,
): readonly Diagnostic[] {
	const isQuiet = ({ past }: CountedRule): boolean => (past?.daysWithout ?? -1) >= tellAfterDays;
	if (pf === undefined || !(tellAfterDays > 0) || !rules.some(isQuiet)) return [];
	const loaded = new Map(loadedRulesOf(pf, rules));
	const statements = new Map<number, { readonly span: Span; readonly counted: (CountedRule | undefined)[] }>();
	for (const { rules: own } of [pf.ruleset.main, ...pf.ruleset.anchors.values()]) {
		for (const rule of own) {
			const { file, span } = pf.place(rule);
			if (file !== path) continue;
			const known = statements.get(span.start);
			if (known === undefined) statements.set(span.start, { span, counted: [loaded.get(rule)] });
			else known.counted.push(loaded.get(rule));
		}
	}
	return [...statements.values()].flatMap(({ span, counted }) => {
		if (!counted.every((rule) => rule !== undefined && isQuiet(rule))) return [];
		const pasts = counted.flatMap((rule) => rule?.past ?? []);
		const days = Math.min(...pasts.map(({ daysWithout = 0 }) => daysWithout));
		const since = pasts.find(({ daysWithout }) => daysWithout === days)?.since ?? "";
		return [
			{
				code: "live/never-counted",
				severity: "hint" as const,
				span,
				message:
					days === 1
						? msg("{0} has counted no packet for this rule in a day, since {1} (as of {2})", called, since, taken)
						: msg("{0} has counted no packet for this rule in {1} days, since {2} (as of {3})", called, days, since, taken),
			},
		];
	});
}

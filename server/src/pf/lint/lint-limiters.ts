/** Checks of limiters (OpenBSD 7.9): what nothing is limited by, and what pfctl takes and the kernel does not. */
import { msg } from "../../text/message.ts";
import { type Span, shifted } from "../../text/span.ts";
import type { Limiter } from "../rules.ts";
import { error, hint, type LintStatement, type PfCheck, warning } from "./lint-check.ts";
import { fix, placed, withoutStatement } from "./lint-fixes.ts";
import { isAlone, notInBroken } from "./lint-names.ts";

/** Where a statement defines a limiter. */
function definitionOf({ tokens }: LintStatement, { kind, name }: Limiter): Span | undefined {
	return tokens.find(({ symbol }) => symbol?.kind === `${kind}-limiter` && symbol.use === "define" && symbol.name === name)?.span;
}

const _SCAN = "source limiter scan id 7 entries 1000 limit 100";

export const limiterChecks = {
	"pf/unused-limiter": hint.file(
		[
			"A limiter that no rule names",
			"It limits nothing: a limiter counts for the rules that name it.",
			"Name it in a `pass` rule, or remove it.",
		],
		(file, report) => {
			// Rules of anchors that are loaded by others may name it.
			if (!isAlone(file) || file.count("rule") === 0 || file.count("main call") > 0) return;
			const unused = [...file.names("limiter")].flatMap(([limiter]) => (file.count("limits", limiter) === 0 ? [limiter] : []));
			const names = notInBroken(file, new Set(unused.map((limiter) => limiter.replace(/^\w+ /, ""))));
			for (const statement of file.having("limiter", (limiter) => unused.includes(limiter))) {
				for (const limiter of statement.limiters) {
					const span = names.has(limiter.name) ? definitionOf(statement, limiter) : undefined;
					if (span === undefined) continue;
					report(shifted(span, statement.at), msg('No rule names the limiter "{0}"', limiter.name), {
						tags: ["unnecessary"],
						fixes: placed(fix(msg("Remove this limiter"), [withoutStatement(statement)], false), statement.at),
					});
				}
			}
		},
	),

	"pf/limiter-refused": error.statement(
		[
			"A source limiter that the kernel refuses",
			"pfctl does not judge these numbers of a source limiter, and `pfctl -n` accepts them. The kernel takes a rate of which both numbers are more than 0, and `above` of its table from 1 on: else no rule of the file is loaded, at boot too.",
			"Give numbers from 1 on, or leave the rate out.",
		],
		"limiters",
		(statement, report) => {
			for (const limiter of statement.limiters) {
				const { kind, name, rate, table } = limiter;
				const span = definitionOf(statement, limiter);
				if (kind !== "source" || span === undefined) continue;
				const advice = { advice: msg("No rule of this file is loaded then, at boot too.") };
				if (rate !== undefined && (rate.limit === 0) !== (rate.seconds === 0))
					report(span, msg('The kernel refuses the rate {0}/{1} of the limiter "{2}"', rate.limit, rate.seconds, name), advice);
				if (table?.above === 0) report(span, msg('The kernel refuses `above 0` of the limiter "{0}"', name), advice);
			}
		},
	),

	"pf/limiter-table-never-filled": warning.statement(
		[
			"A table that a source limiter never fills",
			"A source gets into the table once it has more states than `above`, and it cannot have more than `limit`.",
			"Write a number below the limit.",
		],
		"limiters",
		(statement, report) => {
			for (const limiter of statement.limiters) {
				const { limit, table } = limiter;
				const span = definitionOf(statement, limiter);
				if (table === undefined || span === undefined || table.above <= limit) continue;
				report(
					span,
					msg("No source gets into <{0}>: it would need more than {1} states, and may have {2}", table.name, table.above, limit),
				);
			}
		},
	),
} satisfies Readonly<Record<string, PfCheck>>;

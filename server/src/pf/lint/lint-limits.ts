/** Rules that are left out, because they are too many. */
import { msg } from "../../text/message.ts";
import { shifted } from "../../text/span.ts";
import { MAX_FILES, MAX_RULES, MAX_RULES_OF_STATEMENT } from "../grammar/limits.ts";
import { type PfCheck, warning } from "./lint-check.ts";

/** As people write numbers: with a comma for each three digits, and above 10^15 as a power of ten. */
function count(rules: number): string {
	return rules < 1e15 ? String(rules).replace(/\B(?=(\d{3})+$)/g, ",") : `10^${Math.floor(Math.log10(rules))}`;
}

const _LISTS = 'ports = "{ 1 2 3 4 5 6 7 8 9 }"\nhosts = "{ 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 }"\n';

export const limitChecks = {
	"pf/statement-too-large": warning.statement(
		[
			"A statement whose lists make too many rules",
			"Each combination of the elements of a rule's lists is a rule of its own. pfctl makes them all, however much memory and time that takes, and pf compares packets with one after the other. Beyond 50,000 they are not looked at here: what is told of the ruleset is told without them.",
			"Put addresses into a table, and ports that follow each other into a range.",
		],
		"left out",
		({ leftOut }, report) => {
			for (const { words, rules } of leftOut)
				if (rules === undefined) report(words, msg("More than {0} files are included: this one is not looked at", count(MAX_FILES)));
				else
					report(words, msg("These lists make {0} rules: more than {1} are not looked at", count(rules), count(MAX_RULES_OF_STATEMENT)), {
						advice: msg("Put the addresses into a table, and ports that follow each other into a range."),
					});
		},
	),

	"pf/ruleset-too-large": warning.file(
		[
			"A ruleset of too many rules",
			"Beyond 200,000 rules, with those of included files, none is looked at here: what is told of the ruleset is told without them. pfctl has no limit, and pf compares packets with one rule after the other.",
			"Put addresses into tables, and ports that follow each other into ranges.",
		],
		(file, report) => {
			for (const { at, text, tokens } of file.having("full")) {
				const words = { start: tokens[0]?.span.start ?? 0, end: text.trimEnd().length };
				report(shifted(words, at), msg("The ruleset has more than {0} rules: the rest is not looked at from here on", count(MAX_RULES)), {
					advice: msg("Put the addresses into a table, and ports that follow each other into a range."),
				});
				return;
			}
		},
	),
} satisfies Readonly<Record<string, PfCheck>>;

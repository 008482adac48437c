/** What is wrong where pfctl says no more than "syntax error": what was found there, and what could stand there. */

import type { Expectation } from "../../text/language.ts";
import { msg } from "../../text/message.ts";
import { releaseCauses } from "./clear-releases.ts";
import { ruleCauses } from "./clear-rules.ts";
import { signCauses } from "./clear-signs.ts";
import { statementCauses } from "./clear-statements.ts";
import { type Around, type Cause, type Clear, Fault } from "./fault.ts";

/** In the order in which they are looked for: those of the release and signs first, then what is certain by its place, then by the words. */
const CAUSES: readonly Cause[] = [...releaseCauses, ...signCauses, ...statementCauses, ...ruleCauses];

/** So many words are named that could stand at a place. */
const MOST_NAMED = 8;

/** What could stand at a place, in the words of a person. */
function named(expected: readonly Expectation[]): string {
	const signs = expected.flatMap((one) => (one.kind === "punctuation" ? [`\`${one.text}\``] : []));
	const words = expected.flatMap((one) => (one.kind === "keyword" ? [`\`${one.entry.name}\``] : []));
	const values = expected.flatMap((one) => {
		if (one.kind === "symbol") return one.of === "macro" ? [] : [KINDS[one.of] ?? one.of];
		return one.kind === "value" ? [KINDS[one.type] ?? one.type] : [];
	});
	const all = [...new Set([...values, ...words, ...signs])];
	return all.length > MOST_NAMED ? `${all.slice(0, MOST_NAMED).join(", ")}, …` : all.join(", ");
}

const KINDS: Readonly<Record<string, string>> = {
	"interface-group": "interface",
	service: "port",
	"tcp-flags": "flags",
	"icmp-type": "ICMP type",
	"icmp-code": "ICMP code",
	word: "name",
};

/** What is wrong at a syntax error. */
export function clearWords(around: Around): Clear {
	const fault = new Fault(around);
	for (const cause of CAUSES) {
		const clear = cause(fault);
		if (clear !== undefined) return clear;
	}
	const expected = named(around.expected);
	const advice =
		expected === "" ? msg("The statement is complete before it: look at the words before.") : msg("Here could stand: {0}.", expected);
	if (fault.isLineEnd)
		return {
			message: fault.found === "" ? msg("syntax error: the file ends too early") : msg("syntax error: the line ends too early"),
			advice,
		};
	const [only, ...others] = around.expected.filter(({ kind }) => kind !== "symbol");
	const word = only?.kind === "keyword" ? only.entry.name : only?.kind === "punctuation" ? only.text : undefined;
	const found = fault.found.length > 24 ? `${fault.found.slice(0, 24)}…` : fault.found;
	if (word !== undefined && others.length === 0) return { message: msg("syntax error: `{0}` in place of `{1}`", found, word), advice };
	const { meant } = fault;
	if (meant !== undefined) return { message: msg("syntax error: `{0}` cannot stand here: did you mean `{1}`?", found, meant), advice };
	return { message: msg("syntax error: `{0}` cannot stand here", found), advice };
}

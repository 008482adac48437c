/** States below each other, as a terminal shows them. */
import type { StateRow } from "@openbsd-vnet/remote";
import { printRule, type StateVerdict, stateWords } from "@openbsd-vnet/server";
import { columns } from "./terminal.ts";
import { tell } from "./translations.ts";

const verdicts: Readonly<Record<StateVerdict["kind"], () => string>> = {
	made: () => tell("stays"),
	refused: () => tell("REFUSED"),
	unknown: () => tell("unknown"),
};

export function statesTable(rows: readonly StateRow[]): string {
	const hasRates = rows.some(({ rate }) => rate !== undefined);
	const hasVerdicts = rows.some(({ verdict }) => verdict !== undefined);
	const head = [
		...(hasVerdicts ? [tell("NOW")] : []),
		tell("GUEST"),
		tell("WAY"),
		tell("PROTO"),
		tell("FROM"),
		tell("TO"),
		tell("STATE"),
		tell("AGE"),
		tell("PACKETS"),
		tell("BYTES"),
		...(hasRates ? ["B/S"] : []),
		tell("RULE"),
	];
	const cells = rows
		.map((row) => ({ ...row, words: stateWords(row.state) }))
		.map(({ state, words, guests, rule, rate, verdict }) => [
			...(hasVerdicts ? [verdict === undefined ? "" : verdicts[verdict.kind]()] : []),
			guests.join(",") || "-",
			words.way,
			words.protocol,
			words.from,
			words.to,
			state.progress,
			words.age,
			words.packets,
			words.bytes,
			...(hasRates ? [rate === undefined ? "-" : String(Math.round(rate.bytes))] : []),
			verdict?.rule === undefined ? ruleText(rule) : verdict.kind === "refused" ? printRule(verdict.rule) : ruleText(rule),
		]);
	return columns([head, ...cells]);
}

function ruleText(rule: StateRow["rule"]): string {
	return rule === undefined ? "-" : `${rule.anchor === "" ? "" : `${rule.anchor}: `}${rule.text}`;
}

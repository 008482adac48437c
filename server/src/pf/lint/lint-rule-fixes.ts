/** How the rules are rewritten that the checks of single rules report. */
import type { Fix } from "../../text/diagnostic.ts";
import { msg } from "../../text/message.ts";
import { type Span, span } from "../../text/span.ts";
import { ICMP_ANSWERS, ICMP_TYPES, ICMP6_TYPES } from "../names/icmp.ts";
import { IPPROTO } from "../names/protocols.ts";
import type { Rule } from "../rules.ts";
import type { LintStatement } from "./lint-check.ts";
import { endOf, familyPlace, find, fix, insertion, lineAbove, removal, wordOf, wordsOf } from "./lint-fixes.ts";

/** `from { ! a ! b }` → `from ! <t>`, with a table of both above. */
export function negatedTable(statement: LintStatement, within: Span, where: "from" | "to"): readonly Fix[] {
	const words = wordsOf(statement, within);
	const start = find(words, where)?.index ?? -1;
	const open = words[start + 1];
	if (start < 0 || open === undefined || wordOf(statement, open) !== "{") return [];
	const close = words.findIndex((token, index) => index > start && wordOf(statement, token) === "}");
	const last = words[close];
	const inside = words.slice(start + 2, close);
	if (last === undefined || inside.some(({ kind }) => kind !== "address" && kind !== "operator" && kind !== "punctuation")) return [];
	const list = statement.text.slice(open.span.end, last.span.start);
	const items = list
		.replace(/!\s+/g, "!")
		.split(/[\s,]+/)
		.filter(Boolean);
	const [first = ""] = items;
	if (items.length < 2 || !items.every((item) => /^![0-9a-f.:/]+$/i.test(item))) return [];
	const name = `not-${first.slice(1).replace(/[^0-9a-f.]/gi, "-")}`.slice(0, 31);
	return fix(msg("Negate a table of them"), [
		lineAbove(statement, `table <${name}> const { ${items.map((item) => item.slice(1)).join(" ")} }`),
		{ span: span(open.span.start, last.span.end), text: `! <${name}>` },
	]);
}

/** Takes the replies out of a list of types; a rule of one type keeps no state. */
export function withoutReplies(statement: LintStatement, rule: Rule): readonly Fix[] {
	const { text } = statement;
	const words = wordsOf(statement, rule.words);
	const index = find(words, "icmp-type", "icmp6-type")?.index ?? -1;
	const open = words[index + 1];
	if (index < 0 || open === undefined) return [];
	if (wordOf(statement, open) !== "{") {
		// A macro may hold a state of its own.
		if (find(words, "keep", "modulate", "synproxy", "no") !== undefined || words.some((token) => wordOf(statement, token).startsWith("$")))
			return [];
		return fix(msg("Add `{0}`", "no state"), [insertion(endOf(statement, rule.words), " no state")]);
	}
	const close = words.findIndex((token, at) => at > index && wordOf(statement, token) === "}");
	const last = words[close];
	if (last === undefined) return [];
	const answers = rule.protocol === IPPROTO.icmp6 ? ICMP_ANSWERS[IPPROTO.icmp6] : ICMP_ANSWERS[IPPROTO.icmp];
	const names = rule.protocol === IPPROTO.icmp6 ? ICMP6_TYPES : ICMP_TYPES;
	const isAnswer = (item: string): boolean => {
		const number = /^\d+$/.test(item) ? Number(item) : names.find(({ name }) => name === item)?.type;
		return number !== undefined && (answers as readonly number[]).includes(number);
	};
	const items = text
		.slice(open.span.end, last.span.start)
		.split(/[\s,]+/)
		.filter(Boolean);
	const kept = items.filter((item) => !isAnswer(item));
	if (kept.length === 0 || kept.length === items.length || items.some((item) => /^(code|#.*|\\|\$.*)$/.test(item))) return [];
	const comma = text.slice(open.span.end, last.span.start).includes(",") ? ", " : " ";
	const [only = ""] = kept;
	const list = kept.length === 1 ? only : `{ ${kept.join(comma)} }`;
	return fix(msg("Leave the replies out"), [{ span: span(open.span.start, last.span.end), text: list }]);
}

/** @param words `flags any` */
export function withoutFlags(statement: LintStatement, words: Span): readonly Fix[] {
	if (!/^flags\s+any$/.test(statement.text.slice(words.start, words.end))) return [];
	return fix(msg("Remove `{0}`", "flags any"), [removal(statement, words)]);
}

/** @param words `received-on em0` */
export function receivedElsewhere(statement: LintStatement, rule: Rule, words: Span): readonly Fix[] {
	if (!statement.text.startsWith("received-on", words.start)) return [];
	if (rule.receivedOn === rule.interface && !rule.interfaceNegated && !rule.receivedOnNegated)
		return fix(msg("Remove `{0}`", `received-on ${rule.receivedOn}`), [removal(statement, words)]);
	const direction = find(wordsOf(statement, rule.words), "in")?.token;
	return direction === undefined ? [] : fix(msg("Make it a rule for `out`"), [{ span: direction.span, text: "out" }], false);
}

/** `80 >< 81` → `80:81` */
export function inclusiveRange(statement: LintStatement, rule: Rule): readonly Fix[] {
	const words = wordsOf(statement, rule.words);
	for (const [index, token] of words.entries()) {
		const [low, high] = [words[index - 1], words[index + 1]];
		if (wordOf(statement, token) !== "><" || low === undefined || high === undefined) continue;
		const [from, to] = [Number(wordOf(statement, low)), Number(wordOf(statement, high))];
		if (!(from <= to && to - from < 2)) continue;
		return fix(msg("Write `{0}`", `${from}:${to}`), [{ span: span(low.span.start, high.span.end), text: `${from}:${to}` }]);
	}
	return [];
}

/** `log (all, to pflog1)` → `log (to pflog1)`, `log (all)` → `log` */
export function withoutAll(statement: LintStatement, rule: Rule): readonly Fix[] {
	const words = wordsOf(statement, rule.words);
	const log = find(words, "log");
	const open = words[(log?.index ?? -2) + 1];
	if (log === undefined || open === undefined || wordOf(statement, open) !== "(") return [];
	const close = words.find(({ span: at }, index) => index > log.index && statement.text[at.start] === ")");
	if (close === undefined) return [];
	const options = statement.text
		.slice(open.span.end, close.span.start)
		.split(",")
		.map((option) => option.trim())
		.filter((option) => option !== "all");
	const text = options.length === 0 ? "log" : `log (${options.join(", ")})`;
	return fix(msg("Write `{0}`", text), [{ span: span(log.token.span.start, close.span.end), text }]);
}

/** `to any` → `to self`, on the way in. */
export function toSelf(statement: LintStatement, rule: Rule): readonly Fix[] {
	const title = msg("Add `{0}`", "to self");
	const words = wordsOf(statement, rule.words);
	const all = find(words, "all")?.token;
	if (all !== undefined) return fix(title, [{ span: all.span, text: "to self" }]);
	const to = find(words, "to");
	if (to !== undefined) {
		const next = words[to.index + 1];
		if (next?.entry?.name === "any") return fix(title, [{ span: next.span, text: "self" }]);
		return next?.entry?.name === "port" ? fix(title, [insertion(to.token.span.end, " self")]) : [];
	}
	if (find(words, "from") !== undefined) return [];
	// Behind the protocol, with its list.
	const proto = find(words, "proto");
	if (proto === undefined) {
		const at = familyPlace(statement, rule);
		return at === undefined ? [] : fix(title, [insertion(at, " to self")]);
	}
	const first = words[proto.index + 1];
	// A macro at the end may hold more than the protocol.
	if (first === undefined || (first === words.at(-1) && wordOf(statement, first).startsWith("$"))) return [];
	const last = wordOf(statement, first) === "{" ? words.find((token, i) => i > proto.index && wordOf(statement, token) === "}") : first;
	return last === undefined ? [] : fix(title, [insertion(last.span.end, " to self")]);
}

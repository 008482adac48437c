/** Changes that take away what the checks of pf.conf report. Places are behind the statement's start, as those of its tokens. */
import type { Fix, TextEdit } from "../../text/diagnostic.ts";
import type { SyntaxToken } from "../../text/language.ts";
import { type Message, msg } from "../../text/message.ts";
import { type Span, shifted, span } from "../../text/span.ts";
import { hostAddress, splitMask } from "../names/address.ts";
import type { Rule, TableEntry } from "../rules.ts";
import type { LintStatement } from "./lint-check.ts";

/** One fix; `preferred` unless it is one of several that a person has to choose from. */
export function fix(title: Message, edits: readonly TextEdit[], preferred = true): readonly Fix[] {
	return [preferred ? { title, edits, preferred } : { title, edits }];
}

/** Fixes of a statement, with their places in the file. */
export function placed(fixes: readonly Fix[], at: number): readonly Fix[] {
	return fixes.map((one) => ({ ...one, edits: one.edits.map((edit) => ({ ...edit, span: shifted(edit.span, at) })) }));
}

export function insertion(at: number, text: string): TextEdit {
	return { span: span(at, at), text };
}

/** Without the words and the blank before them, so that nothing is left where they stood. */
export function removal({ text }: LintStatement, { start, end }: Span): TextEdit {
	let from = start;
	while (from > 0 && /[ \t]/.test(text[from - 1] ?? "")) from--;
	return { span: span(from, end), text: "" };
}

export function wordOf({ text }: LintStatement, token: SyntaxToken | undefined): string {
	return token === undefined ? "" : text.slice(token.span.start, token.span.end);
}

/** The tokens of a rule's words, or of the whole statement. */
export function wordsOf({ tokens }: LintStatement, within?: Span): readonly SyntaxToken[] {
	return tokens.filter(
		({ kind, span: at }) => kind !== "comment" && (within === undefined || (within.start <= at.start && at.end <= within.end)),
	);
}

/** The words of the statement without what stands before and behind it. */
function statementSpan(statement: LintStatement): Span {
	const words = wordsOf(statement);
	return withQuotes(statement, span(words[0]?.span.start ?? 0, words.at(-1)?.span.end ?? 0));
}

/** A name's token may leave its quotes out. */
function withQuotes({ text }: LintStatement, { start, end }: Span): Span {
	const [before, behind] = [text[start - 1], text[end]];
	return span(start - (before === '"' && text[start] !== '"' ? 1 : 0), end + (behind === '"' && text[end - 1] !== '"' ? 1 : 0));
}

/** Behind a word, with its quotes. */
export function endOfWord(statement: LintStatement, token: SyntaxToken): number {
	return withQuotes(statement, token.span).end;
}

/** Behind the last word of a rule. */
export function endOf(statement: LintStatement, within: Span): number {
	return withQuotes(statement, span(0, wordsOf(statement, within).at(-1)?.span.end ?? within.end)).end;
}

/** A line of its own above the statement. */
export function lineAbove(statement: LintStatement, line: string): TextEdit {
	return insertion(statementSpan(statement).start, `${line}\n`);
}

/** The whole statement with one of the newlines around it. */
export function withoutStatement(statement: LintStatement): TextEdit {
	const { text } = statement;
	const { start, end } = statementSpan(statement);
	let to = end;
	while (/[ \t]/.test(text[to] ?? "")) to++;
	let from = start;
	while (from > 0 && /[ \t]/.test(text[from - 1] ?? "")) from--;
	if (text[to] === "\n") return { span: span(from, to + 1), text: "" };
	return { span: span(from > 0 && text[from - 1] === "\n" ? from - 1 : from, to), text: "" };
}

/** A word of the language in a rule or statement, with the index that it has among its words. */
export function find(
	words: readonly SyntaxToken[],
	...names: readonly string[]
): { readonly token: SyntaxToken; readonly index: number } | undefined {
	const index = words.findIndex(({ entry }) => entry !== undefined && names.includes(entry.name));
	const token = words[index];
	return token && { token, index };
}

/**
 * Where the family of a rule is written: behind its action, direction, `log`, `quick` and interface. Undefined where a macro may
 * hide some of those.
 */
export function familyPlace(statement: LintStatement, rule: Rule): number | undefined {
	const words = wordsOf(statement, rule.words);
	let index = 0;
	const word = (): string => wordOf(statement, words[index]);
	const skipParens = (): void => {
		if (word() !== "(") return;
		while (index < words.length && word() !== ")") index++;
		index++;
	};
	const action = words[index]?.entry?.name;
	if (action !== "pass" && action !== "match" && action !== "block") return undefined;
	index++;
	while (/^(drop|return|return-rst|return-icmp|return-icmp6|in|out|log|quick|on)$/.test(word())) {
		const name = word();
		index++;
		skipParens();
		if (name !== "on") continue;
		if (word() === "rdomain") index += 2;
		else if (word() === "{") {
			while (index < words.length && word() !== "}") index++;
			index++;
		} else index += word() === "!" ? 2 : 1;
	}
	const next = words[index];
	if (next !== undefined && word().startsWith("$")) return undefined;
	const last = words[index - 1];
	// A macro at the end may hold the rest of the rule.
	if (next === undefined && wordOf(statement, last).startsWith("$")) return undefined;
	return last && withQuotes(statement, last.span).end;
}

/** The entries of a table that are written as addresses, with their places: what `!` and mask belong to. */
function entriesOf(
	statement: LintStatement,
	table: { readonly words: Span },
): readonly { readonly at: Span; readonly entry: TableEntry }[] {
	const { text } = statement;
	const words = wordsOf(statement, table.words).filter(({ kind }) => kind === "address" || kind === "operator");
	const found: { at: Span; entry: TableEntry }[] = [];
	for (let index = 0; index < words.length; index++) {
		const first = words[index];
		if (first?.kind !== "address") continue;
		const [slash, bits] = [words[index + 1], words[index + 2]];
		const masked = slash !== undefined && bits !== undefined && slash.span.start === first.span.end && wordOf(statement, slash) === "/";
		const end = masked ? bits.span.end : first.span.end;
		const before = words[index - 1];
		const negated = wordOf(statement, before) === "!";
		const read = readEntry(text.slice(first.span.start, end));
		const start = negated && before !== undefined ? before.span.start : first.span.start;
		if (read !== undefined) found.push({ at: span(start, end), entry: { ...read, negated } });
		if (masked) index += 2;
	}
	return found;
}

function readEntry(text: string): Pick<TableEntry, "family" | "address" | "bits"> | undefined {
	const parts = splitMask(text);
	return "error" in parts ? undefined : hostAddress(parts.host, parts.bits);
}

/** Takes one entry out of a table, the last of those that are equal to it. */
export function withoutEntry(statement: LintStatement, table: { readonly words: Span }, entry: TableEntry, title: Message): readonly Fix[] {
	const { text } = statement;
	const all = entriesOf(statement, table);
	const index = all.findLastIndex(
		({ entry: { family, address, bits, negated } }) =>
			family === entry.family &&
			bits === entry.bits &&
			negated === entry.negated &&
			address.a === entry.address.a &&
			address.b === entry.address.b &&
			address.c === entry.address.c &&
			address.d === entry.address.d,
	);
	const found = all[index]?.at;
	if (found === undefined) return [];
	// The comma and the blanks before it go with it; those behind it where it is the first.
	let from = found.start;
	while (from > 0 && /[ \t,]/.test(text[from - 1] ?? "")) from--;
	const first = text[from - 1] === "{" || text[from - 1] === "\n";
	let to = found.end;
	if (first) {
		from = found.start;
		while (/[ \t,]/.test(text[to] ?? "")) to++;
	}
	return fix(title, [{ span: span(from, to), text: "" }]);
}

/** `const` becomes `persist`, or goes where that is there already. */
export function persistent(statement: LintStatement, table: { readonly words: Span }): readonly Fix[] {
	const words = wordsOf(statement, table.words);
	const constant = find(words, "const")?.token;
	if (constant === undefined) return [];
	const edit = find(words, "persist") === undefined ? { span: constant.span, text: "persist" } : removal(statement, constant.span);
	return fix(msg("Write `persist` instead of `const`"), [edit]);
}

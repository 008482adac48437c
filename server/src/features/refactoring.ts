/** What the refactorings share: their place, the lists in it, and the proof that a change keeps what the file means. */

import type { SourceFile } from "../project/source-file.ts";
import type { TextEdit } from "../text/diagnostic.ts";
import type { SyntaxToken } from "../text/language.ts";
import type { Message } from "../text/message.ts";
import { contains, type Span, span } from "../text/span.ts";
import { namesOf } from "./candidates.ts";
import type { Session } from "./session.ts";

/** The statement around the selection and its words. */
export interface ListPlace {
	readonly session: Session;
	readonly file: SourceFile;
	readonly selection: Span;
	readonly statement: Span;
	readonly tokens: readonly SyntaxToken[];
}

export interface Offer {
	readonly title: Message;
	readonly kind: string;
	readonly edits: ReadonlyMap<SourceFile, readonly TextEdit[]>;
}

export function placeAt(session: Session, file: SourceFile, selection: Span): ListPlace | undefined {
	const statement = file.parsed
		.statements(span(selection.start, Math.max(selection.start + 1, selection.end)))
		.find((one) => contains(one, selection.start) && contains(one, selection.end));
	return statement && { session, file, selection, statement, tokens: file.parsed.tokens(statement) };
}

/** What stands between two of the list's commas or blanks: an address with its mask, a range of ports, `! 192.0.2.1`. */
export interface List {
	/** With its braces. */
	readonly at: Span;
	readonly items: readonly Span[];
	/** The tokens of the items. */
	readonly tokens: readonly SyntaxToken[];
	/** The word before the opening brace. */
	readonly before: SyntaxToken | undefined;
	/** There is a comment in it, or a macro's half of it. */
	readonly irregular: boolean;
}

/** The innermost list around an offset that has no other in it. */
export function listAround({ file, tokens }: Pick<ListPlace, "file" | "tokens">, offset: number, end = offset): List | undefined {
	const { text } = file;
	const open = tokens.findLastIndex(({ kind, span: at }) => kind === "punctuation" && text[at.start] === "{" && at.start <= offset);
	const close = tokens.findIndex(({ kind, span: at }, i) => i > open && kind === "punctuation" && /[{}]/.test(text[at.start] ?? ""));
	const first = tokens[open];
	const last = tokens[close];
	if (first === undefined || last === undefined || text[last.span.start] !== "}" || last.span.end < end) return undefined;
	const inside = tokens.slice(open + 1, close);
	const own = inside.filter(({ kind, span: at }) => kind !== "comment" && text[at.start] !== ",");
	return {
		at: span(first.span.start, last.span.end),
		items: itemsOf(text, own),
		tokens: own,
		before: tokens[open - 1],
		irregular: inside.some(({ kind, entry }) => kind === "comment" || kind === "error" || kind === "action" || entry?.name === "set"),
	};
}

/** Words that belong to the item that they stand in, with the one before and the one behind. */
const JOINING: ReadonlySet<string> = new Set(["code", "weight", "port"]);

function itemsOf(text: string, tokens: readonly SyntaxToken[]): readonly Span[] {
	const items: Span[] = [];
	let joined = false;
	for (const { kind, span: at, entry } of tokens) {
		const word = text.slice(at.start, at.end);
		const last = items.at(-1);
		const joins = (kind === "operator" && !/[<>]/.test(text[at.start - 1] ?? "") && word !== ">") || JOINING.has(entry?.name ?? "");
		// A sign before a value, such as `!` or `>=`, begins an item; one between two goes on with it.
		const prefix = kind === "operator" && (last === undefined || /^[!=<>]+$/.test(word)) && !/^(><|<>)$/.test(word);
		if (last !== undefined && (joined || last.end === at.start || (joins && !prefix))) items[items.length - 1] = span(last.start, at.end);
		else items.push(at);
		joined = joins && !(word === "<" && text[at.end] !== " ");
	}
	return items;
}

/**
 * Whether the file means the same after edits of it: what is made of the statements around them is the same, in whichever order,
 * and there is no new error. `read` makes a line of what is made comparable.
 */
export function keepsMeaning(
	{ parsed }: SourceFile,
	edits: readonly TextEdit[],
	read: ListReading = { before: readRule, after: readRule },
): boolean {
	const sorted = [...edits].sort((a, b) => b.span.start - a.span.start);
	const changed = parsed.edit(sorted);
	const from = Math.min(...edits.map(({ span: at }) => at.start));
	const to = Math.max(...edits.map(({ span: at }) => at.end));
	const around = parsed.statements(span(from, to + 1));
	const before = span(Math.min(from, around[0]?.start ?? from), Math.max(to, around.at(-1)?.end ?? to));
	const after = span(before.start, before.end + changed.text.length - parsed.text.length);
	const lines = (file: typeof parsed, within: Span, one: (line: string) => string | undefined): string =>
		(file.expanded?.(within) ?? [])
			.flatMap(({ text }) => one(text) ?? [])
			.sort()
			.join("\n");
	const errors = (file: typeof parsed): readonly string[] =>
		file.diagnostics().flatMap(({ severity, code, message }) => (severity === "error" ? [`${code} ${message.args.join(" ")}`] : []));
	const known = errors(parsed);
	const kept = lines(parsed, before, read.before) === lines(changed, after, read.after);
	return kept && errors(changed).every((error) => known.includes(error));
}

/** What of an expanded line counts, before and after; undefined for a line that does not. */
export interface ListReading {
	readonly before: (line: string) => string | undefined;
	readonly after: (line: string) => string | undefined;
}

/** Every line but those of macros. */
export function readRule(line: string): string | undefined {
	return /^[A-Za-z_][A-Za-z0-9_]* = "/.test(line) ? undefined : line;
}

/** A name of a kind that is free: `wanted`, or with a number. */
export function unused(session: Session, file: SourceFile, kind: "macro" | "table", wanted: string): string {
	const taken = new Set(namesOf(session, file, kind).map(({ name }) => name));
	if (!taken.has(wanted)) return wanted;
	let number = 2;
	while (taken.has(`${wanted}${number}`)) number++;
	return `${wanted}${number}`;
}

export function lineStart({ lines }: SourceFile, offset: number): number {
	return lines.startOf(lines.lineAt(offset));
}

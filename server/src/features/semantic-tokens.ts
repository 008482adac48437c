/** textDocument/semanticTokens: the role of each word, for the editor's colours. */
import type { SemanticTokensEdit } from "vscode-languageserver-types";
import { nameKinds } from "../project/languages.ts";
import { Lines } from "../project/lines.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { SyntaxToken, TokenKind } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import { placeBehind, type TokenPlace, TokenSequence } from "./token-sequence.ts";

/** The first six are the protocol's own; the manifest names a known type above each of the others. */
export const tokenTypes = [
	"comment",
	"keyword",
	"macro",
	"string",
	"number",
	"operator",
	"action",
	"direction",
	"translation",
	"option",
	"constant",
	"address",
	"port",
	"table",
	"anchor",
	"interface",
	"queue",
	"tag",
	"label",
	"guest",
	"switch",
	"name",
] as const;

export const tokenModifiers = ["definition", "deprecated"] as const;

type TokenType = (typeof tokenTypes)[number];

const byKind: Readonly<Record<TokenKind, TokenType | undefined>> = {
	comment: "comment",
	keyword: "keyword",
	action: "action",
	direction: "direction",
	translation: "translation",
	option: "option",
	constant: "constant",
	operator: "operator",
	punctuation: undefined,
	string: "string",
	number: "number",
	address: "address",
	port: "port",
	name: "name",
	error: undefined,
};

const typeNumbers = new Map<string, number>(tokenTypes.map((type, i) => [type, i]));

/** Five numbers for each token, as the protocol packs them. */
export type TokenData = Uint32Array;

/** What the editor does with the tokens. */
export interface TokenUse {
	/** Its grammars colour texts by what is in them: macros' values, shell commands, placeholders. One colour would hide that. */
	readonly grammars?: boolean;
}

/** The tokens of a file, or of a part of it. */
export function semanticTokens(file: SourceFile, within?: Span, use: TokenUse = {}): TokenData {
	return pack(file, file.parsed.tokens(within), { line: 0, character: 0 }, use);
}

/** Packs tokens behind a token that starts at `previous`. */
function pack(
	{ lines, text }: SourceFile,
	tokens: readonly SyntaxToken[],
	previous: TokenPlace,
	{ grammars = false }: TokenUse,
): TokenData {
	const data: number[] = [];
	let { line, character } = previous;
	// The last line ends where a newline would stand.
	const behind = (of: number): number => (of + 1 < lines.count ? lines.startOf(of + 1) : text.length + 1);
	let nextLine = behind(line);
	let lineStart = lines.startOf(line);
	for (const token of tokens) {
		if (grammars && token.kind === "string") continue;
		const type = typeNumber(token);
		if (type === undefined) continue;
		const modifiers = (token.symbol?.use === "define" ? 1 : 0) | (token.entry?.deprecated === undefined ? 0 : 2);
		let { start } = token.span;
		const { end } = token.span;
		// A token may not go over the end of a line: a string over several is one token on each.
		while (start < end) {
			let at = line;
			if (start >= nextLine && nextLine > lineStart) {
				at = lines.lineAt(start);
				lineStart = lines.startOf(at);
				nextLine = behind(at);
			}
			const stop = Math.min(end, nextLine > lineStart ? nextLine - 1 : text.length);
			if (stop > start) {
				data.push(at - line, at === line ? start - lineStart - character : start - lineStart, stop - start, type, modifiers);
				line = at;
				character = start - lineStart;
			}
			start = Math.max(stop, start) + 1;
			if (stop >= end) break;
		}
	}
	return Uint32Array.from(data);
}

function typeNumber({ kind, symbol }: SyntaxToken): number | undefined {
	const type = symbol === undefined || kind === "keyword" ? byKind[kind] : nameKinds[symbol.kind].colour;
	return type === undefined ? undefined : typeNumbers.get(type);
}

/** Tokens of a version that an editor holds. */
export interface TokenSnapshot {
	readonly file: SourceFile;
	readonly data: TokenSequence;
}

/** The tokens after a change, from those before it; only what the parser reread is packed again. */
export function updatedTokens(
	before: TokenSnapshot,
	file: SourceFile,
	use: TokenUse = {},
): { readonly data: TokenSequence; readonly edits: SemanticTokensEdit[] } {
	if (file.parsed === before.file.parsed) return { data: before.data, edits: [] };
	const difference = file.parsed.difference?.(before.file.parsed);
	if (difference === undefined) {
		const data = semanticTokens(file, undefined, use);
		return { data: TokenSequence.of(data), edits: comparedEdits(before.data.numbers(), data) };
	}
	// The lines of the version before are not counted any more, and up to the difference both are the same.
	const start = file.lines.position(difference.after.start);
	const oldEnd = behindText(start, before.file.text.slice(difference.before.start, difference.before.end));
	const newEnd = file.lines.position(difference.after.end);
	// The tokens before the difference stay; those inside go.
	const first = before.data.find(start);
	const behind = before.data.find(oldEnd);
	const inside = file.parsed
		.tokens(difference.after)
		.filter(({ span: { start } }) => start >= difference.after.start && start < difference.after.end);
	const made = [...pack(file, inside, first.before, use)];
	let end = behind.index;
	if (behind.token !== undefined) {
		// The first token behind counts from another one now.
		const { place, rest } = behind.token;
		const last = placeBehind(first.before, made);
		const line = newEnd.line + (place.line - oldEnd.line);
		const character = place.line === oldEnd.line ? place.character - oldEnd.character + newEnd.character : place.character;
		const down = line - last.line;
		made.push(down, down === 0 ? character - last.character : character, ...rest);
		end += 2 + rest.length;
	}
	const edit = { start: first.index, deleteCount: end - first.index, data: made };
	return { data: before.data.replaced(edit.start, edit.deleteCount, made), edits: [edit] };
}

/** Where a text ends that starts at a place. */
function behindText({ line, character }: TokenPlace, text: string): TokenPlace {
	const end = new Lines(text).position(text.length);
	return { line: line + end.line, character: (end.line === 0 ? character : 0) + end.character };
}

/** One edit from the first difference to the last. */
function comparedEdits(old: TokenData, data: TokenData): SemanticTokensEdit[] {
	let start = 0;
	while (start < old.length && start < data.length && old[start] === data[start]) start++;
	let back = 0;
	while (back < old.length - start && back < data.length - start && old[old.length - 1 - back] === data[data.length - 1 - back]) back++;
	if (start === old.length && start === data.length) return [];
	return [{ start, deleteCount: old.length - back - start, data: [...data.subarray(start, data.length - back)] }];
}

/** The tokens that an editor shows: those of the lines of `within`. */
export function semanticTokensIn(file: SourceFile, within: Span, use: TokenUse = {}): TokenData {
	const start = file.lines.startOf(file.lines.lineAt(within.start));
	const end = file.lines.endOf(file.lines.lineAt(within.end));
	return semanticTokens(file, span(start, Math.max(end, start)), use);
}

/** textDocument/semanticTokens: the role of each word, for the editor's colours. */
import type { SemanticTokensEdit } from "vscode-languageserver";
import type { Mark, MarkRole } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import type { SourceFile } from "./files.ts";

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

const byRole: Readonly<Record<MarkRole, TokenType | undefined>> = {
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

const bySymbol: Readonly<Record<SymbolKind, TokenType>> = {
	macro: "macro",
	table: "table",
	anchor: "anchor",
	queue: "queue",
	tag: "tag",
	label: "label",
	interface: "interface",
	"interface-group": "interface",
	switch: "switch",
	guest: "guest",
	user: "name",
	group: "name",
	service: "port",
	file: "string",
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
	return pack(file, file.parsed.marks(within), { line: 0, character: 0 }, use);
}

interface Place {
	readonly line: number;
	readonly character: number;
}

/** Packs marks behind a token that starts at `previous`. */
function pack({ lines, text }: SourceFile, marks: readonly Mark[], previous: Place, { grammars = false }: TokenUse): TokenData {
	const data: number[] = [];
	let { line, character } = previous;
	// The last line ends where a newline would stand.
	const behind = (of: number): number => (of + 1 < lines.count ? lines.startOf(of + 1) : text.length + 1);
	let nextLine = behind(line);
	let lineStart = lines.startOf(line);
	for (const mark of marks) {
		if (grammars && mark.role === "string") continue;
		const type = typeNumber(mark);
		if (type === undefined) continue;
		const modifiers = (mark.symbol?.use === "define" ? 1 : 0) | (mark.entry?.deprecated === undefined ? 0 : 2);
		let { start } = mark.span;
		const { end } = mark.span;
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

function typeNumber({ role, symbol }: Mark): number | undefined {
	const type = symbol === undefined || role === "keyword" ? byRole[role] : bySymbol[symbol.kind];
	return type === undefined ? undefined : typeNumbers.get(type);
}

/** Tokens of a version that an editor holds. */
export interface TokenSnapshot {
	readonly file: SourceFile;
	readonly data: TokenData;
}

/** The tokens after a change, from those before it; only what the parser read anew is packed again. */
export function updatedTokens(
	before: TokenSnapshot,
	file: SourceFile,
	use: TokenUse = {},
): { readonly data: TokenData; readonly edits: SemanticTokensEdit[] } {
	const difference = file.parsed === before.file.parsed ? undefined : file.parsed.difference?.(before.file.parsed);
	if (file.parsed === before.file.parsed) return { data: before.data, edits: [] };
	if (difference === undefined) {
		const data = semanticTokens(file, undefined, use);
		return { data, edits: comparedEdits(before.data, data) };
	}
	const oldLines = before.file.lines;
	const from = oldLines.position(difference.before.start);
	const to = oldLines.position(difference.before.end);
	const newEnd = file.lines.position(difference.after.end);

	const old = before.data;
	let line = 0;
	let character = 0;
	let first = 0;
	let previous: Place = { line: 0, character: 0 };
	let at = 0;
	// The tokens before the difference stay; those inside go.
	for (; at < old.length; at += 5) {
		const down = old[at] ?? 0;
		const nextLine = line + down;
		const nextCharacter = (down === 0 ? character : 0) + (old[at + 1] ?? 0);
		if (isBefore(nextLine, nextCharacter, from)) {
			first = at + 5;
			previous = { line: nextLine, character: nextCharacter };
		} else if (!isBefore(nextLine, nextCharacter, to)) {
			line = nextLine;
			character = nextCharacter;
			break;
		}
		line = nextLine;
		character = nextCharacter;
	}
	const inside = file.parsed
		.marks(difference.after)
		.filter(({ span: { start } }) => start >= difference.after.start && start < difference.after.end);
	const made = [...pack(file, inside, previous, use)];
	let end = at;
	if (at < old.length) {
		// The first token behind counts from another one now.
		let last = previous;
		for (let i = 0; i < made.length; i += 5) {
			const down = made[i] ?? 0;
			last = { line: last.line + down, character: (down === 0 ? last.character : 0) + (made[i + 1] ?? 0) };
		}
		const newLine = newEnd.line + (line - to.line);
		const newCharacter = line === to.line ? character - to.character + newEnd.character : character;
		const down = newLine - last.line;
		made.push(down, down === 0 ? newCharacter - last.character : newCharacter, old[at + 2] ?? 0, old[at + 3] ?? 0, old[at + 4] ?? 0);
		end = at + 5;
	}
	const data = new Uint32Array(old.length - (end - first) + made.length);
	data.set(old.subarray(0, first));
	data.set(made, first);
	data.set(old.subarray(end), first + made.length);
	return { data, edits: [{ start: first, deleteCount: end - first, data: made }] };
}

function isBefore(line: number, character: number, place: Place): boolean {
	return line < place.line || (line === place.line && character < place.character);
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

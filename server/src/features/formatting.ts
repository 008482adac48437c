/**
 * textDocument/formatting, rangeFormatting and onTypeFormatting. Only blanks between words that the parser has understood are
 * changed, and only in number: text without a token, comments, strings and the order of words stay as they are.
 */
import type { FormattingOptions, TextEdit } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import { definitionsIn, eachToken } from "../project/tokens.ts";
import type { SyntaxToken } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { Session } from "./session.ts";

/** Names longer than this do not push a whole run of macros, or a column, to the right. */
const MAX_ALIGNED = 24;

/** @param within the lines to format; the whole file without */
export function formatting(session: Session, file: SourceFile, options: FormattingOptions, within?: Span): TextEdit[] {
	const { lines, text } = file;
	const first = within === undefined ? 0 : lines.lineAt(within.start);
	const last = within === undefined ? lines.count - 1 : lines.lineAt(Math.max(within.start, within.end - 1));
	const indent = options.insertSpaces ? " ".repeat(options.tabSize) : "\t";
	const edits: TextEdit[] = [];
	const replace = (at: Span, newText: string) => {
		if (text.slice(at.start, at.end) !== newText) edits.push({ range: lines.range(at), newText });
	};
	let blank = 0;
	new Layout(file, session.settings.format?.alignMacros !== false, last).lines((line, shape) => {
		const start = lines.startOf(line);
		const end = lines.endOf(line);
		const content = contentSpan(text, start, end);
		if (content.start === content.end) {
			blank++;
			// A run of empty lines says no more than one. The line behind a continuation belongs to the statement.
			const surplus = blank > 1 && line + 1 < lines.count && !shape.verbatim;
			if (line >= first && surplus) replace(span(start, lines.startOf(line + 1)), "");
			else if (line >= first && !shape.verbatim) replace(span(start, end), "");
			return;
		}
		blank = 0;
		if (line < first || shape.verbatim) return;
		replace(span(start, content.start), indent.repeat(shape.depth));
		for (const { at, blanks } of shape.gaps) replace(at, blanks);
		// `\` and blanks before the end of a line is no continuation: without the blanks it would be one.
		if (text[content.end - 1] !== "\\") replace(span(content.end, end), "");
	});
	if (within === undefined) edits.push(...finalNewlines(file, options));
	return edits;
}

/** Formats what a typed sign has completed: the line of a closing brace, or the line that a newline has ended. */
export function onTypeFormatting(
	session: Session,
	file: SourceFile,
	offset: number,
	typed: string,
	options: FormattingOptions,
): TextEdit[] {
	const { lines } = file;
	const line = lines.lineAt(offset);
	const ended = typed === "\n" ? line - 1 : line;
	if (ended < 0) return [];
	const edits = formatting(session, file, options, span(lines.startOf(ended), Math.max(lines.startOf(ended) + 1, lines.endOf(ended))));
	if (typed === "\n") {
		const indent = options.insertSpaces ? " ".repeat(options.tabSize) : "\t";
		new Layout(file, false, line).lines((at, { depth, verbatim }) => {
			if (at < line) return;
			const start = lines.startOf(line);
			const { start: content, end } = contentSpan(file.text, start, lines.endOf(line));
			// An empty line behind a backslash has no word yet that would tell how it goes on.
			const goesOn = content === end && file.text[lines.endOf(line - 1) - 1] === "\\";
			if (verbatim && !goesOn) return;
			const wanted = indent.repeat(depth);
			if (file.text.slice(start, content) !== wanted) edits.push({ range: lines.range(span(start, content)), newText: wanted });
		});
	}
	return edits;
}

interface LineShape {
	/** Blocks around the line. */
	readonly depth: number;
	/** True where a word goes over the start or end of the line, or nothing is understood there. */
	readonly verbatim: boolean;
	/** Blanks between words, with what is to stand there. */
	readonly gaps: readonly { readonly at: Span; readonly blanks: string }[];
}

/** Walks the words of a file line by line. */
class Layout {
	readonly #file: SourceFile;
	readonly #columns: ReadonlyMap<number, number>;
	readonly #table: ReadonlyMap<number, string> | undefined;
	readonly #last: number;
	/** The words of the line that is walked: what each is, and where it stands. Kept for all lines, which are many. */
	readonly #tokens: SyntaxToken[] = [];
	readonly #starts: number[] = [];
	readonly #ends: number[] = [];
	/** The end of the last word of the lines before, and whether it is a comment. */
	#endBefore = 0;
	#commentBefore = false;
	#open = 0;
	#line = 0;

	/** @param last the last line that is asked for */
	constructor(file: SourceFile, align: boolean, last: number) {
		this.#file = file;
		this.#columns = align ? macroColumns(file) : new Map();
		this.#table = tableGaps(file);
		this.#last = last;
	}

	/** Visits the lines in order. */
	lines(visit: (line: number, shape: LineShape) => void): void {
		const { text, lines } = this.#file;
		let end = lines.endOf(0);
		const next = () => {
			visit(this.#line, this.#shape());
			this.#line++;
			end = this.#line < lines.count ? lines.endOf(this.#line) : Number.POSITIVE_INFINITY;
		};
		const take = (token: SyntaxToken, from: number, to: number) => {
			const quote = isQuoted(text, from, to) ? 1 : 0;
			while (from - quote >= end && this.#line <= this.#last) next();
			if (this.#line > this.#last) return;
			this.#tokens.push(token);
			this.#starts.push(from - quote);
			this.#ends.push(to + quote);
		};
		eachToken(this.#file, take, lines.endOf(this.#last));
		while (this.#line <= this.#last) next();
	}

	#start(word: number): number {
		return this.#starts[word] ?? 0;
	}

	#end(word: number): number {
		return this.#ends[word] ?? 0;
	}

	/** The shape of the line whose words are there; forgets them. */
	#shape(): LineShape {
		const { text, lines } = this.#file;
		const line = this.#line;
		const start = lines.startOf(line);
		const end = lines.endOf(line);
		const count = this.#tokens.length;
		let verbatim = this.#endBefore > start;
		const openBefore = this.#open;
		for (let word = 0; word < count; word++) this.#open = Math.max(0, this.#open + this.#step(word));
		const closes = count > 0 && this.#step(0) < 0 ? 1 : 0;
		if (count > 0 && this.#end(count - 1) > end) verbatim = true;
		const continued = line > 0 && text[lines.endOf(line - 1) - 1] === "\\" && !this.#commentBefore;
		const content = contentSpan(text, start, end);
		// A line that no word of starts it is one that the parser could not read.
		if (count > 0 ? this.#start(0) !== content.start : content.start < content.end || continued) verbatim = true;
		const depth = Math.max(0, openBefore - closes) + (continued && openBefore === 0 ? 1 : 0);
		const gaps = verbatim ? [] : this.#gaps(line);
		if (count > 0) {
			this.#endBefore = this.#end(count - 1);
			this.#commentBefore = this.#tokens[count - 1]?.kind === "comment";
			this.#tokens.length = 0;
			this.#starts.length = 0;
			this.#ends.length = 0;
		}
		return { depth, verbatim, gaps };
	}

	/** The gaps between the words of the line. */
	#gaps(line: number): LineShape["gaps"] {
		const { text } = this.#file;
		const gaps: { readonly at: Span; readonly blanks: string }[] = [];
		for (let word = 1; word < this.#tokens.length; word++) {
			const start = this.#end(word - 1);
			const end = this.#start(word);
			if (!isBlanks(text, start, end)) continue;
			const blanks = text.slice(start, end);
			const wanted = this.#wanted(line, word, blanks);
			if (wanted !== blanks) gaps.push({ at: span(start, end), blanks: wanted });
		}
		return gaps;
	}

	/** What stands between a word and the one before it. */
	#wanted(line: number, word: number, blanks: string): string {
		const kind = this.#tokens[word]?.kind;
		if (kind === "comment") return blanks;
		if (this.#table !== undefined) return this.#table.get(this.#start(word)) ?? blanks;
		const sign = this.#sign(word);
		const left = this.#sign(word - 1);
		const column = word === 1 && sign === "=" ? this.#columns.get(line) : undefined;
		if (column !== undefined) return " ".repeat(Math.max(1, column - (this.#end(word - 1) - this.#start(word - 1))));
		const symbol = this.#tokens[0]?.symbol;
		const defines = symbol?.kind === "macro" && symbol.use === "define";
		if (defines && ((word === 1 && sign === "=") || (word === 2 && left === "="))) return " ";
		if (kind === "punctuation" && sign === ",") return "";
		if (this.#isBrace(word - 1, left) || this.#isBrace(word, sign)) return left === "{" && sign === "}" ? blanks.slice(0, 1) : " ";
		return blanks === "" ? "" : " ";
	}

	/** A word of one letter; of others, nothing. */
	#sign(word: number): string {
		const start = this.#start(word);
		return this.#end(word) - start === 1 ? (this.#file.text[start] ?? "") : "";
	}

	#isBrace(word: number, sign: string): boolean {
		return (sign === "{" || sign === "}") && this.#tokens[word]?.kind === "punctuation";
	}

	#step(word: number): number {
		if (this.#tokens[word]?.kind !== "punctuation") return 0;
		const sign = this.#sign(word);
		return sign === "{" || sign === "(" ? 1 : sign === "}" || sign === ")" ? -1 : 0;
	}
}

/** Tokens of names stand inside of their quotes; to the layout, the quotes are part of the word. */
function isQuoted(text: string, start: number, end: number): boolean {
	const quote = text[start - 1];
	return (quote === '"' || quote === "'") && text[end] === quote;
}

/** For lines of macros that follow each other, the column of the `=`. */
function macroColumns(file: SourceFile): ReadonlyMap<number, number> {
	const { lines, text } = file;
	const columns = new Map<number, number>();
	let run: { line: number; length: number }[] = [];
	const end = () => {
		const longest = Math.max(0, ...run.map(({ length }) => length).filter((length) => length <= MAX_ALIGNED));
		if (run.length > 1) for (const { line } of run) columns.set(line, longest + 1);
		run = [];
	};
	for (const { symbol, span: name } of definitionsIn(file, "macro")) {
		if (symbol?.use !== "define") continue;
		const at = isQuoted(text, name.start, name.end) ? span(name.start - 1, name.end + 1) : name;
		const line = lines.lineAt(at.start);
		const { start } = contentSpan(text, lines.startOf(line), lines.endOf(line));
		if (start !== at.start || !/^[ \t]*=/.test(text.slice(at.end, lines.endOf(line)))) continue;
		if (run.at(-1)?.line !== line - 1) end();
		run.push({ line, length: at.end - at.start });
	}
	end();
	return columns;
}

/**
 * For a file that is a table, the blanks before each cell, by the offset at which the cell starts. A column is as wide as in most
 * of the lines, and wide enough for its cells.
 */
function tableGaps({ parsed, text }: SourceFile): ReadonlyMap<number, string> | undefined {
	const rows = parsed.cells?.();
	if (rows === undefined) return undefined;
	const gaps = new Map<number, string>();
	for (let column = 0; column + 1 < Math.max(0, ...rows.map((cells) => cells.length)); column++) {
		const counts = new Map<number, number>();
		let width = 0;
		const pairs = rows.flatMap((cells) => {
			const [cell, next] = [cells[column], cells[column + 1]];
			return cell === undefined || next === undefined
				? []
				: [{ length: cell.end - cell.start, gap: next.start - cell.end, next: next.start }];
		});
		for (const { length, gap, next } of pairs) {
			if (length > MAX_ALIGNED) continue;
			width = Math.max(width, length + 1);
			if (!text.slice(next - gap, next).includes("\t")) counts.set(length + gap, (counts.get(length + gap) ?? 0) + 1);
		}
		const [usual = 0] = [...counts].sort(([a, times], [b, others]) => others - times || b - a)[0] ?? [];
		for (const { length, next } of pairs) gaps.set(next, " ".repeat(Math.max(1, Math.max(usual, width) - length)));
	}
	return gaps;
}

/** The line without the blanks around it. */
function contentSpan(text: string, start: number, end: number): Span {
	let from = start;
	let to = end;
	while (from < to && isBlank(text, from)) from++;
	while (to > from && isBlank(text, to - 1)) to--;
	return span(from, to);
}

function isBlanks(text: string, start: number, end: number): boolean {
	for (let at = start; at < end; at++) if (!isBlank(text, at)) return false;
	return true;
}

function isBlank(text: string, at: number): boolean {
	const code = text.charCodeAt(at);
	return code === 32 || code === 9;
}

/** What the editor asks for at the end of the file. netstart drops a last line without a newline: only asked, one is added. */
function finalNewlines(file: SourceFile, options: FormattingOptions): readonly TextEdit[] {
	const { text, lines } = file;
	const content = text.replace(/\n+$/, "").length;
	const newlines = text.length - content;
	if (content === 0 || isContinued(text, content)) return [];
	if (options.insertFinalNewline === true && newlines === 0) return [{ range: lines.range(span(text.length, text.length)), newText: "\n" }];
	if (options.trimFinalNewlines === true && newlines > 1) return [{ range: lines.range(span(content + 1, text.length)), newText: "" }];
	return [];
}

function isContinued(text: string, end: number): boolean {
	return text[end - 1] === "\\";
}

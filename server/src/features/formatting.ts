/**
 * textDocument/formatting, rangeFormatting and onTypeFormatting. Only blanks between words that the parser has understood are
 * changed, and only in number: text without a mark, comments, strings and the order of words stay as they are.
 */
import type { FormattingOptions, TextEdit } from "vscode-languageserver";
import { type Mark, movedMark } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { SourceFile } from "./files.ts";
import type { Session } from "./session.ts";
import { definitionsIn, eachMark } from "./symbols.ts";

/** Names longer than this do not push a whole run of macros to the right. */
const MAX_ALIGNED = 24;

/** @param within the lines to format; the whole file without */
export function formatting(session: Session, file: SourceFile, options: FormattingOptions, within?: Span): TextEdit[] {
	const { lines, text } = file;
	const first = within === undefined ? 0 : lines.lineAt(within.start);
	const last = within === undefined ? lines.count - 1 : lines.lineAt(Math.max(within.start, within.end - 1));
	const indent = options.insertSpaces ? " ".repeat(options.tabSize) : "\t";
	const layout = new Layout(file, session.settings.format?.alignMacros !== false);
	const edits: TextEdit[] = [];
	const replace = (at: Span, newText: string) => {
		if (text.slice(at.start, at.end) !== newText) edits.push({ range: lines.range(at), newText });
	};
	let blank = 0;
	for (let line = 0; line <= last; line++) {
		const shape = layout.line(line);
		const start = lines.startOf(line);
		const end = lines.endOf(line);
		const content = contentSpan(text, start, end);
		if (content.start === content.end) {
			blank++;
			// A run of empty lines says no more than one. The line behind a continuation belongs to the statement.
			const surplus = blank > 1 && line + 1 < lines.count && !shape.verbatim;
			if (line >= first && surplus) replace(span(start, lines.startOf(line + 1)), "");
			else if (line >= first && !shape.verbatim) replace(span(start, end), "");
			continue;
		}
		blank = 0;
		if (line < first || shape.verbatim) continue;
		replace(span(start, content.start), indent.repeat(shape.depth));
		for (const { at, blanks } of shape.gaps) replace(at, blanks);
		// `\` and blanks before the end of a line is no continuation: without the blanks it would be one.
		if (text[content.end - 1] !== "\\") replace(span(content.end, end), "");
	}
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
		const { depth, verbatim } = new Layout(file, false).line(line);
		const start = lines.startOf(line);
		const { start: content } = contentSpan(file.text, start, lines.endOf(line));
		const wanted = indent.repeat(depth);
		if (!verbatim && file.text.slice(start, content) !== wanted) edits.push({ range: lines.range(span(start, content)), newText: wanted });
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

/** Walks the words of a file line by line. Lines must be asked for in order. */
class Layout {
	readonly #file: SourceFile;
	readonly #marks: Iterator<Mark, undefined>;
	readonly #columns: ReadonlyMap<number, number>;
	#before: Mark | undefined;
	#next: Mark | undefined;
	#open = 0;
	#line = 0;

	constructor(file: SourceFile, align: boolean) {
		this.#file = file;
		this.#marks = eachMark(file)[Symbol.iterator]();
		this.#columns = align ? macroColumns(file) : new Map();
		this.#read();
	}

	#read(): void {
		this.#before = this.#next;
		const mark = this.#marks.next().value;
		this.#next = mark && withQuotes(this.#file.text, mark);
	}

	line(line: number): LineShape {
		while (this.#line < line) this.#take(this.#line);
		return this.#take(line);
	}

	#take(line: number): LineShape {
		this.#line = line + 1;
		const { text, lines } = this.#file;
		const start = lines.startOf(line);
		const end = lines.endOf(line);
		const before = this.#before;
		let verbatim = before !== undefined && before.span.end > start;
		const openBefore = this.#open;
		const words: Mark[] = [];
		for (let mark = this.#next; mark !== undefined && mark.span.start < end; mark = this.#next) {
			words.push(mark);
			this.#open = Math.max(0, this.#open + step(text, mark));
			this.#read();
		}
		const [firstWord] = words;
		const closes = firstWord !== undefined && step(text, firstWord) < 0 ? 1 : 0;
		const lastWord = words.at(-1);
		if (lastWord !== undefined && lastWord.span.end > end) verbatim = true;
		const continued = line > 0 && text[lines.endOf(line - 1) - 1] === "\\" && !isComment(before);
		const content = contentSpan(text, start, end);
		// A line that no word of starts it is one that the parser could not read.
		if (firstWord !== undefined && firstWord.span.start !== content.start) verbatim = true;
		if (firstWord === undefined && (content.start < content.end || continued)) verbatim = true;
		const depth = Math.max(0, openBefore - closes) + (continued && openBefore === 0 ? 1 : 0);
		return { depth, verbatim, gaps: verbatim ? [] : this.#gaps(line, words) };
	}

	#gaps(line: number, words: readonly Mark[]): LineShape["gaps"] {
		const { text } = this.#file;
		const gaps: { readonly at: Span; readonly blanks: string }[] = [];
		for (let i = 1; i < words.length; i++) {
			const start = words[i - 1]?.span.end ?? 0;
			const end = words[i]?.span.start ?? 0;
			const blanks = text.slice(start, end);
			if (!isBlanks(blanks)) continue;
			const wanted = this.#wanted(line, words, i, blanks);
			if (wanted !== blanks) gaps.push({ at: span(start, end), blanks: wanted });
		}
		return gaps;
	}

	/** What stands between a word and the one before it. */
	#wanted(line: number, words: readonly Mark[], i: number, blanks: string): string {
		const { text } = this.#file;
		const word = words[i];
		const previous = words[i - 1];
		if (word === undefined || previous === undefined || isComment(word)) return blanks;
		const sign = text.slice(word.span.start, word.span.end);
		const left = text.slice(previous.span.start, previous.span.end);
		const column = i === 1 && sign === "=" ? this.#columns.get(line) : undefined;
		if (column !== undefined) return " ".repeat(Math.max(1, column - (previous.span.end - previous.span.start)));
		const defines = words[0]?.symbol?.kind === "macro" && words[0].symbol.use === "define";
		if (defines && ((i === 1 && sign === "=") || (i === 2 && left === "="))) return " ";
		if (word.role === "punctuation" && sign === ",") return "";
		if (isBrace(previous, left) || isBrace(word, sign)) return left === "{" && sign === "}" ? blanks.slice(0, 1) : " ";
		return blanks === "" ? "" : " ";
	}
}

/** Marks of names stand inside of their quotes; to the layout, the quotes are part of the word. */
function withQuotes(text: string, mark: Mark): Mark {
	const { start, end } = mark.span;
	const quote = text[start - 1];
	return (quote === '"' || quote === "'") && text[end] === quote ? movedMark(mark, span(start - 1, end + 1)) : mark;
}

function isBrace({ role }: Mark, sign: string): boolean {
	return role === "punctuation" && (sign === "{" || sign === "}");
}

function isComment(mark: Mark | undefined): boolean {
	return mark?.role === "comment";
}

function step(text: string, { role, span: at }: Mark): number {
	if (role !== "punctuation" || at.end - at.start !== 1) return 0;
	const sign = text[at.start];
	return sign === "{" || sign === "(" ? 1 : sign === "}" || sign === ")" ? -1 : 0;
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
	for (const mark of definitionsIn(file)) {
		const { symbol, span: at } = withQuotes(text, mark);
		if (symbol?.kind !== "macro" || symbol.use !== "define") continue;
		const line = lines.lineAt(at.start);
		const { start } = contentSpan(text, lines.startOf(line), lines.endOf(line));
		if (start !== at.start || !/^[ \t]*=/.test(text.slice(at.end, lines.endOf(line)))) continue;
		if (run.at(-1)?.line !== line - 1) end();
		run.push({ line, length: at.end - at.start });
	}
	end();
	return columns;
}

/** The line without the blanks around it. */
function contentSpan(text: string, start: number, end: number): Span {
	let from = start;
	let to = end;
	while (from < to && isBlank(text, from)) from++;
	while (to > from && isBlank(text, to - 1)) to--;
	return span(from, to);
}

function isBlanks(text: string): boolean {
	for (let at = 0; at < text.length; at++) if (!isBlank(text, at)) return false;
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

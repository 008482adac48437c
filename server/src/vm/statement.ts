/** The editor's reading of a vm.conf: one statement after the other, each a value that stands on its own. */

import { newestRelease } from "../releases/releases.ts";
import type { FileContext, SyntaxToken } from "../text/language.ts";
import type { NodeExtent } from "../text/statements.ts";
import type { Argument } from "./grammar.ts";
import { openSource, type Token, type Trivia } from "./lexer.ts";
import { type MacroTable, noMacros } from "./macros.ts";
import { Parser } from "./parser.ts";
import type { Statement } from "./syntax.ts";
import type { ParserHost, VmdComplaint } from "./token-stream.ts";

/** What the statements before have left behind: the macros. */
export interface Environment {
	readonly macros: MacroTable;
	/** True after an include whose content is not known: it may have defined any macro. */
	readonly open: boolean;
}

export const emptyEnvironment: Environment = { macros: noMacros, open: false };

/** An included file, as far as it is known. */
export interface IncludedFile {
	readonly path: string;
	readonly text: string;
	readonly nodes: readonly StatementNode[];
}

/** A stretch of the file with one statement in it, or with comments and empty lines alone. */
export interface StatementNode extends NodeExtent {
	readonly length: number;
	readonly statement: Statement;
	/** Spans are relative to the node's start. */
	readonly complaints: readonly VmdComplaint[];
	readonly tokens: readonly SyntaxToken[];
	/** The macros that it uses, with the values that they had. */
	readonly uses: ReadonlyMap<string, string | undefined>;
	/** False where its end was decided by what comes after it. */
	readonly settled: boolean;
	/** Whether it has a quote that is not closed in the rest of the file: any change behind it may close it. */
	readonly open: boolean;
	readonly before: Environment;
	readonly after: Environment;
	readonly included?: IncludedFile;
}

/** What stops a file that includes itself, and files that include each other many times over. */
interface Nesting {
	/** Files that are being read, outermost first. */
	readonly paths: readonly string[];
	/** How many more may be read below one statement of the outermost file. */
	readonly budget: { left: number };
}

const MAX_NESTING = 8;
const MAX_INCLUDES = 64;

const outermost = ({ path }: FileContext): Nesting => ({ paths: [path], budget: { left: MAX_INCLUDES } });

/** Reads the node that starts at `start`. */
export function readNode(
	text: string,
	start: number,
	before: Environment,
	context: FileContext,
	nesting: Nesting = outermost(context),
): StatementNode {
	const source = openSource(context.path, text, 1);
	source.pos = start;
	const parser = new Parser(source, editorHost(before, context, nesting), { recover: true, base: start });
	let settled = true;
	let blank = false;
	if (parser.peek().kind === "NEWLINE") {
		blank = true;
		do parser.shift();
		while (source.pos < text.length && /^[ \t]*[#\n]/.test(text.slice(source.pos, source.pos + 200)) && parser.peek().kind === "NEWLINE");
	} else if (!parser.sectionStatement() || !parser.statementEnd()) settled = finishBroken(parser, text);
	// The newline that the lexer makes up at the end of the file is none once something is added.
	if (source.eofReached) settled = false;
	const length = Math.max(1, source.pos - start);
	const statement: Statement = parser.statement ?? {
		kind: blank ? "blank" : "broken",
		span: { start: 0, end: parser.end },
		complete: blank,
	};
	const { trivia } = parser.lexer;
	const uses = new Map(trivia.flatMap(({ kind, name, value }) => (kind === "macro" ? [[name, value] as const] : [])));
	const { complaints, tokens } = parser;
	const open = complaints.some(({ code }) => code === "vm/unterminated-string");
	const node = { length, statement, complaints, tokens: withTrivia(tokens, trivia), uses, settled, open, before };
	return { ...node, ...effect(statement, before, context, nesting) };
}

/** Goes to the end of a statement that is not one. Answers whether that end depends on nothing behind it. */
function finishBroken(parser: Parser, text: string): boolean {
	for (;;) {
		const way = parser.skip();
		switch (way) {
			case "close":
				parser.shift();
				break;
			case "line":
				parser.shift();
				return true;
			case "end":
				return false;
			case "section": {
				parser.unread();
				const { source } = parser.lexer;
				source.pos = text.lastIndexOf("\n", source.pos - 1) + 1;
				return false;
			}
		}
	}
}

/** What the statement changes for those after it. */
export function effect(
	statement: Statement,
	before: Environment,
	context: FileContext,
	nesting: Nesting = outermost(context),
): { readonly after: Environment; readonly included?: IncludedFile } {
	if (statement.kind === "macro") {
		return { after: { ...before, macros: before.macros.with(statement.name.text, statement.value.text) } };
	}
	if (statement.kind !== "include") return { after: before };
	const path = statement.path.text;
	const { paths, budget } = nesting;
	const stops = paths.length > MAX_NESTING || isEndless(path, nesting) || budget.left-- <= 0;
	const text = stops ? undefined : context.readFile?.(path);
	if (text === undefined) return { after: { ...before, open: true } };
	const nodes = readNodes(text, before, { ...context, path }, { paths: [...paths, path], budget });
	return { after: nodes.at(-1)?.after ?? before, included: { path, text, nodes: nodes } };
}

/** Reads a whole file. */
export function readNodes(text: string, before: Environment, context: FileContext, nesting?: Nesting): StatementNode[] {
	const nodes: StatementNode[] = [];
	let environment = before;
	for (let at = 0; at < text.length; ) {
		const node = readNode(text, at, environment, context, nesting);
		nodes.push(node);
		environment = node.after;
		at += node.length;
	}
	return nodes;
}

export interface Acceptable {
	readonly tried: Parser["tried"];
	readonly argument: Argument | undefined;
}

/** What the grammar would accept at `end`, given the text from `start`, where a node starts, up to there. */
export function acceptable(text: string, start: number, end: number, before: Environment, context: FileContext): Acceptable {
	const source = { ...openSource(context.path, text, 1), end, pos: start };
	const parser = new Parser(source, editorHost(before, context), { recover: true, base: start, cursor: true });
	for (;;) {
		const { kind } = parser.peek();
		if (kind === "NEWLINE") parser.shift();
		else if (!parser.sectionStatement() || !parser.statementEnd()) {
			const way = parser.skip();
			if (way === "end") break;
			if (way !== "section") parser.shift();
		}
	}
	return { tried: parser.tried, argument: parser.argument };
}

/** The token in which `offset` stands, or that ends there; undefined between tokens. */
export function tokenAt(text: string, start: number, offset: number, before: Environment, context: FileContext): Token | undefined {
	const source = openSource(context.path, text, 1);
	source.pos = start;
	const parser = new Parser(source, editorHost(before, context), { recover: true, base: 0 });
	for (;;) {
		const token = parser.peek();
		if (token.kind === "EOF" || token.start >= offset) return undefined;
		if (token.kind !== "NEWLINE" && token.end >= offset) return token;
		parser.shift();
	}
}

/** vmd opens a file that includes itself again and again, until it has no more files to open. */
function isEndless(path: string, { paths }: Nesting): boolean {
	return paths.includes(path);
}

function editorHost(before: Environment, context: FileContext, nesting: Nesting = outermost(context)): ParserHost {
	return {
		facts: context.host ?? {},
		release: context.release ?? newestRelease,
		macro: (name) => before.macros.get(name),
		macrosUnknown: before.open || isFragment(context.path),
		define: () => undefined,
		include: (path) => !isEndless(path, nesting),
	};
}

/** A file in a folder such as /etc/vm.d is read by another one, which may define what it uses. */
export function isFragment(path: string): boolean {
	return /\.d\/[^/]*$/.test(path);
}

function withTrivia(tokens: readonly SyntaxToken[], trivia: readonly Trivia[]): readonly SyntaxToken[] {
	const more = trivia.map(
		({ kind, name, start, end }): SyntaxToken => ({
			span: { start, end },
			kind: kind === "comment" ? "comment" : "name",
			...(kind === "comment" ? {} : { symbol: { kind: "macro", name, use: "refer" } }),
		}),
	);
	const sorted = [...tokens, ...more].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
	return sorted.filter((found, i) => found.span.end > found.span.start && found.span.start >= (sorted[i - 1]?.span.end ?? 0));
}

import type { NameKind, OutlineNode, SyntaxToken } from "../../text/language.ts";
import { type Span, shifted, span } from "../../text/span.ts";
import type { ValueType } from "../../text/vocabulary.ts";
import { PF_NAMES } from "../words/name-kinds.ts";

const NAMES: Readonly<Partial<Record<ValueType, NameKind>>> = PF_NAMES;

/** A statement, with its tokens, whose places are counted from `at`. */
export interface StatementTokens {
	readonly words: Span;
	readonly tokens: readonly SyntaxToken[];
	readonly at: number;
}

/** A rule is shown in one line of at most so many characters. */
const MAX_NAME = 200;

/** The outline of a file: its statements by their names, rules by their text, anchors with the rules in their blocks. */
export function outline(text: string, statements: Iterable<StatementTokens>): readonly OutlineNode[] {
	return Array.from(statements).flatMap(({ words, tokens, at }) => {
		const own = tokens.filter(({ kind, span: { start } }) => kind !== "comment" && at + start >= words.start && at + start < words.end);
		// A brace that is left over after a broken block is nothing to jump to.
		return own.every(({ kind }) => kind === "punctuation") ? [] : [nodeOf(text, statementIn(text, own, at), words)];
	});
}

/** A statement, its own tokens first, and the statements of its block. */
interface Statement {
	readonly tokens: SyntaxToken[];
	readonly children: Statement[];
	readonly at: number;
	/** The brace that opens its block. */
	brace?: number;
}

function statementIn(text: string, tokens: readonly SyntaxToken[], at: number): Statement {
	const [first] = tokens;
	// Most statements have no block.
	if (first === undefined || !text.startsWith("anchor", at + first.span.start)) return { tokens: [...tokens], children: [], at };
	const outermost: Statement = { tokens: [], children: [], at };
	/** The statements whose blocks are open; undefined for a list. */
	const open: (Statement | undefined)[] = [];
	let current = outermost;
	for (const [index, token] of tokens.entries()) {
		const sign = token.kind === "punctuation" ? text[at + token.span.start] : "";
		const next = tokens[index + 1];
		if (sign === "}") {
			current = open.pop() ?? current;
			current.tokens.push(token);
			continue;
		}
		const holder = open.findLast((one) => one !== undefined);
		const begins = token.kind === "action" || (open.at(-1) !== undefined && isOnNextLine(text, tokens[index - 1], token, at));
		if (begins && index > 0 && holder !== undefined) {
			current = { tokens: [], children: [], at };
			holder.children.push(current);
		}
		current.tokens.push(token);
		const block = next?.kind === "action" || (next !== undefined && text[at + next.span.start] === "}");
		if (sign !== "{") continue;
		open.push(block ? current : undefined);
		if (block) current.brace = at + token.span.start;
	}
	return outermost;
}

/** Whether a token stands on another line than the one before it, as a broken statement of a block may. */
function isOnNextLine(text: string, before: SyntaxToken | undefined, { span: own }: SyntaxToken, at: number): boolean {
	return before !== undefined && /(?:^|[^\\])\n/.test(text.slice(at + before.span.end, at + own.start));
}

function nodeOf(text: string, { tokens, children, at, brace }: Statement, whole?: Span): OutlineNode {
	const [first] = tokens;
	const last = tokens.at(-1);
	const statement = whole ?? span(at + (first?.span.start ?? 0), at + (last?.span.end ?? 0));
	const named = tokens.find(isName);
	const word = first === undefined ? "" : text.slice(at + first.span.start, at + first.span.end);
	const kind = named?.symbol?.kind === "macro" ? "macro" : kindOf(first);
	const line = oneLine(text.slice(statement.start, Math.min(brace ?? statement.end, statement.start + MAX_NAME)));
	const ofName = kind === "rule" || kind === "option" ? undefined : named;
	const newline = text.indexOf("\n", statement.start);
	const firstLine = newline < 0 || newline > statement.end ? statement.end : newline;
	return {
		name: ofName?.symbol?.name ?? (line || word),
		...(ofName && { details: [kind === "macro" ? line.slice(line.indexOf("=") + 1).trim() : line] }),
		kind,
		span: statement,
		nameSpan: ofName === undefined ? span(statement.start, firstLine) : shifted(ofName.span, at),
		children: children.map((child) => nodeOf(text, child)),
	};
}

/** The kind of a statement by its first word: that of the name which it defines first. */
function kindOf(first: SyntaxToken | undefined): OutlineNode["kind"] {
	const { entry } = first ?? {};
	if (entry?.group !== "statement") return "rule";
	const defined = entry.args[0]?.type;
	return entry.name === "set" ? "option" : ((defined && NAMES[defined]?.outline) ?? "rule");
}

function oneLine(text: string): string {
	if (!/[\n\t]| {2}/.test(text)) return text.trim();
	return text.replace(/\\\n/g, " ").replace(/\s+/g, " ").trim();
}

function isName({ symbol }: SyntaxToken): boolean {
	if (symbol === undefined || (symbol.kind === "macro" && symbol.use === "refer")) return false;
	return NAMES[symbol.kind]?.outline !== undefined;
}

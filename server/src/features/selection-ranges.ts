/** textDocument/selectionRange: word, option with its arguments, list or block, rule, statement, section, file. */
import type { SelectionRange } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import type { OutlineNode, SyntaxToken } from "../text/language.ts";
import { contains, type Span, span } from "../text/span.ts";
import { tokenAt } from "./symbols.ts";

export function selectionRange(file: SourceFile, offset: number): SelectionRange {
	const around: Span[] = [span(0, file.text.length)];
	for (const node of nodesAround(file.parsed.outline(), offset)) around.push(node.span);
	const statement = file.parsed.statements(span(offset, offset + 1)).find((one) => contains(one, offset));
	if (statement !== undefined) {
		around.push(statement);
		const tokens = file.parsed.tokens(statement).filter(({ kind }) => kind !== "comment");
		around.push(...bracketsAround(file, tokens, offset));
		for (const starts of [startsRule, startsOption]) around.push(...groupsAround(file, tokens, offset, starts));
	}
	const token = tokenAt(file, offset);
	if (token !== undefined) around.push(token.span);
	return nested(file, around);
}

function* nodesAround(nodes: readonly OutlineNode[], offset: number): Generator<OutlineNode> {
	const node = nodes.find((one) => contains(one.span, offset));
	if (node === undefined) return;
	yield node;
	yield* nodesAround(node.children, offset);
}

/** What stands between brackets around the offset, without and with them, the outermost first. */
function bracketsAround(file: SourceFile, tokens: readonly SyntaxToken[], offset: number): readonly Span[] {
	const open: SyntaxToken[] = [];
	const found: Span[] = [];
	for (const token of tokens) {
		const sign = token.kind === "punctuation" ? file.text.slice(token.span.start, token.span.end) : "";
		if (sign === "{" || sign === "(") open.push(token);
		if (sign !== "}" && sign !== ")") continue;
		const start = open.pop()?.span;
		if (start === undefined || start.start > offset || token.span.end < offset) continue;
		found.push(span(start.end, token.span.start), span(start.start, token.span.end));
	}
	return found.reverse();
}

const startsRule = ({ kind }: SyntaxToken): boolean => kind === "action";
const startsOption = ({ kind }: SyntaxToken): boolean =>
	kind === "keyword" || kind === "action" || kind === "direction" || kind === "option";

/** The groups around an offset: each goes from a word that starts something to the next such word, or to the end of the block. */
function groupsAround(
	file: SourceFile,
	tokens: readonly SyntaxToken[],
	offset: number,
	starts: (token: SyntaxToken) => boolean,
): readonly Span[] {
	const found: Span[] = [];
	const open: (Span | undefined)[] = [];
	let own: Span | undefined;
	const close = (): void => {
		if (own !== undefined && contains(own, offset)) found.push(own);
		own = undefined;
	};
	for (const token of tokens) {
		const { kind, span: at } = token;
		const sign = kind === "punctuation" ? file.text.slice(at.start, at.end) : "";
		if (sign === "}" || sign === ")") {
			close();
			own = open.pop();
		}
		if (own !== undefined && !starts(token)) own = span(own.start, endWithQuote(file, at));
		if (sign === "{" || sign === "(") {
			open.push(own);
			own = undefined;
		} else if (starts(token)) {
			close();
			own = at;
		}
	}
	close();
	return found;
}

/** Tokens of names leave their quotes out. */
function endWithQuote({ text }: SourceFile, { start, end }: Span): number {
	return text[start - 1] === '"' && text[end] === '"' ? end + 1 : end;
}

/** Each range inside of the one before it; ranges that repeat or cross one another are left out. */
function nested(file: SourceFile, spans: readonly Span[]): SelectionRange {
	const sorted = [...spans].sort((a, b) => b.end - b.start - (a.end - a.start));
	let parent: SelectionRange | undefined;
	let outer: Span | undefined;
	for (const one of sorted) {
		const inside = outer === undefined || (outer.start <= one.start && one.end <= outer.end);
		if (!inside || (outer?.start === one.start && outer.end === one.end)) continue;
		parent = { range: file.lines.range(one), ...(parent === undefined ? {} : { parent }) };
		outer = one;
	}
	return parent ?? { range: file.lines.range(span(0, file.text.length)) };
}

/** textDocument/selectionRange: word, option with its arguments, list or block, rule, statement, section, file. */
import type { SelectionRange } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import type { Mark, OutlineNode } from "../text/language.ts";
import { contains, type Span, span } from "../text/span.ts";
import { markAt } from "./symbols.ts";

export function selectionRange(file: SourceFile, offset: number): SelectionRange {
	const around: Span[] = [span(0, file.text.length)];
	for (const node of nodesAround(file.parsed.outline(), offset)) around.push(node.span);
	const statement = file.parsed.statements(span(offset, offset + 1)).find((one) => contains(one, offset));
	if (statement !== undefined) {
		around.push(statement);
		const marks = file.parsed.marks(statement).filter(({ role }) => role !== "comment");
		around.push(...bracketsAround(file, marks, offset));
		for (const starts of [startsRule, startsOption]) around.push(...groupsAround(file, marks, offset, starts));
	}
	const mark = markAt(file, offset);
	if (mark !== undefined) around.push(mark.span);
	return nested(file, around);
}

function* nodesAround(nodes: readonly OutlineNode[], offset: number): Generator<OutlineNode> {
	const node = nodes.find((one) => contains(one.span, offset));
	if (node === undefined) return;
	yield node;
	yield* nodesAround(node.children, offset);
}

/** What stands between brackets around the offset, without and with them, the outermost first. */
function bracketsAround(file: SourceFile, marks: readonly Mark[], offset: number): readonly Span[] {
	const open: Mark[] = [];
	const found: Span[] = [];
	for (const mark of marks) {
		const sign = mark.role === "punctuation" ? file.text.slice(mark.span.start, mark.span.end) : "";
		if (sign === "{" || sign === "(") open.push(mark);
		if (sign !== "}" && sign !== ")") continue;
		const start = open.pop()?.span;
		if (start === undefined || start.start > offset || mark.span.end < offset) continue;
		found.push(span(start.end, mark.span.start), span(start.start, mark.span.end));
	}
	return found.reverse();
}

const startsRule = ({ role }: Mark): boolean => role === "action";
const startsOption = ({ role }: Mark): boolean => role === "keyword" || role === "action" || role === "direction" || role === "option";

/** What is around the offset from a word that starts something to the next one of its kind, or to the end of its block. */
function groupsAround(file: SourceFile, marks: readonly Mark[], offset: number, starts: (mark: Mark) => boolean): readonly Span[] {
	const found: Span[] = [];
	const open: (Span | undefined)[] = [];
	let own: Span | undefined;
	const close = (): void => {
		if (own !== undefined && contains(own, offset)) found.push(own);
		own = undefined;
	};
	for (const mark of marks) {
		const { role, span: at } = mark;
		const sign = role === "punctuation" ? file.text.slice(at.start, at.end) : "";
		if (sign === "}" || sign === ")") {
			close();
			own = open.pop();
		}
		if (own !== undefined && !starts(mark)) own = span(own.start, endWithQuote(file, at));
		if (sign === "{" || sign === "(") {
			open.push(own);
			own = undefined;
		} else if (starts(mark)) {
			close();
			own = at;
		}
	}
	close();
	return found;
}

/** Marks of names leave their quotes out. */
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

/** textDocument/selectionRange: word, list or block, statement, section, file. */
import type { SelectionRange } from "vscode-languageserver";
import type { Mark, OutlineNode } from "../text/language.ts";
import { contains, type Span, span } from "../text/span.ts";
import type { SourceFile } from "./files.ts";
import { markAt } from "./symbols.ts";

export function selectionRange(file: SourceFile, offset: number): SelectionRange {
	const around: Span[] = [span(0, file.text.length)];
	for (const node of nodesAround(file.parsed.outline(), offset)) around.push(node.span);
	const statement = file.parsed.statements(span(offset, offset + 1)).find((one) => contains(one, offset));
	if (statement !== undefined) {
		around.push(statement);
		around.push(...bracketsAround(file, file.parsed.marks(statement), offset));
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

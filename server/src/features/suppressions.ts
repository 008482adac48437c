/** `# vnet-ignore: code`: comments that switch diagnostics off. */

import type { SourceFile } from "../project/source-file.ts";
import { contains, type Span, span } from "../text/span.ts";

const MARK = "vnet-ignore:";
/** So many lines below a comment that has a line of its own, the statement is looked for that it is about. */
const REACH = 100;

/**
 * What `# vnet-ignore: code, code` switches off: in the statement that the comment stands beside, or where it has a line
 * of its own, in the statement below.
 * @returns whether a diagnostic of a code is switched off at an offset
 */
export function suppressions(file: SourceFile): (code: string, offset: number) => boolean {
	const { text, parsed, lines } = file;
	const found = new Map<string, Span[]>();
	for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + MARK.length)) {
		const comment = parsed.tokens(span(at, at + MARK.length)).find(({ kind }) => kind === "comment");
		if (comment === undefined) continue;
		const line = lines.lineAt(at);
		const end = lines.endOf(line);
		const codes = text.slice(at + MARK.length, end).split(/[\s,]+/);
		const alone = text.slice(lines.startOf(line), comment.span.start).trim() === "";
		const statements = parsed.statements(span(lines.startOf(line), Math.min(text.length, end + 1)));
		const around = statements.find((statement) => contains(statement, comment.span.start) && statement.start < comment.span.start);
		const below = alone && around === undefined ? nextStatement(file, lines.startOf(line + 1)) : undefined;
		// Inside a block of many lines, a comment means its own line or the next one.
		const ownLine = alone ? line + 1 : line;
		const near = span(lines.startOf(ownLine), lines.endOf(ownLine));
		const whole = around !== undefined && lines.lineAt(around.end) > lines.lineAt(around.start) + 1 ? undefined : around;
		const within = below ?? whole ?? near;
		for (const code of new Set(codes.filter(Boolean))) {
			const spans = found.get(code);
			if (spans === undefined) found.set(code, [within]);
			else spans.push(within);
		}
		// What else the line says is part of the same comment.
		at = end;
	}
	const merged = new Map([...found].map(([code, spans]) => [code, united(spans)]));
	return (code, offset) => covers(merged.get(code) ?? [], offset);
}

/** The same places as spans that do not overlap, in order. */
function united(spans: readonly Span[]): readonly Span[] {
	const result: Span[] = [];
	for (const each of [...spans].sort((a, b) => a.start - b.start)) {
		const last = result.at(-1);
		if (last === undefined || each.start > last.end) result.push(each);
		else if (each.end > last.end) result[result.length - 1] = span(last.start, each.end);
	}
	return result;
}

function covers(spans: readonly Span[], offset: number): boolean {
	let low = 0;
	let high = spans.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((spans[middle]?.start ?? 0) <= offset) low = middle + 1;
		else high = middle;
	}
	const candidate = spans[low - 1];
	return candidate !== undefined && contains(candidate, offset);
}

function nextStatement(file: SourceFile, from: number): Span | undefined {
	const { text, parsed, lines } = file;
	const first = lines.lineAt(from);
	for (let line = first; line < Math.min(lines.count, first + REACH); line++) {
		const [below] = parsed.statements(span(lines.startOf(line), Math.min(text.length, lines.endOf(line) + 1)));
		if (below !== undefined && below.end > from) return below;
		if (lines.lineText(line).trim() === "") return undefined;
	}
	return undefined;
}

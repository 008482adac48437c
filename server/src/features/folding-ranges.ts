/** textDocument/foldingRange: blocks, sections under a comment, comments, and statements of several lines. */
import { type FoldingRange, FoldingRangeKind } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import { eachToken } from "../project/tokens.ts";
import { movedToken, type SyntaxToken } from "../text/language.ts";
import { span } from "../text/span.ts";

export function foldingRanges(file: SourceFile): FoldingRange[] {
	const tokens: SyntaxToken[] = [];
	eachToken(file, (token, start, end) => {
		if (token.kind === "comment" || token.kind === "punctuation") tokens.push(movedToken(token, span(start, end)));
	});
	const ranges = [...blocks(file, tokens), ...commentRuns(file, tokens), ...statementRuns(file)];
	const seen = new Map<number, FoldingRange>();
	// One fold for a line: the first found is the most telling one.
	for (const range of ranges) if (range.endLine > range.startLine && !seen.has(range.startLine)) seen.set(range.startLine, range);
	return [...seen.values()].sort((a, b) => a.startLine - b.startLine);
}

/** From an opening brace to the line before its closing one, which stays in sight. */
function* blocks(file: SourceFile, tokens: readonly SyntaxToken[]): Generator<FoldingRange> {
	const open: number[] = [];
	for (const { kind, span: at } of tokens) {
		if (kind !== "punctuation") continue;
		const sign = file.text[at.start];
		if (sign === "{") open.push(file.lines.lineAt(at.start));
		if (sign !== "}") continue;
		const startLine = open.pop();
		const line = file.lines.lineAt(at.start);
		if (startLine === undefined) continue;
		const first = file.lines.lineText(line).trimStart().startsWith("}");
		yield { startLine, endLine: first ? line - 1 : line };
	}
}

/** Comment lines that follow each other. */
function* commentRuns(file: SourceFile, tokens: readonly SyntaxToken[]): Generator<FoldingRange> {
	let startLine = -1;
	let endLine = -2;
	for (const { kind, span: at } of tokens) {
		if (kind !== "comment") continue;
		const line = file.lines.lineAt(at.start);
		if (file.text.slice(file.lines.startOf(line), at.start).trim() !== "") continue;
		if (line !== endLine + 1 && startLine >= 0) yield { startLine, endLine, kind: FoldingRangeKind.Comment };
		if (line !== endLine + 1) startLine = line;
		endLine = file.lines.lineAt(Math.max(at.start, at.end - 1));
	}
	if (startLine >= 0) yield { startLine, endLine, kind: FoldingRangeKind.Comment };
}

/** Statements that follow each other without an empty line, with the comment above them; and statements of several lines. */
function* statementRuns(file: SourceFile): Generator<FoldingRange> {
	const { lines } = file;
	let startLine = -1;
	let endLine = -2;
	for (const { start, end } of file.parsed.statements()) {
		const first = lines.lineAt(start);
		const last = lines.lineAt(Math.max(start, end - 1));
		if (first > endLine + 1 && startLine >= 0) yield* run(file, startLine, endLine);
		if (first > endLine + 1) startLine = first;
		endLine = Math.max(endLine, last);
		if (last > first && first !== startLine) yield { startLine: first, endLine: last };
	}
	if (startLine >= 0) yield* run(file, startLine, endLine);
}

function* run(file: SourceFile, startLine: number, endLine: number): Generator<FoldingRange> {
	let above = startLine;
	while (
		above > 0 &&
		file.lines
			.lineText(above - 1)
			.trimStart()
			.startsWith("#")
	)
		above--;
	yield { startLine: above, endLine, kind: FoldingRangeKind.Region };
}

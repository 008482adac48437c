/** textDocument/codeAction: fixes of diagnostics, comments that suppress them, and refactorings. */
import { type CodeAction, CodeActionKind, type Position } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import type { Diagnostic, TextEdit as SpanEdit } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { overlaps, type Span, span } from "../text/span.ts";
import { reportedDiagnostics, suppressTitle, toProtocol } from "./diagnostics.ts";
import { refactorings } from "./refactor.ts";
import { localize, type Session, titleText } from "./session.ts";
import { fixesOf } from "./spelling.ts";
import { toHostEdit, toWorkspaceEdit } from "./workspace-edit.ts";

/** The kinds that are offered. */
export const codeActionKinds = [
	CodeActionKind.QuickFix,
	CodeActionKind.RefactorExtract,
	CodeActionKind.RefactorInline,
	CodeActionKind.RefactorRewrite,
];

/** What a quick fix is found by when its edit is asked for. */
interface ActionData {
	readonly uri: string;
	readonly code: string;
	/** Where its finding stood. */
	readonly at: Position;
}

/** @param only the kinds that the editor asks for, every one where undefined */
export function codeActions(session: Session, file: SourceFile, within: Span, only?: readonly string[]): CodeAction[] {
	const wanted = (kind: string) => only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
	const fixes = wanted(CodeActionKind.QuickFix) ? quickFixes(session, file, within).map((fix) => late(session, file, fix)) : [];
	const others = refactorings(session, file, within).filter(({ kind = "" }) => wanted(kind));
	return [...fixes, ...others];
}

/** Without its edit, for a client that asks for it when the fix is taken: VS Code keeps the fixes of a problem while files change. */
function late(session: Session, { uri }: SourceFile, fix: CodeAction): CodeAction {
	const [diagnostic] = fix.diagnostics ?? [];
	if (session.client.lateEdits !== true || diagnostic === undefined) return fix;
	const { edit: _, ...rest } = fix;
	const data: ActionData = { uri, code: String(diagnostic.code), at: diagnostic.range.start };
	return { ...rest, data };
}

/** The URI of the file whose finding a quick fix without an edit is for. */
export function fileOfAction({ data }: CodeAction): string | undefined {
	const { uri } = (data ?? {}) as Partial<ActionData>;
	return typeof uri === "string" ? uri : undefined;
}

/** The edit of a quick fix as the files are by now; none where its finding has gone, or has another fix. */
export function resolveCodeAction(session: Session, action: CodeAction): CodeAction {
	const uri = fileOfAction(action);
	const file = uri === undefined ? undefined : session.files.file(uri);
	const { at, code } = (action.data ?? {}) as Partial<ActionData>;
	if (file === undefined || at === undefined) return action;
	const away = ({ diagnostics = [] }: CodeAction): number => {
		const { line, character } = diagnostics[0]?.range.start ?? at;
		return Math.abs(line - at.line) * 1e6 + Math.abs(character - at.character);
	};
	const [closest] = quickFixes(session, file, span(0, file.text.length))
		.filter(({ title, diagnostics = [] }) => title === action.title && diagnostics[0]?.code === code)
		.sort((a, b) => away(a) - away(b));
	return closest?.edit === undefined ? action : { ...action, edit: closest.edit };
}

function quickFixes(session: Session, file: SourceFile, within: Span): CodeAction[] {
	const fixes: CodeAction[] = [];
	const suppressions: CodeAction[] = [];
	for (const diagnostic of reportedDiagnostics(session, file)) {
		if (!touches(diagnostic.span, within)) continue;
		const diagnostics = [toProtocol(session, file, diagnostic)];
		for (const { title, edits, preferred } of fixesOf(session, file, diagnostic)) {
			const edit = toHostEdit(session, file, edits);
			if (edit === undefined) continue;
			fixes.push({
				title: titleText(session, title),
				kind: CodeActionKind.QuickFix,
				diagnostics,
				edit,
				...(preferred === true ? { isPreferred: true } : {}),
			});
		}
		suppressions.push({
			title: suppressTitle(session, diagnostic.code),
			kind: CodeActionKind.QuickFix,
			diagnostics,
			edit: toWorkspaceEdit(session, new Map([[file, [suppression(file, diagnostic.span, diagnostic.code)]]])),
		});
	}
	return [...fixes, ...fixesOfAll(session, file, within), ...suppressions];
}

/** For each code in sight that the file has several of: their preferred fixes at once. */
function fixesOfAll(session: Session, file: SourceFile, within: Span): CodeAction[] {
	const byCode = new Map<string, Diagnostic[]>();
	const inSight = new Set<string>();
	for (const diagnostic of reportedDiagnostics(session, file)) {
		if (diagnostic.fixes?.some(({ preferred }) => preferred === true) !== true) continue;
		byCode.set(diagnostic.code, [...(byCode.get(diagnostic.code) ?? []), diagnostic]);
		if (touches(diagnostic.span, within)) inSight.add(diagnostic.code);
	}
	return [...inSight].flatMap((code) => {
		const all = byCode.get(code) ?? [];
		const edits = all.flatMap(({ fixes = [] }) => fixes.find(({ preferred }) => preferred === true)?.edits ?? []);
		const distinct = [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()].sort(
			(a, b) => (a.file ?? "").localeCompare(b.file ?? "") || a.span.start - b.span.start,
		);
		const apart = distinct.every((edit, i) => {
			const before = distinct[i - 1];
			return before === undefined || before.file !== edit.file || before.span.end <= edit.span.start;
		});
		const edit = all.length > 1 && apart ? toHostEdit(session, file, distinct) : undefined;
		if (edit === undefined) return [];
		const title = localize(session, msg("Fix all of '{0}' in this file", code));
		return [{ title, kind: CodeActionKind.QuickFix, diagnostics: all.map((one) => toProtocol(session, file, one)), edit }];
	});
}

function touches(a: Span, b: Span): boolean {
	return overlaps(a, b) || a.start === b.start || a.end === b.start || a.start === b.end;
}

/** A comment above the statement, with its indentation. */
function suppression(file: SourceFile, at: Span, code: string): SpanEdit {
	const statement = file.parsed.statements(span(at.start, at.start + 1)).find(({ start, end }) => start <= at.start && at.start <= end);
	const { lines } = file;
	const own = lines.lineAt(at.start);
	const first = statement === undefined ? own : lines.lineAt(statement.start);
	// In a block of many lines the comment belongs to its line; a rule that goes over lines cannot be broken by one.
	const inBlock = statement !== undefined && file.text.slice(statement.start, at.start).includes("{") && !continues(file, own - 1);
	const line = inBlock ? own : first;
	const indent = /^[ \t]*/.exec(lines.lineText(line))?.[0] ?? "";
	const start = lines.startOf(line);
	return { span: span(start, start), text: `${indent}# vnet-ignore: ${code}\n` };
}

function continues(file: SourceFile, line: number): boolean {
	return line >= 0 && file.lines.lineText(line).endsWith("\\");
}

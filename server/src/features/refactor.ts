/** Code actions that change how something is written and not what it means. */
import { type CodeAction, CodeActionKind } from "vscode-languageserver-types";
import { languages } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { TextEdit } from "../text/diagnostic.ts";
import type { SyntaxToken } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { contains, type Span, span } from "../text/span.ts";
import { addLabel, listToTable, sortTable, splitList } from "./refactor-rules.ts";
import { keepsMeaning, type ListPlace, lineStart, type Offer, placeAt, unused } from "./refactoring.ts";
import { localize, type Session } from "./session.ts";
import { definitionsOf, occurrences, symbolAt } from "./symbols.ts";
import { toWorkspaceEdit } from "./workspace-edit.ts";

export function refactorings(session: Session, file: SourceFile, selection: Span): CodeAction[] {
	const place = placeAt(session, file, selection);
	if (place === undefined) return [];
	const offers = [extractMacro, inlineMacro, listToTable, splitList, sortTable, addLabel].flatMap(
		(refactoring) => refactoring(place) ?? [],
	);
	return offers.map(({ title, kind, edits }) => ({ title: localize(session, title), kind, edit: toWorkspaceEdit(session, edits) }));
}

const valueKinds: ReadonlySet<SyntaxToken["kind"]> = new Set([
	"address",
	"port",
	"number",
	"string",
	"name",
	"constant",
	"punctuation",
	"operator",
]);

/** `{ 192.0.2.1 192.0.2.2 }` → `$addresses`, with the macro above the statement. */
function extractMacro({ session, file, selection, statement, tokens }: ListPlace): Offer | undefined {
	if (languages.get(file.parsed.language)?.names?.macro === undefined || selection.end === selection.start) return undefined;
	const inside = tokens.filter(({ span: at }) => at.start < selection.end && selection.start < at.end);
	const [first] = inside;
	const last = inside.at(-1);
	if (first === undefined || last === undefined || first === tokens[0]) return undefined;
	const at = span(first.span.start, last.span.end);
	const text = file.text.slice(at.start, at.end);
	const balanced = (text.match(/[{(]/g)?.length ?? 0) === (text.match(/[)}]/g)?.length ?? 0);
	const plain = inside.every(({ kind, symbol }) => valueKinds.has(kind) && symbol?.use !== "define" && symbol?.kind !== "table");
	// A macro's name would go on into a word behind it, and a word before it into the dollar sign.
	const whole = /^[\s{(,]?$/.test(file.text.slice(at.start - 1, at.start)) && /^[\s}),]?$/.test(file.text.slice(at.end, at.end + 1));
	// A value with quotes cannot stand in quotes itself, but it may be the whole string.
	const quoted = /^"[^"\\\n]*"$/.test(text);
	if (!balanced || !plain || !whole || (!quoted && /["'\\\n]/.test(text)) || !/\w/.test(text)) return undefined;
	if (languages.get(file.parsed.language)?.macrosInMacros !== true && text.includes("$")) return undefined;
	const telling = inside.find(({ kind }) => kind === "port" || kind === "address")?.kind;
	const name = unused(session, file, "macro", telling === "port" ? "ports" : telling === "address" ? "addresses" : "value");
	const start = lineStart(file, statement.start);
	const edits = [
		{ span: span(start, start), text: `${name} = ${quoted ? text : `"${text}"`}\n` },
		{ span: at, text: `$${name}` },
	];
	if (!keepsMeaning(file, edits)) return undefined;
	return { title: msg("Extract macro"), kind: CodeActionKind.RefactorExtract, edits: new Map([[file, edits]]) };
}

/** Every `$name` becomes the macro's text, and the definition goes. */
function inlineMacro({ session, file, selection }: ListPlace): Offer | undefined {
	const token = symbolAt(session.files, file, selection.start);
	if (token?.symbol.kind !== "macro") return undefined;
	const { name } = token.symbol;
	const definitions = definitionsOf(session.files, file, "macro", name);
	const [definition] = definitions;
	if (definition === undefined || definitions.length !== 1) return undefined;
	const source = definition.file;
	const statement = source.parsed.statements(definition.span).find((one) => contains(one, definition.span.start));
	if (statement === undefined) return undefined;
	const written = source.text
		.slice(definition.span.end, statement.end)
		.replace(/^\s*=\s*/, "")
		.trimEnd();
	const value = /^"([^"\\\n]*)"$/.exec(written)?.[1] ?? (/^[^\s"'#\\{}]+$/.test(written) ? written : undefined);
	if (value === undefined) return undefined;
	const edits = new Map<SourceFile, TextEdit[]>();
	const add = (target: SourceFile, edit: TextEdit) => edits.set(target, [...(edits.get(target) ?? []), edit]);
	let uses = 0;
	for (const { file: other, span: at, use } of occurrences(session.files, file, "macro", name)) {
		if (use !== "refer") continue;
		uses++;
		const dollar = other.text[at.start] === "$" ? at.start : other.text[at.start - 1] === "$" ? at.start - 1 : undefined;
		if (dollar === undefined) return undefined;
		add(other, { span: span(dollar, at.end), text: value });
	}
	if (uses === 0) return undefined;
	add(source, { span: wholeLines(source, statement), text: "" });
	if (![...edits].every(([target, own]) => target !== source || keepsMeaning(target, own))) return undefined;
	return { title: msg("Inline macro '{0}'", name), kind: CodeActionKind.RefactorInline, edits };
}

/** A statement with its indentation and the newline behind it, where it has its lines for itself. */
function wholeLines({ lines, text }: SourceFile, statement: Span): Span {
	const start = lines.startOf(lines.lineAt(statement.start));
	const last = lines.lineAt(Math.max(statement.start, statement.end - 1));
	const end = lines.startOf(last + 1);
	const alone = text.slice(start, statement.start).trim() === "" && text.slice(statement.end, end).trim() === "";
	return alone ? span(start, end) : statement;
}

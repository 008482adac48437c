/** Code actions that change how something is written and not what it means: macros, lists, tables, labels. */
import { type CodeAction, CodeActionKind } from "vscode-languageserver";
import { hostAddress, splitMask } from "../pf/address.ts";
import type { TextEdit } from "../text/diagnostic.ts";
import type { Mark } from "../text/language.ts";
import { type Message, say } from "../text/message.ts";
import { contains, type Span, span } from "../text/span.ts";
import { namesOf } from "./candidates.ts";
import type { SourceFile } from "./files.ts";
import { type Session, told } from "./session.ts";
import { definitionsOf, occurrences, symbolAt } from "./symbols.ts";
import { toWorkspaceEdit } from "./workspace-edit.ts";

/** A refactoring's place: the statement around the selection and its words. */
interface Place {
	readonly session: Session;
	readonly file: SourceFile;
	readonly selection: Span;
	readonly statement: Span;
	readonly marks: readonly Mark[];
}

interface Offer {
	readonly title: Message;
	readonly kind: string;
	readonly edits: ReadonlyMap<SourceFile, readonly TextEdit[]>;
}

export function refactorings(session: Session, file: SourceFile, selection: Span): CodeAction[] {
	const statement = file.parsed
		.statements(span(selection.start, Math.max(selection.start + 1, selection.end)))
		.find((one) => contains(one, selection.start) && contains(one, selection.end));
	if (statement === undefined) return [];
	const place: Place = { session, file, selection, statement, marks: file.parsed.marks(statement) };
	const offers = [extractMacro, inlineMacro, listToTable, splitList, sortTable, addLabel, replaceObsolete].flatMap((refactoring) => {
		const offer = refactoring(place);
		return offer === undefined ? [] : [offer];
	});
	return offers.map(({ title, kind, edits }) => ({ title: told(session, title), kind, edit: toWorkspaceEdit(session, edits) }));
}

const valueRoles: ReadonlySet<Mark["role"]> = new Set([
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
function extractMacro({ session, file, selection, statement, marks }: Place): Offer | undefined {
	if (file.parsed.language === "openbsd-hostname" || selection.end === selection.start) return undefined;
	const inside = marks.filter(({ span: at }) => at.start < selection.end && selection.start < at.end);
	const [first] = inside;
	const last = inside.at(-1);
	if (first === undefined || last === undefined || first === marks[0]) return undefined;
	const at = span(first.span.start, last.span.end);
	const text = file.text.slice(at.start, at.end);
	const balanced = (text.match(/[{(]/g)?.length ?? 0) === (text.match(/[)}]/g)?.length ?? 0);
	const plain = inside.every(({ role, symbol }) => valueRoles.has(role) && symbol?.use !== "define" && symbol?.kind !== "table");
	// A value with quotes cannot stand in quotes itself.
	if (!balanced || !plain || /["'\\\n]/.test(text)) return undefined;
	const telling = inside.find(({ role }) => role === "port" || role === "address")?.role;
	const name = unused(session, file, "macro", telling === "port" ? "ports" : telling === "address" ? "addresses" : "value");
	const start = lineStart(file, statement.start);
	return {
		title: say("Extract macro"),
		kind: CodeActionKind.RefactorExtract,
		edits: new Map([
			[
				file,
				[
					{ span: span(start, start), text: `${name} = "${text}"\n` },
					{ span: at, text: `$${name}` },
				],
			],
		]),
	};
}

/** Every `$name` becomes the macro's text, and the definition goes. */
function inlineMacro({ session, file, selection }: Place): Offer | undefined {
	const mark = symbolAt(session.files, file, selection.start);
	if (mark?.symbol.kind !== "macro") return undefined;
	const { name } = mark.symbol;
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
	return { title: say("Inline macro '{0}'", name), kind: CodeActionKind.RefactorInline, edits };
}

interface List {
	/** With its braces. */
	readonly at: Span;
	/** The words between the braces, without commas. */
	readonly items: readonly Mark[];
	/** The word before the opening brace. */
	readonly before: Mark | undefined;
}

/** The innermost list around the cursor that has no other in it. */
function listAround({ file, selection, marks }: Place): List | undefined {
	const open = marks.findLastIndex(
		({ role, span: at }) => role === "punctuation" && file.text[at.start] === "{" && at.start <= selection.start,
	);
	const close = marks.findIndex(({ role, span: at }, i) => i > open && role === "punctuation" && /[{}]/.test(file.text[at.start] ?? ""));
	const first = marks[open];
	const last = marks[close];
	if (first === undefined || last === undefined || file.text[last.span.start] !== "}" || last.span.end < selection.end) return undefined;
	const items = marks.slice(open + 1, close).filter(({ role, span: at }) => role !== "punctuation" || file.text[at.start] !== ",");
	return { at: span(first.span.start, last.span.end), items, before: marks[open - 1] };
}

/** `from { 192.0.2.1 192.0.2.2 }` → `from <addresses>`, with the table above the statement. */
function listToTable(place: Place): Offer | undefined {
	const { session, file, statement } = place;
	if (file.parsed.language !== "openbsd-pf") return undefined;
	const list = listAround(place);
	const where = list?.before?.entry?.name;
	if (list === undefined || (where !== "from" && where !== "to") || list.items.length === 0) return undefined;
	if (!list.items.every(({ role, symbol }) => role === "address" && symbol === undefined)) return undefined;
	const items = list.items.map(({ span: at }) => file.text.slice(at.start, at.end));
	// A table holds numbers, not names: pfctl would look names up once, which a rule does as well, but interfaces differ.
	if (!items.every((item) => isAddress(item))) return undefined;
	const name = unused(session, file, "table", "addresses");
	const start = lineStart(file, statement.start);
	return {
		title: say("Turn the list into a table"),
		kind: CodeActionKind.RefactorExtract,
		edits: new Map([
			[
				file,
				[
					{ span: span(start, start), text: `table <${name}> const { ${items.join(" ")} }\n` },
					{ span: list.at, text: `<${name}>` },
				],
			],
		]),
	};
}

/** A rule with a list becomes one rule for each item, as pfctl would make them. */
function splitList(place: Place): Offer | undefined {
	const { file, statement, marks } = place;
	if (file.parsed.language !== "openbsd-pf" || marks[0]?.role !== "action") return undefined;
	const list = listAround(place);
	// An item of several words, such as a range, is not taken apart.
	if (list === undefined || list.items.length < 2 || !list.items.every(({ role }) => role !== "punctuation" && role !== "operator")) {
		return undefined;
	}
	const start = lineStart(file, statement.start);
	const indent = file.text.slice(start, statement.start);
	const head = file.text.slice(statement.start, list.at.start);
	const tail = file.text.slice(list.at.end, statement.end);
	if (tail.includes("{") && marks.some(({ symbol, span: at }) => symbol?.kind === "anchor" && at.start < list.at.start)) return undefined;
	const rules = list.items.map(({ span: at }) => head + file.text.slice(at.start, at.end) + tail);
	return {
		title: say("Split the list into {0} rules", rules.length),
		kind: CodeActionKind.RefactorRewrite,
		edits: new Map([[file, [{ span: statement, text: rules.join(`\n${indent}`) }]]]),
	};
}

/** Orders the addresses of a table, and drops those that repeat. */
function sortTable(place: Place): Offer | undefined {
	const { file, marks } = place;
	if (!marks.some(({ symbol }) => symbol?.kind === "table" && symbol.use === "define")) return undefined;
	const list = listAround(place) ?? listAround({ ...place, selection: lastBrace(place) });
	if (list === undefined || list.items.length < 2) return undefined;
	const items = list.items.map(({ span: at }) => file.text.slice(at.start, at.end));
	if (!items.every(isAddress) || file.text.slice(list.at.start, list.at.end).includes("#")) return undefined;
	const sorted = [...new Set(items)].sort(byAddress);
	if (sorted.join() === items.join()) return undefined;
	// Each item keeps its line: the words change places, the blanks between them stay. With fewer words, all stand on one line.
	const comma = file.text.slice(list.at.start, list.at.end).includes(",") ? ", " : " ";
	const edits: TextEdit[] =
		sorted.length === items.length
			? list.items.map(({ span: at }, i) => ({ span: at, text: sorted[i] ?? "" }))
			: [{ span: list.at, text: `{ ${sorted.join(comma)} }` }];
	return { title: say("Sort the table and drop repetitions"), kind: CodeActionKind.RefactorRewrite, edits: new Map([[file, edits]]) };
}

function lastBrace({ file, marks, selection }: Place): Span {
	const brace = marks.findLast(({ role, span: at }) => role === "punctuation" && file.text[at.start] === "{");
	return brace === undefined ? selection : span(brace.span.end, brace.span.end);
}

function isAddress(text: string): boolean {
	const parts = splitMask(text);
	return !("error" in parts) && hostAddress(parts.host, parts.bits) !== undefined;
}

function byAddress(a: string, b: string): number {
	const [x, y] = [sortKey(a), sortKey(b)];
	return x < y ? -1 : x > y ? 1 : 0;
}

function sortKey(text: string): string {
	const parts = splitMask(text);
	const found = "error" in parts ? undefined : hostAddress(parts.host, parts.bits);
	if (found === undefined) return text;
	const { a, b, c, d } = found.address;
	const words = [a, b, c, d].map((word) => (word >>> 0).toString(16).padStart(8, "0"));
	return `${found.family === "inet" ? 4 : 6} ${words.join("")} ${String(found.bits).padStart(3, "0")}`;
}

/** A rule without a label gets one, so that its counters can be asked for by name. */
function addLabel({ file, statement, marks }: Place): Offer | undefined {
	const [first] = marks;
	if (file.parsed.language !== "openbsd-pf" || first?.role !== "action") return undefined;
	if (marks.some(({ entry, symbol }) => entry?.name === "label" || symbol?.kind === "anchor")) return undefined;
	const last = marks.findLast(({ role, span: at }) => role !== "comment" && at.end <= statement.end);
	if (last === undefined) return undefined;
	const at = last.span.end;
	const line = file.lines.lineAt(statement.start) + 1;
	return {
		title: say("Add a label"),
		kind: CodeActionKind.RefactorRewrite,
		edits: new Map([[file, [{ span: span(at, at), text: ` label "${file.text.slice(first.span.start, first.span.end)}-${line}"` }]]]),
	};
}

/** The new spelling of a word, where only the word changed. */
function replaceObsolete({ file, selection, marks }: Place): Offer | undefined {
	const mark = marks.find(({ span: at, entry }) => entry?.deprecated !== undefined && contains(at, selection.start));
	const replacement = mark?.entry?.deprecated;
	if (mark === undefined || replacement === undefined || !/^[a-z0-9-]+$/.test(replacement)) return undefined;
	return {
		title: say("Write '{0}'", replacement),
		kind: CodeActionKind.RefactorRewrite,
		edits: new Map([[file, [{ span: mark.span, text: replacement }]]]),
	};
}

function unused(session: Session, file: SourceFile, kind: "macro" | "table", wanted: string): string {
	const taken = new Set(namesOf(session, file, kind).map(({ name }) => name));
	if (!taken.has(wanted)) return wanted;
	let number = 2;
	while (taken.has(`${wanted}${number}`)) number++;
	return `${wanted}${number}`;
}

function lineStart({ lines }: SourceFile, offset: number): number {
	return lines.startOf(lines.lineAt(offset));
}

/** A statement with its indentation and the newline behind it, where it has its lines for itself. */
function wholeLines({ lines, text }: SourceFile, statement: Span): Span {
	const start = lines.startOf(lines.lineAt(statement.start));
	const last = lines.lineAt(Math.max(statement.start, statement.end - 1));
	const end = lines.startOf(last + 1);
	const alone = text.slice(start, statement.start).trim() === "" && text.slice(statement.end, end).trim() === "";
	return alone ? span(start, end) : statement;
}

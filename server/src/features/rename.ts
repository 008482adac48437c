/** textDocument/prepareRename and textDocument/rename, across the files of the host. */
import type { Range, RenameFile, WorkspaceEdit } from "vscode-languageserver-types";
import { servedInterfaces } from "../host/rc-conf.ts";
import { interfaceOfPath } from "../hostname/names.ts";
import { isReservedWord, nameKinds } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import { byteLength } from "../text/bytes.ts";
import type { TextEdit } from "../text/diagnostic.ts";
import type { NameRule } from "../text/language.ts";
import { type Message, msg } from "../text/message.ts";
import { type Span, span } from "../text/span.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import { anchorPaths, anchorPlaces } from "./anchors.ts";
import { Refusal } from "./refusal.ts";
import { localize, type Session } from "./session.ts";
import { definitionsOf, nameSpan, type Occurrence, occurrences, symbolAt, writtenName } from "./symbols.ts";
import { toHostEdit } from "./workspace-edit.ts";

export function prepareRename(session: Session, file: SourceFile, offset: number): { range: Range; placeholder: string } {
	const { at, written } = renamable(session, file, offset);
	return { range: file.lines.range(at), placeholder: written };
}

export function rename(session: Session, file: SourceFile, offset: number, newName: string): WorkspaceEdit {
	const { kind, name, rule, anchor } = renamable(session, file, offset);
	const fault = faultOf(session, file, kind, rule, name, newName, anchor);
	if (fault !== undefined) throw refused(session, fault);
	const edits: TextEdit[] = [];
	/** @param word the whole word in which the name stands, quotes included */
	const replace = (other: SourceFile, word: Span, at: Span): void => {
		edits.push({ file: other.path, span: at, text: written(session, other, word, kind, newName) });
	};
	if (anchor !== undefined) {
		for (const { file: other, word, at } of anchorParts(session, file, anchor)) replace(other, word, at);
		return toHostEdit(session, file, edits) ?? {};
	}
	const found = [...occurrences(session.files, file, kind, name)];
	for (const { file: other, span: at } of found) {
		if (at.end > at.start) replace(other, at, nameSpan(other, at, writtenName(other, at, kind, name)));
	}
	if (kind === "interface") {
		const { rc } = session.files.hostModel(file);
		for (const served of servedInterfaces(rc.value ?? []))
			if (served.name === name) edits.push({ file: rc.path, span: served.span, text: newName });
	}
	const renames = filesNamedFor(session, found, kind, name).map(({ uri }): RenameFile => {
		const folder = uri.slice(0, uri.lastIndexOf("/"));
		return { kind: "rename", oldUri: uri, newUri: `${folder}/hostname.${newName}` };
	});
	return toHostEdit(session, file, edits, renames) ?? {};
}

/** The new name as it is written in place of a word: in quotes where the program would not take it without. */
function written(session: Session, file: SourceFile, word: Span, kind: SymbolKind, newName: string): string {
	if (/["']/.test(file.text[word.start] ?? "")) return newName;
	if (isReservedWord(file.parsed, newName)) throw refused(session, msg("'{0}' is a word of the language.", newName));
	return nameKinds[kind].rule?.quotable === true && !/^[A-Za-z_][^\s(){}<>!=/#,"']*$/.test(newName) ? `"${newName}"` : newName;
}

interface Renamable {
	readonly kind: SymbolKind;
	readonly name: string;
	/** The name without `$`, quotes or brackets. */
	readonly at: Span;
	readonly written: string;
	readonly rule: NameRule;
	/** Of anchors: the path down to the part that is renamed. */
	readonly anchor?: string;
}

function renamable(session: Session, file: SourceFile, offset: number): Renamable {
	const token = symbolAt(session.files, file, offset);
	if (token === undefined) throw refused(session, msg("Only names can be renamed."));
	const { kind, name } = token.symbol;
	const { rule } = nameKinds[kind];
	if (rule === undefined) throw refused(session, msg("'{0}' is not a name that these files define.", name));
	if (kind === "interface" && definitionsOf(session.files, file, kind, name).length === 0) {
		throw refused(session, msg("'{0}' is not an interface of a hostname file: its driver names it.", name));
	}
	if (kind === "interface-group" && definitionsOf(session.files, file, kind, name).length === 0) {
		throw refused(session, msg("'{0}' is not a name that these files define.", name));
	}
	if (kind === "anchor") {
		const part = anchorPart(session, file, token.span, name, offset);
		if (part === undefined) throw refused(session, msg("Only names can be renamed."));
		return { kind, name, rule, ...part };
	}
	const written = writtenName(file, token.span, kind, name);
	return { kind, name, rule, written, at: nameSpan(file, token.span, written) };
}

/** The part of an anchor's path at an offset, and the whole path down to it. */
function anchorPart(
	session: Session,
	file: SourceFile,
	at: Span,
	name: string,
	offset: number,
): Pick<Renamable, "at" | "written" | "anchor"> | undefined {
	const [path = name] = anchorPaths(session.files, file, name);
	for (const part of partsOf(file, at, path)) {
		if (part.at.start > offset || offset > part.at.end || part.written === "*" || part.written === "") continue;
		return { at: part.at, written: part.written, anchor: part.path };
	}
	return undefined;
}

/** The parts of an anchor's path that are written at a place, each with the path down to it. */
function* partsOf(file: SourceFile, at: Span, path: string): Generator<{ at: Span; written: string; path: string }> {
	const text = file.text.slice(at.start, at.end);
	const inner = text.replace(/^["']|["']$/g, "");
	const names = path.split("/");
	const written = inner.replace(/^\//, "").split("/");
	let start = at.start + text.indexOf(inner) + (inner.startsWith("/") ? 1 : 0);
	for (const [index, part] of written.entries()) {
		const depth = names.length - written.length + index + 1;
		yield { at: span(start, start + part.length), written: part, path: names.slice(0, depth).join("/") };
		start += part.length + 1;
	}
}

interface AnchorPart {
	readonly file: SourceFile;
	/** The whole path as it is written. */
	readonly word: Span;
	readonly at: Span;
}

/** Every place where a part of an anchor's path is written. */
function anchorParts(session: Session, from: SourceFile, anchor: string): readonly AnchorPart[] {
	const found = new Map<string, AnchorPart>();
	for (const { file, span: word, path } of anchorPlaces(session.files, from)) {
		for (const part of partsOf(file, word, path)) {
			if (part.path === anchor) found.set(`${file.uri} ${part.at.start}`, { file, word, at: part.at });
		}
	}
	return [...found.values()];
}

/** Why a name cannot be the new one. */
function faultOf(
	session: Session,
	file: SourceFile,
	kind: SymbolKind,
	rule: NameRule,
	name: string,
	newName: string,
	anchor: string | undefined,
): Message | undefined {
	if (newName === "") return msg("A name cannot be empty.");
	if (byteLength(newName) > rule.longest) return msg("'{0}' is longer than {1} bytes.", newName, rule.longest);
	if (!rule.pattern.test(newName)) {
		return msg("'{0}' cannot be the name: {1}.", newName, localize(session, rule.asks));
	}
	if (kind === "interface" && newName.replace(/\d+$/, "") !== name.replace(/\d+$/, "")) {
		return msg("'{0}' would be another kind of interface than '{1}'.", newName, name);
	}
	if (anchor !== undefined) {
		const path = [...anchor.split("/").slice(0, -1), newName].join("/");
		const taken = path !== anchor && anchorPlaces(session.files, file).some((place) => `${place.path}/`.startsWith(`${path}/`));
		return taken ? msg("'{0}' is defined already.", newName) : undefined;
	}
	if (newName !== name) {
		for (const { use } of occurrences(session.files, file, kind, newName)) {
			if (use !== "refer") return msg("'{0}' is defined already.", newName);
		}
	}
	return undefined;
}

/** The hostname files that carry an interface's name: their own name changes. */
function filesNamedFor(session: Session, found: readonly Occurrence[], kind: SymbolKind, name: string): readonly SourceFile[] {
	if (kind !== "interface") return [];
	const named = found.filter(({ file }) => interfaceOfPath(file.path) === name).map(({ file }) => file);
	if (named.length > 0 && !(session.client.renameFiles && session.client.documentChanges)) {
		throw refused(session, msg("This editor cannot rename hostname.{0} along with the name.", name));
	}
	return [...new Set(named)];
}

function refused(session: Session, why: Message): Refusal {
	return new Refusal(localize(session, why));
}

/** The names themselves at the places of one file: what is typed over when a name is edited in all of them at once. */
export function linkedSpans(file: SourceFile, kind: SymbolKind, name: string, found: Iterable<Occurrence>): readonly Span[] {
	return [...found].flatMap(({ span: at }) => (at.end === at.start ? [] : [nameSpan(file, at, writtenName(file, at, kind, name))]));
}

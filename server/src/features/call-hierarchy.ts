/** Call hierarchy of anchors: which rulesets call or load one, and which it calls in turn. */
import {
	type CallHierarchyIncomingCall,
	type CallHierarchyItem,
	type CallHierarchyOutgoingCall,
	type Range,
	SymbolKind,
} from "vscode-languageserver";
import type { OutlineNode } from "../text/language.ts";
import { contains, type Span, span } from "../text/span.ts";
import type { SourceFile } from "./files.ts";
import type { Session } from "./session.ts";
import { definitionsOf, occurrences, scopeOf, symbolAt } from "./symbols.ts";

/** A ruleset: an anchor by its name, or the main ruleset of a file. */
interface Ruleset {
	readonly uri: string;
	/** Absent for a file as a whole. */
	readonly anchor?: string;
}

export function prepareCallHierarchy(session: Session, file: SourceFile, offset: number): CallHierarchyItem[] | null {
	const mark = symbolAt(file, offset);
	if (mark?.symbol.kind !== "anchor") return null;
	return [anchorItem(session, file, mark.symbol.name, mark.span)];
}

export function incomingCalls(session: Session, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
	const { uri, anchor } = item.data as Ruleset;
	const file = session.files.file(uri);
	if (file === undefined) return [];
	const calls = new Map<string, { from: CallHierarchyItem; fromRanges: Range[] }>();
	const add = (caller: SourceFile, at: Span) => {
		const around = anchorAround(caller.parsed.outline(), at, anchor);
		const from = around === undefined ? fileItem(caller) : anchorItem(session, caller, around.name, around.nameSpan);
		const key = `${caller.uri} ${around?.name ?? ""}`;
		const known = calls.get(key) ?? { from, fromRanges: [] };
		known.fromRanges.push(caller.lines.range(at));
		calls.set(key, known);
	};
	if (anchor === undefined) for (const one of occurrences(session.files, file, "file", file.path)) add(one.file, one.span);
	else for (const one of occurrences(session.files, file, "anchor", anchor)) add(one.file, one.span);
	return [...calls.values()];
}

export function outgoingCalls(session: Session, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
	const { uri, anchor } = item.data as Ruleset;
	const file = session.files.file(uri);
	if (file === undefined) return [];
	const calls = new Map<string, { to: CallHierarchyItem; fromRanges: Range[] }>();
	const bodies = anchor === undefined ? [{ file, within: span(0, file.text.length) }] : bodiesOf(session, file, anchor);
	for (const body of bodies) {
		for (const { span: at, symbol } of body.file.parsed.marks(body.within)) {
			if (symbol?.kind !== "anchor" || symbol.name === anchor) continue;
			const known = calls.get(symbol.name) ?? { to: anchorItem(session, body.file, symbol.name, at), fromRanges: [] };
			known.fromRanges.push(body.file.lines.range(at));
			calls.set(symbol.name, known);
		}
	}
	return [...calls.values()];
}

/** Where the rules of an anchor stand: in a block of the ruleset, and in files that `load anchor` names. */
function bodiesOf(session: Session, from: SourceFile, anchor: string): readonly { readonly file: SourceFile; readonly within: Span }[] {
	const bodies: { file: SourceFile; within: Span }[] = [];
	for (const file of scopeOf(session.files, from, "anchor")) {
		for (const node of anchorsOf(file.parsed.outline()))
			if (node.name === anchor && node.children.length > 0) bodies.push({ file, within: node.span });
	}
	for (const { file, span: at } of occurrences(session.files, from, "anchor", anchor)) {
		const [statement] = file.parsed.statements(at);
		if (statement === undefined) continue;
		for (const { symbol } of file.parsed.marks(statement)) {
			const loaded = symbol?.kind === "file" ? session.files.onSameHost(file, symbol.name) : undefined;
			if (loaded !== undefined) bodies.push({ file: loaded, within: span(0, loaded.text.length) });
		}
	}
	return bodies;
}

function* anchorsOf(nodes: readonly OutlineNode[]): Generator<OutlineNode> {
	for (const node of nodes) {
		if (node.kind === "anchor") yield node;
		yield* anchorsOf(node.children);
	}
}

/** The innermost anchor around a place, other than the one that is named there. */
function anchorAround(nodes: readonly OutlineNode[], at: Span, named: string | undefined): OutlineNode | undefined {
	let found: OutlineNode | undefined;
	for (const node of anchorsOf(nodes)) {
		if (node.name !== named && contains(node.span, at.start) && node.nameSpan.start !== at.start) found = node;
	}
	return found;
}

function anchorItem(session: Session, file: SourceFile, name: string, at: Span): CallHierarchyItem {
	const [defined = { file, span: at }] = definitionsOf(session.files, file, "anchor", name);
	const selectionRange = defined.file.lines.range(defined.span);
	const data: Ruleset = { uri: defined.file.uri, anchor: name };
	return { name, kind: SymbolKind.Module, detail: defined.file.path, uri: defined.file.uri, range: selectionRange, selectionRange, data };
}

function fileItem(file: SourceFile): CallHierarchyItem {
	const data: Ruleset = { uri: file.uri };
	const selectionRange = file.lines.range(span(0, 0));
	const range = file.lines.range(span(0, file.text.length));
	return { name: file.path, kind: SymbolKind.File, uri: file.uri, range, selectionRange, data };
}

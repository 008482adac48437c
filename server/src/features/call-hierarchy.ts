/** Call hierarchy of anchors: which rulesets call or load one, and which it calls in turn. */
import {
	type CallHierarchyIncomingCall,
	type CallHierarchyItem,
	type CallHierarchyOutgoingCall,
	type Range,
	SymbolKind,
} from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import type { OutlineNode } from "../text/language.ts";
import { contains, type Span, span } from "../text/span.ts";
import { type AnchorPlace, anchorBodies, anchorPaths, anchorPlaces, calls, rulesetOf } from "./anchors.ts";
import type { Session } from "./session.ts";
import { occurrences, symbolAt } from "./symbols.ts";

/** A ruleset: an anchor by its name, or the main ruleset of a file. */
interface Ruleset {
	readonly uri: string;
	/** Absent for a file as a whole. */
	readonly anchor?: string;
}

export function prepareCallHierarchy(session: Session, file: SourceFile, offset: number): CallHierarchyItem[] | null {
	const token = symbolAt(session.files, file, offset);
	if (token?.symbol.kind !== "anchor") return null;
	const { files } = session;
	const named = anchorPaths(files, file, token.symbol.name);
	// What a call with a star names are the anchors below it.
	const below = anchorPlaces(files, file).filter(
		({ path }) => !path.endsWith("*") && named.some((one) => one.endsWith("*") && calls(one, path)),
	);
	const paths = new Set(below.length > 0 ? below.map(({ path }) => path) : named);
	return [...paths].map((path) => anchorItem(session, file, path, { file, span: token.span }));
}

export function incomingCalls(session: Session, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
	const { uri, anchor } = item.data as Ruleset;
	const file = session.files.file(uri);
	if (file === undefined) return [];
	const made = new Map<string, { from: CallHierarchyItem; fromRanges: Range[] }>();
	const add = (caller: SourceFile, at: Span, path: string): void => {
		const from = path === "" ? fileItem(caller) : anchorItem(session, caller, path, { file: caller, span: at });
		const known = made.get(`${from.uri} ${path}`) ?? { from, fromRanges: [] };
		known.fromRanges.push(caller.lines.range(at));
		made.set(`${from.uri} ${path}`, known);
	};
	if (anchor === undefined) {
		for (const one of occurrences(session.files, file, "file", file.path)) {
			for (const path of rulesetsAt(session, one.file, one.span)) add(one.file, one.span, path);
		}
	} else
		for (const place of anchorPlaces(session.files, file)) if (calls(place.path, anchor)) add(place.file, place.span, rulesetOf(place));
	return [...made.values()];
}

export function outgoingCalls(session: Session, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
	const { uri, anchor } = item.data as Ruleset;
	const file = session.files.file(uri);
	if (file === undefined) return [];
	const made = new Map<string, { to: CallHierarchyItem; fromRanges: Range[] }>();
	const bodies = anchor === undefined ? [{ file, within: span(0, file.text.length) }] : anchorBodies(session.files, file, anchor);
	const places = anchorPlaces(session.files, file);
	for (const body of bodies) {
		for (const place of places) {
			const { path, span: at } = place;
			if (place.file !== body.file || !contains(body.within, at.start) || path === anchor) continue;
			// What stands in a block in there is called from there.
			if (rulesetOf(place) !== (anchor ?? "")) continue;
			const known = made.get(path) ?? { to: anchorItem(session, body.file, path, place), fromRanges: [] };
			known.fromRanges.push(body.file.lines.range(at));
			made.set(path, known);
		}
	}
	return [...made.values()];
}

/** The rulesets that a place belongs to: the anchor whose block it stands in, or those into which its file is loaded; empty for the main one. */
function rulesetsAt({ files }: Session, file: SourceFile, at: Span): readonly string[] {
	let around: string | undefined;
	for (const node of anchorsOf(file.parsed.outline())) {
		if (node.children.length > 0 && contains(node.span, at.start) && node.nameSpan.start !== at.start) around = node.name;
	}
	return anchorPaths(files, file, around ?? "").map((path) => path.replace(/\/$/, ""));
}

function* anchorsOf(nodes: readonly OutlineNode[]): Generator<OutlineNode> {
	for (const node of nodes) {
		if (node.kind === "anchor") yield node;
		yield* anchorsOf(node.children);
	}
}

/** @param at where it stands, if nothing loads or holds it */
function anchorItem(session: Session, file: SourceFile, path: string, at: Pick<AnchorPlace, "file" | "span">): CallHierarchyItem {
	const [body] = anchorBodies(session.files, file, path);
	const load = anchorPlaces(session.files, file).find((place) => place.path === path && place.use === "set");
	const defined = body?.place ?? load ?? at;
	const selectionRange = defined.file.lines.range(defined.span);
	const data: Ruleset = { uri: defined.file.uri, anchor: path };
	return {
		name: path,
		kind: SymbolKind.Module,
		detail: defined.file.path,
		uri: defined.file.uri,
		range: selectionRange,
		selectionRange,
		data,
	};
}

function fileItem(file: SourceFile): CallHierarchyItem {
	const data: Ruleset = { uri: file.uri };
	const selectionRange = file.lines.range(span(0, 0));
	const range = file.lines.range(span(0, file.text.length));
	return { name: file.path, kind: SymbolKind.File, uri: file.uri, range, selectionRange, data };
}

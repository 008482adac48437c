/** Anchors across the files of a host: their whole paths, and where their rules stand. */

import type { Files } from "../project/files.ts";
import { loadedPath } from "../project/named-files.ts";
import type { SourceFile } from "../project/source-file.ts";
import { definitionsIn } from "../project/tokens.ts";
import type { OutlineNode, SymbolUse } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import { scopeOf } from "./symbols.ts";

/** A place where a ruleset calls, loads or holds an anchor. */
export interface AnchorPlace {
	readonly file: SourceFile;
	readonly span: Span;
	/** From the main ruleset; `vm/*` for all below `vm`. */
	readonly path: string;
	/** `set` for `load anchor`. */
	readonly use: SymbolUse["use"];
}

/** The path of the ruleset in which an anchor's place stands; empty for the main one. */
export function rulesetOf({ file, span: at, path }: AnchorPlace): string {
	const written = file.text.slice(at.start, at.end).replace(/^["']?\/?|["']$/g, "");
	return path.split("/").slice(0, -written.split("/").length).join("/");
}

/** So many ways from the main ruleset to a file are followed, and of one of them so many files. */
const MAX_WAYS = 200;
const MAX_DEPTH = 8;

/** All places of the host of a file; those of a file that is loaded into several anchors come once for each. */
export function anchorPlaces(files: Files, from: SourceFile): readonly AnchorPlace[] {
	const host = scopeOf(files, from, "anchor");
	return host.flatMap((file) => {
		const tokens = definitionsIn(file, "anchor");
		if (tokens.length === 0) return [];
		return pathsOf(host, file).flatMap((base) =>
			tokens.flatMap(({ span: at, symbol }) =>
				symbol === undefined ? [] : [{ file, span: at, path: joined(base, symbol.name), use: symbol.use }],
			),
		);
	});
}

/** The whole paths of an anchor's name in a file. */
export function anchorPaths(files: Files, file: SourceFile, name: string): readonly string[] {
	return pathsOf(scopeOf(files, file, "anchor"), file).map((base) => joined(base, name));
}

/** The anchors into which the rules of a file are loaded; the main ruleset has the empty path. */
function pathsOf(host: readonly SourceFile[], file: SourceFile): readonly string[] {
	const found = new Set<string>();
	const open: { readonly file: SourceFile; readonly below: string; readonly chain: readonly SourceFile[] }[] = [
		{ file, below: "", chain: [] },
	];
	// Files that load each other have ways without end.
	for (let next = open.shift(), ways = 0; next !== undefined && ways < MAX_WAYS; next = open.shift(), ways++) {
		const { below } = next;
		const { path } = next.file;
		const chain = [...next.chain, next.file];
		let outermost = true;
		for (const other of chain.length > MAX_DEPTH ? [] : host) {
			if (chain.includes(other)) continue;
			for (const { span: at, symbol } of definitionsIn(other, "anchor")) {
				if (symbol?.use !== "set" || loadedPath(other, at) !== path) continue;
				outermost = false;
				const absolute = below.startsWith("/");
				open.push({ file: other, below: absolute ? below : below === "" ? symbol.name : `${symbol.name}/${below}`, chain });
			}
			if (other.parsed.includes?.().has(path) !== true) continue;
			outermost = false;
			open.push({ file: other, below, chain });
		}
		if (outermost) found.add(joined("", below));
	}
	return found.size === 0 ? [""] : [...found];
}

function joined(base: string, name: string): string {
	if (name.startsWith("/")) return name.slice(1);
	return base === "" ? name : `${base}/${name}`;
}

/** Whether a call of one path evaluates the anchor of another: `vm/*` calls what is directly below `vm`. */
export function calls(call: string, path: string): boolean {
	if (!call.endsWith("/*")) return call === path;
	const below = call.slice(0, -1);
	return path.startsWith(below) && path.length > below.length && !path.includes("/", below.length) && !path.endsWith("*");
}

/** Where the rules of an anchor stand: in a block of a ruleset, and in files that `load anchor` names. */
export interface AnchorBody {
	readonly file: SourceFile;
	readonly within: Span;
	/** The name at the block, or at the load. */
	readonly place: AnchorPlace;
	readonly loaded: boolean;
}

export function anchorBodies(files: Files, from: SourceFile, path: string): readonly AnchorBody[] {
	return anchorPlaces(files, from).flatMap((place): AnchorBody[] => {
		if (place.path.endsWith("*") || !calls(path, place.path)) return [];
		const { file, span: at, use } = place;
		if (use === "set") {
			const name = loadedPath(file, at);
			const loaded = name === undefined ? undefined : files.onSameHost(file, name);
			return loaded === undefined ? [] : [{ file: loaded, within: span(0, loaded.text.length), place, loaded: true }];
		}
		const node = nodeAt(file.parsed.outline(), at);
		return node === undefined || node.children.length === 0 ? [] : [{ file, within: node.span, place, loaded: false }];
	});
}

/** The outline's node of an anchor by where its name stands. */
export function nodeAt(nodes: readonly OutlineNode[], at: Span): OutlineNode | undefined {
	for (const node of nodes) {
		if (node.span.start > at.start || node.span.end < at.end) continue;
		if (node.kind === "anchor" && node.nameSpan.start === at.start) return node;
		return nodeAt(node.children, at);
	}
	return undefined;
}

/** textDocument/documentSymbol and workspace/symbol: the outlines of the files. */
import { type DocumentSymbol, type SymbolInformation, SymbolKind, type WorkspaceSymbol } from "vscode-languageserver-types";
import { interfaceOfPath } from "../hostname/names.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { OutlineNode } from "../text/language.ts";
import { span } from "../text/span.ts";
import { inSections } from "./sections.ts";
import { localize, type Session } from "./session.ts";

const kinds: Readonly<Record<OutlineNode["kind"], SymbolKind>> = {
	section: SymbolKind.Namespace,
	macro: SymbolKind.Constant,
	table: SymbolKind.Array,
	anchor: SymbolKind.Module,
	rule: SymbolKind.Event,
	option: SymbolKind.Property,
	queue: SymbolKind.Struct,
	limiter: SymbolKind.Struct,
	switch: SymbolKind.Class,
	guest: SymbolKind.Object,
	interface: SymbolKind.Interface,
	command: SymbolKind.Function,
};

export function documentSymbols(session: Session, file: SourceFile): DocumentSymbol[] | SymbolInformation[] {
	if (session.client.hierarchicalSymbols) return inSections(file.text, file.parsed.outline()).map((node) => toSymbol(session, file, node));
	return flat(file.parsed.outline()).map(({ node, parent }) => ({
		name: node.name,
		kind: kinds[node.kind],
		location: { uri: file.uri, range: file.lines.range(node.span) },
		...(parent === undefined ? {} : { containerName: parent.name }),
	}));
}

function toSymbol(session: Session, file: SourceFile, node: OutlineNode): DocumentSymbol {
	const { name, details = [], kind, nameSpan, children } = node;
	// The protocol asks for a name in one line that is not blank, inside of the whole.
	const whole = span(Math.min(node.span.start, nameSpan.start), Math.max(node.span.end, nameSpan.end));
	const detail = details
		.map((one) => (typeof one === "string" ? one : localize(session, one)))
		.filter(Boolean)
		.join(", ");
	return {
		name: name.trim() === "" ? kind : name,
		...(detail === "" ? {} : { detail }),
		kind: kinds[kind],
		range: file.lines.range(whole),
		selectionRange: file.lines.range(nameSpan),
		children: children.map((child) => toSymbol(session, file, child)),
	};
}

/** Kinds that are worth finding from anywhere: names, not rules. */
const named: ReadonlySet<OutlineNode["kind"]> = new Set(["macro", "table", "anchor", "queue", "limiter", "switch", "guest", "interface"]);

/** Longer answers are of no use to a person. */
const MAX_SYMBOLS = 500;

/** The names of all files that hold the signs of `query` in order. */
export function workspaceSymbols(session: Session, query: string): WorkspaceSymbol[] {
	const found: WorkspaceSymbol[] = [];
	for (const file of session.files.all()) {
		const own = interfaceOfPath(file.path);
		if (own !== undefined && matches(own, query)) {
			const location = { uri: file.uri, range: file.lines.range(span(0, 0)) };
			found.push({ name: own, kind: SymbolKind.Interface, containerName: file.path, location });
		}
		for (const { node, parent } of flat(file.parsed.outline())) {
			if (!named.has(node.kind) || !matches(node.name, query)) continue;
			const container = parent === undefined || parent.kind === "section" ? file.path : `${file.path} ${parent.name}`;
			found.push({
				name: node.name,
				kind: kinds[node.kind],
				containerName: container,
				location: { uri: file.uri, range: file.lines.range(node.nameSpan) },
			});
			if (found.length >= MAX_SYMBOLS) return found;
		}
	}
	return found;
}

function flat(
	nodes: readonly OutlineNode[],
	parent?: OutlineNode,
): readonly { readonly node: OutlineNode; readonly parent?: OutlineNode }[] {
	return nodes.flatMap((node) => [{ node, ...(parent === undefined ? {} : { parent }) }, ...flat(node.children, node)]);
}

function matches(name: string, query: string): boolean {
	const lower = name.toLowerCase();
	let at = 0;
	for (const sign of query.toLowerCase()) {
		at = lower.indexOf(sign, at) + 1;
		if (at === 0) return false;
	}
	return true;
}

/** textDocument/codeLens: how often a name is used, how many rules a statement becomes where that is wanted, and anchor files that nothing loads. */

import type { CodeLens } from "vscode-languageserver-types";
import { isPart, languages, nameKinds } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import { definitionsIn, eachToken } from "../project/tokens.ts";
import { Commands } from "../protocol.ts";
import type { SymbolUse } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import { toLocation } from "./definition.ts";
import { expandedCounts } from "./inlay-hints.ts";
import { referencesTo } from "./references.ts";
import { localize, type Session } from "./session.ts";
import { type Occurrence, occurrences, scopeOf } from "./symbols.ts";

/** Kept in a lens until it comes into sight: counting walks over all files of the host. */
interface LensData {
	readonly uri: string;
	readonly kind: SymbolKind;
	readonly name: string;
}

export function codeLenses(session: Session, file: SourceFile): CodeLens[] {
	const { references = true, expanded = false } = session.settings.codeLens ?? {};
	const lenses: CodeLens[] = [];
	if (isUnloaded(session, file)) {
		lenses.push({
			range: file.lines.range(span(0, 0)),
			command: { title: localize(session, msg("Not loaded by any pf.conf of this host")), command: "" },
		});
	}
	if (references) {
		for (const { span: at, symbol } of definitionsIn(file)) {
			if (symbol?.use !== "define" || nameKinds[symbol.kind].counted !== true) continue;
			// The block of an anchor calls itself where it stands, and a guest is there for itself. A call of all anchors is counted by those.
			const alone = (symbol.kind === "anchor" && !symbol.name.endsWith("/*")) || symbol.kind === "guest";
			if (alone && !isUsed(session, file, symbol)) continue;
			// A first word of a line that is being typed: its lens would push the line away.
			if (symbol.kind === "macro" && file.parsed.symbolFacts?.("macro", symbol.name) === undefined) continue;
			const data: LensData = { uri: file.uri, kind: symbol.kind, name: symbol.name };
			lenses.push({ range: file.lines.range(at), data });
		}
	}
	if (expanded) {
		const { uri } = file;
		for (const [end, count] of expandedCounts(file, span(0, file.text.length))) {
			const title = localize(session, msg("{0} rules", String(count)));
			lenses.push({ range: file.lines.range(span(end, end)), command: { title, command: Commands.showExpanded, arguments: [uri] } });
		}
	}
	return lenses;
}

export function resolveCodeLens(session: Session, lens: CodeLens): CodeLens {
	const data = lens.data as Partial<LensData> | undefined;
	const file = data?.uri === undefined ? undefined : session.files.file(data.uri);
	if (file === undefined || data?.kind === undefined || data.name === undefined) return lens;
	const { kind, name } = data;
	const { start } = lens.range;
	const below = kind === "anchor" ? /^(.*\/)\*$/.exec(name)?.[1] : undefined;
	// An anchor is called, loaded and held by different places: the others are what is of interest at each.
	const found =
		below !== undefined
			? anchorsBelow(session, file, below).map(toLocation)
			: referencesTo(session, file, { kind, name }, kind === "anchor").filter(
					({ uri, range }) => uri !== file.uri || range.start.line !== start.line || range.start.character !== start.character,
				);
	const title =
		below === undefined
			? found.length === 1
				? msg("1 reference")
				: msg("{0} references", String(found.length))
			: found.length === 1
				? msg("1 anchor")
				: msg("{0} anchors", String(found.length));
	return {
		range: lens.range,
		command: {
			title: localize(session, title),
			command: found.length === 0 ? "" : Commands.showReferences,
			arguments: [file.uri, start, found],
		},
	};
}

/** The anchors that `anchor "vm/*"` calls, where they are loaded or written: each name once. */
function anchorsBelow(session: Session, from: SourceFile, path: string): readonly Occurrence[] {
	const found = new Map<string, Occurrence>();
	for (const file of scopeOf(session.files, from, "anchor")) {
		eachToken(file, ({ symbol }, start, end) => {
			if (symbol?.kind !== "anchor" || !symbol.name.startsWith(path) || found.has(symbol.name)) return;
			if (!/[/*]/.test(symbol.name.slice(path.length))) found.set(symbol.name, { file, span: span(start, end), use: symbol.use });
		});
	}
	return [...found.values()];
}

function isUsed(session: Session, file: SourceFile, { kind, name }: SymbolUse): boolean {
	for (const { use } of occurrences(session.files, file, kind, name)) if (use !== "define") return true;
	return false;
}

/** True for a part of a main file that no file of the host names. */
function isUnloaded(session: Session, file: SourceFile): boolean {
	const { mainFile } = languages.get(file.parsed.language) ?? {};
	if (mainFile === undefined || !isPart(file) || session.files.onSameHost(file, mainFile) === undefined) return false;
	return occurrences(session.files, file, "file", file.path).next().done === true;
}

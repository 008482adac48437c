/** Names across the files of a host: where one stands, and who else means the same thing. */

import { interfaceOfPath, isTap } from "../hostname/names.ts";
import type { Files } from "../project/files.ts";
import { includedPaths } from "../project/named-files.ts";
import type { SourceFile } from "../project/source-file.ts";
import { definitionsIn } from "../project/tokens.ts";
import { PF_CONF } from "../text/host-paths.ts";
import type { SymbolUse, SyntaxToken } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { SymbolKind } from "../text/vocabulary.ts";

/** A place where a name stands. */
export interface Occurrence {
	readonly file: SourceFile;
	readonly span: Span;
	readonly use: SymbolUse["use"];
}

/** The token in which an offset stands; of two that meet there, the one behind the offset, or the one with a name. */
export function tokenAt(file: SourceFile, offset: number): SyntaxToken | undefined {
	const near = file.parsed
		.tokens(span(Math.max(0, offset - 1), offset + 1))
		.filter(({ span: at }) => at.start <= offset && offset <= at.end && at.end > at.start);
	return near.find(({ symbol }) => symbol !== undefined) ?? near.at(-1);
}

/** The token with a name at an offset; also the name of one of the host's interfaces in an address or in a macro's value. */
export function symbolAt(files: Files, file: SourceFile, offset: number): (SyntaxToken & { readonly symbol: SymbolUse }) | undefined {
	const token = tokenAt(file, offset);
	if (token === undefined) return undefined;
	if (token.symbol !== undefined) return { ...token, symbol: token.symbol };
	const at = wordIn(file, token, offset);
	if (at === undefined) return undefined;
	const name = file.text.slice(at.start, at.end);
	if (!isInterface(files, file, name)) return undefined;
	return { span: at, kind: "name", symbol: { kind: "interface", name, use: "refer" } };
}

/** The word at an offset in a token that may hold the names of interfaces. */
function wordIn(file: SourceFile, token: SyntaxToken, offset: number): Span | undefined {
	if (!holdsInterfaces(file, token)) return undefined;
	const text = file.text.slice(token.span.start, token.span.end);
	const at = offset - token.span.start;
	const start = at - (/[A-Za-z0-9]*$/.exec(text.slice(0, at))?.[0].length ?? 0);
	const word = /^[A-Za-z]+[0-9]+(?![\w.-])/.exec(text.slice(start))?.[0];
	const behind = text[start - 1] ?? "";
	if (word === undefined || start + word.length < at || /[\w.$<:-]/.test(behind)) return undefined;
	return span(token.span.start + start, token.span.start + start + word.length);
}

/** Addresses, values of macros, and commands that hostname files run. */
function holdsInterfaces({ parsed }: SourceFile, { kind, symbol, value, span: at }: SyntaxToken): boolean {
	if (symbol !== undefined) return false;
	if (kind === "address" || value === "command") return true;
	if (kind !== "string") return false;
	const [statement] = parsed.statements(at);
	const first = statement && parsed.tokens(statement)[0]?.symbol;
	return first?.kind === "macro" && first.use === "define";
}

/** Whether the host is known to have an interface, by its files or by itself. */
function isInterface(files: Files, file: SourceFile, name: string): boolean {
	if (file.parsed.context.host?.interfaces?.some((one) => one.name === name)) return true;
	// A tap that nothing pins is some guest's all the same.
	if (isTap(name) && files.hostModel(file).vm.guests.length > 0) return true;
	return scopeOf(files, file, "interface").some(
		(other) => interfaceOfPath(other.path) === name || definitionsIn(other, "interface").some(({ symbol }) => symbol?.name === name),
	);
}

/** The files in which a name of that kind means the same as in `file`. */
export function scopeOf(files: Files, file: SourceFile, kind: SymbolKind): readonly SourceFile[] {
	const host = files.hostOf(file);
	if (kind !== "macro") return host.length > 0 ? host : [file];
	// Macros end with the text that pfctl or vmd reads in one go: the file and what it includes.
	const group = new Set([file]);
	const sameLanguage = host.filter(({ parsed }) => parsed.language === file.parsed.language);
	for (let size = 0; size !== group.size; ) {
		size = group.size;
		for (const other of sameLanguage) {
			const includes = includedPaths(other);
			if (group.has(other)) for (const found of sameLanguage) if (includes.has(found.path)) group.add(found);
			if ([...group].some(({ path }) => includes.has(path))) group.add(other);
		}
	}
	return [...group];
}

/** The same name in the files that share it, definitions first where a file has several. */
export function* occurrences(files: Files, from: SourceFile, kind: SymbolKind, name: string): Generator<Occurrence> {
	for (const file of scopeOfName(files, from, kind, name)) yield* occurrencesIn(file, kind, name);
}

/**
 * The files in which one name means the same. A ruleset that is loaded into an anchor and defines a table has that table for
 * itself; where it does not, pf takes the main ruleset's (pfr_attach_table() in sys/net/pf_table.c).
 */
function scopeOfName(files: Files, from: SourceFile, kind: SymbolKind, name: string): readonly SourceFile[] {
	const all = scopeOf(files, from, kind);
	if (kind !== "table" || all.length < 2) return all;
	const owners = all.filter((file) => definitionsIn(file, "table").some(({ symbol }) => symbol?.name === name));
	if (owners.length < 2) return all;
	const rulesets = owners.map((file) => scopeOf(files, file, "macro"));
	const own = rulesets.find((ruleset) => ruleset.includes(from));
	const isMain = (ruleset: readonly SourceFile[]): boolean => ruleset.some(({ path }) => path === PF_CONF);
	if (own !== undefined && !isMain(own)) return own;
	return all.filter((file) => !rulesets.some((ruleset) => !isMain(ruleset) && ruleset.includes(file)));
}

/** Where a file defines, sets or refers to a name, in the order of the text. */
export function* occurrencesIn(file: SourceFile, kind: SymbolKind, name: string): Generator<Occurrence> {
	if (kind === "interface" && interfaceOfPath(file.path) === name) yield { file, span: span(0, 0), use: "define" };
	const { text } = file;
	// An anchor's name is its whole path; what stands in the text may be its last part only.
	const written = kind === "anchor" ? name.slice(name.lastIndexOf("/") + 1) : name;
	if (written === "") return;
	let last = -1;
	for (let at = text.indexOf(written); at >= 0; at = text.indexOf(written, at + written.length)) {
		if (isWordPart(text, at - 1) && isWordPart(text, at)) continue;
		if (isWordPart(text, at + written.length) && isWordPart(text, at + written.length - 1)) continue;
		for (const token of file.parsed.tokens(span(at, at + written.length))) {
			const { span: found, symbol } = token;
			if (kind === "interface" && symbol === undefined) {
				const word = wordIn(file, token, at);
				if (word?.start === at && word.end === at + written.length) yield { file, span: word, use: "refer" };
				continue;
			}
			if (symbol?.kind !== kind || symbol.name !== name || found.start <= last) continue;
			last = found.start;
			yield { file, span: found, use: symbol.use };
		}
	}
}

function isWordPart(text: string, at: number): boolean {
	const code = text.charCodeAt(at);
	return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** Where a name is defined; where nothing defines it, where it is set. */
export function definitionsOf(files: Files, from: SourceFile, kind: SymbolKind, name: string): readonly Occurrence[] {
	const found: Occurrence[] = [];
	for (const file of scopeOfName(files, from, kind, name)) {
		if (kind === "interface" && interfaceOfPath(file.path) === name) found.push({ file, span: span(0, 0), use: "define" });
		for (const { span: at, symbol } of definitionsIn(file, kind)) {
			if (symbol?.name === name) found.push({ file, span: at, use: symbol.use });
		}
	}
	const defined = found.filter(({ use }) => use === "define");
	return defined.length > 0 ? defined : found;
}

/** The part of a token that is the name itself: without `$`, quotes or angle brackets. */
export function nameSpan({ text }: SourceFile, at: Span, written: string): Span {
	const inside = text.slice(at.start, at.end).indexOf(written);
	return inside < 0 ? at : span(at.start + inside, at.start + inside + written.length);
}

/** How a name is written at its place: the last part of an anchor's path. */
export function writtenName(file: SourceFile, at: Span, kind: SymbolKind, name: string): string {
	if (kind !== "anchor" || file.text.slice(at.start, at.end).includes(name)) return name;
	return name.slice(name.lastIndexOf("/") + 1);
}

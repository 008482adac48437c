/** Refactorings of pf's rules and tables: lists, labels, the order of addresses. */
import { CodeActionKind } from "vscode-languageserver-types";
import { hostAddress, splitMask } from "../pf/names/address.ts";
import { languages } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { TextEdit } from "../text/diagnostic.ts";
import type { SyntaxToken } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { contains, type Span, span } from "../text/span.ts";
import { keepsMeaning, type List, type ListPlace, lineStart, listAround, type Offer, readRule, unused } from "./refactoring.ts";

/** The rule that the selection is in, be it in an anchor's block, with its words. */
interface RulePlace extends ListPlace {
	readonly rule: Span;
	readonly words: readonly SyntaxToken[];
}

const RULES: ReadonlySet<string> = new Set(["pass", "block", "match"]);

function ruleAt(place: ListPlace): RulePlace | undefined {
	const { file, selection, statement, tokens } = place;
	if (languages.get(file.parsed.language)?.expandsTo !== "rules") return undefined;
	let found: Span | undefined;
	for (const { source } of file.parsed.expanded?.(statement) ?? []) {
		if (source === undefined || source.file !== file.path || !contains(source.span, selection.start)) continue;
		if (found === undefined || source.span.end - source.span.start < found.end - found.start) found = source.span;
	}
	if (found === undefined || found.end < selection.end) return undefined;
	const within = found;
	const words = tokens.filter(({ kind, span: at }) => kind !== "comment" && within.start <= at.start && at.end <= within.end);
	const [first] = words;
	const last = words.at(-1);
	if (first === undefined || last === undefined || !RULES.has(first.entry?.name ?? "")) return undefined;
	// A name's token may leave its quotes out.
	const quoted = /["']/.test(file.text[last.span.end] ?? "") ? 1 : 0;
	return { ...place, rule: span(first.span.start, last.span.end + quoted), words };
}

function textOf(file: SourceFile, { start, end }: Span): string {
	return file.text.slice(start, end);
}

/** `from { 192.0.2.1 192.0.2.2 }` → `from <addresses>`, with the table above the statement. */
export function listToTable(place: ListPlace): Offer | undefined {
	const own = ruleAt(place);
	const list = own && listAround({ file: own.file, tokens: own.words }, own.selection.start, own.selection.end);
	const where = list?.before?.entry?.name;
	if (own === undefined || list === undefined || (where !== "from" && where !== "to") || list.irregular) return undefined;
	const { session, file, statement } = own;
	const items = list.items.map((item) => textOf(file, item));
	// A table holds numbers, not names: pfctl would look names up once, which a rule does as well, but interfaces differ.
	if (items.length < 2 || !items.every(isAddress)) return undefined;
	const name = unused(session, file, "table", "addresses");
	const start = lineStart(file, statement.start);
	const edits = [
		{ span: span(start, start), text: `table <${name}> const { ${items.join(" ")} }\n` },
		{ span: list.at, text: `<${name}>` },
	];
	// One rule with the table does what there was one rule for each address for; translation tells families apart by addresses.
	const merged = new Set<string>();
	const read = {
		before: (line: string) => {
			const one = readRule(line)?.replace(new RegExp(`( ${where} )[0-9a-f.:/]+(?= |$)`), `$1<${name}>`);
			if (one === undefined || merged.has(one)) return undefined;
			merged.add(one);
			return withoutFamily(one);
		},
		after: (line: string) => (line.startsWith("table <") ? undefined : withoutFamily(readRule(line))),
	};
	if (own.words.some(({ entry }) => /^(nat|rdr|binat|af|route|reply|dup)-to$|^icmp6?-type$/.test(entry?.name ?? ""))) return undefined;
	const families = new Set(items.map((item) => item.includes(":")));
	if (families.size > 1 || !keepsMeaning(file, edits, read)) return undefined;
	return { title: msg("Turn the list into a table"), kind: CodeActionKind.RefactorExtract, edits: new Map([[file, edits]]) };
}

/** An address has a family, which a rule with a table does not need: the table's addresses have it. */
function withoutFamily(line: string | undefined): string | undefined {
	return line?.replace(/ inet6?(?= )/, "");
}

/** A rule with a list becomes one rule for each item, as pfctl would make them. */
export function splitList(place: ListPlace): Offer | undefined {
	const own = ruleAt(place);
	const list = own && listAround({ file: own.file, tokens: own.words }, own.selection.start, own.selection.end);
	if (own === undefined || list === undefined || list.items.length < 2 || list.irregular) return undefined;
	const { file, rule } = own;
	const start = lineStart(file, rule.start);
	const indent = file.text.slice(start, rule.start);
	const behind = file.text.slice(rule.end, file.lines.endOf(file.lines.lineAt(rule.end)));
	if (indent.trim() !== "" || !/^\s*(#.*)?$/.test(behind)) return undefined;
	const head = file.text.slice(rule.start, list.at.start);
	const tail = file.text.slice(list.at.end, rule.end);
	const rules = list.items.map((item) => head + textOf(file, item) + tail);
	const edits = [{ span: rule, text: rules.join(`\n${indent}`) }];
	if (!keepsMeaning(file, edits)) return undefined;
	return {
		title: msg("Split the list into {0} rules", rules.length),
		kind: CodeActionKind.RefactorRewrite,
		edits: new Map([[file, edits]]),
	};
}

/** Orders the addresses of a table, and drops those that repeat. */
export function sortTable(place: ListPlace): Offer | undefined {
	const { file, tokens, selection } = place;
	if (!tokens.some(({ symbol }) => symbol?.kind === "table" && symbol.use === "define")) return undefined;
	const list: List | undefined = listAround(place, selection.start, selection.end) ?? listAround(place, place.statement.end);
	if (list === undefined || list.items.length < 2 || list.irregular) return undefined;
	const items = list.items.map((item) => textOf(file, item));
	const plain = items.map((item) => item.replace(/^!\s*/, ""));
	// Where one address is in the table with `!` and without, the first of the two counts.
	const both = new Set(items.map(normal)).size !== new Set(plain.map(normal)).size;
	if (both || !plain.every(isAddress)) return undefined;
	const sorted = [...new Map(items.map((item) => [normal(item), item])).values()].sort(byAddress);
	if (sorted.join() === items.join()) return undefined;
	// Each item keeps its line: the words change places, the blanks between them stay. With fewer words, all stand on one line.
	const comma = file.text.slice(list.at.start, list.at.end).includes(",") ? ", " : " ";
	const edits: TextEdit[] =
		sorted.length === items.length
			? list.items.map((at, i) => ({ span: at, text: sorted[i] ?? "" }))
			: [{ span: list.at, text: `{ ${sorted.join(comma)} }` }];
	return { title: msg("Sort the table and drop repetitions"), kind: CodeActionKind.RefactorRewrite, edits: new Map([[file, edits]]) };
}

function isAddress(text: string): boolean {
	const parts = splitMask(text);
	return !("error" in parts) && hostAddress(parts.host, parts.bits) !== undefined;
}

/** The same for the same address, however it is written. */
function normal(text: string): string {
	return `${text.startsWith("!") ? "!" : ""}${sortKey(text)}`;
}

function byAddress(a: string, b: string): number {
	const [x, y] = [sortKey(a), sortKey(b)];
	return x < y ? -1 : x > y ? 1 : 0;
}

function sortKey(item: string): string {
	const text = item.replace(/^!\s*/, "");
	const parts = splitMask(text);
	const found = "error" in parts ? undefined : hostAddress(parts.host, parts.bits);
	if (found === undefined) return text;
	const { a, b, c, d } = found.address;
	const words = [a, b, c, d].map((word) => (word >>> 0).toString(16).padStart(8, "0"));
	return `${found.family === "inet" ? 4 : 6} ${words.join("")} ${String(found.bits).padStart(3, "0")}`;
}

/** A rule without a label gets one, so that its counters can be asked for by name. */
export function addLabel(place: ListPlace): Offer | undefined {
	const own = ruleAt(place);
	if (own === undefined || own.words.some(({ entry }) => entry?.name === "label")) return undefined;
	const { file, rule, words } = own;
	const [first] = words;
	const line = file.lines.lineAt(rule.start) + 1;
	const label = ` label "${first?.entry?.name ?? "rule"}-${line}"`;
	const edits = [{ span: span(rule.end, rule.end), text: label }];
	const read = { before: readRule, after: (written: string) => readRule(written)?.replace(label, "") };
	if (!keepsMeaning(file, edits, read)) return undefined;
	return { title: msg("Add a label"), kind: CodeActionKind.RefactorRewrite, edits: new Map([[file, edits]]) };
}

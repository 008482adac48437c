/**
 * Test code: a language of a few words with the shape of pf.conf's rules, for features whose cases need no real grammar.
 * One statement a line, blocks aside.
 */
import type {
	ExpandedLine,
	Expected,
	FileContext,
	Language,
	OutlineNode,
	ParsedFile,
	SymbolFacts,
	SyntaxToken,
	TextChange,
} from "../server/src/text/language.ts";
import { overlaps, type Span, span } from "../server/src/text/span.ts";
import type { VocabularyEntry } from "../server/src/text/vocabulary.ts";

const entry = (name: string, more: Partial<VocabularyEntry> = {}): VocabularyEntry => ({
	name,
	group: "word",
	args: [],
	summary: `What ${name} does.`,
	manual: `pf.conf.5#${name}`,
	...more,
});

const vocabulary = [
	entry("pass"),
	entry("block"),
	entry("from"),
	entry("to"),
	entry("port", { args: [{ name: "port", type: "port" }] }),
	entry("label"),
	entry("anchor"),
	entry("table"),
	entry("rdr", { deprecated: "rdr-to" }),
	entry("max-src-conn-rate", {
		args: [
			{ name: "number", type: "number" },
			{ name: "seconds", type: "seconds" },
		],
		form: "max-src-conn-rate {number}/{seconds}",
	}),
];
const words = new Map(vocabulary.map((one) => [one.name, one]));

const TOKEN = /#[^\n]*|"[^"\n]*"|\$\w+|<\w+>|[{}(),=]|[^\s{}(),="#]+/g;

class ToyFile implements ParsedFile {
	readonly language = "openbsd-pf";
	readonly text: string;
	readonly context: FileContext;
	readonly #all: readonly SyntaxToken[];

	constructor(text: string, context: FileContext) {
		this.text = text;
		this.context = context;
		this.#all = tokensOf(text);
	}

	edit(changes: readonly TextChange[], context = this.context): ParsedFile {
		let { text } = this;
		for (const { span: at, text: inserted } of changes) text = text.slice(0, at.start) + inserted + text.slice(at.end);
		return new ToyFile(text, context);
	}

	diagnostics() {
		return [];
	}

	tokens(within = span(0, this.text.length)): readonly SyntaxToken[] {
		return this.#all.filter(({ span: at }) => overlaps(at, within));
	}

	expected(offset: number): Expected {
		const before = this.#all.filter(({ span: at }) => at.end <= offset && at.start >= this.text.lastIndexOf("\n", offset - 1));
		const option = before.findLast(({ entry: one }) => one !== undefined && one.args.length > 0)?.entry;
		const index = option === undefined ? 0 : (this.text.slice(0, offset).split(option.name).at(-1)?.split("/").length ?? 1) - 1;
		return {
			replace: span(offset, offset),
			expectations: vocabulary.map((one) => ({ kind: "keyword", entry: one })),
			...(option === undefined ? {} : { argument: { entry: option, index } }),
		};
	}

	outline(): readonly OutlineNode[] {
		return this.statements().flatMap((at) => {
			const name = this.tokens(at).find(({ symbol }) => symbol?.kind === "anchor");
			if (name?.symbol === undefined || !this.text.slice(at.start, at.end).includes("{")) return [];
			const child: OutlineNode = { name: "rules", kind: "rule", span: at, nameSpan: at, children: [] };
			return [{ name: name.symbol.name, kind: "anchor", span: at, nameSpan: name.span, children: [child] }];
		});
	}

	statements(within = span(0, this.text.length)): readonly Span[] {
		const found: Span[] = [];
		let depth = 0;
		let start: number | undefined;
		for (const [i, { span: at, kind }] of this.#all.entries()) {
			if (kind === "comment") continue;
			start ??= at.start;
			depth += { "{": 1, "}": -1 }[this.text.slice(at.start, at.end)] ?? 0;
			const next = this.#all[i + 1];
			const ends = next === undefined || next.kind === "comment" || this.text.slice(at.end, next.span.start).includes("\n");
			if (depth > 0 || !ends) continue;
			found.push(span(start, at.end));
			start = undefined;
		}
		return found.filter((at) => overlaps(at, within) || at.start === within.start);
	}

	symbolFacts(kind: string, name: string): SymbolFacts | undefined {
		const value = kind === "macro" ? new RegExp(`^${name}\\s*=\\s*"(.*)"`, "m").exec(this.text)?.[1] : undefined;
		return value === undefined ? undefined : { value };
	}

	/** A line for each item of the first list. */
	expanded(within?: Span): readonly ExpandedLine[] {
		return this.statements(within).flatMap((at) => {
			const text = this.text.slice(at.start, at.end);
			if (!/^(?:pass|block)/.test(text)) return [];
			const items = /\{([^}]*)\}/.exec(text)?.[1]?.match(/[^\s,]+/g) ?? [""];
			return items.map((item) => ({ text: text.replace(/\{[^}]*\}/, item), source: { file: this.context.path, span: at } }));
		});
	}
}

function tokensOf(text: string): readonly SyntaxToken[] {
	const tokens: SyntaxToken[] = [];
	let line: string[] = [];
	let last = 0;
	for (const { 0: word, index } of text.matchAll(TOKEN)) {
		if (text.slice(last, index).includes("\n")) line = [];
		last = index;
		tokens.push({ span: span(index, index + word.length), ...meaning(text, word, index, line) });
		line.push(word);
	}
	return tokens;
}

function meaning(text: string, word: string, at: number, line: readonly string[]): Omit<SyntaxToken, "span"> {
	const bare = word.replace(/^["$<]|[">]$/g, "");
	const before = line.at(-1);
	if (word.startsWith("#")) return { kind: "comment" };
	if (/^[{}(),=]$/.test(word)) return { kind: word === "=" ? "operator" : "punctuation" };
	if (word.startsWith("$")) return { kind: "name", symbol: { kind: "macro", name: bare, use: "refer" } };
	if (word.startsWith("<")) return { kind: "name", symbol: { kind: "table", name: bare, use: before === "table" ? "define" : "refer" } };
	if (/^\s*=/.test(text.slice(at + word.length))) return { kind: "name", symbol: { kind: "macro", name: bare, use: "define" } };
	if (before === "anchor") {
		return {
			kind: "name",
			symbol: { kind: "anchor", name: bare, use: /^"?\s*\{/.test(text.slice(at + word.length)) ? "define" : "refer" },
		};
	}
	if (before === "file") return { kind: "string", symbol: { kind: "file", name: bare, use: "refer" } };
	const known = words.get(word);
	if (word === "pass" || word === "block") return { kind: "action", ...(known === undefined ? {} : { entry: known }) };
	if (known !== undefined) return { kind: "keyword", entry: known };
	if (word.startsWith('"')) return { kind: "string" };
	if (/^[\d./:a-f]+$/.test(word) && /[.:]/.test(word)) return { kind: "address" };
	if (/^\d+$/.test(word)) return { kind: line.includes("port") ? "port" : "number" };
	return { kind: "name" };
}

export const toyLanguage: Language = {
	id: "openbsd-pf",
	isNamed: () => false,
	vocabulary,
	diagnostics: {},
	parse: (text, context) => new ToyFile(text, context),
};

/** What pfctl would take at a cursor: the parser's own decisions on the text before it. */
import type { Expectation, Expected } from "../../text/language.ts";
import { isKnownTo } from "../../text/release.ts";
import { type Span, span } from "../../text/span.ts";
import type { SymbolKind } from "../../text/vocabulary.ts";
import { expandRules } from "../expand/expand.ts";
import { Parser } from "../grammar/parser.ts";
import type { Recorder, WordRole } from "../grammar/recorder.ts";
import type { State } from "../grammar/state.ts";
import { COMMA, KEYWORDS, keywordOf, LEFT_PAREN, SLASH, T, type Token } from "../grammar/tokens.ts";
import { ICMP_CODES, ICMP6_CODES, icmpType } from "../names/icmp.ts";
import type { Machine } from "../names/machine.ts";
import { type PfEntry, type PfGroup, pfWord, pfWords } from "../words/vocabulary.ts";
import { OptionAtCursor } from "./option-at-cursor.ts";
import { MEANINGS } from "./tokens.ts";
import { WordPlace } from "./word-place.ts";

/** What is asked of the file around the cursor. */
export interface Surroundings {
	readonly length: number;
	readonly machine: Machine;
	/** What the file leaves behind its last statement. */
	readonly state: State;
	slice(start: number, end: number): string;
	/** Where the statement at an offset starts, with the blank before it. */
	startOf(offset: number): number;
	/** The first place where a macro is used; undefined where nothing uses it. */
	useOf(macro: string): Span | undefined;
}

/** What completion inserts into a label for pfctl to replace. */
const LABEL_MACROS = ["$if", "$srcaddr", "$dstaddr", "$srcport", "$dstport", "$proto", "$nr"];
/** Classes of pf.os(5) that are seen in rulesets; those of the host's list come first. */
const SYSTEMS = ["unknown", "Windows", "Linux", "OpenBSD", "FreeBSD", "NetBSD", "MacOS", "Solaris"];
/** Addresses by the grammar that pfctl takes in no table. */
const NOT_IN_TABLES: ReadonlySet<string> = new Set(["no-route", "urpf-failed", "route"]);
/** What the macros of a macro stand for is looked for so many steps away. */
const MAX_STEPS = 3;

export function expectedAt(file: Surroundings, offset: number, steps = 0): Expected {
	const begin = file.startOf(offset);
	const before = file.slice(begin, offset);
	const { quote, comment } = openAt(before);
	// Right behind a string nothing can stand without a blank.
	if (comment || (quote === undefined && /["']$/.test(before))) return { replace: span(offset, offset), expectations: [] };
	const word = (quote === undefined ? /[\w:.$*-]*$/ : /[^"'\s{},]*$/).exec(before)?.[0] ?? "";
	const text = before.slice(0, quote ?? before.length - word.length);
	const found = expectationsAt(file, text);
	const macro = /^\s*([A-Za-z_]\w*)[ \t]*=[^=]*$/.exec(text.slice(text.lastIndexOf("\n") + 1))?.[1];
	if (macro !== undefined && found.expectations.some((one) => one.kind === "value" && one.type === "word")) {
		const inside = ofMacro(file, macro, steps);
		// A word of the language is a value in quotes only.
		const bare = [...found.expectations, ...inside.filter(({ kind }) => kind !== "keyword")];
		return { replace: wordAround(file, offset, word), expectations: quote === undefined ? bare : inside };
	}
	const { argument } = found;
	const told = argument === undefined ? {} : { argument };
	if (quote !== undefined) return { ...quoted(file, begin + quote + 1, offset, found.expectations), ...told };
	// A sign may follow the word without a blank.
	const signs = word === "" ? [] : expectationsAt(file, before).expectations.filter(({ kind }) => kind === "punctuation");
	const modified = /^[A-Za-z][\w]*:/.exec(word)?.[0];
	if (modified !== undefined && !/^[0-9A-Fa-f]{1,4}:$/.test(modified) && found.takesModifiers) {
		const from = span(offset - word.length + word.lastIndexOf(":") + 1, offset);
		return { replace: from, expectations: [...pfWords("interface modifier").map(keyword), ...signs] };
	}
	const expectations = [...found.expectations, ...macrosFor(file.state, found.expectations), ...signs];
	return { replace: wordAround(file, offset, word), expectations, ...told };
}

/** Macros that stand for whole options: those whose first word could stand at the place, where macros are not expected anyway. */
function macrosFor(state: State, expectations: readonly Expectation[]): readonly Expectation[] {
	if (expectations.some((one) => one.kind === "symbol" && one.of === "macro")) return [];
	const words = new Set(
		expectations.flatMap((one) => (one.kind === "keyword" ? [one.entry.name] : one.kind === "punctuation" ? [one.text] : [])),
	);
	const fitting = [...state.all("macro")].filter(([, { value }]) => words.has(/^\s*([\w-]+|\S)/.exec(value)?.[1] ?? ""));
	return fitting.length === 0 ? [] : [{ kind: "value", type: "macro", choices: fitting.map(([name]) => `$${name}`) }];
}

/** The word of which `word` stands before the cursor; nothing where the cursor only touches a word behind it. */
function wordAround(file: Surroundings, offset: number, word: string): Span {
	const rest = word === "" ? "" : (/^[\w.:*-]*/.exec(file.slice(offset, Math.min(file.length, offset + 200)))?.[0] ?? "");
	return span(offset - word.length, offset + rest.length);
}

/** Inside of quotes only names and values stand, whole but for labels; macros are no macros there. */
function quoted(file: Surroundings, start: number, offset: number, expectations: readonly Expectation[]): Expected {
	const label = expectations.some((one) => one.kind === "value" && one.type === "label");
	const rest = /^[^"'\n]*/.exec(file.slice(offset, Math.min(file.length, offset + 1000)))?.[0] ?? "";
	const macro = /\$\w*$/.exec(file.slice(start, offset))?.[0];
	const fits = expectations.filter((one) => (one.kind === "symbol" && one.of !== "macro") || one.kind === "value");
	if (!label) return { replace: span(start, offset + rest.length), expectations: fits };
	return {
		replace: span(offset - (macro?.length ?? 0), offset),
		expectations: [{ kind: "value", type: "label", choices: LABEL_MACROS }],
	};
}

/** Where a string is open at the end of a text, and whether a comment is. A string that a line leaves open is no string here. */
function openAt(text: string): { readonly quote?: number; readonly comment: boolean } {
	for (let at = 0; at < text.length; at++) {
		const sign = text[at];
		if (sign === "#") {
			const end = /(?<!\\)\n/.exec(text.slice(at));
			if (end === null) return { comment: true };
			at += end.index;
		} else if (sign === '"' || sign === "'") {
			let end = at + 1;
			while (end < text.length && text[end] !== sign) {
				if (text[end] === "\n" && text[end - 1] !== "\\") break;
				end += text[end] === "\\" && text[end + 1] === sign ? 2 : 1;
			}
			if (end >= text.length) return { quote: at, comment: false };
			at = end;
		}
	}
	return { comment: false };
}

/** What the parser takes behind a text; where it lost its way before the line at hand, behind that line alone. */
function expectationsAt(file: Surroundings, text: string): ExpectationRecorder {
	const found = read(file, text);
	const line = /(?<!\\)\n[^\n]*$/.exec(text)?.index;
	return found.empty && line !== undefined ? read(file, text.slice(line + 1)) : found;
}

function read({ machine, state }: Surroundings, text: string): ExpectationRecorder {
	const recorder = new ExpectationRecorder(machine);
	// Names that are defined further down only are offered all the same: the definition may be moved.
	new Parser({ fileName: "", text, machine, state, anchor: "", expand: expandRules, recorder, cursor: true, resume: true }).run();
	return recorder;
}

/** What a macro may stand for: what is taken where it is used, or what rules are full of. */
function ofMacro(file: Surroundings, macro: string, steps: number): readonly Expectation[] {
	const use = steps < MAX_STEPS ? file.useOf(macro) : undefined;
	const taken = use === undefined ? [] : expectedAt(file, use.start, steps + 1).expectations;
	const values = taken.filter((one) => one.kind !== "punctuation" && !(one.kind === "symbol" && one.of === "macro"));
	if (values.length > 0) return values;
	return [symbolOf("interface"), symbolOf("interface-group"), symbolOf("table"), { kind: "value", type: "address" }, symbolOf("service")];
}

/** The groups whose words can stand in the place of a value. */
const VALUE_GROUPS: Readonly<Partial<Record<WordRole, readonly PfGroup[]>>> = {
	timeout: ["timeout"],
	limit: ["limit"],
	tos: ["tos"],
	"table-option": ["table option"],
	"syncookies-option": ["syncookies option"],
};

/** Collects what the parser would take at the cursor. */
class ExpectationRecorder implements Recorder {
	readonly #found = new Map<string, Expectation>();
	readonly #place = new WordPlace();
	readonly #option = new OptionAtCursor();
	readonly #machine: Machine;
	#token: Token = T.end;
	/** The icmp type before. */
	#icmpType = 0;
	#six = false;

	constructor(machine: Machine) {
		this.#machine = machine;
	}

	word(token: Token): void {
		const keyword = keywordOf(token);
		this.#option.take(token, keyword === undefined ? undefined : this.#place.entry(keyword), this.#place);
		this.#place.take(token);
		this.#token = token;
	}

	role(role: WordRole, name?: string): void {
		const entry = VALUE_GROUPS[role]?.map((group) => pfWord(group, name ?? "")).find((one) => one !== undefined);
		if (entry !== undefined) this.#option.start(entry);
		if (role !== "icmp-type" && role !== "icmp6-type") return;
		this.#six = role === "icmp6-type";
		this.#icmpType = icmpType(name ?? "", this.#six ? "inet6" : "inet") ?? Number(name ?? 0);
	}

	comment(): void {
		// A comment before the cursor says nothing of what may follow.
	}

	expect(token: Token, what: WordRole | undefined): void {
		if (token === T.string || token === T.number) {
			if (what === undefined) return;
			for (const each of this.#expectationsOf(what)) this.#add(each);
			// What is a token of its own is expected by itself where it may stand.
			for (const group of VALUE_GROUPS[what] ?? (what === "option-value" ? this.#optionGroups() : []))
				for (const entry of pfWords(group)) if (!KEYWORDS.has(entry.name)) this.#add({ kind: "keyword", entry });
			return;
		}
		const word = keywordOf(token);
		if (word !== undefined) {
			const entry = this.#place.entry(word);
			if (entry !== undefined && !(this.#place.first === "table" && NOT_IN_TABLES.has(word))) this.#add({ kind: "keyword", entry });
			return;
		}
		if (token > 32 && token < 127) this.#add({ kind: "punctuation", text: String.fromCharCode(token) });
		else if (token === T.notEqual) this.#add({ kind: "punctuation", text: "!=" });
		else if (token === T.lessOrEqual) this.#add({ kind: "punctuation", text: "<=" });
		else if (token === T.greaterOrEqual) this.#add({ kind: "punctuation", text: ">=" });
		else if (token === T.binaryOperator) for (const text of ["<>", "><"]) this.#add({ kind: "punctuation", text });
	}

	/** Where the words of an option's value are: under the option's name. */
	#optionGroups(): readonly PfGroup[] {
		const { first, last } = this.#place;
		if (first === "set") return [last as PfGroup];
		// `reassemble tcp` of `scrub` is the only one of a rule.
		const tcp = pfWords("joint").find(({ name }) => name === "tcp");
		if (last === "reassemble" && tcp !== undefined) this.#add({ kind: "keyword", entry: tcp });
		return [];
	}

	#expectationsOf(what: WordRole): readonly Expectation[] {
		const { symbol, value } = MEANINGS[what];
		switch (what) {
			case "interface":
				return [symbolOf("interface"), symbolOf("interface-group"), symbolOf("macro")];
			case "address":
				return [
					{ kind: "value", type: "address" },
					...pfWords("address")
						.filter(({ name }) => name === "self")
						.map(keyword),
					...(["macro", "interface", "interface-group"] as const).map(symbolOf),
				];
			case "port":
				return [{ kind: "value", type: "port" }, symbolOf("service"), symbolOf("macro")];
			case "anchor":
				return [symbolOf("anchor"), symbolOf("macro")];
			case "icmp-code":
				return [{ kind: "value", type: "icmp-code", choices: this.#icmpCodes() }, symbolOf("macro")];
			case "os": {
				const choices = [...new Set([...this.#machine.fingerprints.classes, ...SYSTEMS])];
				return [{ kind: "value", type: "os", choices }, symbolOf("macro")];
			}
			case "flags":
				if (this.#place.last !== "flags" || this.#token === SLASH) break;
				return [{ kind: "value", type: "tcp-flags", choices: ["S/SA", "S/SAFR"] }, symbolOf("macro")];
		}
		if (symbol !== undefined)
			return symbol.use === "define" ? [{ kind: "value", type: symbol.kind }] : [symbolOf(symbol.kind), symbolOf("macro")];
		return [{ kind: "value", type: value ?? "word" }, symbolOf("macro")];
	}

	#icmpCodes(): readonly string[] {
		const { inside } = this.#place;
		const unreachable = inside?.startsWith("return-icmp") === true;
		const six = unreachable ? inside === "return-icmp6" || this.#token === COMMA : this.#six;
		const type = unreachable ? (six ? 1 : 3) : this.#icmpType;
		return (six ? ICMP6_CODES : ICMP_CODES).flatMap((one) => (one.type === type ? [one.name] : []));
	}

	#add(expectation: Expectation): void {
		if (expectation.kind === "keyword" && !isKnownTo(this.#machine.release, expectation.entry)) return;
		this.#found.set(
			JSON.stringify({ ...expectation, entry: expectation.kind === "keyword" ? expectation.entry.name : undefined }),
			expectation,
		);
	}

	get empty(): boolean {
		return this.#found.size === 0;
	}

	get expectations(): readonly Expectation[] {
		const found = [...this.#found.values()];
		const signs = new Set(found.flatMap((one) => (one.kind === "punctuation" ? [one.text] : [])));
		// Tables stand beside addresses, except in a table.
		const tables = signs.has("(") && signs.has("<") && this.#place.first !== "table";
		return tables ? [...found, symbolOf("table")] : found;
	}

	/** Whether the word that follows may be an interface with a modifier. */
	get takesModifiers(): boolean {
		const addresses = [...this.#found.values()].some((one) => one.kind === "value" && one.type === "address");
		return addresses || this.#token === LEFT_PAREN;
	}

	get argument(): Expected["argument"] {
		return this.#option.argument;
	}
}

function keyword(entry: PfEntry): Expectation {
	return { kind: "keyword", entry };
}

function symbolOf(of: SymbolKind): Expectation {
	return { kind: "symbol", of };
}

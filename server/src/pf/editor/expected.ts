/** What pfctl would take at a cursor: the parser's own decisions on the text before it. */
import type { Expectation, Expected } from "../../text/language.ts";
import { isKnownTo } from "../../text/release.ts";
import { type Span, span } from "../../text/span.ts";
import type { SymbolKind } from "../../text/vocabulary.ts";
import type { Environment } from "../grammar/environment.ts";
import { Parser } from "../grammar/parser.ts";
import type { Recorder } from "../grammar/recorder.ts";
import { KEYWORDS, keywordOf, LEFT_PAREN, LESS, T, type Token } from "../grammar/tokens.ts";
import { ICMP_CODES, ICMP6_CODES, icmpType } from "../names/icmp.ts";
import type { System } from "../names/system.ts";
import { isRole, MEANINGS, type WordUse } from "../words/roles.ts";
import { type PfEntry, pfWord, pfWords } from "../words/vocabulary.ts";

/** What is asked of the file around the cursor. */
export interface Surroundings {
	readonly length: number;
	readonly system: System;
	/** What the file leaves behind its last statement. */
	readonly environment: Environment;
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
	const expectations = [...found.expectations, ...macrosFor(file.environment, found.expectations), ...signs];
	return { replace: wordAround(file, offset, word), expectations, ...told };
}

/** Macros that stand for whole options: those whose first word could stand at the place, where macros are not expected anyway. */
function macrosFor(environment: Environment, expectations: readonly Expectation[]): readonly Expectation[] {
	if (expectations.some((one) => one.kind === "symbol" && one.of === "macro")) return [];
	const words = new Set(
		expectations.flatMap((one) => (one.kind === "keyword" ? [one.entry.name] : one.kind === "punctuation" ? [one.text] : [])),
	);
	const fitting = [...environment.all("macro")].filter(([, { value }]) => words.has(/^\s*([\w-]+|\S)/.exec(value)?.[1] ?? ""));
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
	const line = found.lost ? /(?<!\\)\n[^\n]*$/.exec(text)?.index : undefined;
	const own = line === undefined ? found : read(file, text.slice(line + 1));
	return own.lost ? found : own;
}

function read({ system, environment }: Surroundings, text: string): ExpectationRecorder {
	const recorder = new ExpectationRecorder(system);
	// Names that are defined further down only are offered all the same: the definition may be moved.
	const parser = new Parser({ fileName: "", text, system, environment, anchor: "", recorder, cursor: true, resume: true });
	while (parser.read() !== undefined);
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

/** Collects what the parser would take at the cursor. */
class ExpectationRecorder implements Recorder {
	readonly #found = new Map<string, Expectation>();
	readonly #system: System;
	#token: Token = T.end;
	/** The word of the vocabulary before, whose arguments may follow, and the one before it. */
	#option: PfEntry | undefined;
	#before: PfEntry | undefined;
	#argument: Expected["argument"];
	/** Whether a table could stand at the cursor. */
	#tables = false;
	#lost = false;
	/** The icmp type before. */
	#icmpType = 0;
	#six = false;

	constructor(system: System) {
		this.#system = system;
	}

	word(token: Token, _start: number, _end: number, use: WordUse | undefined): void {
		if (use !== undefined && !isRole(use)) this.#opens(pfWord(use, keywordOf(token) ?? ""));
		this.#token = token;
	}

	role(use: WordUse, name: string | undefined): void {
		if (!isRole(use)) this.#opens(pfWord(use, name ?? ""));
		if (use !== "icmp-type" && use !== "icmp6-type") return;
		this.#six = use === "icmp6-type";
		this.#icmpType = icmpType(name ?? "", this.#six ? "inet6" : "inet") ?? Number(name ?? 0);
	}

	#opens(entry: PfEntry | undefined): void {
		this.#before = this.#option;
		this.#option = entry;
	}

	joins(): void {
		this.#option = this.#before;
	}

	comment(): void {
		// A comment before the cursor says nothing of what may follow.
	}

	expect(token: Token, use: WordUse | undefined, argument: number, behind: boolean): void {
		this.#lost ||= behind;
		const entry = this.#option;
		if (entry !== undefined && argument < entry.args.length) this.#argument = { entry, index: argument };
		if (token === T.string || token === T.number) {
			if (use !== undefined) for (const each of this.#expectationsOf(use)) this.#add(each);
			return;
		}
		const word = keywordOf(token);
		if (word !== undefined) {
			const known = use === undefined || isRole(use) ? undefined : pfWord(use, word);
			if (known !== undefined) this.#add(keyword(known));
			return;
		}
		if (token === LESS && use === "address") this.#tables = true;
		if (token > 32 && token < 127) this.#add({ kind: "punctuation", text: String.fromCharCode(token) });
		else if (token === T.notEqual) this.#add({ kind: "punctuation", text: "!=" });
		else if (token === T.lessOrEqual) this.#add({ kind: "punctuation", text: "<=" });
		else if (token === T.greaterOrEqual) this.#add({ kind: "punctuation", text: ">=" });
		else if (token === T.binaryOperator) for (const text of ["<>", "><"]) this.#add({ kind: "punctuation", text });
	}

	#expectationsOf(use: WordUse): readonly Expectation[] {
		if (!isRole(use)) {
			// What is a token of its own is expected by itself where it may stand.
			const words = pfWords(use).filter(({ name }) => !KEYWORDS.has(name));
			return [{ kind: "value", type: "word" }, symbolOf("macro"), ...words.map(keyword)];
		}
		const { symbol, value } = MEANINGS[use];
		switch (use) {
			case "interface-name":
				return [symbolOf("interface"), symbolOf("interface-group"), symbolOf("macro")];
			case "address-value":
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
				return [icmpCodes(this.#icmpType, this.#six), symbolOf("macro")];
			case "unreachable-code":
				return [icmpCodes(3, false), symbolOf("macro")];
			case "unreachable6-code":
				return [icmpCodes(1, true), symbolOf("macro")];
			case "os": {
				const choices = [...new Set([...this.#system.fingerprints.classes, ...SYSTEMS])];
				return [{ kind: "value", type: "os", choices }, symbolOf("macro")];
			}
			case "flags":
				return [{ kind: "value", type: "tcp-flags", choices: ["S/SA", "S/SAFR"] }, symbolOf("macro")];
		}
		if (symbol !== undefined)
			return symbol.use === "define" ? [{ kind: "value", type: symbol.kind }] : [symbolOf(symbol.kind), symbolOf("macro")];
		return [{ kind: "value", type: value ?? "word" }, symbolOf("macro")];
	}

	#add(expectation: Expectation): void {
		if (expectation.kind === "keyword" && !isKnownTo(this.#system.release, expectation.entry)) return;
		this.#found.set(keyOf(expectation), expectation);
	}

	/** Whether the parser lost its way before the cursor. */
	get lost(): boolean {
		return this.#lost || this.#found.size === 0;
	}

	get expectations(): readonly Expectation[] {
		return this.#tables ? [...this.#found.values(), symbolOf("table")] : [...this.#found.values()];
	}

	/** Whether the word that follows may be an interface with a modifier. */
	get takesModifiers(): boolean {
		const addresses = [...this.#found.values()].some((one) => one.kind === "value" && one.type === "address");
		return addresses || this.#token === LEFT_PAREN;
	}

	get argument(): Expected["argument"] {
		return this.#argument;
	}
}

/** What two expectations have in common that are the same. */
function keyOf(one: Expectation): string {
	switch (one.kind) {
		case "keyword":
			return `w ${one.entry.name}`;
		case "punctuation":
			return `p ${one.text}`;
		case "symbol":
			return one.families === undefined ? `s ${one.of}` : `s ${one.of} ${one.families.join(" ")}`;
		case "value":
			return JSON.stringify(one);
	}
}

function keyword(entry: PfEntry): Expectation {
	return { kind: "keyword", entry };
}

function symbolOf(of: SymbolKind): Expectation {
	return { kind: "symbol", of };
}

function icmpCodes(of: number, six: boolean): Expectation {
	const choices = (six ? ICMP6_CODES : ICMP_CODES).flatMap(({ type, name }) => (type === of ? [name] : []));
	return { kind: "value", type: "icmp-code", choices };
}

/** What the words of a file are: the recorder that makes marks of what the parser says of them. */
import type { Expectation, Mark, MarkRole, SymbolUse } from "../text/language.ts";
import { span } from "../text/span.ts";
import type { SymbolKind, ValueType } from "../text/vocabulary.ts";
import type { Recorder, WordRole } from "./recorder.ts";
import { isKeyword, KEYWORDS, keywordOf, LEFT_PAREN, NEWLINE, RIGHT_PAREN, T, type Token } from "./tokens.ts";
import { type PfEntry, type PfGroup, pfWord, pfWords } from "./vocabulary.ts";

const PUNCTUATION = new Set([..."(){},"].map((char) => char.charCodeAt(0)));

/** Groups in which a keyword is looked for, the likelier first, by what the statement starts with. */
const RULE_GROUPS: readonly PfGroup[] = [
	"rule part",
	"filter option",
	"direction",
	"block answer",
	"address",
	"address option",
	"interface",
	"pool option",
	"state option",
	"set field",
	"scrub option",
	"log option",
	"icmp option",
	"source-track",
	"overload option",
	"joint",
	"statement",
];
const SET_GROUPS: readonly PfGroup[] = [
	"set option",
	"block-policy",
	"state-policy",
	"reassemble",
	"syncookies",
	"optimization",
	"ruleset-optimization",
	"debug",
	"limit",
	"timeout",
	"syncookies option",
	"state option",
	"interface",
	"joint",
];
const OTHER_GROUPS: Readonly<Record<string, readonly PfGroup[]>> = {
	set: SET_GROUPS,
	queue: ["queue option", "rule part", "joint"],
	table: ["table option", "address", "address option", "joint"],
	antispoof: ["antispoof option", "rule part", "log option", "joint"],
	load: ["joint", "rule part"],
};

/** The entry of a word in a statement that starts with `first`. */
export function entryOf(word: string, first: string | undefined): PfEntry | undefined {
	if (first === undefined) return pfWord("statement", word);
	for (const group of OTHER_GROUPS[first] ?? RULE_GROUPS) {
		const entry = pfWord(group, word);
		if (entry !== undefined) return entry;
	}
	return undefined;
}

/** The groups whose words can stand in the place of a value. */
const VALUE_GROUPS: Readonly<Partial<Record<WordRole, readonly PfGroup[]>>> = {
	timeout: ["timeout"],
	limit: ["limit"],
	tos: ["tos"],
	"table-option": ["table option"],
	"syncookies-option": ["syncookies option"],
};

interface Meaning {
	readonly role: MarkRole;
	readonly value?: ValueType;
	readonly symbol?: { readonly kind: SymbolKind; readonly use: SymbolUse["use"] };
}

const MEANINGS: Readonly<Record<WordRole, Meaning>> = {
	"macro-definition": { role: "name", symbol: { kind: "macro", use: "define" } },
	"macro-use": { role: "name", symbol: { kind: "macro", use: "refer" } },
	"table-definition": { role: "name", symbol: { kind: "table", use: "define" } },
	table: { role: "name", symbol: { kind: "table", use: "refer" } },
	anchor: { role: "name", symbol: { kind: "anchor", use: "define" } },
	"anchor-load": { role: "name", symbol: { kind: "anchor", use: "refer" } },
	file: { role: "string", symbol: { kind: "file", use: "refer" } },
	"queue-definition": { role: "name", symbol: { kind: "queue", use: "define" } },
	queue: { role: "name", symbol: { kind: "queue", use: "refer" } },
	"parent-queue": { role: "name", symbol: { kind: "queue", use: "refer" } },
	"tag-set": { role: "name", symbol: { kind: "tag", use: "set" } },
	tag: { role: "name", symbol: { kind: "tag", use: "refer" } },
	label: { role: "string", symbol: { kind: "label", use: "define" } },
	interface: { role: "name", symbol: { kind: "interface", use: "refer" } },
	address: { role: "address", value: "address" },
	protocol: { role: "constant", value: "protocol" },
	port: { role: "port", value: "port" },
	user: { role: "name", symbol: { kind: "user", use: "refer" } },
	group: { role: "name", symbol: { kind: "group", use: "refer" } },
	"icmp-type": { role: "constant", value: "icmp-type" },
	"icmp6-type": { role: "constant", value: "icmp-type" },
	"icmp-code": { role: "constant", value: "icmp-code" },
	flags: { role: "constant", value: "tcp-flags" },
	os: { role: "string", value: "os" },
	tos: { role: "constant", value: "word" },
	number: { role: "number", value: "number" },
	value: { role: "string", value: "word" },
	"option-value": { role: "constant", value: "word" },
	"syncookies-option": { role: "option", value: "word" },
	"table-option": { role: "option", value: "word" },
	timeout: { role: "option", value: "word" },
	limit: { role: "option", value: "word" },
	bandwidth: { role: "number", value: "bandwidth" },
	"log-interface": { role: "name", symbol: { kind: "interface", use: "refer" } },
};

const ROLES = Object.keys(MEANINGS) as readonly WordRole[];
const ROLE_NUMBERS: ReadonlyMap<WordRole, number> = new Map(ROLES.map((role, index) => [role, index]));

const TRANSLATIONS = new Set([
	"nat-to",
	"rdr-to",
	"binat-to",
	"af-to",
	"route-to",
	"reply-to",
	"dup-to",
	"divert-to",
	"divert-reply",
	"divert-packet",
]);

/** The groups whose words stand for a value: of an address, of `set`. */
const CONSTANTS = new Set<PfGroup>([
	"address",
	"block-policy",
	"state-policy",
	"optimization",
	"ruleset-optimization",
	"reassemble",
	"syncookies",
	"debug",
]);

/** The role of a word behind its statement's first. */
function roleOf(word: string, entry: PfEntry | undefined): MarkRole {
	if (word === "in" || word === "out") return "direction";
	if (TRANSLATIONS.has(word)) return "translation";
	// Of `load anchor`.
	if (word === "anchor") return "action";
	if (word === "any" || word === "all") return "constant";
	return entry !== undefined && CONSTANTS.has(entry.group) && entry.args.length === 0 ? "constant" : "option";
}

const COMMENT = -1;
/** What is kept of a word: its token, its start and end, the number of its role, and which of the names it has. */
const FIELDS = 5;
const NONE = -1;

/**
 * Keeps what the parser tells of words as it comes, those of many statements one behind the other: most of it is never looked
 * at, and marks are made of it when they are.
 */
export class MarkRecorder implements Recorder {
	#fields: Int32Array;
	#count = 0;
	/** Where the words begin that were not taken yet, and which tokens may be among them. */
	#taken = 0;
	#tokens = 0;
	readonly #names: string[] = [];

	/** @param expected about how many words there will be */
	constructor(expected = 64) {
		this.#fields = new Int32Array(expected * FIELDS);
	}

	word(token: Token, start: number, end: number): void {
		if (token !== NEWLINE && (start >= end || token === T.end)) return;
		let at = this.#count * FIELDS;
		if (at === this.#fields.length) {
			const longer = new Int32Array(2 * at + FIELDS);
			longer.set(this.#fields);
			this.#fields = longer;
		}
		const fields = this.#fields;
		fields[at++] = token;
		fields[at++] = start;
		fields[at++] = end;
		fields[at++] = NONE;
		fields[at] = NONE;
		this.#count++;
		this.#tokens |= tokenBit(token);
	}

	role(role: WordRole, name?: string): void {
		if (this.#count === this.#taken) return;
		const at = this.#count * FIELDS;
		this.#fields[at - 2] = ROLE_NUMBERS.get(role) ?? NONE;
		this.#fields[at - 1] = name === undefined ? NONE : this.#names.push(name) - 1;
	}

	comment(start: number, end: number): void {
		if (end > start) this.word(COMMENT, start, end);
	}

	/** What was told since the last call. */
	take(): WordRecord {
		const record = new WordRecord(this, this.#taken, this.#count, this.#tokens);
		this.#taken = this.#count;
		this.#tokens = 0;
		return record;
	}

	/** Gives back the room that no more words will need. */
	close(): void {
		this.#fields = this.#fields.slice(0, this.#count * FIELDS);
	}

	tokenAt(index: number): Token {
		return this.#fields[index * FIELDS] ?? T.end;
	}

	startAt(index: number): number {
		return this.#fields[index * FIELDS + 1] ?? 0;
	}

	endAt(index: number): number {
		return this.#fields[index * FIELDS + 2] ?? 0;
	}

	roleAt(index: number): WordRole | undefined {
		const role = this.#fields[index * FIELDS + 3] ?? NONE;
		return role === NONE ? undefined : ROLES[role];
	}

	nameAt(index: number): string | undefined {
		const name = this.#fields[index * FIELDS + 4] ?? NONE;
		return name === NONE ? undefined : this.#names[name];
	}
}

/** The words of one statement. */
export class WordRecord {
	readonly #all: MarkRecorder;
	readonly #from: number;
	readonly #to: number;
	readonly #tokens: number;

	/** @param tokens the bits of all tokens */
	constructor(all: MarkRecorder, from: number, to: number, tokens: number) {
		this.#all = all;
		this.#from = from;
		this.#to = to;
		this.#tokens = tokens;
	}

	/** The marks in the order in which the words came. */
	marks(): readonly Mark[] {
		const made = new MarkMaker();
		const all = this.#all;
		for (let i = this.#from; i < this.#to; i++) {
			const token = all.tokenAt(i);
			if (token === COMMENT) made.comment(all.startAt(i), all.endAt(i));
			else made.word(token, all.startAt(i), all.endAt(i));
			const role = all.roleAt(i);
			if (role !== undefined) made.role(role, all.nameAt(i));
		}
		return made.marks;
	}

	/** Visits the names that words define, set or refer to, in order. */
	eachName(visit: (kind: SymbolKind, use: SymbolUse["use"], name: string) => void): void {
		for (let i = this.#from; i < this.#to; i++) {
			const role = this.#all.roleAt(i);
			const symbol = role && MEANINGS[role].symbol;
			if (symbol === undefined) continue;
			const name = this.#all.nameAt(i);
			if (name !== undefined) visit(kindOf(symbol.kind, name), symbol.use, name);
		}
	}

	/** Whether one of the keywords is among the words. */
	has(...tokens: readonly Token[]): boolean {
		for (const token of tokens) {
			if ((this.#tokens & tokenBit(token)) === 0) continue;
			for (let i = this.#from; i < this.#to; i++) if (this.#all.tokenAt(i) === token) return true;
		}
		return false;
	}
}

/** One of 32 bits for each keyword: where it is not set, the word is not there. */
function tokenBit(token: Token): number {
	return isKeyword(token) ? 1 << (token & 31) : 0;
}

class MarkMaker {
	readonly marks: Mark[] = [];
	#first: string | undefined;
	/** Behind `set` in a rule: how many parentheses are open; its fields have words that mean something else elsewhere. */
	#fields: number | undefined;

	word(token: Token, start: number, end: number): void {
		if (token === NEWLINE) {
			this.#first = undefined;
			this.#fields = undefined;
			return;
		}
		const keyword = keywordOf(token);
		this.marks.push(keyword === undefined ? plain(token, start, end) : this.#keyword(keyword, start, end));
		if (this.#first !== undefined) this.#countFields(token);
		this.#first ??= keyword ?? "";
	}

	#countFields(token: Token): void {
		if (token === T.set) this.#fields = 0;
		else if (this.#fields === undefined) return;
		else if (token === LEFT_PAREN) this.#fields++;
		else if (token === RIGHT_PAREN) this.#fields = this.#fields > 1 ? this.#fields - 1 : undefined;
		else if (this.#fields === 0) this.#fields = undefined;
	}

	#keyword(word: string, start: number, end: number): Mark {
		const field = this.#fields === undefined ? undefined : pfWord("set field", word);
		// Behind an unknown macro pfctl passes over the next line as well: there a statement begins that is none to it.
		const entry = field ?? entryOf(word, this.#first) ?? pfWord("statement", word);
		const role = this.#first === undefined || entry?.group === "statement" ? "action" : roleOf(word, entry);
		return { span: span(start, end), role, ...(entry && { entry }) };
	}

	role(role: WordRole, name?: string): void {
		const last = this.marks.pop();
		if (last === undefined) return;
		const { role: markRole, value, symbol } = MEANINGS[role];
		const use: SymbolUse | undefined =
			symbol === undefined || name === undefined ? portSymbol(role, name) : { kind: kindOf(symbol.kind, name), name, use: symbol.use };
		const entry = name === undefined ? undefined : this.#valueEntry(role, name);
		this.marks.push({
			span: last.span,
			role: markRole,
			...(use && { symbol: use }),
			...(value && { value }),
			...(entry && { entry }),
		});
	}

	#valueEntry(role: WordRole, name: string): PfEntry | undefined {
		const known =
			role === "option-value" ||
			role === "syncookies-option" ||
			role === "table-option" ||
			role === "timeout" ||
			role === "limit" ||
			role === "tos";
		return known ? (pfWord("tos", name) ?? entryOf(name, this.#first)) : undefined;
	}

	comment(start: number, end: number): void {
		this.marks.push({ span: span(start, end), role: "comment" });
	}
}

function plain(token: Token, start: number, end: number): Mark {
	if (token === T.string) return { span: span(start, end), role: "string" };
	if (token === T.number) return { span: span(start, end), role: "number" };
	return { span: span(start, end), role: token === T.error ? "error" : PUNCTUATION.has(token) ? "punctuation" : "operator" };
}

/** A name that does not end in a digit is a group's. */
function kindOf(kind: SymbolKind, name: string): SymbolKind {
	return kind === "interface" && !/\d$/.test(name) ? "interface-group" : kind;
}

function portSymbol(role: WordRole, name: string | undefined): SymbolUse | undefined {
	return role === "port" && name !== undefined && /^[A-Za-z][^:]*$/.test(name) ? { kind: "service", name, use: "refer" } : undefined;
}

/** Collects what the parser would take at the cursor. */
export class ExpectationRecorder implements Recorder {
	readonly #found = new Map<string, Expectation>();
	#first: string | undefined;
	/** The keyword before the cursor: the group of an option's values has its name. */
	#last = "";

	word(token: Token): void {
		const keyword = keywordOf(token);
		if (token === NEWLINE) this.#first = undefined;
		else this.#first ??= keyword ?? "";
		if (keyword !== undefined) this.#last = keyword;
	}

	role(): void {
		// What stands before the cursor says nothing of what may follow but through the parser.
	}

	comment(): void {
		// As above.
	}

	expect(token: Token, what: WordRole | undefined): void {
		if (token === T.string || token === T.number) {
			if (what === undefined) return;
			for (const each of expectationsOf(what)) this.#add(each);
			// What is a token of its own is expected by itself where it may stand.
			for (const group of VALUE_GROUPS[what] ?? (what === "option-value" ? this.#optionGroups() : []))
				for (const entry of pfWords(group)) if (!KEYWORDS.has(entry.name)) this.#add({ kind: "keyword", entry });
			return;
		}
		const word = keywordOf(token);
		if (word !== undefined) {
			const entry = entryOf(word, this.#first);
			if (entry !== undefined) this.#add({ kind: "keyword", entry });
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
		if (this.#first === "set") return [this.#last as PfGroup];
		// `reassemble tcp` of `scrub` is the only one of a rule.
		const tcp = pfWord("joint", "tcp");
		if (this.#last === "reassemble" && tcp !== undefined) this.#add({ kind: "keyword", entry: tcp });
		return [];
	}

	#add(expectation: Expectation): void {
		this.#found.set(
			JSON.stringify({ ...expectation, entry: expectation.kind === "keyword" ? expectation.entry.name : undefined }),
			expectation,
		);
	}

	get expectations(): readonly Expectation[] {
		return [...this.#found.values()];
	}
}

function expectationsOf(what: WordRole): readonly Expectation[] {
	const { symbol, value } = MEANINGS[what];
	if (what === "interface") return [symbolOf("interface"), symbolOf("interface-group"), symbolOf("macro")];
	if (what === "address") return [{ kind: "value", type: "address" }, symbolOf("macro"), symbolOf("interface")];
	if (what === "port") return [{ kind: "value", type: "port" }, symbolOf("service"), symbolOf("macro")];
	if (symbol !== undefined)
		return symbol.use === "define" ? [{ kind: "value", type: symbol.kind }] : [symbolOf(symbol.kind), symbolOf("macro")];
	return [{ kind: "value", type: value ?? "word" }, symbolOf("macro")];
}

function symbolOf(of: SymbolKind): Expectation {
	return { kind: "symbol", of };
}

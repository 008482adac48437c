/** What the words of a file are: the recorder that makes tokens of what the parser says of them. */
import type { SymbolUse, SyntaxToken, TokenKind } from "../../text/language.ts";
import { span } from "../../text/span.ts";
import type { SymbolKind, ValueType } from "../../text/vocabulary.ts";
import type { Recorder, WordRole } from "../grammar/recorder.ts";
import { keywordOf, LEFT_BRACE, NEWLINE, RIGHT_BRACE, T, type Token, type TokenSet, tokenBit } from "../grammar/tokens.ts";
import { type PfEntry, pfWord } from "../words/vocabulary.ts";
import { WordPlace } from "./word-place.ts";

const PUNCTUATION = new Set([..."(){},"].map((char) => char.charCodeAt(0)));

interface Meaning {
	readonly role: TokenKind;
	readonly value?: ValueType;
	readonly symbol?: { readonly kind: SymbolKind; readonly use: SymbolUse["use"] };
}

export const MEANINGS: Readonly<Record<WordRole, Meaning>> = {
	"macro-definition": { role: "name", symbol: { kind: "macro", use: "define" } },
	"macro-use": { role: "name", symbol: { kind: "macro", use: "refer" } },
	"table-definition": { role: "name", symbol: { kind: "table", use: "define" } },
	table: { role: "name", symbol: { kind: "table", use: "refer" } },
	anchor: { role: "name", symbol: { kind: "anchor", use: "define" } },
	"anchor-load": { role: "name", symbol: { kind: "anchor", use: "set" } },
	file: { role: "string", symbol: { kind: "file", use: "refer" } },
	"queue-definition": { role: "name", symbol: { kind: "queue", use: "define" } },
	queue: { role: "name", symbol: { kind: "queue", use: "refer" } },
	"parent-queue": { role: "name", symbol: { kind: "queue", use: "refer" } },
	"tag-set": { role: "name", symbol: { kind: "tag", use: "set" } },
	tag: { role: "name", symbol: { kind: "tag", use: "refer" } },
	label: { role: "string", symbol: { kind: "label", use: "define" } },
	"state-limiter-definition": { role: "name", symbol: { kind: "state-limiter", use: "define" } },
	"source-limiter-definition": { role: "name", symbol: { kind: "source-limiter", use: "define" } },
	"state-limiter": { role: "name", symbol: { kind: "state-limiter", use: "refer" } },
	"source-limiter": { role: "name", symbol: { kind: "source-limiter", use: "refer" } },
	interface: { role: "name", symbol: { kind: "interface", use: "refer" } },
	address: { role: "address", value: "address" },
	protocol: { role: "constant", value: "protocol" },
	port: { role: "port", value: "port" },
	user: { role: "name", symbol: { kind: "user", use: "refer" } },
	group: { role: "name", symbol: { kind: "group", use: "refer" } },
	"icmp-type": { role: "constant", value: "icmp-type" },
	"icmp6-type": { role: "constant", value: "icmp6-type" },
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
/** By a role's number. */
const SYMBOLS = ROLES.map((role) => MEANINGS[role].symbol);
const ROLE_NUMBERS: ReadonlyMap<WordRole, number> = new Map(ROLES.map((role, index) => [role, index]));

const COMMENT = -1;
/** What is kept of a word: its token, its start and end, the number of its role, and which of the names it has. */
const FIELDS = 5;
const NONE = -1;
/** A bit of a role's number: the word stands behind a mistake. */
const BEHIND = 64;

/**
 * Keeps what the parser tells of words as it comes, those of many statements one behind the other: most of it is never looked
 * at, and tokens are made of it when they are.
 */
export class TokenRecorder implements Recorder {
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

	role(role: WordRole, name?: string, behind = false): void {
		if (this.#count === this.#taken) return;
		const at = this.#count * FIELDS;
		this.#fields[at - 2] = (ROLE_NUMBERS.get(role) as number) | (behind ? BEHIND : 0);
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
		return role === NONE ? undefined : ROLES[role & ~BEHIND];
	}

	/** What the name of a word is of; undefined for a word without a name, and for one behind a mistake. */
	symbolAt(index: number): Meaning["symbol"] {
		const role = this.#fields[index * FIELDS + 3] ?? NONE;
		return role === NONE || (role & BEHIND) !== 0 ? undefined : SYMBOLS[role];
	}

	nameAt(index: number): string | undefined {
		const name = this.#fields[index * FIELDS + 4] ?? NONE;
		return name === NONE ? undefined : this.#names[name];
	}
}

/** The words of one statement. */
export class WordRecord {
	readonly #all: TokenRecorder;
	readonly #from: number;
	readonly #to: number;
	readonly #tokens: number;

	/** @param tokens the bits of all tokens */
	constructor(all: TokenRecorder, from: number, to: number, tokens: number) {
		this.#all = all;
		this.#from = from;
		this.#to = to;
		this.#tokens = tokens;
	}

	/** The tokens in the order in which the words came. */
	tokens(): readonly SyntaxToken[] {
		const made = new TokenMaker();
		const all = this.#all;
		for (let i = this.#from; i < this.#to; i++) {
			const token = all.tokenAt(i);
			if (token === COMMENT) made.comment(all.startAt(i), all.endAt(i));
			else made.word(token, all.startAt(i), all.endAt(i));
			const role = all.roleAt(i);
			if (role !== undefined) made.role(role, all.nameAt(i));
		}
		return made.tokens;
	}

	/** Visits the names that words define, set or refer to, in order, as far as no mistake stands before them; those of groups are among those of interfaces. */
	eachName(visit: (kind: SymbolKind, use: SymbolUse["use"], name: string) => void): void {
		for (let i = this.#from; i < this.#to; i++) {
			const symbol = this.#all.symbolAt(i);
			if (symbol === undefined) continue;
			const name = this.#all.nameAt(i);
			if (name !== undefined) visit(symbol.kind, symbol.use, name);
		}
	}

	/** Whether one of the words defines or sets a name. */
	get defines(): boolean {
		for (let i = this.#from; i < this.#to; i++) {
			const symbol = this.#all.symbolAt(i);
			if (symbol !== undefined && symbol.use !== "refer" && this.#all.nameAt(i) !== undefined) return true;
		}
		return false;
	}

	/** Whether one of the keywords is among the words. */
	has(tokens: TokenSet): boolean {
		if ((this.#tokens & tokens.bits) === 0) return false;
		for (let i = this.#from; i < this.#to; i++) if (tokens.has(this.#all.tokenAt(i))) return true;
		return false;
	}
}

class TokenMaker {
	readonly tokens: SyntaxToken[] = [];
	readonly #place = new WordPlace();
	/** The paths of the anchors whose blocks are open, and the name of the one at hand. */
	readonly #blocks: string[] = [];
	#anchor = "";

	word(token: Token, start: number, end: number): void {
		const keyword = keywordOf(token);
		if (token !== NEWLINE) this.tokens.push(keyword === undefined ? plain(token, start, end) : this.#keyword(keyword, start, end));
		if (token === RIGHT_BRACE && !this.#place.listed) this.#blocks.pop();
		this.#place.take(token);
		if (token === LEFT_BRACE && !this.#place.listed) this.#blocks.push(this.#anchor);
		// pfctl numbers the anchors without a name (`_1`).
		if (token === T.anchor) this.#anchor = this.#inBlock("_");
	}

	/** An anchor in the block of another one is below it. */
	#inBlock(name: string): string {
		const outer = this.#blocks.at(-1);
		return outer === undefined ? name : `${outer}/${name}`;
	}

	#keyword(word: string, start: number, end: number): SyntaxToken {
		// Behind a number that is too large the lexer passes over the next line as well: there a statement begins that is none to it.
		const entry = this.#place.entry(word) ?? pfWord("statement", word);
		const role = entry?.role ?? (this.#place.fresh ? "action" : "option");
		return { span: span(start, end), kind: role, ...(entry && { entry }) };
	}

	role(role: WordRole, text?: string): void {
		const last = this.tokens.pop();
		if (last === undefined) return;
		const name = text === undefined ? undefined : this.#nameOf(role, text);
		if (role === "anchor" && name !== undefined) this.#anchor = name;
		const { role: tokenKind, value, symbol } = MEANINGS[role];
		const use: SymbolUse | undefined =
			symbol === undefined || name === undefined ? portSymbol(role, name) : { kind: kindOf(symbol.kind, name), name, use: symbol.use };
		const entry = name === undefined ? undefined : this.#valueEntry(role, name);
		this.tokens.push({
			span: last.span,
			kind: tokenKind,
			...(use && { symbol: use }),
			...(value && { value }),
			...(entry && { entry }),
		});
	}

	#nameOf(role: WordRole, text: string): string {
		if (role === "anchor") return this.#inBlock(text);
		// What follows the colon says which addresses of the interface are meant.
		return role === "interface" ? text.replace(/(.):.*$/, "$1") : text;
	}

	#valueEntry(role: WordRole, name: string): PfEntry | undefined {
		const known =
			role === "option-value" ||
			role === "syncookies-option" ||
			role === "table-option" ||
			role === "timeout" ||
			role === "limit" ||
			role === "tos";
		return known ? (pfWord("tos", name) ?? this.#place.entry(name)) : undefined;
	}

	comment(start: number, end: number): void {
		this.tokens.push({ span: span(start, end), kind: "comment" });
	}
}

function plain(token: Token, start: number, end: number): SyntaxToken {
	if (token === T.string) return { span: span(start, end), kind: "string" };
	if (token === T.number) return { span: span(start, end), kind: "number" };
	return { span: span(start, end), kind: token === T.error ? "error" : PUNCTUATION.has(token) ? "punctuation" : "operator" };
}

/** A name that does not end in a digit is a group's. */
function kindOf(kind: SymbolKind, name: string): SymbolKind {
	return kind === "interface" && !/\d$/.test(name) ? "interface-group" : kind;
}

function portSymbol(role: WordRole, name: string | undefined): SymbolUse | undefined {
	return role === "port" && name !== undefined && /^[A-Za-z][^:]*$/.test(name) ? { kind: "service", name, use: "refer" } : undefined;
}

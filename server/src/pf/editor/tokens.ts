/** What the words of a file are: the recorder that makes tokens of what the parser says of them. */
import type { SymbolUse, SyntaxToken } from "../../text/language.ts";
import { span } from "../../text/span.ts";
import type { SymbolKind } from "../../text/vocabulary.ts";
import type { Recorder } from "../grammar/recorder.ts";
import { keywordOf, LEFT_BRACE, NEWLINE, T, type Token, type TokenSet, tokenBit } from "../grammar/tokens.ts";
import { type Meaning, roleOf } from "../words/entry.ts";
import { isRole, MEANINGS, type WordRole, type WordUse } from "../words/roles.ts";
import { pfGroups, pfWord } from "../words/vocabulary.ts";

const PUNCTUATION = new Set([..."(){},"].map((char) => char.charCodeAt(0)));

/** What a production may say of a word, by numbers: names and values first, then the groups of the vocabulary. */
const USES: readonly WordUse[] = [...(Object.keys(MEANINGS) as readonly WordRole[]), ...pfGroups()];
const USE_NUMBERS: ReadonlyMap<WordUse, number> = new Map(USES.map((use, index) => [use, index]));
/** By a use's number. */
const SYMBOLS = USES.map((use) => (isRole(use) ? MEANINGS[use].symbol : undefined));

/** The use that each token had last, with its number: most keywords have but one, and looking it up by its text takes longer. */
const lastUses: (WordUse | undefined)[] = Array.from({ length: 512 }, () => undefined);
const lastNumbers = new Int32Array(512);

function numberOf(token: Token, use: WordUse): number {
	if (lastUses[token] !== use) {
		lastUses[token] = use;
		lastNumbers[token] = USE_NUMBERS.get(use) as number;
	}
	return lastNumbers[token] as number;
}

const COMMENT = -1;
/** What is kept of a word: its token, its start and end, the number of its use, and which of the names it has. */
const FIELDS = 5;
const NONE = -1;
/** A bit of a use's number: the word stands behind a mistake. */
const BEHIND = 256;

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

	word(token: Token, start: number, end: number, use: WordUse | undefined): void {
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
		fields[at++] = use === undefined ? NONE : numberOf(token, use);
		fields[at] = NONE;
		this.#count++;
		this.#tokens |= tokenBit(token);
	}

	role(use: WordUse, name: string | undefined, behind: boolean): void {
		if (this.#count === this.#taken) return;
		const at = this.#count * FIELDS;
		this.#fields[at - 2] = (USE_NUMBERS.get(use) as number) | (behind ? BEHIND : 0);
		this.#fields[at - 1] = name === undefined ? NONE : this.#names.push(name) - 1;
	}

	comment(start: number, end: number): void {
		if (end > start) this.word(COMMENT, start, end, undefined);
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

	useAt(index: number): WordUse | undefined {
		const use = this.#fields[index * FIELDS + 3] ?? NONE;
		return use === NONE ? undefined : USES[use & ~BEHIND];
	}

	/** What the name of a word is of; undefined for a word without a name, and for one behind a mistake. */
	symbolAt(index: number): Meaning["symbol"] {
		const use = this.#fields[index * FIELDS + 3] ?? NONE;
		return use === NONE || (use & BEHIND) !== 0 ? undefined : SYMBOLS[use];
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
			else if (token !== NEWLINE) made.word(token, all.startAt(i), all.endAt(i), all.useAt(i), all.nameAt(i));
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
	/** The paths of the anchors whose blocks are open, and the name of the one at hand. */
	readonly #blocks: string[] = [];
	#anchor = "";

	word(token: Token, start: number, end: number, use: WordUse | undefined, text: string | undefined): void {
		const keyword = keywordOf(token);
		if (use === "block") this.#block(token);
		// pfctl numbers the anchors without a name (`_1`).
		else if (token === T.anchor) this.#anchor = this.#inBlock("_");
		if (keyword !== undefined) this.tokens.push(this.#keyword(keyword, start, end, use));
		else if (use !== undefined && use !== "block") this.tokens.push(this.#used(use, start, end, text));
		else this.tokens.push(plain(token, start, end));
	}

	#block(brace: Token): void {
		if (brace === LEFT_BRACE) this.#blocks.push(this.#anchor);
		else this.#blocks.pop();
	}

	/** An anchor in the block of another one is below it. */
	#inBlock(name: string): string {
		const outer = this.#blocks.at(-1);
		return outer === undefined ? name : `${outer}/${name}`;
	}

	#keyword(word: string, start: number, end: number, use: WordUse | undefined): SyntaxToken {
		const group = use === undefined || isRole(use) ? undefined : use;
		const entry = group && pfWord(group, word);
		const role = entry?.role ?? (group === undefined ? "option" : roleOf(group));
		return { span: span(start, end), kind: role, ...(entry && { entry }) };
	}

	#used(use: WordUse, start: number, end: number, text: string | undefined): SyntaxToken {
		const at = span(start, end);
		if (!isRole(use)) {
			const entry = text === undefined ? undefined : pfWord(use, text);
			return { span: at, kind: entry?.role ?? roleOf(use), value: "word", ...(entry && { entry }) };
		}
		const name = text === undefined ? undefined : this.#nameOf(use, text);
		if (use === "anchor" && name !== undefined) this.#anchor = name;
		const { role, value, symbol } = MEANINGS[use];
		const named: SymbolUse | undefined =
			symbol === undefined || name === undefined ? portSymbol(use, name) : { kind: kindOf(symbol.kind, name), name, use: symbol.use };
		return { span: at, kind: role, ...(named && { symbol: named }), ...(value && { value }) };
	}

	#nameOf(role: WordRole, text: string): string {
		if (role === "anchor") return this.#inBlock(text);
		// What follows the colon says which addresses of the interface are meant.
		return role === "interface-name" ? text.replace(/(.):.*$/, "$1") : text;
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

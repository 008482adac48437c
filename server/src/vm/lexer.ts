import { msg } from "../text/message.ts";
import type { Release } from "../text/vocabulary.ts";
import type { VmdMessage } from "./messages.ts";
import { isReserved, type ReservedWord } from "./vocabulary.ts";

/**
 * What the grammar sees of a token: a reserved word by its own name, punctuation by its character, and the rest by
 * the names of parse.y. `CHAR` is a character that no rule knows, `CURSOR` the place that the editor asks about.
 */
export type TokenKind = ReservedWord | "STRING" | "NUMBER" | "NEWLINE" | "EOF" | "ERROR" | "CURSOR" | "CHAR" | "{" | "}" | "," | "=";

export interface Token {
	readonly kind: TokenKind;
	/** The value of a string, the word or character otherwise. */
	readonly text: string;
	/** Of numbers: a signed 64-bit value. */
	readonly number: bigint | undefined;
	/** Where it stands, relative to the lexer's base. A token out of a macro has the place of `$name`. */
	readonly start: number;
	readonly end: number;
	readonly quoted: boolean;
	/** True where a part of it came out of a macro. */
	readonly expanded: boolean;
	/** False where it stands for a macro whose value is not known. */
	readonly known: boolean;
}

/** A use of a macro or a comment: what the grammar does not see. */
export interface Trivia {
	readonly kind: "comment" | "macro";
	readonly start: number;
	readonly end: number;
	/** The macro's name. */
	readonly name: string;
	/** The macro's value at this place; undefined where it is not defined, and on comments. */
	readonly value?: string | undefined;
}

/** One file as vmd reads it: a stream with a stack of characters pushed back (parse.y, struct file). */
export interface Source {
	readonly name: string;
	readonly text: string;
	/** Where reading stops; the text's length unless the editor asks what is expected before it. */
	readonly end: number;
	pos: number;
	line: number;
	eofReached: boolean;
	readonly back: PushedBack[];
}

interface PushedBack {
	readonly code: number;
	readonly start: number;
	readonly end: number;
	readonly expanded: boolean;
}

export type LexicalFault = "macro-undefined" | "string-too-long" | "number-invalid" | "string-unterminated" | "string-nul";

/** What the lexer needs of its owner: vmd's whole run, or the editor's reading of one statement. */
export interface LexerHost {
	readonly release: Release;
	/** parse.y, symget(): the value of a macro, undefined where there is none. */
	macro(name: string): string | undefined;
	/**
	 * Reports a fault of the text. In the editor the statement goes on with what can be made of it; vmd gives up the
	 * line (findeol()).
	 */
	fault(fault: LexicalFault, message: VmdMessage, start: number, end: number): void;
	/** An included file has ended: the source to go on with, undefined after the first file. */
	pop?(): Source | undefined;
	readonly recover: boolean;
	/** True where an undefined macro may be defined in a file that is not known. */
	readonly macrosUnknown?: boolean;
}

export function openSource(name: string, text: string, line: number): Source {
	return { name, text, end: text.length, pos: 0, line, eofReached: false, back: [] };
}

const NOTHING = {};
const EOF = -1;
/** parse.y's marks around the characters of a macro; in a file, these characters act the same. */
const START_EXPAND = 1;
const DONE_EXPAND = 2;
const NEWLINE = 10;
const BACKSLASH = 92;
/** parse.y, yylex(): `char buf[8096]`. */
const BUFFER = 8096;

const isBlank = (c: number): boolean => c === 32 || c === 9;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isAlnum = (c: number): boolean => isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
const isPunct = (c: number): boolean => c > 32 && c < 127 && !isAlnum(c);
const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);
const oneOf = (characters: string): ((c: number) => boolean) => {
	const codes = new Set([...characters].map((character) => character.charCodeAt(0)));
	return (c) => codes.has(c);
};
const endsNumberToo = oneOf("),/}=");
const notInString = oneOf("(){}!=#,");
const startsStringToo = oneOf(":_/");

const ALLOWED = 1;
/** A character that igetc() or lgetc() treats in a way of its own: words with one are read the slow way. */
const SPECIAL = 2;
/** For each ASCII character whether it may be inside a word. */
const classes = Uint8Array.from({ length: 128 }, (_, c) =>
	c === BACKSLASH || c === START_EXPAND || c === DONE_EXPAND ? SPECIAL : isAlnum(c) || (isPunct(c) && !notInString(c)) ? ALLOWED : 0,
);

const allowedToEndNumber = (c: number): boolean => isSpace(c) || endsNumberToo(c);
const allowedInString = (c: number): boolean => isAlnum(c) || (isPunct(c) && !notInString(c));

const LLONG_MAX = 2n ** 63n - 1n;
const LLONG_MIN = -(2n ** 63n);

/**
 * parse.y, yylex() with lgetc(), igetc() and lungetc(), character by character: macros are expanded into the input,
 * a backslash joins lines, an included file goes on where it ends.
 */
export class Lexer {
	source: Source;
	/** `yylval.lineno`: the line that a message names. */
	line: number;
	readonly trivia: Trivia[] = [];
	readonly #host: LexerHost;
	readonly #base: number;
	readonly #cursor: boolean;
	#expanding = false;
	/** Place and origin of the character read last. */
	#start = 0;
	#end = 0;
	#fromMacro = false;

	/** `base` is taken off all places. With `cursor` the text's end is the editor's cursor, not the end of the file. */
	constructor(source: Source, host: LexerHost, base = 0, cursor = false) {
		this.source = source;
		this.line = source.line;
		this.#host = host;
		this.#base = base;
		this.#cursor = cursor;
	}

	/** Reads the next token. */
	next(): Token {
		for (;;) {
			let c = this.#lgetc();
			while (isBlank(c)) c = this.#lgetc();
			this.line = this.source.line;
			if (c === 35) c = this.#comment();
			if (c !== 36 || this.#expanding) return this.#token(c);
			const failed = this.#macro();
			if (failed !== undefined) return failed;
		}
	}

	/** Goes back to a token that has been read, so that it is read again. Only for tokens of the source itself. */
	rewind(token: Token): void {
		this.source.pos = token.start + this.#base;
		this.source.back.length = 0;
		this.source.eofReached = false;
		this.#expanding = false;
		while (this.trivia.length > 0 && (this.trivia.at(-1)?.start ?? 0) >= token.start) this.trivia.pop();
	}

	/** parse.y, lungetc('\n') after an include. */
	pushNewline(): void {
		this.source.back.push({ code: NEWLINE, start: this.source.pos, end: this.source.pos, expanded: false });
	}

	#igetc(): number {
		for (;;) {
			const source = this.source;
			const back = source.back.pop();
			let c: number;
			if (back !== undefined) {
				c = back.code;
				this.#start = back.start;
				this.#end = back.end;
				this.#fromMacro = back.expanded;
			} else {
				this.#start = source.pos;
				this.#fromMacro = false;
				c = source.pos < source.end ? source.text.charCodeAt(source.pos++) : EOF;
				this.#end = source.pos;
			}
			if (c === START_EXPAND) this.#expanding = true;
			else if (c === DONE_EXPAND) this.#expanding = false;
			else return c;
		}
	}

	#lgetc(): number {
		let c = this.#igetc();
		while (c === BACKSLASH) {
			const start = this.#start;
			const next = this.#igetc();
			if (next !== NEWLINE) {
				c = next;
				this.#start = start;
				break;
			}
			this.line = this.source.line++;
			c = this.#igetc();
		}
		if (isBlank(c)) {
			// vmd skips blanks in the stream itself, past what is pushed back.
			const { source } = this;
			while (source.pos < source.end && isBlank(source.text.charCodeAt(source.pos))) source.pos++;
			return 32;
		}
		if (c !== EOF || this.#cursor) return c;
		if (!this.source.eofReached) {
			// The faked end of line keeps the count right where the last line has none.
			this.source.eofReached = true;
			return NEWLINE;
		}
		while (c === EOF) {
			const previous = this.#host.pop?.();
			if (previous === undefined) return EOF;
			this.source = previous;
			c = this.#igetc();
		}
		return c;
	}

	/** lgetc(quotec): only the end of the file is looked at. */
	#qgetc(quote: number, start: number): number {
		const c = this.#igetc();
		if (c !== EOF) return c;
		const { text, end } = this.source;
		const newline = this.#host.recover ? text.indexOf("\n", start) : -1;
		this.#fault("string-unterminated", msg("reached end of file while parsing quoted string"), start, newline < 0 ? end : newline);
		const previous = this.#host.pop?.();
		if (previous === undefined) return EOF;
		this.source = previous;
		return quote;
	}

	#lungetc(c: number, start = this.#start, end = this.#end, expanded = this.#fromMacro): void {
		if (c !== EOF) this.source.back.push({ code: c, start, end, expanded });
	}

	#comment(): number {
		const start = this.#start;
		let end = this.#end;
		const newline = this.#plainUntil(NEWLINE);
		if (newline >= 0) {
			this.source.pos = newline + 1;
			this.#start = newline;
			this.#end = newline + 1;
			this.trivia.push({ kind: "comment", start: start - this.#base, end: newline - this.#base, name: "" });
			return NEWLINE;
		}
		let c = this.#lgetc();
		while (c !== NEWLINE && c !== EOF) {
			end = this.#end;
			c = this.#lgetc();
		}
		// Blanks that were compressed into one stand behind the last character; the text tells where the line ends.
		this.trivia.push({ kind: "comment", start: start - this.#base, end: Math.max(end, this.#start) - this.#base, name: "" });
		return c;
	}

	/** The offset of the next such character, if all up to there is plain text of the file; -1 otherwise. */
	#plainUntil(stop: number): number {
		const { text, pos, end, back } = this.source;
		if (back.length > 0) return -1;
		for (let at = pos; at < end; at++) {
			const c = text.charCodeAt(at);
			if (c === stop) return at;
			if (c === NEWLINE || c === 0 || classes[c] === SPECIAL) return -1;
		}
		return -1;
	}

	/** `$name`: pushes the value back into the input. Answers a token where there is no value. */
	#macro(): Token | undefined {
		const start = this.#start;
		let end = this.#end;
		let name = "";
		for (;;) {
			const c = this.#lgetc();
			if (c === EOF) return this.#make(this.#cursor ? "CURSOR" : "EOF", "", start, end);
			if (name.length + 1 >= BUFFER - 1) return this.#tooLong(start);
			if (isAlnum(c) || c === 95) {
				name += String.fromCharCode(c);
				end = this.#end;
				continue;
			}
			this.#lungetc(c);
			break;
		}
		const value = this.#host.macro(name);
		this.trivia.push({ kind: "macro", start: start - this.#base, end: end - this.#base, name, value });
		if (value === undefined) {
			if (this.#host.recover && this.#host.macrosUnknown) return this.#make("STRING", "", start, end, { expanded: true, known: false });
			this.#fault("macro-undefined", msg("macro '{0}' not defined", name), start, end);
			if (this.#host.recover) return this.#make("STRING", "", start, end, { expanded: true, known: false });
			return this.#findeol(start);
		}
		this.#lungetc(DONE_EXPAND, start, end, true);
		for (let i = value.length - 1; i >= 0; i--) this.#lungetc(value.charCodeAt(i), start, end, true);
		this.#lungetc(START_EXPAND, start, end, true);
		return undefined;
	}

	#token(c: number): Token {
		const start = this.#start;
		if (c === 34 || c === 39) return this.#quoted(c);
		if (c === 45 || isDigit(c)) {
			const number = this.#number(c);
			if (typeof number !== "number") return number;
			if (number === 45) return this.#make("CHAR", "-", start, this.#end);
		}
		if (isAlnum(c) || startsStringToo(c)) return this.#word(c);
		const end = this.#end;
		if (c === NEWLINE) {
			this.line = this.source.line++;
			return this.#make("NEWLINE", "\n", start, end);
		}
		// A zero byte ends the input for the parser, as the end of the file does.
		if (c === EOF || c === 0) return this.#make(this.#cursor && c === EOF ? "CURSOR" : "EOF", "", start, end);
		const text = String.fromCharCode(c);
		return this.#make(text === "{" || text === "}" || text === "," || text === "=" ? text : "CHAR", text, start, end);
	}

	#quoted(quote: number): Token {
		const start = this.#start;
		const close = this.#plainUntil(quote);
		if (close >= 0 && close - start < BUFFER - 1) {
			const value = this.source.text.slice(this.source.pos, close);
			this.source.pos = close + 1;
			return this.#make("STRING", value, start, close + 1, { quoted: true, expanded: this.#fromMacro });
		}
		const firstLine = this.source.line;
		let text = "";
		let expanded = this.#fromMacro;
		for (;;) {
			let c = this.#qgetc(quote, start);
			if (c === EOF) return this.#unterminated(start, firstLine, text);
			if (c === NEWLINE) {
				this.source.line++;
				continue;
			}
			if (c === BACKSLASH) {
				const place = [this.#start, this.#end, this.#fromMacro] as const;
				const next = this.#qgetc(quote, start);
				if (next === EOF) return this.#unterminated(start, firstLine, text);
				if (next === quote || isBlank(next)) c = next;
				else if (next === NEWLINE) {
					this.source.line++;
					continue;
				} else {
					this.#lungetc(next);
					expanded ||= place[2];
				}
			} else if (c === quote) {
				return this.#make("STRING", text, start, this.#end, { quoted: true, expanded: expanded || this.#fromMacro });
			} else if (c === 0) {
				this.#fault("string-nul", msg("syntax error"), start, this.#end);
				return this.#findeol(start);
			}
			if (text.length + 1 >= BUFFER - 1) return this.#tooLong(start);
			text += String.fromCharCode(c);
		}
	}

	/** The editor goes on after the line of an unterminated string; vmd has nothing left to read. */
	#unterminated(start: number, firstLine: number, text: string): Token {
		const { source } = this;
		if (!this.#host.recover || this.#cursor) return this.#make(this.#cursor ? "CURSOR" : "EOF", "", start, source.pos);
		const newline = source.text.indexOf("\n", start);
		const end = newline < 0 || newline > source.end ? source.end : newline;
		source.pos = end;
		source.back.length = 0;
		source.line = firstLine;
		source.eofReached = false;
		return this.#make("STRING", text.split("\n")[0] ?? "", start, end, { quoted: true, known: false });
	}

	/** A number, or the character to go on with where the word is none. */
	#number(first: number): Token | number {
		const start = this.#start;
		const read: PushedBack[] = [];
		let c = first;
		do {
			read.push({ code: c, start: this.#start, end: this.#end, expanded: this.#fromMacro });
			if (read.length >= BUFFER) return this.#tooLong(start);
			c = this.#lgetc();
		} while (isDigit(c));
		this.#lungetc(c);
		const text = String.fromCharCode(...read.map(({ code }) => code));
		const last = read.at(-1);
		const end = last?.end ?? this.#end;
		if (text !== "-" && (c === EOF || allowedToEndNumber(c))) {
			const value = BigInt(text);
			const problem = value > LLONG_MAX ? "too large" : value < LLONG_MIN ? "too small" : undefined;
			if (problem === undefined) {
				return this.#make("NUMBER", text, start, end, { number: value, expanded: read.some(({ expanded }) => expanded) });
			}
			this.#fault("number-invalid", msg('"{0}" invalid number: {1}', text, problem), start, end);
			if (this.#host.recover) return this.#make("NUMBER", text, start, end, { number: 0n, known: false });
			return this.#findeol(start);
		}
		for (const character of read.slice(1).reverse()) this.source.back.push(character);
		this.#start = start;
		this.#end = read[0]?.end ?? end;
		this.#fromMacro = read[0]?.expanded ?? false;
		return first;
	}

	#word(first: number): Token {
		const start = this.#start;
		const plain = this.#plainWord(start);
		if (plain !== undefined) return this.#make(isReserved(plain, this.#host.release) ? plain : "STRING", plain, start, this.source.pos);
		let expanded = false;
		let end = this.#end;
		let text = "";
		let c = first;
		do {
			text += String.fromCharCode(c);
			end = this.#end;
			expanded ||= this.#fromMacro;
			if (text.length >= BUFFER) return this.#tooLong(start);
			c = this.#lgetc();
		} while (allowedInString(c));
		this.#lungetc(c);
		return this.#make(isReserved(text, this.#host.release) ? text : "STRING", text, start, end, { expanded });
	}

	/** A word of plain text, which needs no character pushed back; undefined where it must be read the slow way. */
	#plainWord(start: number): string | undefined {
		const { source } = this;
		if (source.back.length > 0 || start !== source.pos - 1 || this.#fromMacro) return undefined;
		let at = source.pos;
		while (at < source.end && classes[source.text.charCodeAt(at)] === ALLOWED) at++;
		if (at - start >= BUFFER || (at < source.end && classes[source.text.charCodeAt(at)] === SPECIAL)) return undefined;
		source.pos = at;
		return source.text.slice(start, at);
	}

	#tooLong(start: number): Token {
		this.#fault("string-too-long", msg("string too long"), start, this.#end);
		return this.#findeol(start);
	}

	/** parse.y, findeol(): gives up the rest of the line. */
	#findeol(start: number): Token {
		for (;;) {
			const c = this.#lgetc();
			if (c === NEWLINE) {
				if (this.#host.recover) {
					// The editor's statement ends with its line, so the newline is left for it.
					this.source.back.push({ code: NEWLINE, start: this.#start, end: this.#end, expanded: false });
				} else this.source.line++;
			}
			if (c === NEWLINE || c === EOF) return this.#make("ERROR", "", start, this.#start);
		}
	}

	#fault(fault: LexicalFault, message: VmdMessage, start: number, end: number): void {
		this.#host.fault(fault, message, start - this.#base, end - this.#base);
	}

	#make(
		kind: TokenKind,
		text: string,
		start: number,
		end: number,
		more: { number?: bigint; quoted?: boolean; expanded?: boolean; known?: boolean } = NOTHING,
	): Token {
		return {
			kind,
			text,
			number: more.number,
			start: start - this.#base,
			end: Math.max(start, end) - this.#base,
			quoted: more.quoted === true,
			expanded: more.expanded === true,
			known: more.known !== false,
		};
	}
}

/**
 * pf.conf's lexer, as yylex() of parse.y reads. Macros are expanded in the stream of characters; a backslash joins lines, in
 * comments too; an included file takes the place of its statement.
 */
import { BANG, GREATER, type Keywords, LESS, MINUS, NEWLINE, T, type Token, wordHash } from "./tokens.ts";

const END = -1;
const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const DOLLAR = 36;
const APOSTROPHE = 39;
const BACKSLASH = 92;
const COLON = 58;
const EQUALS = 61;
const UNDERSCORE = 95;

/** parse.y reads a token into a buffer of this size; of a quoted one, and of a macro's name, the last two bytes stay free. */
const MAX_TOKEN = 8096;

const DIGIT = 1;
const LETTER = 2;
/** allowed_in_string() of parse.y. */
const IN_WORD = 4;
/** allowed_to_end_number() of parse.y. */
const ENDS_NUMBER = 8;
/** In a word, and no backslash, which may join lines. */
const PLAIN = 16;

const CLASSES = new Uint8Array(256);
for (let code = 0; code < 128; code++) {
	const char = String.fromCharCode(code);
	let bits = 0;
	if (/[0-9]/.test(char)) bits |= DIGIT;
	if (/[A-Za-z]/.test(char)) bits |= LETTER;
	if (code > 32 && code < 127 && !"(){}<>!=/#,".includes(char)) bits |= IN_WORD;
	if ((bits & IN_WORD) !== 0 && code !== BACKSLASH) bits |= PLAIN;
	if (/[\t\n\v\f\r ),/}=]/.test(char)) bits |= ENDS_NUMBER;
	CLASSES[code] = bits;
}

function classOf(code: number): number {
	return code >= 0 && code < 256 ? (CLASSES[code] as number) : 0;
}

/** Whether it may join lines, or is one of the two characters that parse.y marks expansions with, which belong to no token. */
function isSpecial(code: number): boolean {
	return code === BACKSLASH || code === 1 || code === 2;
}

/** A text that is read before the file goes on: a macro's value, or characters that were put back. */
interface Insert {
	readonly text: string;
	at: number;
	readonly macro: boolean;
}

/** A file that is being read. */
interface Source {
	readonly name: string;
	readonly text: string;
	at: number;
	line: number;
	ended: boolean;
	readonly inserts: Insert[];
}

/** Where a macro was used: what stands at the place of its expansion. */
export interface MacroUse {
	readonly name: string;
	readonly start: number;
	readonly end: number;
}

export interface LexerEvents {
	/** The value of a macro; undefined where it is not defined. */
	macro(name: string, start: number, end: number): string | undefined;
	/** A message in pfctl's words; it is followed by an error token. */
	error(message: "macro-undefined" | "string-too-long" | "number-invalid" | "unterminated-string" | "syntax", ...args: string[]): void;
	comment?(start: number, end: number): void;
}

export class Lexer {
	/** The token at hand. */
	token: Token = T.end;
	/** The line that pfctl would name in a message now, from 1. */
	line = 1;
	/** Where places are counted from in the outermost file. */
	origin = 0;
	/** Where the token stands in the outermost file; at the `$name` where it comes from a macro, at the include where from another file. */
	start = 0;
	end = 0;
	/** The macro that the token comes from. */
	macroUse: MacroUse | undefined;

	/** The token's text, cut out of what it was read from when somebody asks. */
	#text: string | undefined = "";
	#from = "";
	#fromStart = 0;
	#fromEnd = 0;

	readonly #events: LexerEvents;
	readonly #keywords: Keywords;
	readonly #cursor: boolean;
	#source: Source;
	readonly #outer: Source[] = [];
	#expanding = false;
	/** The place of the outermost include statement while its file is read. */
	#include: { start: number; end: number } | undefined;

	readonly #resume: boolean;
	/** The place of the last string that a line was left with, because nothing closes it. */
	#unclosed = -1;

	/**
	 * @param cursor end the text with `T.cursor` instead of the newline that pfctl adds
	 * @param resume a string that nothing closes ends with its line, where pfctl would swallow the rest of the file, and an unknown macro
	 * with its name, where pfctl would swallow its line and the next
	 */
	constructor(name: string, text: string, events: LexerEvents, keywords: Keywords, cursor: boolean, resume = false) {
		this.#keywords = keywords;
		this.#events = events;
		this.#cursor = cursor;
		this.#resume = resume;
		this.#source = { name, text, at: 0, line: 1, ended: false, inserts: [] };
	}

	/** The token's text: of strings without quotes, of numbers as written. */
	get text(): string {
		this.#text ??= this.#from.slice(this.#fromStart, this.#fromEnd);
		return this.#text;
	}

	/** How far the outermost file is read. */
	get at(): number {
		return (this.#outer[0] ?? this.#source).at;
	}

	/** The length of the outermost file. */
	get length(): number {
		return (this.#outer[0] ?? this.#source).text.length;
	}

	/** Whether the end of the outermost file was reached, or what is read since `origin` depends on all that follows. */
	get ended(): boolean {
		return (this.#outer[0] ?? this.#source).ended || this.#unclosed >= this.origin;
	}

	/** Whether what follows is read as a new file would be: no included file is open, no macro's value is half read. */
	get settled(): boolean {
		if (this.#outer.length > 0) return false;
		this.#dropRead();
		return this.#source.inserts.length === 0 && !this.#expanding;
	}

	/** The name of the file that is being read, as messages have it. */
	get fileName(): string {
		return this.#source.name;
	}

	/** Whether the token comes from a file that is included. */
	get included(): boolean {
		return this.#include !== undefined;
	}

	/** How many files are open. */
	get depth(): number {
		return this.#outer.length + 1;
	}

	/** Whether a file of that name is being read: the one at hand, or one that includes it. */
	reads(name: string): boolean {
		return this.#source.name === name || this.#outer.some((source) => source.name === name);
	}

	/** Reads `text` in the place of the include statement from `start` to `end`. */
	include(name: string, text: string, start: number, end: number): void {
		this.#include ??= { start, end };
		this.#outer.push(this.#source);
		// pfctl starts an included file at line 0, behind a newline that is not in it.
		this.#source = { name, text, at: 0, line: 0, ended: false, inserts: [{ text: "\n", at: 0, macro: false }] };
	}

	/** Reads the next token. */
	next(): Token {
		const source = this.#source;
		const token = this.#outer.length > 0 ? undefined : source.inserts.length === 0 ? this.#fast(source) : this.#fastInsert(source);
		this.token = token ?? this.#slow();
		return this.token;
	}

	/** Reads a plain token of the file without looking at each of its characters through the stream; undefined where it is none. */
	#fast(source: Source): Token | undefined {
		const { text } = source;
		const token = this.#scan(text, source.at);
		if (token !== undefined) {
			// What the end of the file ends is left to the stream, which adds a newline.
			if (this.#fromEnd === text.length) return undefined;
			this.#place(source, this.#fromStart, this.#fromEnd);
			if (token === NEWLINE) source.line++;
			return token;
		}
		const at = this.#fromStart;
		switch (text.charCodeAt(at)) {
			case HASH:
				return this.#fastComment(source, at);
			case QUOTE:
				return this.#fastQuoted(source, at);
			case LESS:
			case GREATER:
			case BANG: {
				const next = text.charCodeAt(at + 1);
				if (next === LESS || next === GREATER || next === EQUALS || next === BACKSLASH || next < SPACE || at + 1 === text.length)
					return undefined;
				this.#place(source, at, at + 1);
				return text.charCodeAt(at);
			}
			case DOLLAR: {
				if (this.#expanding) return undefined;
				let end = at + 1;
				while ((classOf(text.charCodeAt(end)) & (LETTER | DIGIT)) !== 0 || text.charCodeAt(end) === UNDERSCORE) end++;
				const next = text.charCodeAt(end);
				if (end === text.length || next === BACKSLASH || next < TAB || end - at >= MAX_TOKEN) return undefined;
				this.#place(source, at, end);
				const failed = this.#insertMacro(text.slice(at + 1, end), this.start, this.end);
				if (failed === undefined) return this.#fastInsert(source);
				this.end = this.#here;
				return failed;
			}
			default:
				return undefined;
		}
	}

	/** Reads a plain token of a macro's value that does not go on behind it. */
	#fastInsert(source: Source): Token | undefined {
		const [insert, more] = source.inserts;
		if (insert === undefined || more !== undefined || !insert.macro) return undefined;
		if (insert.at === insert.text.length) {
			this.#dropRead();
			return this.#fast(source);
		}
		const token = this.#scan(insert.text, insert.at);
		const use = this.#lastUse;
		if (token === undefined || use === undefined || token === NEWLINE) return undefined;
		if (this.#fromEnd === insert.text.length) {
			const next = source.text.charCodeAt(source.at);
			const ends = token === T.number ? (classOf(next) & ENDS_NUMBER) !== 0 : (classOf(next) & IN_WORD) === 0;
			if (source.at === source.text.length || !ends || next === BACKSLASH || next < TAB) return undefined;
		}
		insert.at = this.#fromEnd;
		this.line = source.line;
		this.start = use.start;
		this.end = use.end;
		this.macroUse = use;
		return token;
	}

	/** A comment to the end of its line, with the newline. */
	#fastComment(source: Source, start: number): Token | undefined {
		const { text } = source;
		const end = text.indexOf("\n", start);
		if (end < 0) return undefined;
		for (let i = start; i < end; i++) {
			const code = text.charCodeAt(i);
			if (code === BACKSLASH || code < TAB) return undefined;
		}
		this.#place(source, start, end + 1);
		this.#events.comment?.(start - this.origin, end - this.origin);
		source.line++;
		return NEWLINE;
	}

	/** A string in double quotes with nothing in it that has a meaning there. */
	#fastQuoted(source: Source, start: number): Token | undefined {
		const { text } = source;
		let end = start + 1;
		for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
			if (code === BACKSLASH || code < SPACE || end >= text.length || end - start >= MAX_TOKEN - 2) return undefined;
		}
		this.#place(source, start, end + 1);
		this.#fromStart = start + 1;
		this.#fromEnd = end;
		return T.string;
	}

	/**
	 * Finds a word, a number, or a character that is a token of its own, behind blanks: its place in `text` is kept, in any case where
	 * it starts. Undefined where it is something else, or something in it that only the stream knows to read.
	 */
	#scan(text: string, from: number): Token | undefined {
		const { length } = text;
		let at = from;
		let code = at < length ? text.charCodeAt(at) : END;
		while (code === SPACE || code === TAB) code = ++at < length ? text.charCodeAt(at) : END;
		const start = at;
		this.#from = text;
		this.#text = undefined;
		this.#fromStart = start;
		const kind = classOf(code);
		if ((kind & LETTER) !== 0 || code === COLON || code === UNDERSCORE) {
			let hash = 0;
			do {
				hash = wordHash(hash, code);
				code = ++at < length ? text.charCodeAt(at) : END;
			} while ((classOf(code) & PLAIN) !== 0);
			this.#fromEnd = at;
			if (at - start >= MAX_TOKEN || isSpecial(code)) return undefined;
			return this.#keywords.tokenOf(text, start, at, hash);
		}
		if ((kind & DIGIT) !== 0) {
			do code = ++at < length ? text.charCodeAt(at) : END;
			while ((classOf(code) & DIGIT) !== 0);
			// Another character behind digits ends a number, or makes them part of what pfctl reads as a word.
			const digits = (classOf(code) & (ENDS_NUMBER | PLAIN)) !== PLAIN;
			if (digits && at < length && (classOf(code) & ENDS_NUMBER) === 0) return undefined;
			if (!digits) {
				do code = ++at < length ? text.charCodeAt(at) : END;
				while ((classOf(code) & PLAIN) !== 0);
			}
			this.#fromEnd = at;
			if (at - start >= (digits ? 18 : MAX_TOKEN) || isSpecial(code)) return undefined;
			return digits ? T.number : T.string;
		}
		switch (code) {
			case 40: // ( ) , { } / =
			case 41:
			case 44:
			case 123:
			case 125:
			case 47:
			case EQUALS:
			case NEWLINE:
				this.#fromEnd = at + 1;
				return code;
			default:
				return undefined;
		}
	}

	#place(source: Source, start: number, end: number): void {
		this.line = source.line;
		this.start = start - this.origin;
		this.end = end - this.origin;
		this.macroUse = undefined;
		source.at = end;
	}

	/** Drops the texts put in front that are read to their ends. */
	#dropRead(): void {
		const { inserts } = this.#source;
		for (let top = inserts.at(-1); top !== undefined && top.at >= top.text.length; top = inserts.at(-1)) {
			inserts.pop();
			if (top.macro) this.#expanding = false;
		}
	}

	/** igetc(): the next character, out of macros first. */
	#raw(): number {
		for (;;) {
			this.#dropRead();
			const source = this.#source;
			const insert = source.inserts.at(-1);
			let code: number;
			if (insert !== undefined) {
				code = insert.text.charCodeAt(insert.at++);
			} else {
				if (source.at >= source.text.length) return END;
				code = source.text.charCodeAt(source.at++);
			}
			if (code === 1) {
				this.#expanding = true;
				// A byte of the file that only looks like the start of a value: no macro is at work.
				if (!source.inserts.some(({ macro }) => macro)) this.#lastUse = undefined;
			} else if (code === 2) this.#expanding = false;
			else return code;
		}
	}

	/** lgetc(0): joins lines at a backslash, and ends each file with a newline. */
	#read(): number {
		let code = this.#raw();
		while (code === BACKSLASH) {
			const next = this.#raw();
			if (next !== NEWLINE) {
				code = next;
				break;
			}
			this.line = this.#source.line;
			this.#source.line++;
			code = this.#raw();
		}
		if (code !== END) return code;
		if (!this.#source.ended) {
			this.#source.ended = true;
			return NEWLINE;
		}
		while (code === END) {
			const outer = this.#outer.pop();
			if (outer === undefined) return END;
			this.#source = outer;
			if (this.#outer.length === 0) this.#include = undefined;
			code = this.#raw();
		}
		return code;
	}

	/** lgetc(quote): inside quotes nothing is joined or expanded. */
	#readQuoted(quote: number): number {
		const code = this.#raw();
		if (code !== END) return code;
		if (!this.#resume || this.#outer.length > 0) this.#fail("unterminated-string");
		const outer = this.#outer.pop();
		if (outer === undefined) return END;
		this.#source = outer;
		return quote;
	}

	/** lungetc() */
	#unread(code: number): void {
		if (code === END) return;
		const { inserts } = this.#source;
		const top = inserts.at(-1);
		if (top !== undefined && top.at > 0 && top.text.charCodeAt(top.at - 1) === code) top.at--;
		else if (top === undefined && this.#source.at > 0 && this.#source.text.charCodeAt(this.#source.at - 1) === code) this.#source.at--;
		else inserts.push({ text: String.fromCharCode(code), at: 0, macro: false });
	}

	/** findeol() */
	#skipLine(): Token {
		for (;;) {
			const code = this.#read();
			if (code === NEWLINE) {
				this.#source.line++;
				break;
			}
			if (code === END) break;
		}
		return T.error;
	}

	/** Where the character just read stands. */
	#position(): number {
		// The newline at the end of a file that has none is nowhere.
		return this.#include?.start ?? this.#use?.start ?? Math.max(this.#here - (this.#source.ended ? 0 : 1), 0);
	}

	/** Behind the character just read. */
	get #here(): number {
		return this.at - this.origin;
	}

	/** Tells of a mistake in the token that is being read. */
	#fail(...message: Parameters<LexerEvents["error"]>): void {
		this.end = this.macroUse?.end ?? this.#include?.end ?? Math.max(this.#here, this.start);
		this.#events.error(...message);
	}

	/** The macro whose value is being read. */
	get #use(): MacroUse | undefined {
		return this.#source.inserts.some((insert) => insert.macro) || this.#expanding ? this.#lastUse : undefined;
	}
	#lastUse: MacroUse | undefined;

	#slow(): Token {
		for (;;) {
			let code = this.#read();
			while (code === SPACE || code === TAB) code = this.#read();
			this.line = this.#source.line;
			const start = this.#position();
			this.start = start;
			this.macroUse = this.#use;
			if (this.#cursor && code === NEWLINE && this.#source.ended && this.#outer.length === 0) {
				this.start = this.end = this.#here;
				return T.cursor;
			}
			if (code === HASH) {
				do code = this.#read();
				while (code !== NEWLINE && code !== END);
				// A cursor in a comment: nothing is expected there.
				if (this.#cursor && this.#source.ended) return T.end;
				if (this.#include === undefined) this.#events.comment?.(start, this.#here - (code === NEWLINE && !this.#source.ended ? 1 : 0));
			}
			if (code === DOLLAR && !this.#expanding) {
				const expanded = this.#expand(start);
				if (expanded === undefined) continue;
				this.start = start;
				this.end = this.#here;
				return expanded;
			}
			const token = this.#token(code);
			this.start = start;
			this.end = this.macroUse?.end ?? this.#include?.end ?? Math.max(this.#here, start);
			return token;
		}
	}

	/** Puts the value of the macro behind `$` in front of what follows; a token where that cannot be. */
	#expand(start: number): Token | undefined {
		let name = "";
		for (;;) {
			const code = this.#read();
			if (code === END) return T.end;
			if (name.length >= MAX_TOKEN - 2) {
				this.#fail("string-too-long");
				return this.#skipLine();
			}
			if ((classOf(code) & (LETTER | DIGIT)) !== 0 || code === UNDERSCORE) {
				name += String.fromCharCode(code);
				continue;
			}
			this.#unread(code);
			break;
		}
		return this.#insertMacro(name, start, this.#include?.end ?? this.#here);
	}

	/** The value of a macro comes next; an error where there is none. */
	#insertMacro(name: string, start: number, end: number): Token | undefined {
		const value = this.#events.macro(name, start, end);
		if (value === undefined) {
			this.#fail("macro-undefined", name);
			// pfctl swallows the line, and with it the newline that would end the statement: the next one goes the same way.
			return this.#resume ? T.error : this.#skipLine();
		}
		this.#lastUse = this.#include === undefined ? { name, start, end } : undefined;
		this.#source.inserts.push({ text: value, at: 0, macro: true });
		this.#expanding = true;
		return undefined;
	}

	#token(first: number): Token {
		let code = first;
		switch (code) {
			case APOSTROPHE:
			case QUOTE:
				return this.#quotedString(code);
			case BANG: {
				const next = this.#read();
				if (next === EQUALS) return T.notEqual;
				this.#unread(next);
				return code;
			}
			case LESS:
			case GREATER: {
				const next = this.#read();
				if (next === (code === LESS ? GREATER : LESS)) {
					this.#text = code === LESS ? "<>" : "><";
					return T.binaryOperator;
				}
				if (next === EQUALS) return code === LESS ? T.lessOrEqual : T.greaterOrEqual;
				this.#unread(next);
				return code;
			}
		}
		if (code === MINUS || (classOf(code) & DIGIT) !== 0) {
			let digits = "";
			do {
				digits += String.fromCharCode(code);
				if (digits.length >= MAX_TOKEN) {
					this.#fail("string-too-long");
					return this.#skipLine();
				}
				code = this.#read();
			} while ((classOf(code) & DIGIT) !== 0);
			this.#unread(code);
			if (digits !== "-" && (code === END || (classOf(code) & ENDS_NUMBER) !== 0)) return this.#number(digits);
			if (digits.length > 1) this.#source.inserts.push({ text: digits.slice(1), at: 0, macro: false });
			code = digits.charCodeAt(0);
			if (code === MINUS) return code;
		}
		if ((classOf(code) & (LETTER | DIGIT)) !== 0 || code === COLON || code === UNDERSCORE) {
			let word = "";
			do {
				word += String.fromCharCode(code);
				if (word.length >= MAX_TOKEN) {
					this.#fail("string-too-long");
					return this.#skipLine();
				}
				code = this.#read();
			} while ((classOf(code) & IN_WORD) !== 0);
			this.#unread(code);
			this.#text = word;
			return this.#keywords.get(word);
		}
		if (code === NEWLINE) {
			this.line = this.#source.line;
			this.#source.line++;
		}
		return code === END ? T.end : code;
	}

	/** strtonum(3) over the whole range of long long. */
	#number(digits: string): Token {
		if (digits.length > 18) {
			const value = BigInt(digits);
			const trouble = value > 9223372036854775807n ? "too large" : value < -9223372036854775808n ? "too small" : undefined;
			if (trouble !== undefined) {
				this.#fail("number-invalid", digits, trouble);
				return this.#skipLine();
			}
		}
		this.#text = digits;
		return T.number;
	}

	#quotedString(quote: number): Token {
		const source = this.#source;
		const { at: start, line } = source;
		const outermost = this.#outer.length === 0;
		const token = this.#closedString(quote);
		if (token !== T.end || !this.#resume || !outermost) return token;
		const end = source.inserts.length > 0 ? -1 : source.text.indexOf("\n", start);
		if (end >= 0) {
			this.#unclosed = start - 1;
			source.at = end;
			source.line = line;
			source.ended = false;
		}
		this.#fail("unterminated-string");
		return end < 0 ? token : T.error;
	}

	#closedString(quote: number): Token {
		let value = "";
		for (;;) {
			let code = this.#readQuoted(quote);
			if (code === END) return T.end;
			if (code === NEWLINE) {
				this.#source.line++;
				continue;
			}
			if (code === BACKSLASH) {
				const next = this.#readQuoted(quote);
				if (next === END) return T.end;
				if (next === quote || next === SPACE || next === TAB) code = next;
				else if (next === NEWLINE) {
					this.#source.line++;
					continue;
				} else this.#unread(next);
			} else if (code === quote) {
				this.#text = value;
				return T.string;
			} else if (code === 0) {
				this.#fail("syntax");
				return this.#skipLine();
			}
			if (value.length >= MAX_TOKEN - 2) {
				this.#fail("string-too-long");
				return this.#skipLine();
			}
			value += String.fromCharCode(code);
		}
	}
}

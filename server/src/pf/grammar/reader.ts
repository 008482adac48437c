/**
 * The parser's ground floor: tokens, messages, lists in braces. Where the yacc parser looks one token ahead before it acts, so
 * do the functions here (`lookahead`): whether a mistake is a syntax error or one of meaning, and on which line, depends on it.
 */
import type { Span } from "../../text/span.ts";
import type { Machine } from "../names/machine.ts";
import { atoul, plainNumber } from "../names/numbers.ts";
import type { MessageArguments, PfMessage, Saying } from "../words/messages.ts";
import type { MakeExpander } from "./expansion.ts";
import type { Follow } from "./follow.ts";
import { type Grammar, grammarOf } from "./grammar.ts";
import { Lexer, type LexerEvents } from "./lexer.ts";
import { OpenOutput } from "./output.ts";
import type { Recorder, WordRole } from "./recorder.ts";
import type { State } from "./state.ts";
import { COMMA, GREATER, isKeyword, LEFT_BRACE, LESS, NEWLINE, RIGHT_BRACE, T, type Token, type TokenSet } from "./tokens.ts";

export interface ParserInput {
	readonly fileName: string;
	readonly text: string;
	readonly machine: Machine;
	/** What was read before. */
	readonly state: State;
	/** The anchor that the file is loaded into; empty for the main ruleset. */
	readonly anchor: string;
	/** What makes rules of what is read. */
	readonly expand: MakeExpander;
	readonly recorder?: Recorder;
	/** Stop at the end of the text as at a cursor, and record what is taken there. */
	readonly cursor?: boolean;
	/**
	 * Go on where pfctl gives up, as an editor needs it: behind a mistake in a block with the block's next line, behind what
	 * ends the run with the next statement, and with all of the messages.
	 */
	readonly resume?: boolean;
}

/** What the words behind some tokens name, until the next keyword. */
const NAMES_BEHIND: ReadonlyMap<Token, WordRole> = new Map([
	[LESS, "table"],
	[T.on, "interface"],
	[T["received-on"], "interface"],
	[T.tag, "tag-set"],
	[T.tagged, "tag"],
	[T.label, "label"],
	[T.queue, "queue"],
	[T.user, "user"],
	[T.group, "group"],
]);

/** So many messages about one rule differ. */
const REPEATED = 16;

/** Thrown where a statement is given up. */
export const PROBLEM = Symbol("statement given up");
/** Thrown where the run ends. */
export const FATAL = Symbol("run ended");

export abstract class Reader {
	/** How many errors pfctl would have counted; the ruleset is refused with any. */
	errors = 0;
	/** Where what is read is put. */
	readonly output: OpenOutput;
	protected readonly input: ParserInput;
	readonly machine: Machine;
	protected readonly state: State;
	protected readonly lexer: Lexer;
	/** That of the release which the machine runs. */
	protected readonly grammar: Grammar;
	protected readonly follow: Follow;
	protected readonly recorder: Recorder | undefined;
	/** The number of the statement at hand, and where it starts. */
	statement = 0;
	protected begin = 0;
	/** Whether the token at hand is read and not yet taken (yychar). */
	protected ahead = false;
	/** yyerrflag: messages are held back until three tokens were taken after an error. */
	protected recovering = 0;

	constructor(input: ParserInput) {
		this.input = input;
		this.machine = input.machine;
		this.state = input.state;
		this.recorder = input.recorder;
		this.grammar = grammarOf(input.machine.release);
		this.follow = this.grammar.follow;
		this.output = new OpenOutput(input.anchor);
		const events: LexerEvents = {
			macro: (macro, start, end) => this.macro(macro, start, end),
			error: (kind, ...args) => this.lexicalError(kind, args),
			comment: (start, end) => this.recorder?.comment(start, end),
		};
		this.lexer = new Lexer(input.fileName, input.text, events, this.grammar.keywords, input.cursor === true, input.resume === true);
	}

	// ---- tokens -------------------------------------------------------------------------------------------------

	/** The token at hand, read where it was not. */
	protected peek(): Token {
		if (!this.ahead) {
			this.lexer.next();
			this.ahead = true;
		}
		return this.lexer.token;
	}

	/** Takes the token at hand. */
	protected take(): void {
		this.peek();
		this.pass();
		if (this.recovering > 0) this.recovering--;
	}

	/** Goes on behind the token at hand, and tells the recorder of it where it stands in this file. */
	protected pass(): void {
		const { lexer } = this;
		if (this.recorder !== undefined && lexer.macroUse === undefined && !lexer.included)
			this.recorder.word(lexer.token, lexer.start, lexer.end);
		this.ahead = false;
	}

	protected is(token: Token, what?: WordRole): boolean {
		const actual = this.peek();
		if (actual === T.cursor) this.recorder?.expect?.(token, what);
		return actual === token;
	}

	protected accept(token: Token): boolean {
		if (!this.is(token)) return false;
		this.take();
		return true;
	}

	protected expect(token: Token): void {
		if (!this.accept(token)) this.syntaxError();
	}

	/** The yacc parser would find the token at hand to be a mistake where it is not in the set. */
	protected lookahead(tokens: TokenSet): void {
		const token = this.peek();
		if (token !== T.cursor && !tokens.has(token)) this.syntaxError();
	}

	protected string(role: WordRole): string {
		if (!this.is(T.string, role)) this.syntaxError();
		const { text } = this.lexer;
		this.take();
		this.role(role, text);
		return text;
	}

	protected number(): number {
		if (!this.is(T.number, "number")) this.syntaxError();
		const { text } = this.lexer;
		const plain = plainNumber(text);
		const value = plain < 0 ? Number(text) : plain;
		this.digits = plain < 0 ? String(BigInt(text)) : text;
		this.take();
		this.role("number");
		return value;
	}
	/** The number just taken as printf("%lld") writes it. */
	protected digits = "0";

	protected role(role: WordRole, name?: string, behind = false): void {
		if (this.recorder !== undefined && this.lexer.macroUse === undefined && !this.lexer.included) this.recorder.role(role, name, behind);
	}

	/** The token at hand; at the cursor all of `tokens` are what could stand there. */
	protected startOf(tokens: readonly Token[]): Token {
		const token = this.peek();
		if (token === T.cursor) for (const each of tokens) this.recorder?.expect?.(each, undefined);
		return token;
	}

	// ---- messages -----------------------------------------------------------------------------------------------

	/** @param meant what the author meant to write, where that is certain */
	protected report(said: Saying, line: number | undefined, whole: boolean, warning: boolean, meant?: string): void {
		const lexer = this.lexer;
		const { start, end } = whole ? this.words : lexer;
		if (this.input.resume === true && this.#isTold(said, start, end)) return;
		this.output.complaints.push({
			line,
			file: lexer.fileName,
			said,
			warning,
			start,
			end,
			macro: lexer.macroUse?.name,
			...(meant !== undefined && { meant }),
		});
	}

	/** Whether the same was said of the same words of late: pfctl says it of each rule that a statement makes. */
	#isTold({ message, args }: Saying, start: number, end: number): boolean {
		const { complaints } = this.output;
		for (let i = Math.max(0, complaints.length - REPEATED); i < complaints.length; i++) {
			const known = complaints[i];
			if (known?.said.message !== message || known.start !== start || known.end !== end) continue;
			if (known.said.args.every((arg, index) => arg === args[index])) return true;
		}
		return false;
	}

	/** The words of the statement as far as it is read; one value as long as it is read no further. */
	get words(): Span {
		const { lexer, begin } = this;
		const end = Math.max(begin, lexer.token === NEWLINE ? lexer.start : lexer.end);
		if (this.#words.start !== begin || this.#words.end !== end) this.#words = { start: begin, end };
		return this.#words;
	}
	#words: Span = { start: 0, end: 0 };

	/** yyerror(): the word at hand is at fault. */
	protected error<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.errors++;
		this.report({ message, args }, this.lexer.line, false, false);
	}

	/** yyerror(): the statement is at fault. */
	protected errorOfStatement<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.errors++;
		this.report({ message, args }, this.lexer.line, true, false);
	}

	complain(said: Saying): void {
		this.report(said, undefined, false, false);
	}

	/** YYERROR behind yyerror(): the statement is given up. With a cursor the parser goes on, to see what comes after. */
	protected fail<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.failAs({ message, args });
	}

	protected failAs(said: Saying, meant?: string): void {
		this.errors++;
		this.report(said, this.lexer.line, false, false, meant);
		this.giveUp();
	}

	protected giveUp(): void {
		if (this.input.cursor !== true) throw PROBLEM;
	}

	protected syntaxError(): never {
		// What is wrong with an error token the lexer has said already; pfctl says this as well.
		const told = this.input.resume === true ? this.lexer.token === T.error : this.recovering > 0;
		if (!told) this.error("syntax error");
		throw PROBLEM;
	}

	/** errx(3): the run ends. In an editor only the statement does. */
	abort<M extends PfMessage>(message: M, ...args: MessageArguments<M>): never {
		this.errors++;
		this.report({ message, args }, undefined, true, false);
		throw this.input.resume === true ? PROBLEM : FATAL;
	}

	/** Whether all that names may mean stands in files that are known; an editor says nothing of names where it does not. */
	protected isKnownHere(): boolean {
		return this.input.resume !== true || this.state.get("unknown include") !== true;
	}

	/** The same of what outlasts a file: an anchor's file has the queues and limiters of the ruleset that loads it. */
	protected isKnownInRun(): boolean {
		return this.isKnownHere() && (this.input.resume !== true || this.state.get("unknown before") !== true);
	}

	protected lexicalError(kind: Parameters<LexerEvents["error"]>[0], [first = "", second = ""]: readonly string[]): void {
		switch (kind) {
			case "macro-undefined":
				return this.isKnownHere() ? this.error("macro '{0}' not defined", first) : undefined;
			case "string-too-long":
				return this.error("string too long");
			case "number-invalid":
				return this.error('"{0}" invalid number: {1}', first, second);
			case "unterminated-string":
				return this.error("reached end of file while parsing quoted string");
			case "syntax":
				return this.error("syntax error");
		}
	}

	protected macro(name: string, start: number, end: number): string | undefined {
		if (!this.lexer.included) {
			this.recorder?.word(T.string, start, end);
			this.recorder?.role("macro-use", name);
		}
		return this.state.get("macro", name)?.value;
	}

	/** Runs a production; after a mistake goes on behind the next newline. False where the file ended there. */
	protected guarded(production: (this: this) => void): boolean {
		try {
			production.call(this);
			return true;
		} catch (problem) {
			if (problem !== PROBLEM) throw problem;
		}
		if (this.peek() === T.cursor) return false;
		this.recovering = 3;
		// Names are names still, for those who look for all places where they stand.
		let role: WordRole | undefined;
		for (;;) {
			const token = this.peek();
			if (token === T.end) return false;
			if (token === NEWLINE) break;
			const name = token === T.string && role !== undefined ? this.lexer.text : undefined;
			this.pass();
			// `port < www` names no table.
			if (role !== undefined && name !== undefined && (role !== "table" || this.peek() === GREATER)) this.role(role, name, true);
			if (isKeyword(token) || token === LESS || token === GREATER) role = NAMES_BEHIND.get(token);
		}
		this.take();
		this.errors++;
		return true;
	}

	// ---- words and lists ----------------------------------------------------------------------------------------

	/** numberstring */
	protected numberstring(role: WordRole): string {
		if (this.is(T.number, role)) {
			this.number();
			this.role(role);
			return this.digits;
		}
		return this.string(role);
	}

	/** string: several words are one text. */
	protected text(role: WordRole): string {
		let text = this.string(role);
		while (this.is(T.string)) text += ` ${this.string(role)}`;
		this.lookahead(this.follow.afterString);
		return text;
	}

	/** optnl */
	protected newlines(): void {
		while (this.peek() === NEWLINE) this.take();
	}

	protected comma(): void {
		this.accept(COMMA);
	}

	/** A list in braces, its items parted by commas, newlines or nothing; the opening brace is taken already. */
	protected braced<T>(item: (this: this) => T): T[] {
		this.newlines();
		const list = [item.call(this)];
		this.newlines();
		while (!this.accept(RIGHT_BRACE)) {
			this.comma();
			list.push(item.call(this));
			this.newlines();
		}
		return list;
	}

	/** The items of a list in braces, or the one that stands there without. */
	protected items<T>(item: (this: this) => T): T[] {
		return this.accept(LEFT_BRACE) ? this.braced(item) : [item.call(this)];
	}

	/** number */
	protected atoul(): bigint | undefined {
		if (this.is(T.number, "number")) {
			const value = BigInt(this.lexer.text);
			this.take();
			return BigInt.asUintN(64, value);
		}
		const word = this.string("number");
		const value = atoul(word);
		if (value === undefined) this.fail("{0} is not a number", word);
		return value;
	}
}

/**
 * The parser's ground floor: tokens, messages, lists in braces. Where the yacc parser looks one token ahead before it acts, so
 * do the functions here (`lookahead`): whether a mistake is a syntax error or one of meaning, and on which line, depends on it.
 */
import type { Span } from "../../text/span.ts";
import { atoul, plainNumber } from "../names/numbers.ts";
import type { System } from "../names/system.ts";
import type { PfGroup } from "../words/entry.ts";
import { type MessageArguments, type PfMessage, type Saying, saying } from "../words/messages.ts";
import type { WordRole, WordUse } from "../words/roles.ts";
import type { Environment } from "./environment.ts";
import type { Follow } from "./follow.ts";
import { type Grammar, grammarOf } from "./grammar.ts";
import { Lexer, type LexerEvents } from "./lexer.ts";
import { OpenOutput } from "./output.ts";
import type { Recorder } from "./recorder.ts";
import { COMMA, isKeyword, LEFT_BRACE, NEWLINE, RIGHT_BRACE, RIGHT_PAREN, T, type Token, type TokenSet } from "./tokens.ts";

export interface ParserInput {
	readonly fileName: string;
	readonly text: string;
	readonly system: System;
	/** What was read before. */
	readonly environment: Environment;
	/** The anchor that the file is loaded into; empty for the main ruleset. */
	readonly anchor: string;
	readonly recorder?: Recorder;
	/** Stop at the end of the text as at a cursor, and record what is taken there. */
	readonly cursor?: boolean;
	/**
	 * Go on where pfctl gives up, as an editor needs it, with all of the messages. A mistake in a block ends its line alone; what
	 * would end the run ends its statement alone.
	 */
	readonly resume?: boolean;
}

/** Where no argument stands: more than an option has. */
const NO_ARGUMENT = 99;

/** So many messages about one rule differ. */
const REPEATED = 16;

/** Thrown where a statement is given up. */
export const PROBLEM = Symbol("statement given up");
/** Thrown where the run ends. */
export const FATAL = Symbol("run ended");

/** Reads what a token begins, and answers whether it begins anything. */
export type PartReader = (token: Token) => boolean;

export abstract class ParserBase {
	/** How many errors pfctl would have counted; the ruleset is refused with any. */
	errors = 0;
	/** Where what is read is put. */
	readonly output: OpenOutput;
	protected readonly input: ParserInput;
	readonly system: System;
	protected readonly environment: Environment;
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
	/** How deep the list of addresses at hand is in others. */
	protected nesting = 0;
	/** yyerrflag: messages are held back until three tokens were taken after an error. */
	protected recovering = 0;

	constructor(input: ParserInput) {
		this.input = input;
		this.system = input.system;
		this.environment = input.environment;
		this.recorder = input.recorder;
		this.grammar = grammarOf(input.system.release);
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

	/** Takes the token at hand. @param use of a keyword, where it stands: what follows are its arguments */
	protected take(use?: WordUse): void {
		this.peek();
		this.#takeRead(use);
	}

	/** Takes the token at hand, which is read. */
	#takeRead(use: WordUse | undefined): void {
		this.pass(use);
		if (use !== undefined) this.argument = 0;
		if (this.recovering > 0) this.recovering--;
	}

	/** Goes on behind the token at hand, and tells the recorder of it where it stands in this file. */
	protected pass(use?: WordUse): void {
		const { lexer } = this;
		if (this.recorder !== undefined && lexer.macroUse === undefined && !lexer.included)
			this.recorder.word(lexer.token, lexer.start, lexer.end, use);
		this.ahead = false;
	}

	protected is(token: Token, use?: WordUse): boolean {
		const actual = this.peek();
		if (actual === T.cursor) this.recorder?.expect?.(token, use, this.argument, this.behind);
		return actual === token;
	}

	protected accept(token: Token, use?: WordUse): boolean {
		if (!this.is(token, use)) return false;
		this.#takeRead(use);
		return true;
	}

	protected expect(token: Token, use?: WordUse): void {
		if (!this.accept(token, use)) this.syntaxError();
	}

	/** Which argument of the option at hand is next, for signature help; none where an option may begin. */
	protected argument = NO_ARGUMENT;
	/** How many arguments a value is: none in a list, which is one as a whole. */
	protected step = 1;

	/** The word just taken is an argument of the option before it, or joins those. @param next the argument behind it */
	protected joins(next: number): void {
		this.recorder?.joins?.();
		this.argument = next;
	}

	/** What follows is no argument of what stands before it. */
	protected closeArguments(): void {
		this.argument = NO_ARGUMENT;
	}

	/** The yacc parser would find the token at hand to be a mistake where it is not in the set. */
	protected lookahead(tokens: TokenSet): void {
		const token = this.peek();
		if (token !== T.cursor && !tokens.has(token)) this.syntaxError();
	}

	protected string(role: WordRole): string {
		const text = this.#string(role);
		this.argument += this.step;
		return text;
	}

	/** A word of the vocabulary that pfctl does not reserve. */
	protected word(group: PfGroup): string {
		const text = this.#string(group);
		this.argument = 0;
		return text;
	}

	#string(use: WordUse): string {
		if (!this.is(T.string, use)) this.syntaxError();
		const { text } = this.lexer;
		this.take();
		this.role(use, text);
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
		this.argument += this.step;
		return value;
	}
	/** The number just taken as printf("%lld") writes it. */
	protected digits = "0";

	protected role(use: WordUse, name?: string): void {
		if (this.recorder !== undefined && this.lexer.macroUse === undefined && !this.lexer.included)
			this.recorder.role(use, name, this.behind);
	}

	/** The token at hand; at the cursor all of `tokens` are what could stand there. @param group of the keywords among them */
	protected startOf(tokens: readonly Token[], group: PfGroup | undefined): Token {
		const token = this.peek();
		if (token === T.cursor) for (const each of tokens) this.recorder?.expect?.(each, group, this.argument, this.behind);
		return token;
	}

	// ---- messages -----------------------------------------------------------------------------------------------

	/** @param meant what the author meant to write, where that is certain */
	protected report(said: Saying, line: number | undefined, whole: boolean, warning: boolean, meant?: string): void {
		if (this.behind) return;
		const lexer = this.lexer;
		const { start, end } = whole ? this.words : lexer;
		if (this.input.resume === true && this.#isTold(said, start, end)) return;
		this.output.complaints.push({
			line,
			file: lexer.fileName,
			message: said,
			warning,
			span: { start, end },
			macro: lexer.macroUse?.name,
			...(meant !== undefined && { meant }),
		});
	}

	/** Whether the same was said of the same words of late: pfctl says it of each rule that a statement makes. */
	#isTold({ template, args }: Saying, start: number, end: number): boolean {
		const { complaints } = this.output;
		for (let i = Math.max(0, complaints.length - REPEATED); i < complaints.length; i++) {
			const known = complaints[i];
			if (known === undefined || known.message.template !== template || known.span.start !== start || known.span.end !== end) continue;
			if (known.message.args.every((arg, index) => arg === args[index])) return true;
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

	/** What the statement is loaded in spite of. */
	warn<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.report(saying(message, ...args), this.lexer.line, true, true);
	}

	/** yyerror(): the word at hand is at fault. */
	error<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.fault();
		this.report(saying(message, ...args), this.lexer.line, false, false);
	}

	/** yyerror(): the statement is at fault. */
	errorOfStatement<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.fault();
		this.report(saying(message, ...args), this.lexer.line, true, false);
	}

	/** Counts an error, where it is told. */
	protected fault(): void {
		if (!this.behind) this.errors++;
	}

	complain(said: Saying): void {
		this.report(said, undefined, false, false);
	}

	/** YYERROR behind yyerror(): the statement is given up. With a cursor the parser goes on, to see what comes after. */
	protected fail<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.failAs(saying(message, ...args));
	}

	protected failAs(said: Saying, meant?: string): void {
		this.fault();
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
		this.fault();
		this.report(saying(message, ...args), undefined, true, false);
		throw this.input.resume === true ? PROBLEM : FATAL;
	}

	/** Whether all that names may mean stands in files that are known; an editor says nothing of names where it does not. */
	protected isKnownHere(): boolean {
		return this.input.resume !== true || this.environment.get("unknown include") !== true;
	}

	/** The same of what outlasts a file: an anchor's file has the queues and limiters of the ruleset that loads it. */
	protected isKnownInRun(): boolean {
		return this.isKnownHere() && (this.input.resume !== true || this.environment.get("unknown before") !== true);
	}

	/** Said behind a mistake as well: pfctl's lexer reads on there. */
	protected lexicalError(kind: Parameters<LexerEvents["error"]>[0], args: readonly string[]): void {
		const { behind } = this;
		this.behind = false;
		this.#lexicalError(kind, args);
		this.behind = behind;
	}

	#lexicalError(kind: Parameters<LexerEvents["error"]>[0], [first = "", second = ""]: readonly string[]): void {
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
			this.recorder?.word(T.string, start, end, undefined);
			this.recorder?.role("macro-use", name, false);
		}
		return this.environment.get("macro", name)?.value;
	}

	/** Goes on behind the next newline after a mistake that was thrown. False where the file ended there. */
	protected recovers(problem: unknown): boolean {
		if (problem !== PROBLEM) throw problem;
		if (this.peek() === T.cursor) return false;
		this.recovering = 3;
		this.#readOn();
		if (this.peek() !== NEWLINE) return false;
		this.take();
		this.errors++;
		return true;
	}

	// ---- behind mistakes ------------------------------------------------------------------------------------------

	/** Reads the part of the statement at hand that a token begins. False where it begins none; then nothing is taken. */
	protected parts: PartReader = this.partsOf(T.pass);
	/** The same in the parentheses at hand, where words have other meanings. */
	protected list: PartReader | undefined;
	/** What is read behind a mistake is told to the recorder alone. */
	protected behind = false;

	/** How the parts of a statement are read, by the token that it begins with. */
	protected abstract partsOf(token: Token): PartReader;

	/** Reads the rest of a line behind a mistake: an editor shows what its words are all the same. */
	#readOn(): void {
		const asks = this.input.resume === true && this.recorder !== undefined;
		this.behind = true;
		for (let token = this.peek(); token !== NEWLINE && token !== T.end && token !== T.cursor; token = this.peek()) {
			if (token === RIGHT_PAREN) this.list = undefined;
			if (!asks || this.lexer.included) this.pass();
			else if ((this.lexer.start === this.begin && this.grammar.statements.has(token)) || !this.#readsPart(token)) this.#passWord(token);
		}
		this.behind = false;
		this.list = undefined;
		this.nesting = 0;
	}

	/** Goes on behind a word that is no part of the statement at hand; it may begin another one. */
	#passWord(token: Token): void {
		const begins = this.grammar.statements.has(token);
		if (begins) {
			this.parts = this.partsOf(token);
			this.list = undefined;
		}
		this.pass(begins || (isKeyword(token) && this.lexer.start === this.begin) ? "statement" : undefined);
	}

	#readsPart(token: Token): boolean {
		this.closeArguments();
		this.step = 1;
		try {
			return this.list?.(token) === true || this.parts(token);
		} catch (problem) {
			if (problem !== PROBLEM) throw problem;
			return true;
		}
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
	protected text(use: WordUse): string {
		const next = this.argument + this.step;
		let text = this.#string(use);
		this.argument = next;
		while (this.is(T.string)) text += ` ${this.#string(use)}`;
		this.lookahead(this.follow.afterString);
		return text;
	}

	/** optnl */
	protected newlines(): void {
		while (this.peek() === NEWLINE) {
			// What is read behind a mistake ends with its line.
			if (this.behind) throw PROBLEM;
			this.take();
		}
	}

	protected comma(): void {
		this.accept(COMMA);
	}

	/** A list in braces, its items parted by commas, newlines or nothing; the opening brace is taken already. */
	protected braced<T>(item: (this: this) => T): T[] {
		const { step } = this;
		this.step = 0;
		this.newlines();
		const list = [item.call(this)];
		this.newlines();
		while (!this.accept(RIGHT_BRACE)) {
			this.comma();
			list.push(item.call(this));
			this.newlines();
		}
		this.step = step;
		this.argument += step;
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
			this.argument += this.step;
			return BigInt.asUintN(64, value);
		}
		const word = this.string("number");
		const value = atoul(word);
		if (value === undefined) this.fail("{0} is not a number", word);
		return value;
	}
}

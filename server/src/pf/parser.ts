/**
 * pf.conf's grammar as parse.y has it: recursive descent, a function for each of its rules. Where the yacc parser looks one
 * token ahead before it acts, so do the functions here (`lookahead`): whether a mistake is a syntax error or one of
 * meaning, and on which line, depends on it.
 */

import { type Span, span } from "../text/span.ts";
import type { PfErrorCode } from "./check.ts";
import { commonFamily, completeRule, draftOf, type Expansion, expandAntispoof, expandRule, tcpMissing } from "./expand.ts";
import type { Fingerprints } from "./fingerprints.ts";
import { type Host, type HostNames, withBits } from "./hosts.ts";
import { icmpCode, icmpType } from "./icmp.ts";
import { Lexer, type LexerEvents } from "./lexer.ts";
import { md5Words, utf8 } from "./md5.ts";
import { IPPROTO, type Protocols } from "./protocols.ts";
import {
	type Anchor,
	type Bandwidth,
	type BlockReturn,
	type Definition,
	DROP,
	type Family,
	type Log,
	type NumberMatch,
	type NumberOperator,
	type Queue,
	type Rule,
	type ServiceCurve,
	type SetOption,
	type Table,
	TCP_FLAGS,
	TIMEOUTS,
	type TimeoutName,
	UNKNOWN_ID,
} from "./rules.ts";
import type { Services } from "./services.ts";
import {
	type DivertSpec,
	type EndSpec,
	type FilterOptions,
	type IcmpItem,
	type InterfaceItem,
	noFilterOptions,
	type PoolSpec,
	type PortRange,
	type RuleSpec,
	type StateItem,
} from "./syntax.ts";
import { readTable } from "./table.ts";
import {
	BANG,
	COMMA,
	EQUALS,
	GREATER,
	keywordOf,
	LEFT_BRACE,
	LEFT_PAREN,
	LESS,
	MINUS,
	NEWLINE,
	RIGHT_BRACE,
	RIGHT_PAREN,
	SLASH,
	T,
	type Token,
} from "./tokens.ts";
import { pfWord } from "./vocabulary.ts";

/** What pfctl asks of the machine that it runs on. */
export interface Machine {
	readonly names: HostNames;
	readonly services: Services;
	readonly protocols: Protocols;
	readonly fingerprints: Fingerprints;
	readonly users: Readonly<Record<string, number>> | undefined;
	readonly groups: Readonly<Record<string, number>> | undefined;
	/** The text of a file; `missing` where it is known not to be there, `unknown` where nothing is known of it. */
	readonly file: (path: string) => { readonly text: string } | "missing" | "unknown";
	/** Whether a port name that no list has is an error: the host's own list decides, OpenBSD's does not. */
	readonly strictServices: boolean;
}

/** An anchor as it is built: `Anchor` and what pfctl keeps beside it. */
export interface AnchorNode {
	path: string;
	readonly name: string;
	readonly rules: Rule[];
	readonly tables: Table[];
	/** How many rules it has, as pfctl counts them. */
	match: number;
	readonly children: Map<string, AnchorNode>;
}

export function anchorNode(name: string, path: string): AnchorNode {
	return { name, path, rules: [], tables: [], match: 0, children: new Map() };
}

export interface LoadAnchor {
	readonly name: string;
	readonly file: string;
	readonly statement: number;
	readonly nameSpan: Span;
	readonly fileSpan: Span;
}

/** Something that pfctl prints on standard error. */
export interface Complaint {
	/** Undefined for lines without a position. */
	readonly line: number | undefined;
	readonly file: string;
	readonly text: string;
	readonly code: PfErrorCode;
	readonly warning: boolean;
	/** The words that are at fault. */
	readonly start: number;
	readonly end: number;
	readonly macro: string | undefined;
	readonly statement: number;
}

/** A statement of the file: from its first word to the end of its last line. */
export interface StatementSpan {
	readonly start: number;
	readonly end: number;
}

/** What a program run keeps between the files that it reads: the anchors loaded after the main ruleset see it. */
export interface Session {
	readonly queues: Queue[];
	readonly rootInterfaces: Set<string>;
	readonly childQueues: Set<string>;
	ifBound: boolean;
	stateDefaults: readonly StateItem[] | undefined;
	tables: number;
	readonly commandLine: ReadonlyMap<string, string>;
}

export interface Macro {
	readonly value: string;
	readonly persist: boolean;
	readonly start: number;
	readonly end: number;
}

/** What the recorder is told of words and of what could stand at the cursor. */
export interface Recorder {
	word(token: Token, text: string, start: number, end: number, quoted: boolean): void;
	/** Says more of the word just read. */
	role(role: WordRole, name?: string): void;
	comment(start: number, end: number): void;
	/** The parser would take this token where the text ends. */
	expect?(token: Token, what: WordRole | undefined): void;
}

/** What a word that is no keyword stands for. */
export type WordRole =
	| "macro-definition"
	| "macro-use"
	| "table-definition"
	| "table"
	| "anchor"
	| "anchor-load"
	| "file"
	| "queue-definition"
	| "queue"
	| "parent-queue"
	| "tag-set"
	| "tag"
	| "label"
	| "interface"
	| "address"
	| "protocol"
	| "port"
	| "user"
	| "group"
	| "icmp-type"
	| "icmp6-type"
	| "icmp-code"
	| "flags"
	| "os"
	| "tos"
	| "number"
	| "value"
	| "option-value"
	| "table-option"
	| "timeout"
	| "limit"
	| "bandwidth"
	| "log-interface";

class SyntaxProblem {}
const PROBLEM = new SyntaxProblem();
class FatalProblem {}
const FATAL = new FatalProblem();

/** The tokens that can follow the addresses of a rule: its options, and what ends it. */
const OPTION_STARTS: readonly Token[] = [
	T.scrub,
	T.flags,
	T["icmp-type"],
	T["icmp6-type"],
	T.keep,
	T.modulate,
	T["binat-to"],
	T["allow-opts"],
	T["route-to"],
	T["dup-to"],
	T["reply-to"],
	T.no,
	T.label,
	T.fragment,
	T.user,
	T.group,
	T.tos,
	T.set,
	T.synproxy,
	T.probability,
	T.queue,
	T.rtable,
	T.prio,
	T.once,
	T["max-pkt-rate"],
	T.tagged,
	T.tag,
	T["divert-to"],
	T["divert-reply"],
	T["divert-packet"],
	T["nat-to"],
	T["af-to"],
	T["rdr-to"],
	T["received-on"],
	BANG,
];
const POOL_OPTIONS: readonly Token[] = [
	T.bitmask,
	T.random,
	T["source-hash"],
	T["round-robin"],
	T["least-states"],
	T["static-port"],
	T["sticky-address"],
];

const set = (...lists: readonly (readonly Token[])[]): ReadonlySet<Token> => new Set(lists.flat());
const AFTER_OPTION = set(OPTION_STARTS, [NEWLINE, LEFT_BRACE]);
const AFTER_ENDS = set([...AFTER_OPTION], [T.os, T.to]);
const AFTER_POOL = set([...AFTER_OPTION], [T.to]);
const AFTER_HOST = set([...AFTER_ENDS], POOL_OPTIONS, [
	T.any,
	T.port,
	T["no-route"],
	T["urpf-failed"],
	T.weight,
	T.route,
	T.string,
	T.number,
	RIGHT_BRACE,
	LEFT_PAREN,
	LESS,
	COMMA,
]);
const AFTER_WEIGHT = set([...AFTER_POOL], POOL_OPTIONS, [
	T.port,
	T["no-route"],
	T["urpf-failed"],
	T.route,
	T.string,
	T.number,
	RIGHT_BRACE,
	LEFT_PAREN,
	LESS,
	COMMA,
]);
const AFTER_PORT = set(
	[...AFTER_ENDS],
	[T.notEqual, T.lessOrEqual, T.greaterOrEqual, T.string, T.number, RIGHT_BRACE, EQUALS, LESS, GREATER, COMMA],
);
const AFTER_ICMP = set([...AFTER_OPTION], [T.string, T.number, RIGHT_BRACE, COMMA]);
const AFTER_REDIRECTION = set([...AFTER_POOL], POOL_OPTIONS);
const AFTER_STRING = set([...AFTER_POOL], POOL_OPTIONS, [T.all, T.matches, RIGHT_PAREN, COMMA]);
const AFTER_BANDWIDTH = set([T.max, T.bandwidth, T.flows, T.quantum, T.qlimit, T.min, T.parent, T.default, NEWLINE, COMMA]);
const AFTER_CURVES = set([T.bandwidth, T.flows, T.quantum, T.qlimit, T.parent, T.default, NEWLINE]);

const UNREACHABLE_PORT = (3 << 8) | 3;
const UNREACHABLE_PORT6 = (1 << 8) | 4;
const UINT_MAX = 0xffffffff;

const TOS: Readonly<Record<string, number>> = {
	af11: 0x28,
	af12: 0x30,
	af13: 0x38,
	af21: 0x48,
	af22: 0x50,
	af23: 0x58,
	af31: 0x68,
	af32: 0x70,
	af33: 0x78,
	af41: 0x88,
	af42: 0x90,
	af43: 0x98,
	critical: 0xa0,
	cs0: 0,
	cs1: 0x20,
	cs2: 0x40,
	cs3: 0x60,
	cs4: 0x80,
	cs5: 0xa0,
	cs6: 0xc0,
	cs7: 0xe0,
	ef: 0xb8,
	inetcontrol: 0xc0,
	lowdelay: 0x10,
	netcontrol: 0xe0,
	reliability: 0x04,
	throughput: 0x08,
};

/** Names of syslog(3) levels that pf.conf(5) does not list and pfctl takes all the same. */
const OTHER_DEBUG_LEVELS = new Set(["error", "panic", "warn"]);

/** strtoul(3) with base 0 over the whole word; undefined where it is no number. */
export function atoul(word: string): bigint | undefined {
	const match = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(word);
	if (match === null) return undefined;
	const [, sign, digits = ""] = match;
	const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
	if (value > 0xffffffffffffffffn) return undefined;
	return sign === "-" ? BigInt.asUintN(64, -value) : value;
}

/** strtod(3): the number at the start of a word, and where it ends. */
function strtod(word: string): { readonly value: number; readonly rest: string } {
	const match = /^[ \t\n\v\f\r]*[+-]?(?:0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)/i.exec(
		word,
	);
	if (match === null) return { value: 0, rest: word };
	const text = match[0].trim().toLowerCase();
	const value = text.includes("inf") ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text.replace(/^\+/, ""));
	return { value, rest: word.slice(match[0].length) };
}

const bytes = (text: string): number => (/^[\0-\x7f]*$/.test(text) ? text.length : utf8(text).length);

export interface ParserInput {
	readonly fileName: string;
	readonly text: string;
	readonly machine: Machine;
	readonly session: Session;
	/** The anchor that the file is loaded into; empty for the main ruleset. */
	readonly anchor: string;
	readonly recorder?: Recorder;
	/** Stop at the end of the text as at a cursor, and record what is taken there. */
	readonly cursor?: boolean;
	/** Macros that are defined before the text. */
	readonly macros?: ReadonlyMap<string, Macro>;
}

/** Reads one file with all that it includes. */
export class Parser {
	readonly complaints: Complaint[] = [];
	readonly definitions: Definition[] = [];
	readonly statements: StatementSpan[] = [];
	readonly macros = new Map<string, Macro>();
	readonly usedMacros = new Map<string, { readonly start: number; readonly end: number }[]>();
	readonly loads: LoadAnchor[] = [];
	/** The names after `set skip on`. */
	readonly skip: { readonly name: string; readonly span: Span }[] = [];
	readonly main: AnchorNode;
	/** How many errors pfctl would have counted; the ruleset is refused with any. */
	errors = 0;
	/** True where the run ended at once. */
	fatal = false;
	blockPolicy: "drop" | "return" = "drop";
	reassemble = true;

	readonly #input: ParserInput;
	readonly #machine: Machine;
	readonly #session: Session;
	readonly #lexer: Lexer;
	readonly #recorder: Recorder | undefined;
	/** Whether the token at hand is read and not yet taken (yychar). */
	#ahead = false;
	/** yyerrflag: messages are held back until three tokens were taken after an error. */
	#recovering = 0;
	#statement = 0;
	/** The stack of anchors (pf->astack, pf->asd). */
	readonly #stack: (AnchorNode | undefined)[];
	#depth = 0;
	#current: AnchorNode;
	#last: AnchorNode | undefined;
	#blocks = 0;
	readonly #roots = new Map<string, AnchorNode>();
	readonly #expansion: Expansion;
	readonly #inner = new Set<string>();
	#files = 0;

	constructor(input: ParserInput) {
		this.#input = input;
		this.#machine = input.machine;
		this.#session = input.session;
		this.#recorder = input.recorder;
		for (const [name, value] of input.session.commandLine) this.macros.set(name, { value, persist: true, start: 0, end: 0 });
		for (const [name, macro] of input.macros ?? []) this.macros.set(name, macro);
		const name = input.anchor.includes("/") ? input.anchor.slice(input.anchor.lastIndexOf("/")) : input.anchor;
		this.main = anchorNode(name, input.anchor);
		this.#current = this.main;
		this.#stack = [this.main];
		const events: LexerEvents = {
			macro: (macro, start, end) => this.#macro(macro, start, end),
			error: (kind, ...args) => this.#lexicalError(kind, args),
		};
		if (this.#recorder !== undefined) events.comment = (start, end) => this.#recorder?.comment(start, end);
		this.#lexer = new Lexer(input.fileName, input.text, 0, 1, events, input.cursor === true);
		const { machine, session } = input;
		const parser = this;
		this.#expansion = {
			names: machine.names,
			protocols: machine.protocols,
			fingerprints: machine.fingerprints,
			get statement() {
				return parser.#statement;
			},
			get defaultIfBound() {
				return session.ifBound;
			},
			get stateDefaults() {
				return session.stateDefaults;
			},
			error: (code, message) => this.#error(code, message, true),
			complain: (line) => this.#complain(line),
			nextTable: () => session.tables++,
			table: (table) => this.definitions.push({ kind: "table", table }),
			add: (rule) => {
				this.#current.rules.push(rule);
				const holder = this.#stack[this.#depth];
				if (holder !== undefined) holder.match++;
			},
			fatal: (line) => this.#fatal(line),
		};
	}

	// ---- tokens -------------------------------------------------------------------------------------------------

	/** The token at hand, read where it was not. */
	#peek(): Token {
		if (!this.#ahead) {
			this.#lexer.next();
			this.#ahead = true;
		}
		return this.#lexer.token;
	}

	/** Takes the token at hand. */
	#take(): void {
		this.#peek();
		const lexer = this.#lexer;
		if (this.#recorder !== undefined) {
			if (lexer.macroUse === undefined && !lexer.included)
				this.#recorder.word(lexer.token, lexer.text, lexer.start, lexer.end, lexer.quoted);
		}
		this.#ahead = false;
		if (this.#recovering > 0) this.#recovering--;
	}

	#is(token: Token, what?: WordRole): boolean {
		const actual = this.#peek();
		if (actual === T.cursor) this.#recorder?.expect?.(token, what);
		return actual === token;
	}

	#accept(token: Token): boolean {
		if (!this.#is(token)) return false;
		this.#take();
		return true;
	}

	#expect(token: Token): void {
		if (!this.#accept(token)) this.#syntaxError();
	}

	/** The yacc parser would find the token at hand to be a mistake where it is not in the set. */
	#lookahead(tokens: ReadonlySet<Token>): void {
		const token = this.#peek();
		if (token !== T.cursor && !tokens.has(token)) this.#syntaxError();
	}

	#string(role: WordRole): string {
		if (!this.#is(T.string, role)) this.#syntaxError();
		const { text } = this.#lexer;
		this.#take();
		this.#role(role, text);
		return text;
	}

	#number(): number {
		if (!this.#is(T.number, "number")) this.#syntaxError();
		const value = Number(this.#lexer.text);
		this.#digits = String(BigInt(this.#lexer.text));
		this.#take();
		this.#role("number");
		return value;
	}
	/** The number just taken as printf("%lld") writes it. */
	#digits = "0";

	#role(role: WordRole, name?: string): void {
		if (this.#recorder !== undefined && this.#lexer.macroUse === undefined && !this.#lexer.included) this.#recorder.role(role, name);
	}

	// ---- messages -----------------------------------------------------------------------------------------------

	#report(text: string, code: PfErrorCode, line: number | undefined, whole: boolean, warning: boolean): void {
		const lexer = this.#lexer;
		const { start, end } = whole ? { start: this.#begin, end: Math.max(this.#begin, this.#lastEnd) } : lexer;
		this.complaints.push({
			line,
			file: lexer.fileName,
			text,
			code,
			warning,
			start,
			end,
			macro: lexer.macroUse?.name,
			statement: this.#statement,
		});
	}
	/** Where the statement at hand starts. */
	#begin = 0;
	get #lastEnd(): number {
		return this.#lexer.token === NEWLINE ? this.#lexer.start : this.#lexer.end;
	}

	/** yyerror(): `whole` where the statement is at fault and not the word at hand. */
	#error(code: PfErrorCode, text: string, whole = false): void {
		this.errors++;
		this.#report(text, code, this.#lexer.line, whole, false);
	}

	#complain(line: string): void {
		if (line.startsWith("@")) this.#report(line.slice(1), "pf/combination", this.#lexer.line, true, true);
		else this.#report(line, "pf/host", undefined, false, false);
	}

	/** YYERROR behind yyerror(): the statement is given up. With a cursor the parser goes on, to see what comes after. */
	#fail(code: PfErrorCode, text: string): void {
		this.#error(code, text);
		this.#giveUp();
	}

	#giveUp(): void {
		if (this.#input.cursor !== true) throw PROBLEM;
	}

	#syntaxError(): never {
		if (this.#recovering === 0) this.#error("pf/syntax", "syntax error");
		throw PROBLEM;
	}

	#fatal(line: string): never {
		this.errors++;
		this.#report(line, "pf/no-rule", undefined, true, false);
		throw FATAL;
	}

	#lexicalError(kind: Parameters<LexerEvents["error"]>[0], args: readonly string[]): void {
		switch (kind) {
			case "macro-undefined":
				return this.#error("pf/unknown-macro", `macro '${args[0]}' not defined`);
			case "string-too-long":
				return this.#error("pf/too-long", "string too long");
			case "number-invalid":
				return this.#error("pf/range", `"${args[0]}" invalid number: ${args[1]}`);
			case "unterminated-string":
				return this.#error("pf/syntax", "reached end of file while parsing quoted string");
			case "syntax":
				return this.#error("pf/syntax", "syntax error");
		}
	}

	#macro(name: string, start: number, end: number): string | undefined {
		if (!this.#lexer.included) {
			this.#recorder?.word(T.string, name, start, end, false);
			this.#recorder?.role("macro-use", name);
			const uses = this.usedMacros.get(name);
			if (uses === undefined) this.usedMacros.set(name, [{ start, end }]);
			else uses.push({ start, end });
		}
		return this.macros.get(name)?.value;
	}

	// ---- the file -----------------------------------------------------------------------------------------------

	/** ruleset */
	run(): void {
		try {
			this.#ruleset();
		} catch (problem) {
			if (problem !== FATAL) throw problem;
			this.fatal = true;
		}
	}

	#ruleset(): void {
		if (this.#peek() === LEFT_BRACE) this.#guarded(() => this.#fakeAnchor());
		while (this.#peek() !== T.end) {
			if (this.#peek() === NEWLINE) {
				this.#take();
				continue;
			}
			if (this.#peek() === T.cursor) {
				this.#guarded(() => this.#statementLine());
				return;
			}
			const start = this.#lexer.start;
			this.#begin = start;
			this.#statement = this.statements.length;
			const going = this.#guarded(() => this.#statementLine());
			this.statements.push({ start, end: Math.max(start, this.#lexer.token === NEWLINE ? this.#lexer.start : this.#lexer.end) });
			if (!going) return;
		}
	}

	/** Runs a production; after a mistake goes on behind the next newline. False where the file ended there. */
	#guarded(production: () => void): boolean {
		try {
			production();
			return true;
		} catch (problem) {
			if (problem !== PROBLEM) throw problem;
		}
		if (this.#peek() === T.cursor) return false;
		this.#recovering = 3;
		for (;;) {
			const token = this.#peek();
			if (token === T.end) return false;
			if (token === NEWLINE) break;
			if (this.#recorder !== undefined && this.#lexer.macroUse === undefined && !this.#lexer.included)
				this.#recorder.word(token, this.#lexer.text, this.#lexer.start, this.#lexer.end, this.#lexer.quoted);
			this.#ahead = false;
		}
		this.#take();
		this.errors++;
		return true;
	}

	/** A file cannot start with a brace: the rule of the grammar for it has no end. */
	#fakeAnchor(): void {
		this.#take();
		this.#peek();
		this.#syntaxError();
	}

	#statementLine(): void {
		this.#production();
		this.#expect(NEWLINE);
	}

	#production(): void {
		switch (this.#startOf([T.include, T.set, T.pass, T.block, T.match, T.anchor, T.load, T.queue, T.antispoof, T.table])) {
			case T.include:
				return this.#include();
			case T.set:
				return this.#option();
			case T.pass:
			case T.block:
			case T.match:
				return this.#pfrule();
			case T.anchor:
				return this.#anchorrule();
			case T.load:
				return this.#loadrule();
			case T.queue:
				return this.#queuespec();
			case T.antispoof:
				return this.#antispoof();
			case T.table:
				return this.#tabledef();
			default:
				if (this.#is(T.string, "macro-definition")) return this.#varset();
				return this.#syntaxError();
		}
	}

	/** The token at hand; at the cursor all of `tokens` are what could stand there. */
	#startOf(tokens: readonly Token[]): Token {
		const token = this.#peek();
		if (token === T.cursor) for (const each of tokens) this.#recorder?.expect?.(each, undefined);
		return token;
	}

	/** include */
	#include(): void {
		this.#take();
		if (!this.#is(T.string, "file")) this.#syntaxError();
		const { text: path, start, end } = this.#lexer;
		this.#take();
		this.#role("file", path);
		const file = this.#machine.file(path);
		if (file === "unknown") return;
		if (file === "missing") {
			this.#complain(`pfctl: pushfile: ${path}: No such file or directory`);
			return this.#fail("pf/file", `failed to include file ${path}`);
		}
		// pfctl would go on until it has no more files to open.
		if (this.#lexer.include(path, file.text, start, end) > 32 || ++this.#files > 1000)
			this.#fatal(`pfctl: pushfile: ${path}: Too many open files`);
	}

	/** varset */
	#varset(): void {
		const { start, end } = this.#lexer;
		const name = this.#string("macro-definition");
		this.#expect(EQUALS);
		const words = [this.#numberstring("value")];
		while (this.#is(T.string, "value") || this.#is(T.number, "number")) words.push(this.#numberstring("value"));
		this.#lookahead(new Set([NEWLINE]));
		const value = words.join(" ");
		this.definitions.push({ kind: "macro", name, value });
		if (/[ \t\n\v\f\r]/.test(name.slice(1))) return this.#fail("pf/macro-name", "macro name cannot contain whitespace");
		if (this.macros.get(name)?.persist !== true) this.macros.set(name, { value, persist: false, start, end });
	}

	/** numberstring */
	#numberstring(role: WordRole): string {
		if (this.#is(T.number, role)) {
			this.#number();
			this.#role(role);
			return this.#digits;
		}
		return this.#string(role);
	}

	/** string: several words are one text. */
	#text(role: WordRole): string {
		let text = this.#string(role);
		while (this.#is(T.string)) text += ` ${this.#string(role)}`;
		this.#lookahead(AFTER_STRING);
		return text;
	}

	/** optnl */
	#newlines(): void {
		while (this.#peek() === NEWLINE) this.#take();
	}

	#comma(): void {
		this.#accept(COMMA);
	}

	/** A list in braces, its items parted by commas, newlines or nothing; the opening brace is taken already. */
	#braced(item: () => void): void {
		this.#newlines();
		item();
		this.#newlines();
		while (!this.#accept(RIGHT_BRACE)) {
			this.#comma();
			item();
			this.#newlines();
		}
	}

	// ---- set ----------------------------------------------------------------------------------------------------

	#echo(option: SetOption): void {
		this.definitions.push({ kind: "option", option });
	}

	/** option */
	#option(): void {
		this.#take();
		const token = this.#startOf([
			T.reassemble,
			T.optimization,
			T["ruleset-optimization"],
			T.timeout,
			T.limit,
			T.loginterface,
			T.hostid,
			T["block-policy"],
			T.fingerprints,
			T["state-policy"],
			T.debug,
			T.skip,
			T["state-defaults"],
			T.syncookies,
		]);
		switch (token) {
			case T.reassemble: {
				this.#take();
				const on = this.#yesno();
				const noDf = this.#accept(T["no-df"]);
				if (!noDf) this.#lookahead(new Set([NEWLINE]));
				this.reassemble = on;
				return this.#echo({ kind: "reassemble", on, noDf });
			}
			case T.optimization: {
				this.#take();
				const value = this.#string("option-value");
				if (pfWord("optimization", value.toLowerCase()) === undefined) {
					this.#complain("pfctl: invalid state timeouts optimization");
					return this.#fail("pf/option", `unknown optimization ${value}`);
				}
				return this.#echo({ kind: "optimization", value });
			}
			case T["ruleset-optimization"]: {
				this.#take();
				const value = this.#text("option-value");
				if (pfWord("ruleset-optimization", value) === undefined) this.#fail("pf/option", `unknown ruleset-optimization ${value}`);
				return;
			}
			case T.timeout:
				this.#take();
				return this.#oneOrBraced(() => this.#timeout());
			case T.limit:
				this.#take();
				return this.#oneOrBraced(() => this.#limit());
			case T.loginterface: {
				this.#take();
				const name = this.#accept(T.all) ? "all" : this.#string("interface");
				return this.#echo({ kind: "loginterface", interface: name });
			}
			case T.hostid: {
				this.#take();
				const value = this.#atoul();
				if (value === undefined) return;
				if (value === 0n || value > BigInt(UINT_MAX)) return this.#fail("pf/range", "hostid must be non-zero");
				return this.#echo({ kind: "hostid", value: Number(value) });
			}
			case T["block-policy"]:
				this.#take();
				if (this.#accept(T.drop)) this.blockPolicy = "drop";
				else if (this.#accept(T.return)) this.blockPolicy = "return";
				else this.#syntaxError();
				return this.#echo({ kind: "block-policy", value: this.blockPolicy });
			case T.fingerprints: {
				this.#take();
				const path = this.#string("file");
				this.#echo({ kind: "fingerprints", path });
				if (this.#current.name === "" && this.#machine.file(path) === "missing") {
					this.#complain(`pfctl: ${path}: No such file or directory`);
					this.#fail("pf/file", `error loading fingerprints ${path}`);
				}
				return;
			}
			case T["state-policy"]: {
				this.#take();
				if (this.#accept(T["if-bound"])) this.#session.ifBound = true;
				else if (this.#accept(T.floating)) this.#session.ifBound = false;
				else this.#syntaxError();
				return this.#echo({ kind: "state-policy", value: this.#session.ifBound ? "if-bound" : "floating" });
			}
			case T.debug: {
				this.#take();
				const level = this.#accept(T.debug) ? "debug" : this.#string("option-value");
				const known = /^\d/.test(level)
					? /^[0-7]$/.test(level) || /^0+[0-7]$/.test(level)
					: pfWord("debug", level.toLowerCase()) !== undefined || OTHER_DEBUG_LEVELS.has(level.toLowerCase());
				if (!known) {
					this.#complain(`pfctl: unknown debug level "${level}"`);
					return this.#fail("pf/option", `error setting debuglevel ${level}`);
				}
				return this.#echo({ kind: "debug", level });
			}
			case T.skip:
				this.#take();
				return this.#skip(this.#interface(new Set([NEWLINE])));
			case T["state-defaults"]: {
				this.#take();
				const items = this.#stateOptions(new Set([NEWLINE]));
				if (this.#session.stateDefaults !== undefined) return this.#fail("pf/redefined", "cannot redefine state-defaults");
				this.#session.stateDefaults = items;
				return;
			}
			case T.syncookies:
				this.#take();
				return this.#syncookies();
			default:
				return this.#syntaxError();
		}
	}

	#oneOrBraced(item: () => void): void {
		if (this.#accept(LEFT_BRACE)) this.#braced(item);
		else item();
	}

	/** yesno */
	#yesno(): boolean {
		if (this.#accept(T.no)) return false;
		const value = this.#string("option-value");
		if (value !== "yes") this.#fail("pf/option", `invalid value '${value}', expected 'yes' or 'no'`);
		return true;
	}

	/** number */
	#atoul(): bigint | undefined {
		if (this.#is(T.number, "number")) {
			const value = BigInt(this.#lexer.text);
			this.#take();
			return BigInt.asUintN(64, value);
		}
		const word = this.#string("number");
		const value = atoul(word);
		if (value === undefined) this.#fail("pf/range", `${word} is not a number`);
		return value;
	}

	/** timeout_spec */
	#timeout(): void {
		const name = this.#string("timeout");
		const seconds = this.#number();
		if (seconds < 0 || seconds > UINT_MAX) return this.#fail("pf/range", "only positive values permitted");
		if (!TIMEOUTS.some((one) => one === name.toLowerCase())) {
			this.#complain("pfctl: Bad timeout name.");
			return this.#fail("pf/option", `unknown timeout ${name}`);
		}
		this.#echo({ kind: "timeout", name, seconds });
	}

	/** limit_spec */
	#limit(): void {
		const name = this.#string("limit");
		const value = this.#number();
		if (value < 0 || value > UINT_MAX) return this.#fail("pf/range", "only positive values permitted");
		if (pfWord("limit", name.toLowerCase()) === undefined) {
			this.#complain("pfctl: Bad pool name.");
			return this.#fail("pf/option", `unable to set limit ${name} ${this.#digits}`);
		}
		this.#echo({ kind: "limit", name, value });
	}

	/** expand_skip_interface() */
	#skip(items: readonly InterfaceItem[]): void {
		const [first] = items;
		if (first === undefined || (items.length === 1 && !first.negated && first.name === "none")) {
			return this.#echo({ kind: "skip", interfaces: [] });
		}
		let errors = 0;
		for (const item of items) {
			if (item.negated) this.#error("pf/combination", "skip on ! <interface> is not supported");
			else if (item.rdomain >= 0) this.#error("pf/combination", "skip on rdomain <num> is not supported");
			else {
				this.skip.push({ name: item.name, span: item.span });
				continue;
			}
			errors++;
		}
		this.#echo({ kind: "skip", interfaces: items.map((item) => item.name) });
		if (errors > 0) this.#fail("pf/combination", "error setting skip interface(s)");
	}

	#syncookies(): void {
		const word = this.#string("option-value");
		if (word !== "never" && word !== "adaptive" && word !== "always") return this.#fail("pf/option", "illegal value for syncookies");
		let start = 0;
		let end = 0;
		let given = false;
		if (this.#accept(LEFT_PAREN)) {
			do {
				if (given) this.#comma();
				given = true;
				const name = this.#string("option-value");
				const { value, rest } = strtod(this.#string("number"));
				if (rest !== "%") this.#giveUp();
				if (!(value > 0 && value <= 100)) this.#fail("pf/range", "illegal percentage value");
				if (name === "start") start = Math.trunc(value);
				else if (name === "end") end = Math.trunc(value);
				else this.#fail("pf/option", "illegal syncookie option");
			} while (!this.#accept(RIGHT_PAREN));
		} else this.#lookahead(new Set([NEWLINE]));
		const fail = (line: string): void => {
			this.#complain(line);
			this.#fail("pf/option", "error setting syncookies");
		};
		if (word !== "adaptive" && given) return fail("pfctl: syncookies start/end only apply to adaptive");
		if (given) {
			start ||= 25;
			end ||= Math.trunc(start / 2);
			if (end >= start) return fail("pfctl: start must be higher than end");
		}
		this.#echo({ kind: "syncookies", mode: word, marks: given ? { start, end } : undefined });
	}

	// ---- tables -------------------------------------------------------------------------------------------------

	/** tabledef */
	#tabledef(): void {
		this.#take();
		this.#expect(LESS);
		const name = this.#string("table-definition");
		this.#expect(GREATER);
		const table = readTable.start(name);
		while (this.#peek() !== NEWLINE) {
			if (this.#is(T.string, "table-option")) {
				const word = this.#string("table-option");
				if (word === "const") table.constant = true;
				else if (word === "persist") table.persist = true;
				else if (word === "counters") table.counters = true;
				else this.#fail("pf/table", `invalid table option '${word}'`);
			} else if (this.#accept(T.file)) {
				table.sources.push({ kind: "file", path: this.#string("file") });
				table.initialised = true;
			} else if (this.#accept(LEFT_BRACE)) {
				this.#newlines();
				table.initialised = true;
				if (this.#accept(RIGHT_BRACE)) continue;
				const hosts: Host[] = [];
				this.#tableHosts(hosts);
				this.#tableItems(hosts);
				table.sources.push({ kind: "hosts", hosts });
			} else this.#syntaxError();
		}
		if (bytes(name) >= 32) return this.#fail("pf/too-long", "table name too long, max 31 chars");
		const result = readTable.finish(table, this.#machine, {
			anchor: this.#current.path,
			statement: this.#statement,
			complain: (line) => this.#complain(line),
		});
		if ("error" in result) return this.#fail(result.code, result.error);
		this.definitions.push({ kind: "table", table: result });
		if (this.#depth > 0) {
			// A second table of the name in a block ends the statement without a word.
			const key = `${this.#current.path}\n${name}`;
			if (this.#inner.has(key)) return this.#giveUp();
			this.#inner.add(key);
		}
		this.#current.tables.push(result);
	}

	/** table_host_list, behind the opening brace. */
	#tableHosts(hosts: Host[]): void {
		this.#braced(() => {
			if (this.#accept(LEFT_BRACE)) this.#tableHosts(hosts);
			else hosts.push(...this.#weighted(this.#xhost()));
		});
	}

	#tableItems(hosts: readonly Host[]): void {
		for (const { match } of hosts) {
			switch (match.kind) {
				case "range":
					return this.#fail("pf/table", "address ranges are not permitted inside tables");
				case "dynamic":
					return this.#fail("pf/table", "dynamic addresses are not permitted inside tables");
				case "table":
					return this.#fail("pf/table", "tables cannot contain tables");
				case "no-route":
					return this.#fail("pf/table", '"no-route" is not permitted inside tables');
				case "urpf-failed":
					return this.#fail("pf/table", '"urpf-failed" is not permitted inside tables');
				case "route-label":
					return this.#fail("pf/table", "unknown address type 5");
			}
		}
	}

	// ---- queues -------------------------------------------------------------------------------------------------

	/** queuespec */
	#queuespec(): void {
		this.#take();
		const name = this.#string("queue-definition");
		const items = this.#interface(AFTER_CURVES_OR_ON);
		const empty = { absolute: 0, percent: 0 };
		const none: ServiceCurve = { rate: empty, burst: empty, time: 0 };
		let bandwidth: ServiceCurve | undefined;
		let min = none;
		let max = none;
		let parent: string | undefined;
		let isDefault = false;
		let limit: number | undefined;
		let flows: number | undefined;
		let quantum: number | undefined;
		const twice = (given: boolean, what: string): void => {
			if (given) this.#fail("pf/redefined", `${what} cannot be respecified`);
		};
		do {
			switch (this.#startOf([T.bandwidth, T.parent, T.default, T.qlimit, T.flows, T.quantum])) {
				case T.bandwidth: {
					this.#take();
					const curve = this.#curve();
					let [own, upper] = [none, none];
					if (this.#peek() === COMMA || this.#is(T.min) || this.#is(T.max)) {
						this.#comma();
						const first = this.#startOf([T.min, T.max]);
						if (first !== T.min && first !== T.max) this.#syntaxError();
						this.#take();
						const one = this.#curve();
						if (first === T.min) own = one;
						else upper = one;
						const second = first === T.min ? T.max : T.min;
						if (this.#peek() === COMMA || this.#is(second)) {
							this.#comma();
							this.#expect(second);
							const other = this.#curve();
							if (second === T.min) own = other;
							else upper = other;
						} else this.#lookahead(AFTER_CURVES);
					} else this.#lookahead(AFTER_CURVES);
					twice(bandwidth !== undefined, "bandwidth");
					bandwidth = curve;
					min = own;
					max = upper;
					break;
				}
				case T.parent: {
					this.#take();
					const word = this.#string("parent-queue");
					twice(parent !== undefined, "parent");
					parent = word;
					break;
				}
				case T.default:
					this.#take();
					twice(isDefault, "default");
					isDefault = true;
					break;
				case T.qlimit: {
					this.#take();
					const value = this.#number();
					twice(limit !== undefined, "qlimit");
					if (value < 0 || value > 65535) this.#fail("pf/range", "qlimit out of range: max 65535");
					limit = value;
					break;
				}
				case T.flows: {
					this.#take();
					const value = this.#number();
					twice(flows !== undefined, "number of flows");
					if (value < 1 || value > 32767) this.#fail("pf/range", "number of flows out of range: max 32767");
					flows = value;
					break;
				}
				case T.quantum: {
					this.#take();
					const value = this.#number();
					twice(quantum !== undefined, "quantum");
					if (value < 1 || value > 65535) this.#fail("pf/range", "quantum out of range: max 65535");
					quantum = value;
					break;
				}
				default:
					this.#syntaxError();
			}
		} while (this.#peek() !== NEWLINE);
		const [first] = items;
		if (first === undefined && parent === undefined) return this.#fail("pf/queue", "root queue without interface");
		if (first !== undefined && this.#machine.names.isInterface(first.name) === false) return this.#fail("pf/queue", "not an interface");
		for (const item of items.length === 0 ? [undefined] : items) {
			if (bandwidth === undefined && flows === undefined) return this.#error("pf/queue", "no bandwidth or flow specification", true);
			if (bytes(name) >= 64) return this.#error("pf/too-long", "queuename too long", true);
			if (parent !== undefined && bytes(parent) >= 64) return this.#error("pf/too-long", "parent too long", true);
			const refuse = (text: string): void => {
				this.definitions.push({ kind: "note", text });
				this.#error("pf/queue", "cannot add queue", true);
			};
			if (this.#current.name !== "") return refuse("must not have queue definitions in an anchor");
			const root = item?.name ?? "";
			if (parent === undefined) {
				if (this.#session.rootInterfaces.has(root)) return refuse(`A root queue is already defined on ${root}`);
				this.#session.rootInterfaces.add(root);
			} else this.#session.childQueues.add(name);
			this.#session.queues.push({
				statement: this.#statement,
				name,
				parent: parent ?? "",
				interface: root,
				flow:
					flows === undefined && quantum === undefined ? undefined : { flows: flows ?? 0, quantum: quantum ?? 0, interval: 0, target: 0 },
				bandwidth: bandwidth ?? none,
				min,
				max,
				default: isDefault,
				limit: limit ?? 0,
			});
		}
	}

	/** scspec */
	#curve(): ServiceCurve {
		const rate = this.#bandwidth();
		const inPercent = (): void => this.#fail("pf/queue", "no bandwidth in % yet");
		if (!this.#accept(T.burst)) {
			this.#lookahead(AFTER_BANDWIDTH);
			if (rate.percent) inPercent();
			return { rate, burst: { absolute: 0, percent: 0 }, time: 0 };
		}
		const burst = this.#bandwidth();
		this.#expect(T.for);
		const word = this.#string("number");
		const [, digits, unit] = /^[ \t\n\v\f\r]*([+-]?\d+)?(.*)$/s.exec(word) ?? [];
		if ((digits === undefined ? word : unit) !== "ms") this.#fail("pf/queue", "time in scspec must be in ms");
		if (rate.percent || burst.percent) inPercent();
		return { rate, burst, time: Number(BigInt.asUintN(32, BigInt(digits ?? 0))) };
	}

	/** bandwidth */
	#bandwidth(): Bandwidth {
		if (this.#is(T.number, "bandwidth")) {
			const value = this.#number();
			if (value < 0) this.#fail("pf/range", "bandwidth number too big");
			return { absolute: value, percent: 0 };
		}
		const word = this.#string("bandwidth");
		let { value, rest } = strtod(word);
		if (rest.length > 1 && ["Bit", "B", "bit", "b"].includes(rest.slice(1))) rest = rest.slice(0, 1);
		switch (rest) {
			case "b":
				break;
			case "K":
				value *= 1e3;
				break;
			case "M":
				value *= 1e6;
				break;
			case "G":
				value *= 1e9;
				break;
			case "%":
				if (value < 0 || value > 100) this.#fail("pf/range", "bandwidth spec out of range");
				return { absolute: 0, percent: Math.trunc(value) };
			default:
				this.#fail("pf/option", `unknown unit "${rest}"`);
		}
		if (value < 0 || value > 2 ** 63) this.#fail("pf/range", "bandwidth number too big");
		return { absolute: Math.trunc(value), percent: 0 };
	}

	// ---- antispoof, load anchor ---------------------------------------------------------------------------------

	/** antispoof */
	#antispoof(): void {
		this.#take();
		const { log, quick } = this.#logquick();
		this.#expect(T.for);
		const items: InterfaceItem[] = [];
		const item = (): void => {
			const dynamic = this.#accept(LEFT_PAREN);
			items.push({ ...this.#ifItem(false), dynamic });
			if (dynamic) this.#expect(RIGHT_PAREN);
		};
		this.#oneOrBraced(item);
		const family = this.#af();
		let label: string | undefined;
		let rtable = -1;
		while (this.#peek() !== NEWLINE) {
			if (this.#accept(T.label)) {
				const word = this.#string("label");
				if (label !== undefined) this.#fail("pf/redefined", "label cannot be redefined");
				label = word;
			} else if (this.#accept(T.rtable)) rtable = this.#rtable();
			else this.#syntaxError();
		}
		const options = noFilterOptions();
		for (const each of items) {
			if (label !== undefined && bytes(label) >= 64) return this.#fail("pf/too-long", "rule label too long (max 63 chars)");
			expandAntispoof(each, { log, quick, family, label: label ?? "", rtable }, options, this.#expansion);
		}
	}

	#rtable(): number {
		const value = this.#number();
		if (value < 0 || value > 255) this.#fail("pf/range", "invalid rtable id");
		return value;
	}

	/** loadrule */
	#loadrule(): void {
		this.#take();
		this.#expect(T.anchor);
		const named = this.#is(T.string, "anchor-load");
		const nameSpan = span(this.#lexer.start, this.#lexer.end);
		const name = named ? this.#anchorName("anchor-load") : undefined;
		this.#expect(T.from);
		this.#peek();
		const fileSpan = span(this.#lexer.start, this.#lexer.end);
		const file = this.#text("file");
		if (name === undefined) return this.#fail("pf/anchor", "anchor name is missing");
		this.loads.push({
			name: this.#current.name === "" ? name : `${this.#current.path}/${name}`,
			file,
			statement: this.#statement,
			nameSpan,
			fileSpan,
		});
	}

	/** anchorname */
	#anchorName(role: WordRole): string {
		const name = this.#string(role);
		if (name === "") this.#fail("pf/anchor", "anchor name must not be empty");
		if (bytes(this.#current.path) + 1 + bytes(name) >= 1024) this.#fail("pf/too-long", "anchor name is longer than 1023");
		if (name.startsWith("_") || name.includes("/_"))
			this.#fail("pf/anchor", "anchor names beginning with '_' are reserved for internal use");
		return name;
	}

	// ---- rules --------------------------------------------------------------------------------------------------

	/** pfrule */
	#pfrule(): void {
		const { action, blockReturn } = this.#action();
		const direction = this.#dir();
		const { log, quick } = this.#logquick();
		const spec = this.#ruleBody(action, blockReturn, direction, log, quick);
		const token = this.#peek();
		if (token !== NEWLINE && !(token === LEFT_BRACE && this.#hadOptions)) this.#syntaxError();
		const draft = draftOf(spec, undefined, this.#expansion);
		if (draft === undefined || tcpMissing(spec, this.#expansion, "apply")) return this.#giveUp();
		if (!completeRule(draft, spec, this.#expansion)) return this.#giveUp();
		const { options } = spec;
		expandRule(draft, this.#lists(spec), { nat: options.nat, rdr: options.rdr }, this.#expansion);
	}
	#hadOptions = false;

	#lists(spec: RuleSpec) {
		const { options } = spec;
		return {
			interfaces: spec.interfaces,
			protocols: spec.protocols,
			icmp: options.icmp ?? [],
			source: spec.source,
			destination: spec.destination,
			os: spec.os,
			users: options.user,
			groups: options.group,
		};
	}

	/** anchorrule */
	#anchorrule(): void {
		this.#take();
		const name = this.#is(T.string, "anchor") ? this.#anchorName("anchor") : undefined;
		const direction = this.#dir();
		const quick = this.#accept(T.quick);
		const spec = this.#ruleBody("pass", DROP, direction, undefined, quick);
		if (this.#peek() !== NEWLINE && !this.#is(LEFT_BRACE)) this.#syntaxError();
		if (this.#accept(LEFT_BRACE)) this.#block();
		let node: AnchorNode | undefined;
		const inline = this.#stack[this.#depth + 1] !== undefined;
		if (inline) {
			if (name?.includes("/")) return this.#fail("pf/anchor", "anchor paths containing '/' cannot be used for inline anchors.");
			const holder = this.#last;
			if (holder === undefined) return this.#giveUp();
			node = this.#inlineNode(name ?? holder.name);
			if (node !== holder) {
				if (node.match > 0) return this.#fail("pf/anchor", `inline anchor '${node.name}' already exists`);
				node.match += holder.rules.length;
				for (const rule of holder.rules.splice(0)) node.rules.push(rule);
				node.tables.push(...holder.tables.splice(0));
				holder.match = 0;
				this.#last = node;
			}
		} else if (name === undefined) return this.#fail("pf/anchor", "anchors without explicit rules must specify a name");
		else if (name.endsWith("/")) return this.#fail("pf/anchor", `anchorrule: bad anchor name ${name}`);
		const call = {
			name: node === undefined ? (name ?? "") : node.match > 0 ? node.name : node.path,
			path: "",
			wildcard: false,
			block: node,
			relative: name ?? "",
		};
		const draft = draftOf(spec, call, this.#expansion);
		if (draft === undefined || tcpMissing(spec, this.#expansion, "applies")) return this.#giveUp();
		if (spec.options.keep !== undefined && spec.options.keep.kind !== "none")
			return this.#fail("pf/combination", "cannot specify state handling on anchors");
		if (spec.options.route !== undefined) return this.#fail("pf/combination", "cannot specify route handling on anchors");
		draft.family = commonFamily(spec.source.hosts, draft.family);
		draft.family = commonFamily(spec.destination.hosts, draft.family);
		expandRule(draft, this.#lists(spec), { nat: undefined, rdr: undefined }, this.#expansion);
		this.#stack[this.#depth + 1] = undefined;
	}

	/** pf_anchor_setup(): the anchor of a block by its name, below the anchor that it stands in. */
	#inlineNode(name: string): AnchorNode {
		const parent = this.#stack[this.#depth];
		const path = parent !== undefined && parent.path !== "" ? `${parent.path}/${name}` : name;
		const known = this.#roots.get(path);
		if (known !== undefined) return known;
		const node = anchorNode(name, path);
		this.#roots.set(path, node);
		return node;
	}

	/** pfa_anchor, behind its opening brace. */
	#block(): void {
		this.#depth++;
		if (this.#depth >= 64) this.#fatal("pfctl: pfa_anchor: anchors too deep");
		this.#blocks++;
		const holder = this.#holder(`_${this.#blocks}`);
		this.#stack[this.#depth] = holder;
		this.#current = holder;
		this.#expect(NEWLINE);
		while (!this.#accept(RIGHT_BRACE)) {
			if (this.#peek() === NEWLINE) {
				this.#take();
				continue;
			}
			switch (this.#startOf([T.table, T.pass, T.block, T.match, T.anchor, T.include])) {
				case T.table:
					this.#tabledef();
					break;
				case T.pass:
				case T.block:
				case T.match:
					this.#pfrule();
					break;
				case T.anchor:
					this.#anchorrule();
					break;
				case T.include:
					this.#include();
					break;
				default:
					this.#syntaxError();
			}
			this.#expect(NEWLINE);
		}
		this.#last = this.#current;
		this.#depth--;
		this.#current = this.#stack[this.#depth] ?? this.main;
	}

	#holder(name: string): AnchorNode {
		const node = anchorNode(name, name);
		this.#roots.set(name, node);
		return node;
	}

	/** interface af proto fromto filter_opts */
	#ruleBody(
		action: RuleSpec["action"],
		blockReturn: BlockReturn,
		direction: RuleSpec["direction"],
		log: Log | undefined,
		quick: boolean,
	): RuleSpec {
		const interfaces = this.#interface();
		const family = this.#af();
		const protocols = this.#proto();
		let source: EndSpec = { hosts: [], ports: [] };
		let destination = source;
		let os: readonly string[] = [];
		if (!this.#accept(T.all)) {
			if (this.#accept(T.from)) source = this.#ipportspec();
			if (this.#accept(T.os)) os = this.#os();
			if (this.#accept(T.to)) {
				destination = this.#ipportspec();
				if (destination.hosts.some(({ match }) => match.kind === "urpf-failed"))
					this.#fail("pf/combination", '"urpf-failed" is not permitted in a destination address');
			}
		}
		const options = this.#filterOptions();
		return { action, blockReturn, direction, log, quick, interfaces, family, protocols, source, os, destination, options };
	}

	/** action */
	#action(): { readonly action: RuleSpec["action"]; readonly blockReturn: BlockReturn } {
		if (this.#accept(T.pass)) return { action: "pass", blockReturn: DROP };
		if (this.#accept(T.match)) return { action: "match", blockReturn: DROP };
		this.#expect(T.block);
		return { action: "block", blockReturn: this.#blockspec() };
	}

	/** blockspec */
	#blockspec(): BlockReturn {
		const unreachable = { kind: "icmp" as const, icmp: UNREACHABLE_PORT, icmp6: UNREACHABLE_PORT6 };
		switch (this.#startOf([T.drop, T.return, T["return-rst"], T["return-icmp"], T["return-icmp6"]])) {
			case T.drop:
				this.#take();
				return DROP;
			case T.return:
				this.#take();
				return { kind: "return" };
			case T["return-rst"]: {
				this.#take();
				if (!this.#accept(LEFT_PAREN)) return { kind: "rst", ttl: 0 };
				this.#expect(T.ttl);
				const ttl = this.#number();
				this.#expect(RIGHT_PAREN);
				if (ttl < 0 || ttl > 255) this.#fail("pf/range", `illegal ttl value ${this.#digits}`);
				return { kind: "rst", ttl };
			}
			case T["return-icmp"]: {
				this.#take();
				if (!this.#accept(LEFT_PAREN)) return unreachable;
				const icmp = this.#returnCode("inet");
				if (this.#accept(RIGHT_PAREN)) return { kind: "icmp", icmp, icmp6: UNREACHABLE_PORT };
				this.#comma();
				const icmp6 = this.#returnCode("inet6");
				this.#expect(RIGHT_PAREN);
				return { kind: "icmp", icmp, icmp6 };
			}
			case T["return-icmp6"]: {
				this.#take();
				if (!this.#accept(LEFT_PAREN)) return unreachable;
				const icmp6 = this.#returnCode("inet6");
				this.#expect(RIGHT_PAREN);
				return { kind: "icmp", icmp: UNREACHABLE_PORT, icmp6 };
			}
			default:
				return this.blockPolicy === "drop" ? DROP : { kind: "return" };
		}
	}

	/** reticmpspec, reticmp6spec */
	#returnCode(family: Family): number {
		const type = family === "inet" ? 3 : 1;
		if (this.#is(T.number, "icmp-code")) {
			const code = this.#number();
			if (code < 0 || code > 255) this.#fail("pf/range", `invalid icmp code ${this.#digits}`);
			return (type << 8) | code;
		}
		const word = this.#string("icmp-code");
		const value = atoul(word);
		if (value !== undefined) {
			if (value > 255n) this.#fail("pf/range", `invalid icmp code ${value}`);
			return (type << 8) | Number(BigInt.asUintN(8, value));
		}
		const code = icmpCode(type, word, family);
		if (code === undefined) this.#fail("pf/unknown-name", `unknown icmp code ${word}`);
		return (type << 8) | (code ?? 0);
	}

	/** dir */
	#dir(): "in" | "out" | undefined {
		if (this.#accept(T.in)) return "in";
		return this.#accept(T.out) ? "out" : undefined;
	}

	/** logquick */
	#logquick(): { readonly log: Log | undefined; readonly quick: boolean } {
		if (this.#accept(T.quick)) return { quick: true, log: this.#accept(T.log) ? this.#log() : undefined };
		const log = this.#accept(T.log) ? this.#log() : undefined;
		return { log, quick: this.#accept(T.quick) };
	}

	/** log, behind its word. */
	#log(): Log {
		let all = false;
		let matches = false;
		let user = false;
		let pflog = 0;
		if (this.#accept(LEFT_PAREN)) {
			const option = (): void => {
				if (this.#accept(T.all)) all = true;
				else if (this.#accept(T.matches)) matches = true;
				else if (this.#accept(T.user)) user = true;
				else {
					this.#expect(T.to);
					pflog = this.#pflog() || pflog;
				}
			};
			option();
			while (!this.#accept(RIGHT_PAREN)) {
				this.#comma();
				option();
			}
		}
		return { all, matches, user, interface: pflog };
	}

	/** The number of the pflog interface behind `to`. */
	#pflog(): number {
		const name = this.#text("log-interface");
		if (!name.startsWith("pflog")) this.#fail("pf/unknown-name", `${name}: should be a pflog interface`);
		const digits = name.slice(5);
		const value = /^\s*[+-]?\d+$/.test(digits) ? Number(digits) : Number.NaN;
		const trouble = Number.isNaN(value) ? "invalid" : value < 0 ? "too small" : value > 255 ? "too large" : undefined;
		if (trouble !== undefined) this.#fail("pf/range", `${name}: ${trouble}`);
		return value;
	}

	/** interface; `after` is what may follow where there is none. */
	#interface(after?: ReadonlySet<Token>): readonly InterfaceItem[] {
		if (!this.#accept(T.on)) {
			if (after !== undefined) this.#lookahead(after);
			return [];
		}
		const items: InterfaceItem[] = [];
		const item = (): void => {
			const negated = this.#accept(BANG);
			items.push(this.#ifItem(negated));
		};
		this.#oneOrBraced(item);
		return items;
	}

	/** if_item */
	#ifItem(negated: boolean): InterfaceItem {
		this.#peek();
		const at = span(this.#lexer.start, this.#lexer.end);
		if (this.#accept(T.any)) return { name: "any", negated, rdomain: -1, flags: 0, dynamic: false, span: at };
		if (this.#accept(T.rdomain)) {
			const rdomain = this.#number();
			if (rdomain < 0 || rdomain > 255) this.#error("pf/range", `rdomain ${this.#digits} outside range`);
			return { name: "", negated, rdomain: rdomain | 0, flags: 0, dynamic: false, span: at };
		}
		const name = this.#string("interface");
		if (bytes(name) >= 16) this.#fail("pf/too-long", "interface name too long");
		return { name, negated, rdomain: -1, flags: this.#machine.names.flags(name), dynamic: false, span: at };
	}

	/** af */
	#af(): Family | undefined {
		if (this.#accept(T.inet)) return "inet";
		return this.#accept(T.inet6) ? "inet6" : undefined;
	}

	/** proto */
	#proto(): readonly number[] {
		if (!this.#accept(T.proto)) return [];
		const list: number[] = [];
		this.#oneOrBraced(() => {
			list.push(this.#protoItem());
		});
		return list;
	}

	/** proto_item */
	#protoItem(): number {
		let value: number;
		if (this.#is(T.number, "protocol")) {
			value = this.#number();
			this.#role("protocol");
			if (value < 0 || value > 255) this.#fail("pf/range", "protocol outside range");
		} else {
			const word = this.#string("protocol");
			const known = this.#machine.protocols.number(word);
			if (known === undefined) this.#fail("pf/unknown-name", `unknown protocol ${word}`);
			value = known ?? 0;
		}
		value &= 255;
		if (value === 0) this.#fail("pf/range", "proto 0 cannot be used");
		return value;
	}

	/** os, behind its word. */
	#os(): readonly string[] {
		const list: string[] = [];
		this.#oneOrBraced(() => {
			list.push(this.#string("os"));
		});
		return list;
	}

	/** ipportspec */
	#ipportspec(): EndSpec {
		if (this.#accept(T.port)) return { hosts: [], ports: this.#portspec() };
		const hosts = this.#ipspec() ?? [];
		if (this.#accept(T.port)) return { hosts, ports: this.#portspec() };
		this.#lookahead(AFTER_ENDS);
		return { hosts, ports: [] };
	}

	/** ipspec; undefined is `any`, which swallows a list. */
	#ipspec(): readonly Host[] | undefined {
		if (this.#accept(T.any)) return undefined;
		if (!this.#accept(LEFT_BRACE)) return this.#xhost();
		this.#nesting++;
		if (this.#nesting > 1000) this.#syntaxError();
		let list: readonly Host[] | undefined = [];
		this.#newlines();
		let first = true;
		do {
			if (!first) this.#comma();
			const more = this.#ipspec();
			list = list === undefined || more === undefined ? undefined : first ? more : [...list, ...more];
			first = false;
			this.#newlines();
		} while (!this.#accept(RIGHT_BRACE));
		this.#nesting--;
		return list;
	}
	#nesting = 0;

	/** xhost */
	#xhost(): readonly Host[] {
		const negated = this.#accept(BANG);
		const special = (kind: "no-route" | "urpf-failed"): readonly Host[] => [
			{ family: undefined, match: { kind }, negated, index: 0, weight: 0 },
		];
		if (this.#accept(T["no-route"])) return special("no-route");
		if (this.#accept(T["urpf-failed"])) return special("urpf-failed");
		const hosts = this.#host();
		return negated ? hosts.map((host) => ({ ...host, negated })) : hosts;
	}

	/** optweight */
	#weighted(hosts: readonly Host[]): readonly Host[] {
		if (!this.#accept(T.weight)) {
			this.#lookahead(AFTER_WEIGHT);
			return hosts;
		}
		const weight = this.#number();
		if (weight < 1 || weight > 65535) this.#fail("pf/range", "weight out of range");
		return hosts.map((host) => ({ ...host, weight }));
	}

	/** host */
	#host(): readonly Host[] {
		switch (this.#startOf([LEFT_PAREN, LESS, T.route])) {
			case LEFT_PAREN: {
				const hosts = this.#dynaddr();
				if (!this.#accept(SLASH)) {
					this.#lookahead(AFTER_HOST);
					return hosts;
				}
				const bits = this.#number();
				if (bits < 0 || bits > 128) this.#fail("pf/range", "bit number too big");
				return hosts.map((host) => withBits(host, bits));
			}
			case LESS: {
				this.#take();
				const name = this.#string("table");
				this.#expect(GREATER);
				if (bytes(name) >= 32) this.#fail("pf/too-long", `table name '${name}' too long`);
				return [{ family: undefined, match: { kind: "table", name }, negated: false, index: 0, weight: 0 }];
			}
			case T.route: {
				this.#take();
				const label = this.#string("label");
				if (bytes(label) >= 32) this.#fail("pf/too-long", "route label too long, max 31 chars");
				return [{ family: undefined, match: { kind: "route-label", label }, negated: false, index: 0, weight: 0 }];
			}
		}
		if (this.#is(T.number, "address")) {
			this.#number();
			this.#role("address");
			const first = this.#digits;
			this.#expect(SLASH);
			this.#number();
			this.#role("address");
			return this.#resolve(`${first}/${this.#digits}`);
		}
		const word = this.#string("address");
		if (this.#accept(SLASH)) {
			this.#number();
			this.#role("address");
			return this.#resolve(`${word}/${this.#digits}`);
		}
		if (this.#accept(MINUS)) return this.#range(word, this.#string("address"));
		this.#lookahead(AFTER_HOST);
		return this.#resolve(word);
	}

	#resolve(word: string): readonly Host[] {
		const result = this.#machine.names.host(word);
		if ("hosts" in result) return result.hosts;
		for (const line of result.complaints) this.#complain(line);
		this.#fail("pf/host", "could not parse host specification");
		return [];
	}

	#range(from: string, to: string): readonly Host[] {
		const [first, ...more] = this.#resolve(from);
		const [last, ...others] = this.#resolve(to);
		const whole = (host: Host | undefined): boolean =>
			host?.match.kind === "network" && host.match.bits === (host.family === "inet" ? 32 : 128);
		if (
			first === undefined ||
			last === undefined ||
			first.family !== last.family ||
			more.length > 0 ||
			others.length > 0 ||
			!whole(first) ||
			!whole(last) ||
			first.match.kind !== "network" ||
			last.match.kind !== "network"
		) {
			if (first?.match.kind === "unresolved" || last?.match.kind === "unresolved") return first === undefined ? [] : [first];
			this.#fail("pf/host", "invalid address range");
			return [];
		}
		return [{ ...first, match: { kind: "range", first: first.match.address, last: last.match.address } }];
	}

	/** dynaddr */
	#dynaddr(): readonly Host[] {
		this.#take();
		const word = this.#string("interface");
		this.#expect(RIGHT_PAREN);
		if (!/^[A-Za-z]/.test(word)) {
			this.#fail("pf/host", `invalid interface name '${word}'`);
			return [];
		}
		let name = word;
		let noAlias = false;
		const parts = new Set<"network" | "broadcast" | "peer">();
		for (let colon = name.lastIndexOf(":"); colon >= 0; colon = name.lastIndexOf(":")) {
			const modifier = name.slice(colon + 1);
			if (modifier === "network" || modifier === "broadcast" || modifier === "peer") parts.add(modifier);
			else if (modifier === "0") noAlias = true;
			else this.#fail("pf/host", `interface ${name} has bad modifier`);
			name = name.slice(0, colon);
		}
		if (parts.size > 1) this.#fail("pf/host", "illegal combination of interface modifiers");
		if (bytes(name) >= 16) this.#fail("pf/too-long", "interface name too long");
		const [part] = parts;
		return [
			{
				family: undefined,
				match: { kind: "dynamic", interface: name, part: part ?? "address", noAlias, bits: 128 },
				negated: false,
				index: 0,
				weight: 0,
			},
		];
	}

	// ---- ports, users -------------------------------------------------------------------------------------------

	/** portspec */
	#portspec(): readonly NumberMatch[] {
		const list: NumberMatch[] = [];
		this.#oneOrBraced(() => {
			list.push(this.#portItem());
		});
		return list;
	}

	/** port_item */
	#portItem(): NumberMatch {
		const mixed = (): void => this.#fail("pf/combination", "':' cannot be used with an other port operator");
		const invalid = (op: NumberOperator, low: number, high: number): boolean => (op === "><" ? low >= high : low > high);
		const op = this.#unaryop();
		if (op !== undefined) {
			const range = this.#portrange(false);
			if (range.kind !== "single") mixed();
			return { op, low: range.low, high: range.high };
		}
		const range = this.#portrange(false);
		if (this.#is(T.binaryOperator)) {
			const binary = this.#lexer.text === "<>" ? "<>" : "><";
			this.#take();
			const other = this.#portrange(false);
			if (range.kind !== "single" || other.kind !== "single") mixed();
			if (invalid(binary, range.low, other.low)) this.#fail("pf/range", "invalid port range");
			return { op: binary, low: range.low, high: other.low };
		}
		this.#lookahead(AFTER_PORT);
		if (range.kind === "range") {
			if (range.low > range.high) this.#fail("pf/range", "invalid port range");
			return { op: ":", low: range.low, high: range.high };
		}
		return { op: "=", low: range.low, high: 0 };
	}

	/** unaryop */
	#unaryop(): NumberOperator | undefined {
		if (this.#accept(EQUALS)) return "=";
		if (this.#accept(T.notEqual)) return "!=";
		if (this.#accept(T.lessOrEqual)) return "<=";
		if (this.#accept(LESS)) return "<";
		if (this.#accept(T.greaterOrEqual)) return ">=";
		return this.#accept(GREATER) ? ">" : undefined;
	}

	/** portrange, and portstar with `star` */
	#portrange(star: boolean): PortRange {
		const word = this.#numberstring("port");
		return this.#parsePort(word, star ? "star" : "range");
	}

	/** parseport() */
	#parsePort(word: string, allowed: "plain" | "range" | "star"): PortRange {
		const colon = word.indexOf(":");
		if (colon < 0) return { low: this.#service(word), high: 0, kind: "single" };
		if (allowed === "star" && word.slice(colon + 1) === "*") return { low: this.#service(word.slice(0, colon)), high: 0, kind: "star" };
		if (allowed !== "plain") {
			const low = this.#service(word.slice(0, colon));
			const high = this.#service(word.slice(colon + 1));
			return low === high ? { low, high: 0, kind: "single" } : { low, high, kind: "range" };
		}
		this.#fail("pf/range", `port is invalid: ${word}`);
		return { low: 0, high: 0, kind: "single" };
	}

	/** getservice() */
	#service(word: string): number {
		const value = atoul(word);
		if (value !== undefined) {
			if (value > 65535n) this.#fail("pf/range", `illegal port value ${value}`);
			return Number(BigInt.asUintN(16, value));
		}
		const port = this.#machine.services.port(word);
		if (port === undefined && (this.#machine.strictServices || !/^[A-Za-z]/.test(word)))
			this.#fail("pf/unknown-name", `unknown port ${word}`);
		return port ?? 0;
	}

	/** uids, gids */
	#owners(what: "user" | "group"): NumberMatch[] {
		const list: NumberMatch[] = [];
		this.#oneOrBraced(() => {
			list.push(this.#owner(what));
		});
		return list;
	}

	/** uid_item, gid_item */
	#owner(what: "user" | "group"): NumberMatch {
		const op = this.#unaryop();
		const low = this.#ownerId(what);
		const unknown = (): void => this.#fail("pf/combination", `${what} unknown requires operator = or !=`);
		if (op !== undefined) {
			if (low === UNKNOWN_ID && op !== "=" && op !== "!=") unknown();
			return { op, low, high: low };
		}
		if (!this.#is(T.binaryOperator)) return { op: "=", low, high: low };
		const binary = this.#lexer.text === "<>" ? "<>" : "><";
		this.#take();
		const high = this.#ownerId(what);
		if (low === UNKNOWN_ID || high === UNKNOWN_ID) unknown();
		return { op: binary, low, high };
	}

	/** uid, gid */
	#ownerId(what: "user" | "group"): number {
		if (this.#is(T.number, what)) {
			const value = this.#number();
			if (value < 0 || value >= UNKNOWN_ID) this.#fail("pf/range", `illegal ${what === "user" ? "uid" : "gid"} value ${this.#digits}`);
			return value;
		}
		const word = this.#string(what);
		if (word === "unknown") return UNKNOWN_ID;
		const known = what === "user" ? this.#machine.users : this.#machine.groups;
		if (known === undefined) return 0;
		const id = Object.hasOwn(known, word) ? known[word] : undefined;
		if (id === undefined) this.#fail("pf/unknown-name", `unknown ${what} ${word}`);
		return id ?? 0;
	}

	// ---- filter options -----------------------------------------------------------------------------------------

	/** filter_opts */
	#filterOptions(): FilterOptions {
		const options = noFilterOptions();
		this.#hadOptions = false;
		for (;;) {
			const token = this.#startOf(OPTION_STARTS);
			if (token === NEWLINE || token === LEFT_BRACE) return options;
			this.#filterOption(options, token);
			this.#hadOptions = true;
		}
	}

	/** filter_opt */
	#filterOption(options: FilterOptions, token: Token): void {
		const twice = (given: boolean, message: string): void => {
			if (given) this.#fail("pf/redefined", message);
		};
		switch (token) {
			case T.user:
				this.#take();
				options.user = [...this.#owners("user"), ...options.user];
				return;
			case T.group:
				this.#take();
				options.group = [...this.#owners("group"), ...options.group];
				return;
			case T.flags: {
				this.#take();
				const flags = this.#flags();
				twice(options.flags !== undefined, "flags cannot be redefined");
				options.flags = flags;
				return;
			}
			case T["icmp-type"]:
			case T["icmp6-type"]: {
				this.#take();
				const list: IcmpItem[] = [];
				this.#oneOrBraced(() => {
					list.push(this.#icmpItem(token === T["icmp-type"] ? "inet" : "inet6"));
				});
				twice(options.icmp !== undefined, "icmp-type cannot be redefined");
				options.icmp = list;
				return;
			}
			case T.prio: {
				this.#take();
				const value = this.#number();
				twice(options.prio >= 0, "prio cannot be redefined");
				this.#prioRange(value);
				options.prio = value;
				return;
			}
			case T.tos: {
				this.#take();
				const value = this.#tos();
				twice(options.tos !== undefined, "tos cannot be redefined");
				options.tos = value;
				return;
			}
			case T.no:
			case T.keep:
			case T.modulate:
			case T.synproxy: {
				this.#take();
				this.#expect(T.state);
				let items: readonly StateItem[] = [];
				if (token !== T.no) {
					if (this.#accept(LEFT_PAREN)) {
						items = this.#stateOptions();
						this.#expect(RIGHT_PAREN);
					} else this.#lookahead(AFTER_OPTION);
				}
				twice(options.keep !== undefined, "modulate or keep cannot be redefined");
				options.keep = {
					kind: token === T.no ? "none" : token === T.keep ? "keep" : token === T.modulate ? "modulate" : "synproxy",
					options: items,
				};
				return;
			}
			case T.fragment:
				this.#take();
				options.fragment = true;
				return;
			case T["allow-opts"]:
				this.#take();
				options.allowOptions = true;
				return;
			case T.once:
				this.#take();
				options.once = true;
				return;
			case T.label: {
				this.#take();
				const label = this.#string("label");
				twice(options.label !== undefined, "label cannot be redefined");
				options.label = label;
				return;
			}
			case T.queue:
				this.#take();
				return this.#assignQueue(options);
			case T.tag:
				this.#take();
				options.tag = this.#text("tag-set");
				return;
			case BANG:
			case T.tagged:
			case T["received-on"]: {
				const negated = this.#accept(BANG);
				if (this.#accept(T.tagged)) {
					options.tagged = { name: this.#text("tag"), negated };
					return;
				}
				this.#expect(T["received-on"]);
				const item = this.#ifItem(negated);
				twice(options.receivedOn !== undefined, "cannot respecify received-on");
				options.receivedOn = item;
				return;
			}
			case T.probability:
				this.#take();
				options.probability = this.#probability();
				return;
			case T.rtable:
				this.#take();
				options.rtable = this.#rtable();
				return;
			case T["divert-to"]:
			case T["divert-reply"]:
			case T["divert-packet"]:
				this.#take();
				options.divert = this.#divert(token, options);
				return;
			case T.scrub:
				this.#take();
				return this.#scrub(options);
			case T["nat-to"]:
			case T["binat-to"]: {
				this.#take();
				const pool = this.#pool(token === T["binat-to"]);
				twice(options.nat !== undefined, "cannot respecify nat-to/binat-to");
				options.nat = pool;
				return;
			}
			case T["rdr-to"]: {
				this.#take();
				const pool = this.#pool(false);
				twice(options.rdr !== undefined, "cannot respecify rdr-to");
				options.rdr = pool;
				return;
			}
			case T["af-to"]:
				this.#take();
				return this.#afTo(options);
			case T["route-to"]:
			case T["reply-to"]:
			case T["dup-to"]: {
				this.#take();
				const hosts = this.#redirspec();
				const pool = this.#poolOptions(hosts, { low: 0, high: 0, kind: "single" }, false);
				twice(options.route !== undefined, "cannot respecify route-to/reply-to/dup-to");
				options.route = { kind: token === T["route-to"] ? "route-to" : token === T["reply-to"] ? "reply-to" : "dup-to", pool };
				return;
			}
			case T["max-pkt-rate"]: {
				this.#take();
				const limit = this.#number();
				this.#expect(SLASH);
				const seconds = this.#number();
				if (limit < 0 || limit > UINT_MAX || seconds < 0 || seconds > UINT_MAX) this.#fail("pf/range", "only positive values permitted");
				twice((options.rate?.limit ?? 0) !== 0, "cannot respecify max-pkt-rate");
				options.rate = limit === 0 ? undefined : { limit, seconds };
				return;
			}
			case T.set:
				this.#take();
				if (!this.#accept(LEFT_PAREN)) return this.#filterSet(options);
				this.#filterSet(options);
				while (!this.#accept(RIGHT_PAREN)) {
					this.#comma();
					this.#filterSet(options);
				}
				return;
			default:
				return this.#syntaxError();
		}
	}

	#prioRange(...values: readonly number[]): void {
		if (values.some((value) => value < 0 || value > 7)) this.#fail("pf/range", "prio must be 0 - 7");
	}

	/** filter_set */
	#filterSet(options: FilterOptions): void {
		switch (this.#startOf([T.prio, T.queue, T.tos, T.delay])) {
			case T.prio: {
				this.#take();
				let low: number;
				let high: number;
				if (this.#accept(LEFT_PAREN)) {
					low = this.#number();
					this.#comma();
					high = this.#number();
					this.#expect(RIGHT_PAREN);
				} else low = high = this.#number();
				this.#prioRange(low, high);
				if (options.setPrio !== undefined) this.#fail("pf/redefined", "prio cannot be redefined");
				options.setPrio = [low, high];
				return;
			}
			case T.queue:
				this.#take();
				return this.#assignQueue(options);
			case T.tos: {
				this.#take();
				const value = this.#tos();
				if (options.setTos !== undefined) this.#fail("pf/redefined", "tos cannot be respecified");
				options.setTos = value;
				return;
			}
			case T.delay: {
				this.#take();
				const value = this.#number();
				if (options.setDelay) this.#fail("pf/redefined", "delay cannot be respecified");
				if (value < 0 || value > 0xffff) this.#fail("pf/range", `illegal delay value ${this.#digits} (0-65535)`);
				options.setDelay = value;
				return;
			}
			default:
				return this.#syntaxError();
		}
	}

	/** qname */
	#assignQueue(options: FilterOptions): void {
		let first: string;
		let second: string | undefined;
		if (this.#accept(LEFT_PAREN)) {
			first = this.#string("queue");
			if (!this.#accept(RIGHT_PAREN)) {
				this.#comma();
				second = this.#string("queue");
				this.#expect(RIGHT_PAREN);
			}
		} else first = this.#string("queue");
		for (const name of [first, second]) {
			if (name !== undefined && !this.#session.childQueues.has(name)) this.#fail("pf/queue", `queue ${name} is not defined`);
		}
		if (options.queue !== undefined) this.#fail("pf/redefined", "queue cannot be redefined");
		options.queue = [first, second];
	}

	/** flags, behind its word. */
	#flags(): { readonly flags: number; readonly set: number } {
		if (this.#accept(T.any)) return { flags: 0, set: 0 };
		if (this.#accept(SLASH)) return { flags: 0, set: this.#flag() };
		const flags = this.#flag();
		this.#expect(SLASH);
		return { flags, set: this.#flag() };
	}

	/** flag */
	#flag(): number {
		const word = this.#string("flags");
		let bits = 0;
		for (const letter of word) {
			const bit = TCP_FLAGS.indexOf(letter);
			if (bit < 0) this.#fail("pf/unknown-name", `bad flags ${word}`);
			else bits |= 1 << bit;
		}
		return bits === 0 ? 255 : bits;
	}

	/** icmp_item, icmp6_item */
	#icmpItem(family: Family): IcmpItem {
		const name = family === "inet" ? "icmp" : "icmp6";
		const protocol = family === "inet" ? IPPROTO.icmp : IPPROTO.icmp6;
		let type: number;
		if (this.#is(T.number, family === "inet" ? "icmp-type" : "icmp6-type")) {
			type = this.#number();
			if (type < 0 || type > 255) this.#fail("pf/range", `illegal ${name}-type ${this.#digits}`);
		} else {
			const word = this.#string(family === "inet" ? "icmp-type" : "icmp6-type");
			const known = icmpType(word, family);
			if (known === undefined) this.#fail("pf/unknown-name", `unknown ${name}-type ${word}`);
			type = known ?? 0;
		}
		if (!this.#accept(T.code)) {
			this.#lookahead(AFTER_ICMP);
			return { protocol, type, code: -1 };
		}
		if (this.#is(T.number, "icmp-code")) {
			const code = this.#number();
			if (code < 0 || code > 255) this.#fail("pf/range", `illegal ${name}-code ${this.#digits}`);
			return { protocol, type, code };
		}
		const word = this.#string("icmp-code");
		const code = icmpCode(type, word, family);
		if (code === undefined) this.#fail("pf/unknown-name", `unknown ${name}-code ${word}`);
		return { protocol, type, code: code ?? 0 };
	}

	/** tos */
	#tos(): number {
		if (this.#is(T.number, "tos")) {
			const value = this.#number();
			if (value < 0 || value > 255) this.#fail("pf/range", `illegal tos value ${this.#digits}`);
			return value;
		}
		const word = this.#string("tos");
		const named = TOS[word.toLowerCase()];
		const value = named ?? (/^0x[0-9a-fA-F]+$/.test(word) ? Number(word) : 256);
		if (value > 255) this.#fail("pf/unknown-name", `illegal tos value ${word}`);
		return value;
	}

	#probability(): number {
		let value: number;
		if (this.#is(T.number, "number")) value = this.#number();
		else {
			const word = this.#string("number");
			const parsed = strtod(word);
			value = parsed.value;
			let { rest } = parsed;
			if (rest.startsWith("%")) {
				value *= 0.01;
				rest = rest.slice(1);
			}
			if (rest !== "") this.#fail("pf/range", `invalid probability: ${word}`);
		}
		const units = Math.floor(value * UINT_MAX + 0.5);
		if (!(units >= 0 && units <= UINT_MAX)) this.#fail("pf/range", `invalid probability: ${general(value * 100)}%`);
		return units === 0 ? 1 : units;
	}

	#divert(token: Token, options: FilterOptions): DivertSpec | undefined {
		const more = (): void => {
			if (options.divert !== undefined) this.#fail("pf/redefined", "more than one divert option");
		};
		const port = (): number => {
			this.#expect(T.port);
			return this.#parsePort(this.#numberstring("port"), "plain").low;
		};
		if (token === T["divert-reply"]) {
			more();
			return { kind: "reply", hosts: [], port: 0 };
		}
		if (token === T["divert-packet"]) {
			const value = port();
			more();
			if (this.reassemble) options.reassembleTcp = true;
			if (value === 0) this.#fail("pf/range", "invalid divert port: 0");
			return { kind: "packet", hosts: [], port: value };
		}
		const word = this.#string("address");
		const value = port();
		more();
		const result = this.#machine.names.host(word);
		if (!("hosts" in result)) {
			for (const line of result.complaints) this.#complain(line);
			this.#fail("pf/host", `could not parse divert address: ${word}`);
			return undefined;
		}
		if (value === 0) this.#fail("pf/range", "invalid divert port: 0");
		return { kind: "to", hosts: result.hosts, port: value };
	}

	/** scrub_opts */
	#scrub(options: FilterOptions): void {
		this.#expect(LEFT_PAREN);
		const seen: { noDf?: boolean; minTtl?: number; maxMss?: number; tcp?: boolean; randomId?: boolean } = {};
		const twice = (given: boolean, what: string): void => {
			if (given) this.#fail("pf/redefined", `${what} cannot be respecified`);
		};
		const item = (): void => {
			switch (this.#startOf([T["no-df"], T["min-ttl"], T["max-mss"], T.reassemble, T["random-id"]])) {
				case T["no-df"]:
					this.#take();
					twice(seen.noDf === true, "no-df");
					seen.noDf = true;
					return;
				case T["min-ttl"]: {
					this.#take();
					const value = this.#number();
					twice(seen.minTtl !== undefined, "min-ttl");
					if (value < 0 || value > 255) this.#fail("pf/range", `illegal min-ttl value ${this.#digits}`);
					seen.minTtl = value;
					return;
				}
				case T["max-mss"]: {
					this.#take();
					const value = this.#number();
					twice(seen.maxMss !== undefined, "max-mss");
					if (value < 0 || value > 65535) this.#fail("pf/range", `illegal max-mss value ${this.#digits}`);
					seen.maxMss = value;
					return;
				}
				case T.reassemble: {
					this.#take();
					const word = this.#string("option-value");
					if (word.toLowerCase() !== "tcp") this.#fail("pf/option", `scrub reassemble supports only tcp, not '${word}'`);
					twice(seen.tcp === true, "reassemble tcp");
					seen.tcp = true;
					return;
				}
				case T["random-id"]:
					this.#take();
					twice(seen.randomId === true, "random-id");
					seen.randomId = true;
					return;
				default:
					this.#syntaxError();
			}
		};
		item();
		while (!this.#accept(RIGHT_PAREN)) {
			this.#comma();
			item();
		}
		options.noDf = seen.noDf ?? false;
		options.minTtl = seen.minTtl;
		options.randomId = seen.randomId ?? false;
		options.maxMss = seen.maxMss;
		if (seen.tcp) options.reassembleTcp = true;
	}

	/** `af-to` */
	#afTo(options: FilterOptions): void {
		const family = this.#af();
		this.#expect(T.from);
		const pool = this.#pool(false);
		if (!this.#accept(T.to)) {
			this.#lookahead(AFTER_OPTION);
			if (options.nat !== undefined) this.#fail("pf/redefined", "cannot respecify af-to");
			if (family === undefined) this.#fail("pf/combination", "no target address family specified");
			options.nat = { ...pool, family };
			options.rdr = {
				...pool,
				hosts: [],
				ports: { low: 0, high: 0, kind: "single" },
				kind: "none",
				sticky: false,
				staticPort: false,
				key: undefined,
				family: undefined,
			};
			options.afTo = true;
			return;
		}
		const target = this.#pool(false);
		if (options.nat !== undefined) this.#fail("pf/redefined", "cannot respecify af-to");
		if (family === undefined) this.#fail("pf/combination", "no address family specified");
		const other = (spec: PoolSpec): boolean => spec.hosts[0]?.family !== undefined && spec.hosts[0].family !== family;
		if (other(pool) || other(target)) this.#fail("pf/combination", "af-to addresses must be in the target address family");
		// parse.y stores the second pool's options in the first.
		options.nat = { ...target, hosts: pool.hosts, ports: pool.ports, family };
		options.rdr = { ...target, kind: "none", sticky: false, staticPort: false, key: undefined, family };
		options.afTo = true;
	}

	/** redirpool pool_opts */
	#pool(binat: boolean): PoolSpec {
		const hosts = this.#redirspec();
		let ports: PortRange = { low: 0, high: 0, kind: "single" };
		if (this.#accept(T.port)) ports = this.#portrange(true);
		else this.#lookahead(AFTER_REDIRECTION);
		return this.#poolOptions(hosts, ports, binat);
	}

	/** redirspec */
	#redirspec(): readonly Host[] {
		if (!this.#accept(LEFT_BRACE)) return this.#weighted(this.#host());
		const hosts: Host[] = [];
		let first = true;
		this.#braced(() => {
			const own = this.#weighted(this.#host());
			if (first) {
				this.#newlines();
				if (own[0] !== undefined && own[0].match.kind !== "network" && own[0].match.kind !== "unresolved")
					this.#fail("pf/pool", "only addresses can be listed for redirection pools ");
			}
			first = false;
			hosts.push(...own);
		});
		return hosts;
	}

	/** pool_opts */
	#poolOptions(hosts: readonly Host[], ports: PortRange, binat: boolean): PoolSpec {
		let kind: PoolSpec["kind"] = "none";
		let key: PoolSpec["key"];
		let sticky = false;
		let staticPort = false;
		const choose = (value: PoolSpec["kind"]): void => {
			if (kind !== "none") this.#fail("pf/redefined", "pool type cannot be redefined");
			kind = value;
		};
		for (;;) {
			switch (this.#startOf(POOL_OPTIONS)) {
				case T.bitmask:
					this.#take();
					choose("bitmask");
					break;
				case T.random:
					this.#take();
					choose("random");
					break;
				case T["source-hash"]: {
					this.#take();
					const own = this.#hashKey();
					choose("source-hash");
					key = own;
					break;
				}
				case T["round-robin"]:
					this.#take();
					choose("round-robin");
					break;
				case T["least-states"]:
					this.#take();
					choose("least-states");
					break;
				case T["static-port"]:
					this.#take();
					if (staticPort) this.#fail("pf/redefined", "static-port cannot be redefined");
					staticPort = true;
					break;
				case T["sticky-address"]:
					this.#take();
					if (sticky) this.#fail("pf/redefined", "sticky-address cannot be redefined");
					sticky = true;
					break;
				default:
					this.#lookahead(AFTER_POOL);
					return { hosts, ports, kind, sticky, staticPort: staticPort || binat, key, family: undefined, binat };
			}
		}
	}

	/** hashkey */
	#hashKey(): PoolSpec["key"] {
		if (!this.#is(T.string, "value")) {
			this.#lookahead(AFTER_REDIRECTION);
			return undefined;
		}
		const word = this.#text("value");
		if (!word.startsWith("0x")) return md5Words(word);
		if (bytes(word) !== 34) this.#fail("pf/range", "hex key must be 128 bits (32 hex digits) long");
		const words = [0, 8, 16, 24].map((at) => Number.parseInt(word.slice(2 + at, 10 + at), 16));
		if (!/^0x[0-9a-fA-F]{32}$/.test(word)) this.#fail("pf/range", "invalid hex key");
		const [a = 0, b = 0, c = 0, d = 0] = words;
		return [a, b, c, d];
	}

	// ---- state options ------------------------------------------------------------------------------------------

	/** state_opt_list; ends at a parenthesis, or at one of `after`. */
	#stateOptions(after?: ReadonlySet<Token>): readonly StateItem[] {
		const items = [this.#stateItem()];
		for (;;) {
			const token = this.#peek();
			if (after === undefined ? token === RIGHT_PAREN || this.#is(RIGHT_PAREN) : after.has(token)) return items;
			this.#comma();
			items.push(this.#stateItem());
		}
	}

	/** state_opt_item */
	#stateItem(): StateItem {
		const positive = (...values: readonly number[]): void => {
			if (values.some((value) => value < 0 || value > UINT_MAX)) this.#fail("pf/range", "only positive values permitted");
		};
		const token = this.#startOf([
			T.max,
			T["no-sync"],
			T["max-src-states"],
			T["max-src-conn"],
			T["max-src-conn-rate"],
			T.overload,
			T["max-src-nodes"],
			T["source-track"],
			T["if-bound"],
			T.floating,
			T.sloppy,
			T.pflow,
		]);
		switch (token) {
			case T.max:
			case T["max-src-states"]:
			case T["max-src-conn"]:
			case T["max-src-nodes"]: {
				this.#take();
				const value = this.#number();
				positive(value);
				const kind =
					token === T.max
						? "max"
						: token === T["max-src-states"]
							? "max-src-states"
							: token === T["max-src-conn"]
								? "max-src-conn"
								: "max-src-nodes";
				return { kind, value };
			}
			case T["max-src-conn-rate"]: {
				this.#take();
				const limit = this.#number();
				this.#expect(SLASH);
				const seconds = this.#number();
				positive(limit, seconds);
				return { kind: "max-src-conn-rate", rate: { limit, seconds } };
			}
			case T.overload: {
				this.#take();
				this.#expect(LESS);
				const table = this.#string("table");
				this.#expect(GREATER);
				let flush: "none" | "rule" | "global" = "none";
				if (this.#accept(T.flush)) flush = this.#accept(T.global) ? "global" : "rule";
				if (bytes(table) >= 32) this.#fail("pf/too-long", `table name '${table}' too long`);
				return { kind: "overload", table, flush };
			}
			case T["source-track"]:
				this.#take();
				if (this.#accept(T.global)) return { kind: "source-track", value: "global" };
				return { kind: "source-track", value: this.#accept(T.rule) ? "rule" : "plain" };
			case T["if-bound"]:
			case T.floating:
				this.#take();
				return { kind: "state-lock", ifBound: token === T["if-bound"] };
			case T["no-sync"]:
			case T.sloppy:
			case T.pflow:
				this.#take();
				return { kind: token === T["no-sync"] ? "no-sync" : token === T.sloppy ? "sloppy" : "pflow" };
		}
		const name = this.#string("timeout");
		const seconds = this.#number();
		positive(seconds);
		const known = TIMEOUTS.find((one) => one === name);
		if (known === undefined) this.#fail("pf/option", `illegal timeout name ${name}`);
		else if (!name.includes(".")) this.#fail("pf/option", `illegal state timeout ${name}`);
		return { kind: "timeout", name: known ?? (TIMEOUTS[0] as TimeoutName), seconds };
	}
}

const AFTER_CURVES_OR_ON = set([T.bandwidth, T.flows, T.quantum, T.qlimit, T.parent, T.default]);

/** printf("%g") */
function general(value: number): string {
	if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").toLowerCase();
	if (value === 0) return "0";
	const exponent = Math.floor(Math.log10(Math.abs(value)));
	if (exponent < -4 || exponent >= 6) {
		const [mantissa = "", power = "0"] = value.toExponential(5).split("e");
		const trimmedMantissa = mantissa.replace(/\.?0+$/, "");
		return `${trimmedMantissa}e${Number(power) < 0 ? "-" : "+"}${String(Math.abs(Number(power))).padStart(2, "0")}`;
	}
	return String(Number(value.toPrecision(6)));
}

/** The word of a token, for messages and marks. */
export function wordOf(token: Token): string {
	return keywordOf(token) ?? (token < 256 ? String.fromCharCode(token) : "");
}

export type { Anchor };

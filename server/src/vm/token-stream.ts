/** The tokens of vm.conf as the grammar takes them: expectations, words as an editor has them, faults on the way, and the parts that many rules share. */
import type { Fix } from "../text/diagnostic.ts";
import type { Expectation, HostFacts, SymbolUse, SyntaxToken, TokenKind } from "../text/language.ts";
import { type Message, msg } from "../text/message.ts";
import { nearest } from "../text/nearest.ts";
import type { ProgramMessage } from "../text/program-message.ts";
import { olderThan } from "../text/release.ts";
import { type Span, span } from "../text/span.ts";
import type { Release, ValueType } from "../text/vocabulary.ts";
import type { VmErrorCode } from "./diagnostics.ts";
import {
	type Argument,
	afterString,
	argument,
	describe,
	expect,
	keyword,
	type StringUse,
	sectionStart,
	symbol,
	takesString,
} from "./grammar.ts";
import { Lexer, type LexerHost, type LexicalFault, type Source, type Token } from "./lexer.ts";
import type { VmdMessage } from "./messages.ts";
import type * as syntax from "./syntax.ts";
import { diskFormats, sections, type VmWord } from "./vocabulary.ts";

/** A fault as the parser found it. */
export interface VmdComplaint extends ProgramMessage {
	readonly code: VmErrorCode;
	readonly message: VmdMessage;
	readonly span: Span;
	/** Where vmd says that it is: the file and the line of the token read last. */
	readonly file: string;
	readonly line: number;
	/** What vmd prints before, without a place. */
	readonly preface?: VmdMessage;
	/** True where the message ends in a newline of its own, so that vmd prints an empty line after it. */
	readonly emptyLine?: true;
	readonly advice?: Message;
	readonly fixes?: readonly Fix[];
}

/** What the grammar acts on beside the text. */
export interface ParserHost extends Pick<LexerHost, "macro" | "pop" | "macrosUnknown"> {
	/** The users and groups of the host, where they are known. */
	readonly facts: HostFacts;
	readonly release: Release;
	/** parse.y, symset(). */
	define(name: string, value: string): void;
	/** parse.y, pushfile(): false where the file cannot be opened. */
	include(path: string): boolean;
	/** vm_register() at the end of a block: what it says before, and why it fails; undefined where all is well. */
	register?(guest: syntax.GuestStatement): { readonly complaint?: VmdMessage; readonly message: VmdMessage } | undefined;
}

const lexicalCodes: Readonly<Record<LexicalFault, VmErrorCode>> = {
	"macro-undefined": "vm/unknown-macro",
	"string-too-long": "vm/string-too-long",
	"number-invalid": "vm/invalid-number",
	"string-unterminated": "vm/unterminated-string",
	"string-nul": "vm/syntax-error",
};

const NOTHING = {};

/** How the reading of a statement ended. */
export type Recovery = "line" | "close" | "section" | "end";

export class TokenStream {
	readonly lexer: Lexer;
	readonly complaints: VmdComplaint[] = [];
	readonly tokens: SyntaxToken[] = [];
	/** What was acceptable in place of the next token: filled at each decision, emptied at each shift. */
	readonly tried: (readonly Expectation[])[] = [];
	/** The argument that the next token would be. */
	argument: Argument | undefined;
	/** yacc's yyerrflag: no new message until three tokens have been shifted. */
	quiet = 0;
	/** The end of the token shifted last. */
	end = 0;
	protected readonly host: ParserHost;
	protected readonly recover: boolean;
	#token: Token | undefined;
	#last: Token | undefined;
	/** The token shifted last that is no newline. */
	#lastWord: Token | undefined;
	protected broken = false;
	/** Set where a block is found to end without its brace, in front of the next statement. */
	protected atSection = false;

	constructor(source: Source, host: ParserHost, options: { readonly recover: boolean; readonly base?: number; readonly cursor?: boolean }) {
		this.host = host;
		this.recover = options.recover;
		const lexerHost: LexerHost = {
			macro: (name) => host.macro(name),
			...(host.pop === undefined ? {} : { pop: host.pop }),
			...(host.macrosUnknown === undefined ? {} : { macrosUnknown: host.macrosUnknown }),
			recover: options.recover,
			release: host.release,
			fault: (fault, message, start, end) => {
				this.broken ||= fault !== "macro-undefined";
				this.report(lexicalCodes[fault], message, span(start, end));
			},
		};
		this.lexer = new Lexer(source, lexerHost, options.base ?? 0, options.cursor ?? false);
	}

	// Tokens

	peek(): Token {
		this.#token ??= this.lexer.next();
		return this.#token;
	}

	shift(): Token {
		const token = this.peek();
		this.#token = undefined;
		this.#last = token;
		if (token.kind !== "NEWLINE") this.#lastWord = token;
		this.end = token.end;
		if (this.quiet > 0) this.quiet--;
		this.tried.length = 0;
		this.argument = undefined;
		return token;
	}

	/** Forgets the token looked at, so that the next reader starts before it. */
	unread(): void {
		if (this.#token !== undefined) this.lexer.rewind(this.#token);
		this.#token = undefined;
	}

	get complete(): boolean {
		return !this.broken;
	}

	protected get afterNewline(): boolean {
		return this.#last === undefined || this.#last.kind === "NEWLINE";
	}

	/** Whether the next token is of this kind; either way, one of that kind would be accepted. */
	protected at(kind: string, expected: readonly Expectation[], use?: Argument): boolean {
		this.expecting(expected, use);
		return this.peek().kind === kind;
	}

	protected expecting(expected: readonly Expectation[], use?: Argument): void {
		this.tried.push(expected);
		if (use !== undefined) this.argument = use;
	}

	/** Shifts punctuation. */
	protected accept(kind: string, expected: readonly Expectation[]): Token | undefined {
		if (!this.at(kind, expected)) return undefined;
		const token = this.shift();
		if (kind !== "NEWLINE") this.token(token, kind === "=" ? "operator" : "punctuation");
		return token;
	}

	/** Shifts a word of the language. */
	protected keyword(entry: VmWord, role: TokenKind = "option"): Token {
		const token = this.shift();
		this.token(token, role, { entry });
		if (this.recover && entry.since !== undefined && olderThan(this.host.release, entry.since)) {
			this.report("vm/newer-word", msg("syntax error"), span(token.start, token.end), {
				advice: msg("`{0}` came with OpenBSD {1}; the vmd of {2} does not know it.", entry.name, entry.since, this.host.release),
			});
		}
		return token;
	}

	protected expectKeyword(entry: VmWord, role: TokenKind = "option"): Token | undefined {
		if (this.at(entry.name, keyword(entry))) return this.keyword(entry, role);
		this.syntaxError();
		return undefined;
	}

	protected token(token: Token, role: TokenKind, more: { entry?: VmWord; symbol?: SymbolUse; value?: ValueType } = NOTHING): void {
		if (!this.recover || token.expanded || token.kind === "CURSOR" || token.kind === "EOF" || token.end <= token.start) return;
		// A quoted name's token leaves the quotes out, so that the name can be replaced.
		const plain = more.symbol !== undefined && token.quoted && token.end - token.start === token.text.length + 2;
		const at = plain ? span(token.start + 1, token.end - 1) : span(token.start, token.end);
		this.tokens.push(more === NOTHING ? { span: at, kind: role } : { span: at, kind: role, ...more });
	}

	// Faults

	protected report(code: VmErrorCode, message: VmdMessage, at: Span, more: Partial<VmdComplaint> = {}): void {
		const { source, line } = this.lexer;
		this.complaints.push({ code, message, span: at, file: source.name, line, ...more });
	}

	/** yyerror("syntax error") at the next token, unless one was reported just before. */
	syntaxError(advice?: Message): false {
		const token = this.peek();
		this.broken = true;
		if (token.kind === "CURSOR") return false;
		if (this.quiet > 0) return false;
		const missing = token.kind === "NEWLINE" || token.kind === "EOF";
		const shown = (missing ? this.#lastWord : undefined) ?? token;
		const at = span(shown.start, shown.end);
		if (token.kind === "ERROR" && this.recover) return false;
		this.report("vm/syntax-error", msg("syntax error"), at, advice === undefined ? this.#help(token, missing) : { advice });
		return false;
	}

	/** Says what would have been accepted, with a change that mends what is surely meant. */
	#help(token: Token, missing: boolean): Pick<VmdComplaint, "advice" | "fixes"> {
		const tried = this.tried.flat();
		const names = [...new Set(tried.flatMap(describe))];
		if (names.length === 0) return {};
		const wanted = names.slice(0, 8).join(", ");
		if (missing) return { advice: msg("Something is missing at the end of this line. Expected: {0}.", wanted) };
		const reserved = token.kind === token.text && /^[a-z]/.test(token.text) && !token.expanded;
		if (reserved && this.tried.includes(expect.newline)) {
			const edits = [{ span: span(token.start, token.start), text: "\n\t" }];
			return {
				advice: msg("Each option of a block stands on a line of its own. Expected: {0}.", wanted),
				fixes: [{ title: msg("Put `{0}` on a line of its own", token.text), edits, preferred: true }],
			};
		}
		if (reserved && tried.some(takesString)) {
			const edits = [{ span: span(token.start, token.end), text: `"${token.text}"` }];
			return {
				advice: msg("`{0}` is a reserved word; as a name it needs quotes.", token.text),
				fixes: [{ title: msg("Quote `{0}`", token.text), edits, preferred: true }],
			};
		}
		const advice = msg("Expected: {0}.", wanted);
		const words = tried.flatMap((expectation) => (expectation.kind === "keyword" ? [expectation.entry.name] : []));
		const meant = token.kind === "STRING" && !token.quoted && !token.expanded ? nearest(token.text, words) : undefined;
		if (meant === undefined) return { advice };
		const edits = [{ span: span(token.start, token.end), text: meant }];
		return { advice, fixes: [{ title: msg("Change it to `{0}`", meant), edits, preferred: true }] };
	}

	/** A value that vmd refuses (YYERROR): the editor goes on. */
	protected refuse(code: VmErrorCode, message: VmdMessage, at: Span, more: Partial<VmdComplaint> = {}): boolean {
		this.report(code, message, at, more);
		return this.recover;
	}

	protected checked(code: VmErrorCode, at: syntax.Value, problem: VmdMessage | undefined): boolean {
		return problem === undefined || !at.known || this.refuse(code, problem, at.span);
	}

	/** The editor's way on after a fault: to the end of the line, of the block, or to where the next statement starts. */
	skip(): Recovery {
		let depth = 0;
		if (this.atSection) return "section";
		for (;;) {
			const { kind } = this.peek();
			if (kind === "EOF" || kind === "CURSOR") return "end";
			if (this.afterNewline && sectionStart.has(kind) && this.#last !== undefined) return "section";
			if (kind === "NEWLINE" && depth === 0) return "line";
			if (kind === "}" && depth-- === 0) return "close";
			if (kind === "{") depth++;
			this.shift();
		}
	}

	/** yacc's way on after a fault: drops tokens up to a newline. */
	discard(): void {
		while (this.peek().kind !== "NEWLINE" && this.peek().kind !== "EOF") this.#token = undefined;
	}

	// common parts

	protected open(): Span | undefined {
		const token = this.accept("{", expect.open);
		if (token === undefined) {
			const newline = this.peek().kind === "NEWLINE";
			this.syntaxError(newline ? msg("The `{` stands on the line of the name.") : undefined);
			return undefined;
		}
		return span(token.start, token.end);
	}

	/** optnl: whether there were newlines. */
	protected optnl(): boolean {
		let any = false;
		while (this.accept("NEWLINE", expect.newline) !== undefined) any = true;
		return any;
	}

	/** `optnl switch_opts_l '}'` and the same for vm: every option but the first needs a newline after it. */
	protected block(options: readonly Expectation[], option: () => boolean): boolean {
		this.optnl();
		let good = true;
		for (let first = true; ; first = false) {
			this.expecting(options);
			if (!first && this.accept("}", expect.close) !== undefined) return good || this.recover;
			if (this.recover && this.afterNewline && (sectionStart.has(this.peek().kind) || this.peek().kind === "switch")) {
				this.atSection = true;
				return this.syntaxError(msg("The block above is not closed: a `}` is missing before this line."));
			}
			if (this.recover && this.peek().kind === "EOF") return this.syntaxError(msg("The block is not closed: a `}` is missing."));
			if (option()) {
				const lines = this.optnl();
				if (first || lines) continue;
				this.syntaxError();
			}
			if (!this.recover) return false;
			good = false;
			const way = this.skip();
			if (way === "section" || way === "end") return false;
			this.optnl();
		}
	}

	protected ownerId(entry: VmWord): syntax.Owner | undefined {
		this.expecting(symbol("user"), argument(entry));
		const token = this.peek();
		if (token.kind === "NUMBER") {
			this.shift();
			this.token(token, "number", { value: "user" });
			return { text: token.text, uid: Number(token.number ?? 0n), gid: -1, span: span(token.start, token.end) };
		}
		if (token.kind !== "STRING") {
			this.syntaxError();
			return undefined;
		}
		this.shift();
		const colon = token.text.indexOf(":");
		const user = colon < 0 ? token.text : token.text.slice(0, colon);
		const group = colon < 0 ? "" : token.text.slice(colon + 1);
		const places = this.#ownerPlaces(token, user, group);
		const owner = { text: token.text, uid: 0, gid: -1, span: span(token.start, token.end) };
		if (!token.known) return owner;
		const uid = user === "" ? 0 : identity(this.host.facts.users, user);
		if (uid === undefined && !this.refuse("vm/unknown-user", msg("failed to get user: {0}", user), places.user)) return undefined;
		const gid = group === "" ? -1 : identity(this.host.facts.groups, group);
		if (gid === undefined && !this.refuse("vm/unknown-group", msg("failed to get group: {0}", group), places.group)) return undefined;
		return { ...owner, uid: uid ?? 0, gid: gid ?? -1 };
	}

	/** Where the user and the group of `user:group` stand; they are marked. The whole word, where it cannot be told. */
	#ownerPlaces(token: Token, user: string, group: string): { readonly user: Span; readonly group: Span } {
		const whole = span(token.start, token.end);
		const start = token.start + (token.quoted ? 1 : 0);
		const plain = token.end - token.start === token.text.length + (token.quoted ? 2 : 0);
		if (token.expanded || !plain) {
			this.token(token, "name", { value: "user" });
			return { user: whole, group: whole };
		}
		const part = (from: number, name: string, kind: "user" | "group"): Span => {
			const at = span(from, from + name.length);
			if (name !== "" && this.recover) this.tokens.push({ span: at, kind: "name", value: kind, symbol: { kind, name, use: "refer" } });
			return at;
		};
		return { user: part(start, user, "user"), group: part(start + user.length + 1, group, "group") };
	}

	protected number(use: Argument, expected: readonly Expectation[] = expect.number): syntax.NumberValue | undefined {
		if (!this.at("NUMBER", expected, use)) {
			this.syntaxError();
			return undefined;
		}
		const token = this.shift();
		this.token(token, "number", { value: "number" });
		return { value: token.number ?? 0n, span: span(token.start, token.end), known: token.known };
	}

	/** A single STRING. */
	protected one(use: StringUse): syntax.Value | undefined {
		if (!this.at("STRING", use.expected, use.argument)) {
			this.syntaxError();
			return undefined;
		}
		return this.#valueOf([this.shift()], use);
	}

	/** string: one or more STRINGs, which are joined. */
	protected string(use: StringUse): syntax.Value | undefined {
		if (!this.at("STRING", use.expected, use.argument)) {
			this.syntaxError();
			return undefined;
		}
		const tokens = [this.shift()];
		while (this.at("STRING", expect.more)) tokens.push(this.shift());
		const joined = this.#valueOf(tokens, use);
		if (afterString.has(this.peek().kind)) return joined;
		this.expecting(use.argument?.entry === sections.vm || use.argument?.entry === sections.switch ? expect.open : expect.newline);
		this.syntaxError();
		return undefined;
	}

	#valueOf(tokens: readonly Token[], use: StringUse): syntax.Value {
		const text = tokens.map((token) => token.text).join("");
		const [only] = tokens;
		for (const token of tokens) {
			const names = tokens.length === 1 && token === only && use.symbol !== undefined ? { symbol: use.symbol(text) } : {};
			const choice =
				use.type === "word" && Object.hasOwn(diskFormats, text) ? { entry: diskFormats[text as keyof typeof diskFormats] } : {};
			this.token(token, use.role, { value: use.type, ...names, ...choice });
		}
		return { text, span: span(only?.start ?? 0, this.end), known: tokens.every(({ known }) => known) };
	}
}

/** The number of a user or group: a made-up one where the host is not known, undefined where it has none of that name. */
function identity(table: Readonly<Record<string, number>> | undefined, name: string): number | undefined {
	if (table !== undefined) return Object.hasOwn(table, name) ? table[name] : undefined;
	if (name === "root" || name === "wheel") return 0;
	let hash = 100_000;
	for (let i = 0; i < name.length; i++) hash = (hash * 31 + name.charCodeAt(i)) % 2_000_000_000;
	return hash + 1;
}

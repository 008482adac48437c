/**
 * What the languages have in common: a parsed file answers the questions that the editor features ask.
 * A feature works on this interface, so it works for all languages alike.
 */
import type { Diagnostic, DiagnosticCatalog } from "./diagnostic.ts";
import type { Message } from "./message.ts";
import type { Snippet } from "./snippet.ts";
import type { Span } from "./span.ts";
import type { Argument, Release, SymbolKind, ValueType, VocabularyEntry } from "./vocabulary.ts";

/** The languages, as the manifest calls them: `openbsd-` and the room. */
export const languageIds = ["openbsd-pf", "openbsd-vm", "openbsd-hostname", "openbsd-pftest"] as const;

export type LanguageId = (typeof languageIds)[number];

/** An address of an interface, as the kernel would list it. */
export interface InterfaceAddress {
	readonly family: "inet" | "inet6";
	readonly address: string;
	readonly netmask?: string | null;
	readonly prefixLength?: number;
	readonly broadcast?: string | null;
	readonly peer?: string | null;
	readonly scopeId?: number;
}

export interface HostInterface {
	readonly name: string;
	readonly index?: number;
	readonly flags?: number;
	readonly groups: readonly string[];
	readonly addresses: readonly InterfaceAddress[];
}

/** What is known of a host. An absent part means "not known", never "none": then no name of that kind is an error. */
export interface HostFacts {
	readonly interfaces?: readonly HostInterface[];
	/** Names with their numbers. */
	readonly users?: Readonly<Record<string, number>>;
	readonly groups?: Readonly<Record<string, number>>;
	/** Bytes of main memory. */
	readonly memory?: number;
	/** The text of services(5), protocols(5) and pf.os(5); OpenBSD's own lists where absent. */
	readonly services?: string;
	readonly protocols?: string;
	readonly fingerprints?: string;
}

/** What a parser is told beside the text. */
export interface FileContext {
	/** The path on the host, such as `/etc/hostname.em0`; it selects the interface family of a hostname file. */
	readonly path: string;
	readonly release?: Release;
	readonly host?: HostFacts;
	/** Another file of the same host by its path, or undefined where it is not there or not known. */
	readonly readFile?: (path: string) => string | undefined;
}

/** Whether a file is still what it was but for its text: then an edit reads again what it touches. */
export function isSameContext(one: FileContext, other: FileContext): boolean {
	return one.path === other.path && one.release === other.release && one.host === other.host && one.readFile === other.readFile;
}

/** A word that the parser has understood. Tokens do not overlap and come in the order of the text. */
export interface SyntaxToken {
	readonly span: Span;
	readonly kind: TokenKind;
	/** The vocabulary's entry, on words of the language. */
	readonly entry?: VocabularyEntry | undefined;
	/** The name that it defines or refers to. */
	readonly symbol?: SymbolUse | undefined;
	/** What kind of value stands here, on values. */
	readonly value?: ValueType | undefined;
}

/** Takes a token, and where it stands: its own span may be counted from the start of its statement. */
export type TokenVisitor = (token: SyntaxToken, start: number, end: number) => void;

/** The same token elsewhere. A file has very many: written out, this costs a fraction of what a spread does. */
export function movedToken({ kind, entry, symbol, value }: SyntaxToken, span: Span): SyntaxToken {
	return { span, kind, entry, symbol, value };
}

export type TokenKind =
	| "comment"
	| "keyword"
	| "action"
	| "direction"
	| "translation"
	| "option"
	| "constant"
	| "operator"
	| "punctuation"
	| "string"
	| "number"
	| "address"
	| "port"
	| "name"
	| "error";

export interface SymbolUse {
	readonly kind: SymbolKind;
	/** The whole name: an anchor's path from the main ruleset, an interface without modifiers. */
	readonly name: string;
	/** `set` differs from `define` for names that need no definition: a tag is set here and tested there. */
	readonly use: "define" | "refer" | "set";
}

/** Something that the parser would accept at a place. */
export type Expectation =
	| { readonly kind: "keyword"; readonly entry: VocabularyEntry }
	/** @property families of interfaces, where only those can stand there */
	| { readonly kind: "symbol"; readonly of: SymbolKind; readonly families?: readonly string[] }
	| ({ readonly kind: "value"; readonly type: ValueType } & Pick<Argument, "choices" | "choicesSince" | "choicesUntil">)
	| { readonly kind: "punctuation"; readonly text: string };

export interface Expected {
	/** The part of a word at the cursor that a completion replaces; empty between words. */
	readonly replace: Span;
	readonly expectations: readonly Expectation[];
	/** The option whose argument stands at the cursor, and which one (from 0), for signature help. */
	readonly argument?: { readonly entry: VocabularyEntry; readonly index: number };
}

/** A line of the outline. */
export interface OutlineNode {
	readonly name: string;
	/** What is shown beside the name: as the file writes it, or in the reader's language. */
	readonly details?: readonly (Message | string)[];
	readonly kind:
		| "section"
		| "macro"
		| "table"
		| "anchor"
		| "rule"
		| "option"
		| "queue"
		| "limiter"
		| "switch"
		| "guest"
		| "interface"
		| "command";
	readonly span: Span;
	readonly nameSpan: Span;
	readonly children: readonly OutlineNode[];
}

export interface TextChange {
	readonly span: Span;
	readonly text: string;
}

/** One file as its language understands it: an immutable value. */
export interface ParsedFile {
	readonly language: LanguageId;
	readonly context: FileContext;
	readonly text: string;
	/** The file after the changes (each relative to the text that the one before it left). Statements that they do not touch are kept. */
	edit(changes: readonly TextChange[], context?: FileContext): ParsedFile;
	/** Everything that this file alone (and what it includes) shows, in the order of the text. */
	diagnostics(): readonly Diagnostic[];
	/** Tokens that overlap `within`, the whole file without. Works in broken statements as far as they were understood. */
	tokens(within?: Span): readonly SyntaxToken[];
	/** All tokens up to an offset in order, without making any: of a long file they are many. Without it, `tokens()` is all there is. */
	eachToken?(visit: TokenVisitor, end?: number): void;
	/** What the parser would accept at `offset`, given what stands before it. */
	expected(offset: number): Expected;
	outline(): readonly OutlineNode[];
	/** The spans of the statements that overlap `within`, in order: the units of selection, formatting and code actions. */
	statements(within?: Span): readonly Span[];
	/**
	 * The tokens whose symbol is defined or set here, in order, of one kind or of all. Kept by statement, so that asking after a
	 * keystroke costs no walk over all words. Where a language leaves it out, the tokens are searched.
	 */
	definitions?(kind?: SymbolKind): readonly SyntaxToken[];
	/** The paths of files whose text the program reads as if it stood here. Where a language leaves it out, its words are searched. */
	includes?(): ReadonlySet<string>;
	/** The paths of files that hold values only, such as a table's addresses: whatever they are called, they are in no language. */
	valueFiles?(): ReadonlySet<string>;
	/**
	 * Where this file and an earlier version of it differ in tokens: outside of `before` in the earlier one and `after` in this
	 * one, all tokens are the same but for their place. Undefined where nothing is shared. Semantic tokens are kept by it.
	 */
	difference?(earlier: ParsedFile): { readonly before: Span; readonly after: Span } | undefined;
	/** What the file says of a name that it defines: for hover, inlay hints and completion. `at` selects among several definitions. */
	symbolFacts?(kind: SymbolKind, name: string, at?: number): SymbolFacts | undefined;
	/**
	 * What the host makes of the file, line by line: the rules as pfctl prints them, the commands that netstart runs.
	 * With `within`, the lines of the statements that overlap it, at a cost that does not grow with the file.
	 */
	expanded?(within?: Span): readonly ExpandedLine[];
	/** How many rules its statements make, where lists make several of one. */
	readonly made?: number;
	/** Why `expanded` is not all; undefined where it is. */
	cutOff?(): Message | undefined;
	/** The lines that people write in columns, each with its cells. Where a language leaves it out, there are none. */
	cells?(): readonly (readonly Span[])[];
}

/** What is known of a name beside where it stands. */
export interface SymbolFacts {
	/** As the file writes it: a macro's text, a table's contents. */
	readonly value?: string;
	/** A macro's value with the macros in it replaced. */
	readonly expansion?: string;
	/** Further facts: a sentence each, or a name. */
	readonly notes?: readonly (Message | string)[];
}

/** A line that the host makes of a file. */
export interface ExpandedLine {
	readonly text: string;
	/** The statement that it comes from; absent for lines that have no one place. */
	readonly source?: { readonly file: string; readonly span: Span };
}

/** What a name of a kind may be. */
export interface NameRule {
	/** The longest name in bytes; the C limit less its terminating NUL. */
	readonly longest: number;
	readonly pattern: RegExp;
	/** What the pattern asks for. */
	readonly asks: Message;
	/** It may stand in quotes: with them, any text can be a name. */
	readonly quotable?: true;
	/** Where it may be typed over in all places of a file at once: what may be typed, as an expression for the editor. */
	readonly typed?: string;
}

/** A kind of name, as people see it. */
export interface NameKind {
	/** What one is called: `a table`. */
	readonly called: Message;
	/** Stands over what is known of one; nothing is shown of it without. */
	readonly title?: (name: string) => Message;
	/** Its sign in a list of names. */
	readonly icon: "constant" | "struct" | "module" | "class" | "member" | "text" | "interface" | "reference" | "value" | "file";
	readonly colour: "macro" | "table" | "anchor" | "interface" | "queue" | "tag" | "label" | "guest" | "switch" | "name" | "port" | "string";
	/** How often it is used stands above its definition. */
	readonly counted?: true;
	/** What a name may be; undefined where it is not the files that define them. */
	readonly rule?: NameRule;
	/** How the outline shows what defines one. */
	readonly outline?: OutlineNode["kind"];
}

/** One of the words that a value may be. */
export interface ValueWord {
	readonly name: string;
	readonly detail?: string;
	/** What it means, in our own words: the key of its translations. */
	readonly meaning?: string;
	/** How often real files have it, 0 to 100. */
	readonly weight?: number;
}

/** One of the languages. */
export interface Language {
	readonly id: LanguageId;
	/** Never throws, whatever the text. */
	parse(text: string, context: FileContext): ParsedFile;
	/** Whether a file is of it by its name: the path on its host, or any that ends so. */
	isNamed(path: string): boolean;
	/** Every word of the language. */
	readonly vocabulary: readonly VocabularyEntry[];
	/** What its files are told of, each alone. */
	readonly diagnostics: DiagnosticCatalog;
	/** What is written whole into its files. */
	readonly snippets?: readonly Snippet[];
	/** The words that its lexer keeps for itself: none can be a name without quotes. */
	readonly reserved?: (release: Release | undefined) => ReadonlySet<string>;
	/** The kinds of names that its files have. */
	readonly names?: Readonly<Partial<Record<SymbolKind, NameKind>>>;
	/** The page of section 5 of the manual that tells of its files; none where no program of OpenBSD reads them. */
	readonly manual?: string;
	/** The file that programs read by themselves, where all others are read because a file names them. */
	readonly mainFile?: string;
	/** Its files hold what a host has to keep to, and change nothing of it. */
	readonly holdsTests?: true;
	/** A macro's value may have macros in it. */
	readonly macrosInMacros?: true;
	/** A kind of name that a line has once: the other end is another one. */
	readonly onceInLine?: SymbolKind;
	/** A MAC address that stands in it is chosen there, not told by a device. */
	readonly choosesLladdr?: true;
	/** What a host makes of its statements, where `expanded` tells: rules that are loaded, or commands that are run. */
	readonly expandsTo?: "rules" | "commands";
	/** The words that it knows for values of a type, the most used with the most weight; none for those that it leaves to the host. */
	readonly values?: (type: ValueType) => readonly ValueWord[];
}

/**
 * The shape of the three vocabularies. A keyword is described once, in `<language>/vocabulary.ts`; the parser,
 * completion, hover, semantic tokens and the documentation read it there.
 */

/** A release of OpenBSD, such as `7.7`. */
export type Release = `${number}.${number}`;

export interface Argument {
	/** Shown in signature help and as a snippet's placeholder, such as `bandwidth`. */
	readonly name: string;
	readonly type: ValueType;
	readonly optional?: boolean;
	/** The words it may be, where it is one of a few. */
	readonly choices?: readonly string[];
	/** The releases that brought some of them. */
	readonly choicesSince?: Readonly<Record<string, Release>>;
	/** The first releases without some of them. */
	readonly choicesUntil?: Readonly<Record<string, Release>>;
	/** What is inserted as the placeholder's default. */
	readonly default?: string;
}

export interface VocabularyEntry {
	/** As it is written in the file. */
	readonly name: string;
	/** Where it may stand, in the language's own terms (`filter option`, `guest option`, `bridge`). */
	readonly group: string;
	readonly args: readonly Argument[];
	/** How word and arguments are written where that is more than one after the other: `divert-to {address} port {port}`. */
	readonly form?: string;
	/** What it does, in our own words: one or two sentences in Markdown. The English text is the key of its translations. */
	readonly summary: string;
	/** What applies where it is not written. */
	readonly default?: string;
	/** One or a few lines that the language accepts. */
	readonly example?: string;
	/** Page and anchor under https://man.openbsd.org/, such as `pf.conf.5#nat-to`. */
	readonly manual: string;
	/** The release that brought it, where later than 6.0. */
	readonly since?: Release;
	/** The first release without it. */
	readonly until?: Release;
	/** What to write instead; present where the spelling is accepted but obsolete. */
	readonly deprecated?: string;
	/** How often real files use it, 0 to 100: the order of completion. */
	readonly weight?: number;
}

/** What a value may be; completion, hover and checks of values are found by it. */
export type ValueType =
	| "word"
	| "string"
	| "number"
	| "size"
	| "bandwidth"
	| "seconds"
	| "milliseconds"
	| "percent"
	| "address"
	| "network"
	| "lladdr"
	| "port"
	| "protocol"
	| "icmp-type"
	| "icmp6-type"
	| "icmp-code"
	| "tcp-flags"
	| "os"
	| "netmask"
	| "prefix-length"
	| "path"
	| "command"
	| "regexp"
	| SymbolKind;

/** What a name in a file can stand for. Definition, references, rename and unused checks work by (kind, name). */
export type SymbolKind =
	| "macro"
	| "table"
	| "anchor"
	| "queue"
	| "tag"
	| "label"
	| "state-limiter"
	| "source-limiter"
	| "interface"
	| "interface-group"
	| "switch"
	| "guest"
	| "user"
	| "group"
	| "service"
	| "file";

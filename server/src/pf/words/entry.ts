import type { SymbolUse, TokenKind } from "../../text/language.ts";
import type { Argument, Release, SymbolKind, ValueType, VocabularyEntry } from "../../text/vocabulary.ts";

/** Where a word of pf.conf may stand. */
export type PfGroup =
	/** The first word of a statement. */
	| "statement"
	/** After `block`. */
	| "block answer"
	/** `in`, `out`. */
	| "direction"
	/** The parts of a rule that stand before its options, in a fixed order. */
	| "rule part"
	/** In the parentheses after `log`. */
	| "log option"
	/** After `on`, beside names of interfaces. */
	| "interface"
	/** After `from`, `to` and `-to` options, beside addresses. */
	| "address"
	/** Behind the colon after an interface's name. */
	| "interface modifier"
	/** After an address or name. */
	| "address option"
	/** After `from ... to ...`, in any order. */
	| "filter option"
	/** After `icmp-type TYPE`. */
	| "icmp option"
	/** After `set` in a rule. */
	| "set field"
	/** In the parentheses after `keep state`, and after `set state-defaults`. */
	| "state option"
	/** After `source-track`. */
	| "source-track"
	/** After `overload <table>`. */
	| "overload option"
	/** After the addresses of nat-to, rdr-to, route-to and the like. */
	| "pool option"
	/** In the parentheses after `scrub`. */
	| "scrub option"
	/** After the first word of a `set` statement. */
	| "set option"
	| "block-policy"
	| "debug"
	| "limit"
	| "optimization"
	| "reassemble"
	| "ruleset-optimization"
	| "state-policy"
	| "syncookies"
	| "syncookies option"
	| "timeout"
	| "table option"
	| "queue option"
	| "antispoof option"
	| "tcp flag"
	| "tos"
	/** Behind `state limiter NAME` and `source limiter NAME`. */
	| "limiter option"
	/** In the parentheses behind the limiter of a rule. */
	| "limiter action"
	/** Words between those of limiters. */
	| "limiter part"
	/** Words that only join others: `state` after `keep`, `anchor` after `load`. */
	| "joint";

/** What a word that is not of the vocabulary names or holds, and how it is shown. */
export interface Meaning {
	readonly role: TokenKind;
	readonly value?: ValueType;
	readonly symbol?: { readonly kind: SymbolKind; readonly use: SymbolUse["use"] };
}

/** What kind of word it is to somebody who reads: an editor's colours show it. */
type PfRole = Extract<TokenKind, "action" | "direction" | "translation" | "constant" | "option">;

export interface PfEntry<G extends PfGroup = PfGroup, N extends string = string> extends VocabularyEntry {
	readonly name: N;
	readonly group: G;
	readonly role: PfRole;
	/** The number that it stands for, where that is what it means. */
	readonly value?: number;
}

/** What the words of some groups are; those of most are options. */
const ROLES: Readonly<Partial<Record<PfGroup, PfRole>>> = {
	statement: "action",
	direction: "direction",
	address: "constant",
	"block-policy": "constant",
	"state-policy": "constant",
	optimization: "constant",
	"ruleset-optimization": "constant",
	reassemble: "constant",
	syncookies: "constant",
	debug: "constant",
	tos: "constant",
	"limiter action": "constant",
};

/** What a word of a group is where its entry does not say otherwise. */
export function roleOf(group: PfGroup): PfRole {
	return ROLES[group] ?? "option";
}

/** What an entry has beyond its name and summary. */
export interface EntryDetails {
	readonly args?: readonly Argument[];
	readonly form?: string;
	readonly default?: string;
	readonly example?: string;
	/** Anchor in pf.conf(5) where it is not that of the group. */
	readonly manual?: string;
	readonly weight?: number;
	readonly since?: Release;
	readonly until?: Release;
	readonly deprecated?: string;
	/** Where it is not that of its group. */
	readonly role?: PfRole;
	/** The number that it stands for, where that is what it means. */
	readonly value?: number;
}

export type Definition<N extends string = string> = readonly [name: N, summary: string, details?: EntryDetails];

/** Makes the entries of one group. The anchor of an entry is its own name with `own`, otherwise the section. */
export function define<G extends PfGroup, N extends string>(
	group: G,
	section: string,
	definitions: readonly Definition<N>[],
	own?: "own",
): PfEntry<G, N>[] {
	return definitions.map(([name, summary, details = {}]) => {
		const { args = [], manual = own ? name : section, role = roleOf(group), ...rest } = details;
		return { name, group, role, summary, args, manual: `pf.conf.5#${manual}`, ...rest };
	});
}

export function argument(name: string, type: ValueType, more: Omit<Argument, "name" | "type"> = {}): Argument {
	return { name, type, ...more };
}

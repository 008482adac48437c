/** What the parser makes of statements before they are expanded: lists stay lists, words are looked up. */

import type { Span } from "../text/span.ts";
import type { ResolvedHost } from "./names/hosts.ts";
import {
	type BlockReturn,
	DROP,
	type Family,
	type LimiterUse,
	type LogOption,
	type NumberMatch,
	type PoolKind,
	type Rate,
	type TimeoutName,
} from "./rules.ts";

/** An interface in a list (struct node_if). */
export interface InterfaceItem {
	readonly name: string;
	readonly negated: boolean;
	/** -1 where it is no `rdomain N`. */
	readonly rdomain: number;
	readonly flags: number;
	/** In parentheses, of antispoof. */
	readonly dynamic: boolean;
	readonly span: Span;
}

/** A port or a range (struct range of parse.y). `kind` is that of the second number: none, a range, or `:*`. */
export interface PortRange {
	readonly low: number;
	readonly high: number;
	readonly kind: "single" | "range" | "star";
}

export interface IcmpItem {
	readonly protocol: number;
	readonly type: number;
	/** -1 for any. */
	readonly code: number;
}

/** Translation or routing addresses with their options (struct redirspec). */
export interface PoolSpec {
	readonly hosts: readonly ResolvedHost[];
	readonly ports: PortRange;
	readonly kind: PoolKind;
	readonly sticky: boolean;
	readonly staticPort: boolean;
	readonly key: readonly [number, number, number, number] | undefined;
	/** The family that af-to translates to. */
	readonly family: Family | undefined;
	readonly binat: boolean;
}

export type StateItem =
	| { readonly kind: "max" | "max-src-states" | "max-src-conn" | "max-src-nodes"; readonly value: number }
	| { readonly kind: "max-src-conn-rate"; readonly rate: Rate }
	| { readonly kind: "no-sync" | "sloppy" | "pflow" }
	| { readonly kind: "source-track"; readonly value: "plain" | "global" | "rule" }
	| { readonly kind: "overload"; readonly table: string; readonly flush: "none" | "rule" | "global" }
	| { readonly kind: "state-lock"; readonly ifBound: boolean }
	| { readonly kind: "timeout"; readonly name: TimeoutName; readonly seconds: number };

export interface DivertSpec {
	readonly kind: "to" | "reply" | "packet";
	readonly hosts: readonly ResolvedHost[];
	readonly port: number;
}

/** The options behind the addresses of a rule (struct filter_opts). */
export interface FilterOptions {
	user: NumberMatch[];
	group: NumberMatch[];
	/** Undefined where no `flags` is written. */
	flags: { readonly flags: number; readonly set: number } | undefined;
	icmp: readonly IcmpItem[] | undefined;
	prio: number;
	tos: number | undefined;
	/** `kind` "none" is `no state`; undefined where nothing is written. */
	keep: { readonly kind: "none" | "keep" | "modulate" | "synproxy"; readonly options: readonly StateItem[] } | undefined;
	fragment: boolean;
	allowOptions: boolean;
	label: string | undefined;
	queue: readonly [string, string | undefined] | undefined;
	tag: string | undefined;
	tagged: { readonly name: string; readonly negated: boolean } | undefined;
	/** In the order of their kinds. */
	limiters: readonly LimiterUse[];
	/** In units of 1 / 2^32; 0 for none. */
	probability: number;
	rtable: number;
	divert: DivertSpec | undefined;
	noDf: boolean;
	randomId: boolean;
	minTtl: number | undefined;
	maxMss: number | undefined;
	reassembleTcp: boolean;
	nat: PoolSpec | undefined;
	rdr: PoolSpec | undefined;
	afTo: boolean;
	route: { readonly kind: "route-to" | "reply-to" | "dup-to"; readonly pool: PoolSpec } | undefined;
	receivedOn: InterfaceItem | undefined;
	once: boolean;
	rate: Rate | undefined;
	setPrio: readonly [number, number] | undefined;
	setTos: number | undefined;
	setDelay: number | undefined;
}

/** Most rules name none. */
const NO_LIMITERS: readonly LimiterUse[] = [];

export function noFilterOptions(): FilterOptions {
	return {
		user: [],
		group: [],
		flags: undefined,
		icmp: undefined,
		prio: -1,
		tos: undefined,
		keep: undefined,
		fragment: false,
		allowOptions: false,
		label: undefined,
		queue: undefined,
		tag: undefined,
		tagged: undefined,
		limiters: NO_LIMITERS,
		probability: 0,
		rtable: -1,
		divert: undefined,
		noDf: false,
		randomId: false,
		minTtl: undefined,
		maxMss: undefined,
		reassembleTcp: false,
		nat: undefined,
		rdr: undefined,
		afTo: false,
		route: undefined,
		receivedOn: undefined,
		once: false,
		rate: undefined,
		setPrio: undefined,
		setTos: undefined,
		setDelay: undefined,
	};
}

/** One end of a rule; empty lists for any. */
export interface EndSpec {
	readonly hosts: readonly ResolvedHost[];
	readonly ports: readonly NumberMatch[];
}

/** A rule as it is written (the parts of pfrule and anchorrule of parse.y), as it is read. */
export interface RuleSpec {
	action: "pass" | "block" | "match";
	blockReturn: BlockReturn;
	direction: "in" | "out" | undefined;
	log: LogOption | undefined;
	quick: boolean;
	interfaces: readonly InterfaceItem[];
	family: Family | undefined;
	protocols: readonly number[];
	source: EndSpec;
	os: readonly string[];
	destination: EndSpec;
	options: FilterOptions;
}

/** The options of a rule that has none. */
export const NO_OPTIONS = noFilterOptions();
const NONE: readonly never[] = [];
const ANYWHERE: EndSpec = { hosts: NONE, ports: NONE };

export function blankSpec(): RuleSpec {
	return {
		action: "pass",
		blockReturn: DROP,
		direction: undefined,
		log: undefined,
		quick: false,
		interfaces: NONE,
		family: undefined,
		protocols: NONE,
		source: ANYWHERE,
		os: NONE,
		destination: ANYWHERE,
		options: NO_OPTIONS,
	};
}

/** What `antispoof` says of each of its interfaces. */
export interface AntispoofSpec {
	readonly log: LogOption | undefined;
	readonly quick: boolean;
	readonly family: Family | undefined;
	readonly label: string;
	readonly rtable: number;
}

/** A statement that makes rules, as it is written. */
export type WrittenStatement =
	| {
			readonly kind: "rule";
			/** As far as it is read: all but the end of its line. */
			readonly words: Span;
			readonly spec: RuleSpec;
	  }
	/** The call of an anchor. Its block, where it has one, stands before it. */
	| { readonly kind: "anchor"; readonly words: Span; readonly spec: RuleSpec; readonly name: string | undefined }
	| { readonly kind: "antispoof"; readonly words: Span; readonly spec: AntispoofSpec; readonly interfaces: readonly InterfaceItem[] };

/**
 * The ruleset that a host ends up with, as data: what pfctl has in its hands after it expanded lists and macros,
 * and what the kernel evaluates (struct pf_rule and its neighbours, sys/net/pfvar.h).
 *
 * Rules are plain values. Parts that most rules share (no state options, no scrubbing, any address) are the shared
 * constants below, so that ten thousand rules stay small; compare such parts by content, never by identity.
 */
import type { Span } from "../text/span.ts";

export type Family = "inet" | "inet6";

/**
 * An address as four 32-bit words, most significant first; an IPv4 address is the word `a` alone, the others are 0.
 * The words are *signed* (`| 0`), so that they are compared and masked without boxing: use `>>> 0` to order them.
 */
export interface Ip {
	readonly a: number;
	readonly b: number;
	readonly c: number;
	readonly d: number;
}

/** `(em0:network:0)`: an interface's or a group's addresses, as the kernel finds them at run time. */
export interface DynamicAddress {
	readonly kind: "dynamic";
	readonly interface: string;
	/** At most one of the three that choose which of its addresses is meant. */
	readonly part: "address" | "network" | "broadcast" | "peer";
	/** `:0`, without aliases. */
	readonly noAlias: boolean;
	/** Written after a `/`, or the whole address (32 in an inet rule, otherwise 128). */
	readonly bits: number;
}

/** What an address of a packet is compared with (struct pf_addr_wrap). The family is the rule's. */
export type AddressMatch =
	/** `any` is the address 0 with 0 bits, as is `0.0.0.0/0`: pf knows no difference. */
	| { readonly kind: "network"; readonly address: Ip; readonly bits: number }
	| { readonly kind: "range"; readonly first: Ip; readonly last: Ip }
	| { readonly kind: "table"; readonly name: string }
	| DynamicAddress
	/** A name as written, of an interface or a host whose addresses are not known here. */
	| { readonly kind: "unresolved"; readonly name: string }
	| { readonly kind: "no-route" }
	| { readonly kind: "urpf-failed" }
	| { readonly kind: "route-label"; readonly label: string };

/** `><` excludes both ends, `:` includes them, `<>` is everything outside of both. */
export type NumberOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "><" | "<>" | ":";

/** A comparison of a port, a user or a group. `high` is 0 where the operator takes one operand. */
export interface NumberMatch {
	readonly op: NumberOperator;
	readonly low: number;
	readonly high: number;
}

/** The user or group `unknown`: packets without a local socket (UID_MAX, printed as a word). */
export const UNKNOWN_ID = 0xffffffff;

/** One end of a connection, as a rule asks for it (struct pf_rule_addr). */
export interface EndpointMatch {
	readonly address: AddressMatch;
	readonly negated: boolean;
	readonly port: NumberMatch | undefined;
}

export type PoolKind = "none" | "bitmask" | "random" | "source-hash" | "round-robin" | "least-states";

/** Where translated or routed packets go (struct pf_pool). */
export interface Pool {
	readonly address: AddressMatch;
	readonly kind: PoolKind;
	readonly sticky: boolean;
	/** The four words (unsigned) of `source-hash`; zeros otherwise. */
	readonly key: readonly [number, number, number, number];
	/**
	 * For nat-to the ports that the kernel picks from: [50001, 65535] where none is written, [0, 0] for `static-port`.
	 * For rdr-to the target ports, [0, 0] where the port stays; equal or [port, 0] for a single one.
	 */
	readonly ports: readonly [number, number];
}

/** The range that nat-to picks a source port from where the rule names none (pfctl_parser.h). */
export const NAT_PORTS: readonly [number, number] = [50001, 65535];

export interface LogOption {
	readonly all: boolean;
	readonly matches: boolean;
	readonly user: boolean;
	/** The number of the pflog interface. */
	readonly interface: number;
}

/** How a blocked packet is answered. */
export type BlockReturn =
	| { readonly kind: "drop" }
	| { readonly kind: "return" }
	| { readonly kind: "rst"; readonly ttl: number }
	/** Both codes are kept; the rule's family decides which is used: type times 256 plus code. */
	| { readonly kind: "icmp"; readonly icmp: number; readonly icmp6: number };

/** The order is the kernel's (PFTM_*), in which they are printed. */
export const TIMEOUTS = [
	"tcp.first",
	"tcp.opening",
	"tcp.established",
	"tcp.closing",
	"tcp.finwait",
	"tcp.closed",
	"udp.first",
	"udp.single",
	"udp.multiple",
	"icmp.first",
	"icmp.error",
	"other.first",
	"other.single",
	"other.multiple",
	"frag",
	"interval",
	"adaptive.start",
	"adaptive.end",
	"src.track",
	"tcp.tsdiff",
] as const;
export type TimeoutName = (typeof TIMEOUTS)[number];

/** What stands in parentheses after `keep state`. Zero means "not limited". */
export interface StateOptions {
	readonly max: number;
	readonly noSync: boolean;
	readonly sourceTrack: "rule" | "global" | undefined;
	readonly maxSrcStates: number;
	readonly maxSrcConn: number;
	readonly maxSrcConnRate: Rate | undefined;
	readonly maxSrcNodes: number;
	readonly overload: { readonly table: string; readonly flush: "none" | "rule" | "global" } | undefined;
	readonly ifBound: boolean;
	readonly sloppy: boolean;
	readonly pflow: boolean;
	readonly timeouts: Readonly<Partial<Record<TimeoutName, number>>>;
}

/** `limit` events in `seconds`. */
export interface Rate {
	readonly limit: number;
	readonly seconds: number;
}

/** What `set (...)` changes on the packets that match. */
export interface SetActions {
	/** For data, and for ACKs without data and `lowdelay` packets. */
	readonly prio: readonly [number, number] | undefined;
	/** The second queue is that for ACKs and `lowdelay`. */
	readonly queue: readonly [string, string | undefined] | undefined;
	readonly tos: number | undefined;
	/** Milliseconds. */
	readonly delay: number | undefined;
}

export interface Scrub {
	readonly noDf: boolean;
	readonly randomId: boolean;
	/** 0 where not written, as `maxMss`. */
	readonly minTtl: number;
	readonly reassembleTcp: boolean;
	readonly maxMss: number;
}

export type Divert =
	| { readonly kind: "to"; readonly address: Ip; readonly port: number }
	| { readonly kind: "reply" }
	| { readonly kind: "packet"; readonly port: number };

/** An anchor that a rule evaluates. */
export interface AnchorCall {
	/** As pfctl prints it: relative to the caller for a block of rules, otherwise as written. Unnamed blocks are `_1`, `_2`... */
	readonly name: string;
	/** From the main ruleset, without a leading `/` and without the `/*` of a wildcard. */
	readonly path: string;
	/** `name/*`: all anchors directly below, in alphabetical order. */
	readonly wildcard: boolean;
	/** The rules in braces, where the call has them. */
	readonly block: Anchor | undefined;
}

/** One rule after expansion. Every field is always there, so that all rules have one shape. */
export interface Rule {
	/** The number of the statement that it came from, which its file gave it. */
	readonly statement: number;
	/** The words that say it, behind where the statement begins: of a rule in a block, those of its own line. */
	readonly words: Span;
	/** An anchor call is a `pass` rule with `anchor`. */
	readonly action: "pass" | "block" | "match";
	readonly anchor: AnchorCall | undefined;
	readonly blockReturn: BlockReturn;
	readonly direction: "in" | "out" | undefined;
	readonly log: LogOption | undefined;
	readonly quick: boolean;
	/** Interface or group; empty for any. */
	readonly interface: string;
	/** Negates `interface` or `rdomain`. */
	readonly interfaceNegated: boolean;
	/** `on rdomain N`; -1 for any. */
	readonly rdomain: number;
	readonly family: Family | undefined;
	/** 0 for any. */
	readonly protocol: number;
	readonly source: EndpointMatch;
	/** The fingerprint as pfctl prints it, such as `OpenBSD 3.3 no-df`; empty for any. */
	readonly os: string;
	readonly destination: EndpointMatch;
	/** Interface or group; empty for any. */
	readonly receivedOn: string;
	readonly receivedOnNegated: boolean;
	readonly user: NumberMatch | undefined;
	readonly group: NumberMatch | undefined;
	/** Bits of `FSRPAUEW`, F lowest: those that must be set, out of those in `flagSet`. */
	readonly flags: number;
	readonly flagSet: number;
	/** Of icmp, or of icmp6 where the family is inet6; -1 for any. */
	readonly icmpType: number;
	readonly icmpCode: number;
	/** 0 for any. */
	readonly tos: number;
	/** -1 for any. */
	readonly prio: number;
	readonly maxPacketRate: Rate | undefined;
	readonly set: SetActions | undefined;
	/** `none` on anchor calls, match and block rules without one too: those keep no state of their own. */
	readonly state: "none" | "keep" | "modulate" | "synproxy";
	readonly stateOptions: StateOptions;
	/** One of each kind at most, in the order of the kinds. */
	readonly limiters: readonly LimiterUse[];
	/** In units of 1 / 2^32; 0 where the rule always matches. */
	readonly probability: number;
	readonly fragment: boolean;
	readonly scrub: Scrub | undefined;
	readonly allowOptions: boolean;
	/** With `$if`, `$nr` and the others replaced; empty for none. The same for tags. */
	readonly label: string;
	readonly once: boolean;
	readonly tag: string;
	readonly tagged: string;
	readonly taggedNegated: boolean;
	/** -1 for none. */
	readonly rtable: number;
	readonly divert: Divert | undefined;
	/** With `afTo`, the source pool of `af-to`; otherwise `nat-to`. */
	readonly nat: Pool | undefined;
	/** With `afTo`, the destination pool after `to`; otherwise `rdr-to`. */
	readonly rdr: Pool | undefined;
	/** The family that af-to translates to. */
	readonly afTo: Family | undefined;
	readonly route: { readonly kind: "route-to" | "reply-to" | "dup-to"; readonly pool: Pool } | undefined;
}

/** One address of a table. */
export interface TableEntry {
	readonly family: Family;
	readonly address: Ip;
	readonly bits: number;
	readonly negated: boolean;
	/** `@em0`, kept for routing pools. */
	readonly interface?: string;
	/** Of load balancing; 0 where none is given. */
	readonly weight?: number;
}

/** An address as a table definition prints it; automatic tables can hold addresses that only the kernel can resolve. */
export interface TableItem {
	readonly match: AddressMatch;
	readonly family: Family | undefined;
	readonly negated: boolean;
	readonly interface?: string;
}

/** One part of a table's definition. */
export type TableSource =
	| { readonly kind: "file"; readonly path: string }
	| { readonly kind: "addresses"; readonly items: readonly TableItem[] };

export interface Table {
	readonly name: string;
	/** The path of its anchor; empty for the main ruleset. */
	readonly anchor: string;
	/** -1 for the tables that pfctl makes of pools with several addresses (`__automatic_0`). */
	readonly statement: number;
	readonly words: Span;
	readonly constant: boolean;
	readonly persist: boolean;
	readonly counters: boolean;
	/** It has an address list or a file, be it empty: loading replaces what the table held. */
	readonly initialised: boolean;
	readonly sources: readonly TableSource[];
	/** All addresses, those of files included. */
	readonly entries: readonly TableEntry[];
	/** A file that was not there to read: what the table holds is not known. */
	readonly incomplete: boolean;
}

/** Bits per second, or a percentage; both 0 where not written. */
export interface Bandwidth {
	readonly absolute: number;
	readonly percent: number;
}

/** A rate, and another for the first milliseconds (struct pf_queue_scspec). */
export interface ServiceCurve {
	readonly rate: Bandwidth;
	readonly burst: Bandwidth;
	/** Milliseconds of the burst; 0 for none. */
	readonly time: number;
}

export interface Queue {
	readonly statement: number;
	readonly words: Span;
	readonly name: string;
	/** Empty for a root queue. */
	readonly parent: string;
	/** Empty for queues below a parent, on the parent's interfaces. */
	readonly interface: string;
	/** `interval` and `target` in milliseconds; 0 for what is not written, as `quantum`. */
	readonly flow: { readonly flows: number; readonly quantum: number; readonly interval: number; readonly target: number } | undefined;
	readonly bandwidth: ServiceCurve;
	readonly min: ServiceCurve;
	readonly max: ServiceCurve;
	readonly default: boolean;
	/** 0 where not written. */
	readonly limit: number;
}

/** A `set` statement; names and values as written, where pfctl echoes them so. */
export type SetOption =
	| { readonly kind: "block-policy"; readonly value: "drop" | "return" }
	| { readonly kind: "debug"; readonly level: string }
	| { readonly kind: "fingerprints"; readonly path: string }
	| { readonly kind: "hostid"; readonly value: number }
	| { readonly kind: "limit"; readonly name: string; readonly value: number }
	| { readonly kind: "loginterface"; readonly interface: string }
	| { readonly kind: "optimization"; readonly value: string }
	| { readonly kind: "reassemble"; readonly on: boolean; readonly noDf: boolean }
	| { readonly kind: "skip"; readonly interfaces: readonly string[] }
	| { readonly kind: "state-policy"; readonly value: "floating" | "if-bound" }
	| { readonly kind: "syncookies"; readonly mode: "never" | "always" | "adaptive"; readonly marks: SyncookieMarks | undefined }
	| { readonly kind: "timeout"; readonly name: string; readonly seconds: number };

/** Percent of the state limit. */
export interface SyncookieMarks {
	readonly start: number;
	readonly end: number;
}

/** In the order in which pfctl prints those of a rule. */
export const LIMITER_KINDS = ["state", "source"] as const;

/** A limit that rules share: of states, or of the states of each source. */
export interface Limiter {
	readonly kind: (typeof LIMITER_KINDS)[number];
	readonly name: string;
	readonly id: number;
	/** States at most; of a source limiter, of each source. */
	readonly limit: number;
	/** New states at most, of a source limiter from each source. */
	readonly rate: Rate | undefined;
	/** Sources at most; 0 of a state limiter. */
	readonly entries: number;
	/** The bits in which sources agree that count as one. */
	readonly inetMask: number;
	readonly inet6Mask: number;
	/** Where sources are put that have more states than `above`, until they have fewer than `below`. */
	readonly table: { readonly name: string; readonly above: number; readonly below: number } | undefined;
}

/** How a rule names a limiter, and what becomes of packets over its limit. */
export interface LimiterUse {
	readonly kind: Limiter["kind"];
	readonly name: string;
	readonly id: number;
	readonly action: "block" | "no-match";
}

/** What pfctl echoes while it reads, in that order; the rules follow when all is read. */
export type Definition =
	| { readonly kind: "macro"; readonly name: string; readonly value: string }
	| { readonly kind: "option"; readonly option: SetOption }
	| { readonly kind: "table"; readonly table: Table }
	| { readonly kind: "limiter"; readonly limiter: Limiter }
	/** A complaint that pfctl prints among them. */
	| { readonly kind: "note"; readonly text: string };

/** A list of rules with its place in the tree; the main ruleset has the path "". */
export interface Anchor {
	/** From the main ruleset, without a leading `/`. */
	readonly path: string;
	readonly rules: readonly Rule[];
	readonly tables: readonly Table[];
}

/** What remains of the `set` statements for the evaluation of packets. */
export interface RulesetOptions {
	/** Interfaces and groups on which pf does nothing. */
	readonly skip: readonly string[];
	readonly blockPolicy: "drop" | "return";
	readonly statePolicy: "floating" | "if-bound";
	readonly reassemble: boolean;
}

export interface Ruleset {
	readonly definitions: readonly Definition[];
	readonly options: RulesetOptions;
	/** In the order in which pfctl prints and loads them: each root queue, then those below it. */
	readonly queues: readonly Queue[];
	readonly main: Anchor;
	/** All anchors that have rules or tables here, loaded ones too, by path; the main ruleset is not among them. */
	readonly anchors: ReadonlyMap<string, Anchor>;
	/** Rules are left out, because they are too many (limits.ts): what pf does with a packet is not known. */
	readonly cutOff?: boolean;
}

export const ZERO_IP: Ip = { a: 0, b: 0, c: 0, d: 0 };

export const ANY_ADDRESS: AddressMatch = { kind: "network", address: ZERO_IP, bits: 0 };

export const ANY_END: EndpointMatch = { address: ANY_ADDRESS, negated: false, port: undefined };

export const NO_STATE_OPTIONS: StateOptions = {
	max: 0,
	noSync: false,
	sourceTrack: undefined,
	maxSrcStates: 0,
	maxSrcConn: 0,
	maxSrcConnRate: undefined,
	maxSrcNodes: 0,
	overload: undefined,
	ifBound: false,
	sloppy: false,
	pflow: false,
	timeouts: {},
};

export const DROP: BlockReturn = { kind: "drop" };

/** A `pass` rule that asks for nothing and keeps no state: what a rule's fields are where nothing else is said. */
export const BLANK_RULE: Rule = {
	statement: -1,
	words: { start: 0, end: 0 },
	action: "pass",
	anchor: undefined,
	blockReturn: DROP,
	direction: undefined,
	log: undefined,
	quick: false,
	interface: "",
	interfaceNegated: false,
	rdomain: -1,
	family: undefined,
	protocol: 0,
	source: ANY_END,
	os: "",
	destination: ANY_END,
	receivedOn: "",
	receivedOnNegated: false,
	user: undefined,
	group: undefined,
	flags: 0,
	flagSet: 0,
	icmpType: -1,
	icmpCode: -1,
	tos: 0,
	prio: -1,
	maxPacketRate: undefined,
	set: undefined,
	state: "none",
	stateOptions: NO_STATE_OPTIONS,
	limiters: [],
	probability: 0,
	fragment: false,
	scrub: undefined,
	allowOptions: false,
	label: "",
	once: false,
	tag: "",
	tagged: "",
	taggedNegated: false,
	rtable: -1,
	divert: undefined,
	nat: undefined,
	rdr: undefined,
	afTo: undefined,
	route: undefined,
};

/** TCP flags by bit, F lowest (pfctl_parser.c). */
export const TCP_FLAGS = "FSRPAUEW";

export function isAny(address: AddressMatch): boolean {
	return address.kind === "network" && address.bits === 0 && isZero(address.address);
}

function isZero(ip: Ip): boolean {
	return (ip.a | ip.b | ip.c | ip.d) === 0;
}

/** Whether an end of a rule takes any address and any port. */
export function isUnrestricted({ address, negated, port }: EndpointMatch): boolean {
	return !negated && port === undefined && isAny(address);
}

/** Whether a rule asks for nothing but a direction: what it blocks, it blocks for all. */
export function matchesEverything(rule: Rule): boolean {
	return rule.family === undefined && matchesAllOfFamily(rule);
}

/** Whether a rule asks for nothing but a direction and, perhaps, a family. */
export function matchesAllOfFamily(rule: Rule): boolean {
	return rule.interface === "" && matchesAllThere(rule);
}

/** The same of one that may name an interface too. */
export function matchesAllThere(rule: Rule): boolean {
	const { protocol, rdomain, tagged, user, group, os, fragment, icmpType, probability, receivedOn, prio, tos } = rule;
	if (protocol !== 0 || rdomain !== -1 || tagged !== "" || os !== "" || receivedOn !== "" || fragment) return false;
	if (user !== undefined || group !== undefined || icmpType !== -1 || probability !== 0 || prio !== -1 || tos !== 0) return false;
	return isUnrestricted(rule.source) && isUnrestricted(rule.destination);
}

/** Limiters of states and of their sources: their statements, how rules name them, and what their names are. */
import type { NameKind, NameRule } from "../../text/language.ts";
import { msg } from "../../text/message.ts";
import { PLAIN } from "../../text/name-kinds.ts";
import { argument, define, type Meaning, type PfEntry } from "./entry.ts";

/** PF_STATELIM_NAME_LEN, PF_SOURCELIM_NAME_LEN. */
const NAME: NameRule = { longest: 15, pattern: /^[^\s"'<>{}(),#$\\]+$/, asks: PLAIN, quotable: true, typed: "[^\\s\"'<>{}(),#$]+" };
const SHOWN = { icon: "class", colour: "queue", counted: true, rule: NAME, outline: "limiter" } as const;

export const LIMITER_NAMES = {
	"state-limiter": { ...SHOWN, called: msg("a limiter of states"), title: (name) => msg("Limiter of states `{0}`", name) },
	"source-limiter": { ...SHOWN, called: msg("a limiter of sources"), title: (name) => msg("Limiter of sources `{0}`", name) },
} as const satisfies Readonly<Record<string, NameKind>>;

export const LIMITER_ROLES = {
	"state-limiter-definition": { role: "name", symbol: { kind: "state-limiter", use: "define" } },
	"source-limiter-definition": { role: "name", symbol: { kind: "source-limiter", use: "define" } },
	"state-limiter": { role: "name", symbol: { kind: "state-limiter", use: "refer" } },
	"source-limiter": { role: "name", symbol: { kind: "source-limiter", use: "refer" } },
} as const satisfies Readonly<Record<string, Meaning>>;

const SINCE = { since: "7.9" } as const;
const number = [argument("number", "number")];
const rate = [argument("number", "number"), argument("seconds", "seconds")];
const id = [argument("id", "number")];
const STATES = "state limiter dns id 3 limit 1000";
const SOURCES = "source limiter home id 2 entries 500 limit 10";

export const LIMITER_WORDS = [
	...define("statement", "state", [
		[
			"state",
			"Defines a limiter: all rules that name it share one limit of states. What is over the limit is blocked, or does not match.",
			{
				...SINCE,
				form: 'state limiter "{name}" id {id} limit {number}',
				args: [argument("name", "state-limiter"), ...id, ...number],
				example: `${STATES}\npass in proto udp to port 53 state limiter dns`,
				weight: 8,
			},
		],
		[
			"source",
			"Defines a limiter of sources: how many addresses it remembers, and how many states each of them may have.",
			{
				...SINCE,
				form: 'source limiter "{name}" id {id} entries {entries} limit {number}',
				args: [argument("name", "source-limiter"), ...id, argument("entries", "number"), ...number],
				example: `${SOURCES}\npass in on egress source limiter home`,
				weight: 8,
			},
		],
	]),
	...define("filter option", "state", [
		[
			"state",
			"`state limiter`: the states of the rule count against a limiter. Over its limit the packet is blocked; with `(no-match)` the rule does not match it.",
			{
				...SINCE,
				form: 'state limiter "{name}"',
				args: [argument("name", "state-limiter")],
				example: `${STATES}\npass in proto tcp to port 53 state limiter dns (no-match)`,
				weight: 12,
			},
		],
		[
			"source",
			"`source limiter`: the states of each source count against a limiter. Over its limit the packet is blocked; with `(no-match)` the rule does not match it.",
			{
				...SINCE,
				form: 'source limiter "{name}"',
				args: [argument("name", "source-limiter")],
				example: `${SOURCES}\npass in source limiter home (no-match)`,
				weight: 12,
			},
		],
	]),
	...define("limiter option", "state", [
		[
			"id",
			"The number of the limiter, 1 to 255; states and sources are counted apart.",
			{ ...SINCE, args: id, example: STATES, weight: 90 },
		],
		["limit", "So many states at most; of a source limiter, for each source.", { ...SINCE, args: number, example: STATES, weight: 80 }],
		[
			"rate",
			"So many new states at most in so many seconds; of a source limiter, for each source.",
			{ ...SINCE, form: "rate {number}/{seconds}", args: rate, example: `${STATES} rate 100/10`, weight: 60 },
		],
		["entries", "So many sources are remembered at most.", { ...SINCE, args: number, example: SOURCES, weight: 85 }],
		[
			"inet",
			"`inet mask`: sources of IPv4 that agree in so many bits count as one.",
			{
				...SINCE,
				form: "inet mask {bits}",
				args: [argument("bits", "prefix-length")],
				default: "32",
				example: `${SOURCES} inet mask 24`,
				weight: 30,
			},
		],
		[
			"inet6",
			"`inet6 mask`: sources of IPv6 that agree in so many bits count as one.",
			{
				...SINCE,
				form: "inet6 mask {bits}",
				args: [argument("bits", "prefix-length")],
				default: "128",
				example: `${SOURCES} inet6 mask 64`,
				weight: 30,
			},
		],
		[
			"table",
			"Puts a source into the table while it has more states than the number behind `above`, and takes it out again below that behind `below`.",
			{
				...SINCE,
				form: "table <{table}> above {above}",
				args: [argument("table", "table"), argument("above", "number")],
				example: `table <busy>\n${SOURCES} table <busy> above 8 below 2`,
				weight: 20,
			},
		],
	]),
	...define("limiter action", "state", [
		["block", "Over the limit the packet is blocked.", { ...SINCE, example: `${STATES}\npass in state limiter dns (block)`, weight: 40 }],
		[
			"no-match",
			"Over the limit the rule does not match, and those behind it decide.",
			{ ...SINCE, example: `${STATES}\npass in state limiter dns (no-match)`, weight: 50 },
		],
	]),
	...define("limiter part", "state", [
		["limiter", "Second word of `state limiter` and `source limiter`.", { ...SINCE, example: STATES }],
		["id", "Names the limiter of a rule by its number.", { ...SINCE, args: id, example: `${STATES}\npass in state limiter id 3` }],
		["mask", "Second word of `inet mask` and `inet6 mask`.", { ...SINCE, example: `${SOURCES} inet mask 24` }],
		[
			"above",
			"With more states than this a source is put into the table.",
			{ ...SINCE, args: number, example: `table <busy>\n${SOURCES} table <busy> above 8` },
		],
		[
			"below",
			"With fewer states than this a source is taken out of the table.",
			{ ...SINCE, args: number, example: `table <busy>\n${SOURCES} table <busy> above 8 below 2` },
		],
	]),
] satisfies readonly PfEntry[];

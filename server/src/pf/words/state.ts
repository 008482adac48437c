/** State options, and the timeouts that stand among them and in `set timeout`. */
import type { TimeoutName } from "../rules.ts";
import { argument, type Definition, define, type PfEntry } from "./entry.ts";

const seconds = [argument("seconds", "seconds")];

/** What each timeout measures, and its default in seconds. */
const TIMEOUTS: Readonly<Record<TimeoutName, readonly [summary: string, seconds: string]>> = {
	"tcp.first": ["A TCP connection of which only the first packet was seen.", "120"],
	"tcp.opening": ["A TCP connection before both ends have acknowledged it.", "30"],
	"tcp.established": ["A TCP connection that is open but idle.", "86400"],
	"tcp.closing": ["A TCP connection after the first FIN.", "900"],
	"tcp.finwait": ["A TCP connection after both FINs.", "45"],
	"tcp.closed": ["A TCP connection after a RST.", "90"],
	"tcp.tsdiff": ["How far TCP timestamps of one connection may differ.", "30"],
	"udp.first": ["UDP after the first packet.", "60"],
	"udp.single": ["UDP where only one side has sent, more than once.", "30"],
	"udp.multiple": ["UDP where both sides have sent.", "60"],
	"icmp.first": ["ICMP after the first packet.", "20"],
	"icmp.error": ["ICMP after an error came back.", "10"],
	"other.first": ["Other protocols after the first packet.", "60"],
	"other.single": ["Other protocols where only one side has sent, more than once.", "30"],
	"other.multiple": ["Other protocols where both sides have sent.", "60"],
	frag: ["A fragment that waits for the rest of its packet.", "60"],
	interval: ["How often expired states and fragments are looked for.", "10"],
	"src.track": ["A source that is tracked, after its last state.", "0"],
	"adaptive.start": ["With more states than this, all timeouts are shortened in proportion. A number of states, not seconds.", "60000"],
	"adaptive.end": ["With this many states all timeouts would be zero. A number of states, not seconds.", "120000"],
};

/** A timeout with its description. */
type Timeout<N extends TimeoutName = TimeoutName> = readonly [name: N, summary: string, seconds: string];

const ALL_TIMEOUTS = Object.entries(TIMEOUTS).map(([name, [summary, value]]): Timeout => [name as TimeoutName, summary, value]);

/** Those that a rule can set for its own states; the others hold for pf as a whole. */
const RULE_TIMEOUTS = ALL_TIMEOUTS.filter(
	(timeout): timeout is Timeout<Exclude<TimeoutName, "frag" | "interval">> => timeout[0] !== "frag" && timeout[0] !== "interval",
);

const timeoutWords = <N extends TimeoutName>(timeouts: readonly Timeout<N>[], example: (name: N) => string): readonly Definition<N>[] =>
	timeouts.map(([name, summary, value]) => [
		name,
		summary,
		{
			args: seconds,
			default: value,
			example: example(name),
			manual: name,
			weight: name.startsWith("tcp.") || name.startsWith("udp.") ? 20 : 10,
		},
	]);

export const STATE_WORDS = [
	...define(
		"state option",
		"Stateful_Tracking_Options",
		[
			[
				"max",
				"At most so many states by this rule; further connections are dropped.",
				{ args: [argument("number", "number")], example: "pass in proto tcp to port www keep state (max 1000)", weight: 40 },
			],
			["no-sync", "Does not tell pfsync(4) of these states.", { example: "pass proto tcp keep state (no-sync)", weight: 10 }],
			[
				"source-track",
				"Counts states by source address; `rule` of this rule alone, `global` of all rules that track.",
				{
					args: [argument("scope", "word", { optional: true, choices: ["rule", "global"] })],
					example: "pass in proto tcp to port www keep state (source-track rule, max-src-nodes 100)",
					weight: 25,
				},
			],
			[
				"max-src-nodes",
				"At most so many sources at once.",
				{
					args: [argument("number", "number")],
					example: "pass in proto tcp to port www keep state (source-track rule, max-src-nodes 100)",
					weight: 15,
				},
			],
			[
				"max-src-states",
				"At most so many states of one source.",
				{ args: [argument("number", "number")], example: "pass in proto tcp to port www keep state (max-src-states 20)", weight: 25 },
			],
			[
				"max-src-conn",
				"At most so many established TCP connections of one source.",
				{ args: [argument("number", "number")], example: "pass in proto tcp to port ssh keep state (max-src-conn 10)", weight: 50 },
			],
			[
				"max-src-conn-rate",
				"At most so many new TCP connections of one source in so many seconds.",
				{
					form: "max-src-conn-rate {number}/{seconds}",
					args: [argument("number", "number"), argument("seconds", "seconds")],
					example: "pass in proto tcp to port ssh keep state (max-src-conn-rate 5/30)",
					weight: 50,
				},
			],
			[
				"overload",
				"Puts sources that exceed a limit on connections into a table; `flush` also kills their states by this rule, `flush global` all of them.",
				{
					form: "overload <{table}>",
					args: [argument("table", "table")],
					example: "table <bad> persist\npass in proto tcp to port ssh keep state (max-src-conn-rate 5/30, overload <bad> flush global)",
					manual: "Stateful_Tracking_Options",
					weight: 50,
				},
			],
			[
				"if-bound",
				"The state is valid on the interface only on which it was made.",
				{ example: "pass out on tap keep state (if-bound)", weight: 20 },
			],
			[
				"floating",
				"The state is valid on all interfaces.",
				{ default: "unless `set state-policy if-bound`", example: "pass out keep state (floating)", weight: 10 },
			],
			[
				"sloppy",
				"Does not check TCP sequence numbers: for asymmetric routing. ICMP replies can make states too.",
				{ example: "pass proto tcp keep state (sloppy)", weight: 20 },
			],
			["pflow", "Exports these states by pflow(4).", { example: "pass keep state (pflow)", weight: 15 }],
			...timeoutWords(RULE_TIMEOUTS, (name) =>
				name === "adaptive.start" || name === "adaptive.end"
					? "pass proto tcp keep state (adaptive.start 5000, adaptive.end 9000)"
					: `pass proto tcp keep state (${name} 60)`,
			),
		],
		"own",
	),
	...define("source-track", "source-track", [
		["rule", "States of this rule alone.", { example: "pass in proto tcp keep state (source-track rule)", weight: 60 }],
		[
			"global",
			"States of all rules that track sources globally.",
			{ default: "where neither is written", example: "pass in proto tcp keep state (source-track global)", weight: 30 },
		],
	]),
	...define("overload option", "Stateful_Tracking_Options", [
		[
			"flush",
			"Kills the states that this rule made for the source.",
			{ example: "table <bad> persist\npass in proto tcp keep state (max-src-conn 9, overload <bad> flush)", weight: 60 },
		],
		[
			"global",
			"Kills all states of the source, whatever rule made them.",
			{ example: "table <bad> persist\npass in proto tcp keep state (max-src-conn 9, overload <bad> flush global)", weight: 60 },
		],
	]),
	...define(
		"timeout",
		"OPTIONS",
		timeoutWords(ALL_TIMEOUTS, (name) => `set timeout ${name} 60`),
	),
] satisfies readonly PfEntry[];

/** Words of `set`, table and queue statements. */
import { argument, define, type PfEntry } from "./entry.ts";

export const OPTION_WORDS = [
	...define("set option", "OPTIONS", [
		[
			"skip",
			"`set skip on`: interfaces and groups on which pf does nothing at all.",
			{ form: "skip on {interface}", args: [argument("interface", "interface")], example: "set skip on lo", weight: 90 },
		],
		[
			"block-policy",
			"What `block` rules without an answer of their own do.",
			{
				args: [argument("policy", "word", { choices: ["drop", "return"] })],
				default: "drop",
				example: "set block-policy return",
				weight: 70,
			},
		],
		[
			"state-policy",
			"Whether states are valid on all interfaces or only on the one on which they were made.",
			{
				args: [argument("policy", "word", { choices: ["floating", "if-bound"] })],
				default: "floating",
				example: "set state-policy if-bound",
				weight: 35,
			},
		],
		[
			"state-defaults",
			"State options for rules that give none.",
			{ args: [argument("option", "word")], example: "set state-defaults pflow, no-sync", weight: 15 },
		],
		[
			"loginterface",
			"The interface or group whose packets are counted for `pfctl -s info`, or `none`.",
			{ args: [argument("interface", "interface")], default: "none", example: "set loginterface egress", weight: 40 },
		],
		[
			"limit",
			"How much memory pf may use: one of its pools, or several in braces.",
			{
				form: "limit {pool} {number}",
				args: [argument("pool", "word"), argument("number", "number")],
				example: "set limit { states 200000, table-entries 500000 }",
				weight: 40,
			},
		],
		[
			"timeout",
			"When states and fragments expire: one of them, or several in braces.",
			{
				form: "timeout {timeout} {seconds}",
				args: [argument("timeout", "word"), argument("seconds", "seconds")],
				example: "set timeout { tcp.established 43200, udp.multiple 30 }",
				weight: 30,
			},
		],
		[
			"optimization",
			"All timeouts together, by the kind of network.",
			{
				args: [argument("environment", "word", { choices: ["normal", "high-latency", "satellite", "aggressive", "conservative"] })],
				default: "normal",
				example: "set optimization aggressive",
				weight: 30,
			},
		],
		[
			"ruleset-optimization",
			"How pfctl rewrites the ruleset to make it faster; counters of rules then mean something else.",
			{
				args: [argument("level", "word", { choices: ["none", "basic", "profile"] })],
				default: "basic",
				example: "set ruleset-optimization none",
				weight: 15,
			},
		],
		[
			"reassemble",
			"Whether fragments are put together before rules see them; `no-df` also those with the don't-fragment bit.",
			{
				args: [argument("on", "word", { choices: ["yes", "no"] }), argument("no-df", "word", { optional: true, choices: ["no-df"] })],
				default: "yes",
				example: "set reassemble yes no-df",
				weight: 25,
			},
		],
		[
			"syncookies",
			"Answers TCP SYN packets without keeping anything in memory: always, never, or while half-open connections fill the state table.",
			{
				args: [argument("mode", "word", { choices: ["never", "always", "adaptive"] })],
				default: "never",
				example: "set syncookies adaptive (start 25%, end 12%)",
				since: "6.3",
				weight: 15,
			},
		],
		[
			"debug",
			"How severe a message of pf must be to be logged.",
			{
				args: [argument("level", "word", { choices: ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"] })],
				default: "err",
				example: "set debug notice",
				weight: 12,
			},
		],
		[
			"fingerprints",
			"The file of operating system fingerprints.",
			{
				form: 'fingerprints "{file}"',
				args: [argument("file", "path")],
				default: "/etc/pf.os",
				example: 'set fingerprints "/etc/pf.os"',
				weight: 3,
			},
		],
		[
			"hostid",
			"The number by which other firewalls know the states of this one in a pfsync(4) cluster.",
			{ args: [argument("number", "number")], default: "random", example: "set hostid 1", weight: 3 },
		],
	]),
	...define(
		"block-policy",
		"OPTIONS",
		[
			["drop", "Blocked packets get no answer.", { example: "set block-policy drop", weight: 50 }],
			["return", "Blocked TCP gets a RST, blocked UDP an ICMP unreachable message.", { example: "set block-policy return", weight: 50 }],
		],
		"own",
	),
	...define(
		"state-policy",
		"OPTIONS",
		[
			[
				"floating",
				"A state passes its packets on every interface. On a veb(4), the state from one port then passes the packet on the next.",
				{ example: "set state-policy floating", weight: 40 },
			],
			[
				"if-bound",
				"A state passes its packets on its own interface alone, so every crossing is decided by rules.",
				{ example: "set state-policy if-bound", weight: 60 },
			],
		],
		"own",
	),
	...define(
		"optimization",
		"OPTIONS",
		[
			["normal", "For almost all networks.", { example: "set optimization normal", weight: 40 }],
			["high-latency", "For links such as by satellite.", { example: "set optimization high-latency", weight: 20 }],
			["satellite", "The same as `high-latency`.", { example: "set optimization satellite", weight: 10 }],
			["aggressive", "Forgets idle connections early, to save memory.", { example: "set optimization aggressive", weight: 30 }],
			["conservative", "Keeps idle connections long, at the cost of memory.", { example: "set optimization conservative", weight: 30 }],
		],
		"own",
	),
	...define(
		"ruleset-optimization",
		"OPTIONS",
		[
			["none", "Rules are loaded as written.", { example: "set ruleset-optimization none", weight: 50 }],
			[
				"basic",
				"Removes duplicates and rules that another covers, gathers addresses in tables, reorders.",
				{ example: "set ruleset-optimization basic", weight: 40 },
			],
			[
				"profile",
				"Also orders quick rules by how often the loaded ruleset matched them.",
				{ example: "set ruleset-optimization profile", weight: 20 },
			],
		],
		"own",
	),
	...define("reassemble", "OPTIONS", [
		["yes", "Fragments are put together first.", { example: "set reassemble yes", weight: 50 }],
		["no", "Rules see fragments; those without ports match no rule that asks for a port.", { example: "set reassemble no", weight: 30 }],
		["no-df", "Also fragments with the don't-fragment bit, which is cleared.", { example: "set reassemble yes no-df", weight: 40 }],
	]),
	...define(
		"syncookies",
		"OPTIONS",
		[
			["never", "No syncookies.", { example: "set syncookies never", weight: 30 }],
			["always", "Every SYN is answered by a syncookie.", { example: "set syncookies always", weight: 20 }],
			[
				"adaptive",
				"From `start` percent of half-open connections in the state table until there are fewer than `end` percent.",
				{ example: "set syncookies adaptive (start 25%, end 12%)", weight: 60 },
			],
		],
		"own",
	),
	...define("syncookies option", "adaptive", [
		[
			"start",
			"The share of half-open connections at which syncookies begin.",
			{ args: [argument("percent", "percent")], default: "25%", example: "set syncookies adaptive (start 25%, end 12%)", weight: 50 },
		],
		[
			"end",
			"The share of half-open connections at which they end.",
			{
				args: [argument("percent", "percent")],
				default: "half of `start`",
				example: "set syncookies adaptive (start 25%, end 12%)",
				weight: 50,
			},
		],
	]),
	...define("debug", "OPTIONS", [
		...(["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"] as const).map(
			(level) =>
				[
					level,
					`Messages of severity \`${level}\` and above.`,
					{ example: `set debug ${level}`, weight: level === "notice" ? 40 : 10 },
				] as const,
		),
	]),
	...define(
		"limit",
		"OPTIONS",
		[
			[
				"states",
				"Connections that are remembered.",
				{ args: [argument("number", "number")], default: "100000", example: "set limit states 200000", weight: 80 },
			],
			[
				"src-nodes",
				"Sources that are tracked.",
				{ args: [argument("number", "number")], default: "10000", example: "set limit src-nodes 20000", weight: 30 },
			],
			[
				"frags",
				"Fragments that wait for the rest of their packet.",
				{ args: [argument("number", "number")], default: "a 32nd of the mbuf clusters", example: "set limit frags 2000", weight: 30 },
			],
			["tables", "Tables.", { args: [argument("number", "number")], default: "1000", example: "set limit tables 2000", weight: 20 }],
			[
				"table-entries",
				"Addresses in all tables together.",
				{ args: [argument("number", "number")], default: "200000", example: "set limit table-entries 400000", weight: 60 },
			],
			[
				"pktdelay-pkts",
				"Packets held back by `set delay`.",
				{
					args: [argument("number", "number")],
					default: "10000",
					example: "set limit pktdelay-pkts 20000",
					manual: "pktdelay_pkts",
					since: "6.4",
					weight: 5,
				},
			],
			[
				"anchors",
				"Anchors.",
				{ args: [argument("number", "number")], default: "512", example: "set limit anchors 1000", since: "7.2", weight: 15 },
			],
		],
		"own",
	),
	...define(
		"table option",
		"TABLES",
		[
			["persist", "Keeps the table even if no rule refers to it.", { example: "table <bad> persist", weight: 80 }],
			["const", "Forbids changes of the table while pf runs.", { example: "table <private> const { 10/8 }", weight: 50 }],
			["counters", "Counts packets and bytes of each address.", { example: "table <bad> persist counters", weight: 20 }],
			[
				"file",
				"Reads addresses from a file, one a line.",
				{
					form: 'file "{file}"',
					args: [argument("file", "path")],
					example: 'table <bad> persist file "/etc/pf.bad"',
					manual: "TABLES",
					weight: 60,
				},
			],
		],
		"own",
	),
	...define(
		"queue option",
		"QUEUEING",
		[
			[
				"on",
				"The interface of a root queue.",
				{ args: [argument("interface", "interface")], example: "queue main on em0 bandwidth 100M default", manual: "QUEUEING", weight: 90 },
			],
			[
				"parent",
				"The queue that it takes its bandwidth from.",
				{
					args: [argument("queue", "queue")],
					example: "queue main on em0 bandwidth 100M\nqueue web parent main bandwidth 40M default",
					weight: 90,
				},
			],
			[
				"bandwidth",
				"The share that it is given; `K`, `M` and `G` are powers of 1000, in bits per second. `burst RATE for TIMEms` applies at first.",
				{ args: [argument("bandwidth", "bandwidth")], example: "queue main on em0 bandwidth 100M default", manual: "QUEUEING", weight: 90 },
			],
			[
				"min",
				"The bandwidth that it always gets.",
				{
					args: [argument("bandwidth", "bandwidth")],
					example: "queue main on em0 bandwidth 90M, min 10M default",
					manual: "QUEUEING",
					weight: 50,
				},
			],
			[
				"max",
				"The bandwidth that it never exceeds.",
				{
					args: [argument("bandwidth", "bandwidth")],
					example: "queue main on em0 bandwidth 90M, max 90M default",
					manual: "QUEUEING",
					weight: 60,
				},
			],
			[
				"burst",
				"Another bandwidth for the first moments of activity.",
				{
					args: [argument("bandwidth", "bandwidth")],
					example: "queue main on em0 bandwidth 50M burst 90M for 100ms default",
					manual: "QUEUEING",
					weight: 10,
				},
			],
			[
				"for",
				"How long the burst lasts.",
				{
					args: [argument("milliseconds", "milliseconds")],
					example: "queue main on em0 bandwidth 50M burst 90M for 100ms default",
					manual: "QUEUEING",
					weight: 10,
				},
			],
			[
				"default",
				"Takes the packets that no rule puts into a queue. Each root queue needs one below it.",
				{ example: "queue main on em0 bandwidth 100M default", weight: 70 },
			],
			[
				"qlimit",
				"How many packets may wait.",
				{
					args: [argument("packets", "number")],
					default: "50, or 1024 with flows",
					example: "queue main on em0 bandwidth 100M default qlimit 200",
					weight: 30,
				},
			],
			[
				"flows",
				"Shares the bandwidth fairly between so many flows (FQ-CoDel).",
				{
					args: [argument("number", "number")],
					example: "queue fq on em0 flows 1024 bandwidth 90M, max 90M qlimit 1024 default",
					manual: "QUEUEING",
					since: "6.2",
					weight: 40,
				},
			],
			[
				"quantum",
				"How many bytes of a flow are sent in its turn.",
				{
					args: [argument("bytes", "number")],
					default: "the interface's MTU",
					example: "queue fq on em0 flows 1024 quantum 300 default",
					since: "6.2",
					weight: 15,
				},
			],
		],
		"own",
	),
] satisfies readonly PfEntry[];

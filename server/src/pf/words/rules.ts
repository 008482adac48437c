/** Words of filter rules, before their options. */
import { argument, define, type PfEntry } from "./entry.ts";

const FILTERING = "PACKET_FILTERING";

export const RULE_WORDS = [
	...define("statement", FILTERING, [
		[
			"pass",
			"Lets a packet through and, unless it says `no state`, makes a state that passes the rest of the connection. The last matching rule decides, or the first `quick` one.",
			{ example: "pass in on egress proto tcp to port ssh", manual: "pass", weight: 100 },
		],
		[
			"block",
			"Stops a packet. Without more words it is dropped silently or answered as `set block-policy` says.",
			{ example: "block return log all", manual: "block", weight: 95 },
		],
		[
			"match",
			"Changes or marks a packet (translation, tags, queues, scrubbing) without deciding on it; the rules after it see the packet as changed.",
			{ example: "match out on egress inet from ! (egress:network) nat-to (egress:0)", manual: "match", weight: 75 },
		],
		[
			"antispoof",
			"Expands to block rules against packets that claim an address of the interface's networks, or of the interface itself, but arrive elsewhere.",
			{ example: "antispoof quick for em0", manual: "Blocking_Spoofed_Traffic", weight: 30 },
		],
		[
			"anchor",
			"Evaluates the rules of an anchor at this place. With braces its rules stand here; a name that ends in `/*` calls all anchors directly below, in alphabetical order.",
			{
				form: 'anchor "{name}"',
				args: [argument("name", "anchor", { optional: true })],
				example: 'anchor "vm/*" on tap',
				manual: "anchor",
				weight: 60,
			},
		],
		[
			"load",
			"Fills an anchor from a file when the ruleset is loaded. Exactly that file is opened: there are no wildcards.",
			{
				form: 'load anchor "{name}" from "{file}"',
				args: [argument("name", "anchor"), argument("file", "path")],
				example: 'anchor web01\nload anchor web01 from "/etc/pf.web01.conf"',
				manual: "ANCHORS",
				weight: 45,
			},
		],
		[
			"table",
			"Defines a named set of addresses, which is fast to search whatever its size and can be changed while pf runs.",
			{
				form: "table <{name}>",
				args: [argument("name", "table")],
				example: "table <private> const { 10/8 172.16/12 192.168/16 }",
				manual: "TABLES",
				weight: 55,
			},
		],
		[
			"queue",
			"Defines a queue for bandwidth control: a root queue on an interface, or a queue below a parent.",
			{
				args: [argument("name", "queue")],
				example: "queue main on em0 bandwidth 100M\nqueue std parent main bandwidth 80M default",
				manual: "QUEUEING",
				weight: 20,
			},
		],
		["set", "Sets an option of the packet filter itself.", { example: "set skip on lo", manual: "OPTIONS", weight: 80 }],
		[
			"include",
			"Reads another file at this place. It works between statements and inside the braces of an anchor.",
			{
				form: 'include "{file}"',
				args: [argument("file", "path")],
				example: 'include "/etc/pf.tables.conf"',
				manual: "DESCRIPTION",
				weight: 15,
			},
		],
	]),
	...define(
		"block answer",
		"block",
		[
			[
				"drop",
				"Gives no answer: the sender waits until it gives up.",
				{ default: "unless `set block-policy return`", example: "block drop in on egress", weight: 60 },
			],
			[
				"return",
				"Answers with a TCP RST, and for UDP and other protocols with an ICMP unreachable message.",
				{ example: "block return log all", weight: 80 },
			],
			[
				"return-rst",
				"Answers TCP packets with a RST, whose TTL can be given; other packets are dropped.",
				{ args: [argument("ttl", "number", { optional: true })], example: "block return-rst in proto tcp to port auth", weight: 15 },
			],
			[
				"return-icmp",
				"Answers with an ICMP unreachable message; its code can be given, and after a comma that for IPv6.",
				{
					args: [argument("code", "icmp-code", { optional: true }), argument("code6", "icmp-code", { optional: true })],
					default: "port-unr",
					example: "block return-icmp(host-unr) in inet proto udp",
					weight: 10,
				},
			],
			[
				"return-icmp6",
				"Answers IPv6 packets with an ICMP6 unreachable message; its code can be given.",
				{
					args: [argument("code6", "icmp-code", { optional: true })],
					default: "port-unr",
					example: "block return-icmp6 in inet6 proto udp",
					weight: 5,
				},
			],
		],
		"own",
	),
	...define("joint", FILTERING, [
		[
			"ttl",
			"The TTL of the RST that answers.",
			{ args: [argument("ttl", "number")], example: "block return-rst(ttl 64) proto tcp", manual: "return-rst" },
		],
		[
			"state",
			"Second word of `keep state`, `modulate state`, `synproxy state` and `no state`.",
			{ example: "pass no state", manual: "STATEFUL_FILTERING" },
		],
		["tcp", "Second word of `reassemble tcp`.", { role: "constant", example: "match in scrub (reassemble tcp)", manual: "reassemble" }],
		[
			"from",
			"The file that `load anchor` reads.",
			{
				form: 'from "{file}"',
				args: [argument("file", "path")],
				example: 'anchor spam\nload anchor spam from "/etc/pf-spam.conf"',
				manual: "ANCHORS",
			},
		],
		[
			"anchor",
			"Second word of `load anchor`.",
			{
				form: 'anchor "{name}"',
				role: "action",
				args: [argument("name", "anchor")],
				example: 'anchor spam\nload anchor spam from "/etc/pf-spam.conf"',
				manual: "ANCHORS",
			},
		],
	]),
	...define("direction", "in", [
		[
			"in",
			"Packets that come in on an interface. On a tap(4) that is what the guest sends.",
			{ default: "both directions", example: "pass in on em0", weight: 90 },
		],
		[
			"out",
			"Packets that go out through an interface. On a tap(4) that is what reaches the guest.",
			{ default: "both directions", example: "pass out on em0", weight: 90 },
		],
	]),
	...define(
		"rule part",
		FILTERING,
		[
			[
				"log",
				"Copies the packet to pflog(4); of a connection only the packet that makes the state, without `all`.",
				{ example: "block log all", weight: 70 },
			],
			[
				"quick",
				"Decides at once: no later rule is evaluated for a packet that matches. On an anchor, where a rule inside matched.",
				{ example: "block in quick from urpf-failed", weight: 75 },
			],
			[
				"on",
				"The interface or interface group that the packet crosses; `!` negates.",
				{ args: [argument("interface", "interface")], default: "all interfaces", example: "pass in on egress", weight: 90 },
			],
			["inet", "IPv4 only.", { default: "both families", example: "pass out inet", weight: 60 }],
			["inet6", "IPv6 only.", { default: "both families", example: "pass out inet6", manual: "inet", weight: 50 }],
			[
				"proto",
				"The protocol: a name from protocols(5), a number, or a list.",
				{
					args: [argument("protocol", "protocol")],
					default: "all protocols",
					example: "pass proto { tcp udp } to port domain",
					weight: 88,
				},
			],
			["all", "The same as `from any to any`.", { role: "constant", example: "block all", weight: 65 }],
			[
				"from",
				"The source: addresses, names, interfaces, tables or lists of these.",
				{ args: [argument("source", "address")], default: "any", example: "pass from 10.0.0.0/8", manual: FILTERING, weight: 85 },
			],
			[
				"to",
				"The destination: addresses, names, interfaces, tables or lists of these.",
				{ args: [argument("destination", "address")], default: "any", example: "pass to <web>", manual: FILTERING, weight: 88 },
			],
			[
				"port",
				"Port of the source or destination before it, by number or by name from services(5), with operators and ranges. Needs `proto tcp` or `udp`.",
				{
					args: [argument("port", "port")],
					default: "all ports",
					example: "pass proto tcp to port { 80 443 8000:8099 }",
					manual: FILTERING,
					weight: 85,
				},
			],
			[
				"os",
				"The sender's operating system as its SYN packet looks; easily forged.",
				{
					args: [argument("os", "os")],
					example: 'block in proto tcp from any os "Windows"',
					manual: "OPERATING_SYSTEM_FINGERPRINTING",
					weight: 5,
				},
			],
		],
		"own",
	),
	...define("log option", "log", [
		["all", "Every packet of the connection, not only the first.", { role: "constant", example: "pass log (all)", weight: 50 }],
		["matches", "The packet in all rules that match it after this one, too.", { example: "match log (matches) from 10.0.0.1", weight: 30 }],
		["user", "Also the user and process of the local socket.", { example: "block log (user)", weight: 10 }],
		[
			"to",
			"Another log interface than pflog0.",
			{ args: [argument("interface", "interface")], default: "pflog0", example: "block log (to pflog1)", weight: 20 },
		],
	]),
	...define("interface", "on", [
		["any", "All interfaces but loopback ones.", { role: "constant", example: "pass on any", weight: 10 }],
		["rdomain", "All interfaces of a routing domain.", { args: [argument("number", "number")], example: "block on rdomain 1", weight: 10 }],
	]),
	...define(
		"address",
		FILTERING,
		[
			["any", "Every address.", { example: "pass from any to any", weight: 80 }],
			["no-route", "Addresses that the routing table has no route for.", { example: "block in from no-route", weight: 20 }],
			["self", "All addresses of all interfaces of this host.", { example: "block in from self", weight: 40 }],
			[
				"urpf-failed",
				"Source addresses whose route back leads through another interface than the one that the packet came in on.",
				{ example: "block in from urpf-failed", weight: 25 },
			],
			[
				"route",
				"Addresses whose route has a label.",
				{ role: "option", args: [argument("label", "string")], example: 'pass in from route "dtag"', weight: 3 },
			],
		],
		"own",
	),
	...define("interface modifier", FILTERING, [
		["network", "The networks of the interface.", { example: "pass in on em0 from em0:network", manual: ":network", weight: 60 }],
		["broadcast", "Its broadcast addresses.", { example: "block in to em0:broadcast", manual: ":broadcast", weight: 15 }],
		["peer", "The peers of a point-to-point interface.", { example: "block in to (em0:peer)", manual: ":peer", weight: 5 }],
		[
			"0",
			"Its first address of each family only, no aliases.",
			{ example: "match out on em0 inet nat-to (em0:0)", manual: ":0", weight: 50 },
		],
	]),
	...define("address option", "round-robin", [
		[
			"weight",
			"How often an address of a pool is chosen, compared with the others.",
			{
				args: [argument("weight", "number")],
				example: "pass in proto tcp to port www rdr-to { 10.0.0.1 weight 2, 10.0.0.2 weight 1 } round-robin",
				weight: 3,
			},
		],
	]),
	...define("antispoof option", "Blocking_Spoofed_Traffic", [
		[
			"for",
			"The interfaces to protect; `(em0)` follows changes of the address.",
			{ args: [argument("interface", "interface")], example: "antispoof for { em0 em1 }", weight: 100 },
		],
		[
			"label",
			"A label for the rules that it expands to.",
			{ args: [argument("label", "label")], example: 'antispoof for em0 label "spoof"', weight: 10 },
		],
		[
			"rtable",
			"The routing table of the rules that it expands to.",
			{ args: [argument("number", "number")], example: "antispoof for em0 rtable 0", weight: 1 },
		],
		["log", "Logs the packets that are blocked.", { example: "antispoof log for em0", weight: 30 }],
		["quick", "Makes the rules quick.", { example: "antispoof quick for em0", weight: 50 }],
	]),
] satisfies readonly PfEntry[];

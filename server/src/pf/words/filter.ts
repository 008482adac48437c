/** Options of filter rules, with translation and routing. */
import { argument, define, type PfEntry } from "./entry.ts";

const METHODS = ["bitmask", "least-states", "random", "round-robin", "source-hash"];
/** Of routes, which change no ports. */
const HOPS = [
	argument("address", "address"),
	argument("method", "word", { optional: true, choices: METHODS }),
	argument("sticky-address", "word", { optional: true, choices: ["sticky-address"] }),
];
const POOL = [argument("address", "address"), argument("port", "port", { optional: true }), ...HOPS.slice(1)];
const SOURCE_POOL = [...POOL, argument("static-port", "word", { optional: true, choices: ["static-port"] })];

export const FILTER_WORDS = [
	...define(
		"filter option",
		"PACKET_FILTERING",
		[
			[
				"user",
				"Packets of a local socket that this user owns; TCP and UDP only. Combine it with `self`.",
				{ args: [argument("user", "user")], example: "block out proto tcp from self user { > 1000 }", weight: 10 },
			],
			[
				"group",
				"Packets of a local socket that this group owns; TCP and UDP only.",
				{ args: [argument("group", "group")], example: "pass out proto { tcp udp } group 27", weight: 5 },
			],
			[
				"flags",
				"TCP flags that must be set, out of those after the slash; `any` asks for none. Packets that are not TCP are not affected.",
				{
					args: [argument("flags", "tcp-flags")],
					default: "S/SA on rules that keep state",
					example: "pass proto tcp flags S/SA",
					weight: 25,
				},
			],
			[
				"icmp-type",
				"The ICMP type, and after `code` the code. Needs `inet proto icmp`.",
				{ args: [argument("type", "icmp-type")], example: "pass inet proto icmp icmp-type { echoreq unreach }", weight: 45 },
			],
			[
				"icmp6-type",
				"The ICMP6 type, and after `code` the code. Needs `inet6 proto icmp6`.",
				{
					args: [argument("type", "icmp6-type")],
					example: "pass inet6 proto icmp6 icmp6-type { echoreq neighbrsol neighbradv }",
					weight: 30,
				},
			],
			[
				"tos",
				"The type of service of the packet: a name, or a number in decimal or hexadecimal.",
				{ args: [argument("tos", "word")], example: "pass out tos lowdelay", weight: 4 },
			],
			[
				"prio",
				"The queueing priority that the packet has, 0 to 7.",
				{ args: [argument("priority", "number")], example: "pass in prio 7", weight: 4 },
			],
			[
				"keep",
				"`keep state`: remembers the connection, so that its later packets and its replies pass without rules. Only needed to give options in parentheses.",
				{
					form: "keep state",
					default: "on pass rules",
					example: "pass in proto tcp to port www keep state (max 1000)",
					manual: "STATEFUL_FILTERING",
					weight: 50,
				},
			],
			[
				"modulate",
				"`modulate state`: keeps state and gives both ends of a TCP connection random sequence numbers.",
				{ form: "modulate state", example: "pass out proto tcp modulate state", manual: "State_Modulation", weight: 12 },
			],
			[
				"synproxy",
				"`synproxy state`: completes the TCP handshake before the other end hears of it. Not on bridges, incoming SYN packets only.",
				{ form: "synproxy state", example: "pass in proto tcp to port www synproxy state", manual: "SYN_Proxy", weight: 8 },
			],
			[
				"no",
				"`no state`: every packet is evaluated on its own, replies too.",
				{ form: "no state", example: "pass out proto udp no state", manual: "STATEFUL_FILTERING", weight: 20 },
			],
			[
				"fragment",
				"Fragments only; seen where reassembly is off.",
				{ example: "block in fragment", manual: "Fragment_Handling", weight: 3 },
			],
			[
				"allow-opts",
				"Lets packets with IP options or extension headers pass, which are blocked otherwise; multicast needs it.",
				{ example: "pass proto igmp allow-opts", weight: 10 },
			],
			[
				"label",
				"Names the rule for `pfctl -s labels`. `$if`, `$srcaddr`, `$dstaddr`, `$srcport`, `$dstport`, `$proto` and `$nr` are replaced.",
				{
					form: 'label "{label}"',
					args: [argument("label", "label")],
					example: 'pass in proto tcp to port ssh label "ssh-$if"',
					weight: 25,
				},
			],
			[
				"queue",
				"Puts the packets into a queue; written `set queue` today.",
				{
					args: [argument("queue", "queue")],
					example: "queue main on em0 bandwidth 10M\nqueue q parent main bandwidth 5M default\npass queue q",
					manual: "set",
					deprecated: "set queue",
					weight: 1,
				},
			],
			[
				"tag",
				"Marks the packet with a word, which later rules can test with `tagged`. A packet has one tag; it stays even if another rule decides.",
				{ args: [argument("tag", "tag")], example: "pass in on em1 tag LAN", weight: 35 },
			],
			[
				"tagged",
				"Packets that a rule before has given this tag; `!` negates.",
				{ args: [argument("tag", "tag")], example: "pass out on egress tagged LAN", manual: "tag", weight: 35 },
			],
			[
				"probability",
				"Matches that share of the packets only.",
				{ args: [argument("percent", "percent")], example: "block in proto icmp probability 20%", weight: 2 },
			],
			[
				"rtable",
				"Routes the packet by another routing table; effective on its way in.",
				{ args: [argument("number", "number")], example: "match in on em0 rtable 0", weight: 6 },
			],
			[
				"scrub",
				"Normalises the packet as the options in parentheses say.",
				{ example: "match in all scrub (no-df random-id max-mss 1440)", manual: "Scrub", weight: 40 },
			],
			[
				"nat-to",
				"Replaces the source address, and the source port unless `static-port`. Usually outbound. `(egress)` follows changes of the address.",
				{ role: "translation", args: SOURCE_POOL, example: "match out on egress inet from 10.0.0.0/8 nat-to (egress)", weight: 60 },
			],
			[
				"rdr-to",
				"Replaces the destination address, and the port where one is given. Usually inbound. `4000:*` keeps the distance within a range.",
				{
					role: "translation",
					args: POOL,
					example: "pass in on egress inet proto tcp to (egress) port 8080 rdr-to 10.50.0.20 port 80",
					weight: 55,
				},
			],
			[
				"binat-to",
				"Maps an address or network onto another one in both directions: a `nat-to` out and an `rdr-to` in.",
				{ role: "translation", args: POOL, example: "pass on em0 inet from 10.50.0.20 binat-to 203.0.113.20", weight: 8 },
			],
			[
				"af-to",
				"Translates between IPv4 and IPv6 (NAT64): the family to translate to, the new source, and after `to` the new destination. Inbound only.",
				{
					role: "translation",
					form: "af-to {family} from {address}",
					args: [argument("family", "word", { choices: ["inet", "inet6"] }), argument("address", "address")],
					example: "pass in inet6 to 64:ff9b::/96 af-to inet from 203.0.113.10",
					weight: 6,
				},
			],
			[
				"route-to",
				"Sends the packet to this next hop instead of the one in the routing table.",
				{ role: "translation", args: HOPS, example: "pass in on em1 inet from 192.168.1.0/24 route-to 203.0.113.1", weight: 12 },
			],
			[
				"reply-to",
				"Sends the replies of the connection to this next hop: they leave where it came in.",
				{ role: "translation", args: HOPS, example: "pass in on em0 inet proto tcp to port www reply-to 203.0.113.1", weight: 10 },
			],
			[
				"dup-to",
				"Sends a copy of the packet to this next hop.",
				{ role: "translation", args: HOPS, example: "pass out on em0 inet dup-to 192.168.1.9", weight: 1 },
			],
			[
				"divert-to",
				"Hands the packet to a local socket without changing it; the application sees the original destination.",
				{
					role: "translation",
					form: "divert-to {address} port {port}",
					args: [argument("address", "address"), argument("port", "port")],
					example: "pass in inet proto tcp to port www divert-to 127.0.0.1 port 8080",
					weight: 12,
				},
			],
			[
				"divert-reply",
				"Gives replies to a local socket that is bound to a foreign address.",
				{ role: "translation", example: "pass out proto tcp divert-reply", weight: 5 },
			],
			[
				"divert-packet",
				"Hands the packets to a divert(4) socket on this port.",
				{
					role: "translation",
					args: [argument("port", "port")],
					example: "pass in proto udp to port domain divert-packet port 700",
					weight: 4,
				},
			],
			[
				"received-on",
				"Packets that had come in on this interface or group; `!` negates. `any` means every interface but loopback.",
				{
					args: [argument("interface", "interface")],
					example: "match out on egress inet received-on tap nat-to (egress)",
					manual: "PACKET_FILTERING",
					weight: 25,
				},
			],
			["once", "Expires with the first packet that it decides.", { example: "pass in proto tcp to port 8080 once", weight: 2 }],
			[
				"max-pkt-rate",
				"Stops matching while more packets than this arrive in so many seconds.",
				{
					form: "max-pkt-rate {number}/{seconds}",
					args: [argument("number", "number"), argument("seconds", "seconds")],
					example: "pass in proto icmp max-pkt-rate 100/10",
					since: "6.3",
					weight: 6,
				},
			],
			[
				"set",
				"Changes the packet: `set prio`, `set queue`, `set tos`, `set delay`, or several in parentheses.",
				{ example: "match out set (prio 6, tos lowdelay)", manual: "set", weight: 30 },
			],
		],
		"own",
	),
	...define("icmp option", "icmp-type", [
		[
			"code",
			"The code within the ICMP type.",
			{ args: [argument("code", "icmp-code")], example: "pass inet proto icmp icmp-type unreach code needfrag", weight: 50 },
		],
	]),
	...define("set field", "set", [
		[
			"prio",
			"The queueing priority, 0 (lowest) to 7; a second one is for empty TCP ACKs and `lowdelay` packets.",
			{
				args: [argument("priority", "number"), argument("for ACKs", "number", { optional: true })],
				default: "3",
				example: "pass out proto tcp to port ssh set prio (4, 6)",
				weight: 50,
			},
		],
		[
			"queue",
			"The queue; a second one is for empty TCP ACKs and `lowdelay` packets.",
			{
				args: [argument("queue", "queue"), argument("for ACKs", "queue", { optional: true })],
				example: "queue main on em0 bandwidth 10M\nqueue q parent main bandwidth 5M default\npass out on em0 set queue q",
				weight: 60,
			},
		],
		[
			"tos",
			"The type of service: a name, or a number in decimal or hexadecimal.",
			{ args: [argument("tos", "word")], example: "match out proto tcp to port ssh set tos lowdelay", weight: 20 },
		],
		[
			"delay",
			"Holds the packets back for so many milliseconds, 0 to 65535.",
			{ args: [argument("milliseconds", "milliseconds")], example: "match out on em0 set delay 100", since: "6.4", weight: 5 },
		],
	]),
	...define(
		"pool option",
		"Translation",
		[
			[
				"bitmask",
				"Replaces the network part of the address and keeps the host part.",
				{ example: "match out on em0 inet from 10.1.2.0/24 nat-to 203.0.113.0/24 bitmask", weight: 10 },
			],
			[
				"least-states",
				"Chooses the address with the fewest states.",
				{ example: "pass in on em0 inet proto tcp to port www rdr-to { 10.0.0.1 10.0.0.2 } least-states", weight: 15 },
			],
			["random", "Chooses an address at random.", { example: "match out on em0 inet nat-to 203.0.113.16/28 random", weight: 15 }],
			[
				"round-robin",
				"Takes the addresses in turn.",
				{
					default: "for several addresses",
					example: "pass in on em0 inet proto tcp to port www rdr-to { 10.0.0.1 10.0.0.2 } round-robin",
					weight: 25,
				},
			],
			[
				"source-hash",
				"Gives the same source the same address always; without a key it changes with each load of the ruleset.",
				{
					args: [argument("key", "string", { optional: true })],
					example: "match out on em0 inet nat-to 203.0.113.16/28 source-hash",
					weight: 15,
				},
			],
			[
				"sticky-address",
				"Gives a source the same address as long as it has states.",
				{
					example: "pass in on em0 inet proto tcp to port www rdr-to { 10.0.0.1 10.0.0.2 } round-robin sticky-address",
					manual: "least-states",
					weight: 20,
				},
			],
			[
				"static-port",
				"Keeps the source port. `nat-to` only.",
				{ example: "match out on egress inet proto udp from any port isakmp nat-to (egress) static-port", weight: 25 },
			],
			[
				"port",
				"The ports to translate to.",
				{
					args: [argument("port", "port")],
					example: "pass in on egress inet proto tcp to port 2222 rdr-to 10.50.0.20 port ssh",
					manual: "rdr-to",
					weight: 60,
				},
			],
		],
		"own",
	),
	...define(
		"scrub option",
		"Scrub",
		[
			[
				"no-df",
				"Clears the don't-fragment bit of IPv4 packets; use it with `random-id`.",
				{ example: "match in scrub (no-df)", weight: 60 },
			],
			["random-id", "Replaces the IPv4 identification with random values.", { example: "match in scrub (random-id)", weight: 55 }],
			[
				"min-ttl",
				"Raises the TTL to at least this.",
				{ args: [argument("ttl", "number")], example: "match in scrub (min-ttl 2)", weight: 10 },
			],
			[
				"max-mss",
				"Lowers the maximum segment size of TCP connections to at most this many bytes.",
				{ args: [argument("size", "number")], example: "match on em0 scrub (max-mss 1440)", weight: 60 },
			],
			[
				"reassemble",
				"`reassemble tcp`: checks and normalises TCP connections statefully.",
				{ example: "match in scrub (reassemble tcp)", weight: 25 },
			],
		],
		"own",
	),
	...define("tcp flag", "flags", [
		["F", "FIN: the sender has no more data.", { example: "block in proto tcp flags SF/SF" }],
		["S", "SYN: opens a connection.", { example: "pass in proto tcp flags S/SA" }],
		["R", "RST: aborts a connection.", { example: "block in proto tcp flags R/R" }],
		["P", "PSH: hand the data over now.", { example: "block in proto tcp flags FUP/FUP" }],
		["A", "ACK: acknowledges data.", { example: "block in proto tcp flags A/SA" }],
		["U", "URG: urgent data.", { example: "block in proto tcp flags FUP/FUP" }],
		["E", "ECE: congestion was seen.", { example: "block in proto tcp flags E/E" }],
		["W", "CWR: the sender slowed down.", { example: "block in proto tcp flags W/W" }],
		[
			"any",
			"Flags do not matter; also packets in the middle of a connection make a state.",
			{ role: "constant", example: "pass in proto tcp flags any" },
		],
	]),
	...define("tos", "tos", [
		["critical", "IP precedence 5.", { value: 0xa0, example: "pass out tos critical", weight: 5 }],
		["inetcontrol", "IP precedence 6, routing protocols.", { value: 0xc0, example: "pass out tos inetcontrol", weight: 5 }],
		["netcontrol", "IP precedence 7.", { value: 0xe0, example: "pass out tos netcontrol", weight: 5 }],
		["lowdelay", "For interactive traffic.", { value: 0x10, example: "pass out tos lowdelay", weight: 60 }],
		["throughput", "For bulk traffic.", { value: 0x08, example: "pass out tos throughput", weight: 30 }],
		["reliability", "For traffic that should not be lost.", { value: 0x04, example: "pass out tos reliability", weight: 10 }],
		["ef", "DiffServ expedited forwarding, for voice.", { value: 0xb8, example: "pass out tos ef", weight: 40 }],
		...([1, 2, 3, 4] as const).flatMap((level) =>
			([1, 2, 3] as const).map(
				(drop) =>
					[
						`af${level}${drop}`,
						`DiffServ assured forwarding, class ${level}, drop precedence ${drop}.`,
						{ value: level * 0x20 + drop * 0x08, example: `pass out tos af${level}${drop}`, weight: 10 },
					] as const,
			),
		),
		...([0, 1, 2, 3, 4, 5, 6, 7] as const).map(
			(level) =>
				[
					`cs${level}`,
					`DiffServ class selector ${level}.`,
					{ value: level * 0x20, example: `pass out tos cs${level}`, weight: 8 },
				] as const,
		),
	]),
] satisfies readonly PfEntry[];

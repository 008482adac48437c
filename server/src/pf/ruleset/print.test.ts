import { describe, expect, test } from "vitest";
import { hostAddress, parseIp } from "../names/address.ts";
import {
	type AddressMatch,
	ANY_END,
	type Anchor,
	BLANK_RULE,
	type EndpointMatch,
	NAT_PORTS,
	NO_STATE_OPTIONS,
	type Pool,
	type Queue,
	type Rule,
	type Ruleset,
	type ServiceCurve,
	type SetOption,
	type Table,
	UNKNOWN_ID,
	ZERO_IP,
} from "../rules.ts";
import { printOption, printQueue, printRule, printRuleset, printTable } from "./print.ts";

function network(text: string): AddressMatch {
	const [host = "", bits] = text.split("/");
	const read = hostAddress(host, bits === undefined ? -1 : Number(bits));
	return { kind: "network", address: read?.address ?? ZERO_IP, bits: read?.bits ?? 0 };
}
const ip = (text: string) => parseIp(text)?.address ?? ZERO_IP;
const end = (address: AddressMatch, more: Partial<EndpointMatch> = {}): EndpointMatch => ({ ...ANY_END, address, ...more });
const dynamic = (name: string, more: object = {}): AddressMatch => ({
	kind: "dynamic",
	interface: name,
	part: "address",
	noAlias: false,
	bits: 128,
	...more,
});
const pool = (address: AddressMatch, more: Partial<Pool> = {}): Pool => ({
	address,
	kind: "none",
	sticky: false,
	key: [0, 0, 0, 0],
	ports: NAT_PORTS,
	...more,
});
const pass: Partial<Rule> = { state: "keep", flags: 2, flagSet: 0x12 };
const inet: Partial<Rule> = { family: "inet" };

describe("rules", () => {
	const cases: readonly (readonly [string, Partial<Rule>])[] = [
		["pass all no state", {}],
		["pass all flags S/SA", pass],
		["pass all flags any", { state: "keep" }],
		["pass proto udp all", { state: "keep", protocol: 17 }],
		["pass proto ipv6-icmp all", { state: "keep", protocol: 58 }],
		["pass proto 253 all", { state: "keep", protocol: 253 }],
		["match all", { action: "match" }],
		[
			"block drop in log quick on em0 all",
			{ action: "block", direction: "in", log: { all: false, matches: false, user: false, interface: 0 }, quick: true, interface: "em0" },
		],
		[
			"block return out on ! em0 all",
			{ action: "block", blockReturn: { kind: "return" }, direction: "out", interface: "em0", interfaceNegated: true },
		],
		["block return-rst(ttl 9) all", { action: "block", blockReturn: { kind: "rst", ttl: 9 } }],
		["block return-icmp(port-unr, port-unr) all", { action: "block", blockReturn: { kind: "icmp", icmp: 0x303, icmp6: 0x104 } }],
		["block return-icmp6(99) inet6 all", { action: "block", family: "inet6", blockReturn: { kind: "icmp", icmp: 0x303, icmp6: 0x163 } }],
		["match log (all, matches, user, to pflog2) all", { action: "match", log: { all: true, matches: true, user: true, interface: 2 } }],
		["match on ! rdomain 4 all", { action: "match", rdomain: 4, interfaceNegated: true }],
		[
			"match inet from 10.0.0.0/8 to ! 10.1.2.3",
			{ action: "match", ...inet, source: end(network("10/8")), destination: end(network("10.1.2.3"), { negated: true }) },
		],
		["match inet from 0.0.0.0 to any", { action: "match", ...inet, source: end(network("0.0.0.0")) }],
		[
			"match from any port = 22 to <t> port 1:2",
			{
				action: "match",
				source: { ...ANY_END, port: { op: "=", low: 22, high: 0 } },
				destination: end({ kind: "table", name: "t" }, { port: { op: ":", low: 1, high: 2 } }),
			},
		],
		[
			"match from (em0:network:0) to (self)/24",
			{ action: "match", source: end(dynamic("em0", { part: "network", noAlias: true })), destination: end(dynamic("self", { bits: 24 })) },
		],
		[
			"match inet6 from 2001:db8:: - 2001:db8::ff to urpf-failed",
			{
				action: "match",
				family: "inet6",
				source: end({ kind: "range", first: ip("2001:db8::"), last: ip("2001:db8::ff") }),
				destination: end({ kind: "urpf-failed" }),
			},
		],
		[
			'match from route "dmz" to no-route',
			{ action: "match", source: end({ kind: "route-label", label: "dmz" }), destination: end({ kind: "no-route" }) },
		],
		['match proto tcp from any os "OpenBSD 3.3" to any', { action: "match", protocol: 6, os: "OpenBSD 3.3" }],
		["match all !received-on em1", { action: "match", receivedOn: "em1", receivedOnNegated: true }],
		[
			"match all user = unknown group 10 >< 20",
			{ action: "match", user: { op: "=", low: UNKNOWN_ID, high: 0 }, group: { op: "><", low: 10, high: 20 } },
		],
		["match inet proto icmp all icmp-type unreach code needfrag", { action: "match", ...inet, protocol: 1, icmpType: 3, icmpCode: 4 }],
		["match inet6 proto ipv6-icmp all icmp6-type 99 code 7", { action: "match", family: "inet6", protocol: 58, icmpType: 99, icmpCode: 7 }],
		["match all tos 0x08 prio 0 max-pkt-rate 10/60", { action: "match", tos: 8, prio: 0, maxPacketRate: { limit: 10, seconds: 60 } }],
		[
			"match all set (prio(2, 3), queue(a, b), tos 0x10, delay 5)",
			{ action: "match", set: { prio: [2, 3], queue: ["a", "b"], tos: 16, delay: 5 } },
		],
		[
			"match all set (prio 2, queue a)",
			{ action: "match", set: { prio: [2, 2], queue: ["a", undefined], tos: undefined, delay: undefined } },
		],
		["pass all flags S/SA modulate state probability 33.3%", { ...pass, state: "modulate", probability: Math.floor(0.333 * 2 ** 32) + 1 }],
		["pass all flags S/SA probability 0.195312%", { ...pass, probability: 2 ** 23 }],
		[
			"pass all flags S/SA keep state (max 5, source-track rule, max-src-conn 3, overload <bad> flush global, if-bound, tcp.first 20, adaptive.start 9)",
			{
				...pass,
				stateOptions: {
					...NO_STATE_OPTIONS,
					max: 5,
					sourceTrack: "rule",
					maxSrcConn: 3,
					overload: { table: "bad", flush: "global" },
					ifBound: true,
					timeouts: { "adaptive.start": 9, "tcp.first": 20 },
				},
			},
		],
		[
			"match all fragment scrub (no-df min-ttl 5 reassemble tcp max-mss 1440)",
			{ action: "match", fragment: true, scrub: { noDf: true, randomId: false, minTtl: 5, reassembleTcp: true, maxMss: 1440 } },
		],
		[
			'match all allow-opts label "x" once tag A ! tagged B rtable 3',
			{ action: "match", allowOptions: true, label: "x", once: true, tag: "A", tagged: "B", taggedNegated: true, rtable: 3 },
		],
		["pass inet all no state divert-to 127.0.0.1 port 8080", { ...inet, divert: { kind: "to", address: ip("127.0.0.1"), port: 8080 } }],
		["pass all no state divert-reply", { divert: { kind: "reply" } }],
		["pass all no state divert-packet port 700", { divert: { kind: "packet", port: 700 } }],
		["match all nat-to (em0) round-robin", { action: "match", nat: pool(dynamic("em0"), { kind: "round-robin" }) }],
		["match inet all nat-to 10.0.0.1 port 1:9", { action: "match", ...inet, nat: pool(network("10.0.0.1"), { ports: [1, 9] }) }],
		[
			"match inet all nat-to 10.0.0.0/8 source-hash 0x0000000a00000000ffffffff00000001 sticky-address static-port",
			{
				action: "match",
				...inet,
				nat: pool(network("10/8"), { kind: "source-hash", key: [10, 0, 0xffffffff, 1], sticky: true, ports: [0, 0] }),
			},
		],
		["pass inet all flags S/SA rdr-to 10.0.0.1 port 80", { ...pass, ...inet, rdr: pool(network("10.0.0.1"), { ports: [80, 0] }) }],
		["pass inet all flags S/SA rdr-to 10.0.0.1 port 80:90", { ...pass, ...inet, rdr: pool(network("10.0.0.1"), { ports: [80, 90] }) }],
		[
			"pass inet6 all flags S/SA af-to inet from 10.0.0.1 to 10.0.0.2",
			{ ...pass, family: "inet6", afTo: "inet", nat: pool(network("10.0.0.1")), rdr: pool(network("10.0.0.2"), { ports: [0, 0] }) },
		],
		[
			"pass inet all flags S/SA route-to 10.0.0.1 least-states",
			{ ...pass, ...inet, route: { kind: "route-to", pool: pool(network("10.0.0.1"), { kind: "least-states" }) } },
		],
		['anchor "vm/*" on em0 all', { interface: "em0", anchor: { name: "vm/*", path: "vm", wildcard: true, block: undefined } }],
		["anchor in all", { direction: "in", anchor: { name: "_1", path: "_1", wildcard: false, block: undefined } }],
	];
	test.each(cases)("%s", (text, rule) => expect(printRule({ ...BLANK_RULE, ...rule })).toBe(text));
});

test.each<readonly [string, SetOption]>([
	["set block-policy return", { kind: "block-policy", value: "return" }],
	['set fingerprints "/etc/pf.os"', { kind: "fingerprints", path: "/etc/pf.os" }],
	["set hostid 0x0000002a", { kind: "hostid", value: 42 }],
	["set limit states -1", { kind: "limit", name: "states", value: 0xffffffff }],
	["set reassemble yes no-df", { kind: "reassemble", on: true, noDf: true }],
	["set reassemble no ", { kind: "reassemble", on: false, noDf: false }],
	["set skip on { lo tap0 }", { kind: "skip", interfaces: ["lo", "tap0"] }],
	["set skip on none", { kind: "skip", interfaces: [] }],
	["set syncookies adaptive (start 25%, end 12%)", { kind: "syncookies", mode: "adaptive", marks: { start: 25, end: 12 } }],
	["set timeout tcp.first 20", { kind: "timeout", name: "tcp.first", seconds: 20 }],
])("%s", (text, option) => expect(printOption(option)).toBe(text));

const table: Table = {
	name: "t",
	anchor: "",
	statement: 0,
	words: { start: 0, end: 0 },
	constant: false,
	persist: false,
	counters: false,
	initialised: false,
	sources: [],
	entries: [],
	incomplete: false,
};
test.each<readonly [string, Partial<Table>]>([
	["table <t>", {}],
	["table <t> const persist counters { }", { constant: true, persist: true, counters: true, initialised: true }],
	[
		'table <t> file "/a" file "/b"',
		{
			initialised: true,
			sources: [
				{ kind: "file", path: "/a" },
				{ kind: "file", path: "/b" },
			],
		},
	],
	[
		'table <t> { 10.0.0.0/8 !::1 } file "/a" { any }',
		{
			sources: [
				{ kind: "addresses", items: [{ match: network("10/8"), family: "inet", negated: false }] },
				{ kind: "addresses", items: [{ match: network("::1"), family: "inet6", negated: true }] },
				{ kind: "file", path: "/a" },
				{ kind: "addresses", items: [{ match: network("0/0"), family: "inet", negated: false }] },
			],
		},
	],
])("%s", (text, more) => expect(printTable({ ...table, ...more })).toBe(text));

const none: ServiceCurve = { rate: { absolute: 0, percent: 0 }, burst: { absolute: 0, percent: 0 }, time: 0 };
const rate = (absolute: number): ServiceCurve => ({ ...none, rate: { absolute, percent: 0 } });
const queue: Queue = {
	statement: 0,
	words: { start: 0, end: 0 },
	name: "q",
	parent: "",
	interface: "",
	flow: undefined,
	bandwidth: none,
	min: none,
	max: none,
	default: false,
	limit: 0,
};
test.each<readonly [string, Partial<Queue>]>([
	["queue q on em0 bandwidth 10M", { interface: "em0", bandwidth: rate(10e6) }],
	[
		"queue q parent p bandwidth 1500K, min 999 , max 2G default qlimit 50",
		{ parent: "p", bandwidth: rate(1.5e6), min: rate(999), max: rate(2e9), default: true, limit: 50 },
	],
	["queue q bandwidth 1M burst 5M for 100ms", { bandwidth: { ...rate(1e6), burst: { absolute: 5e6, percent: 0 }, time: 100 } }],
	[
		"queue q on em0 flows 1024 quantum 300 interval 100ms target 5ms",
		{ interface: "em0", flow: { flows: 1024, quantum: 300, interval: 100, target: 5 } },
	],
])("%s", (text, more) => expect(printQueue({ ...queue, ...more })).toBe(text));

test("a ruleset is printed in the order of pfctl, and a block that several calls share once", () => {
	const empty: Anchor = { path: "foo/none", rules: [], tables: [] };
	const block: Anchor = {
		path: "foo",
		tables: [],
		rules: [
			{ ...BLANK_RULE, ...pass },
			{ ...BLANK_RULE, anchor: { name: "none", path: "foo/none", wildcard: false, block: empty } },
		],
	};
	const call = { name: "foo", path: "foo", wildcard: false, block };
	const ruleset: Ruleset = {
		definitions: [
			{ kind: "macro", name: "if", value: "em0" },
			{ kind: "option", option: { kind: "block-policy", value: "drop" } },
		],
		options: { skip: [], blockPolicy: "drop", statePolicy: "floating", reassemble: true },
		queues: [{ ...queue, interface: "em0", bandwidth: rate(1e6) }],
		main: {
			path: "",
			tables: [],
			rules: [
				{ ...BLANK_RULE, interface: "em0", anchor: call },
				{ ...BLANK_RULE, interface: "em1", anchor: call },
			],
		},
		anchors: new Map(),
	};
	expect(printRuleset(ruleset)).toBe(
		[
			'if = "em0"',
			"set block-policy drop",
			"queue q on em0 bandwidth 1M",
			'anchor "foo" on em0 all {',
			"  pass all flags S/SA",
			'  anchor "none" all',
			"}",
			'anchor "foo" on em1 all',
			"",
		].join("\n"),
	);
});

/** What two versions of a ruleset do otherwise, by what makes it so. */
import { describe, expect, it, test } from "vitest";
import { finished } from "../text/portions.ts";
import { searchDifference, type Version } from "./difference.ts";
import { differenceOf, read, told } from "./difference-fixture.ts";
import { packetTexts } from "./difference-text.ts";
import { block, call, INTERFACES, pass, ruleset } from "./fixture.ts";
import { overlap } from "./intervals.ts";
import { CLASSES, type Dimension } from "./space.ts";

const LIMITER = 'state limiter "dns" id 3 limit 9';
const inAnchor = (head: string, ...rules: readonly string[]): string => [`anchor "a" ${head}{`, ...rules, "}"].join("\n");
const RDR = "match in on em0 inet proto tcp to 203.0.113.10 port 80 rdr-to 10.0.0.20";
const SECOND = "match in on em0 inet proto tcp to 203.0.113.11 port 80 rdr-to 10.0.0.21";
/** More than are gone through one by one. */
const OTHERS = Array.from({ length: 80 }, (_, index) => `block in inet proto tcp to 192.0.2.${index}`);
const REWRITING = "match in on em0 inet proto tcp to port 80 rdr-to 10.0.0.20 port 8080";
const NAT = "match out inet from 10.0.0.0/24 nat-to 203.0.113.10";

type Case = readonly [what: string, before: readonly string[], after: readonly string[], told: readonly string[]];
const cases: Readonly<Record<string, readonly Case[]>> = {
	"what matches by luck": [
		[
			"two rules match apart",
			["block", "pass in quick proto udp probability 50%"],
			["block", "pass in quick proto udp probability 50%", "pass in log quick proto udp probability 50%"],
			["block drop → pass log?: in proto udp"],
		],
		[
			"three do so too",
			["block", ...Array<string>(2).fill("pass in quick proto udp probability 50%")],
			["block", ...Array<string>(2).fill("pass in quick proto udp probability 50%"), "pass in log quick proto udp probability 50%"],
			["block drop → pass log?: in proto udp"],
		],
		[
			"two that match up to a rate do so too",
			["block", "pass in quick proto udp max-pkt-rate 5/1"],
			["block", "pass in quick proto udp max-pkt-rate 5/1", "pass in log quick proto udp max-pkt-rate 5/1"],
			["block drop → pass log?: in proto udp"],
		],
		[
			"two of other anchors too",
			["block", inAnchor("", "pass in quick proto udp probability 50%")],
			["block", inAnchor("", "pass in quick proto udp probability 50%"), 'anchor "b" {', "pass in quick proto udp probability 50%", "}"],
			["block drop → pass?: in proto udp"],
		],
		[
			"one that stands elsewhere matches as before",
			["block", "pass quick proto tcp", "pass quick proto udp probability 50%"],
			["block", "pass quick proto udp probability 50%", "pass quick proto tcp"],
			[],
		],
		[
			"two that have changed places match as before",
			["block", "pass quick proto tcp probability 50%", "pass quick proto udp probability 50%"],
			["block", "pass quick proto udp probability 50%", "pass quick proto tcp probability 50%"],
			[],
		],
		[
			"what asks the same of the owner of a socket has the same answer",
			["block", "pass in proto udp user root", "pass in proto tcp user root"],
			["block", 'pass in proto udp user root label "x"', "pass in proto { tcp udp } user root"],
			[],
		],
		[
			"it is one answer where two rules of different effects ask it",
			["block", "pass in proto udp user root"],
			["block", "pass in log proto udp user root"],
			["pass → pass log?: in proto udp"],
		],
		[
			"the owner is asked for again where packets are redirected",
			["block", "match in on em0 inet proto udp rdr-to 10.0.0.20", "pass in inet proto udp user root"],
			["block", "pass in inet proto udp user root"],
			[
				"block drop → pass?: in inet proto udp on em0",
				"pass rdr-to 10.0.0.20 → block drop?: in inet proto udp on em0",
				"pass rdr-to 10.0.0.20 → pass?: in inet proto udp on em0",
			],
		],
		[
			"what depends on it and what does not are two changes",
			["block", "block in quick proto tcp user root"],
			["block", "block in quick proto tcp user root", "pass in inet no state"],
			["block drop → pass no state?: in inet proto tcp", "block drop → pass no state: in inet proto { udp icmp others }"],
		],
		[
			"a rule with `once` is gone after its first packet",
			["block", "pass in quick proto udp once"],
			["block", "pass in quick proto udp once", "pass in proto udp"],
			["block drop → pass?: in proto udp"],
		],
		[
			"one with `once` that is gone may pass a packet",
			["block", "pass in quick proto udp once"],
			["block"],
			["pass → block drop?: in proto udp"],
		],
		[
			"a limiter may be full",
			[LIMITER, "block", "pass in proto udp state limiter dns (no-match)"],
			[LIMITER, "block"],
			["pass state limiter dns (no-match) → block drop?: in proto udp"],
		],
		[
			"one that does not match then has one",
			[LIMITER, "pass", "pass in proto udp state limiter dns (no-match)"],
			[LIMITER, "pass"],
			["pass state limiter dns (no-match) → pass?: in proto udp"],
		],
		[
			"one that blocks then has two ends",
			[LIMITER, "pass", "pass in proto udp state limiter dns (block)"],
			[LIMITER, "pass"],
			["block drop → pass?: in proto udp", "pass state limiter dns → pass?: in proto udp"],
		],
	],
	"what rules make of packets": [
		[
			"a pass of what is redirected",
			[RDR, "block", "pass in inet proto tcp to 10.0.0.20 port 80"],
			[RDR, "block"],
			["pass → block drop: in inet proto tcp to 10.0.0.20 port 80", "pass → block drop: in inet proto tcp on em0 to 203.0.113.10 port 80"],
		],
		[
			"one of another port behind a redirection",
			[REWRITING, "block", "pass in inet proto tcp to port 8080"],
			[REWRITING, "block", "pass in inet proto tcp to port 8081"],
			[
				"block drop → pass: in inet proto tcp to any port 8081",
				"pass → block drop: in inet proto tcp to any port 8080",
				"pass → block drop: in inet proto tcp on em0 to any port 80",
			],
		],
		[
			"a pass behind the first of two redirections",
			[RDR, "block", "pass in inet proto tcp to 10.0.0.20 port 80", SECOND],
			[RDR, "block", SECOND],
			["pass → block drop: in inet proto tcp to 10.0.0.20 port 80", "pass → block drop: in inet proto tcp on em0 to 203.0.113.10 port 80"],
		],
		[
			"a redirection that is gone, before many rules for others",
			[RDR, ...OTHERS, "pass in inet proto tcp to 10.0.0.20 port 80 flags any"],
			[...OTHERS, "pass in inet proto tcp to 10.0.0.20 port 80 flags any"],
			["pass rdr-to 10.0.0.20 → pass no state: in inet proto tcp on em0 to 203.0.113.10 port 80"],
		],
		[
			"one that has come",
			[...OTHERS, "pass in inet proto tcp to 10.0.0.20 port 80 flags any"],
			[RDR, ...OTHERS, "pass in inet proto tcp to 10.0.0.20 port 80 flags any"],
			["pass no state → pass rdr-to 10.0.0.20: in inet proto tcp on em0 to 203.0.113.10 port 80"],
		],
		[
			"a pass of what is redirected, and tagged by another rule",
			[RDR, "match in tag A", "block", "pass in inet proto tcp to 10.0.0.20 port 80"],
			[RDR, "match in tag A", "block"],
			[
				"pass tag A → block drop: in inet proto tcp to 10.0.0.20 port 80",
				"pass tag A → block drop: in inet proto tcp on em0 to 203.0.113.10 port 80",
			],
		],
		[
			"one behind many rules for others",
			[RDR, ...OTHERS, "pass in inet proto tcp to 10.0.0.20 port 80"],
			[RDR, ...OTHERS],
			[
				"pass → pass no state: in inet proto tcp to 10.0.0.20 port 80",
				"pass → pass no state: in inet proto tcp on em0 to 203.0.113.10 port 80",
			],
		],
		[
			"a redirection that is gone",
			[REWRITING, "block", "pass in inet proto tcp to port 8080"],
			["block", "pass in inet proto tcp to port 8080"],
			["pass rdr-to 10.0.0.20 port 8080 → block drop: in inet proto tcp on em0 to any port 80"],
		],
		[
			"a pass of what has a new source",
			[NAT, "block", "pass out inet from 203.0.113.10"],
			[NAT, "block"],
			["pass → block drop: out inet from { 10.0.0.0/24 203.0.113.10 }"],
		],
		[
			"a pass of what is tagged",
			["match in on em0 tag A", "block", "pass in tagged A"],
			["match in on em0 tag A", "block"],
			["pass → block drop: in on { lo0 em1 tap3 } tagged A", "pass → block drop: in on em0"],
		],
		[
			"what is tagged",
			["match in on em0 tag A", "block", "pass in tagged A"],
			["match in on em1 tag A", "block", "pass in tagged A"],
			[
				"block drop → pass tag A: in on em1 tagged none",
				"pass tag A → block drop: in on em0 tagged none",
				"pass tag A → pass: in on { em0 em1 } tagged A",
			],
		],
		[
			"what match rules do",
			["match in proto tcp scrub (no-df)", "pass proto tcp flags any"],
			["match in proto tcp scrub (max-mss 1400)", "pass proto tcp flags any"],
			["pass scrub (no-df) → pass scrub (max-mss 1400): in proto tcp"],
		],
		[
			"which of two match rules comes last",
			["match in proto udp set prio 3", "match in proto udp set prio 5", "pass"],
			["match in proto udp set prio 5", "match in proto udp set prio 3", "pass"],
			["pass set (prio 5) → pass set (prio 3): in proto udp"],
		],
		[
			"a redirection that cannot be made",
			["pass in on em0 inet proto udp"],
			["pass in on em0 inet proto udp rdr-to (tap3)"],
			["pass → block drop: in inet proto udp on em0"],
		],
		[
			"a match rule that ends the evaluation",
			["block", "match in quick proto tcp", "pass in proto tcp"],
			["block", "pass in proto tcp"],
			["block drop → pass: in proto tcp"],
		],
		[
			"a translation that cannot be made",
			["pass out on em0"],
			["pass out on em0 inet nat-to (tap3)", "pass out on em0 inet6"],
			["pass → block drop: out inet on em0"],
		],
		[
			"one of a match rule",
			["block", "pass out on em0"],
			["block", "pass out on em0", "match out on em0 inet proto tcp nat-to (tap3)"],
			["pass → block drop: out inet proto tcp on em0"],
		],
	],
	"calls of anchors": [
		[
			"where it is made",
			["block", inAnchor("on em0 ", "pass in")],
			["block", inAnchor("on em1 ", "pass in")],
			["block drop → pass: in on em1", "pass → block drop: in on em0"],
		],
		[
			"that it is made",
			["block", inAnchor("on em0 ", "pass in proto tcp"), "pass in on em1"],
			["block", "pass in on em1"],
			["pass → block drop: in proto tcp on em0"],
		],
		[
			"a rule in one, for what the call takes",
			["block", inAnchor("on em0 ", "pass in proto tcp to port 80")],
			["block", inAnchor("on em0 ", "pass in proto tcp to port { 80 81 }")],
			["block drop → pass: in proto tcp on em0 to any port 81"],
		],
		[
			"that it is quick, where a rule behind it decides",
			["pass", inAnchor("quick ", "block in proto tcp"), "pass in proto tcp"],
			["pass", inAnchor("", "block in proto tcp"), "pass in proto tcp"],
			["block drop → pass: in proto tcp"],
		],
		[
			"that it has become quick, where a rule behind it decides",
			["pass", inAnchor("", "block in proto tcp"), "pass in proto tcp"],
			["pass", inAnchor("quick ", "block in proto tcp"), "pass in proto tcp"],
			["pass → block drop: in proto tcp"],
		],
		[
			"a rule in one, for what the call does not take",
			["block", inAnchor("from 10.0.0.1 ", "pass in proto udp")],
			["block", inAnchor("from 10.0.0.1 ", "pass in proto udp", "pass in from 10.0.0.2 to 10.0.0.3"), "pass in inet proto tcp to port 80"],
			["block drop → pass: in inet proto tcp to any port 80"],
		],
		[
			"that it is quick, where nothing of it decides",
			["block", inAnchor("quick ", "match in proto tcp"), "pass in proto tcp"],
			["block", inAnchor("", "match in proto tcp"), "pass in proto tcp"],
			[],
		],
		[
			"that it is quick, where an anchor in it decides",
			["pass", inAnchor("quick ", 'anchor "b" {', "block in proto tcp", "}"), "pass in proto tcp"],
			["pass", inAnchor("", 'anchor "b" {', "block in proto tcp", "}"), "pass in proto tcp"],
			[],
		],
		[
			"a rule in a quick one",
			["block", inAnchor("quick ", "pass in proto tcp to port 80"), "block in proto tcp"],
			["block", inAnchor("quick ", "pass in proto tcp to port { 80 81 }"), "block in proto tcp"],
			["block drop → pass: in proto tcp to any port 81"],
		],
		[
			"a rule behind a quick one",
			["pass flags any", inAnchor("quick on em0 ", "pass in proto tcp flags any")],
			["pass flags any", inAnchor("quick on em0 ", "pass in proto tcp flags any"), "block in proto tcp"],
			["pass → block drop: in proto tcp on { lo0 em1 tap3 }"],
		],
	],
	"interfaces that are skipped": [
		["in both", ["set skip on lo0", "block"], ["set skip on lo0", "block", "pass on lo0"], []],
		[
			"others than before",
			["set skip on lo0", "block"],
			["set skip on tap", "block"],
			["block drop → skip: on tap3", "skip → block drop: on lo0", "- set skip on { lo0 }", "+ set skip on { tap }"],
		],
	],
	"several at once": [
		[
			"what opens the host comes first, then what shuts it",
			["pass in proto tcp to port 22 flags any", "block in proto tcp to port 23"],
			[
				"block in proto tcp to port 22",
				"pass in proto tcp to port 23 flags any",
				"pass in proto udp set prio 5",
				"block return in proto tcp to port 24",
			],
			[
				"block drop → pass: in proto tcp to any port 23",
				"pass → block drop: in proto tcp to any port 22",
				"pass no state → block return: in proto tcp to any port 24",
				"pass no state → pass set (prio 5): in proto udp",
			],
		],
		[
			"how packets are refused comes last",
			["block in proto tcp to port 22", "pass in proto udp"],
			["block return in proto tcp to port 22", "pass in log proto udp"],
			["pass → pass log: in proto udp", "block drop → block return: in proto tcp to any port 22"],
		],
		[
			"rules that are gone, each for itself",
			["block", "pass in proto udp to port 53", "pass in proto udp to port 123"],
			["block"],
			["pass → block drop: in proto udp to any port 53", "pass → block drop: in proto udp to any port 123"],
		],
		[
			"a rule that takes from several is one change",
			["block", "block in inet proto udp"],
			["block", "block in inet proto udp", "pass in quick inet from 10.0.0.0/8 flags any"],
			["block drop* → pass: in inet from 10.0.0.0/8"],
		],
		[
			"a rule that leaves to several is one too",
			["block", "block in inet proto udp", "pass in quick inet from 10.0.0.0/8 flags any"],
			["block", "block in inet proto udp"],
			["pass → block drop*: in inet from 10.0.0.0/8"],
		],
		["a rule where there was none", [""], ["block in proto tcp"], ["pass no state → block drop: in proto tcp"]],
		["neither tables nor macros", ["block"], ['x = "em0"', "table <t> { 10.0.0.1 }", "block"], []],
		[
			"settings, queues and limiters",
			["set limit states 5000", "set timeout interval 10", "block"],
			["set limit states 6000", "set timeout interval 10", "queue r on em0 bandwidth 1M default", LIMITER, "block"],
			["- set limit states 5000", "+ set limit states 6000", "+ state limiter dns id 3 limit 9", "+ queue r on em0 bandwidth 1M default"],
		],
	],
	"in terms of pf.conf": [
		["all packets", [""], ["block"], ["pass no state → block drop: all"]],
		[
			"a few ports",
			["block"],
			["block", "pass in proto udp to port 1:9", "block in proto udp to port { 2 4 6 }"],
			["block drop → pass: in proto udp to any port { 1 3 5 7:9 }"],
		],
		[
			"more ports than are told",
			["block"],
			["block", "pass in proto udp to port 1:9", "block in proto udp to port { 2 4 6 8 }"],
			["block drop → pass: in proto udp to any port { 1 3 5 … 2 }"],
		],
		[
			"all ports but one",
			["block"],
			["block", "pass in proto udp from port != 53"],
			["block drop → pass: in proto udp from any port ! 53"],
		],
		[
			"a range of ports",
			["block"],
			["block", "pass in proto udp from any port 1024:65535 to any port 80:90"],
			["block drop → pass: in proto udp from any port 1024:65535 to any port 80:90"],
		],
		["some flags", ["block"], ["block", "pass in proto tcp flags SE/SAE"], ["block drop → pass: in proto tcp with some flags"]],
		[
			"no connection of ICMP",
			["block"],
			["block", "pass in inet proto icmp icmp-type echorep no state"],
			["block drop → pass no state: in inet proto icmp opening no connection"],
		],
		[
			"a code of ICMP",
			["block"],
			["block", "pass in inet proto icmp icmp-type echoreq code 3"],
			["block drop → pass: in inet proto icmp icmp-type echoreq code 3"],
		],
		[
			"the code 0 alone",
			["block"],
			["block", "pass in inet proto icmp icmp-type echoreq code 0"],
			["block drop → pass: in inet proto icmp icmp-type echoreq code 0"],
		],
		[
			"what came in nowhere",
			["block"],
			["block", "pass out on em0 ! received-on any"],
			["block drop → pass: out on em0 received-on { lo0 none }"],
		],
		[
			"all types but one",
			["block"],
			["block", "pass in inet proto icmp no state", "block in inet proto icmp icmp-type echoreq"],
			["block drop → pass no state: in inet proto icmp icmp-type { echorep:7 routeradv:255 }"],
		],
		...(
			[
				["10.0.0.0/9", "10.0.0.0/9"],
				["10.0.0.4 - 10.0.0.7", "10.0.0.4/30"],
				["10.0.0.5 - 10.0.0.6", "10.0.0.5 - 10.0.0.6"],
				["10.0.0.4 - 10.0.0.6", "10.0.0.4 - 10.0.0.6"],
				["10.0.0.5 - 10.0.0.7", "10.0.0.5 - 10.0.0.7"],
				["10.0.0.1 - 10.0.0.10", "10.0.0.1 - 10.0.0.10"],
				["! 10.0.0.1", "! 10.0.0.1"],
				["2001:db8::/32", "2001:db8::/32"],
				["2001:db8::/40", "2001:db8::/40"],
				["2001:db8::/64", "2001:db8::/64"],
				["2001:db8::1", "2001:db8::1"],
				["2001:db8:: - 2001:db8::ff", "2001:db8::/120"],
				["2001:db8::1 - 2001:db8::ff", "2001:db8::1 - 2001:db8::ff"],
				["2001:db8:: - 2001:db8:0:1::", "2001:db8:: - 2001:db8:0:1::"],
				["2001:db8::1 - 2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8::1 - 2001:db8:0:1:ffff:ffff:ffff:ffff"],
				["2001:db8:0:1:: - 2001:db8:0:2:ffff:ffff:ffff:ffff", "2001:db8:0:1:: - 2001:db8:0:2:ffff:ffff:ffff:ffff"],
			] as const
		).map(([from, told]): Case => {
			const family = from.includes("::") ? "inet6" : "inet";
			return [
				from,
				["block"],
				["block", `pass in ${family} proto udp from ${from}`],
				[`block drop → pass: in ${family} proto udp from ${told}`],
			];
		}),
		[
			"protocols",
			["block"],
			["block", "pass in proto gre", "pass out inet proto 200"],
			["block drop → pass: in proto others proto gre", "block drop → pass: out inet proto others proto 200"],
		],
		[
			"types of ICMP",
			["block"],
			["block", "pass in inet proto icmp icmp-type echoreq", "pass in inet6 proto icmp6 icmp6-type neighbrsol"],
			["block drop → pass: in inet proto icmp icmp-type echoreq", "block drop → pass: in inet6 proto icmp6 icmp-type neighbrsol"],
		],
		[
			"where packets came in",
			["block"],
			["block", "pass out on em0 received-on tap3", "pass out on em1 received-on any"],
			["block drop → pass: out on em0 received-on tap3", "block drop → pass: out on em1 received-on { em0 em1 tap3 }"],
		],
	],
};

const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;
describe.each(Object.entries(cases))("%s", (_, own) => {
	it.each(own)("%s", (_what, before, after, expected) => expect(told(text(before), text(after))).toEqual(expected));
});

describe("interfaces that are others", () => {
	const address = (own: string): Version["interfaces"] =>
		INTERFACES.map((one) =>
			one.name === "em1" ? { ...one, addresses: [{ family: "inet", address: own, netmask: "255.255.255.0" }] } : one,
		);
	const groups: Version["interfaces"] = INTERFACES.map((one) => (one.name === "tap3" ? { ...one, groups: ["tap"] } : one));
	it.each<[what: string, rules: readonly string[], later: Version["interfaces"], told: readonly string[]]>([
		["in no group of a rule any more", ["block", "pass in on web"], groups, ["pass → block drop: in on tap3"]],
		["not skipped any more", ["set skip on web", "block"], groups, ["skip → block drop: on tap3"]],
		[
			"with another address",
			["block", "pass in to (em1)"],
			address("10.0.0.2"),
			["block drop → pass: in inet to 10.0.0.2", "pass → block drop: in inet to 10.0.0.1"],
		],
		["that no rule asks for", ["block", "pass in on em0"], groups, []],
	])("%s", (_, rules, later, expected) => {
		expect(told(text(rules), text(rules), INTERFACES, later)).toEqual(expected);
	});
	it("are not supposed to be, where none is known", () => {
		const rules = ["block", "pass in on em1", "pass in proto tcp to port 22"];
		expect(told(text(rules), text(rules), undefined)).toEqual([]);
	});
});

it("what opens no connection stands behind all else", () => {
	const { changes, space } = differenceOf(
		read("block in\npass in proto tcp to port 443\n"),
		read("block return in\npass in proto tcp to port 443\n"),
	);
	const packets = changes.flatMap((change) => change.packets);
	const texts = (list: typeof packets): readonly boolean[] =>
		packetTexts({ packets: list }, space).map((one) => one.endsWith("opening no connection"));
	expect(texts(packets).at(-1)).toBe(true);
	expect(texts(packets.toReversed().map((one) => ({ ...one, regions: one.regions.toReversed() })))).toEqual(texts(packets));
});

it("no packet is in two regions of a change", () => {
	const { changes } = differenceOf(read("block\n"), read("block\npass in proto udp to port 1:100\npass in proto udp to port 50:150\n"));
	for (const { packets } of changes)
		for (const { regions } of packets)
			for (const [index, one] of regions.entries())
				for (const other of regions.slice(index + 1))
					expect(one.some((set, dimension) => !overlap(set, other[dimension as Dimension]))).toBe(true);
});

it("no packet is in two regions where rules overlap by more than one thing", () => {
	const { changes } = differenceOf(
		read("block\n"),
		read("block\npass in inet proto udp from 10.0.0.0/8 to port 1:100\npass in inet proto udp to port 50:150\n"),
	);
	const regions = changes.flatMap(({ packets }) => packets.flatMap((one) => one.regions));
	expect(regions).toHaveLength(2);
	for (const [index, one] of regions.entries())
		for (const other of regions.slice(index + 1))
			expect(one.some((set, dimension) => !overlap(set, other[dimension as Dimension]))).toBe(true);
});

it("what each rule does is a change of its own, where that is asked for", () => {
	const found = (eachRule: boolean, ...versions: readonly (readonly string[])[]) => {
		const [before, after] = versions.map((lines) => ({ ruleset: read(text(lines)), interfaces: INTERFACES })) as [Version, Version];
		return finished(searchDifference(before, after, eachRule)).changes.map(({ before: was, after: is, isMergedBefore }) => [
			was.text,
			is.text,
			isMergedBefore,
		]);
	};
	const [blocks, pass] = [["block", "block in inet proto udp"], "pass in quick inet from 10.0.0.0/8 no state"];
	const one = ["block drop", "pass no state"];
	expect(found(false, blocks, [...blocks, pass])).toEqual([[...one, true]]);
	expect(found(true, blocks, [...blocks, pass])).toEqual([
		[...one, false],
		[...one, false],
	]);
	const match = "match in inet proto udp set prio 3";
	expect(found(false, [match, "block"], [match, "block", pass])).toHaveLength(1);
	expect(found(true, [match, "block"], [match, "block", pass]).sort()).toEqual([
		[...one, false],
		["block drop", "pass set (prio 3) no state", false],
	]);
});

it("why packets are blocked, and the rules that it depends on, are told", () => {
	const reasons = (before: readonly string[], after: readonly string[]) => {
		const [old, now] = [read(text(before)), read(text(after))];
		return differenceOf(old, now).changes.map((one) => [
			one.before.reason,
			one.after.reason,
			one.depends.map((rule) => old.main.rules.indexOf(rule)),
		]);
	};
	const all = "pass no state";
	expect(reasons([all], [all, "match out on em0 inet nat-to (tap3)"])).toEqual([["rule", "translation", []]]);
	expect(reasons(["pass out on em0 inet proto udp"], ["pass out on em0 inet proto udp nat-to (tap3)"])).toEqual([
		["rule", "translation", []],
	]);
	expect(reasons([LIMITER, "pass", "pass in proto udp state limiter dns (block)"], [LIMITER, "pass"])).toEqual([
		["limit", "rule", [1]],
		["rule", "rule", [1]],
	]);
});

describe("the work of a search", () => {
	/** How much is done for all of it, in lines that a piece comes by. */
	const workFor = (before: readonly string[], after: readonly string[]): number => {
		const [old, now] = [before, after].map((lines) => ({ ruleset: read(text(lines)), interfaces: INTERFACES })) as [Version, Version];
		const work = [...searchDifference(old, now)];
		const [lines = 0] = work;
		return (work.reduce((sum, one) => sum + one) - (1 + CLASSES.length) * lines) * PIECE;
	};
	const PIECE = 64;
	const [was, is] = ["pass in quick inet proto udp to port 53", "block in quick inet proto udp to port 53"];
	/** The piece by the line of one version, by that of the other, and its end. */
	const own = 3 * PIECE + 3;
	const many = (rule: string, count = 70) => Array<string>(count).fill(rule);

	it("ends it where it may do no more, with what was found", () => {
		const [old, now] = ["pass in no state\n", "block in\n"].map((rules) => ({ ruleset: read(rules), interfaces: INTERFACES })) as [
			Version,
			Version,
		];
		const found = (most: number) => {
			const { changes, isWhole } = finished(searchDifference(old, now, false, most));
			return [isWhole, changes.flatMap(({ packets }) => packets).length];
		};
		const all = workFor(["pass in no state"], ["block in"]) / PIECE;
		expect(found(all + 1 / PIECE)).toEqual([true, 8]);
		expect(found(all)).toEqual([false, 8]);
		expect(found(all / 8)).toEqual([false, 1]);
		expect(found(0)).toEqual([false, 0]);
	});

	it("is that of each piece, and of the lines that it comes by", () => {
		expect(workFor([was], [is])).toBe(own);
		const anchor = (count: number) => inAnchor("on em0 ", ...many("match in inet proto udp to port 54", count));
		const [few, more] = [30, 40].map((count) => workFor([anchor(count), was], [anchor(count), is])) as [number, number];
		// Both that comes into the anchor and what does not.
		expect(more - few).toBe(2 * 10);
	});

	it.each<[what: string, rules: readonly string[]]>([
		["of other classes", many("match in inet6 proto tcp to port 1")],
		["of other ports", many("match in inet proto udp to port 54")],
	])("leaves lines alone %s", (_, rules) => {
		expect(workFor([...rules, was], [...rules, is])).toBe(own);
	});

	it("leaves lines alone behind the end, whatever they make of packets", () => {
		const rules = [...many("match in inet proto udp"), "match in inet proto udp rdr-to 10.0.0.20 port 8080"];
		expect(workFor([was, ...rules], [is, ...rules])).toBe(own);
	});

	it("ends where both versions have come to the same, and nothing that only one of them has is about the packets any more", () => {
		const behind = ["block in inet proto udp", ...many("match in inet proto udp")];
		const heads: readonly (readonly [before: readonly string[], after: readonly string[], left: number])[] = [
			[["pass in inet proto udp to port 53"], ["pass in log inet proto udp to port 53"], 1],
			[
				["match in inet proto udp", "pass in inet proto udp to port 53"],
				["match in inet proto udp", "pass in log inet proto udp to port 53"],
				1,
			],
			[
				["match in on em0 inet proto udp tag A", "pass in quick inet proto udp to port 53 tagged A"],
				["match in on em0 inet proto udp tag A", "block in quick inet proto udp to port 53 tagged A"],
				2,
			],
		];
		for (const [before, after, left] of heads) {
			const few = workFor([...before, ...behind.slice(0, 2)], [...after, ...behind.slice(0, 2)]);
			expect(workFor([...before, ...behind], [...after, ...behind])).toBe(few);
			const [last, other] = ["pass in quick inet proto udp to port 99", "pass in log quick inet proto udp to port 99"];
			const added = workFor([...before, ...behind, last], [...after, ...behind, other]) - few;
			// The pieces of the other port that are left go through all lines, and nothing else does.
			expect(added).toBeLessThan(left * 80 * PIECE);
		}
	});

	it("is done in portions", () => {
		const ports = Array.from({ length: 200 }, (_, index) => `pass in quick inet proto tcp to port ${index + 1}`);
		const [old, now] = [["block"], ["block", ...ports]].map((lines) => ({ ruleset: read(text(lines)), interfaces: INTERFACES })) as [
			Version,
			Version,
		];
		const portions = [...searchDifference(old, now)].filter((work) => work !== ports.length + 1).map(Math.floor);
		expect(portions.filter((work) => work === 500).length).toBeGreaterThan(0);
		expect(Math.max(...portions)).toBe(500);
	});
});

it("an edit of a few rules among many takes no more than one portion for all of them", () => {
	const others = Array.from(
		{ length: 1_000 },
		(_, index) => `block in inet proto tcp to 198.51.100.${index % 250} port ${1 + Math.floor(index / 250)}`,
	);
	const come = Array.from({ length: 64 }, (_, index) => `pass in inet proto tcp to 192.0.2.${index} port 80`);
	const wide = Array.from({ length: 300 }, (_, index) => `block in inet proto tcp from any port ${1000 + 2 * index}`);
	const base = [
		"match in proto tcp set prio 3",
		...others,
		"block in inet proto tcp to 192.0.2.0/24",
		'anchor "a" on lo0 {',
		"pass in",
		"}",
		...wide,
	];
	const [before, after] = [base, base.toSpliced(1_001, 0, ...come)].map((lines) => ({
		ruleset: read(text(lines)),
		interfaces: INTERFACES,
	}));
	if (before === undefined || after === undefined) throw new Error("no rules");
	const all = after.ruleset.main.rules.length + 1;
	const [first, ...work] = searchDifference(before, after);
	expect([first, work.length]).toEqual([all, 2 * CLASSES.length]);
	for (const [index, portion] of work.entries()) expect(portion === all || (index % 2 === 1 && portion < 500)).toBe(true);
});

it("many new rules are looked at together, and none is left out", () => {
	const rules = (count: number) =>
		text(["block", ...Array.from({ length: count }, (_, index) => `pass in quick inet proto tcp to port ${index + 1}`)]);
	for (const count of [200, 201]) {
		const lines = told(text(["block"]), rules(count));
		expect(lines).toHaveLength(count);
		expect(lines).toContain(`block drop → pass: in inet proto tcp to any port ${count}`);
	}
});

describe("nothing is told but the settings", () => {
	const set = (rules: Parameters<typeof ruleset>[0], anchors = {}) => ({
		...ruleset(rules, { anchors }),
		definitions: read("set limit states 5000\n").definitions,
	});
	const nothing = { changes: [], isWhole: false, settings: { gone: [], come: ["set limit states 5000"] } };
	const before = ruleset([pass()]);
	it("where anchors call each other", () => {
		const round = set([call("a"), block()], { a: [call("b")], b: [call("a")] });
		expect(differenceOf(before, round)).toMatchObject(nothing);
		expect(differenceOf(round, before)).toMatchObject({ ...nothing, settings: { gone: ["set limit states 5000"], come: [] } });
	});
	it("where rules are left out, because they are too many", () => {
		expect(differenceOf(before, { ...set([block()]), cutOff: true })).toMatchObject(nothing);
		expect(differenceOf({ ...before, cutOff: true }, set([block()]))).toMatchObject(nothing);
	});
});

describe("what rules translate to", () => {
	const moved = INTERFACES.map((one) =>
		one.name === "em1" ? { ...one, addresses: [{ family: "inet" as const, address: "10.0.0.2", netmask: "255.255.255.0" }] } : one,
	);
	test.each([
		[
			"an interface that has another address now",
			"pass out on em0 inet nat-to (em1)\n",
			"pass out on em0 inet nat-to (em1)\n",
			moved,
			["not all"],
		],
		["one whose address is the same", "pass out on em0 inet nat-to (em0)\n", "pass out on em0 inet nat-to (em0)\n", moved, []],
		[
			"a rule that a later one takes the packets from",
			"pass out on em0 nat-to (em1)\nblock\n",
			"pass out on em0 nat-to (em1)\nblock\n",
			moved,
			[],
		],
		[
			"a table with other addresses",
			"table <t> const { 10.0.0.5 }\npass in on em0 inet rdr-to <t> round-robin\n",
			"table <t> const { 10.0.0.6 }\npass in on em0 inet rdr-to <t> round-robin\n",
			INTERFACES,
			["not all"],
		],
		[
			"a table with other addresses, in an anchor, for a match rule",
			'anchor "a" {\ntable <t> const { 10.0.0.5 }\nmatch in on em0 inet rdr-to <t> round-robin\n}\npass\n',
			'anchor "a" {\ntable <t> const { 10.0.0.6 }\nmatch in on em0 inet rdr-to <t> round-robin\n}\npass\n',
			INTERFACES,
			["not all"],
		],
		[
			"a match rule's interface that has another address",
			"match out on em0 nat-to (em1)\npass\n",
			"match out on em0 nat-to (em1)\npass\n",
			moved,
			["not all"],
		],
		[
			"one address by one rule, then by two",
			"pass out on em0 inet nat-to (em0:0)\n",
			"pass out on em0 inet to 192.0.2.1 nat-to (em0:0)\npass out on em0 inet to ! 192.0.2.1 nat-to (em0:0)\n",
			INTERFACES,
			[],
		],
	] as const)("%s", (_, before, after, later, expected) => {
		expect(told(before, after, INTERFACES, later)).toEqual(expected);
	});
});

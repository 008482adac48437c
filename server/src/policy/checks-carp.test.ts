import { describe, expect, it } from "vitest";
import { codes, type Files, find, pf } from "./checks-fixture.ts";

/** Two networks, each with an address that hosts share; states go over em2. */
const PAIR: Files = {
	"hostname.em0": ["inet 192.0.2.2/24"],
	"hostname.carp0": ["inet 192.0.2.1 255.255.255.0 192.0.2.255 vhid 1 carpdev em0 pass secret advskew 100"],
	"hostname.em1": ["up"],
	"hostname.carp1": ["inet 10.0.0.1 255.255.255.0 10.0.0.255 vhid 2 carpdev em1 pass secret"],
	"hostname.em2": ["inet 10.0.9.1/30"],
	"hostname.pfsync0": ["up syncdev em2"],
	mygate: ["192.0.2.254"],
};
const SSH = "pass in on em0 proto tcp to port ssh";
const CARP = "pass on { em0 em1 } proto carp keep state (no-sync)";
const PFSYNC = "pass on em2 proto pfsync keep state (no-sync)";

/** What is said of rules of a pair, by the texts. */
const texts = (rules: readonly string[], more: Files = {}): readonly string[] =>
	find({ ...PAIR, ...more, ...pf(...rules) })
		.filter(({ code }) => /carp|pfsync/.test(code))
		.map(({ text }) => text);

describe("advertisements of CARP", () => {
	const blocked = (name: string, spot: string): string =>
		`${name} ${spot.startsWith("out") ? "tells no other host that it has its addresses" : "takes its addresses whoever has them"}: advertisements are blocked \`${spot}\``;
	it.each<[why: string, rules: readonly string[], said: readonly string[], more?: Files]>([
		["nothing passes them", ["block", SSH, PFSYNC], [blocked("carp0", "out on em0"), blocked("carp1", "out on em1")]],
		["they pass out alone", ["block", "pass out", SSH, PFSYNC], [blocked("carp0", "in on em0"), blocked("carp1", "in on em1")]],
		["they pass both ways", ["block", SSH, CARP, PFSYNC], []],
		["everything passes on one interface", ["block", SSH, "pass on em1", "pass on em0 proto carp", PFSYNC], []],
		["another protocol passes", ["block", SSH, "pass on { em0 em1 } proto vrrp", PFSYNC], []],
		["those to the group alone", ["block", SSH, "pass on { em0 em1 } proto carp to 224.0.0.18", PFSYNC], []],
		[
			"those to another group alone",
			["block", SSH, "pass on { em0 em1 } proto carp to 224.0.0.19", PFSYNC],
			[blocked("carp0", "out on em0"), blocked("carp1", "out on em1")],
		],
		["pf leaves the interfaces out", ["set skip on { em0 em1 em2 }", "block"], []],
		["an anchor may pass them", ["block", SSH, PFSYNC, 'anchor "pair/*"'], []],
		["carp is down", ["block", SSH, CARP, PFSYNC], [], { "hostname.carp1": ["inet 10.0.0.1/24 vhid 2 carpdev em3 down"] }],
		[
			"what one host is sent is answered by its state",
			["block", SSH, "pass out", "pass in on em0 proto carp", PFSYNC],
			[],
			{ "hostname.carp1": ["inet 10.0.0.1/24 vhid 2 carpdev em1 carppeer 10.0.0.3"] },
		],
		[
			"to one host, and blocked",
			["block", SSH, "pass on em0 proto carp", PFSYNC, "pass out on em1 proto carp to 224.0.0.18"],
			[blocked("carp1", "out on em1")],
			{ "hostname.carp1": ["inet 10.0.0.1/24 vhid 2 carpdev em1 carppeer 10.0.0.3"] },
		],
		[
			"carp without an address sends none",
			["block", SSH, "pass on em0 proto carp", PFSYNC],
			[],
			{ "hostname.carp1": ["vhid 2 carpdev em1"] },
		],
		[
			"an interface of another kind sends none",
			["block", SSH, "pass on em0 proto carp", PFSYNC],
			[],
			{ "hostname.carp1": undefined, "hostname.vlan1": ["inet 10.0.0.1/24 vnetid 7 parent em1"] },
		],
		[
			"which interface it runs on isn't known",
			["block", SSH, "pass on em0 proto carp", PFSYNC],
			[],
			{ "hostname.carp1": ["inet 10.0.0.1/24 vhid 2"] },
		],
	])("%s", (_, rules, said, more) => expect(texts(rules, more)).toEqual(said));

	it("of IPv6 are asked about too", () => {
		const six = { "hostname.carp1": ["inet6 2001:db8::1 64 vhid 2 carpdev em1 pass secret"] };
		expect(texts(["block", SSH, "pass on em0 proto carp", "pass on em1 inet proto carp", PFSYNC], six)).toEqual([
			blocked("carp1", "out on em1"),
		]);
		expect(texts(["block", SSH, "pass on em0 proto carp", "pass on em1 inet6 proto carp", PFSYNC], six)).toEqual([]);
		// Their group is another one, which follows from the link.
		expect(texts(["block", SSH, "pass on em0 proto carp", "pass on em1 inet6 proto carp to ff02::12", PFSYNC], six)).toEqual([]);
	});

	it("pass by a quick rule above a quick block", () => {
		const [found] = find({ ...PAIR, ...pf("block quick proto { carp pfsync }", "pass") }).filter(
			({ code }) => code === "host/carp-blocked",
		);
		expect(found?.titles).toEqual(["Add `pass quick on em0 proto carp keep state (no-sync)`"]);
	});
});

describe("states of pfsync", () => {
	it.each<[why: string, rules: readonly string[], said: readonly string[], more?: Files]>([
		["nothing passes them", ["block", SSH, CARP], ["pfsync0 tells nobody of its states: they are blocked `out on em2`"]],
		["they pass out alone", ["block", SSH, CARP, "pass out on em2"], ["pfsync0 hears of no states: they are blocked `in on em2`"]],
		["they pass both ways", ["block", SSH, CARP, PFSYNC], []],
		["an anchor may pass them", ["block", SSH, CARP, 'anchor "pair/*"'], []],
		["which interface they go by isn't known", ["block", SSH, CARP], [], { "hostname.pfsync0": ["up"] }],
		[
			"to one host, by its state",
			["block", SSH, CARP, "pass out on em2"],
			[],
			{ "hostname.pfsync0": ["up syncdev em2 syncpeer 10.0.9.2"] },
		],
		["to a host by its name", ["block", SSH, CARP], [], { "hostname.pfsync0": ["up syncdev em2 syncpeer other.example"] }],
		["it isn't up", ["block", SSH, CARP], [], { "hostname.pfsync0": ["syncdev em2"] }],
		[
			"an old spelling",
			["block", SSH, CARP],
			["pfsync0 tells nobody of its states: they are blocked `out on em2`"],
			{ "hostname.pfsync0": ["up syncif em2"] },
		],
	])("%s", (_, rules, said, more) => expect(texts(rules, more)).toEqual(said));
});

describe("rules on carp interfaces", () => {
	const pass = ["block", SSH, CARP, PFSYNC];
	it.each<[why: string, rule: string, said: readonly string[]]>([
		["match nothing", "pass in on carp1 from 10.0.0.0/24", ["Nothing matches `on carp1`: pf sees no packet on carp1"]],
		["in a list are told of once", "pass in on { em0 carp1 } inet", ["Nothing matches `on carp1`: pf sees no packet on carp1"]],
		[
			"what came in there is asked",
			"pass out on em0 received-on carp1",
			["Nothing matches `received-on carp1`: pf sees no packet on carp1"],
		],
		["except nothing", "pass in on ! carp1 proto udp", ["`on ! carp1` excepts nothing: pf sees no packet on carp1"]],
		[
			"are told of once for all that a list is written for",
			"pass in on carp1 proto udp to port { 53 123 }",
			["Nothing matches `on carp1`: pf sees no packet on carp1"],
		],
		["name addresses of it alone", "pass in on em0 proto tcp to (carp0) port 443", []],
		["name the group of its kind", "pass in on carp proto udp", []],
	])("%s", (_, rule, said) => expect(texts([...pass, rule])).toEqual(said));

	it("name the interface below after the fix, where that is known and not named too", () => {
		const fixed = (rule: string, files: Files = PAIR): readonly string[] =>
			find({ ...files, ...pf(...pass, rule) }).find(({ code }) => code === "host/rule-on-carp")?.fixes ?? [];
		expect(fixed("pass in on carp1 proto udp")).toEqual(["em1"]);
		expect(fixed("pass in on { em1 carp1 } proto udp")).toEqual([]);
		expect(fixed("pass in on carp7 proto udp")).toEqual([]);
		expect(fixed("pass in on carp1 proto udp to (em1)")).toEqual([]);
		expect(fixed("pass in on carp1 proto udp label web7")).toEqual(["em1"]);
		expect(fixed("shared = carp1\npass in on $shared proto udp to (em1)")).toEqual([]);
		const twelve = { ...PAIR, "hostname.carp1": undefined, "hostname.carp12": PAIR["hostname.carp1"] };
		expect(fixed("pass in on carp12 proto udp", twelve)).toEqual(["em1"]);
	});

	it("are told of in each statement", () => {
		const found = find({ ...PAIR, ...pf(...pass, "pass in on carp1 proto udp", "pass in on carp7", "pass in on carp1 proto esp") });
		expect(found.map(({ words, advice }) => [words, advice])).toEqual([
			["pass in on carp1 proto udp", "Name em1, on which carp1 runs."],
			["pass in on carp7", "Name the interface that carp runs on."],
			["pass in on carp1 proto esp", "Name em1, on which carp1 runs."],
		]);
	});

	it("are told of where no file tells of interfaces", () => {
		expect(codes(pf("block", "pass in on carp0"))).toEqual(["host/rule-on-carp"]);
	});
});

import { describe, expect, test } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { createEvaluator, formatEnds, MAX_WORLDS, type Outcome } from "./evaluate.ts";
import { block, call, end, INTERFACES, ip, match, matching, number, pass, pool, ruleset, type Surroundings, table } from "./fixture.ts";
import { type Packet, parsePacket } from "./packet.ts";

const WEB = "in em0 tcp 198.51.100.7 40000 203.0.113.10 80 S - -";

function packet(line: string): Packet {
	const read = parsePacket(line);
	if (read === undefined) throw new Error(`not a packet: ${line}`);
	return read;
}

/** The verdict with the index of the deciding rule among `rules`; a `?` where it depends on something. */
function verdict(rules: readonly Rule[], line: string, around?: Surroundings): string {
	const outcomes = createEvaluator(ruleset(rules, around), INTERFACES).evaluate(packet(line));
	const texts = outcomes.map(
		(outcome) => `${outcome.verdict} ${outcome.rule === undefined ? outcome.reason : rules.indexOf(outcome.rule)}`,
	);
	return [...new Set(texts)].join(" ? ");
}

function ends(rules: readonly Rule[], line: string, around?: Surroundings): string {
	const [outcome] = createEvaluator(ruleset(rules, around), INTERFACES).evaluate(packet(line));
	return outcome === undefined ? "" : `${outcome.verdict} ${formatEnds(outcome)}`;
}

describe("one rule", () => {
	const cases: readonly (readonly [string, Partial<Rule>, string, boolean])[] = [
		["anything", {}, WEB, true],
		["direction", { direction: "out" }, WEB, false],
		["interface", { interface: "em0" }, WEB, true],
		["another interface", { interface: "em1" }, WEB, false],
		["not an interface", { interface: "em1", interfaceNegated: true }, WEB, true],
		["group", { interface: "egress" }, WEB, true],
		["any interface", { interface: "any" }, WEB, true],
		["any interface but loopback", { interface: "any" }, "in lo0 tcp 127.0.0.1 1 127.0.0.1 80 S - -", false],
		["family", { family: "inet6" }, WEB, false],
		["protocol", { protocol: 17 }, WEB, false],
		["source", { source: end("198.51.100.0/24") }, WEB, true],
		["not a source", { source: end("! 198.51.100.0/24") }, WEB, false],
		["range", { source: end("198.51.100.1 - 198.51.100.7") }, WEB, true],
		["outside of a range", { source: end("198.51.100.8 - 198.51.100.9") }, WEB, false],
		["range across the sign", { source: end("126.0.0.0 - 198.51.100.7") }, WEB, true],
		["destination port", { protocol: 6, destination: end("any", "80") }, WEB, true],
		["port range", { protocol: 6, destination: end("any", "80:90") }, WEB, true],
		["between ports", { protocol: 6, destination: end("any", "80 >< 90") }, WEB, false],
		["outside of ports", { protocol: 6, destination: end("any", "81 <> 90") }, WEB, true],
		["unequal port", { protocol: 6, destination: end("any", "!= 80") }, WEB, false],
		["lower ports", { protocol: 6, destination: end("any", "<= 80") }, WEB, true],
		["source port", { protocol: 6, source: end("any", "< 1024") }, WEB, false],
		["flags", { flags: 0x12, flagSet: 0x12 }, WEB, false],
		["flags do not concern UDP", { flags: 0x12, flagSet: 0x12 }, "in em0 udp 198.51.100.7 1 203.0.113.10 53 - - -", true],
		["icmp type", { protocol: 1, icmpType: 8 }, "in em0 icmp 198.51.100.7 8 203.0.113.10 0 - - -", true],
		["another icmp code", { protocol: 1, icmpType: 3, icmpCode: 4 }, "in em0 icmp 198.51.100.7 3 203.0.113.10 3 - - -", false],
		["no state is made of an icmp reply", { protocol: 1 }, "in em0 icmp 198.51.100.7 0 203.0.113.10 0 - - -", false],
		["an icmp reply without state", { protocol: 1, state: "none" }, "in em0 icmp 198.51.100.7 0 203.0.113.10 0 - - -", true],
		["an icmp error makes no state anyway", { protocol: 1 }, "in em0 icmp 198.51.100.7 3 203.0.113.10 1 - - -", true],
		["tag", { tagged: "LAN" }, "in em0 tcp 198.51.100.7 1 203.0.113.10 80 S LAN -", true],
		["not tagged", { tagged: "LAN", taggedNegated: true }, WEB, true],
		["received on", { receivedOn: "tap" }, "out em0 tcp 10.0.0.9 1 198.51.100.7 80 S - tap3", true],
		["received on another", { receivedOn: "tap" }, "out em0 tcp 10.0.0.9 1 198.51.100.7 80 S - em1", false],
		["made by the host", { receivedOn: "any" }, "out em0 tcp 203.0.113.10 1 198.51.100.7 80 S - -", false],
		[
			"not received on, made by the host",
			{ receivedOn: "tap", receivedOnNegated: true },
			"out em0 tcp 203.0.113.10 1 198.51.100.7 80 S - -",
			true,
		],
		["an address of an interface", { destination: end("(em0)") }, WEB, true],
		["its alias", { destination: end("(em0:0)") }, "in em0 tcp 198.51.100.7 1 203.0.113.11 80 S - -", false],
		["its network", { destination: end("(em0:network)") }, "in em0 tcp 198.51.100.7 1 203.0.113.99 80 S - -", true],
		["its broadcast address", { destination: end("(em0:broadcast)") }, "in em0 udp 198.51.100.7 1 203.0.113.255 80 - - -", true],
		["an interface without addresses", { destination: end("(tap3)") }, WEB, false],
		["self", { destination: end("(self)") }, "in em0 tcp 198.51.100.7 1 10.0.0.1 80 S - -", true],
		["not that owner of a forwarded packet", { user: number("!= 0") }, "out em0 tcp 10.0.0.9 1 198.51.100.7 80 S - em1", true],
		["nobody, of a forwarded packet", { user: number("4294967295") }, "out em0 tcp 10.0.0.9 1 198.51.100.7 80 S - em1", true],
		["an owner above another, of a forwarded packet", { user: number("> 0") }, "out em0 tcp 10.0.0.9 1 198.51.100.7 80 S - em1", false],
		["the owner of a forwarded packet", { user: number("0") }, "out em0 tcp 10.0.0.9 1 198.51.100.7 80 S - em1", false],
	];
	test.each(cases)("%s", (_, rule, line, matches) => {
		expect(verdict([block(), pass({ flags: 0, flagSet: 0, ...rule })], line)).toBe(matches ? "pass 1" : "block 0");
	});
});

describe("rulesets", () => {
	test("without a rule the packet passes", () => expect(verdict([], WEB)).toBe("pass default"));
	test("the last match wins", () => expect(verdict([pass(), block(), pass({ direction: "out" })], WEB)).toBe("block 1"));
	test("quick ends it", () => expect(verdict([block({ quick: true }), pass()], WEB)).toBe("block 0"));
	test("pf does nothing on an interface that is skipped, and all on others", () => {
		expect(verdict([block()], WEB, { skip: ["egress"] })).toBe("pass skip");
		expect(verdict([block()], WEB, { skip: ["em1", "lo"] })).toBe("block 0");
	});
	test("a tag is set by rules that do not decide, and of anchors too", () => {
		expect(verdict([block({ tag: "A" }), pass({ tagged: "A" })], WEB)).toBe("pass 1");
		expect(verdict([call("x", { tag: "A" }), block({ tagged: "A" })], WEB)).toBe("block 1");
	});
	test("what matched is told in its order, whatever is supposed", () => {
		const rules = [pass(), block({ direction: "out" }), matching({ tag: "A" }), block({ probability: 1 }), pass()];
		const outcomes = createEvaluator(ruleset(rules), INTERFACES).evaluate(packet(WEB));
		expect(outcomes.map(({ matched }) => matched.map((rule) => rules.indexOf(rule)))).toEqual([
			[0, 2, 4],
			[0, 2, 3, 4],
		]);
	});
	test("one evaluator answers for packets of every kind", () => {
		const evaluator = createEvaluator(
			ruleset([pass(), block({ direction: "out" }), block({ protocol: 17 }), block({ interface: "em1" }), block({ family: "inet6" })]),
			INTERFACES,
		);
		const verdicts = [WEB, WEB.replace("in", "out"), WEB.replace("tcp", "udp"), WEB.replace("em0", "em1"), "in em0 tcp ::1 1 ::2 2"].map(
			(line) => evaluator.evaluate(packet(line))[0]?.verdict,
		);
		expect(verdicts).toEqual(["pass", "block", "block", "block", "block"]);
	});
	test("the most specific entry of a table counts", () => {
		const tables = [table("t", ["198.51.0.0/16", "!198.51.100.0/24", "198.51.100.7"])];
		const rules = [pass(), block({ source: end("<t>") })];
		expect(verdict(rules, WEB, { tables })).toBe("block 1");
		expect(verdict(rules, WEB.replace("100.7", "100.8"), { tables })).toBe("pass 0");
		expect(verdict(rules, WEB.replace("100.7", "101.8"), { tables })).toBe("block 1");
	});
	test("a table that nothing defines holds no address", () => expect(verdict([pass(), block({ source: end("<t>") })], WEB)).toBe("pass 0"));
});

describe("anchors", () => {
	const inner = [pass({ destination: end("any", "80"), protocol: 6 })];
	test("rules of an anchor count where it is called", () => {
		expect(verdict([block(), call("web")], WEB, { anchors: { web: inner } })).toBe("pass -1");
		expect(verdict([call("web"), block()], WEB, { anchors: { web: inner } })).toBe("block 1");
	});
	test("a call has conditions of its own", () =>
		expect(verdict([block(), call("web", { direction: "out" })], WEB, { anchors: { web: inner } })).toBe("block 0"));
	test("an anchor that has no rules matches nothing", () =>
		expect(verdict([block(), call("none", { quick: true }), pass()], WEB)).toBe("pass 2"));
	test("a quick call ends it where a rule inside matched", () => {
		const own = block({ protocol: 6 });
		const rules = [call("a", { quick: true }), pass()];
		expect(verdict(rules, WEB, { anchors: { a: [own] } })).toBe("block -1");
		expect(verdict(rules, WEB.replace("tcp", "udp"), { anchors: { a: [own] } })).toBe("pass 1");
	});
	test("but not where the match was in an anchor inside of it", () => {
		const own = block({ protocol: 6 });
		expect(verdict([call("a", { quick: true }), pass()], WEB, { anchors: { a: [call("a/b")], "a/b": [own] } })).toBe("pass 1");
	});
	test("a wildcard calls the anchors below in the order of their names, and none deeper", () => {
		const anchors = { "vm/b": [block()], "vm/a": [pass()], "vm/b/c": [pass()] };
		expect(verdict([call("vm/*")], WEB, { anchors })).toBe("block -1");
	});
	test("a table of the anchor comes before that of the main ruleset", () => {
		const own = block({ source: end("<t>") });
		const rules = [pass(), call("a"), own];
		const tables = [table("t", ["198.51.100.7"]), table("t", ["10.0.0.0/8"], { anchor: "a" })];
		expect(verdict(rules.slice(0, 2), WEB, { tables, anchors: { a: [own] } })).toBe("pass 0");
		expect(verdict(rules.slice(0, 2), WEB, { tables: tables.slice(0, 1), anchors: { a: [own] } })).toBe("block -1");
	});
	test("a wildcard that no anchor is below matches nothing", () =>
		expect(verdict([block(), call("vm/*", { quick: true }), pass()], WEB)).toBe("pass 2"));
	test("a wildcard goes on behind an anchor without rules for the packet", () => {
		const anchors = { "vm/a": [pass({ direction: "out" })], "vm/b": [block({ direction: "in" })], "vm/c": [pass({ family: "inet6" })] };
		expect(verdict([call("vm/*")], WEB, { anchors })).toBe("block -1");
	});
	test.each<[what: string, rule: Rule, verdict: string]>([
		["its interface", block({ interface: "em0" }), "block -1"],
		["a group that it is in", block({ interface: "egress" }), "block -1"],
		["all interfaces but another", block({ interface: "em1", interfaceNegated: true }), "block -1"],
		["no interface", block(), "block -1"],
		["another interface", block({ interface: "em1" }), "pass -1"],
		["all interfaces but its own", block({ interface: "em0", interfaceNegated: true }), "pass -1"],
		["all interfaces outside of its group", block({ interface: "egress", interfaceNegated: true }), "pass -1"],
	])("of many below a wildcard, a packet meets one with a rule for %s", (_, rule, expected) => {
		const others = Object.fromEntries([1, 2, 3].map((i) => [`vm/g${i}`, [pass({ interface: `tap${i}` })]]));
		for (const last of [[rule], [pass({ interface: "em1" }), rule]])
			expect(verdict([call("vm/*")], WEB, { anchors: { "vm/a": [pass()], ...others, "vm/z": last } })).toBe(expected);
	});
	test("are followed 63 deep", () => {
		const nested = (depth: number) =>
			Object.fromEntries(Array.from({ length: depth }, (_, i) => [`a${i}`, i === depth - 1 ? [block()] : [call(`a${i + 1}`)]]));
		expect(verdict([call("a0")], WEB, { anchors: nested(63) })).toBe("block -1");
		expect(verdict([call("a0")], WEB, { anchors: nested(64) })).toBe("block depth");
	});
	test("anchors that call each other end with a block at the kernel's depth", () => {
		expect(verdict([call("a")], WEB, { anchors: { a: [call("b")], b: [call("a")] } })).toBe("block depth");
	});
});

describe("translation", () => {
	const out = "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1";
	test.each<readonly [string, readonly Rule[], string, string]>([
		[
			"a match rule changes what later rules see",
			[block(), matching({ nat: pool("203.0.113.10") }), pass({ source: end("203.0.113.10") })],
			out,
			"pass 203.0.113.10 * 198.51.100.7 80",
		],
		[
			"a match rule changes where they see it go",
			[block(), matching({ rdr: pool("10.0.0.20", { ports: [0, 0] }) }), pass({ destination: end("10.0.0.20") })],
			WEB,
			"pass 198.51.100.7 40000 10.0.0.20 80",
		],
		["static-port", [pass({ nat: pool("203.0.113.10", { ports: [0, 0] }) })], out, "pass 203.0.113.10 4000 198.51.100.7 80"],
		["one port", [pass({ nat: pool("203.0.113.10", { ports: [500, 500] }) })], out, "pass 203.0.113.10 500 198.51.100.7 80"],
		[
			"a protocol without ports",
			[pass({ nat: pool("203.0.113.10") })],
			"out em0 47 10.0.0.9 0 198.51.100.7 0 - - em1",
			"pass 203.0.113.10 0 198.51.100.7 0",
		],
		["an address of the interface", [pass({ nat: pool("(em0:0)") })], out, "pass 203.0.113.10 * 198.51.100.7 80"],
		[
			"no address of that family",
			[pass(), matching({ nat: pool("(em0)") })],
			"out em0 tcp fd00::1 1 2001:db8::1 80 S - em1",
			"block fd00::1 1 2001:db8::1 80",
		],
		["redirection", [pass({ rdr: pool("10.0.0.20", { ports: [8080, 0] }) })], WEB, "pass 198.51.100.7 40000 10.0.0.20 8080"],
		["redirection that keeps the port", [pass({ rdr: pool("10.0.0.20", { ports: [0, 0] }) })], WEB, "pass 198.51.100.7 40000 10.0.0.20 80"],
		[
			"a range of ports",
			[pass({ protocol: 6, destination: end("any", "70:90"), rdr: pool("10.0.0.20", { ports: [7000, 7020] }) })],
			WEB,
			"pass 198.51.100.7 40000 10.0.0.20 7010",
		],
		["bitmask", [pass({ nat: pool("203.0.113.0/24", { kind: "bitmask", ports: [0, 0] }) })], out, "pass 203.0.113.9 4000 198.51.100.7 80"],
		["IPv4 to IPv6", [pass({ afTo: "inet6", nat: pool("2001:db8::1") })], WEB, "pass 2001:db8::1 * 2001:db8::cb00:710a 80"],
		[
			"IPv6 to IPv4",
			[pass({ afTo: "inet", destination: end("64:ff9b::/96"), nat: pool("203.0.113.10") })],
			"in em1 tcp fd00::9 1 64:ff9b::c633:6464 80 S - -",
			"pass 203.0.113.10 * 198.51.100.100 80",
		],
	])("%s", (_, rules, line, expected) => expect(ends(rules, line)).toBe(expected));
});

describe("what is not known", () => {
	test.each<readonly [string, Partial<Rule>]>([
		["fingerprint", { protocol: 6, os: "Linux" }],
		["probability", { probability: 2 ** 31 }],
		["user", { protocol: 6, user: number("1000") }],
		["tos", { tos: 16 }],
		["route", { source: { address: match("urpf-failed"), negated: false, port: undefined } }],
		["rate", { maxPacketRate: { limit: 1, seconds: 1 } }],
		["an incomplete table", { source: end("<file>") }],
	])("%s", (_, rule) => {
		const tables = [table("file", [], { incomplete: true })];
		expect(
			verdict([block(), pass(rule)], WEB, { tables })
				.split(" ? ")
				.sort(),
		).toEqual(["block 0", "pass 1"]);
	});

	test("rates of two rules are two questions", () => {
		const rate = { maxPacketRate: { limit: 1, seconds: 1 } };
		const outcomes = createEvaluator(ruleset([block(), pass(rate), block(rate)]), INTERFACES).evaluate(packet(WEB));
		expect(outcomes).toHaveLength(4);
	});

	test("does not matter where another rule decides anyway", () => {
		expect(verdict([pass({ probability: 1 }), block()], WEB)).toBe("block 1");
	});

	test("is supposed alike wherever it is asked", () => {
		const root = { protocol: 6, user: number("0") };
		expect(
			verdict([block(root), pass(root)], WEB)
				.split(" ? ")
				.sort(),
		).toEqual(["pass 1", "pass default"]);
	});

	test("interfaces that are not known leave groups and addresses open, not names", () => {
		const evaluator = createEvaluator(ruleset([block(), pass({ interface: "egress" }), block({ interface: "em1" })]), undefined);
		expect(
			evaluator
				.evaluate(packet(WEB))
				.map((outcome) => outcome.verdict)
				.sort(),
		).toEqual(["block", "pass"]);
	});

	test("each outcome tells all that it supposes", () => {
		const rules = [pass({ probability: 1 }), block({ os: "Linux", protocol: 6 })];
		const outcomes = createEvaluator(ruleset(rules), INTERFACES).evaluate(packet(WEB));
		expect(
			outcomes.map(({ conditions }) => conditions.map(({ rule, criterion, holds }) => [rules.indexOf(rule), criterion, holds])),
		).toEqual([
			[
				[0, "probability", false],
				[1, "os", false],
			],
			[
				[0, "probability", false],
				[1, "os", true],
			],
			[
				[0, "probability", true],
				[1, "os", false],
			],
			[
				[0, "probability", true],
				[1, "os", true],
			],
		]);
	});

	test("an address that a translation picks is a condition", () => {
		const rule = pass({ nat: pool("198.51.100.0/24", { kind: "random" }) });
		const [outcome] = createEvaluator(ruleset([rule]), INTERFACES).evaluate(packet(WEB));
		expect(outcome).toMatchObject({ verdict: "pass", reason: "rule", conditions: [{ criterion: "translation", holds: true }] });
		expect(outcome.conditions[0]?.rule).toBe(rule);
	});

	test.each<[reason: Outcome["reason"], rules: readonly Rule[], around?: Surroundings]>([
		["rule", [block()]],
		["rule", [pass()]],
		["default", []],
		["skip", [block()], { skip: ["em0"] }],
		["translation", [pass({ family: "inet", nat: pool("(tap3)") })]],
		["translation", [pass(), matching({ family: "inet", nat: pool("(tap3)") })]],
		["depth", [call("a")], { anchors: { a: [call("a")] } }],
	])("the reason is told: %s", (reason, rules, around) => {
		expect(createEvaluator(ruleset(rules, around), INTERFACES).evaluate(packet(WEB))[0].reason).toBe(reason);
	});

	test("a limit that is reached blocks, where the rule says so", () => {
		const rule = pass({ limiters: [{ kind: "state", name: "a", id: 1, action: "block" }] });
		const outcomes = createEvaluator(ruleset([rule]), INTERFACES).evaluate(packet(WEB));
		expect(outcomes.map(({ verdict, reason }) => `${verdict} ${reason}`)).toEqual(["pass rule", "block limit"]);
	});

	test("many open questions do not take for ever", () => {
		const rules = Array.from({ length: 40 }, () => pass({ probability: 1 }));
		const outcomes = createEvaluator(ruleset(rules), INTERFACES).evaluate(packet(WEB));
		expect(outcomes).toHaveLength(MAX_WORLDS);
		expect(outcomes[0]?.conditions).toHaveLength(40);
	});
});

describe("explanations", () => {
	const explain = (rules: readonly Rule[], line: string, around?: Surroundings) =>
		createEvaluator(ruleset(rules, around), INTERFACES)
			.explain(packet(line))
			.map(({ anchor, failed, supposed }) => [anchor, failed.join(", "), supposed.join(", ")].join("|"));

	test("every rule on the way says why it does not match", () => {
		const web = { protocol: 6, destination: end("203.0.113.10", "443") };
		const rules = [block(), pass({ ...web, direction: "out" }), pass(web), call("a"), pass({ interface: "em0", quick: true }), block()];
		expect(explain(rules, WEB, { anchors: { a: [pass({ os: "Linux", protocol: 6 })] } })).toEqual([
			"||",
			"|direction, destination port|",
			"|destination port|",
			"||",
			"a|os|os",
			"||",
		]);
	});

	test("what is usual is supposed, and told", () => {
		expect(explain([pass({ probability: 1 }), pass({ maxPacketRate: { limit: 1, seconds: 1 } })], WEB)).toEqual([
			"|probability|probability",
			"||rate",
		]);
	});

	test("rules see the packet as rules before have changed it", () => {
		const rules = [
			matching({ rdr: pool("10.0.0.20", { ports: [0, 0] }) }),
			pass({ destination: end("203.0.113.10") }),
			pass({ destination: end("10.0.0.20") }),
		];
		expect(explain(rules, WEB)).toEqual(["||", "|destination|", "||"]);
	});

	test("wildcards are followed as in the evaluation", () => {
		expect(
			explain([call("vm/*"), block()], WEB, { anchors: { "vm/b": [block()], "vm/a": [pass({ quick: true, direction: "out" })] } }),
		).toEqual(["||", "vm/a|direction|", "vm/b||", "||"]);
	});

	test("nothing is explained where pf does nothing", () => expect(explain([block()], WEB, { skip: ["em0"] })).toEqual([]));
});

describe("packets whose destinations are said to be alike", () => {
	const [here, there] = [WEB, WEB.replace("203.0.113.10", "203.0.113.11")];
	const verdicts = (rules: readonly Rule[], around?: Surroundings, destinationOf?: () => string) => {
		const evaluator = createEvaluator(ruleset(rules, around), INTERFACES, destinationOf && { destinationOf });
		return [there, here].map((line) => evaluator.evaluate(packet(line))[0].verdict);
	};
	const own = pass({ destination: end("203.0.113.10") });
	const rdr = matching({ rdr: pool("203.0.113.10", { ports: [0, 0] }), source: end("9.9.9.9") });
	const alike = () => "one";
	test.each<[what: string, rules: readonly Rule[], around?: Surroundings]>([
		["rules", [block(), own]],
		["rules beside a pass that redirects", [block(), own, pass({ rdr: pool("203.0.113.10"), source: end("9.9.9.9") })]],
		["rules beside a match rule for a tag", [block(), matching({ tag: "A" }), own]],
		["rules of an anchor", [block(), call("a")], { anchors: { a: [own] } }],
		["anchors", [block(), call("a/*")], { anchors: { "a/b": [own], "a/c": [pass({ direction: "out" })] } }],
	])("are asked the same %s", (_, rules, around) => {
		expect(verdicts(rules, around)).toEqual(["block", "pass"]);
		expect(verdicts(rules, around, alike)).toEqual(["block", "block"]);
	});
	test.each<[what: string, rules: readonly Rule[], around?: Surroundings]>([
		["changes them", [block(), rdr, own]],
		["of an anchor changes them", [block(), call("a"), own], { anchors: { a: [rdr] } }],
	])("are not, where a match rule %s", (_, rules, around) => {
		expect(verdicts(rules, around, alike)).toEqual(["block", "pass"]);
	});
	test("are told apart by family, protocol, direction and interface all the same", () => {
		const evaluator = createEvaluator(ruleset([pass(), block({ interface: "em1" })]), INTERFACES, { destinationOf: alike });
		expect([here, here.replace("em0", "em1")].map((line) => evaluator.evaluate(packet(line))[0].verdict)).toEqual(["pass", "block"]);
	});
});

describe("packets", () => {
	test.each([
		"",
		"in",
		"sideways em0 tcp 1.2.3.4 1 1.2.3.4 1 S - -",
		"in em0 tcp 1.2.3.4 1 ::1 1 S - -",
		"in em0 nonsense 1.2.3.4 1 1.2.3.4 1",
	])("%j is none", (line) => expect(parsePacket(line)).toBeUndefined());
	test("a packet on its way in was received on its interface", () => {
		expect(packet(WEB).receivedOn).toBe("em0");
		expect(packet("out em0 icmp 1.2.3.4 8 5.6.7.8 0 - T tap3")).toMatchObject({
			icmpType: 8,
			icmpCode: 0,
			sourcePort: 0,
			tag: "T",
			receivedOn: "tap3",
			destination: ip("5.6.7.8"),
		});
	});
});

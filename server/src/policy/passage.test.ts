import { describe, expect, it, test } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { block, call, end, INTERFACES, ip, matching, pass, pool, ruleset, type Surroundings, table } from "./fixture.ts";
import { networkSet, wordOf } from "./ipv4-numbers.ts";
import { type Passages, passagesOf, type Spot, type Traffic } from "./passage.ts";

const IN: Spot = { interface: "em0", direction: "in" };
const OUT: Spot = { interface: "em0", direction: "out" };
const TCP: Traffic = { family: "inet", protocol: 6 };
const WEB: Traffic = { ...TCP, destinationPort: [80, 80] };
/** An address alone. */
const only = (address: string) => [wordOf(ip(address)), wordOf(ip(address))];
const ANY_FLAGS = { flags: 0, flagSet: 0 };

const over = (rules: readonly Rule[], around?: Surroundings, extra?: readonly string[], earlier?: Passages): Passages =>
	passagesOf(ruleset(rules, around), INTERFACES, extra, earlier);

describe("whether any packet gets past", () => {
	it.each<[why: string, rules: readonly Rule[], traffic: Traffic, admits: boolean, blocks: boolean, around?: Surroundings]>([
		["no rule asks about it", [], TCP, true, false],
		["all is blocked", [block()], TCP, false, true],
		["some is passed again", [block(), pass({ protocol: 6, destination: end("any", "80") })], TCP, true, true],
		["just this is passed again", [block(), pass({ protocol: 6, destination: end("any", "80") })], WEB, true, false],
		["just this is blocked", [block({ protocol: 6, destination: end("any", "80") })], WEB, false, true],
		["another port is passed again", [block(), pass({ protocol: 6, destination: end("any", "81") })], WEB, false, true],
		[
			"from another address",
			[block(), pass({ family: "inet", source: end("10.0.0.1") })],
			{ ...TCP, source: only("0.0.0.1") },
			false,
			true,
		],
		["from this address", [block(), pass({ family: "inet", source: end("0.0.0.1") })], { ...TCP, source: only("0.0.0.1") }, true, false],
		[
			"to another address",
			[block(), pass({ family: "inet", destination: end("10.0.0.1") })],
			{ ...TCP, destination: only("0.0.0.1") },
			false,
			true,
		],
		["from another port", [block(), pass({ protocol: 6, source: end("any", "20") })], { ...TCP, sourcePort: [21, 21] }, false, true],
		[
			"IPv6 has no sets of addresses",
			[block(), pass({ family: "inet6" })],
			{ family: "inet6", protocol: 6, source: only("0.0.0.1") },
			true,
			false,
		],
		["by another interface", [block(), pass({ interface: "em1" })], TCP, false, true],
		["in another direction", [block(), pass({ direction: "out" })], TCP, false, true],
		["only what opens a connection is asked about", [block(), pass({ protocol: 6 })], TCP, true, false],
		[
			"of a type of ICMP, one code is blocked",
			[block({ protocol: 1, icmpType: 8, icmpCode: 3 })],
			{ family: "inet", protocol: 1, icmp: [8, 8] },
			true,
			true,
		],
		[
			"of a type of ICMP, one code is passed",
			[block(), pass({ protocol: 1, icmpType: 8, icmpCode: 3 })],
			{ family: "inet", protocol: 1, icmp: [8, 8] },
			true,
			true,
		],
		["another type is passed", [block(), pass({ protocol: 1, icmpType: 3 })], { family: "inet", protocol: 1, icmp: [8, 8] }, false, true],
		["the next type is passed", [block(), pass({ protocol: 1, icmpType: 10 })], { family: "inet", protocol: 1, icmp: [9, 9] }, false, true],
		[
			"another protocol is passed",
			[block(), pass({ protocol: 47 })],
			{ family: "inet", protocol: "other", number: [112, 112] },
			false,
			true,
		],
		["just this protocol is", [block(), pass({ protocol: 112 })], { family: "inet", protocol: "other", number: [112, 112] }, true, false],
		["the interface is skipped", [block()], TCP, true, false, { skip: ["egress"] }],
		["what is not known may pass it", [block(), pass({ protocol: 6, probability: 1 })], TCP, true, true],
		["there is no such packet", [], { ...TCP, destinationPort: [] }, false, false],
		["no class of packets is so", [], { family: "inet", protocol: 58 }, false, false],
		["an anchor passes it", [block(), call("a")], TCP, true, false, { anchors: { a: [pass()] } }],
		[
			"an anchor for another interface does not",
			[block(), call("a", { interface: "em1" })],
			TCP,
			false,
			true,
			{ anchors: { a: [pass()] } },
		],
		["anchors that call each other are not known", [block(), call("a")], TCP, true, true, { anchors: { a: [call("b")], b: [call("a")] } }],
	])("%s", (_, rules, traffic, admits, blocks, around) => {
		const found = over(rules, around);
		expect([found.admits(IN, traffic), found.blocks(IN, traffic)]).toEqual([admits, blocks]);
		// The answer is kept.
		expect(found.admits(IN, traffic)).toBe(admits);
	});

	it("at interfaces that nobody knows, nothing is known; those that rules name have their rules", () => {
		const far: Spot = { interface: "tun0", direction: "in" };
		expect([over([]).admits(far, TCP), over([]).reaches(far, TCP), over([]).decider(far, TCP)]).toEqual([false, false, undefined]);
		expect(over([], {}, ["tun0"]).admits(far, TCP)).toBe(true);
		expect(over([block({ interface: "tun0" })], {}, ["tun0"]).admits(far, TCP)).toBe(false);
		expect([...over([]).passing(far, TCP)]).toEqual([]);
		expect(over([]).reaches(IN, TCP)).toBe(true);
		expect(over([]).reaches(IN, { ...TCP, source: [] })).toBe(false);
	});

	it("work is counted once for what is found once: the rules of a place, those of a class, and what is asked of them", () => {
		const found = over([block(), pass({ protocol: 6, destination: end("any", "80") })]);
		const counts = [
			() => {},
			() => found.version(IN),
			() => found.reaches(IN, TCP),
			() => found.admits(IN, WEB),
			() => found.admits(IN, WEB),
		].map((ask) => {
			ask();
			return found.work.pieces;
		});
		expect(counts).toEqual(counts.toSorted((x, y) => x - y));
		expect(new Set(counts).size).toBe(4);
		expect(counts[0]).toBe(0);
	});

	it("a block in an anchor for another interface covers nothing, whatever else the anchor does", () => {
		const anchors = { a: [matching({ tag: "A" }), block(), pass({ tagged: "A", protocol: 17 })] };
		const found = over([block(), pass({ protocol: 6, destination: end("any", "80") }), call("a", { interface: "em1" })], { anchors });
		expect(found.admits(IN, WEB)).toBe(true);
		expect(found.admits({ interface: "em1", direction: "in" }, WEB)).toBe(false);
	});

	it("nor one in an anchor for other packets", () => {
		const anchors = { a: [matching({ tag: "A" }), block()] };
		const found = over(
			[block(), pass({ protocol: 6, destination: end("any", "80") }), call("a", { source: end("10.0.0.1"), family: "inet" })],
			{ anchors },
		);
		expect(found.admits(IN, WEB)).toBe(true);
		expect(found.admits(IN, { ...WEB, source: only("10.0.0.1") })).toBe(false);
	});

	it("nor a block of what a translation before it has changed", () => {
		const web = { protocol: 6, destination: end("any", "80") } as const;
		const found = over([pass(web), matching({ ...web, family: "inet", rdr: pool("10.0.0.20", { ports: [8080, 0] }) }), block(web)]);
		expect(found.admits(IN, WEB)).toBe(true);
		expect(found.admits(IN, { ...WEB, family: "inet6" })).toBe(false);
	});

	it("the first interface is one like others", () => {
		expect(over([]).admits({ interface: "lo0", direction: "in" }, TCP)).toBe(true);
		expect(over([block()]).blocks({ interface: "lo0", direction: "in" }, TCP)).toBe(true);
	});

	it("of several kinds of packets, one is enough", () => {
		const found = over([block({ protocol: 6 })]);
		expect(found.admits(IN, TCP)).toBe(false);
		expect(found.admits(IN, TCP, { family: "inet", protocol: 17 })).toBe(true);
	});

	it("tables that rules fill may hold anything", () => {
		const rules = (overload: boolean) => [
			block(),
			pass({ family: "inet", source: end("<t>"), protocol: 6 }),
			block({ interface: "em1", ...(overload && { stateOptions: { ...block().stateOptions, overload: { table: "t", flush: "none" } } }) }),
		];
		const tables = [table("t", ["10.0.0.1"])];
		const asked: Traffic = { ...TCP, source: only("0.0.0.1") };
		expect(over(rules(false), { tables }).admits(IN, asked)).toBe(false);
		expect(over(rules(true), { tables }).admits(IN, asked)).toBe(true);
	});
});

describe("only what a rule matches", () => {
	const rule = matching({ family: "inet", protocol: 6, source: end("10.0.0.7"), destination: end("10.0.0.20", "80") });
	const within = (dimensions?: NonNullable<Traffic["within"]>["dimensions"]): Traffic => ({
		...TCP,
		within: { rule, ...(dimensions && { dimensions }) },
	});
	const others = (more: Partial<Rule>) => over([rule, block(), pass({ family: "inet", protocol: 6, ...more })]);
	it.each<[passed: Partial<Rule>, all: boolean, sources: boolean]>([
		[{ source: end("10.0.0.7"), destination: end("10.0.0.20", "80") }, true, true],
		[{ source: end("10.0.0.7"), destination: end("10.0.0.21", "80") }, false, true],
		[{ source: end("10.0.0.7"), destination: end("10.0.0.20", "81") }, false, true],
		[{ source: end("10.0.0.8") }, false, false],
	])("%#", (more, all, sources) => {
		expect(others(more).admits(IN, within())).toBe(all);
		expect(others(more).admits(IN, within([2]))).toBe(sources);
	});

	it("in an anchor, by the tables that it has there", () => {
		const own = pass({ family: "inet", protocol: 6, source: end("<t>") });
		const tables = [table("t", ["0.0.0.1"]), table("t", ["0.0.0.2"], { anchor: "a" })];
		const found = over([call("a")], { anchors: { a: [own] }, tables });
		const reached = ["0.0.0.1", "0.0.0.2"].filter((source) => found.reaches(IN, { ...TCP, source: only(source), within: { rule: own } }));
		expect(reached).toEqual(["0.0.0.2"]);
	});

	it("is none of another family, whatever direction the rule has", () => {
		expect(over([rule]).reaches(IN, { family: "inet6", protocol: 6, within: { rule } })).toBe(false);
		const out = pass({ direction: "out", protocol: 6, destination: end("any", "80") });
		expect(over([block(), out]).reaches(IN, { ...TCP, within: { rule: out } })).toBe(true);
	});
});

test("rules by which packets pass, those at the end first", () => {
	const [web, all, quick] = [
		pass({ protocol: 6, destination: end("any", "80") }),
		pass({ protocol: 6, destination: end("any", "1:100") }),
		pass({ protocol: 6, quick: true, destination: end("any", "22") }),
	];
	const list = (rules: readonly Rule[], traffic = TCP, around?: Surroundings) => [...over(rules, around).passing(IN, traffic)];
	expect(list([quick, block(), all, web]).map(({ rule }) => rule)).toEqual([web, all, quick]);
	// A quick rule counts though all is decided again below it; another one does not.
	expect(list([web, quick, block(), all], { ...TCP, destinationPort: [1, 100] }).map(({ rule }) => rule)).toEqual([all, quick]);
	expect(list([web, block()])).toEqual([]);
	expect(list([])).toMatchObject([{ certain: true, rule: undefined }]);
	expect(list([block({ protocol: 6, destination: end("any", "80") })])).toMatchObject([{ certain: true, rule: undefined }]);
	expect(list([call("a")], TCP, { anchors: { a: [call("b")], b: [call("a")] } })).toEqual([{ certain: false, rule: undefined }]);
	expect(list([block()], TCP, { skip: ["em0"] })).toEqual([{ certain: true, rule: undefined }]);
	expect(list([block(), pass({ protocol: 6, probability: 1 })])).toMatchObject([{ certain: false }]);
	const [found] = list([block(), web]);
	expect(found?.packet).toMatchObject({ interface: "em0", direction: "in", protocol: 6, destinationPort: 80, tcpFlags: 2 });
});

test("what decides on one of the packets", () => {
	const all = block();
	expect(over([all]).decider(IN, TCP)).toBe(all);
	expect(over([]).decider(IN, TCP)).toBeUndefined();
	const last = block({ quick: true, protocol: 6 });
	expect(over([all, last]).decider(IN, TCP)).toBe(last);
});

test("what cannot decide costs no search", () => {
	const many = Array.from({ length: 400 }, (_, index) => pass({ protocol: 6, source: end("any", String(index + 1)), ...ANY_FLAGS }));
	const work = (rules: readonly Rule[], traffic = TCP): number => {
		const found = over(rules);
		found.reaches(IN, traffic);
		const before = found.work.pieces;
		found.admits(IN, traffic);
		return found.work.pieces - before;
	};
	const covered = work([...many, block()]);
	expect(covered).toBeGreaterThan(0);
	expect(covered).toBeLessThan(100);
	expect(work([...many, block({ interface: "em0", family: "inet" })])).toBeLessThan(100);
	expect(work([...many, block({ destination: end("any", "!= 80"), protocol: 6 })], WEB)).toBeGreaterThan(0);
	expect(work([...many, block()], { ...TCP, sourcePort: [9_000, 9_000] })).toBeLessThan(100);
});

test("an answer does not depend on how much was asked before", () => {
	const web = pass({ protocol: 6, destination: end("any", "80") });
	const found = over([block(), web]);
	found.work.pieces = 1_000_000;
	expect([...found.passing(IN, WEB)]).toMatchObject([{ certain: true, rule: web }]);
	expect(found.blocks(IN, WEB)).toBe(false);
});

test("the rules of a place are gone through once", () => {
	const found = over(Array.from({ length: 400 }, () => block()));
	found.reaches(IN, TCP);
	const { pieces } = found.work;
	expect(pieces).toBeGreaterThan(50);
	expect(pieces).toBeLessThan(400);
	found.reaches(IN, WEB);
	expect(found.work.pieces).toBe(pieces);
});

describe("after an edit", () => {
	const [all, ssh, web] = [
		block(),
		pass({ interface: "em0", protocol: 6, destination: end("any", "22") }),
		pass({ interface: "em1", protocol: 6 }),
	];
	const outward = pass({ interface: "em0", direction: "out", protocol: 6 });
	const anchors = { a: [pass({ interface: "em0", protocol: 17 })], b: [pass({ interface: "em1", protocol: 17 })] };
	const base = [all, ssh, web, outward, call("a"), call("b")];
	const before = over(base, { anchors });
	before.version(IN);
	before.version(OUT);
	const same = (rules: readonly Rule[], around: Surroundings = { anchors }, spot = IN): boolean => {
		// Rules are the same objects where their statements are; calls of anchors too.
		return over(rules, around, [], before).version(spot) === before.version(spot);
	};
	it("what is known of a place stays where its rules are the same", () => {
		expect(same(base)).toBe(true);
		expect(same(base.filter((rule) => rule !== ssh))).toBe(false);
		expect(same([...base, pass({ interface: "em0", protocol: 17 })])).toBe(false);
		expect(same([...base.slice(0, 1), web, ssh, ...base.slice(3)])).toBe(true);
	});
	it("and where only others have changed", () => {
		expect(same(base.filter((rule) => rule !== web))).toBe(true);
		expect(same(base.filter((rule) => rule !== outward))).toBe(true);
		expect(
			same(
				base.filter((rule) => rule !== outward),
				{ anchors },
				OUT,
			),
		).toBe(false);
		expect(
			same(
				base.filter((rule) => rule !== ssh),
				{ anchors },
				OUT,
			),
		).toBe(false);
	});
	it("in anchors too", () => {
		expect(same(base, { anchors: { ...anchors, b: [] } })).toBe(true);
		expect(same(base, { anchors: { ...anchors, a: [] } })).toBe(false);
		expect(same(base, { anchors: { ...anchors, a: [...anchors.a, pass({ protocol: 1, family: "inet" })] } })).toBe(false);
		expect(same(base, { anchors: { ...anchors, c: [pass({ protocol: 1, family: "inet" })] } })).toBe(false);
		expect(same(base, { anchors: { ...anchors, a: [pass({ interface: "em0", protocol: 17 })] } })).toBe(false);
		expect(same(base, { anchors: { b: anchors.b, c: anchors.a } })).toBe(false);
	});
	it("but not where something around it is another: interfaces, tables, what is skipped", () => {
		expect(same(base, { anchors, skip: ["lo"] })).toBe(false);
		expect(same(base, { anchors, tables: [table("t", [])] })).toBe(false);
		expect(over(base, { anchors }, ["tun0"], before).version(IN)).not.toBe(before.version(IN));
		expect(same([...base, pass({ interface: "em1", tagged: "NEW" })])).toBe(false);
	});
});

test("translations on the way count", () => {
	const rules = [
		block(),
		matching({ family: "inet", protocol: 6, rdr: pool("10.0.0.20", { ports: [8080, 0] }), destination: end("203.0.113.10", "80") }),
		pass({ family: "inet", protocol: 6, destination: end("10.0.0.20", "8080") }),
	];
	const to = (port: number): Traffic => ({
		...TCP,
		destination: only("203.0.113.10"),
		destinationPort: [port, port],
	});
	expect(over(rules).admits(IN, to(80))).toBe(true);
	expect(over(rules).admits(IN, to(81))).toBe(false);
});

test.each<[address: string, bits: number, first: string, last: string]>([
	["10.0.0.7", 8, "10.0.0.0", "10.255.255.255"],
	["192.0.2.77", 28, "192.0.2.64", "192.0.2.79"],
	["255.255.255.255", 32, "255.255.255.255", "255.255.255.255"],
	["1.2.3.4", 0, "0.0.0.0", "255.255.255.255"],
])("the addresses of %s/%i", (address, bits, first, last) => {
	expect(networkSet(ip(address), bits)).toEqual([wordOf(ip(first)), wordOf(ip(last))]);
});

import { describe, expect, it, test } from "vitest";
import type { Family, Rule } from "../pf/rules.ts";
import { block, end, INTERFACES, ip, number, pass, pool, ruleset, type Surroundings, table } from "./fixture.ts";
import { holds, type Intervals } from "./intervals.ts";
import { FIRST_WORD as LOW } from "./ipv4-numbers.ts";
import { interfacesOf, lastingTablesOf } from "./network.ts";
import {
	CLASSES,
	DIM,
	type Dimension,
	type EachDimension,
	MAKES_STATE,
	OPENING_FLAGS,
	type PacketClass,
	portSet,
	Space,
	spacesOf,
} from "./space.ts";

const NAMES = ["lo0", "em0", "em1", "tap3"];
const [TCP, UDP, ICMP, ICMP6] = [6, 17, 1, 58] as const;

/** A space in which rules have their places; interfaces that are not known have no groups. */
function spaceOf(rules: readonly Rule[], around: Surroundings & { readonly unknown?: boolean; readonly fragments?: boolean } = {}): Space {
	const made = ruleset(rules, around);
	const whole = around.fragments === true ? { ...made, options: { ...made.options, reassemble: false } } : made;
	const interfaces = interfacesOf(around.unknown === true ? undefined : INTERFACES);
	const tables = lastingTablesOf(whole, new Set());
	return new Space(
		{ ruleset: whole, interfaces, tables, names: NAMES },
		rules.map((rule) => ({ rule, path: "" })),
	);
}

const classOf = (direction: "in" | "out", family: Family, protocol: PacketClass["protocol"]): PacketClass => {
	const found = CLASSES.find((one) => one.direction === direction && one.family === family && one.protocol === protocol);
	if (found === undefined) throw new Error("no such class");
	return found;
};
const IN = classOf("in", "inet", TCP);
const OUT = classOf("out", "inet", TCP);
const IN6 = classOf("in", "inet6", TCP);
const OTHER = classOf("in", "inet", "other");
const ECHO = classOf("in", "inet", ICMP);

const dimensions = Object.fromEntries(Object.entries(DIM).map(([name, dimension]) => [dimension, name])) as Readonly<
	Record<Dimension, string>
>;

/** What a rule asks of a class, by dimension; undefined where it matches nothing of it. */
function asked(rule: Rule, of: PacketClass, around?: Parameters<typeof spaceOf>[1], others: readonly Rule[] = []) {
	const box = spaceOf([rule, ...others], around).box(rule, "", of);
	if (box === undefined) return undefined;
	return {
		...Object.fromEntries(box.constraints.map(({ dimension, set }) => [dimensions[dimension], set])),
		...(box.partial ? { partial: true } : {}),
	};
}

const icmpTypes = (type: number): readonly number[] => [type * 256, type * 256 + 255];

describe("what a rule asks of packets", () => {
	it.each<[what: string, rule: Partial<Rule>, of: PacketClass, asked: object | undefined]>([
		["nothing", {}, IN, {}],
		["their direction", { direction: "in" }, IN, {}],
		["the other direction", { direction: "out" }, IN, undefined],
		["their family", { family: "inet" }, IN, {}],
		["the other family", { family: "inet6" }, IN, undefined],
		["their protocol", { protocol: 6 }, IN, {}],
		["another protocol", { protocol: 17 }, IN, undefined],
		["one of the other protocols", { protocol: 47 }, OTHER, { protocol: [47, 47] }],
		["TCP, of other protocols", { protocol: 6 }, OTHER, undefined],
		["UDP, of other protocols", { protocol: 17 }, OTHER, undefined],
		["fragments, which are put together before", { fragment: true }, IN, undefined],
		["a routing domain", { rdomain: 0 }, IN, { partial: true }],
		["a type of service", { tos: 4 }, IN, { partial: true }],
		["a priority", { prio: 0 }, IN, { partial: true }],
		["chance", { probability: 1 }, IN, { partial: true }],
		["a rate", { maxPacketRate: { limit: 1, seconds: 1 } }, IN, { partial: true }],
		["a limiter", { limiters: [{ kind: "state", name: "a", id: 1, action: "no-match" }] }, IN, { partial: true }],
		["the owner of a socket", { user: number("0") }, IN, { partial: true }],
		["its group", { group: number("0") }, IN, { partial: true }],
		["an owner, of what has no socket", { user: number("0") }, OTHER, {}],
		["an operating system", { os: "OpenBSD" }, IN, { partial: true }],
		["an operating system, of UDP", { os: "OpenBSD" }, classOf("in", "inet", UDP), {}],
		["an interface", { interface: "em0" }, IN, { interface: [1, 1] }],
		["another one", { interface: "em0", interfaceNegated: true }, IN, { interface: [0, 0, 2, 3] }],
		["a group", { interface: "egress" }, IN, { interface: [1, 1] }],
		["all groups but one", { interface: "tap", interfaceNegated: true }, IN, { interface: [0, 2] }],
		["an interface that is not there", { interface: "em7" }, IN, undefined],
		["where it came in, coming in", { receivedOn: "em1" }, IN, { interface: [2, 2] }],
		["where it came in, going out", { receivedOn: "em1" }, OUT, { receivedOn: [2, 2] }],
		["that it came in elsewhere, or from the host", { receivedOn: "em1", receivedOnNegated: true }, OUT, { receivedOn: [0, 1, 3, 4] }],
		["two interfaces at once", { interface: "em0", receivedOn: "em1" }, IN, undefined],
		["a port", { destination: end("any", "80") }, IN, { destinationPort: [80, 80] }],
		["a port, of UDP", { destination: end("any", "53") }, classOf("in", "inet", UDP), { destinationPort: [53, 53] }],
		["a source port", { source: end("any", "1:1023") }, IN, { sourcePort: [1, 1023] }],
		["a port, of what has none", { destination: end("any", "80") }, ECHO, {}],
		["flags", { flags: 0x17, flagSet: 0xff }, IN, { flags: [0x17, 0x17] }],
		["flags of some", { flags: 0, flagSet: 0xfe }, IN, { flags: [0, 1] }],
		["flags, of UDP", { flags: 2, flagSet: 0x12 }, classOf("in", "inet", UDP), {}],
		["a type of ICMP", { icmpType: 8 }, ECHO, { icmp: icmpTypes(8) }],
		["the type 0", { icmpType: 0 }, ECHO, { icmp: icmpTypes(0) }],
		["a type and its code", { icmpType: 3, icmpCode: 4 }, ECHO, { icmp: [3 * 256 + 4, 3 * 256 + 4] }],
		["the code 0", { icmpType: 3, icmpCode: 0 }, ECHO, { icmp: [3 * 256, 3 * 256] }],
		["a type, of TCP", { icmpType: 8 }, IN, {}],
		["answers, with a state", { icmpType: 0, state: "keep" }, ECHO, undefined],
		[
			"answers, with a sloppy state",
			{ icmpType: 0, state: "keep", stateOptions: { ...block().stateOptions, sloppy: true } },
			ECHO,
			{ icmp: icmpTypes(0) },
		],
		["errors, with a state", { icmpType: 3, state: "keep" }, ECHO, { icmp: icmpTypes(3) }],
		["a tag", { tagged: "A" }, IN, { tag: [1, 1] }],
		["any other tag, or none", { tagged: "A", taggedNegated: true }, IN, { tag: [0, 0] }],
		["a network", { source: end("10.0.0.0/8") }, IN, { source: [LOW + 0x0a000000, LOW + 0x0affffff] }],
		["all but a network", { source: end("! 10.0.0.0/8") }, IN, { source: [LOW, LOW + 0x09ffffff, LOW + 0x0b000000, LOW + 0xffffffff] }],
		["an address", { destination: end("255.255.255.255") }, IN, { destination: [LOW + 0xffffffff, LOW + 0xffffffff] }],
		["a range", { source: end("10.0.0.1 - 10.0.0.9") }, IN, { source: [LOW + 0x0a000001, LOW + 0x0a000009] }],
		["nothing that is", { source: end("! any") }, IN, undefined],
		["that there is a route", { source: end("no-route") }, IN, { partial: true }],
		["an interface's address", { destination: end("(em1)") }, IN, { destination: [LOW + 0x0a000001, LOW + 0x0a000001] }],
		["an interface's network", { destination: end("(em1:network)") }, IN, { destination: [LOW + 0x0a000000, LOW + 0x0a0000ff] }],
		["an interface's address of the other family", { destination: end("(em1)") }, IN6, undefined],
	])("%s", (_, more, of, expected) => {
		const rule = block(more);
		expect(asked(rule, of)).toEqual(expected);
	});

	it("the tables that it names", () => {
		const tables = [
			table("t", ["10.0.0.0/8", "!10.1.0.0/16", "10.1.1.0/24", "2001:db8::/32"]),
			table("plain", ["10.2.0.0/16", "10.0.0.0/16"]),
			table("open", [], { persist: true }),
			table("narrow first", ["10.1.1.0/24", "!10.1.0.0/16", "10.0.0.0/8"]),
		];
		const from = (name: string, of = IN) => asked(block({ source: end(name) }), of, { tables });
		expect(from("<t>")).toEqual({
			source: [LOW + 0x0a000000, LOW + 0x0a00ffff, LOW + 0x0a010100, LOW + 0x0a0101ff, LOW + 0x0a020000, LOW + 0x0affffff],
		});
		expect(from("<narrow first>")).toEqual({
			source: [LOW + 0x0a000000, LOW + 0x0a00ffff, LOW + 0x0a010100, LOW + 0x0a0101ff, LOW + 0x0a020000, LOW + 0x0affffff],
		});
		expect(from("<plain>")).toEqual({ source: [LOW + 0x0a000000, LOW + 0x0a00ffff, LOW + 0x0a020000, LOW + 0x0a02ffff] });
		expect(from("<open>")).toEqual({ partial: true });
		expect(from("<nowhere>")).toEqual({ partial: true });
		expect(from("<t>", IN6)).toEqual({ source: [1, 1] });
		expect(from("<plain>", IN6)).toBeUndefined();
	});

	it("what is not known of interfaces", () => {
		expect(asked(block({ interface: "egress" }), IN, { unknown: true })).toEqual({ interface: [0, 3], partial: true });
		expect(asked(block({ interface: "em0" }), IN, { unknown: true })).toEqual({ interface: [1, 1] });
		expect(asked(block({ source: end("(em0)") }), IN, { unknown: true })).toEqual({ partial: true });
		const dynamic = { ...end("any"), address: { kind: "unresolved", name: "em1:network" } } as const;
		expect(asked(block({ source: dynamic }), IN)).toEqual({ source: [LOW + 0x0a000000, LOW + 0x0a0000ff] });
		const named = { ...end("any"), address: { kind: "unresolved", name: "www.example.org" } } as const;
		expect(asked(block({ source: named }), IN)).toEqual({ partial: true });
	});

	it("fragments, where they are not put together", () => {
		expect(asked(block({ fragment: true }), IN, { fragments: true })).toEqual({ partial: true });
	});

	it("addresses of IPv6 by the pieces between those that rules name", () => {
		const others = [
			block({ destination: end("2001:db8:1::/48") }),
			block({ source: end("fd00::1") }),
			pass({ rdr: pool("2001:db8::7"), family: "inet6" }),
		];
		const at = (address: string) => asked(block({ source: end(address) }), IN6, {}, others);
		// The pieces begin at ::, 2001:db8::, ...::7, ...::8, 2001:db8:1::, 2001:db8:2::, 2001:db9::, fd00::1 and fd00::2.
		expect(at("2001:db8::/32")).toEqual({ source: [1, 5] });
		expect(at("2001:db8:1::/48")).toEqual({ source: [3, 3] });
		expect(at("fd00::1")).toEqual({ source: [5, 5] });
		expect(at("! fd00::1")).toEqual({ source: [0, 4, 6, 6] });
		expect(at("ffff::/16")).toEqual({ source: [7, 7] });
	});
});

it("where it came in and where it goes out are not the same lists, for the same words", () => {
	const words = { interface: "em1", interfaceNegated: true, receivedOn: "em1", receivedOnNegated: true };
	expect(asked(block(words), OUT)).toEqual({ interface: [0, 1, 3, 3], receivedOn: [0, 1, 3, 4] });
	expect(asked(block({ ...words, interfaceNegated: false }), OUT)).toEqual({ interface: [2, 2], receivedOn: [0, 1, 3, 4] });
});

it("a set is told by the names and addresses that are in it", () => {
	const space = spaceOf([block({ tag: "A", tagged: "B", source: end("2001:db8::/32"), destination: end("ffff::/16") })]);
	expect(space.everyInterface).toEqual([0, 3]);
	expect(space.names(DIM.interface, [1, 2])).toEqual(["em0", "em1"]);
	expect(space.names(DIM.receivedOn, [0, 0, 3, 4])).toEqual(["lo0", "tap3", ""]);
	expect(space.tags([0, 0, 2, 2])).toEqual(["", "B"]);
	expect(space.ranges([LOW + 0x0a000000, LOW + 0x0a0000ff, LOW + 0xffffffff, LOW + 0xffffffff], "inet")).toEqual([
		[ip("10.0.0.0"), ip("10.0.0.255")],
		[ip("255.255.255.255"), ip("255.255.255.255")],
	]);
	const [first, last] = [ip("::"), ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")];
	expect(space.ranges([0, 3], "inet6")).toEqual([[first, last]]);
	expect(space.ranges([1, 1, 3, 3], "inet6")).toEqual([
		[ip("2001:db8::"), ip("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")],
		[ip("ffff::"), last],
	]);
});

it("the spaces of two versions have the same places", () => {
	const [old, now] = [block({ source: end("2001:db8::/32"), tag: "A" }), block({ source: end("fd00::/8"), tag: "B" })];
	const around = {
		ruleset: ruleset([]),
		interfaces: interfacesOf(INTERFACES),
		tables: lastingTablesOf(ruleset([]), new Set()),
		names: NAMES,
	};
	const spaces = spacesOf([old, now].map((rule) => [around, [{ rule, path: "" }]] as const));
	for (const space of spaces) {
		expect(space.box(old, "", IN6)?.constraints).toEqual([{ dimension: DIM.source, set: [1, 1] }]);
		expect(space.box(now, "", IN6)?.constraints).toEqual([{ dimension: DIM.source, set: [3, 3] }]);
		expect([space.tag("A"), space.tag("B")]).toEqual([1, 2]);
	}
});

describe("all packets of a class", () => {
	const whole = (of: PacketClass, around?: Surroundings) =>
		spaceOf([block({ tagged: "A", source: end("2001:db8::/32") })], around).whole(of);
	const ALL4 = [LOW, LOW + 0xffffffff];
	const NONE = [0, 0];
	it.each<[what: string, of: PacketClass, region: readonly (readonly number[])[]]>([
		["TCP in", IN, [[0, 3], [6, 6], ALL4, ALL4, [0, 65535], [0, 65535], [0, 255], NONE, [0, 1], NONE]],
		["TCP out", OUT, [[0, 3], [6, 6], ALL4, ALL4, [0, 65535], [0, 65535], [0, 255], NONE, [0, 1], [0, 4]]],
		["UDP of IPv6", classOf("in", "inet6", UDP), [[0, 3], [17, 17], [0, 2], [0, 2], [0, 65535], [0, 65535], NONE, NONE, [0, 1], NONE]],
		["ICMP", ECHO, [[0, 3], [1, 1], ALL4, ALL4, NONE, NONE, NONE, [0, 65535], [0, 1], NONE]],
		["ICMP of IPv6", classOf("in", "inet6", ICMP6), [[0, 3], [58, 58], [0, 2], [0, 2], NONE, NONE, NONE, [0, 65535], [0, 1], NONE]],
		["other protocols", OTHER, [[0, 3], [0, 0, 2, 5, 7, 16, 18, 57, 59, 255], ALL4, ALL4, NONE, NONE, NONE, NONE, [0, 1], NONE]],
	])("%s", (_, of, region) => expect(whole(of)).toEqual(region));

	it("but those of interfaces that are skipped", () => {
		expect(whole(IN, { skip: ["em0", "tap"] })[DIM.interface]).toEqual([0, 0, 2, 2]);
	});
});

describe("a packet of a region", () => {
	const space = spaceOf([block({ tagged: "A", source: end("2001:db8::/32") })]);
	const packet = (of: PacketClass, more: Partial<Record<keyof typeof DIM, readonly number[]>> = {}) => {
		const region: EachDimension<Intervals> = [...space.whole(of)];
		for (const [name, set] of Object.entries(more)) region[DIM[name as keyof typeof DIM]] = set;
		return space.packet(region, of);
	};
	it("has the first value of each dimension", () => {
		const chosen = {
			interface: [2, 3],
			source: [LOW + 0x0a000001, LOW + 0x0a000009],
			destination: [LOW + 0x0a000002, 9e9],
			sourcePort: [1024, 2000],
			destinationPort: [80, 81],
			flags: [2, 9],
			tag: [1, 1],
		};
		expect(packet(IN, chosen)).toEqual({
			direction: "in",
			interface: "em1",
			family: "inet",
			protocol: 6,
			source: ip("10.0.0.1"),
			destination: ip("10.0.0.2"),
			sourcePort: 1024,
			destinationPort: 80,
			tcpFlags: 2,
			icmpType: 0,
			icmpCode: 0,
			tag: "A",
			receivedOn: "em1",
		});
	});
	it("has the type and the code that are one number", () => {
		expect(packet(ECHO, { icmp: [8 * 256 + 3, 9999] })).toMatchObject({ protocol: 1, icmpType: 8, icmpCode: 3, tag: "" });
		expect(packet(classOf("out", "inet6", ICMP6), { icmp: [128 * 256, 65535] })).toMatchObject({
			protocol: 58,
			icmpType: 128,
			icmpCode: 0,
		});
		expect(packet(OTHER, { icmp: [2048, 2048] })).toMatchObject({ icmpType: 0, icmpCode: 0 });
	});
	it("came in somewhere, or is of the host", () => {
		expect(packet(OUT, { interface: [1, 1], receivedOn: [2, 4] })).toMatchObject({ interface: "em0", receivedOn: "em1" });
		expect(packet(OUT, { interface: [1, 1], receivedOn: [4, 4] })).toMatchObject({ interface: "em0", receivedOn: "" });
	});
	it("has the first address of a piece of IPv6", () => {
		expect(packet(IN6, { source: [1, 1], destination: [2, 2] })).toMatchObject({ source: ip("2001:db8::"), destination: ip("2001:db9::") });
		expect(space.place(ip("2001:db8::"), "inet6")).toBe(1);
		expect(space.place(ip("2001:db8:7::1"), "inet6")).toBe(1);
		expect(space.place(ip("2001:db7:ffff::1"), "inet6")).toBe(0);
		expect(space.place(ip("2001:db9::"), "inet6")).toBe(2);
		expect(space.place(ip("203.0.113.5"), "inet")).toBe(LOW + 0xcb007105);
	});
});

test("a space covers what other rules name that has a place in it", () => {
	const known = block({ tagged: "A", tag: "B", source: end("2001:db8::/32"), destination: end("10.0.0.0/8") });
	const space = spaceOf([known]);
	const covers = (more: Partial<Rule>, path = "") =>
		space.covers([
			{ rule: known, path: "" },
			{ rule: block(more), path },
		]);
	expect(covers({})).toBe(true);
	expect(covers({ tag: "A" })).toBe(true);
	expect(covers({ tag: "C" })).toBe(false);
	expect(covers({ tagged: "C" })).toBe(false);
	expect(covers({ source: end("192.0.2.0/24"), family: "inet" })).toBe(true);
	expect(covers({ source: end("2001:db8::/32") })).toBe(true);
	expect(covers({ destination: end("2001:db8::/33") })).toBe(false);
	expect(covers({ nat: pool("2001:db8::1") })).toBe(false);
	expect(covers({ rdr: pool("2001:db8::1") })).toBe(false);
	// What was asked for already has its places, in the same anchor.
	const looked = block({ tagged: "C" });
	space.box(looked, "a", IN);
	expect(space.covers([{ rule: looked, path: "a" }])).toBe(true);
	expect(space.covers([{ rule: looked, path: "b" }])).toBe(false);
});

test("a box is made once for each anchor and class", () => {
	const rule = block({ source: end("<t>") });
	const own = [table("t", ["10.0.0.0/8"]), table("t", ["192.0.2.0/24"], { anchor: "a" })];
	const space = spaceOf([rule], { tables: own, anchors: { a: [rule] } });
	const source = (path: string) => space.box(rule, path, IN)?.constraints.map(({ set }) => set);
	expect(source("")).toEqual([[LOW + 0x0a000000, LOW + 0x0affffff]]);
	expect(source("a")).toEqual([[LOW + 0xc0000200, LOW + 0xc00002ff]]);
	expect(space.box(rule, "", IN)).toBe(space.box(rule, "", IN));
	expect(space.box(rule, "", IN)).not.toBe(space.box(rule, "", OUT));
	expect(space.box(rule, "a", IN)).toBe(space.box(rule, "a", IN));
});

test("what was received by any interface was not made by the host", () => {
	const received = (receivedOnNegated: boolean) => {
		const rule = block({ receivedOn: "any", receivedOnNegated });
		return spaceOf([rule]).box(rule, "", OUT);
	};
	expect(received(false)).toEqual({ constraints: [{ dimension: DIM.receivedOn, set: [1, 3] }], partial: false });
	expect(received(true)).toEqual({ constraints: [{ dimension: DIM.receivedOn, set: [0, 0, 4, 4] }], partial: false });
});

test("a type of ICMP of IPv6 has all its codes", () => {
	const rule = block({ family: "inet6", protocol: ICMP6, icmpType: 135 });
	const box = spaceOf([rule]).box(rule, "", classOf("in", "inet6", ICMP6));
	expect(box?.constraints).toEqual([{ dimension: DIM.icmp, set: [135 * 256, 135 * 256 + 255] }]);
});

test.each<[port: string, set: readonly number[]]>([
	["80", [80, 80]],
	["1:1023", [1, 1023]],
	["9:8", []],
	["70 >< 90", [71, 89]],
	["70 >< 71", []],
	["100 <> 60000", [0, 99, 60001, 65535]],
	["!= 80", [0, 79, 81, 65535]],
	["< 80", [0, 79]],
	["<= 80", [0, 80]],
	["> 80", [81, 65535]],
	[">= 80", [80, 65535]],
])("port %s", (port, set) => expect(portSet(number(port))).toEqual(set));

test("what opens a connection, and what makes a state", () => {
	expect([0x02, 0x0a, 0xc2, 0x22].every((flags) => holds(OPENING_FLAGS, flags))).toBe(true);
	expect([0x00, 0x12, 0x06, 0x03, 0x10].some((flags) => holds(OPENING_FLAGS, flags))).toBe(false);
	const makes = (family: Family, type: number) => holds(MAKES_STATE[family], type * 256 + 1);
	expect([8, 3, 11, 13].every((type) => makes("inet", type))).toBe(true);
	expect([0, 14].some((type) => makes("inet", type))).toBe(false);
	expect([128, 1, 2, 135, 136].every((type) => makes("inet6", type))).toBe(true);
	expect(makes("inet6", 129)).toBe(false);
});

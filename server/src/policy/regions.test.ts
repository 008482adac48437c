/** Parts of regions put in the place of others, joined, and told by an example. */
import { describe, expect, it } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { block, end, INTERFACES, ip, ruleset } from "./fixture.ts";
import { difference, type Intervals, single } from "./intervals.ts";
import { EVERY_WORD, wordOf } from "./ipv4-numbers.ts";
import { interfacesOf, lastingTablesOf } from "./network.ts";
import { joined, replaced, unlike, witnessOf } from "./regions.ts";
import { CLASSES, DIM, eachDimension, type PacketClass, type Region, Space } from "./space.ts";

const ONE: Region = eachDimension<Intervals>([0, 9]);
const part = (more: Partial<Record<keyof typeof DIM, Intervals>>, of: Region = ONE): Region =>
	Object.entries(more).reduce((made, [name, set]) => replaced(made, DIM[name as keyof typeof DIM], set), of);

it("a region has another set in one dimension", () => {
	expect(replaced(ONE, DIM.icmp, [3, 4])).toEqual(ONE.with(DIM.icmp, [3, 4]));
	expect(ONE[DIM.icmp]).toEqual([0, 9]);
});

it.each<[x: Intervals, y: Intervals, unlike: Intervals]>([
	[[], [], []],
	[[1, 5], [1, 5], []],
	[
		[1, 5],
		[3, 7],
		[1, 2, 6, 7],
	],
	[[1, 5], [], [1, 5]],
	[[], [1, 5], [1, 5]],
	[
		[1, 9],
		[4, 4],
		[1, 3, 5, 9],
	],
])("of %j and %j, one alone has %j", (x, y, expected) => expect(unlike([x, y])).toEqual(expected));

describe("regions are joined", () => {
	it.each<[what: string, regions: readonly Region[], joined: readonly Region[]]>([
		["none", [], []],
		["not a single one", [ONE], [ONE]],
		["that are apart in one dimension", [part({ source: [0, 3] }), part({ source: [4, 9] })], [ONE]],
		["with a gap between them", [part({ source: [0, 3] }), part({ source: [8, 9] })], [part({ source: [0, 3, 8, 9] })]],
		[
			"not where two dimensions differ",
			[part({ source: [0, 3] }), part({ flags: [4, 9] })],
			[part({ source: [0, 3] }), part({ flags: [4, 9] })],
		],
		[
			"in one dimension after another",
			[part({ source: [0, 3], icmp: [0, 3] }), part({ source: [0, 3], icmp: [4, 9] }), part({ source: [4, 9] })],
			[ONE],
		],
		[
			"first in a later dimension, then in an earlier one",
			[part({ interface: [0, 3] }), part({ interface: [4, 9], tag: [0, 3] }), part({ interface: [4, 9], tag: [4, 9] })],
			[ONE],
		],
	])("%s", (_, regions, expected) => expect(joined(regions)).toEqual(expected));

	it("unless they are too many", () => {
		const many = (count: number) => Array.from({ length: count }, (_, index) => part({ source: [2 * index, 2 * index] }));
		expect(joined(many(2_000))).toHaveLength(1);
		expect(joined(many(2_001))).toHaveLength(2_001);
	});
});

describe("the example of a region is", () => {
	const rules: readonly Rule[] = [
		block({ source: end("198.51.100.0/24"), destination: end("2001:db8:7::/48"), tagged: "A" }),
		block({ source: end("2001:db8:8::/48"), destination: end("fd00::/8") }),
	];
	const made = ruleset(rules);
	const space = new Space(
		{ ruleset: made, interfaces: interfacesOf(INTERFACES), tables: lastingTablesOf(made, new Set()), names: ["em0", "em1"] },
		rules.map((rule) => ({ rule, path: "" })),
	);
	const classOf = (family: PacketClass["family"], protocol: PacketClass["protocol"]) =>
		CLASSES.find((one) => one.direction === "in" && one.family === family && one.protocol === protocol) as PacketClass;
	const example = (of: PacketClass, more: Parameters<typeof part>[0] = {}) => witnessOf(space, part(more, space.whole(of)), of);
	const [tcp, tcp6, icmp, icmp6] = [classOf("inet", 6), classOf("inet6", 6), classOf("inet", 1), classOf("inet6", 58)];
	const first = wordOf(ip("10.0.0.0"));
	it("a connection that is opened, between strangers, from a port that programs get", () => {
		expect(example(tcp)).toMatchObject({
			tcpFlags: 2,
			sourcePort: 49_152,
			destinationPort: 1,
			tag: "",
			source: ip("198.51.100.7"),
			destination: ip("203.0.113.7"),
		});
		expect(example(tcp6)).toMatchObject({ source: ip("2001:db8:7::7"), destination: ip("2001:db8:8::8") });
		expect(example(icmp)).toMatchObject({ icmpType: 8, icmpCode: 0 });
		expect(example(icmp6)).toMatchObject({ icmpType: 128, icmpCode: 0 });
	});
	it("what comes next where the usual is not in it", () => {
		expect(example(tcp, { flags: [3, 255] }).tcpFlags).toBe(10);
		expect(example(tcp, { flags: [0x10, 0x12] }).tcpFlags).toBe(0x10);
		expect(example(tcp, { sourcePort: [20, 50_000], destinationPort: [0, 0] })).toMatchObject({ sourcePort: 49_152, destinationPort: 0 });
		expect(example(tcp, { sourcePort: [20, 49_151] }).sourcePort).toBe(20);
		expect(example(tcp, { sourcePort: [60_000, 60_001] }).sourcePort).toBe(60_000);
		expect(example(icmp, { icmp: [3 * 256, 9 * 256] }).icmpType).toBe(8);
		expect(example(icmp, { icmp: [3 * 256 + 4, 5 * 256] })).toMatchObject({ icmpType: 3, icmpCode: 4 });
		expect(example(tcp, { tag: [1, 1] }).tag).toBe("A");
	});
	it("of other strangers, or of its own addresses, where those are not in it", () => {
		expect(example(tcp, { source: difference(EVERY_WORD, [wordOf(ip("198.51.100.1")), wordOf(ip("198.51.100.7"))]) })).toMatchObject({
			source: ip("203.0.113.7"),
			destination: ip("198.51.100.7"),
		});
		expect(example(tcp, { source: [first, first + 255], destination: [first, first + 255] })).toMatchObject({
			source: ip("10.0.0.7"),
			destination: ip("10.0.0.0"),
		});
		expect(example(tcp, { source: single(wordOf(ip("0.0.0.5"))) }).source).toEqual(ip("0.0.0.5"));
		expect(example(tcp6, { source: [0, 0] })).toMatchObject({ source: ip("::"), destination: ip("2001:db8:7::7") });
	});
});

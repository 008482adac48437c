import { describe, expect, it, test } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { block, call, end, INTERFACES, ip, matching, pass, pool, ruleset, type Surroundings } from "./fixture.ts";
import type { Intervals } from "./intervals.ts";
import { wordOf } from "./ipv4-numbers.ts";
import { interfacesOf, lastingTablesOf } from "./network.ts";
import { programOf } from "./program.ts";
import { CLASSES, DIM, type Dimension, type EachDimension, eachDimension, type PacketClass, Space } from "./space.ts";
import { chooseAddress } from "./translate.ts";
import { type Lines, UNKNOWN, type View, viewOf } from "./view.ts";

const classOf = (family: PacketClass["family"], protocol: PacketClass["protocol"]): PacketClass => {
	const found = CLASSES.find((one) => one.direction === "in" && one.family === family && one.protocol === protocol);
	if (found === undefined) throw new Error("no such class");
	return found;
};
const TCP = classOf("inet", 6);
const ICMP = classOf("inet", 1);
const TCP6 = classOf("inet6", 6);

function view(rules: readonly Rule[], around: Surroundings = {}, of: PacketClass = TCP): View {
	const whole = ruleset(rules, around);
	const program = programOf(whole);
	const interfaces = interfacesOf(INTERFACES);
	const tables = lastingTablesOf(whole, new Set());
	const space = new Space({ ruleset: whole, interfaces, tables, names: INTERFACES.map(({ name }) => name) }, program.lines);
	return viewOf(program, space, of, (rule, path, family) => chooseAddress(rule, family, { interfaces, tables, path }));
}

describe("what a match makes of packets", () => {
	const NOTHING = {
		tag: undefined,
		source: undefined,
		destination: undefined,
		sourcePort: undefined,
		destinationPort: undefined,
		fails: false,
	};
	const inet = { family: "inet", protocol: 6 } as const;
	const OWN = wordOf(ip("203.0.113.10"));
	const rdr = (ports: readonly [number, number]) => matching({ ...inet, rdr: pool("10.0.0.20", { ports }) });
	const nat = (ports: readonly [number, number]) => matching({ ...inet, nat: pool("203.0.113.10", { ports }) });
	it.each<[what: string, rule: Rule, effect: object | undefined, of?: PacketClass]>([
		["nothing", pass(), undefined],
		["nothing, as a match alone", matching(inet), undefined],
		["a tag", pass({ tag: "A" }), { ...NOTHING, tag: 1 }],
		["a tag, as a block", block({ tag: "A" }), { ...NOTHING, tag: 1 }],
		["nothing for others, as a pass that translates", pass({ ...inet, nat: pool("203.0.113.10") }), undefined],
		["a source", nat([0, 0]), { ...NOTHING, source: OWN }],
		["a source and a port that the kernel picks", nat([50_001, 65_535]), { ...NOTHING, source: OWN, sourcePort: UNKNOWN }],
		["a source and a port", nat([5_000, 5_000]), { ...NOTHING, source: OWN, sourcePort: 5_000 }],
		["a source, of what has no ports", matching({ family: "inet", nat: pool("203.0.113.10") }), { ...NOTHING, source: OWN }, ICMP],
		["a source of the rule's family alone", nat([0, 0]), { ...NOTHING }, TCP6],
		["a destination", rdr([0, 0]), { ...NOTHING, destination: wordOf(ip("10.0.0.20")) }],
		["a destination and a port", rdr([8_080, 0]), { ...NOTHING, destination: wordOf(ip("10.0.0.20")), destinationPort: 8_080 }],
		[
			"a destination and the one port of a range",
			rdr([8_080, 8_080]),
			{ ...NOTHING, destination: wordOf(ip("10.0.0.20")), destinationPort: 8_080 },
		],
		[
			"a destination and a port of many",
			rdr([8_080, 8_090]),
			{ ...NOTHING, destination: wordOf(ip("10.0.0.20")), destinationPort: UNKNOWN },
		],
		[
			"a source that is not known",
			matching({ ...inet, nat: pool("198.51.100.0/24", { ports: [0, 0], kind: "random" }) }),
			{ ...NOTHING, source: UNKNOWN },
		],
		[
			"no source, so that the packet is dropped",
			matching({ ...inet, nat: pool("(tap3)", { ports: [0, 0] }) }),
			{ ...NOTHING, source: UNKNOWN, fails: true },
		],
		["no destination", matching({ ...inet, rdr: pool("(tap3)", { ports: [0, 0] }) }), { ...NOTHING, destination: UNKNOWN, fails: true }],
		[
			"a tag and a source",
			matching({ ...inet, tag: "A", nat: pool("203.0.113.10", { ports: [0, 0] }) }),
			{ ...NOTHING, tag: 1, source: OWN },
		],
	])("%s", (_, rule, effect, of = TCP) => {
		expect(view([rule], {}, of).effects).toEqual([effect]);
	});
});

/** Lines in their order. */
function listed(lines: Lines, count: number): readonly number[] {
	const list: number[] = [];
	for (let at = lines.next(0); at < count; at = lines.next(at + 1)) list.push(at);
	return list;
}

/** What a line asks of packets, by dimension. */
const boxes = (found: View) =>
	found.boxes.map(
		(box) =>
			box && {
				...Object.fromEntries(box.constraints.map(({ dimension, set }) => [dimension, set])),
				...(box.partial && { partial: true }),
			},
	);

describe("what a line matches", () => {
	const port = (number: string) => ({ [DIM.destinationPort]: [Number(number), Number(number)] });
	const web = block({ protocol: 6, destination: end("any", "80") });
	it("in an anchor, what its call matches too", () => {
		const found = view([call("a", { interface: "em0" }), web], {
			anchors: { a: [web, block({ interface: "em1" }), block({ probability: 1 })] },
		});
		const em0 = { [DIM.interface]: [1, 1] };
		expect(boxes(found)).toEqual([em0, { ...em0, ...port("80") }, undefined, { ...em0, partial: true }, port("80")]);
	});

	it("which may depend on what is not known", () => {
		const found = view([call("a", { probability: 1 })], { anchors: { a: [web] } });
		expect(boxes(found)).toEqual([{ partial: true }, { ...port("80"), partial: true }]);
	});

	it("nothing in an anchor whose call is about something, where it is about other packets itself", () => {
		const found = view([call("a", { interface: "em0" })], { anchors: { a: [block({ family: "inet6" }), web] } });
		expect(boxes(found)[1]).toBeUndefined();
	});

	it("nothing where its call matches nothing", () => {
		expect(boxes(view([call("a", { direction: "out" })], { anchors: { a: [web] } }))).toEqual([undefined, undefined]);
	});

	it("where the anchor changes packets, the call is stepped into, and its rules ask for themselves", () => {
		const found = view([call("a", { interface: "em0" })], { anchors: { a: [web, matching({ tag: "A" }), pass({ tagged: "A" })] } });
		expect(boxes(found)).toMatchObject([{ [DIM.interface]: [1, 1] }, port("80"), {}, { [DIM.tag]: [1, 1] }]);
		expect(boxes(found)[1]).toEqual(port("80"));
		expect(listed(found.before, 4)).toEqual([0, 2]);
		expect(listed(found.after, 4)).toEqual([0, 1, 2, 3]);
	});
});

describe("the lines that matter", () => {
	const lists = (rules: readonly Rule[], around?: Surroundings) => {
		const { before, after, boxes: all } = view(rules, around);
		return [listed(before, all.length), listed(after, all.length)];
	};
	const tagged = pass({ tagged: "A" });
	it.each<[what: string, rules: readonly Rule[], before: readonly number[], after: readonly number[], around?: Surroundings]>([
		["a rule, to those before it", [pass()], [], [0]],
		["a quick rule, to both", [pass({ quick: true })], [0], [0]],
		["a match, to none", [matching()], [], []],
		["a quick match, to both", [matching({ quick: true })], [0], [0]],
		["a rule for one packet, to none", [pass({ once: true }), pass({ once: true, quick: true })], [], []],
		["a rule of other packets, to none", [pass({ direction: "out", quick: true })], [], []],
		["a tag that is asked for below", [matching({ tag: "A" }), tagged], [0], [0, 1]],
		["a tag that is asked for above only", [tagged, matching({ tag: "A" })], [], [0]],
		["a tag that the same rule asks for", [matching({ tag: "A", tagged: "A" })], [], []],
		["a tag of a rule for one packet", [pass({ tag: "A", once: true }), tagged], [0], [0, 1]],
		["a translation of what nothing asks for", [matching({ family: "inet", nat: pool("203.0.113.10") })], [], []],
		[
			"a translation of what is asked for",
			[matching({ family: "inet", nat: pool("203.0.113.10") }), pass({ source: end("10.0.0.0/8"), family: "inet" })],
			[0],
			[0, 1],
		],
		["a translation that cannot be made", [matching({ family: "inet", nat: pool("(tap3)") })], [0], [0]],
		["a call without changes, to none", [call("a")], [], [1], { anchors: { a: [pass()] } }],
		["a rule of a quick call, to both", [call("a", { quick: true })], [1], [1], { anchors: { a: [pass()] } }],
	])("%s", (_, rules, before, after, around) => {
		expect(lists(rules, around)).toEqual([before, after]);
	});

	it("are found from any line on", () => {
		const { before } = view([pass(), pass({ quick: true }), pass(), pass({ quick: true })]);
		expect([0, 1, 2, 3, 4].map((from) => before.next(from))).toEqual([1, 1, 3, 3, 4]);
	});

	describe("for a piece of packets", () => {
		const ports = Array.from({ length: 70 }, (_, index) => block({ protocol: 6, quick: true, destination: end("any", String(index + 1)) }));
		const wide = block({ protocol: 6, quick: true, destination: end("any", "40:50") });
		const rules = [...ports.slice(0, 35), wide, ...ports.slice(35), call("a"), matching({ tag: "A" }), pass({ tagged: "A" })];
		const found = view(rules, {
			anchors: { a: [matching({ tag: "B" }), block({ quick: true, interface: "em0" }), pass({ tagged: "B" })] },
		});
		const count = found.boxes.length;
		const all = listed(found.before, count);
		const of = (sets: Partial<Record<Dimension, readonly number[]>>, isFixed = (_: Dimension): boolean => true) => {
			const piece: EachDimension<Intervals> = [...found.whole];
			for (const [dimension, set] of Object.entries(sets)) piece[Number(dimension) as Dimension] = set;
			return found.before.of(piece, isFixed);
		};
		// Behind the ports: the call, and what is in it.
		const [CALL, TAG, QUICK] = [71, 72, 73];

		it("with one port, those of the port, those of more, and calls", () => {
			expect(listed(of({ [DIM.destinationPort]: [5, 5] }), count)).toEqual([4, 35, CALL, TAG, QUICK, 75]);
			expect(listed(of({ [DIM.destinationPort]: [36, 36] }), count)).toEqual([35, 36, CALL, TAG, QUICK, 75]);
			expect(listed(of({ [DIM.destinationPort]: [99, 99] }), count)).toEqual([35, CALL, TAG, QUICK, 75]);
			expect([0, 4, 5, 36, 72].map((from) => of({ [DIM.destinationPort]: [5, 5] }).next(from))).toEqual([4, 4, 35, CALL, TAG]);
		});

		it("by the one value that a rule asks for alone", () => {
			const several = view([
				block({ protocol: 6, quick: true, interface: "em1", destination: end("any", "7") }),
				block({ protocol: 6, quick: true, destination: end("any", "7 >< 9") }),
				block({ protocol: 6, quick: true, destination: end("any", "!= 7") }),
				...ports,
			]);
			const at = (port: number) => {
				const piece: EachDimension<Intervals> = [...several.whole];
				piece[DIM.destinationPort] = [port, port];
				return listed(
					several.before.of(piece, () => true),
					several.boxes.length,
				);
			};
			expect(at(7)).toEqual([0, 2, 9]);
			expect(at(8)).toEqual([1, 2, 10]);
			expect(at(65_000)).toEqual([2]);
			expect(at(8)).toEqual([1, 2, 10]);
		});

		it("and calls, whatever they ask for, for packets that they do not take go on behind them", () => {
			const stepped = view([...ports, call("a", { protocol: 6, destination: end("any", "5") }), pass({ tagged: "A" })], {
				anchors: { a: [matching({ tag: "A" })] },
			});
			const piece: EachDimension<Intervals> = [...stepped.whole];
			piece[DIM.destinationPort] = [6, 6];
			expect(
				listed(
					stepped.before.of(piece, () => true),
					stepped.boxes.length,
				),
			).toEqual([5, 70, 71]);
		});

		it("with an interface too, what leaves fewer", () => {
			expect(listed(of({ [DIM.destinationPort]: [5, 5], [DIM.interface]: [2, 2] }), count)).toEqual([4, 35, CALL, TAG, QUICK, 75]);
			expect(listed(of({ [DIM.interface]: [2, 2] }), count)).toEqual(all.filter((line) => line !== QUICK));
			expect(listed(of({ [DIM.interface]: [1, 1] }), count)).toEqual(all);
		});

		it("all, where more than one value is left, or a rule may change it", () => {
			expect(listed(of({ [DIM.destinationPort]: [5, 6] }), count)).toEqual(all);
			expect(listed(of({ [DIM.destinationPort]: [5, 5, 7, 7] }), count)).toEqual(all);
			expect(listed(of({ [DIM.destinationPort]: [] }), count)).toEqual(all);
			expect(
				listed(
					of({ [DIM.destinationPort]: [5, 5] }, (dimension) => dimension !== DIM.destinationPort),
					count,
				),
			).toEqual(all);
			expect(listed(of({ [DIM.sourcePort]: [5, 5] }), count)).toEqual(all);
		});

		it("all, where there are few", () => {
			const few = view(ports.slice(0, 64)).before;
			expect(few.of(eachDimension<Intervals>([5, 5]), () => true)).toBe(few);
			const many = view(ports.slice(0, 65)).before;
			expect(
				listed(
					many.of(eachDimension<Intervals>([5, 5]), () => true),
					65,
				),
			).toEqual([4]);
		});
	});
});

test("the first line that changes a dimension", () => {
	const rules = [
		pass(),
		matching({ tag: "A", direction: "out" }),
		matching({ tag: "A" }),
		matching({ family: "inet", protocol: 6, rdr: pool("10.0.0.20", { ports: [80, 0] }) }),
		matching({ tag: "B" }),
	];
	const { firstChange } = view(rules);
	expect(firstChange).toHaveLength(10);
	expect([DIM.tag, DIM.destination, DIM.destinationPort, DIM.source, DIM.sourcePort, DIM.interface].map((one) => firstChange[one])).toEqual(
		[2, 3, 3, 5, 5, 5],
	);
});

import { describe, expect, it } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { finished } from "../text/portions.ts";
import { findDeadRules, namesOf, searchDeadRules } from "./dead.ts";
import { block, call, end, INTERFACES, matching, pass, pool, ruleset, type Surroundings, table } from "./fixture.ts";
import { programOf } from "./program.ts";

const TCP = { protocol: 6 };
const port = (number: number | string, more: Partial<Rule> = {}): Rule =>
	pass({ ...TCP, destination: end("any", String(number)), ...more });
const udp = (number: number, more: Partial<Rule> = {}): Rule => block({ protocol: 17, destination: end("any", String(number)), ...more });

/** What the search after an edit finds, with the rules whose finding it has from before. */
function edited(
	before: readonly Rule[],
	after: readonly Rule[],
	around: Surroundings = {},
	now: Surroundings = around,
	interfaces = INTERFACES,
) {
	const first = finished(searchDeadRules(ruleset(before, around), INTERFACES));
	const second = finished(searchDeadRules(ruleset(after, now), interfaces, first));
	const fresh = findDeadRules(ruleset(after, now), interfaces);
	const old = new Map(first.findings.map(({ rule, finding }) => [rule, finding]));
	const told = (list: typeof fresh) =>
		list.map(({ rule, anchor, finding, general, openedBy, passedBelow }) => [rule, anchor, finding.kind, general, openedBy, passedBelow]);
	expect(told(second.findings)).toEqual(told(fresh));
	const general = new Map(fresh.flatMap((found) => (found.general === undefined ? [] : [[found.rule, found.general] as const])));
	return { kept: second.findings.filter(({ rule, finding }) => old.get(rule) === finding).map(({ rule }) => rule), general };
}

describe("of the search before an edit is kept", () => {
	const [ssh, web, dns, ntp] = [port(22), port(80), udp(53), udp(123)];
	const base = [ssh, web, dns, ntp];
	const tables = [table("t", ["10.0.0.0/8"])];
	const overload = { ...block().stateOptions, overload: { table: "t", flush: "none" } } as const;
	it.each<[why: string, after: readonly Rule[], kept: readonly Rule[]]>([
		["all, where nothing has changed", base, base],
		["all about other packets than a new rule's", [...base, port(443)], base],
		["all about other packets than a new rule's, before them", [port(443), ...base], base],
		["all about other packets than those of a rule that is gone", [ssh, dns, ntp], [ssh, dns, ntp]],
		["nothing about the new rule's packets", [...base, block({ protocol: 17 })], [ssh, web]],
		["nothing about the packets of one in its place", [ssh, port("1:100"), dns, ntp], [dns, ntp]],
		["nothing after an edit of all packets", [...base, block()], []],
		["nothing where a rule came that tags", [...base, port(443, { tag: "A" })], []],
		["nothing where a rule came that translates a source", [...base, matching({ family: "inet", ...TCP, nat: pool("203.0.113.10") })], []],
		[
			"nothing where a rule came that translates a destination",
			[...base, matching({ family: "inet", ...TCP, rdr: pool("10.0.0.20") })],
			[],
		],
		["nothing where an anchor is called", [...base, call("a")], []],
		["nothing where a call of one stands in a rule's place", [ssh, web, dns, call("a")], []],
		["what 64 new rules are not about", [...base, ...Array.from({ length: 64 }, (_, index) => port(1000 + index))], base],
		["nothing where more have come", [...base, ...Array.from({ length: 65 }, (_, index) => port(1000 + index))], []],
		["nothing of rules that have changed places", [dns, ntp, ssh, web], []],
	])("%s", (_, after, kept) => {
		const indexes = (rules: readonly Rule[]) => rules.map((rule) => base.indexOf(rule));
		expect(indexes(edited(base, after, { anchors: { a: [port(443)] } }).kept)).toEqual(indexes(kept));
	});

	it("nothing where an anchor is called whose packets all were there before", () => {
		expect(edited(base, [...base, call("a")], { anchors: { a: [port(80)] } }).kept).toEqual([]);
	});

	it("nothing where a rule that tags is gone", () => {
		expect(edited([...base, port(443, { tag: "A" })], base).kept).toEqual([]);
	});

	it("nothing where something around the rules is another", () => {
		expect(edited(base, base, { tables }).kept).toEqual(base);
		expect(edited(base, base, {}, { tables }).kept).toEqual([]);
		expect(edited(base, base, { anchors: { a: [] }, tables: [table("t", [], { anchor: "a" })] }, { anchors: { a: [] } }).kept).toEqual([]);
		expect(edited(base, base, {}, { skip: ["lo"] }).kept).toEqual([]);
		expect(edited(base, base, {}, {}, [...INTERFACES]).kept).toEqual([]);
		expect(edited(base, [...base, port(443, { interface: "em7" })]).kept).toEqual([]);
		expect(edited(base, [...base, port(443, { stateOptions: overload })], { tables }).kept).toEqual([]);
		expect(edited([...base, port(80, { stateOptions: overload })], base, { tables }).kept).toEqual([]);
	});

	it("what both say of a rule that an anchor has in two places", () => {
		const calls = [call("a", { direction: "in" }), call("a", { direction: "out" })];
		const anchors = { a: [ssh, dns] };
		const rules = [web, ...calls];
		expect(edited(rules, [...rules, udp(53)], { anchors }).kept).toEqual([web, ssh]);
		expect(edited(rules, [...rules, block({ direction: "out", ...TCP })], { anchors }).kept).toEqual([dns]);
	});

	it("nothing of a rule that was moved to where no packet of it comes", () => {
		const inward = port(80, { direction: "in" });
		const out = call("a", { direction: "out" });
		expect(edited([out, inward, dns], [out, dns], { anchors: { a: [ssh] } }, { anchors: { a: [ssh, inward] } }).kept).toEqual([ssh, dns]);
	});

	it("nothing of rules whose packets others have made of those of the edit", () => {
		const rdr = matching({ family: "inet", ...TCP, destination: end("any", "80"), rdr: pool("10.0.0.20", { ports: [8080, 0] }) });
		const rules = [port(8080, { quick: true }), rdr, port(8080), dns];
		expect(edited(rules, [block({ ...TCP, quick: true, destination: end("any", "80") }), ...rules]).kept).toEqual([dns]);
	});

	it("nothing of rules that call each other", () => {
		const anchors = { a: [call("b")], b: [call("a")] };
		expect(edited([call("a"), ssh], [ssh], { anchors }).kept).toEqual([]);
		expect(edited([ssh], [call("a"), ssh], { anchors }).kept).toEqual([]);
		expect(findDeadRules(ruleset([call("a"), ssh], { anchors }), INTERFACES)).toEqual([]);
	});

	it("that a block is opened again", () => {
		const all = [block({ protocol: 0, family: "inet" }), pass({ family: "inet" })];
		expect(edited(all, [...all, udp(53, { family: "inet6" })]).kept).toContain(all[1]);
	});
});

describe("a more general rule, after an edit", () => {
	const specific = port(80);
	const wide = pass(TCP);
	const fill = (count: number) => Array.from({ length: count }, (_, index) => udp(index + 1, { quick: true }));
	it("is there where it came, and not where it is gone", () => {
		expect(edited([specific], [wide, specific]).general).toEqual(new Map([[specific, wide]]));
		expect(edited([wide, specific], [specific]).general).toEqual(new Map());
		expect(edited([wide, specific], [wide, udp(1), specific]).general).toEqual(new Map([[specific, wide]]));
		expect(edited([wide, specific], [wide, block({ ...TCP, interface: "em1" }), specific]).general).toEqual(new Map());
	});

	it("is there as far away as it is looked for", () => {
		const between = fill(98);
		expect(edited([wide, ...between, specific], [...between, specific]).general).toEqual(new Map());
		expect(edited([...between, specific], [wide, ...between, specific]).general).toEqual(new Map([[specific, wide]]));
		const [quick, late] = [port(80, { quick: true }), pass({ ...TCP, quick: true })];
		expect(edited([quick, ...between, late], [quick, ...between]).general).toEqual(new Map());
		expect(edited([quick, ...between], [quick, ...between, late]).general).toEqual(new Map([[quick, late]]));
		const far = fill(101);
		expect(edited([wide, ...far, specific], [wide, ...far, specific, udp(999)]).general).toEqual(new Map());
	});

	it("is looked for a hundred rules away, and no further", () => {
		const [quick, late] = [port(80, { quick: true }), pass({ ...TCP, quick: true })];
		const [near, far] = [fill(99), fill(100)];
		const [shut, open] = [block({ ...TCP, quick: true }), pass({ ...TCP, quick: true, interface: "em0" })];
		const standing = new Map([[specific, wide]]);
		expect(edited([...near, specific], [wide, ...near, specific]).general).toEqual(standing);
		expect(edited([wide, ...near, specific], [...near, specific]).general).toEqual(new Map());
		expect(edited([quick, ...near], [quick, ...near, late]).general).toEqual(new Map([[quick, late]]));
		expect(edited([quick, ...near, late], [quick, ...near]).general).toEqual(new Map());
		expect(edited([wide, ...far, specific], [wide, ...near, specific]).general).toEqual(standing);
		expect(edited([wide, ...near, specific], [wide, ...near, udp(900), specific]).general).toEqual(new Map());
		expect(edited([quick, ...far, late], [quick, ...near, late]).general).toEqual(new Map([[quick, late]]));
		expect(edited([quick, ...near, late], [quick, udp(900), ...near, late]).general).toEqual(new Map());
		// The rule that stands in for it decides nothing any more, a hundred rules away from it.
		expect(edited([wide, ...near, specific, open], [wide, shut, ...near.slice(1), specific, open]).general).toEqual(new Map());
	});

	it("is another, or none, where a rule has taken its place", () => {
		const other = pass({ ...TCP });
		expect(edited([wide, specific], [udp(1), specific]).general).toEqual(new Map());
		expect(edited([wide, specific], [other, specific]).general).toEqual(new Map([[specific, other]]));
	});

	it("goes where both are in an anchor of which no packet is left", () => {
		const [shut, calls] = [block({ ...TCP, quick: true }), call("a")];
		const anchors = { a: [wide, specific] };
		expect(edited([calls], [shut, calls], { anchors }).general).toEqual(new Map());
		expect(edited([shut, calls], [calls], { anchors }).general).toEqual(new Map([[specific, wide]]));
	});

	it("stays where the edit is far away", () => {
		const far = fill(150);
		expect(edited([wide, specific, ...far], [wide, specific, ...far, udp(999)]).general).toEqual(new Map([[specific, wide]]));
		expect(edited([udp(998), ...far, wide, specific], [...far, wide, specific]).general).toEqual(new Map([[specific, wide]]));
	});

	it("goes where it decides nothing itself any more", () => {
		const far = fill(120);
		const shut = block({ ...TCP, quick: true });
		expect(edited([...far, wide, specific], [shut, ...far, wide, specific]).general).toEqual(new Map());
		expect(edited([shut, ...far, wide, specific], [...far, wide, specific]).general).toEqual(new Map([[specific, wide]]));
	});

	it("is not looked for in an anchor that is called twice", () => {
		const calls = [call("a", { direction: "in" }), call("a", { direction: "out" })];
		expect(edited(calls, calls, { anchors: { a: [wide, specific] } }).general).toEqual(new Map());
	});

	it("is looked for in anchors too", () => {
		const rules = [call("a"), udp(1)];
		expect(edited(rules, rules, { anchors: { a: [specific] } }, { anchors: { a: [wide, specific] } }).general).toEqual(
			new Map([[specific, wide]]),
		);
		expect(edited(rules, rules, { anchors: { a: [wide, specific] } }, { anchors: { a: [specific] } }).general).toEqual(new Map());
		expect(edited(rules, [...rules, udp(2)], { anchors: { a: [wide, specific] } }).general).toEqual(new Map([[specific, wide]]));
	});
});

it("a group is no interface, whatever it is called", () => {
	const interfaces = INTERFACES.map((one) => (one.name === "em1" ? { ...one, groups: ["lan1"] } : one));
	const found = findDeadRules(ruleset([block({ quick: true, interface: "em1" }), pass({ interface: "lan1" })]), interfaces);
	expect(found.map(({ finding }) => finding.kind)).toEqual(["live", "shadowed"]);
});

it("a rule of an interface that is skipped is never asked", () => {
	const found = findDeadRules(ruleset([block({ interface: "lo0" }), pass()], { skip: ["lo"] }), INTERFACES);
	expect(found.map(({ finding }) => finding.kind)).toEqual(["impossible", "live"]);
	const group = findDeadRules(ruleset([block({ interface: "lo" }), pass()], { skip: ["lo"] }), []);
	expect(group.map(({ finding }) => finding.kind)).toEqual(["impossible", "impossible"]);
});

it("a block is opened too where it is not known whether it is asked", () => {
	const rules = [block({ family: "inet", probability: 1 }), pass({ family: "inet" })];
	const found = findDeadRules(ruleset(rules), INTERFACES);
	expect(found.map(({ finding, openedBy }) => [finding.kind, openedBy?.map((rule) => rules.indexOf(rule))])).toEqual([
		["undecided", [1]],
		["live", undefined],
	]);
});

it("nothing is said of what passes below a block that is dead, or whose table a rule fills", () => {
	const guest = end("10.0.0.2");
	const below = (rules: readonly Rule[], around: Surroundings = {}) =>
		findDeadRules(ruleset(rules, around), INTERFACES).map(({ passedBelow }) => passedBelow !== undefined);
	const own = block({ source: guest, family: "inet" });
	const all = pass({ family: "inet" });
	expect(below([block(), own, all])).toEqual([false, true, false]);
	expect(findDeadRules(ruleset([block(), own, all, udp(53)]), INTERFACES)[1]?.passedBelow).toEqual([all]);
	expect(below([block({ quick: true, source: guest, family: "inet" }), block(), own, all])).toEqual([false, false, false, false]);
	const tables = [table("t", ["10.0.0.2"])];
	const options = block().stateOptions;
	const listed = [block(), block({ source: end("<t>"), family: "inet" })];
	expect(below([...listed, all], { tables })).toEqual([false, true, false]);
	expect(
		below([...listed, pass({ family: "inet", stateOptions: { ...options, overload: { table: "t", flush: "none" } } })], { tables }),
	).toEqual([false, false, false]);
});

it("blocks alone are told to be opened", () => {
	const rules = [
		block({ family: "inet", protocol: 47 }),
		pass({ family: "inet", protocol: 47, direction: "in" }),
		pass({ family: "inet", protocol: 47 }),
	];
	expect(findDeadRules(ruleset(rules), INTERFACES).map(({ openedBy }) => openedBy)).toEqual([undefined, undefined, undefined]);
	const opened = [block({ family: "inet" }), pass({ family: "inet", interface: "em1" }), pass({ family: "inet" })];
	expect(findDeadRules(ruleset(opened), INTERFACES).map(({ openedBy }) => openedBy !== undefined)).toEqual([true, false, false]);
	const passes = [pass({ ...TCP, flags: 0, flagSet: 0 }), pass(TCP)];
	expect(findDeadRules(ruleset(passes), INTERFACES).map(({ openedBy }) => openedBy)).toEqual([undefined, undefined]);
});

it("a block is not opened by another that takes all that opens a connection", () => {
	const opening = block({ flags: 0x02, flagSet: 0x17 });
	expect(findDeadRules(ruleset([block(), opening]), INTERFACES).map(({ openedBy }) => openedBy)).toEqual([undefined, undefined]);
});

it("what a search may not do any more is left undecided, and nothing is said of it", () => {
	const guests = [end("10.0.0.2"), end("10.0.0.3")].map((source) => block({ source, family: "inet" }));
	const rules = [block(), ...guests, pass({ family: "inet" }), pass({ family: "inet6" })];
	const told = (work?: number) =>
		finished(searchDeadRules(ruleset(rules), INTERFACES, undefined, work)).findings.map(({ finding, openedBy, passedBelow }) =>
			[finding.kind, openedBy && "opened", passedBelow && "passed below"].filter((one) => one !== undefined).join(" "),
		);
	// The last portions are one for each rule, then one for each block.
	const portions = [...searchDeadRules(ruleset(rules), INTERFACES)].slice(-8);
	const first = (count: number) => portions.slice(0, count).reduce((sum, pieces) => sum + pieces, 0);
	const [undecided, opened, below] = ["undecided", "live opened", "live opened passed below"];
	expect(told()).toEqual([opened, below, below, "live", "live"]);
	expect(told(0)).toEqual(Array(5).fill(undecided));
	expect(told(first(1))).toEqual([opened, ...Array(4).fill(undecided)]);
	expect(told(first(4) + 0.5)).toEqual([opened, opened, opened, "live", "live"]);
	expect(told(first(5))).toEqual([opened, opened, opened, "live", "live"]);
	expect(told(first(6) + 0.5)).toEqual([opened, below, opened, "live", "live"]);
});

describe("which blocks have no effect is asked again, after an edit,", () => {
	const [first, second] = [end("10.0.0.2"), end("10.0.0.3")].map((source) => block({ source, family: "inet" })) as [Rule, Rule];
	const far = Array.from({ length: 210 }, (_, index) => udp(index + 1, { direction: "out", family: "inet6", quick: true }));
	const rules = [block(), first, ...far, block({ source: end("10.0.0.3 - 10.0.0.9"), family: "inet" }), second, pass({ family: "inet" })];
	const before = finished(searchDeadRules(ruleset(rules), INTERFACES));
	/** Whether it was work for the one block and for the other; what is known from before is none. */
	const asked = (after: readonly Rule[]) => {
		// The last portions are one for each block that decides on something.
		const live = findDeadRules(ruleset(after), INTERFACES).filter(({ finding }) => finding.kind === "live");
		const blocks = live.map(({ rule }) => rule).filter(({ action }) => action === "block");
		const portions = [...searchDeadRules(ruleset(after), INTERFACES, before)].slice(-blocks.length);
		return [first, second].map((rule) => (portions[blocks.indexOf(rule)] ?? 0) > 0);
	};
	const other = udp(999, { direction: "out", family: "inet6" });
	it.each<[where: string, after: readonly Rule[], asked: readonly [boolean, boolean]]>([
		["nowhere where nothing has changed", rules, [false, false]],
		["nowhere where the edit is far from both", rules.toSpliced(106, 0, other), [false, false]],
		["near a rule that has come", rules.toSpliced(3, 0, other), [true, false]],
		["near one that stands in another's place", rules.with(3, other), [true, false]],
		["near one that is gone", rules.toSpliced(3, 1), [true, false]],
		["near the last one that has come", rules.toSpliced(-3, 0, other), [false, true]],
		["near one that decides nothing any more", [udp(205, { direction: "out", family: "inet6", quick: true }), ...rules], [true, true]],
	])("%s", (_, after, expected) => expect(asked(after)).toEqual(expected));

	it("where the edit takes their packets, be it far away", () => {
		const near = [block({ family: "inet" }), first, pass({ family: "inet" })];
		edited([...near, ...far], [...near, ...far, block({ source: end("10.0.0.2"), family: "inet" })]);
		edited([...near, ...far, block({ source: end("10.0.0.2"), family: "inet" })], [...near, ...far]);
	});
});

it("without the interfaces, there is one that no rule names", () => {
	const kinds = (...rules: readonly Rule[]) => findDeadRules(ruleset(rules), undefined).map(({ finding }) => finding.kind);
	expect(kinds(block({ quick: true, interface: "other0" }), pass())).toEqual(["live", "live"]);
	expect(kinds(block({ quick: true }), pass())).toEqual(["live", "shadowed"]);
	const named = programOf(ruleset([pass({ interface: "other0", receivedOn: "em0" }), pass({ interface: "tap" })]));
	expect(namesOf(named, undefined)).toEqual(["other0", "em0", "other1"]);
	expect(namesOf(named, [])).toEqual(["other0", "em0"]);
});

describe("each rule in the place of each other, beside an anchor, is found what it is in a ruleset that was never edited", () => {
	const [guest, server] = [end("10.0.0.2"), end("10.0.0.3")];
	const others = [
		block({ source: guest, family: "inet" }),
		pass({ source: guest, family: "inet", direction: "out" }),
		pass({ destination: server, family: "inet", direction: "in", ...TCP }),
		block({ destination: server, direction: "in", quick: true }),
		pass({ family: "inet6", direction: "out", protocol: 17 }),
	];
	const base = [block(), ...others, pass(TCP), call("a", { direction: "in" }), block({ source: server, family: "inet" }), pass()];
	const anchors = { a: [port(22), block({ source: guest })] };
	it.each(base.slice(0, 9).map((_, index) => index))("at %d", (index) => {
		if (base[index]?.anchor !== undefined) return;
		for (const other of others) edited(base, base.with(index, { ...other }), { anchors });
	});

	it("with a block that has no effect, kept and gone", () => {
		const far = Array.from({ length: 110 }, (_, index) => udp(index + 1, { direction: "out", family: "inet6" }));
		const rules = [
			block(),
			...far,
			block({ family: "inet" }),
			block({ source: guest, family: "inet" }),
			pass({ family: "inet" }),
			port(80),
		];
		const last = rules.length - 1;
		const found = finished(searchDeadRules(ruleset(rules), INTERFACES)).findings;
		expect(found.filter(({ passedBelow }) => passedBelow !== undefined)).toHaveLength(1);
		for (const other of [udp(7, { family: "inet6" }), block({ family: "inet" }), pass({ family: "inet6" })])
			for (const at of [1, last - 1]) edited(rules, rules.with(at, { ...other }));
	});
});

import { describe, expect, test } from "vitest";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { MACHINE } from "../pf/ruleset/testing.ts";
import { findDeadRules } from "./dead.ts";
import { block, pass } from "./fixture.ts";
import { DIM } from "./space.ts";
import { type Boxes, generalRules } from "./subsumption.ts";

/** Each line of a ruleset that a more general one makes needless, as `2 by 1`. */
function needless(text: string): string[] {
	const { ruleset } = readRuleset({ fileName: "pf.conf", text: `${text}\n`, system: systemOf(MACHINE), anchor: "" });
	const { rules } = ruleset.main;
	const numbers = new Map(rules.map((rule) => [rule, text.slice(0, rule.words.start).split("\n").length]));
	return findDeadRules(ruleset, MACHINE.interfaces).flatMap(({ rule, general }) =>
		general === undefined ? [] : [`${numbers.get(rule)} by ${numbers.get(general)}`],
	);
}

describe("what a rule does beside deciding keeps it", () => {
	test.each([
		"tag A",
		"label web",
		"once",
		"nat-to 192.0.2.2",
		"rdr-to 10.0.0.20",
		"route-to 10.0.0.20",
		"divert-to 127.0.0.1 port 8080",
		"scrub (no-df)",
		"set prio 5",
	])("%s, although the more general one does the same", (option) =>
		expect(needless(`pass in inet proto tcp ${option}\npass in inet proto tcp to port 80 ${option}`)).toEqual([]),
	);

	test.each([
		["pass", "pass log"],
		["pass log", "pass log (all)"],
		["block", "block return"],
		["pass", "pass", "no state"],
		["pass", "pass", "keep state (no-sync)"],
		["pass", "pass", "allow-opts"],
		["pass", "pass", "rtable 1"],
	])("not as `%s`, but as `%s %s`, unless the more general one does the same", (plain, special, option = "") => {
		const [general, own] = ["", "to port 80"].map((to) => [`${plain} proto tcp ${to}`, `${special} proto tcp ${to} ${option}`] as const);
		expect(needless(`${general?.[0]}\n${own?.[1]}`)).toEqual([]);
		expect(needless(`${general?.[1]}\n${own?.[0]}`)).toEqual([]);
		expect(needless(`${general?.[1]}\n${own?.[1]}`)).toEqual(["2 by 1"]);
	});

	test("being a match rule, for what those do adds up", () => {
		expect(needless("match log\nmatch log proto tcp")).toEqual([]);
		expect(needless("match\nmatch proto tcp")).toEqual([]);
	});
});

describe("between a rule and the more general one above", () => {
	test.each([
		["a match rule that changes nothing they ask for may stand", "match proto tcp set prio 5", ["3 by 1"]],
		["not a match rule that tags", "match proto tcp tag A", []],
		["not one that translates the source", "match in inet proto tcp nat-to 192.0.2.2", []],
		["not one that translates the destination", "match in inet proto tcp rdr-to 10.0.0.20", []],
		["not one that ends the search", "match quick proto tcp from port 1024", []],
		["a rule about another protocol may stand", "pass proto udp", ["3 by 1"]],
		["a rule about another direction may stand", "pass out proto tcp", ["3 by 1"]],
		["a rule about other ports may stand", "pass proto tcp to port 22", ["3 by 1"]],
		["not one about some of its packets", "pass proto tcp from port 1024", []],
		["not the call of an anchor", "anchor other proto udp", []],
	])("%s", (_, between, expected) => expect(needless(`block\n${between}\nblock in proto tcp to port 80`)).toEqual(expected));
});

describe("between a quick rule and the more general one below", () => {
	test.each([
		["a rule that is not quick may stand", "pass proto tcp to port 80", ["1 by 3"]],
		["not where it tags", "pass proto tcp to port 80 tag A", []],
		["not a quick one about some of its packets", "pass quick proto tcp to port 80", []],
		["a quick one about other packets may stand", "pass quick proto udp", ["1 by 3"]],
		["not a match rule that tags", "match proto tcp tag A", []],
		["not the call of an anchor", "anchor other proto udp", []],
	])("%s", (_, between, expected) => expect(needless(`block quick proto tcp\n${between}\nblock quick`)).toEqual(expected));
});

describe("a rule is more general where it matches all of the other's packets", () => {
	test.each([
		["ports that hold the other's", "port 80:90", "port 85", ["2 by 1"]],
		["not ports that begin later", "port 80:90", "port 79:85", []],
		["not ports that end earlier", "port 80:90", "port 85:91", []],
		["not ports with a gap there", "port != 85", "port 80:90", []],
		["not some where the other asks for none", "port 80", "", []],
	])("%s", (_, general, special, expected) =>
		expect(needless(`block proto tcp to any ${general}\nblock proto tcp to any ${special}`.replaceAll(/ to any $/gm, ""))).toEqual(
			expected,
		),
	);

	test("for certain", () => expect(needless("pass proto tcp user root\npass proto tcp to port 80 user root")).toEqual([]));
	test("in each class of its packets", () => expect(needless("block inet\nblock proto tcp")).toEqual([]));
});

describe("the search itself", () => {
	const everything: Boxes = [{ constraints: [], partial: false }];
	const only = (value: number): Boxes => [{ constraints: [{ dimension: DIM.interface, set: [value, value] }], partial: false }];

	/** Blocks alone, by their indices: what is found, and the portions of the work. */
	function search(count: number, boxesOf: (index: number) => Boxes | undefined, wanted = (_: number) => true) {
		const rules = Array.from({ length: count }, () => block());
		const portions: number[] = [];
		const going = generalRules(
			rules,
			(rule) => boxesOf(rules.indexOf(rule)),
			() => true,
			wanted,
		);
		let step = going.next();
		for (; step.done !== true; step = going.next()) portions.push(step.value);
		return { portions, found: [...step.value].map(([rule, by]) => `${rules.indexOf(rule)} by ${rules.indexOf(by)}`) };
	}

	test("looks a hundred rules far", () => {
		const far = (last: number) =>
			search(
				last + 1,
				(index) => (index === 0 ? everything : only(index)),
				(index) => index === last,
			).found;
		expect(far(100)).toEqual(["100 by 0"]);
		expect(far(101)).toEqual([]);
	});

	test("gives way after every five hundred rules", () => {
		expect(search(499, () => undefined).portions).toEqual([]);
		expect(search(1001, () => undefined).portions).toEqual([500, 500]);
	});

	test("asks of the wanted rules alone", () => {
		const { found } = search(
			4,
			() => everything,
			(index) => index > 2,
		);
		expect(found).toEqual(["3 by 2"]);
	});

	test("takes no rule for more general that is not looked at, and goes no further than one of another kind", () => {
		expect(search(2, (index) => (index === 0 ? undefined : everything)).found).toEqual([]);
		const going = generalRules(
			[block(), pass(), block()],
			({ action }) => (action === "pass" ? undefined : everything),
			() => true,
			() => true,
		);
		expect(going.next().value).toEqual(new Map());
	});
});

import { describe, expect, test } from "vitest";
import { BLANK_RULE, type Rule } from "../pf/rules.ts";
import { findDeadRules } from "./dead.ts";
import type { Finding } from "./decide.ts";
import { block, call, end, INTERFACES, matching, number, pass, pool, ruleset, type Surroundings, table } from "./fixture.ts";

function findings(rules: readonly Rule[], around?: Surroundings): Finding["kind"][] {
	return findDeadRules(ruleset(rules, around), INTERFACES).map(({ finding }) => finding.kind);
}

describe("a rule is dead where", () => {
	const web = { protocol: 6, destination: end("10.0.0.20", "80") };
	test.each<readonly [string, readonly Rule[], readonly Finding["kind"][]]>([
		["a later rule decides all that it matches", [pass(web), block()], ["overridden", "live"]],
		["not where it is quick", [pass({ ...web, quick: true }), block()], ["live", "live"]],
		["a quick rule before decides all that it matches", [block({ quick: true, protocol: 6 }), pass(web)], ["live", "shadowed"]],
		[
			"several rules together cover it",
			[block({ quick: true, direction: "in" }), pass(web), block({ direction: "out" })],
			["live", "overridden", "live"],
		],
		[
			"not where a gap is left",
			[pass(web), block({ destination: end("any", "1:79"), protocol: 6 }), block({ destination: end("any", "81:65535"), protocol: 6 })],
			["live", "live", "live"],
		],
		[
			"ports are covered by two ranges",
			[
				pass({ protocol: 6, destination: end("any", "70:90") }),
				block({ destination: end("any", "1:79"), protocol: 6 }),
				block({ destination: end("any", ">= 80"), protocol: 6 }),
			],
			["overridden", "live", "live"],
		],
		["not where state flags let other packets through", [block({ protocol: 6 }), pass({ protocol: 6 })], ["live", "live"]],
		["flags any covers all flags", [block({ protocol: 6 }), pass({ protocol: 6, flags: 0, flagSet: 0 })], ["overridden", "live"]],
		[
			"icmp replies are not matched by rules that keep state",
			[block({ protocol: 1, family: "inet" }), pass({ flags: 0, flagSet: 0 })],
			["live", "live"],
		],
		[
			"the family differs from all that is left",
			[pass({ family: "inet" }), block({ family: "inet" }), block({ family: "inet6" })],
			["overridden", "live", "live"],
		],
		[
			"halves of a network cover it",
			[pass({ source: end("10.0.0.0/8"), family: "inet" }), block({ source: end("10.0.0.0/9") }), block({ source: end("10.128.0.0/9") })],
			["overridden", "live", "live"],
		],
		[
			"a negated address and the address cover it",
			[pass(), block({ source: end("10.0.0.0/8") }), block({ source: end("! 10.0.0.0/8") })],
			["overridden", "live", "live"],
		],
		["its group covers its interface", [pass({ interface: "tap3" }), block({ interface: "web" })], ["overridden", "live"]],
		["no packet has that tag after it was replaced", [matching({ tag: "A" }), pass({ tagged: "B" })], ["live", "impossible"]],
		["a tag is set by a rule before", [matching({ tag: "A" }), pass({ tagged: "A" })], ["live", "live"]],
		[
			"the source was translated before",
			[matching({ family: "inet", nat: pool("203.0.113.10") }), pass({ family: "inet", source: end("10.0.0.0/8") })],
			["live", "impossible"],
		],
		[
			"not where it asks for the translated source",
			[matching({ family: "inet", nat: pool("203.0.113.10") }), pass({ family: "inet", source: end("203.0.113.10") })],
			["live", "live"],
		],
		["it contradicts itself", [pass({ direction: "in", interface: "em0", receivedOn: "em1" })], ["impossible"]],
	])("%s", (_, rules, expected) => expect(findings(rules)).toEqual(expected));

	test("a table covers it", () => {
		const tables = [table("all", ["10.0.0.0/8", "!10.1.0.0/16"])];
		const rules = (source: string) => [pass({ source: end(source), family: "inet" as const }), block({ source: end("<all>") })];
		expect(findings(rules("10.2.0.0/16"), { tables })).toEqual(["overridden", "live"]);
		expect(findings(rules("10.0.0.0/8"), { tables })).toEqual(["live", "live"]);
	});

	test("its interface is skipped", () => expect(findings([pass({ interface: "tap3" })], { skip: ["tap"] })).toEqual(["impossible"]));

	test("an anchor is called where nothing of it can match", () => {
		const anchors = { a: [pass({ direction: "in" })] };
		expect(findings([call("a", { direction: "out" })], { anchors })).toEqual(["impossible"]);
	});

	test("an anchor is called before a block of all", () => {
		expect(findings([call("a"), block()], { anchors: { a: [pass()] } })).toEqual(["overridden", "live"]);
		expect(findings([call("a", { quick: true }), block()], { anchors: { a: [pass()] } })).toEqual(["live", "live"]);
		expect(findings([call("a", { quick: true }), block()], { anchors: { a: [pass({ flags: 0, flagSet: 0, state: "none" })] } })).toEqual([
			"live",
			"shadowed",
		]);
	});

	test("the rules that take its packets are told", () => {
		const rules = [block({ quick: true, interface: "em1" }), pass(web), pass({ interface: "em1" }), block()];
		const [, second] = findDeadRules(ruleset(rules), INTERFACES);
		expect(second?.finding).toEqual({ kind: "overridden", by: [rules[0], rules[3]] });
	});
});

describe("a table that may be filled while pf runs", () => {
	const rules = [block(), block({ quick: true, source: end("<t>") }), pass({ source: end("10.0.0.1"), family: "inet" })];
	const overload = { table: "t", flush: "none" } as const;
	const limited = pass({ protocol: 6, stateOptions: { ...BLANK_RULE.stateOptions, overload } });
	test.each<readonly [string, Surroundings["tables"], readonly Finding["kind"][]]>([
		["is not defined here", [], ["undecided", "undecided", "undecided"]],
		["is persistent", [table("t", [], { persist: true })], ["undecided", "undecided", "undecided"]],
		["is persistent, with addresses", [table("t", ["10.0.0.0/8"], { persist: true })], ["undecided", "undecided", "undecided"]],
		["is empty", [table("t", [])], ["undecided", "undecided", "undecided"]],
		["is not constant, with addresses", [table("t", ["10.0.0.0/8"])], ["live", "live", "shadowed"]],
		["is constant", [table("t", ["10.0.0.0/8"], { constant: true, persist: true })], ["live", "live", "shadowed"]],
		["is constant and empty", [table("t", [], { constant: true })], ["live", "impossible", "live"]],
	])("%s", (_, tables = [], expected) => expect(findings(rules, { tables })).toEqual(expected));

	test("by a rule", () => {
		const tables = [table("t", ["10.0.0.0/8"])];
		expect(findings([...rules, limited], { tables })[2]).toBe("undecided");
	});
});

describe("what is not known", () => {
	test("never makes a rule dead", () => {
		expect(findings([pass(), block({ probability: 1 })])[0]).toBe("undecided");
		expect(findings([pass({ protocol: 6 }), block({ protocol: 6, user: number("0") })])[0]).toBe("undecided");
		expect(findings([pass(), block({ probability: 1, direction: "in" })])[0]).toBe("live");
	});
	test("does not keep a rule alive that is dead anyway", () => expect(findings([pass({ probability: 1 }), block()])[0]).toBe("overridden"));
	test("leaves a rule undecided that has no certain witness", () => expect(findings([pass({ probability: 1 })])).toEqual(["undecided"]));
});

import { expect, it } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { findDeadRules } from "./dead.ts";
import { isDefaultBlock, isSkipped } from "./fate.ts";
import { block, call, end, INTERFACES, matching, number, pass, ruleset } from "./fixture.ts";
import { programOf } from "./program.ts";

it.each<[what: string, rule: Rule, is: boolean]>([
	["all", block(), true],
	["all of a direction", block({ direction: "in" }), true],
	["all of a family", block({ family: "inet6" }), true],
	["a pass", pass({ flags: 0, flagSet: 0 }), false],
	["a match", matching(), false],
	["it ends the evaluation", block({ quick: true }), false],
	["one interface", block({ interface: "em0" }), false],
	["a protocol", block({ protocol: 6 }), false],
	["a source", block({ source: end("10.0.0.0/8") }), false],
	["a destination", block({ destination: end("10.0.0.0/8") }), false],
	["a destination that nothing is", block({ destination: end("! any") }), false],
	["a source port", block({ source: end("any", "80") }), false],
	["a destination port", block({ destination: end("any", "80") }), false],
	["flags", block({ flags: 0x02, flagSet: 0x12 }), false],
	["a tag", block({ tagged: "WEB" }), false],
	["another interface before", block({ receivedOn: "em1" }), false],
])("whether a block is the default, of %s: %#", (_, rule, is) => {
	expect(isDefaultBlock(rule)).toBe(is);
});

it("a rule about a skipped interface is skipped, in an anchor of such a call too, and no negated one", () => {
	const rules = ruleset(
		[
			pass(),
			pass({ interface: "lo" }),
			pass({ interface: "lo", interfaceNegated: true }),
			pass({ interface: "lo0" }),
			call("a", { interface: "lo" }),
			call("b"),
		],
		{ anchors: { a: [pass(), call("c")], b: [pass(), pass({ interface: "lo" })], c: [pass()] } },
	);
	const program = programOf(rules);
	const skipped = program.lines.flatMap((line, index) => (isSkipped(index, program, ["lo"]) ? [`${line.path}:${line.kind} ${index}`] : []));
	expect(skipped).toEqual([":rule 1", ":call 4", "a:rule 5", "a:call 6", "c:rule 7", "b:rule 10"]);
	expect(program.lines.some((_, index) => isSkipped(index, program, []))).toBe(false);
	const first = programOf(ruleset([call("a", { interface: "lo" })], { anchors: { a: [pass()] } }));
	expect(first.lines.map((_, index) => isSkipped(index, first, ["lo"]))).toEqual([true, true]);
});

const WEB = { protocol: 6, destination: end("10.0.0.20", "80") };
const TCP = { protocol: 6 };
const ANY_FLAGS = { flags: 0, flagSet: 0 };

/** Blocks of single hosts, which a pass of them all overrides. */
const idle = (count: number): readonly Rule[] => [
	...Array.from({ length: count }, (_, index) => block({ ...TCP, ...ANY_FLAGS, source: end(`10.0.0.${index + 1}`) })),
	pass({ ...TCP, ...ANY_FLAGS, source: end("10.0.0.0/8") }),
];
const last = block({ ...TCP, source: end("192.0.2.0/24") });

it.each<[why: string, rules: readonly Rule[], by: readonly number[]]>([
	["what takes its packets", [pass(WEB), pass(TCP)], [1]],
	["and what takes them from that in turn", [pass(WEB), pass(TCP), block({ ...TCP, source: end("10.0.0.0/8") })], [1, 2]],
	["for a block too", [block(WEB), block(TCP), pass({ ...TCP, ...ANY_FLAGS, destination: end("10.0.0.0/8") })], [1, 2]],
	["not a pass of some sources, which is an exception", [block(WEB), block(TCP), pass({ ...TCP, source: end("10.0.0.0/8") })], [1]],
	[
		"the first of two that do",
		[pass(WEB), pass(TCP), block({ ...TCP, source: end("10.0.0.0/8") }), block({ ...TCP, source: end("192.0.2.0/24") })],
		[1, 2],
	],
	[
		"the one that has some of its packets",
		[pass(WEB), pass(TCP), block({ ...TCP, destination: end("any", "22") }), block({ ...TCP, source: end("192.0.2.0/24") })],
		[1, 3],
	],
	["not what is about other packets", [pass(WEB), pass(TCP), block({ protocol: 17 })], [1]],
	["nor another port", [pass(WEB), pass(TCP), block({ ...TCP, destination: end("any", "22") })], [1]],
	["nor what stands before it", [block({ ...TCP, source: end("10.0.0.0/8") }), pass(WEB), pass(TCP)], [2]],
	["nor a match", [pass(WEB), pass(TCP), matching({ ...TCP, source: end("10.0.0.0/8") })], [1]],
	["what may decide, of a block of some", [block(WEB), block(TCP), pass({ ...TCP, ...ANY_FLAGS, probability: 1 })], [1, 2]],
	["not the exceptions of a block of everything", [block({ direction: "in" }), block(), pass(WEB)], [1]],
	["nor what decides on nothing itself", [pass(WEB), pass(TCP), block({ ...TCP, source: end("10.0.0.0/8") }), pass(TCP)], [1]],
	[
		"both that share its packets, and none of them twice",
		[pass(WEB), block({ ...TCP, source: end("10.0.0.0/8") }), pass({ ...TCP, source: end("! 10.0.0.0/8") })],
		[1, 2],
	],
	["what comes after many that decide on nothing", [pass(WEB), pass(TCP), ...idle(49), last], [1, 52]],
	["not what comes after more of them", [pass(WEB), pass(TCP), ...idle(50), last], [1]],
	["where the other verdict has taken some at once, that", [pass(WEB), block(TCP), pass({ ...TCP, source: end("10.0.0.0/8") })], [1]],
])("a rule that decides on nothing tells %s", (_, rules, by) => {
	const found = findDeadRules(ruleset(rules), INTERFACES).map(({ finding }) => finding);
	const finding = found.find(({ kind }) => kind === "overridden");
	expect(finding !== undefined && "by" in finding && finding.by.map((rule) => rules.indexOf(rule))).toEqual(by);
});

it("what decides on a dead rule's packets in the end is looked for in the anchors behind it too", () => {
	const inner = block({ ...TCP, source: end("10.0.0.0/8") });
	const rules = [pass(WEB), pass(TCP), call("a")];
	const [first] = findDeadRules(ruleset(rules, { anchors: { a: [inner] } }), INTERFACES);
	expect(first?.finding).toEqual({ kind: "overridden", by: [rules[1], inner] });
});

it("a call of an anchor decides on nothing itself", () => {
	const rules = [block(WEB), block(TCP), call("a"), pass({ ...TCP, ...ANY_FLAGS })];
	const [first] = findDeadRules(ruleset(rules, { anchors: { a: [block({ protocol: 17 })] } }), INTERFACES);
	expect(first?.finding).toEqual({ kind: "overridden", by: [rules[1], rules[3]] });
});

it.each<[why: string, rules: readonly Rule[], openers: readonly number[] | undefined]>([
	["by a pass of all that opens something", [block(), pass()], [1]],
	["by two of them", [block(), pass({ family: "inet" }), pass({ family: "inet6" })], [1, 2]],
	["of one direction", [block({ direction: "in" }), pass({ direction: "in" })], [1]],
	["not where the other direction is left", [block(), pass({ direction: "in" })], undefined],
	["nor another protocol", [block(), pass(TCP)], undefined],
	["nor the other family", [block(), pass({ family: "inet" })], undefined],
	["nor UDP", [block({ family: "inet" }), pass(TCP), pass({ family: "inet", protocol: 1 })], undefined],
	["nor connections that other flags open", [block(), pass({ flags: 0x12, flagSet: 0x12 })], undefined],
	["nor where nothing is left to it at all", [block(), pass({ ...ANY_FLAGS, state: "none" })], undefined],
	["of one interface", [block({ interface: "em0" }), pass()], [1]],
	["of one service", [block({ ...WEB }), pass()], [1]],
	["of the sockets of a user, whoever has them", [block({ ...TCP, user: number("55") }), pass()], [1]],
	["not where it is quick", [block({ quick: true }), pass()], undefined],
	["nor where nothing passes", [block()], undefined],
])("a block is opened again, %s", (_, rules, openers) => {
	const [found] = findDeadRules(ruleset(rules), INTERFACES);
	expect(found?.openedBy?.map((rule) => rules.indexOf(rule))).toEqual(openers);
});

it("what quick rules above pass is not opened again below, and a pass is not told to be", () => {
	const opened = (...rules: readonly Rule[]) => findDeadRules(ruleset(rules), INTERFACES).map(({ openedBy }) => openedBy);
	expect(opened(pass({ quick: true }), block(), pass({ tagged: "A" }))).toEqual([undefined, undefined, undefined]);
	expect(opened(pass({ ...ANY_FLAGS, state: "none" }), pass())).toEqual([undefined, undefined]);
});

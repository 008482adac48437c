import { expect, it } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { isDefaultBlock, isSkipped } from "./fate.ts";
import { block, call, end, matching, pass, ruleset } from "./fixture.ts";
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

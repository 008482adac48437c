/** Which anchors a rule calls. */
import { expect, test } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { anchorCalls, callsOpenAnchors } from "./anchors.ts";
import { block, call, pass, ruleset, type Surroundings } from "./fixture.ts";

const ANCHORS: NonNullable<Surroundings["anchors"]> = { a: [block()], "a/c": [pass()], "a/b": [pass()], "a/b/d": [block()] };

test.each<[rule: Rule, paths: readonly string[]]>([
	[block(), []],
	[call("a"), ["a"]],
	[call("a/*"), ["a/b", "a/c"]],
	[call("none"), ["none"]],
	[call("none/*"), []],
	[call(""), [""]],
])("%#: the one that is named, or all directly below, in the order of their names", (rule, paths) => {
	expect(anchorCalls(ruleset([rule], { anchors: ANCHORS }))(rule).map(({ path }) => path)).toEqual(paths);
});

test("one that has no rules here is empty, and the main ruleset is itself", () => {
	const rules = [call("none"), call("")];
	const whole = ruleset(rules, { anchors: ANCHORS });
	const called = anchorCalls(whole);
	expect(called(rules[0] as Rule)).toEqual([{ path: "none", rules: [], tables: [] }]);
	expect(called(rules[1] as Rule)).toEqual([whole.main]);
});

test.each<[what: string, rules: readonly Rule[], isOpen: boolean, anchors?: Surroundings["anchors"]]>([
	["no call", [block(), pass()], false],
	["a call of one with rules", [block(), call("a")], false],
	["a call of one that nobody fills here", [block(), call("relayd")], true],
	["a wildcard below which nothing is", [call("relayd/*")], true],
	["a wildcard below which one has rules", [call("a/*")], false, { "a/b": [], "a/c": [pass()] }],
	["a wildcard below which none has", [call("a/*")], true, { "a/b": [] }],
	["a call inside of an anchor", [call("a")], true, { a: [block(), call("b")] }],
])("programs may fill anchors: %s", (_, rules, isOpen, anchors = ANCHORS) => {
	expect(callsOpenAnchors(ruleset(rules, { anchors }))).toBe(isOpen);
});

import { expect, test } from "vitest";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { MACHINE } from "../pf/ruleset/testing.ts";
import { findDeadRules } from "./dead.ts";

/** Each block without effect, by its line, with the lines below that pass what it is for. */
function idle(text: string): string[] {
	const { ruleset } = readRuleset({ fileName: "pf.conf", text: `${text}\n`, system: systemOf(MACHINE), anchor: "" });
	const line = (start: number) => text.slice(0, start).split("\n").length;
	return findDeadRules(ruleset, MACHINE.interfaces).flatMap(({ rule, passedBelow }) =>
		passedBelow === undefined ? [] : [`${line(rule.words.start)} by ${passedBelow.map(({ words }) => line(words.start)).join(" ")}`],
	);
}

const SPAMMERS = "block from 198.51.100.0/24";
const WEB = "pass proto tcp to port 80";
const lines = (...rules: readonly string[]) => rules.join("\n");

test.each<readonly [why: string, rules: string, expected: readonly string[]]>([
	["a pass below takes its packets, and all is blocked above", lines("block", SPAMMERS, WEB), ["2 by 3"]],
	["each such pass is told", lines("block", SPAMMERS, WEB, "pass proto udp to port 53"), ["2 by 3 4"]],
	["it is needed without a block above", lines(SPAMMERS, WEB), []],
	["a quick one stops them", lines("block", `${SPAMMERS.replace("block", "block quick")}`, WEB), []],
	["one of all addresses is not for certain ones", lines("block", "block proto tcp", WEB), []],
	["nor a pass below a block of all", lines("block", "pass from 198.51.100.0/24", WEB), []],
	["a pass is not asked", lines("pass", "pass from 198.51.100.0/24", WEB), []],
	["the block above must stop all of its packets", lines("block in", SPAMMERS, WEB), []],
	["and not be quick", lines("block quick proto tcp", SPAMMERS, "pass proto udp to port 53"), []],
	["a pass between makes it needed", lines("block", "pass proto udp", SPAMMERS, WEB), []],
	["but not one of other packets", lines("block", "pass from 203.0.113.0/24", SPAMMERS, WEB), ["3 by 4"]],
	["a match rule between that tags makes it needed", lines("block", "match proto tcp tag A", SPAMMERS, WEB), []],
	["but not one of other packets that does", lines("block", "match from 203.0.113.0/24 tag A", SPAMMERS, WEB), ["3 by 4"]],
	["nor one that changes nothing", lines("block", "match proto tcp set prio 5", SPAMMERS, WEB), ["3 by 4"]],
	["an anchor between may do anything", lines("block", 'anchor "a"', SPAMMERS, WEB), []],
	["a block of some of its packets between does no harm", lines("block", "block proto udp", SPAMMERS, WEB), ["3 by 4"]],
	["an exception to it is meant as one", lines("block", SPAMMERS, "pass from 198.51.100.7"), ["2 by "]],
	["a pass of other packets is none", lines("block", SPAMMERS, "pass inet6"), ["2 by "]],
	["a pass that asks for the other end's addresses is no exception", lines("block", SPAMMERS, "pass to 192.0.2.2"), ["2 by 3"]],
	[
		"what is below and no pass is not told",
		lines("block", SPAMMERS, WEB, "match proto tcp set prio 5", 'anchor "a"', "block out"),
		["2 by 3"],
	],
	["a pass that takes none of its packets is not told", lines("block", SPAMMERS, WEB, "block proto tcp to port 80"), ["2 by "]],
	["a block of a table counts as well", lines("table <bad> const { 198.51.100.7 }", "block", "block from <bad>", WEB), ["3 by 4"]],
	[
		"a check of its own tells of a table that rules fill",
		lines(
			"table <bad> { 198.51.100.7 }",
			"block",
			"block from <bad>",
			"pass proto tcp to port 80 keep state (max-src-conn 9, overload <bad>)",
		),
		[],
	],
	["an anchor below is not asked", lines("block", SPAMMERS, 'anchor "a" {', "block proto udp", "}", WEB), ["2 by 6"]],
	["a list that is called in two places is left alone", lines('anchor "a" in {', "block", SPAMMERS, WEB, "}", 'anchor "a" out'), []],
	["but not one that is called in one", lines('anchor "a" {', "block", SPAMMERS, WEB, "}"), ["3 by 4"]],
	[
		"a block of another table is told beside it",
		lines("table <bad> { 198.51.100.7 }", "block", SPAMMERS, "pass proto tcp to port 80 keep state (max-src-conn 9, overload <bad>)"),
		["3 by 4"],
	],
])("%s", (_, rules, expected) => expect(idle(rules)).toEqual(expected));

test("a block above is looked for a hundred rules far", () => {
	const far = (rules: number) =>
		idle(
			lines(
				"block",
				...Array.from({ length: rules }, (_, i) => `block out proto udp to port ${i + 1}`),
				`${SPAMMERS.replace("block", "block in")}`,
				"pass in proto tcp",
			),
		);
	expect(far(99)).toEqual(["101 by 102"]);
	expect(far(100)).toEqual([]);
});

test("fifty passes below are looked at", () => {
	const [told = ""] = idle(lines("block", SPAMMERS, ...Array.from({ length: 51 }, (_, i) => `pass proto tcp to port ${i + 1}`)));
	expect(told.split(" ").slice(2)).toHaveLength(50);
});

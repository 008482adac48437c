import { expect, test } from "vitest";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { createEvaluator, MAX_WORLDS } from "./evaluate.ts";
import { block, end, pass, ruleset } from "./fixture.ts";
import { type Packet, parsePacket } from "./packet.ts";
import { programOf } from "./program.ts";

const SSH = parsePacket("in em0 tcp 192.0.2.9 1024 192.0.2.1 22 S") as Packet;

/** Anchors in rows, each of which calls the next many times: `calls` to the power of `rows` rules. */
function fan(calls: number, rows: number): string {
	return `block\n${Array.from({ length: rows }, (_, i) => `anchor "a${i}" {\n\tpass\n${`\tanchor "/a${i + 1}"\n`.repeat(calls)}}\n`).join("")}`;
}

test.each([
	[2, 3, true],
	[10, 9, false],
])("anchors that call others %s times, %s deep, are followed to their ends: %s", (calls, rows, whole) => {
	const { ruleset } = readRuleset({ fileName: "pf.conf", text: fan(calls, rows), system: systemOf({}) });
	expect(programOf(ruleset).complete).toBe(whole);
	expect(createEvaluator(ruleset, undefined).explain(SSH).length).toBeLessThan(150_000);
});

test.each(["pass", "block"])("where it is given up, the other verdict than %s may be the true one", (verdict) => {
	const other = verdict === "pass" ? "block" : "pass";
	const text = fan(10, 9).replaceAll("\tpass", `\t${verdict}`);
	const { ruleset } = readRuleset({ fileName: "pf.conf", text, system: systemOf({}) });
	const outcomes = createEvaluator(ruleset, undefined).evaluate(SSH);
	expect(outcomes.map((one) => [one.verdict, one.conditions.map(({ criterion, holds }) => [criterion, holds])])).toEqual([
		[verdict, [["anchors", true]]],
		[other, [["anchors", true]]],
	]);
});

test("a long ruleset is asked to its end in every world", () => {
	const chances = Array.from({ length: 7 }, () => pass({ probability: 1 }));
	const others = Array.from({ length: 3_500 }, () => block({ protocol: 6, destination: end("any", "80") }));
	const outcomes = createEvaluator(ruleset([...chances, ...others]), undefined).evaluate(SSH);
	expect(outcomes).toHaveLength(MAX_WORLDS);
	expect(new Set(outcomes.flatMap(({ conditions }) => conditions.map(({ criterion }) => criterion)))).toEqual(new Set(["probability"]));
});

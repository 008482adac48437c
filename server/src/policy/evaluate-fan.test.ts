import { expect, test } from "vitest";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { createEvaluator } from "./evaluate.ts";
import { parsePacket } from "./packet.ts";
import { programOf } from "./program.ts";

/** Anchors in rows, each of which calls the next many times: `calls` to the power of `rows` rules. */
function fan(calls: number, rows: number): string {
	return `block\n${Array.from({ length: rows }, (_, i) => `anchor "a${i}" {\n\tpass\n${`\tanchor "/a${i + 1}"\n`.repeat(calls)}}\n`).join("")}`;
}

test.each([
	[2, 3, true],
	[10, 9, false],
])("anchors that call others %s times, %s deep, are followed to their ends: %s", (calls, rows, whole) => {
	const { ruleset } = readRuleset({ fileName: "pf.conf", text: fan(calls, rows), system: systemOf({}) });
	const packet = parsePacket("in em0 tcp 192.0.2.9 1024 192.0.2.1 22 S");
	if (packet === undefined) throw new Error("not understood");
	const outcomes = createEvaluator(ruleset, undefined).evaluate(packet);
	expect(outcomes.some(({ conditions }) => conditions.some(({ criterion }) => criterion === "anchors"))).toBe(!whole);
	expect(outcomes.map(({ verdict }) => verdict)).toEqual(whole ? ["pass"] : ["pass", "block"]);
	expect(programOf(ruleset).complete).toBe(whole);
	expect(createEvaluator(ruleset, undefined).explain(packet).length).toBeLessThan(400_000);
});

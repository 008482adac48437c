import { expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { programOf } from "./program.ts";

const program = (text: string) => programOf(PfFile.parse(`${text}\n`, { path: "/etc/pf.conf" }).ruleset);
const lines = (...rules: readonly string[]) => rules.join("\n");

/** Each line: its anchor, what it is, the line behind a call's rules, the call that leads here, where a match ends and whether. */
function listed(text: string): string[] {
	return program(text).lines.map(({ kind, path, end, call, scope, final }) =>
		[path, kind, ...(kind === "call" ? [`to ${end}`] : []), ...(call < 0 ? [] : [`of ${call}`]), final, ...(final === "no" ? [] : [scope])]
			.filter((word) => word !== "")
			.join(" "),
	);
}

test.each<readonly [why: string, rules: string, expected: readonly string[]]>([
	["rules", lines("block", "pass quick"), ["rule no", "rule quick 2"]],
	["an anchor's rules stand behind its call", lines("anchor a {", "pass", "}", "block"), ["call to 2 no", "a rule of 0 no", "rule no"]],
	[
		"a quick call ends it behind its anchor's last rule where a rule of it decides",
		lines("anchor a quick {", "pass", "match", "pass quick", "}", "block"),
		["call to 4 no", "a rule of 0 at scope 4", "a rule of 0 no", "a rule of 0 quick 4", "rule no"],
	],
	[
		"perhaps, where it calls others: one of theirs may decide later",
		lines("anchor a quick {", "pass", "anchor b {", "block", "}", "}"),
		["call to 4 no", "a rule of 0 perhaps 4", "a call to 4 of 0 no", "a/b rule of 2 no"],
	],
	["an anchor that has no rules is a call alone", 'anchor "a"', ["call to 1 no"]],
	[
		"a wildcard calls each",
		lines('anchor "a/*"', 'anchor "a" {', "anchor c {", "pass", "}", "}"),
		["call to 2 no", "a/c rule of 0 no", "call to 5 no", "a call to 5 of 2 no", "a/c rule of 3 no"],
	],
])("%s", (_, rules, expected) => {
	expect(listed(rules)).toEqual(expected);
	expect(program(rules).complete).toBe(true);
});

/** Anchors in each other, the innermost with one rule. */
const nested = (depth: number) =>
	lines(...Array.from({ length: depth }, (_, i) => `anchor a${i} {`), "pass", ...Array.from({ length: depth }, () => "}"));

test("anchors are followed sixteen deep", () => {
	expect(program(nested(16)).complete).toBe(true);
	expect(program(nested(17)).complete).toBe(false);
	expect(program(nested(17)).lines).toHaveLength(16);
});

test("anchors that call each other are not followed for ever", () => {
	expect(program(lines("anchor a {", 'anchor "/b"', "}", "anchor b {", 'anchor "/a"', "}")).complete).toBe(false);
});

test("calls make fifty thousand lines at most", () => {
	const ten = Array.from({ length: 10 }, (_, i) => i);
	const fan = (rules: number) =>
		lines(
			...ten.slice(0, 3).map((row) => lines(`anchor a${row} {`, ...ten.map(() => `anchor "/a${row + 1}"`), "}")),
			"anchor a3 {",
			...Array.from({ length: rules }, () => "pass"),
			"}",
		);
	expect(program(fan(1)).complete).toBe(true);
	const most = program(fan(60));
	expect([most.complete, most.lines.length]).toEqual([false, 50_000]);
});

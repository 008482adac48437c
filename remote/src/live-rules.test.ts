import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anchorsCommand, loadedRulesCommand, readAnchors, readRootAnswer, readRuleCounters } from "./live-rules.ts";

const counters = (evaluations: number, packets: number): string =>
	`  [ Evaluations: ${String(evaluations).padEnd(8)}  Packets: ${String(packets).padEnd(8)}  Bytes: ${"640".padEnd(10)}  States: ${"2".padEnd(6)}]\n  [ Inserted: uid 0 pid 51234 State Creations: 3     ]`;

const ruleset = [
	"block drop all",
	counters(90, 4),
	'anchor "vm/*" all {',
	counters(86, 0),
	'anchor "db01" all {',
	"pass out on tap1 all flags S/SA",
	counters(20, 7),
	"}",
	'anchor "web01" all {',
	"}",
	"}",
	"anchor all {",
	counters(5, 5),
	"pass in all flags S/SA",
	counters(5, 5),
	"}",
	'anchor "/top" all {',
	counters(1, 1),
	"block return all",
	counters(1, 1),
	"}",
	"pass out all flags S/SA",
	counters(10, 6),
	"",
].join("\n");

test("counters, each with its rule and anchor", () => {
	expect(readRuleCounters(ruleset).map(({ anchor, text, evaluations, packets }) => [anchor, text, evaluations, packets])).toEqual([
		["", "block drop all", 90, 4],
		["", 'anchor "vm/*" all', 86, 0],
		["vm/db01", "pass out on tap1 all flags S/SA", 20, 7],
		["", "anchor all", 5, 5],
		["_1", "pass in all flags S/SA", 5, 5],
		["", 'anchor "/top" all', 1, 1],
		["top", "block return all", 1, 1],
		["", "pass out all flags S/SA", 10, 6],
	]);
});

test("any text is read without a fault", () => {
	const line = fc.constantFrom("}", " {", 'anchor "a" {', "block all", counters(1, 1), 'anchor "*" all {', "");
	fc.assert(
		fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
			for (const rule of readRuleCounters(lines.join("\n"))) expect(rule.packets).toBeGreaterThanOrEqual(0);
		}),
	);
});

test("anchors", () => {
	expect(readAnchors("  vm\n  vm/web01\nNo ALTQ support in kernel\n")).toEqual(["vm", "vm/web01"]);
});

describe("what came of doas", () => {
	test.each([
		["answered", { status: 0, stdout: "x\n", stderr: "" }, { kind: "answered", text: "x\n" }],
		[
			"no rule for us",
			{ status: 1, stdout: "", stderr: "doas: Operation not permitted\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"a password would be asked",
			{ status: 1, stdout: "", stderr: "doas: Authentication required\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"the same, in releases before",
			{ status: 1, stdout: "", stderr: "doas: Authorization required\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"not set up",
			{ status: 1, stdout: "", stderr: "doas: doas is not enabled, /etc/doas.conf: No such file or directory\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"pfctl fails",
			{ status: 1, stdout: "", stderr: "pfctl: /dev/pf: Device busy\n" },
			{ kind: "failed", message: "pfctl: /dev/pf: Device busy" },
		],
		["a signal", { status: null, stdout: "", stderr: "" }, { kind: "failed", message: "pfctl exited with a signal" }],
	])("%s", (_, result, expected) => {
		expect(readRootAnswer(result, "op", anchorsCommand.words)).toEqual(expected);
	});

	test("a user's name that is no word of doas.conf is not written into its line", () => {
		expect(
			readRootAnswer({ status: 1, stdout: "", stderr: "doas: Operation not permitted" }, "a\npermit nopass b", loadedRulesCommand.words),
		).toEqual({
			kind: "refused",
			allow: 'permit nopass USER as root cmd pfctl args -a "*" -s rules',
		});
	});
});

import { expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { pfFacts } from "./pf-facts.ts";

const anchor = { text: "pass in on tap1 proto tcp\n" };
const rulesWith = (main: string) =>
	pfFacts(
		new Map([
			["/etc/pf.conf", { text: `${main}block\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n` }],
			["/etc/pf.vm/web01.conf", anchor],
		]),
	)
		?.ruleset.anchors.get("vm/web01")
		?.rules.map((rule) => printRule(rule));

// parse.y keeps these in variables of the run, which pfctl_load_anchors() doesn't reset.
test.each([
	["", "pass in on tap1 proto tcp all flags S/SA"],
	["set state-policy if-bound\n", "pass in on tap1 proto tcp all flags S/SA keep state (if-bound)"],
	["set state-defaults no-sync\n", "pass in on tap1 proto tcp all flags S/SA keep state (no-sync)"],
	["set block-policy return\n", "pass in on tap1 proto tcp all flags S/SA"],
])("after %j, a loaded anchor has: %s", (main, rule) => {
	expect(rulesWith(main)).toEqual([rule]);
});

test("a file that is loaded after another ruleset stays so when it is edited", () => {
	const main = PfFile.parse("set state-policy if-bound\n", { path: "/etc/pf.conf" });
	const file = PfFile.parse(anchor.text, { path: "/etc/pf.vm/web01.conf" });
	const loaded = file.loadedBy(main);
	expect(file.loadedBy(main)).toBe(loaded);
	const edited = loaded.edit([{ span: { start: 0, end: 0 }, text: "pass out\n" }]);
	expect(edited.ruleset.main.rules.map((rule) => printRule(rule))).toEqual([
		"pass out all flags S/SA keep state (if-bound)",
		"pass in on tap1 proto tcp all flags S/SA keep state (if-bound)",
	]);
	// The file itself is what is edited, and what it is as a loaded one is edited with it.
	const own = file.edit([{ span: { start: 0, end: 0 }, text: "pass out\n" }]).loadedBy(main);
	expect(own.text).toBe(edited.text);
	expect(own.ruleset).toEqual(edited.ruleset);
	expect(own.difference(loaded)).toBeDefined();
});

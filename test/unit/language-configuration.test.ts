import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { root } from "./textmate.ts";

interface EnterRule {
	readonly beforeText: string;
	readonly afterText?: string;
	readonly previousLineText?: string;
	readonly action: { readonly indent: string; readonly appendText?: string };
}

interface Configuration {
	readonly wordPattern: string;
	readonly onEnterRules: readonly EnterRule[];
	readonly folding: { readonly markers: { readonly start: string; readonly end: string } };
	readonly indentationRules?: { readonly increaseIndentPattern: string; readonly decreaseIndentPattern: string };
}

function configuration(language: string): Configuration {
	return JSON.parse(readFileSync(new URL(`syntaxes/language-configuration-${language}.json`, root), "utf8"));
}

/** The word under the cursor `|`, found as VS Code does. */
function wordAt(language: string, marked: string): string | undefined {
	const cursor = marked.indexOf("|");
	const line = marked.replace("|", "");
	const words = line.matchAll(new RegExp(configuration(language).wordPattern, "g"));
	return [...words].find((word) => word.index <= cursor && cursor <= word.index + word[0].length)?.[0];
}

describe("a word is what one would rename or look up", () => {
	test.each([
		["pf", "pass in on $w|an", "$wan"],
		["pf", "pass in on |$wan", "$wan"],
		["pf", "pass from <ba|d> to any", "<bad>"],
		["pf", "pass to port < 10|24", "1024"],
		["pf", "pass to 10.50.|0.0/24", "10.50.0.0/24"],
		["pf", "pass to 2001:db8:|:1", "2001:db8::1"],
		["pf", "pass to ::1|", "::1"],
		["pf", "pass to 2001:db8::|/32", "2001:db8::/32"],
		["pf", "pass to fe80::1%e|m0", "fe80::1%em0"],
		["pf", "match nat-|to (em0)", "nat-to"],
		["pf", "pass to (vport|0:network)", "vport0:network"],
		["pf", "set timeout tcp.fi|rst 20", "tcp.first"],
		["vm", 'vm "web|01" {', "web01"],
		["vm", "boot $se|ts", "$sets"],
		["vm", "lladdr fe:e1:bb:|d1:00:01", "fe:e1:bb:d1:00:01"],
		["vm", "local prefix 100.64|.0.0/10", "100.64.0.0/10"],
		["hostname", "-disc|over tap3", "-discover"],
		["hostname", "inet 10.50.0.1|/24", "10.50.0.1/24"],
		["hostname", "!echo $i|f", "$if"],
	])("%s: %s", (language, marked, word) => {
		expect(wordAt(language, marked)).toBe(word);
	});
});

/** The rule that VS Code takes when Enter is pressed at `|`. */
function onEnter(language: string, previous: string, marked: string): EnterRule["action"] | undefined {
	const [before = "", after = ""] = marked.split("|");
	return configuration(language).onEnterRules.find(
		(rule) =>
			new RegExp(rule.beforeText).test(before) &&
			(rule.afterText === undefined || new RegExp(rule.afterText).test(after)) &&
			(rule.previousLineText === undefined || new RegExp(rule.previousLineText).test(previous)),
	)?.action;
}

describe("Enter", () => {
	test.each([
		["breaks a comment in two comments", "", "# guests of | the lan", { indent: "none", appendText: "# " }],
		["at a comment's end starts a plain line", "", "# guests|", undefined],
		["after a backslash indents the rest of the statement", "", "pass in on em0 \\|", { indent: "indent" }],
		["keeps that indentation while the statement goes on", "pass in on em0 \\", "    proto tcp \\|", undefined],
		["ends it with the statement", "pass in on em0 \\", "    proto tcp|", { indent: "outdent" }],
		["after a plain line does nothing", "pass in", "pass out|", undefined],
	] as const)("%s", (_, previous, marked, action) => {
		expect(onEnter("pf", previous, marked)).toEqual(action);
	});
});

describe("indentation", () => {
	const rules = configuration("pf").indentationRules;
	const increase = new RegExp(rules?.increaseIndentPattern ?? "^$.");
	const decrease = new RegExp(rules?.decreaseIndentPattern ?? "^$.");
	test.each([
		['anchor "vm" {', true],
		["pass to {", true],
		["pass to { 10.0.0.1 }", false],
		['taps = "{ tap3"', false],
		["# anchor {", false],
	])("a line opens a block: %s", (line, opens) => {
		expect(increase.test(line)).toBe(opens);
	});
	test("a closing brace stands under its statement", () => {
		expect(decrease.test("\t}")).toBe(true);
		expect(decrease.test("pass to { }")).toBe(false);
	});
});

test.each(["pf", "vm", "hostname", "pftest"])("%s: folding marks are comments", (language) => {
	const { start, end } = configuration(language).folding.markers;
	expect(new RegExp(start).test("# region guests")).toBe(true);
	expect(new RegExp(end).test("# endregion")).toBe(true);
	expect(new RegExp(start).test("pass # region")).toBe(false);
});

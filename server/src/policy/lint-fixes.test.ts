import { describe, expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { MACHINE } from "../pf/ruleset/testing.ts";
import { render } from "../text/message.ts";
import { findDeadRules } from "./dead.ts";
import { lintPolicy, type RulePlaces } from "./lint.ts";
import type { KnownInterface } from "./network.ts";

const PATH = "/etc/pf.conf";
const INTERFACES: readonly KnownInterface[] = (MACHINE.interfaces ?? []).map((one) => ({
	...one,
	addresses: one.addresses.map(({ family, address }) => ({ family, address })),
}));

function lint(text: string, more: Partial<RulePlaces> = {}) {
	const file = PfFile.parse(text, { path: PATH, host: MACHINE });
	const findings = findDeadRules(file.ruleset, INTERFACES);
	const places: RulePlaces = { place: (rule) => file.place(rule), text: () => text, skip: file.skipped.map(({ name }) => name), ...more };
	return lintPolicy(findings, places).get(PATH) ?? [];
}

/** For each fix of the first finding its title and what it makes of the text. */
function fixed(text: string): readonly (readonly [title: string, text: string])[] {
	return (lint(text)[0]?.fixes ?? []).map(({ title, edits = [] }) => {
		const changed = [...edits]
			.sort((x, y) => y.span.start - x.span.start)
			.reduce((whole, { span, text: own }) => whole.slice(0, span.start) + own + whole.slice(span.end), text);
		return [render(title), changed];
	});
}

const MOVE_DOWN = "Move this rule below those that override it";
const MOVE_UP = "Move this rule above those that decide instead";
const QUICK = "Make this rule quick";
const REMOVE = "Remove this rule";

describe("fixes", () => {
	test.each<readonly [string, readonly (readonly [string, string])[]]>([
		[
			"pass in proto tcp to port 80 # web\nblock in\n",
			[
				[MOVE_DOWN, "block in\npass in proto tcp to port 80 # web\n"],
				[QUICK, "pass in quick proto tcp to port 80 # web\nblock in\n"],
				[REMOVE, "block in\n"],
			],
		],
		[
			"pass proto tcp\n# all\nblock",
			[
				[QUICK, "pass quick proto tcp\n# all\nblock"],
				[REMOVE, "# all\nblock"],
			],
		],
		[
			"block return out proto udp\npass\n",
			[
				[MOVE_DOWN, "pass\nblock return out proto udp\n"],
				[QUICK, "block return out quick proto udp\npass\n"],
				[REMOVE, "pass\n"],
			],
		],
		[
			"block drop in proto udp\npass\n",
			[
				[MOVE_DOWN, "pass\nblock drop in proto udp\n"],
				[QUICK, "block drop in quick proto udp\npass\n"],
				[REMOVE, "pass\n"],
			],
		],
		[
			"block in quick proto tcp\n\npass in proto tcp to port 80\npass out\n",
			[
				[MOVE_UP, "pass in proto tcp to port 80\nblock in quick proto tcp\n\npass out\n"],
				[REMOVE, "block in quick proto tcp\n\npass out\n"],
			],
		],
		[
			"block in quick proto tcp\nweb = 80\npass in proto tcp to port $web\npass out\n",
			[[REMOVE, "block in quick proto tcp\nweb = 80\npass out\n"]],
		],
		["block in quick proto tcp\npass in proto tcp to port 80", [[REMOVE, "block in quick proto tcp\n"]]],
		["pass in proto tcp to port 80\npass in\n", [[REMOVE, "pass in\n"]]],
		[
			"pass  in  proto tcp\nblock  in\n",
			[
				[MOVE_DOWN, "block  in\npass  in  proto tcp\n"],
				[QUICK, "pass  in quick  proto tcp\nblock  in\n"],
				[REMOVE, "block  in\n"],
			],
		],
		[
			"block  return  out  proto udp\npass  out\n",
			[
				[MOVE_DOWN, "pass  out\nblock  return  out  proto udp\n"],
				[QUICK, "block  return  out quick  proto udp\npass  out\n"],
				[REMOVE, "pass  out\n"],
			],
		],
		["block fragment\npass\n", [[REMOVE, "pass\n"]]],
		// It has no direction that `quick` could stand behind, and was to stop something.
		["block proto tcp\npass\n", [[MOVE_DOWN, "pass\nblock proto tcp\n"]]],
		[
			"block in proto tcp\npass in\n",
			[
				[MOVE_DOWN, "pass in\nblock in proto tcp\n"],
				[QUICK, "block in quick proto tcp\npass in\n"],
			],
		],
		[
			"pass in\nblock in\n",
			[
				[MOVE_DOWN, "block in\npass in\n"],
				[QUICK, "pass in quick\nblock in\n"],
				[REMOVE, "block in\n"],
			],
		],
		// `log` comes before `quick`; what was to be logged is not removed.
		["pass in log proto tcp\npass in\n", [[MOVE_DOWN, "pass in\npass in log proto tcp\n"]]],
		[
			"pass in proto tcp rtable 1\npass in\n",
			[
				[MOVE_DOWN, "pass in\npass in proto tcp rtable 1\n"],
				[QUICK, "pass in quick proto tcp rtable 1\npass in\n"],
			],
		],
		["set skip on em1\nmatch out on em1 inet nat-to 192.0.2.1\n", []],
		[
			"pass quick\nmatch proto udp set prio 5\n",
			[
				[MOVE_UP, "match proto udp set prio 5\npass quick\n"],
				[REMOVE, "pass quick\n"],
			],
		],
		["pass quick\npass in proto tcp\n", [[REMOVE, "pass quick\n"]]],
		[
			"block\nblock in from 10.0.0.0/8\npass proto tcp to port 80\n",
			[
				[MOVE_DOWN, "block\npass proto tcp to port 80\nblock in from 10.0.0.0/8\n"],
				[QUICK, "block\nblock in quick from 10.0.0.0/8\npass proto tcp to port 80\n"],
			],
		],
		["block\npass proto tcp to port 80\npass\n", []],
		[
			"block in quick proto tcp\nweb = 80\npass in proto tcp to port 80\n",
			[
				[MOVE_UP, "pass in proto tcp to port 80\nblock in quick proto tcp\nweb = 80\n"],
				[REMOVE, "block in quick proto tcp\nweb = 80\n"],
			],
		],
		[
			"web = 80\nblock in quick proto tcp\npass in proto tcp to port $web\n",
			[
				[MOVE_UP, "web = 80\npass in proto tcp to port $web\nblock in quick proto tcp\n"],
				[REMOVE, "web = 80\nblock in quick proto tcp\n"],
			],
		],
		[
			"  pass in \\\n\tproto tcp\nblock in\n",
			[
				[MOVE_DOWN, "block in\n  pass in \\\n\tproto tcp\n"],
				[QUICK, "  pass in quick \\\n\tproto tcp\nblock in\n"],
				[REMOVE, "block in\n"],
			],
		],
		// The rule that overrides it is in an anchor that is called again below: there is no place below it to move to.
		[
			"anchor a {\n\tblock in\n}\npass in proto tcp\nanchor a\n",
			[
				[QUICK, "anchor a {\n\tblock in\n}\npass in quick proto tcp\nanchor a\n"],
				[REMOVE, "anchor a {\n\tblock in\n}\nanchor a\n"],
			],
		],
	])("%j", (text, expected) => expect(fixed(text)).toEqual(expected));

	test("removing is preferred only where it changes nothing, and no fix is offered for a text that is not known", () => {
		const preferred = (text: string) =>
			lint(text)[0]
				?.fixes?.filter(({ preferred }) => preferred === true)
				.map(({ title }) => render(title));
		expect(preferred("pass in proto tcp\npass in\n")).toEqual([REMOVE]);
		expect(preferred("pass in proto tcp\nblock in\n")).toEqual([]);
		expect(lint("pass in proto tcp\nblock in\n", { text: () => undefined })[0]?.fixes).toEqual([]);
	});
});

describe("a rule that was meant to count and is overridden", () => {
	/** What a rule does beside passing; a plain rule that passes the same takes it away. */
	test.each([
		"pass out on em0 inet proto tcp nat-to 192.0.2.1",
		"pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.2",
		"pass in on em0 proto tcp to port 22 keep state (max-src-conn 3)",
		"pass in on em0 proto tcp to port 22 keep state (max 100)",
		"pass in on em0 proto tcp to port 22 keep state (max-src-conn-rate 5/3, overload <bad>)",
		"pass out on em0 proto tcp to port 25 set prio 3",
		"pass in on em0 inet proto tcp route-to 192.0.2.1",
		"pass in on em0 inet proto tcp reply-to 192.0.2.1",
		"pass in on em0 inet proto tcp to port 21 divert-to 127.0.0.1 port 8021",
		"pass in on em0 proto tcp rtable 1",
		"pass in log on em0 proto udp to port 53",
	])("%s", (rule) => {
		for (const [text, wanted] of [
			[`${rule}\npass\n`, "policy/rule-overridden"],
			[`pass quick\n${rule}\n`, "policy/rule-shadowed"],
		] as const) {
			const [found, ...more] = lint(text);
			expect([found?.code, more.length], text).toEqual([wanted, 0]);
			const titles = found?.fixes?.map(({ title }) => render(title)) ?? [];
			expect(titles.length, text).toBeGreaterThan(wanted === "policy/rule-overridden" ? 0 : -1);
			expect(titles, text).not.toContain(REMOVE);
			// Where it is overridden, each fix makes it count.
			for (const [, after] of fixed(text))
				expect(
					lint(after).filter(({ code }) => code === wanted),
					after,
				).toEqual([]);
		}
	});
});

describe("what is told", () => {
	test.each<readonly [string, string, string]>([
		[
			"pass in proto tcp\nblock in\n",
			"This rule never decides, because line 2 overrides it",
			"The last matching rule wins: move it below them, or make it quick.",
		],
		[
			"block in quick\npass in proto tcp\n",
			"This rule never decides, because line 1 is quick and does",
			"Move it above them, or remove it.",
		],
		["pass in proto tcp\npass in\n", "This rule changes nothing: others decide the same of all its packets", "Remove it."],
		[
			"block\nblock proto tcp\npass proto tcp to port 80\npass out proto udp\n",
			"Without this rule, a more general one would decide the same",
			"Remove it, or keep it for those who read the file.",
		],
		[
			"block fragment\n",
			"No packet can match this rule",
			"Fragments are put together before the rules are asked, unless `set reassemble no` is given.",
		],
		["set skip on em1\nblock on em1\n", "No packet can match this rule", "`set skip on em1` lets everything pass on em1 before any rule."],
		["set skip on em\nblock on em1\n", "", ""],
		["set skip on lo\nblock in on em1 received-on em0\n", "No packet can match this rule", "Correct or remove it."],
		["set skip on lo\nmatch tag A\nblock tagged B\n", "No packet can match this rule", "Correct or remove it."],
		["set skip on tun\nblock in on ! tun0 received-on tun0\n", "No packet can match this rule", "Correct or remove it."],
		[
			"set skip on tun\nblock on tun0\n",
			"No packet can match this rule",
			"`set skip on tun` lets everything pass on tun0 before any rule.",
		],
		["block inet from 10.0.0.1 to 10.0.0.2\nblock on lo0 received-on em0\n", "", ""],
		["match tag A\nblock tagged B\npass\n", "No packet can match this rule", "Correct or remove it."],
		["set skip on t\nblock in on tun0 received-on em0\n", "No packet can match this rule", "Correct or remove it."],
		[
			"block\npass proto tcp to port 80\npass\n",
			"This block stops no connection: what is below passes every one",
			"The last matching rule wins: put the general rule above the block's exceptions, or remove it.",
		],
		[
			"block proto tcp to port 25\npass\n",
			"This block stops no connection: what is below passes every one",
			"The last matching rule wins: move it below them, or make it quick.",
		],
		[
			"block\nblock from 10.0.0.0/8\npass proto tcp to port 80\n",
			"This block has no effect: what is below passes its addresses, and the rest is blocked above",
			"The last matching rule wins: move it below them, or make it quick.",
		],
		[
			"pass in proto udp\nblock in proto udp to port < 9\nblock in proto udp to port >= 9\n",
			"This rule never decides: rules below it override it",
			"The last matching rule wins: move it below them, or make it quick.",
		],
		[
			"block in quick proto udp to port < 9\nblock in quick proto udp to port >= 9\npass in proto udp\n",
			"This rule never decides: quick rules above it do",
			"Move it above them, or remove it.",
		],
		[
			"pass out inet proto udp nat-to 192.0.2.1\npass out\n",
			"This translation never happens, because line 2 overrides it",
			"The last matching rule wins: move it below them, or make it quick.",
		],
		[
			"pass in inet proto udp rdr-to 192.0.2.1\npass in proto udp to port < 9\npass in proto udp to port >= 9\n",
			"This translation never happens: rules below it override it",
			"The last matching rule wins: move it below them, or make it quick.",
		],
		[
			"pass out quick\npass out inet proto udp nat-to 192.0.2.1\n",
			"This translation never happens, because line 1 is quick and decides",
			"Move it above them, or remove it.",
		],
		[
			"pass in quick proto udp to port < 9\npass in quick proto udp to port >= 9\npass in inet proto udp rdr-to 192.0.2.1\n",
			"This translation never happens: quick rules above it decide",
			"Move it above them, or remove it.",
		],
		// Of a list, one source is needed: what is passed between is blocked again.
		["block\npass from 192.0.2.0/23\nblock from { 10.0.0.0/8 192.0.2.0/24 }\npass proto tcp to port 80\n", "", ""],
	])("%j", (text, message, advice) => {
		const [first] = lint(text);
		expect([first ? render(first.message) : "", first?.advice ? render(first.advice) : ""]).toEqual([message, advice]);
	});

	test("a statement is not told of itself, and is shown as unnecessary", () => {
		const text = "block\nblock from { 10.0.0.0/8 10.0.0.1 }\npass out inet6 proto udp\n";
		const [first] = lint(text);
		expect(first?.related?.map(({ span }) => text.slice(span.start, span.end))).toEqual(["block"]);
		expect(first?.related?.map(({ message }) => render(message))).toEqual(["The more general rule"]);
		expect(first?.tags).toEqual(["unnecessary"]);
	});

	test("a rule is moved in its own file only", () => {
		const text = "block in quick proto tcp\npass in proto tcp to port 80\n";
		const file = PfFile.parse(text, { path: PATH, host: MACHINE });
		const [quick] = file.ruleset.main.rules;
		const [first] = lint(text, {
			place: (rule) => {
				const at = file.place(rule);
				return at && rule.statement === quick?.statement ? { ...at, file: "/etc/other.conf" } : at;
			},
		});
		expect(first?.fixes?.map(({ title }) => render(title))).toEqual([REMOVE]);
		expect(first && render(first.message)).toBe("This rule never decides: quick rules above it do");
	});

	test("what has no place is neither told nor shown", () => {
		const text = "pass in proto tcp\nblock in\n";
		const file = PfFile.parse(text, { path: PATH, host: MACHINE });
		const only = (action: string) => lint(text, { place: (rule) => (rule.action === action ? file.place(rule) : undefined) });
		expect(only("block")).toEqual([]);
		expect(only("pass").map(({ related }) => related)).toEqual([[]]);
	});

	test("in the order of the text, whatever the order of evaluation", () => {
		const text = 'anchor "b"\npass in proto tcp\nblock in\nanchor b on em1 {\n\tpass out proto tcp\n\tblock out\n}\n';
		expect(lint(text).map(({ span }) => text.slice(span.start, span.end))).toEqual(["pass in proto tcp", "pass out proto tcp"]);
	});

	test("at most five of the rules that decide instead", () => {
		const hosts = Array.from({ length: 8 }, (_, i) => `block in quick from 10.0.0.${i}/32 to any\n`).join("");
		const [first] = lint(`${hosts}pass in from 10.0.0.0/29\n`);
		expect(first?.related?.map(({ message }) => render(message))).toEqual(Array(5).fill("Decides instead"));
	});

	test("nothing that another diagnostic explains", () => {
		const anchored = "anchor a {\n\tpass in proto tcp\n}\nblock in\n";
		expect(lint(anchored)).toHaveLength(1);
		expect(lint(anchored, { explained: () => true })).toEqual([]);
		expect(lint(anchored, { explained: (by) => by.length === 0 })).toHaveLength(1);
		expect(lint("anchor a {\n\tblock fragment\n}\n", { explained: () => true })).toHaveLength(1);
		expect(lint("pass in proto tcp\nblock in\n", { explained: () => true })).toHaveLength(1);
		expect(lint("block fragment\n")).toHaveLength(1);
		expect(lint("block fragment\n", { neverMatches: () => true })).toEqual([]);
		expect(lint("pass in proto tcp\nblock in\n", { neverMatches: () => true })).toHaveLength(1);
	});
});

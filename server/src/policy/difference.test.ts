import { describe, expect, test } from "vitest";
import { shareOf } from "../../../test/share.ts";
import type { Rule } from "../pf/rules.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { differenceOf, read, told } from "./difference-fixture.ts";
import { createEvaluator, formatEnds, type Outcome } from "./evaluate.ts";
import { INTERFACES, ruleset } from "./fixture.ts";
import { describePacket, PACKETS, randomOf, randomRuleset } from "./random-fixture.ts";
import { changesOf, sortedIn } from "./region-fixture.ts";

/** What can be seen of an outcome from outside: not which of two equal rules it was. */
const seen = (outcome: Outcome): string => (outcome.verdict === "block" ? "block" : `pass ${formatEnds(outcome)} ${outcome.packet.tag}`);

/** The table of generated rulesets, as pf.conf has it. */
const TABLE = "table <t> { 10.0.0.0/16 !10.0.0.0/28 2001:db8::/48 192.0.2.1 }";

describe("any two rulesets, held against the evaluation of single packets", () => {
	test.each(
		shareOf(
			Array.from({ length: 400 }, (_, index) => index + 1),
			20,
		),
	)("seed %i", (seed) => {
		const next = randomOf(seed * 7919);
		const { rules, around } = randomRuleset(next);
		// An edit: some rules go, others come.
		const others = randomRuleset(next).rules.filter(({ anchor }) => anchor === undefined);
		const edited = rules.toSpliced(next(rules.length), next(3), ...others.slice(0, next(3)));
		const [before, after] = [ruleset(rules, around), ruleset(edited, { ...around, ...(next(10) === 0 ? { skip: ["tap"] } : {}) })];
		const difference = differenceOf(before, after);
		expect(difference.isWhole).toBe(true);
		const evaluators = [createEvaluator(before, INTERFACES), createEvaluator(after, INTERFACES)] as const;
		for (const packet of PACKETS) {
			const asked = sortedIn(packet, difference);
			const [was, is] = [evaluators[0].evaluate(asked), evaluators[1].evaluate(asked)];
			const found = changesOf(difference, asked);
			const certain = found.filter(({ depends }) => depends.length === 0);
			const isKnown = was.length === 1 && is.length === 1;
			if (found.length === 0 && isKnown && seen(was[0]) !== seen(is[0]))
				throw new Error(`not told: ${seen(was[0])}, then ${seen(is[0])}: ${describePacket(asked)}`);
			if (certain.length > 1) throw new Error(`told twice: ${describePacket(asked)}`);
			const [told] = certain;
			if (told === undefined || !isKnown) continue;
			if (told.before.verdict !== was[0].verdict || told.after.verdict !== is[0].verdict)
				throw new Error(
					`${told.before.text} → ${told.after.text} is told, ${seen(was[0])} → ${seen(is[0])} is so: ${describePacket(asked)}`,
				);
			if (!told.isMergedBefore) expect(told.before.rule).toBe(was[0].rule);
			if (!told.isMergedAfter) expect(told.after.rule).toBe(is[0].rule);
		}
		for (const { witness, before: told, after: then, depends } of difference.changes) {
			if (depends.length > 0) continue;
			expect(evaluators[0].evaluate(witness)[0].verdict, describePacket(witness)).toBe(told.verdict);
			expect(evaluators[1].evaluate(witness)[0].verdict, describePacket(witness)).toBe(then.verdict);
		}
	});

	test.each(
		shareOf(
			Array.from({ length: 200 }, (_, index) => index + 1),
			20,
		),
	)("seed %i: a ruleset and itself do not differ", (seed) => {
		const { rules, around } = randomRuleset(randomOf(seed * 104_729));
		const copy: Rule[] = rules.map((rule) => ({ ...rule, label: `again ${seed}` }));
		expect(differenceOf(ruleset(rules, around), ruleset(copy, around)).changes).toEqual([]);
	});

	test.each(
		shareOf(
			Array.from({ length: 200 }, (_, index) => index + 1),
			20,
		),
	)("seed %i: a ruleset and what is read of its printed form do not differ", (seed) => {
		const { rules, around } = randomRuleset(randomOf(seed * 15_485_863));
		// pfctl refuses a translation without a direction.
		const main = rules.filter(
			({ anchor, direction, nat, rdr }) => anchor === undefined && (direction !== undefined || (nat === undefined && rdr === undefined)),
		);
		const whole = ruleset(main, { ...around, anchors: {} });
		const again = read(`${TABLE}\n${main.map((rule) => `${printRule(rule)}\n`).join("")}`);
		const difference = differenceOf(whole, { ...again, options: whole.options });
		expect(difference.isWhole).toBe(true);
		expect(difference.changes).toEqual([]);
	});
});

const BASE = `table <bad> { 192.0.2.0/24 }
block all
pass out
pass in on em0 proto tcp to port { 22 80 }
anchor "web" on tap3 {
	block in
	pass in inet proto tcp from 10.0.0.5 to any port 443
}
block in quick from <bad>
match out on em0 inet from 10.0.0.0/24 nat-to 203.0.113.10
`;

describe("what an edit changes is told in few terms", () => {
	test.each<readonly [string, (text: string) => string, readonly string[]]>([
		[
			"a port more",
			(text) => text.replace("22 80", "22 80 443"),
			[
				"block drop → pass: in inet proto tcp on em0 from ! 192.0.2.0/24 to any port 443",
				"block drop → pass: in inet6 proto tcp on em0 to any port 443",
			],
		],
		[
			"an address more in a table",
			(text) => text.replace("192.0.2.0/24", "192.0.2.0/24 198.51.100.7"),
			["pass* → block drop: in inet proto tcp on em0 from 198.51.100.7 to any port { 22 80 }"],
		],
		[
			"another address for NAT",
			(text) => text.replace("203.0.113.10", "203.0.113.11"),
			["pass nat-to 203.0.113.10 → pass nat-to 203.0.113.11: out inet on em0 from 10.0.0.0/24"],
		],
		["rules in another order that decide alike", (text) => text.replace("pass out\n", "").replace("anchor", "pass out\nanchor"), []],
		["two rules as one", (text) => text.replace("{ 22 80 }", "22\npass in on em0 proto tcp to port 80"), []],
		["a rule that others override", (text) => text.replace("block all", "pass in\nblock all"), []],
		["a label", (text) => text.replace("pass out", 'pass out label "out-$nr"'), []],
		["a block without a name around it", (text) => text.replace("pass out", "anchor on lo0 {\n\tblock\n}\npass out"), []],
		[
			"a rule of an anchor",
			(text) => text.replace("10.0.0.5 to", "10.0.0.6 to"),
			[
				"block drop → pass: in inet proto tcp on tap3 from 10.0.0.6 to any port 443",
				"pass → block drop: in inet proto tcp on tap3 from 10.0.0.5 to any port 443",
			],
		],
		["a call that is quick", (text) => text.replace('"web" on', '"web" quick on'), []],
		[
			"how it is refused",
			(text) => text.replace("\tblock in\n", "\tblock return in\n"),
			[
				"block drop → block return: in inet proto tcp on tap3 from 10.0.0.5 to any port ! 443",
				"block drop → block return: in inet proto tcp on tap3 from ! { 10.0.0.5 192.0.2.0/24 }",
				"block drop → block return: in inet proto { udp icmp others } on tap3 from ! 192.0.2.0/24",
				"block drop → block return: in inet6 on tap3",
				"block drop → block return: in inet proto tcp on tap3 from 10.0.0.5 to any port 443 opening no connection",
			],
		],
		["a setting", (text) => `set limit states 5000\n${text}`, ["+ set limit states 5000"]],
		[
			"an interface that is skipped",
			(text) => `set skip on tap3\n${text}`,
			[
				"block drop → skip: in inet proto tcp on tap3 from 10.0.0.5 to any port ! 443",
				"block drop → skip: in inet proto tcp on tap3 from ! { 10.0.0.5 192.0.2.0/24 }",
				"block drop → skip: in inet proto { udp icmp others } on tap3 from ! 192.0.2.0/24",
				"block drop → skip: in inet6 on tap3",
				"block drop → skip: in inet proto tcp on tap3 from 10.0.0.5 to any port 443 opening no connection",
				"block drop → skip: in inet on tap3 from 192.0.2.0/24",
				"block drop → skip: out proto { tcp icmp icmp6 } on tap3 opening no connection",
				"pass → skip: in inet proto tcp on tap3 from 10.0.0.5 to any port 443",
				"pass → skip: out on tap3",
				"+ set skip on { tap3 }",
			],
		],
		[
			"something that is not known",
			(text) => text.replace("pass out", "pass in proto udp user root\npass out"),
			[
				"block drop → pass?: in inet proto udp on { lo0 em0 em1 } from ! 192.0.2.0/24",
				"block drop → pass?: in inet6 proto udp on { lo0 em0 em1 }",
			],
		],
	])("%s", (_, edit, expected) => expect(told(BASE, edit(BASE))).toEqual(expected));
});

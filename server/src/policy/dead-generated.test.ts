/** What is found of generated rulesets, held against the evaluation of packets and against a search that goes on from none. */
import { describe, expect, test } from "vitest";
import { shareOf } from "../../../test/share.ts";
import type { Rule } from "../pf/rules.ts";
import { finished } from "../text/portions.ts";
import { findDeadRules, type RuleFinding, type Searched, searchDeadRules } from "./dead.ts";
import { createEvaluator } from "./evaluate.ts";
import { INTERFACES, ruleset } from "./fixture.ts";
import { describePacket, PACKETS, randomOf, randomRuleset } from "./random-fixture.ts";

/** The seeds from 1 to `count` in batches: each is a test that fails soon. */
const batches = (count: number, size: number): (readonly [first: number, last: number])[] =>
	Array.from({ length: count / size }, (_, index) => [index * size + 1, (index + 1) * size]);

describe("the analysis agrees with the evaluation", () => {
	test.each(shareOf(batches(1000, 10), 10))(
		"rulesets %i to %i: no packet is decided by a dead rule, and every other rule has a witness",
		(first, last) => {
			let dead = 0;
			let undecided = 0;
			for (let seed = first; seed <= last; seed++) {
				const { rules, around } = randomRuleset(randomOf(seed * 7919));
				const set = ruleset(rules, around);
				const evaluator = createEvaluator(set, INTERFACES);
				const gone = new Set<Rule>();
				for (const { rule, finding } of findDeadRules(set, INTERFACES)) {
					if (finding.kind === "live") {
						const outcomes = evaluator.evaluate(finding.witness);
						const confirmed = outcomes.every((outcome) =>
							rule.action === "match" ? outcome.matched.includes(rule) : outcome.rule === rule,
						);
						if (!confirmed) throw new Error(`seed ${seed}: witness fails: ${describePacket(finding.witness)} ${JSON.stringify(rule)}`);
					} else if (finding.kind === "undecided") {
						// A source port that the kernel picks is the only thing here that is not known.
						const picks = [...rules, ...Object.values(around.anchors ?? {}).flat()].some((one) => one.nat !== undefined);
						if (!picks) throw new Error(`seed ${seed}: undecided ${JSON.stringify(rule)}`);
						undecided++;
					} else {
						gone.add(rule);
						dead++;
					}
				}
				if (gone.size === 0) continue;
				for (const packet of PACKETS) {
					const [outcome] = evaluator.evaluate(packet);
					if (outcome?.rule !== undefined && gone.has(outcome.rule))
						throw new Error(`seed ${seed}: a dead rule decides: ${describePacket(packet)} ${JSON.stringify(outcome.rule)}`);
					for (const rule of outcome?.matched ?? [])
						if (rule.action === "match" && gone.has(rule))
							throw new Error(`seed ${seed}: a dead match rule matches: ${describePacket(packet)}`);
				}
			}
			expect(dead).toBeGreaterThan(0);
			expect(undecided).toBeLessThan(4);
		},
	);

	test.each(shareOf(batches(300, 10), 10))(
		"rulesets %i to %i: without the needless rules, every packet is treated as before",
		(first, last) => {
			let removed = 0;
			for (let seed = first; seed <= last; seed++) {
				const { rules, around } = randomRuleset(randomOf(seed * 104_729));
				const set = ruleset(rules, around);
				const needless = new Set(
					findDeadRules(set, INTERFACES)
						// What has been tagged stays tagged, whatever decides.
						.filter(
							({ rule, finding, general }) => (general !== undefined || !["live", "undecided"].includes(finding.kind)) && rule.tag === "",
						)
						.map(({ rule }) => rule),
				);
				removed += needless.size;
				const without = (list: readonly Rule[]): Rule[] => list.filter((rule) => !needless.has(rule));
				const anchors = Object.fromEntries(Object.entries(around.anchors ?? {}).map(([path, list]) => [path, without(list)]));
				const before = createEvaluator(set, INTERFACES);
				const after = createEvaluator(ruleset(without(rules), { ...around, anchors }), INTERFACES);
				for (const packet of PACKETS.slice(77, 377)) {
					const [was] = before.evaluate(packet);
					const [is] = after.evaluate(packet);
					if (was?.verdict !== is?.verdict) throw new Error(`seed ${seed}: ${was?.verdict} ${is?.verdict} ${describePacket(packet)}`);
				}
			}
			expect(removed).toBeGreaterThan(0);
		},
	);

	test.each(shareOf(batches(500, 2), 25))(
		"rulesets %i to %i, each edited 8 times: what is kept of the search before is what a new one finds",
		(first, last) => {
			let kept = 0;
			for (let seed = first; seed <= last; seed++) {
				const next = randomOf(seed * 15_485_863);
				const { rules, around } = randomRuleset(next);
				const search = (list: readonly Rule[], anchors: Record<string, readonly Rule[]>, earlier?: Searched): Searched => {
					return finished(searchDeadRules(ruleset(list, { ...around, anchors }), INTERFACES, earlier));
				};
				const lists: Record<string, readonly Rule[]> = { "": rules, ...around.anchors };
				let before: Searched | undefined;
				for (let edit = 0; edit < 8; edit++) {
					const names = Object.keys(lists);
					const name = names[next(names.length)] ?? "";
					const list = [...(lists[name] ?? [])];
					const others = randomRuleset(next).rules.filter(({ anchor }) => anchor === undefined);
					const at = next(list.length + 1);
					if (edit > 0 && list[at]?.anchor === undefined) list.splice(at, next(2), ...others.slice(0, next(3)));
					if (list.length > 0) lists[name] = list;
					const { "": main = [], ...anchors } = lists;
					const after = search(main, anchors, before);
					const fresh = search(main, anchors);
					const told = ({ findings }: Searched) =>
						findings.map(({ rule, anchor, finding, general }) => {
							const { kind } = finding;
							return [
								main.indexOf(rule),
								anchor,
								kind,
								"by" in finding ? finding.by.map((one) => JSON.stringify(one)) : [],
								JSON.stringify(general),
							];
						});
					expect(told(after), `seed ${seed}, edit ${edit}`).toEqual(told(fresh));
					const evaluator = createEvaluator(ruleset(main, { ...around, anchors }), INTERFACES);
					for (const { rule, finding } of after.findings) {
						if (finding.kind !== "live") continue;
						const outcomes = evaluator.evaluate(finding.witness);
						if (!outcomes.every((outcome) => (rule.action === "match" ? outcome.matched.includes(rule) : outcome.rule === rule)))
							throw new Error(`seed ${seed}, edit ${edit}: witness fails: ${describePacket(finding.witness)} ${JSON.stringify(rule)}`);
					}
					const known = new Set<RuleFinding["finding"]>(before?.findings.map(({ finding }) => finding));
					kept += after.findings.filter(({ finding }) => known.has(finding)).length;
					before = after;
				}
			}
			expect(kept).toBeGreaterThan(5);
		},
	);
});

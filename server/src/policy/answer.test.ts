import { expect, test } from "vitest";
import { openbsdProtocols } from "../pf/names/protocols.ts";
import { answerPackets } from "./answer.ts";
import { createEvaluator } from "./evaluate.ts";
import { block, end, INTERFACES, matching, pass, pool, ruleset } from "./fixture.ts";

const MACHINE = { protocols: openbsdProtocols(), release: "7.7" } as const;

test("answers are told as pfctl and the cases write them", () => {
	const rules = [
		block(),
		matching({ direction: "out", tag: "OUT", nat: pool("203.0.113.10"), family: "inet" }),
		pass({ direction: "out" }),
		pass({ protocol: 6, os: "Linux", destination: end("any", "22") }),
	];
	const evaluator = createEvaluator(ruleset(rules, { skip: ["lo"] }), INTERFACES);
	const packets = [
		"out em0 tcp 10.0.0.9 1 198.51.100.7 80 S - em1",
		"in em0 tcp 198.51.100.7 1 203.0.113.10 22 S - -",
		"in lo0 udp ::1 1 ::1 2 - - -",
		"nonsense",
	];
	expect(answerPackets(evaluator, packets, MACHINE)).toEqual([
		{ verdict: "pass", rule: "pass out all flags S/SA", translated: "203.0.113.10 * 198.51.100.7 80", tag: "OUT", dependsOn: [] },
		{
			verdict: "block",
			rule: "block drop all",
			translated: "198.51.100.7 1 203.0.113.10 22",
			tag: "",
			dependsOn: ['os of: pass proto tcp from any os "Linux" to any port = 22 flags S/SA'],
		},
		{ verdict: "pass", rule: "(skip)", translated: "", tag: "", dependsOn: [] },
		{ verdict: "block", rule: "(unreadable)", translated: "", tag: "", dependsOn: [] },
	]);
	expect(answerPackets(createEvaluator(ruleset([]), INTERFACES), [packets[0] ?? ""], MACHINE)[0]?.rule).toBe("(default)");
});

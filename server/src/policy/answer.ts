/** The answers of the evaluation as text, for the command line and the conformance cases. */

import { type Printing, printRule } from "../pf/ruleset/print.ts";
import type { Evaluator, Outcome } from "./evaluate.ts";
import { formatEnds } from "./evaluate.ts";
import { parsePacket } from "./packet.ts";

export interface PacketAnswer {
	readonly verdict: "pass" | "block";
	/** The deciding rule as pfctl prints it; `(default)` where none matched, `(skip)` where pf does nothing, `(unreadable)` for no packet. */
	readonly rule: string;
	/** Source, source port (`*` where the kernel picks it), destination and destination port after translation. */
	readonly translated: string;
	/** The tag that the packet has then. */
	readonly tag: string;
	/** What the verdict depends on and is not known; empty where it is certain. */
	readonly dependsOn: readonly string[];
}

/** Evaluates packets that are written as `parsePacket` reads them. */
export function answerPackets(evaluator: Evaluator, packets: readonly string[], machine: Printing): PacketAnswer[] {
	return packets.map((line) => {
		const packet = parsePacket(line);
		if (packet === undefined) return { verdict: "block", rule: "(unreadable)", translated: "", tag: "", dependsOn: [] };
		const outcomes = evaluator.evaluate(packet);
		const [usual] = outcomes;
		return {
			verdict: usual.verdict,
			rule: ruleText(usual, machine),
			translated: usual.reason === "skip" ? "" : formatEnds(usual),
			tag: usual.packet.tag,
			dependsOn: dependencies(outcomes, machine),
		};
	});
}

function ruleText({ rule, reason }: Outcome, machine: Printing): string {
	if (reason === "skip") return "(skip)";
	return rule === undefined ? "(default)" : printRule(rule, machine);
}

/** What the outcomes suppose where they differ in their verdicts. */
function dependencies(outcomes: readonly Outcome[], machine: Printing): string[] {
	if (new Set(outcomes.map((outcome) => outcome.verdict)).size < 2) return [];
	const texts = outcomes.flatMap(({ conditions }) =>
		conditions.map(({ rule, criterion }) => `${criterion} of: ${printRule(rule, machine)}`),
	);
	return [...new Set(texts)];
}

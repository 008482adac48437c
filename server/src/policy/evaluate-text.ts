/** Packets against a ruleset as text, for tools that have no host model. */
import { type DryRunOptions, readText, systemOf } from "../pf/ruleset/dryrun.ts";
import { answerPackets, type PacketAnswer } from "./answer.ts";
import { createEvaluator } from "./evaluate.ts";

/** What every answer depends on where the ruleset is cut off. */
const LEFT_OUT = "rules that are left out, because they are too many";

/**
 * What pf does to each first packet of a connection.
 *
 * @param packets lines of ten words, as `parsePacket` reads them
 */
export function evaluate(text: string, packets: readonly string[], options: DryRunOptions = {}): PacketAnswer[] {
	const system = systemOf(options);
	const { ruleset } = readText(text, options, system);
	const answers = answerPackets(createEvaluator(ruleset, options.interfaces), packets, system);
	return ruleset.cutOff === true ? answers.map((answer) => ({ ...answer, dependsOn: [LEFT_OUT, ...answer.dependsOn] })) : answers;
}

/** What two versions of a ruleset do otherwise, in lines, for tests. */
import type { Ruleset } from "../pf/rules.ts";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { type TreatmentDifference, treatmentDifference, type Version } from "./difference.ts";
import { packetTexts } from "./difference-text.ts";
import { INTERFACES } from "./fixture.ts";

const system = systemOf({});

export function read(text: string): Ruleset {
	const { ruleset, complaints } = readRuleset({ fileName: "pf.conf", text, system });
	if (complaints.length > 0) throw new Error(`line ${complaints[0]?.line} is refused: ${text}`);
	return ruleset;
}

type Known = Version["interfaces"];

export function differenceOf(before: Ruleset, after: Ruleset, interfaces: Known = INTERFACES, later = interfaces): TreatmentDifference {
	return treatmentDifference({ ruleset: before, interfaces }, { ruleset: after, interfaces: later });
}

/** What became of which packets: `*` where several rules decided them, `?` where it depends on what is not known. */
export function told(before: string, after: string, ...interfaces: readonly Known[]): readonly string[] {
	const { changes, isWhole, settings, space } = differenceOf(read(before), read(after), ...interfaces);
	return [
		...(isWhole ? [] : ["not all"]),
		...changes.flatMap((change) => {
			const { before: was, after: is, isMergedBefore, isMergedAfter, depends } = change;
			const kind = `${was.text}${isMergedBefore ? "*" : ""} → ${is.text}${isMergedAfter ? "*" : ""}${depends.length > 0 ? "?" : ""}`;
			return packetTexts(change, space).map((text) => `${kind}: ${text}`);
		}),
		...settings.gone.map((line) => `- ${line}`),
		...settings.come.map((line) => `+ ${line}`),
	];
}

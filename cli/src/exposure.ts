/** `openbsd-vnet exposure`: what the outside may reach. */
import type { ExposureView, HostFolder } from "@openbsd-vnet/server";
import { exposureEnd, exposurePlaces, reachedTexts } from "@openbsd-vnet/server/features";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { hostFolder } from "./host-folder.ts";
import { jsonOf } from "./json.ts";
import { type Asked, asked, needsRules, noRules, placeOf } from "./questions.ts";
import { type Piece, plain, type Style } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

/** Runs the command. */
export async function runExposure(
	{ json, release, host: listed }: Asked,
	[folder, ...more]: readonly string[],
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	if (more.length > 0) throw new UsageError(tell("{0} takes one folder", "exposure"));
	const host = await hostFolder({ host: listed, folder });
	const { service, pf } = await asked(host, release);
	await needsRules(pf);
	const view = await service.exposure(pf);
	if (view === null) throw noRules(pf);
	stdout.write(json === true ? jsonOf("exposure", view) : inWords(host, view));
	return exitStatus.done;
}

type Reached = NonNullable<ExposureView["openings"][number]["reached"]>[number];

const ANSWERS: Readonly<Record<Reached["answer"], Style>> = { yes: "warning", depends: "hint", "one way": "hint", no: "faint" };

function inWords(host: HostFolder, view: ExposureView): readonly Piece[] {
	const pieces: Piece[] = exposurePlaces(view).flatMap((one): Piece[] => [{ text: plain(translated(one)), style: "faint" }, "\n"]);
	for (const opening of view.openings) {
		const { treatment, packets, others, example, rule, depends, location, reached } = opening;
		pieces.push("\n");
		for (const text of packets) pieces.push({ text: plain(text), style: "strong" }, "\n");
		if (others > 0) pieces.push({ text: tell("and {0} more", others), style: "faint" }, "\n");
		for (const [index, text] of reachedTexts(opening).map(translated).entries()) {
			const answer = reached?.[index]?.answer;
			pieces.push("    ", answer === undefined ? text : { text: plain(text), style: ANSWERS[answer] }, "\n");
		}
		pieces.push(`    ${plain(rule === "" ? treatment : rule)}`, { text: `  ${placeOf(host, location)}`, style: "faint" }, "\n");
		for (const one of depends) pieces.push(`    ${tell("depends on whether this rule matches: {0}", plain(one))}\n`);
		pieces.push({ text: `    ${tell("such as {0}", plain(example))}`, style: "faint" }, "\n");
	}
	return [...pieces, "\n", ...exposureEnd(view).map((line) => `${plain(translated(line))}\n`)];
}

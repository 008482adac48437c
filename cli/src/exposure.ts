/** `openbsd-vnet exposure`: what the outside may reach. */
import type { ExposureView, HostFolder } from "@openbsd-vnet/server";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { hostFolder } from "./host-folder.ts";
import { jsonOf } from "./json.ts";
import { type Asked, asked, needsRules, noRules, placeOf } from "./questions.ts";
import { type Piece, plain, type Style } from "./terminal.ts";
import { tell } from "./translations.ts";

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
	const pieces: Piece[] = placesText(view).flatMap((text): Piece[] => [{ text, style: "faint" }, "\n"]);
	for (const { treatment, packets, others, example, rule, depends, location, reached } of view.openings) {
		pieces.push("\n");
		for (const text of packets) pieces.push({ text: plain(text), style: "strong" }, "\n");
		if (others > 0) pieces.push({ text: tell("and {0} more", others), style: "faint" }, "\n");
		for (const one of reached ?? []) pieces.push("    ", { text: plain(reachedText(one)), style: ANSWERS[one.answer] }, "\n");
		if (reached === null || reached.length === 0) pieces.push(`    ${nobody(reached)}\n`);
		pieces.push(`    ${plain(rule === "" ? treatment : rule)}`, { text: `  ${placeOf(host, location)}`, style: "faint" }, "\n");
		for (const one of depends) pieces.push(`    ${tell("depends on whether this rule matches: {0}", plain(one))}\n`);
		pieces.push({ text: `    ${tell("such as {0}", plain(example))}`, style: "faint" }, "\n");
	}
	return [...pieces, "\n", ...lastLines(view).map((line) => `${plain(line)}\n`)];
}

/** Where pf first meets what comes from outside; nothing where the files show no way from there. */
export function placesText({ places, unfiltered }: ExposureView): readonly string[] {
	if (places.length > 0) return [tell("What comes from outside first meets pf here: {0}", places.map(plain).join(", "))];
	return unfiltered.length === 0 ? [] : [tell("pf meets no packet from outside.")];
}

/** Who is reached, and how. */
export function reachedText({ to, answer, services }: Reached): string {
	const what = services.join(", ");
	if (answer === "yes") return tell("gets to {0} by {1} at least", to, what);
	if (answer === "one way") return tell("gets to {0} by {1}, but the answer does not come back", to, what);
	return tell("may get to {0} by {1}", to, what);
}

/** Why nobody is named. */
export function nobody(reached: null | readonly unknown[]): string {
	return reached === null
		? tell("who is reached is not looked at: there is too much of it")
		: tell("gets neither to the host nor to a guest, with the services and sources that rules name");
}

/** What is past pf, and whether the list is whole. */
export function lastLines({ places, unfiltered, openings, isWhole }: ExposureView): readonly string[] {
	if (places.length + unfiltered.length === 0) return [tell("These files show no way from outside: what it may reach is not known.")];
	const past = unfiltered.length === 0 ? [] : [tell("pf does not filter what comes from outside to {0}.", unfiltered.join(", "))];
	if (!isWhole)
		return [...past, tell("Whether pf lets anything else in is not known: files are missing or refused, or there is too much to look at.")];
	return [...past, openings.length === 0 ? tell("pf lets nothing in from outside.") : tell("pf lets nothing else in from outside.")];
}

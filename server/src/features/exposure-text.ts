/** What the outside may reach, in words. */
import { hostPlace } from "../host/folder.ts";
import type { ExposureView, FileLocation } from "../protocol.ts";
import { type Block, markdown, type Table, type Words } from "../text/document.ts";
import { type Message, msg } from "../text/message.ts";

type Opening = ExposureView["openings"][number];

/** Where pf first meets what comes from outside; nothing where the files show no way from there. */
export function exposurePlaces({ places, unfiltered }: ExposureView): readonly Message[] {
	if (places.length > 0) return [msg("What comes from outside first meets pf here: {0}", places.join(", "))];
	return unfiltered.length === 0 ? [] : [msg("pf meets no packet from outside.")];
}

/** Who is reached, and how. */
export function reachedText({ to, answer, services }: NonNullable<Opening["reached"]>[number]): Message {
	const what = services.join(", ");
	if (answer === "yes") return msg("gets to {0} by {1} at least", to, what);
	if (answer === "one way") return msg("gets to {0} by {1}, but the answer does not come back", to, what);
	return msg("may get to {0} by {1}", to, what);
}

/** Who packets get to by an opening, or why nobody is named. */
export function reachedTexts({ reached }: Opening): readonly Message[] {
	if (reached === null) return [msg("who is reached is not looked at: there is too much of it")];
	if (reached.length === 0) return [msg("gets neither to the host nor to a guest, with the services and sources that rules name")];
	return reached.map(reachedText);
}

/** What is past pf, and whether the list is whole. */
export function exposureEnd({ places, unfiltered, openings, isWhole }: ExposureView): readonly Message[] {
	if (places.length + unfiltered.length === 0) return [msg("These files show no way from outside: what it may reach is not known.")];
	const past = unfiltered.length === 0 ? [] : [msg("pf does not filter what comes from outside to {0}.", unfiltered.join(", "))];
	if (!isWhole)
		return [...past, msg("Whether pf lets anything else in is not known: files are missing or refused, or there is too much to look at.")];
	return [...past, openings.length === 0 ? msg("pf lets nothing in from outside.") : msg("pf lets nothing else in from outside.")];
}

/**
 * Openings as a table.
 *
 * @param say a message in the reader's language
 * @param placeOf where the rule that decides stands
 */
export function exposureTable(
	{ openings }: ExposureView,
	say: (message: Message) => string,
	placeOf: (location: FileLocation) => Words,
): readonly Table[] {
	if (openings.length === 0) return [];
	const rows = openings.map((opening): readonly (readonly Words[])[] => {
		const { packets, others, rule, treatment, location, depends } = opening;
		return [
			[...packets.map((code) => ({ code })), ...(others > 0 ? [say(msg("and {0} more", others))] : [])],
			reachedTexts(opening).map(say),
			[
				{ code: rule === "" ? treatment : rule },
				...(location === null ? [] : [placeOf(location)]),
				...depends.map((one) => say(msg("depends on whether this rule matches: {0}", one))),
			],
		];
	});
	return [{ kind: "table", head: [msg("packets"), msg("to"), msg("decided by")].map(say), rows }];
}

/** A page in Markdown whose places lead to the files. */
export function exposurePage(view: ExposureView, host: string, say: (message: Message) => string): string {
	const paragraph = (message: Message): Block => ({ kind: "paragraph", text: say(message) });
	const placeOf = ({ uri, range: { start } }: FileLocation): Words => ({
		text: `${hostPlace(uri).path}:${start.line + 1}`,
		link: `${uri}#L${start.line + 1}`,
	});
	return markdown([
		{ kind: "heading", level: 1, text: say(msg("What the outside may reach on {0}", host)) },
		...exposurePlaces(view).map(paragraph),
		...exposureTable(view, say, placeOf),
		...exposureEnd(view).map(paragraph),
	]);
}

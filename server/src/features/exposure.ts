/** What the outside may reach on the host of a file. */
import { endText } from "../policy/endpoints.ts";
import { searchExposure } from "../policy/exposure.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { ExposureView } from "../protocol.ts";
import { finished } from "../text/portions.ts";
import { changeViews } from "./packet-changes.ts";
import type { Session } from "./session.ts";

/** Undefined where the host has no rules. */
export function exposure(session: Session, file: SourceFile): ExposureView | undefined {
	return finished(searchedExposure(session, file));
}

/** The same in portions, between which others have their turn. */
export function* searchedExposure(session: Session, file: SourceFile): Generator<number, ExposureView | undefined, void> {
	const host = session.files.hostModel(file);
	if (host.pf === undefined) return undefined;
	const { places, openings, unfiltered, isWhole, space } = yield* searchExposure(host, host.pf.ruleset);
	const viewOf = changeViews(session, file, [host], space);
	return {
		places: places.map(({ direction, interface: name }) => `${direction} on ${name}`),
		openings: openings.map(({ change, reached }) => {
			const { after, packets, others, example, rule, depends, location } = viewOf(change);
			const ends = reached?.map(({ end, answer, services }) => ({ to: endText(end), answer, services }));
			return { treatment: after, packets, others, example, rule, depends, location, reached: ends ?? null };
		}),
		unfiltered: unfiltered.map(endText),
		isWhole: isWhole && host.pf.incomplete !== true,
	};
}

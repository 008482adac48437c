/** The releases of OpenBSD that are told apart, as data.ts has them. */
import { olderThan } from "../text/release.ts";
import type { Release } from "../text/vocabulary.ts";
import { releases } from "./data.ts";
import type { ReleaseChange, ReleaseData } from "./release-data.ts";

/** The oldest first. */
export const RELEASES: readonly ReleaseData[] = releases;

/** The newest release that is out: what files are read for where nothing says which release their host runs. */
export const newestRelease: Release = RELEASES.findLast(({ published }) => published !== undefined)?.name ?? releases[0].name;

/** The changes that code asks for, by name. */
export type ChangeName = (typeof releases)[number]["changes"][number]["name"];

/** What releases brought until one of them, in their order. A release that is newer than those known has all that the newest has. */
export function changesUntil(release: Release): readonly ReleaseChange[] {
	return RELEASES.filter(({ name }) => !olderThan(release, name))
		.flatMap(({ changes }) => changes)
		.filter(({ until }) => until === undefined || olderThan(release, until));
}

const names = new Map<Release, ReadonlySet<string>>();

/** Whether a release has a change. */
export function hasChange(release: Release, name: ChangeName): boolean {
	let known = names.get(release);
	if (known === undefined) {
		known = new Set(changesUntil(release).map((change) => change.name));
		names.set(release, known);
	}
	return known.has(name);
}

/** The release that brought a change. */
export function releaseOf(name: ChangeName): Release | undefined {
	return RELEASES.find(({ changes }) => changes.some((change) => change.name === name))?.name;
}

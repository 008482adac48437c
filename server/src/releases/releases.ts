/** The releases of OpenBSD that are told apart, each in a file of its own. */
import { olderThan } from "../text/release.ts";
import type { Release } from "../text/vocabulary.ts";
import { release74 } from "./7.4.ts";
import { release75 } from "./7.5.ts";
import { release76 } from "./7.6.ts";
import { release77 } from "./7.7.ts";
import { release78 } from "./7.8.ts";
import { release79 } from "./7.9.ts";
import { release80 } from "./8.0.ts";
import type { ReleaseChange, ReleaseData } from "./release-data.ts";

const known = [release74, release75, release76, release77, release78, release79, release80] as const;

/** The oldest first. */
export const RELEASES: readonly ReleaseData[] = known;

/** The newest release that is out: what files are read for where nothing says which release their host runs. */
export const newestRelease: Release = RELEASES.findLast(({ published }) => published !== undefined)?.name ?? release80.name;

/** The changes that code asks for, by name. */
export type ChangeName = (typeof known)[number]["changes"][number]["name"];

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

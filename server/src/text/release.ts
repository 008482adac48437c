/** Releases of OpenBSD in their order. */
import type { Release, VocabularyEntry } from "./vocabulary.ts";

/** The newest release that the languages follow. */
export const newestRelease: Release = "7.7";

/** Whether release `a` came before release `b`. */
export function olderThan(a: Release, b: Release): boolean {
	const [majorA = 0, minorA = 0] = a.split(".").map(Number);
	const [majorB = 0, minorB = 0] = b.split(".").map(Number);
	return majorA !== majorB ? majorA < majorB : minorA < minorB;
}

/** Whether a release has the word. */
export function isKnownTo(release: Release, { since, removed }: VocabularyEntry): boolean {
	return (since === undefined || !olderThan(release, since)) && (removed === undefined || olderThan(release, removed));
}

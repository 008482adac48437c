/** Releases of OpenBSD in their order. */
import type { Release, VocabularyEntry } from "./vocabulary.ts";

/** Whether a text names a release. */
export function isRelease(given: unknown): given is Release {
	return typeof given === "string" && /^\d+\.\d+$/.test(given);
}

/** Whether release `a` came before release `b`. */
export function olderThan(a: Release, b: Release): boolean {
	const [majorA = 0, minorA = 0] = a.split(".").map(Number);
	const [majorB = 0, minorB = 0] = b.split(".").map(Number);
	return majorA !== majorB ? majorA < majorB : minorA < minorB;
}

/** Whether a release has the word. */
export function isKnownTo(release: Release, { since, until }: Pick<VocabularyEntry, "since" | "until">): boolean {
	return (since === undefined || !olderThan(release, since)) && (until === undefined || olderThan(release, until));
}

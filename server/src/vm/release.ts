import type { Release } from "../text/vocabulary.ts";

/** The newest release whose vmd this room follows (usr.sbin/vmd/parse.y 1.71). */
export const newestRelease: Release = "7.7";

/** Whether release `a` came before release `b`. */
export function olderThan(a: Release, b: Release): boolean {
	const [majorA = 0, minorA = 0] = a.split(".").map(Number);
	const [majorB = 0, minorB = 0] = b.split(".").map(Number);
	return majorA !== majorB ? majorA < majorB : minorA < minorB;
}

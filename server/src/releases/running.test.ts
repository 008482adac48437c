import { expect, test } from "vitest";
import type { Release } from "../text/vocabulary.ts";
import { isBeyondKnown, newestKnownRelease, releaseAfter, releaseOfKernel } from "./running.ts";

test.each<readonly [release: string, version: string, expected: Release | undefined]>([
	["7.7", "OpenBSD 7.7 (GENERIC.MP) #625: Sun Apr 13 08:17:30 MDT 2025", "7.7"],
	["7.9", "OpenBSD 7.9-stable (GENERIC.MP) #1: Mon Jun  1 10:00:00 MDT 2026", "7.9"],
	["7.9", "OpenBSD 7.9-current (GENERIC.MP) #99: Mon Jun  1 10:00:00 MDT 2026", "8.0"],
	["7.8", "OpenBSD 7.8-current (GENERIC) #1: Mon Jun  1 10:00:00 MDT 2026", "7.9"],
	["7.9", "OpenBSD 7.9-beta (GENERIC) #1: Mon Apr  6 10:00:00 MDT 2026", "7.9"],
	["7.9", "sysctl: second level name version in kern.version is invalid", "7.9"],
	["8.4", "", "8.4"],
	["", "", undefined],
	["rolling", "", undefined],
])("uname -r %j with %j is %s", (release, version, expected) => {
	expect(releaseOfKernel(release, version)).toBe(expected);
});

test("what comes after the newest known release is unknown", () => {
	expect(isBeyondKnown(newestKnownRelease)).toBe(false);
	expect(isBeyondKnown(releaseAfter(newestKnownRelease))).toBe(true);
	expect(releaseAfter("7.9")).toBe("8.0");
});

import { expect, test } from "vitest";
import { olderThan } from "../text/release.ts";
import type { Release } from "../text/vocabulary.ts";
import { changesUntil, hasChange, newestRelease, RELEASES } from "./releases.ts";

test("releases stand in their order, and the newest is one of them", () => {
	for (const [i, { name }] of RELEASES.entries()) {
		const next = RELEASES[i + 1]?.name;
		if (next !== undefined) expect(olderThan(name, next)).toBe(true);
	}
	expect(RELEASES.map(({ name }) => name)).toContain(newestRelease);
});

test("a change has one name, and a day is one", () => {
	const names = RELEASES.flatMap(({ changes }) => changes.map(({ name }) => name));
	expect(new Set(names).size).toBe(names.length);
	for (const { published } of RELEASES) if (published !== undefined) expect(published).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
});

test.each<readonly [Release, boolean]>([
	["6.5", false],
	["7.7", false],
	["7.8", true],
	["7.9", true],
	["9.9", true],
])("limits of %s take effect at their line: %s", (release, has) => {
	expect(hasChange(release, "pf/limits-at-their-line")).toBe(has);
	expect(changesUntil(release).some(({ name }) => name === "pf/limits-at-their-line")).toBe(has);
});

import { describe, expect, test } from "vitest";
import { isKnownTo, olderThan } from "./release.ts";
import type { Release, VocabularyEntry } from "./vocabulary.ts";

test.each<readonly [Release, Release, boolean]>([
	["7.6", "7.7", true],
	["7.7", "7.7", false],
	["7.8", "7.7", false],
	["6.9", "7.0", true],
	["7.0", "6.9", false],
	["6.9", "6.10", true],
	["7.9", "8.0", true],
])("%s is older than %s: %s", (a, b, older) => expect(olderThan(a, b)).toBe(older));

describe("a word is known", () => {
	const entry = (more: Partial<VocabularyEntry>): VocabularyEntry => ({
		name: "w",
		group: "g",
		summary: "W.",
		args: [],
		manual: "m",
		...more,
	});
	test.each<readonly [Partial<VocabularyEntry>, Release, boolean]>([
		[{}, "6.0", true],
		[{ since: "7.2" }, "7.1", false],
		[{ since: "7.2" }, "7.2", true],
		[{ since: "7.2" }, "7.3", true],
		[{ until: "7.2" }, "7.1", true],
		[{ until: "7.2" }, "7.2", false],
		[{ since: "7.2", until: "7.4" }, "7.3", true],
		[{ since: "7.2", until: "7.4" }, "7.4", false],
	])("with %j to %s: %s", (more, release, known) => expect(isKnownTo(release, entry(more))).toBe(known));
});

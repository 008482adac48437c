import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { releaseWords, type WordsOfReleases } from "../../server/src/features/release-words.ts";
import { root } from "./textmate.ts";

test("docs/releases.md is what the data say (else: npx tsc -b && node scripts/releases-docs.mjs)", async () => {
	const { releasesPage }: { releasesPage: (releases: readonly WordsOfReleases[]) => string } = await import(
		new URL("scripts/lib/releases-page.mjs", root).href
	);
	expect(readFileSync(new URL("docs/releases.md", root), "utf8")).toBe(releasesPage(releaseWords()));
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { languageOf } from "./hosts.ts";
import { complaints } from "./programs.ts";
import { root } from "./textmate.ts";

function page(path: string): string {
	return readFileSync(new URL(path, root), "utf8");
}

/** The files in docs/patterns.md: blocks of code whose first line names them. */
const files = [...page("docs/patterns.md").matchAll(/^```\w+\n(# (\/etc\/\S+).*\n[\s\S]*?)^```$/gm)].map(
	([, text = "", path = ""], index) => ({ path, text, name: `${path} (${index + 1})` }),
);

test("the patterns are shown as files", () => {
	expect(files.length).toBeGreaterThan(15);
	expect(files.filter(({ path }) => languageOf(path) === undefined)).toEqual([]);
});

describe("OpenBSD takes what docs/patterns.md shows", () => {
	const checked = files.filter(({ path }) => complaints[languageOf(path) ?? "openbsd-pf"] !== undefined);
	test.each(checked)("$name", ({ path, text }) => {
		// Where one file loads another, that one is shown elsewhere.
		expect(complaints[languageOf(path) ?? "openbsd-pf"]?.(path, text, () => "")).toEqual([]);
	});
});

test("the Chinese page shows the same files, in the same places", () => {
	// What is left when the sentences are taken away: code, headings by their level, rows of tables, words of files.
	const skeleton = (text: string) =>
		text
			.split(/^(```\w+\n[\s\S]*?^```)$/m)
			.flatMap((part) => (part.startsWith("```") ? [part] : part.split("\n").map((line) => /^(#+|\||\*|\d\.|)/.exec(line)?.[0])));
	expect(skeleton(page("docs/patterns.zh-cn.md"))).toEqual(skeleton(page("docs/patterns.md")));
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { languageOf } from "./hosts.ts";
import { complaints } from "./programs.ts";
import { root } from "./textmate.ts";

/** The files in docs/patterns.md: blocks of code whose first line names them. */
const files = [...readFileSync(new URL("docs/patterns.md", root), "utf8").matchAll(/^```\w+\n(# (\/etc\/\S+).*\n[\s\S]*?)^```$/gm)].map(
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

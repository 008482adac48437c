import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { collect } from "../unit/l10n.ts";
import { root } from "../unit/textmate.ts";

function table(path: string): Record<string, string> {
	return JSON.parse(readFileSync(new URL(path, root), "utf8"));
}

const chinese = table("l10n/bundle.l10n.zh-cn.json");
const { texts } = await collect(root);

test("every text has its Chinese: docs/localisation.md says what to do", () => {
	const missing = [...texts].filter(([text]) => !(text in chinese));
	expect(Object.fromEntries(missing), "add these to l10n/bundle.l10n.zh-cn.json").toEqual({});
});

test("no Chinese is kept of a text that is gone", () => {
	expect(Object.keys(chinese).filter((text) => !texts.has(text))).toEqual([]);
});

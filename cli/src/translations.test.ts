import { expect, test } from "vitest";
import { translationsFor } from "./translations.ts";

test.each([
	["zh-CN", true],
	["zh-cn", true],
	["zh_CN.UTF-8", true],
	["zh-Hans-SG", true],
	["zh", true],
	["zh-TW", false],
	["zh_HK.UTF-8", false],
	["zh-Hant", false],
	["en-GB", false],
	["C.UTF-8", false],
	["", false],
	[undefined, false],
] as const)("texts for %s", (locale, chinese) => {
	expect(translationsFor(locale)?.Anchors).toBe(chinese ? "锚点" : undefined);
});

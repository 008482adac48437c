import { expect, test } from "vitest";
import { msg, render } from "./message.ts";

test("a message is rendered with its arguments, in the reader's language where there is a translation", () => {
	const message = msg("macro '{0}' not defined", "wan");
	expect(render(message)).toBe("macro 'wan' not defined");
	expect(render(message, { "macro '{0}' not defined": "宏“{0}”未定义" })).toBe("宏“wan”未定义");
	expect(render(message, { other: "x" })).toBe("macro 'wan' not defined");
});

test("a mark without an argument stays as it is, and arguments are not read as templates", () => {
	expect(render(msg("{0} and {1}", "{1}"))).toBe("{1} and {1}");
});

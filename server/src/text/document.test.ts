import { expect, test } from "vitest";
import { markdown } from "./document.ts";

test("words of files do nothing in Markdown: neither a link, nor a line, nor a column of a table", () => {
	expect(
		markdown([
			{ kind: "heading", level: 2, text: "a # [b](c)" },
			{ kind: "paragraph", text: "<b>\n- one" },
			{
				kind: "table",
				head: ["x|y", ""],
				rows: [[[{ code: "a`|\nb" }, "c"], [{ text: "d]", link: "file:///a>b c" }]]],
			},
			{ kind: "picture", svg: "<svg/>", title: "none" },
		]),
	).toBe("## a \\# \\[b\\]\\(c\\)\n\n\\<b\\> \\- one\n\n| x\\|y |  |\n|---|---|\n| `a'\\| b`<br>c | [d\\]](<file:///a%3Eb%20c>) |\n");
});

test("words are shown as the caller shows them", () => {
	expect(markdown([{ kind: "paragraph", text: "a" }], (words) => `${words}!`)).toBe("a\\!\n");
});

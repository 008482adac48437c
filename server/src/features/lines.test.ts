import { expect, test } from "vitest";
import { Lines } from "./lines.ts";

test.each([
	["a\nbc\n", [0, 2, 5], ["a", "bc", ""]],
	["a\r\nbc", [0, 3], ["a", "bc"]],
	["a\rbc", [0, 2], ["a", "bc"]],
	["", [0], [""]],
])("%j has its lines where the protocol has them", (text, starts, texts) => {
	const lines = new Lines(text);
	expect(lines.count).toBe(starts.length);
	expect(starts.map((_, line) => lines.startOf(line))).toEqual(starts);
	expect(texts.map((_, line) => lines.lineText(line))).toEqual(texts);
	for (const [line, start] of starts.entries()) expect(lines.position(start)).toEqual({ line, character: 0 });
	expect(lines.offset({ line: 0, character: 99 })).toBe(lines.endOf(0));
	expect(lines.startOf(99)).toBe(text.length);
});

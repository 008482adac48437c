import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineEdits, unifiedDiff } from "./line-diff.ts";

function applied(before: string, after: string): string {
	let text = before;
	for (const { span, text: added } of lineEdits(before, after).toReversed())
		text = text.slice(0, span.start) + added + text.slice(span.end);
	return text;
}

const texts = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "d"), { maxLength: 12 }).map((lines) => lines.join(""));

describe("the difference of two texts", () => {
	it("turns the one into the other", () => {
		fc.assert(fc.property(texts, texts, (before, after) => applied(before, after) === after));
	});

	it("is none for the same text, and touches no more lines than it has to", () => {
		expect(lineEdits("a\nb\n", "a\nb\n")).toEqual([]);
		expect(lineEdits("a\nb\nc\nd\n", "a\nx\nb\nc\ny\nd\n")).toEqual([
			{ span: { start: 2, end: 2 }, text: "x\n" },
			{ span: { start: 6, end: 6 }, text: "y\n" },
		]);
	});

	it("is the whole text where nearly nothing is the same, however long it is", () => {
		const before = "a\n".repeat(3_000);
		const after = `${"b\n".repeat(2_999)}b`;
		expect(lineEdits(before, after)).toEqual([{ span: { start: 0, end: before.length }, text: after }]);
		const printed = unifiedDiff(before, after);
		expect(printed.slice(0, 34)).toBe("@@ -1,3000 +1,3000 @@\n-a\n-a\n-a\n-a\n");
		expect(printed.slice(-40)).toBe("+b\n+b\n+b\n+b\n\\ No newline at end of file\n");
	});

	it.each([
		["", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"],
		["1\n2\n3\n4\n5\n", "1\n2\n3\n4\nx\n5\n", "@@ -2,4 +2,5 @@\n 2\n 3\n 4\n+x\n 5\n"],
		["a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n"],
		["a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"],
		["a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n"],
		["a\n", "a\n", ""],
	])("as diff -u prints it: %j to %j", (before, after, expected) => {
		expect(unifiedDiff(before, after)).toBe(expected);
	});
});

import fc from "fast-check";
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

test("lines after edits are those of the text counted afresh", () => {
	const text = fc.array(fc.constantFrom("a", "bc", "\n", "\r\n", "\n\n", "\r"), { maxLength: 12 }).map((parts) => parts.join(""));
	const edits = fc.array(fc.record({ at: fc.nat(), length: fc.nat(4), text }), { maxLength: 4 });
	fc.assert(
		fc.property(text, edits, (from, all) => {
			let lines = new Lines(from);
			for (const edit of all) {
				const known = lines;
				const start = lines.offset(lines.position(edit.at % (lines.text.length + 1)));
				const end = lines.offset(lines.position(Math.min(start + edit.length, lines.text.length)));
				lines = known.edited([{ span: { start, end: Math.max(start, end) }, text: edit.text }]);
				const fresh = new Lines(known.text.slice(0, start) + edit.text + known.text.slice(Math.max(start, end)));
				expect(lines.text).toBe(fresh.text);
				expect(lines.count).toBe(fresh.count);
				for (let offset = 0; offset <= fresh.text.length; offset++) expect(lines.position(offset)).toEqual(fresh.position(offset));
				expect(known.count).toBe(new Lines(known.text).count);
			}
		}),
	);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { EditedText } from "./edited-text.ts";

test("edits one after the other give the text and the slices that plain strings give", () => {
	const change = fc.tuple(fc.nat(), fc.nat({ max: 9 }), fc.string({ maxLength: 6 }));
	fc.assert(
		fc.property(fc.string({ maxLength: 40 }), fc.array(change, { maxLength: 8 }), fc.nat(), fc.nat(), (text, changes, a, b) => {
			let plain = text;
			let edited = EditedText.of(text);
			for (const [at, length, inserted] of changes) {
				const start = at % (plain.length + 2);
				edited = edited.edited({ span: { start, end: start + length }, text: inserted });
				plain = plain.slice(0, start) + inserted + plain.slice(Math.max(start, start + length));
				const [from = 0, to = 0] = [a % (plain.length + 1), b % (plain.length + 1)].sort((x, y) => x - y);
				expect(edited.length).toBe(plain.length);
				expect(edited.slice(from, to)).toBe(plain.slice(from, to));
				expect(edited.slice(from)).toBe(plain.slice(from));
			}
			expect(edited.toString()).toBe(plain);
		}),
	);
});

test("edits far apart do not keep all between them apart from the text", () => {
	let edited = EditedText.of("x".repeat(300_000));
	edited = edited.edited({ span: { start: 0, end: 1 }, text: "a" });
	edited = edited.edited({ span: { start: 299_999, end: 300_000 }, text: "b" });
	expect(edited.toString()).toBe(`a${"x".repeat(299_998)}b`);
});

import { expect, test } from "vitest";
import { contains, overlaps, shifted, span } from "./span.ts";

test.each([
	[1, false],
	[2, true],
	[4, true],
	[5, true],
	[6, false],
])("the span from 2 to 5 contains %i: %s", (offset, contained) => expect(contains(span(2, 5), offset)).toBe(contained));

test.each([
	[0, 2, false],
	[0, 3, true],
	[3, 4, true],
	[4, 9, true],
	[5, 9, false],
	[0, 9, true],
])("the span from 2 to 5 overlaps that from %i to %i: %s", (start, end, overlapping) => {
	expect(overlaps(span(2, 5), span(start, end))).toBe(overlapping);
	expect(overlaps(span(start, end), span(2, 5))).toBe(overlapping);
});

test("a span that is not moved stays the same value", () => {
	const own = span(2, 5);
	expect(shifted(own, 0)).toBe(own);
	expect(shifted(own, 7)).toEqual({ start: 9, end: 12 });
});

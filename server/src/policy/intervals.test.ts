import fc from "fast-check";
import { expect, test } from "vitest";
import { difference, holds, type Intervals, intersection, overlap, unionOf, where } from "./intervals.ts";

const LIMIT = 40;
const set = fc
	.array(fc.tuple(fc.integer({ min: 0, max: LIMIT }), fc.integer({ min: 0, max: 5 })), { maxLength: 6 })
	.map((pairs) => unionOf(pairs.map(([low, length]) => [low, Math.min(low + length, LIMIT)])));

/** The members, and that the form is canonical. */
function members(intervals: Intervals): number[] {
	for (let i = 0; i < intervals.length; i++) {
		const previous = intervals[i - 1] ?? -2;
		const gap = i % 2 === 0 ? 1 : 0;
		expect(intervals[i]).toBeGreaterThanOrEqual(previous + gap);
	}
	return Array.from({ length: LIMIT + 1 }, (_, value) => value).filter((value) => holds(intervals, value));
}

test("the union of any intervals has what each of them has, and no more", () => {
	const pair = fc
		.tuple(fc.integer({ min: 0, max: LIMIT }), fc.integer({ min: 0, max: 9 }))
		.map(([low, length]) => [low, Math.min(low + length, LIMIT)] as const);
	fc.assert(
		fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
			const inPairs = Array.from({ length: LIMIT + 1 }, (_, value) => value).filter((value) =>
				pairs.some(([low, high]) => low <= value && value <= high),
			);
			expect(members(unionOf(pairs))).toEqual(inPairs);
		}),
	);
});

test.each<readonly [x: Intervals, y: Intervals, isCommon: boolean]>([
	[[1, 2], [3, 4], false],
	[[1, 3], [3, 4], true],
	[[3, 4], [1, 2], false],
	[[3, 4], [1, 3], true],
	[[], [1, 2], false],
	[[0, 0, 9, 9], [1, 8], false],
	[[0, 0, 9, 9], [1, 9], true],
])("whether %j and %j have a number in common: %s", (x, y, isCommon) => expect(overlap(x, y)).toBe(isCommon));

// Sets of classes are kept by who they are, and are made millions of times.
test("what is common is one of two sets itself, where one interval has all of the other", () => {
	const parts = [2, 3, 6, 8];
	expect(intersection(parts, parts)).toBe(parts);
	for (const wide of [
		[0, 9],
		[2, 8],
	]) {
		expect(intersection(parts, wide)).toBe(parts);
		expect(intersection(wide, parts)).toBe(parts);
	}
	for (const narrow of [
		[3, 8],
		[2, 7],
	])
		expect(intersection(parts, narrow)).toEqual(difference(parts, narrow[0] === 3 ? [2, 2] : [8, 8]));
	expect(intersection([0, 9], [])).toEqual([]);
	expect(intersection([], [0, 9])).toEqual([]);
});

test("neighbours become one interval", () => {
	expect(
		unionOf([
			[3, 4],
			[1, 2],
		]),
	).toEqual([1, 4]);
	expect(
		unionOf([
			[4, 5],
			[1, 2],
		]),
	).toEqual([1, 2, 4, 5]);
});

test("sets of intervals behave as sets of numbers", () => {
	fc.assert(
		fc.property(set, set, (x, y) => {
			const [inX, inY] = [new Set(members(x)), new Set(members(y))];
			expect(members(intersection(x, y))).toEqual([...inX].filter((value) => inY.has(value)));
			expect(members(difference(x, y))).toEqual([...inX].filter((value) => !inY.has(value)));
			expect(overlap(x, y)).toBe([...inX].some((value) => inY.has(value)));
			expect(members(where(0, LIMIT, (value) => inX.has(value)))).toEqual([...inX]);
		}),
	);
});

/**
 * Sets of integers as ascending, disjoint, closed intervals: `[low, high, low, high, ...]`. The empty list is the
 * empty set. All functions return new lists or one of their arguments.
 */
export type Intervals = readonly number[];

export const EMPTY: Intervals = [];

export function single(value: number): Intervals {
	return [value, value];
}

export function overlap(x: Intervals, y: Intervals): boolean {
	if (x.length === 2 && y.length === 2) return at(x, 0) <= at(y, 1) && at(y, 0) <= at(x, 1);
	for (let i = 0, j = 0; i < x.length && j < y.length; ) {
		const [xLow, xHigh, yLow, yHigh] = [at(x, i), at(x, i + 1), at(y, j), at(y, j + 1)];
		if (xHigh < yLow) i += 2;
		else if (yHigh < xLow) j += 2;
		else return true;
	}
	return false;
}

export function holds(set: Intervals, value: number): boolean {
	for (let i = 0; i < set.length; i += 2) if (at(set, i) <= value && value <= at(set, i + 1)) return true;
	return false;
}

export function intersection(x: Intervals, y: Intervals): Intervals {
	// Most sets are what is asked for already, or within the one interval that is: nothing is made of those.
	if (x === y || covers(y, x)) return x;
	if (covers(x, y)) return y;
	const result: number[] = [];
	for (let i = 0, j = 0; i < x.length && j < y.length; ) {
		const low = Math.max(at(x, i), at(y, j));
		const high = Math.min(at(x, i + 1), at(y, j + 1));
		if (low <= high) result.push(low, high);
		if (at(x, i + 1) < at(y, j + 1)) i += 2;
		else j += 2;
	}
	return result;
}

/** Whether the first interval of one set has all of another, neither of them empty. */
function covers(one: Intervals, set: Intervals): boolean {
	return at(one, 0) <= at(set, 0) && at(set, set.length - 1) <= at(one, 1);
}

/** What is in `x` and not in `y`. */
export function difference(x: Intervals, y: Intervals): Intervals {
	const result: number[] = [];
	let j = 0;
	for (let i = 0; i < x.length; i += 2) {
		let low = at(x, i);
		const high = at(x, i + 1);
		while (j < y.length && at(y, j + 1) < low) j += 2;
		for (let k = j; k < y.length && at(y, k) <= high; k += 2) {
			if (at(y, k) > low) result.push(low, at(y, k) - 1);
			low = at(y, k + 1) + 1;
		}
		if (low <= high) result.push(low, high);
	}
	return result;
}

/** The set of any intervals, in any order, overlapping or not. */
export function unionOf(intervals: readonly (readonly [number, number])[]): Intervals {
	const result: number[] = [];
	for (const [low, high] of [...intervals].sort((x, y) => x[0] - y[0])) {
		const last = result.length - 1;
		// Nothing is below what an empty list does not have.
		if (low <= at(result, last) + 1) result[last] = Math.max(at(result, last), high);
		else result.push(low, high);
	}
	return result;
}

/** The intervals of a set one by one. */
export function pairsOf(set: Intervals): readonly (readonly [low: number, high: number])[] {
	return Array.from({ length: set.length / 2 }, (_, index) => [at(set, 2 * index), at(set, 2 * index + 1)] as const);
}

/** The values from `low` to `high` that the predicate accepts. */
export function where(low: number, high: number, accepts: (value: number) => boolean): Intervals {
	const result: number[] = [];
	let start: number | undefined;
	for (let value = low; value <= high; value++) {
		if (accepts(value)) start ??= value;
		else if (start !== undefined) {
			result.push(start, value - 1);
			start = undefined;
		}
	}
	if (start !== undefined) result.push(start, high);
	return result;
}

/** That of an index which the list has: with a value for the others each number would be an object of its own. */
function at(set: Intervals, index: number): number {
	return set[index] as number;
}

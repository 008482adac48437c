/** So many values are remembered: most of a file are like one of the last few. */
const REMEMBERED = 8;

/**
 * Remembers the values that it was given last: of one that is the same as one of those, that one is answered. So a large file
 * has few values in place of very many that are alike.
 */
export function recent<T>(same: (a: T, b: T) => boolean): (value: T) => T {
	const remembered: T[] = [];
	let turn = 0;
	return (value) => {
		for (let i = 0; i < remembered.length; i++) {
			const known = remembered[i] as T;
			if (same(known, value)) return known;
		}
		remembered[turn++ % REMEMBERED] = value;
		return value;
	};
}

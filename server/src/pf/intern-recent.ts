/** So many values are remembered: most of a file are like one of the last few. */
const REMEMBERED = 8;

/**
 * Returns an equal value made recently instead of a new one. A large file then has few values in place of very many that are
 * alike, and most are never made.
 */
export function internRecent<S, T>(same: (known: T, source: S) => boolean, make: (source: S) => T): (source: S) => T {
	const remembered: T[] = [];
	let turn = 0;
	return (source) => {
		for (let i = 0; i < remembered.length; i++) {
			const known = remembered[i] as T;
			if (same(known, source)) return known;
		}
		const value = make(source);
		remembered[turn++ % REMEMBERED] = value;
		return value;
	};
}

/** Which part of the tests that take long is run, for tests: scripts/lib/share.mjs says how. */
import { shareOf } from "../scripts/lib/share.mjs";

export { nightly, runs, seed, shareOf } from "../scripts/lib/share.mjs";

/**
 * Lets the tests of a file take turns: of those that are defined by what is returned, one in so many is run each day; all at night.
 * @param define test()
 * @param parts
 */
export function inTurns<Rest extends readonly unknown[]>(
	define: (name: string, ...rest: Rest) => void,
	parts: number,
): (name: string, ...rest: Rest) => void {
	const days = Array.from({ length: parts }, (_, day) => day);
	const today = new Set(shareOf(days, parts));
	let count = 0;
	return (name, ...rest) => {
		if (today.has(count++ % parts)) define(name, ...rest);
	};
}

// Which part of the tests that take long is run: everything at night, else a share that is another one each day.

/** Whether everything is run (`npm run test:nightly`). */
export const nightly = process.env.OPENBSD_VNET_NIGHTLY === "1";

/** What chooses the share and seeds generators: OPENBSD_VNET_SEED, or the number of the day. */
export const seed = Number(process.env.OPENBSD_VNET_SEED ?? Math.floor(Date.now() / 86_400_000));

/**
 * One of each so many cases; all at night. In so many days each has had its turn.
 * @template T
 * @param {readonly T[]} all
 * @param {number} parts
 * @param {number} [day] what chooses, where a share is taken of what has its turn every other day
 */
export function shareOf(all, parts, day = seed) {
	return nightly ? all : all.filter((_, index) => index % parts === day % parts);
}

/**
 * How many runs a property gets of those that it has at night.
 * @param {number} all
 * @param {number} parts
 */
export function runs(all, parts) {
	return nightly ? all : Math.ceil(all / parts);
}

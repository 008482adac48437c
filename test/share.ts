/** Which part of the tests that take long is run, for tests: scripts/lib/share.mjs says how. */
export { nightly, runs, seed, shareOf } from "../scripts/lib/share.mjs";

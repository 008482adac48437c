/** What the host's own programs make of a hostname file: netstart(8), and ifconfig(8) under it. */
export { type CheckOptions, type CheckResult, check } from "./check.ts";
export { dryRun } from "./netstart.ts";

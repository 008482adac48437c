/** What the host's own programs make of files that are in none of the languages: sysctl(8), as rc(8) runs it. */
export { dryRun, type SysctlResult } from "./sysctl.ts";

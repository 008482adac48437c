/** at(1), atq(1) and atrm(1): jobs lie in a folder, and run when a test says that their time has come. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { SimulatedHost } from "./install.ts";

const folder = "var/cron/atjobs";

/** Scripts by their names, for the host's bin/ (usr.bin/at/at.c: what it says goes to its standard error). */
export function jobPrograms(root: string): Readonly<Record<string, string>> {
	const jobs = join(root, folder);
	return {
		at: `#!/bin/sh
[ "$1 $2 $4" = 'now + minute' ] || { echo 'at: garbled time' >&2; exit 1; }
mkdir -p '${jobs}' || exit 1
number=17960163$(ls '${jobs}' | wc -l | tr -d ' ')$$.c
cat >'${jobs}'/$number || exit 1
[ -s '${jobs}'/$number ] || { rm -f '${jobs}'/$number; echo 'at: unexpected EOF' >&2; exit 1; }
{ echo 'commands will be executed using /bin/ksh'; echo "job $number at Mon Nov 30 05:25:00 2026"; } >&2
`,
		atq: `#!/bin/sh
ls '${jobs}' 2>/dev/null | awk 'NR == 1 { print " Rank     Execution Date     Owner          Job        Queue" } { print "  " NR "st   Nov 30, 2026 05:25   root       " $1 "   c" }'
`,
		atrm: `#!/bin/sh
for each; do rm -f '${jobs}'/"$each"; done
`,
	};
}

/** Runs the jobs that there are, as cron(8) does when their time has come; those that they make wait for the next time. */
export async function runJobs(host: SimulatedHost): Promise<void> {
	const at = join(host.root, folder);
	for (const name of existsSync(at) ? readdirSync(at) : []) {
		const text = readFileSync(join(at, name), "utf8");
		rmSync(join(at, name));
		await host.run(`OPENBSD_HOST_UID=0; export OPENBSD_HOST_UID; ${text}`);
	}
}

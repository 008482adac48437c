// Where tests write what goes when they end.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of Linux that is in memory. */
const memory = "/dev/shm";

/** What all tests that go on at once may write, in bytes. */
const ROOM = 2 * 1024 ** 3;

/**
 * The folder for temporary files: in memory, where there is room for them and nobody has chosen another by TMPDIR. Simulated
 * hosts are made and removed by the hundred, and see to it that what they write is on the disk: a disk makes them wait for it, and
 * ext4 looks long for a new file's place where many have just gone.
 */
export function temporaryFolder() {
	if (process.env.TMPDIR !== undefined || !existsSync(memory)) return tmpdir();
	const { bavail, bsize } = statfsSync(memory);
	return bavail * bsize >= ROOM && canRunFiles(memory) ? memory : tmpdir();
}

/** Whether what lies in a folder may be run. @param {string} folder */
function canRunFiles(folder) {
	try {
		const own = mkdtempSync(join(folder, "openbsd-vnet-"));
		try {
			const program = join(own, "program");
			writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
			return spawnSync(program).status === 0;
		} finally {
			rmSync(own, { recursive: true });
		}
	} catch {
		return false;
	}
}

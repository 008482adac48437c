// Where tests write what goes when they end.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
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

/** How long a run may go on at most, in milliseconds. */
const LONGEST = 86_400_000;

/**
 * A new folder of one run, which removes it when it ends. What runs have left that were cut off goes now.
 * @param {string} name what runs, in small letters
 */
export function runFolder(name) {
	const parent = temporaryFolder();
	for (const each of readdirSync(parent)) {
		const owner = /^openbsd-vnet-[a-z]+-(\d+)-\w{6}$/.exec(each)?.[1];
		if (owner !== undefined && !isRunning(Number(owner))) removeOld(join(parent, each));
	}
	return mkdtempSync(join(parent, `openbsd-vnet-${name}-${process.pid}-`));
}

/** @param {number} pid */
function isRunning(pid) {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return !(error instanceof Error && "code" in error && error.code === "ESRCH");
	}
}

/** Removes a folder that is older than any run: its owner may run in a container, where we do not see it. @param {string} folder */
function removeOld(folder) {
	try {
		if (Date.now() - statSync(folder).mtimeMs > LONGEST) rmSync(folder, { recursive: true, force: true });
	} catch {
		// It is another user's, or another run was faster.
	}
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

/** The processes of this machine that belong to a test, as Linux tells of them. */
import { readdirSync, readFileSync } from "node:fs";

export interface Process {
	readonly pid: number;
	readonly parent: number;
	/** Its words, each followed by a NUL. */
	readonly command: string;
	/** Its environment, in the same way. */
	readonly environment: string;
}

/** All processes that are there now and that this user may look at. */
export function listProcesses(): readonly Process[] {
	const found: Process[] = [];
	for (const name of readdirSync("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const read = (file: string) => readFileSync(`/proc/${name}/${file}`, "latin1");
			const command = read("cmdline");
			// A thread of the kernel has none.
			if (command === "") continue;
			// PID (NAME) STATE PARENT ...
			const parent = /^.*\) \S (\d+)/s.exec(read("stat"))?.[1];
			found.push({ pid: Number(name), parent: Number(parent), command, environment: read("environ") });
		} catch {
			// It has ended, or is not ours to look at.
		}
	}
	return found;
}

/** Between two looks, in milliseconds: one takes as long as a command on a host. */
const PAUSE = 100;

let scan: { readonly at: number; readonly found: Promise<readonly Process[]> } | undefined;

/**
 * The processes at a moment after the call. Whoever asks while others wait gets what they get: many tests that wait at once
 * look once.
 */
export function nextProcesses(): Promise<readonly Process[]> {
	const now = performance.now();
	if (scan !== undefined && scan.at > now) return scan.found;
	const at = now + PAUSE;
	scan = { at, found: new Promise((resolve) => setTimeout(() => resolve(listProcesses()), PAUSE)) };
	return scan.found;
}

/** Those in the environment of a simulated host. */
export function processesOf(root: string, all: readonly Process[] = listProcesses()): readonly Process[] {
	return all.filter(({ environment }) => environment.includes(`PATH=${root}/bin:`) || environment.includes(`:${root}/bin:`));
}

/** Kills a process; or a group, by its leader's negative number. */
export function killIfThere(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch {
		// It has ended.
	}
}

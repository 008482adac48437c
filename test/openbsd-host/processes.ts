/** The processes of this machine that belong to a test, as Linux tells of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

export interface Process {
	readonly pid: number;
	readonly parent: number;
	/** Its words, each followed by a NUL. */
	readonly command: string;
	/** Its environment, in the same way. */
	readonly environment: string;
}

/** When a process started, in ticks since the machine did, and its parent, by what stat(5) of proc says: PID (NAME) STATE PARENT ... */
function birthOf(name: string): { readonly parent: number; readonly started: number } {
	const fields = readFileSync(`/proc/${name}/stat`, "latin1")
		.replace(/^.*\) /s, "")
		.split(" ");
	return { parent: Number(fields[1]), started: Number(fields[19]) };
}

/** What is older than we are is none of ours, and not looked at. */
const eldest = existsSync("/proc/self/stat") ? birthOf("self").started : 0;

/** Those of the last look, by their numbers. An environment takes longest to read, and is as it was until another command is run. */
let known = new Map<string, Process & { readonly started: number }>();

/** The processes that have begun since this one did, that are there now, and that this user may look at. */
export function listProcesses(): readonly Process[] {
	const found: typeof known = new Map();
	for (const name of readdirSync("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const { parent, started } = birthOf(name);
			if (started < eldest) continue;
			const read = (file: string) => readFileSync(`/proc/${name}/${file}`, "latin1");
			const command = read("cmdline");
			// A thread of the kernel has none.
			if (command === "") continue;
			const before = known.get(name);
			// Of a program that just begins there is none yet.
			const isKnown = before?.started === started && before.command === command && before.environment !== "";
			found.set(name, { pid: Number(name), parent, started, command, environment: isKnown ? before.environment : read("environ") });
		} catch {
			// It has ended, or is not ours to look at.
		}
	}
	known = found;
	return [...found.values()];
}

/** Between two looks, in milliseconds: one takes as long as a command on a host. */
const PAUSE = 250;

let scan: { readonly at: number; readonly found: Promise<readonly Process[]> } | undefined;

/**
 * The processes at a moment after the call. Whoever asks while others wait gets what they get: many tests that wait at once
 * look once.
 */
export function nextProcesses(): Promise<readonly Process[]> {
	const now = performance.now();
	if (scan !== undefined && scan.at > now) return scan.found;
	const at = now + PAUSE;
	scan = { at, found: setTimeout(PAUSE).then(() => listProcesses()) };
	return scan.found;
}

/** Those in the environment of a simulated host. */
export function processesOf(root: string, all: readonly Process[] = listProcesses()): readonly Process[] {
	return all.filter(({ environment }) => isOfHost(root, environment));
}

function isOfHost(root: string, environment: string): boolean {
	return environment.includes(`PATH=${root}/bin:`) || environment.includes(`:${root}/bin:`);
}

/** Kills all that runs on simulated hosts: what one of them starts meanwhile as well. */
export async function endProcessesOf(roots: readonly string[]): Promise<void> {
	for (;;) {
		const all = listProcesses();
		const left = roots.flatMap((root) => processesOf(root, all));
		if (left.length === 0) return;
		for (const { pid } of left) killIfThere(pid);
		await setTimeout(10);
	}
}

/**
 * Kills a process of a simulated host, with the group that it leads. Numbers are given again: one that was noted may be another
 * process's by now, or a thread's, and a signal to a thread ends its whole process.
 */
export function killOnHost(root: string, pid: number): void {
	const environment = attempt(`/proc/${pid}/environ`);
	// The number of a group is nobody else's for as long as there is anybody in it. Of a program that just begins there is none yet.
	if (environment !== undefined && environment !== "" && !isOfHost(root, environment)) return;
	for (const each of [pid, -pid]) killIfThere(each);
}

/** What runs on a host, and where in the kernel it waits, a line each. */
export function whatRuns(root: string): string {
	return processesOf(root)
		.map(({ pid, parent, command }) => `${pid} of ${parent}, in ${attempt(`/proc/${pid}/wchan`)}: ${command.replaceAll("\0", " ")}`)
		.join("\n");
}

/** The text of a file of proc(5); undefined where its process has ended. */
function attempt(path: string): string | undefined {
	try {
		return readFileSync(path, "latin1");
	} catch {
		return undefined;
	}
}

/** Kills a process; or a group, by its leader's negative number. */
export function killIfThere(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch {
		// It has ended.
	}
}

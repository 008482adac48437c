// Running programs, and ending everything that was started.
import { spawn } from "node:child_process";
import { once } from "node:events";

/** A program ended with another status than 0. */
export class ProcessError extends Error {
	/**
	 * @param {string} command
	 * @param {number | string} status exit status, or the signal that ended it
	 * @param {string} output what it printed
	 */
	constructor(command, status, output = "") {
		super(`${command} ended with ${status}${output === "" ? "" : `:\n${output.trim()}`}`);
		this.status = status;
	}
}

/**
 * Runs a program to its end, with its output shown as it comes.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @throws {ProcessError} where its exit status is not 0
 */
export async function run(command, args, options = {}) {
	const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
	const [code, signal] = await once(child, "exit");
	if (code !== 0) throw new ProcessError([command, ...args].join(" "), code ?? signal);
}

/**
 * Runs a program to its end and answers what it printed, standard error included.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions & { echo?: boolean }} [options] `echo`: show the output as it comes, too
 * @returns {Promise<{ status: number | string, output: string }>}
 */
export async function capture(command, args, { echo = false, ...options } = {}) {
	const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
	let output = "";
	for (const [stream, target] of [
		[child.stdout, process.stdout],
		[child.stderr, process.stderr],
	]) {
		stream?.setEncoding("utf8").on("data", (text) => {
			output += text;
			if (echo) target.write(text);
		});
	}
	const [code, signal] = await once(child, "close");
	return { status: code ?? signal, output };
}

/**
 * Ends a child: politely, then after `patience` milliseconds for good. Resolves when it is gone.
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} [patience]
 */
export async function end(child, patience = 3000) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, "exit");
	child.kill("SIGTERM");
	const timer = setTimeout(() => child.kill("SIGKILL"), patience);
	await gone;
	clearTimeout(timer);
}

/**
 * What to undo at the end, last first; also when the user presses Ctrl-C.
 */
export class Cleanup {
	/** @type {(() => unknown)[]} */
	#tasks = [];
	#running;

	constructor() {
		for (const [signal, status] of [
			["SIGINT", 130],
			["SIGTERM", 143],
			["SIGHUP", 129],
		]) {
			const exit = () => process.exit(status);
			process.once(signal, () => this.run().then(exit, exit));
		}
	}

	/** @param {() => unknown} task */
	add(task) {
		this.#tasks.push(task);
	}

	/** Runs all tasks, whatever becomes of each. */
	run() {
		this.#running ??= (async () => {
			for (const task of this.#tasks.reverse()) {
				try {
					await task();
				} catch (error) {
					console.error(`While cleaning up: ${error instanceof Error ? error.message : error}`);
				}
			}
		})();
		return this.#running;
	}
}

/** Runs commands over a connection: bounded in time and in what they may print. */
import { msg } from "@openbsd-vnet/server";
import { type Connection, limited, lost } from "./connection.ts";
import { ConnectionError } from "./connection-error.ts";
import { type ShellCommand, sh } from "./shell-words.ts";

export interface RunOptions {
	readonly signal?: AbortSignal;
	/** How long it may take; 30 s. */
	readonly milliseconds?: number;
	/**
	 * The most that it may print, standard output and error together, in bytes; 4 MiB. What comes after is not read. Of standard error
	 * no more than 4 MiB are kept whatever is allowed.
	 */
	readonly limit?: number;
	/** What it reads. */
	readonly input?: string | Buffer;
	/**
	 * Called when the command starts, also where it is started again; what it gives takes standard output as it comes, in place of the
	 * result: for answers that are too long to be held as one text.
	 */
	readonly outputTo?: () => (chunk: Buffer) => void;
}

export interface RootOptions extends RunOptions {
	/** The words of the command that doas.conf is to permit; those that were run. */
	readonly rule?: readonly [string, ...string[]];
}

export interface RunResult {
	/** Null where a signal ended it, or where it was cut. */
	readonly status: number | null;
	/** `SIGKILL`, where a signal ended it; over the system's ssh it is a status, as sh(1) has it: 128 and its number. */
	readonly signal: string | undefined;
	readonly stdout: string;
	readonly stderr: string;
	/** It printed more than was allowed, and was stopped. */
	readonly cut: boolean;
}

const USUAL_LIMIT = 4 * 1024 * 1024;

/** How long a channel may be silent once its command has ended. */
const graceMilliseconds = 2000;

/**
 * Runs a command by sh(1), whatever the user's own shell is.
 * @throws ConnectionError where it was cancelled, took too long, or where the connection ended
 */
export function run(connection: Connection, command: ShellCommand, options: RunOptions = {}): Promise<RunResult> {
	const { log, ended } = connection;
	const { name } = connection.target;
	const { signal, milliseconds = 30_000, limit = USUAL_LIMIT, input, outputTo } = options;
	const { text } = command;
	const begin = performance.now();
	let bytes = 0;
	log({ kind: "command", name, text });
	return new Promise<RunResult>((resolve, reject) => {
		let stop: () => void = () => undefined;
		const report = (status: number | null) => log({ kind: "ended", name, text, status, milliseconds: performance.now() - begin, bytes });
		const settle = limited(signal, milliseconds, name, (error) => {
			report(null);
			stop();
			reject(error);
		});
		const fail = (error: ConnectionError) =>
			settle(() => {
				report(null);
				reject(error);
			});
		if (signal?.aborted === true) return;
		if (!connection.isOpen()) return fail(lost(name, ""));
		ended.then((why) => fail(lost(name, why)), reject);
		const output: Buffer[] = [];
		const errors: Buffer[] = [];
		let kept = 0;
		let status: number | null = null;
		let killedBy: string | undefined;
		let cut = false;
		let hasExited = false;
		let grace: NodeJS.Timeout | undefined;
		const finish = () =>
			settle(() => {
				report(status);
				const decoded = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString("utf8");
				resolve({ status, signal: killedBy, stdout: decoded(output), stderr: decoded(errors), cut });
			});
		// What it has left running keeps the channel open: what is still under way comes soon after it, or never.
		const expectNoMore = () => {
			if (!hasExited) return;
			clearTimeout(grace);
			grace = setTimeout(() => {
				finish();
				stop();
			}, graceMilliseconds);
		};
		const take = (keep: (chunk: Buffer) => void) => (chunk: Buffer) => {
			if (cut) return;
			expectNoMore();
			const room = limit - bytes;
			bytes += Math.min(room, chunk.length);
			keep(chunk.length > room ? chunk.subarray(0, room) : chunk);
			if (chunk.length > room) {
				cut = true;
				finish();
				stop();
			}
		};
		const stopCommand = connection.exec(command, input, {
			output: take(outputTo?.() ?? ((chunk) => output.push(chunk))),
			errors: take((chunk) => {
				if (kept < USUAL_LIMIT) errors.push(chunk);
				kept += chunk.length;
			}),
			exited: (code, by) => {
				status = code;
				killedBy = by;
				hasExited = true;
				expectNoMore();
			},
			closed: () => {
				clearTimeout(grace);
				// A command that ends says how; a channel that only closes was cut off.
				if (status === null && killedBy === undefined) fail(lost(name, ""));
				else finish();
			},
			failed: (why) => fail(lost(name, why)),
		});
		stop = () => {
			clearTimeout(grace);
			stopCommand();
		};
	});
}

/**
 * Runs a program as root, through doas(1) where the user is not root itself.
 * @param words the program and its arguments
 * @throws ConnectionError as run(); where doas refuses, with what to write into doas.conf(5)
 */
export async function runAsRoot(
	connection: Connection,
	words: readonly [string, ...string[]],
	{ rule, ...options }: RootOptions = {},
): Promise<RunResult> {
	const { user, name } = connection.target;
	if (user === "root") return await run(connection, sh`${words}`, options);
	const result = await run(connection, sh`doas -n ${words}`, options);
	if (result.status !== 0 && isRefused(result.stderr)) {
		throw new ConnectionError(
			"not-allowed",
			msg(
				"{0} may not run {1} as root on {2}. Allow it there at the end of /etc/doas.conf, whose last line that fits decides: {3}",
				user,
				words[0],
				name,
				doasRule(user, rule ?? words),
			),
		);
	}
	return result;
}

/** The line of doas.conf(5) that permits a command with these arguments alone, or a program with any where none are given. */
export function doasRule(user: string, [program, ...args]: readonly [string, ...string[]]): string {
	const word = (text: string) => (/^[A-Za-z0-9_./:@%+,=-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`);
	return ["permit nopass", word(user), "as root cmd", word(program), ...(args.length > 0 ? ["args", ...args.map(word)] : [])].join(" ");
}

/** In doas's own words, of today and of releases before (usr.bin/doas/doas.c), or the shell's where there is no doas. */
function isRefused(stderr: string): boolean {
	return /^doas: (Authorization required|Authentication required|Authentication failed|Operation not permitted|a tty is required|doas is not enabled)|doas: (inaccessible or )?not found/m.test(
		stderr,
	);
}

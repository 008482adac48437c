/** Scripts that run as root on the host. */
import { say } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { type RunOptions, type RunResult, runAsRoot } from "../run.ts";
import type { ShellCommand } from "../shell-words.ts";

/** Runs a script as root: `doas -n sh -s`, or sh alone where root logs in. */
export type RootRunner = (connection: Connection, script: ShellCommand, options?: RunOptions) => Promise<RunResult>;

/**
 * Runs a script as root. The shell reads all of it before it begins, so that a line which is cut runs none of it, and no
 * program of it reads what stands after it. Its exit status is for the caller to judge.
 * A connection that ends, or a terminal that is gone, does not stop it halfway.
 */
export const runRootScript: RootRunner = (connection, { text }, options = {}) =>
	runAsRoot(connection, ["sh", "-s"], { ...options, input: `{\ntrap '' HUP PIPE\numask 077\n${text}\n} </dev/null\n` });

/** @throws ConnectionError with what it said, where a script fails */
export function expectSuccess({ status, stdout, stderr }: RunResult, name: string): string {
	if (status === 0) return stdout;
	const said = stderr.trim() || stdout.trim();
	throw new ConnectionError("failed", say("{0}: {1}", name, said === "" ? `exit status ${status ?? "unknown"}` : said));
}

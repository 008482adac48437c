/** What is done as root on the host: by the host program, and by nothing else. */
import { msg } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { type RunOptions, type RunResult, run, runAsRoot } from "../run.ts";
import { sh } from "../shell-words.ts";
import { hostProgram, programInterface, programName, REFUSED } from "./program/program.ts";
import { hideSecrets } from "./secrets.ts";

/** A verb of the host program, with its arguments and what it reads. */
export interface RootRequest {
	readonly verb: string;
	readonly args?: readonly (string | number)[];
	readonly input?: string;
}

/** Asks the host program. */
export type RootRunner = (connection: Connection, request: RootRequest, options?: Omit<RunOptions, "input">) => Promise<RunResult>;

/**
 * Asks the host program: the one that is installed, by doas(1), or the program itself where root logs in. Its exit status is for
 * the caller to judge. A connection that ends does not stop it halfway.
 * @throws ConnectionError as run(); where doas refuses, or where the program is not there or is another, with what to do
 */
export const runHostProgram: RootRunner = async (connection, { verb, args = [], input }, options = {}) => {
	const { user, name } = connection.target;
	const words = [programInterface, verb, ...args.map(String)];
	const all: RunOptions = input === undefined ? options : { ...options, input };
	if (user === "root")
		return await run(connection, sh`sh -c ${'program=$1; shift; eval "$program"'} ${programName} ${hostProgram} ${words}`, all);
	const result = await runAsRoot(connection, [programName, ...words], { ...all, rule: [programName] });
	if (result.status !== 0 && new RegExp(`^doas: ${programName}: command not found`, "m").test(result.stderr))
		throw new ConnectionError(
			"not-allowed",
			msg(
				"{0} has no {1}, which deploys there for users that are not root: 'openbsd-vnet host install {0}' installs it where this user may, and 'openbsd-vnet host-program', or OpenBSD: Show Host Program in the editor, shows it and how it is installed",
				name,
				programName,
			),
		);
	if (result.status === REFUSED && /^\S+: this one has interface /m.test(result.stderr))
		throw new ConnectionError(
			"not-allowed",
			msg(
				"The {1} of {0} is of another version: 'openbsd-vnet host install {0}' installs this one where this user may, and 'openbsd-vnet host-program', or OpenBSD: Show Host Program in the editor, shows it and how it is installed",
				name,
				programName,
			),
		);
	return result;
};

/** @throws ConnectionError with what it said, where a request fails */
export function expectSuccess({ status, stdout, stderr }: RunResult, name: string): string {
	if (status === 0) return stdout;
	const [said = ""] = hideSecrets([stderr.trim() || stdout.trim()]);
	throw new ConnectionError("failed", msg("{0}: {1}", name, said === "" ? `exit status ${status ?? "unknown"}` : said));
}

/** `openbsd-vnet expand`: what the host makes of a file. */

import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { Release } from "@openbsd-vnet/server";
import { expandFile } from "@openbsd-vnet/server/features";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { findFiles } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { diskWithHosts } from "./hosts.ts";
import { PathError } from "./path-error.ts";
import { releaseOf } from "./release.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

interface ForRelease {
	readonly release?: string | undefined;
}

/**
 * @returns the text for standard output, why it is not all, and the lines that say why the host's program refuses the file
 * @throws PathError where the file cannot be read, or where there is nothing to expand
 */
export async function expand(
	path: string,
	release?: Release,
): Promise<{ readonly text: string; readonly cutOff?: string; readonly refused: readonly string[] }> {
	await findFiles([path]);
	const made = await expandFile(await diskWithHosts([path], release), pathToFileURL(path).href);
	if (made === undefined) throw new PathError(tell("{0}: cannot be read", path));
	if (made === null) throw new PathError(tell("{0}: nothing to expand: the host reads this file as it is", path));
	return { ...made, refused: made.refused.map(({ message, range }) => `${path}:${range.start.line + 1}: ${message}`) };
}

/** Runs `netstart`. */
export async function runNetstart({ release }: ForRelease, [path, ...more]: readonly string[], output: CommandOutput): Promise<ExitStatus> {
	if (path === undefined || more.length > 0) throw new UsageError(tell("{0} takes one file", "netstart"));
	if (!basename(path).startsWith("hostname."))
		throw new PathError(tell("{0}: netstart reads hostname.if; 'openbsd-vnet expand' is for pf.conf", path));
	return await printExpanded(path, release, output);
}

/** Runs `expand`. */
export async function runExpand({ release }: ForRelease, [path, ...more]: readonly string[], output: CommandOutput): Promise<ExitStatus> {
	if (path === undefined || more.length > 0) throw new UsageError(tell("{0} takes one file", "expand"));
	return await printExpanded(path, release, output);
}

async function printExpanded(path: string, release: string | undefined, { stdout, stderr }: CommandOutput): Promise<ExitStatus> {
	const { text, cutOff, refused } = await expand(path, releaseOf(release));
	// For pfctl, by a pipe or a file.
	stdout.writeExact(text);
	const why = [...(cutOff === undefined ? [] : [`${path}: ${cutOff}`]), ...refused];
	for (const line of why) stderr.write(`openbsd-vnet: ${plain(line)}\n`);
	return why.length === 0 ? exitStatus.done : exitStatus.found;
}

/** `openbsd-vnet expand`: what the host makes of a file. */

import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { createLanguageService, type Release } from "@openbsd-vnet/server";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { findFiles } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { diskWithHosts } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { PathError } from "./path-error.ts";
import { releaseOf } from "./release.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

interface ExpandOptions {
	readonly release?: string | undefined;
	readonly json?: boolean | undefined;
}

/**
 * @returns the text, why it is not all, and why the host's program refuses the file
 * @throws PathError where the file cannot be read, or where there is nothing to expand
 */
async function expand(path: string, release?: Release): Promise<Outputs["expand"]> {
	await findFiles([path]);
	const made = await createLanguageService(await diskWithHosts([path], release)).expandFile(pathToFileURL(path).href);
	if (made === undefined) throw new PathError(tell("{0}: cannot be read", path));
	if (made === null) throw new PathError(tell("{0}: nothing to expand: the host reads this file as it is", path));
	const { text, cutOff, refused } = made;
	return {
		file: path,
		text,
		...(cutOff === undefined ? {} : { cutOff }),
		refused: refused.map(({ message, range }) => ({ line: range.start.line, message })),
	};
}

/** Runs `netstart`. */
export async function runNetstart(options: ExpandOptions, [path, ...more]: readonly string[], output: CommandOutput): Promise<ExitStatus> {
	if (path === undefined || more.length > 0) throw new UsageError(tell("{0} takes one file", "netstart"));
	if (!basename(path).startsWith("hostname."))
		throw new PathError(tell("{0}: netstart reads hostname.if; 'openbsd-vnet expand' is for pf.conf", path));
	return await printExpanded("netstart", path, options, output);
}

/** Runs `expand`. */
export async function runExpand(options: ExpandOptions, [path, ...more]: readonly string[], output: CommandOutput): Promise<ExitStatus> {
	if (path === undefined || more.length > 0) throw new UsageError(tell("{0} takes one file", "expand"));
	return await printExpanded("expand", path, options, output);
}

async function printExpanded(
	command: "expand" | "netstart",
	path: string,
	{ release, json = false }: ExpandOptions,
	{ stdout, stderr }: CommandOutput,
): Promise<ExitStatus> {
	const made = await expand(path, releaseOf(release));
	const { text, cutOff, refused } = made;
	const why = [
		...(cutOff === undefined ? [] : [`${path}: ${cutOff}`]),
		...refused.map(({ line, message }) => `${path}:${line + 1}: ${message}`),
	];
	if (json) stdout.write(jsonOf(command, made));
	else {
		// For pfctl, by a pipe or a file.
		stdout.writeExact(text);
		for (const line of why) stderr.write(`openbsd-vnet: ${plain(line)}\n`);
	}
	return why.length === 0 ? exitStatus.done : exitStatus.found;
}

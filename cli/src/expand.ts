/** `openbsd-vnet expand`: what the host makes of a file. */
import { pathToFileURL } from "node:url";
import { expandFile } from "@openbsd-vnet/server/features";
import { findFiles, PathError } from "./disk.ts";
import { diskWithHosts } from "./hosts.ts";

/**
 * @returns the text for standard output, why it is not all, and the lines that say why the host's program refuses the file
 * @throws PathError where the file cannot be read, or where there is nothing to expand
 */
export async function expand(
	path: string,
): Promise<{ readonly text: string; readonly cutOff?: string; readonly refused: readonly string[] }> {
	await findFiles([path]);
	const made = await expandFile(await diskWithHosts([path]), pathToFileURL(path).href);
	if (made === undefined) throw new PathError(`${path}: cannot be read`);
	if (made === null) throw new PathError(`${path}: nothing to expand: the host reads this file as it is`);
	return { ...made, refused: made.refused.map(({ message, range }) => `${path}:${range.start.line + 1}: ${message}`) };
}

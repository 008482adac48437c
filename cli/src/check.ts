/** `openbsd-vnet check`: the editor's diagnostics, for people and for machines. */

import { checkFiles } from "@openbsd-vnet/server/features";
import { findFiles } from "./disk.ts";
import { formats } from "./formats.ts";
import { diskWithHosts, listedHosts } from "./hosts.ts";
import { type FileReport, type Level, levels } from "./report.ts";

/**
 * Checks the files under the paths; without a path, those of the hosts that openbsd-vnet.json names, here or above.
 * @returns the text for standard output, and whether something was found at the level or above
 * @throws PathError where a path cannot be read
 */
export async function check(
	paths: readonly string[],
	format: keyof typeof formats,
	failOn: Level | "none",
): Promise<{ readonly output: string; readonly failed: boolean; readonly files: number }> {
	const places = paths.length > 0 ? paths : await listedHosts();
	const found = await findFiles(places);
	const checked = await checkFiles(
		await diskWithHosts(places),
		found.map(({ uri }) => uri),
	);
	const reports = found
		.map(({ path, uri }): FileReport => ({ file: path, diagnostics: checked.get(uri) ?? [] }))
		.filter(({ diagnostics }) => diagnostics.length > 0);
	const limit = failOn === "none" ? -1 : levels.indexOf(failOn);
	const failed = reports.some(({ diagnostics }) => diagnostics.some(({ severity }) => levels.indexOf(severity) <= limit));
	return { output: formats[format](reports), failed, files: found.length };
}

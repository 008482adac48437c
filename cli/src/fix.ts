/** `openbsd-vnet check --fix`: what needs nobody's judgement is mended, and told. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { unifiedDiff, type Workspace } from "@openbsd-vnet/server";
import type { CommandOutput } from "./arguments.ts";
import type { Found } from "./disk.ts";
import { ownService } from "./service.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

/**
 * Fixes files on disk; of a dry run, prints the difference alone.
 * @returns how many faults were mended, or would be
 */
export async function fixOnDisk(
	workspace: Workspace,
	found: readonly Found[],
	dryRun: boolean,
	{ stdout, stderr }: CommandOutput,
): Promise<number> {
	const paths = new Map(found.map(({ path, uri }) => [uri, path]));
	const { applied, texts } = await ownService(workspace).fixFiles([...paths.keys()]);
	for (const { uri, range, code, title } of applied) {
		const place = `${plain(paths.get(uri) ?? uri)}:${range.start.line + 1}:${range.start.character + 1}`;
		stderr.write([
			{ text: `${place}:`, style: "strong" },
			` ${dryRun ? tell("would be fixed: {0}", plain(title)) : tell("fixed: {0}", plain(title))} `,
			{ text: `[${code}]`, style: "faint" },
			"\n",
		]);
	}
	for (const [uri, { before, after }] of texts) {
		const path = paths.get(uri) ?? uri;
		// For patch(1).
		if (dryRun) stdout.writeExact(`--- ${path}\n+++ ${path}\n${unifiedDiff(before, after)}`);
		else await writeFile(fileURLToPath(uri), after);
	}
	return applied.length;
}

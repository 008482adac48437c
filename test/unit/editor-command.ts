/** The command as other editors find it: in a folder of its own, which stands first among those that are searched. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCommand } from "./command.ts";
import { root } from "./textmate.ts";

export const repository = fileURLToPath(root);

/**
 * Builds the command, and puts it into a folder.
 * @returns the environment of an editor that has it, and whose home the folder is
 */
export async function installCommand(folder: string): Promise<NodeJS.ProcessEnv> {
	const launcher = await buildCommand();
	const bin = join(folder, "bin");
	mkdirSync(bin);
	writeFileSync(join(bin, "openbsd-vnet"), `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
	chmodSync(join(bin, "openbsd-vnet"), 0o755);
	const path = `${bin}${delimiter}${process.env.PATH ?? ""}`;
	return {
		...process.env,
		HOME: folder,
		XDG_STATE_HOME: folder,
		XDG_CACHE_HOME: folder,
		XDG_RUNTIME_DIR: folder,
		TMPDIR: folder,
		LC_ALL: "C.UTF-8",
		PATH: path,
	};
}

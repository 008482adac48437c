/** What several test files need built from the sources: once in a run, by whoever needs it first. */
import { existsSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

/**
 * @param path below a folder that goes when the run ends
 * @param build makes the file, or the folder, at the path that it is given
 * @returns its path
 */
export async function builtOnce(path: string, build: (outfile: string) => Promise<unknown>): Promise<string> {
	const folder = process.env.OPENBSD_VNET_BUILDS;
	if (folder === undefined) throw new Error("There is no folder for builds: test/global-setup.ts makes it");
	const built = join(folder, path);
	const busy = `${built}.busy`;
	mkdirSync(dirname(built), { recursive: true });
	while (!existsSync(built)) {
		if (!made(busy)) {
			await setTimeout(50);
			continue;
		}
		try {
			if (existsSync(built)) break;
			await build(`${built}.new`);
			renameSync(`${built}.new`, built);
		} finally {
			rmdirSync(busy);
		}
	}
	return built;
}

/** Makes a folder, which one can do alone. */
function made(folder: string): boolean {
	try {
		mkdirSync(folder);
		return true;
	} catch {
		return false;
	}
}

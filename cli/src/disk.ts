/** The world of the command line: the disk. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Workspace } from "@openbsd-vnet/server";
import { isConfigurationFile } from "@openbsd-vnet/server/features";

/** Files on disk, by `file:` URIs. What is not there or not ours to read is absent. */
export const disk: Workspace = {
	folders: [],
	async read(uri) {
		try {
			return await readFile(fileURLToPath(uri), "utf8");
		} catch {
			return undefined;
		}
	},
	async list(uri) {
		try {
			const entries = await readdir(fileURLToPath(uri), { withFileTypes: true });
			return entries.flatMap((entry) =>
				entry.isDirectory() || entry.isFile() || entry.isSymbolicLink()
					? [{ name: entry.name, type: entry.isDirectory() ? ("folder" as const) : ("file" as const) }]
					: [],
			);
		} catch {
			return [];
		}
	},
	/** Of this machine's own /etc alone: the files of a checkout have the modes of whoever checked them out. */
	async stat(uri) {
		const path = fileURLToPath(uri);
		if (!path.startsWith("/etc/")) return undefined;
		try {
			const { mode, uid, gid } = await stat(path);
			return { mode, uid, gid };
		} catch {
			return undefined;
		}
	},
};

/** Folders in which nobody keeps the configuration of a host. */
const SKIPPED = new Set(["node_modules", ".git", ".hg", ".svn", "CVS"]);

/** A file that was found, with the name by which the user knows it. */
export interface Found {
	readonly path: string;
	readonly uri: string;
}

/** A path that cannot be checked, with a reason for the user. */
export class PathError extends Error {}

/** The files of the three languages under the paths, each once, in the order of the paths and then of the names. */
export async function findFiles(paths: readonly string[]): Promise<readonly Found[]> {
	const found = new Map<string, Found>();
	for (const path of paths) {
		for await (const file of under(path)) {
			const uri = pathToFileURL(file).href;
			if (!found.has(uri)) found.set(uri, { path: file, uri });
		}
	}
	return [...found.values()];
}

async function* under(path: string): AsyncGenerator<string> {
	const info = await statOf(path);
	if (info.isDirectory()) {
		yield* inFolder(path);
		return;
	}
	if (!isConfigurationFile(pathToFileURL(path).href)) {
		throw new PathError(`${path}: not a file that OpenBSD would read as pf.conf, vm.conf or hostname.if, by its name`);
	}
	try {
		await readFile(path);
	} catch (error) {
		throw new PathError(`${path}: ${reason(error)}`);
	}
	yield path;
}

async function* inFolder(path: string): AsyncGenerator<string> {
	const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
		throw new PathError(`${path}: ${reason(error)}`);
	});
	for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const at = join(path, entry.name);
		if (entry.isDirectory()) {
			if (!SKIPPED.has(entry.name)) yield* inFolder(at);
		} else if ((entry.isFile() || entry.isSymbolicLink()) && isConfigurationFile(pathToFileURL(at).href)) yield at;
	}
}

async function statOf(path: string) {
	try {
		return await stat(path);
	} catch (error) {
		throw new PathError(`${path}: ${reason(error)}`);
	}
}

/** Node's message without the call and the path that it repeats. */
function reason(error: unknown): string {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	if (code === "ENOENT") return "no such file or folder";
	if (code === "EACCES" || code === "EPERM") return "permission denied";
	return error instanceof Error ? error.message : String(error);
}

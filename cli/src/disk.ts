/** The world of the command line: the disk. */
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { maximumFileSize, type NotRead, notReadMessage, type Workspace, whyNotRead } from "@openbsd-vnet/server";
import { isConfigurationFile } from "@openbsd-vnet/server/features";
import { PathError } from "./path-error.ts";
import { tell, translated } from "./translations.ts";

/** Files on disk, by `file:` URIs. What is not there or not ours to read is absent. */
export const disk: Workspace = {
	folders: [],
	async read(uri) {
		try {
			const found = await readPlain(fileURLToPath(uri));
			return "text" in found ? found.text : undefined;
		} catch {
			return undefined;
		}
	},
	async notRead(uri) {
		try {
			const found = await readPlain(fileURLToPath(uri), 1);
			return "text" in found ? undefined : found.notRead;
		} catch (error) {
			return isDenied(error) ? "denied" : undefined;
		}
	},
	async list(uri) {
		try {
			const entries = await readdir(fileURLToPath(uri), { withFileTypes: true });
			return entries.map((entry) => ({ name: entry.name, type: entry.isDirectory() ? ("folder" as const) : ("file" as const) }));
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

/**
 * The text of a plain file, or why it is not read. A device or pipe is not opened, and no more is read than a file may have,
 * whatever its size is said to be.
 * @param most how many bytes to read; all of them where not given
 * @throws the error of the file system
 */
export async function readPlain(path: string, most?: number): Promise<{ readonly text: string } | { readonly notRead: NotRead }> {
	const info = await stat(path);
	const type = info.isFile() ? "file" : info.isDirectory() ? "folder" : "special";
	const notRead = whyNotRead({ type, size: info.size });
	if (notRead !== undefined) return { notRead };
	const file = await open(path);
	try {
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of file.createReadStream({ autoClose: false, end: (most ?? maximumFileSize + 1) - 1 })) {
			chunks.push(chunk);
			size += chunk.length;
		}
		return size > maximumFileSize ? { notRead: "large" } : { text: Buffer.concat(chunks).toString("utf8") };
	} finally {
		await file.close();
	}
}

function isDenied(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
}

/** Folders in which nobody keeps the configuration of a host. */
const SKIPPED = new Set(["node_modules", ".git", ".hg", ".svn", "CVS"]);

/** Whether a path leads through such a folder. */
export function isSkipped(path: string): boolean {
	return path.split(/[\\/]/).some((name) => SKIPPED.has(name));
}

/** A file that was found, with the name by which the user knows it. */
export interface Found {
	readonly path: string;
	readonly uri: string;
}

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
		throw new PathError(
			tell("{0}: not a file that OpenBSD would read as pf.conf, vm.conf or hostname.if, by its name; --as says what it is", path),
		);
	}
	await textAt(path, 1);
	yield path;
}

/**
 * The text of a file that somebody names.
 * @param most how many bytes to read; all of them where not given
 * @throws PathError where it is not read
 */
export async function textAt(path: string, most?: number): Promise<string> {
	const found = await readPlain(path, most).catch((error: unknown) => {
		throw new PathError(`${path}: ${reason(error)}`);
	});
	if ("notRead" in found) throw new PathError(translated(notReadMessage(path, found.notRead)));
	return found.text;
}

async function* inFolder(path: string): AsyncGenerator<string> {
	const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
		throw new PathError(`${path}: ${reason(error)}`);
	});
	for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const at = join(path, entry.name);
		if (entry.isDirectory()) {
			if (!SKIPPED.has(entry.name)) yield* inFolder(at);
		} else if (isConfigurationFile(pathToFileURL(at).href)) yield at;
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
	if (code === "ENOENT") return tell("no such file or folder");
	if (isDenied(error)) return tell("permission denied");
	return error instanceof Error ? error.message : String(error);
}

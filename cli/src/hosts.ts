/** The hosts that openbsd-vnet.json names. */
import { access, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type HostFolder, hostListName, notReadMessage, type Release, readHostList, type Workspace } from "@openbsd-vnet/server";
import { disk, readPlain } from "./disk.ts";
import { PathError } from "./path-error.ts";
import { tell, translated } from "./translations.ts";

export interface HostList {
	/** The folder of openbsd-vnet.json, as a `file:` URI without a final slash. */
	readonly folder: string;
	readonly hosts: readonly HostFolder[];
}

/**
 * The list that is nearest above a path: in it where it is a folder, or in a folder above.
 * @throws PathError where the list has a fault, with all of them
 */
export async function hostListAbove(path: string): Promise<HostList | undefined> {
	for (let folder = resolve(path); ; folder = dirname(folder)) {
		const file = join(folder, hostListName);
		if (await exists(file)) {
			const uri = pathToFileURL(folder).href.replace(/\/$/, "");
			const problems: string[] = [];
			const read = await readPlain(file).catch((error: unknown) => {
				throw new PathError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
			});
			if ("notRead" in read) throw new PathError(translated(notReadMessage(file, read.notRead)));
			const hosts = readHostList(read.text, uri, problems);
			if (problems.length > 0) throw new PathError(tell("in {0}: {1}", folder, problems.join("; ")));
			return { folder: uri, hosts };
		}
		if (dirname(folder) === folder) return undefined;
	}
}

/**
 * A host of the list here or above, by its name.
 * @param asksOfFiles whether something is asked that its files alone tell
 * @throws PathError where the list has a fault, or names no such host and its files are needed
 */
export async function namedHost(name: string, asksOfFiles = false): Promise<HostFolder | undefined> {
	const host = (await hostListAbove("."))?.hosts.find((one) => one.name === name);
	if (asksOfFiles && host === undefined)
		throw new PathError(tell("no openbsd-vnet.json, here or above, names the host '{0}': its guests and rules are not known", name));
	return host;
}

/** The path of a list on disk. */
export function hostListFile({ folder }: HostList): string {
	return join(fileURLToPath(folder), hostListName);
}

/**
 * The disk, with what openbsd-vnet.json says of the hosts at or around the paths. Without such a list, a folder stands for itself.
 * @param release the one that is asked for, whatever is said there
 */
export async function diskWithHosts(paths: readonly string[], release?: Release): Promise<Workspace> {
	const folders = await Promise.all(paths.map(async (path) => (await hostListAbove(path))?.folder ?? (await folderAt(path))));
	return { ...disk, ...(release === undefined ? {} : { release }), folders: [...new Set(folders.filter((each) => each !== undefined))] };
}

/** The URI of a folder, without a final slash; undefined where none is there. */
async function folderAt(path: string): Promise<string | undefined> {
	const isFolder = await stat(path).then(
		(found) => found.isDirectory(),
		() => false,
	);
	return isFolder ? pathToFileURL(resolve(path)).href.replace(/\/$/, "") : undefined;
}

/** The paths that were given; without, the folders of the hosts that openbsd-vnet.json names, here or above, or else this folder. */
export async function placesToCheck(paths: readonly string[]): Promise<readonly string[]> {
	if (paths.length > 0) return paths;
	const list = await hostListAbove(".");
	return list === undefined ? ["."] : list.hosts.map(({ root }) => relative(".", fileURLToPath(root)) || ".");
}

async function exists(path: string): Promise<boolean> {
	try {
		await access(path);
		return true;
	} catch {
		return false;
	}
}

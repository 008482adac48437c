/** What is known of one host's files on disk. */
import { etcOf, type HostFolder, uriOnHost } from "../host/folder.ts";
import type { NotRead, Workspace } from "../workspace.ts";
import { isLookedFor, isSearched } from "./host-files.ts";

export type FileStat = NonNullable<Awaited<ReturnType<NonNullable<Workspace["stat"]>>>>;

export class HostDisk {
	readonly #workspace: Workspace;
	readonly #folder: HostFolder;
	/** Every text that was read; undefined for a path that is known not to be there. */
	readonly texts = new Map<string, string | undefined>();
	/** Paths that were asked for and that nobody has looked for yet. */
	readonly missing = new Set<string>();
	/** What is in the folders that paths which are not there were looked for in. */
	readonly names = new Map<string, readonly string[]>();
	/** Why paths that are there are not read. */
	readonly notRead = new Map<string, NotRead>();
	/** Permission bits and owner by path, where the workspace tells them. */
	readonly stats = new Map<string, FileStat>();
	/** The paths of those that are known because a file names or reads them. */
	readonly #beside = new Set<string>();

	constructor(workspace: Workspace, folder: HostFolder) {
		this.#workspace = workspace;
		this.#folder = folder;
	}

	/** Where a path is in the workspace; undefined where the folder does not mirror that part of the host. */
	uri(path: string): string | undefined {
		return uriOnHost(this.#folder, path);
	}

	/** The text of a file; of one that is not read, the reason is noted. */
	async read(path: string, uri: string): Promise<string | undefined> {
		const text = await this.#workspace.read(uri);
		const reason = text === undefined ? await this.#workspace.notRead?.(uri) : undefined;
		if (reason === undefined) this.notRead.delete(path);
		else this.notRead.set(path, reason);
		return text;
	}

	/** The permission bits and the owner of a file. */
	async stat(uri: string): Promise<FileStat | undefined> {
		return await this.#workspace.stat?.(uri);
	}

	/** Takes a text for what the file is. */
	note(path: string, text: string | undefined): void {
		this.texts.set(path, text);
		if (!isLookedFor(path)) this.#beside.add(path);
	}

	/**
	 * Forgets what was read for a file that neither names nor reads it any more.
	 * @param names the paths that files name
	 * @param reads those that they read
	 * @returns whether that was anything
	 */
	forget(names: ReadonlySet<string>, reads: Iterable<ReadonlySet<string>>): boolean {
		const unnamed = [...this.#beside].filter((path) => !names.has(path));
		if (unnamed.length === 0) return false;
		const read = new Set([...reads].flatMap((paths) => [...paths]));
		let gone = false;
		for (const path of unnamed) {
			if (read.has(path)) continue;
			gone ||= this.texts.get(path) !== undefined || this.notRead.has(path);
			this.#beside.delete(path);
			this.texts.delete(path);
			this.notRead.delete(path);
			this.stats.delete(path);
		}
		return gone;
	}

	/** Whether it is known what is beside a path. */
	knowsBeside(path: string): boolean {
		return this.names.has(folderOfPath(path));
	}

	/** Notes what is in the folder of a path: a name there may be the one that is meant. */
	async listBeside(path: string): Promise<void> {
		const uri = this.uri(path);
		if (uri === undefined) return;
		const list = await this.#workspace.list(uri.slice(0, uri.lastIndexOf("/")));
		this.names.set(
			folderOfPath(path),
			list.flatMap(({ name, type }) => (type === "file" ? [name] : [])),
		);
	}

	/** The paths of the host's own files that are there. */
	async own(): Promise<readonly string[]> {
		const found: string[] = [];
		const walk = async (folder: string, path: string): Promise<void> => {
			for (const { name, type } of await this.#workspace.list(folder)) {
				const at = `${path}/${name}`;
				if (type === "folder") {
					if (isSearched(`${at}/`)) await walk(`${folder}/${encodeURIComponent(name)}`, at);
				} else if (isLookedFor(at)) found.push(at);
			}
		};
		await walk(etcOf(this.#folder), "/etc");
		return found;
	}
}

function folderOfPath(path: string): string {
	return path.slice(0, path.lastIndexOf("/"));
}

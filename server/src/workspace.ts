/** All that the library knows of the world outside: files by URI. An in-memory one makes every test a few lines. */
export interface Workspace {
	/** The folders that are open, as URIs without a final slash. */
	readonly folders: readonly string[];
	/** The text of a file, open editors before the disk; undefined where there is none or it cannot be read. */
	read(uri: string): Promise<string | undefined>;
	/** The names in a folder; an empty list where there is none. */
	list(uri: string): Promise<readonly { readonly name: string; readonly type: "file" | "folder" }[]>;
	/** Permission bits and owner where the file system tells them. */
	stat?(uri: string): Promise<{ readonly mode?: number; readonly uid?: number; readonly gid?: number } | undefined>;
}

/** A workspace of texts in memory, by URI. */
export function memoryWorkspace(files: Readonly<Record<string, string>>, folders: readonly string[] = ["file:///"]): Workspace {
	return {
		folders,
		read: async (uri) => files[uri],
		list: async (uri) => {
			const prefix = uri.endsWith("/") ? uri : `${uri}/`;
			const names = new Map<string, "file" | "folder">();
			for (const file of Object.keys(files)) {
				if (!file.startsWith(prefix)) continue;
				const [name = "", ...rest] = file.slice(prefix.length).split("/");
				names.set(name, rest.length > 0 ? "folder" : "file");
			}
			return [...names].map(([name, type]) => ({ name, type }));
		},
	};
}

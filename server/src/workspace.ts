import { type Message, msg } from "./text/message.ts";
import type { Release } from "./text/vocabulary.ts";

/** Larger files are no configuration. */
export const maximumFileSize = 16 * 1024 * 1024;

/** Why a file that is there is not read: a folder, a device, pipe or socket, too large, or not ours to read. */
export type NotRead = "folder" | "special" | "large" | "denied";

/** Why a file is not read; undefined where it is. One rule for the command line, the server and the editor's client. */
export function whyNotRead({ type, size }: { readonly type: "file" | "folder" | "special"; readonly size: number }): NotRead | undefined {
	if (type !== "file") return type;
	return size > maximumFileSize ? "large" : undefined;
}

/** Says of a file that it is not read, and why. */
export function notReadMessage(name: string, reason: NotRead): Message {
	switch (reason) {
		case "folder":
			return msg("{0} is not read: it is a folder", name);
		case "special":
			return msg("{0} is not read: it is a device, a pipe or a socket", name);
		case "large":
			return msg("{0} is not read: it is larger than {1} MB", name, maximumFileSize / 1024 / 1024);
		case "denied":
			return msg("{0} is not read: you have no permission", name);
	}
}

/** All that the library knows of the world outside: files by URI. An in-memory one makes every test a few lines. */
export interface Workspace {
	/** The release that all files are read for, whatever else says which one their hosts run. */
	readonly release?: Release;
	/** The folders that are open, as URIs without a final slash. */
	readonly folders: readonly string[];
	/** The text of a file, open editors before the disk; undefined where there is none or it cannot be read. */
	read(uri: string): Promise<string | undefined>;
	/** Why `read` has answered nothing of a file that is there, where it can be told. */
	notRead?(uri: string): Promise<NotRead | undefined>;
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

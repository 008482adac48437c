import type { Connection } from "vscode-languageserver";
import { ListFolderRequest, ReadFileRequest } from "../protocol.ts";
import type { Workspace } from "../workspace.ts";

/**
 * The world as our own client serves it: the server asks the editor for files, so it reads virtual workspaces like
 * disks and runs where there is no disk. `folders` is empty: which folders are open is told by `initialize`.
 */
export function clientWorkspace(connection: Connection): Workspace {
	return {
		folders: [],
		read: async (uri) => (await connection.sendRequest<string | null>(ReadFileRequest.method, { uri })) ?? undefined,
		list: async (uri) => await connection.sendRequest(ListFolderRequest.method, { uri }),
	};
}

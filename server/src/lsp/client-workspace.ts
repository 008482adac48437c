import type { Connection } from "vscode-languageserver";
import { type CustomRequest, type FileParams, ListFolderRequest, ReadFileRequest } from "../protocol.ts";
import type { NotRead, Workspace } from "../workspace.ts";

/**
 * The world as our own client serves it: the server asks the editor for files, so it reads virtual workspaces like
 * disks and runs where there is no disk. `folders` is empty: which folders are open is told by `initialize`.
 * What a client refuses to serve cannot be read.
 */
export function clientWorkspace(connection: Connection): Workspace {
	const refused = new Set<string>();
	/** What the client has said of files that it does not read, by URI. */
	const notRead = new Map<string, NotRead>();
	const ask = async <Result>({ method }: CustomRequest<FileParams, Result>, uri: string, none: Result): Promise<Result> => {
		try {
			return (await connection.sendRequest<Result>(method, { uri })) ?? none;
		} catch (error) {
			// A client that knows nothing of files would fill the log.
			if (!refused.has(method))
				connection.console.error(`${method} was refused: ${error instanceof Error ? error.message : String(error)}`);
			refused.add(method);
			return none;
		}
	};
	return {
		folders: [],
		async read(uri) {
			const answer = await ask(ReadFileRequest, uri, null);
			notRead.delete(uri);
			if (answer === null || typeof answer === "string") return answer ?? undefined;
			notRead.set(uri, answer.notRead);
			return undefined;
		},
		notRead: async (uri) => notRead.get(uri),
		list: (uri) => ask(ListFolderRequest, uri, []),
	};
}

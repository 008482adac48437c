import { type FileAnswer, type FileEntry, type FileParams, ListFolderRequest, ReadFileRequest } from "@openbsd-vnet/server/protocol";
import { whyNotRead } from "@openbsd-vnet/server/workspace";
import { FileSystemError, FileType, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** Answers the server's requests for files, through the editor: so it sees virtual workspaces, and needs no disk. */
export function serveFiles(client: BaseLanguageClient): void {
	client.onRequest<FileAnswer, void>(ReadFileRequest.method, ({ uri }: FileParams) => readFile(Uri.parse(uri)));
	client.onRequest(ListFolderRequest.method, ({ uri }: FileParams) => listFolder(Uri.parse(uri)));
}

/** The text of a file, why it is not read, or null where there is none. */
export async function readFile(uri: Uri): Promise<FileAnswer> {
	try {
		const { size, type } = await workspace.fs.stat(uri);
		const notRead = whyNotRead({ size, type: typeOf(type) });
		return notRead === undefined ? new TextDecoder().decode(await workspace.fs.readFile(uri)) : { notRead };
	} catch (error) {
		return error instanceof FileSystemError && error.code === "NoPermissions" ? { notRead: "denied" } : null;
	}
}

/** What a link leads to is told by it: VS Code says of pipes and devices that they are unknown. */
function typeOf(type: FileType): "file" | "folder" | "special" {
	if ((type & FileType.Directory) !== 0) return "folder";
	return (type & FileType.File) !== 0 ? "file" : "special";
}

async function listFolder(uri: Uri): Promise<readonly FileEntry[]> {
	try {
		const entries = await workspace.fs.readDirectory(uri);
		return entries.map(([name, type]) => ({ name, type: (type & FileType.Directory) === 0 ? "file" : "folder" }));
	} catch {
		return [];
	}
}

import { type FileEntry, type FileParams, ListFolderRequest, ReadFileRequest } from "@openbsd-vnet/server/protocol";
import { FileType, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** Larger files are not configuration; the server reads them as absent. */
const maximumBytes = 64 * 1024 * 1024;

/** Answers the server's requests for files, through the editor: so it sees virtual workspaces, and needs no disk. */
export function serveFiles(client: BaseLanguageClient): void {
	client.onRequest(ReadFileRequest.method, ({ uri }: FileParams) => readFile(Uri.parse(uri)));
	client.onRequest(ListFolderRequest.method, ({ uri }: FileParams) => listFolder(Uri.parse(uri)));
}

async function readFile(uri: Uri): Promise<string | null> {
	try {
		const { size, type } = await workspace.fs.stat(uri);
		if ((type & FileType.File) === 0 || size > maximumBytes) return null;
		return new TextDecoder().decode(await workspace.fs.readFile(uri));
	} catch {
		// Not there, or not ours to read: for the server that is the same.
		return null;
	}
}

async function listFolder(uri: Uri): Promise<readonly FileEntry[]> {
	try {
		const entries = await workspace.fs.readDirectory(uri);
		return entries.map(([name, type]) => ({ name, type: (type & FileType.Directory) === 0 ? "file" : "folder" }));
	} catch {
		return [];
	}
}

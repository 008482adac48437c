/** What the editor tells of documents and of files on disk. */
import { hostListName } from "../host/discover.ts";
import type { ServerState } from "./state.ts";

export function followDocuments(state: ServerState): void {
	const { connection, documents, diagnostics, made, tokens } = state;
	connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
		made.show(uri);
		// A file that got another language is closed and opened by the client; one that we do not serve is not kept.
		state.edit(uri, () => documents.open(uri, languageId, version, text));
	});
	connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
		state.edit(uri, () => documents.change(uri, version, contentChanges)),
	);
	connection.onDidCloseTextDocument(async ({ textDocument: { uri } }) => {
		made.forget(uri);
		tokens.forget(uri);
		diagnostics.forget(uri);
		await documents.close(uri);
	});
	connection.onDidChangeWatchedFiles(async ({ changes }) => {
		if (changes.some(({ uri }) => uri.endsWith(`/${hostListName}`))) await documents.readHostLists();
		await documents.changedOnDisk(changes.map(({ uri }) => uri));
	});
}

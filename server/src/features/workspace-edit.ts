/** Changes of files, as the protocol writes them. */
import type { RenameFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { TextEdit as SpanEdit } from "../text/diagnostic.ts";
import type { SourceFile } from "./files.ts";
import type { Session } from "./session.ts";

/** @param renames files that get another name after the edits; only for clients that can (`renameFiles`) */
export function toWorkspaceEdit(
	{ client }: Session,
	edits: ReadonlyMap<SourceFile, readonly SpanEdit[]>,
	renames: readonly RenameFile[] = [],
): WorkspaceEdit {
	const changes = [...edits].map(([file, own]) => ({
		file,
		edits: own.map(({ span, text }): TextEdit => ({ range: file.lines.range(span), newText: text })),
	}));
	if (!client.documentChanges) return { changes: Object.fromEntries(changes.map(({ file, edits: own }) => [file.uri, own])) };
	const documents = changes.map(
		({ file, edits: own }): TextDocumentEdit => ({ textDocument: { uri: file.uri, version: file.version }, edits: own }),
	);
	return { documentChanges: [...documents, ...renames] };
}

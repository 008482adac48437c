/** Changes of files, as the protocol writes them. */
import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { TextEdit as SpanEdit } from "../text/diagnostic.ts";
import type { SourceFile } from "./files.ts";

export function toWorkspaceEdit(edits: ReadonlyMap<SourceFile, readonly SpanEdit[]>): WorkspaceEdit {
	return { documentChanges: [...edits].map(([file, own]) => toDocumentEdit(file, own)) };
}

function toDocumentEdit(file: SourceFile, edits: readonly SpanEdit[]): TextDocumentEdit {
	const changes = edits.map(({ span, text }): TextEdit => ({ range: file.lines.range(span), newText: text }));
	return { textDocument: { uri: file.uri, version: file.version }, edits: changes };
}

/** Changes of files, as the protocol writes them. */
import type { CreateFile, RenameFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import { folderOf, uriOnHost } from "../host/folder.ts";
import type { TextEdit as SpanEdit } from "../text/diagnostic.ts";
import type { SourceFile } from "./files.ts";
import { Lines } from "./lines.ts";
import type { Session } from "./session.ts";

/** The changes of one file, and how it comes to be where it is not there yet. */
interface FileChange {
	readonly uri: string;
	readonly version: number | null;
	readonly lines: Lines;
	readonly create: boolean;
	readonly edits: readonly SpanEdit[];
}

export function toWorkspaceEdit(session: Session, edits: ReadonlyMap<SourceFile, readonly SpanEdit[]>): WorkspaceEdit {
	const changes = [...edits].map(([{ uri, version, lines }, own]): FileChange => ({ uri, version, lines, create: false, edits: own }));
	return written(session, changes, []);
}

/**
 * Edits of a file and of others of its host by their paths; undefined where one of them has no place in the workspace, or would
 * have to be made by a client that makes none.
 * @param renames files that get another name after the edits; only for clients that can (`renameFiles`)
 */
export function toHostEdit(
	session: Session,
	file: SourceFile,
	edits: readonly SpanEdit[],
	renames: readonly RenameFile[] = [],
): WorkspaceEdit | undefined {
	const { files, client } = session;
	const changes = new Map<string, FileChange>();
	for (const edit of edits) {
		const { file: path = file.path } = edit;
		const known = changes.get(path);
		if (known !== undefined) {
			changes.set(path, { ...known, edits: [...known.edits, edit] });
			continue;
		}
		const source = path === file.path ? file : files.onSameHost(file, path);
		const text = source?.text ?? files.hostText(file, path);
		const uri = source?.uri ?? uriOnHost(folderOf(file.identity.host), path);
		const create = text === undefined;
		if (uri === undefined || (create && !client.createFiles)) return undefined;
		changes.set(path, { uri, version: source?.version ?? null, lines: source?.lines ?? new Lines(text ?? ""), create, edits: [edit] });
	}
	return written(session, [...changes.values()], renames);
}

function written({ client }: Session, changes: readonly FileChange[], renames: readonly RenameFile[]): WorkspaceEdit {
	const texts = ({ lines, edits }: FileChange) => edits.map(({ span, text }): TextEdit => ({ range: lines.range(span), newText: text }));
	if (!client.documentChanges) return { changes: Object.fromEntries(changes.map((change) => [change.uri, texts(change)])) };
	const created = changes.flatMap(({ uri, create }): CreateFile[] =>
		create ? [{ kind: "create", uri, options: { ignoreIfExists: true } }] : [],
	);
	const documents = changes.map((change): TextDocumentEdit => {
		const { uri, version } = change;
		return { textDocument: { uri, version }, edits: texts(change) };
	});
	return { documentChanges: [...created, ...documents, ...renames] };
}

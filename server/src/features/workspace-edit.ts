/** Changes of files, as the protocol writes them. */
import type { CreateFile, RenameFile, SnippetTextEdit, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import { folderOf, uriOnHost } from "../host/folder.ts";
import { Lines } from "../project/lines.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { TextEdit as SpanEdit } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { localize, type Session } from "./session.ts";

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
	const [own] = edits.keys();
	return written(session, own?.uri, changes, []);
}

/**
 * Edits of a file and of others of its host, by their paths. Undefined where the client cannot make one of them: a file without
 * a place in the workspace, one that is to be created, or places to fill in outside of the file in front.
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
		if (edit.snippet !== undefined && !(client.snippetEdits === true && path === file.path)) return undefined;
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
	return written(session, file.uri, [...changes.values()], renames);
}

/** The group of what changes in other files than the one in front. */
const BESIDE = "beside";

/** @param own the file that the user looks at */
function written(session: Session, own: string | undefined, changes: readonly FileChange[], renames: readonly RenameFile[]): WorkspaceEdit {
	const { client } = session;
	const textEdit = ({ lines }: FileChange, { span, text }: SpanEdit): TextEdit => ({ range: lines.range(span), newText: text });
	if (!client.documentChanges) {
		return { changes: Object.fromEntries(changes.map((change) => [change.uri, change.edits.map((edit) => textEdit(change, edit))])) };
	}
	const isGrouped = client.changeAnnotations === true && (renames.length > 0 || changes.some(({ uri }) => uri !== own));
	const groupOf = (uri: string) => (isGrouped && uri !== own ? { annotationId: BESIDE } : {});
	const created = changes.flatMap(({ uri, create }): CreateFile[] =>
		create ? [{ kind: "create", uri, options: { ignoreIfExists: true }, ...groupOf(uri) }] : [],
	);
	const documents = changes.map((change): TextDocumentEdit => {
		const { uri, version } = change;
		const edits = change.edits.map((edit): TextEdit | SnippetTextEdit => {
			const plain = textEdit(change, edit);
			if (edit.snippet !== undefined) return { range: plain.range, snippet: { kind: "snippet", value: edit.snippet } };
			return { ...plain, ...groupOf(uri) };
		});
		return { textDocument: { uri, version }, edits };
	});
	const renamed = renames.map((rename): RenameFile => ({ ...rename, ...(isGrouped ? { annotationId: BESIDE } : {}) }));
	return {
		documentChanges: [...created, ...documents, ...renamed],
		...(isGrouped && { changeAnnotations: { [BESIDE]: { label: localize(session, msg("Other files of the host")) } } }),
	};
}

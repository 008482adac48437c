import type { PatternFile } from "@openbsd-vnet/server/protocol";
import { l10n, Position, Uri, WorkspaceEdit, type WorkspaceEditEntryMetadata } from "vscode";
import { rangeOf } from "./ranges.ts";

/**
 * Makes an edit one that opens the refactoring preview before it is made. VS Code shows what needs to be confirmed without
 * its tick, file by file; so one edit of nothing asks for the preview, and what the others write is ticked.
 * @param uri any of the edit's files
 */
export function askForPreview(edit: WorkspaceEdit, uri: Uri): void {
	edit.insert(uri, new Position(0, 0), "", { needsConfirmation: true, label: l10n.t("Look at the changes below, then apply them") });
}

/** Makes the server's edits of a file part of an edit. */
export function addEdits(edit: WorkspaceEdit, uri: string, edits: PatternFile["edits"], metadata?: WorkspaceEditEntryMetadata): void {
	const target = Uri.parse(uri);
	for (const { range, newText } of edits) edit.replace(target, rangeOf(range), newText, metadata);
}

/** One edit of files that the server has told of. @param label what it is, in the preview */
export function editOfFiles(files: readonly PatternFile[], label: string): WorkspaceEdit {
	const edit = new WorkspaceEdit();
	const written: WorkspaceEditEntryMetadata = { needsConfirmation: false, label };
	for (const { uri, created, edits } of files) {
		if (created) {
			const contents = new TextEncoder().encode(edits.map(({ newText }) => newText).join(""));
			edit.createFile(Uri.parse(uri), { contents, ignoreIfExists: true }, written);
			continue;
		}
		addEdits(edit, uri, edits, written);
	}
	return edit;
}

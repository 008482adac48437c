import type { PatternFile } from "@openbsd-vnet/server/protocol";
import { l10n, Position, Range, Uri, WorkspaceEdit, type WorkspaceEditEntryMetadata } from "vscode";

/**
 * Makes an edit one that opens the refactoring preview before it is made. VS Code shows what needs to be confirmed without
 * its tick, file by file; so one edit of nothing asks for the preview, and what the others write is ticked.
 * @param uri any of the edit's files
 */
export function askForPreview(edit: WorkspaceEdit, uri: Uri): void {
	edit.insert(uri, new Position(0, 0), "", { needsConfirmation: true, label: l10n.t("Look at the changes below, then apply them") });
}

/** One edit of files that the server has told of. @param label what it is, in the preview */
export function editOfFiles(files: readonly PatternFile[], label: string): WorkspaceEdit {
	const edit = new WorkspaceEdit();
	const written: WorkspaceEditEntryMetadata = { needsConfirmation: false, label };
	for (const { uri, created, edits } of files) {
		const target = Uri.parse(uri);
		if (created) {
			const contents = new TextEncoder().encode(edits.map(({ newText }) => newText).join(""));
			edit.createFile(target, { contents, ignoreIfExists: true }, written);
			continue;
		}
		for (const { range, newText } of edits) {
			const { start, end } = range;
			edit.replace(target, new Range(start.line, start.character, end.line, end.character), newText, written);
		}
	}
	return edit;
}

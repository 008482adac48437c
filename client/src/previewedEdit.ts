import { l10n, Position, type Uri, type WorkspaceEdit } from "vscode";

/**
 * Makes an edit one that opens the refactoring preview before it is made. VS Code shows what needs to be confirmed without
 * its tick, file by file; so one edit of nothing asks for the preview, and what the others write is ticked.
 * @param uri any of the edit's files
 */
export function askForPreview(edit: WorkspaceEdit, uri: Uri): void {
	edit.insert(uri, new Position(0, 0), "", { needsConfirmation: true, label: l10n.t("Look at the changes below, then apply them") });
}

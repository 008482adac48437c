import { madeScheme } from "@openbsd-vnet/server/protocol";
import { type Uri, workspace } from "vscode";
import type { Middleware } from "vscode-languageclient";
import { liveScheme } from "./hosts/liveScheme.ts";

/**
 * True for a text that nobody can mend: an old version in a diff, or a document that we made. Hover helps there too;
 * diagnostics would fill the Problems panel with what is not the user's to fix, and lenses would count in one document alone.
 */
function isHistory(uri: Uri): boolean {
	return uri.scheme === madeScheme || uri.scheme === liveScheme || workspace.fs.isWritableFileSystem(uri.scheme) === false;
}

/** Reports no diagnostics and counts nothing in texts that cannot be edited. */
export const withoutHistory: Middleware = {
	handleDiagnostics(uri, diagnostics, next) {
		next(uri, isHistory(uri) ? [] : diagnostics);
	},
	async provideDiagnostics(document, previousResultId, token, next) {
		const uri = "uri" in document ? document.uri : document;
		if (isHistory(uri)) return null;
		return await next(document, previousResultId, token);
	},
	provideCodeLenses(document, token, next) {
		return isHistory(document.uri) ? [] : next(document, token);
	},
};

import { type Uri, workspace } from "vscode";
import type { Middleware } from "vscode-languageclient";
import { ownSchemes } from "./ownSchemes.ts";
import type { UnfinishedWords } from "./unfinishedWords.ts";

/**
 * True for a text that nobody can mend: an old version in a diff, or a document that we made. Hover helps there too;
 * diagnostics would fill the Problems panel with what is not the user's to fix, and lenses would count in one document alone.
 */
function isHistory(uri: Uri): boolean {
	return ownSchemes.includes(uri.scheme) || workspace.fs.isWritableFileSystem(uri.scheme) === false;
}

/** Reports no diagnostics and counts nothing in texts that cannot be edited, and of a word only once it is written. */
export function reportingWhatCounts(words: UnfinishedWords): Middleware {
	return {
		handleDiagnostics(uri, diagnostics, next) {
			next(uri, isHistory(uri) ? [] : words.told(uri, diagnostics));
		},
		async provideDiagnostics(document, previousResultId, token, next) {
			const uri = "uri" in document ? document.uri : document;
			if (isHistory(uri)) return null;
			const report = await next(document, previousResultId, token);
			if (report == null || !("items" in report)) return report;
			const items = words.told(uri, report.items);
			if (items.length === report.items.length) return report;
			// Without an id the whole answer comes again, once the word is left.
			const { resultId: _, ...rest } = report;
			return { ...rest, items };
		},
		provideCodeLenses(document, token, next) {
			return isHistory(document.uri) ? [] : next(document, token);
		},
	};
}

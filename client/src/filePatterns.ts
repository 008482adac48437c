/** The setting that takes further files in: patterns with the language that matching files are read as. */

import { languageIds } from "@openbsd-vnet/server/language";
import { settingsSection } from "@openbsd-vnet/server/protocol";
import { Disposable, languages, type TextDocument, workspace } from "vscode";
import { inBackground } from "./background.ts";

const setting = "additionalFilePatterns";

/** Applies the setting to open documents, to those opened later, and again when it changes. */
export function registerFilePatterns(): Disposable {
	const applyToAll = () => {
		for (const document of workspace.textDocuments) inBackground(apply(document));
	};
	applyToAll();
	return Disposable.from(
		workspace.onDidOpenTextDocument((document) => inBackground(apply(document))),
		workspace.onDidChangeConfiguration((change) => {
			if (change.affectsConfiguration(`${settingsSection}.${setting}`)) applyToAll();
		}),
	);
}

/** Only plain text is taken: a file that another language has claimed, or that the user has set, stays what it is. */
async function apply(document: TextDocument): Promise<void> {
	if (document.languageId !== "plaintext") return;
	const patterns = workspace.getConfiguration(settingsSection, document).get<Record<string, string>>(setting, {});
	for (const [pattern, language] of Object.entries(patterns)) {
		if (!languageIds.some((id) => id === language)) continue;
		if (languages.match({ pattern: /^(\/|\*\*)/.test(pattern) ? pattern : `**/${pattern}` }, document) > 0) {
			await languages.setTextDocumentLanguage(document, language);
			return;
		}
	}
}

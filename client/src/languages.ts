import { languageIds } from "@openbsd-vnet/server/language";
import { languages, type TextDocument } from "vscode";

const selector = languageIds.map((language) => ({ language }));

/** True for a document in one of our languages. */
export function isOurs(document: TextDocument): boolean {
	return languages.match(selector, document) > 0;
}

import type { LanguageId } from "@openbsd-vnet/server";
import { languages, type TextDocument } from "vscode";

/** The languages of the manifest. */
export const languageIds: readonly LanguageId[] = ["openbsd-pf", "openbsd-vm", "openbsd-hostname", "openbsd-pftest"];

const selector = languageIds.map((language) => ({ language }));

/** True for a document in one of our languages. */
export function isOurs(document: TextDocument): boolean {
	return languages.match(selector, document) > 0;
}

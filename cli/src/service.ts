/** The language service, which speaks the language of this machine. */
import { createLanguageService, type LanguageService, type Workspace } from "@openbsd-vnet/server";
import { ownTranslations } from "./translations.ts";

export function ownService(workspace: Workspace): LanguageService {
	const translations = ownTranslations();
	return createLanguageService(workspace, translations && { translations });
}

import { hostnameLanguage } from "../hostname/language.ts";
import { pfLanguage } from "../pf/language.ts";
import { pfTestLanguage } from "../pftest/file.ts";
import type { Language, LanguageId } from "../text/language.ts";
import { vmLanguage } from "../vm/language.ts";

/** The languages that are served, by their id. */
export const languages: ReadonlyMap<LanguageId, Language> = new Map(
	[pfLanguage, vmLanguage, hostnameLanguage, pfTestLanguage].map((language) => [language.id, language]),
);

export function isLanguageId(id: string): id is LanguageId {
	return languages.has(id as LanguageId);
}

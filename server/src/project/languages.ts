import { hostnameLanguage } from "../hostname/language.ts";
import { pfLanguage } from "../pf/language.ts";
import { pfTestLanguage } from "../pftest/file.ts";
import type { Language, LanguageId, NameRule, ParsedFile } from "../text/language.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import { vmLanguage } from "../vm/language.ts";

/** The languages that are served, by their id. */
export const languages: ReadonlyMap<LanguageId, Language> = new Map(
	[pfLanguage, vmLanguage, hostnameLanguage, pfTestLanguage].map((language) => [language.id, language]),
);

export function isLanguageId(id: string): id is LanguageId {
	return languages.has(id as LanguageId);
}

/** What a name of a kind may be, by the language whose names these are. */
export function nameRule(kind: SymbolKind): NameRule | undefined {
	for (const { names } of languages.values()) if (names?.[kind] !== undefined) return names[kind];
	return undefined;
}

/** Whether a language keeps a word for itself, so that it is no name without quotes. */
export function isReserved({ language, context: { release } }: ParsedFile, word: string): boolean {
	return languages.get(language)?.reserved?.(release).has(word) === true;
}

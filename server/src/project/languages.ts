import { hostnameLanguage } from "../hostname/language.ts";
import { pfLanguage } from "../pf/language.ts";
import { pfTestLanguage } from "../pftest/file.ts";
import type { Language, LanguageId, NameKind, ParsedFile } from "../text/language.ts";
import type { SymbolKind, ValueType } from "../text/vocabulary.ts";
import { vmLanguage } from "../vm/language.ts";

/** The languages that are served, by their id. */
export const languages: ReadonlyMap<LanguageId, Language> = new Map<LanguageId, Language>(
	[pfLanguage, vmLanguage, hostnameLanguage, pfTestLanguage].map((language): [LanguageId, Language] => [language.id, language]),
);

/** Every kind of name; one that no language has does not compile. */
export const nameKinds: Readonly<Record<SymbolKind, NameKind>> = { ...pfLanguage.names, ...vmLanguage.names, ...hostnameLanguage.names };

/** The same in the order in which they are asked for a name: those of pf.conf are the widest. */
const byName = [...languages.values()].reverse();

/** The language of a file by its name, undefined for every other file. */
export function languageOf(path: string): LanguageId | undefined {
	return byName.find((language) => language.isNamed(path))?.id;
}

export function isLanguageId(id: string): id is LanguageId {
	return languages.has(id as LanguageId);
}

/** Whether a value of a type is a name. */
export function isNameKind(type: ValueType): type is SymbolKind {
	return Object.hasOwn(nameKinds, type);
}

/** Whether a file is read only because another one names it, as the others of its language are. */
export function isPart({ path, parsed }: { readonly path: string; readonly parsed: ParsedFile }): boolean {
	const { mainFile } = languages.get(parsed.language) ?? {};
	return mainFile !== undefined && path !== mainFile;
}

/** Whether a language keeps a word for itself, so that it is no name without quotes. */
export function isReservedWord({ language, context: { release } }: ParsedFile, word: string): boolean {
	return languages.get(language)?.reserved?.(release).has(word) === true;
}

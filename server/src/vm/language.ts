import type { Language } from "../text/language.ts";
import { VmFile } from "./file.ts";
import { MEMORY_SIZES, vmNames } from "./names.ts";
import { vmSnippets } from "./snippets.ts";
import { reservedWords, vmVocabulary } from "./vocabulary.ts";

/** vm.conf(5). */
export const vmLanguage: Language = {
	id: "openbsd-vm",
	parse: (text, context) => VmFile.parse(text, context),
	vocabulary: vmVocabulary,
	snippets: vmSnippets,
	reserved: () => reservedWords,
	names: vmNames,
	values: (type) => (type === "size" ? MEMORY_SIZES.map((name, i) => ({ name, weight: 100 - i })) : []),
};

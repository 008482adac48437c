import type { Language } from "../text/language.ts";
import { VmFile } from "./file.ts";
import { vmSnippets } from "./snippets.ts";
import { reservedWords, vmVocabulary } from "./vocabulary.ts";

/** vm.conf(5). */
export const vmLanguage: Language = {
	id: "openbsd-vm",
	parse: (text, context) => VmFile.parse(text, context),
	vocabulary: vmVocabulary,
	snippets: vmSnippets,
	reserved: () => reservedWords,
};

import type { FileContext, Language } from "../text/language.ts";
import type { ValueType } from "../text/vocabulary.ts";
import { VmFile } from "./file.ts";
import { vmDiagnostics } from "./lint.ts";
import { MEMORY_SIZES, vmNames } from "./names.ts";
import { vmSnippets } from "./snippets.ts";
import { reservedWords, vmVocabulary } from "./vocabulary.ts";

/** vm.conf(5). */
export const vmLanguage = {
	id: "openbsd-vm" as const,
	parse: (text: string, context: FileContext) => VmFile.parse(text, context),
	isNamed: (path: string) => /(?:^|\/)vm\.conf$|\/vm\.d\/[^/]+\.conf$/.test(path),
	vocabulary: vmVocabulary,
	diagnostics: vmDiagnostics,
	snippets: vmSnippets,
	manual: "vm.conf",
	choosesLladdr: true,
	reserved: () => reservedWords,
	names: vmNames,
	values: (type: ValueType) => (type === "size" ? MEMORY_SIZES.map((name, i) => ({ name, weight: 100 - i })) : []),
} satisfies Language;

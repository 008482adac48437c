import type { FileContext, Language } from "../text/language.ts";
import { HostnameFile } from "./file.ts";
import { hostnameNames } from "./names.ts";
import { hostnameSnippets } from "./snippets.ts";
import { hostnameVocabulary } from "./vocabulary.ts";

/** hostname.if(5). */
export const hostnameLanguage = {
	id: "openbsd-hostname" as const,
	parse: (text: string, context: FileContext) => HostnameFile.parse(text, context),
	vocabulary: hostnameVocabulary,
	snippets: hostnameSnippets,
	names: hostnameNames,
	manual: "hostname.if",
	expandsTo: "commands",
} satisfies Language;

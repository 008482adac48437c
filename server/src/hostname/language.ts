import type { Language } from "../text/language.ts";
import { HostnameFile } from "./file.ts";
import { hostnameNames } from "./names.ts";
import { hostnameSnippets } from "./snippets.ts";
import { hostnameVocabulary } from "./vocabulary.ts";

/** hostname.if(5). */
export const hostnameLanguage: Language = {
	id: "openbsd-hostname",
	parse: (text, context) => HostnameFile.parse(text, context),
	vocabulary: hostnameVocabulary,
	snippets: hostnameSnippets,
	names: hostnameNames,
};

import type { FileContext, Language } from "../text/language.ts";
import { hostnameDiagnostics } from "./diagnostics.ts";
import { HostnameFile } from "./file.ts";
import { hostnameNames, hostnameOf, isInterfaceName } from "./names.ts";
import { hostnameSnippets } from "./snippets.ts";
import { hostnameVocabulary } from "./vocabulary.ts";

/** hostname.if(5). */
export const hostnameLanguage = {
	id: "openbsd-hostname" as const,
	parse: (text: string, context: FileContext) => HostnameFile.parse(text, context),
	isNamed: (path: string) => isInterfaceName(hostnameOf(path) ?? ""),
	vocabulary: hostnameVocabulary,
	diagnostics: hostnameDiagnostics,
	snippets: hostnameSnippets,
	names: hostnameNames,
	manual: "hostname.if",
	expandsTo: "commands",
} satisfies Language;

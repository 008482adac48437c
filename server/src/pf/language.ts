import { newestRelease } from "../releases/releases.ts";
import { PF_CONF } from "../text/host-paths.ts";
import type { FileContext, Language } from "../text/language.ts";
import type { Release } from "../text/vocabulary.ts";
import { PfFile } from "./editor/file.ts";
import { pfValues } from "./editor/values.ts";
import { grammarOf } from "./grammar/grammar.ts";
import { pfSnippets } from "./snippets.ts";
import { PF_NAMES } from "./words/name-kinds.ts";
import { PF_VOCABULARY } from "./words/vocabulary.ts";

/** pf.conf(5). */
export const pfLanguage = {
	id: "openbsd-pf" as const,
	parse: (text: string, context: FileContext) => PfFile.parse(text, context),
	vocabulary: PF_VOCABULARY,
	snippets: pfSnippets,
	names: PF_NAMES,
	manual: "pf.conf",
	mainFile: PF_CONF,
	macrosInMacros: true,
	expandsTo: "rules",
	values: pfValues,
	reserved: (release: Release | undefined = newestRelease) => grammarOf(release).keywords.words,
} satisfies Language;

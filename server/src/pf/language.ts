import { newestRelease } from "../releases/releases.ts";
import type { Language } from "../text/language.ts";
import { PfFile } from "./editor/file.ts";
import { pfValues } from "./editor/values.ts";
import { grammarOf } from "./grammar/grammar.ts";
import { pfNames } from "./names/name-rules.ts";
import { pfSnippets } from "./snippets.ts";
import { PF_VOCABULARY } from "./words/vocabulary.ts";

/** pf.conf(5). */
export const pfLanguage: Language = {
	id: "openbsd-pf",
	parse: (text, context) => PfFile.parse(text, context),
	vocabulary: PF_VOCABULARY,
	snippets: pfSnippets,
	names: pfNames,
	values: pfValues,
	reserved: (release = newestRelease) => grammarOf(release).keywords.words,
};

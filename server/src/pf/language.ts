import { newestRelease } from "../releases/releases.ts";
import { PF_CONF } from "../text/host-paths.ts";
import type { FileContext, Language } from "../text/language.ts";
import type { Release } from "../text/vocabulary.ts";
import { PfFile } from "./editor/file.ts";
import { pfValues } from "./editor/values.ts";
import { grammarOf } from "./grammar/grammar.ts";
import { pfLintDiagnostics } from "./lint/lint.ts";
import { pfSnippets } from "./snippets.ts";
import { PF_ERRORS } from "./words/check.ts";
import { PF_NAMES } from "./words/name-kinds.ts";
import { PF_VOCABULARY } from "./words/vocabulary.ts";

/** Endings of what stands beside rules and is none. */
const OTHERS = /\.(?:md|markdown|txt|html?|pdf|sh|ksh|awk|pl|py|rb|js|ts|json|ya?ml|xml|toml|csv|log|gz|tgz|zip|sig|sha256)$/i;

function isNamed(path: string): boolean {
	const name = path.slice(path.lastIndexOf("/") + 1);
	if (name === "pf.os" || OTHERS.test(name)) return false;
	return name === "pf.conf" || /\/etc\/pf\.[^/]+$/.test(path) || /\/pf\.[^/]+\/(?:.*\/)?[^/]+\.conf$/.test(path);
}

/** pf.conf(5). */
export const pfLanguage = {
	id: "openbsd-pf" as const,
	parse: (text: string, context: FileContext) => PfFile.parse(text, context),
	isNamed,
	vocabulary: PF_VOCABULARY,
	diagnostics: { ...PF_ERRORS, ...pfLintDiagnostics },
	snippets: pfSnippets,
	names: PF_NAMES,
	manual: "pf.conf",
	mainFile: PF_CONF,
	macrosInMacros: true,
	expandsTo: "rules",
	values: pfValues,
	reserved: (release: Release | undefined = newestRelease) => grammarOf(release).keywords.words,
} satisfies Language;

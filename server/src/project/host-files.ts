/** Which files are a host's: those that stand in their place under a name that tells what they are, and those that others name. */
import type { LanguageId } from "../text/language.ts";
import { languageOf } from "./languages.ts";
import { rulesetPaths } from "./named-files.ts";
import type { SourceFile } from "./source-file.ts";

/** Files of a host that are not in our languages and that tell about its network. */
const COMPANIONS = new Set([
	"sysctl.conf",
	"rc.conf.local",
	"mygate",
	"myname",
	"dhcpd.conf",
	"resolv.conf",
	"hosts",
	"services",
	"protocols",
	"pf.os",
]);
/** Folders of /etc with configuration of ours. */
const FOLDERS = /^(?:pf|vm)\.[^/]+$/;
const MAX_DEPTH = 6;

/** Whether files are looked for in the folder of a path; a folder's own path ends with a slash. */
export function isSearched(path: string): boolean {
	const [, top, ...folders] = path.split("/").slice(0, -1);
	const [first] = folders;
	return top === "etc" && folders.length <= MAX_DEPTH && (first === undefined || FOLDERS.test(first));
}

/** The language of a file that is the host's whether or not another one names it. */
export function ownLanguageOf(path: string): LanguageId | undefined {
	return isSearched(path) ? languageOf(path) : undefined;
}

/** Whether a file is read although nothing names it. */
export function isLookedFor(path: string): boolean {
	return ownLanguageOf(path) !== undefined || (path.startsWith("/etc/") && COMPANIONS.has(path.slice("/etc/".length)));
}

/**
 * What files name whose text they take as statements, and what those name in turn: once for each language in which it is read.
 * @param own the files that are the host's whether or not another one names them
 * @param read another file in a language; undefined where it is one of those, or not known
 */
export function namedFiles(
	own: readonly SourceFile[],
	read: (path: string, language: LanguageId) => SourceFile | undefined,
): readonly SourceFile[] {
	const found = new Map<string, SourceFile>();
	const naming = [...own];
	for (const file of naming) {
		for (const path of rulesetPaths(file)) {
			const language = languageOf(path) ?? file.identity.language.id;
			const key = `${language} ${path}`;
			const named = found.has(key) ? undefined : read(path, language);
			if (named === undefined) continue;
			found.set(key, named);
			naming.push(named);
		}
	}
	return [...found.values()];
}

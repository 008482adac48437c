/** Test code: a whole host in one string, with the cursor in it. */

import { Documents } from "../project/documents.ts";
import { languageOf, languages } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { Language } from "../text/language.ts";
import { memoryWorkspace } from "../workspace.ts";
import type { ClientAbilities, Session } from "./session.ts";

/** A client that can do everything. */
export const ableClient: ClientAbilities = {
	snippets: true,
	markdown: true,
	lineFoldingOnly: false,
	documentChanges: true,
	createFiles: true,
	renameFiles: true,
	snippetEdits: true,
	hierarchicalSymbols: true,
};

const ROOT = "file:///host";

export interface Opened {
	readonly documents: Documents;
	readonly session: Session;
	/** The file with the cursor; the first one without. */
	readonly file: SourceFile;
	/** Where the cursor stands, or the start of the selection. */
	readonly offset: number;
	/** The end of the selection: the second cursor, or the same. */
	readonly end: number;
}

/**
 * Opens a host. Files start with a line `//- /etc/pf.conf`; without such a line, the text is the file of `path`.
 * `|` marks the cursor, two of them a selection. With `language`, it alone is served. The file with the cursor is open, the others are on disk.
 */
export async function open(
	fixture: string,
	{ path = "/etc/pf.conf", language, ...more }: { path?: string; language?: Language } & Partial<Session> = {},
): Promise<Opened> {
	const files = new Map<string, string>();
	const parts = fixture.split(/^\/\/- (\S+)\n/m);
	if (parts.length === 1) files.set(path, fixture);
	for (let i = 1; i < parts.length; i += 2) files.set(parts[i] ?? "", parts[i + 1] ?? "");
	const [firstPath = path] = files.keys();
	const main = [...files].find(([, text]) => text.includes("|"))?.[0] ?? firstPath;
	const marked = files.get(main) ?? "";
	const text = marked.replaceAll("|", "");
	const offset = Math.max(0, marked.indexOf("|"));
	const end = Math.max(offset, marked.lastIndexOf("|") - (marked.split("|").length > 2 ? 1 : 0));

	const onDisk = Object.fromEntries([...files].map(([name, content]) => [ROOT + name, name === main ? text : content]));
	const served = language === undefined ? languages : new Map([[language.id, language]]);
	const documents = new Documents(memoryWorkspace(onDisk, [ROOT]), undefined, undefined, served);
	documents.open(ROOT + main, languageOf(main) ?? "", 1, text);
	await documents.whenSettled(ROOT + main);
	const file = documents.file(ROOT + main);
	if (file === undefined) throw new Error(`${main} is in none of the languages`);
	const session: Session = {
		files: documents,
		settings: {},
		client: ableClient,
		...more,
	};
	return { documents, session, file, offset, end };
}

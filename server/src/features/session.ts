/** What every feature is given beside the parameters of its request. */

import type { Files } from "../project/files.ts";
import type { ServerSettings } from "../protocol.ts";
import { type Message, render, type Translations } from "../text/message.ts";

/** What the editor at the other end can take. */
export interface ClientAbilities {
	readonly snippets: boolean;
	/** Completions with two ranges: one up to the cursor, one over the whole word. */
	readonly insertReplace?: boolean;
	readonly markdown: boolean;
	readonly lineFoldingOnly: boolean;
	/** Edits with the versions of documents; plain edits by URI without. */
	readonly documentChanges: boolean;
	readonly createFiles: boolean;
	/** Asks for the edit of a code action when it is taken. */
	readonly lateEdits?: boolean;
	readonly renameFiles: boolean;
	/** Edits whose places are to be filled in. */
	readonly snippetEdits?: boolean;
	/** Edits in groups that have names. */
	readonly changeAnnotations?: boolean;
	readonly hierarchicalSymbols: boolean;
}

export interface Session {
	readonly files: Files;
	readonly settings: ServerSettings;
	readonly client: ClientAbilities;
	/** Texts in the reader's language; English without. */
	readonly translations?: Translations;
	/** The URI of the folder with diagnostics.md, where the editor can open it. */
	readonly documentation?: string;
}

/** A message in the reader's language. */
export function localize(session: Session, message: Message): string {
	return render(message, session.translations);
}

/** The title of a fix: lists and menus show a backquote as it is. */
export function titleText(session: Session, title: Message): string {
	return localize(session, title).replaceAll("`", "'");
}

/** A text of a vocabulary or a catalogue in the reader's language. */
export function translated(session: Session, text: string): string {
	return session.translations?.[text] ?? text;
}

/** Read-only documents beside a file: the ruleset that pfctl makes of it, the commands that netstart runs for it. */

import { type Expanded, ExpandedRequest } from "@openbsd-vnet/server/protocol";
import {
	commands,
	type DefinitionProvider,
	Disposable,
	EventEmitter,
	type LocationLink,
	l10n,
	languages,
	type Position,
	Range,
	type TextDocument,
	type TextDocumentContentProvider,
	Uri,
	ViewColumn,
	window,
	workspace,
} from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { isOurs } from "./languages.ts";
import { showInformation } from "./notices.ts";

export const expandedScheme = "openbsd-vnet";

/** Typing is followed after a pause of this many milliseconds. */
const pause = 150;

/** The languages of the files that other programs make something of. */
const expandable: ReadonlySet<string> = new Set(["openbsd-pf", "openbsd-hostname"]);

/** Registers the commands, and the documents that they open. */
export function registerExpandedDocuments(server: LanguageServer): Disposable {
	const documents = new ExpandedDocuments(server);
	return Disposable.from(
		documents,
		workspace.registerTextDocumentContentProvider(expandedScheme, documents),
		languages.registerDefinitionProvider({ scheme: expandedScheme }, documents),
		commands.registerCommand("openbsdVnet.showExpanded", (uri?: Uri) => show(uri)),
		commands.registerCommand("openbsdVnet.showNetstart", (uri?: Uri) => show(uri)),
	);
}

/** Opens the document made of `uri`, or of the file in the active editor, beside it. */
async function show(uri: Uri | undefined): Promise<void> {
	const source = uri ?? window.activeTextEditor?.document.uri;
	if (source?.scheme === expandedScheme) return;
	const sourceDocument = source === undefined ? undefined : await workspace.openTextDocument(source);
	if (source === undefined || sourceDocument === undefined || !expandable.has(sourceDocument.languageId)) {
		inBackground(showInformation(l10n.t("Open a pf.conf, an anchor's file or a hostname file first.")));
		return;
	}
	const made = await workspace.openTextDocument(expandedUri(source));
	// The rules that pfctl prints are rules again; netstart's commands are shell.
	await languages.setTextDocumentLanguage(made, sourceDocument.languageId === "openbsd-pf" ? "openbsd-pf" : "shellscript");
	await window.showTextDocument(made, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: true });
}

/** `openbsd-vnet:/etc/pf.conf (expanded)?file:///…/etc/pf.conf`: the path is the title, the query the source. */
function expandedUri(source: Uri): Uri {
	return Uri.from({ scheme: expandedScheme, path: l10n.t("{0} (expanded)", source.path), query: source.toString() });
}

class ExpandedDocuments implements TextDocumentContentProvider, DefinitionProvider, Disposable {
	readonly #server: LanguageServer;
	readonly #changed = new EventEmitter<Uri>();
	readonly #latest = new Map<string, Expanded>();
	readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
	readonly #listeners: Disposable;

	readonly onDidChange = this.#changed.event;

	constructor(server: LanguageServer) {
		this.#server = server;
		this.#listeners = Disposable.from(
			workspace.onDidChangeTextDocument(({ document }) => this.#follow(document)),
			workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString())),
		);
	}

	async provideTextDocumentContent(uri: Uri): Promise<string> {
		const expanded = await this.#server.request(ExpandedRequest, { uri: uri.query });
		if (expanded === null) {
			this.#latest.delete(uri.toString());
			return l10n.t("# Nothing to show for this file.\n");
		}
		this.#latest.set(uri.toString(), expanded);
		return expanded.cutOff === undefined ? expanded.text : `${expanded.text}# ${expanded.cutOff}\n`;
	}

	/** A line leads to the statement that it comes from. As links, all lines would be underlined all the time. */
	provideDefinition(document: TextDocument, { line }: Position): LocationLink[] {
		const links = this.#latest.get(document.uri.toString())?.links ?? [];
		return links.flatMap(({ line: from, target }) => {
			if (from !== line) return [];
			const { start, end } = target.range;
			const targetRange = new Range(start.line, start.character, end.line, end.character);
			return [{ originSelectionRange: document.lineAt(line).range, targetUri: Uri.parse(target.uri), targetRange }];
		});
	}

	dispose(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		this.#listeners.dispose();
		this.#changed.dispose();
	}

	/** An edit in any file may change what is made of another: a macro, an included file, an anchor. */
	#follow(edited: TextDocument): void {
		if (edited.uri.scheme === expandedScheme || !isOurs(edited)) return;
		for (const document of workspace.textDocuments) {
			if (document.uri.scheme !== expandedScheme) continue;
			const key = document.uri.toString();
			clearTimeout(this.#timers.get(key));
			this.#timers.set(
				key,
				setTimeout(() => {
					this.#timers.delete(key);
					this.#changed.fire(document.uri);
				}, pause),
			);
		}
	}

	#forget(key: string): void {
		clearTimeout(this.#timers.get(key));
		this.#timers.delete(key);
		this.#latest.delete(key);
	}
}

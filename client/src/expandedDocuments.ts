/** Read-only documents beside a file: the ruleset that pfctl makes of it, the commands that netstart runs for it. */

import { madeScheme } from "@openbsd-vnet/server/protocol";
import { commands, Disposable, l10n, languages, Uri, ViewColumn, window, workspace } from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { showInformation } from "./notices.ts";

/** The languages of the files that other programs make something of. */
const expandable: ReadonlySet<string> = new Set(["openbsd-pf", "openbsd-hostname"]);

/** Registers the commands that open them. The server makes their texts, and the language client shows them. */
export function registerExpandedDocuments(server: LanguageServer): Disposable {
	return Disposable.from(
		commands.registerCommand("openbsdVnet.showExpanded", (uri?: Uri | string) => show(server, uri)),
		commands.registerCommand("openbsdVnet.showNetstart", (uri?: Uri) => show(server, uri)),
	);
}

/** Opens the document made of `uri`, or of the file in the active editor, beside it. */
async function show(server: LanguageServer, uri: Uri | string | undefined): Promise<void> {
	const source = (typeof uri === "string" ? Uri.parse(uri) : uri) ?? window.activeTextEditor?.document.uri;
	if (source?.scheme === madeScheme) return;
	const sourceDocument = source === undefined ? undefined : await workspace.openTextDocument(source);
	if (source === undefined || sourceDocument === undefined || !expandable.has(sourceDocument.languageId)) {
		inBackground(showInformation(l10n.t("Open a pf.conf, an anchor's file or a hostname file first.")));
		return;
	}
	await server.ready();
	const made = await workspace.openTextDocument(expandedUri(source));
	// The rules that pfctl prints are rules again; netstart's commands are shell.
	await languages.setTextDocumentLanguage(made, sourceDocument.languageId === "openbsd-pf" ? "openbsd-pf" : "shellscript");
	await window.showTextDocument(made, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: true });
}

/** `openbsd-vnet:/etc/pf.conf (expanded)?file:///…/etc/pf.conf`: the path is the title, the query the source. */
function expandedUri(source: Uri): Uri {
	return Uri.from({ scheme: madeScheme, path: l10n.t("{0} (expanded)", source.path), query: source.toString() });
}

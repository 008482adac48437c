/** "Update All Anchor Files From Live Taps": one edit of all files, shown before it is made. */
import { l10n, Uri, WorkspaceEdit, workspace } from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showInformation } from "../notices.ts";
import { addEdits, askForPreview } from "../previewedEdit.ts";
import { asking, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

export async function updateAnchors(server: LanguageServer, hosts: LiveHosts, host: KnownHost): Promise<void> {
	const { etc } = host;
	if (etc === undefined) return;
	const state = await asking(host, (token) => hosts.refresh(host, token));
	if (state === undefined) {
		tellTrouble(hosts, host);
		return;
	}
	const files = await server.request("liveEdits", { etc });
	if (files.length === 0) {
		inBackground(showInformation(l10n.t("The anchor files of {0} name the taps that its guests have now.", host.name)));
		return;
	}
	const edit = new WorkspaceEdit();
	const label = l10n.t("Live taps of {0}", host.name);
	for (const { uri, edits } of files) addEdits(edit, uri, edits, { label, needsConfirmation: false });
	const [first] = files;
	if (first !== undefined) askForPreview(edit, Uri.parse(first.uri));
	await workspace.applyEdit(edit, { isRefactoring: true });
}

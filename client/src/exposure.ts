import { commands, Disposable, l10n, type Uri } from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { MarkdownPages } from "./markdownPages.ts";
import { showInformation } from "./notices.ts";
import { fileOfHost } from "./whichHost.ts";

/** "OpenBSD: Show What the Outside May Reach" */
export function registerExposure(server: LanguageServer): Disposable {
	const pages = new MarkdownPages("openbsd-vnet-exposure");
	return Disposable.from(
		pages,
		commands.registerCommand("openbsdVnet.showExposure", (uri?: Uri) => showExposure(server, pages, uri)),
	);
}

/** @returns what is shown; undefined where there is nothing */
async function showExposure(server: LanguageServer, pages: MarkdownPages, uri: Uri | undefined): Promise<string | undefined> {
	const file = await fileOfHost(server, uri);
	if (file === undefined) return undefined;
	const page = await server.request("exposure", { uri: file });
	if (page === null) {
		inBackground(showInformation(l10n.t("There is no pf.conf: the host has no rules.")));
		return undefined;
	}
	await pages.show(l10n.t("Exposure of {0}", page.host), page.markdown);
	return page.markdown;
}

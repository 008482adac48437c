/** "Open Anchor File". */
import { commands, type DocumentLink, l10n, Uri, window, workspace } from "vscode";
import { inBackground } from "../background.ts";
import { showInformation } from "../notices.ts";
import type { KnownHost } from "./liveHosts.ts";

/** The file that pf.conf loads into an anchor, told by the anchor's path or its last part. */
export async function openAnchor({ etc, name: host }: KnownHost, name: string): Promise<void> {
	if (etc === undefined) return;
	const document = await workspace.openTextDocument(Uri.parse(`${etc}/pf.conf`));
	const links = await commands.executeCommand<DocumentLink[]>("vscode.executeLinkProvider", document.uri);
	const link = links.find(({ range }) => {
		const loaded = /\bload\s+anchor\s+"?([^\s"]+)"?/.exec(document.lineAt(range.start.line).text)?.[1];
		return loaded === name || loaded?.split("/").at(-1) === name;
	});
	if (link?.target !== undefined) await window.showTextDocument(link.target);
	else inBackground(showInformation(l10n.t("pf.conf of {0} loads no file into the anchor {1}.", host, name)));
}

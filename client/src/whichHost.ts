/** Which host a command is about: that of the editor, the only one, or the one that is picked. */
import type { HostItem } from "@openbsd-vnet/server/protocol";
import { commands, l10n, Uri, window, workspace } from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { isOurs } from "./languages.ts";
import { showInformation } from "./notices.ts";
import { ownSchemes } from "./ownSchemes.ts";

export const noHost = (): string => l10n.t("No host to show: open a folder with the files of a host's /etc.");

/** The host that a file belongs to. */
export function hostOf(hosts: readonly HostItem[], uri: string): HostItem | undefined {
	return hosts.find(({ etc }) => uri.startsWith(`${etc}/`));
}

/** The host of the active editor. */
export function hostOfEditor(hosts: readonly HostItem[]): HostItem | undefined {
	return hostOf(hosts, window.activeTextEditor?.document.uri.toString() ?? "");
}

/** Undefined where there is none, which the user is told, or none was picked. */
export async function whichHost(server: LanguageServer): Promise<string | undefined> {
	const hosts = await server.request("hosts", {});
	if (hosts.length === 0) {
		const [open, insert] = [l10n.t("Open Folder"), l10n.t("Insert Network Pattern")];
		inBackground(
			showInformation(noHost(), open, insert).then((choice) =>
				choice === open
					? commands.executeCommand("vscode.openFolder")
					: choice === insert
						? commands.executeCommand("openbsdVnet.insertPattern")
						: undefined,
			),
		);
		return undefined;
	}
	const own = hostOfEditor(hosts);
	if (own !== undefined || hosts.length === 1) return (own ?? hosts[0])?.etc;
	const items = hosts.map(({ name, etc }) => ({ label: name, description: workspace.asRelativePath(Uri.parse(etc)), etc }));
	return (await window.showQuickPick(items, { placeHolder: l10n.t("Which host?") }))?.etc;
}

/** A file that stands for its host: the one that is given, that of the active editor, or pf.conf of a host that is picked. */
export async function fileOfHost(server: LanguageServer, given: Uri | undefined): Promise<string | undefined> {
	const document = window.activeTextEditor?.document;
	const known =
		given ?? (document !== undefined && isOurs(document) && !ownSchemes.includes(document.uri.scheme) ? document.uri : undefined);
	if (known !== undefined) return known.toString();
	const etc = await whichHost(server);
	return etc === undefined ? undefined : `${etc}/pf.conf`;
}

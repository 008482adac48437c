import type { UpgradeFinding, UpgradeView } from "@openbsd-vnet/server/protocol";
import { commands, Disposable, l10n, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { MarkdownPages } from "./markdownPages.ts";
import { showError, showInformation } from "./notices.ts";
import { addEdits, askForPreview } from "./previewedEdit.ts";
import { whichHost } from "./whichHost.ts";

/** "OpenBSD: Show What Changes With the Next Release..." */
export function registerUpgrade(server: LanguageServer): Disposable {
	const pages = new MarkdownPages("openbsd-vnet-upgrade");
	return Disposable.from(
		pages,
		commands.registerCommand("openbsdVnet.showUpgrade", () => showUpgrade(server, pages)),
	);
}

async function showUpgrade(server: LanguageServer, pages: MarkdownPages): Promise<void> {
	const etc = await whichHost(server);
	if (etc === undefined) return;
	const active = window.activeTextEditor?.document.uri.toString() ?? "";
	const read = active.startsWith(`${etc}/`) ? await server.request("release", { uri: active }) : null;
	const to = await pickRelease(read?.all ?? [], read === null || read.by === "newest" ? undefined : read.release, server);
	if (to === undefined) return;
	const answer = await server.request("upgrade", { etc, from: null, to });
	if (answer === null) {
		inBackground(showError(l10n.t("There are no files of a host.")));
		return;
	}
	await pages.show(`${answer.view.host} ${answer.view.from} → ${answer.view.to}`, answer.markdown);
	const fixable = fixableOf(answer.view);
	if (fixable.length === 0) return;
	const choose = l10n.t("Choose Fixes…");
	const chosen = await showInformation(l10n.t("{0} of these changes have a fix.", fixable.length), choose);
	if (chosen !== choose) return;
	// The notification may have waited while the files were edited: their places are asked for again.
	const now = await server.request("upgrade", { etc, from: null, to });
	if (now !== null) await applyFixes(fixableOf(now.view));
}

const fixableOf = ({ findings }: UpgradeView): readonly UpgradeFinding[] => findings.filter(({ fixes }) => fixes.length > 0);

/** The releases behind the one that the host runs; all of them where that is not known. */
async function pickRelease(all: readonly string[], running: string | undefined, server: LanguageServer): Promise<string | undefined> {
	const known = all.length > 0 ? all : [server.status?.release ?? ""];
	const behind = running === undefined ? known.slice(1) : known.slice(known.indexOf(running) + 1);
	const items = (behind.length > 0 ? behind : known).map((release) => ({ label: `OpenBSD ${release}`, release }));
	const placeHolder = running === undefined ? l10n.t("Which release?") : l10n.t("From OpenBSD {0} to which release?", running);
	return (await window.showQuickPick(items, { placeHolder }))?.release;
}

async function applyFixes(findings: readonly UpgradeFinding[]): Promise<void> {
	const items = findings.flatMap(({ fixes, path, range, message }) =>
		fixes.map((fix) => ({ label: fix.title, description: `${path}:${range.start.line + 1}`, detail: message, fix })),
	);
	const chosen = await window.showQuickPick(items, { canPickMany: true, placeHolder: l10n.t("Which fixes?") });
	if (chosen === undefined || chosen.length === 0) return;
	const edit = new WorkspaceEdit();
	for (const { uri, edits } of chosen.flatMap(({ fix }) => fix.edits)) {
		edit.createFile(Uri.parse(uri), { ignoreIfExists: true });
		addEdits(edit, uri, edits);
	}
	const [first] = edit.entries();
	if (first !== undefined) askForPreview(edit, first[0]);
	// VS Code says nothing of an edit that it could not make.
	if (!(await workspace.applyEdit(edit))) inBackground(showInformation(l10n.t("No fix was made.")));
}

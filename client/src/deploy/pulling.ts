/** Brings what a host has into the files of the workspace. */
import { noteSeen, type Pull, pullOf, withConnection } from "@openbsd-vnet/remote";
import { hostListName, readHostList, withDeployedFiles } from "@openbsd-vnet/server";
import { l10n, Range, Uri, WorkspaceEdit, window, workspace } from "vscode";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { readHere, saveFiles, uriOf, wantedFiles, writeHere } from "./hostFiles.ts";
import type { ReachHost } from "./reach.ts";

/**
 * Writes and saves what was changed on the host, as one edit that can be undone. What both sides changed is marked as Git marks
 * it, and VS Code offers to take one side or both.
 * @param etc the folder that stands for the host's /etc
 * @param news whether files are brought as well that are not here yet
 */
export async function pullFromHost(host: KnownHost, etc: string, news: boolean, reach: ReachHost, signal: AbortSignal): Promise<Pull> {
	return await withConnection(
		() => reach(host, signal),
		async (connection) => {
			const here = {
				deployed: await wantedFiles(host),
				listed: host.deploy ?? [],
				read: (path: string) => readHere(uriOf(etc, path)),
			};
			const pull = await pullOf(connection, here, { secrets: false });
			const files = news ? pull.files : pull.files.filter(({ what }) => what !== "new");
			const edit = new WorkspaceEdit();
			for (const { path, text, what } of files) {
				const uri = uriOf(etc, path);
				if (what === "new") {
					edit.createFile(uri, { contents: new TextEncoder().encode(text) });
					continue;
				}
				const document = await workspace.openTextDocument(uri);
				edit.replace(uri, new Range(0, 0, document.lineCount, 0), text);
			}
			if (!(await workspace.applyEdit(edit)) || !(await saveFiles(etc)))
				throw new Error(l10n.t("The files of {0} could not be saved.", host.name));
			const listed = news ? pull.listed : [];
			if (listed.length > 0) await listFiles(host, etc, listed);
			// Only now: what was not saved would be overwritten by the next deployment without a word.
			const left = new Set(pull.files.filter((file) => !files.includes(file)).map(({ path }) => path));
			const seen = pull.seen.filter(({ path }) => !left.has(path));
			if (seen.length > 0) await noteSeen(connection, seen);
			const first = files.find(({ conflicts }) => conflicts > 0) ?? files[0];
			if (first !== undefined) await window.showTextDocument(uriOf(etc, first.path), { preview: false });
			return { ...pull, files, seen, left: news ? pull.left : pull.left.filter(({ open }) => open) };
		},
	);
}

/** Has openbsd-vnet.json deploy files more, where it names the host. */
async function listFiles({ name }: KnownHost, etc: string, files: readonly string[]): Promise<void> {
	const folder = workspace.getWorkspaceFolder(Uri.parse(etc))?.uri;
	if (folder === undefined) return;
	const list = Uri.joinPath(folder, hostListName);
	const text = await readHere(list);
	if (text === undefined || !readHostList(text, folder.toString(), []).some((host) => host.name === name)) return;
	await writeHere(list, withDeployedFiles(text, name, files));
}

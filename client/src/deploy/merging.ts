/** Brings what others changed on a host into the files of the workspace. */
import { mergeDrifted, noteMerged, type Plan, withConnection } from "@openbsd-vnet/remote";
import { l10n, Range, WorkspaceEdit, window, workspace } from "vscode";
import type { Host } from "../hosts/liveHosts.ts";
import { saveFiles, uriOf } from "./hostFiles.ts";
import type { ReachHost } from "./reach.ts";

/**
 * Merges and saves the files of a plan that were changed on the host, as one edit that can be undone. What both sides changed is
 * marked as Git marks it, and VS Code offers to take one side or both.
 * @returns the number of conflicts
 */
export async function mergeFromHost(host: Host, etc: string, plan: Plan, reach: ReachHost, signal: AbortSignal): Promise<number> {
	return await withConnection(
		() => reach(host, signal),
		async (connection) => {
			const merges = await mergeDrifted(connection, plan);
			const edit = new WorkspaceEdit();
			for (const { path, text } of merges) {
				const document = await workspace.openTextDocument(uriOf(etc, path));
				edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), text);
			}
			if (!(await workspace.applyEdit(edit)) || !(await saveFiles(etc))) throw new Error(l10n.t("The merged files could not be saved."));
			// Only now: what was not saved would be overwritten by the next deployment without a word.
			await noteMerged(connection, merges);
			const first = merges.find(({ conflicts }) => conflicts > 0) ?? merges[0];
			if (first !== undefined) await window.showTextDocument(uriOf(etc, first.path), { preview: false });
			return merges.reduce((sum, { conflicts }) => sum + conflicts, 0);
		},
	);
}

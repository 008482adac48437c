import type { FileLocation } from "@openbsd-vnet/server/protocol";
import { TabInputText, Uri, type ViewColumn, window } from "vscode";
import { rangeOf } from "./ranges.ts";

/**
 * Shows a place where its file is open already, so that no second editor covers what led there.
 * @param otherwise where a file that is not open is shown
 */
export async function showPlace({ uri, range }: FileLocation, otherwise: ViewColumn): Promise<void> {
	const group = window.tabGroups.all.find(({ tabs }) =>
		tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === uri),
	);
	await window.showTextDocument(Uri.parse(uri), {
		selection: rangeOf(range),
		viewColumn: group?.viewColumn ?? otherwise,
		preserveFocus: true,
		preview: true,
	});
}

import type { FileLocation } from "@openbsd-vnet/server/protocol";
import { Range, TabInputText, Uri, type ViewColumn, window } from "vscode";

/**
 * Shows a place where its file is open already, so that no second editor covers what led there.
 * @param otherwise where a file that is not open is shown
 */
export async function showPlace({ uri, range: { start, end } }: FileLocation, otherwise: ViewColumn): Promise<void> {
	const group = window.tabGroups.all.find(({ tabs }) =>
		tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === uri),
	);
	await window.showTextDocument(Uri.parse(uri), {
		selection: new Range(start.line, start.character, end.line, end.character),
		viewColumn: group?.viewColumn ?? otherwise,
		preserveFocus: true,
		preview: true,
	});
}

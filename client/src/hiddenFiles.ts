/** Files that stay open in VS Code once their last tab is closed, which the language client neither closes nor asks about any more. */
import { HiddenNotification } from "@openbsd-vnet/server/protocol";
import { type Disposable, type Tab, TabInputText, TabInputTextDiff, window, workspace } from "vscode";
import type { LanguageServer } from "./languageServer.ts";
import { isOurs } from "./languages.ts";

/** Tells the server of them, which then tells what is wrong in them as in any closed file. */
export function registerHiddenFiles(server: LanguageServer): Disposable {
	return window.tabGroups.onDidChangeTabs(({ closed }) => {
		if (closed.length === 0) return;
		const shown = new Set(window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(addressesOf)));
		for (const uri of new Set(closed.flatMap(addressesOf))) {
			const document = shown.has(uri) ? undefined : workspace.textDocuments.find((one) => one.uri.toString() === uri);
			if (document !== undefined && isOurs(document)) server.notify(HiddenNotification, { uri });
		}
	});
}

function addressesOf({ input }: Tab): readonly string[] {
	if (input instanceof TabInputText) return [input.uri.toString()];
	return input instanceof TabInputTextDiff ? [input.original.toString(), input.modified.toString()] : [];
}

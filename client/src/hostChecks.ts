/** "Check All Hosts of the Workspace": what is wrong in hosts of which no file is open. */
import { commands, type Disposable, l10n, ProgressLocation, window } from "vscode";
import type { LanguageServer } from "./languageServer.ts";

export function registerHostChecks(server: LanguageServer): Disposable {
	return commands.registerCommand("openbsdVnet.checkAllHosts", async () => {
		const title = l10n.t("Checking all hosts of the workspace");
		const hosts = await window.withProgress({ location: ProgressLocation.Window, title }, () => server.request("checkHosts", {}));
		const text = hosts === 0 ? l10n.t("There are no hosts in this workspace.") : l10n.t("Hosts that were checked: {0}", hosts);
		window.setStatusBarMessage(text, 5000);
		await commands.executeCommand("workbench.actions.view.problems");
	});
}

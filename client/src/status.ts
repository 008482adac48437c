import { type Disposable, LanguageStatusSeverity, type LogOutputChannel, l10n, languages } from "vscode";
import type { LanguageServer } from "./languageServer.ts";
import { languageIds } from "./languages.ts";

/** The item in the language status: what release files are read for, and how the server is. */
export function registerStatus(server: LanguageServer, log: LogOutputChannel): Disposable {
	const item = languages.createLanguageStatusItem(
		"openbsdVnet.server",
		languageIds.map((language) => ({ language })),
	);
	item.name = l10n.t("OpenBSD language server");

	const update = () => {
		const { state, status } = server;
		item.busy = state === "starting";
		item.severity = state === "stopped" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
		item.text = status === undefined ? "OpenBSD" : `OpenBSD ${status.release}`;
		item.detail = describe(server);
		item.command =
			state === "stopped"
				? { title: l10n.t("Restart"), command: "openbsdVnet.restartServer" }
				: { title: l10n.t("Show Log"), command: "openbsdVnet.showLog" };
		log.trace(`Server ${state}`);
	};
	update();
	const listener = server.onDidChange(update);
	return {
		dispose() {
			listener.dispose();
			item.dispose();
		},
	};
}

function describe({ state, status }: LanguageServer): string {
	switch (state) {
		case "starting":
			return l10n.t("Language server starting");
		case "running":
			return status === undefined ? l10n.t("Language server running") : l10n.t("Language server {0} running", status.version);
		case "stopped":
			return l10n.t("Language server stopped");
	}
}

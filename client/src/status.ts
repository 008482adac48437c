import { languageIds } from "@openbsd-vnet/server/language";
import { type FileRelease, settingsSection } from "@openbsd-vnet/server/protocol";
import { commands, type Disposable, LanguageStatusSeverity, type LogOutputChannel, l10n, languages, window, workspace } from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { isOurs } from "./languages.ts";

/** The items in the language status: how the server is, and which release the file before one is read for. */
export function registerStatus(server: LanguageServer, log: LogOutputChannel): Disposable {
	const selector = languageIds.map((language) => ({ language }));
	const item = languages.createLanguageStatusItem("openbsdVnet.server", selector);
	item.name = l10n.t("OpenBSD language server");
	const release = languages.createLanguageStatusItem("openbsdVnet.release", selector);
	release.name = l10n.t("Release of OpenBSD");
	release.command = { title: l10n.t("Choose…"), command: "openbsdVnet.chooseRelease" };

	const update = () => {
		const { state, status } = server;
		item.busy = state === "starting";
		item.severity = state === "stopped" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
		item.text = "OpenBSD";
		item.detail = describe(server);
		item.command =
			state === "stopped"
				? { title: l10n.t("Restart"), command: "openbsdVnet.restartServer" }
				: { title: l10n.t("Show Log"), command: "openbsdVnet.showLog" };
		release.text = `OpenBSD ${status?.release ?? ""}`.trim();
		log.trace(`Server ${state}`);
		inBackground(show());
	};
	const show = async () => {
		const read = await releaseOfActive(server);
		if (read === null) return;
		release.text = `OpenBSD ${read.release}`;
		release.detail = toldBy(read);
		release.severity = read.known ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Warning;
	};
	update();
	const parts: Disposable[] = [
		item,
		release,
		server.onDidChange(update),
		window.onDidChangeActiveTextEditor(() => inBackground(show())),
		languages.onDidChangeDiagnostics(({ uris }) => {
			const active = window.activeTextEditor?.document.uri.toString();
			if (uris.some((uri) => uri.toString() === active)) inBackground(show());
		}),
		commands.registerCommand("openbsdVnet.chooseRelease", () => chooseRelease(server)),
	];
	return {
		dispose() {
			for (const part of parts) part.dispose();
		},
	};
}

async function releaseOfActive(server: LanguageServer): Promise<FileRelease | null> {
	const document = window.activeTextEditor?.document;
	if (document === undefined || !isOurs(document) || server.state !== "running") return null;
	return await server.request("release", { uri: document.uri.toString() });
}

function toldBy({ by, known }: FileRelease): string {
	if (!known) return l10n.t("newer than all that is known here: its own programs decide");
	switch (by) {
		case "host":
			return l10n.t("as the host says");
		case "list":
			return l10n.t("as openbsd-vnet.json says");
		case "setting":
			return l10n.t("as the setting says");
		case "newest":
			return l10n.t("the newest, because nothing says which one the host runs");
	}
}

/** Lets somebody choose the release of the files that no host and no openbsd-vnet.json tells of. */
async function chooseRelease(server: LanguageServer): Promise<void> {
	const read = await releaseOfActive(server);
	const newest = { label: l10n.t("Newest"), release: "newest" };
	const others = [...(read?.all ?? [])].reverse().map((release) => ({ label: `OpenBSD ${release}`, release }));
	const placeHolder =
		read?.by === "host" || read?.by === "list"
			? l10n.t("Release for the files of other hosts: this one's is {0}, {1}", read.release, toldBy(read))
			: l10n.t("Release for which files are read");
	const chosen = await window.showQuickPick([newest, ...others], { placeHolder });
	if (chosen !== undefined) await workspace.getConfiguration(settingsSection).update("release", chosen.release);
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

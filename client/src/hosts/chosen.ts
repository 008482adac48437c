/** Which host a command is about, and what is told where it does not answer. */
import { type CancellationToken, commands, l10n, window } from "vscode";
import { inBackground } from "../background.ts";
import { showError, showInformation, showProgress, showWarning } from "../notices.ts";
import { withoutIcons } from "../withoutIcons.ts";
import { copy } from "./copyInsert.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

/** The host of the node, or the one that the user picks; the only one without asking. */
export async function chosen(hosts: LiveHosts, given: KnownHost | undefined, withFiles = false): Promise<KnownHost | undefined> {
	if (given !== undefined) return given;
	const all = (await hosts.list()).filter(({ etc }) => !withFiles || etc !== undefined);
	if (all.length === 0) {
		tellNoHost();
		return undefined;
	}
	if (all.length === 1) return all[0];
	const picked = await window.showQuickPick(
		all.map((host) => ({ label: withoutIcons(host.name), description: host.address, host })),
		{ placeHolder: l10n.t("Which host?") },
	);
	return picked?.host;
}

export function tellNoHost(): void {
	const add = l10n.t("Add Host...");
	inBackground(
		showInformation(l10n.t("There is no host to connect to yet."), add).then((choice) =>
			choice === add ? commands.executeCommand("openbsdVnet.addHost") : undefined,
		),
	);
}

export async function asking<T>(host: KnownHost, task: (token: CancellationToken) => Promise<T>): Promise<T> {
	return await showProgress(l10n.t("Asking {0}", host.name), (_, token) => task(token));
}

/** Says why a host did not answer. */
export function tellTrouble(hosts: LiveHosts, host: KnownHost): void {
	const { trouble } = hosts.known(host);
	if (trouble !== undefined) inBackground(showError(l10n.t("{0}: {1}", host.name, trouble)));
}

type Refusal = { readonly kind: "refused"; readonly allow: string } | { readonly kind: "failed"; readonly message: string };

/** Says what to allow in doas.conf. @param who says to whom it is allowed now */
export function refuse(host: KnownHost, refusal: Refusal, who = l10n.t("{0} lets nobody but root read its rules.", host.name)): void {
	if (refusal.kind === "failed") {
		inBackground(showError(l10n.t("{0}: {1}", host.name, refusal.message)));
		return;
	}
	const copyLine = l10n.t("Copy the Line");
	const text = l10n.t("{0} Allow it in /etc/doas.conf: {1}", who, refusal.allow);
	inBackground(showWarning(text, copyLine).then((choice) => (choice === copyLine ? copy(refusal.allow) : undefined)));
}

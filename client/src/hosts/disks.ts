/** "Create Missing Disks on Host...": the disks of vm.conf that the host does not have yet, and never over one that it has. */
import { disksOf, isDiskSize, type MadeDisk, makeDisks, missingDisks } from "@openbsd-vnet/remote";
import { usualDiskSize } from "@openbsd-vnet/server";
import { type CancellationToken, commands, type Disposable, l10n, window } from "vscode";
import { inBackground } from "../background.ts";
import { textsOf } from "../deploy/hostFiles.ts";
import { showError, showInformation, showProgress } from "../notices.ts";
import { chosen, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

export function registerDisks(hosts: LiveHosts): Disposable {
	return commands.registerCommand("openbsdVnet.createDisks", async (node?: { readonly host: KnownHost }) => {
		const host = await chosen(hosts, node?.host, true);
		if (host !== undefined) await create(hosts, host);
	});
}

async function create(hosts: LiveHosts, host: KnownHost): Promise<void> {
	const disks = disksOf(await textsOf(host));
	const missing = await withProgress(l10n.t("Looking for the guests' disks on {0}", host.name), (token) =>
		hosts.ask(host, token, (run, signal) => missingDisks(run, disks, signal)),
	);
	if (missing === undefined) return tellTrouble(hosts, host);
	if (missing.length === 0) {
		inBackground(showInformation(l10n.t("{0} has all disks that vm.conf names.", host.name)));
		return;
	}
	const size = await window.showInputBox({
		title: l10n.t("Create on {0}: {1}", host.name, missing.map(({ path }) => path).join(", ")),
		prompt: l10n.t("How large is each? An image without content takes no room"),
		value: usualDiskSize,
		validateInput: (given) => (isDiskSize(given) ? undefined : l10n.t("A size such as 20G")),
	});
	if (size === undefined) return;
	const made = await withProgress(l10n.t("Creating disks on {0}", host.name), (token) =>
		hosts.ask(host, token, (run, signal) => makeDisks(run, missing, size, signal)),
	);
	if (made === undefined) return tellTrouble(hosts, host);
	tell(host, made);
}

function tell({ name }: KnownHost, made: readonly MadeDisk[]): void {
	const failed = made.filter(({ result }) => result === "failed");
	const text = failed.map(({ path, message }) => `${path}: ${message}`).join("; ");
	if (failed.length > 0) inBackground(showError(l10n.t("Not all disks could be created on {0}: {1}", name, text)));
	else inBackground(showInformation(l10n.t("Created on {0}: {1}", name, made.map(({ path }) => path).join(", "))));
}

async function withProgress<T>(title: string, task: (token: CancellationToken) => Promise<T>): Promise<T> {
	return await showProgress(title, (_, token) => task(token));
}

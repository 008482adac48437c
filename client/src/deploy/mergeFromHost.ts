/** "Merge Changes of the Host" and "Pull Files From Host": what the host has, and what others changed there, comes into the files here. */
import type { Pull } from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { l10n, type Uri } from "vscode";
import { inBackground } from "../background.ts";
import { chosen } from "../hosts/chosen.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showInformation, showWarning } from "../notices.ts";
import { type DeployContext, working } from "./context.ts";
import type { Shown } from "./plans.ts";
import { pullFromHost } from "./pulling.ts";
import { shownPlan } from "./showPlan.ts";

/** Brings what others changed on the host into the files here. */
export async function mergeFromHost(context: DeployContext, uri: Uri | undefined): Promise<number | undefined> {
	const shown = shownPlan(context, uri);
	return shown === undefined ? undefined : await mergeShown(context, shown);
}

export async function mergeShown(context: DeployContext, shown: Shown): Promise<number | undefined> {
	const { host, etc } = shown;
	const pull = await working(context, host, l10n.t("Merging with {0}", host.name), (_, signal) =>
		pullFromHost(host, etc, false, context.reach, signal),
	);
	if (pull === undefined) return undefined;
	context.plans.drop(shown);
	return tellPull(host, pull);
}

/** Brings what the host has, and what was changed there, into the files here. Resolves to the number of conflicts. */
export async function pullHost(context: DeployContext, given: KnownHost | undefined): Promise<number | undefined> {
	const host = await chosen(context.hosts, given, true);
	if (host?.etc === undefined) return undefined;
	const { etc } = host;
	const pull = await working(context, host, l10n.t("Pulling the files of {0}", host.name), (_, signal) =>
		pullFromHost(host, etc, true, context.reach, signal),
	);
	return pull === undefined ? undefined : tellPull(host, pull);
}

function tellPull({ name }: KnownHost, { files, left }: Pull): number {
	const conflicts = files.reduce((sum, file) => sum + file.conflicts, 0);
	const told = [
		...(conflicts > 0 ? [l10n.t("{0} places were changed both on {1} and here: decide them, and deploy again.", conflicts, name)] : []),
		...(conflicts === 0 && files.length > 0
			? [l10n.t("The changes on {0} are in the files here now. Look at them, and deploy again.", name)]
			: []),
		...left.map(({ path, why }) => l10n.t("{0}: not taken, because {1}", path, render(why, l10n.bundle))),
	];
	const show = conflicts > 0 || left.some(({ open }) => open) ? showWarning : showInformation;
	inBackground(show(told.length === 0 ? l10n.t("{0} has nothing that is not here.", name) : told.join("\n")));
	return conflicts;
}

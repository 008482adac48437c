/** "Rehearse the Way Back": whether a host would roll back by itself, tried and remembered. */
import {
	newDeploymentId,
	noteWayBack,
	type Plan,
	type Rehearsal,
	rehearse,
	type WayBack,
	wayBackOf,
	withConnection,
} from "@openbsd-vnet/remote";
import { PF_CONF, render } from "@openbsd-vnet/server";
import { l10n, window } from "vscode";
import { inBackground } from "../background.ts";
import { chosen } from "../hosts/chosen.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showError, showInformation } from "../notices.ts";
import { type DeployContext, reporter, working } from "./context.ts";

/** Tries the way back with the host's own rules. */
export async function rehearseHost(context: DeployContext, given: KnownHost | undefined): Promise<Rehearsal | undefined> {
	const { hosts, reach } = context;
	const host = await chosen(hosts, given, true);
	if (host === undefined) return undefined;
	const result = await working(context, host, l10n.t("Rehearsing the way back on {0}", host.name), (report, signal) =>
		rehearse(newDeploymentId(new Date()), { connect: () => reach(host), signal, onStep: reporter(context, host, report) }),
	);
	if (result !== undefined) await askWayBack(context, host);
	if (result?.kind === "works") inBackground(showInformation(l10n.t("The way back works on {0}.", host.name)));
	if (result?.kind === "fails")
		inBackground(showError(l10n.t("The way back does not work on {0}: {1}", host.name, render(result.message, l10n.bundle))));
	return result;
}

/** A countdown is only worth something where the way back is proved: it is rehearsed once, unless declined with a reason. */
export async function provesWayBack(context: DeployContext, host: KnownHost, plan: Plan): Promise<boolean> {
	const { hosts, reach } = context;
	// Without a ruleset of its own a host has nothing to rehearse with.
	if (!plan.before.has(PF_CONF)) return true;
	const wayBack = await askWayBack(context, host);
	if (wayBack === undefined) return false;
	if (wayBack !== "never" && wayBack.isCurrent && wayBack.result !== "fails") return true;
	const rehearseFirst = l10n.t("Rehearse First");
	const without = l10n.t("Deploy Without");
	const detail = l10n.t(
		"It is tried once: {0} loads its own rules with one that does nothing, and must roll back by itself. That takes half a minute.",
		host.name,
	);
	const question = l10n.t("The way back was not tried on {0} as it is now.", host.name);
	const choice = await window.showWarningMessage(question, { modal: true, detail }, rehearseFirst, without);
	if (choice === rehearseFirst) return (await rehearseHost(context, host))?.kind === "works";
	if (choice !== without) return false;
	const reason = await window.showInputBox({ prompt: l10n.t("Why is the way back not rehearsed? {0} remembers it.", host.name) });
	if (reason === undefined || reason.trim() === "") return false;
	const noted = await working(context, host, l10n.t("Asking {0}", host.name), async (_, signal) => {
		await withConnection(
			() => reach(host, signal),
			async (connection) => {
				await noteWayBack(connection, "declined", { reason });
				hosts.tellWayBack(host, await wayBackOf(connection));
			},
		);
		return true;
	});
	return noted === true;
}

/** Asks a host for its last rehearsal; undefined where it does not answer, which the user is told. */
async function askWayBack(context: DeployContext, host: KnownHost): Promise<WayBack | "never" | undefined> {
	const { hosts, reach } = context;
	return await working(context, host, l10n.t("Asking {0}", host.name), async (_, signal) => {
		const wayBack = await withConnection(
			() => reach(host, signal),
			(connection) => wayBackOf(connection),
		);
		hosts.tellWayBack(host, wayBack);
		return wayBack ?? "never";
	});
}

/** After a deployment to a host that stands in for another: the other one is next. */
import { carpRoles, type Plan } from "@openbsd-vnet/remote";
import { PF_CONF } from "@openbsd-vnet/server";
import { l10n } from "vscode";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showInformation } from "../notices.ts";
import type { DeployContext } from "./context.ts";
import { planDeployment } from "./deployHost.ts";
import { uriOf } from "./hostFiles.ts";

/** Offers the plan of the host that has the shared addresses, where the workspace has it and can reach it. */
export async function offerNextOfPair(context: DeployContext, { name }: KnownHost, etc: string, plan: Plan): Promise<void> {
	const { leads, standsIn } = carpRoles(plan.live.interfaces);
	if (leads.length > 0 || standsIn.length === 0) return;
	const partners = (await context.server.request("partners", { uri: uriOf(etc, PF_CONF).toString() })) ?? [];
	const next = (await context.hosts.list()).find((host) => host.etc !== undefined && partners.includes(host.name));
	if (next === undefined) return;
	const show = l10n.t("Show Plan");
	const choice = await showInformation(l10n.t("{0} stands in for {1}, which is next.", name, next.name), show);
	if (choice === show) await planDeployment(context, next);
}

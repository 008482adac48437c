/** "Remove Files From the Host...": a plan that takes files away which the host has and the folder has not. */
import { l10n, type Uri, window } from "vscode";
import type { DeployContext } from "./context.ts";
import { planDeployment } from "./deployHost.ts";
import { shownPlan } from "./showPlan.ts";

/** Plans again, with files taken away that the host has and the folder has not. */
export async function removeFromHost(context: DeployContext, uri: Uri | undefined): Promise<Uri | undefined> {
	const shown = shownPlan(context, uri);
	if (shown === undefined) return undefined;
	const picked = await window.showQuickPick([...shown.plan.others], {
		canPickMany: true,
		title: l10n.t("Remove files from {0}", shown.host.name),
		placeHolder: l10n.t("They are kept in the deployment's backup, and come back with it"),
	});
	return picked === undefined || picked.length === 0 ? undefined : await planDeployment(context, shown.host, picked);
}

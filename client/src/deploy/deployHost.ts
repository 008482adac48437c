/** "Deploy to Host...": what a deployment of the host's files would do. */
import type { Plan } from "@openbsd-vnet/remote";
import { PF_CONF } from "@openbsd-vnet/server";
import type { ChangedConnection } from "@openbsd-vnet/server/protocol";
import { l10n, type Uri } from "vscode";
import { chosen } from "../hosts/chosen.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import type { DeployContext } from "./context.ts";
import { failingTests } from "./failingTests.ts";
import { saveFiles, uriOf, wantedFiles } from "./hostFiles.ts";
import { planDocument } from "./planDocument.ts";
import { planFor, showPlan } from "./showPlan.ts";

/**
 * Shows what a deployment of the host's files would do.
 * @param removed files of the host that are taken away
 */
export async function planDeployment(
	context: DeployContext,
	given: KnownHost | undefined,
	removed: readonly string[] = [],
): Promise<Uri | undefined> {
	const host = await chosen(context.hosts, given, true);
	if (host?.etc === undefined) return undefined;
	if (!(await saveFiles(host.etc))) return undefined;
	const { etc } = host;
	return await showPlan(context, host, etc, false, async (connection) => {
		const gone = removed.map((path) => ({ path, text: undefined, listed: true }));
		const wanted = [...(await wantedFiles(host)), ...gone];
		const plan = await planFor(connection, wanted);
		return {
			plan,
			text: planDocument(plan, l10n.t("Plan for {0}", host.name), {
				connections: await changedConnections(context, etc, plan),
				failing: await failingTests(context, etc),
			}),
		};
	});
}

/** Which connections the plan makes possible, and which it stops. */
async function changedConnections(context: DeployContext, etc: string, { changes }: Plan): Promise<readonly ChangedConnection[]> {
	const before = changes.map(({ path, before: had }) => ({
		uri: uriOf(etc, path).toString(),
		text: had.kind === "file" ? had.text : null,
	}));
	const rules = uriOf(etc, PF_CONF).toString();
	return before.length === 0 ? [] : ((await context.server.request("difference", { uri: rules, before })) ?? []);
}

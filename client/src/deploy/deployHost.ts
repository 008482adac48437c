/** "Deploy to Host...": what a deployment of the host's files would do. */
import type { Plan } from "@openbsd-vnet/remote";
import { PF_CONF } from "@openbsd-vnet/server";
import { l10n, type Uri } from "vscode";
import { chosen } from "../hosts/chosen.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import type { DeployContext } from "./context.ts";
import { failingTests } from "./failingTests.ts";
import { saveFiles, uriOf, wantedFiles } from "./hostFiles.ts";
import { type PlanContext, planDocument } from "./planDocument.ts";
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
		return { plan, text: await planText(context, etc, plan, l10n.t("Plan for {0}", host.name)) };
	});
}

/** A plan in words, with what it does to connections and packets, and the policy tests that fail. */
export async function planText(context: DeployContext, etc: string, plan: Plan, title: string): Promise<string> {
	return planDocument(plan, title, { ...(await effects(context, etc, plan)), failing: await failingTests(context, etc) });
}

/** Which connections the plan makes possible, and which it stops; and what pf does otherwise with packets. */
async function effects(context: DeployContext, etc: string, { changes }: Plan): Promise<Pick<PlanContext, "connections" | "packets">> {
	const before = changes.map(({ path, before: had }) => ({
		uri: uriOf(etc, path).toString(),
		text: had.kind === "file" ? had.text : null,
	}));
	if (before.length === 0) return {};
	const uri = uriOf(etc, PF_CONF).toString();
	const connections = await context.server.request("difference", { uri, before });
	const packets = await context.server.request("packetChanges", { uri, before });
	return { connections: connections ?? [], ...(packets && { packets }) };
}

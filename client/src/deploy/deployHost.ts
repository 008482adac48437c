/** "Deploy to Host...": what a deployment of the host's files would do. */
import { filesAfter, type Plan } from "@openbsd-vnet/remote";
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

type Effects = Pick<PlanContext, "connections" | "packets">;

/** Which connections the plan makes possible, and which it stops; and what pf does otherwise with packets. */
async function effects(context: DeployContext, etc: string, { changes }: Plan): Promise<Effects> {
	const before = changes.map(({ path, before: had }) => ({
		uri: uriOf(etc, path).toString(),
		text: had.kind === "file" ? had.text : null,
	}));
	return await asked(context, etc, before);
}

/** The same of a plan that rolls back: both what the host has now and what it has then are other texts than those here. */
export async function effectsOfRollback(context: DeployContext, host: KnownHost, etc: string, plan: Plan): Promise<Effects> {
	if (plan.changes.length === 0) return {};
	const then = filesAfter(plan);
	const paths = new Set([...plan.before.keys(), ...then.keys(), ...(await wantedFiles(host)).map(({ path }) => path)]);
	const textsOf = (files: ReadonlyMap<string, string>) =>
		[...paths].map((path) => ({ uri: uriOf(etc, path).toString(), text: files.get(path) ?? null }));
	return await asked(context, etc, textsOf(plan.before), textsOf(then));
}

type Texts = readonly { readonly uri: string; readonly text: string | null }[];

async function asked(context: DeployContext, etc: string, before: Texts, after?: Texts): Promise<Effects> {
	if (before.length === 0) return {};
	const question = { uri: uriOf(etc, PF_CONF).toString(), before, ...(after === undefined ? {} : { after }) };
	const connections = await context.server.request("difference", question);
	const packets = await context.server.request("packetChanges", question);
	return { connections: connections ?? [], ...(packets && { packets }) };
}

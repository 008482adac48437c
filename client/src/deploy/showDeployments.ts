/** "Show Deployments or Roll Back...": what was deployed, and what rolling back would do. */
import { changedFiles, changesOf, deployments, logOf, withConnection } from "@openbsd-vnet/remote";
import { env, l10n, type Uri, window } from "vscode";
import { inBackground } from "../background.ts";
import { chosen } from "../hosts/chosen.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showInformation } from "../notices.ts";
import { type DeployContext, working } from "./context.ts";
import { effectsOfRollback } from "./deployHost.ts";
import { planDocument } from "./planDocument.ts";
import { planFor, showPlan } from "./showPlan.ts";

/** Of so many deployments the files are told: each is asked for. */
const TOLD = 10;

/** Lists what was deployed; one that is picked shows what rolling back to before it would do. */
export async function showDeployments(context: DeployContext, given: KnownHost | undefined): Promise<Uri | undefined> {
	const { hosts, reach } = context;
	const host = await chosen(hosts, given, true);
	if (host?.etc === undefined) return undefined;
	const listed = await working(context, host, l10n.t("Asking {0}", host.name), (_, signal) =>
		withConnection(
			() => reach(host, signal),
			async (connection) => {
				const all = await deployments(connection);
				const files = new Map<string, string>();
				// One after the other: sshd limits how much goes on over one connection.
				for (const { id } of all.slice(0, TOLD)) {
					// One whose record cannot be read is told by its time alone.
					const changed = await changedFiles(connection, id).catch(() => []);
					files.set(id, changed.map(({ path }) => path.replace(/^\/etc\//, "")).join(", "));
				}
				return all.map((each) => ({ ...each, files: files.get(each.id) ?? "" }));
			},
		),
	);
	if (listed === undefined) return undefined;
	if (listed.length === 0) {
		inBackground(showInformation(l10n.t("Nothing was deployed to {0} yet.", host.name)));
		return undefined;
	}
	const picked = await window.showQuickPick(
		listed.map(({ id, user, files }) => ({ label: timeOf(id), description: [user, id].join(" · "), detail: files, id })),
		{
			title: l10n.t("Deployments to {0}", host.name),
			matchOnDetail: true,
			placeHolder: l10n.t("Pick one to see what rolling back to before it would change"),
		},
	);
	if (picked === undefined) return undefined;
	const { etc } = host;
	const title = l10n.t("Plan for {0}: back to before {1}", host.name, picked.label);
	return await showPlan(context, host, etc, true, async (connection) => {
		const deployed = await changesOf(connection, picked.id);
		const log = await logOf(connection, picked.id);
		const wanted = deployed.map(({ path, before }) => ({ path, text: before, listed: true }));
		const plan = await planFor(connection, wanted);
		return { plan, text: planDocument(plan, title, { ...(await effectsOfRollback(context, host, etc, plan)), deployed, log }) };
	});
}

/** The time in the name of a deployment, as the reader's clock has it. */
function timeOf(id: string): string {
	const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(id) ?? [];
	const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return Number.isNaN(time.getTime()) ? id : time.toLocaleString(env.language, { dateStyle: "medium", timeStyle: "medium" });
}

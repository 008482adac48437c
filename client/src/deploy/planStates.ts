/** "Show What Becomes of Connections": the states of a host held against its plan; and after the deployment those that may be ended. */
import { askPlanStates, type PlanStates, withConnection } from "@openbsd-vnet/remote";
import { printRule, stateWords } from "@openbsd-vnet/server";
import { l10n, type Uri, window } from "vscode";
import { refuse } from "../hosts/chosen.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { offerEnd } from "../hosts/states.ts";
import { type DeployContext, working } from "./context.ts";
import type { Shown } from "./plans.ts";
import { shownPlan } from "./showPlan.ts";

/** So many are shown in a plan; the command `openbsd-vnet states --against` shows all. */
const FEW = 50;

/** Asks the host, and writes the answer into the plan: what it costs there is asked for alone. */
export async function showPlanStates(context: DeployContext, given: Uri | undefined): Promise<PlanStates | undefined> {
	const uri = given ?? window.activeTextEditor?.document.uri;
	const shown = shownPlan(context, uri);
	if (shown === undefined) return undefined;
	const states = await ask(context, shown.host, shown.plan);
	if (states !== undefined) context.plans.put({ ...shown, states, text: withStates(shown, states) });
	return states;
}

/** After a deployment: asks once more, for connections end and begin, and offers to end those that would no longer begin. */
export async function offerEndOfStates(context: DeployContext, { host, plan }: Shown): Promise<void> {
	const states = await ask(context, host, plan);
	if (states === undefined || states.refused.length === 0) return;
	await offerEnd(context.hosts, host, await context.hosts.user(host), states.refused);
}

async function ask(context: DeployContext, host: KnownHost, plan: Shown["plan"]): Promise<PlanStates | undefined> {
	const asked = await working(context, host, l10n.t("Reading the states of {0}", host.name), (_, signal) =>
		withConnection(
			() => context.reach(host, signal),
			(connection) => askPlanStates(connection, plan, signal),
		),
	);
	if (asked?.kind === "answered") return asked.value;
	if (asked !== undefined) refuse(host, asked, l10n.t("{0} lets nobody but root read its states.", host.name));
	return undefined;
}

/** The plan's text with the section about states, in place of an earlier one. */
function withStates({ text, states: before }: Shown, states: PlanStates): string {
	const own = before === undefined ? text : text.replace(section(before), "");
	const at = own.indexOf("\n## ");
	return at < 0 ? own + section(states) : `${own.slice(0, at + 1)}${section(states)}${own.slice(at + 1)}`;
}

function section({ total, leftOut, refused, unknown, refusesOurs }: PlanStates): string {
	const lines = refused.slice(0, FEW).map(({ state, guests, verdict }) => {
		const { protocol, from, to } = stateWords(state);
		const by = verdict?.rule === undefined ? "" : ` (\`${printRule(verdict.rule)}\`)`;
		return `- ${guests.length === 0 ? "" : `${guests.join(", ")}: `}\`${protocol} ${from} → ${to}\`${by}`;
	});
	return [
		`## ${l10n.t("Connections that are there already")}`,
		l10n.t(
			"Of {0} present connections {1} would no longer begin with the new rules; of {2} that is not known.",
			total,
			refused.length,
			unknown,
		),
		...(refused.length === 0 ? [] : [lines.join("\n")]),
		...(refused.length > FEW ? [l10n.t("and {0} more", refused.length - FEW)] : []),
		...(refused.length === 0 ? [] : [l10n.t("They go on, unless you end them: that is offered once the deployment is confirmed.")]),
		...(refusesOurs ? [l10n.t("The connection that we come by is one more of them: it is not ended.")] : []),
		...(leftOut > 0 ? [l10n.t("{0} more states were not read", leftOut)] : []),
		"",
	].join("\n\n");
}

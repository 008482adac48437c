/** Plans as documents: made over a connection, shown, and found again. */
import {
	type Connection,
	makePlan,
	type Plan,
	programName,
	programVersion,
	refreshProgram,
	type WantedFile,
	wayBackOf,
	withConnection,
} from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { commands, l10n, type Uri, window, workspace } from "vscode";
import { inBackground } from "../background.ts";
import { happens } from "../events.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showInformation, showWarning } from "../notices.ts";
import { type DeployContext, working } from "./context.ts";
import type { Shown } from "./plans.ts";

export async function showPlan(
	context: DeployContext,
	host: KnownHost,
	etc: string,
	back: boolean,
	make: (connection: Connection) => Promise<{ readonly plan: Plan; readonly text: string }>,
): Promise<Uri | undefined> {
	const { hosts, reach, plans } = context;
	const made = await working(context, host, l10n.t("Comparing with {0}", host.name), (_, signal) =>
		withConnection(
			() => reach(host, signal),
			async (connection) => {
				await bringUp(context, host, connection);
				return await make(connection);
			},
		),
	);
	if (made === undefined) return undefined;
	hosts.tellState(host, made.plan.live);
	if (made.plan.changes.length === 0 && !back) {
		inBackground(showInformation(l10n.t("{0} has these files already: nothing to do.", host.name)));
		return undefined;
	}
	const uri = plans.put({ host, etc, back, ...made });
	const document = await workspace.openTextDocument(uri);
	// One that is open already still has the plan from before, for a moment.
	if (document.getText() !== made.text) await happens(workspace.onDidChangeTextDocument, (event) => event.document === document, 1000);
	await window.showTextDocument(document, { preview: false });
	return uri;
}

/** The plan of a document, or of the one that is looked at; the user is told where there is none. */
export function shownPlan(context: DeployContext, uri: Uri | undefined): Shown | undefined {
	const shown = context.plans.at(uri ?? window.activeTextEditor?.document.uri);
	if (shown === undefined) {
		const make = l10n.t("Deploy to Host...");
		inBackground(
			showInformation(l10n.t("Open a plan first: Deploy to Host..."), make).then((choice) =>
				choice === make ? commands.executeCommand("openbsdVnet.deployHost") : undefined,
			),
		);
	}
	return shown;
}

/** Shows the files of a plan side by side, each with what is on the host and what would be. */
export async function showPlanChanges(context: DeployContext, given: Uri | undefined): Promise<void> {
	const uri = given ?? window.activeTextEditor?.document.uri;
	const shown = shownPlan(context, uri);
	if (shown === undefined || uri === undefined) return;
	await commands.executeCommand("vscode.changes", l10n.t("{0}: changes of the plan", shown.host.name), context.plans.changesOf(uri));
}

/** Plans; the user is asked where interfaces cannot become what their files say without an interruption. */
export async function planFor(connection: Connection, wanted: readonly WantedFile[]): Promise<Plan> {
	const plan = await makePlan(connection, wanted);
	return (await mayInterrupt(plan)) ? await makePlan(connection, wanted, { interrupt: true }) : plan;
}

async function mayInterrupt({ interrupts, host }: Plan): Promise<boolean> {
	if (interrupts.length === 0) return false;
	const yes = l10n.t("Interrupt");
	const no = l10n.t("Leave Them as They Are");
	const detail = interrupts.map(({ what }) => render(what, l10n.bundle)).join("\n");
	const question = l10n.t("Some interfaces of {0} follow their files only when the host starts, or with an interruption.", host);
	return (await window.showWarningMessage(question, { modal: true, detail }, no, yes)) === yes;
}

/** Brings an older program of the host up to ours, and asks for its last rehearsal. */
async function bringUp(context: DeployContext, host: KnownHost, connection: Connection): Promise<void> {
	const { kind, version } = await refreshProgram(connection);
	if (kind === "older")
		inBackground(
			showWarning(
				l10n.t(
					"{0} has {1} {2}, which is older than {3} here, and this user may not bring it up.",
					host.name,
					programName,
					version,
					programVersion,
				),
			),
		);
	if (kind === "newer")
		inBackground(
			showWarning(
				l10n.t("{0} has {1} {2}, which is newer than {3} here: update the extension.", host.name, programName, version, programVersion),
			),
		);
	context.hosts.tellWayBack(host, await wayBackOf(connection));
}

/** Validate, plan, deploy, roll back: the files of the workspace on their host. */
import { hostProgram } from "@openbsd-vnet/remote";
import { commands, Disposable, type LogOutputChannel, l10n, languages, Uri, window, workspace } from "vscode";
import { inBackground } from "../background.ts";
import { chosen } from "../hosts/chosen.ts";
import type { KnownHost, LiveHosts } from "../hosts/liveHosts.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showInformation } from "../notices.ts";
import { ReadOnlyDocuments } from "../readOnlyDocuments.ts";
import { addHost, type HostToAdd } from "./addHost.ts";
import { PlanApplier } from "./applyPlan.ts";
import { Confirmation } from "./confirmation.ts";
import type { DeployContext } from "./context.ts";
import { planDeployment } from "./deployHost.ts";
import { hostFileScheme } from "./hostFileScheme.ts";
import { HostFileSystem, openHostFile } from "./hostFileSystem.ts";
import { mergeFromHost, pullHost } from "./mergeFromHost.ts";
import { planScheme } from "./planScheme.ts";
import { showPlanStates } from "./planStates.ts";
import { Plans } from "./plans.ts";
import type { ReachHost } from "./reach.ts";
import { rehearseHost } from "./rehearseHost.ts";
import { removeFromHost } from "./removeFromHost.ts";
import { showDeployments } from "./showDeployments.ts";
import { showPlanChanges } from "./showPlan.ts";
import { validateHost } from "./validateHost.ts";

/** By its name VS Code knows it for a shell script. */
const programUri = Uri.from({ scheme: "openbsd-vnet-program", path: "/openbsd-vnet.sh" });

type WithHost = { readonly host: KnownHost };

/** Registers the commands of deployments. */
export function registerDeploy(server: LanguageServer, hosts: LiveHosts, reach: ReachHost, log: LogOutputChannel): Disposable {
	const found = languages.createDiagnosticCollection("openbsd-vnet-host");
	const confirmation = new Confirmation();
	const plans = new Plans();
	const context: DeployContext = { server, hosts, reach, log, found, confirmation, plans };
	const applier = new PlanApplier(context);
	const files = new HostFileSystem(context, applier);
	const program = new ReadOnlyDocuments(programUri.scheme);
	const on = <T>(name: string, run: (argument: T | undefined) => unknown) => commands.registerCommand(`openbsdVnet.${name}`, run);
	return Disposable.from(
		found,
		confirmation,
		plans,
		applier,
		files,
		program,
		workspace.registerTextDocumentContentProvider(planScheme, plans),
		languages.registerCodeLensProvider({ scheme: planScheme }, plans),
		// What the host said was of another text.
		workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
			if (contentChanges.length > 0) found.delete(document.uri);
		}),
		on<WithHost>("validateHost", (node) => validateHost(context, node?.host)),
		on<WithHost>("deployHost", (node) => planDeployment(context, node?.host)),
		on<Uri>("applyPlan", (uri) => applier.apply(uri)),
		on<Uri>("showPlanChanges", (uri) => showPlanChanges(context, uri)),
		on<Uri>("showPlanStates", (uri) => showPlanStates(context, uri)),
		on<Uri>("showPlanRendered", (uri) => commands.executeCommand("markdown.showPreview", uri ?? window.activeTextEditor?.document.uri)),
		on<WithHost>("showDeployments", (node) => showDeployments(context, node?.host)),
		on<WithHost>("rehearseHost", (node) => rehearseHost(context, node?.host)),
		on<Uri>("removeFromHost", (uri) => removeFromHost(context, uri)),
		on<Uri>("mergeFromHost", (uri) => mergeFromHost(context, uri)),
		on<WithHost>("pullHost", (node) => pullHost(context, node?.host)),
		on<WithHost & { readonly path?: string }>("openHostFiles", async (given) => {
			const host = await chosen(hosts, given?.host);
			return host === undefined ? undefined : await openHostFile(files, host, given?.path);
		}),
		on<Uri>("makeHostFilesEditable", async (given) => {
			const uri = given ?? window.activeTextEditor?.document.uri;
			if (uri?.scheme === hostFileScheme) await files.makeEditable(uri);
		}),
		on<HostToAdd>("addHost", async (given) => {
			const added = await addHost(context, given);
			if (added?.pulls === true) await pullHost(context, added.host);
			return added?.host.name;
		}),
		on("showHostProgram", async () => {
			program.put(programUri, hostProgram);
			await window.showTextDocument(await workspace.openTextDocument(programUri), { preview: false });
		}),
		on("cancelDeployment", () => (applier.cancel() ? undefined : tellNone())),
		on("decideDeployment", () => confirmation.decide()),
		on("keepDeployment", () => (confirmation.isWaiting ? confirmation.keep() : tellNone())),
		on("extendDeployment", () => (confirmation.isWaiting ? confirmation.extend() : tellNone())),
		on("undoDeployment", () => (confirmation.isWaiting ? confirmation.rollBack() : tellNone())),
	);
}

function tellNone(): void {
	inBackground(showInformation(l10n.t("No deployment is under way.")));
}

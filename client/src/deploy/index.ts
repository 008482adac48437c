/** Validate, plan, deploy, roll back: the files of the workspace on their host. */

import {
	type Connection,
	ConnectionError,
	changesOf,
	type DeployEnd,
	type DeployOptions,
	type DeployResult,
	deploy,
	deployments,
	hostProgram,
	logOf,
	makePlan,
	newDeploymentId,
	noteWayBack,
	type Plan,
	type Pull,
	programName,
	programVersion,
	type Rehearsal,
	refreshProgram,
	rehearse,
	type WayBack,
	wayBackOf,
	withConnection,
} from "@openbsd-vnet/remote";
import { folderWithFiles, PF_CONF, render } from "@openbsd-vnet/server";
import type { ChangedConnection } from "@openbsd-vnet/server/protocol";
import {
	commands,
	type DiagnosticCollection,
	Disposable,
	type LogOutputChannel,
	l10n,
	languages,
	RelativePattern,
	Uri,
	window,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import { setContext } from "../context.ts";
import { happens } from "../events.ts";
import { chosen } from "../hosts/commands.ts";
import type { KnownHost, LiveHosts } from "../hosts/liveHosts.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showError, showInformation, showProgress, showWarning } from "../notices.ts";
import { addHost, type HostToAdd } from "./addHost.ts";
import { Confirmation } from "./confirmation.ts";
import { saveFiles, uriOf, wantedFiles } from "./hostFiles.ts";
import { planDocument } from "./planDocument.ts";
import { Plans, planScheme, type Shown } from "./plans.ts";
import { pullFromHost } from "./pulling.ts";
import type { ReachHost } from "./reach.ts";
import { showComplaints, tellValidation, validateOnHost } from "./validation.ts";

type WithHost = { readonly host: KnownHost };

/** Registers the commands of deployments. */
export function registerDeploy(server: LanguageServer, hosts: LiveHosts, reach: ReachHost, log: LogOutputChannel): Disposable {
	const found = languages.createDiagnosticCollection("openbsd-vnet-host");
	const confirmation = new Confirmation();
	const plans = new Plans();
	const deployer = new Deployer({ server, hosts, reach, log, found, confirmation, plans });
	const on = <T>(name: string, run: (argument: T | undefined) => unknown) => commands.registerCommand(`openbsdVnet.${name}`, run);
	return Disposable.from(
		found,
		confirmation,
		plans,
		workspace.registerTextDocumentContentProvider(planScheme, plans),
		languages.registerCodeLensProvider({ scheme: planScheme }, plans),
		// What the host said was of another text.
		workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
			if (contentChanges.length > 0) found.delete(document.uri);
		}),
		on<WithHost>("validateHost", (node) => deployer.validate(node?.host)),
		on<WithHost>("deployHost", (node) => deployer.plan(node?.host)),
		on<Uri>("applyPlan", (uri) => deployer.apply(uri)),
		on<WithHost>("showDeployments", (node) => deployer.history(node?.host)),
		on<WithHost>("rehearseHost", (node) => deployer.rehearse(node?.host)),
		on<Uri>("removeFromHost", (uri) => deployer.remove(uri)),
		on<Uri>("mergeFromHost", (uri) => deployer.merge(uri)),
		on<WithHost>("pullHost", (node) => deployer.pull(node?.host)),
		on<HostToAdd>("addHost", async (given) => {
			const added = await addHost(reach, given);
			if (added?.pulls === true) await deployer.pull(added.host);
			return added?.host.name;
		}),
		on("showHostProgram", async () => {
			const document = await workspace.openTextDocument({ language: "shellscript", content: hostProgram });
			await window.showTextDocument(document, { preview: false });
		}),
		on("cancelDeployment", () => (deployer.cancel() ? undefined : tellNone())),
		on("decideDeployment", () => confirmation.decide()),
		on("keepDeployment", () => (confirmation.isWaiting ? confirmation.keep() : tellNone())),
		on("extendDeployment", () => (confirmation.isWaiting ? confirmation.extend() : tellNone())),
		on("undoDeployment", () => (confirmation.isWaiting ? confirmation.goBack() : tellNone())),
	);
}

function tellNone(): void {
	inBackground(showInformation(l10n.t("No deployment is under way.")));
}

/** What a deployment works with. */
interface Parts {
	readonly server: LanguageServer;
	readonly hosts: LiveHosts;
	readonly reach: ReachHost;
	readonly log: LogOutputChannel;
	readonly found: DiagnosticCollection;
	readonly confirmation: Confirmation;
	readonly plans: Plans;
}

class Deployer {
	readonly #with: Parts;
	/** Ends the deployment that is under way. */
	#underWay: AbortController | undefined;

	constructor(parts: Parts) {
		this.#with = parts;
	}

	async validate(given: KnownHost | undefined): Promise<number | undefined> {
		const { hosts, reach, found } = this.#with;
		const host = await chosen(hosts, given, true);
		if (host?.etc === undefined) return undefined;
		const { etc } = host;
		const count = await this.#working(host, l10n.t("{0} checks the files", host.name), (_, signal) =>
			validateOnHost(host, etc, reach, found, signal),
		);
		if (count !== undefined) tellValidation(host, count);
		return count;
	}

	/**
	 * Shows what a deployment of the host's files would do.
	 * @param removed files of the host that are taken away
	 */
	async plan(given: KnownHost | undefined, removed: readonly string[] = []): Promise<Uri | undefined> {
		const host = await chosen(this.#with.hosts, given, true);
		if (host?.etc === undefined) return undefined;
		if (!(await saveFiles(host.etc))) return undefined;
		const { etc } = host;
		return await this.#show(host, etc, false, async (connection) => {
			const gone = removed.map((path) => ({ path, text: undefined, listed: true }));
			const wanted = [...(await wantedFiles(host)), ...gone];
			const first = await makePlan(connection, wanted);
			const plan = (await this.#mayInterrupt(first)) ? await makePlan(connection, wanted, { interrupt: true }) : first;
			return { plan, text: planDocument(plan, l10n.t("Plan for {0}", host.name), { connections: await this.#connections(etc, plan) }) };
		});
	}

	/** Plans anew, with files taken away that the host has and the folder has not. */
	async remove(uri: Uri | undefined): Promise<Uri | undefined> {
		const shown = this.#shown(uri);
		if (shown === undefined) return undefined;
		const picked = await window.showQuickPick([...shown.plan.others], {
			canPickMany: true,
			title: l10n.t("Remove files from {0}", shown.host.name),
			placeHolder: l10n.t("They are kept in the deployment's backup, and come back with it"),
		});
		return picked === undefined || picked.length === 0 ? undefined : await this.plan(shown.host, picked);
	}

	/** Lists what was deployed; one that is picked shows what rolling back to before it would do. */
	async history(given: KnownHost | undefined): Promise<Uri | undefined> {
		const { hosts, reach } = this.#with;
		const host = await chosen(hosts, given, true);
		if (host?.etc === undefined) return undefined;
		const listed = await this.#working(host, l10n.t("Asking {0}", host.name), (_, signal) =>
			withConnection(
				() => reach(host, signal),
				(connection) => deployments(connection),
			),
		);
		if (listed === undefined) return undefined;
		if (listed.length === 0) {
			inBackground(showInformation(l10n.t("Nothing was deployed to {0} yet.", host.name)));
			return undefined;
		}
		const picked = await window.showQuickPick(
			listed.map(({ id, user }) => ({ label: timeOf(id), description: user, detail: id, id })),
			{
				title: l10n.t("Deployments to {0}", host.name),
				placeHolder: l10n.t("Pick one to see what rolling back to before it would change"),
			},
		);
		if (picked === undefined) return undefined;
		const title = l10n.t("Plan for {0}: back to before {1}", host.name, picked.label);
		return await this.#show(host, host.etc, true, async (connection) => {
			const deployed = await changesOf(connection, picked.id);
			const log = await logOf(connection, picked.id);
			const wanted = deployed.map(({ path, before }) => ({ path, text: before, listed: true }));
			const first = await makePlan(connection, wanted);
			const plan = (await this.#mayInterrupt(first)) ? await makePlan(connection, wanted, { interrupt: true }) : first;
			return { plan, text: planDocument(plan, title, { deployed, log }) };
		});
	}

	/** The plan of a document, or of the one that is looked at; the user is told where there is none. */
	#shown(uri: Uri | undefined): Shown | undefined {
		const shown = this.#with.plans.at(uri ?? window.activeTextEditor?.document.uri);
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

	/** Carries out the plan that is shown. */
	async apply(given: Uri | undefined): Promise<DeployResult | undefined> {
		const { plans, confirmation, reach, found } = this.#with;
		const shown = this.#shown(given);
		if (shown === undefined) return undefined;
		const { host, etc, plan, back } = shown;
		if (this.#underWay !== undefined || confirmation.isWaiting) {
			inBackground(showError(l10n.t("A deployment is under way: end it first.")));
			return undefined;
		}
		const cancel = new AbortController();
		this.#underWay = cancel;
		setContext("isDeploying", true);
		try {
			if (!back && !(await this.#tested(etc))) return undefined;
			const daring = await this.#dared(plan);
			if (daring === "merge") {
				await this.#merge(shown);
				return undefined;
			}
			if (daring !== "go" || !(await this.#provedWayBack(host, plan))) return undefined;
			const seconds = 120;
			const result = await this.#working(host, l10n.t("Deploying to {0}", host.name), async (report, closed) => {
				const signal = AbortSignal.any([closed, cancel.signal]);
				return await deploy(plan, newDeploymentId(new Date()), {
					connect: () => reach(host),
					seconds,
					signal,
					// The plan said so, and the user has dared it.
					overDrift: true,
					confirm: (extend) => confirmation.ask(host.name, seconds, extend, signal),
					onStep: this.#reporter(host, report),
					onNote: (note) => this.#with.log.warn(`${host.name}: ${note}`),
				});
			});
			if (result === undefined) return undefined;
			if (result.kind === "rejected") await showComplaints(host, etc, found, result.complaints);
			this.#tell(host, result);
			if (result.kind === "deployed") plans.drop(shown);
			return result;
		} finally {
			this.#underWay = undefined;
			setContext("isDeploying", false);
		}
	}

	/** Which connections the plan makes possible, and which it stops. */
	async #connections(etc: string, { changes }: Plan): Promise<readonly ChangedConnection[]> {
		const before = changes.map(({ path, before: had }) => ({
			uri: uriOf(etc, path).toString(),
			text: had.kind === "file" ? had.text : null,
		}));
		const rules = uriOf(etc, PF_CONF).toString();
		return before.length === 0 ? [] : ((await this.#with.server.request("difference", { uri: rules, before })) ?? []);
	}

	async #show(
		host: KnownHost,
		etc: string,
		back: boolean,
		make: (connection: Connection) => Promise<{ readonly plan: Plan; readonly text: string }>,
	): Promise<Uri | undefined> {
		const { hosts, reach, plans } = this.#with;
		const made = await this.#working(host, l10n.t("Comparing with {0}", host.name), (_, signal) =>
			withConnection(
				() => reach(host, signal),
				async (connection) => {
					await this.#bringUp(host, connection);
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

	/** Brings an older program of the host up to ours, and asks for its last rehearsal. */
	async #bringUp(host: KnownHost, connection: Connection): Promise<void> {
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
		this.#with.hosts.tellWayBack(host, await wayBackOf(connection));
	}

	/** Runs the policy tests of the host; where some fail, the user may go on all the same. */
	async #tested(etc: string): Promise<boolean> {
		const { server } = this.#with;
		const files = await workspace.findFiles(new RelativePattern(Uri.parse(folderWithFiles(etc).root), "**/*.pftest"));
		const failed: string[] = [];
		for (const uri of files) {
			const results = (await server.request("policyTests", { uri: uri.toString(), run: true })) ?? [];
			failed.push(...results.filter(({ result }) => result !== "passed").map(({ name }) => name));
		}
		if (failed.length === 0) return true;
		const go = l10n.t("Deploy All the Same");
		const detail = failed.slice(0, 10).join("\n");
		return (await window.showWarningMessage(l10n.t("{0} policy tests fail.", failed.length), { modal: true, detail }, go)) === go;
	}

	/** Asks where something of others would be overwritten, or where we would not be let in again. */
	async #dared({ survival, drifted, host }: Plan): Promise<"go" | "merge" | undefined> {
		const doubts = [
			...(survival.kind === "blocked" ? [l10n.t("The new rules block SSH connections like this one: {0}", survival.rule)] : []),
			...(survival.kind === "lost"
				? [l10n.t("A new SSH connection like this one would not come through: {0}", render(survival.why, l10n.bundle))]
				: []),
			...(drifted.length > 0 ? [l10n.t("Changed on the host since the last deployment, and overwritten: {0}", drifted.join(", "))] : []),
		];
		if (doubts.length === 0) return "go";
		const go = l10n.t("Deploy All the Same");
		const merge = l10n.t("Merge");
		const question = l10n.t("Deploy to {0} all the same?", host);
		const choices = drifted.length > 0 ? [merge, go] : [go];
		const choice = await window.showWarningMessage(question, { modal: true, detail: doubts.join("\n\n") }, ...choices);
		return choice === go ? "go" : choice === merge ? "merge" : undefined;
	}

	/** A countdown is only worth something where the way back is proved: it is rehearsed once, unless declined with a reason. */
	async #provedWayBack(host: KnownHost, plan: Plan): Promise<boolean> {
		const { hosts, reach } = this.#with;
		// Without a ruleset of its own a host has nothing to rehearse with.
		if (!plan.before.has(PF_CONF)) return true;
		const wayBack = await this.#askWayBack(host);
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
		if (choice === rehearseFirst) return (await this.rehearse(host))?.kind === "works";
		if (choice !== without) return false;
		const reason = await window.showInputBox({ prompt: l10n.t("Why is the way back not rehearsed? {0} remembers it.", host.name) });
		if (reason === undefined || reason.trim() === "") return false;
		const noted = await this.#working(host, l10n.t("Asking {0}", host.name), async (_, signal) => {
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
	async #askWayBack(host: KnownHost): Promise<WayBack | "never" | undefined> {
		const { hosts, reach } = this.#with;
		return await this.#working(host, l10n.t("Asking {0}", host.name), async (_, signal) => {
			const wayBack = await withConnection(
				() => reach(host, signal),
				(connection) => wayBackOf(connection),
			);
			hosts.tellWayBack(host, wayBack);
			return wayBack ?? "never";
		});
	}

	/** Asks where interfaces cannot become what their files say without an interruption. */
	async #mayInterrupt({ interrupts, host }: Plan): Promise<boolean> {
		if (interrupts.length === 0) return false;
		const yes = l10n.t("Interrupt");
		const no = l10n.t("Leave Them as They Are");
		const detail = interrupts.map(({ what }) => render(what, l10n.bundle)).join("\n");
		const question = l10n.t("Some interfaces of {0} follow their files only when the host starts, or with an interruption.", host);
		return (await window.showWarningMessage(question, { modal: true, detail }, yes, no)) === yes;
	}

	/** Ends the deployment that is under way: the host rolls back. */
	/** @returns false where none is under way */
	cancel(): boolean {
		this.#underWay?.abort();
		return this.#underWay !== undefined;
	}

	/** Brings what others changed on the host into the files here. */
	async merge(uri: Uri | undefined): Promise<number | undefined> {
		const shown = this.#shown(uri);
		return shown === undefined ? undefined : await this.#merge(shown);
	}

	async #merge(shown: Shown): Promise<number | undefined> {
		const { host, etc } = shown;
		const pull = await this.#working(host, l10n.t("Merging with {0}", host.name), (_, signal) =>
			pullFromHost(host, etc, false, this.#with.reach, signal),
		);
		if (pull === undefined) return undefined;
		this.#with.plans.drop(shown);
		return this.#tellPull(host, pull);
	}

	/** Brings what the host has, and what was changed there, into the files here. Resolves to the number of conflicts. */
	async pull(given: KnownHost | undefined): Promise<number | undefined> {
		const host = await chosen(this.#with.hosts, given, true);
		if (host?.etc === undefined) return undefined;
		const { etc } = host;
		const pull = await this.#working(host, l10n.t("Pulling the files of {0}", host.name), (_, signal) =>
			pullFromHost(host, etc, true, this.#with.reach, signal),
		);
		return pull === undefined ? undefined : this.#tellPull(host, pull);
	}

	#tellPull({ name }: KnownHost, { files, left }: Pull): number {
		const conflicts = files.reduce((sum, file) => sum + file.conflicts, 0);
		const open = left.find((each) => each.open);
		if (conflicts > 0)
			inBackground(showWarning(l10n.t("{0} places were changed both on {1} and here: decide them, and deploy again.", conflicts, name)));
		else if (open !== undefined) inBackground(showWarning(`${open.path}: ${render(open.why, l10n.bundle)}`));
		else if (files.length === 0) inBackground(showInformation(l10n.t("{0} has nothing that is not here.", name)));
		else inBackground(showInformation(l10n.t("The changes on {0} are in the files here now. Look at them, and deploy again.", name)));
		return conflicts;
	}

	/** Tries the way back with the host's own rules. */
	async rehearse(given: KnownHost | undefined): Promise<Rehearsal | undefined> {
		const { hosts, reach } = this.#with;
		const host = await chosen(hosts, given, true);
		if (host === undefined) return undefined;
		const result = await this.#working(host, l10n.t("Rehearsing the way back on {0}", host.name), (report, signal) =>
			rehearse(newDeploymentId(new Date()), { connect: () => reach(host), signal, onStep: this.#reporter(host, report) }),
		);
		if (result !== undefined) await this.#askWayBack(host);
		if (result?.kind === "works") inBackground(showInformation(l10n.t("The way back works on {0}.", host.name)));
		if (result?.kind === "fails")
			inBackground(showError(l10n.t("The way back does not work on {0}: {1}", host.name, render(result.message, l10n.bundle))));
		return result;
	}

	#reporter({ name }: KnownHost, report: (message: string, increment: number) => void): NonNullable<DeployOptions["onStep"]> {
		return ({ what }, index, count) => {
			this.#with.log.info(`${name}: [${index + 1}/${count}] ${render(what)}`);
			report(`${index + 1}/${count} ${render(what, l10n.bundle)}`, 100 / count);
		};
	}

	#tell({ name }: KnownHost, result: DeployResult): void {
		const { log } = this.#with;
		const show = l10n.t("Show Log");
		const offer = (choice: string | undefined) => {
			if (choice === show) log.show();
		};
		switch (result.kind) {
			case "unchanged":
				inBackground(showInformation(l10n.t("{0} has these files already: nothing to do.", name)));
				return;
			case "deployed":
				log.info(`${name}: deployed as ${result.id}`);
				for (const { subject, expected, found } of result.differs ?? [])
					log.warn(`${name}: ${subject}: ${render(expected)} is wanted, and there is: ${render(found)}`);
				if (result.differs === undefined || result.differs.length === 0) inBackground(showInformation(l10n.t("Deployed to {0}.", name)));
				else
					inBackground(
						showWarning(
							l10n.t("Deployed to {0}. {1} things are not as after a start of the host: the log has them.", name, result.differs.length),
							show,
						).then(offer),
					);
				return;
			case "drifted":
				inBackground(showError(l10n.t("{0}: nothing was changed, because files were changed there: {1}", name, result.paths.join(", "))));
				return;
			case "rejected":
				inBackground(showError(l10n.t("{0} refuses the files: nothing was changed. The Problems view has what it says.", name)));
				return;
			case "failed": {
				const ends = {
					untouched: l10n.t("nothing was changed"),
					restored: l10n.t("all is as before"),
					incomplete: l10n.t(
						"the host rolled back, but this differs from before: {1} ({0} there has more)",
						`/var/backups/openbsd-vnet/${result.id}/log`,
						result.differs.join("; "),
					),
					trying: l10n.t(
						"a command of the way back fails, and the host tries it again for five minutes at most: see {0} there",
						`/var/backups/openbsd-vnet/${result.id}/log`,
					),
					watchdog: l10n.t("the host rolls back by itself within {0} s", result.seconds),
					undecided: l10n.t(
						"the line was lost while the change was being kept: the host has it, or rolls back within {0} s",
						result.seconds,
					),
				} satisfies Record<DeployEnd, string>;
				if (result.declined) {
					log.info(`${name}: not kept; ${result.end}`);
					const told = l10n.t("{0}: the change was not kept; {1}.", name, ends[result.end]);
					inBackground(result.end === "restored" ? showInformation(told) : showWarning(told, show).then(offer));
					return;
				}
				const message = render(result.message, l10n.bundle);
				log.error(
					`${name}: ${result.step.id}: ${render(result.message)}; ${result.end}${result.differs.map((line) => `\n\t${line}`).join("")}`,
				);
				inBackground(showError(l10n.t("{0}: {1}; {2}.", name, message, ends[result.end]), show).then(offer));
			}
		}
	}

	/** Shows that something is under way, which the user can end. Undefined where it was ended, or failed, which is told. */
	async #working<T>(
		{ name }: KnownHost,
		title: string,
		task: (report: (message: string, increment: number) => void, signal: AbortSignal) => Promise<T>,
	): Promise<T | undefined> {
		return await showProgress(title, async (report, token) => {
			const controller = new AbortController();
			token.onCancellationRequested(() => controller.abort());
			try {
				return await task(report, controller.signal);
			} catch (error) {
				if (controller.signal.aborted) return undefined;
				const message = error instanceof Error ? error.message : String(error);
				this.#with.log.error(`${name}: ${message}`);
				const told = error instanceof ConnectionError ? render(error.text, l10n.bundle) : message;
				inBackground(showError(l10n.t("{0}: {1}", name, told)));
				return undefined;
			}
		});
	}
}

/** The time in the name of a deployment, as people read it. */
function timeOf(id: string): string {
	const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(id) ?? [];
	return `${year}-${month}-${day} ${hour}:${minute}:${second} UTC`;
}

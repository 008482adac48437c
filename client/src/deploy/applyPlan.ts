/** "Apply": carries out the plan that is shown, once all doubts are settled. */
import { type DeployResult, deploy, newDeploymentId, type Plan } from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { type Disposable, EventEmitter, l10n, type Uri, window } from "vscode";
import { inBackground } from "../background.ts";
import { setContext } from "../context.ts";
import { showError } from "../notices.ts";
import { type DeployContext, reporter, working } from "./context.ts";
import { failingTests } from "./failingTests.ts";
import { mergeShown } from "./mergeFromHost.ts";
import { offerNextOfPair } from "./nextOfPair.ts";
import { offerEndOfStates } from "./planStates.ts";
import { provesWayBack } from "./rehearseHost.ts";
import { shownPlan, showPlanChanges } from "./showPlan.ts";
import { tellResult } from "./tellResult.ts";
import { showComplaints } from "./validation.ts";

/** What became of a plan; without a result nothing was begun. */
export interface Applied {
	readonly uri: Uri;
	readonly result: DeployResult | undefined;
}

/** Applies plans, one at a time. */
export class PlanApplier implements Disposable {
	readonly #context: DeployContext;
	/** Ends the deployment that is under way. */
	#underWay: AbortController | undefined;
	readonly #applied = new EventEmitter<Applied>();
	/** Fires when a plan was carried out, or was not. */
	readonly onDidApply = this.#applied.event;

	constructor(context: DeployContext) {
		this.#context = context;
	}

	get isBusy(): boolean {
		return this.#underWay !== undefined;
	}

	/** Carries out the plan that is shown. */
	async apply(given: Uri | undefined): Promise<DeployResult | undefined> {
		const uri = given ?? window.activeTextEditor?.document.uri;
		const result = await this.#apply(given);
		if (uri !== undefined) this.#applied.fire({ uri, result });
		return result;
	}

	dispose(): void {
		this.#applied.dispose();
	}

	async #apply(given: Uri | undefined): Promise<DeployResult | undefined> {
		const { plans, confirmation, reach, found, hosts } = this.#context;
		const shown = shownPlan(this.#context, given);
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
			const daring = await dares(plan, back ? [] : await failingTests(this.#context, etc));
			if (daring === "merge") {
				await mergeShown(this.#context, shown);
				return undefined;
			}
			if (daring === "look") await showPlanChanges(this.#context, given);
			if (daring !== "go" || !(await provesWayBack(this.#context, host, plan))) return undefined;
			const seconds = 120;
			const result = await working(this.#context, host, l10n.t("Deploying to {0}", host.name), async (report, closed) => {
				const signal = AbortSignal.any([closed, cancel.signal]);
				return await deploy(plan, newDeploymentId(new Date()), {
					connect: () => reach(host),
					seconds,
					signal,
					// The plan said so, and the user has dared it.
					overDrift: true,
					confirm: (extend) => confirmation.ask(host.name, seconds, extend, signal),
					onStep: reporter(this.#context, host, report),
					onNote: (note) => this.#context.log.warn(`${host.name}: ${note}`),
				});
			});
			if (result === undefined) return undefined;
			if (result.kind === "rejected") await showComplaints(host, etc, found, result.complaints);
			tellResult(this.#context, host, result);
			if (result.kind === "deployed") plans.drop(shown);
			if (result.kind === "deployed" && (shown.states?.refused.length ?? 0) > 0) inBackground(offerEndOfStates(this.#context, shown));
			if (result.kind === "deployed" && !back) inBackground(offerNextOfPair(this.#context, host, etc, plan));
			// The view of hosts tells what it was before.
			if (result.kind === "deployed" || result.kind === "failed") inBackground(hosts.refresh(host));
			return result;
		} finally {
			this.#underWay = undefined;
			setContext("isDeploying", false);
		}
	}

	/** Ends the deployment that is under way: the host rolls back. @returns false where none is under way */
	cancel(): boolean {
		this.#underWay?.abort();
		return this.#underWay !== undefined;
	}
}

/**
 * Asks once about all that speaks against it: tests that fail, what of others would be overwritten, whether we would be let in
 * again. The first answer changes nothing on the host.
 */
async function dares({ survival, drifted, host }: Plan, failing: readonly string[]): Promise<"go" | "merge" | "look" | undefined> {
	const doubts = [
		...(survival.kind === "blocked" ? [l10n.t("The new rules block SSH connections like this one: {0}", survival.rule)] : []),
		...(survival.kind === "lost"
			? [l10n.t("A new SSH connection like this one would not come through: {0}", render(survival.why, l10n.bundle))]
			: []),
		...(failing.length > 0 ? [l10n.t("Policy tests that fail: {0}", failing.slice(0, 10).join("; "))] : []),
		...(drifted.length > 0 ? [l10n.t("Changed on the host since the last deployment, and overwritten: {0}", drifted.join(", "))] : []),
	];
	if (doubts.length === 0) return "go";
	const go = l10n.t("Deploy Anyway");
	const merge = l10n.t("Merge");
	const look = l10n.t("Show Changes");
	const question = l10n.t("Deploy to {0} anyway?", host);
	const choices = drifted.length > 0 ? [merge, look, go] : [look, go];
	const choice = await window.showWarningMessage(question, { modal: true, detail: doubts.join("\n\n") }, ...choices);
	return choice === go ? "go" : choice === merge ? "merge" : choice === look ? "look" : undefined;
}

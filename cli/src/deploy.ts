/** `openbsd-vnet validate`, `plan`, `deploy` and `rollback`: the files of a host, on the host. */

import {
	askPlanStates,
	type Connection,
	changesOf,
	type DeployResult,
	type DeployStep,
	deploy,
	deployments,
	endStates,
	fileDiff,
	filesBefore,
	logOf,
	makePlan,
	newDeploymentId,
	noteWayBack,
	type Plan,
	refreshProgram,
	rehearse,
	run,
	runHostProgram,
	validate,
	type WantedFile,
	wayBackOf,
	withConnection,
} from "@openbsd-vnet/remote";
import { type Message, PF_CONF, render } from "@openbsd-vnet/server";
import { complaintLine, complaintObject, plainLines, planObject, planText, resultObject, resultText, wayBackText } from "./deploy-texts.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { programText } from "./host.ts";
import { jsonOf } from "./json.ts";
import { PathError, UnreachedError } from "./path-error.ts";
import { type EndedStates, endedText, refusalText, statesObject, statesText } from "./plan-states.ts";
import { confirm, decide } from "./prompts.ts";
import { listedHost, reached } from "./remote-host.ts";
import { statesTable } from "./states-table.ts";
import { plain, stderr } from "./terminal.ts";
import { test } from "./test.ts";
import { tell, translated } from "./translations.ts";

export interface DeployCall {
	readonly host: string;
	readonly json: boolean;
}

export interface Removal {
	/** Files of the host that are taken away: paths there. */
	readonly remove: readonly string[];
}

export interface ApplyCall extends DeployCall, Removal {
	/** Keeps the change without asking once all checks have passed. */
	readonly autoConfirm: boolean;
	readonly overDrift: boolean;
	/** Does what interrupts the network; else the interfaces concerned stay as they are. */
	readonly interrupt: boolean;
	/** How long the host waits for the confirmation, in seconds. */
	readonly seconds: number;
	/** Deploys although policy tests beside the files fail, without running them. */
	readonly withoutTests: boolean;
	/** Restarts vmd where vm.conf has changed, which shuts all guests down, in place of a reload. */
	readonly restartGuests: boolean;
	/** Once it is confirmed, ends the connections that would no longer begin. */
	readonly endStates: boolean;
	/** Why the way back is not rehearsed first, where this host was not tried. */
	readonly withoutRehearsal?: string;
	/** Rolls back to before a deployment: that one, or the latest. */
	readonly back?: string | true;
}

/** What to print, and the exit status. */
export interface Done {
	readonly output: string;
	readonly status: ExitStatus;
}

/** Lets the host's own programs check the files of its folder. Status 1 where they find a fault. */
export async function runValidate({ host, json }: DeployCall): Promise<Done> {
	return await reached(async () => {
		const { reach, files } = await listedHost(host);
		const wanted = await files();
		const complaints = await withConnection(reach, (connection) => validate(connection, runHostProgram, wanted));
		return {
			output: json
				? jsonOf("validate", { host, complaints: complaints.map(complaintObject) })
				: complaints.map((each) => complaintLine(host, each)).join(""),
			status: complaints.some(({ severity }) => severity === "error") ? exitStatus.found : exitStatus.done,
		};
	});
}

/** Shows what a deployment would do. Status 1 where it would do something, as diff(1). */
export async function runPlan({
	host,
	json,
	remove,
	interrupt,
	states,
}: DeployCall & Removal & Pick<ApplyCall, "interrupt"> & { readonly states: boolean }): Promise<Done> {
	return await reached(async () => {
		const { reach, files } = await listedHost(host);
		const wanted = withRemoved(await files(), remove);
		const { plan, asked } = await withConnection(reach, async (connection) => {
			const made = await makePlan(connection, wanted, { interrupt });
			return { plan: made, asked: states ? await askPlanStates(connection, made) : undefined };
		});
		return {
			output: json
				? jsonOf("plan", { ...planObject(plan), ...(asked === undefined ? {} : { states: statesObject(asked) }) })
				: planText(plan) + (asked === undefined ? "" : statesText(host, asked)),
			status: plan.changes.length > 0 ? exitStatus.found : exitStatus.done,
		};
	});
}

/**
 * Deploys the files of a host's folder, or rolls back to before a deployment.
 * Status 0 where it is done or nothing was to do, 1 where nothing was changed, 3 where the host rolled back or rolls back by
 * itself, 6 where it is done and not all runs as after a start with the files, or that could not be looked at.
 */
export async function runDeploy({
	host,
	json,
	autoConfirm,
	overDrift,
	interrupt,
	withoutTests,
	restartGuests,
	endStates: endsStates,
	remove,
	seconds,
	back,
	withoutRehearsal,
}: ApplyCall): Promise<Done> {
	if (!autoConfirm && process.stdin.isTTY !== true)
		throw new PathError(tell("nobody can confirm the change here: add --auto-confirm, or use a terminal"));
	const command = back === undefined ? "deploy" : "rollback";
	return await reached(async () => {
		const { reach, files, folder } = await listedHost(host);
		if (back === undefined && !withoutTests) {
			const { output, failed } = await test([folder], "text");
			if (failed) {
				const what = json
					? jsonOf("deploy", { host, result: "tests-failed", tests: output })
					: `${output}${tell("{0}: nothing was changed", plain(host))}\n`;
				return { output: what, status: exitStatus.found };
			}
		}
		const { plan, asked } = await withConnection(reach, async (connection) => {
			const program = await refreshProgram(connection);
			if (program.kind === "older" || program.kind === "newer") stderr.write(programText(host, program));
			const made = await makePlan(connection, back === undefined ? withRemoved(await files(), remove) : await earlier(connection, back), {
				guestsBy: restartGuests ? "restart" : "reload",
				interrupt,
			});
			return { plan: made, asked: endsStates && made.changes.length > 0 ? await askPlanStates(connection, made) : undefined };
		});
		if (!json) stderr.write(planText(plan) + (asked === undefined ? "" : statesText(host, asked)));
		// What is wanted and not allowed is told before anything is changed.
		if (asked !== undefined && asked.kind !== "answered") throw new UnreachedError(statesText(host, asked).trimEnd());
		// Without a ruleset of its own a host has nothing to rehearse with.
		if (plan.changes.length > 0 && (plan.drifted.length === 0 || overDrift) && plan.before.has(PF_CONF)) {
			const fault = await wayBackFault(reach, { host, json, ...(withoutRehearsal === undefined ? {} : { withoutRehearsal }) });
			if (fault !== undefined) {
				const output = json
					? jsonOf(command, { host, result: "rehearsal-failed", message: render(fault) })
					: `${tell("{0}: nothing was changed, because the way back does not work: {1}", plain(host), plain(translated(fault)))}\n`;
				return { output, status: exitStatus.found };
			}
		}
		const result = await deploy(plan, newDeploymentId(new Date()), {
			connect: reach,
			seconds,
			overDrift,
			confirm: async (extend) => {
				if (autoConfirm) return true;
				stderr.write(`${tell("{0} answers over a new connection, and all checks have passed.", plain(host))}\n`);
				const question = (left: number) =>
					`${tell("Keep the change? It rolls back in {0} s. (y = keep, e = {1} s more, n = roll back)", left, seconds)} `;
				return await decide({ question, seconds, extend: () => extend(seconds) });
			},
			onNote: (note) => stderr.write(`${plain(host)}: ${plain(note)}\n`),
			...(json ? {} : { onStep: tellStep }),
		});
		const simulated = plan.live.system?.simulated === true;
		const ended =
			asked !== undefined && result.kind === "deployed" ? await endRefused(reach, plan, { host, json, autoConfirm }) : undefined;
		const told = ended === undefined ? "" : `${endedText(host, ended)}\n`;
		return {
			output: json
				? jsonOf(command, { ...resultObject(host, simulated, result), ...(ended === undefined ? {} : { states: ended }) })
				: `${resultText(host, result)}${told}${simulated ? `${tell("{0} is a simulated host", plain(host))}\n` : ""}`,
			status: statusOf(result),
		};
	});
}

/**
 * Ends the connections that the files, now in force, would no longer let begin. They are asked for once more: what has ended meanwhile, or
 * has begun by the new rules, is none of them.
 */
async function endRefused(
	reach: () => Promise<Connection>,
	plan: Plan,
	{ host, json, autoConfirm }: Pick<ApplyCall, "host" | "json" | "autoConfirm">,
): Promise<EndedStates> {
	try {
		return await withConnection(reach, async (connection) => {
			const asked = await askPlanStates(connection, plan);
			if (asked.kind !== "answered") return { ended: 0, message: refusalText(asked) };
			const { refused } = asked.value;
			if (refused.length === 0) return { ended: 0 };
			if (!json) stderr.write(statesTable(refused));
			const question = tell("End these {0} states on {1}? The connections of both sides break. (y/n)", refused.length, plain(host));
			if (!autoConfirm && !(await confirm(`${question} `))) return { ended: 0 };
			const ids = refused.map(({ state }) => state.id);
			const done = await endStates((words, options) => run(connection, words, options), ids, connection.target.user);
			return done.kind === "answered" ? { ended: done.value } : { ended: 0, message: refusalText(done) };
		});
	} catch (error) {
		// The deployment is done all the same.
		return { ended: 0, message: error instanceof Error ? error.message : String(error) };
	}
}

/**
 * A countdown is only worth something where the way back is proved: it is rehearsed once on each host, and once more when its
 * release or our program there has changed. @returns why it does not work
 */
async function wayBackFault(
	reach: () => Promise<Connection>,
	{ host, json, withoutRehearsal }: Pick<ApplyCall, "host" | "json" | "withoutRehearsal">,
): Promise<Message | undefined> {
	const known = await withConnection(reach, (connection) => wayBackOf(connection));
	if (known?.isCurrent === true && known.result !== "fails") return undefined;
	if (withoutRehearsal !== undefined) {
		await withConnection(reach, (connection) => noteWayBack(connection, "declined", { reason: withoutRehearsal }));
		return undefined;
	}
	if (!json) stderr.write(`${tell("The way back was not tried on {0} as it is now: it is rehearsed first, once.", plain(host))}\n`);
	const result = await rehearse(newDeploymentId(new Date()), { connect: reach, ...(json ? {} : { onStep: tellStep }) });
	return result.kind === "works" ? undefined : result.message;
}

/** Tries the way back with the host's own files. Status 0 where it works, 1 where it does not. */
export async function runRehearsal({ host, json, seconds }: DeployCall & { readonly seconds?: number }): Promise<Done> {
	return await reached(async () => {
		const { reach } = await listedHost(host);
		const result = await rehearse(newDeploymentId(new Date()), {
			connect: reach,
			...(seconds === undefined ? {} : { seconds }),
			...(json ? {} : { onStep: tellStep }),
		});
		const why = result.kind === "works" ? {} : { message: render(result.message) };
		const text =
			result.kind === "works" ? tell("the way back works") : tell("the way back does not work: {0}", plain(translated(result.message)));
		return {
			output: json ? jsonOf("deploy", { host, rehearsal: result.kind, ...why }) : `${plain(host)}: ${text}\n`,
			status: result.kind === "works" ? exitStatus.done : exitStatus.found,
		};
	});
}

function tellStep({ what }: DeployStep, index: number, count: number): void {
	stderr.write(`[${index + 1}/${count}] ${plain(translated(what))}\n`);
}

function withRemoved(files: readonly WantedFile[], remove: readonly string[]): readonly WantedFile[] {
	const here = remove.find((path) => files.some((file) => file.path === path));
	if (here !== undefined) throw new PathError(tell("{0} is among the files here: take it away here too, or leave out --remove", here));
	return [...files, ...remove.map((path) => ({ path, text: undefined, listed: true }))];
}

/** Lists what was deployed, the latest first; of one deployment, how its commands ended and what it changed. */
export async function runHistory({ host, json, id }: DeployCall & { readonly id?: string }): Promise<Done> {
	return await reached(async () => {
		const { reach } = await listedHost(host);
		if (id === undefined) {
			const { listed, wayBack } = await withConnection(reach, async (connection) => ({
				listed: await deployments(connection),
				wayBack: await wayBackOf(connection),
			}));
			const lines = listed.map((each) => `${each.id} ${plain(each.user)}\n`).join("");
			return {
				output: json ? jsonOf("history", { host, deployments: listed, wayBack }) : lines + wayBackText(host, wayBack),
				status: exitStatus.done,
			};
		}
		const { changed, log } = await withConnection(reach, async (connection) => ({
			changed: await changesOf(connection, id),
			log: await logOf(connection, id),
		}));
		const changes = changed.map(({ path, before, after }) => ({ path, diff: fileDiff(path, before, after) }));
		return {
			output: json ? jsonOf("history", { host, id, changes, log }) : plainLines(log) + changes.map(({ diff }) => plainLines(diff)).join(""),
			status: exitStatus.done,
		};
	});
}

async function earlier(connection: Connection, back: string | true): Promise<readonly WantedFile[]> {
	if (back !== true) return await filesBefore(connection, back);
	const [latest] = await deployments(connection);
	if (latest === undefined) throw new PathError(tell("nothing was deployed to {0} that one could roll back from", connection.target.name));
	return await filesBefore(connection, latest.id);
}

function statusOf(result: DeployResult): ExitStatus {
	if (result.kind === "deployed") return result.differs?.length === 0 ? exitStatus.done : exitStatus.differs;
	if (result.kind === "unchanged") return exitStatus.done;
	return result.kind === "failed" && result.end !== "untouched" ? exitStatus.rolledBack : exitStatus.found;
}

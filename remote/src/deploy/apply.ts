/** Carries a plan out, step by step, with a watchdog on the host that takes it back unless it is confirmed in time. */
import { randomBytes } from "node:crypto";
import { type Message, msg } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { askLiveState } from "../live.ts";
import { run } from "../run.ts";
import type { Verified } from "../verification/verified.ts";
import { verifyHost } from "../verification/verify.ts";
import type { Activation } from "./activation.ts";
import { checkFor } from "./check.ts";
import type { HostComplaint } from "./complaint.ts";
import { filesAfter, type Plan } from "./plan.ts";
import { CHANGED, LOCKED, TOO_LATE } from "./program/program.ts";
import { type DeployRequests, deployRequests } from "./requests.ts";
import { expectSuccess, type RootRequest, type RootRunner, runHostProgram } from "./root.ts";
import { faultsOfInterfaces, verify } from "./verify.ts";

/** A step, by a name that stays the same, and in words. */
export interface DeployStep {
	readonly id: string;
	readonly what: Message;
	/** Whether the host differs from before once it has begun. */
	readonly changes: boolean;
}

export interface DeployOptions {
	/** Makes a new connection to the host. */
	readonly connect: () => Promise<Connection>;
	/** How long the host waits for the confirmation, in seconds; 120. */
	readonly seconds?: number;
	/** Whether the change stays, asked when all checks have passed over a new connection. */
	readonly confirm: (extend: (seconds: number) => Promise<void>) => Promise<boolean>;
	/** Called before each step. */
	readonly onStep?: (step: DeployStep, index: number, count: number) => void | Promise<void>;
	/** Told what the host says of its way back, where there is something to say. */
	readonly onNote?: (note: string) => void;
	/** Deploys although files were changed on the host by somebody else. */
	readonly overDrift?: boolean;
	readonly root?: RootRunner;
	readonly signal?: AbortSignal;
}

export type DeployResult =
	| { readonly kind: "unchanged" }
	/** `differs` is what is not as after a start of the host with these files; undefined where it could not be looked at. */
	| { readonly kind: "deployed"; readonly id: string; readonly differs: readonly Verified[] | undefined }
	/** Nothing was changed: somebody changed these files on the host. */
	| { readonly kind: "drifted"; readonly paths: readonly string[] }
	/** Nothing was changed: the host's own programs found these faults. */
	| { readonly kind: "rejected"; readonly complaints: readonly HostComplaint[] }
	| {
			readonly kind: "failed";
			readonly id: string;
			readonly step: DeployStep;
			readonly message: Message;
			readonly end: DeployEnd;
			/** Where it is incomplete: lines with `- `, of what was before and is not there, and with `+ `, of what is there beside. */
			readonly differs: readonly string[];
			readonly seconds: number;
			/** All went well, and nobody wanted to keep it. */
			readonly declined: boolean;
	  };

/**
 * How a deployment that failed has ended. `untouched`: nothing had been changed; `restored`: all is as before, and looked at;
 * `incomplete`: something did not come back, and the host has stopped trying; `trying`: a command of the way back fails, and the
 * host tries it again for five minutes at most; `watchdog`: the host rolls back by
 * itself within the time; `undecided`: the line was lost while the change was being kept, and the host has it or rolls back.
 */
export type DeployEnd = "untouched" | "restored" | "incomplete" | "trying" | "watchdog" | "undecided";

/** The steps of a plan, in order. */
export function stepsOf({ activations }: Plan): readonly DeployStep[] {
	const before = (id: string, what: Message): DeployStep => ({ id, what, changes: false });
	const after = (id: string, what: Message): DeployStep => ({ id, what, changes: true });
	return [
		before("lock", msg("take the lock and start the watchdog")),
		before("stage", msg("bring the files to the host")),
		before("check", msg("let the host's own programs check them")),
		before("backup", msg("back up the files that change")),
		before("write", msg("write the files beside their places")),
		before("arm", msg("arm the watchdog")),
		before("verify-armed", msg("see that the watchdog is armed")),
		...activations.map((activation) => after(activationStep(activation), msg("run {0}", activation.words.join(" ")))),
		after("reconnect", msg("make a new connection")),
		after("verify", msg("check what is running")),
		after("confirm", msg("wait for the confirmation")),
		after("keep", msg("put the files in their places, for good")),
	];
}

/** A name for a deployment that begins now. */
export function newDeploymentId(now: Date): string {
	return `${now.toISOString().replace(/[-:]|\.\d+Z$/g, "")}-${randomBytes(4).toString("hex")}`;
}

/** Carries a plan out. Never rejects for what the host or the line does: the result says how it ended. */
export async function deploy(plan: Plan, id: string, options: DeployOptions): Promise<DeployResult> {
	const { connect, seconds = 120, confirm, onStep, onNote, root = runHostProgram, overDrift = false, signal } = options;
	if (plan.changes.length === 0) return { kind: "unchanged" };
	if (plan.drifted.length > 0 && !overDrift) return { kind: "drifted", paths: plan.drifted };
	if (plan.refused.length > 0) return { kind: "rejected", complaints: plan.refused };
	const steps = stepsOf(plan);
	let connection: Connection | undefined;
	let step: DeployStep = steps[0] ?? { id: "lock", what: msg("take the lock and start the watchdog"), changes: false };
	let begun = false;
	let declined = false;
	let requests: DeployRequests | undefined;
	try {
		connection = await connect();
		const made = deployRequests(id, plan, seconds);
		requests = made;
		const said = new Map<number, string>();
		for (const [index, next] of steps.entries()) {
			step = next;
			await onStep?.(next, index, steps.length);
			signal?.throwIfAborted();
			begun = true;
			switch (next.id) {
				case "check": {
					const complaints = await checkFor(connection, root, id, plan.changes);
					if (complaints.some(({ severity }) => severity === "error")) {
						await root(connection, made.undo);
						return { kind: "rejected", complaints };
					}
					break;
				}
				case "reconnect": {
					const fresh = await connect();
					connection.close();
					connection = fresh;
					break;
				}
				case "verify":
					await verify(connection, root, plan, said);
					break;
				case "confirm": {
					const at = connection;
					const extend = async (more: number) => {
						await runStep(at, root, made.extend(more), plan);
					};
					if (!(await confirm(extend))) {
						declined = signal?.aborted !== true;
						throw new ConnectionError("cancelled", msg("the change was not confirmed"));
					}
					break;
				}
				default: {
					const n = plan.activations.findIndex((activation) => activationStep(activation) === next.id);
					const request = n === -1 ? simpleRequest(made, next.id) : made.activate(n);
					const printed = await runStep(connection, root, request, plan, plan.activations[n]);
					if (n !== -1) said.set(n, printed);
					else if (next.id === "verify-armed" && printed.trim() !== "") onNote?.(printed.trim());
				}
			}
		}
		return { kind: "deployed", id, differs: await differences(connection, root, plan) };
	} catch (error) {
		const message = error instanceof ConnectionError ? error.text : msg("{0}", error instanceof Error ? error.message : String(error));
		const { end, differs = [] }: Ended = begun ? await takeBack(connection, root, requests, step) : { end: "untouched" };
		return end === "deployed"
			? { kind: "deployed", id, differs: undefined }
			: { kind: "failed", id, step, message, seconds, end, differs, declined };
	} finally {
		connection?.close();
	}
}

/** What a start of the host would change of what runs now: guests come and go, and are not part of it. */
async function differences(connection: Connection, root: RootRunner, plan: Plan): Promise<readonly Verified[] | undefined> {
	const files = new Map([...filesAfter(plan)].map(([path, text]) => [path, { text }]));
	try {
		const askRules = async () =>
			({ kind: "answered", value: expectSuccess(await root(connection, { verb: "rules" }), plan.host) }) as const;
		const { results } = await verifyHost((command, options) => run(connection, command, options), plan.host, files, askRules);
		return results.filter(({ verdict, area }) => verdict === "differs" && area !== "guests" && area !== "leases");
	} catch {
		// It is in place all the same.
		return undefined;
	}
}

function activationStep({ words }: Activation): string {
	return `activate ${words.join(" ")}`;
}

function simpleRequest(requests: DeployRequests, id: string): RootRequest {
	switch (id) {
		case "lock":
		case "stage":
		case "backup":
		case "write":
		case "arm":
		case "keep":
			return requests[id];
		case "verify-armed":
			return requests.verifyArmed;
		default:
			throw new TypeError(`no such step: ${id}`);
	}
}

/** Asks for a step. @returns what it printed */
async function runStep(
	connection: Connection,
	root: RootRunner,
	request: RootRequest,
	plan: Plan,
	activation?: Activation,
): Promise<string> {
	const { host, live: before } = plan;
	// A restart of vmd gives each guest a minute to shut down.
	const result = await root(connection, request, { milliseconds: 120_000 + 60_000 * before.guests.length });
	const said = result.stdout.trim();
	if (result.status === LOCKED)
		throw new ConnectionError(
			"failed",
			msg("another deployment is under way on {0}: {1}. It ends when it is confirmed, or by itself when its time is over", host, said),
		);
	if (result.status === TOO_LATE) throw new ConnectionError("failed", msg("the time was over: {0} has rolled back", host));
	if (result.status === CHANGED)
		throw new ConnectionError("failed", msg("somebody changed {0} on {1} since this was planned: plan it again", said, host));
	if (activation?.kind !== "interface") return expectSuccess(result, host);
	if (!isOfWhatIsInPlace(result.stderr)) expectSuccess(result, host);
	// netstart is content whatever becomes of its commands, and silent of an interface that is not there.
	const live = await askLiveState((command, options) => run(connection, command, options));
	const [fault] = faultsOfInterfaces(plan, live);
	if (fault !== undefined) throw new ConnectionError("failed", fault);
	return "";
}

/** Whether the programs complained of nothing but what is in place already. */
function isOfWhatIsInPlace(said: string): boolean {
	const complaints = said.split("\n").filter((line) => /^(ifconfig|netstart|route|k?sh)[: ]/.test(line));
	return complaints.length > 0 && complaints.every((line) => /(Device busy|File exists)$/.test(line));
}

interface Ended {
	readonly end: DeployEnd | "deployed";
	readonly differs?: readonly string[];
}

/** Takes everything back at once where the host can still be told to; otherwise its watchdog does. */
async function takeBack(
	connection: Connection | undefined,
	root: RootRunner,
	requests: DeployRequests | undefined,
	step: DeployStep,
): Promise<Ended> {
	const reachable = requests !== undefined && connection?.isOpen() === true;
	if (!reachable) return { end: step.id === "keep" ? "undecided" : step.changes ? "watchdog" : "untouched" };
	try {
		const { status, stdout } = await root(connection, requests.undo, { milliseconds: 120_000 });
		const [outcome, ...differs] = stdout.trim().split("\n");
		if (status === 0 && outcome === "confirmed") return { end: "deployed" };
		if (status === 0 && outcome === "incomplete") return { end: "incomplete", differs };
		if (status === 0 && step.changes) return { end: outcome === "restored" ? "restored" : "trying" };
	} catch {
		// Its watchdog does it.
		if (step.id === "keep") return { end: "undecided" };
	}
	return { end: step.changes ? "watchdog" : "untouched" };
}

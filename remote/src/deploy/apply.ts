/** Carries a plan out, step by step, with a watchdog on the host that takes it back unless it is confirmed in time. */
import { randomBytes } from "node:crypto";
import { type Message, say } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { askLiveState } from "../live.ts";
import { run } from "../run.ts";
import { type ShellCommand, sh } from "../shell-words.ts";
import { checkStaged } from "./check.ts";
import type { HostComplaint } from "./complaint.ts";
import type { Plan } from "./plan.ts";
import { expectSuccess, type RootRunner, runRootScript } from "./root.ts";
import { type DeployScripts, deployScripts, LOCKED, TOO_LATE } from "./scripts.ts";

/** A step, by a name that stays the same, and in words. */
export interface Step {
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
	readonly onStep?: (step: Step, index: number, count: number) => void | Promise<void>;
	/** Deploys although files were changed on the host by somebody else. */
	readonly overDrift?: boolean;
	readonly root?: RootRunner;
	readonly signal?: AbortSignal;
}

export type DeployResult =
	| { readonly kind: "unchanged" }
	| { readonly kind: "deployed"; readonly id: string }
	/** Nothing was changed: somebody changed these files on the host. */
	| { readonly kind: "drifted"; readonly paths: readonly string[] }
	/** Nothing was changed: the host's own programs found these faults. */
	| { readonly kind: "rejected"; readonly complaints: readonly HostComplaint[] }
	| {
			readonly kind: "failed";
			readonly id: string;
			readonly step: Step;
			readonly message: Message;
			/** `untouched`: nothing had been changed; `restored`: the old files are back; `watchdog`: the host does it by itself, within `seconds`. */
			readonly end: "untouched" | "restored" | "watchdog";
			readonly seconds: number;
	  };

/** The steps of a plan, in order. */
export function stepsOf({ changes, activations }: Plan): readonly Step[] {
	const before = (id: string, what: Message): Step => ({ id, what, changes: false });
	const after = (id: string, what: Message): Step => ({ id, what, changes: true });
	return [
		before("lock", say("take the lock and start the watchdog")),
		before("stage", say("bring the files to the host")),
		before("check", say("let the host's own programs check them")),
		before("backup", say("back up the files that change")),
		before("arm", say("arm the watchdog")),
		before("verify-armed", say("see that the watchdog is armed")),
		after("write", say("write the files beside their places")),
		...changes.map(({ path }) => after(`rename ${path}`, say("put {0} in its place", path))),
		...activations.map(({ words }) => after(`activate ${words.join(" ")}`, say("run {0}", words.join(" ")))),
		after("reconnect", say("make a new connection")),
		after("verify", say("check what runs now")),
		after("confirm", say("wait for the confirmation")),
		after("disarm", say("disarm the watchdog")),
	];
}

/** A name for a deployment that begins now. */
export function newDeploymentId(now: Date): string {
	return `${now.toISOString().replace(/[-:]|\.\d+Z$/g, "")}-${randomBytes(4).toString("hex")}`;
}

/** Carries a plan out. Never rejects for what the host or the line does: the result says how it ended. */
export async function deploy(plan: Plan, id: string, options: DeployOptions): Promise<DeployResult> {
	const { connect, seconds = 120, confirm, onStep, root = runRootScript, overDrift = false, signal } = options;
	if (plan.changes.length === 0) return { kind: "unchanged" };
	if (plan.drifted.length > 0 && !overDrift) return { kind: "drifted", paths: plan.drifted };
	const steps = stepsOf(plan);
	let connection: Connection | undefined;
	let step: Step = steps[0] ?? { id: "lock", what: say("take the lock and start the watchdog"), changes: false };
	let begun = false;
	let scripts: DeployScripts | undefined;
	try {
		connection = await connect();
		const made = deployScripts(id, plan.changes, plan.activations, seconds, connection.target.user);
		scripts = made;
		for (const [index, next] of steps.entries()) {
			step = next;
			await onStep?.(next, index, steps.length);
			signal?.throwIfAborted();
			begun = true;
			switch (next.id) {
				case "check": {
					const complaints = await checkStaged(connection, root, made.staged, plan.changes);
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
					await verify(connection, root, plan);
					break;
				case "confirm": {
					const at = connection;
					const extend = async (more: number) => void expectSuccess(await root(at, made.extend(more)), plan.host);
					if (!(await confirm(extend))) throw new ConnectionError("cancelled", say("the change was not confirmed"));
					break;
				}
				default:
					await simpleStep(connection, root, made, next, plan);
			}
		}
		return { kind: "deployed", id };
	} catch (error) {
		const message = error instanceof ConnectionError ? error.text : say("{0}", error instanceof Error ? error.message : String(error));
		return { kind: "failed", id, step, message, seconds, end: begun ? await takeBack(connection, root, scripts, step) : "untouched" };
	} finally {
		connection?.close();
	}
}

async function simpleStep(connection: Connection, root: RootRunner, scripts: DeployScripts, { id }: Step, plan: Plan): Promise<void> {
	const result = await root(connection, scriptOf(scripts, id, plan), { milliseconds: 120_000 });
	if (result.status === LOCKED && id === "lock")
		throw new ConnectionError("failed", say("another deployment is under way on {0}: {1}", plan.host, result.stdout.trim()));
	if (result.status === TOO_LATE) throw new ConnectionError("failed", say("the time was over: {0} has gone back", plan.host));
	expectSuccess(result, plan.host);
}

function scriptOf(scripts: DeployScripts, id: string, { changes, activations }: Plan): ShellCommand {
	const change = changes.find(({ path }) => id === `rename ${path}`);
	if (change !== undefined) return scripts.rename(change);
	const activation = activations.find(({ words }) => id === `activate ${words.join(" ")}`);
	if (activation !== undefined) return scripts.activate(activation);
	switch (id) {
		case "lock":
			return scripts.lock;
		case "stage":
			return scripts.stage;
		case "backup":
			return scripts.backup;
		case "arm":
			return scripts.arm;
		case "verify-armed":
			return scripts.verifyArmed;
		case "write":
			return scripts.write;
		case "disarm":
			return scripts.disarm;
		default:
			throw new TypeError(`no such step: ${id}`);
	}
}

/** What must be so afterwards: rules are loaded where there were to be some, and who ran still runs. */
async function verify(connection: Connection, root: RootRunner, { changes, live, host }: Plan): Promise<void> {
	if (changes.some(({ role }) => role === "pf")) {
		const rules = expectSuccess(await root(connection, sh`pfctl -s rules`), host);
		const wanted = changes.find(({ path }) => path === "/etc/pf.conf")?.text;
		if (rules.trim() === "" && wanted !== undefined && /^\s*(pass|block|match|anchor)\b/m.test(wanted))
			throw new ConnectionError("failed", say("no rules are loaded on {0}", host));
	}
	const now = await askLiveState((command, options) => run(connection, command, options));
	const running = new Set(now.guests.filter(({ state }) => state === "running").map(({ name }) => name));
	const stopped = live.guests.filter(({ name, state }) => state === "running" && !running.has(name)).map(({ name }) => name);
	if (stopped.length > 0) throw new ConnectionError("failed", say("guests that ran before do not run: {0}", stopped.join(", ")));
}

/** Takes everything back at once where the host can still be told to; otherwise its watchdog does. */
async function takeBack(
	connection: Connection | undefined,
	root: RootRunner,
	scripts: DeployScripts | undefined,
	step: Step,
): Promise<"untouched" | "restored" | "watchdog"> {
	if (!step.changes) {
		if (scripts !== undefined && connection?.isOpen() === true)
			await root(connection, scripts.undo, { milliseconds: 60_000 }).catch(() => undefined);
		return "untouched";
	}
	if (scripts === undefined || connection?.isOpen() !== true) return "watchdog";
	try {
		const { status } = await root(connection, scripts.undo, { milliseconds: 60_000 });
		return status === 0 ? "restored" : "watchdog";
	} catch {
		return "watchdog";
	}
}

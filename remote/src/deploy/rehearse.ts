/** Tries the way back on a host: timers that were armed and have never fired are what fails when it counts. */
import { type Message, msg, PF_CONF } from "@openbsd-vnet/server";
import { withConnection } from "../connect.ts";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { type DeployOptions, deploy } from "./apply.ts";
import { fetchFiles } from "./fetch.ts";
import { makePlan } from "./plan.ts";
import { deployRequests } from "./requests.ts";
import { expectSuccess, type RootRunner, runHostProgram } from "./root.ts";
import { noteWayBack } from "./way-back.ts";

const path = PF_CONF;

/** It matches, and does nothing. */
const harmless = 'match all label "openbsd-vnet rehearsal"\n';

export interface RehearseOptions extends Pick<DeployOptions, "connect" | "onStep" | "root" | "signal"> {
	/** How long the watchdog waits, in seconds; 15. */
	readonly seconds?: number;
}

export type Rehearsal = { readonly kind: "works" } | { readonly kind: "fails"; readonly message: Message };

/**
 * Loads the host's own ruleset with one rule more and confirms nothing: the host must roll back by itself, rules and files. It
 * remembers how that ended.
 * @throws ConnectionError where the host cannot be reached, or has no ruleset
 */
export async function rehearse(id: string, options: RehearseOptions): Promise<Rehearsal> {
	const rehearsal = await tried(id, options);
	const { root = runHostProgram } = options;
	await withConnection(options.connect, (connection) => noteWayBack(connection, rehearsal.kind, { root }));
	return rehearsal;
}

async function tried(id: string, options: RehearseOptions): Promise<Rehearsal> {
	const { connect, seconds = 15, root = runHostProgram } = options;
	const { name, plan, before } = await withConnection(connect, async (connection) => {
		const { name } = connection.target;
		const text = await textOf(connection, root);
		if (text === undefined) throw new ConnectionError("unsupported", msg("{0} has no {1} to rehearse with", name, path));
		const plan = await makePlan(connection, [{ path, text: `${text.replace(/\n?$/, "\n")}${harmless}` }], { root });
		return { name, plan, before: `${await loaded(connection, root, plan.anchors.before)}${text}` };
	});
	let outcome = "";
	const result = await deploy(plan, id, {
		...options,
		// A slow host needs longer until there is anything to wait for: the short time begins then.
		seconds: Math.max(seconds, 120),
		overDrift: true,
		confirm: async (extend) => {
			await extend(seconds);
			const { outcome: ask } = deployRequests(id, plan, seconds);
			const latest = Date.now() + (seconds + 20) * 1000;
			while (outcome === "" && Date.now() < latest && options.signal?.aborted !== true) {
				await new Promise((resolve) => setTimeout(resolve, 1000));
				outcome = await withConnection(connect, async (again) => expectSuccess(await root(again, ask), name).trim());
			}
			return false;
		},
	});
	if (result.kind === "rejected") return { kind: "fails", message: msg("{0} refuses its own {1}", name, path) };
	if (result.kind !== "failed" || result.step.id !== "confirm")
		return { kind: "fails", message: result.kind === "failed" ? result.message : msg("it ended as {0}", result.kind) };
	if (outcome === "") return { kind: "fails", message: msg("the watchdog on {0} did not roll back by itself", name) };
	const now = await withConnection(
		connect,
		async (after) => `${await loaded(after, root, plan.anchors.before)}${await textOf(after, root)}`,
	);
	if (outcome === "restored")
		return now === before ? { kind: "works" } : { kind: "fails", message: msg("{0} has other rules than before", name) };
	return {
		kind: "fails",
		message:
			now === before
				? msg("the watchdog on {0} rolled back by itself, but not everything is as before", name)
				: msg(
						"the watchdog on {0} rolled back by itself, to the rules of {1}: other rules were loaded before. Load the file there, or bring those rules into it, and rehearse again",
						name,
						path,
					),
	};
}

async function textOf(connection: Connection, root: RootRunner): Promise<string | undefined> {
	const file = (await fetchFiles(connection, root, [path])).files.get(path);
	return file?.kind === "file" ? file.text : undefined;
}

async function loaded(connection: Connection, root: RootRunner, anchors: readonly string[]): Promise<string> {
	return expectSuccess(await root(connection, { verb: "loaded", args: anchors }), connection.target.name);
}

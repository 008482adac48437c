/** What a deployment means for the connections that its host has now: which would no longer begin with the new rules. */
import { type PfState, parseIp, sameIp } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import type { Asked } from "../live.ts";
import { run } from "../run.ts";
import { sh } from "../shell-words.ts";
import { askStateRows, type StateRow } from "../state-rows.ts";
import { filesAfter, type Plan } from "./plan.ts";

/** The states of a host, held against the files that a plan brings it. */
export interface PlanStates {
	/** How many were read. */
	readonly total: number;
	/** Beyond those. */
	readonly leftOut: number;
	/** Those that the new rules would refuse for certain, without the connection that we come by. */
	readonly refused: readonly StateRow[];
	/** Of how many that is not known. */
	readonly unknown: number;
	/** The new rules would refuse the connection that we come by; it is never ended by us. */
	readonly refusesOurs: boolean;
}

/** Asks once for all states: `pfctl -ss -vv`. Before a deployment and after it, the answer is about the same files. */
export async function askPlanStates(
	connection: Connection,
	plan: Pick<Plan, "host" | "before" | "changes">,
	signal?: AbortSignal,
): Promise<Asked<PlanStates>> {
	const files = new Map([...filesAfter(plan)].map(([path, text]) => [path, { text }] as const));
	const asked = await askStateRows(
		(command, options) => run(connection, command, options),
		connection.target.user,
		{ name: plan.host, files, against: files },
		signal,
	);
	if (asked.kind !== "answered") return asked;
	const { rows, total, loaded } = asked.value;
	const { stdout } = await run(connection, sh`printf '%s\\n' "$SSH_CONNECTION"`, signal === undefined ? {} : { signal });
	const isOurs = ownStateBy(stdout.trim());
	const refused = rows.filter(({ verdict }) => verdict?.kind === "refused");
	const others = refused.filter(({ state }) => !isOurs(state));
	return {
		kind: "answered",
		value: {
			total,
			leftOut: loaded.leftOut,
			refused: others,
			unknown: rows.filter(({ verdict }) => verdict?.kind === "unknown").length,
			refusesOurs: others.length < refused.length,
		},
	};
}

/**
 * What of us may be among them: connections from where we come to the host's ssh, for others of ours may be open.
 * @param ends `$SSH_CONNECTION` of ssh(1): our address and port, the host's address and port
 */
function ownStateBy(ends: string): (state: PfState) => boolean {
	const [, from, to] = /^(\S+) \d+ \S+ (\d+)$/.exec(ends) ?? [];
	const us = parseIp(from ?? "");
	const port = to === undefined ? 22 : Number(to);
	return ({ protocol, family, source, destination, translated }) =>
		protocol === TCP &&
		(destination.port === port || translated?.destination.port === port) &&
		// Where the host does not tell how we came, any of them may be ours.
		(us === undefined || (family === us.family && sameIp(source.address, us.address)));
}

const TCP = 6;

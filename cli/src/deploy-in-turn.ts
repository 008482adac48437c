/** `openbsd-vnet deploy` of several hosts, one after the other: those first that stand in for others. */
import { askLiveState, type CarpRoles, carpRoles, run, withConnection } from "@openbsd-vnet/remote";
import { type ApplyCall, runDeploy } from "./deploy.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { listedHost, reached } from "./remote-host.ts";
import { plain, stderr } from "./terminal.ts";
import { tell } from "./translations.ts";

/**
 * Deploys to one host after the other, as `runDeploy` does. By carp(4), those come last that have addresses which others would
 * take over; and each has to be able to take over before the next one is begun. The first that fails is the last that is touched.
 * @param write is given what to print of each host
 * @returns 0 where all are done; else the status of the one that was the last
 */
export async function runDeployInTurn(
	hosts: readonly string[],
	call: Omit<ApplyCall, "host">,
	write: (text: string) => void,
): Promise<ExitStatus> {
	const documents: string[] = [];
	try {
		return await inTurn(hosts, call, call.json ? (text) => documents.push(text) : write);
	} finally {
		// What was deployed is told too where a later host is not reached.
		if (call.json) write(`[\n${documents.join(",\n")}]\n`);
	}
}

async function inTurn(hosts: readonly string[], call: Omit<ApplyCall, "host">, write: (text: string) => void): Promise<ExitStatus> {
	const order = await reached(() => standInsFirst(hosts));
	if (order.some(({ roles }) => roles.leads.length > 0))
		stderr.write(`${tell("In this order, the hosts that stand in first: {0}", order.map(({ host }) => plain(host)).join(", "))}\n`);
	for (const [i, { host, roles }] of order.entries()) {
		const { output, status } = await runDeploy({ ...call, host });
		write(output);
		const left = order.slice(i + 1).map((next) => plain(next.host));
		if (left.length === 0) return status;
		const stays = tell("Not begun: {0}", left.join(", "));
		if (status !== exitStatus.done) {
			stderr.write(`${stays}\n`);
			return status;
		}
		const lost = await reached(() => noLongerReady(host, roles));
		if (lost.length > 0) {
			stderr.write(`${tell("{0} could not take over: {1} is in the state INIT", plain(host), lost.map(plain).join(", "))}\n${stays}\n`);
			return exitStatus.found;
		}
	}
	return exitStatus.done;
}

interface Turn {
	readonly host: string;
	readonly roles: CarpRoles;
}

/** Hosts that have none of the shared addresses come first, and otherwise the order stays. */
async function standInsFirst(hosts: readonly string[]): Promise<readonly Turn[]> {
	const turns: Turn[] = [];
	for (const host of new Set(hosts)) turns.push({ host, roles: await rolesOf(host) });
	return turns.sort((a, b) => Number(a.roles.leads.length > 0) - Number(b.roles.leads.length > 0));
}

/** The interfaces that could take over before a deployment, and cannot now. */
async function noLongerReady(host: string, before: CarpRoles): Promise<readonly string[]> {
	const { idle } = await rolesOf(host);
	return idle.filter((name) => before.standsIn.includes(name) || before.leads.includes(name));
}

async function rolesOf(host: string): Promise<CarpRoles> {
	const { reach } = await listedHost(host);
	const { interfaces } = await withConnection(reach, (connection) => askLiveState((words, each) => run(connection, words, each)));
	return carpRoles(interfaces);
}

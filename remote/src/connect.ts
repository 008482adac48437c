/** Connects to a host by the name that the user gives it: by the client that is built in where that does all that is asked for. */
import { msg } from "@openbsd-vnet/server";
import { connectBuiltIn } from "./built-in-client.ts";
import type { Connection, ConnectOptions } from "./connection.ts";
import { BeyondBuiltIn, ConnectionError } from "./connection-error.ts";
import { type Destination, readDestination, resolveTarget, type SshTarget } from "./ssh-config.ts";
import { connectSystem } from "./system-client.ts";
import { askConfiguration, isSafe } from "./system-ssh.ts";
import { whyBeyondBuiltIn } from "./transport.ts";

const MAX_JUMPS = 8;

/**
 * Connects to a host by the name that the user gives: `[user@]host[:port]`, or a Host of ssh_config.
 * @throws ConnectionError
 */
export async function connect(destination: string, options: ConnectOptions): Promise<Connection> {
	const { local, calledAs } = options;
	const read = destinationOf(destination);
	const found = await wayTo(await resolved(read, options), options);
	const way = found.map((target, i) => (i === found.length - 1 ? { ...target, name: calledAs ?? target.name } : target));
	const [target] = way.slice(-1) as [SshTarget];
	const system = isSafe(read) ? local.ssh : undefined;
	for (const each of way) {
		const beyond = await whyBeyondBuiltIn(each, local);
		if (beyond === undefined) continue;
		if (system !== undefined) return await connectSystem(system, read, target, beyond.why, options);
		if (beyond.refusal !== undefined) throw beyond.refusal;
	}
	try {
		return await connectBuiltIn(way, options);
	} catch (error) {
		if (!(error instanceof BeyondBuiltIn) || system === undefined) throw error;
		return await connectSystem(system, read, target, error.why, options);
	}
}

/**
 * What a name stands for, by the user's ssh_config.
 * @throws ConnectionError where it is none
 */
export async function targetOf(destination: string, options: Pick<ConnectOptions, "local" | "configFiles" | "signal">): Promise<SshTarget> {
	return await resolved(destinationOf(destination), options);
}

function destinationOf(text: string): Destination {
	const read = readDestination(text);
	if (read === undefined) throw new ConnectionError("unsupported", msg("'{0}' is not a host: write [user@]host[:port]", text));
	return read;
}

/** As ssh(1) reads the configuration, where it is there and does not refuse it. */
async function resolved(
	destination: Destination,
	{ local, configFiles, signal }: Pick<ConnectOptions, "local" | "configFiles" | "signal">,
): Promise<SshTarget> {
	const told =
		local.ssh === undefined || !isSafe(destination)
			? undefined
			: await askConfiguration(local.ssh, destination, local, configFiles, signal);
	return resolveTarget(destination, local, configFiles, told);
}

/** The hosts on the way to a host, and itself last. As ssh(1) has it, those before one in a list take the place of its own. */
async function wayTo(target: SshTarget, options: ConnectOptions, depth = 0): Promise<readonly SshTarget[]> {
	const last = target.jumps.at(-1);
	if (last === undefined) return [target];
	if (depth >= MAX_JUMPS) throw new ConnectionError("unsupported", msg("{0}: the hosts of ProxyJump lead through each other", target.name));
	const before = target.jumps.slice(0, -1);
	const gate = await targetOf(last, options);
	return [...(await wayTo(before.length > 0 ? { ...gate, jumps: before } : gate, options, depth + 1)), target];
}

/** Uses a connection and closes it, whatever becomes of its use. */
export async function withConnection<T>(reach: () => Promise<Connection>, use: (connection: Connection) => Promise<T>): Promise<T> {
	const connection = await reach();
	try {
		return await use(connection);
	} finally {
		connection.close();
	}
}

/** A host by its name on the command line: connected, asked, and let go. */
import { fileURLToPath } from "node:url";
import {
	type Connection,
	ConnectionError,
	connect,
	localSide,
	type Prompts,
	type RunOnHost,
	run,
	type WantedFile,
	wantedFilesOf,
	withConnection,
} from "@openbsd-vnet/remote";
import type { HostFolder } from "@openbsd-vnet/server";
import { disk } from "./disk.ts";
import { type HostList, hostListAbove, namedHost } from "./hosts.ts";
import { PathError, UnreachedError } from "./path-error.ts";
import { terminalPrompts } from "./prompts.ts";
import { tell, translated } from "./translations.ts";

/** How a host is connected to, other than the user's configuration and the terminal say. */
interface Reach {
	/** An ssh_config in place of the user's and the system's. */
	readonly config?: string | undefined;
	readonly prompts?: Prompts;
	/** What it is called in openbsd-vnet.json. */
	readonly name?: string;
}

/** @throws ConnectionError */
export async function connectTo(address: string, { config, prompts = terminalPrompts(), name }: Reach = {}): Promise<Connection> {
	return await connect(address, {
		local: localSide(),
		prompts,
		...(name === undefined ? {} : { calledAs: name }),
		...(config === undefined ? {} : { configFiles: [config] }),
	});
}

/**
 * Does something with a host that is reached by SSH.
 * @param name of openbsd-vnet.json here or above; else `[user@]host[:port]`, or a name of ssh_config
 * @throws ConnectionError
 */
export async function onHost<T>(name: string, config: string | undefined, use: (run: RunOnHost) => Promise<T>): Promise<T> {
	const address = (await namedHost(name))?.ssh ?? name;
	return await withConnection(
		() => connectTo(address, { config, name }),
		(connection) => use((command, each) => run(connection, command, each)),
	);
}

/** A host of openbsd-vnet.json, which says how it is reached. */
export type ReachableHost = HostFolder & { readonly ssh: string };

/** @throws PathError where the list names no such host, or not how to reach it */
export function reachableHost({ hosts }: HostList, name: string): ReachableHost {
	const host = hosts.find((each) => each.name === name);
	if (host === undefined) {
		const names = hosts.map((each) => each.name);
		throw new PathError(tell("openbsd-vnet.json, here or above, names no host '{0}', but {1}", name, names.join(", ") || tell("none")));
	}
	const { ssh } = host;
	if (ssh === undefined) throw new PathError(tell("openbsd-vnet.json does not say how to reach '{0}': add \"ssh\"", name));
	return { ...host, ssh };
}

/** A host whose files are here. */
export interface ListedHost {
	/** Its folder on disk. */
	readonly folder: string;
	reach(): Promise<Connection>;
	/** The files of its folder that are deployed. */
	files(): Promise<readonly WantedFile[]>;
}

/** @throws PathError where openbsd-vnet.json names no such host, or not how to reach it */
export async function listedHost(name: string): Promise<ListedHost> {
	const list = await hostListAbove(".");
	if (list === undefined)
		throw new PathError(
			`${tell("no openbsd-vnet.json is here or above. It names the hosts, the folder of each and how it is reached:")} { "hosts": [{ "name": "${name}", "root": "${name}", "ssh": "${name}" }] }`,
		);
	const host = reachableHost(list, name);
	return { folder: fileURLToPath(host.root), reach: () => connectTo(host.ssh, { name }), files: () => wantedFilesOf(disk, host) };
}

/** What keeps us from the host is told as a fault of the call. */
export async function reached<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw error instanceof ConnectionError ? new UnreachedError(translated(error.text)) : error;
	}
}

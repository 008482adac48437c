/** The folder of one host: one that is named, or that of a host of openbsd-vnet.json. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type HostFolder, interfaceOfPath } from "@openbsd-vnet/server";
import { UsageError } from "./arguments.ts";
import { hostListAbove } from "./hosts.ts";
import { PathError } from "./path-error.ts";
import { tell } from "./translations.ts";

/**
 * @param listed the name of a host of openbsd-vnet.json, in place of a folder
 * @param folder one that holds the host's `etc`, or its files themselves; the working folder where not given
 * @throws PathError where there is no such host
 */
export async function hostFolder({ host: listed, folder }: HostChoice): Promise<HostFolder> {
	if (listed !== undefined && folder !== undefined) throw new UsageError(tell("give one folder, or --host"));
	return listed === undefined ? await hostAt(folder ?? ".") : await hostListed(listed);
}

export interface HostChoice {
	readonly host?: string | undefined;
	readonly folder?: string | undefined;
}

/** The host whose files are in a folder. An empty folder stands for the host's `/`. */
async function hostAt(folder: string): Promise<HostFolder> {
	const path = resolve(folder);
	const info = await stat(path).catch(() => undefined);
	if (info?.isDirectory() !== true) throw new PathError(tell("{0}: no such folder", folder));
	const uri = (at: string): string => pathToFileURL(at).href.replace(/\/$/, "");
	if (basename(path) === "etc") return { name: basename(dirname(path)), root: uri(dirname(path)), mount: "/" };
	const names = await readdir(path);
	const bare = names.some((name) => /^(pf|vm)\.conf$/.test(name) || interfaceOfPath(name) !== undefined);
	return { name: basename(path), root: uri(path), mount: bare ? "/etc" : "/" };
}

async function hostListed(name: string): Promise<HostFolder> {
	const hosts = (await hostListAbove("."))?.hosts ?? [];
	const found = hosts.find((host) => host.name === name);
	if (found !== undefined) return found;
	const names = hosts.map((host) => host.name);
	throw new PathError(
		names.length === 0
			? tell("no host '{0}' in openbsd-vnet.json", name)
			: tell("no host '{0}' in openbsd-vnet.json, which has {1}", name, names.join(", ")),
	);
}

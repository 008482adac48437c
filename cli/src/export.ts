/** `openbsd-vnet export ansible`: many hosts, by an engine that people have for that. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { localSide, readDestination, resolveTarget, wantedFilesOf } from "@openbsd-vnet/remote";
import { uriOnHost } from "@openbsd-vnet/server";
import { ansibleFiles, type FleetHost, firstLine } from "./ansible.ts";
import { disk } from "./disk.ts";
import { hostListAbove } from "./hosts.ts";
import { PathError } from "./path-error.ts";
import { tell } from "./translations.ts";

/**
 * Writes an inventory and a playbook for the hosts of openbsd-vnet.json that have an "ssh".
 * @param folder where to write them; it is made where there is none
 * @param configFiles the files of ssh_config, the user's and the system's by default
 * @returns the paths that were written
 * @throws PathError where there is no such host, or where a file is there that we did not write
 */
export async function exportAnsible(folder: string, configFiles?: readonly string[]): Promise<readonly string[]> {
	const list = await hostListAbove(".");
	const listed = list?.hosts.filter(({ ssh }) => ssh !== undefined) ?? [];
	if (listed.length === 0) throw new PathError(tell('openbsd-vnet.json, here or above, names no host with an "ssh"'));
	const hosts: FleetHost[] = [];
	for (const host of listed) {
		const destination = readDestination(host.ssh ?? "");
		if (destination === undefined) throw new PathError(tell("'{0}' of '{1}' is not an address for ssh", host.ssh ?? "", host.name));
		const found = await wantedFilesOf(disk, host);
		hosts.push({
			name: host.name,
			target: resolveTarget(destination, localSide(), configFiles),
			files: new Map(found.map(({ path, text }) => [path, text])),
			sourceOf: (path) => relative(resolve(folder), fileURLToPath(uriOnHost(host, path) ?? host.root)),
		});
	}
	const files = [...ansibleFiles(hosts)].map(([name, text]) => ({ path: join(folder, name), text }));
	for (const { path } of files) {
		const there = await readFile(path, "utf8").catch(() => undefined);
		if (there !== undefined && !there.startsWith(firstLine))
			throw new PathError(tell("{0} is there, and was not written by this command", path));
	}
	await mkdir(folder, { recursive: true });
	for (const { path, text } of files) await writeFile(path, text);
	return files.map(({ path }) => path);
}

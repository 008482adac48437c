/** `openbsd-vnet export ansible`: many hosts, by an engine that people have for that. */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { localSide, readDestination, resolveTarget } from "@openbsd-vnet/remote";
import { ansibleFiles, collection, type FleetHost, firstWords } from "./ansible.ts";
import { hostListAbove, hostListFile } from "./hosts.ts";
import { PathError } from "./path-error.ts";
import { tell } from "./translations.ts";

/**
 * Writes an inventory and a playbook for the hosts of openbsd-vnet.json that have an "ssh", and beside them the collection that they
 * stand on.
 * @param folder where to write them; it is made where there is none
 * @param configFiles the files of ssh_config, the user's and the system's by default
 * @returns the paths that were written
 * @throws PathError where there is no such host, or where a file is there that we did not write
 */
export async function exportAnsible(folder: string, configFiles?: readonly string[]): Promise<readonly string[]> {
	const list = await hostListAbove(".");
	const listed = list?.hosts.filter(({ ssh }) => ssh !== undefined) ?? [];
	if (list === undefined || listed.length === 0) throw new PathError(tell('openbsd-vnet.json, here or above, names no host with an "ssh"'));
	const hosts: FleetHost[] = [];
	for (const host of listed) {
		const destination = readDestination(host.ssh ?? "");
		if (destination === undefined) throw new PathError(tell("'{0}' of '{1}' is not an address for ssh", host.ssh ?? "", host.name));
		hosts.push({ name: host.name, target: resolveTarget(destination, localSide(), configFiles) });
	}
	const at = resolve(folder);
	const files = [...ansibleFiles(hosts, relative(at, dirname(hostListFile(list))) || ".")].map(([name, text]) => ({
		path: join(folder, name),
		text,
	}));
	for (const { path } of files) {
		const there = await readFile(path, "utf8").catch(() => undefined);
		if (there !== undefined && !there.startsWith(firstWords))
			throw new PathError(tell("{0} is there, and was not written by this command", path));
	}
	await mkdir(folder, { recursive: true });
	for (const { path, text } of files) await writeFile(path, text);
	// Ansible looks for collections beside the playbook.
	const place = join(folder, "collections", "ansible_collections", ...collection);
	await rm(place, { recursive: true, force: true });
	await cp(new URL("../../ansible/", import.meta.url), place, { recursive: true });
	return [...files.map(({ path }) => path), place];
}

/** The hosts of the workspace that share addresses with one by carp(4), as far as that one's checks need them. */
import { discoverHosts } from "../host/discover.ts";
import { etcOf, type HostFolder } from "../host/folder.ts";
import { type InterfaceConfig, readInterface } from "../host/interfaces.ts";
import type { OtherHost } from "../host/model.ts";
import { sharedBy } from "../host/pairs.ts";
import { driverOf, interfaceOfPath } from "../hostname/names.ts";
import type { Workspace } from "../workspace.ts";

/** Whether a path is the file of a carp interface: without one, a host shares no address. */
export function isCarpPath(path: string): boolean {
	return driverOf(interfaceOfPath(path) ?? "") === "carp";
}

export class OtherHosts {
	readonly #workspace: Workspace;
	readonly #etc: string;
	/** What was found last; undefined after a change of a hostname file of any host. */
	#search: Promise<readonly OtherHost[]> | undefined;
	#found: readonly OtherHost[] = [];

	/**
	 * @param workspace with what is open in place of what is on disk
	 * @param etc the URI of the /etc of the host that they are other than
	 */
	constructor(workspace: Workspace, etc: string) {
		this.#workspace = workspace;
		this.#etc = etc;
	}

	get found(): readonly OtherHost[] {
		return this.#found;
	}

	/** A hostname file of some host has changed. */
	stale(): void {
		this.#search = undefined;
	}

	/**
	 * Looks for them.
	 * @param own the interfaces of carp that the host has
	 * @returns whether they are others than before
	 */
	async find(own: readonly InterfaceConfig[]): Promise<boolean> {
		const search = this.#search ?? (own.length === 0 ? Promise.resolve([]) : this.#look(own));
		this.#search = search;
		try {
			const found = await search;
			if (found === this.#found || found.length + this.#found.length === 0) return false;
			this.#found = found;
			return true;
		} catch {
			// A host that cannot be read says nothing of this one; who asks next tries again.
			if (this.#search === search) this.#search = undefined;
			const had = this.#found.length > 0;
			this.#found = [];
			return had;
		}
	}

	async #look(own: readonly InterfaceConfig[]): Promise<readonly OtherHost[]> {
		const { hosts } = await discoverHosts(this.#workspace);
		const found: OtherHost[] = [];
		const seen = new Set([this.#etc]);
		for (const host of hosts) {
			// A folder of the workspace may lie in another.
			if (seen.has(etcOf(host))) continue;
			seen.add(etcOf(host));
			const paths = await this.#hostnameFiles(host);
			const carp = await this.#read(host, paths.filter(isCarpPath));
			if (sharedBy(own, carp).length === 0) continue;
			const rest = await this.#read(
				host,
				paths.filter((path) => !isCarpPath(path)),
			);
			found.push({ name: host.name, configs: [...carp, ...rest] });
		}
		return found;
	}

	async #hostnameFiles(host: HostFolder): Promise<readonly string[]> {
		const entries = await this.#workspace.list(etcOf(host));
		return entries.map(({ name }) => `/etc/${name}`).filter((path) => interfaceOfPath(path) !== undefined);
	}

	async #read(host: HostFolder, paths: readonly string[]): Promise<readonly InterfaceConfig[]> {
		const read = paths.map(async (path) => {
			const text = await this.#workspace.read(`${etcOf(host)}${path.slice("/etc".length)}`);
			return text === undefined ? [] : [readInterface(path, text, host.release)];
		});
		return (await Promise.all(read)).flat();
	}
}

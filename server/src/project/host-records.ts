/** What is known of hosts beside their files: openbsd-vnet.json, the setting of the release, what running hosts have said. */
import { hostListName, readHostList } from "../host/discover.ts";
import { etcOf, folderOf, type HostFolder } from "../host/folder.ts";
import type { FileRelease, LiveFacts } from "../protocol.ts";
import type { Release } from "../text/vocabulary.ts";
import type { Workspace } from "../workspace.ts";

/** The release that a host's files are read for, and what says so; without one, the newest. */
export interface KnownRelease {
	readonly release?: Release;
	readonly by: FileRelease["by"];
}

export class HostRecords {
	readonly #workspace: Workspace;
	/** The hosts of openbsd-vnet.json by the URI of their /etc. */
	#listed: ReadonlyMap<string, HostFolder> = new Map();
	/** What running hosts have said, by the URI of their /etc. */
	#live: ReadonlyMap<string, LiveFacts> = new Map();
	/** What the setting says. */
	release: Release | undefined;

	constructor(workspace: Workspace) {
		this.#workspace = workspace;
	}

	/** Takes what the lists of hosts say now. */
	async readLists(): Promise<void> {
		const listed = new Map<string, HostFolder>();
		for (const folder of this.#workspace.folders) {
			const text = await this.#workspace.read(`${folder}/${hostListName}`);
			for (const host of text === undefined ? [] : readHostList(text, folder, [])) listed.set(etcOf(host), host);
		}
		this.#listed = listed;
	}

	/** Takes what running hosts have said, instead of what was known before. */
	setLive(hosts: readonly LiveFacts[]): void {
		this.#live = new Map(hosts.map((facts) => [facts.etc, facts]));
	}

	/** What a running host has said. @param id `HostPlace.host` */
	live(id: string): LiveFacts | undefined {
		return this.#live.get(etcOf(folderOf(id)));
	}

	/** A host as its list has it, or else as its folder tells. */
	folder(id: string): HostFolder {
		const folder = folderOf(id);
		return this.#listed.get(etcOf(folder)) ?? folder;
	}

	/** What the running host says goes before what is written down of it, and that before the setting. */
	releaseOf(id: string): KnownRelease {
		const asked = this.#workspace.release;
		if (asked !== undefined) return { release: asked, by: "setting" };
		const live = this.live(id)?.release;
		if (live !== undefined) return { release: live, by: "host" };
		const listed = this.#listed.get(etcOf(folderOf(id)))?.release;
		if (listed !== undefined) return { release: listed, by: "list" };
		return this.release === undefined ? { by: "newest" } : { release: this.release, by: "setting" };
	}
}

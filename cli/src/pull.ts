/** `openbsd-vnet pull`: the files of a running host, brought into its folder. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Connection, folderNameOf, noteSeen, type Pull, pullOf, wantedFilesOf, withConnection } from "@openbsd-vnet/remote";
import { hostListName, msg, render, uriOnHost, withDeployedFiles, withHost } from "@openbsd-vnet/server";
import type { DeployCall, Done } from "./deploy.ts";
import { disk } from "./disk.ts";
import { exitStatus } from "./exit-status.ts";
import { hostListAbove } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { connectTo, type ReachableHost, reachableHost, reached } from "./remote-host.ts";
import { plain } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

export interface PullCall extends DeployCall {
	/** Where the host's files go; the folder of a name that openbsd-vnet.json has, or one of the host's name. */
	readonly folder?: string;
	/** Also brings new files that hold keys or passwords. */
	readonly secrets: boolean;
	/** Says what would be written, and changes nothing. */
	readonly dryRun: boolean;
	/** An ssh_config in place of the user's and the system's. */
	readonly config?: string;
}

/** A host, and the list that names it. */
interface Pulled {
	readonly host: ReachableHost;
	/** The openbsd-vnet.json that is to name it. */
	readonly list: string;
	/** Whether it does so already. */
	readonly listed: boolean;
}

/**
 * Brings the files of a host into its folder, with what was changed there since; what both sides changed is marked as git marks
 * it. A host that openbsd-vnet.json does not name is added to it. Status 1 where something is left to decide.
 */
export async function runPull({ host: name, folder, json, secrets, dryRun, config }: PullCall): Promise<Done> {
	return await reached(async () => {
		const pulled = await placeOf(name, folder);
		const { host, list } = pulled;
		const pull = await withConnection(
			() => connectTo(host.ssh, { config, name: host.name }),
			async (connection) => {
				const read = (path: string) => disk.read(uriOnHost(host, path) ?? "");
				const here = { deployed: await wantedFilesOf(disk, host), listed: host.deploy ?? [], read };
				const worked = await pullOf(connection, here, { secrets });
				if (!dryRun) await take(connection, pulled, worked);
				return worked;
			},
		);
		const at = relative(".", fileURLToPath(host.root)) || ".";
		const open = pull.files.some(({ conflicts }) => conflicts > 0) || pull.left.some((each) => each.open);
		const files = pull.files.map(({ path, what, conflicts }) => ({ path, what, conflicts }));
		const kept = pull.left.map(({ path, why, secret }) => ({
			path,
			why: secret ? msg("it holds a key or a password: --secrets brings it") : why,
		}));
		const left = kept.map(({ path, why }) => ({ path, why: render(why) }));
		const lines = [
			...files.map(
				({ path, what, conflicts }) =>
					`${plain(path)}: ${conflicts === 0 ? whatText(what) : tell("{0}, with conflicts: {1}", whatText(what), conflicts)}`,
			),
			...kept.map(({ path, why }) => tell("{0}: not taken, because {1}", plain(path), plain(translated(why)))),
			...(pulled.listed || dryRun ? [] : [tell("{0} names {1} now", plain(relative(".", list)), plain(host.name))]),
			summary(host.name, at, files.length, dryRun),
		];
		return {
			output: json ? jsonOf("pull", { host: host.name, folder: at, files, left }) : lines.map((line) => `${line}\n`).join(""),
			status: open ? exitStatus.found : exitStatus.done,
		};
	});
}

function summary(name: string, folder: string, count: number, dryRun: boolean): string {
	const [host, into] = [plain(name), plain(folder)];
	if (count === 0) return tell("{0}: nothing new for {1}", host, into);
	if (dryRun)
		return count === 1
			? tell("{0}: 1 file would be written into {1}", host, into)
			: tell("{0}: {1} files would be written into {2}", host, count, into);
	return count === 1 ? tell("{0}: 1 file written into {1}", host, into) : tell("{0}: {1} files written into {2}", host, count, into);
}

function whatText(what: Pull["files"][number]["what"]): string {
	switch (what) {
		case "new":
			return tell("new");
		case "updated":
			return tell("updated");
		case "merged":
			return tell("merged");
	}
}

/** Writes what was pulled, names the host in the list, and lets the host remember what was seen. */
async function take(connection: Connection, pulled: Pulled, pull: Pull): Promise<void> {
	for (const { path, text, mode, what } of pull.files) {
		const uri = uriOnHost(pulled.host, path);
		if (uri === undefined) continue;
		const file = fileURLToPath(uri);
		await mkdir(dirname(file), { recursive: true });
		// What others may not read there they may not read here; who pulls may write it.
		await writeFile(file, text, what === "new" ? { mode: (mode & 0o077) | 0o600, flag: "wx" } : {});
	}
	if (!pulled.listed || pull.listed.length > 0) await nameInList(pulled, pull.listed);
	if (pull.seen.length > 0) await noteSeen(connection, pull.seen);
}

/** @throws PathError where the folder given is not the one that openbsd-vnet.json has for the host */
async function placeOf(name: string, folder: string | undefined): Promise<Pulled> {
	const above = await hostListAbove(folder === undefined ? "." : dirname(resolve(folder)));
	if (above?.hosts.some((host) => host.name === name)) {
		const known = reachableHost(above, name);
		const root = fileURLToPath(known.root);
		if (folder !== undefined && resolve(folder) !== root)
			throw new PathError(tell("openbsd-vnet.json has the files of {0} in {1}: leave out the folder", name, relative(".", root) || "."));
		return { host: known, list: join(fileURLToPath(above.folder), hostListName), listed: true };
	}
	if (/^-|\s/.test(name) || name === "") throw new PathError(tell("'{0}' is not the name of a host", name));
	const target = resolve(folder ?? folderNameOf(name));
	const listFolder =
		above === undefined ? (target.startsWith(resolve(".") + sep) ? resolve(".") : dirname(target)) : fileURLToPath(above.folder);
	const info = await stat(target).catch(() => undefined);
	if (info !== undefined && !info.isDirectory()) throw new PathError(tell("{0}: is not a folder", folder ?? target));
	const own = basename(target);
	const taken = above?.hosts.find((host) => host.name === own);
	if (taken !== undefined) throw new PathError(tell("openbsd-vnet.json has another host called {0}: give another folder", own));
	const host: ReachableHost = { name: own, root: pathToFileURL(target).href.replace(/\/$/, ""), mount: "/", ssh: name };
	return { host, list: join(listFolder, hostListName), listed: false };
}

/** Adds what is new to an openbsd-vnet.json: the host, and files that are deployed to it. */
async function nameInList({ list, listed, host: { name, root, ssh } }: Pulled, files: readonly string[]): Promise<void> {
	const text = await readFile(list, "utf8").catch(() => undefined);
	const inside = relative(dirname(list), fileURLToPath(root)).split(sep).join("/");
	const named = listed && text !== undefined ? text : withHost(text, { name, root: inside, ssh });
	await writeFile(list, files.length === 0 ? named : withDeployedFiles(named, name, files));
}

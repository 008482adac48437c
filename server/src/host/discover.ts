/**
 * Which hosts a workspace holds: folders that mirror a host's file system (`hosts/hv1/etc/vm.conf`), folders in which the
 * files lie bare, and those that `openbsd-vnet.json` names. Several hosts in one workspace are kept apart.
 */
import { interfaceOfPath } from "../hostname/names.ts";
import { isRelease } from "../text/release.ts";
import type { Workspace } from "../workspace.ts";
import { decoded, etcOf, folderWithFiles, type HostFolder, pathOnHost, uriOnHost } from "./folder.ts";
import { pathsOfRulesets } from "./ruleset-files.ts";

export interface Discovery {
	readonly hosts: readonly HostFolder[];
	/** What is wrong with `openbsd-vnet.json`, in sentences. */
	readonly problems: readonly string[];
}

/** The file at a workspace folder's root that names hosts. */
export const hostListName = "openbsd-vnet.json";

/** Folders are looked through to this depth, and no further than this many. */
const MAX_DEPTH = 6;
const MAX_FOLDERS = 5000;
const passedOver: ReadonlySet<string> = new Set(["node_modules", "dist", "out", "vendor"]);
const isHostFile = (name: string): boolean => name === "vm.conf" || name === "pf.conf" || interfaceOfPath(name) !== undefined;

/** Finds the hosts of all folders of a workspace. */
export async function discoverHosts(workspace: Workspace): Promise<Discovery> {
	const problems: string[] = [];
	const listed: HostFolder[] = [];
	const found: HostFolder[] = [];
	for (const folder of workspace.folders) {
		const root = folder.replace(/\/+$/, "");
		const text = await workspace.read(`${root}/${hostListName}`);
		if (text !== undefined) listed.push(...readHostList(text, root, problems));
		found.push(...(await search(workspace, root)));
	}
	const taken = new Set(listed.map(etcOf));
	return { hosts: uniquelyNamed([...listed, ...found.filter((host) => !taken.has(etcOf(host)))]), problems };
}

async function search(workspace: Workspace, root: string): Promise<readonly HostFolder[]> {
	const hosts: HostFolder[] = [];
	const queue: { readonly uri: string; readonly depth: number }[] = [{ uri: root, depth: 0 }];
	for (let i = 0; i < queue.length && i < MAX_FOLDERS; i++) {
		const next = queue[i];
		if (next === undefined) break;
		const entries = await workspace.list(next.uri);
		if (entries.some(({ name, type }) => type === "file" && isHostFile(name))) {
			hosts.push(folderWithFiles(next.uri));
			continue;
		}
		if (next.depth === MAX_DEPTH) continue;
		for (const { name, type } of entries) {
			if (type === "folder" && !name.startsWith(".") && !passedOver.has(name))
				queue.push({ uri: `${next.uri}/${name}`, depth: next.depth + 1 });
		}
	}
	return hosts;
}

/**
 * Reads `openbsd-vnet.json`; schemas/openbsd-vnet.schema.json says the same for the editor.
 * @param folder the URI of the folder that it stands in, without a final slash
 * @param problems gets a sentence for each entry that is left out, and for each property that is
 */
export function readHostList(text: string, folder: string, problems: string[]): readonly HostFolder[] {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		problems.push(`${hostListName}: ${cause instanceof Error ? cause.message : "no JSON"}`);
		return [];
	}
	const hosts = property(value, "hosts");
	if (!Array.isArray(hosts)) {
		problems.push(`${hostListName}: "hosts" must be a list`);
		return [];
	}
	const names = new Set<string>();
	return hosts.flatMap((entry: unknown, index) => {
		const name = property(entry, "name");
		const root = property(entry, "root");
		if (typeof name !== "string" || name === "" || typeof root !== "string") {
			problems.push(`${hostListName}: host ${index + 1} needs a "name" and a "root"`);
			return [];
		}
		if (names.has(name)) {
			problems.push(`${hostListName}: two hosts are called "${name}"`);
			return [];
		}
		const inside = normalised(root);
		if (inside === undefined) {
			problems.push(`${hostListName}: the root of "${name}" must be a folder of the workspace`);
			return [];
		}
		names.add(name);
		const take = <T>(key: string, accepts: (given: unknown) => given is T, wanted: string): T | undefined => {
			const given = property(entry, key);
			if (given === undefined || accepts(given)) return given;
			problems.push(`${hostListName}: "${key}" of "${name}" must be ${wanted}`);
			return undefined;
		};
		const ssh = take("ssh", isAddress, 'a name such as "hv1" or "admin@hv1"');
		const release = take("release", isRelease, 'a release such as "7.6"');
		const mount = take("mount", isMount, '"/" or "/etc"');
		const deploy = take("deploy", isPathList, 'a list of paths below /etc, such as ["/etc/ntpd.conf"]');
		const portMacLimit = take("portMacLimit", isCount, "a number above 0");
		const host: HostFolder = {
			name,
			root: inside === "" ? folder : `${folder}/${inside}`,
			mount: mount ?? "/",
			...(ssh === undefined ? {} : { ssh }),
			...(release === undefined ? {} : { release }),
			...(deploy === undefined ? {} : { deploy }),
			...(portMacLimit === undefined ? {} : { portMacLimit }),
		};
		return [host];
	});
}

/** A host as openbsd-vnet.json has it. */
interface HostEntry {
	readonly name: string;
	/** Relative to the list. */
	readonly root: string;
	readonly ssh: string;
	readonly deploy?: readonly string[];
}

/**
 * An openbsd-vnet.json that names a host more.
 * @param text the list as it is, which readHostList reads without a problem, and which has no such host; undefined where there is none
 */
export function withHost(text: string | undefined, host: HostEntry): string {
	return edited(text, (hosts) => [...hosts, host]);
}

/** An openbsd-vnet.json with files more that are deployed to one of its hosts. */
export function withDeployedFiles(text: string, name: string, files: readonly string[]): string {
	return edited(text, (hosts) =>
		hosts.map((host) => (host.name === name ? { ...host, deploy: [...new Set([...(host.deploy ?? []), ...files])] } : host)),
	);
}

/** What a list says beside its hosts, and how it is indented, stays. */
function edited(text: string | undefined, edit: (hosts: readonly HostEntry[]) => readonly HostEntry[]): string {
	const list: { readonly hosts: readonly HostEntry[] } = text === undefined ? { hosts: [] } : JSON.parse(text);
	const indent = /^\s*\{\s*?\n([ \t]+)/.exec(text ?? "")?.[1] ?? "\t";
	return `${JSON.stringify({ ...list, hosts: edit(list.hosts) }, undefined, indent)}\n`;
}

/** Not a word that ssh(1) would take for an option, nor more than one word. */
function isAddress(given: unknown): given is string {
	return typeof given === "string" && /^[^\s-]\S*$/.test(given);
}

function isMount(given: unknown): given is HostFolder["mount"] {
	return given === "/" || given === "/etc";
}

function isPathList(given: unknown): given is readonly string[] {
	return Array.isArray(given) && given.every((path) => typeof path === "string" && /^\/etc\/[^/]/.test(path) && !path.includes("/../"));
}

function isCount(given: unknown): given is number {
	return typeof given === "number" && Number.isInteger(given) && given > 0;
}

function property(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null && Object.hasOwn(value, name)
		? (value as Readonly<Record<string, unknown>>)[name]
		: undefined;
}

/** A relative path without `.` and `..`; undefined where it leaves the folder. */
function normalised(path: string): string | undefined {
	const parts: string[] = [];
	for (const part of path.split("/")) {
		if (part === "..") {
			if (parts.pop() === undefined) return undefined;
		} else if (part !== "" && part !== ".") parts.push(encodeURIComponent(part));
	}
	return path.startsWith("/") ? undefined : parts.join("/");
}

/** Hosts of one name get the folder above before it. */
function uniquelyNamed(hosts: readonly HostFolder[]): readonly HostFolder[] {
	const counts = new Map<string, number>();
	for (const { name } of hosts) counts.set(name, (counts.get(name) ?? 0) + 1);
	return hosts.map((host) => {
		if (counts.get(host.name) === 1) return host;
		const above = host.root.split("/").at(-2) ?? "";
		return { ...host, name: `${decoded(above)}/${host.name}` };
	});
}

/**
 * The files of a host that the model reads, by their paths on it: those of `/etc` and of folders such as `/etc/pf.vm`, and what pf.conf
 * loads, includes or takes addresses from, wherever below `/etc` it lies.
 */
export async function filesOfHost(
	workspace: Workspace,
	host: HostFolder,
): Promise<ReadonlyMap<string, { readonly text: string; readonly mode?: number; readonly uid?: number; readonly gid?: number }>> {
	const files = new Map<string, { text: string; mode?: number; uid?: number; gid?: number }>();
	const queue: { readonly uri: string; readonly depth: number }[] = [{ uri: etcOf(host), depth: 0 }];
	for (let i = 0; i < queue.length && i < MAX_FOLDERS; i++) {
		const next = queue[i];
		if (next === undefined) break;
		for (const { name, type } of await workspace.list(next.uri)) {
			const uri = `${next.uri}/${name}`;
			if (type === "folder") {
				if (next.depth < 2 && !name.startsWith(".")) queue.push({ uri, depth: next.depth + 1 });
				continue;
			}
			const path = pathOnHost(host, uri);
			if (path === undefined || !isRead(path)) continue;
			const text = await workspace.read(uri);
			if (text === undefined) continue;
			files.set(path, { text, ...(await workspace.stat?.(uri)) });
		}
	}
	// A file that rulesets name may name further ones.
	const asked = new Set(files.keys());
	for (let found = true; found; ) {
		found = false;
		for (const path of pathsOfRulesets(new Map([...files].map(([path, { text }]) => [path, text])))) {
			const uri = path.startsWith("/etc/") && !asked.has(path) ? uriOnHost(host, path) : undefined;
			asked.add(path);
			const text = uri && (await workspace.read(uri));
			if (uri === undefined || text === undefined) continue;
			files.set(path, { text, ...(await workspace.stat?.(uri)) });
			found = true;
		}
	}
	return files;
}

/** Files of `/etc` that say something about the network, and all of folders such as `/etc/pf.vm` and `/etc/vm.d`. */
function isRead(path: string): boolean {
	return (
		/^\/etc\/(vm\.conf|pf\.[^/]+|hostname\.[^/]+|sysctl\.conf|rc\.conf\.local|mygate|dhcpd\.conf)$/.test(path) ||
		/^\/etc\/(pf|vm)[^/]*\/[^/]/.test(path) ||
		// What people expect of the host stands beside its files.
		/^\/etc\/[^/]+\.pftest$/.test(path)
	);
}

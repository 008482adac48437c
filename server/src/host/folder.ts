/** Where a host's files are in a workspace: which folder stands for which part of the host's file system. */
import type { Release } from "../text/vocabulary.ts";

/** A host of the workspace, and where its files are. */
export interface HostFolder {
	readonly name: string;
	/** The folder that stands for the host's `/`, without a final slash; for bare files the folder that stands for `/etc`. */
	readonly root: string;
	/** What `root` stands for on the host. */
	readonly mount: "/" | "/etc";
	readonly release?: Release;
	/** Where it is reached by SSH: `host`, `user@host` or a name of ssh_config. */
	readonly ssh?: string;
	/** Files below /etc that are deployed beside those of the network. */
	readonly deploy?: readonly string[];
	/** How many MAC addresses the network allows on one physical port. */
	readonly portMacLimit?: number;
}

/** The folder of a host that stands for `/etc`. */
export function etcOf({ root, mount }: HostFolder): string {
	return mount === "/etc" ? root : `${root}/etc`;
}

/** The host whose files lie in a folder: below an `etc`, its parent is the host's root. */
export function folderWithFiles(uri: string): HostFolder {
	const parts = uri.split("/");
	const last = parts.at(-1) ?? "";
	if (last !== "etc") return { name: decoded(last) || "host", root: uri, mount: "/etc" };
	return { name: decoded(parts.at(-2) ?? "") || "host", root: parts.slice(0, -1).join("/"), mount: "/" };
}

/** Where a file belongs: the host by the URI of its root or of its /etc, and the path there. */
export interface HostPlace {
	/** The URI before the path, without a final slash: `file:///work/hv1`, or where no `etc` folder is, `file:///work/hv1#etc`. */
	readonly host: string;
	/** Such as `/etc/pf.conf`. */
	readonly path: string;
}

/** Marks hosts whose files stand in a folder that is not called `etc`: that folder is their /etc. */
const FLAT = "#etc";

/**
 * Where a file belongs, told by its URI alone. The last folder called `etc` on its way is the host's /etc; without one,
 * the folder of the file is (or the one above, for files in a folder of their own such as pf.vm/).
 */
export function hostPlace(uri: string): HostPlace {
	// A version of Git or a preview of an edit stands for itself: its folder is not the host's.
	if (isView(uri)) return { host: uri + FLAT, path: hostPlace(uri.slice(0, uri.indexOf("?"))).path };
	const etc = uri.lastIndexOf("/etc/");
	if (etc >= 0) return { host: uri.slice(0, etc), path: decoded(uri.slice(etc)) };
	const slash = uri.lastIndexOf("/");
	// A document that is saved nowhere yet is a host of its own.
	if (slash < 0) return { host: uri + FLAT, path: `/etc/${uri}` };
	const folder = uri.slice(0, slash);
	const above = folder.lastIndexOf("/");
	const split = /^(?:pf|vm)\.[^/]*$/.test(folder.slice(above + 1)) ? above : slash;
	return { host: uri.slice(0, split) + FLAT, path: `/etc${decoded(uri.slice(split))}` };
}

/** The folder of a host by `HostPlace.host`. */
export function folderOf(host: string): HostFolder {
	return host.endsWith(FLAT) ? folderWithFiles(host.slice(0, -FLAT.length)) : folderWithFiles(`${host}/etc`);
}

/** Whether a document is a view of a file, such as a version of Git, the expanded ruleset or a preview: told by its query. */
export function isView(uri: string): boolean {
	return uri.includes("?");
}

/** The path on the host of a file of the workspace; undefined where the file is not the host's. */
export function pathOnHost({ root, mount }: HostFolder, uri: string): string | undefined {
	if (!uri.startsWith(`${root}/`)) return undefined;
	const inside = decoded(uri.slice(root.length));
	return mount === "/etc" ? `/etc${inside}` : inside;
}

/** Where a file of the host is in the workspace; undefined where the folder does not mirror that part of the host. */
export function uriOnHost({ root, mount }: HostFolder, path: string): string | undefined {
	const inside =
		mount === "/etc" ? (path.startsWith("/etc/") ? path.slice("/etc".length) : undefined) : path.startsWith("/") ? path : undefined;
	if (inside === undefined || inside.split("/").includes("..")) return undefined;
	return root + inside.split("/").map(encodeURIComponent).join("/");
}

export function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

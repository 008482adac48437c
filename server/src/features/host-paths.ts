/** Which files make up one host, what each is called there, and which language it is in: all told by its URI. */
import { interfaceOfPath } from "../host/interface-config.ts";
import type { LanguageId } from "../text/language.ts";

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
 * Where a file belongs. The last folder called `etc` on its way is the host's /etc; without one, the folder of the file is
 * (or the one above, for files in a folder of their own such as pf.vm/).
 */
export function hostPlace(uri: string): HostPlace {
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

/** The URI of a path on a host; undefined for a path that no folder stands for. */
export function hostUri(host: string, path: string): string | undefined {
	if (!path.startsWith("/")) return undefined;
	const encoded = path.split("/").map(encodeURIComponent).join("/");
	if (!host.endsWith(FLAT)) return host + encoded;
	return encoded.startsWith("/etc/") ? host.slice(0, -FLAT.length) + encoded.slice("/etc".length) : undefined;
}

/** The folder that stands for the host's /etc. */
export function etcUri(host: string): string {
	return host.endsWith(FLAT) ? host.slice(0, -FLAT.length) : `${host}/etc`;
}

/** A hostname file for whichever interface has a MAC address (hostname.if(5)). */
const MAC_FILE = /^hostname\.(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/** The language of a file by its name, undefined for every other file. */
export function languageOf(path: string): LanguageId | undefined {
	const name = path.slice(path.lastIndexOf("/") + 1);
	if (name === "vm.conf") return "openbsd-vm";
	if (interfaceOfPath(path) !== undefined || MAC_FILE.test(name)) return "openbsd-hostname";
	if (name === "pf.conf" || /\/etc\/pf\.[^/]+$/.test(path) || /\/pf\.[^/]+\/(?:.*\/)?[^/]+\.conf$/.test(path)) {
		return name === "pf.os" ? undefined : "openbsd-pf";
	}
	return undefined;
}

function decoded(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

/** The files that may be deployed, and how they lie on a host. */
import { createHash } from "node:crypto";
import { interfaceOfPath, isHostnamePath, isLladdrPath, SYSCTL_CONF, VM_CONF } from "@openbsd-vnet/server";

/** What a file is to be on the host. */
export interface WantedFile {
	/** On the host. */
	readonly path: string;
	/** Undefined where it is to be taken away. */
	readonly text: string | undefined;
	/** openbsd-vnet.json lists it, or it was deployed before: below /etc it may be any file. */
	readonly listed?: boolean;
}

/** How a path lies on the host. */
export type HostFile =
	| { readonly kind: "absent" }
	/** `mode` are the permission bits; owner and group are numbers. */
	| { readonly kind: "file"; readonly text: string; readonly mode: number; readonly owner: number; readonly group: number }
	/** Not touched: no plain file, reached by a symbolic link, or in a folder that others than root may write. */
	| { readonly kind: "other"; readonly what: "link" | "loose" | "special" };

export type FileRole = "pf" | "vm" | "hostname" | "sysctl" | "other";

/** Whether a path is a plain one below /etc. */
export function isEtcPath(path: string): boolean {
	return /^\/etc\/[A-Za-z0-9_.:@+-]+(\/[A-Za-z0-9_.:@+-]+)*$/.test(path) && !/(^|\/)\.\.?(\/|$)/.test(path);
}

/** What a path is to the host; undefined where it is none that may be deployed without being listed. */
export function roleOf(path: string): FileRole | undefined {
	if (!isEtcPath(path)) return undefined;
	if (path.startsWith("/etc/pf.")) return "pf";
	if (path === VM_CONF) return "vm";
	if (isHostnamePath(path) && (interfaceOfPath(path) !== undefined || isLladdrPath(path))) return "hostname";
	if (path === SYSCTL_CONF) return "sysctl";
	return /^\/etc\/(dhcpd\.conf|mygate|rc\.conf\.local)$/.test(path) ? "other" : undefined;
}

/** The permissions that a new file gets; one that is there keeps its own. */
export function modeOf(path: string): number {
	const role = roleOf(path);
	return role === "pf" ? 0o600 : role === "hostname" ? 0o640 : 0o644;
}

/** The SHA-256 of a text, in hexadecimal digits. */
export function digest(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

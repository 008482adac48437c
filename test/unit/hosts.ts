/** The hosts of examples/, as the library is given them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import type { LanguageId } from "../../server/src/text/language.ts";
import { root } from "./textmate.ts";

/** The files of a host by their paths on it. */
export type Host = ReadonlyMap<string, string>;

export const hostNames = ["handbook", "handbook-microsegmentation", "corrected", "corrected-bridge", "vlans"] as const;

export function readHost(name: (typeof hostNames)[number]): Host {
	const etc = new URL(`examples/${name}/etc/`, root);
	const paths = readdirSync(etc, { recursive: true, encoding: "utf8" })
		.map((path) => path.replaceAll("\\", "/"))
		.filter((path) => statSync(new URL(path, etc)).isFile());
	return new Map(paths.sort().map((path) => [`/etc/${path}`, readFileSync(new URL(path, etc), "utf8")]));
}

/** Which of the three languages a file of a host is in; none for the host's other files. */
export function languageOf(path: string): LanguageId | undefined {
	if (/^\/etc\/hostname\.[a-z]+\d+$/.test(path)) return "openbsd-hostname";
	if (path.endsWith(".pftest")) return "openbsd-pftest";
	if (path === "/etc/vm.conf") return "openbsd-vm";
	if (path === "/etc/pf.conf" || path.startsWith("/etc/pf.vm/")) return "openbsd-pf";
	return undefined;
}

/** The language of a file, told by its name. */
import { hostnameOf, isInterfaceName } from "../hostname/names.ts";
import type { LanguageId } from "../text/language.ts";

/** Endings of what stands beside rules and is none. */
const OTHERS = /\.(?:md|markdown|txt|html?|pdf|sh|ksh|awk|pl|py|rb|js|ts|json|ya?ml|xml|toml|csv|log|gz|tgz|zip|sig|sha256)$/i;

/** The language of a file by its name, undefined for every other file. */
export function languageOf(path: string): LanguageId | undefined {
	const name = path.slice(path.lastIndexOf("/") + 1);
	if (name.endsWith(".pftest")) return "openbsd-pftest";
	if (name === "vm.conf" || /\/vm\.d\/[^/]+\.conf$/.test(path)) return "openbsd-vm";
	if (isInterfaceName(hostnameOf(path) ?? "")) return "openbsd-hostname";
	if (name === "pf.conf" || /\/etc\/pf\.[^/]+$/.test(path) || /\/pf\.[^/]+\/(?:.*\/)?[^/]+\.conf$/.test(path)) {
		return name === "pf.os" || OTHERS.test(name) ? undefined : "openbsd-pf";
	}
	return undefined;
}

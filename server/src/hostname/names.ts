/** Names of interfaces, and the paths of their hostname files. */
import type { NameKind } from "../text/language.ts";
import { msg } from "../text/message.ts";

/** What names of interfaces and their groups are; how long they may be is IFNAMSIZ of sys/net/if.h. */
export const hostnameNames = {
	interface: {
		called: msg("an interface"),
		title: (name) => msg("Interface `{0}`", name),
		icon: "interface",
		colour: "interface",
		rule: { longest: 15, pattern: /^[a-z]+[0-9]+$/, asks: msg("letters followed by a number") },
	},
	"interface-group": {
		called: msg("an interface group"),
		title: (name) => msg("Interface group `{0}`", name),
		icon: "interface",
		colour: "interface",
		rule: { longest: 15, pattern: /^[A-Za-z_][A-Za-z0-9_-]*[A-Za-z_-]$|^[A-Za-z_]$/, asks: msg("letters, not ending with a digit") },
	},
} as const satisfies Readonly<Record<string, NameKind>>;

/** Whether netstart reads `hostname.NAME` at all: letters and then digits, or six pairs with colons (etc/netstart, ifstart). */
export function isInterfaceName(name: string): boolean {
	return /^[A-Za-z]+[0-9]+$/.test(name) || isLladdrName(name);
}

/** Whether a file's name is a MAC address; netstart asks `ifconfig -M` for the interface that has it. */
export function isLladdrName(name: string): boolean {
	return /^..:..:..:..:..:..$/s.test(name);
}

/** What follows `hostname.` in the name of a file, whatever it is. */
export function hostnameOf(path: string): string | undefined {
	return /(?:^|\/)hostname\.([^/]*)$/.exec(path)?.[1];
}

/** The interface whose hostname file a path is; undefined where it is none, or one that is named after a MAC address. */
export function interfaceOfPath(path: string): string | undefined {
	const name = hostnameOf(path);
	return name !== undefined && isInterfaceName(name) && !isLladdrName(name) ? name : undefined;
}

/** Whether a path is that of a hostname file for the interface with a MAC address, which `ifconfig -M` takes in lower case. */
export function isLladdrPath(path: string): boolean {
	return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(hostnameOf(path) ?? "");
}

/** The path of an interface's hostname file on its host. */
export function hostnamePath(name: string): string {
	return `/etc/hostname.${name}`;
}

/** Whether a path on a host is where hostname files are, whatever interface it names. */
export function isHostnamePath(path: string): boolean {
	return path.startsWith(hostnamePath(""));
}

/** The driver of an interface: its name without the number. */
export function driverOf(name: string): string {
	return name.replace(/[0-9]+$/, "");
}

/** Whether a name is that of a tap, which vmd plugs a guest in by. */
export function isTap(name: string): boolean {
	return /^tap[0-9]+$/.test(name);
}

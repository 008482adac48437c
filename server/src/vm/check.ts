/** What vmd's parser rejects beyond its grammar, in its words (usr.sbin/vmd/parse.y, priv.c). */
import { msg } from "../text/message.ts";
import type { VmdMessage } from "./messages.ts";
import { parsePrefix4, parsePrefix6 } from "./prefix.ts";
import { formatScaled, scanScaled } from "./size.ts";

/** vmd.h and <dev/vmm/vmm.h>: sizes of C strings count the byte that ends them. */
export const limits = {
	name: 64,
	switchName: 64,
	interfaceName: 16,
	path: 1024,
	/** <sys/syslimits.h>, with the byte that ends it. */
	fileName: 256,
	disks: 4,
	nics: 4,
	agentxContext: 33,
	agentxPath: 104,
	memory: 128 * 1024 ** 3,
	rdomain: 255n,
} as const;

const MEGABYTE = 1024 * 1024;

/** Whether strlcpy(3) into `size` bytes would cut the text, which is UTF-8 in the file. */
export function overflows(text: string, size: number): boolean {
	if (text.length * 3 < size) return false;
	let bytes = 0;
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return bytes >= size;
}

/** priv.c, priv_getiftype(): the letters before the unit of an interface's name; undefined where it is none. */
function interfaceType(name: string): string | undefined {
	const at = name.search(/[0-9]/);
	if (at <= 0 || at >= limits.interfaceName - 1) return undefined;
	const unit = name.slice(at);
	return /^\d+$/.test(unit) && BigInt(unit) <= 0xffffffffn ? name.slice(0, at) : undefined;
}

/** priv.c, priv_validgroup(). */
export function groupName(name: string): VmdMessage | undefined {
	return overflows(name, limits.interfaceName) || /[0-9]$/.test(name) ? msg("invalid group name: {0}", name) : undefined;
}

/** config.c, vmd_descsw: what a switch may stand on. */
export function switchInterface(name: string): VmdMessage | undefined {
	const type = interfaceType(name);
	if (type !== "bridge" && type !== "veb") return msg("invalid switch interface: {0}", name);
	return overflows(name, limits.interfaceName) ? msg("switch interface too long: {0}", name) : undefined;
}

export function guestInterface(name: string): VmdMessage | undefined {
	if (name !== "tap" && interfaceType(name) !== "tap") return msg("invalid interface: {0}", name);
	return overflows(name, limits.interfaceName) ? msg("interface name too long: {0}", name) : undefined;
}

export function switchReference(name: string): VmdMessage | undefined {
	return overflows(name, limits.switchName) ? msg("switch name too long: {0}", name) : undefined;
}

export function rdomain(value: bigint): VmdMessage | undefined {
	return value < 0n || value > limits.rdomain ? msg("invalid rdomain: {0}", String(value)) : undefined;
}

export type Size = { readonly bytes: number; readonly requested: number } | { readonly complaint: VmdMessage };

/** parse.y, parse_size(): bytes rounded to megabytes, or what vmd prints before it says that the size is wrong. */
export function memorySize(size: string | bigint): Size {
	let value: bigint;
	if (typeof size === "bigint") value = size;
	else {
		const scanned = scanScaled(size);
		if ("error" in scanned) return { complaint: msg("invalid memory size: {0}: {1}", size, scanned.error) };
		value = scanned.value;
	}
	if (value < MEGABYTE) return { complaint: msg("memory size must be at least 1MB") };
	if (value > limits.memory) return { complaint: msg("memory size too large (limit is {0})", formatScaled(limits.memory)) };
	const requested = Number(value);
	return { bytes: Math.floor(requested / MEGABYTE) * MEGABYTE, requested };
}

/** What realpath(3) says of a path whatever is on the disk; undefined where only the host can tell. */
export function pathProblem(path: string): string | undefined {
	if (path === "") return "No such file or directory";
	return overflows(path, limits.path) || path.split("/").some((name) => overflows(name, limits.fileName))
		? "File name too long"
		: undefined;
}

export function localPrefix(text: string): VmdMessage | undefined {
	const prefix = parsePrefix4(text);
	return "error" in prefix ? msg("invalid local prefix: {0}", prefix.error) : undefined;
}

export function localPrefix6(text: string): VmdMessage | undefined {
	const prefix = parsePrefix6(text);
	return "error" in prefix ? msg("invalid local inet6 prefix: {0}", prefix.error) : undefined;
}

export function agentxContext(text: string): VmdMessage | undefined {
	return overflows(text, limits.agentxContext) ? msg("agentx context too large") : undefined;
}

export function agentxPath(text: string): VmdMessage | undefined {
	if (overflows(text, limits.agentxPath)) return msg("agentx path too large");
	return text.startsWith("/") ? undefined : msg("agentx path is not absolute");
}

/** A warning, which refuses nothing. */
export function unusedMacro(name: string): VmdMessage {
	return msg("macro '{0}' not used", name);
}

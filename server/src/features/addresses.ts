/** What an address of the text covers, and who on the host has it. */
import { formatIp, hostAddress, inNetwork, parseIp, splitMask } from "../pf/names/address.ts";
import type { Ip } from "../pf/rules.ts";

export interface AddressRange {
	readonly family: "inet" | "inet6";
	readonly bits: number;
	readonly first: string;
	readonly last: string;
	/** How many addresses; a BigInt, since IPv6 has more than a number holds. */
	readonly count: bigint;
	/** For IPv4, the mask as ifconfig writes it in dots. */
	readonly netmask?: string;
	has(address: string): boolean;
}

/** Reads `10.0.0.0/8`, `10/8`, `192.0.2.1` or an IPv6 address; undefined for anything else. */
export function addressRange(text: string): AddressRange | undefined {
	const parts = splitMask(text);
	if ("error" in parts) return undefined;
	const found = hostAddress(parts.host, parts.bits);
	if (found === undefined) return undefined;
	const width = found.family === "inet" ? 32 : 128;
	const bits = Math.min(found.bits, width);
	const { family, address } = found;
	const last = filled(address, bits, width);
	return {
		family,
		bits,
		first: formatIp(address, family),
		last: formatIp(last, family),
		count: 1n << BigInt(width - bits),
		...(family === "inet" ? { netmask: formatIp(filledMask(bits), "inet") } : {}),
		has(other) {
			const ip = parseIp(other);
			return ip !== undefined && ip.family === family && inNetwork(ip.address, address, bits);
		},
	};
}

/** The length of the prefix that an IPv4 netmask leaves, `255.255.255.0` or `0xffffff00`; undefined for any other address. */
export function prefixOfMask(text: string): number | undefined {
	const hex = /^0x([0-9a-f]{8})$/i.exec(text)?.[1];
	const mask = hex === undefined ? parseIp(text) : { family: "inet" as const, address: { a: Number.parseInt(hex, 16) | 0 } };
	if (mask?.family !== "inet") return undefined;
	for (let bits = 8; bits < 32; bits++) if (wordMask(bits) === (mask.address.a | 0)) return bits;
	return undefined;
}

/** The address with all bits behind the first `bits` set. */
function filled(ip: Ip, bits: number, width: number): Ip {
	const word = (value: number, from: number) => (from >= width ? value : value | ~wordMask(bits - from));
	return { a: word(ip.a, 0), b: word(ip.b, 32), c: word(ip.c, 64), d: word(ip.d, 96) };
}

function filledMask(bits: number): Ip {
	return { a: wordMask(bits), b: 0, c: 0, d: 0 };
}

function wordMask(bits: number): number {
	return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}

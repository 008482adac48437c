/** IP addresses as pfctl reads and prints them: its own host() on top of libc's inet_pton, inet_net_pton and inet_ntop. */
import type { Family, Ip } from "../rules.ts";

/** A host as written in a rule: an address with the bits of its network. */
export interface HostAddress {
	readonly family: Family;
	/** With the bits outside of the mask cleared. */
	readonly address: Ip;
	/** As written, so up to 128 for IPv4 too (pfctl complains of that later); the whole address where not written. */
	readonly bits: number;
	/** What stood after `%`: an interface's name or its index. */
	readonly scope: string | undefined;
}

/** The part before a `/` and the number behind it; -1 without one. */
export type Masked =
	| { readonly host: string; readonly bits: number }
	| { readonly error: "invalid" | "too small" | "too large"; readonly rest: string };

/** The mask of the first `bits` bits of a 32-bit word, by `bits`. */
const WORD_MASKS: readonly number[] = Array.from({ length: 33 }, (_, bits) => (bits === 0 ? 0 : -1 << (32 - bits)));

function wordMask(bits: number): number {
	return bits <= 0 ? 0 : bits >= 32 ? -1 : (WORD_MASKS[bits] ?? 0);
}

/** Reads a dotted quad as inet_pton(3) does: four decimal numbers, leading zeros allowed. */
export function parseIp4(text: string): Ip | undefined {
	let word = 0;
	let octet = -1;
	let octets = 0;
	for (let i = 0; i < text.length; i++) {
		const digit = text.charCodeAt(i) - 48;
		if (digit >= 0 && digit <= 9) {
			if (octet < 0) {
				if (++octets > 4) return undefined;
				octet = 0;
			}
			octet = octet * 10 + digit;
			if (octet > 255) return undefined;
		} else if (digit === -2 && octet >= 0 && octets < 4) {
			word = (word << 8) | octet;
			octet = -1;
		} else return undefined;
	}
	if (octets < 4) return undefined;
	return { a: (word << 8) | Math.max(octet, 0), b: 0, c: 0, d: 0 };
}

function hexDigit(code: number): number {
	if (code >= 48 && code <= 57) return code - 48;
	const lower = code | 0x20;
	return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Reads an IPv6 address as inet_pton(3) does, with a dotted quad at its end where there is one. */
export function parseIp6(text: string): Ip | undefined {
	const groups: number[] = [];
	let gap = -1;
	let i = 0;
	if (text.startsWith(":")) {
		if (text[1] !== ":") return undefined;
		i = 1;
	}
	let start = i;
	let value = 0;
	let digits = 0;
	for (; i < text.length; i++) {
		const code = text.charCodeAt(i);
		const digit = hexDigit(code);
		if (digit >= 0) {
			if (++digits > 4) return undefined;
			value = (value << 4) | digit;
		} else if (code === 58) {
			start = i + 1;
			if (digits === 0) {
				if (gap >= 0) return undefined;
				gap = groups.length;
			} else {
				if (start === text.length || groups.length === 8) return undefined;
				groups.push(value);
				value = 0;
				digits = 0;
			}
		} else if (code === 46 && groups.length <= 6) {
			const quad = parseIp4(text.slice(start));
			if (quad === undefined) return undefined;
			groups.push(quad.a >>> 16, quad.a & 0xffff);
			digits = 0;
			break;
		} else return undefined;
	}
	if (digits > 0) groups.push(value);
	if (groups.length > 8 || (gap >= 0 ? groups.length === 8 : groups.length < 8)) return undefined;
	if (gap >= 0) groups.splice(gap, 0, ...new Array<number>(8 - groups.length).fill(0));
	const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
	return { a: (a << 16) | b, b: (c << 16) | d, c: (e << 16) | f, d: (g << 16) | h };
}

/** Reads the network part of `10/8` as inet_net_pton(3) does: one to four octets, or hexadecimal digits after `0x`. */
export function parseNetwork4(text: string): Ip | undefined {
	const octets: number[] = [];
	if (/^0[xX][0-9a-fA-F]+$/.test(text)) {
		const digits = text.length % 2 === 0 ? text.slice(2) : `${text.slice(2)}0`;
		for (let i = 0; i < digits.length; i += 2) octets.push(Number.parseInt(digits.slice(i, i + 2), 16));
	} else if (/^\d+(\.\d+)*$/.test(text)) {
		for (const part of text.split(".")) octets.push(Number(part));
		if (octets.some((octet) => octet > 255)) return undefined;
	} else return undefined;
	if (octets.length > 4) return undefined;
	const [a = 0, b = 0, c = 0, d = 0] = octets;
	return { a: (a << 24) | (b << 16) | (c << 8) | d, b: 0, c: 0, d: 0 };
}

/**
 * Reads an address without a mask as getaddrinfo(3) does for numeric hosts. A scope is kept where the address is
 * link-local, unexamined; elsewhere it must be a number.
 */
export function parseIp(text: string): { readonly family: Family; readonly address: Ip; readonly scope: string | undefined } | undefined {
	const four = parseIp4(text);
	if (four !== undefined) return { family: "inet", address: four, scope: undefined };
	const percent = text.indexOf("%");
	const six = parseIp6(percent < 0 ? text : text.slice(0, percent));
	if (six === undefined) return undefined;
	return { family: "inet6", address: six, scope: percent < 0 ? undefined : text.slice(percent + 1) };
}

/** Splits `10.0.0.0/8` at its first slash; the number is read as strtonum(3) reads it. */
export function splitMask(text: string): Masked {
	const slash = text.indexOf("/");
	if (slash < 0) return { host: text, bits: -1 };
	const plain = twoDigits(text, slash + 1);
	if (plain >= 0) return { host: text.slice(0, slash), bits: plain };
	const rest = text.slice(slash);
	if (!/^\/\s*[+-]?\d+$/.test(rest)) return { error: "invalid", rest };
	const bits = Number(rest.slice(1));
	if (bits < 0) return { error: "too small", rest };
	if (bits > 128) return { error: "too large", rest };
	return { host: text.slice(0, slash), bits };
}

/** The number of one or two digits that ends a text, as most masks are written; -1 where something else does. */
function twoDigits(text: string, start: number): number {
	const digits = text.length - start;
	if (digits !== 1 && digits !== 2) return -1;
	const first = text.charCodeAt(start) - 48;
	const last = text.charCodeAt(text.length - 1) - 48;
	if (first < 0 || first > 9 || last < 0 || last > 9) return -1;
	return digits === 1 ? first : first * 10 + last;
}

/** A numeric host with a mask that is written apart (-1 for none), as host_ip() of pfctl reads it. */
export function hostAddress(host: string, bits: number): HostAddress | undefined {
	const whole = parseIp(host);
	if (whole !== undefined) {
		const width = bits >= 0 ? bits : whole.family === "inet" ? 32 : 128;
		return { family: whole.family, address: masked(whole.address, width), bits: width, scope: whole.scope };
	}
	if (bits < 0) return undefined;
	const network = parseNetwork4(host);
	return network && { family: "inet", address: masked(network, bits), bits, scope: undefined };
}

/** The address with all but its first `bits` bits cleared. */
export function masked(ip: Ip, bits: number): Ip {
	if (bits >= 128 || (bits >= 32 && (ip.b | ip.c | ip.d) === 0)) return ip;
	const a = ip.a & wordMask(bits);
	const b = ip.b & wordMask(bits - 32);
	const c = ip.c & wordMask(bits - 64);
	const d = ip.d & wordMask(bits - 96);
	return a === ip.a && b === ip.b && c === ip.c && d === ip.d ? ip : { a, b, c, d };
}

export function sameIp(x: Ip, y: Ip): boolean {
	return x.a === y.a && x.b === y.b && x.c === y.c && x.d === y.d;
}

/** Whether the first `bits` bits agree. Both must be of one family. */
export function inNetwork(ip: Ip, network: Ip, bits: number): boolean {
	if (bits <= 32) return ((ip.a ^ network.a) & wordMask(bits)) === 0;
	return (
		ip.a === network.a &&
		((ip.b ^ network.b) & wordMask(bits - 32)) === 0 &&
		((ip.c ^ network.c) & wordMask(bits - 64)) === 0 &&
		((ip.d ^ network.d) & wordMask(bits - 96)) === 0
	);
}

/** Orders two addresses of one family: negative, zero or positive. */
export function compareIp(x: Ip, y: Ip): number {
	return (x.a >>> 0) - (y.a >>> 0) || (x.b >>> 0) - (y.b >>> 0) || (x.c >>> 0) - (y.c >>> 0) || (x.d >>> 0) - (y.d >>> 0);
}

/** The address as inet_ntop(3) writes it. */
export function formatIp(ip: Ip, family: Family): string {
	return family === "inet" ? formatIp4(ip.a) : formatIp6(ip);
}

function formatIp4(word: number): string {
	return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function formatIp6(ip: Ip): string {
	// The first of the longest runs of zero words.
	let zeros = 0;
	let length = 0;
	for (let i = 0; i < 8; i++) {
		let end = i;
		while (end < 8 && word6(ip, end) === 0) end++;
		if (end - i > length) {
			zeros = i;
			length = end - i;
		}
		i = end;
	}
	// inet_ntop.c: ::a.b.c.d and ::ffff:a.b.c.d, where the zeros are the longest run and not longer than that.
	if (zeros === 0 && length === 6) return `::${formatIp4(ip.d)}`;
	if (zeros === 0 && length === 5 && word6(ip, 5) === 0xffff) return `::ffff:${formatIp4(ip.d)}`;
	if (length < 2) return words6(ip, 0, 8);
	return `${words6(ip, 0, zeros)}::${words6(ip, zeros + length, 8)}`;
}

/** The words of 16 bits from one index up to another, in hexadecimal. */
function words6(ip: Ip, from: number, to: number): string {
	let text = "";
	for (let i = from; i < to; i++) text += i === from ? word6(ip, i).toString(16) : `:${word6(ip, i).toString(16)}`;
	return text;
}

/** The word of 16 bits at an index of 0 to 7. */
function word6(ip: Ip, index: number): number {
	const pair = index < 2 ? ip.a : index < 4 ? ip.b : index < 6 ? ip.c : ip.d;
	return index % 2 === 0 ? pair >>> 16 : pair & 0xffff;
}

/** `10.0.0.0/24`, of any address of the network. */
export function networkText(ip: Ip, bits: number, family: Family): string {
	return `${formatIp(masked(ip, bits), family)}/${bits}`;
}

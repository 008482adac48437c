/** The networks of local interfaces, as parse_prefix4() and parse_prefix6() of vmd's parse.y read them. */

/** An error in vmd's words, or the address and the length of the prefix. */
export type Prefix = { readonly error: string } | { readonly address: bigint; readonly length: number };

/** strtonum(3) of a prefix length. */
function prefixLength(text: string, least: number, most: number): number | string {
	if (!/^[ \t\n\v\f\r]*[-+]?\d+$/.test(text)) return "invalid";
	const value = Number(text);
	return value < least ? "too small" : value > most ? "too large" : value;
}

/** inet_net_pton(3) for IPv4: decimal octets from the left (`10.1` is 10.1.0.0), or hexadecimal digits after 0x. */
function inet(text: string): bigint | undefined {
	const [address = "", bits, ...rest] = text.split("/");
	if (rest.length > 0 || (bits !== undefined && (!/^\d{1,2}$/.test(bits) || Number(bits) > 32))) return undefined;
	const hexadecimal = /^0[xX]([0-9a-fA-F]{1,8})$/.exec(address)?.[1];
	if (hexadecimal !== undefined) return BigInt(`0x${hexadecimal.length % 2 === 0 ? hexadecimal : `${hexadecimal}0`}`.padEnd(10, "0"));
	const octets = address.split(".");
	if (octets.length > 4 || !octets.every((octet) => /^\d+$/.test(octet) && Number(octet) <= 255)) return undefined;
	return octets.reduce((sum, octet, i) => sum | (BigInt(octet) << BigInt(24 - 8 * i)), 0n);
}

/** Reads `ADDRESS[/LENGTH]`; the length is 16 where it is not given and at most 16. */
export function parsePrefix4(text: string): Prefix {
	const slash = text.lastIndexOf("/");
	const length = slash < 0 ? 16 : prefixLength(text.slice(slash + 1), 1, 16);
	if (typeof length === "string") return { error: length };
	const address = inet(slash < 0 ? text : text.slice(0, slash));
	if (address === undefined) return { error: "invalid format" };
	if (address & ((1n << BigInt(32 - length)) - 1n)) return { error: "bad mask" };
	return { address, length };
}

/** inet_pton(3) for IPv6. */
function inet6(text: string): bigint | undefined {
	const halves = text.split("::");
	if (halves.length > 2) return undefined;
	const groups = (half: string | undefined): readonly number[] | undefined => {
		if (half === undefined || half === "") return [];
		const values: number[] = [];
		const words = half.split(":");
		for (const [i, word] of words.entries()) {
			const dotted = i === words.length - 1 ? /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(word) : null;
			if (dotted !== null) {
				const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(1).map(Number);
				if (Math.max(a, b, c, d) > 255) return undefined;
				values.push(a * 256 + b, c * 256 + d);
			} else if (/^[0-9a-fA-F]{1,4}$/.test(word)) values.push(Number.parseInt(word, 16));
			else return undefined;
		}
		return values;
	};
	const head = groups(halves[0]);
	const tail = groups(halves[1]);
	if (head === undefined || tail === undefined) return undefined;
	const missing = 8 - head.length - tail.length;
	if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
	return [...head, ...Array<number>(missing).fill(0), ...tail].reduce((address, group) => (address << 16n) | BigInt(group), 0n);
}

/** Reads `ADDRESS[/LENGTH]`; the length is 64 where it is not given and at most 64. */
export function parsePrefix6(text: string): Prefix {
	const slash = text.lastIndexOf("/");
	const length = slash < 0 ? 64 : prefixLength(text.slice(slash + 1), 0, 64);
	if (typeof length === "string") return { error: length };
	const address = inet6(slash < 0 ? text : text.slice(0, slash));
	// gai_strerror(3) of EAI_NONAME, in the words that the conformance cases have.
	if (address === undefined) return { error: "Name or service not known" };
	if (address & ((1n << BigInt(128 - length)) - 1n)) return { error: "bad mask" };
	return { address, length };
}

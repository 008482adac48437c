/** MD5 (RFC 1321): pfctl makes the key of `source-hash` of it, nothing that is to be safe. */
import { utf8 } from "../../text/bytes.ts";

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

/** The digest of a text's UTF-8 bytes as four words, each with its bytes in the order of the digest. */
export function md5Words(text: string): [number, number, number, number] {
	const bytes = utf8(text);
	const length = bytes.length;
	bytes.push(0x80);
	while (bytes.length % 64 !== 56) bytes.push(0);
	for (let i = 0; i < 8; i++) bytes.push(i < 4 ? ((length * 8) >>> (8 * i)) & 255 : 0);
	let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
	for (let block = 0; block < bytes.length; block += 64) {
		let [a, b, c, d] = [a0, b0, c0, d0];
		for (let i = 0; i < 64; i++) {
			const round = i >> 4;
			const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
			const word = round === 0 ? i : round === 1 ? (5 * i + 1) % 16 : round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16;
			const at = block + word * 4;
			const value = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
			const sum = (a + mixed + (SINES[i] ?? 0) + value) | 0;
			const shift = SHIFTS[round * 4 + (i % 4)] ?? 0;
			[a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
		}
		[a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
	}
	return [swapped(a0), swapped(b0), swapped(c0), swapped(d0)];
}

function swapped(word: number): number {
	return (((word & 255) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

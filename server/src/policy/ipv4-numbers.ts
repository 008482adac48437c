/**
 * IPv4 addresses as numbers, in their order from -2^31 on: those of V8's small integers. Each larger number is an object of its own,
 * wherever it is read.
 */
import { masked } from "../pf/names/address.ts";
import { type Ip, ZERO_IP } from "../pf/rules.ts";
import type { Intervals } from "./intervals.ts";

/** Those of 0.0.0.0 and 255.255.255.255. */
export const FIRST_WORD = -(2 ** 31);
export const LAST_WORD = 2 ** 31 - 1;

/** All addresses. */
export const EVERY_WORD: Intervals = [FIRST_WORD, LAST_WORD];

/** An IPv4 address as a number. */
export function wordOf({ a }: Ip): number {
	return a ^ FIRST_WORD;
}

/** The address of a number. */
export function ipOfWord(word: number): Ip {
	return { ...ZERO_IP, a: word ^ FIRST_WORD };
}

/** The addresses of an IPv4 network. */
export function networkSet(ip: Ip, bits: number): readonly [first: number, last: number] {
	const first = wordOf(masked(ip, bits));
	return [first, first + 2 ** Math.max(32 - bits, 0) - 1];
}

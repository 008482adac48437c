/** Numbers as the C library reads and writes them. */

export const UINT_MAX = 0xffffffff;

/**
 * A number as people write it: digits without a leading zero, few enough to be exact. -1 for anything else, which `atoul` and
 * BigInt know to read.
 */
export function plainNumber(word: string): number {
	const { length } = word;
	if (length === 0 || length > 15) return -1;
	let value = 0;
	for (let i = 0; i < length; i++) {
		const digit = word.charCodeAt(i) - 48;
		if (digit < 0 || digit > 9 || (i === 0 && digit === 0 && length > 1)) return -1;
		value = value * 10 + digit;
	}
	return value;
}

/** strtoul(3) with base 0 over the whole word; undefined where it is no number. */
export function atoul(word: string): bigint | undefined {
	const match = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(word);
	if (match === null) return undefined;
	const [, sign, digits = ""] = match;
	const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
	if (value > 0xffffffffffffffffn) return undefined;
	return sign === "-" ? BigInt.asUintN(64, -value) : value;
}

/** strtod(3): the number at the start of a word, and where it ends. */
export function strtod(word: string): { readonly value: number; readonly rest: string } {
	const match = /^[ \t\n\v\f\r]*[+-]?(?:0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)/i.exec(
		word,
	);
	if (match === null) return { value: 0, rest: word };
	const text = match[0].trim().toLowerCase();
	const value = text.includes("inf") ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text.replace(/^\+/, ""));
	return { value, rest: word.slice(match[0].length) };
}

/** printf("%g") */
export function general(value: number): string {
	if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").toLowerCase();
	if (value === 0) return "0";
	const exponent = Math.floor(Math.log10(Math.abs(value)));
	if (exponent < -4 || exponent >= 6) {
		const [mantissa = "", power = "0"] = value.toExponential(5).split("e");
		const trimmedMantissa = mantissa.replace(/\.?0+$/, "");
		return `${trimmedMantissa}e${Number(power) < 0 ? "-" : "+"}${String(Math.abs(Number(power))).padStart(2, "0")}`;
	}
	return String(Number(value.toPrecision(6)));
}

/** Sizes with a unit, as libutil's scan_scaled(3) reads and fmt_scaled(3) prints them (lib/libutil/fmt_scaled.c). */

const UNITS = "BKMGTPE";
const LLONG_MAX = 2n ** 63n - 1n;
const LLONG_MIN = -(2n ** 63n);
/** `MAX_DIGITS` of fmt_scaled.c: three for each unit. */
const MAX_DIGITS = UNITS.length * 3;

export type Scanned = { readonly value: bigint } | { readonly error: "Invalid argument" | "Result too large" };

const invalid: Scanned = { error: "Invalid argument" };
const outOfRange: Scanned = { error: "Result too large" };

/** Reads a size such as `512M` or `1.5G`: one unit letter, in either case, or none for bytes. */
export function scanScaled(text: string): Scanned {
	const sign = /^[ \t\n\v\f\r]*([-+]*)/.exec(text);
	const signs = sign?.[1] ?? "";
	if (signs.length > 1) return invalid;
	let at = sign?.[0].length ?? 0;
	let whole = 0n;
	let fraction = 0n;
	let digits = 0;
	let fractionDigits = 0;
	for (; at < text.length; at++) {
		const character = text[at] ?? "";
		if (character === ".") {
			if (fractionDigits > 0) return invalid;
			fractionDigits = 1;
		} else if (character < "0" || character > "9") break;
		else if (fractionDigits > 0) {
			if (fractionDigits >= MAX_DIGITS - 1) continue;
			fractionDigits++;
			fraction = fraction * 10n + BigInt(character);
			if (fraction > LLONG_MAX) return outOfRange;
		} else {
			if (++digits >= MAX_DIGITS) return outOfRange;
			whole = whole * 10n + BigInt(character);
			if (whole > LLONG_MAX) return outOfRange;
		}
	}
	if (signs === "-") whole = -whole;
	const suffix = text[at];
	if (suffix === undefined) return { value: whole };
	const unit = UNITS.indexOf(suffix.toUpperCase());
	if (unit < 0 || !/[A-Za-z]/.test(suffix) || /^[A-Za-z0-9]/.test(text.slice(at + 1))) return invalid;
	const factor = 1024n ** BigInt(unit);
	if (whole > LLONG_MAX / factor || whole < LLONG_MIN / factor) return outOfRange;
	while (fraction >= LLONG_MAX / factor) {
		fraction /= 10n;
		fractionDigits--;
	}
	fraction *= factor;
	for (let i = 0; i < fractionDigits - 1; i++) fraction /= 10n;
	return { value: whole * factor + (signs === "-" ? -fraction : fraction) };
}

/** A number of bytes in at most four characters and a unit: `1.5G`, `128G`. */
export function formatScaled(bytes: number): string {
	let unit = 0;
	while (unit < UNITS.length - 1 && Math.trunc(bytes / 1024) >= 1024 ** unit) unit++;
	const scale = 1024 ** unit;
	let whole = Math.trunc(bytes / scale);
	let tenths = unit === 0 ? 0 : Math.trunc((10 * Math.trunc((bytes % scale) / 1024 ** (unit - 1)) + 512) / 1024);
	if (tenths >= 10) {
		whole++;
		tenths = 0;
	}
	if (whole === 0) return "0B";
	if (unit === 0 || whole >= 100) return `${whole + (tenths >= 5 ? 1 : 0)}${UNITS[unit] ?? ""}`;
	return `${whole}.${tenths}${UNITS[unit] ?? ""}`;
}

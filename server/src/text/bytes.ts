/** Texts as the bytes that pfctl counts. */

/** The UTF-8 bytes of a text; half of a surrogate pair becomes U+FFFD. */
export function utf8(text: string): number[] {
	const bytes: number[] = [];
	for (const char of text) {
		const code = char.codePointAt(0) ?? 0;
		const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
		if (point < 0x80) bytes.push(point);
		else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
		else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
		else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
	}
	return bytes;
}

/** How many bytes a text has. */
export function byteLength(text: string): number {
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return utf8(text).length;
	return text.length;
}

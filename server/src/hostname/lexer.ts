/** A hostname.if(5) file as the shell's `read` sees it (etc/netstart: `while IFS= read -- _line`, ksh without `-r`). */
import { type Span, span } from "../text/span.ts";

/** A text that the shell has made of a file; each of its characters knows its place there. */
export interface Mapped {
	readonly text: string;
	/** One offset for each UTF-16 unit of `text`; -1 where netstart has put it in. */
	readonly at: readonly number[];
}

/** A line that netstart reads: several lines of the file where backslashes join them. */
export interface Line extends Mapped {
	/** The characters in the file, without the newline. */
	readonly span: Span;
	/** False for a last line without a newline: `read` fails at the end of the file, so netstart drops it. */
	readonly ended: boolean;
}

/** The lines of a file. A backslash quotes the character after it and is gone; before a newline it joins two lines. */
export function readLines(text: string): readonly Line[] {
	const lines: Line[] = [];
	let at: number[] = [];
	let read: string[] = [];
	let start = 0;
	const finish = (end: number, ended: boolean): void => {
		lines.push({ text: read.join(""), at, span: span(start, end), ended });
		at = [];
		read = [];
		start = end + 1;
	};
	for (let i = 0; i < text.length; i++) {
		let c = text.charAt(i);
		if (c === "\n") {
			finish(i, true);
			continue;
		}
		if (c === "\\") {
			i++;
			c = text.charAt(i);
			if (c === "\n" || c === "") continue;
		}
		if (c === "\0") continue;
		read.push(c);
		at.push(i);
	}
	if (start < text.length) finish(text.length, false);
	return lines;
}

/** The words of a text, parted by blanks; quotes mean nothing at this stage. */
export function splitWords(line: Mapped): readonly Mapped[] {
	return [...line.text.matchAll(/[^ \t\n]+/g)].map(({ index, 0: text }) => ({ text, at: line.at.slice(index, index + text.length) }));
}

/** Text that netstart adds. */
export function inserted(text: string): Mapped {
	return { text, at: Array.from({ length: text.length }, () => -1) };
}

export function joined(parts: readonly Mapped[], separator = ""): Mapped {
	const glue = inserted(separator);
	const all = parts.flatMap((part, i) => (i === 0 ? [part] : [glue, part]));
	return { text: all.map(({ text }) => text).join(""), at: all.flatMap(({ at }) => at) };
}

/** Where the part of the file stands that a text comes from; undefined where netstart has made all of it. */
export function placeOf({ at }: Mapped): Span | undefined {
	const known = at.filter((offset) => offset >= 0);
	const [first] = known;
	if (first === undefined) return undefined;
	let [low, high] = [first, first];
	for (const offset of known) {
		low = Math.min(low, offset);
		high = Math.max(high, offset);
	}
	return span(low, high + 1);
}

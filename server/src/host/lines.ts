import { type Span, span } from "../text/span.ts";

/** A line without its comment and its surrounding blanks, where it stands in the file. */
export interface SignificantLine {
	readonly text: string;
	readonly span: Span;
}

/**
 * The lines that count of a file in which `#` starts a comment anywhere, as stripcom() of rc(8) and netstart(8) reads
 * sysctl.conf and mygate.
 */
export function* significantLines(text: string): Generator<SignificantLine> {
	let start = 0;
	for (const raw of text.split("\n")) {
		const line = trimmed(raw.split("#", 1)[0] ?? "", start);
		if (line.text !== "") yield line;
		start += raw.length + 1;
	}
}

/** `text` without blanks at both ends; `start` is where it stands in the file. */
export function trimmed(text: string, start: number): SignificantLine {
	const left = text.length - text.trimStart().length;
	const inner = text.trim();
	return { text: inner, span: span(start + left, start + left + inner.length) };
}

/** The words of a line. */
export function words(line: SignificantLine): readonly SignificantLine[] {
	return [...line.text.matchAll(/\S+/g)].map((match) => {
		const start = line.span.start + match.index;
		return { text: match[0], span: span(start, start + match[0].length) };
	});
}

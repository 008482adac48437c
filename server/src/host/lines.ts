import { type Span, span } from "../text/span.ts";

/** A line without its comment and its surrounding blanks, where it stands in the file. */
export interface Line {
	readonly text: string;
	readonly span: Span;
}

/**
 * The lines that count of a file in which `#` starts a comment anywhere, as stripcom() of rc(8) and netstart(8) reads
 * sysctl.conf and mygate.
 */
export function* significantLines(text: string): Generator<Line> {
	let start = 0;
	for (const raw of text.split("\n")) {
		const line = trimmed(raw.split("#", 1)[0] ?? "", start);
		if (line.text !== "") yield line;
		start += raw.length + 1;
	}
}

/** `text` without blanks at both ends; `start` is where it stands in the file. */
export function trimmed(text: string, start: number): Line {
	const left = text.length - text.trimStart().length;
	const inner = text.trim();
	return { text: inner, span: span(start + left, start + left + inner.length) };
}

/** The words of a line. */
export function words(line: Line): readonly Line[] {
	return [...line.text.matchAll(/\S+/g)].map((match) => {
		const start = line.span.start + match.index;
		return { text: match[0], span: span(start, start + match[0].length) };
	});
}

/**
 * The words of each line of a hostname.if(5) file, comments left out: a `#` starts one where a word could start, and
 * quotes keep words together, as the shell that runs netstart's lines has it.
 */
export function* significantWords(text: string): Generator<readonly Line[]> {
	let start = 0;
	for (const raw of text.split("\n")) {
		const found: Line[] = [];
		for (const match of raw.matchAll(/#.*$|(?:"[^"]*"?|'[^']*'?|[^\s"'])+/g)) {
			if (match[0].startsWith("#")) break;
			const at = start + match.index;
			found.push({ text: match[0].replace(/["']/g, ""), span: span(at, at + match[0].length) });
		}
		if (found.length > 0) yield found;
		start += raw.length + 1;
	}
}

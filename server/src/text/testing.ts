/** For tests: what programs and diagnostics say, as a person reads it. */
import type { Diagnostic } from "./diagnostic.ts";
import type { SyntaxToken } from "./language.ts";
import { render } from "./message.ts";

/** For each message of a program what makes it say that: a table that does not compile where one is left out. */
export type Examples<Text extends string, Example> = Readonly<Record<Text, readonly [Example, ...Example[]]>>;

/** Whether a text is a template with its arguments filled in: `{0}` and other names in braces stand for any text. */
export function isFilled(template: string, text: string): boolean {
	const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
	return new RegExp(`^${parts.join("[^]*")}$`).test(text);
}

/** All that a person is told of one file: place, message, advice, what each fix makes of the file, and tags. */
export function told(text: string, { severity, code, span, message, advice, related = [], tags = [], fixes = [] }: Diagnostic): string {
	const fixed = fixes.map(({ title, edits }) => {
		const others = edits.filter(({ file }) => file !== undefined).map(({ file, text: own }) => `; ${file}: ${JSON.stringify(own)}`);
		const sorted = edits.filter(({ file }) => file === undefined).sort((a, b) => b.span.start - a.span.start);
		const after = sorted.reduce((rest, { span: at, text: own }) => rest.slice(0, at.start) + own + rest.slice(at.end), text);
		return `${render(title)} => ${JSON.stringify(after)}${others.join("")}`;
	});
	const words = JSON.stringify(text.slice(span.start, span.end));
	const others = related.map((other) => `see ${other.span.start}: ${render(other.message)}`);
	const first = `${severity} ${code} at ${words}: ${render(message)}`;
	return [first, ...(advice === undefined ? [] : [render(advice)]), ...others, ...fixed, ...tags].join(" | ");
}

/** A token as `kind [word of the vocabulary] value (use of a name) "its text"`. */
export function shownToken(text: string, { span, kind, value, entry, symbol }: SyntaxToken): string {
	return [
		kind,
		...(entry === undefined ? [] : [`[${entry.name}]`]),
		...(value === undefined ? [] : [value]),
		...(symbol === undefined ? [] : [`(${symbol.use} ${symbol.kind} ${symbol.name})`]),
		JSON.stringify(text.slice(span.start, span.end)),
	].join(" ");
}

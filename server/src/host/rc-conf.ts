import type { Span } from "../text/span.ts";
import { trimmed } from "./lines.ts";

/** One assignment of rc.conf.local(8). */
export interface RcVariable {
	readonly name: string;
	/** Without the quotes that older files have around it. */
	readonly value: string;
	readonly span: Span;
	readonly valueSpan: Span;
}

/** Reads rc.conf.local as rc.subr(8) does: `name = value`, lower-cased names, a comment behind the value (_rc_parse_conf). */
export function readRcConf(text: string): readonly RcVariable[] {
	const variables: RcVariable[] = [];
	let start = 0;
	for (const raw of text.split("\n")) {
		const line = trimmed(raw, start);
		start += raw.length + 1;
		const at = line.text.indexOf("=");
		if (at < 1 || line.text.startsWith("#") || line.text.startsWith("!")) continue;
		const value = trimmed(line.text.slice(at + 1).split("#", 1)[0] ?? "", line.span.start + at + 1);
		variables.push({
			name: line.text.slice(0, at).trimEnd().toLowerCase(),
			value: unquoted(value.text),
			span: line.span,
			valueSpan: value.span,
		});
	}
	return variables;
}

function unquoted(text: string): string {
	const quote = text[0];
	return text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** The value in force: the last assignment of that name. */
export function rcVariable(variables: readonly RcVariable[], name: string): RcVariable | undefined {
	return variables.findLast((variable) => variable.name === name);
}

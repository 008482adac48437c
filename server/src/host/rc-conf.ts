import { type Span, span } from "../text/span.ts";
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

/** The interfaces that dhcpd(8) is told to serve. */
export function servedInterfaces(variables: readonly RcVariable[]): readonly { readonly name: string; readonly span: Span }[] {
	const variable = rcVariable(variables, "dhcpd_flags");
	if (variable === undefined || variable.value === "NO") return [];
	const shift = variable.valueSpan.end - variable.valueSpan.start > variable.value.length ? 1 : 0;
	const found: { name: string; span: Span }[] = [];
	let takesArgument = false;
	for (const match of variable.value.matchAll(/\S+/g)) {
		const [word] = match;
		const at = variable.valueSpan.start + shift + match.index;
		if (!takesArgument && !word.startsWith("-")) found.push({ name: word, span: span(at, at + word.length) });
		takesArgument = !takesArgument && /^-[AaCcLlYy]$/.test(word);
	}
	return found;
}

/** One cause, one finding: what is left of a file's diagnostics without those that follow from another. */
import type { Diagnostic, Fix, Related, TextEdit } from "../../text/diagnostic.ts";
import type { EditedText } from "../../text/edited-text.ts";
import { type Message, msg } from "../../text/message.ts";
import { CLOSES_NOTHING, OPENED_BELOW, TEMPLATE_MARK } from "./clear-signs.ts";
import { ELSEWHERE_WORD, NO_STATEMENT, REMOVED_WORD } from "./clear-statements.ts";

/** So much of a line is read before a place in it. */
const BEFORE = 400;

/** So many lines that are no statements show that the file is something else. */
const MANY_LINES = 8;

/** How many of the places with the same cause are told. */
const MOST_RELATED = 5;

const ODD_VALUE = msg("syntax error: nothing in pf.conf begins with `{0}`, the value of the macro");

const PLACEHOLDER = msg("syntax error: `{0}`, the value of the macro, is a placeholder");

const NO_RULESET = msg("syntax error: this line and {0} others are not statements of pf.conf");

/** Whether a diagnostic says of its file that it is something else than a file of rules. */
export function isNoRuleset({ message }: Diagnostic): boolean {
	return message.template === NO_RULESET.template;
}

/** What is said of a macro whose value no statement can take: it may be a mark of a template, or a macro in quotes. */
export function oddValue(value: string): { readonly message: Message; readonly advice: Message } | undefined {
	const args = [value.length > 24 ? `${value.slice(0, 24)}…` : value];
	// No name of a table has a blank.
	if (/^<[^<>]*\s[^<>]*>$/.test(value)) {
		return { message: { ...PLACEHOLDER, args }, advice: msg("Write the value that is meant where the macro is defined.") };
	}
	if (!/^[$/[\]@%&|;?^~`]/.test(value)) return undefined;
	return {
		message: { ...ODD_VALUE, args },
		// What a shell puts in is no macro in quotes.
		advice: /^\$\w/.test(value)
			? msg("A macro in quotes is not expanded: write it without the quotes.")
			: msg("Write the value that is meant where the macro is defined."),
	};
}

/** Without what follows from another fault, each fault of many once. */
export function withoutConsequences(found: readonly Diagnostic[], text: EditedText): Diagnostic[] {
	const syntax = found.filter(({ code }) => code === "pf/syntax");
	const queues = found.filter(({ code }) => code === "pf/queue" || code === "pf/syntax").map((one) => lineBefore(one, text));
	if (syntax.length === 0 && queues.length === 0) return [...found];
	const broken = new Set<string>();
	let blocks = 0;
	for (const one of syntax) {
		const name = /^\s*([A-Za-z_]\w*)\s*(?:=|$)/.exec(lineBefore(one, text))?.[1];
		if (name !== undefined) broken.add(`$${name}`);
	}
	const brokenQueues = queues.filter((line) => /^\s*(?:queue|altq)\b/.test(line)).length > 0;
	const left = found.filter(({ code, span: at, message }) => {
		if (code === "pf/unknown-macro") return !broken.has(text.slice(at.start, at.end));
		// The queue is defined in a statement that is told of.
		if (code === "pf/queue") return !brokenQueues || !/^queue \S+ is not defined$/.test(message.args.join(" "));
		if (code !== "pf/syntax") return true;
		if (message.template === OPENED_BELOW.template) blocks++;
		return message.template !== CLOSES_NOTHING.template || blocks-- <= 0;
	});
	return eachCauseOnce(left);
}

/** The line up to a diagnostic. */
function lineBefore({ span }: Diagnostic, text: EditedText): string {
	const before = text.slice(Math.max(0, span.start - BEFORE), span.start);
	return before.slice(before.lastIndexOf("\n") + 1) + text.slice(span.start, Math.min(span.end, span.start + BEFORE));
}

type Kind = "template" | "dialect" | "lines" | `value ${string}`;

/** What is told once, however many places of the file show it. */
function kindOf({ code, message: { template, args } }: Diagnostic): Kind | undefined {
	if (code !== "pf/syntax") return undefined;
	if (template === TEMPLATE_MARK.template) return "template";
	if (template === REMOVED_WORD || template === ELSEWHERE_WORD) return "dialect";
	if (template === NO_STATEMENT) return "lines";
	return template === ODD_VALUE.template || template === PLACEHOLDER.template ? `value ${args.join(" ")}` : undefined;
}

function eachCauseOnce(found: readonly Diagnostic[]): Diagnostic[] {
	const kinds = new Map<Kind, Diagnostic[]>();
	for (const one of [...found].sort((x, y) => x.span.start - y.span.start)) {
		const kind = kindOf(one);
		if (kind !== undefined) kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
	}
	const instead = new Map<Diagnostic, Diagnostic | undefined>();
	for (const [kind, [first, ...others]] of kinds) {
		if (first === undefined || others.length === 0 || (kind === "lines" && others.length < MANY_LINES - 1)) continue;
		instead.set(first, withOthers(first, kind, others));
		// A statement of another dialect keeps its fix at its own place.
		for (const one of others) instead.set(one, kind === "dialect" ? { ...one, severity: "hint" } : undefined);
	}
	return found.flatMap((one) => (instead.has(one) ? (instead.get(one) ?? []) : [one]));
}

/** The first of several, which tells of the others. */
function withOthers(first: Diagnostic, kind: Kind, others: readonly Diagnostic[]): Diagnostic {
	const { fixes = [], related = [], ...own } = first;
	const same = others.slice(0, MOST_RELATED).map(({ span }): Related => ({ span, message: msg("The same here") }));
	const more = { ...own, related: [...related, ...same] };
	if (kind === "lines")
		return {
			...more,
			message: { ...NO_RULESET, args: [others.length] },
			advice: msg("Look whether this is the file that it is taken for."),
		};
	if (kind !== "dialect") return fixes.length === 0 ? more : { ...more, fixes };
	const all = allOf([first, ...others]);
	return {
		...more,
		advice: msg("This is the pf of FreeBSD, macOS or an older OpenBSD. Statements to rewrite besides this one: {0}.", others.length),
		fixes: all === undefined ? fixes : [...fixes, all],
	};
}

/** One fix in the place of those that several have, where all have one. */
function allOf(found: readonly Diagnostic[]): Fix | undefined {
	const edits: TextEdit[] = [];
	for (const { fixes = [] } of found) {
		const [fix] = fixes;
		if (fix === undefined) return undefined;
		edits.push(...fix.edits);
	}
	return { title: msg("Rewrite all {0} statements", found.length), edits };
}

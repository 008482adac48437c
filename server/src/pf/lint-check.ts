/** How a check of pf.conf beyond pfctl's own is written, and what it is given. */
import type { Diagnostic, DiagnosticRule, Fix, Related } from "../text/diagnostic.ts";
import type { Mark } from "../text/language.ts";
import type { Message } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import type { Span } from "../text/span.ts";
import type { Anchor, EndMatch, Rule, Ruleset, Table } from "./rules.ts";
import { isAny } from "./rules.ts";

/** One file as the checks see it. Rules of files that it includes are among them, and left to those files. */
export interface LintFile {
	readonly path: string;
	readonly text: string;
	readonly ruleset: Ruleset;
	/** Where the statement stands that a rule or table came from; undefined for tables that pfctl makes itself. */
	place(origin: { readonly statement: number }): Place | undefined;
	/** The words of this file, as `ParsedFile.marks`. */
	marks(within?: Span): readonly Mark[];
}

export interface More {
	readonly advice?: Message;
	readonly related?: readonly Related[];
	readonly fixes?: readonly Fix[];
	readonly tags?: NonNullable<Diagnostic["tags"]>;
}

export type Report = (span: Span, message: Message, more?: More) => void;

/** One check with its description. */
export interface PfCheck extends DiagnosticRule {
	/** Reports each fault of the file. What the file does not show is taken to be right. */
	readonly run: (file: LintFile, report: Report) => void;
}

type Described = readonly [title: string, why: string, remedy: string, example: string];

const described =
	(severity: DiagnosticRule["severity"]) =>
	([title, why, remedy, example]: Described, run: PfCheck["run"]): PfCheck => ({ severity, title, why, remedy, example, run });

export const warning = described("warning");
export const information = described("information");
export const hint = described("hint");

/** Every list of rules, each once. */
export function rulesetsOf({ main, anchors }: Ruleset): readonly Anchor[] {
	return [main, ...anchors.values()];
}

/** Every rule of the file that is no call of an anchor. */
export function* rulesOf(file: LintFile): Generator<Rule> {
	for (const { rules } of rulesetsOf(file.ruleset)) for (const rule of rules) if (rule.anchor === undefined) yield rule;
}

export function* tablesOf(file: LintFile): Generator<Table> {
	for (const { tables } of rulesetsOf(file.ruleset)) yield* tables.filter(({ statement }) => statement >= 0);
}

/**
 * The words of a statement that a diagnostic is about: from the first of the `words` that stands there to the next
 * mark after it where `withNext` says so; the whole statement where none does. Undefined in other files.
 */
export function focus(
	file: LintFile,
	origin: { readonly statement: number },
	words: readonly string[],
	withNext = false,
): Span | undefined {
	const place = file.place(origin);
	if (place === undefined || place.file !== file.path) return undefined;
	const marks = file.marks(place.span);
	const index = marks.findIndex(({ span, entry }) => entry !== undefined && words.includes(file.text.slice(span.start, span.end)));
	const first = marks[index];
	if (first === undefined) return place.span;
	return withNext ? { start: first.span.start, end: (marks[index + 1] ?? first).span.end } : first.span;
}

/** Reports once for each statement, however many rules it expands to. */
export function eachStatement(
	file: LintFile,
	applies: (rule: Rule) => boolean,
	words: readonly string[],
	report: (span: Span, rule: Rule) => void,
	withNext = false,
): void {
	const seen = new Set<number>();
	for (const rule of rulesOf(file)) {
		if (seen.has(rule.statement) || !applies(rule)) continue;
		seen.add(rule.statement);
		const span = focus(file, rule, words, withNext);
		if (span !== undefined) report(span, rule);
	}
}

/** Asks for nothing but a direction and, perhaps, a family. */
export function isSweeping(rule: Rule): boolean {
	const { interface: name, protocol, rdomain, tagged, user, group, os, fragment, icmpType, probability, receivedOn, prio, tos } = rule;
	if (name !== "" || protocol !== 0 || rdomain !== -1 || tagged !== "" || os !== "" || receivedOn !== "" || fragment) return false;
	if (user !== undefined || group !== undefined || icmpType !== -1 || probability !== 0 || prio !== -1 || tos !== 0) return false;
	return isEvery(rule.source) && isEvery(rule.destination);
}

/** Any address and any port. */
export function isEvery({ address, negated, port }: EndMatch): boolean {
	return !negated && port === undefined && isAny(address);
}

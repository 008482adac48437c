/** How a check of pf.conf beyond pfctl's own is written, and what it is given. */
import { type Description, describe, type Report } from "../../text/check.ts";
import type { DiagnosticRule, Severity } from "../../text/diagnostic.ts";
import type { SyntaxToken } from "../../text/language.ts";
import type { Span } from "../../text/span.ts";
import type { LeftOut } from "../grammar/output.ts";
import type { Limiter, Rule, Table } from "../rules.ts";
import type { FactKind } from "./facts.ts";
import type { Subject } from "./subjects.ts";

/** One statement as the checks see it; its places are behind where it begins. */
export interface LintStatement {
	readonly text: string;
	/** Made when they are first asked for. */
	readonly tokens: readonly SyntaxToken[];
	/** Its rules that are no calls of anchors, those of its blocks among them. Those of a file that it includes are left to that file. */
	readonly rules: readonly Rule[];
	/** The calls of the blocks that a rule stands in, the outermost first; of one level all that the call expands to. */
	callsAround(rule: Rule): readonly (readonly Rule[])[];
	readonly tables: readonly Table[];
	readonly limiters: readonly Limiter[];
	/** What makes too many rules, those of a file that it includes among them. */
	readonly leftOut: readonly LeftOut[];
}

/** A whole file as the checks see it that need more than one statement. */
export interface LintFile {
	readonly path: string;
	/** How many there are of a fact. */
	count(kind: FactKind, name?: string): number;
	/** The names that facts of a kind have, with their counts. */
	names(kind: FactKind): Iterable<readonly [name: string, count: number]>;
	/** The statements with a fact of a kind, in their order; with `named` of such names. Where there are some, all are looked through. */
	having(kind: FactKind, named?: (name: string) => boolean): Iterable<PlacedStatement>;
}

export interface PlacedStatement extends LintStatement {
	/** Where it begins. */
	readonly at: number;
}

/** What a check of single rules looks for, and what it says. */
export interface RuleCheck {
	/** It is asked of rules that have this. */
	readonly about: Subject;
	readonly applies: (rule: Rule) => boolean;
	/** The words of the rule that are at fault: from the first of them that stands there, `withNext` to the next token after it. */
	readonly words: readonly string[];
	readonly withNext?: true;
	readonly tell: (found: FoundRule, report: Report<Span>) => void;
}

/** A rule that a check applies to: the words at fault, the rule, and the statement that it stands in. */
export interface FoundRule {
	readonly span: Span;
	readonly rule: Rule;
	readonly statement: LintStatement;
}

/** One check with its description. What the file does not show is taken to be right. */
export type PfCheck = DiagnosticRule &
	(
		| ({ readonly scope: "rule" } & RuleCheck)
		/** It runs for statements that have, or one of whose rules has, what it is about. */
		| { readonly scope: "statement"; readonly about: Subject; readonly run: (statement: LintStatement, report: Report<Span>) => void }
		/** Reports places of the whole file. */
		| { readonly scope: "file"; readonly run: (file: LintFile, report: Report<Span>) => void }
	);

type Run<S extends "statement" | "file"> = Extract<PfCheck, { readonly scope: S }>["run"];

const checksAt = (severity: Severity) => ({
	/** Looks at each rule by itself; told once for each rule as written, however many rules it expands to. */
	rule: (description: Description, check: RuleCheck): PfCheck => ({ scope: "rule", ...describe[severity](...description), ...check }),
	/** Looks at one statement by itself. */
	statement: (description: Description, about: Subject, run: Run<"statement">): PfCheck => ({
		scope: "statement",
		...describe[severity](...description),
		about,
		run,
	}),
	/** Looks at what all statements have. */
	file: (description: Description, run: Run<"file">): PfCheck => ({ scope: "file", ...describe[severity](...description), run }),
});

export const error = checksAt("error");
export const warning = checksAt("warning");
export const information = checksAt("information");
export const hint = checksAt("hint");

/**
 * The words that a diagnostic of a rule or table is about: from the first of the `words` that stands there to the next token after
 * it where `withNext` says so; all of its words where none does.
 */
export function focus(statement: LintStatement, within: Span, words: readonly string[], withNext = false): Span {
	const { tokens, text } = statement;
	const index = tokens.findIndex(
		({ span, entry }) =>
			span.start >= within.start && span.end <= within.end && entry !== undefined && words.includes(text.slice(span.start, span.end)),
	);
	const first = tokens[index];
	if (first === undefined) return within;
	return withNext ? { start: first.span.start, end: (tokens[index + 1] ?? first).span.end } : first.span;
}

/** Whether the calls of the blocks around a rule let only such packets through to it. */
export function isWithin(statement: LintStatement, rule: Rule, such: (call: Rule) => boolean): boolean {
	return statement.callsAround(rule).some((calls) => calls.every(such));
}

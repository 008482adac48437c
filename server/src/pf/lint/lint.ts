/** What pfctl accepts in one file of rules and that still goes wrong. What needs the host is in the room host. */
import type { Report } from "../../text/check.ts";
import type { Diagnostic, DiagnosticCatalog, Severity } from "../../text/diagnostic.ts";
import type { SyntaxToken } from "../../text/language.ts";
import type { Span } from "../../text/span.ts";
import type { LeftOut, Output } from "../grammar/output.ts";
import { T, TokenSet } from "../grammar/tokens.ts";
import type { Anchor, Definition, Limiter, Rule, Table } from "../rules.ts";
import type { FactCounts } from "./fact-counts.ts";
import { type FactKind, type LintWords, rulesOf } from "./facts.ts";
import { focus, type LintFile, type PfCheck, type PlacedStatement } from "./lint-check.ts";
import { effectChecks } from "./lint-effects.ts";
import { limiterChecks } from "./lint-limiters.ts";
import { limitChecks } from "./lint-limits.ts";
import { nameChecks } from "./lint-names.ts";
import { ruleChecks } from "./lint-rules.ts";
import { slipChecks } from "./lint-slips.ts";
import { bitsOf, type Subject, subjectsOf, subjectsOfRule } from "./subjects.ts";

const checks = {
	...ruleChecks,
	...nameChecks,
	...slipChecks,
	...limitChecks,
	...limiterChecks,
	...effectChecks,
} satisfies Readonly<Record<string, PfCheck>>;
/** The checks of a scope with their codes. */
function scoped<S extends PfCheck["scope"]>(scope: S) {
	type Scoped = Extract<PfCheck, { readonly scope: S }>;
	return Object.entries<PfCheck>(checks).flatMap(([code, check]) => (check.scope === scope ? [{ code, check: check as Scoped }] : []));
}
/** Those of some checks that look at one of some subjects; most statements have none, and all have few different ones together. */
function aboutSubjects<C extends { readonly check: { readonly about: Subject } }>(all: readonly C[]): (subjects: number) => readonly C[] {
	const known = new Map<number, readonly C[]>();
	const mask = bitsOf(all.map(({ check }) => check.about));
	return (subjects) => {
		const asked = subjects & mask;
		let found = known.get(asked);
		if (found === undefined) {
			found = all.filter(({ check }) => (bitsOf([check.about]) & asked) !== 0);
			known.set(asked, found);
		}
		return found;
	};
}
const ruleChecksAbout = aboutSubjects(scoped("rule"));
const statementChecksAbout = aboutSubjects(scoped("statement"));
const fileScope = scoped("file");

/** Every code of this file's checks. */
export const pfLintDiagnostics: DiagnosticCatalog = checks;

export type PfLintCode = keyof typeof checks;

/** What of a node its own checks look at. */
export interface LintNode {
	readonly length: number;
	readonly output: Output;
	readonly record: LintWords;
	readonly tokens: readonly SyntaxToken[];
}

/** A text that nodes are cut from. */
export interface TextOfFile {
	slice(start: number, end: number): string;
}

class NodeStatement implements PlacedStatement {
	readonly at: number;
	readonly rules: readonly Rule[];
	readonly tables: readonly Table[];
	readonly #node: LintNode;
	readonly #file: TextOfFile;
	readonly #start: number;
	#text: string | undefined;

	/**
	 * @param start where the node starts in the file @param at where its places are counted from
	 * @param rules those of its output, as `rulesOf` answers them
	 */
	constructor(node: LintNode, file: TextOfFile, start: number, at: number, rules = rulesOf(node.output)) {
		this.#node = node;
		this.#file = file;
		this.#start = start;
		this.at = at;
		const { output, record } = node;
		// Of a statement that includes a file the rules and tables are that file's.
		const included = record.has(INCLUDE) && node.tokens.find(({ kind }) => kind !== "comment")?.entry?.name === "include";
		this.rules = included ? NO_RULES : rules;
		this.tables = included || output.definitions.length === 0 ? NO_TABLES : output.definitions.flatMap(tablesOf);
	}

	get text(): string {
		this.#text ??= this.#file.slice(this.#start, this.#start + this.#node.length);
		return this.#text;
	}

	get tokens(): readonly SyntaxToken[] {
		return this.#node.tokens;
	}

	get limiters(): readonly Limiter[] {
		const { definitions } = this.#node.output;
		return definitions.length === 0 ? NO_LIMITERS : definitions.flatMap((one) => (one.kind === "limiter" ? [one.limiter] : []));
	}

	get leftOut(): readonly LeftOut[] {
		return this.#node.output.leftOut;
	}

	callsAround(rule: Rule): readonly (readonly Rule[])[] {
		return callsTo(rule, this.#node.output.rules) ?? [];
	}
}

/** The calls that lead to a rule in the blocks of a list; undefined where it is in none of them. */
function callsTo(rule: Rule, list: readonly Rule[]): readonly (readonly Rule[])[] | undefined {
	if (list.includes(rule)) return [];
	const blocks = new Map<Anchor, Rule[]>();
	for (const call of list) {
		const block = call.anchor?.block;
		if (block !== undefined) blocks.set(block, [...(blocks.get(block) ?? []), call]);
	}
	for (const [block, calls] of blocks) {
		const inner = callsTo(rule, block.rules);
		if (inner !== undefined) return [calls, ...inner];
	}
	return undefined;
}

const INCLUDE = new TokenSet([T.include]);
const NO_RULES: readonly Rule[] = [];
const NO_TABLES: readonly Table[] = [];
const NO_LIMITERS: readonly Limiter[] = [];

/** The table of a definition, where pfctl has not made it itself. */
function tablesOf(definition: Definition): readonly Table[] {
	return definition.kind === "table" && definition.table.statement >= 0 ? [definition.table] : NO_TABLES;
}

/** The nodes of a file. */
export interface LintNodes {
	/** Those with a fact of a kind, with `named` of such a name, and where each starts. */
	having(kind: FactKind, named?: (name: string) => boolean): Iterable<readonly [node: LintNode, start: number]>;
}

/** A file with what is known of it. */
export interface LintInput {
	readonly path: string;
	readonly text: TextOfFile;
	readonly nodes: LintNodes;
	readonly factCounts: FactCounts;
}

class WholeFile implements LintFile {
	readonly #input: LintInput;

	constructor(input: LintInput) {
		this.#input = input;
	}

	get path(): string {
		return this.#input.path;
	}

	count(kind: FactKind, name?: string): number {
		return this.#input.factCounts.count(kind, name);
	}

	names(kind: FactKind): Iterable<readonly [name: string, count: number]> {
		return this.#input.factCounts.names(kind);
	}

	*having(wanted: FactKind, named?: (name: string) => boolean): Generator<PlacedStatement> {
		const { nodes, text, factCounts } = this.#input;
		// Most checks ask for what no statement has.
		if (!factCounts.has(wanted, named)) return;
		for (const [node, at] of nodes.having(wanted, named)) yield new NodeStatement(node, text, at, at);
	}
}

/** Runs the checks of files of rules. */
class Linter {
	#found: Diagnostic[] = [];
	#code = "";
	#severity: Severity = "hint";
	/** The statement that was looked at last. */
	#statement: NodeStatement | undefined;
	/** For which rule as written each check has told of one that it expands to; those stand side by side. */
	readonly #told = new Map<string, Span>();
	readonly #report: Report<Span> = (span, message, more = {}) => {
		this.#found.push({ code: this.#code, severity: this.#severity, span, message, ...more });
	};

	/**
	 * Runs the checks that need one statement only; places are behind the node's start.
	 * @param start where that is in the text @param rules those of its output, as `rulesOf` answers them
	 */
	node(node: LintNode, text: TextOfFile, start: number, rules: readonly Rule[]): readonly Diagnostic[] {
		let subjects = subjectsOf(node.record, node.output, text.slice(start, start + node.length));
		for (const rule of rules) subjects |= subjectsOfRule(rule);
		if (subjects === 0) return NO_DIAGNOSTICS;
		const statement = new NodeStatement(node, text, start, 0, rules);
		this.#statement = statement;
		for (const rule of statement.rules) {
			for (const { code, check } of ruleChecksAbout(subjectsOfRule(rule))) if (check.applies(rule)) this.#rule(code, check, rule);
		}
		for (const { code, check } of statementChecksAbout(subjects)) check.run(statement, this.#reportOf(code, check));
		return this.#take();
	}

	/** Runs the checks that need the whole file. */
	file(input: LintInput): readonly Diagnostic[] {
		const file = new WholeFile(input);
		for (const { code, check } of fileScope) check.run(file, this.#reportOf(code, check));
		return this.#take();
	}

	#rule(code: string, check: Extract<PfCheck, { readonly scope: "rule" }>, rule: Rule): void {
		const statement = this.#statement;
		if (statement === undefined || this.#told.get(code) === rule.words) return;
		this.#told.set(code, rule.words);
		const span = focus(statement, rule.words, check.words, check.withNext);
		check.tell({ span, rule, statement }, this.#reportOf(code, check));
	}

	/** What a check reports to. */
	#reportOf(code: string, { severity }: PfCheck): Report<Span> {
		this.#code = code;
		this.#severity = severity;
		return this.#report;
	}

	#take(): readonly Diagnostic[] {
		if (this.#told.size > 0) this.#told.clear();
		if (this.#found.length === 0) return NO_DIAGNOSTICS;
		const found = this.#found;
		this.#found = [];
		return found;
	}
}

const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

/**
 * One for all files: it keeps nothing but the statement that it looked at last. V8 drops the code that it has optimised for objects
 * of a shape as soon as it collects the last of them.
 */
export const linter = new Linter();

/** What pfctl accepts in one file of rules and that still goes wrong. What needs the host is in the room host. */
import type { Diagnostic, DiagnosticCatalog } from "../text/diagnostic.ts";
import type { LintFile, LintStatement, PfCheck, PlacedStatement, Report } from "./lint-check.ts";
import { type FactKind, rulesOf } from "./lint-facts.ts";
import { nameChecks } from "./lint-names.ts";
import { ruleChecks } from "./lint-rules.ts";
import type { Part } from "./part.ts";
import type { Tally } from "./tally.ts";
import { T } from "./tokens.ts";

const checks: Readonly<Record<string, PfCheck>> = { ...ruleChecks, ...nameChecks };
const entries = Object.entries(checks);
const statementChecks = entries.flatMap(([code, check]) => (check.scope === "statement" ? [[code, check] as const] : []));
const fileChecks = entries.flatMap(([code, check]) => (check.scope === "file" ? [[code, check] as const] : []));

/** Every code of this file's checks. */
export const pfLintDiagnostics: DiagnosticCatalog = checks;

function statementOf(part: Part, text: string): LintStatement {
	const { output, recorder } = part;
	// Of a statement that includes a file the rules and tables are that file's.
	const included = recorder.has(T.include) && part.marks.find(({ role }) => role !== "comment")?.entry?.name === "include";
	const tables = output.definitions.flatMap((each) => (each.kind === "table" && each.table.statement >= 0 ? [each.table] : []));
	return {
		text,
		get marks() {
			return part.marks;
		},
		has: (...tokens) => recorder.has(...tokens),
		rules: included ? [] : rulesOf(output),
		tables: included ? [] : tables,
	};
}

const reporter =
	(found: Diagnostic[], code: string, { severity }: PfCheck): Report =>
	(span, message, more = {}) =>
		found.push({ code, severity, span, message, ...more });

/** Runs the checks that need one statement only; places are behind the part's start. @param text the part's text */
export function lintPart(part: Part, text: string): readonly Diagnostic[] {
	const found: Diagnostic[] = [];
	const statement = statementOf(part, text);
	for (const [code, check] of statementChecks) check.run(statement, reporter(found, code, check));
	return found;
}

/** A file with what is known of it. */
export interface LintInput {
	readonly path: string;
	readonly text: { slice(start: number, end: number): string };
	readonly parts: readonly Part[];
	/** Where each part starts. */
	readonly starts: ArrayLike<number>;
	readonly tally: Tally;
}

/** Runs the checks that need the whole file. */
export function lintFile({ path, text, parts, starts, tally }: LintInput): readonly Diagnostic[] {
	const file: LintFile = {
		path,
		count: (kind, name) => tally.count(kind, name),
		names: (kind) => tally.names(kind),
		*having(wanted: FactKind, name?: string): Generator<PlacedStatement> {
			for (let i = 0; i < parts.length; i++) {
				const part = parts[i] as Part;
				if (!part.facts.some(([kind, own]) => kind === wanted && (name === undefined || own === name))) continue;
				const at = starts[i] ?? 0;
				yield { ...statementOf(part, text.slice(at, at + part.length)), at };
			}
		},
	};
	const found: Diagnostic[] = [];
	for (const [code, check] of fileChecks) check.run(file, reporter(found, code, check));
	return found;
}

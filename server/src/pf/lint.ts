/** What pfctl accepts in one file of rules and that still goes wrong. What needs the host is in the room host. */
import type { Diagnostic, DiagnosticCatalog, Severity } from "../text/diagnostic.ts";
import type { Mark } from "../text/language.ts";
import type { LintFile, PfCheck, PlacedStatement, Report } from "./lint-check.ts";
import { rulesOf } from "./lint-facts.ts";
import { nameChecks } from "./lint-names.ts";
import { ruleChecks } from "./lint-rules.ts";
import type { Part } from "./part.ts";
import type { Definition, Rule, Table } from "./rules.ts";
import type { Tally } from "./tally.ts";
import { T, type Token } from "./tokens.ts";

const checks: Readonly<Record<string, PfCheck>> = { ...ruleChecks, ...nameChecks };
const entries = Object.entries(checks);
const statementChecks = entries.flatMap(([code, check]) => (check.scope === "statement" ? [[code, check] as const] : []));
const fileChecks = entries.flatMap(([code, check]) => (check.scope === "file" ? [[code, check] as const] : []));

/** Every code of this file's checks. */
export const pfLintDiagnostics: DiagnosticCatalog = checks;

class PartStatement implements PlacedStatement {
	readonly text: string;
	readonly at: number;
	readonly rules: readonly Rule[];
	readonly tables: readonly Table[];
	readonly #part: Part;

	constructor(part: Part, text: string, at = 0) {
		this.#part = part;
		this.text = text;
		this.at = at;
		const { output, record } = part;
		// Of a statement that includes a file the rules and tables are that file's.
		const included = record.has(T.include) && part.marks.find(({ role }) => role !== "comment")?.entry?.name === "include";
		this.rules = included ? [] : rulesOf(output);
		this.tables = included || output.definitions.length === 0 ? NO_TABLES : output.definitions.flatMap(tablesOf);
	}

	get marks(): readonly Mark[] {
		return this.#part.marks;
	}

	has(...tokens: readonly Token[]): boolean {
		return this.#part.record.has(...tokens);
	}
}

const NO_TABLES: readonly Table[] = [];

/** The table of a definition, where pfctl has not made it itself. */
function tablesOf(definition: Definition): readonly Table[] {
	return definition.kind === "table" && definition.table.statement >= 0 ? [definition.table] : NO_TABLES;
}

/** Takes what checks report, one after the other. */
class Findings {
	readonly list: Diagnostic[] = [];
	#code = "";
	#severity: Severity = "hint";
	readonly #report: Report = (span, message, more = {}) => {
		this.list.push({ code: this.#code, severity: this.#severity, span, message, ...more });
	};

	/** What a check reports to. */
	of(code: string, { severity }: PfCheck): Report {
		this.#code = code;
		this.#severity = severity;
		return this.#report;
	}
}

/** Runs the checks that need one statement only; places are behind the part's start. @param text the part's text */
export function lintPart(part: Part, text: string): readonly Diagnostic[] {
	const found = new Findings();
	const statement = new PartStatement(part, text);
	for (const [code, check] of statementChecks) check.run(statement, found.of(code, check));
	return found.list;
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
		*having(wanted, named = () => true) {
			for (let i = 0; i < parts.length; i++) {
				const part = parts[i] as Part;
				if (!part.facts.some(([kind, name]) => kind === wanted && named(name))) continue;
				const at = starts[i] ?? 0;
				yield new PartStatement(part, text.slice(at, at + part.length), at);
			}
		},
	};
	const found = new Findings();
	for (const [code, check] of fileChecks) check.run(file, found.of(code, check));
	return found.list;
}

/** What pfctl accepts in one file of rules and that still goes wrong. What needs the host is in the room host. */
import type { Diagnostic, DiagnosticCatalog } from "../text/diagnostic.ts";
import type { LintFile, PfCheck } from "./lint-check.ts";
import { nameChecks } from "./lint-names.ts";
import { ruleChecks } from "./lint-rules.ts";

export type { LintFile } from "./lint-check.ts";

const checks = { ...ruleChecks, ...nameChecks } as const satisfies Readonly<Record<string, PfCheck>>;

export type PfLintCode = keyof typeof checks;

/** Every code of this file's checks. */
export const pfLintDiagnostics: DiagnosticCatalog = checks;

/** Runs all checks; the diagnostics come in the order of the text. */
export function lint(file: LintFile): readonly Diagnostic[] {
	const found: Diagnostic[] = [];
	for (const [code, { severity, run }] of Object.entries(checks))
		run(file, (span, message, more = {}) => found.push({ code, severity, span, message, ...more }));
	return found.sort((x, y) => x.span.start - y.span.start || x.span.end - y.span.end);
}

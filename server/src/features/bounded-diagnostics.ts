/** A file with very many faults: as many of them as a person can use, the worst first, and one that says how many more there are. */
import { describe } from "../text/check.ts";
import type { Diagnostic, DiagnosticCatalog, Severity } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";

/** So many diagnostics of a file are shown. */
export const mostDiagnostics = 1000;

const MORE = "file/more-diagnostics";

export const boundDiagnostics = {
	[MORE]: describe.error(
		"More diagnostics than are shown",
		"At most 1,000 diagnostics of a file are shown, errors before warnings. This one is as severe as the worst of the others.",
		"Correct those that are shown, or check whether this is the file that it is taken for.",
	),
} satisfies DiagnosticCatalog;

/** How many diagnostics of each severity are not shown. */
export type LeftOutCounts = Readonly<Record<Severity, number>>;

/** The diagnostics that are shown, and behind them, at the first that is not, one that tells of the others. */
export interface BoundedDiagnostics {
	readonly shown: readonly Diagnostic[];
	readonly more?: Diagnostic & { readonly leftOut: LeftOutCounts };
}

const severities: readonly Severity[] = ["error", "warning", "information", "hint"];

/** @param all in the order of the text */
export function bounded(all: readonly Diagnostic[]): BoundedDiagnostics {
	if (all.length <= mostDiagnostics) return { shown: all };
	const room: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
	for (const { severity } of all) room[severity]++;
	let left = mostDiagnostics;
	const leftOut = { ...room };
	for (const severity of severities) {
		room[severity] = Math.min(room[severity], left);
		leftOut[severity] -= room[severity];
		left -= room[severity];
	}
	const shown: Diagnostic[] = [];
	let first: Diagnostic | undefined;
	for (const diagnostic of all) {
		if (room[diagnostic.severity]-- > 0) shown.push(diagnostic);
		else first ??= diagnostic;
	}
	const severity = severities.find((each) => leftOut[each] > 0) ?? "hint";
	const message = msg("And {0} more, which are not shown", all.length - shown.length);
	return { shown, ...(first && { more: { code: MORE, severity, span: first.span, message, leftOut } }) };
}

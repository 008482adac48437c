/** What `check` has found, before it is printed in a format. */
import type { CheckedDiagnostic } from "@openbsd-vnet/server/features";

export const levels = ["error", "warning", "information", "hint"] as const;
export type Level = (typeof levels)[number];

export interface FileReport {
	readonly file: string;
	readonly text: string;
	/** At least one. */
	readonly diagnostics: readonly CheckedDiagnostic[];
}

export interface CheckReport {
	/** How many files were looked at. */
	readonly files: number;
	/** Those in which something was found. */
	readonly reports: readonly FileReport[];
	/** No more than the faults themselves is wanted. */
	readonly quiet: boolean;
}

/** How many there are of a level, those that others stand for among them. */
export function numberOf(reports: readonly FileReport[], level: Level): number {
	let count = 0;
	for (const { diagnostics } of reports) {
		for (const { severity, leftOut } of diagnostics) count += leftOut?.[level] ?? (leftOut === undefined && severity === level ? 1 : 0);
	}
	return count;
}

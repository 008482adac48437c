/** What `check` has found, before it is printed in a format. */
import type { CheckedDiagnostic } from "@openbsd-vnet/server/features";

export const levels = ["error", "warning", "information", "hint"] as const;
export type Level = (typeof levels)[number];

export interface FileReport {
	readonly file: string;
	readonly diagnostics: readonly CheckedDiagnostic[];
}

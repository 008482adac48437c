/** How a check is written, in every room: its description, what looks for it, and what it says where it finds something. */
import type { Diagnostic, DiagnosticRule, Fix, Related, Severity, TextEdit } from "./diagnostic.ts";
import { type Message, msg } from "./message.ts";
import type { Place } from "./place.ts";

/** What a diagnostic says beyond its message. */
export type Details = Partial<Pick<Diagnostic, "severity" | "advice" | "related" | "fixes" | "tags">>;

/** What a check reports by; a place is whatever the room's checks look at. */
export type Report<At> = (at: At, message: Message, details?: Details) => void;

/** A code in words: what is reported, why it matters on the host, and what to write instead. */
export type Description = readonly [title: string, why: string, remedy: string];

/** Describes a code at a severity. */
export const describe: Readonly<Record<Severity, (...description: Description) => DiagnosticRule>> = {
	error: describing("error"),
	warning: describing("warning"),
	information: describing("information"),
	hint: describing("hint"),
};

function describing(severity: Severity): (...description: Description) => DiagnosticRule {
	return (title, why, remedy) => ({ severity, title, why, remedy });
}

/** A check: its description, and what looks for the fault. */
export type Check<Run> = DiagnosticRule & { readonly run: Run };

/** How the checks of a room are written at each severity; what looks for their faults is of one type. */
export function checksOf<Run>(): Readonly<Record<Severity, (description: Description, run: Run) => Check<Run>>> {
	const at = (severity: Severity) => (description: Description, run: Run) => ({ ...describe[severity](...description), run });
	return { error: at("error"), warning: at("warning"), information: at("information"), hint: at("hint") };
}

/** Another place that explains a diagnostic. */
export function related({ file, span }: Place, message: Message): Related {
	return { file, span, message };
}

/** The fix of these edits; none where one of them cannot be made. */
export function quickFix(title: Message, ...edits: readonly (TextEdit | undefined)[]): { readonly fixes?: readonly Fix[] } {
	const possible = edits.filter((edit) => edit !== undefined);
	return possible.length < edits.length || edits.length === 0 ? {} : { fixes: [{ title, edits: possible, preferred: true }] };
}

/** Titles of fixes that write, or add, some words. */
export const fixTitle = {
	write: (text: string | number): Message => msg("Write `{0}`", text),
	add: (text: string): Message => msg("Add `{0}`", text),
};

/** Puts diagnostics in the order of their text, in place. */
export function sortByPlace(diagnostics: Diagnostic[]): void {
	diagnostics.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

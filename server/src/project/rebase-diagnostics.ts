/** Diagnostics of a version of a file, as they are in a later one. */
import type { Diagnostic } from "../text/diagnostic.ts";
import type { ParsedFile } from "../text/language.ts";
import type { Span } from "../text/span.ts";

/**
 * What of the diagnostics lies outside of what has changed, at its new places; none where the two versions have nothing in common.
 * @param path the file's path on the host
 */
export function rebaseDiagnostics(
	diagnostics: readonly Diagnostic[],
	before: ParsedFile,
	after: ParsedFile,
	path: string,
): readonly Diagnostic[] {
	if (before === after || diagnostics.length === 0) return diagnostics;
	const difference = after.difference?.(before);
	if (difference === undefined) return [];
	const by = difference.after.end - difference.before.end;
	/** Undefined for a place that has changed. */
	const moved = (span: Span): Span | undefined => {
		if (span.end <= difference.before.start) return span;
		return span.start >= difference.before.end ? { start: span.start + by, end: span.end + by } : undefined;
	};
	/** Places in this file at their new place; those in others stay. */
	const place = <T extends { readonly file?: string; readonly span: Span }>(one: T): readonly T[] => {
		if (one.file !== undefined && one.file !== path) return [one];
		const span = moved(one.span);
		return span === undefined ? [] : [{ ...one, span }];
	};
	return diagnostics.flatMap((diagnostic) => {
		const span = moved(diagnostic.span);
		if (span === undefined) return [];
		const fixes = diagnostic.fixes
			?.map((fix) => ({ ...fix, edits: fix.edits.flatMap(place) }))
			.filter(({ edits }, index) => edits.length === diagnostic.fixes?.[index]?.edits.length);
		const related = diagnostic.related?.flatMap(place);
		return [{ ...diagnostic, span, ...(fixes && { fixes }), ...(related && { related }) }];
	});
}

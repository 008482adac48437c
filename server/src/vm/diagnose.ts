import { sortByPlace } from "../text/check.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { shifted } from "../text/span.ts";
import { vmErrors } from "./diagnostics.ts";
import type { VmFile } from "./file.ts";
import { withFix } from "./fixes.ts";
import { lint } from "./lint.ts";
import type { StatementNode } from "./statement.ts";
import type { VmdComplaint } from "./token-stream.ts";

/** So many of one code get their fixes, for which the file is searched; an editor is shown no more (features/bounded-diagnostics.ts). */
const MOST_FIXED = 1000;

/** All that this file shows: what vmd would reject, what a start would refuse, and what goes wrong later. */
export function diagnose(file: VmFile): readonly Diagnostic[] {
	const found: Diagnostic[] = [];
	for (const [i, node] of file.nodes.entries()) {
		const start = file.starts[i] ?? 0;
		for (const complaint of node.complaints) found.push(diagnosticOf(complaint, start));
		found.push(...fromIncluded(node, start));
	}
	found.push(...lint(file));
	sortByPlace(found);
	const counts = new Map<string, number>();
	return found.map((one) => {
		const count = (counts.get(one.code) ?? 0) + 1;
		counts.set(one.code, count);
		return count > MOST_FIXED ? one : withFix(file, one);
	});
}

function diagnosticOf({ code, message, preface, span, advice, fixes }: VmdComplaint, start: number): Diagnostic {
	return {
		code,
		severity: vmErrors[code].severity,
		span: shifted(span, start),
		message: preface ?? message,
		...(advice === undefined ? {} : { advice }),
		...(fixes === undefined
			? {}
			: { fixes: fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: shifted(edit.span, start) })) })) }),
	};
}

/** The faults of an included file, told at the line that includes it. */
function fromIncluded({ included, statement }: StatementNode, start: number): Diagnostic[] {
	if (included === undefined || statement.kind !== "include") return [];
	let at = 0;
	const related = [];
	for (const node of included.nodes) {
		for (const { message, span, code } of node.complaints) {
			if (vmErrors[code].severity === "error") related.push({ file: included.path, span: shifted(span, at), message });
		}
		at += node.length;
	}
	if (related.length === 0) return [];
	return [
		{
			code: "vm/included-faults",
			severity: vmErrors["vm/included-faults"].severity,
			span: shifted(statement.path.span, start),
			message: msg("{0} has faults of its own", included.path),
			advice: msg("vmd rejects the whole configuration for a fault in a file that it includes."),
			related,
		},
	];
}

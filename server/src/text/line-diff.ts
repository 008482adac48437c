/** What differs between two versions of a text, by whole lines. */
import { diffArrays, diffLines, type StructuredPatchHunk, structuredPatch } from "diff";
import type { TextEdit } from "./diagnostic.ts";
import { span } from "./span.ts";

/** Texts with more differing lines are another text: their difference would take long to find and tell nobody anything. */
const maxEditLength = 2_000;

/** The lines of a text, each with its newline; the last one may have none. */
export function linesOf(text: string): readonly string[] {
	const lines: string[] = [];
	// An expression would have to go back over a line, for which one of 16 MB leaves no room.
	for (let start = 0; start < text.length; ) {
		const newline = text.indexOf("\n", start);
		const end = newline === -1 ? text.length : newline + 1;
		lines.push(text.slice(start, end));
		start = end;
	}
	return lines;
}

/** For each item of a list, which one of a later version it is; -1 for those that are gone. The order is that of both lists. */
export function partners(before: readonly string[], after: readonly string[]): readonly number[] {
	const found = new Array<number>(before.length).fill(-1);
	let [old, now] = [0, 0];
	for (const { added, removed, count } of diffArrays([...before], [...after], { maxEditLength }) ?? []) {
		if (!added && !removed) for (let i = 0; i < count; i++) found[old + i] = now + i;
		if (!added) old += count;
		if (!removed) now += count;
	}
	return found;
}

/** The edits that make one text of another. */
export function lineEdits(before: string, after: string): readonly TextEdit[] {
	const changes = diffLines(before, after, { maxEditLength });
	if (changes === undefined) return [{ span: span(0, before.length), text: after }];
	const edits: { span: TextEdit["span"]; text: string }[] = [];
	let at = 0;
	for (const { added, removed, value } of changes) {
		const end = added ? at : at + value.length;
		if (added || removed) {
			const last = edits.at(-1);
			// Lines that take the place of others are one edit.
			if (last?.span.end === at) edits[edits.length - 1] = { span: span(last.span.start, end), text: last.text + (added ? value : "") };
			else edits.push({ span: span(at, end), text: added ? value : "" });
		}
		at = end;
	}
	return edits;
}

/** As `diff -u` prints it, without its two header lines; empty where the texts are the same. */
export function unifiedDiff(before: string, after: string): string {
	const hunks = structuredPatch("", "", before, after, "", "", { context: 3, maxEditLength })?.hunks ?? [wholeText(before, after)];
	return hunks
		.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
			const header = `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
			return `${[header, ...lines].join("\n")}\n`;
		})
		.join("");
}

function wholeText(before: string, after: string): StructuredPatchHunk {
	const old = linesOf(before);
	const now = linesOf(after);
	const lines = [...old.map((line) => marked("-", line)), ...now.map((line) => marked("+", line))];
	return { oldStart: 1, oldLines: old.length, newStart: 1, newLines: now.length, lines };
}

function marked(sign: string, line: string): string {
	return line.endsWith("\n") ? sign + line.slice(0, -1) : `${sign}${line}\n\\ No newline at end of file`;
}

function range(start: number, count: number): string {
	const line = count === 0 ? start - 1 : start;
	return count === 1 ? `${line}` : `${line},${count}`;
}

/** What differs between two versions of a text, by whole lines. */
import type { TextEdit } from "./diagnostic.ts";
import { span } from "./span.ts";

/** Lines that take the place of others: `count` of the old text from line `at` on, counted from 0. */
export interface Hunk {
	readonly at: number;
	readonly count: number;
	/** With their newlines. */
	readonly lines: readonly string[];
}

/** The lines of a text, each with its newline; the last one may have none. */
export function linesOf(text: string): readonly string[] {
	return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The fewest lines that change, in the order of the text (the longest common subsequence of what differs). */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Hunk[] {
	let start = 0;
	while (start < before.length && start < after.length && before[start] === after[start]) start++;
	let end = 0;
	while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end])
		end++;
	const a = before.slice(start, before.length - end);
	const b = after.slice(start, after.length - end);
	const width = b.length + 1;
	// common[i * width + j]: how many lines a[i..] and b[j..] share in order.
	const common = new Uint32Array((a.length + 1) * width);
	const at = (i: number, j: number): number => common[i * width + j] ?? 0;
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--)
			common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	}
	const hunks: { at: number; count: number; lines: string[] }[] = [];
	let i = 0;
	let j = 0;
	let open: (typeof hunks)[number] | undefined;
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			open = undefined;
			i++;
			j++;
			continue;
		}
		if (open === undefined) {
			open = { at: start + i, count: 0, lines: [] };
			hunks.push(open);
		}
		if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
			open.count++;
			i++;
		} else open.lines.push(b[j++] ?? "");
	}
	return hunks;
}

/** The edits that make one text of another. */
export function lineEdits(before: string, after: string): readonly TextEdit[] {
	const lines = linesOf(before);
	const starts = [0];
	for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
	return diffLines(lines, linesOf(after)).map(({ at, count, lines: added }) => ({
		span: span(starts[at] ?? before.length, starts[at + count] ?? before.length),
		text: added.join(""),
	}));
}

const CONTEXT = 3;

/** As `diff -u` prints it, without its two header lines; empty where the texts are the same. */
export function unifiedDiff(before: string, after: string): string {
	const old = linesOf(before);
	const hunks = diffLines(old, linesOf(after));
	const output: string[] = [];
	let shift = 0;
	for (let i = 0; i < hunks.length; ) {
		const group: Hunk[] = [];
		let next = hunks[i];
		while (next !== undefined) {
			group.push(next);
			const end = next.at + next.count;
			next = hunks[++i];
			if (next !== undefined && next.at - end > 2 * CONTEXT) break;
		}
		const first = group[0];
		const last = group.at(-1);
		if (first === undefined || last === undefined) break;
		const from = Math.max(0, first.at - CONTEXT);
		const to = Math.min(old.length, last.at + last.count + CONTEXT);
		const grown = group.reduce((sum, { count, lines }) => sum + lines.length - count, 0);
		output.push(`@@ -${range(from, to - from)} +${range(from + shift, to - from + grown)} @@\n`);
		let at = from;
		for (const hunk of group) {
			for (; at < hunk.at; at++) output.push(marked(" ", old[at]));
			for (; at < hunk.at + hunk.count; at++) output.push(marked("-", old[at]));
			output.push(...hunk.lines.map((line) => marked("+", line)));
		}
		for (; at < to; at++) output.push(marked(" ", old[at]));
		shift += grown;
	}
	return output.join("");
}

function range(start: number, count: number): string {
	const line = count === 0 ? start : start + 1;
	return count === 1 ? `${line}` : `${line},${count}`;
}

function marked(sign: string, line = ""): string {
	return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}

/** Offsets in a text and the protocol's positions: lines and UTF-16 units from 0. */
import type { Position, Range } from "vscode-languageserver";
import type { Span } from "../text/span.ts";

/** Where the lines of one text start. */
export class Lines {
	readonly text: string;
	readonly #starts: readonly number[];

	constructor(text: string) {
		this.text = text;
		const starts = [0];
		for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
		this.#starts = starts;
	}

	get count(): number {
		return this.#starts.length;
	}

	/** The line of an offset. */
	lineAt(offset: number): number {
		let low = 0;
		let high = this.#starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
			else high = middle;
		}
		return Math.max(0, low - 1);
	}

	/** Where a line starts; the end of the text behind the last. */
	startOf(line: number): number {
		return line < 0 ? 0 : (this.#starts[line] ?? this.text.length);
	}

	/** Where a line ends, before its newline and the carriage return before that. */
	endOf(line: number): number {
		const next = this.#starts[line + 1];
		if (next === undefined) return this.text.length;
		return this.text.charCodeAt(next - 2) === 13 && next - 2 >= this.startOf(line) ? next - 2 : next - 1;
	}

	lineText(line: number): string {
		return this.text.slice(this.startOf(line), this.endOf(line));
	}

	position(offset: number): Position {
		const line = this.lineAt(offset);
		return { line, character: Math.max(0, Math.min(offset, this.text.length) - this.startOf(line)) };
	}

	range({ start, end }: Span): Range {
		return { start: this.position(start), end: this.position(end) };
	}

	/** A character behind the end of its line counts as that end, as the protocol asks. */
	offset({ line, character }: Position): number {
		const start = this.startOf(line);
		const next = line + 1 < this.#starts.length ? this.startOf(line + 1) - 1 : this.text.length;
		return Math.max(start, Math.min(start + character, next));
	}

	span({ start, end }: Range): Span {
		return { start: this.offset(start), end: this.offset(end) };
	}
}

/** Offsets in a text and the protocol's positions: lines, which end as the protocol says (also at a lone CR), and UTF-16 units from 0. */

import { TextDocument } from "vscode-languageserver-textdocument";
import type { Position, Range } from "vscode-languageserver-types";
import type { TextChange } from "../text/language.ts";
import type { Span } from "../text/span.ts";

/** The lines of one text. */
export class Lines {
	readonly text: string;
	#counted: TextDocument | undefined;

	constructor(text: string) {
		this.text = text;
	}

	get #document(): TextDocument {
		this.#counted ??= TextDocument.create("", "", 0, this.text);
		return this.#counted;
	}

	get count(): number {
		return this.#document.lineCount;
	}

	/**
	 * The lines after changes, each of the text that the one before it left. They are not counted again; those of this text are,
	 * should somebody ask for them once more.
	 */
	edited(changes: readonly TextChange[]): Lines {
		const document = this.#document;
		this.#counted = undefined;
		// Of a CR and an LF that come together, the package counts two ends.
		const recount = this.text.includes("\r") || changes.some(({ text }) => text.includes("\r"));
		for (const { span, text } of changes) {
			const range = { start: document.positionAt(span.start), end: document.positionAt(span.end) };
			TextDocument.update(document, [{ range, text }], document.version + 1);
		}
		const lines = new Lines(document.getText());
		if (!recount) lines.#counted = document;
		return lines;
	}

	/** The line of an offset. */
	lineAt(offset: number): number {
		return this.#document.positionAt(offset).line;
	}

	/** Where a line starts; the end of the text behind the last. */
	startOf(line: number): number {
		return this.#document.offsetAt({ line, character: 0 });
	}

	/** Where a line ends, before what ends it. */
	endOf(line: number): number {
		let end = this.startOf(line + 1);
		const start = this.startOf(line);
		if (end > start && this.text[end - 1] === "\n") end--;
		return end > start && this.text[end - 1] === "\r" ? end - 1 : end;
	}

	lineText(line: number): string {
		return this.text.slice(this.startOf(line), this.endOf(line));
	}

	position(offset: number): Position {
		return this.#document.positionAt(offset);
	}

	range({ start, end }: Span): Range {
		return { start: this.position(start), end: this.position(end) };
	}

	/** A character behind the end of its line counts as that end, as the protocol asks. */
	offset(position: Position): number {
		return this.#document.offsetAt(position);
	}

	span({ start, end }: Range): Span {
		return { start: this.offset(start), end: this.offset(end) };
	}
}

/** A long text and one stretch of it that was edited: an edit costs what the stretch costs, not what the text does. */
import type { TextChange } from "./language.ts";

/** An edited stretch longer than this is made part of the text. */
const LONGEST_STRETCH = 1 << 16;

/** An immutable text: the base up to `head`, the stretch, and the base from `tail`. */
export class EditedText {
	readonly #base: string;
	readonly #head: number;
	readonly #stretch: string;
	readonly #tail: number;
	#whole: string | undefined;

	private constructor(base: string, head: number, stretch: string, tail: number) {
		this.#base = base;
		this.#head = head;
		this.#stretch = stretch;
		this.#tail = tail;
	}

	static of(text: string): EditedText {
		const edited = new EditedText(text, text.length, "", text.length);
		edited.#whole = text;
		return edited;
	}

	get length(): number {
		return this.#head + this.#stretch.length + this.#base.length - this.#tail;
	}

	/** The whole text. */
	toString(): string {
		this.#whole ??= this.#base.slice(0, this.#head) + this.#stretch + this.#base.slice(this.#tail);
		return this.#whole;
	}

	slice(start: number, end: number = this.length): string {
		if (this.#whole !== undefined) return this.#whole.slice(start, end);
		const moved = this.#tail - this.#head - this.#stretch.length;
		const behind = this.#head + this.#stretch.length;
		return (
			this.#base.slice(Math.min(start, this.#head), Math.min(end, this.#head)) +
			this.#stretch.slice(Math.max(0, start - this.#head), Math.max(0, end - this.#head)) +
			this.#base.slice(Math.max(start, behind) + moved, Math.max(end, behind) + moved)
		);
	}

	/** The text after a change; offsets outside of it are taken to be its end. */
	edited({ span, text }: TextChange): EditedText {
		const from = Math.min(span.start, this.length);
		const to = Math.min(Math.max(span.end, from), this.length);
		const behind = this.#head + this.#stretch.length;
		const head = this.#stretch === "" && this.#head === this.#tail ? from : Math.min(this.#head, from);
		const until = this.#stretch === "" && this.#head === this.#tail ? to : Math.max(behind, to);
		const stretch = this.slice(head, from) + text + this.slice(to, until);
		const tail = until + this.#tail - behind;
		const edited = new EditedText(this.#base, head, stretch, tail);
		return stretch.length > LONGEST_STRETCH + text.length ? EditedText.of(edited.toString()) : edited;
	}
}

/** A short text after changes. */
export function edited(text: string, changes: readonly TextChange[]): string {
	return changes.reduce(
		(rest, { span, text: added }) => rest.slice(0, span.start) + added + rest.slice(Math.max(span.start, span.end)),
		text,
	);
}

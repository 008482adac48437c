import type { Span } from "./span.ts";

/** A place on a host: a path there, and offsets in that file. */
export interface Place {
	readonly file: string;
	readonly span: Span;
}

/** Something that a file says, and where. */
export interface Placed<T> extends Place {
	readonly value: T;
	/** False where a macro in it has no value that is known; `value` is then a part of the text. */
	readonly known?: false;
}

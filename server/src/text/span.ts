/** A half-open range of UTF-16 offsets in one file. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

export function span(start: number, end: number): Span {
	return { start, end };
}

/** Moves a span that is relative to a statement to where that statement stands in the file. */
export function shifted(relative: Span, by: number): Span {
	return by === 0 ? relative : { start: relative.start + by, end: relative.end + by };
}

export function contains(outer: Span, offset: number): boolean {
	return outer.start <= offset && offset <= outer.end;
}

export function overlaps(a: Span, b: Span): boolean {
	return a.start < b.end && b.start < a.end;
}

/**
 * A file as its statements, of which an edit changes some: those are read again that it touches, then those that took something
 * from there that is different now, until all that follows is as it was. What a statement is, what it takes from those before it,
 * and how a file keeps its statements, each language says for itself.
 */
import type { TextChange } from "./language.ts";
import { type Span, span } from "./span.ts";

/** A statement with what stands before it, or what stands between two: one behind the other they are the file. */
export interface NodeExtent {
	readonly length: number;
	/** Whether all that follows decides where it ends, as behind a quote that is open. */
	readonly open: boolean;
	/** False where what follows next decides where it ends. */
	readonly settled?: boolean;
}

/** A node with where it starts, and its index. */
export type PlacedNode<N> = readonly [node: N, start: number, index: number];

/** The nodes of one version of a file, however they are kept: an immutable value. */
export interface Statements<N> {
	/** How many there are. */
	readonly count: number;
	/** How long the text is that they make up. */
	readonly length: number;
	node(index: number): N | undefined;
	/** Where a node starts; of one behind the last, where the text ends. */
	start(index: number): number;
	/** The index of the node in which an offset stands: at a border, the later one; behind the last, their number. */
	indexAt(offset: number): number;
	/** The nodes from one on. */
	from(index: number): Generator<PlacedNode<N>, void>;
	/** The index of the first that is open; their number where none is. */
	firstOpen(): number;
	/** The list after some nodes were replaced. @param length of the text now */
	replaced(replacement: Replacement<N>, length: number): Statements<N>;
}

/** The nodes from `first` to `old` became `fresh`. */
export interface Replacement<N> {
	readonly first: number;
	readonly old: number;
	readonly fresh: readonly N[];
}

/** The text from `from` to `to` was replaced, and what follows has moved by `delta`. */
export interface Edit {
	readonly from: number;
	readonly to: number;
	readonly delta: number;
}

/** What a change does to a text of a length. */
export function editOf({ span: at, text }: TextChange, length: number): Edit {
	const from = Math.min(at.start, length);
	const to = Math.min(Math.max(at.end, from), length);
	return { from, to, delta: text.length - (to - from) };
}

/** How a language reads on behind an edit, and carries what statements hand on to each other. It is asked in the order of the text. */
export interface Rereading<N> {
	/** A node is gone, or will be read again. */
	drop?(node: N): void;
	/** Whether what is handed on to a node behind the edit is what it was: then all that follows stays. */
	isSettled(node: N): boolean;
	/** What such a node is with what is handed on to it now; undefined where it took something of that which has changed. */
	keep(node: N): N | undefined;
	/** Reads the node that starts at an offset of the new text; undefined at its end. */
	read(at: number): N | undefined;
}

/** The first node that an edit at an offset may have changed. */
export function firstTouched<N extends NodeExtent>(statements: Statements<N>, offset: number): number {
	let first = Math.min(statements.indexAt(offset), statements.firstOpen());
	while (first > 0 && statements.node(first - 1)?.settled === false) first--;
	return first;
}

/** Reads again what an edit makes necessary. @param first the node to begin with (`firstTouched`) */
export function reread<N extends NodeExtent>(
	statements: Statements<N>,
	first: number,
	{ to, delta }: Edit,
	language: Rereading<N>,
): Replacement<N> {
	const fresh: N[] = [];
	let at = statements.start(first);
	const rest = statements.from(first);
	const next = (): PlacedNode<N> | undefined => rest.next().value ?? undefined;
	let old = next();
	for (;;) {
		while (old !== undefined && old[1] + delta < at) {
			language.drop?.(old[0]);
			old = next();
		}
		if (old !== undefined && old[1] + delta === at && old[1] >= to) {
			const [node, , index] = old;
			if (language.isSettled(node)) return { first, old: index, fresh };
			const kept = language.keep(node);
			if (kept !== undefined) {
				fresh.push(kept);
				at += kept.length;
				old = next();
				continue;
			}
		}
		const again = language.read(at);
		if (again === undefined) return { first, old: statements.count, fresh };
		fresh.push(again);
		at += again.length;
	}
}

/** The nodes that a span touches. */
export function* touching<N>(statements: Statements<N>, { start, end }: Span): Generator<PlacedNode<N>, void> {
	for (const placed of statements.from(Math.max(0, Math.min(statements.indexAt(start), statements.count - 1)))) {
		if (placed[1] > end) return;
		yield placed;
	}
}

/** Where two versions differ that have so many nodes alike at their ends; undefined where they have none. */
export function difference<N>(
	before: Statements<N>,
	after: Statements<N>,
	[head, tail]: readonly [head: number, tail: number],
): { readonly before: Span; readonly after: Span } | undefined {
	if (head === 0 && tail === 0) return undefined;
	const range = (list: Statements<N>): Span => span(list.start(head), list.start(list.count - tail));
	return { before: range(before), after: range(after) };
}

/** Statements in one array, as files of a few thousand are kept. */
export class StatementArray<N extends NodeExtent> implements Statements<N> {
	readonly nodes: readonly N[];
	/** Where each starts. */
	readonly starts: Int32Array;
	readonly length: number;

	/** @param length of the text */
	constructor(nodes: readonly N[], length: number) {
		const starts = new Int32Array(nodes.length);
		let at = 0;
		for (const [index, node] of nodes.entries()) {
			starts[index] = at;
			at += node.length;
		}
		this.nodes = nodes;
		this.starts = starts;
		this.length = length;
	}

	get count(): number {
		return this.nodes.length;
	}

	node(index: number): N | undefined {
		return this.nodes[index];
	}

	start(index: number): number {
		return this.starts[index] ?? this.length;
	}

	indexAt(offset: number): number {
		if (offset >= this.length) return this.count;
		const { starts } = this;
		let low = 0;
		let high = starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((starts[middle] as number) <= offset) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	}

	*from(index: number): Generator<PlacedNode<N>, void> {
		for (let i = index; i < this.nodes.length; i++) yield [this.nodes[i] as N, this.starts[i] as number, i];
	}

	firstOpen(): number {
		const open = this.nodes.findIndex((node) => node.open);
		return open < 0 ? this.count : open;
	}

	replaced({ first, old, fresh }: Replacement<N>, length: number): StatementArray<N> {
		return new StatementArray(this.nodes.slice(0, first).concat(fresh, this.nodes.slice(old)), length);
	}

	/** How many nodes show the same as in another list at its beginning and, behind that, at its end. */
	commonEnds(
		other: StatementArray<N>,
		alike: (ours: N | undefined, theirs: N | undefined) => boolean,
	): readonly [head: number, tail: number] {
		const most = Math.min(this.count, other.count);
		let head = 0;
		while (head < most && alike(this.nodes[head], other.nodes[head])) head++;
		let tail = 0;
		while (tail < most - head && alike(this.nodes.at(-1 - tail), other.nodes.at(-1 - tail))) tail++;
		return [head, tail];
	}
}

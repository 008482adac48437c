/** The nodes of a file in their order, in pieces: an edit remakes only those that it touches, and what is known of the others stays. */
import type { PlacedNode, Replacement, Statements } from "../../text/statements.ts";
import { T, TokenSet } from "../grammar/tokens.ts";
import { type Fact, type FactKind, hasFact } from "../lint/facts.ts";
import type { StatementNode } from "./statement-node.ts";

/** So many nodes a piece has where there is more than one; after edits up to twice and down to half as many. */
const SIZE = 256;

const INCLUDE = new TokenSet([T.include]);

/** What few nodes are, and is asked at each keystroke. */
const MARKS = {
	/** It writes what others may read. */
	writes: ({ dependencies }: StatementNode) => dependencies.writes.length > 0,
	/** The end of the file decided where it ends. */
	open: ({ open }: StatementNode) => open,
	/** It shows something by itself. */
	faulty: ({ diagnostics }: StatementNode) => diagnostics.length > 0,
	/** It defines or sets a name. */
	defines: ({ record }: StatementNode) => record.defines,
	includes: ({ record }: StatementNode) => record.has(INCLUDE),
	/** It makes something beside rules. */
	makes: ({ output: { loads, skip, queues, definitions, tables } }: StatementNode) =>
		loads.length + skip.length + queues.length + definitions.length + tables.length > 0,
} as const;
export type Mark = keyof typeof MARKS;

const NONE: readonly number[] = [];

/** Some nodes that follow each other. */
class Piece {
	readonly nodes: readonly StatementNode[];
	/** Where each starts behind the start of the first. */
	readonly starts: Int32Array;
	readonly length: number;
	readonly wanted: number;
	readonly #marked: Partial<Record<Mark, readonly number[]>> = {};
	#facts: ReadonlySet<readonly Fact[]> | undefined;
	#numbers: { readonly least: number; readonly most: number } | undefined;

	constructor(nodes: readonly StatementNode[]) {
		const starts = new Int32Array(nodes.length);
		let at = 0;
		let wanted = 0;
		for (let i = 0; i < nodes.length; i++) {
			const node = nodes[i] as StatementNode;
			starts[i] = at;
			at += node.length;
			wanted += node.wanted;
		}
		this.nodes = nodes;
		this.starts = starts;
		this.length = at;
		this.wanted = wanted;
	}

	/** Which of its nodes have a mark, in order. */
	marked(mark: Mark): readonly number[] {
		let found = this.#marked[mark];
		if (found === undefined) {
			const has = MARKS[mark];
			const all: number[] = [];
			for (let i = 0; i < this.nodes.length; i++) if (has(this.nodes[i] as StatementNode)) all.push(i);
			found = all.length === 0 ? NONE : all;
			this.#marked[mark] = found;
		}
		return found;
	}

	/** Whether one of its nodes has a fact of a kind, with `named` of such a name. */
	has(kind: FactKind, named: ((name: string) => boolean) | undefined): boolean {
		this.#facts ??= new Set(this.nodes.map(({ facts }) => facts));
		for (const facts of this.#facts) if (hasFact(facts, kind, named)) return true;
		return false;
	}

	/** Which of its nodes has a number; -1 where none has. */
	indexOf(statement: number): number {
		if (this.#numbers === undefined) {
			let least = Number.POSITIVE_INFINITY;
			let most = -1;
			for (const node of this.nodes) {
				least = Math.min(least, node.statement);
				most = Math.max(most, node.statement);
			}
			this.#numbers = { least, most };
		}
		const { least, most } = this.#numbers;
		return statement < least || statement > most ? -1 : this.nodes.findIndex((node) => node.statement === statement);
	}
}

/** An immutable list of nodes. */
export class NodeList implements Statements<StatementNode> {
	/** How many nodes there are. */
	readonly count: number;
	/** Of the text that they are cut from. */
	readonly length: number;
	/** How many rules they ask for. */
	readonly wanted: number;
	readonly #pieces: readonly Piece[];
	/** The index of the first node of each piece, and where it starts. */
	readonly #firsts: Int32Array;
	readonly #starts: Int32Array;

	private constructor(pieces: readonly Piece[], length: number) {
		this.#pieces = pieces;
		this.#firsts = new Int32Array(pieces.length);
		this.#starts = new Int32Array(pieces.length);
		let count = 0;
		let at = 0;
		let wanted = 0;
		for (let i = 0; i < pieces.length; i++) {
			const piece = pieces[i] as Piece;
			this.#firsts[i] = count;
			this.#starts[i] = at;
			count += piece.nodes.length;
			at += piece.length;
			wanted += piece.wanted;
		}
		this.count = count;
		this.length = length;
		this.wanted = wanted;
	}

	/** @param length of the text */
	static of(nodes: readonly StatementNode[], length: number): NodeList {
		return new NodeList(piecesOf(nodes), length);
	}

	replaced({ first, old, fresh }: Replacement<StatementNode>, length: number): NodeList {
		const pieces = this.#pieces;
		if (pieces.length === 0) return NodeList.of(fresh, length);
		const from = this.#pieceOf(first);
		let to = this.#pieceOf(Math.max(first, old - 1));
		const [head, tail] = [pieces[from] as Piece, pieces[to] as Piece];
		const nodes = head.nodes
			.slice(0, first - (this.#firsts[from] as number))
			.concat(fresh, tail.nodes.slice(old - (this.#firsts[to] as number)));
		for (to++; nodes.length < SIZE / 2 && to < pieces.length; to++) for (const node of (pieces[to] as Piece).nodes) nodes.push(node);
		return new NodeList(pieces.slice(0, from).concat(piecesOf(nodes), pieces.slice(to)), length);
	}

	/** The piece of a node; of one behind the last, the last one. */
	#pieceOf(index: number): number {
		return lastUpTo(this.#firsts, index);
	}

	node(index: number): StatementNode | undefined {
		const piece = this.#pieceOf(index);
		return this.#pieces[piece]?.nodes[index - (this.#firsts[piece] as number)];
	}

	start(index: number): number {
		if (index >= this.count) return this.length;
		const piece = this.#pieceOf(index);
		const own = (this.#pieces[piece] as Piece).starts[index - (this.#firsts[piece] as number)] as number;
		return (this.#starts[piece] as number) + own;
	}

	indexAt(offset: number): number {
		if (offset >= this.length) return this.count;
		const piece = lastUpTo(this.#starts, offset);
		const own = lastUpTo((this.#pieces[piece] as Piece).starts, offset - (this.#starts[piece] as number));
		return (this.#firsts[piece] as number) + own;
	}

	/** The index of the node of a number; undefined where none has it. */
	indexOf(statement: number): number | undefined {
		// In a file that was never edited the numbers are the places in the list.
		if (this.node(statement)?.statement === statement) return statement;
		for (let i = 0; i < this.#pieces.length; i++) {
			const own = (this.#pieces[i] as Piece).indexOf(statement);
			if (own >= 0) return (this.#firsts[i] as number) + own;
		}
		return undefined;
	}

	/** Visits all nodes in order, until a visit answers false. */
	each(visit: (node: StatementNode, start: number) => unknown): void {
		for (let i = 0; i < this.#pieces.length; i++) {
			const { nodes, starts } = this.#pieces[i] as Piece;
			const at = this.#starts[i] as number;
			for (let j = 0; j < nodes.length; j++) if (visit(nodes[j] as StatementNode, at + (starts[j] as number)) === false) return;
		}
	}

	firstOpen(): number {
		const [[, , open = this.count] = []] = this.marked("open");
		return open;
	}

	*from(index: number): Generator<PlacedNode<StatementNode>, void> {
		for (let i = this.#pieceOf(index); i < this.#pieces.length; i++) {
			const { nodes, starts } = this.#pieces[i] as Piece;
			const [first, at] = [this.#firsts[i] as number, this.#starts[i] as number];
			for (let j = Math.max(0, index - first); j < nodes.length; j++)
				yield [nodes[j] as StatementNode, at + (starts[j] as number), first + j];
		}
	}

	slice(from: number, to: number): readonly StatementNode[] {
		const found: StatementNode[] = [];
		for (const [node, , index] of this.from(from)) {
			if (index >= to) break;
			found.push(node);
		}
		return found;
	}

	*[Symbol.iterator](): Generator<StatementNode> {
		for (const { nodes } of this.#pieces) yield* nodes;
	}

	/** The nodes with a mark, in order. */
	marked(mark: Mark): readonly PlacedNode<StatementNode>[] {
		const found: PlacedNode<StatementNode>[] = [];
		for (let i = 0; i < this.#pieces.length; i++) {
			const piece = this.#pieces[i] as Piece;
			for (const own of piece.marked(mark))
				found.push([
					piece.nodes[own] as StatementNode,
					(this.#starts[i] as number) + (piece.starts[own] as number),
					(this.#firsts[i] as number) + own,
				]);
		}
		return found;
	}

	/** The nodes with a fact of a kind, with `named` of such a name, and where each starts. */
	*having(kind: FactKind, named?: (name: string) => boolean): Generator<readonly [node: StatementNode, start: number]> {
		for (let i = 0; i < this.#pieces.length; i++) {
			const piece = this.#pieces[i] as Piece;
			if (!piece.has(kind, named)) continue;
			for (let j = 0; j < piece.nodes.length; j++) {
				const node = piece.nodes[j] as StatementNode;
				if (hasFact(node.facts, kind, named)) yield [node, (this.#starts[i] as number) + (piece.starts[j] as number)];
			}
		}
	}

	/** How many nodes are the same as in another list at its beginning and, behind that, at its end. */
	commonEnds(other: NodeList): readonly [head: number, tail: number] {
		const most = Math.min(this.count, other.count);
		const [ours, theirs] = [this.#pieces, other.#pieces];
		const pieces = Math.min(ours.length, theirs.length);
		let head = 0;
		let piece = 0;
		while (piece < pieces && ours[piece] === theirs[piece]) head += (ours[piece++] as Piece).nodes.length;
		while (head < most && this.node(head) === other.node(head)) head++;
		let tail = 0;
		for (let behind = 1; behind <= pieces - piece && ours.at(-behind) === theirs.at(-behind); behind++)
			tail += (ours.at(-behind) as Piece).nodes.length;
		tail = Math.min(tail, most - head);
		while (tail < most - head && this.node(this.count - 1 - tail) === other.node(other.count - 1 - tail)) tail++;
		return [head, tail];
	}
}

function piecesOf(nodes: readonly StatementNode[]): Piece[] {
	if (nodes.length === 0) return [];
	if (nodes.length <= 2 * SIZE) return [new Piece(nodes)];
	const pieces: Piece[] = [];
	for (let at = 0; at < nodes.length; at += SIZE) pieces.push(new Piece(nodes.slice(at, at + SIZE)));
	return pieces;
}

/** The index of the last of some ascending numbers that is not above one; 0 where all are. */
function lastUpTo(numbers: Int32Array, most: number): number {
	let low = 0;
	let high = numbers.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((numbers[middle] as number) <= most) low = middle;
		else high = middle - 1;
	}
	return low;
}

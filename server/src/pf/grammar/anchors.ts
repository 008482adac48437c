/** The anchors of a file while it is read (pf->anchor, pf->astack, pf->asd): statements in a block are of the block's own. */
import { type AnchorNode, anchorNode } from "./environment.ts";

export class OpenAnchors {
	readonly #main: AnchorNode;
	/** By their depth. That of a block stays behind its brace until the rule that calls it is made. */
	readonly #stack: (AnchorNode | undefined)[];
	/** The one that statements are read into. */
	current: AnchorNode;
	/** How many blocks the statement at hand is in. */
	depth = 0;
	/** The block that was read last. */
	last: AnchorNode | undefined;

	constructor(main: AnchorNode) {
		this.#main = main;
		this.#stack = [main];
		this.current = main;
	}

	/** A block begins. @param number how many blocks the file has with it: it has no name yet */
	open(number: number): void {
		const holder = anchorNode(`_${number}`, `_${number}`);
		this.depth++;
		this.#stack[this.depth] = holder;
		this.current = holder;
	}

	/** A block ends. */
	close(): void {
		this.last = this.current;
		this.depth--;
		this.current = this.#stack[this.depth] ?? this.#main;
	}

	/** Leaves the blocks that a mistake has left open. */
	leaveAll(): void {
		this.leave(0, this.#main);
		this.last = undefined;
	}

	/** Leaves those that a mistake in a line of a block has left open. */
	leave(depth: number, current: AnchorNode): void {
		this.depth = depth;
		this.current = current;
		this.#stack.length = depth + 1;
	}

	/** The one that holds the statement at hand. */
	get holder(): AnchorNode | undefined {
		return this.#stack[this.depth];
	}

	/** Whether a block stands behind the call at hand. */
	get hasBlock(): boolean {
		return this.#stack[this.depth + 1] !== undefined;
	}

	/** The call of the block that was read last is made. */
	called(): void {
		this.#stack[this.depth + 1] = undefined;
	}
}

/**
 * A cache of tokens: the files that were looked through last keep theirs. Tokens are most of what a file takes in memory, and are
 * made again from what the parser has noted of its words.
 */
import type { StatementNode } from "./statement-node.ts";

/** So many files are looked through again and again, by editors that show them. */
const KEPT = 8;

/** By what the versions of a file have in common, in the order in which they were looked through. */
const looked = new Map<object, WeakRef<Iterable<StatementNode>>>();

/** All nodes of a file are looked through: their tokens stay for the next time, those of another file perhaps no longer. */
export function keepTokens(file: object, nodes: Iterable<StatementNode>): void {
	looked.delete(file);
	looked.set(file, new WeakRef(nodes));
	for (const [other, its] of looked) {
		if (looked.size <= KEPT) return;
		looked.delete(other);
		for (const node of its.deref() ?? []) node.forgetTokens();
	}
}

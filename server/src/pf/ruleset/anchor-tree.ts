/** Which anchors stand directly below which: what the call of a wildcard evaluates. */
import type { Anchor } from "../rules.ts";

const trees = new WeakMap<ReadonlyMap<string, Anchor>, ReadonlyMap<string, readonly Anchor[]>>();

/** The anchors directly below a path, in the order of strcmp(3). @param anchors of a ruleset, which does not change any more */
export function anchorsDirectlyBelow(anchors: ReadonlyMap<string, Anchor>, path: string): readonly Anchor[] {
	const tree = trees.get(anchors) ?? treeOf(anchors);
	trees.set(anchors, tree);
	return tree.get(path) ?? [];
}

function treeOf(anchors: ReadonlyMap<string, Anchor>): ReadonlyMap<string, readonly Anchor[]> {
	const tree = new Map<string, Anchor[]>();
	for (const [path, anchor] of [...anchors].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
		const known = tree.get(parent);
		if (known === undefined) tree.set(parent, [anchor]);
		else known.push(anchor);
	}
	return tree;
}

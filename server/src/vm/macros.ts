/**
 * The macros that are defined at one place of a file: an immutable table that shares most of itself with those before it. A file
 * of ten thousand definitions costs no more than its length.
 *
 * A treap whose priorities come from the names: the same macros always make the same tree, so two tables are compared
 * without looking at what they share.
 */
export interface MacroTable {
	/** The value of a macro, undefined where it is not defined. */
	get(name: string): string | undefined;
	/** The table with one macro more, or with another value. */
	with(name: string, value: string): MacroTable;
	equals(other: MacroTable): boolean;
}

interface Node {
	readonly name: string;
	readonly value: string;
	readonly priority: number;
	readonly left: Node | undefined;
	readonly right: Node | undefined;
}

class Table implements MacroTable {
	readonly #root: Node | undefined;

	constructor(root: Node | undefined) {
		this.#root = root;
	}

	get(name: string): string | undefined {
		let node = this.#root;
		while (node !== undefined && node.name !== name) node = name < node.name ? node.left : node.right;
		return node?.value;
	}

	with(name: string, value: string): MacroTable {
		return this.get(name) === value
			? this
			: new Table(insert(this.#root, { name, value, priority: priorityOf(name), left: undefined, right: undefined }));
	}

	equals(other: MacroTable): boolean {
		return this === other || (other instanceof Table && same(this.#root, other.#root));
	}
}

export const noMacros: MacroTable = new Table(undefined);

/** FNV-1a, with the name for a tie. */
function priorityOf(name: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
	return (hash ^ (hash >>> 12)) >>> 0;
}

function above(a: Node, b: Node): boolean {
	return a.priority !== b.priority ? a.priority > b.priority : a.name > b.name;
}

function insert(node: Node | undefined, added: Node): Node {
	if (node === undefined) return added;
	if (node.name === added.name) return { ...node, value: added.value };
	if (added.name < node.name) {
		const left = insert(node.left, added);
		// A child of higher priority takes its parent's place.
		return above(left, node) ? { ...left, right: { ...node, left: left.right } } : { ...node, left };
	}
	const right = insert(node.right, added);
	return above(right, node) ? { ...right, left: { ...node, right: right.left } } : { ...node, right };
}

function same(a: Node | undefined, b: Node | undefined): boolean {
	if (a === b) return true;
	if (a === undefined || b === undefined || a.name !== b.name || a.value !== b.value) return false;
	return same(a.left, b.left) && same(a.right, b.right);
}

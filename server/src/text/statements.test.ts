import { expect, test } from "vitest";
import { edited } from "./edited-text.ts";
import { difference, editOf, firstTouched, type NodeExtent, reread, StatementArray, touching } from "./statements.ts";

/** `3;` sets what is handed on, `?;` takes it, anything else lets it be. A quote lasts to the next one. */
interface Node extends NodeExtent {
	readonly text: string;
	readonly before: string;
	readonly after: string;
}

function readNode(text: string, at: number, before: string): Node | undefined {
	if (at >= text.length) return undefined;
	const [whole = ""] = /^(?:"[^"]*(?:"|$)|[^";])*;?/.exec(text.slice(at)) ?? [];
	const open = whole.split('"').length % 2 === 0;
	const set = /^\d+/.exec(whole)?.[0];
	return { text: whole, length: whole.length, open, settled: whole.endsWith(";"), before, after: set ?? before };
}

function readAll(text: string): StatementArray<Node> {
	const nodes: Node[] = [];
	for (let at = 0; at < text.length; at += nodes.at(-1)?.length ?? 0) {
		const node = readNode(text, at, nodes.at(-1)?.after ?? "");
		if (node !== undefined) nodes.push(node);
	}
	return new StatementArray(nodes, text.length);
}

/** A text's statements after a change, and which of them were read for it. */
function changed(text: string, start: number, end: number, added: string): readonly [now: StatementArray<Node>, read: readonly string[]] {
	const known = readAll(text);
	const change = { span: { start, end }, text: added };
	const after = edited(text, [change]);
	const first = firstTouched(known, start);
	let handed = known.node(first - 1)?.after ?? "";
	const read: string[] = [];
	const replacement = reread(known, first, editOf(change, text.length), {
		isSettled: ({ before }) => before === handed,
		keep: (node) => {
			if (node.text.startsWith("?")) return undefined;
			const kept = { ...node, before: handed, after: /^\d/.test(node.text) ? node.after : handed };
			handed = kept.after;
			return kept;
		},
		read: (at) => {
			const node = readNode(after, at, handed);
			if (node === undefined) return undefined;
			handed = node.after;
			read.push(node.text);
			return node;
		},
	});
	return [known.replaced(replacement, after.length), read];
}

test("what an edit touches is read again, and what took something from there, as far as it is different", () => {
	expect(changed("a;b;c;", 2, 3, "d")[1]).toEqual(["d;"]);
	expect(changed("1;a;?;2;?;", 0, 1, "7")[1]).toEqual(["7;", "?;"]);
	expect(changed("1;a;?;", 0, 1, "1")[1]).toEqual(["1;"]);
	expect(changed("a;b", 3, 3, "c")[1]).toEqual(["bc"]);
	expect(changed('a;"b;c;', 6, 7, '";')[1]).toEqual(['"b;c";']);
	expect(changed("a;b;c;", 0, 6, "")[0].count).toBe(0);
});

test("after any edit the statements are those of the text, and start where they stand", () => {
	const text = '1;a;?;"b;c";2;?;x';
	for (let start = 0; start <= text.length; start++)
		for (let end = start; end <= Math.min(text.length, start + 4); end++)
			for (const added of ["", ";", '"', "5;", "?"]) {
				const [now] = changed(text, start, end, added);
				const fresh = readAll(text.slice(0, start) + added + text.slice(end));
				expect(now.nodes).toEqual(fresh.nodes);
				expect([...now.starts]).toEqual([...fresh.starts]);
			}
});

test("statements are found by where they stand", () => {
	const list = readAll("a;bb;c");
	expect([0, 1, 2, 4, 5, 6].map((offset) => list.indexAt(offset))).toEqual([0, 0, 1, 1, 2, 3]);
	expect([...touching(list, { start: 3, end: 4 })].map(([{ text }]) => text)).toEqual(["bb;"]);
	expect([...touching(list, { start: 6, end: 6 })].map(([{ text }]) => text)).toEqual(["c"]);
	expect([...touching(readAll(""), { start: 0, end: 0 })]).toEqual([]);
});

test("two versions differ between what they have alike at their ends", () => {
	const [before, after] = [readAll("a;b;c;"), readAll("a;dd;c;")];
	const alike = (one: Node | undefined, other: Node | undefined): boolean => one?.text === other?.text;
	expect(difference(before, after, after.commonEnds(before, alike))).toEqual({ before: { start: 2, end: 4 }, after: { start: 2, end: 5 } });
	expect(difference(readAll("a;"), readAll("b;"), [0, 0])).toBeUndefined();
});

import { expect, test } from "vitest";
import { madeFrom, originsOf } from "./inStep.ts";

const lines = (start: number, end = start) => ({ start: { line: start }, end: { line: end } });
const at = (line: number, uri: string, ...range: Parameters<typeof lines>) => ({ line, target: { uri, range: lines(...range) } });

/** A rule of three lines that becomes two, one of the next file, and one that comes from nothing. */
const links = [at(0, "a", 1, 3), at(1, "a", 1, 3), at(3, "a", 4), at(5, "b", 4)];

test.each<[what: string, where: ReturnType<typeof lines>, made: readonly number[]]>([
	["above the first rule", lines(0), []],
	["on the last line of a rule", lines(3), [0, 1]],
	["over two rules", lines(2, 4), [0, 1, 3]],
	["on a rule, while another file has one on the same line", lines(4), [3]],
])("a cursor %s marks what comes from there", (_, where, made) => {
	expect(madeFrom(links, (uri) => uri === "a", where)).toEqual(made);
});

test.each<[where: ReturnType<typeof lines>, origins: readonly (readonly [string, number])[]]>([
	[lines(0, 1), [["a", 1]]],
	[lines(2), []],
	[
		lines(1, 5),
		[
			["a", 1],
			["a", 4],
			["b", 4],
		],
	],
])("made lines %o come from", (where, origins) => {
	expect(originsOf(links, where).map(({ uri, range }) => [uri, range.start.line])).toEqual(origins);
});

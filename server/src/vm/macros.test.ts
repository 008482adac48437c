import fc from "fast-check";
import { expect, it } from "vitest";
import { noMacros } from "./macros.ts";

const definitions = fc.array(fc.tuple(fc.constantFrom(..."abcdefghij"), fc.constantFrom("1", "2", "3")));

it("answers what a map answers, and leaves earlier tables as they were", () => {
	fc.assert(
		fc.property(definitions, (list) => {
			const known = new Map<string, string>();
			let table = noMacros;
			for (const [name, value] of list) {
				const before = table;
				const old = known.get(name);
				table = table.with(name, value);
				known.set(name, value);
				expect(before.get(name)).toBe(old);
			}
			for (const name of "abcdefghijk") expect(table.get(name)).toBe(known.get(name));
		}),
	);
});

it("two tables are equal where they hold the same, in whatever order it came", () => {
	fc.assert(
		fc.property(definitions, definitions, (one, other) => {
			const of = (list: typeof one) => list.reduce((table, [name, value]) => table.with(name, value), noMacros);
			const a = new Map(one);
			const b = new Map(other);
			const equal = a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
			expect(of(one).equals(of(other))).toBe(equal);
			expect(of([...a].reverse()).equals(of(one))).toBe(true);
		}),
	);
});

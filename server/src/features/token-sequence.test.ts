import fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../../test/share.ts";
import { placeBehind, TokenSequence } from "./token-sequence.ts";

/** So many tokens that there are several pieces of them. */
const MANY = 12_000;

/** Tokens of which most stand in the line of the one before. */
function tokens(count: number, seed: number): number[] {
	const numbers: number[] = [];
	for (let i = 0; i < count; i++) {
		const chance = (Math.imul(i + seed, 2654435761) >>> 8) % 100;
		numbers.push(chance < 20 ? 1 + (chance % 3) : 0, 1 + (chance % 7), 1 + (chance % 5), chance % 11, chance % 2);
	}
	return numbers;
}

const change = fc.record({ start: fc.nat(), count: fc.oneof(fc.nat(20), fc.nat(8000)), made: fc.nat(50) });

test("tokens in pieces are those of one list, whatever is put in the place of what", () => {
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
			let list = tokens(MANY, 0);
			let sequence = TokenSequence.of(Uint32Array.from(list));
			for (const { start, count, made } of changes) {
				const from = start % (list.length / 5 + 1);
				const gone = Math.min(count, list.length / 5 - from);
				const fresh = tokens(made, start);
				list = [...list.slice(0, 5 * from), ...fresh, ...list.slice(5 * (from + gone))];
				sequence = sequence.replaced(5 * from, 5 * gone, fresh);
				expect(sequence.length).toBe(list.length);
			}
			expect([...sequence.numbers()]).toEqual(list);
		}),
		{ numRuns: runs(60, 3) },
	);
});

test("the first token that is not before a place is found in whichever piece it stands", () => {
	const list = tokens(MANY, 7);
	const sequence = TokenSequence.of(Uint32Array.from(list)).replaced(5 * 5000, 5 * 3, tokens(1, 3));
	const numbers = [...sequence.numbers()];
	fc.assert(
		fc.property(fc.nat(numbers.length / 5 - 1), fc.integer({ min: -3, max: 3 }), (at, off) => {
			const place = placeBehind({ line: 0, character: 0 }, numbers.slice(0, 5 * (at + 1)));
			const wanted = { line: place.line, character: Math.max(0, place.character + off) };
			const { index, before, token } = sequence.find(wanted);
			expect(before).toEqual(placeBehind({ line: 0, character: 0 }, numbers.slice(0, index)));
			const isBefore = (one: typeof place) => one.line < wanted.line || (one.line === wanted.line && one.character < wanted.character);
			expect(index === 0 || isBefore(before)).toBe(true);
			if (index === numbers.length) expect(token).toBeUndefined();
			else {
				const found = placeBehind(before, numbers.slice(index, index + 5));
				expect(isBefore(found)).toBe(false);
				expect(token).toEqual({ place: found, rest: numbers.slice(index + 2, index + 5) });
			}
		}),
		{ numRuns: runs(100, 3) },
	);
	expect(sequence.find({ line: 1e9, character: 0 })).toMatchObject({ index: numbers.length, token: undefined });
});

import { expect, test } from "vitest";
import { afterKeystroke, isAbout, typedWord } from "./typedWord.ts";

/** The word at `|`, and whether what stands between `[` and `]` is held back. */
function held(marked: string): boolean {
	const text = marked.replace(/[[\]]/g, "");
	const cursor = { line: 3, character: text.indexOf("|") };
	const clean = marked.replace("|", "");
	const range = { start: { line: 3, character: clean.indexOf("[") }, end: { line: 3, character: clean.indexOf("]") - 1 } };
	return isAbout(typedWord(text.replace("|", ""), cursor), range);
}

test.each([
	["pass in on [$la]|", true],
	["[a]|", true],
	["inet [10.0.0.1/3]|", true],
	["[add] |", true],
	["[pass in on $la]|", true],
	["pass in on [$lan] p|", false],
	["pass in on [$lan] proto tc|", false],
	["p|as[s]", true],
	["| [x]", false],
])("of %s what is marked is held back: %s", (text, isHeld) => {
	expect(held(text)).toBe(isHeld);
});

test("what is wrong in another line, or about several, is told", () => {
	const word = typedWord("switch", { line: 3, character: 6 });
	const at = (start: number, end: number) => ({ start: { line: start, character: 0 }, end: { line: end, character: 6 } });
	expect([at(3, 3), at(2, 2), at(2, 3), at(3, 4)].map((range) => isAbout(word, range))).toEqual([true, false, false, false]);
});

test("a keystroke leaves the cursor behind it; a paste, a line and an edit of several places are none", () => {
	const change = (text: string, taken = 0) => ({
		range: { start: { line: 1, character: 4 }, end: { line: 1, character: 4 + taken } },
		text,
	});
	expect(afterKeystroke([change("a")])).toEqual({ line: 1, character: 5 });
	expect(afterKeystroke([change('""')])).toEqual({ line: 1, character: 5 });
	expect(afterKeystroke([change("", 1)])).toEqual({ line: 1, character: 4 });
	for (const none of [[change("pass in")], [change("\n")], [change("", 9)], [change("a"), change("b")], []])
		expect(afterKeystroke(none)).toBeUndefined();
});

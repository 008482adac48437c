import { expect, test } from "vitest";
import { PfFile } from "../editor/file.ts";
import { KEYWORDS } from "../grammar/tokens.ts";
import { PF_VOCABULARY, pfWord, pfWords, removedWord } from "./vocabulary.ts";

test("every reserved word is described", () => {
	const names = new Set(PF_VOCABULARY.map((entry) => entry.name));
	expect([...KEYWORDS.keys()].filter((word) => !names.has(word))).toEqual([]);
});

test("a word is described once in each place", () => {
	const keys = PF_VOCABULARY.map((entry) => `${entry.group} ${entry.name}`);
	expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

test.each(PF_VOCABULARY.map((entry) => [`${entry.group}: ${entry.name}`, entry] as const))("%s", (_, entry) => {
	expect(entry.summary).toMatch(/\.$/);
	expect(entry.manual).toMatch(/^pf\.conf\.5#\S+$/);
	expect(entry.example).toContain(entry.name);
	expect(pfWord(entry.group, entry.name)).toBe(entry);
});

test("words are found by group and name", () => {
	expect(pfWord("statement", "pass")?.weight).toBe(100);
	expect(pfWord("statement", "quick")).toBeUndefined();
	expect(pfWords("direction").map((entry) => entry.name)).toEqual(["in", "out"]);
	expect(removedWord("nat")?.until).toBe("4.7");
	expect(removedWord("pass")).toBeUndefined();
});

/** What is no word of its own: behind a colon, letters of a word, and a name that is an address to pfctl. */
const INSIDE_WORDS: ReadonlySet<string> = new Set(["interface modifier", "tcp flag", "address: self"]);

test.each(PF_VOCABULARY.filter(({ group, name }) => !INSIDE_WORDS.has(group) && !INSIDE_WORDS.has(`${group}: ${name}`)))(
	"the production that takes `$name` says that it is of $group",
	(entry) => {
		const tokens = PfFile.parse(`${entry.example}\n`, { path: "/etc/pf.conf", release: "7.9" }).tokens();
		expect(tokens.map(({ entry: own }) => own)).toContain(entry);
	},
);

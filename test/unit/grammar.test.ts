import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { optionWords } from "../../server/src/hostname/vocabulary.ts";
import { type LanguageId, vmLanguage } from "../../server/src/index.ts";
import { PF_VOCABULARY } from "../../server/src/pf/words/vocabulary.ts";
import { pfTestVocabulary } from "../../server/src/pftest/vocabulary.ts";
import type { VocabularyEntry } from "../../server/src/text/vocabulary.ts";
import { hostNames, languageOf, readHost } from "./hosts.ts";
import { grammarOf, type Token, tokenize } from "./textmate.ts";

const examples = hostNames.flatMap((host) =>
	[...readHost(host)].flatMap(([path, text]) => {
		const language = languageOf(path);
		return language === undefined ? [] : [{ name: `${host}${path}`, language, text }];
	}),
);

/** Each line, and under it its words with their scopes, without the language's suffix and the statement's own. */
function picture(lines: readonly (readonly Token[])[]): string {
	const words = (line: readonly Token[]) =>
		line
			.filter((token) => token.text.trim() !== "")
			.map((token) => {
				const scopes = token.scopes.slice(1).filter((scope) => !scope.startsWith("meta."));
				return `\t${token.text.trim()}  ${scopes.map((scope) => scope.replace(/\.openbsd-\w+$/, "")).join(" ")}`.trimEnd();
			});
	return `${lines.flatMap((line) => [line.map((token) => token.text).join(""), ...words(line)]).join("\n")}\n`;
}

describe("the examples are coloured", () => {
	test.each(examples)("$name", async ({ name, language, text }) => {
		const lines = tokenize(await grammarOf(language), text);
		await expect(picture(lines)).toMatchFileSnapshot(`../grammar/snapshots/${name.replaceAll("/", "-")}.snap`);
	});

	test.each(examples)("$name: every keyword, name and value of it has a colour", async ({ language, text }) => {
		const plain = tokenize(await grammarOf(language), text)
			.flat()
			.filter((token) => /\w/.test(token.text) && token.scopes.every((scope) => /^(source|meta)\./.test(scope)));
		expect(plain.map((token) => token.text)).toEqual([]);
	});
});

test.each(["openbsd-pf", "openbsd-vm", "openbsd-hostname"] as const)("%s: any text is coloured to its end", async (language) => {
	const grammar = await grammarOf(language);
	const piece = fc.constantFrom(
		"pass ",
		"{",
		"}",
		'"',
		"'",
		"#",
		"\\",
		"\n",
		"$",
		"<",
		">",
		"(",
		")",
		"on ",
		"vm ",
		"interface ",
		"inet ",
		"!",
		"10/8",
	);
	fc.assert(
		fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
			const text = pieces.join("");
			const lines = tokenize(grammar, text);
			expect(lines.map((line) => line.map((token) => token.text).join("")).join("\n")).toBe(text);
		}),
		{ numRuns: 200 },
	);
});

describe("a word of the vocabulary is coloured as one", () => {
	const words = (language: LanguageId, vocabulary: readonly VocabularyEntry[]) =>
		vocabulary.filter((entry) => entry.example !== undefined && entry.until === undefined).map((entry) => ({ language, ...entry }));

	test.each([
		...words("openbsd-pf", PF_VOCABULARY),
		...words("openbsd-vm", vmLanguage.vocabulary),
		...words("openbsd-pftest", pfTestVocabulary),
	])("$language, $group: $name", async ({ language, group, name, example = "" }) => {
		const tokens = tokenize(await grammarOf(language), example).flat();
		// An interface's modifier is coloured with its colon, TCP flags all together.
		const own = tokens.find(
			({ text }) => text.trim().replace(/^:/, "") === name || (group === "tcp flag" && /^[A-Z]+$/.test(text) && text.includes(name)),
		);
		expect(
			own?.scopes.slice(1).filter((scope) => !/^(meta|string|comment)\./.test(scope)),
			example,
		).not.toEqual([]);
		expect(own, `${name} in ${example}`).toBeDefined();
	});
});

test("what nobody else may read is coloured as a secret, and nothing else is", async () => {
	const grammar = await grammarOf("openbsd-hostname");
	for (const { name, args } of optionWords) {
		const words = args.map((_, index) => `word${index}`);
		const secret = tokenize(grammar, [name, ...words].join(" "))
			.flat()
			.filter(({ scopes }) => scopes.some((scope) => scope.includes(".secret.")));
		expect(
			secret.map(({ text }) => text),
			name,
		).toEqual(words.filter((_, index) => args[index]?.secret === true));
	}
});

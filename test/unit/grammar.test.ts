import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LanguageId } from "../../server/src/text/language.ts";
import { grammarOf, root, type Token, tokenize } from "./textmate.ts";

const examples = readdirSync(new URL("examples/", root), { recursive: true, encoding: "utf8" })
	.map((path) => path.replaceAll("\\", "/"))
	.filter((path) => languageOf(path) !== undefined)
	.sort();

function languageOf(path: string): LanguageId | undefined {
	if (/\/hostname\.[a-z]+\d+$/.test(path)) return "openbsd-hostname";
	if (path.endsWith("/vm.conf")) return "openbsd-vm";
	if (path.endsWith("/pf.conf") || path.includes("/pf.vm/")) return "openbsd-pf";
	return undefined;
}

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
	test.each(examples)("%s", async (path) => {
		const text = readFileSync(new URL(`examples/${path}`, root), "utf8");
		const grammar = await grammarOf(languageOf(path) ?? "openbsd-pf");
		await expect(picture(tokenize(grammar, text))).toMatchFileSnapshot(`../grammar/snapshots/${path.replaceAll("/", "-")}.snap`);
	});

	test.each(examples)("%s: every keyword, name and value of it has a colour", async (path) => {
		const text = readFileSync(new URL(`examples/${path}`, root), "utf8");
		const grammar = await grammarOf(languageOf(path) ?? "openbsd-pf");
		const plain = tokenize(grammar, text)
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

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tokenTypes } from "../../server/src/features/semantic-tokens.ts";
import { root } from "./textmate.ts";

interface Contributions {
	readonly semanticTokenTypes: readonly { readonly id: string; readonly superType: string }[];
	readonly semanticTokenScopes: readonly { readonly language: string; readonly scopes: Readonly<Record<string, readonly string[]>> }[];
}

const { contributes }: { contributes: Contributions } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

/** Types that VS Code knows by itself. */
const known = ["comment", "keyword", "macro", "string", "number", "operator", "interface", "label"];

test("the manifest names every type of the server's own", () => {
	expect(contributes.semanticTokenTypes.map(({ id }) => id).sort()).toEqual(tokenTypes.filter((type) => !known.includes(type)).sort());
});

const grammars = contributes.semanticTokenScopes.map(({ language }) =>
	readFileSync(new URL(`syntaxes/${language}.tmLanguage.json`, root), "utf8"),
);

describe.each(contributes.semanticTokenScopes)("$language", ({ language, scopes }) => {
	test("every type has the colour of the grammar, so nothing changes when the server starts", () => {
		// VS Code's own scopes for these are the grammar's.
		const own = ["comment", "string", "number", "operator"];
		expect(Object.keys(scopes).sort()).toEqual(tokenTypes.filter((type) => !own.includes(type)).sort());
	});

	test("no scope is misspelt: each is one of a grammar", () => {
		const names = Object.values(scopes).map(([scope = ""]) => scope.replace(`.${language}`, ""));
		expect(names.filter((scope) => !grammars.some((grammar) => grammar.includes(`"${scope}.`)))).toEqual([]);
	});
});

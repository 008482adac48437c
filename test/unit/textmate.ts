/** The engine that colours files in VS Code, over the grammars of syntaxes/. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { IGrammar } from "vscode-textmate";
import type { LanguageId } from "../../server/src/text/language.ts";

// Both are CommonJS without named exports that Node can see.
const require = createRequire(import.meta.url);
const textmate: typeof import("vscode-textmate") = require("vscode-textmate");
const oniguruma: typeof import("vscode-oniguruma") = require("vscode-oniguruma");

export const root = new URL("../../", import.meta.url);

/** A word and the scopes that a theme sees on it, innermost last. */
export interface Token {
	readonly text: string;
	readonly scopes: readonly string[];
}

let registry: InstanceType<typeof textmate.Registry> | undefined;

async function open(): Promise<InstanceType<typeof textmate.Registry>> {
	const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
	await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer);
	return new textmate.Registry({
		onigLib: Promise.resolve({
			createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
			createOnigString: (text) => new oniguruma.OnigString(text),
		}),
		loadGrammar: async (scope) => {
			const name = /^source\.(openbsd-\w+)$/.exec(scope)?.[1];
			if (name === undefined) return null;
			const path = new URL(`syntaxes/${name}.tmLanguage.json`, root);
			return textmate.parseRawGrammar(readFileSync(path, "utf8"), path.pathname);
		},
	});
}

export async function grammarOf(language: LanguageId): Promise<IGrammar> {
	registry ??= await open();
	const grammar = await registry.loadGrammar(`source.${language}`);
	if (grammar === null) throw new Error(`no grammar for ${language}`);
	return grammar;
}

/** The lines of a text, each as its tokens. */
export function tokenize(grammar: IGrammar, text: string): readonly (readonly Token[])[] {
	let state = textmate.INITIAL;
	return text.split("\n").map((line) => {
		const result = grammar.tokenizeLine(line, state);
		state = result.ruleStack;
		return result.tokens.map((token) => ({ text: line.slice(token.startIndex, token.endIndex), scopes: token.scopes }));
	});
}

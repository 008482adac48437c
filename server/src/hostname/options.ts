/** The words of one command as ifconfig groups them: each option with its arguments, and the address. */
import type { Understood } from "./ifconfig.ts";
import type { ShellWord } from "./shell.ts";
import { wordOf } from "./vocabulary.ts";

export interface SignedOption {
	/** In its usual spelling; `address` for a word that ifconfig takes for one. */
	readonly word: string;
	/** The option as written; an address has none. */
	readonly name: ShellWord | undefined;
	readonly args: readonly ShellWord[];
}

/** The options in the order of the command. */
export function optionsIn(understood: readonly Understood[]): readonly SignedOption[] {
	const options: (SignedOption & { readonly args: ShellWord[] })[] = [];
	for (const { kind, word } of understood) {
		if (kind === "option") options.push({ word: usualSpelling(word.text), name: word, args: [] });
		else if (kind === "address") options.push({ word: "address", name: undefined, args: [word] });
		else options.at(-1)?.args.push(word);
	}
	return options;
}

function usualSpelling(word: string): string {
	const { means, deprecated = "" } = wordOf(word) ?? {};
	return means ?? (typeof deprecated === "string" && wordOf(deprecated) !== undefined ? deprecated : word);
}

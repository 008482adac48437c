/** What a stand-in for one of OpenBSD's programs is: arguments in, output and changed state out. */
import type { SimulatedState } from "./state.ts";

export interface Machine {
	/** Changed in place; saved when the program has ended. */
	readonly state: SimulatedState;
	/** The file's text; undefined where there is none. */
	readFile(path: string): string | undefined;
	/** The names in a folder. */
	list(path: string): readonly string[];
	/** 0 as root, also under doas. */
	readonly uid: number;
	/** What the paths of hostname files begin with: `/etc/hostname.`, but for a copy of netstart. */
	readonly hostnameFiles: string;
}

export interface Result {
	readonly status: number;
	readonly stdout?: string;
	readonly stderr?: string;
}

export type Program = (machine: Machine, args: readonly string[]) => Result;

export const ok = (stdout = "", stderr = ""): Result => ({ status: 0, stdout, stderr });
export const fail = (stderr: string, status = 1, stdout = ""): Result => ({ status, stderr: `${stderr}\n`, stdout });

/** getopt(3) as OpenBSD has it: options end at the first word that is none. */
export function getopt(
	args: readonly string[],
	letters: string,
): { readonly options: readonly (readonly [string, string])[]; readonly rest: readonly string[] } | undefined {
	const options: [string, string][] = [];
	let i = 0;
	for (; i < args.length; i++) {
		const word = args[i] ?? "";
		if (word === "--") {
			i++;
			break;
		}
		if (!/^-./.test(word)) break;
		for (let at = 1; at < word.length; at++) {
			const letter = word[at] ?? "";
			const known = letters.indexOf(letter);
			if (known === -1 || letter === ":") return undefined;
			if (letters[known + 1] !== ":") {
				options.push([letter, ""]);
				continue;
			}
			const attached = word.slice(at + 1);
			const value = attached === "" ? args[++i] : attached;
			if (value === undefined) return undefined;
			options.push([letter, value]);
			break;
		}
	}
	return { options, rest: args.slice(i) };
}

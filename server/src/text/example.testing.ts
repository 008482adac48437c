/** For tests and docs/diagnostics.md: what a code is reported of. */
import type { HostFacts } from "./language.ts";
import type { Release } from "./vocabulary.ts";

/** The smallest host that a code is reported of. */
export interface Example {
	/**
	 * Its files in one text, each behind a line `//- /etc/vm.conf`; behind the path, `0644` gives the file's mode, `special` says
	 * that no plain file is there.
	 */
	readonly fault: string;
	/** What makes it the same host without the fault. */
	readonly mended?: readonly Change[];
	/** The release that the host runs, where the newest has no such fault. */
	readonly release?: Release;
	/** What is known of the host beside its files. */
	readonly facts?: HostFacts;
	/** Whose each tap is on the running host. */
	readonly taps?: readonly (readonly [tap: string, guest: string])[];
	/** Rules that it has loaded and counted no packet for, each with since when and for how many days. */
	readonly quiet?: readonly (readonly [rule: string, since: string, days: number])[];
}

/** Words of a file and what stands in their place; a file that was not there has none, and one without any goes. */
export type Change = readonly [path: string, from: string, to: string];

/** The examples of codes: one without does not compile. */
export type ExamplesOf<Code extends string> = Readonly<Record<Code, Example>>;

/** A file of an example. */
export interface ExampleFile {
	readonly text: string;
	readonly mode?: number;
	readonly notRead?: "special";
}

export type ExampleFiles = ReadonlyMap<string, ExampleFile>;

/** The files with the fault, by their paths. */
export function exampleFiles({ fault }: Example): ExampleFiles {
	const files = new Map<string, ExampleFile>();
	for (const part of fault.split(/^\/\/- /m).slice(1)) {
		const newline = part.indexOf("\n");
		const [path = "", more] = part.slice(0, newline).split(" ");
		const file = { text: part.slice(newline + 1) };
		if (more === undefined) files.set(path, file);
		else files.set(path, more === "special" ? { ...file, notRead: more } : { ...file, mode: Number.parseInt(more, 8) });
	}
	return files;
}

/** The text of the first file, which is the only one of most examples of a language. */
export function exampleText(example: Example): string {
	const [file] = exampleFiles(example).values();
	return file?.text ?? "";
}

/** The files without the fault; undefined where the example does not say. */
export function mendedFiles(example: Example): ExampleFiles | undefined {
	if (example.mended === undefined) return undefined;
	const files = new Map(exampleFiles(example));
	for (const [path, from, to] of example.mended) {
		const text = files.get(path)?.text ?? "";
		if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
		const changed = text.replace(from, () => to);
		if (changed === "") files.delete(path);
		else files.set(path, { text: changed });
	}
	return files;
}

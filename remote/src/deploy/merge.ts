/** Brings what others changed on a host together with what is changed here. */
import { diff3Merge } from "node-diff3";
import type { Connection } from "../connection.ts";
import { digest } from "./files.ts";
import { inputOf } from "./input.ts";
import { expectSuccess, type RootRunner, runHostProgram } from "./root.ts";

/** What a host has of a file, as we have seen it. */
export interface Seen {
	readonly path: string;
	readonly text: string;
}

/**
 * Notes on the host that its files have been seen: a deployment does not stop because of them, and later changes are merged with
 * them as their base.
 * @throws ConnectionError
 */
export async function noteSeen(connection: Connection, files: readonly Seen[], root: RootRunner = runHostProgram): Promise<void> {
	const named = files.map(({ path, text }) => ({ path, text, name: digest(text) }));
	const texts = new Map(named.map(({ name, text }) => [name, { name, text }]));
	const lines = named.map(({ name, path }) => `seen ${name} ${path}`);
	expectSuccess(await root(connection, { verb: "note", input: inputOf(lines, [...texts.values()]) }), connection.target.name);
}

/** Both changes of a text, with marks as git's around those that are at odds. */
export interface Merged {
	readonly text: string;
	readonly conflicts: number;
}

/** @param name what the marks call the host */
export function merge(base: string, theirs: string, ours: string, name: string): Merged {
	// The package keeps lines as an object's keys, in which `constructor` is there already.
	const lines = (text: string) => text.split("\n").map((line) => ` ${line}`);
	const plain = (marked: readonly string[]) => marked.map((line) => line.slice(1));
	let conflicts = 0;
	const merged = diff3Merge<string>(lines(ours), lines(base), lines(theirs), { excludeFalseConflicts: true }).flatMap(
		({ ok, conflict }) => {
			if (conflict === undefined) return plain(ok ?? []);
			conflicts++;
			const { a, o, b } = conflict;
			return ["<<<<<<< here", ...plain(a), "||||||| deployed", ...plain(o), "=======", ...plain(b), `>>>>>>> ${name}`];
		},
	);
	return { text: merged.join("\n"), conflicts };
}

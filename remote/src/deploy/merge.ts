/** Brings what others changed on a host together with what is changed here. */
import { diff3Merge } from "node-diff3";
import type { Connection } from "../connection.ts";
import { baseFile, fetchFiles } from "./fetch.ts";
import { digest } from "./files.ts";
import { inputOf } from "./input.ts";
import type { Plan } from "./plan.ts";
import { expectSuccess, type RootRunner, runHostProgram } from "./root.ts";

export interface Merge {
	readonly path: string;
	/** What the host has; undefined where it was taken away there. */
	readonly theirs: string | undefined;
	/** Both changes, with marks as git's around those that are at odds. */
	readonly text: string;
	readonly conflicts: number;
}

/**
 * Merges the files of a plan that somebody changed on the host, with the text that was deployed last as their base. Changes
 * nothing.
 * @throws ConnectionError
 */
export async function mergeDrifted(connection: Connection, plan: Plan, root: RootRunner = runHostProgram): Promise<readonly Merge[]> {
	const { deployed } = await fetchFiles(connection, root, []);
	const bases = plan.drifted.map((path) => baseFile(deployed.get(path) ?? ""));
	const { files } = await fetchFiles(connection, root, bases);
	return plan.drifted.map((path, i) => {
		const change = plan.changes.find((each) => each.path === path);
		const base = files.get(bases[i] ?? "");
		const theirs = change?.before.kind === "file" ? change.before.text : undefined;
		const merged = merge(base?.kind === "file" ? base.text : "", theirs ?? "", change?.text ?? "", plan.host);
		return { path, theirs, ...merged };
	});
}

/**
 * Notes on the host that its changes have been seen: a deployment of the merged files does not stop because of them.
 * @throws ConnectionError
 */
export async function noteMerged(connection: Connection, merges: readonly Merge[], root: RootRunner = runHostProgram): Promise<void> {
	const seen = merges.map(({ path, theirs }) => `seen ${theirs === undefined ? "-" : digest(theirs)} ${path}`);
	const texts = merges.flatMap(({ theirs }) => (theirs === undefined ? [] : [{ name: digest(theirs), text: theirs }]));
	expectSuccess(await root(connection, { verb: "note", input: inputOf(seen, texts) }), connection.target.name);
}

/** @param name what the marks call the host */
export function merge(base: string, theirs: string, ours: string, name: string): Pick<Merge, "text" | "conflicts"> {
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

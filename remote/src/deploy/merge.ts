/** Brings what others changed on a host together with what is changed here. */
import { diff3Merge } from "node-diff3";
import type { Connection } from "../connection.ts";
import { allOf, sh } from "../shell-words.ts";
import { baseFile, baseFolder, fetchFiles, recordFile } from "./fetch.ts";
import { digest } from "./files.ts";
import type { Plan } from "./plan.ts";
import { expectSuccess, type RootRunner, runRootScript } from "./root.ts";
import { record } from "./settle.ts";
import { writeText } from "./write-text.ts";

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
export async function mergeDrifted(connection: Connection, plan: Plan, root: RootRunner = runRootScript): Promise<readonly Merge[]> {
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
export async function noteMerged(connection: Connection, merges: readonly Merge[], root: RootRunner = runRootScript): Promise<void> {
	const seen = merges.map(({ path, theirs }) => ({ path, text: theirs }));
	const script = allOf(
		sh`mkdir -p ${baseFolder}`,
		...seen.flatMap(({ text }) => (text === undefined ? [] : [writeText(sh`${baseFile(digest(text))}`, text)])),
		sh`{ ${record(seen)}\n} >${`${recordFile}.seen`}`,
		sh`mv -f ${`${recordFile}.seen`} ${recordFile}`,
	);
	expectSuccess(await root(connection, script), connection.target.name);
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

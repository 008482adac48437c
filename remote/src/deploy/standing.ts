/** How the files here stand to a host's: which are the same, and on which side the others have changed. */
import type { Connection } from "../connection.ts";
import { fetchFiles } from "./fetch.ts";
import { digest, type HostFile, roleOf, type WantedFile } from "./files.ts";
import { fileDiff } from "./plan.ts";
import { type RootRunner, runHostProgram } from "./root.ts";

/**
 * What has become of a file since it was deployed or pulled last. `only-here` and `only-there` never were; of one that `differs`
 * nothing tells what it was before; `not-read` is a link, a special file, or one in a folder that others than root may write.
 */
export type StandingKind =
	| "same"
	| "changed-here"
	| "changed-there"
	| "changed-both"
	| "gone-here"
	| "gone-there"
	| "only-here"
	| "only-there"
	| "differs"
	| "not-read";

export interface Standing {
	readonly path: string;
	readonly kind: StandingKind;
	/** From what the host has to what is here, as `diff -u` prints it, with secrets hidden; empty where one of them is not known. */
	readonly diff: string;
}

/**
 * @param here the text here; undefined where there is no file
 * @param recorded the digest of the text that both had last
 */
export function standingKind(here: string | undefined, there: HostFile, recorded: string | undefined): StandingKind {
	if (there.kind === "other") return "not-read";
	const onHost = there.kind === "file" ? there.text : undefined;
	if (here === onHost) return "same";
	if (recorded === undefined) return onHost === undefined ? "only-here" : here === undefined ? "only-there" : "differs";
	if (onHost === undefined) return "gone-there";
	if (here === undefined) return "gone-here";
	if (digest(onHost) === recorded) return "changed-here";
	return digest(here) === recorded ? "changed-there" : "changed-both";
}

/**
 * Compares the files of a host's folder with the host's, in one round trip.
 * @throws ConnectionError
 */
export async function standingsOf(
	connection: Connection,
	here: readonly WantedFile[],
	root: RootRunner = runHostProgram,
): Promise<readonly Standing[]> {
	const { files, deployed, others } = await fetchFiles(
		connection,
		root,
		here.map(({ path }) => path),
		new Map(here.map(({ path, text }) => [path, text])),
	);
	const compared = here.map(({ path, text }): Standing => {
		const there = files.get(path) ?? { kind: "absent" };
		const kind = standingKind(text, there, deployed.get(path));
		return { path, kind, diff: there.kind === "other" ? "" : fileDiff(path, there.kind === "file" ? there.text : undefined, text) };
	});
	const unread = others
		.filter((path) => roleOf(path) !== undefined)
		.map((path): Standing => ({ path, kind: deployed.has(path) ? "gone-here" : "only-there", diff: "" }));
	return [...compared, ...unread].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Whether the way back was tried on a host: the host remembers it, for everybody who deploys there. It counts for as long as the
 * host has the same release and kernel, and the program that rolls back is the same.
 */
import type { Connection } from "../connection.ts";
import { run } from "../run.ts";
import { sh } from "../shell-words.ts";
import { fetchFiles } from "./fetch.ts";
import { digest } from "./files.ts";
import { hostProgram } from "./program/program.ts";
import { expectSuccess, type RootRunner, runHostProgram } from "./root.ts";

export const rehearsedFile = "/var/db/openbsd-vnet/rehearsed";

export interface WayBack {
	readonly result: "works" | "fails" | "declined";
	/** `2026-01-02T03:04:05Z`. */
	readonly date: string;
	/** Who tried it, or declined to. */
	readonly user: string;
	/** Why it was declined. */
	readonly reason: string;
	/** Whether the host, and what rolls back, are as they were then. */
	readonly isCurrent: boolean;
}

/**
 * What the host remembers of the last rehearsal; undefined where there was none.
 * @throws ConnectionError
 */
export async function wayBackOf(connection: Connection, root: RootRunner = runHostProgram): Promise<WayBack | undefined> {
	const file = (await fetchFiles(connection, root, [rehearsedFile])).files.get(rehearsedFile);
	const text = file?.kind === "file" ? file.text : "";
	const [, result, key, date = "", user = "", reason = ""] =
		/^(works|fails|declined) ([0-9a-f]{64}) (\S+) (\S+)(?: (.*))?\n/.exec(text) ?? [];
	if (result !== "works" && result !== "fails" && result !== "declined") return undefined;
	return { result, date, user, reason, isCurrent: key === (await keyOf(connection)) };
}

/**
 * Lets the host remember how a rehearsal ended, or why there is none.
 * @throws ConnectionError
 */
export async function noteWayBack(
	connection: Connection,
	result: WayBack["result"],
	{ reason = "", root = runHostProgram }: { readonly reason?: string; readonly root?: RootRunner } = {},
): Promise<void> {
	const words = reason.replace(/[^\p{L}\p{N} .,:;()_-]/gu, " ").trim();
	expectSuccess(await root(connection, { verb: "rehearsed", args: [result, await keyOf(connection), words] }), connection.target.name);
}

async function keyOf(connection: Connection): Promise<string> {
	return wayBackKey((await run(connection, sh`uname -srvm`)).stdout);
}

/** What a rehearsal was made with. @param system what `uname -srvm` prints */
export function wayBackKey(system: string): string {
	return digest(`${system.trim()}\n${hostProgram}`);
}

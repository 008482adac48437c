/** What a host has of the files that are to be deployed. */
import { randomBytes } from "node:crypto";
import { msg } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { digest, type HostFile, roleOf } from "./files.ts";
import { expectSuccess, type RootRunner, runHostProgram } from "./root.ts";

/** Where the digests of what was deployed last are kept, on the host. */
const recordFile = "/var/db/openbsd-vnet/deployed";

/** Where the host keeps a text that was deployed, or seen. */
export function baseFile(digest: string): string {
	return `/var/db/openbsd-vnet/base/${digest}`;
}

export interface Fetched {
	readonly files: ReadonlyMap<string, HostFile>;
	/** The digest of each file as it was deployed last, by path. */
	readonly deployed: ReadonlyMap<string, string>;
	/** Files of the kinds that are deployed which nobody asked for. */
	readonly others: readonly string[];
}

const limit = 32 * 1024 * 1024;

/**
 * Reads files from the host, in one round trip.
 * @param known texts that files are likely to have, by their paths: one that has it is not sent
 * @throws ConnectionError
 */
export async function fetchFiles(
	connection: Connection,
	root: RootRunner,
	paths: readonly string[],
	known: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<Fetched> {
	const marker = randomBytes(16).toString("hex");
	const asked = paths.map((path) => {
		const text = known.get(path);
		return text === undefined ? path : `${path}=${digest(text)}`;
	});
	const result = await root(connection, { verb: "fetch", args: [marker, ...asked, recordFile] }, { limit });
	const stdout = expectSuccess(result, connection.target.name);
	if (result.cut || !stdout.endsWith(`${marker} done\n`))
		throw new ConnectionError("failed", msg("{0}: the files of the host could not be read to their end", connection.target.name));
	const files = new Map(paths.map((path, i) => [path, answer(stdout, marker, i, known.get(path))]));
	const record = answer(stdout, marker, paths.length);
	const lines = record.kind === "file" ? record.text.split("\n") : [];
	const listed = stdout
		.slice(stdout.lastIndexOf(`${marker} others\n`))
		.split("\n")
		.slice(1, -2);
	return {
		files,
		deployed: new Map(lines.flatMap((line) => (/^[0-9a-f]{64} \/./.test(line) ? [[line.slice(65), line.slice(0, 64)] as const] : []))),
		others: listed.filter((path) => !files.has(path)),
	};
}

/**
 * The texts of all files that the host has of those that are deployed, and of those asked for.
 * @param known texts that files are likely to have, by their paths
 * @throws ConnectionError
 */
export async function textsThere(
	connection: Connection,
	known: ReadonlyMap<string, string | undefined>,
	root: RootRunner = runHostProgram,
): Promise<{ readonly fetched: Fetched; readonly texts: ReadonlyMap<string, string> }> {
	const fetched = await fetchFiles(connection, root, [...known.keys()], known);
	const kept = fetched.others.filter((path) => roleOf(path) !== undefined);
	const { files: others } = kept.length === 0 ? { files: new Map<string, HostFile>() } : await fetchFiles(connection, root, kept);
	return {
		fetched,
		texts: new Map([...fetched.files, ...others].flatMap(([path, file]) => (file.kind === "file" ? [[path, file.text]] : []))),
	};
}

/**
 * A symbolic link at the path, or above it, is told and not followed.
 * @param known the text that a file has which is the same
 */
function answer(stdout: string, marker: string, index: number, known?: string): HostFile {
	const opening = `${marker} begin ${index}\n`;
	const start = stdout.indexOf(opening) + opening.length;
	const end = stdout.indexOf(`\n${marker} end ${index}\n`, start);
	const said = stdout.slice(start, end);
	const newline = said.indexOf("\n");
	const first = newline === -1 ? said : said.slice(0, newline);
	if (first === "absent") return { kind: "absent" };
	const same = first.startsWith("same ");
	const [permissions = "", , owner, group] = first.slice(same ? "same ".length : 0).split(/\s+/);
	if (!permissions.startsWith("-")) return { kind: "other", what: first === "link" || first === "loose" ? first : "special" };
	return {
		kind: "file",
		text: same ? (known ?? "") : said.slice(newline + 1),
		mode: modeBits(permissions),
		owner: Number(owner),
		group: Number(group),
	};
}

/** `-rw-r-----` as bits. */
function modeBits(permissions: string): number {
	return [...permissions.slice(1, 10)].reduce((bits, letter) => bits * 2 + (letter === "-" || letter === "S" || letter === "T" ? 0 : 1), 0);
}

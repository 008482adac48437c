/** What a host has of the files that are to be deployed. */
import { randomBytes } from "node:crypto";
import { say } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { allInOrder, fixed, type ShellCommand, sh } from "../shell-words.ts";
import type { HostFile } from "./files.ts";
import { expectSuccess, type RootRunner } from "./root.ts";

/** Where the digests of what was deployed last are kept, on the host. */
export const recordFile = "/var/db/openbsd-vnet/deployed";

/** Where the texts lie that the digests are of. */
export const baseFolder = "/var/db/openbsd-vnet/base";

/** @param digest of a text that was deployed, or seen */
export function baseFile(digest: string): string {
	return `${baseFolder}/${digest}`;
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
 * @throws ConnectionError
 */
export async function fetchFiles(connection: Connection, root: RootRunner, paths: readonly string[]): Promise<Fetched> {
	const marker = randomBytes(16).toString("hex");
	const asked = [...paths, recordFile].map((path, i) => question(marker, i, path));
	const list = fixed('for f in /etc/pf.conf /etc/vm.conf /etc/hostname.* /etc/pf.*/*.conf; do [ -f "$f" ] && printf \'%s\\n\' "$f"; done');
	const script = allInOrder(...asked, sh`echo ${`${marker} others`}`, list, sh`echo ${`${marker} done`}`);
	const result = await root(connection, script, { limit });
	const stdout = expectSuccess(result, connection.target.name);
	if (result.cut || !stdout.endsWith(`${marker} done\n`))
		throw new ConnectionError("failed", say("{0}: the files of the host could not be read to their end", connection.target.name));
	const files = new Map(paths.map((path, i) => [path, answer(stdout, marker, i)]));
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

/** A symbolic link at the path, or above it, is told and not followed. */
function question(marker: string, index: number, path: string): ShellCommand {
	const above = path
		.split("/")
		.slice(1, -1)
		.map((_, i, parts) => `/${parts.slice(0, i + 1).join("/")}`);
	return sh`echo ${`${marker} begin ${index}`}
link=; for each in ${[...above, path]}; do [ -L "$each" ] && link=$each; done
if [ -n "$link" ]; then echo link
elif [ -f ${path} ]; then ls -ldn ${path} && cat ${path} || exit 1
elif [ -e ${path} ]; then echo other
else echo absent; fi
printf '\n%s\n' ${`${marker} end ${index}`}`;
}

function answer(stdout: string, marker: string, index: number): HostFile {
	const opening = `${marker} begin ${index}\n`;
	const start = stdout.indexOf(opening) + opening.length;
	const end = stdout.indexOf(`\n${marker} end ${index}\n`, start);
	const said = stdout.slice(start, end);
	const newline = said.indexOf("\n");
	const first = newline === -1 ? said : said.slice(0, newline);
	if (first === "absent") return { kind: "absent" };
	const [permissions = "", , owner, group] = first.split(/\s+/);
	if (!permissions.startsWith("-")) return { kind: "other", what: first === "link" ? "link" : "special" };
	return { kind: "file", text: said.slice(newline + 1), mode: modeBits(permissions), owner: Number(owner), group: Number(group) };
}

/** `-rw-r-----` as bits. */
function modeBits(permissions: string): number {
	return [...permissions.slice(1, 10)].reduce((bits, letter) => bits * 2 + (letter === "-" || letter === "S" || letter === "T" ? 0 : 1), 0);
}

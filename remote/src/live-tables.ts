/** Asks a host for its tables and what they hold; and adds an address to one, or takes it out. */
import { randomBytes } from "node:crypto";
import { type LiveTable, readTableAddress, type TableName } from "@openbsd-vnet/server";
import type { Asked, RunOnHost } from "./live.ts";
import { asRoot, readRootAnswer } from "./live-rules.ts";
import { doasRule } from "./run.ts";
import { type ShellCommand, sh } from "./shell-words.ts";
import { readTables, TableContentsReader } from "./table-reader.ts";

/** All tables, those of anchors too, with their flags, sizes and counters. */
export const tablesCommand = asRoot("pfctl", "-a", "*", "-vv", "-s", "Tables");

const TABLES_LIMIT = 16 * 1024 * 1024;
/** The most that the addresses may take, in bytes: some fifteen for each. */
const ADDRESSES_LIMIT = 64 * 1024 * 1024;
/** So many tables are asked for by one command. */
const AT_ONCE = 200;

/** The tables of a host. */
export interface LoadedTables {
	readonly tables: readonly LiveTable[];
	/** Lines that were not understood. */
	readonly unread: number;
	/** What to allow in doas.conf for the addresses, where that was refused. */
	readonly allow?: string;
}

/**
 * The tables of a host with what they hold; of those that pfctl's optimizer makes, nothing.
 * @param user who we are on the host, for the line of doas.conf
 * @param only the addresses of this table alone
 */
export async function askTables(run: RunOnHost, user: string, only?: TableName, signal?: AbortSignal): Promise<Asked<LoadedTables>> {
	const options = { milliseconds: 120_000, ...(signal === undefined ? {} : { signal }) };
	const result = await run(tablesCommand.command, { ...options, limit: TABLES_LIMIT });
	const listed = readRootAnswer(result, user, tablesCommand.words);
	if (listed.kind !== "answered") return listed;
	const { tables, unread } = readTables(listed.text);
	const isAsked = (table: LiveTable): boolean =>
		!table.name.startsWith("__automatic_") &&
		table.count > 0 &&
		(only === undefined || (only.name === table.name && only.anchor === table.anchor));
	const asked = tables.filter(isAsked);
	const held = new Map<LiveTable, LiveTable>();
	const refused: LiveTable[] = [];
	for (let at = 0; at < asked.length; at += AT_ONCE) {
		const some = asked.slice(at, at + AT_ONCE);
		const marker = randomBytes(16).toString("hex");
		let reader = new TableContentsReader(marker);
		const outputTo = (): ((chunk: Buffer) => void) => {
			reader = new TableContentsReader(marker);
			return (chunk) => reader.take(chunk);
		};
		await run(contentsScript(marker, some), { ...options, limit: ADDRESSES_LIMIT, outputTo });
		for (const [index, { addresses, leftOut, status, said }] of reader.end().entries()) {
			const table = some[index];
			if (table === undefined) break;
			if (status === 0) held.set(table, { ...table, addresses, ...(leftOut > 0 ? { leftOut } : {}) });
			else if (/^doas: /m.test(said)) refused.push(table);
		}
	}
	const [first] = refused;
	return {
		kind: "answered",
		value: {
			tables: tables.map((table) => held.get(table) ?? (table.count === 0 ? { ...table, addresses: [] } : table)),
			unread,
			...(first === undefined ? {} : { allow: doasRule(user, refused.length === 1 ? ["pfctl", ...showWords(first)] : ["pfctl"]) }),
		},
	};
}

function showWords({ anchor, name }: TableName): readonly string[] {
	return [...(anchor === "" ? [] : ["-a", anchor]), "-t", name, "-T", "show"];
}

function contentsScript(marker: string, tables: readonly LiveTable[]): ShellCommand {
	const shows = tables.map((table) => sh`show ${showWords(table)}`);
	return sh`PATH="$PATH:/usr/bin:/bin:/usr/sbin:/sbin"; export PATH; become="doas -n"; [ "$(id -u)" -ne 0 ] || become=
show() { echo ${`${marker} begin`}; $become pfctl "$@" 2>&1; printf '\\n%s %s\\n' ${`${marker} end`} "$?"; }
${shows.reduce((before, next) => sh`${before}\n${next}`)}`;
}

/** What became of an address. */
export interface ChangedTable {
	/** False where it was, or was not, there already. */
	readonly isChanged: boolean;
}

/**
 * Adds an address to a table that is there, or takes it out.
 * @param address as `readTableAddress` has it
 */
export async function changeTable(
	run: RunOnHost,
	user: string,
	{ anchor, name }: TableName,
	action: "add" | "delete",
	address: string,
	signal?: AbortSignal,
): Promise<Asked<ChangedTable>> {
	if (readTableAddress(address) !== address) throw new TypeError("an address as pfctl prints it");
	const { command } = asRoot("pfctl", ...(anchor === "" ? [] : ["-a", anchor]), "-t", name, "-T", action, address);
	const result = await run(command, signal === undefined ? {} : { signal });
	// doas.conf cannot name what changes with every call.
	const answer = readRootAnswer(result, user, ["pfctl"]);
	if (answer.kind !== "answered") return answer;
	// `1/1 addresses added.`, on standard error (sbin/pfctl/pfctl_table.c).
	return { kind: "answered", value: { isChanged: /^1\/1 addresses (?:added|deleted)\.$/m.test(result.stderr) } };
}

/** `openbsd-vnet tables`: what the tables of a host's pf hold, beside its files; and what changes one, there or here. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { askTables, changeTable, type LoadedTables, type RunOnHost, run, withConnection } from "@openbsd-vnet/remote";
import {
	compareTables,
	filesOfHost,
	forgottenBy,
	type HostFolder,
	type KeptTable,
	keepTable,
	type NotKept,
	pfFacts,
	readTableAddress,
	readTableName,
	type TableName,
	type TableRow,
	tableFlags,
	tableNameText,
	unifiedDiff,
	uriOnHost,
	withInsertion,
} from "@openbsd-vnet/server";
import { UsageError } from "./arguments.ts";
import type { Done } from "./deploy.ts";
import { disk } from "./disk.ts";
import { exitStatus } from "./exit-status.ts";
import { namedHost } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { PathError, UnreachedError } from "./path-error.ts";
import { confirm } from "./prompts.ts";
import { connectTo, reached } from "./remote-host.ts";
import { columns, plain, stderr } from "./terminal.ts";
import { tell } from "./translations.ts";

export interface TablesCall {
	readonly host: string;
	readonly json: boolean;
	readonly config?: string | undefined;
	/** Only this one, as pfctl prints it: `spam@guests/db`. */
	readonly table?: string | undefined;
	/** An address that is added to it, or taken out of it, on the host. */
	readonly add?: string | undefined;
	readonly delete?: string | undefined;
	/** Writes what only the host has into a file of the folder. */
	readonly keep: boolean;
	/** Without asking. */
	readonly yes: boolean;
}

/** Asks a host for its tables. Status 1 where it has addresses that no file has. */
export async function runTables(call: TablesCall): Promise<Done> {
	const { host, json, config, table, keep } = call;
	const change = changeOf(call);
	if ((change !== undefined || keep) && table === undefined)
		throw new UsageError(tell("{0} is for {1}", change === undefined ? "--keep" : `--${change.action}`, "--table"));
	if (call.yes && change === undefined && !keep) throw new UsageError(tell("{0} is for {1}", "--yes", "--add, --delete, --keep"));
	if ((change !== undefined || keep) && !call.yes && (json || process.stdin.isTTY !== true))
		throw new UsageError(tell("it asks before it changes something: without a terminal, or with --json, say --yes"));
	const listed = await namedHost(host);
	if (keep && listed === undefined)
		throw new PathError(tell("no openbsd-vnet.json, here or above, names the host '{0}': there is no folder to write into", host));
	const files = listed && (await filesOfHost(disk, listed));
	const only = table === undefined ? undefined : readTableName(table);
	return await reached(() =>
		withConnection(
			() => connectTo(listed?.ssh ?? host, { config, name: host }),
			async (connection) => {
				const ask: RunOnHost = (command, options) => run(connection, command, options);
				const { user } = connection.target;
				const asked = await askTables(ask, user, only);
				if (asked.kind !== "answered") throw unread(host, asked);
				const pf = files && pfFacts(files);
				const rows = compareTables(pf, asked.value.tables).filter((row) => only === undefined || isSame(row, only));
				if (only !== undefined && rows.length === 0)
					throw new PathError(tell("neither {0} nor its files have a table <{1}>", plain(host), plain(table ?? "")));
				const [row] = rows;
				if (row !== undefined && change !== undefined) return await changed(call, ask, user, row, change);
				if (row !== undefined && keep && listed !== undefined && files !== undefined)
					return await kept(call, listed, files, row, keepTable(pf, files, row));
				return {
					output: json ? jsonOf("tables", asData(host, rows, asked.value)) : asText(host, rows, asked.value, only !== undefined),
					status: rows.some(({ onlyThere = [] }) => onlyThere.length > 0) ? exitStatus.found : exitStatus.done,
				};
			},
		),
	);
}

interface Change {
	readonly action: "add" | "delete";
	readonly address: string;
}

/** @throws UsageError where it is no address that pfctl may be given */
function changeOf({ add, delete: gone, keep }: TablesCall): Change | undefined {
	if ([add !== undefined, gone !== undefined, keep].filter(Boolean).length > 1)
		throw new UsageError(tell("give one of {0}", "--add, --delete, --keep"));
	const given = add ?? gone;
	if (given === undefined) return undefined;
	const address = readTableAddress(given);
	if (address === undefined) throw new UsageError(tell("{0}: not an address or network", given));
	return { action: add === undefined ? "delete" : "add", address };
}

function isSame(one: TableName, other: TableName): boolean {
	return one.name === other.name && one.anchor === other.anchor;
}

async function changed(call: TablesCall, ask: RunOnHost, user: string, row: TableRow, { action, address }: Change): Promise<Done> {
	const { host, json } = call;
	const name = tableNameText(row);
	// pfctl would make a table that is not there.
	if (row.live === undefined) throw new PathError(tell("{0} has no table <{1}> loaded", host, name));
	if (row.live.constant) throw new PathError(tell("<{0}> is const: nothing can be added to it, or taken out", name));
	const question =
		action === "add"
			? tell("Add {0} to <{1}> on {2}? (y/n)", address, plain(name), plain(host))
			: tell("Take {0} out of <{1}> on {2}? (y/n)", address, plain(name), plain(host));
	if (!call.yes && !(await confirm(`${question} `))) return { output: "", status: exitStatus.found };
	const done = await changeTable(ask, user, row, action, address);
	if (done.kind !== "answered") throw unread(host, done);
	const { isChanged } = done.value;
	const told = isChanged
		? action === "add"
			? tell(
					"{0} is in <{1}> now; connections that are there already go on: openbsd-vnet states {2} --address shows them",
					address,
					name,
					host,
				)
			: tell("{0} is no longer in <{1}>", address, name)
		: action === "add"
			? tell("{0} was in <{1}> already", address, name)
			: tell("{0} was not in <{1}>", address, name);
	const data = { host, table: row.name, anchor: row.anchor, action, address, changed: isChanged };
	return { output: json ? jsonOf("tables", data) : `${plain(told)}\n`, status: exitStatus.done };
}

const notKept: Readonly<Record<NotKept, () => string>> = {
	nothing: () => tell("it holds nothing that the files do not have"),
	constant: () => tell("it is const: what it holds is what its definition says"),
	unknown: () => tell("what only the host has is not known: a file that it reads is not here, or its addresses were not read"),
	"no-line": () => tell("no line of the files here defines it"),
};

async function kept(
	{ host, json, yes }: TablesCall,
	folder: HostFolder,
	files: ReadonlyMap<string, { readonly text: string }>,
	row: TableRow,
	change: KeptTable | NotKept,
): Promise<Done> {
	if (typeof change === "string") throw new PathError(tell("<{0}> cannot be kept: {1}", tableNameText(row), notKept[change]()));
	const written = change.files.map((one) => {
		const before = files.get(one.path)?.text ?? "";
		return { ...one, before, text: withInsertion(before, one) };
	});
	const diffs = written.map(
		({ path, before, text, isNew }) => `--- ${isNew ? "/dev/null" : `a${path}`}\n+++ b${path}\n${unifiedDiff(before, text)}`,
	);
	const note = tell(
		"Once this is deployed, loading the rules gives <{0}> what its file has: what comes into it later is then forgotten.",
		plain(tableNameText(row)),
	);
	if (!json) stderr.write(`${diffs.map((diff) => `${diff.replace(/\n$/, "")}\n`).join("")}${note}\n`);
	if (!yes && !(await confirm(`${tell("Write these files? (y/n)")} `))) return { output: "", status: exitStatus.found };
	for (const { path, text } of written) {
		const uri = uriOnHost(folder, path);
		if (uri === undefined) throw new PathError(tell("{0} has no place in {1}", path, fileURLToPath(folder.root)));
		await mkdir(dirname(fileURLToPath(uri)), { recursive: true });
		await writeFile(fileURLToPath(uri), text);
	}
	const data = {
		host,
		table: row.name,
		anchor: row.anchor,
		kept: change.path,
		addresses: change.addresses,
		files: change.files.map(({ path }) => path),
	};
	return {
		output: json ? jsonOf("tables", data) : `${tell("{0} addresses are in {1} now", change.addresses.length, plain(change.path))}\n`,
		status: exitStatus.done,
	};
}

function unread(
	host: string,
	answer: { readonly kind: "refused"; readonly allow: string } | { readonly kind: "failed"; readonly message: string },
): Error {
	return new UnreachedError(
		answer.kind === "refused"
			? tell("{0} lets nobody but root do this. Allow it at the end of /etc/doas.conf: {1}", host, answer.allow)
			: tell("{0}: {1}", host, answer.message),
	);
}

/** The answer for programs: names that stay the same from version to version. */
function asData(host: string, rows: readonly TableRow[], { unread: lines }: LoadedTables): Extract<Outputs["tables"], { tables: unknown }> {
	return {
		host,
		unread: lines,
		tables: rows.map(({ name, anchor, live, file, onlyThere, onlyHere, onReload }) => ({
			name,
			anchor,
			loaded:
				live === undefined
					? null
					: {
							const: live.constant,
							persist: live.persist,
							counters: live.counters,
							referenced: live.referenced || live.referencedBelow,
							count: live.count,
							...(live.cleared === undefined ? {} : { cleared: live.cleared }),
							...(live.evaluations === undefined ? {} : { evaluations: live.evaluations }),
							...(live.addresses === undefined ? {} : { addresses: live.addresses }),
							leftOut: live.leftOut ?? 0,
						},
			file: file === undefined ? null : { path: file.place?.file ?? "", count: file.count ?? null },
			onReload,
			onlyLoaded: onlyThere ?? null,
			onlyInFiles: onlyHere ?? null,
		})),
	};
}

const onReload: Readonly<Record<TableRow["onReload"], () => string>> = {
	replaces: () => tell("as in the files"),
	keeps: () => tell("stays"),
	goes: () => tell("GOES"),
	unknown: () => tell("unknown"),
};

/** So many addresses of a table are shown where it was not asked for alone. */
const FEW = 5;

function asText(host: string, rows: readonly TableRow[], { unread: lines, allow }: LoadedTables, alone: boolean): string {
	const count = (many: number | undefined): string => (many === undefined ? "?" : String(many));
	const cells = rows.map((row) => [
		tableNameText(row),
		tableFlags(row).join(",") || (row.live === undefined ? tell("not loaded") : "-"),
		count(row.live?.count ?? 0),
		row.file === undefined ? "-" : count(row.file.count),
		count(row.onlyThere?.length),
		count(row.onlyHere?.length),
		row.live?.evaluations === undefined
			? "-"
			: `${row.live.evaluations.match}/${row.live.evaluations.match + row.live.evaluations.noMatch}`,
		onReload[row.onReload](),
	]);
	const head = [
		tell("TABLE"),
		tell("FLAGS"),
		tell("HOST"),
		tell("FILES"),
		tell("ONLY HOST"),
		tell("ONLY FILES"),
		tell("MATCHED"),
		tell("ON RELOAD"),
	];
	const all = rows.reduce((sum, { onlyThere = [] }) => sum + onlyThere.length, 0);
	const notes = [
		tell(
			"{0}: tables: {1}; addresses in no file: {2}, of which loading the rules forgets {3}, a restart all",
			plain(host),
			rows.length,
			all,
			forgottenBy(rows),
		),
		...(allow === undefined ? [] : [tell("what tables hold was not read; allow in /etc/doas.conf: {0}", plain(allow))]),
		...(lines > 0 ? [tell("{0} lines were not understood", lines)] : []),
	];
	const most = alone ? Number.POSITIVE_INFINITY : FEW;
	const listed = rows.flatMap((row) => [...sideOf(row, "+", row.onlyThere, most), ...sideOf(row, "-", row.onlyHere, most)]);
	return [rows.length === 0 ? "" : columns([head, ...cells]), ...listed, ...notes.map((note) => `# ${note}\n`)].join("");
}

/** `+ 192.0.2.1` of what only the host has, `-` of what only the files have. */
function sideOf(row: TableRow, sign: string, addresses: readonly string[] | undefined, most: number): readonly string[] {
	if (addresses === undefined || addresses.length === 0) return [];
	const name = plain(tableNameText(row));
	const more = addresses.length > most ? [`${sign} ${tell("<{0}>: {1} more", name, addresses.length - most)}\n`] : [];
	return [...addresses.slice(0, most).map((address) => `${sign} <${name}> ${plain(address)}\n`), ...more];
}

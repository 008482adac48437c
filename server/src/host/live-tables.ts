/** The tables of a running pf beside those of the host's files: what loading the files again would make of each, and how it is kept. */
import { formatIp, masked, networkText, parseIp, splitMask } from "../pf/names/address.ts";
import type { Rule, Table, TableEntry } from "../pf/rules.ts";
import { PF_CONF } from "../text/host-paths.ts";
import type { Place } from "../text/place.ts";
import type { PfFacts } from "./filter.ts";

/** A table is known by its name and the path of its anchor, which is empty for the main ruleset. */
export interface TableName {
	readonly anchor: string;
	readonly name: string;
}

/** A table that a host has loaded. */
export interface LiveTable extends TableName {
	readonly constant: boolean;
	readonly persist: boolean;
	/** Rules of its own ruleset name it. */
	readonly referenced: boolean;
	/** Rules of anchors below name it. */
	readonly referencedBelow: boolean;
	readonly counters: boolean;
	/** How many addresses it holds. */
	readonly count: number;
	/** Since when it counts, in the host's words and by its clock; absent where the host does not know. */
	readonly cleared?: string;
	/** How often rules have asked it, and found an address or none. */
	readonly evaluations?: { readonly match: number; readonly noMatch: number };
	/** As pfctl prints them; undefined where they were not read. */
	readonly addresses?: readonly string[];
	/** Addresses beyond those that are read. */
	readonly leftOut?: number;
}

/**
 * What loading the host's files again makes of a table. `replaces`: it then holds what the files say. `keeps`: what it holds stays.
 * `goes`: it is no longer there.
 */
export type OnReload = "replaces" | "keeps" | "goes" | "unknown";

export interface TableRow extends TableName {
	/** Undefined where the host has not loaded it. */
	readonly live?: LiveTable;
	/** How the files define it; undefined where they do not. */
	readonly file?: {
		readonly table: Table;
		readonly place: Place | undefined;
		/** How many addresses it is given; undefined where that is not known. */
		readonly count: number | undefined;
	};
	/** Addresses of the host that no file has; undefined where either side is not known. */
	readonly onlyThere: readonly string[] | undefined;
	/** Addresses of the files that the host has not. */
	readonly onlyHere: readonly string[] | undefined;
	readonly onReload: OnReload;
}

/** As pfctl prints it: `spam@guests/db`. */
export function tableNameText({ anchor, name }: TableName): string {
	return anchor === "" ? name : `${name}@${anchor}`;
}

/** Reads such a name; a `@` may be part of a table's own name, of an anchor's not. */
export function readTableName(text: string): TableName {
	const at = text.lastIndexOf("@");
	return at <= 0 ? { name: text, anchor: "" } : { name: text.slice(0, at), anchor: text.slice(at + 1) };
}

/**
 * An address or network of a table as pfctl prints it; undefined for whatever else: no names, no interfaces, no masks that are no
 * prefix. It is one word of digits, and may begin with `!`.
 */
export function readTableAddress(text: string): string | undefined {
	const negated = text.startsWith("!");
	const split = splitMask(negated ? text.slice(1) : text);
	if ("error" in split) return undefined;
	if (!/^[0-9a-fA-F:.]{2,45}$/.test(split.host) || !/^[0-9a-fA-F:.]+(?:\/\d{1,3})?$/.test(negated ? text.slice(1) : text)) return undefined;
	const ip = parseIp(split.host);
	const width = ip?.family === "inet" ? 32 : 128;
	if (ip === undefined || split.bits > width) return undefined;
	return entryText({ family: ip.family, address: ip.address, bits: split.bits < 0 ? width : split.bits, negated });
}

function entryText({ family, address, bits, negated }: Pick<TableEntry, "family" | "address" | "bits" | "negated">): string {
	const width = family === "inet" ? 32 : 128;
	return `${negated ? "!" : ""}${bits >= width ? formatIp(masked(address, width), family) : networkText(address, bits, family)}`;
}

/** How a table is, in words of pf.conf: as the host has it, else as the files say. */
export function tableFlags({ live, file }: TableRow): readonly string[] {
	return [
		...((live?.constant ?? file?.table.constant) ? ["const"] : []),
		...((live?.persist ?? file?.table.persist) ? ["persist"] : []),
		...((live?.counters ?? file?.table.counters) ? ["counters"] : []),
	];
}

/** How many addresses are gone once the files are loaded again. */
export function forgottenBy(rows: readonly TableRow[]): number {
	const isEmptied = ({ onReload }: TableRow): boolean => onReload === "replaces" || onReload === "goes";
	return rows.reduce((sum, row) => sum + (isEmptied(row) ? (row.onlyThere?.length ?? 0) : 0), 0);
}

/** All tables of the host and of its files, those of pfctl's optimizer left out: it makes them each time. */
export function compareTables(pf: PfFacts | undefined, live: readonly LiveTable[]): readonly TableRow[] {
	const written = new Map<string, readonly [TableName, Table]>();
	// A file that is loaded into an anchor does not know which.
	for (const [anchor, { tables }] of pf === undefined ? [] : [["", pf.ruleset.main] as const, ...pf.ruleset.anchors]) {
		for (const table of tables) {
			const name: TableName = { anchor, name: table.name };
			if (table.statement >= 0 && !isAutomatic(name)) written.set(tableNameText(name), [name, table]);
		}
	}
	const rows: TableRow[] = [];
	for (const one of live) {
		if (isAutomatic(one)) continue;
		const key = tableNameText(one);
		rows.push(rowOf(pf, one, one, written.get(key)?.[1]));
		written.delete(key);
	}
	for (const [name, table] of written.values()) rows.push(rowOf(pf, name, undefined, table));
	return rows.sort((a, b) => compare(a.anchor, b.anchor) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function isAutomatic({ name }: TableName): boolean {
	return name.startsWith("__automatic_");
}

function rowOf(pf: PfFacts | undefined, { anchor, name }: TableName, live: LiveTable | undefined, table: Table | undefined): TableRow {
	const entries = table && entriesOf(table);
	const file = table && { table, place: pf?.placeOfTable(table), count: entries?.size };
	const own = live?.addresses;
	const isCompared = own !== undefined && live?.leftOut === undefined && (table === undefined ? pf !== undefined : entries !== undefined);
	const there = isCompared ? new Set(own) : undefined;
	return {
		anchor,
		name,
		...(live === undefined ? {} : { live }),
		...(file === undefined ? {} : { file }),
		onlyThere: there && own?.filter((address) => entries?.has(address) !== true),
		onlyHere: there && [...(entries ?? [])].filter((address) => !there.has(address)),
		onReload: onReload(pf, { anchor, name }, live, table),
	};
}

/** What the files give a table; undefined where a file is not here, or an address is one that only the host can tell. */
function entriesOf({ entries, incomplete, sources }: Table): ReadonlySet<string> | undefined {
	const isSymbolic = sources.some((source) => source.kind === "addresses" && source.items.some(({ match }) => match.kind !== "network"));
	return incomplete || isSymbolic ? undefined : new Set(entries.map(entryText));
}

/** As the kernel of OpenBSD 7.6 was seen to do it. */
function onReload(pf: PfFacts | undefined, name: TableName, live: LiveTable | undefined, table: Table | undefined): OnReload {
	// What is neither persistent nor named by a rule, the kernel does not keep, whatever it is given.
	if (pf !== undefined && table?.persist === false && !isNamed(pf, name) && !isNamedBelow(pf, name))
		return live?.referencedBelow === true || pf.incomplete === true ? "unknown" : "goes";
	if (table?.initialised === true) return "replaces";
	if (table !== undefined) return "keeps";
	// One that is persistent stays, whatever is loaded.
	if (live?.persist === true) return "keeps";
	if (pf === undefined || live === undefined || pf.incomplete === true) return "unknown";
	if (live.referencedBelow || isNamed(pf, live)) return "keeps";
	// Anchors that no file loads are not touched.
	return live.anchor === "" || pf.ruleset.anchors.has(live.anchor) ? "goes" : "keeps";
}

/** Whether a rule or a limiter of the files names a table that they do not define: pfctl then makes it. */
function isNamed({ ruleset }: PfFacts, { anchor, name }: TableName): boolean {
	const rules = (anchor === "" ? ruleset.main : ruleset.anchors.get(anchor))?.rules ?? [];
	return (
		rules.some((rule) => names(rule, name)) || ruleset.definitions.some((one) => one.kind === "limiter" && one.limiter.table?.name === name)
	);
}

/** Whether a rule of any anchor names a table of the main ruleset: one that the anchor does not have is looked for there. */
function isNamedBelow({ ruleset }: PfFacts, { anchor, name }: TableName): boolean {
	return anchor === "" && [...ruleset.anchors.values()].some(({ rules }) => rules.some((rule) => names(rule, name)));
}

function names({ source, destination, nat, rdr, route, stateOptions }: Rule, name: string): boolean {
	return (
		stateOptions.overload?.table === name ||
		[source, destination, nat, rdr, route?.pool].some((part) => part?.address.kind === "table" && part.address.name === name)
	);
}

/** Files that keep what a table holds. */
export interface KeptTable {
	/** The file of addresses, by its path on the host. */
	readonly path: string;
	readonly addresses: readonly string[];
	/** What is written: the addresses, and their file's name into the definition where it is not there yet. */
	readonly files: readonly Insertion[];
}

/** What is put into a file, or makes a new one. */
export interface Insertion {
	/** On the host. */
	readonly path: string;
	readonly isNew: boolean;
	readonly offset: number;
	readonly text: string;
}

/** A file with what is put into it. @param before its text; none of a new one */
export function withInsertion(before: string, { offset, text }: Insertion): string {
	return before.slice(0, offset) + text + before.slice(offset);
}

/** Why a table cannot be kept by a file. */
export type NotKept = "nothing" | "constant" | "unknown" | "no-line";

/**
 * Writes the addresses that only the host has into a file, and names it in the table's definition. A file that the table reads already
 * is continued. From then on loading the rules gives the table what its file has.
 */
export function keepTable(
	pf: PfFacts | undefined,
	files: ReadonlyMap<string, { readonly text: string }>,
	{ anchor, name, live, file, onlyThere }: TableRow,
): KeptTable | NotKept {
	if (live === undefined || onlyThere === undefined || pf === undefined) return "unknown";
	if (file?.table.constant === true) return "constant";
	if (onlyThere.length === 0) return "nothing";
	const named = file?.table.sources.flatMap((source) => (source.kind === "file" ? [source.path] : [])) ?? [];
	const known = named.find((path) => files.has(path));
	if (known !== undefined) {
		const before = files.get(known)?.text ?? "";
		const text = `${before === "" || before.endsWith("\n") ? "" : "\n"}${linesOf(onlyThere)}`;
		return { path: known, addresses: onlyThere, files: [{ path: known, isNew: false, offset: before.length, text }] };
	}
	const path = freePath({ anchor, name }, files);
	const addresses: Insertion = { path, isNew: true, offset: 0, text: linesOf(onlyThere) };
	const changed = file === undefined ? undefinedTable(pf, files, { anchor, name }, path) : namedIn(files, file.place, path);
	return changed === undefined ? "no-line" : { path, addresses: onlyThere, files: [addresses, changed] };
}

function linesOf(addresses: readonly string[]): string {
	return addresses.map((address) => `${address}\n`).join("");
}

/** Behind what the definition says already: a table may have lists and files beside each other. */
function namedIn(files: ReadonlyMap<string, { readonly text: string }>, place: Place | undefined, path: string): Insertion | undefined {
	const text = place && files.get(place.file)?.text;
	if (place === undefined || text === undefined) return undefined;
	const statement = text.slice(place.span.start, place.span.end).trimEnd();
	// A definition that a macro or an included file completes is none that words can be put behind.
	if (!/^table\s*</.test(statement)) return undefined;
	return { path: place.file, isNew: false, offset: place.span.start + statement.length, text: ` file "${path}"` };
}

/** A definition for a table of the main ruleset that has none, before the first rule. */
function undefinedTable(
	{ ruleset, place }: PfFacts,
	files: ReadonlyMap<string, { readonly text: string }>,
	{ anchor, name }: TableName,
	path: string,
): Insertion | undefined {
	const text = files.get(PF_CONF)?.text;
	if (anchor !== "" || text === undefined || !/^[A-Za-z0-9_.-]+$/.test(name)) return undefined;
	const starts = ruleset.main.rules.map(place).flatMap(({ file, span }) => (file === PF_CONF ? [span.start] : []));
	const first = starts.length === 0 ? text.length : Math.min(...starts);
	const offset = first === 0 ? 0 : text.lastIndexOf("\n", first - 1) + 1;
	return { path: PF_CONF, isNew: false, offset, text: `table <${name}> persist file "${path}"\n` };
}

/** A file of its own below /etc, which is deployed with the rules. */
function freePath({ anchor, name }: TableName, files: ReadonlyMap<string, unknown>): string {
	const words = [...anchor.split("/"), name].filter((word) => word !== "").map((word) => word.replace(/[^A-Za-z0-9_-]/g, "_"));
	const path = `/etc/pf.table.${words.join(".")}`;
	let free = path;
	for (let n = 2; files.has(free); n++) free = `${path}.${n}`;
	return free;
}

/** Reads what pfctl prints of tables (sbin/pfctl/pfctl_table.c): the list of them, and as it comes, what each holds. */
import { type LiveTable, readTableAddress, readTableName } from "@openbsd-vnet/server";

/** pf.conf may allow more tables than the kernel's 1000; so many are kept. */
const MOST_TABLES = 10_000;
/** pf's own limit of all tables together is 200,000, unless pf.conf says otherwise. */
const MOST_ADDRESSES = 500_000;
/** A longer line is none of pfctl's: the name of an anchor may have 1024 characters. */
const LONGEST_LINE = 1200;

type Growing = { -readonly [Key in keyof LiveTable]: LiveTable[Key] };

/** Reads `pfctl -a '*' -vv -s Tables` (print_tstats()). Lines that are none of its are counted. */
export function readTables(text: string): { readonly tables: readonly LiveTable[]; readonly unread: number } {
	const tables: Growing[] = [];
	let current: Growing | undefined;
	let unread = 0;
	for (const line of text.split("\n")) {
		if (line === "") continue;
		if (line.length <= LONGEST_LINE && line.startsWith("\t")) {
			if (current === undefined || !readDetail(current, line)) unread++;
			continue;
		}
		current = line.length <= LONGEST_LINE ? readOpening(line) : undefined;
		if (current === undefined || tables.length === MOST_TABLES) unread++;
		// One that a load is under way for, or that rules of anchors look for in vain, holds nothing (`a` is active).
		else if (line[2] === "a") tables.push(current);
	}
	return { tables, unread };
}

/** `-pa-r-C`, a tab, and the name with its anchor. */
function readOpening(line: string): Growing | undefined {
	const [, flags, said] = /^([c-][p-][a-][i-][r-][h-][C-])\t([^\t]+)$/.exec(line) ?? [];
	if (flags === undefined || said === undefined) return undefined;
	const { name, anchor } = readTableName(said);
	// PF_TABLE_NAME_SIZE
	if (name.length > 31 || !/^[!-~]+$/.test(name) || !/^[!-~]*$/.test(anchor)) return undefined;
	return {
		name,
		anchor,
		constant: flags[0] === "c",
		persist: flags[1] === "p",
		referenced: flags[4] === "r",
		referencedBelow: flags[5] === "h",
		counters: flags[6] === "C",
		count: 0,
	};
}

function readDetail(table: Growing, line: string): boolean {
	const [, count] = /^\tAddresses: +(\d{1,10})$/.exec(line) ?? [];
	if (count !== undefined) {
		table.count = Number(count);
		return true;
	}
	const [, cleared, year] = /^\tCleared: +([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (\d{4}))$/.exec(line) ?? [];
	if (cleared !== undefined) {
		// The kernel does not know it of a table that pfctl has made for a rule, and says 1 January 1970.
		if (year !== "1970") table.cleared = cleared;
		return true;
	}
	const [, noMatch, match] = /^\tEvaluations: \[ NoMatch: (\d{1,20}) +Match: (\d{1,20}) +\]$/.exec(line) ?? [];
	if (noMatch !== undefined && match !== undefined) {
		table.evaluations = { match: Number(match), noMatch: Number(noMatch) };
		return true;
	}
	return /^\t(?:References: |(?:In|Out)\/(?:Block|Match|Pass|XPass): ) *\[ .*\]$/.test(line);
}

/** What a table was found to hold. */
export interface ReadAddresses {
	readonly addresses: readonly string[];
	readonly leftOut: number;
	/** How the command ended; undefined where the answer was cut before. */
	readonly status: number | undefined;
	/** What it said that is no address. */
	readonly said: string;
}

/**
 * Takes the answers to `pfctl -T show` for many tables, piece by piece: each between two lines with a marker that the host cannot know
 * beforehand, `MARKER begin` and `MARKER end STATUS`.
 */
export class TableContentsReader {
	readonly #marker: string;
	readonly #tables: ReadAddresses[] = [];
	#current: { addresses: string[]; leftOut: number; said: string } | undefined;
	#rest = "";
	#room: number;

	/** @param most so many addresses are kept, of all tables together */
	constructor(marker: string, most = MOST_ADDRESSES) {
		this.#marker = marker;
		this.#room = most;
	}

	take(chunk: Buffer): void {
		const text = this.#rest + chunk.toString("latin1");
		let begin = 0;
		for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", begin)) {
			this.#line(text.slice(begin, end));
			begin = end + 1;
		}
		// Of an endless line as much is kept as shows that it is too long.
		this.#rest = text.slice(begin, begin + LONGEST_LINE + 1);
	}

	/** In the order in which they were asked for. */
	end(): readonly ReadAddresses[] {
		this.#finish(undefined);
		return this.#tables;
	}

	#line(line: string): void {
		if (line.startsWith(this.#marker)) {
			const word = line.slice(this.#marker.length);
			if (word === " begin") {
				this.#finish(undefined);
				this.#current = { addresses: [], leftOut: 0, said: "" };
				return;
			}
			const [, status] = /^ end (\d{1,3})$/.exec(word) ?? [];
			if (status !== undefined) return this.#finish(Number(status));
		}
		const table = this.#current;
		if (table === undefined || line === "") return;
		const address = /^ {2}[ !]\S{2,50}$/.test(line) ? readTableAddress(line.trimStart()) : undefined;
		if (address === undefined) {
			if (table.said.length < LONGEST_LINE) table.said += `${line.slice(0, LONGEST_LINE)}\n`;
		} else if (this.#room > 0) {
			this.#room--;
			table.addresses.push(address);
		} else table.leftOut++;
	}

	#finish(status: number | undefined): void {
		const table = this.#current;
		this.#current = undefined;
		if (table !== undefined) this.#tables.push({ ...table, status });
	}
}

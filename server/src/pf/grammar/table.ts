/** Tables: their addresses, from the ruleset and from files (process_tabledef() of parse.y, pfctl_radix.c). */
import type { Span } from "../../text/span.ts";
import type { ResolvedHost } from "../names/hosts.ts";
import type { System } from "../names/system.ts";
import type { Table, TableEntry, TableSource } from "../rules.ts";
import { type Saying, saying } from "../words/messages.ts";

/** A table as it is being read. */
export interface TableDraft {
	readonly name: string;
	constant: boolean;
	persist: boolean;
	counters: boolean;
	initialised: boolean;
	readonly sources: (
		| { readonly kind: "file"; readonly path: string }
		| { readonly kind: "hosts"; readonly hosts: readonly ResolvedHost[] }
	)[];
}

interface Around {
	readonly anchor: string;
	readonly statement: number;
	readonly words: Span;
	complain(said: Saying): void;
}

type Refused = { readonly refused: Saying };

export const readTable = {
	start(name: string): TableDraft {
		return { name, constant: false, persist: false, counters: false, initialised: false, sources: [] };
	},

	/** The table with the contents of its files, or the message that pfctl refuses it with. */
	finish(draft: TableDraft, system: System, around: Around): Table | Refused {
		const entries: TableEntry[] = [];
		const sources: TableSource[] = [];
		let incomplete = false;
		for (const source of draft.sources) {
			if (source.kind === "file") {
				sources.push(source);
				const file = source.path === "/dev/null" ? { text: "" } : system.file(source.path);
				if (file === "missing") return { refused: saying('cannot load "{0}": No such file or directory', source.path) };
				if (file === "unknown") incomplete = true;
				else {
					const read = readEntries(file.text, system, entries, around);
					if (read === "refused") return { refused: saying('file "{0}" contains bad data', source.path) };
					incomplete ||= read === "in part";
				}
				continue;
			}
			sources.push({
				kind: "addresses",
				items: source.hosts.map(({ match, family, negated }) => ({ match, family, negated })),
			});
			for (const host of source.hosts) {
				if (host.match.kind === "unresolved") incomplete = true;
				else if (!addEntry(entries, host, host.negated)) return { refused: saying("cannot create address buffer: Invalid argument") };
			}
		}
		const { name, constant, persist, counters, initialised } = draft;
		return {
			name,
			anchor: around.anchor,
			statement: around.statement,
			words: around.words,
			constant,
			persist,
			counters,
			initialised,
			sources,
			entries,
			incomplete,
		};
	},
};

/** append_addr_host() */
function addEntry(entries: TableEntry[], { family, match, weight }: ResolvedHost, negated: boolean): boolean {
	if (family === undefined || match.kind !== "network" || match.bits > (family === "inet" ? 32 : 128)) return false;
	entries.push({ family, address: match.address, bits: match.bits, negated, weight });
	return true;
}

/**
 * pfr_buf_load(): words parted by blanks, comments up to the end of the line, `!` for entries that are not in it. It is read
 * in part where it has names whose addresses are not known here.
 */
function readEntries(text: string, system: System, entries: TableEntry[], around: Around): "whole" | "in part" | "refused" {
	let unresolved = false;
	let weight = false;
	for (const [word] of text.matchAll(/#[^\n]*|\S+/g)) {
		if (word.startsWith("#")) continue;
		if (word === "weight") {
			weight = true;
			continue;
		}
		if (weight) {
			weight = false;
			const value = Number(word);
			const last = entries.pop();
			if (!Number.isInteger(value) || value < 1 || value > 65535) {
				around.complain(saying("failed to convert weight {0}", word));
				return "refused";
			}
			if (last !== undefined) entries.push({ ...last, weight: value });
			continue;
		}
		const bangs = word.length - word.replace(/^!+/, "").length;
		const result = system.names.host(word.slice(bangs));
		if ("complaints" in result) {
			for (const said of result.complaints) around.complain(said);
			return "refused";
		}
		for (const host of result) {
			if (host.match.kind === "unresolved") unresolved = true;
			else if (!addEntry(entries, host, bangs % 2 === 1)) return "refused";
		}
	}
	if (weight) return "refused";
	return unresolved ? "in part" : "whole";
}

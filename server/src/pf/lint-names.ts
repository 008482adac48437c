/** Checks of tables, macros, tags and queues: what is defined and never used, or used and never filled. */
import type { Mark, SymbolUse } from "../text/language.ts";
import { say } from "../text/message.ts";
import type { Span } from "../text/span.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import { inNetwork } from "./address.ts";
import { focus, hint, information, type LintFile, type PfCheck, rulesOf, tablesOf, warning } from "./lint-check.ts";
import { printAddress } from "./print.ts";
import type { Rule, Table, TableEntry } from "./rules.ts";

/** The uses of the names of one kind, by name, in the order of the file. */
function usesOf(file: LintFile, kind: SymbolKind): Map<string, { readonly span: Span; readonly use: SymbolUse["use"] }[]> {
	const uses = new Map<string, { span: Span; use: SymbolUse["use"] }[]>();
	for (const { span, symbol } of file.marks()) {
		if (symbol?.kind !== kind) continue;
		const own = uses.get(symbol.name) ?? [];
		own.push({ span, use: symbol.use });
		uses.set(symbol.name, own);
	}
	return uses;
}

/** Whether the file reads or fills others, which may use its names. */
function isAlone(file: LintFile): boolean {
	return !file.marks().some(({ entry }: Mark) => entry?.group === "statement" && (entry.name === "include" || entry.name === "load"));
}

/** Whether there are rules here; a file of definitions is there for others. */
function hasRules(file: LintFile): boolean {
	for (const rule of rulesOf(file)) if (file.place(rule)?.file === file.path) return true;
	return false;
}

/** The definitions of a kind that nothing in the file refers to. */
function unused(file: LintFile, kind: SymbolKind, own: SymbolUse["use"]): readonly (readonly [name: string, span: Span])[] {
	if (!isAlone(file) || !hasRules(file)) return [];
	return [...usesOf(file, kind)].flatMap(([name, uses]) =>
		uses.every(({ use }) => use === own) ? uses.map(({ span }) => [name, span] as const) : [],
	);
}

function tableSpan(file: LintFile, table: Table): Span | undefined {
	const place = file.place(table);
	if (place === undefined || place.file !== file.path) return undefined;
	return file.marks(place.span).find(({ symbol }) => symbol?.kind === "table" && symbol.use === "define")?.span ?? place.span;
}

function entryText({ address, bits, family, negated }: TableEntry): string {
	return `${negated ? "!" : ""}${printAddress({ kind: "network", address, bits }, family)}`;
}

/** The tables that rules name as addresses. */
function namedTables(file: LintFile): Map<string, Rule[]> {
	const named = new Map<string, Rule[]>();
	for (const rule of rulesOf(file)) {
		for (const { address } of [rule.source, rule.destination]) {
			if (address.kind !== "table") continue;
			const own = named.get(address.name) ?? [];
			own.push(rule);
			named.set(address.name, own);
		}
	}
	return named;
}

export const nameChecks = {
	"pf/unused-macro": hint(
		["A macro that nothing uses", "It may be left over, or a use is misspelt.", "Remove it.", 'wan = "em0"\npass out\n'],
		(file, report) => {
			for (const [name, span] of unused(file, "macro", "define"))
				report(span, say('The macro "{0}" is not used', name), { tags: ["unnecessary"] });
		},
	),

	"pf/unused-table": hint(
		[
			"A table that nothing uses",
			"Without `persist`, the kernel drops a table that no rule names.",
			"Use it, remove it, or add `persist`.",
			"table <lan> { 10.0.0.0/8 }\npass out\n",
		],
		(file, report) => {
			const persistent = new Set([...tablesOf(file)].filter(({ persist }) => persist).map(({ name }) => name));
			for (const [name, span] of unused(file, "table", "define")) {
				if (!persistent.has(name))
					report(span, say("No rule names the table <{0}>", name), {
						tags: ["unnecessary"],
						advice: say("Add `persist` if it is filled from outside."),
					});
			}
		},
	),

	"pf/undefined-table": information(
		[
			"A table that nothing defines",
			"pfctl accepts it: a table without a definition is empty until `pfctl -t` fills it, and the rule matches nothing.",
			"Define it: `table <name> persist`.",
			"block in from <bad>\n",
		],
		(file, report) => {
			if (!isAlone(file) || file.path !== "/etc/pf.conf") return;
			for (const [name, uses] of usesOf(file, "table")) {
				const [first] = uses;
				if (first === undefined || uses.some(({ use }) => use === "define")) continue;
				report(first.span, say("The table <{0}> is not defined here, so it is empty", name), {
					advice: say("Add `table <{0}> persist`.", name),
				});
			}
		},
	),

	"pf/tag-never-set": warning(
		[
			"A tag that no rule sets",
			"`tagged` then matches nothing; `! tagged` matches all.",
			"Set it with `tag`, or correct its spelling.",
			"pass in on em1 tag LAN\npass out on egress tagged lan\n",
		],
		(file, report) => {
			// The rules of an anchor's file see the tags of the rules that call it.
			if (!isAlone(file) || file.path !== "/etc/pf.conf") return;
			if (file.ruleset.main.rules.some(({ anchor }) => anchor !== undefined && anchor.block === undefined)) return;
			for (const [name, uses] of usesOf(file, "tag")) {
				if (uses.some(({ use }) => use === "set")) continue;
				for (const { span } of uses) report(span, say('No rule sets the tag "{0}"', name));
			}
		},
	),

	"pf/tag-never-tested": hint(
		["A tag that no rule tests", "It has no effect here.", "Test it with `tagged`, or remove it.", "pass in on em1 tag LAN\n"],
		(file, report) => {
			if (file.path !== "/etc/pf.conf") return;
			if (file.ruleset.main.rules.some(({ anchor }) => anchor !== undefined && anchor.block === undefined)) return;
			for (const [name, span] of unused(file, "tag", "set"))
				report(span, say('No rule tests the tag "{0}"', name), { tags: ["unnecessary"] });
		},
	),

	"pf/single-address-table": hint(
		[
			"A constant table of one address",
			"The address in the rule says the same.",
			"Write the address, or drop `const` if more are to come.",
			"table <dns> const { 10.0.0.53 }\npass out to <dns>\n",
		],
		(file, report) => {
			for (const table of tablesOf(file)) {
				const [only, ...others] = table.entries;
				if (!table.constant || table.incomplete || table.persist || only === undefined || others.length > 0) continue;
				if (table.sources.some(({ kind }) => kind === "file")) continue;
				const span = tableSpan(file, table);
				if (span !== undefined) report(span, say("The table <{0}> holds one address only", table.name));
			}
		},
	),

	"pf/empty-table": warning(
		[
			"A constant table without addresses",
			"Nothing can be added to it, so rules that name it match nothing.",
			"Give it addresses, or drop `const`.",
			"table <web> const { }\npass in to <web>\n",
		],
		(file, report) => {
			for (const table of tablesOf(file)) {
				if (!table.constant || table.incomplete || table.entries.length > 0) continue;
				const span = tableSpan(file, table);
				if (span !== undefined) report(span, say("The table <{0}> is empty and cannot be filled", table.name));
			}
		},
	),

	"pf/repeated-address": hint(
		[
			"An address twice in one table",
			"The kernel keeps it once; where one of the two is negated, the first one counts.",
			"Remove one.",
			"table <a> { 10.0.0.1 10.0.0.1 }\npass to <a>\n",
		],
		(file, report) => {
			for (const table of tablesOf(file)) {
				const seen = new Set<string>();
				const repeated = table.entries.find((entry) => {
					const text = entryText({ ...entry, negated: false });
					if (seen.has(`${entry.family} ${text}`)) return true;
					seen.add(`${entry.family} ${text}`);
					return false;
				});
				const span = repeated === undefined ? undefined : tableSpan(file, table);
				if (span !== undefined && repeated !== undefined) {
					report(span, say("{0} is in the table <{1}> more than once", entryText({ ...repeated, negated: false }), table.name));
				}
			}
		},
	),

	"pf/idle-negation": warning(
		[
			"A negated address that nothing includes",
			"An entry with `!` takes an address out of a wider entry; alone it has no effect.",
			"Remove it, or add the network that it is to be taken from.",
			"table <a> { 10.0.0.0/8 !192.168.0.1 }\npass to <a>\n",
		],
		(file, report) => {
			for (const table of tablesOf(file)) {
				if (table.incomplete || table.entries.length > 10_000) continue;
				for (const entry of table.entries) {
					if (!entry.negated) continue;
					const wider = (other: TableEntry) =>
						!other.negated &&
						other.family === entry.family &&
						other.bits < entry.bits &&
						inNetwork(entry.address, other.address, other.bits);
					if (table.entries.some(wider)) continue;
					const span = tableSpan(file, table);
					if (span !== undefined) report(span, say("{0} takes nothing out of the table <{1}>", entryText(entry), table.name));
				}
			}
		},
	),

	"pf/covered-address": hint(
		[
			"An address that another entry of the table includes",
			"It adds nothing.",
			"Remove it.",
			"table <a> { 10.0.0.0/8 10.1.2.3 }\npass to <a>\n",
		],
		(file, report) => {
			for (const table of tablesOf(file)) {
				if (table.entries.length > 1000 || table.entries.some(({ negated }) => negated)) continue;
				for (const entry of table.entries) {
					const wider = table.entries.find(
						(other) => other.family === entry.family && other.bits < entry.bits && inNetwork(entry.address, other.address, other.bits),
					);
					const span = wider === undefined ? undefined : tableSpan(file, table);
					if (wider === undefined || span === undefined) continue;
					report(span, say("{0} is already within {1} in the table <{2}>", entryText(entry), entryText(wider), table.name));
					break;
				}
			}
		},
	),

	"pf/overload-without-block": warning(
		[
			"`overload` into a table that nothing blocks",
			"Sources that exceed the limit are put into the table and come back at once.",
			"Add `block in quick from <table>` before.",
			"table <bad> persist\npass in proto tcp to port ssh keep state (max-src-conn 9, overload <bad>)\n",
		],
		(file, report) => {
			if (!isAlone(file)) return;
			const named = namedTables(file);
			const told = new Set<number>();
			for (const rule of rulesOf(file)) {
				const { overload } = rule.stateOptions;
				if (overload === undefined || told.has(rule.statement) || named.get(overload.table)?.some(({ action }) => action === "block"))
					continue;
				told.add(rule.statement);
				const span = focus(file, rule, ["overload"]);
				if (span !== undefined) {
					report(span, say("Nothing blocks the sources in <{0}>", overload.table), {
						advice: say("Add `block in quick from <{0}>` before this rule.", overload.table),
					});
				}
			}
		},
	),

	"pf/overload-constant": warning(
		[
			"`overload` into a constant table",
			"Nothing can be added to it while pf runs.",
			"Use `persist` instead of `const`.",
			"table <bad> const { 192.0.2.1 }\nblock in quick from <bad>\npass in proto tcp to port ssh keep state (max-src-conn 9, overload <bad>)\n",
		],
		(file, report) => {
			const constant = new Set([...tablesOf(file)].filter((table) => table.constant).map(({ name }) => name));
			for (const rule of rulesOf(file)) {
				const { overload } = rule.stateOptions;
				if (overload === undefined || !constant.has(overload.table)) continue;
				const span = focus(file, rule, ["overload"]);
				if (span !== undefined)
					report(span, say("Nothing can be added to <{0}>: it is constant", overload.table), {
						advice: say("Write `persist` instead of `const`."),
					});
			}
		},
	),

	"pf/queue-never-filled": hint(
		[
			"A queue that no rule fills",
			"It is not the default, nothing is below it, and no rule assigns packets to it.",
			"Use it with `set queue`, or remove it.",
			"queue main on em0 bandwidth 9M\nqueue std parent main bandwidth 8M default\nqueue web parent main bandwidth 1M\npass out\n",
		],
		(file, report) => {
			if (!isAlone(file)) return;
			const { queues } = file.ruleset;
			const filled = new Set([...rulesOf(file)].flatMap(({ set }) => set?.queue ?? []));
			const parents = new Set(queues.map(({ parent }) => parent));
			const told = new Set<string>();
			for (const queue of queues) {
				if (queue.default || filled.has(queue.name) || parents.has(queue.name) || queue.parent === "" || told.has(queue.name)) continue;
				if (file.ruleset.main.rules.some(({ anchor }) => anchor !== undefined && anchor.block === undefined)) continue;
				told.add(queue.name);
				const span = focus(file, queue, ["queue"], true);
				if (span !== undefined) report(span, say('No rule puts packets into the queue "{0}"', queue.name), { tags: ["unnecessary"] });
			}
		},
	),
} as const satisfies Readonly<Record<string, PfCheck>>;

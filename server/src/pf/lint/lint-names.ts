/** Checks of tables, macros, tags and queues: what is defined and never used, or used and never filled. */

import type { TextEdit } from "../../text/diagnostic.ts";
import { PF_CONF } from "../../text/host-paths.ts";
import type { SymbolUse, SyntaxToken } from "../../text/language.ts";
import { msg } from "../../text/message.ts";
import { type Span, shifted } from "../../text/span.ts";
import { inNetwork } from "../names/address.ts";
import type { Table, TableEntry } from "../rules.ts";
import { printAddress } from "../ruleset/print.ts";
import { focus, hint, information, type LintFile, type LintStatement, type PfCheck, type PlacedStatement, warning } from "./lint-check.ts";
import {
	endOfWord,
	fix,
	insertion,
	lineAbove,
	persistent,
	placed,
	removal,
	withoutEntry,
	withoutStatement,
	wordsOf,
} from "./lint-fixes.ts";

type Named = "macro" | "table" | "tag";

/** A word of a statement: where it stands in the file. */
interface Found {
	readonly statement: PlacedStatement;
	readonly token: SyntaxToken;
	readonly span: Span;
}

/** Where the file uses names so, in order. */
function* placesOf(
	file: LintFile,
	kind: Named,
	use: SymbolUse["use"],
	names: ReadonlySet<string>,
): Generator<readonly [name: string, found: Found]> {
	if (names.size === 0) return;
	for (const statement of file.having(`${kind} ${use}`, (name) => names.has(name)))
		for (const token of statement.tokens) {
			const { span, symbol } = token;
			if (symbol?.kind === kind && symbol.use === use && names.has(symbol.name))
				yield [symbol.name, { statement, token, span: shifted(span, statement.at) }];
		}
}

/** The names that the file uses in one way and never in another. */
function lacking(file: LintFile, kind: Named, used: SymbolUse["use"], lacks: SymbolUse["use"]): ReadonlySet<string> {
	const found = new Set<string>();
	for (const [name] of file.names(`${kind} ${used}`)) if (file.count(`${kind} ${lacks}`, name) === 0) found.add(name);
	return found;
}

/** Whether the file reads others, which may use its names. */
export function isAlone(file: LintFile): boolean {
	return file.count("reads a file") === 0;
}

/** The names that no statement that pfctl refuses has in its text, understood or not. */
export function notInBroken(file: LintFile, names: ReadonlySet<string>): ReadonlySet<string> {
	if (names.size === 0 || file.count("broken") === 0) return names;
	const words = new Set<string>();
	for (const { text } of file.having("broken")) for (const [word] of text.matchAll(/[^\s{}()<>"'$,!=]+/g)) words.add(word);
	return new Set([...names].filter((name) => !words.has(name)));
}

/** The definitions of a kind that nothing in the file refers to; none in a file without rules, which is there for others. */
function* unused(file: LintFile, kind: Named, own: "define" | "set"): Generator<readonly [name: string, found: Found]> {
	if (!isAlone(file) || file.count("rule") === 0) return;
	const names = [...notInBroken(file, lacking(file, kind, own, "refer"))];
	// What stands there without its sign is told of where it stands.
	yield* placesOf(file, kind, own, new Set(names.filter((name) => file.count("bare word", name) === 0)));
}

function tableSpan({ tokens }: LintStatement, { words }: Table): Span {
	const name = tokens.find(
		({ span, symbol }) => symbol?.kind === "table" && symbol.use === "define" && span.start >= words.start && span.end <= words.end,
	);
	return name?.span ?? words;
}

function entryText({ address, bits, family, negated }: TableEntry): string {
	return `${negated ? "!" : ""}${printAddress({ kind: "network", address, bits }, family)}`;
}

/** Where rules put sources into a table that exceed a limit. */
function* overloads(file: LintFile, table: string): Generator<{ readonly statement: PlacedStatement; readonly span: Span }> {
	for (const statement of file.having("overload", (name) => name === table)) {
		let told: Span | undefined;
		for (const { stateOptions, words } of statement.rules) {
			if (stateOptions.overload?.table !== table || words === told) continue;
			told = words;
			yield { statement, span: shifted(focus(statement, words, ["overload"]), statement.at) };
		}
	}
}

/** Whether a block of a table counts: quick, or behind the rules that fill it. */
function isBlocked(file: LintFile, table: string): boolean {
	const filled = [...file.having("overload", (name) => name === table)];
	const last = filled.at(-1)?.at ?? 0;
	const quick = filled.some(({ rules }) => rules.some((rule) => rule.quick && rule.stateOptions.overload?.table === table));
	for (const { at, rules } of file.having("blocked table", (name) => name === table)) {
		if (rules.some((rule) => rule.action === "block" && rule.quick) || (!quick && at > last)) return true;
	}
	return false;
}

/** The line of some words, with its newline. */
function wholeLine({ text }: LintStatement, { start, end }: Span): TextEdit {
	const from = text.lastIndexOf("\n", start - 1) + 1;
	const to = text.indexOf("\n", end);
	return { span: { start: from, end: to < 0 ? end : to + 1 }, text: "" };
}

export const nameChecks = {
	"pf/unused-macro": hint.file(
		["A macro that nothing uses", "It may be left over, or a use is misspelt.", "Remove it."],
		(file, report) => {
			for (const [name, { statement, span }] of unused(file, "macro", "define")) {
				const fixes = placed(fix(msg("Remove this macro"), [withoutStatement(statement)]), statement.at);
				report(span, msg('The macro "{0}" is not used', name), { tags: ["unnecessary"], fixes });
			}
		},
	),

	"pf/unused-table": hint.file(
		[
			"A table that nothing uses",
			"Without `persist`, the kernel drops a table that no rule names.",
			"Use it, remove it, or add `persist`.",
		],
		(file, report) => {
			for (const [name, { statement, token, span }] of unused(file, "table", "define")) {
				if (file.count("persistent table", name) > 0) continue;
				const fixes = [
					...(statement.tokens.find(({ kind }) => kind !== "comment")?.entry?.name === "table"
						? fix(msg("Remove this table"), [withoutStatement(statement)], false)
						: []),
					...fix(msg("Add `{0}`", "persist"), [insertion(token.span.end + 1, " persist")], false),
				];
				report(span, msg("No rule names the table <{0}>", name), {
					tags: ["unnecessary"],
					advice: msg("Add `persist` if it is filled from outside."),
					fixes: placed(fixes, statement.at),
				});
			}
		},
	),

	"pf/undefined-table": information.file(
		[
			"A table that nothing defines",
			"pfctl accepts it: a table without a definition is empty until `pfctl -t` fills it, and the rule matches nothing.",
			"Define it: `table <name> persist`.",
		],
		(file, report) => {
			if (!isAlone(file) || file.path !== PF_CONF) return;
			const told = new Set<string>();
			for (const [name, { statement, span }] of placesOf(
				file,
				"table",
				"refer",
				notInBroken(file, lacking(file, "table", "refer", "define")),
			)) {
				if (told.has(name)) continue;
				told.add(name);
				const define = fix(msg("Define the table <{0}>", name), [lineAbove(statement, `table <${name}> persist`)]);
				report(span, msg("The table <{0}> is not defined here, so it is empty", name), {
					advice: msg("Add `table <{0}> persist`.", name),
					fixes: placed(define, statement.at),
				});
			}
		},
	),

	"pf/tag-never-set": warning.file(
		["A tag that no rule sets", "`tagged` then matches nothing; `! tagged` matches all.", "Set it with `tag`, or correct its spelling."],
		(file, report) => {
			// The rules of an anchor's file see the tags of the rules that call it.
			if (!isAlone(file) || file.path !== PF_CONF) return;
			if (file.count("main call") > 0) return;
			const unset = notInBroken(file, lacking(file, "tag", "refer", "set"));
			for (const [name, { span }] of placesOf(file, "tag", "refer", unset)) report(span, msg('No rule sets the tag "{0}"', name));
		},
	),

	"pf/tag-never-tested": hint.file(
		["A tag that no rule tests", "It has no effect here.", "Test it with `tagged`, or remove it."],
		(file, report) => {
			if (file.path !== PF_CONF) return;
			if (file.count("main call") > 0) return;
			let last: PlacedStatement | undefined;
			let before = new Map<SyntaxToken, SyntaxToken | undefined>();
			for (const [name, { statement, token, span }] of unused(file, "tag", "set")) {
				if (statement !== last) {
					const words = wordsOf(statement);
					before = new Map(words.map((word, index) => [word, words[index - 1]]));
					last = statement;
				}
				const word = before.get(token);
				const edits = word?.entry?.name === "tag" ? [removal(statement, { start: word.span.start, end: endOfWord(statement, token) })] : [];
				report(span, msg('No rule tests the tag "{0}"', name), {
					tags: ["unnecessary"],
					...(edits.length > 0 && { fixes: placed(fix(msg("Remove `{0}`", `tag ${name}`), edits, false), statement.at) }),
				});
			}
		},
	),

	"pf/single-address-table": hint.statement(
		[
			"A constant table of one address",
			"The address in the rule says the same.",
			"Write the address, or drop `const` if more are to come.",
		],
		"tables",
		(statement, report) => {
			for (const table of statement.tables) {
				const [only, ...others] = table.entries;
				if (!table.constant || table.incomplete || table.persist || only === undefined || others.length > 0) continue;
				if (table.sources.some(({ kind }) => kind === "file")) continue;
				report(tableSpan(statement, table), msg("The table <{0}> holds one address only", table.name), {
					fixes: persistent(statement, table),
				});
			}
		},
	),

	"pf/empty-table": warning.statement(
		[
			"A constant table without addresses",
			"Nothing can be added to it, so rules that name it match nothing.",
			"Give it addresses, or drop `const`.",
		],
		"tables",
		(statement, report) => {
			for (const table of statement.tables) {
				if (!table.constant || table.incomplete || table.entries.length > 0) continue;
				report(tableSpan(statement, table), msg("The table <{0}> is empty and cannot be filled", table.name), {
					fixes: persistent(statement, table),
				});
			}
		},
	),

	"pf/table-in-braces": warning.statement(
		[
			"A table in the braces of an anchor",
			"`pfctl -n` accepts it, but the kernel mostly refuses to load it (Device busy), and with it the whole ruleset: at boot the rules that rc(8) begins with stay.",
			"Define it above the anchor: rules of anchors find the tables of the main ruleset.",
		],
		"tables",
		(statement, report) => {
			for (const table of statement.tables) {
				if (table.anchor === "") continue;
				const line = statement.text.slice(table.words.start, table.words.end).trim();
				const other = statement.tables.some(({ name }, index) => name === table.name && statement.tables[index] !== table);
				const movable = !other && !line.includes("\n") && !line.includes("#");
				report(tableSpan(statement, table), msg("The kernel may refuse the table <{0}>, and with it the ruleset", table.name), {
					advice: msg("Define it above the anchor: rules of anchors find the tables of the main ruleset."),
					fixes: movable
						? fix(msg("Move it above the anchor"), [lineAbove(statement, line), wholeLine(statement, table.words)], false)
						: [],
				});
			}
		},
	),

	"pf/repeated-address": hint.statement(
		["An address twice in one table", "The kernel keeps it once; where one of the two is negated, the first one counts.", "Remove one."],
		"tables",
		(statement, report) => {
			for (const table of statement.tables) {
				const seen = new Set<string>();
				const repeated = table.entries.find((entry) => {
					const text = entryText({ ...entry, negated: false });
					if (seen.has(`${entry.family} ${text}`)) return true;
					seen.add(`${entry.family} ${text}`);
					return false;
				});
				if (repeated !== undefined) {
					report(
						tableSpan(statement, table),
						msg("{0} is in the table <{1}> more than once", entryText({ ...repeated, negated: false }), table.name),
						{ fixes: withoutEntry(statement, table, repeated, msg("Remove `{0}`", entryText(repeated))) },
					);
				}
			}
		},
	),

	"pf/idle-negation": warning.statement(
		[
			"A negated address that nothing includes",
			"An entry with `!` takes an address out of a wider entry; alone it has no effect.",
			"Remove it, or add the network that it is to be taken from.",
		],
		"tables",
		(statement, report) => {
			for (const table of statement.tables) {
				if (table.incomplete || table.entries.length > 10_000) continue;
				for (const entry of table.entries) {
					if (!entry.negated) continue;
					const wider = (other: TableEntry) =>
						!other.negated &&
						other.family === entry.family &&
						other.bits < entry.bits &&
						inNetwork(entry.address, other.address, other.bits);
					if (table.entries.some(wider)) continue;
					report(tableSpan(statement, table), msg("{0} takes nothing out of the table <{1}>", entryText(entry), table.name), {
						fixes: withoutEntry(statement, table, entry, msg("Remove `{0}`", entryText(entry))),
					});
				}
			}
		},
	),

	"pf/covered-address": hint.statement(
		["An address that another entry of the table includes", "It adds nothing.", "Remove it."],
		"tables",
		(statement, report) => {
			for (const table of statement.tables) {
				if (table.entries.length > 1000 || table.entries.some(({ negated }) => negated)) continue;
				for (const entry of table.entries) {
					const wider = table.entries.find(
						(other) => other.family === entry.family && other.bits < entry.bits && inNetwork(entry.address, other.address, other.bits),
					);
					if (wider === undefined) continue;
					report(
						tableSpan(statement, table),
						msg("{0} is already within {1} in the table <{2}>", entryText(entry), entryText(wider), table.name),
						{ fixes: withoutEntry(statement, table, entry, msg("Remove `{0}`", entryText(entry))) },
					);
					break;
				}
			}
		},
	),

	"pf/overload-without-block": warning.file(
		[
			"`overload` into a table that nothing blocks",
			"Sources that exceed the limit are put into the table and come back at once.",
			"Add `block in quick from <table>` before.",
		],
		(file, report) => {
			if (!isAlone(file)) return;
			// What another rule does with its sources, slow them down say, may be what it is for.
			const unblocked = [...file.names("overload")].flatMap(([table]) =>
				file.count("asked table", table) > 0 || isBlocked(file, table) ? [] : [table],
			);
			for (const table of notInBroken(file, new Set(unblocked))) {
				const rule = `block in quick from <${table}>`;
				const idle = [...file.having("blocked table", (name) => name === table)];
				for (const { statement, span } of overloads(file, table)) {
					const more = {
						advice: msg("Add `block in quick from <{0}>` before this rule.", table),
						fixes: placed(fix(msg("Add `{0}`", rule), [lineAbove(statement, rule)]), statement.at),
					};
					if (idle.length === 0) report(span, msg("Nothing blocks the sources in <{0}>", table), more);
					for (const { at, rules } of idle) {
						const { words } = rules[0] ?? {};
						if (words === undefined) continue;
						report(shifted(words, at), msg("What this blocks of <{0}> is passed again below", table), {
							...more,
							advice: msg("The last matching rule wins: write `block in quick`."),
						});
					}
					if (idle.length > 0) break;
				}
			}
		},
	),

	"pf/overload-constant": warning.file(
		[
			"`overload` into a constant table",
			"pf adds sources to it, but pfctl may take none out again: `-T delete` and `-T expire` are refused, so who is in it stays there until the ruleset is loaded again.",
			"Use `persist` instead of `const`.",
		],
		(file, report) => {
			for (const [table] of file.names("overload")) {
				if (file.count("constant table", table) === 0) continue;
				const [definition] = file.having("constant table", (name) => name === table);
				const own = definition?.tables.find(({ name }) => name === table);
				const fixes = definition === undefined || own === undefined ? [] : placed(persistent(definition, own), definition.at);
				for (const { span } of overloads(file, table))
					report(span, msg("Who gets into <{0}> cannot be taken out again: it is constant", table), {
						advice: msg("Write `persist` instead of `const`."),
						fixes,
					});
			}
		},
	),

	"pf/queue-never-filled": hint.file(
		[
			"A queue that no rule fills",
			"It is not the default, nothing is below it, and no rule assigns packets to it.",
			"Use it with `set queue`, or remove it.",
		],
		(file, report) => {
			if (!isAlone(file) || file.count("main call") > 0) return;
			const idle = new Set<string>();
			for (const [queue] of file.names("queue to fill"))
				if (file.count("fills", queue) === 0 && file.count("parent queue", queue) === 0) idle.add(queue);
			const left = new Set(notInBroken(file, idle));
			if (left.size === 0) return;
			for (const statement of file.having("queue to fill", (queue) => left.has(queue))) {
				const { at, text, tokens } = statement;
				const name = tokens.find(({ symbol }) => symbol?.kind === "queue" && symbol.use === "define");
				const queue = name?.symbol?.name ?? "";
				// Of the queues of one name the first one is told of.
				if (!left.delete(queue)) continue;
				const span = shifted(name?.span ?? { start: 0, end: text.length }, at);
				report(span, msg('No rule puts packets into the queue "{0}"', queue), {
					tags: ["unnecessary"],
					fixes: placed(fix(msg("Remove this queue"), [withoutStatement(statement)], false), at),
				});
			}
		},
	),
} as const satisfies Readonly<Record<string, PfCheck>>;

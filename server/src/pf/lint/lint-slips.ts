/** Checks of slips that pfctl takes for something else: a sign or a word left out, a name used twice. */
import type { Fix } from "../../text/diagnostic.ts";
import type { SyntaxToken } from "../../text/language.ts";
import { msg } from "../../text/message.ts";
import { type Span, shifted } from "../../text/span.ts";
import { IPPROTO } from "../names/protocols.ts";
import { openbsdServices } from "../names/services.ts";
import type { EndpointMatch, Rule, Table } from "../rules.ts";
import { printAddress } from "../ruleset/print.ts";
import { focus, type LintFile, type LintStatement, type PfCheck, type PlacedStatement, warning } from "./lint-check.ts";
import { find, fix, insertion, placed, withoutStatement, wordOf, wordsOf } from "./lint-fixes.ts";
import { isAlone } from "./lint-names.ts";

/** Ports from which servers do open connections: active FTP. */
const FROM_SERVERS: ReadonlySet<number> = new Set([20]);
const SERVICES = openbsdServices();
const SYN = 2;

/** Whether a rule passes connections that come from the port of a service: clients choose ports that no service has. */
function isFromService({ action, protocol, state, flags, flagSet, source, destination, rdr }: Rule): boolean {
	const { port } = source;
	if (protocol !== IPPROTO.tcp || port?.op !== "=" || destination.port !== undefined || FROM_SERVERS.has(port.low)) return false;
	if (action === "pass" ? state === "none" : action !== "match" || rdr === undefined) return false;
	if (action === "pass" && (flags & flagSet & SYN) === 0) return false;
	return port.low < 1024 || SERVICES.name(port.low, "tcp") !== undefined;
}

/** The address of an interface that an end asks for: neither its network nor what else it may stand for. */
function interfaceOf({ address, negated }: EndpointMatch): string | undefined {
	if (negated) return undefined;
	if (address.kind === "dynamic") return address.part === "address" ? address.interface : undefined;
	return address.kind === "unresolved" && /^[a-z]+\d*(?::0)?$/.test(address.name) ? address.name.replace(":0", "") : undefined;
}

/** Whether a rule passes what goes from an interface's own address into it, or out of it to that address. */
function isExchanged({ action, direction, interface: name, interfaceNegated, source, destination, route, rtable }: Rule): boolean {
	if (action === "block" || direction === undefined || interfaceNegated || route !== undefined || rtable >= 0) return false;
	const address = interfaceOf(direction === "in" ? source : destination);
	if (address === undefined || (address !== name && address !== "self")) return false;
	// Such packets do cross lo0, and another routing domain.
	if (name === "" || /^(?:lo|pair|enc|tap|veb|bridge|all$|any$)/.test(name)) return false;
	return interfaceOf(direction === "in" ? destination : source) !== address;
}

/** Whether an end asks for one address that is a netmask: eight bits or more, and no broadcast. */
function isNetmask({ address }: EndpointMatch): boolean {
	if (address.kind !== "network" || address.bits !== 32) return false;
	const mask = address.address.a >>> 0;
	const zeros = ~mask >>> 0;
	return mask >>> 24 === 255 && zeros !== 0 && (zeros & (zeros + 1)) === 0;
}

/** `from any port 22` → `from any to port 22`, where nothing else is said of the destination. */
function toPort(statement: LintStatement, rule: Rule): readonly Fix[] {
	const words = wordsOf(statement, rule.words);
	const from = find(words, "from");
	const port = words.find(({ entry }, index) => index > (from?.index ?? -1) && entry?.name === "port");
	if (from === undefined || port === undefined || find(words, "to") !== undefined) return [];
	// A macro behind the port may hold the destination.
	if (words.slice(words.indexOf(port) + 2).some((token) => wordOf(statement, token).startsWith("$"))) return [];
	return fix(msg("Write `{0}`", "to port"), [insertion(port.span.start, "to ")]);
}

/** The words of a statement that are a name as it stands, without a sign that makes it a macro or a table. */
function bareWords(statement: LintStatement, name: string): readonly SyntaxToken[] {
	const places = new Set(["interface", "interface-group", undefined]);
	return statement.tokens.filter((token) => {
		if (token.kind === "comment" || !places.has(token.symbol?.kind)) return false;
		return wordOf(statement, token) === name && (token.symbol !== undefined || token.kind === "address");
	});
}

/** Whether the file uses a name as that of an interface or a group. */
function isInterface(file: LintFile, name: string): boolean {
	for (const statement of file.having("bare word", (one) => one === name))
		if (bareWords(statement, name).some(({ kind }) => kind !== "address")) return true;
	return false;
}

/** The macros of the file whose value is their own name: the bare word says the same. */
function isItsOwnValue(file: LintFile, name: string): boolean {
	for (const { text } of file.having("macro define", (one) => one === name))
		if (new RegExp(`\\b${name}\\s*=\\s*["']?${name}["']?\\s*(?:#|$)`, "m").test(text)) return true;
	return false;
}

/** The tables of a statement with their places in the file; a name counts within its anchor. */
function* tablesOf(file: LintFile, names: ReadonlySet<string>): Generator<readonly [PlacedStatement, Table]> {
	for (const statement of file.having("table define", (name) => names.has(name)))
		for (const table of statement.tables) if (names.has(table.name)) yield [statement, table];
}

function contentOf({ constant, persist, entries, sources }: Table): string {
	return JSON.stringify([constant, persist, entries, sources.filter(({ kind }) => kind === "file")]);
}

/** The addresses between the braces of a table's only list; undefined where it is written in another way. */
function listOf(statement: LintStatement, table: Table): Span | undefined {
	const words = wordsOf(statement, table.words);
	const open = words.filter((token) => wordOf(statement, token) === "{");
	const close = words.filter((token) => wordOf(statement, token) === "}");
	const [first, last] = [open[0], close[0]];
	if (first === undefined || last === undefined || open.length + close.length > 2) return undefined;
	return table.sources.some(({ kind }) => kind === "file") ? undefined : { start: first.span.end, end: last.span.start };
}

/** Puts the addresses of the second definition into the first. */
function joined(one: readonly [PlacedStatement, Table], other: readonly [PlacedStatement, Table]): readonly Fix[] {
	const [[first, table], [second, again]] = [one, other];
	const [into, from] = [listOf(first, table), listOf(second, again)];
	if (into === undefined || from === undefined || table.constant !== again.constant || first === second) return [];
	if (wordsOf(second)[0]?.entry?.name !== "table" || again.anchor !== "") return [];
	const added = second.text.slice(from.start, from.end).trim();
	const end = first.text.slice(0, into.end).trimEnd().length;
	const edits = [shiftedEdit(insertion(end, ` ${added}`), first.at), shiftedEdit(withoutStatement(second), second.at)];
	return added.includes("#") ? [] : fix(msg("Join the two tables"), edits);
}

function shiftedEdit(edit: { readonly span: Span; readonly text: string }, by: number) {
	return { ...edit, span: shifted(edit.span, by) };
}

/** What pfctl loads where one of the adaptive timeouts is set and the other isn't, and where no limit of states is. */
const DEFAULT_START = 60_000;
const DEFAULT_END = 120_000;
const DEFAULT_STATES = "100000";

/** Between which numbers of states timeouts shrink; undefined where the file sets neither, or it isn't known. */
function adaptiveTimeouts(file: LintFile): { readonly start: number; readonly end: number } | undefined {
	const starts = [...file.names("adaptive.start")].map(([value]) => Number(value));
	const ends = [...file.names("adaptive.end")].map(([value]) => Number(value));
	if (starts.length + ends.length === 0 || starts.length > 1 || ends.length > 1 || !isAlone(file)) return undefined;
	return { start: starts[0] ?? DEFAULT_START, end: ends[0] ?? DEFAULT_END };
}

/** Where a file sets when timeouts end, or when they begin to shrink. */
function placeOfAdaptive(file: LintFile): Span | undefined {
	for (const name of ["adaptive.end", "adaptive.start"] as const) {
		for (const statement of file.having(name)) {
			const word = statement.tokens.find(({ span }) => statement.text.slice(span.start, span.end).toLowerCase() === name);
			if (word !== undefined) return shifted(word.span, statement.at);
		}
	}
	return undefined;
}

export const slipChecks = {
	"pf/bare-name": warning.file(
		[
			"The name of a macro or a table without its sign",
			"pfctl takes the word for an interface, a group or a host of that name: the rule matches nothing, or the ruleset is refused.",
			"Write `$` before the name of a macro, and a table in `<` and `>`.",
		],
		(file, report) => {
			for (const [name] of file.names("bare word")) {
				const macro = file.count("macro define", name) > 0;
				if (!macro && (file.count("table define", name) === 0 || file.count("table refer", name) > 0)) continue;
				if (macro && isItsOwnValue(file, name)) continue;
				const right = macro ? `$${name}` : `<${name}>`;
				const message = macro ? msg("{0} is a macro: write {1}", name, right) : msg("{0} is a table: write {1}", name, right);
				// What stands where only an interface can is one, and a table may be called after it.
				if (!macro && isInterface(file, name)) continue;
				for (const statement of file.having("bare word", (one) => one === name))
					for (const { span } of bareWords(statement, name)) {
						report(shifted(span, statement.at), message, {
							advice: msg("As it stands, pfctl looks for an interface, a group or a host of that name."),
							fixes: placed(fix(msg("Write `{0}`", right), [{ span, text: right }]), statement.at),
						});
					}
			}
		},
	),

	"pf/own-address-exchanged": warning.rule(
		[
			"The host's own address at the wrong end",
			"What comes in by an interface does not have that interface's address as its source, and what goes out by it does not go to it: that stays on lo0.",
			"Write `to` in the place of `from` on the way in, `from` in the place of `to` on the way out.",
		],
		{
			about: "interface as address",
			applies: isExchanged,
			words: ["from", "to"],
			tell: ({ rule, statement }, report) => {
				const word = rule.direction === "in" ? "from" : "to";
				report(
					focus(statement, rule.words, [word]),
					rule.direction === "in"
						? msg("Nothing comes in by {0} with its own address as the source", rule.interface)
						: msg("Nothing goes out by {0} to its own address", rule.interface),
					{ advice: msg("Exchange source and destination: `from` is where a packet comes from.") },
				);
			},
		},
	),

	"pf/netmask-as-address": warning.rule(
		[
			"A netmask in the place of an address",
			"Behind an address, a mask is written as a number of bits. Alone it is an address that no host has: the rule matches no packet.",
			"Write a network, as in `192.0.2.0/23`.",
		],
		{
			about: "mask as address",
			applies: ({ source, destination }) => isNetmask(source) || isNetmask(destination),
			words: ["from", "to"],
			tell: ({ rule, statement }, report) => {
				const end = isNetmask(rule.source) ? rule.source : rule.destination;
				if (end.address.kind !== "network") return;
				const text = printAddress(end.address, "inet");
				report(
					focus(statement, rule.words, [end === rule.source ? "from" : "to"]),
					msg("{0} is a netmask: no host has it as its address", text),
					{ advice: msg("Write a network, as in `192.0.2.0/23`.") },
				);
			},
		},
	),

	"pf/adaptive-never": warning.file(
		[
			"Adaptive timeouts that never begin",
			"Timeouts shrink between `adaptive.start` and `adaptive.end` states, 60000 and 120000 where one of them is not set. Where the end isn't above the start, pf leaves them as they are, however many states there are.",
			"Write a larger `adaptive.end`, or 0 for both.",
		],
		(file, report) => {
			const { start, end } = adaptiveTimeouts(file) ?? { start: 0, end: 0 };
			if (start === 0 || end === 0 || start < end) return;
			const at = placeOfAdaptive(file);
			if (at !== undefined) report(at, msg("Timeouts stay as they are: they would shrink from {0} states on, to end at {1}", start, end));
		},
	),

	"pf/adaptive-below-limit": warning.file(
		[
			"Adaptive timeouts that end below the limit of states",
			"With `adaptive.end` states, all timeouts are zero: pf removes every state at once, and connections end. pf.conf(5) takes it for a number that is never reached, because the limit of states, 100000 where none is set, lies below it.",
			"Write a larger `adaptive.end`, or a smaller `set limit states`.",
		],
		(file, report) => {
			const { start, end } = adaptiveTimeouts(file) ?? { start: 0, end: 0 };
			const [[limit = DEFAULT_STATES] = [], ...others] = file.names("state limit");
			if (end === 0 || start >= end || others.length > 0 || end > Number(limit)) return;
			const at = placeOfAdaptive(file);
			if (at === undefined) return;
			report(at, msg("With {0} states pf removes all of them at once, and as many as {1} may be there", end, Number(limit)), {
				advice: msg("Write an `adaptive.end` above the limit of states."),
			});
		},
	),

	"pf/table-redefined": warning.file(
		[
			"A table that is defined twice",
			"pfctl says nothing, and the kernel keeps the addresses of the later definition only.",
			"Write all addresses into one definition, or give the tables two names.",
		],
		(file, report) => {
			const names = new Set<string>();
			for (const [name, count] of file.names("table define")) if (count > 1) names.add(name);
			if (names.size === 0) return;
			const first = new Map<string, readonly [PlacedStatement, Table]>();
			for (const [statement, table] of tablesOf(file, names)) {
				const key = `${table.anchor} ${table.name}`;
				const before = first.get(key);
				if (before === undefined) {
					first.set(key, [statement, table]);
					continue;
				}
				const [there, old] = before;
				if (contentOf(old) === contentOf(table)) continue;
				const name = ({ tokens }: LintStatement, { words }: Table) =>
					tokens.find(({ span, symbol }) => symbol?.kind === "table" && symbol.use === "define" && span.start >= words.start)?.span ??
					words;
				report(
					shifted(name(statement, table), statement.at),
					msg("The table <{0}> is defined above already: only this definition counts", table.name),
					{
						advice: msg("The kernel keeps the addresses of the last one."),
						related: [{ span: shifted(name(there, old), there.at), message: msg("What this one adds is lost") }],
						fixes: joined(before, [statement, table]),
					},
				);
			}
		},
	),

	"pf/service-as-source-port": warning.rule(
		[
			"The port of a service as the source port of connections",
			"A port behind `from` is that of the client, which chooses a free one: such a rule matches no connection to the service. Replies pass by the state of their connection.",
			"Write `to port`.",
		],
		{
			about: "source port",
			applies: isFromService,
			words: ["port"],
			withNext: true,
			tell: ({ span, rule, statement }, report) =>
				report(span, msg("This is the port that connections come from, not the one that they go to"), {
					advice: msg("Write `to port`; replies need no rule of their own."),
					fixes: toPort(statement, rule),
				}),
		},
	),
} as const satisfies Readonly<Record<string, PfCheck>>;

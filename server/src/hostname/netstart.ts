/** The commands that netstart(8) makes of a hostname.if(5) file (etc/netstart 1.234, parse_hn_line). */
import type { Span } from "../text/span.ts";
import { inserted, joined, type Line, type Mapped, placeOf, readLines, splitWords } from "./lexer.ts";
import { driverOf, isInterfaceName } from "./names.ts";

/** A command that netstart collects and later gives to the shell's `eval`. */
export interface NetstartCommand extends Mapped {
	/** The line that it comes from. */
	readonly line: Span;
	/** Whether the line was written as a shell command, with `!`. */
	readonly shell: boolean;
}

/** What netstart does with a line. */
export type LineFate =
	| { readonly kind: "command"; readonly index: number }
	/** `dest`: another word in the command before. */
	| { readonly kind: "destination"; readonly index: number }
	| { readonly kind: "ignored" }
	| { readonly kind: "blank" }
	/** The last line without a newline. */
	| { readonly kind: "dropped" };

export interface Run {
	readonly commands: readonly NetstartCommand[];
	readonly lines: readonly (Line & { readonly words: readonly Mapped[]; readonly fate: LineFate })[];
}

/** The addresses that `dest` lines put behind the same word of a command, set there once all lines are read: a file may hold a million. */
interface Destinations {
	readonly place: number;
	readonly added: Mapped[];
}

interface Reading {
	readonly commands: NetstartCommand[];
	/** By the command's index. */
	readonly destinations: Map<number, Destinations>;
}

/** The kinds of interfaces that netstart starts after all others, in their order: those that stand on others, and those that need routes (etc/netstart, ifmstart). */
const lateKinds = "aggr trunk svlan vlan carp pppoe tun tap gif etherip gre egre nvgre eoip vxlan pflow wg".split(" ");

/** Orders names of interfaces as netstart starts them at boot. */
export function startOrder(one: string, other: string): number {
	const late = (name: string): number => lateKinds.indexOf(name.replace(/[0-9].*$/, ""));
	return late(one) - late(other) || (one < other ? -1 : one > other ? 1 : 0);
}

/** The commands for one interface, with their places in `text`. A name that netstart skips has none. */
export function readAsNetstart(interfaceName: string, text: string): Run {
	const reading: Reading = { commands: [], destinations: new Map() };
	const read = isInterfaceName(interfaceName);
	const lines = readLines(text).map((line) => {
		const words = splitWords(line);
		return { ...line, words, fate: read ? take(reading, interfaceName, line, words) : ({ kind: "ignored" } as const) };
	});
	const commands = reading.commands.map((command, index) => {
		const destinations = reading.destinations.get(index);
		return destinations === undefined ? command : withDestinations(command, destinations);
	});
	return { commands, lines };
}

/** What `sh /etc/netstart -n IF` prints for the file, after the line that creates the interface. */
export function dryRun(interfaceName: string, text: string): string[] {
	return readAsNetstart(interfaceName, text).commands.map((command) => command.text);
}

function take(reading: Reading, name: string, line: Line, words: readonly Mapped[]): LineFate {
	const first = words[0]?.text ?? "";
	if (first === "" || first.startsWith("#")) return { kind: "blank" };
	if (!line.ended) return { kind: "dropped" };
	const add = (command: Mapped, shell = false): LineFate => {
		const index = reading.commands.push({ ...command, line: line.span, shell }) - 1;
		return { kind: "command", index };
	};
	const ifconfig = (rest: readonly Mapped[]): LineFate => add(joined([inserted(`ifconfig ${name}`), ...rest], " "));
	switch (first) {
		case "inet":
		case "inet6":
			return words.length < 2 ? { kind: "ignored" } : ifconfig(words[1]?.text === "autoconf" ? words : columns(first, words));
		case "dest":
			return destination(reading, words);
		case "dhcp":
			return ifconfig([inserted("inet"), { text: "autoconf", at: words[0]?.at.concat(words[0].at).slice(0, 8) ?? [] }]);
		default:
			return first.startsWith("!") ? add(shellCommand(name, words), true) : ifconfig(words);
	}
}

/** Words get their meaning by their place: address, mask or prefix length, broadcast address. */
function columns(family: "inet" | "inet6", words: readonly Mapped[]): readonly Mapped[] {
	const mask = words[1]?.text === "alias" ? 3 : 2;
	return words.map((word, i) => {
		if (i === mask) return joined([inserted(family === "inet" ? "netmask " : "prefixlen "), word]);
		if (family === "inet6" || i !== mask + 1) return word;
		return word.text.endsWith("NONE") ? inserted("") : joined([inserted("broadcast "), word]);
	});
}

/** `dest ADDRESS` goes behind the fourth word of the command before it, whatever that is; behind the fifth after `alias`. */
function destination({ commands, destinations }: Reading, words: readonly Mapped[]): LineFate {
	const [, address] = words;
	const index = commands.length - 1;
	const before = commands[index];
	if (address === undefined || words.length !== 2 || before === undefined) return { kind: "ignored" };
	const fate = { kind: "destination", index } as const;
	const others = destinations.get(index);
	if (others !== undefined) {
		others.added.push(joined([inserted(" "), address]));
		return fate;
	}
	// The command is split into words once more, so that its blanks are single from here on.
	const single = /^(?:[^ \t\n]+(?: [^ \t\n]+)*)?$/.test(before.text) ? before : joined(splitWords(before), " ");
	const place = /^(?:[^ \t\n]+ ){3}(?:alias (?=[^ \t\n])|(?!alias$))[^ \t\n]+/.exec(single.text)?.[0].length;
	if (place !== undefined) {
		commands[index] = { ...before, ...single };
		destinations.set(index, { place, added: [joined([inserted(" "), address])] });
		return fate;
	}
	// ksh prints a gap in an array as nothing: behind a short command the new word is an element of its own, after a blank.
	commands[index] = { ...before, ...joined([single, inserted(single.text === "" ? " " : "  "), address]) };
	return fate;
}

/** The command with the addresses in their place, the one read last before the others. */
function withDestinations(command: NetstartCommand, { place, added }: Destinations): NetstartCommand {
	return { ...command, ...joined([part(command, 0, place), ...added.toReversed(), part(command, place, command.text.length)]) };
}

/** The command behind `!`: `print` reads escapes, sed(1) replaces `$if`, and the substitution drops newlines at the end. */
function shellCommand(name: string, words: readonly Mapped[]): Mapped {
	const printed = escapesRead(joined(words, " "));
	const parts: Mapped[] = [];
	let from = 0;
	for (const { index } of printed.text.matchAll(/\$if/g)) {
		parts.push(part(printed, from, index), { text: name, at: Array.from({ length: name.length }, () => printed.at[index] ?? -1) });
		from = index + 3;
	}
	parts.push(part(printed, from, printed.text.length));
	const replaced = joined(parts);
	const end = replaced.text.replace(/\n+$/, "").length;
	return part(replaced, replaced.text.startsWith("!") ? 1 : 0, end);
}

function part({ text, at }: Mapped, start: number, end: number): Mapped {
	return { text: text.slice(start, end), at: at.slice(start, end) };
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

/** What ksh's `print` makes of backslashes; `read` has left those that were doubled. */
function escapesRead(words: Mapped): Mapped {
	const { text, at } = words;
	if (!text.includes("\\")) return words;
	const parts: Mapped[] = [];
	for (const { index, 0: whole } of text.matchAll(/\\(?:0[0-7]{0,3}|[\s\S])|[^\\]+|\\$/g)) {
		if (whole === "\\c") break;
		const octal = /^\\0([0-7]*)$/.exec(whole)?.[1];
		const code = octal === undefined ? undefined : Number.parseInt(octal, 8) & 255;
		const read =
			code !== undefined && !Number.isNaN(code) ? String.fromCharCode(code) : whole.startsWith("\\") ? ESCAPES[whole.slice(1)] : undefined;
		parts.push(read === undefined ? part(words, index, index + whole.length) : { text: read, at: [at[index] ?? -1] });
	}
	return joined(parts);
}

/** The place of a command in the file. */
export function sourceOf(command: NetstartCommand): Span {
	return placeOf(command) ?? command.line;
}

/** The drivers that netstart starts after all others, and then in this order (etc/netstart, ifmstart). */
const STARTED_LATER = "aggr trunk svlan vlan carp pppoe tun tap gif etherip gre egre nvgre eoip vxlan pflow wg".split(" ");

/** Names of interfaces in the order in which netstart configures them. */
export function inStartOrder(a: string, b: string): number {
	const [first, second] = [a, b].map((name) => STARTED_LATER.indexOf(driverOf(name)));
	return (first ?? -1) - (second ?? -1) || (a < b ? -1 : Number(a > b));
}

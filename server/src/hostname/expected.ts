/** What a hostname file would take at a place: the words that the interface's family has, and their arguments. */

import { hasChange, newestRelease, releaseOf } from "../releases/releases.ts";
import type { Expectation, Expected } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { Argument, Release } from "../text/vocabulary.ts";
import { bridgeRuleExpected } from "./bridge-rule.ts";
import { familyOf } from "./families.ts";
import { type IfconfigReading, ifconfig, newInterface } from "./ifconfig.ts";
import { type Mapped, readLines, splitWords } from "./lexer.ts";
import { readAsNetstart } from "./netstart.ts";
import { readShell } from "./shell.ts";
import { mediaWords } from "./values.ts";
import { type HostnameWord, lineWords, type ReleaseWords, wordOf, wordsOf } from "./vocabulary.ts";

const inet = wordOf("inet") as HostnameWord;

/** What networks mostly have; any other may be written. */
const NETMASKS = ["255.255.255.0", "255.255.255.128", "255.255.255.192", "255.255.255.252", "255.255.255.255", "255.255.0.0", "255.0.0.0"];
const PREFIX_LENGTHS = ["64", "128", "56", "48"];

/** `offset` is the cursor; what stands behind it on its line is not looked at. */
export function expectedAt(name: string, text: string, offset: number, release: Release = newestRelease): Expected {
	const { line, partial, replace } = lineBefore(text, offset);
	const words = splitWords(line).map((word) => word.text);
	const nothing: Expected = { replace: span(offset, offset), expectations: [] };
	if (/^[#!]/.test(words[0] ?? partial)) return nothing;
	const { key } = familyOf(name);
	const known = wordsOf(release);
	const fits = (entry: HostnameWord): boolean => entry.families.includes(key);
	const more = known.options.filter((entry) => fits(entry) && entry.name !== "inet" && entry.name !== "inet6");
	// A word that is none of ifconfig's is an address to it.
	const bare: readonly Expectation[] = fits(inet) ? [{ kind: "value", type: "address" }] : [];
	if (words.length === 0) return { replace, expectations: [...[...known.options, ...lineWords].filter(fits).map(keyword), ...bare] };
	const read = readBefore(name, line, partial, known);
	if (read === undefined) return nothing;
	if (words[0] === "dhcp") return { replace, expectations: [] };
	const byPlace = columnOf(words);
	if (byPlace !== undefined) return { replace, ...byPlace };
	const { next } = read;
	if (next === undefined) return { replace, expectations: [...more.map(keyword), ...bare] };
	if ("rule" in next) return { replace, expectations: bridgeRuleExpected(next.rule) };
	const { entry, index } = next;
	const expectations = argument(entry, index, key, release);
	if (entry.args[index]?.optional === true) expectations.push(...more.map(keyword));
	return { replace, expectations, argument: { entry, index } };
}

/** The line before the cursor as netstart reads it, the word apart that the cursor stands in. */
function lineBefore(text: string, offset: number): { readonly line: Mapped; readonly partial: string; readonly replace: Span } {
	const last = readLines(text.slice(0, offset)).at(-1);
	// A newline at the end begins a line, unless a backslash joins it to the one before.
	const whole: Mapped = last === undefined || last.ended ? { text: "", at: [] } : last;
	const partial = /[^ \t]*$/.exec(whole.text)?.[0] ?? "";
	const start = whole.text.length - partial.length;
	// A cursor that only touches the next word stands between words.
	const rest = partial === "" ? "" : (/^[^ \t\n\\]*/.exec(text.slice(offset))?.[0] ?? "");
	const line = { text: whole.text.slice(0, start), at: whole.at.slice(0, start) };
	return { line, partial, replace: span(whole.at[start] ?? offset, offset + rest.length) };
}

/** How ifconfig reads the words before the cursor; undefined in a quotation, a comment, or another command. */
function readBefore(name: string, line: Mapped, partial: string, words: ReleaseWords): Pick<IfconfigReading, "next"> | undefined {
	const command = readAsNetstart(name, `${line.text}\n`).commands.at(-1);
	if (command === undefined) return {};
	const { commands, comment, unclosed } = readShell(command, { _if: name });
	if (comment !== undefined || unclosed !== undefined || partial.startsWith("#")) return undefined;
	const [program, target, ...rest] = commands.at(-1) ?? [];
	if (program?.text !== "ifconfig" || target?.text !== name) return undefined;
	const around = { words, interfaces: undefined, resolve: () => true };
	return ifconfig(rest, newInterface(name, around), around);
}

function keyword(entry: HostnameWord): Expectation {
	return { kind: "keyword", entry };
}

/** The lines whose words have their meaning by their place, as netstart reads them. */
const lineArguments: Readonly<Record<string, HostnameWord | undefined>> = {
	inet: {
		...inet,
		args: [
			{ name: "address", type: "address" },
			{ name: "netmask", type: "netmask", optional: true },
			{ name: "broadcast", type: "address", optional: true },
		],
	},
	inet6: {
		...(wordOf("inet6") as HostnameWord),
		args: [
			{ name: "address", type: "address" },
			{ name: "prefixlen", type: "prefix-length", optional: true },
		],
	},
	dest: lineWords.find(({ name }) => name === "dest"),
};

function columnOf(words: readonly string[]): Pick<Expected, "expectations" | "argument"> | undefined {
	const [family = "", second] = words;
	const entry = lineArguments[family];
	if (entry === undefined || second === "autoconf") return undefined;
	const index = words.length - (second === "alias" && family !== "dest" ? 2 : 1);
	if (entry.args[index] === undefined) return family === "dest" ? { expectations: [] } : undefined;
	const argument = { entry, index };
	if (index === 0) {
		const starts = words.length > 1 || family === "dest" ? [] : ["alias", "autoconf"];
		return { expectations: [...starts.flatMap((name) => wordOf(name) ?? []).map(keyword), { kind: "value", type: "address" }], argument };
	}
	const expected: Expectation =
		family === "inet6"
			? { kind: "value", type: "prefix-length", choices: PREFIX_LENGTHS }
			: index === 1
				? { kind: "value", type: "netmask", choices: NETMASKS }
				: { kind: "value", type: "address", choices: ["NONE"] };
	return { expectations: [expected], argument };
}

function argument(entry: HostnameWord, index: number, family: string, release: Release): Expectation[] {
	const described = entry.args[index];
	if (described === undefined) return [];
	if (/^-?media(opt)?$/.test(entry.name)) {
		return [{ kind: "value", type: "word", choices: mediaWords(entry.name.endsWith("opt"), family === "iwm") }];
	}
	const { type } = described;
	if (entry.name === "trunkproto") return [{ kind: "value", type, ...trunkProtocols(described.choices, family, release) }];
	if (type === "interface" || type === "interface-group" || type === "file") return [{ kind: "symbol", of: type }];
	const { choices, choicesSince } = described;
	return [{ kind: "value", type, ...(choices && { choices }), ...(choicesSince && { choicesSince }) }];
}

/** An aggr(4) speaks LACP alone, and in the end no other interface does. */
function trunkProtocols(
	choices: readonly string[] | undefined,
	family: string,
	release: Release,
): Pick<Argument, "choices" | "choicesUntil"> {
	if (family === "aggr" || choices === undefined) return { choices: ["lacp"] };
	if (hasChange(release, LACP_BY_AGGR)) return { choices: choices.filter((protocol) => protocol !== "lacp") };
	const until = releaseOf(LACP_BY_AGGR);
	return { choices, ...(until !== undefined && { choicesUntil: { lacp: until } }) };
}

const LACP_BY_AGGR = "hostname/lacp-by-aggr-alone";

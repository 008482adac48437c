/** What a hostname file would take at a place: the words that the interface's family has, and their arguments. */

import { newestRelease } from "../releases/releases.ts";
import type { Expectation, Expected } from "../text/language.ts";
import { isKnownTo } from "../text/release.ts";
import { span } from "../text/span.ts";
import type { Release } from "../text/vocabulary.ts";
import { bridgeRuleExpected } from "./bridge-rule.ts";
import { familyOf } from "./families.ts";
import { mediaWords } from "./values.ts";
import { type HostnameWord, hostnameVocabulary, optionWords, wordOf } from "./vocabulary.ts";

const inet = wordOf("inet") as HostnameWord;

/** What networks mostly have; any other may be written. */
const NETMASKS = ["255.255.255.0", "255.255.255.128", "255.255.255.192", "255.255.255.252", "255.255.255.255", "255.255.0.0", "255.0.0.0"];
const PREFIX_LENGTHS = ["64", "128", "56", "48"];

/** `before` is the line up to the cursor, `offset` the cursor. */
export function expectedAt(name: string, before: string, after: string, offset: number, release: Release = newestRelease): Expected {
	const partial = /[^ \t]*$/.exec(before)?.[0] ?? "";
	// A cursor that only touches the next word stands between words.
	const rest = partial === "" ? "" : (/^[^ \t\n]*/.exec(after)?.[0] ?? "");
	const replace = span(offset - partial.length, offset + rest.length);
	const words = before
		.slice(0, before.length - partial.length)
		.split(/[ \t]+/)
		.filter((word) => word !== "");
	if (/^\s*[#!]/.test(before) || /(^|[ \t])#/.test(before)) return { replace: span(offset, offset), expectations: [] };
	const { key } = familyOf(name);
	const fits = (entry: HostnameWord): boolean => entry.families.includes(key) && isKnownTo(release, entry);
	const more = optionWords.filter((entry) => fits(entry) && entry.name !== "inet" && entry.name !== "inet6");
	// A word that is none of ifconfig's is an address to it.
	const bare: readonly Expectation[] = fits(inet) ? [{ kind: "value", type: "address" }] : [];
	if (words.length === 0) return { replace, expectations: [...hostnameVocabulary.filter(fits).map(keyword), ...bare] };
	const open = openArgument(words);
	if (open !== undefined) {
		const { entry, index } = open;
		const expectations: Expectation[] = argument(entry, index, key);
		if (entry.args[index]?.optional === true) expectations.push(...more.map(keyword));
		return { replace, expectations, argument: { entry, index } };
	}
	const column = columnOf(words);
	if (column !== undefined) return { replace, ...column };
	const rule = words.indexOf("rule");
	if (rule >= 0) return { replace, expectations: bridgeRuleExpected(words.slice(rule + 1)) };
	if (words[0] === "dhcp" || words[0] === "dest") return { replace, expectations: [] };
	return { replace, expectations: [...more.map(keyword), ...bare] };
}

function keyword(entry: HostnameWord): Expectation {
	return { kind: "keyword", entry };
}

/** The option that still waits for an argument after these words. */
function openArgument(words: readonly string[]): { readonly entry: HostnameWord; readonly index: number } | undefined {
	if (words[0] === "dest") {
		const entry = hostnameVocabulary.find(({ name }) => name === "dest");
		return entry === undefined || words.length > 1 ? undefined : { entry, index: 0 };
	}
	let i = columns(words);
	while (i < words.length) {
		const entry = wordOf(words[i] ?? "");
		i++;
		if (entry === undefined) continue;
		if (entry.name === "rule") return undefined;
		const given = words.length - i;
		const next = words[i];
		if (entry.args[0]?.optional === true && next !== undefined && wordOf(next) !== undefined) continue;
		if (given < entry.args.length) return { entry, index: given };
		i += entry.args.length;
	}
	return undefined;
}

/** How many words of an `inet` or `inet6` line have their meaning by their place. */
function columns(words: readonly string[]): number {
	const [first, second] = words;
	if ((first !== "inet" && first !== "inet6") || second === "autoconf") return 0;
	const alias = second === "alias" ? 1 : 0;
	return alias + (first === "inet" ? 4 : 3);
}

/** The lines whose words have their meaning by their place, as netstart reads them. */
const byPlace: Readonly<Record<string, HostnameWord>> = {
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
};

function columnOf(words: readonly string[]): Pick<Expected, "expectations" | "argument"> | undefined {
	const [family] = words;
	const count = columns(words);
	if (count === 0 || words.length >= count) return undefined;
	const index = words.length - (words[1] === "alias" ? 2 : 1);
	const entry = byPlace[family ?? ""];
	const told = entry === undefined ? {} : { argument: { entry, index } };
	if (index === 0) {
		const starts = words.length > 1 ? [] : ["alias", "autoconf"];
		return { expectations: [...starts.flatMap((name) => wordOf(name) ?? []).map(keyword), { kind: "value", type: "address" }], ...told };
	}
	const mask = index === 1;
	const expected: Expectation =
		family === "inet6"
			? { kind: "value", type: "prefix-length", choices: PREFIX_LENGTHS }
			: mask
				? { kind: "value", type: "netmask", choices: NETMASKS }
				: { kind: "value", type: "address", choices: ["NONE"] };
	return { expectations: [expected], ...told };
}

function argument(entry: HostnameWord, index: number, family: string): Expectation[] {
	const described = entry.args[index];
	if (described === undefined) return [];
	if (/^-?media(opt)?$/.test(entry.name)) {
		return [{ kind: "value", type: "word", choices: mediaWords(entry.name.endsWith("opt"), family === "iwm") }];
	}
	const { type, choices } = described;
	if (type === "interface" || type === "interface-group" || type === "file") return [{ kind: "symbol", of: type }];
	return [{ kind: "value", type, ...(choices === undefined ? {} : { choices }) }];
}

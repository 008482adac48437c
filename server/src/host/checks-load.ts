/** What pfctl needs of the host when it loads the rules: addresses of interfaces, and files by their names. */

import { familyOf, isAddressedByPrograms } from "../hostname/families.ts";
import type { PfFile } from "../pf/editor/file.ts";
import type { Rule } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import { nearest } from "../text/nearest.ts";
import type { Place, Placed } from "../text/place.ts";
import { error, type HostCheck, information, warning } from "./check.ts";
import { filterOf, isAntispoof, isGroup } from "./filter.ts";
import { replaced, textOf } from "./fixes.ts";
import { type Host, hasAddress, isSetElsewhere } from "./model.ts";
import { isGlob, rulesetFiles } from "./pf-facts.ts";

const NO_NAMES: readonly string[] = [];

/** The names among the addresses of a rule, which pfctl looks up as it loads it. */
function namesOf({ source, destination, nat, rdr, route }: Rule): readonly string[] {
	// Most rules have none.
	let names = NO_NAMES;
	for (const end of [source, destination, nat, rdr, route?.pool])
		if (end?.address.kind === "unresolved") names = [...names, end.address.name];
	return names;
}

/** What the rules of a host ask pfctl to look up by name, each with the place of its rule. */
function* lookedUp(host: Host): Generator<readonly [name: string, at: Place]> {
	const filter = filterOf(host);
	if (filter === undefined) return;
	for (const { rule } of filter.rules) {
		for (const name of namesOf(rule)) {
			const at = filter.pf.place(rule);
			// Of an interface without an address, antispoof makes no rule.
			if (!isAntispoof(host, at)) yield [name, at];
		}
	}
	for (const { tables } of [filter.pf.ruleset.main, ...filter.pf.ruleset.anchors.values()])
		for (const table of tables) {
			const at = filter.pf.placeOfTable(table);
			if (at === undefined) continue;
			for (const source of table.sources)
				if (source.kind === "addresses") for (const { match } of source.items) if (match.kind === "unresolved") yield [match.name, at];
		}
}

/** Files that the host's rules name and that are not here: what they load, include, or fill tables from. */
function missingFiles({ source: { files } }: Host): readonly Placed<string>[] {
	return rulesetFiles(files).flatMap(([file, parsed]) => {
		const missing = new Set(namedBy(parsed).filter((path) => path.startsWith("/") && !isGlob(path) && !files.has(path)));
		if (missing.size === 0) return [];
		return parsed
			.tokens()
			.flatMap(({ symbol, span }) => (symbol?.kind === "file" && missing.has(symbol.name) ? [{ file, span, value: symbol.name }] : []));
	});
}

/** What a file of rules names: what it includes, fills tables from, and loads into anchors. */
function namedBy(file: PfFile): readonly string[] {
	return [...file.includes(), ...file.valueFiles(), ...file.loads.map((load) => load.file)];
}

const plain = (name: string): string =>
	name
		.toLowerCase()
		.replace(/\.(?:conf|txt)$/, "")
		.replace(/[^a-z0-9]/g, "");

/** The name in a folder that a missing one is a slip of; names that differ by a number stand beside each other. */
function meant(name: string, others: readonly string[]): string | undefined {
	const letters = (one: string): string => one.replace(/[0-9]/g, "");
	const same = others.filter((other) => plain(other) === plain(name));
	if (same.length > 0) return same.length === 1 ? same[0] : undefined;
	return nearest(
		name,
		others.filter((other) => letters(other) !== letters(name)),
		name.length < 5 ? 0 : name.length < 9 ? 1 : 2,
	);
}

export const loadChecks = {
	"host/no-address-at-load": error(
		[
			"The address of an interface that has none, looked up as the rules are loaded",
			"Without parentheses, pfctl looks the address up itself; where there is none it refuses the whole ruleset, also at boot.",
			"Give the interface an address, or write the interface that has it.",
		],
		(host, report) => {
			for (const [name, at] of lookedUp(host)) {
				const own = name.replace(/:(?:network|broadcast|peer|0)\b/g, "").replace(/\/\d+$/, "");
				const config = isGroup(own) ? undefined : host.links.get(own)?.config;
				if (
					config === undefined ||
					own === "lo0" ||
					hasAddress(config) ||
					isAddressedByPrograms(familyOf(own)) ||
					isSetElsewhere(host, own)
				)
					continue;
				report(at, msg("{0}", `no IP address found for ${name}`), {
					advice: msg("{0} gives {1} no address: pfctl refuses the whole ruleset.", config.path, own),
					related: [related({ file: config.path, span: { start: 0, end: 0 } }, msg("Its hostname file"))],
				});
			}
		},
	),

	"host/name-at-load": information(
		[
			"The name of a host in a rule",
			"pfctl asks for its addresses as it loads the rules: at boot that may come before the resolver answers, and then nothing of the ruleset is loaded; later the name may have other addresses.",
			"Write the address, put the name into /etc/hosts, or fill a table once the host is up.",
		],
		(host, report) => {
			const hosts = textOf(host, "/etc/hosts");
			const local = new Set(hosts.split("\n").flatMap((line) => line.replace(/#.*/, "").split(/\s+/).slice(1)));
			// A name with a dot that ends in letters is of the DNS.
			const asked = [...lookedUp(host)].filter(([name]) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/i.test(name) && !local.has(name));
			const [first, ...more] = asked;
			if (first === undefined) return;
			const [name, at] = first;
			report(at, msg("pfctl asks for the addresses of {0} when it loads the rules", name), {
				advice: msg("Where nobody answers, such as at boot, it refuses the whole ruleset."),
				related: more.map(([other, there]) => related(there, msg("The name {0}", other))),
			});
		},
	),

	"host/file-misspelt": warning(
		[
			"A file that is not there, beside one of nearly the same name",
			"pfctl opens exactly this path, and refuses the whole ruleset where there is no such file.",
			"Write the name that the file has.",
		],
		(host, report) => {
			const missing = missingFiles(host);
			if (missing.length === 0) return;
			const named = new Set(rulesetFiles(host.source.files).flatMap(([, file]) => namedBy(file)));
			for (const place of missing) {
				const cut = place.value.lastIndexOf("/") + 1;
				const folder = place.value.slice(0, cut);
				const here = host.source.names?.get(folder.slice(0, -1)) ?? namesIn(host, folder);
				// What another statement names is that one's.
				const other = meant(
					place.value.slice(cut),
					here.filter((name) => !named.has(folder + name)),
				);
				if (other === undefined) continue;
				report(place, msg("No {0} is here: did you mean {1}?", place.value, other), {
					advice: msg("pfctl opens exactly this path."),
					...quickFix(fixTitle.write(folder + other), replaced(place, inQuotes(host, place, folder + other))),
				});
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** The names of the host's files in a folder. */
function namesIn({ source }: Host, folder: string): readonly string[] {
	return [...source.files.keys()].flatMap((path) =>
		path.startsWith(folder) && !path.slice(folder.length).includes("/") ? [path.slice(folder.length)] : [],
	);
}

/** A path as it is written in the place of another, with its quotes. */
function inQuotes({ source }: Host, { file, span }: Place, path: string): string {
	const quote = /^["']/.exec(source.files.get(file)?.text.slice(span.start, span.end) ?? "")?.[0] ?? "";
	return `${quote}${path}${quote}`;
}

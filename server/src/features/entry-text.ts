/** A vocabulary's entry as Markdown: the text of hovers and of completion's documentation. */
import { isNameKind, nameKinds } from "../project/languages.ts";
import { RELEASES } from "../releases/releases.ts";
import { type Message, msg } from "../text/message.ts";
import type { Argument, Release, SymbolKind, ValueType, VocabularyEntry } from "../text/vocabulary.ts";
import { localize, type Session, translated } from "./session.ts";

/** What each type of value is called. */
const valueTypes: Readonly<Record<Exclude<ValueType, SymbolKind>, Message>> = {
	word: msg("a word"),
	string: msg("a string"),
	number: msg("a number"),
	size: msg("a size with a unit, such as 1G"),
	bandwidth: msg("a bandwidth, such as 10M"),
	seconds: msg("a number of seconds"),
	milliseconds: msg("a number of milliseconds"),
	percent: msg("a percentage"),
	address: msg("an address"),
	network: msg("a network, such as 192.0.2.0/24"),
	lladdr: msg("a MAC address"),
	port: msg("a port's number or service"),
	protocol: msg("a protocol's name or number"),
	"icmp-type": msg("an icmp type"),
	"icmp6-type": msg("an icmp6 type"),
	"icmp-code": msg("an icmp code"),
	"tcp-flags": msg("tcp flags, such as S/SA"),
	os: msg("an operating system of pf.os(5)"),
	netmask: msg("a netmask"),
	"prefix-length": msg("a prefix length"),
	path: msg("a path"),
	command: msg("a command"),
	regexp: msg("a regular expression"),
};

export function valueTypeText(session: Session, type: ValueType): string {
	return localize(session, isNameKind(type) ? nameKinds[type].called : valueTypes[type]);
}

/** `max-src-conn-rate number/seconds`, as a usage line writes it. */
export function usage({ name, args, form }: VocabularyEntry): string {
	return form === undefined ? [name, ...args.map(argumentUsage)].join(" ") : form.replace(/\{([^{}]+)\}/g, "$1");
}

export function argumentUsage({ name, optional }: Argument): string {
	return optional === true ? `[${name}]` : name;
}

/**
 * The page's address, and how people call it: `pf.conf(5)`.
 * @param release the one whose page is meant; that of today's sources without, and for one that is not out
 */
export function manualLink(manual: string, release?: Release): { readonly title: string; readonly url: string } {
	const [page = "", anchor] = manual.split("#");
	const [, name = page, section = ""] = /^(.*)\.([0-9][a-z]*)$/.exec(page) ?? [];
	const published = RELEASES.find(({ name }) => name === release)?.published;
	const of = published === undefined ? "" : `OpenBSD-${release}/`;
	const url = `https://man.openbsd.org/${of}${page}${anchor === undefined ? "" : `#${encodeURIComponent(anchor)}`}`;
	return { title: section === "" ? name : `${name}(${section})`, url };
}

/**
 * Everything that is known of a word.
 * @param id the language, for the colours of code
 * @param release the one that the file is read for, where that is told
 */
export function entryMarkdown(session: Session, id: string, entry: VocabularyEntry, release?: Release): string {
	const parts = [code(id, usage(entry)), translated(session, entry.summary)];
	const described = entry.args.map((argument) => `- \`${argument.name}\`: ${argumentText(session, argument)}`);
	if (described.length > 0) parts.push(described.join("\n"));
	if (entry.deprecated !== undefined) parts.push(localize(session, msg("Obsolete spelling; write `{0}`.", entry.deprecated)));
	if (entry.default !== undefined) parts.push(localize(session, msg("Default: {0}", `\`${entry.default}\``)));
	if (entry.since !== undefined) parts.push(localize(session, sinceRelease(entry.since)));
	if (entry.until !== undefined) parts.push(localize(session, goneSince(entry.until)));
	if (entry.example !== undefined) parts.push(code(id, entry.example));
	const { title, url } = manualLink(entry.manual, release);
	parts.push(`[${title}](${url})`);
	return parts.join("\n\n");
}

export function sinceRelease(release: Release): Message {
	return msg("Since OpenBSD {0}.", release);
}

export function goneSince(release: Release): Message {
	return msg("Gone since OpenBSD {0}.", release);
}

function argumentText(session: Session, { type, choices, choicesSince = {}, optional, default: preset }: Argument): string {
	const choiceText = (choice: string): string => {
		const since = choicesSince[choice];
		return since === undefined ? `\`${choice}\`` : `\`${choice}\` (${localize(session, msg("since OpenBSD {0}", since))})`;
	};
	const kind = choices === undefined ? valueTypeText(session, type) : choices.map(choiceText).join(", ");
	const more = [
		...(optional === true ? [localize(session, msg("may be left out"))] : []),
		...(preset === undefined ? [] : [localize(session, msg("for example {0}", `\`${preset}\``))]),
	];
	return more.length === 0 ? kind : `${kind} (${more.join("; ")})`;
}

/** A block of code, whatever its text. */
export function code(id: string, text: string): string {
	const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
	return `${fence}${id}\n${text}\n${fence}`;
}

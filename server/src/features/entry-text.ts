/** A vocabulary's entry as Markdown: the text of hovers and of completion's documentation. */
import { RELEASES } from "../releases/releases.ts";
import { type Message, say } from "../text/message.ts";
import type { Argument, Release, ValueType, VocabularyEntry } from "../text/vocabulary.ts";
import { type Session, told, translated } from "./session.ts";

/** What each type of value is called. */
const valueTypes: Readonly<Record<ValueType, Message>> = {
	word: say("a word"),
	string: say("a string"),
	number: say("a number"),
	size: say("a size with a unit, such as 1G"),
	bandwidth: say("a bandwidth, such as 10M"),
	seconds: say("a number of seconds"),
	milliseconds: say("a number of milliseconds"),
	percent: say("a percentage"),
	address: say("an address"),
	network: say("a network, such as 192.0.2.0/24"),
	lladdr: say("a MAC address"),
	port: say("a port's number or service"),
	protocol: say("a protocol's name or number"),
	"icmp-type": say("an icmp type"),
	"icmp6-type": say("an icmp6 type"),
	"icmp-code": say("an icmp code"),
	"tcp-flags": say("tcp flags, such as S/SA"),
	os: say("an operating system of pf.os(5)"),
	netmask: say("a netmask"),
	"prefix-length": say("a prefix length"),
	path: say("a path"),
	command: say("a command"),
	regexp: say("a regular expression"),
	macro: say("a macro"),
	table: say("a table"),
	anchor: say("an anchor"),
	queue: say("a queue"),
	tag: say("a tag"),
	label: say("a label"),
	"state-limiter": say("a limiter of states"),
	"source-limiter": say("a limiter of sources"),
	interface: say("an interface"),
	"interface-group": say("an interface group"),
	switch: say("a switch of vm.conf(5)"),
	guest: say("a guest of vm.conf(5)"),
	user: say("a user"),
	group: say("a group"),
	service: say("a service"),
	file: say("a file"),
};

export function valueTypeText(session: Session, type: ValueType): string {
	return told(session, valueTypes[type]);
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
	if (entry.deprecated !== undefined) parts.push(told(session, say("Obsolete spelling; write `{0}`.", entry.deprecated)));
	if (entry.default !== undefined) parts.push(told(session, say("Default: {0}", `\`${entry.default}\``)));
	if (entry.since !== undefined) parts.push(told(session, say("Since OpenBSD {0}.", entry.since)));
	if (entry.until !== undefined) parts.push(told(session, say("Gone since OpenBSD {0}.", entry.until)));
	if (entry.example !== undefined) parts.push(code(id, entry.example));
	const { title, url } = manualLink(entry.manual, release);
	parts.push(`[${title}](${url})`);
	return parts.join("\n\n");
}

function argumentText(session: Session, { type, choices, optional, default: preset }: Argument): string {
	const kind = choices === undefined ? valueTypeText(session, type) : choices.map((choice) => `\`${choice}\``).join(", ");
	const more = [
		...(optional === true ? [told(session, say("may be left out"))] : []),
		...(preset === undefined ? [] : [told(session, say("for example {0}", `\`${preset}\``))]),
	];
	return more.length === 0 ? kind : `${kind} (${more.join("; ")})`;
}

/** A block of code, whatever its text. */
export function code(id: string, text: string): string {
	const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
	return `${fence}${id}\n${text}\n${fence}`;
}

/** What pf does otherwise with packets, in words. */
import type { PacketChanges } from "../protocol.ts";
import { type Message, msg } from "../text/message.ts";

/** The sentence that says whether this is all. */
export function packetChangesEnd({ changes, isWhole }: PacketChanges): Message {
	if (!isWhole)
		return msg(
			"Whether pf treats other packets differently is not known: files are missing or refused, rules translate to addresses that have changed, or there is too much to look at.",
		);
	return changes.length === 0 ? msg("pf treats every packet as before.") : msg("pf treats no other packet differently.");
}

/**
 * Markdown: a list of what changes, and whether that is all.
 *
 * @param say a message in the reader's language
 * @param shown what is shown of words that stand in files
 */
export function packetChangesMarkdown(
	found: PacketChanges,
	say: (message: Message) => string,
	shown: (words: string) => string = (words) => words,
): string {
	const code = (words: string): string => `\`${shown(words).replaceAll("`", "'")}\``;
	const items = found.changes.map(({ before, after, packets, others, example, depends }) => [
		`- ${code(before)} → ${code(after)}`,
		...[
			...packets.map(code),
			...(others > 0 ? [say(msg("and {0} more", others))] : []),
			say(msg("such as {0}", code(example))),
			...depends.map((rule) => say(msg("depends on whether this rule matches: {0}", code(rule)))),
		].map((line) => `  - ${line}`),
	]);
	const settings = [...found.gone.map((line) => `- − ${code(line)}`), ...found.come.map((line) => `- + ${code(line)}`)];
	const list = [...items.flat(), ...settings];
	return [...(list.length === 0 ? [] : [list.join("\n")]), say(packetChangesEnd(found))].join("\n\n");
}

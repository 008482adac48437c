/**
 * Every word of pf.conf(5), each described once. The parser, completion, hover and the documentation read it here;
 * `words/` holds the entries by subject. Names of icmp types and codes are in icmp.ts.
 */
import type { PfEntry, PfGroup } from "./words/entry.ts";
import { FILTER_WORDS } from "./words/filter.ts";
import { OPTION_WORDS } from "./words/options.ts";
import { REMOVED_WORDS, type RemovedWord } from "./words/removed.ts";
import { RULE_WORDS } from "./words/rules.ts";
import { STATE_WORDS } from "./words/state.ts";

export type { PfEntry, PfGroup } from "./words/entry.ts";
export { REMOVED_WORDS, type RemovedWord } from "./words/removed.ts";

export const PF_VOCABULARY: readonly PfEntry[] = [...RULE_WORDS, ...FILTER_WORDS, ...STATE_WORDS, ...OPTION_WORDS];

const groups = new Map<PfGroup, Map<string, PfEntry>>();
for (const entry of PF_VOCABULARY) {
	const group = groups.get(entry.group) ?? new Map<string, PfEntry>();
	group.set(entry.name, entry);
	groups.set(entry.group, group);
}

const removed = new Map(REMOVED_WORDS.map((word) => [word.name, word]));

/** The entry of a word where it stands in that group. */
export function pfWord(group: PfGroup, name: string): PfEntry | undefined {
	return groups.get(group)?.get(name);
}

/** All words of a group, in the order in which they are described. */
export function pfWords(group: PfGroup): readonly PfEntry[] {
	return [...(groups.get(group)?.values() ?? [])];
}

/** What became of a word that pfctl no longer accepts. */
export function removedWord(name: string): RemovedWord | undefined {
	return removed.get(name);
}

/** The words that pfctl's lexer returns as tokens (lookup() in parse.y): none of them can be a macro's name. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
	`af-to all allow-opts anchor antispoof any bandwidth binat-to bitmask block block-policy burst code debug default delay
	divert-packet divert-reply divert-to drop dup-to file fingerprints flags floating flows flush for fragment from global group
	hostid icmp-type icmp6-type if-bound in include inet inet6 keep label least-states limit load log loginterface match matches
	max max-mss max-pkt-rate max-src-conn max-src-conn-rate max-src-nodes max-src-states min min-ttl modulate nat-to no no-df
	no-route no-sync on once optimization os out overload parent pass pflow port prio probability proto qlimit quantum queue quick
	random random-id rdomain rdr-to reassemble received-on reply-to return return-icmp return-icmp6 return-rst round-robin route
	route-to rtable rule ruleset-optimization scrub set skip sloppy source-hash source-track state state-defaults state-policy
	static-port sticky-address syncookies synproxy table tag tagged timeout to tos ttl urpf-failed user weight`.split(/\s+/),
);

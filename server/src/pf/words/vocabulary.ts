/**
 * Every word of pf.conf(5), each described once. The parser, completion, hover and the documentation read it here;
 * `words/` holds the entries by subject. Names of icmp types and codes are in icmp.ts.
 */
import { isKnownTo, olderThan } from "../../text/release.ts";
import type { Release } from "../../text/vocabulary.ts";
import type { PfEntry, PfGroup } from "./entry.ts";
import { FILTER_WORDS } from "./filter.ts";
import { LIMITER_WORDS } from "./limiters.ts";
import { OPTION_WORDS } from "./options.ts";
import { REMOVED_WORDS, type RemovedWord } from "./removed.ts";
import { RULE_WORDS } from "./rules.ts";
import { STATE_WORDS } from "./state.ts";

export type { PfEntry, PfGroup } from "./entry.ts";

export const PF_VOCABULARY: readonly PfEntry[] = [...RULE_WORDS, ...FILTER_WORDS, ...STATE_WORDS, ...OPTION_WORDS, ...LIMITER_WORDS];

/** The words with their groups, as types: what is to be said of every word is a table of these. */
type Words = (typeof RULE_WORDS | typeof FILTER_WORDS | typeof STATE_WORDS | typeof OPTION_WORDS | typeof LIMITER_WORDS)[number];
type KeywordOf<E> = E extends PfEntry<infer G, infer N> ? `${G}: ${N}` : never;
export type PfKeyword = KeywordOf<Words>;

const groups = new Map<PfGroup, Map<string, PfEntry>>();
for (const entry of PF_VOCABULARY) {
	const group = groups.get(entry.group) ?? new Map<string, PfEntry>();
	group.set(entry.name, entry);
	groups.set(entry.group, group);
}

const firsts = new Map<string, Release | undefined>();
for (const { name, since } of PF_VOCABULARY) {
	const known = firsts.get(name);
	const earlier = known === undefined || since === undefined || olderThan(known, since) ? known : since;
	firsts.set(name, !firsts.has(name) ? since : since === undefined ? undefined : earlier);
}

/** The release that brought a word, in the first of its meanings: a reserved word is one from then on. Undefined where all have it. */
export function reservedSince(name: string): Release | undefined {
	return firsts.get(name);
}

/** The words of one release. */
export interface Vocabulary {
	/** The entry of a word where it stands in that group. */
	word(group: PfGroup, name: string): PfEntry | undefined;
	/** All words of a group, in the order in which they are described. */
	words(group: PfGroup): readonly PfEntry[];
}

export function vocabularyOf(release: Release): Vocabulary {
	return {
		word: (group, name) => {
			const entry = pfWord(group, name);
			return entry !== undefined && isKnownTo(release, entry) ? entry : undefined;
		},
		words: (group) => pfWords(group).filter((entry) => isKnownTo(release, entry)),
	};
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

/** The groups, in the order in which they are described. */
export function pfGroups(): readonly PfGroup[] {
	return [...groups.keys()];
}

/** What became of a word that pfctl no longer accepts. */
export function removedWord(name: string): RemovedWord | undefined {
	return removed.get(name);
}

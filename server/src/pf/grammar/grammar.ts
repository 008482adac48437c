/** The grammar of a release, made of the vocabulary: what pfctl of that release reserves, takes and knows. */
import { olderThan } from "../../text/release.ts";
import type { Release } from "../../text/vocabulary.ts";
import { reservedSince, type Vocabulary, vocabularyOf } from "../words/vocabulary.ts";
import { Follow } from "./follow.ts";
import { KEYWORDS, Keywords, type Token, TokenSet } from "./tokens.ts";

export interface Grammar {
	readonly release: Release;
	readonly keywords: Keywords;
	readonly vocabulary: Vocabulary;
	/** The keywords that a statement can start with, and those that a line in the braces of an anchor can. */
	readonly statements: TokenSet;
	readonly blockLines: TokenSet;
	readonly follow: Follow;
}

/** Statements that may also stand in the braces of an anchor. */
const IN_BLOCKS: ReadonlySet<string> = new Set(["anchor", "block", "include", "match", "pass", "table"]);

const made = new Map<Release, Grammar>();

/** The grammar of a release, made once for each. */
export function grammarOf(release: Release): Grammar {
	const known = made.get(release);
	if (known !== undefined) return known;
	const vocabulary = vocabularyOf(release);
	const statements = vocabulary.words("statement").map(({ name }) => name);
	const grammar: Grammar = {
		release,
		keywords: new Keywords(reservedBy(release)),
		vocabulary,
		statements: new TokenSet(tokensOf(statements)),
		blockLines: new TokenSet(tokensOf(statements.filter((name) => IN_BLOCKS.has(name)))),
		// Options that came with a release; the others stand in follow.ts.
		follow: new Follow(tokensOf(vocabulary.words("filter option").flatMap(({ name, since }) => (since === undefined ? [] : [name])))),
	};
	made.set(release, grammar);
	return grammar;
}

/** A word is reserved from the first release on that has it in one of its meanings. */
function reservedBy(release: Release): Iterable<string> {
	return [...KEYWORDS.keys()].filter((word) => {
		const since = reservedSince(word);
		return since === undefined || !olderThan(release, since);
	});
}

function tokensOf(words: readonly string[]): readonly Token[] {
	return words.flatMap((word) => KEYWORDS.get(word) ?? []);
}

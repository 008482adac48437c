/** What of a statement checks look at. Most statements have little of it, and a check runs where its subject is. */
import type { Output } from "../grammar/output.ts";
import { KEYWORDS, T, TokenSet } from "../grammar/tokens.ts";
import { type EndpointMatch, NO_STATE_OPTIONS, type Rule } from "../rules.ts";
import { PF_VOCABULARY } from "../words/vocabulary.ts";
import type { LintWords } from "./facts.ts";

export const SUBJECTS = [
	/** Of the statement: words that have another spelling today or can be left out, what its text has beside words, what it defines. */
	"keep",
	"flags",
	"deprecated word",
	"wide network",
	"joined line",
	"tables",
	"limiters",
	"left out",
	/** Of one of its rules. */
	"negated address",
	"negated interface",
	"ICMP type",
	"state of connections",
	"state options",
	"translation",
	"received-on",
	"source port",
	"ports between",
	"mask as address",
	"interface as address",
	"scrub",
	"log",
	"owner",
] as const;

export type Subject = (typeof SUBJECTS)[number];

const BIT = Object.fromEntries(SUBJECTS.map((subject, index) => [subject, 1 << index])) as Readonly<Record<Subject, number>>;

/** Several subjects as one number. */
export function bitsOf(subjects: readonly Subject[]): number {
	return subjects.reduce((bits, subject) => bits | BIT[subject], 0);
}

const KEEP = new TokenSet([T.keep]);
const FLAGS = new TokenSet([T.flags]);
/** The tokens of words that have another spelling today, at least in some places. */
const DEPRECATED = new TokenSet(
	PF_VOCABULARY.flatMap(({ name, deprecated }) => (deprecated === undefined ? [] : [KEYWORDS.get(name) ?? T.string])),
);
const WORDS = new TokenSet(KEEP, FLAGS, DEPRECATED);

/** A network by the look of its end, with a mask that may leave more out than that; of IPv4, one of 24 bits or more does not. */
const WIDE_NETWORK = /(?:\.0\/(?!(?:2[4-9]|3[0-2])(?!\d))|::\/)\d/;

/** What a statement has beside its rules. */
export function subjectsOf(words: LintWords, { definitions, leftOut }: Output, text: string): number {
	let found = leftOut.length === 0 ? 0 : BIT["left out"];
	if (words.has(WORDS)) {
		if (words.has(KEEP)) found |= BIT.keep;
		if (words.has(FLAGS)) found |= BIT.flags;
		if (words.has(DEPRECATED)) found |= BIT["deprecated word"];
	}
	if (text.includes("/") && WIDE_NETWORK.test(text)) found |= BIT["wide network"];
	if (text.includes("\\\n")) found |= BIT["joined line"];
	for (const { kind } of definitions) {
		if (kind === "table") found |= BIT.tables;
		else if (kind === "limiter") found |= BIT.limiters;
	}
	return found;
}

/** What a rule has. */
export function subjectsOfRule(rule: Rule): number {
	const { source, destination, state, nat, rdr } = rule;
	let found = subjectsOfEnd(source) | subjectsOfEnd(destination);
	if (source.port !== undefined) found |= BIT["source port"];
	if (rule.interfaceNegated) found |= BIT["negated interface"];
	if (rule.icmpType !== -1) found |= BIT["ICMP type"];
	if (state === "modulate" || state === "synproxy") found |= BIT["state of connections"];
	if (rule.stateOptions !== NO_STATE_OPTIONS) found |= BIT["state options"];
	if (nat !== undefined || rdr !== undefined) found |= BIT.translation;
	if (rule.receivedOn !== "") found |= BIT["received-on"];
	if (rule.scrub !== undefined) found |= BIT.scrub;
	if (rule.log !== undefined) found |= BIT.log;
	if (rule.user !== undefined || rule.group !== undefined) found |= BIT.owner;
	return found;
}

function subjectsOfEnd({ address, negated, port }: EndpointMatch): number {
	let found = negated ? BIT["negated address"] : 0;
	if (port?.op === "><") found |= BIT["ports between"];
	if (address.kind === "network") {
		if (address.address.a >>> 24 === 255) found |= BIT["mask as address"];
	} else if (address.kind !== "table") found |= BIT["interface as address"];
	return found;
}

/** What the words of a file stand for that are no words of the vocabulary: names and values. */
import type { Meaning, PfGroup } from "./entry.ts";
import { LIMITER_ROLES } from "./limiters.ts";

const meanings = {
	"macro-definition": { role: "name", symbol: { kind: "macro", use: "define" } },
	"macro-use": { role: "name", symbol: { kind: "macro", use: "refer" } },
	"table-definition": { role: "name", symbol: { kind: "table", use: "define" } },
	table: { role: "name", symbol: { kind: "table", use: "refer" } },
	anchor: { role: "name", symbol: { kind: "anchor", use: "define" } },
	"anchor-load": { role: "name", symbol: { kind: "anchor", use: "set" } },
	file: { role: "string", symbol: { kind: "file", use: "refer" } },
	"queue-definition": { role: "name", symbol: { kind: "queue", use: "define" } },
	queue: { role: "name", symbol: { kind: "queue", use: "refer" } },
	"parent-queue": { role: "name", symbol: { kind: "queue", use: "refer" } },
	"tag-set": { role: "name", symbol: { kind: "tag", use: "set" } },
	tag: { role: "name", symbol: { kind: "tag", use: "refer" } },
	label: { role: "string", symbol: { kind: "label", use: "define" } },
	...LIMITER_ROLES,
	"interface-name": { role: "name", symbol: { kind: "interface", use: "refer" } },
	"address-value": { role: "address", value: "address" },
	protocol: { role: "constant", value: "protocol" },
	port: { role: "port", value: "port" },
	user: { role: "name", symbol: { kind: "user", use: "refer" } },
	group: { role: "name", symbol: { kind: "group", use: "refer" } },
	"icmp-type": { role: "constant", value: "icmp-type" },
	"icmp6-type": { role: "constant", value: "icmp6-type" },
	"icmp-code": { role: "constant", value: "icmp-code" },
	/** The code of an answer that a destination cannot be reached. */
	"unreachable-code": { role: "constant", value: "icmp-code" },
	"unreachable6-code": { role: "constant", value: "icmp-code" },
	/** The flags before the slash, and those behind it. */
	flags: { role: "constant", value: "tcp-flags" },
	"flag-mask": { role: "constant", value: "tcp-flags" },
	os: { role: "string", value: "os" },
	number: { role: "number", value: "number" },
	value: { role: "string", value: "word" },
	bandwidth: { role: "number", value: "bandwidth" },
	"log-interface": { role: "name", symbol: { kind: "interface", use: "refer" } },
	/** A brace around the rules of an anchor. */
	block: { role: "punctuation" },
} as const satisfies Readonly<Record<string, Meaning>>;

export type WordRole = keyof typeof meanings;

export const MEANINGS: Readonly<Record<WordRole, Meaning>> = meanings;

/** What a production says of a word: the group of the vocabulary that it is of, or what it stands for. */
export type WordUse = PfGroup | WordRole;

/** Whether it is said of a name or value. */
export function isRole(use: WordUse): use is WordRole {
	return Object.hasOwn(meanings, use);
}

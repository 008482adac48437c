import { byteLength } from "../text/bytes.ts";
import { etherAton } from "../text/ether.ts";
import type { Expectation, TokenKind } from "../text/language.ts";
import type { IfconfigText } from "./messages.ts";
import { inetAton } from "./values.ts";

/** What the words after `rule` are: words of the rule, or the values that follow some of them. */
export type RulePart = "word" | "interface" | "tag" | "lladdr" | "address";

const VALUES: Readonly<Record<string, RulePart>> = {
	on: "interface",
	tag: "tag",
	src: "lladdr",
	dst: "lladdr",
	sha: "lladdr",
	tha: "lladdr",
	spa: "address",
	tpa: "address",
};

/** The words that are no options of the rule. */
const ROLES: ReadonlyMap<string, TokenKind> = new Map([
	["pass", "keyword"],
	["block", "keyword"],
	["in", "direction"],
	["out", "direction"],
	["in/out", "direction"],
	["arp", "constant"],
	["rarp", "constant"],
	["request", "constant"],
	["reply", "constant"],
]);

/** What a word of a rule is to somebody who reads. */
export function bridgeWordRole(word: string): TokenKind {
	return ROLES.get(word) ?? "option";
}

export function bridgeRuleParts(words: readonly string[]): readonly RulePart[] {
	const parts: RulePart[] = [];
	for (const [index] of words.entries()) {
		const before = words[index - 1];
		parts.push(before !== undefined && parts.at(-1) === "word" && Object.hasOwn(VALUES, before) ? (VALUES[before] ?? "word") : "word");
	}
	return parts;
}

/** What can follow the words after `rule`. */
export function bridgeRuleExpected(words: readonly string[]): readonly Expectation[] {
	const one = (choices: readonly string[]): readonly Expectation[] => [{ kind: "value", type: "word", choices }];
	const next = bridgeRuleParts([...words, ""]).at(-1);
	if (next === "interface" || next === "tag") return [{ kind: "symbol", of: next }];
	if (next === "lladdr" || next === "address") return [{ kind: "value", type: next }];
	if (words.length === 0) return one(["pass", "block"]);
	if (!words.includes("on")) return one(words.length === 1 ? ["in", "out", "in/out", "on"] : ["on"]);
	const arp = words.includes("arp") || words.includes("rarp");
	const left = ["src", "dst", "tag", "arp", "rarp", ...(arp ? ["request", "reply", "sha", "spa", "tha", "tpa"] : [])];
	return one(left.filter((word) => !words.includes(word)));
}

/** What is wrong with a rule: a line, the index of the word, and whether ifconfig shows the whole rule behind it. */
export interface BridgeRuleFault {
	readonly form: IfconfigText;
	readonly args: readonly string[];
	readonly index: number;
	readonly behind?: "invalid rule: {0}";
	/** The rule as that line shows it. */
	readonly rule: readonly [string];
}

/** What ifconfig finds wrong with the words after `rule` (brconfig.c, bridge_rule and bridge_arprule); undefined where the rule is one. */
export function bridgeRuleFault(words: readonly string[]): BridgeRuleFault | undefined {
	const rule = [words.map((word) => `${word} `).join("")] as const;
	const at = (index: number) => Math.min(index, words.length - 1);
	const bad = (index: number): BridgeRuleFault => ({ form: "invalid rule: {0}", args: rule, index: at(index), rule });
	const because = (form: IfconfigText, args: readonly string[], index: number): BridgeRuleFault => ({
		form,
		args,
		index: at(index),
		behind: "invalid rule: {0}",
		rule,
	});
	if (words.length === 0) return { form: "invalid rule", args: [], index: 0, rule };
	if (words[0] !== "block" && words[0] !== "pass") return bad(0);
	let i = 1;
	if (words[i] === "in" || words[i] === "out" || words[i] === "in/out") i++;
	if (words[i] !== "on") return bad(i);
	i++;
	if (words[i] === undefined) return bad(i);
	i++;
	const seen = new Set<string>();
	let arp = false;
	while (i < words.length) {
		const word = words[i] ?? "";
		const value = words[i + 1];
		if (arp && (word === "request" || word === "reply")) {
			i++;
			continue;
		}
		if (arp && ["sha", "tha", "spa", "tpa"].includes(word)) {
			if (value === undefined) return bad(i);
			// The broadcast address is what inet_addr(3) says that there is none by.
			const isAddress = word.endsWith("ha") ? etherAton(value) !== undefined : (inetAton(value) ?? 0xffffffff) !== 0xffffffff;
			if (!isAddress) return because("invalid address: {0}", [value], i + 1);
			i += 2;
			continue;
		}
		arp = word === "arp" || word === "rarp";
		if (word === "src" || word === "dst") {
			if (seen.has(word) || value === undefined) return bad(i);
			if (etherAton(value) === undefined) return { form: "invalid address: {0}", args: [value], index: i + 1, rule };
			i += 2;
		} else if (word === "tag") {
			if (value === undefined) return because("missing tag name", [], i);
			if (seen.has(word)) return because("tag already defined", [], i);
			if (byteLength(value) > 64) return because("tag name '{0}' too long", [value], i + 1);
			i += 2;
		} else if (arp) i++;
		else return bad(i);
		seen.add(word);
	}
	return undefined;
}

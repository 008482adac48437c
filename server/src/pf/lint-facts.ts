/** What a statement has that checks of the whole file count. */
import { isSweeping } from "./lint-check.ts";
import type { WordRecord } from "./marks.ts";
import type { Output } from "./output.ts";
import { IPPROTO } from "./protocols.ts";
import { recent } from "./recent.ts";
import type { Anchor, Rule } from "./rules.ts";
import { T } from "./tokens.ts";

export type FactKind =
	| `${"macro" | "table" | "tag"} ${"define" | "refer" | "set"}`
	/** It includes or loads another file. */
	| "reads a file"
	| "queue statement"
	/** By name: a queue that rules are to fill, one with others below it, one that a rule assigns to. */
	| "queue to fill"
	| "parent queue"
	| "fills"
	| "constant table"
	| "persistent table"
	/** By name: a table that a block rule asks for, one that `overload` adds to. */
	| "blocked table"
	| "overload"
	/** By name: an interface that pf skips. */
	| "skip"
	/** A rule that is no call of an anchor, anywhere. */
	| "rule"
	/** One that passes neighbour discovery, anywhere. */
	| "discovery"
	/** Of the main list: any rule, a call of an anchor, one whose rules stand elsewhere. */
	| "main rule"
	| "main anchor"
	| "main call"
	/** Of the main list: rules of a kind. */
	| "main pass"
	| "default block"
	| "sweeping block"
	| "sweeping block 6"
	| "loopback pass"
	| "pass 6";

export type Fact = readonly [kind: FactKind, name: string];

const isCall = ({ anchor }: Rule): boolean => anchor !== undefined;

/** The rules of a statement that are no calls of anchors, those of its blocks among them. */
export function rulesOf({ rules }: Output): readonly Rule[] {
	if (!rules.some(isCall)) return rules;
	const found: Rule[] = [];
	// The rules that one statement expands to share their block.
	const seen = new Set<Anchor>();
	const collect = (list: readonly Rule[]): void => {
		for (const rule of list) {
			if (rule.anchor === undefined) found.push(rule);
			else if (rule.anchor.block !== undefined && !seen.has(rule.anchor.block)) {
				seen.add(rule.anchor.block);
				collect(rule.anchor.block.rules);
			}
		}
	};
	collect(rules);
	return found;
}

const NAMED = {
	macro: { define: "macro define", refer: "macro refer", set: "macro set" },
	table: { define: "table define", refer: "table refer", set: "table set" },
	tag: { define: "tag define", refer: "tag refer", set: "tag set" },
} as const;

/** The facts that a statement has once, however many of its rules have them; each is a bit. */
const ONCE = [
	"rule",
	"discovery",
	"main rule",
	"main anchor",
	"main call",
	"main pass",
	"default block",
	"sweeping block",
	"sweeping block 6",
	"loopback pass",
	"pass 6",
] as const satisfies readonly FactKind[];
const ONCE_FACTS: readonly Fact[] = ONCE.map((kind) => [kind, ""]);
const READS_A_FILE: Fact = ["reads a file", ""];
const QUEUE_STATEMENT: Fact = ["queue statement", ""];

const bit = (kind: (typeof ONCE)[number]): number => 1 << ONCE.indexOf(kind);
const RULE = bit("rule");
const DISCOVERY = bit("discovery");
const MAIN_RULE = bit("main rule");
const MAIN_ANCHOR = bit("main anchor");
const MAIN_CALL = bit("main call");
const MAIN_PASS = bit("main pass");
const DEFAULT_BLOCK = bit("default block");
const SWEEPING_BLOCK = bit("sweeping block");
const SWEEPING_BLOCK_6 = bit("sweeping block 6");
const LOOPBACK_PASS = bit("loopback pass");
const PASS_6 = bit("pass 6");

/** Most statements of a file have the facts of one of those before them: they are kept once. */
const shared = recent<readonly Fact[]>(
	(a, b) => a.length === b.length && a.every(([kind, name], i) => kind === b[i]?.[0] && name === b[i]?.[1]),
);

/** Every fact of a statement, as often as it has it where it is counted by name, else once. */
export function factsOf({ record, output }: { readonly record: WordRecord; readonly output: Output }): readonly Fact[] {
	const facts: Fact[] = [];
	record.eachName((kind, use, name) => {
		if (kind === "macro" || kind === "table" || kind === "tag") facts.push([NAMED[kind][use], name]);
	});
	if (record.has(T.include, T.load)) facts.push(READS_A_FILE);
	if (output.skip.length + output.queues.length + output.definitions.length > 0) definitionFacts(output, facts);
	let once = 0;
	for (const rule of output.rules) once |= mainFacts(rule);
	for (const rule of rulesOf(output)) {
		once |= RULE;
		if (rule.stateOptions.overload !== undefined) facts.push(["overload", rule.stateOptions.overload.table]);
		for (const name of rule.set?.queue ?? []) if (name !== undefined) facts.push(["fills", name]);
		if (rule.action === "pass" && rule.family !== "inet" && (rule.protocol === 0 || rule.protocol === IPPROTO.icmp6)) once |= DISCOVERY;
		if (rule.action !== "block") continue;
		if (rule.source.address.kind === "table") facts.push(["blocked table", rule.source.address.name]);
		if (rule.destination.address.kind === "table") facts.push(["blocked table", rule.destination.address.name]);
	}
	for (let i = 0; i < ONCE.length; i++) if ((once & (1 << i)) !== 0) facts.push(ONCE_FACTS[i] as Fact);
	return shared(facts);
}

function definitionFacts({ skip, queues, definitions }: Output, facts: Fact[]): void {
	for (const { name } of skip) facts.push(["skip", name]);
	for (const { name, parent, default: isDefault } of queues) {
		facts.push(QUEUE_STATEMENT);
		if (parent !== "") facts.push(["parent queue", parent]);
		if (parent !== "" && !isDefault) facts.push(["queue to fill", name]);
	}
	for (const definition of definitions) {
		if (definition.kind !== "table" || definition.table.statement < 0) continue;
		if (definition.table.constant) facts.push(["constant table", definition.table.name]);
		if (definition.table.persist) facts.push(["persistent table", definition.table.name]);
	}
}

function mainFacts(rule: Rule): number {
	if (rule.anchor !== undefined) return MAIN_RULE | MAIN_ANCHOR | (rule.anchor.block === undefined ? MAIN_CALL : 0);
	let facts = MAIN_RULE;
	if (rule.action === "pass") {
		facts |= MAIN_PASS;
		if (rule.interface === "lo" || rule.interface === "lo0" || (rule.interface === "" && isSweeping(rule))) facts |= LOOPBACK_PASS;
		if (rule.family === "inet6" && rule.protocol !== 0 && rule.protocol !== IPPROTO.icmp6) facts |= PASS_6;
	} else if (rule.action === "block") {
		if (isSweeping(rule)) {
			facts |= SWEEPING_BLOCK;
			if (rule.family !== "inet") facts |= SWEEPING_BLOCK_6;
			if (rule.direction !== "out") facts |= DEFAULT_BLOCK;
		}
		if (rule.direction === "in" && rule.protocol === 0) facts |= DEFAULT_BLOCK;
	}
	return facts;
}

/** What a statement has that checks of the whole file count. */
import { isSweeping } from "./lint-check.ts";
import type { MarkRecorder } from "./marks.ts";
import { IPPROTO } from "./protocols.ts";
import type { Output } from "./reader.ts";
import type { Anchor, Rule } from "./rules.ts";
import { T } from "./tokens.ts";

export type FactKind =
	| `${"macro" | "table" | "tag"} ${"define" | "refer" | "set"}`
	/** It includes or loads another file. */
	| "reads a file"
	/** pfctl refuses it, so it may be meant to have what it has not. */
	| "broken"
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
	| "sweeping block out"
	| "loopback pass"
	| "pass in"
	| "pass out"
	/** Connections that pass the host: one that leaves with another source, one that is sent on to another host. */
	| "translated"
	| "redirected"
	/** One way of TCP, without state. */
	| "stateless in"
	| "stateless out"
	| "pass 6";

export type Fact = readonly [kind: FactKind, name: string];

/** The rules of a statement that are no calls of anchors, those of its blocks among them. */
export function rulesOf({ main }: Output): readonly Rule[] {
	if (main.rules.every(({ anchor }) => anchor === undefined)) return main.rules;
	const found: Rule[] = [];
	// The rules that one statement expands to share their block.
	const seen = new Set<Anchor>();
	const collect = (list: Anchor): void => {
		if (seen.has(list)) return;
		seen.add(list);
		for (const rule of list.rules) {
			if (rule.anchor === undefined) found.push(rule);
			else if (rule.anchor.block !== undefined) collect(rule.anchor.block);
		}
	};
	collect(main);
	return found;
}

/** Every fact of a statement, as often as it has it where it is counted by name, else once. */
export function factsOf({ recorder, output }: { readonly recorder: MarkRecorder; readonly output: Output }): readonly Fact[] {
	const facts: Fact[] = [];
	for (const { kind, use, name } of recorder.symbols())
		if (kind === "macro" || kind === "table" || kind === "tag") facts.push([`${kind} ${use}`, name]);
	if (recorder.has(T.include, T.load)) facts.push(["reads a file", ""]);
	if (output.complaints.some(({ warning }) => !warning)) facts.push(["broken", ""]);
	for (const { name } of output.skip) facts.push(["skip", name]);
	for (const { name, parent, default: isDefault } of output.queues) {
		facts.push(["queue statement", ""]);
		if (parent !== "") facts.push(["parent queue", parent]);
		if (parent !== "" && !isDefault) facts.push(["queue to fill", name]);
	}
	for (const definition of output.definitions) {
		if (definition.kind !== "table" || definition.table.statement < 0) continue;
		if (definition.table.constant) facts.push(["constant table", definition.table.name]);
		if (definition.table.persist) facts.push(["persistent table", definition.table.name]);
	}
	const once = new Set<FactKind>();
	for (const rule of output.main.rules) mainFacts(rule, once);
	for (const rule of rulesOf(output)) {
		once.add("rule");
		if (rule.action === "pass" && rule.family !== "inet" && (rule.protocol === 0 || rule.protocol === IPPROTO.icmp6)) once.add("discovery");
		if (rule.stateOptions.overload !== undefined) facts.push(["overload", rule.stateOptions.overload.table]);
		for (const name of rule.set?.queue ?? []) if (name !== undefined) facts.push(["fills", name]);
		if (rule.action !== "block") continue;
		for (const { address } of [rule.source, rule.destination]) if (address.kind === "table") facts.push(["blocked table", address.name]);
	}
	for (const kind of once) facts.push([kind, ""]);
	return facts;
}

function mainFacts(rule: Rule, facts: Set<FactKind>): void {
	facts.add("main rule");
	if (rule.anchor !== undefined) {
		facts.add("main anchor");
		if (rule.anchor.block === undefined) facts.add("main call");
		return;
	}
	if (rule.action !== "block") {
		if (isTranslated(rule)) facts.add("translated");
		if (isRedirected(rule)) facts.add("redirected");
	}
	if (rule.action === "pass") {
		facts.add("main pass");
		if (rule.direction !== "out") facts.add("pass in");
		if (rule.direction !== "in") facts.add("pass out");
		if (isOneWay(rule)) facts.add(rule.direction === "in" ? "stateless in" : "stateless out");
		if (rule.interface === "lo" || rule.interface === "lo0" || (rule.interface === "" && isSweeping(rule))) facts.add("loopback pass");
		if (rule.family === "inet6" && rule.protocol !== 0 && rule.protocol !== IPPROTO.icmp6) facts.add("pass 6");
	} else if (rule.action === "block") {
		if (isSweeping(rule)) {
			facts.add("sweeping block");
			if (rule.family !== "inet") facts.add("sweeping block 6");
			if (rule.direction !== "out") facts.add("default block");
			if (rule.direction !== "in") facts.add("sweeping block out");
		}
		if (rule.direction === "in" && rule.protocol === 0) facts.add("default block");
	}
}

/** What its rule translates leaves the host. */
export function isTranslated({ nat, afTo, direction }: Rule): boolean {
	return nat !== undefined && afTo === undefined && direction !== "in";
}

/** What its rule redirects goes on to another host: the addresses of the host itself are most often written as interfaces. */
export function isRedirected({ rdr, afTo, direction }: Rule): boolean {
	const address = rdr?.address;
	if (address?.kind !== "network" || afTo !== undefined || direction === "out") return false;
	const { a, b, c, d } = address.address;
	return a >>> 24 !== 127 && !((a | b | c) === 0 && d === 1);
}

/** A TCP connection, of which this rule passes one direction and makes no state. */
export function isOneWay({ state, direction, protocol, quick, flags, flagSet }: Rule): boolean {
	return state === "none" && direction !== undefined && protocol === IPPROTO.tcp && !quick && flags === 0 && flagSet === 0;
}

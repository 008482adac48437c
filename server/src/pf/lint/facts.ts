/** What a statement has that checks of the whole file count. */
import type { SymbolUse } from "../../text/language.ts";
import type { SymbolKind } from "../../text/vocabulary.ts";
import type { Output } from "../grammar/output.ts";
import { T, TokenSet } from "../grammar/tokens.ts";
import { internRecent } from "../intern-recent.ts";
import { IPPROTO } from "../names/protocols.ts";
import { type AddressMatch, type Anchor, matchesAllOfFamily, type Rule } from "../rules.ts";

export type FactKind =
	| `${"macro" | "table" | "tag"} ${"define" | "refer" | "set"}`
	/** It includes or loads another file. */
	| "reads a file"
	/** pfctl refuses it, or its rules are left out: it may be meant to have what it has not. */
	| "broken"
	/** Its rules are left out, because the ruleset has as many as it may. */
	| "full"
	| "queue statement"
	/** By name: a queue that rules are to fill, one with others below it, one that a rule assigns to. */
	| "queue to fill"
	| "parent queue"
	| "fills"
	/** A rule that translates packets of both families to an interface's address. */
	| "translates both families"
	/** By name: a table with IPv6 addresses, a tag that packets of both families get. */
	| "table of IPv6"
	| "tags both families"
	/** By name: a word where an interface or an address stands. */
	| "bare word"
	| "constant table"
	| "persistent table"
	/** By value: the states from which on, and at which, timeouts shrink to nothing. */
	| "adaptive.start"
	| "adaptive.end"
	/** By value: how many states there may be. */
	| "state limit"
	/** By kind and name: a limiter, and one that a rule names. */
	| "limiter"
	| "limits"
	/** By name: a table that a block rule asks for, one that `overload` adds to. */
	| "blocked table"
	| "overload"
	/** By name: a table that another rule than a block asks for. */
	| "asked table"
	/** By name: an interface that pf skips. */
	| "skip"
	/** A rule that is no call of an anchor, anywhere. */
	| "rule"
	/** One that passes neighbour discovery, anywhere; and one that lets others ask. */
	| "discovery"
	| "discovery in"
	/** Of the main list: any rule, a call of an anchor, one whose rules stand elsewhere. */
	| "main rule"
	| "main anchor"
	| "main call"
	/** Of the main list: rules of a kind. */
	| "main pass"
	| "default block"
	| "sweeping block"
	| "sweeping block 6"
	| "sweeping block 6 in"
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
	| "pass 6"
	/** The same, for connections that come in. */
	| "pass 6 in"
	/** A rule that passes IPv6, whatever else it asks for. */
	| "pass of IPv6";

export type Fact = readonly [kind: FactKind, name: string];

/** Whether one of some facts is of a kind, with `named` of such a name. */
export function hasFact(facts: readonly Fact[], wanted: FactKind, named?: (name: string) => boolean): boolean {
	return facts.some(([kind, name]) => kind === wanted && (named === undefined || named(name)));
}

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
	"discovery in",
	"translates both families",
	"main rule",
	"main anchor",
	"main call",
	"main pass",
	"default block",
	"sweeping block",
	"sweeping block 6",
	"sweeping block 6 in",
	"sweeping block out",
	"loopback pass",
	"pass in",
	"pass out",
	"translated",
	"redirected",
	"stateless in",
	"stateless out",
	"pass 6",
	"pass 6 in",
	"pass of IPv6",
] as const satisfies readonly FactKind[];
const BIT = Object.fromEntries(ONCE.map((kind, index) => [kind, 1 << index])) as Readonly<Record<(typeof ONCE)[number], number>>;

/** The facts of one statement while they are gathered: nothing is made of them as long as a statement before had the same. */
class Gathered {
	readonly #kinds: FactKind[] = [];
	readonly #names: string[] = [];
	#count = 0;

	clear(): void {
		this.#count = 0;
	}

	add(kind: FactKind, name = ""): void {
		this.#kinds[this.#count] = kind;
		this.#names[this.#count++] = name;
	}

	isOf(facts: readonly Fact[]): boolean {
		if (facts.length !== this.#count) return false;
		for (let i = 0; i < facts.length; i++) {
			const [kind, name] = facts[i] as Fact;
			if (kind !== this.#kinds[i] || name !== this.#names[i]) return false;
		}
		return true;
	}

	facts(): readonly Fact[] {
		const facts: Fact[] = [];
		for (let i = 0; i < this.#count; i++) facts.push([this.#kinds[i] as FactKind, this.#names[i] as string]);
		return facts;
	}
}

const READS_A_FILE = new TokenSet([T.include, T.load]);

/** Most statements of a file have the facts of one of those before them: they are kept once. */
const shared = internRecent(
	(facts: readonly Fact[], found: Gathered) => found.isOf(facts),
	(found) => found.facts(),
);

/** Names of interfaces and groups that no macro has. */
const INTERFACE = /^(?:(?:em|ix|ixl|igc|re|bge|bnx|vio|vmx|veb|vport|vether|vlan|tap|bridge|wg|tun|lo|pppoe|carp|trunk)\d+|egress|lo|any)$/;

const gathered = new Gathered();

function addName(kind: SymbolKind, use: SymbolUse["use"], name: string): void {
	if (kind === "macro" || kind === "table" || kind === "tag") gathered.add(NAMED[kind][use], name);
	else if ((kind === "interface" || kind === "interface-group") && !INTERFACE.test(name)) gathered.add("bare word", name);
}

function addBareWord(address: AddressMatch | undefined): void {
	if (address?.kind === "unresolved") gathered.add("bare word", address.name);
}

/** Those that pfctl makes of pools nobody asks for. */
function addAskedTable(address: AddressMatch): void {
	if (address.kind === "table" && !address.name.startsWith("__automatic")) gathered.add("asked table", address.name);
}

/** The words of a statement, as checks ask for them. */
export interface LintWords {
	/** Whether one of the keywords is among them. */
	has(tokens: TokenSet): boolean;
	/** Visits the names that they define, set or refer to. */
	eachName(visit: (kind: SymbolKind, use: SymbolUse["use"], name: string) => void): void;
}

/**
 * Every fact of a statement, as often as it has it where it is counted by name, else once.
 * @param rules those of its output, as `rulesOf` answers them
 */
export function factsOf(record: LintWords, output: Output, rules: readonly Rule[]): readonly Fact[] {
	gathered.clear();
	record.eachName(addName);
	if (record.has(READS_A_FILE)) gathered.add("reads a file");
	if (output.full) gathered.add("full");
	if (output.full || output.leftOut.length > 0 || output.complaints.some(({ warning }) => !warning)) gathered.add("broken");
	if (output.skip.length + output.queues.length + output.definitions.length > 0) definitionFacts(output);
	let once = 0;
	for (const rule of output.rules) once |= mainFacts(rule);
	for (const rule of rules) {
		once |= BIT.rule;
		addBareWord(rule.source.address);
		addBareWord(rule.destination.address);
		addBareWord(rule.nat?.address);
		addBareWord(rule.rdr?.address);
		addBareWord(rule.route?.pool.address);
		if (rule.stateOptions.overload !== undefined) gathered.add("overload", rule.stateOptions.overload.table);
		if (rule.set?.queue !== undefined) for (const name of rule.set.queue) if (name !== undefined) gathered.add("fills", name);
		for (const { kind, name } of rule.limiters) gathered.add("limits", `${kind} ${name}`);
		if (translatesBoth(rule)) once |= BIT["translates both families"];
		if (rule.tag !== "" && rule.family === undefined) gathered.add("tags both families", rule.tag);
		if (rule.action === "pass" && rule.family !== "inet" && (rule.protocol === 0 || rule.protocol === IPPROTO.icmp6))
			once |= BIT.discovery | (rule.direction === "out" ? 0 : BIT["discovery in"]);
		if (rule.action !== "block") {
			addAskedTable(rule.source.address);
			addAskedTable(rule.destination.address);
			continue;
		}
		if (rule.source.address.kind === "table") gathered.add("blocked table", rule.source.address.name);
		if (rule.destination.address.kind === "table") gathered.add("blocked table", rule.destination.address.name);
	}
	for (let left = once; left !== 0; left &= left - 1) gathered.add(ONCE[31 - Math.clz32(left & -left)] as FactKind);
	return shared(gathered);
}

function definitionFacts({ skip, queues, definitions }: Output): void {
	for (const { name } of skip) gathered.add("skip", name);
	for (const { name, parent, default: isDefault } of queues) {
		gathered.add("queue statement");
		if (parent !== "") gathered.add("parent queue", parent);
		if (parent !== "" && !isDefault) gathered.add("queue to fill", name);
	}
	for (const definition of definitions) {
		if (definition.kind === "option" && definition.option.kind === "timeout") {
			const { name, seconds } = definition.option;
			if (name === "adaptive.start" || name === "adaptive.end") gathered.add(name, String(seconds));
		}
		if (definition.kind === "option" && definition.option.kind === "limit" && definition.option.name === "states") {
			gathered.add("state limit", String(definition.option.value));
		}
		if (definition.kind === "limiter") gathered.add("limiter", `${definition.limiter.kind} ${definition.limiter.name}`);
		if (definition.kind !== "table" || definition.table.statement < 0) continue;
		if (definition.table.constant) gathered.add("constant table", definition.table.name);
		if (definition.table.entries.some(({ family }) => family === "inet6")) gathered.add("table of IPv6", definition.table.name);
		if (definition.table.persist) gathered.add("persistent table", definition.table.name);
	}
}

function mainFacts(rule: Rule): number {
	if (rule.anchor !== undefined) return BIT["main rule"] | BIT["main anchor"] | (rule.anchor.block === undefined ? BIT["main call"] : 0);
	let facts = BIT["main rule"];
	if (rule.action !== "block") {
		if (isTranslated(rule)) facts |= BIT.translated;
		if (isRedirected(rule)) facts |= BIT.redirected;
	}
	if (rule.action === "pass") {
		facts |= BIT["main pass"];
		if (rule.direction !== "out") facts |= BIT["pass in"];
		if (rule.direction !== "in") facts |= BIT["pass out"];
		if (isOneWay(rule)) facts |= BIT[rule.direction === "in" ? "stateless in" : "stateless out"];
		if (passesLoopback(rule)) facts |= BIT["loopback pass"];
		if (rule.family !== "inet") facts |= BIT["pass of IPv6"];
		// On loopback nobody has a neighbour.
		if (rule.family === "inet6" && rule.protocol !== 0 && rule.protocol !== IPPROTO.icmp6 && !/^lo\d*$/.test(rule.interface))
			facts |= BIT["pass 6"] | (rule.direction === "in" ? BIT["pass 6 in"] : 0);
	} else if (rule.action === "block") {
		if (matchesAllOfFamily(rule)) {
			facts |= BIT["sweeping block"];
			if (rule.family !== "inet") facts |= BIT["sweeping block 6"] | (rule.direction === "out" ? 0 : BIT["sweeping block 6 in"]);
			if (rule.direction !== "out") facts |= BIT["default block"];
			if (rule.direction !== "in") facts |= BIT["sweeping block out"];
		}
		if (rule.direction === "in" && rule.protocol === 0) facts |= BIT["default block"];
	}
	return facts;
}

/** Whether a rule passes what the host says to itself. */
function passesLoopback(rule: Rule): boolean {
	const { interface: name, protocol, source, destination } = rule;
	if (name === "lo" || name === "lo0") return true;
	if (name !== "") return false;
	if (matchesAllOfFamily(rule)) return true;
	return protocol === 0 && [source, destination].some(({ address, negated, port }) => !negated && port === undefined && isOwn(address));
}

/** `self`, `lo0` and the loopback networks. */
function isOwn(address: AddressMatch): boolean {
	if (address.kind === "unresolved") return /^(?:self|lo0?)\b/.test(address.name);
	if (address.kind === "dynamic") return /^(?:self|lo0?)$/.test(address.interface);
	return address.kind === "network" && address.bits > 0 && address.address.a >>> 24 === 127;
}

/** Whether packets of both families get an interface's address; names whose addresses are not known may be of one. */
export function translatesBoth({ family, nat, afTo, protocol, source, destination }: Rule): boolean {
	if (nat?.address.kind !== "dynamic" || family !== undefined || afTo !== undefined) return false;
	if (protocol === IPPROTO.icmp || protocol === IPPROTO.icmp6) return false;
	return [source, destination].every(({ address, negated }) => negated || (address.kind !== "unresolved" && address.kind !== "dynamic"));
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

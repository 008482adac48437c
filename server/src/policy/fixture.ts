/** Rules made by hand, for tests. */
import { hostAddress, parseIp, splitMask } from "../pf/names/address.ts";
import {
	type AddressMatch,
	ANY_ADDRESS,
	type Anchor,
	BLANK_RULE,
	type EndpointMatch,
	type Ip,
	NAT_PORTS,
	type NumberMatch,
	type NumberOperator,
	type Pool,
	type Rule,
	type Ruleset,
	type Table,
	type TableEntry,
	ZERO_IP,
} from "../pf/rules.ts";
import type { HostInterface } from "../text/language.ts";

/** `10.0.0.0/8`, `10.0.0.1 - 10.0.0.9`, `<table>`, `(em0:network)`, `any`, `no-route`. */
export function match(text: string): AddressMatch {
	if (text === "any") return ANY_ADDRESS;
	if (text === "no-route" || text === "urpf-failed") return { kind: text };
	if (text.startsWith("<")) return { kind: "table", name: text.slice(1, -1) };
	const [, name, part, noAlias] = /^\((\w+)(?::(network|broadcast|peer))?(:0)?\)$/.exec(text) ?? [];
	if (name !== undefined) {
		const kind = part === "network" || part === "broadcast" || part === "peer" ? part : "address";
		return { kind: "dynamic", interface: name, part: kind, noAlias: noAlias !== undefined, bits: 128 };
	}
	const [first = "", last] = text.split(" - ");
	if (last !== undefined) return { kind: "range", first: ip(first), last: ip(last) };
	const { address, bits } = entry(text);
	return { kind: "network", address, bits };
}

export function ip(text: string): Ip {
	return parseIp(text)?.address ?? ZERO_IP;
}

/** An entry of a table; a leading `!` negates it. */
export function entry(text: string): TableEntry {
	const negated = text.startsWith("!");
	const split = splitMask(negated ? text.slice(1) : text);
	const read = "host" in split ? hostAddress(split.host, split.bits) : undefined;
	return { family: read?.family ?? "inet", address: read?.address ?? ZERO_IP, bits: read?.bits ?? 0, negated };
}

/** An end of a connection: an address, negated by a leading `! `, and a port such as `80`, `1:1023`, `!= 22`. */
export function end(address: string, port?: string): EndpointMatch {
	const negated = address.startsWith("! ");
	return { address: match(negated ? address.slice(2) : address), negated, port: port === undefined ? undefined : number(port) };
}

export function number(text: string): NumberMatch {
	const [, low, between, high] = /^(\d+)(:| >< | <> )(\d+)$/.exec(text) ?? [];
	if (between !== undefined) return { op: between.trim() as NumberOperator, low: Number(low), high: Number(high) };
	const [, op = "=", value] = /^(\D+)? ?(\d+)$/.exec(text) ?? [];
	return { op: op.trim() as NumberOperator, low: Number(value), high: 0 };
}

export function pool(address: string, more: Partial<Pool> = {}): Pool {
	return { address: match(address), kind: "none", sticky: false, key: [0, 0, 0, 0], ports: NAT_PORTS, ...more };
}

/** A pass rule with the defaults that pfctl gives it. */
export function pass(more: Partial<Rule> = {}): Rule {
	const tcp = more.protocol === undefined || more.protocol === 0 || more.protocol === 6;
	return { ...BLANK_RULE, state: "keep", flags: tcp ? 0x02 : 0, flagSet: tcp ? 0x12 : 0, ...more };
}

export function block(more: Partial<Rule> = {}): Rule {
	return { ...BLANK_RULE, action: "block", ...more };
}

export function matching(more: Partial<Rule> = {}): Rule {
	return { ...BLANK_RULE, action: "match", ...more };
}

/** A call of an anchor by its path; `/*` at the end makes it a wildcard. */
export function call(path: string, more: Partial<Rule> = {}): Rule {
	const wildcard = path.endsWith("/*");
	return { ...BLANK_RULE, anchor: { name: path, path: wildcard ? path.slice(0, -2) : path, wildcard, block: undefined }, ...more };
}

export function table(name: string, entries: readonly string[], more: Partial<Table> = {}): Table {
	return {
		name,
		anchor: "",
		statement: -1,
		words: { start: 0, end: 0 },
		constant: false,
		persist: false,
		counters: false,
		initialised: true,
		sources: [],
		entries: entries.map(entry),
		incomplete: false,
		...more,
	};
}

export interface Surroundings {
	readonly tables?: readonly Table[];
	readonly anchors?: Readonly<Record<string, readonly Rule[]>>;
	readonly skip?: readonly string[];
}

export function ruleset(rules: readonly Rule[], { tables = [], anchors = {}, skip = [] }: Surroundings = {}): Ruleset {
	const at = (path: string, own: readonly Rule[]): Anchor => ({ path, rules: own, tables: tables.filter((one) => one.anchor === path) });
	return {
		definitions: [],
		options: { skip, blockPolicy: "drop", statePolicy: "floating", reassemble: true },
		queues: [],
		main: at("", rules),
		anchors: new Map(Object.entries(anchors).map(([path, own]) => [path, at(path, own)])),
	};
}

export const INTERFACES: readonly HostInterface[] = [
	{
		name: "lo0",
		flags: 0x49,
		groups: ["lo"],
		addresses: [
			{ family: "inet", address: "127.0.0.1", netmask: "255.0.0.0" },
			{ family: "inet6", address: "::1", prefixLength: 128 },
		],
	},
	{
		name: "em0",
		flags: 0x43,
		groups: ["egress"],
		addresses: [
			{ family: "inet", address: "203.0.113.10", netmask: "255.255.255.0", broadcast: "203.0.113.255" },
			{ family: "inet", address: "203.0.113.11", netmask: "255.255.255.255" },
		],
	},
	{ name: "em1", flags: 0x43, groups: [], addresses: [{ family: "inet", address: "10.0.0.1", netmask: "255.255.255.0" }] },
	{ name: "tap3", flags: 0x43, groups: ["tap", "web"], addresses: [] },
];

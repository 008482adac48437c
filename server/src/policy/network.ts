/** What the kernel knows when it compares an address: the interfaces with their groups and addresses, and the tables. */
import { isGroup } from "../host/filter.ts";
import { compareIp, inNetwork, masked, parseIp } from "../pf/names/address.ts";
import type { DynamicAddress, Family, Ip, Ruleset, Table } from "../pf/rules.ts";
import type { HostInterface, InterfaceAddress } from "../text/language.ts";

/** The addresses of one family that a set holds, an entry of more bits counting before one of fewer. */
export interface Network {
	readonly family: Family;
	readonly address: Ip;
	readonly bits: number;
	readonly negated: boolean;
}

const LOOPBACK = 0x8;
const BROADCAST = 0x2;
const POINTOPOINT = 0x10;

/** An interface as far as it is known. */
export interface KnownInterface extends HostInterface {
	/** It may be in groups, and have addresses, beside those that are known. */
	readonly partial?: boolean;
	/** It has no name before its guest starts: it may be any one of this family that is not among those that are known. */
	readonly unnamed?: string;
}

/** The interfaces of a host, by name. */
export interface Interfaces {
	/** Whether `name` is the packet's interface or a group that it is in; undefined where the packet's interface is not known. */
	matches(name: string, packetInterface: string): boolean | undefined;
	/** What `(em0:network)` stands for; undefined where the interfaces are not known. */
	addresses(dynamic: DynamicAddress): readonly Network[] | undefined;
}

/**
 * Makes the look-up of interfaces. Without `known` nothing is certain but that an interface is itself: whether it is in
 * a group, and which addresses it has, is then undefined.
 */
export function interfacesOf(known: readonly KnownInterface[] | undefined): Interfaces {
	const byName = new Map(known?.map((one) => [one.name, one]));
	return {
		matches(name, packetInterface) {
			if (name === packetInterface) return true;
			const one = byName.get(packetInterface);
			if (one === undefined) return isGroup(name) ? undefined : false;
			if (one.unnamed !== undefined && !isGroup(name)) return byName.has(name) || !name.startsWith(one.unnamed) ? false : undefined;
			// Every interface is in the group "all"; "any" is every one but loopback (pf_if.c, pfi_kif_match).
			if (name === "any") return ((one.flags ?? 0) & LOOPBACK) === 0;
			if (name === "all" || one.groups.includes(name)) return true;
			return one.partial === true && isGroup(name) ? undefined : false;
		},
		addresses(dynamic) {
			if (known === undefined) return undefined;
			const { interface: name } = dynamic;
			const own = known.filter((one) => name === "self" || one.name === name || one.groups.includes(name));
			if (own.some(({ partial }) => partial === true)) return undefined;
			return own.flatMap((one) => addressesOf(one, dynamic));
		},
	};
}

/** What a name stands for that pfctl looks up when it loads the rules: `em0`, `em0:network`, `self`; undefined for a host's name. */
export function dynamicOf(name: string): DynamicAddress | undefined {
	const [, base, part, noAlias] = /^([A-Za-z]+\d+|self)(?::(network|broadcast|peer))?(:0)?$/.exec(name) ?? [];
	if (base === undefined) return undefined;
	const kind = part === "network" || part === "broadcast" || part === "peer" ? part : "address";
	return { kind: "dynamic", interface: base, part: kind, noAlias: noAlias !== undefined, bits: 128 };
}

/** The addresses of one interface that a dynamic address takes (pf_if.c, pfi_instance_add). */
function addressesOf(one: HostInterface, { part, noAlias, bits }: DynamicAddress): readonly Network[] {
	const flags = one.flags ?? 0;
	if (part === "broadcast" && (flags & BROADCAST) === 0) return [];
	if (part === "peer" && (flags & POINTOPOINT) === 0) return [];
	const seen = new Set<Family>();
	const networks: Network[] = [];
	for (const entry of one.addresses) {
		const { family } = entry;
		const text = part === "broadcast" ? entry.broadcast : part === "peer" ? entry.peer : entry.address;
		const parsed = parseIp(text?.split("%", 1)[0] ?? "");
		if (parsed === undefined || parsed.family !== family) continue;
		if (family === "inet6" && part === "network" && isLinkLocal(parsed.address)) continue;
		if (noAlias && seen.has(family)) continue;
		seen.add(family);
		const width = family === "inet" ? 32 : 128;
		const length = part === "network" && bits >= width ? prefixLength(entry) : Math.min(bits, width);
		networks.push({ family, address: masked(parsed.address, length), bits: length, negated: false });
	}
	return networks;
}

function isLinkLocal(ip: Ip): boolean {
	return ip.a >>> 22 === 0x3fa;
}

/** The length of an interface's network; of the whole address where neither mask nor length is known. */
export function prefixLength({ family, prefixLength: length, netmask }: InterfaceAddress): number {
	if (length !== undefined) return length;
	const mask = parseIp(netmask ?? "");
	if (mask === undefined) return family === "inet" ? 32 : 128;
	return Math.clz32(~mask.address.a);
}

/** A set of addresses that is asked whether it holds one. */
export interface AddressSet {
	/** Whether the most specific entry that covers the address is there and not negated. */
	has(ip: Ip, family: Family): boolean;
	/** What a pool takes first: the lowest entry of the family that is not negated. */
	first(family: Family): Network | undefined;
	readonly networks: readonly Network[];
}

/** Indexes networks by family and length, so that a look-up takes one step for each length that occurs. */
export function addressSet(networks: readonly Network[]): AddressSet {
	if (networks.length === 1) return singleNetwork(networks[0] as Network);
	const levels = { inet: levelsOf(networks, "inet"), inet6: levelsOf(networks, "inet6") };
	return {
		networks,
		has(ip, family) {
			for (const { bits, entries } of levels[family]) {
				const negated = entries.get(addressKey(masked(ip, bits)));
				if (negated !== undefined) return !negated;
			}
			return false;
		},
		first: (family) =>
			networks
				.filter((network) => network.family === family && !network.negated)
				.reduce<Network | undefined>(
					(low, next) => (low === undefined || compareIp(next.address, low.address) < 0 ? next : low),
					undefined,
				),
	};
}

function singleNetwork(network: Network): AddressSet {
	return {
		networks: [network],
		has: (ip, family) => family === network.family && !network.negated && inNetwork(ip, network.address, network.bits),
		first: (family) => (family === network.family && !network.negated ? network : undefined),
	};
}

type Level = { readonly bits: number; readonly entries: Map<string | number, boolean> };

function levelsOf(networks: readonly Network[], family: Family): readonly Level[] {
	const levels = new Map<number, Level>();
	for (const { family: own, address, bits, negated } of networks) {
		if (own !== family) continue;
		const level = levels.get(bits) ?? { bits, entries: new Map() };
		levels.set(bits, level);
		const key = addressKey(address);
		// pfctl refuses an entry that is there twice with another sign; the first one stays.
		if (!level.entries.has(key)) level.entries.set(key, negated);
	}
	return [...levels.values()].sort((x, y) => y.bits - x.bits);
}

/** An IPv4 address is a number alone, which is cheap to make and to look up. */
function addressKey(ip: Ip): string | number {
	return (ip.b | ip.c | ip.d) === 0 ? ip.a : `${ip.a},${ip.b},${ip.c},${ip.d}`;
}

/** A table as far as it is known. */
export interface KnownTable {
	readonly set: AddressSet;
	/** A file of it was not there to read, or nothing defines it here: it may hold more. */
	readonly incomplete: boolean;
}

/**
 * The table that a rule of the anchor `path` names: the anchor's own where it is defined there, otherwise that of the
 * main ruleset (pf_table.c, pfr_ktable_select_active). Undefined where neither is.
 */
export type TableLookup = (path: string, name: string) => KnownTable | undefined;

/** The same, where a table that no anchor defines may hold anything. */
export type EveryTable = (path: string, name: string) => KnownTable;

/** What the tables hold when the ruleset is loaded. */
export function tablesOf(ruleset: Ruleset): TableLookup {
	return lookupOf(ruleset, knownTable);
}

/**
 * What the tables hold as long as the ruleset is loaded. One that people, programs or rules fill meanwhile may hold anything:
 * one with `persist`, one of `overload`, and one that has nothing, or no definition, when it is loaded.
 *
 * @param overloaded the names of the tables that rules put sources into
 */
export function lastingTablesOf(ruleset: Ruleset, overloaded: ReadonlySet<string>): EveryTable {
	return withFilled(ruleset, (table) => table.persist || isFilled(table, overloaded));
}

/**
 * What the tables hold when the ruleset is loaded, and what nobody can know by then: what people, programs or rules put into one
 * that nothing fills here, or that is one of `overload`.
 *
 * @param overloaded the names of the tables that rules put sources into
 */
export function loadedTablesOf(ruleset: Ruleset, overloaded: ReadonlySet<string>): EveryTable {
	return withFilled(ruleset, (table) => isFilled(table, overloaded));
}

function isFilled({ entries, name }: Table, overloaded: ReadonlySet<string>): boolean {
	return entries.length === 0 || overloaded.has(name);
}

/** The tables, of which those that something may fill are not known as a whole, if they may be changed at all. */
function withFilled(ruleset: Ruleset, mayBeFilled: (table: Table) => boolean): EveryTable {
	const lookup = lookupOf(ruleset, (table) => {
		const known = knownTable(table);
		return !table.constant && mayBeFilled(table) ? { ...known, incomplete: true } : known;
	});
	return (path, name) => lookup(path, name) ?? UNDEFINED_TABLE;
}

function lookupOf({ main, anchors }: Ruleset, read: (table: Table) => KnownTable): TableLookup {
	const known = new Map<string, KnownTable>();
	for (const { path, tables } of [main, ...anchors.values()]) for (const table of tables) known.set(`${path}\n${table.name}`, read(table));
	return (path, name) => known.get(`${path}\n${name}`) ?? known.get(`\n${name}`);
}

function knownTable(table: Table): KnownTable {
	// The kernel has no entry twice; an index over equal ones keeps the first.
	return { set: addressSet(table.entries), incomplete: table.incomplete };
}

const UNDEFINED_TABLE: KnownTable = { set: addressSet([]), incomplete: true };

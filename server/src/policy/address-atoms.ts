/** The few addresses that stand for all of a network: neither rules nor the host's own networks tell those of one piece apart. */
import type { Host } from "../host/model.ts";
import { parseIp } from "../pf/names/address.ts";
import type { AddressMatch, Family, Ip, Rule, Ruleset } from "../pf/rules.ts";
import type { AddressEnd } from "./endpoints.ts";
import { networkOf } from "./interfaces.ts";
import { dynamicOf, interfacesOf, prefixLength } from "./network.ts";
import { endsOfNetwork, ipOf, numberOf } from "./space.ts";

/** Addresses from one to another, both included. */
export interface AddressRange {
	readonly family: Family;
	readonly low: Ip;
	readonly high: Ip;
}

/** The first address of a piece, which stands for all of it. */
export interface Atom extends AddressEnd {
	/** Another one of the piece, where it has more: connections within the piece are between two of its addresses. */
	readonly second?: AddressEnd;
}

type Addresses = readonly Pick<AddressEnd, "address" | "family">[];

/** Of a network that is cut into more pieces nothing is said. */
const MOST_ATOMS = 2000;

/** Where the addresses of a family are told apart: each begins a piece. */
type Cuts = Readonly<Record<Family, ReadonlySet<bigint>>>;

/**
 * Makes what cuts networks of a host into pieces.
 * @param ends addresses that stand for guests
 * @returns the first address of each piece, the host's own left out; undefined where there are too many, or translation by `bitmask` keeps
 * the last bits of each address
 */
export function addressAtoms(host: Host, ends: Addresses): (range: AddressRange) => readonly Atom[] | undefined {
	const ruleset = host.pf?.ruleset;
	const { cuts, own } = cutsOf(host, ruleset, ends);
	const keepsBits = ruleset !== undefined && rulesOf(ruleset).some(keepsLastBits);
	return ({ family, low, high }) => {
		const [first, last] = [numberOf(low, family), numberOf(high, family)];
		const starts = [first, ...[...cuts[family]].filter((start) => start > first && start <= last)].filter(
			(start) => !own[family].has(start),
		);
		if (starts.length > MOST_ATOMS || keepsBits) return undefined;
		const at = (start: bigint): AddressEnd => ({ kind: "address", family, address: ipOf(start, family) });
		return starts
			.sort((x, y) => (x < y ? -1 : 1))
			.map((start) => ({ ...at(start), ...(start < last && !cuts[family].has(start + 1n) && { second: at(start + 1n) }) }));
	};
}

function rulesOf({ main, anchors }: Ruleset): readonly Rule[] {
	return [main, ...anchors.values()].flatMap(({ rules }) => rules);
}

/** Whether a rule translates each address to one of its own. */
function keepsLastBits({ afTo, nat, rdr }: Rule): boolean {
	return afTo !== undefined || [nat, rdr].some((pool) => pool?.kind === "bitmask");
}

function cutsOf(host: Host, ruleset: Ruleset | undefined, ends: Addresses): { readonly cuts: Cuts; readonly own: Cuts } {
	const cuts = { inet: new Set<bigint>(), inet6: new Set<bigint>() };
	const own = { inet: new Set<bigint>(), inet6: new Set<bigint>() };
	const cut = (family: Family, first: bigint, last: bigint): void => {
		cuts[family].add(first).add(last + 1n);
	};
	const network = (address: Ip, bits: number, family: Family): void => cut(family, ...endsOfNetwork(address, bits, family));
	const { interfaces } = networkOf(host);
	const known = interfacesOf(interfaces);
	const single = (address: Ip, family: Family): void => cut(family, numberOf(address, family), numberOf(address, family));
	/** Rules of no family name no address. */
	const match = (written: AddressMatch, family: Family | undefined): void => {
		const address = (written.kind === "unresolved" ? dynamicOf(written.name) : undefined) ?? written;
		if (address.kind === "dynamic") for (const one of known.addresses(address) ?? []) network(one.address, one.bits, one.family);
		if (family === undefined) return;
		if (address.kind === "network") network(address.address, address.bits, family);
		else if (address.kind === "range") cut(family, numberOf(address.first, family), numberOf(address.last, family));
	};
	for (const { rules, tables } of ruleset === undefined ? [] : [ruleset.main, ...ruleset.anchors.values()]) {
		for (const { source, destination, family } of rules) for (const { address } of [source, destination]) match(address, family);
		for (const { entries } of tables) for (const { address, bits, family } of entries) network(address, bits, family);
	}
	for (const { addresses } of interfaces)
		for (const entry of addresses) {
			const { family } = entry;
			const address = parseIp(entry.address)?.address;
			if (address === undefined) continue;
			single(address, family);
			network(address, prefixLength(entry), family);
			own[family].add(numberOf(address, family));
		}
	for (const { address, family } of ends) single(address, family);
	return { cuts, own };
}

/** Who talks to whom: the ends of a flow, and the addresses that stand for them. */

import { fixedAddress, singleHost } from "../host/filter.ts";
import { type Host, type Link, type Plug, seenOn } from "../host/model.ts";
import type { Endpoint } from "../host/paths.ts";
import { formatIp, inNetwork, parseIp, sameIp } from "../pf/names/address.ts";
import { type AddressMatch, type Family, type Ip, type Rule, type Ruleset, ZERO_IP } from "../pf/rules.ts";
import { addressesAt, tapName } from "./interfaces.ts";
import type { KnownInterface } from "./network.ts";

/** One end of a flow. An address is looked up: it may be the host's own, a guest's, or of a machine outside. */
export type End = { readonly kind: "outside" } | { readonly kind: "host" } | { readonly kind: "guest"; readonly name: string } | AddressEnd;

export interface AddressEnd {
	readonly kind: "address";
	readonly address: Ip;
	readonly family: Family;
}

/** Addresses of guests that the files do not tell, by the guest's name. */
export type GivenAddresses = ReadonlyMap<string, readonly { readonly address: Ip; readonly family: Family }[]>;

/** An address of an end, and where a packet with it starts or arrives. */
export interface Location {
	readonly endpoint: Endpoint;
	readonly address: Ip;
	readonly family: Family;
	/** Of a guest: the interface that has it. */
	readonly plug?: Plug;
	/** Outside: the only interface that it is behind. */
	readonly behind?: string;
	/** It stands for one that the files do not tell. */
	readonly supposed: boolean;
}

/** The ends of a host's flows. */
export interface Ends {
	of(end: End): readonly Location[];
	/** The guests, in the order of vm.conf. */
	readonly guests: readonly string[];
	/** The host's own addresses. */
	readonly own: readonly Location[];
}

/** The rules, with the tables, that addresses are looked for in. */
type Rules = Pick<Ruleset, "main" | "anchors">;

export function endText(end: End): string {
	switch (end.kind) {
		case "guest":
			return end.name;
		case "address":
			return formatIp(end.address, end.family);
		default:
			return end.kind;
	}
}

/** Reads `outside`, `host`, a guest's name or an address; undefined where it is none of them. */
export function readEnd(text: string, host: Host): End | undefined {
	if (text === "outside" || text === "host") return { kind: text };
	if (host.vm.guests.some(({ name }) => name.value === text)) return { kind: "guest", name: text };
	const read = parseIp(text);
	return read === undefined ? undefined : { kind: "address", address: read.address, family: read.family };
}

interface Address {
	readonly address: Ip;
	readonly family: Family;
}

export function endsOf(host: Host, ruleset: Rules, interfaces: readonly KnownInterface[], given: GivenAddresses = new Map()): Ends {
	const named = namedNetworks(ruleset, interfaces);
	const stranger = (family: Family): Ip => {
		const [first, ...others] = OUTSIDE[family];
		const isNamed = (ip: Ip): boolean => named.some((one) => one.family === family && inNetwork(ip, one.address, one.bits));
		return [first, ...others].find((ip) => !isNamed(ip)) ?? first;
	};
	const own = interfaces.flatMap(({ name, addresses }): Location[] => {
		const behind = seenOn(host.links, name);
		return name === "lo0"
			? []
			: addresses.flatMap(({ family, address }) => {
					const read = parseIp(address);
					return read === undefined
						? []
						: [{ endpoint: { kind: "host" } as const, address: read.address, family, behind, supposed: false }];
				});
	});
	const families: readonly Family[] = own.some(({ family }) => family === "inet6") ? ["inet", "inet6"] : ["inet"];
	const outside = families.map(
		(family): Location => ({ endpoint: { kind: "outside" }, address: stranger(family), family, supposed: true }),
	);
	const guests = new Map<string, readonly Location[]>();
	for (const [number, guest] of host.vm.guests.entries()) {
		const plugs = guest.interfaces.map((nic) => ({ guest, nic }));
		guests.set(guest.name.value, guestLocations(host, ruleset, plugs, given.get(guest.name.value) ?? [], number));
	}
	const all = [...guests.values()].flat();
	const locate = (address: Ip, family: Family): readonly Location[] => {
		const same = (one: Location): boolean => one.family === family && sameIp(one.address, address);
		const known = [...own.filter(same), ...all.filter((one) => same(one) && !one.supposed)];
		if (known.length > 0) return known;
		const behind = interfaces.find(
			({ name, addresses }) => name !== "lo0" && addresses.some((one) => one.family === family && covers(one, address)),
		);
		return [
			{
				endpoint: { kind: "outside" },
				address,
				family,
				supposed: false,
				...(behind === undefined ? {} : { behind: seenOn(host.links, behind.name) }),
			},
		];
	};
	return {
		guests: [...guests.keys()],
		own,
		of(end) {
			switch (end.kind) {
				case "outside":
					return outside;
				case "host":
					return own;
				case "guest":
					return guests.get(end.name) ?? [];
				case "address":
					return locate(end.address, end.family);
			}
		},
	};
}

function ip4(a: number, b: number, c: number, d: number): Ip {
	return { ...ZERO_IP, a: (a << 24) | (b << 16) | (c << 8) | d };
}

/** The first words and the last of an address of IPv6. */
function ip6(a: number, b: number, d: number): Ip {
	return { a, b: b | 0, c: 0, d };
}

/** Addresses for documentation and benchmarks (RFC 5737, 2544, 3849): which one stands for the Internet is one that no rule names. */
const OUTSIDE: Readonly<Record<Family, readonly [Ip, ...Ip[]]>> = {
	inet: [
		ip4(198, 51, 100, 77),
		ip4(203, 0, 113, 77),
		ip4(198, 18, 7, 7),
		ip4(198, 19, 7, 7),
		ip4(11, 7, 7, 7),
		ip4(151, 7, 7, 7),
		ip4(77, 7, 7, 7),
	],
	inet6: [ip6(0x2001_0db8, 0xffff_0000, 0x77), ip6(0x3fff_0077, 0, 0x77), ip6(0x2a07_0077, 0, 0x77), ip6(0x2c07_0077, 0, 0x77)],
};

function covers({ address, prefixLength }: { readonly address: string; readonly prefixLength?: number }, ip: Ip): boolean {
	const read = parseIp(address);
	return read !== undefined && prefixLength !== undefined && inNetwork(ip, read.address, prefixLength);
}

interface Named extends Address {
	readonly bits: number;
}

/** Every network that rules, tables and interfaces name, but for those of everything. */
function namedNetworks({ main, anchors }: Rules, interfaces: readonly KnownInterface[]): readonly Named[] {
	const found: Named[] = [];
	const add = (match: AddressMatch, family: Family | undefined): void => {
		if (match.kind !== "network" || match.bits === 0) return;
		found.push({ address: match.address, bits: match.bits, family: family ?? "inet" });
	};
	for (const { rules, tables } of [main, ...anchors.values()]) {
		for (const { source, destination, family } of rules) for (const { address } of [source, destination]) add(address, family);
		for (const { entries } of tables) for (const { address, bits, family } of entries) if (bits > 0) found.push({ address, bits, family });
	}
	for (const { addresses } of interfaces) {
		for (const { address, family, prefixLength = 128 } of addresses) {
			const read = parseIp(address);
			if (read !== undefined) found.push({ address: read.address, bits: prefixLength, family });
		}
	}
	return found;
}

/** The addresses of a guest's interfaces: as they are given, as dhcpd or ARP rules have them, or as the rules on its tap name them. */
function guestLocations(
	host: Host,
	ruleset: Rules,
	plugs: readonly Plug[],
	given: readonly Address[],
	number: number,
): readonly Location[] {
	return plugs.flatMap((plug): Location[] => {
		const endpoint = { kind: "guest", name: plug.guest.name.value, index: plug.nic.index } as const;
		const at =
			(supposed: boolean) =>
			(one: Address): Location => ({ endpoint, ...one, plug, supposed });
		const gateways = gatewaysOf(host, plug);
		const isInNetwork = (one: Address, of: Plug): boolean => gatewaysOf(host, of).some((gateway) => networkHolds(gateway, one));
		const isHomeless = (one: Address): boolean => gateways.length === 0 && !plugs.some((other) => isInNetwork(one, other));
		const mine = given.filter((one) => plugs.length === 1 || isInNetwork(one, plug) || isHomeless(one));
		if (mine.length > 0) return mine.map(at(false));
		const told = [...fromFiles(host, plug), ...fromRules(ruleset, plug)];
		const distinct = told.filter(
			(one, index) => told.findIndex((other) => other.family === one.family && sameIp(other.address, one.address)) === index,
		);
		if (distinct.length > 0) return distinct.map(at(false));
		return [at(true)({ address: supposedAddress(gateways, number), family: "inet" })];
	});
}

/** The host's own interfaces in the network that an interface is plugged into. */
function gatewaysOf(host: Host, { nic }: Plug): readonly Link[] {
	return host.segmentOfNic.get(nic)?.gateways ?? [];
}

function networkHolds(gateway: Link, { address, family }: Address): boolean {
	return addressesAt(gateway).some(
		(one) => one.family === family && one.ip !== undefined && one.bits !== undefined && inNetwork(address, one.ip, one.bits),
	);
}

/** `fixed-address` of dhcpd.conf, and the addresses that ARP rules of the bridge bind to the port. */
function fromFiles(host: Host, plug: Plug): readonly Address[] {
	const fixed = fixedAddress(host, plug);
	const found: Address[] = fixed === undefined ? [] : [{ address: fixed.ip, family: "inet" }];
	for (const { port, address: sender, rule } of host.segmentOfNic.get(plug.nic)?.link.config?.bindings ?? []) {
		const read = rule?.action === "pass" && rule.direction !== "out" ? parseIp(sender?.value ?? "") : undefined;
		if (port.value === tapName(plug) && read !== undefined) found.push({ address: read.address, family: read.family });
	}
	return found;
}

/**
 * The tag that the first rule of the bridge or veb gives to the frames of a guest, which pf sees (bridge_filterrule in
 * if_bridge.c); empty for none. Rules that ask for a destination or for ARP are not about all frames.
 */
export function frameTag(host: Host, plug: Plug): string {
	const mac = plug.nic.lladdr?.value.toLowerCase();
	for (const { port, ethernet, rule } of host.segmentOfNic.get(plug.nic)?.link.config?.bindings ?? []) {
		if (rule === undefined || rule.partial || rule.direction === "out" || port.value !== tapName(plug)) continue;
		if (ethernet !== undefined && ethernet.value !== mac) continue;
		return rule.action === "pass" ? (rule.tag ?? "") : "";
	}
	return "";
}

/** What goes out on a tap is for the guest, what comes in is from it: single addresses in rules on its tap are the guest's. */
function fromRules({ main, anchors }: Rules, plug: Plug): readonly Address[] {
	const tap = tapName(plug);
	const found: Address[] = [];
	const add = (rule: Rule): void => {
		if (rule.interface !== tap || rule.interfaceNegated || rule.action !== "pass" || rule.family === undefined) return;
		const end = rule.direction === "out" ? rule.destination : rule.direction === "in" ? rule.source : undefined;
		if (end === undefined) return;
		const single = rule.family === "inet" ? singleHost(end) : undefined;
		if (single !== undefined) found.push({ address: single, family: "inet" });
		else if (!end.negated && end.address.kind === "network" && end.address.bits === 128) {
			found.push({ address: end.address.address, family: "inet6" });
		}
	};
	for (const { rules } of [main, ...anchors.values()]) rules.forEach(add);
	return found;
}

/** An address of the segment's network, from its upper end, or any where the network is not known. */
function supposedAddress(gateways: readonly Link[], number: number): Ip {
	for (const gateway of gateways) {
		for (const { ip, bits, family } of addressesAt(gateway)) {
			if (ip === undefined || bits === undefined || family !== "inet" || bits > 30) continue;
			const last = (ip.a | (-1 >>> bits)) >>> 0;
			const room = Math.max(1, Math.min(2 ** (32 - bits) - 3, 200));
			const address = last - 1 - (number % room);
			return { ...ZERO_IP, a: (address === ip.a >>> 0 ? address - 1 : address) | 0 };
		}
	}
	return ip4(198, 18, 1 + (number >> 8), number & 255);
}

/** Services as people name them, and the few packets that stand for all that rules can tell apart in them. */
import { formatIp } from "../pf/names/address.ts";
import type { NumberMatch, Ruleset } from "../pf/rules.ts";
import { ICMP, ICMP6, type Packet, TCP, UDP } from "./packet.ts";
import { portSet } from "./space.ts";
import type { Service } from "./trace.ts";

/** `tcp 80 443`, `udp`, `icmp`, or `any` for everything. */
export interface ServiceSet {
	readonly protocol: number | "any";
	/** Ports of the destination, both ends included; all of them where empty. */
	readonly ports: readonly (readonly [low: number, high: number])[];
}

/** One packet that stands for all with a port between `low` and `high`: no rule tells them apart. */
export interface ServiceAtom extends Service {
	readonly low: number;
	readonly high: number;
}

/** Services that are answered for as one: those of a name, or all that no rule names. */
export interface ServiceClass {
	/** The protocol and ports; undefined for what is left of a protocol, 0 for what is left of all others. */
	readonly named: ServiceAtom | undefined;
	readonly protocol: number;
	readonly atoms: readonly ServiceAtom[];
	/** False where some of it is not among the atoms, for there are too many. */
	readonly isWhole: boolean;
}

/** A protocol that rules do not name (RFC 3692 keeps it for experiments): it stands for all of those. */
export const OTHER_PROTOCOL = 253;
const LAST_PORT = 65_535;
/** The types of echo requests. */
const [ECHO, ECHO6] = [8, 128];
/** Combinations of source and destination ports that are looked at for one protocol. */
const MOST_ATOMS = 4096;

/** The ports and protocols that the rules of some rulesets tell apart. */
export interface Distinctions {
	readonly destination: ReadonlyMap<number, readonly number[]>;
	readonly source: ReadonlyMap<number, readonly number[]>;
	/** Other protocols that rules name. */
	readonly protocols: readonly number[];
	/** ICMP types that rules name. */
	readonly icmpTypes: readonly number[];
}

export function distinctionsOf(rulesets: readonly Ruleset[]): Distinctions {
	const destination = new Map([TCP, UDP].map((protocol) => [protocol, new Set([0])]));
	const source = new Map([TCP, UDP].map((protocol) => [protocol, new Set<number>()]));
	const protocols = new Set<number>();
	const icmpTypes = new Set<number>();
	const cut = (cuts: ReadonlyMap<number, Set<number>>, protocol: number, match: NumberMatch | undefined): void => {
		if (match === undefined) return;
		for (const [own, starts] of cuts) {
			if (protocol !== own) continue;
			const set = portSet(match);
			for (const [index, end] of set.entries()) {
				const start = index % 2 === 0 ? end : end + 1;
				if (start <= LAST_PORT) starts.add(start);
			}
		}
	};
	for (const ruleset of rulesets) {
		for (const { rules } of [ruleset.main, ...ruleset.anchors.values()]) {
			for (const { protocol, destination: to, source: from, icmpType } of rules) {
				cut(destination, protocol, to.port);
				cut(source, protocol, from.port);
				if (icmpType > 0) icmpTypes.add(icmpType);
				if (![0, TCP, UDP, ICMP, ICMP6].includes(protocol)) protocols.add(protocol);
			}
		}
	}
	const sorted = (cuts: ReadonlyMap<number, Set<number>>) =>
		new Map([...cuts].map(([protocol, starts]) => [protocol, [...starts].sort((x, y) => x - y)]));
	return { destination: sorted(destination), source: sorted(source), protocols: [...protocols], icmpTypes: [...icmpTypes] };
}

/**
 * The packets that stand for a set of services.
 *
 * @param sources also those from source ports that rules name, not only from an ephemeral one
 */
export function atomsOf({ protocol, ports }: ServiceSet, distinctions: Distinctions, sources: boolean): readonly ServiceAtom[] {
	if (protocol === "any") {
		const others = [...distinctions.protocols, OTHER_PROTOCOL];
		return [TCP, UDP, ICMP, ...others].flatMap((one) => atomsOf({ protocol: one, ports: [] }, distinctions, sources));
	}
	if (protocol === ICMP || protocol === ICMP6) {
		// 0 stands for an echo request already.
		const others = distinctions.icmpTypes.filter((type) => type !== ECHO && type !== ECHO6);
		const types = ports.length > 0 ? ports.map(([type]) => type) : sources ? [0, ...others] : [0];
		return types.map((port) => ({ protocol, port, low: port, high: port }));
	}
	if (protocol !== TCP && protocol !== UDP) return [{ protocol, low: 0, high: LAST_PORT }];
	const cuts = distinctions.destination.get(protocol) ?? [0];
	const pieces = cuts.map((low, index) => [low, (cuts[index + 1] ?? LAST_PORT + 1) - 1] as const);
	const wanted = ports.length === 0 ? [[1, LAST_PORT] as const] : ports;
	const found = wanted.flatMap(([low, high]) =>
		pieces.flatMap(([from, to]): ServiceAtom[] => {
			const first = Math.max(low, from);
			const last = Math.min(high, to);
			return first > last ? [] : [{ protocol, port: first, low: first, high: last }];
		}),
	);
	const named = sources ? (distinctions.source.get(protocol) ?? []) : [];
	const special = named.slice(0, Math.floor(MOST_ATOMS / Math.max(found.length, 1)));
	return [...found, ...special.flatMap((sourcePort) => found.map((atom) => ({ ...atom, sourcePort })))];
}

/**
 * The named services, and what is left of each protocol: together all packets.
 *
 * @param most so many atoms are looked at for what is left
 */
export function serviceClasses(named: readonly ServiceAtom[], distinctions: Distinctions, most: number): readonly ServiceClass[] {
	const classes = named.map((one): ServiceClass => {
		const { protocol, low, high } = one;
		const isPorts = protocol === TCP || protocol === UDP;
		return {
			named: one,
			protocol,
			atoms: isPorts ? atomsOf({ protocol, ports: [[low, high]] }, distinctions, false) : [one],
			isWhole: true,
		};
	});
	const left = (protocol: number, atoms: readonly ServiceAtom[]): ServiceClass => {
		const taken = atoms.slice(0, most);
		return { named: undefined, protocol, atoms: taken, isWhole: taken.length === atoms.length };
	};
	const others = [TCP, UDP].map((protocol) => {
		const known = named.filter((one) => one.protocol === protocol).sort((x, y) => x.low - y.low);
		const ports = between(known);
		return left(protocol, ports.length === 0 ? [] : atomsOf({ protocol, ports }, distinctions, false));
	});
	const protocols = [...distinctions.protocols, OTHER_PROTOCOL].map((protocol) => ({ protocol, low: 0, high: LAST_PORT }));
	return [...classes, ...others.filter(({ atoms }) => atoms.length > 0), left(0, protocols)];
}

/** The ports that none of some services has, which are sorted. */
function between(known: readonly ServiceAtom[]): readonly (readonly [low: number, high: number])[] {
	const found: [number, number][] = [];
	let next = 1;
	for (const { low, high } of known) {
		if (low > next) found.push([next, low - 1]);
		next = Math.max(next, high + 1);
	}
	if (next <= LAST_PORT) found.push([next, LAST_PORT]);
	return found;
}

/** `tcp 80`, `udp 1024:65535`, `icmp`, `protocol 50`. */
export function atomText({ protocol, low, high, sourcePort }: ServiceAtom): string {
	const name = protocolName(protocol);
	if (protocol === ICMP || protocol === ICMP6) return low === 0 ? name : `${name} ${low}`;
	if (protocol !== TCP && protocol !== UDP) return name;
	const ports = low === high ? `${low}` : `${low}:${high}`;
	return `${name} ${ports}${sourcePort === undefined ? "" : ` from port ${sourcePort}`}`;
}

/** A packet as people write one: `tcp 198.51.100.9 port 49160 → 10.0.0.20 port 80`. */
export function flowText({ protocol, family, source, sourcePort, destination, destinationPort }: Packet): string {
	const ports = protocol === TCP || protocol === UDP;
	const end = (address: Packet["source"], port: number): string =>
		`${formatIp(address, family)}${ports && port > 0 ? ` port ${port}` : ""}`;
	return `${protocolName(protocol)} ${end(source, sourcePort)} → ${end(destination, destinationPort)}`;
}

export function protocolName(protocol: number): string {
	return (
		{ [TCP]: "tcp", [UDP]: "udp", [ICMP]: "icmp", [ICMP6]: "icmp6", 47: "gre", 50: "esp", 51: "ah", 112: "carp" }[protocol] ??
		`proto ${protocol}`
	);
}

/** The services that most rules name, in the order of protocols and ports; an echo request is the last. */
export function namedServices(ruleset: Ruleset, most: number): readonly ServiceAtom[] {
	const counts = new Map<string, { readonly atom: ServiceAtom; count: number }>();
	for (const { rules } of [ruleset.main, ...ruleset.anchors.values()]) {
		for (const { protocol, destination, action } of rules) {
			const { port } = destination;
			if (action !== "pass" || port === undefined) continue;
			const [low, high = 0] = portSet(port);
			if (low === undefined || high - low > 1000) continue;
			const atom = { protocol, port: low, low, high };
			const key = atomText(atom);
			const known = counts.get(key);
			if (known === undefined) counts.set(key, { atom, count: 1 });
			else known.count++;
		}
	}
	const found = [...counts.values()].sort((x, y) => y.count - x.count).slice(0, most - 1);
	const atoms = found.map(({ atom }) => atom).sort((x, y) => x.protocol - y.protocol || x.low - y.low);
	return [...atoms, { protocol: ICMP, low: 0, high: 0 }];
}

/** What nat-to, rdr-to and af-to make of a packet (sys/net/pf_lb.c). */
import { masked } from "../pf/names/address.ts";
import { type Family, type Ip, type Pool, type Rule, ZERO_IP } from "../pf/rules.ts";
import type { Candidate } from "./criteria.ts";
import { dynamicOf, type Interfaces, type TableLookup } from "./network.ts";
import { TCP, UDP } from "./packet.ts";

/** A port or an identifier that the kernel picks. */
export const PICKED = -1;

export interface TranslationSurroundings {
	readonly interfaces: Interfaces;
	readonly tables: TableLookup;
	readonly path: string;
}

/**
 * `failed`: the translation cannot be made, so the packet is dropped there and then. `unknown`: which address is chosen
 * cannot be told from here (a random pool, interfaces that are not known); the candidate then has one that is possible.
 */
export type Translated = "done" | "failed" | "unknown";

/** Applies the rule's translation to the candidate. */
export function translate(candidate: Candidate, rule: Rule, around: TranslationSurroundings): Translated {
	if (rule.afTo !== undefined && rule.afTo !== candidate.packet.family) return translateFamily(candidate, rule, rule.afTo, around);
	let outcome: Translated = "done";
	if (rule.nat !== undefined && rule.afTo === undefined) {
		const chosen = choose(rule.nat, candidate.source, candidate.family, around);
		if (chosen.kind === "none") return "failed";
		if (chosen.kind === "unknown") outcome = "unknown";
		candidate.source = chosen.address;
		pickSourcePort(candidate, rule.nat);
	}
	if (rule.rdr !== undefined && rule.afTo === undefined) {
		const chosen = choose(rule.rdr, candidate.source, candidate.family, around);
		if (chosen.kind === "none") return "failed";
		if (chosen.kind === "unknown") outcome = "unknown";
		candidate.destination = rule.rdr.kind === "bitmask" ? merged(chosen.address, candidate.destination, bitsOf(rule.rdr)) : chosen.address;
		candidate.destinationPort = redirectedPort(candidate, rule, rule.rdr);
	}
	return outcome;
}

type Chosen = { readonly kind: "known" | "unknown"; readonly address: Ip } | { readonly kind: "none" };

/**
 * What the rule's pools give to packets of a family, whatever their source; undefined for a pool that it does not have.
 * `none` makes the translation fail.
 */
export function chooseAddress(
	rule: Rule,
	family: Family,
	around: TranslationSurroundings,
): { nat: Chosen | undefined; rdr: Chosen | undefined } {
	const of = (pool: Pool | undefined): Chosen | undefined => {
		if (pool === undefined) return undefined;
		const chosen = choose(pool, ZERO_IP, family, around);
		return chosen.kind === "known" && pool.kind === "bitmask" ? { kind: "unknown", address: chosen.address } : chosen;
	};
	return { nat: of(rule.nat), rdr: of(rule.rdr) };
}

/** The address that a pool gives to a first packet; `from` is the source that bitmask keeps the rest of. */
function choose(pool: Pool, from: Ip, family: Family, { interfaces, tables, path }: TranslationSurroundings): Chosen {
	const { address } = pool;
	switch (address.kind) {
		case "network": {
			const whole = address.bits >= (family === "inet" ? 32 : 128);
			if (pool.kind === "bitmask") return { kind: "known", address: merged(address.address, from, address.bits) };
			return { kind: pool.kind === "none" || whole ? "known" : "unknown", address: address.address };
		}
		case "dynamic": {
			const networks = interfaces.addresses(address);
			if (networks === undefined) return { kind: "unknown", address: from };
			const own = networks.filter((network) => network.family === family);
			const [first] = own;
			if (first === undefined) return { kind: "none" };
			return { kind: own.length === 1 && first.bits >= (family === "inet" ? 32 : 128) ? "known" : "unknown", address: first.address };
		}
		case "table": {
			const table = tables(path, address.name);
			const first = table?.set.first(family);
			if (first === undefined) return table?.incomplete === true ? { kind: "unknown", address: from } : { kind: "none" };
			return { kind: "unknown", address: first.address };
		}
		case "unresolved": {
			const dynamic = dynamicOf(address.name);
			if (dynamic === undefined) return { kind: "unknown", address: from };
			return choose({ ...pool, address: dynamic }, from, family, { interfaces, tables, path });
		}
		default:
			return { kind: "none" };
	}
}

function bitsOf({ address }: Pool): number {
	return address.kind === "network" ? address.bits : 128;
}

/** The network of `network` with the host of `host` (pf_poolmask). */
function merged(network: Ip, host: Ip, bits: number): Ip {
	const own = masked(network, bits);
	const kept = masked(host, bits);
	return {
		a: own.a | (host.a ^ kept.a),
		b: own.b | (host.b ^ kept.b),
		c: own.c | (host.c ^ kept.c),
		d: own.d | (host.d ^ kept.d),
	};
}

/** pf_get_sport: a range of ports is picked from, `static-port` keeps it, other protocols have none. */
function pickSourcePort(candidate: Candidate, { ports: [low, high] }: Pool): void {
	const { protocol } = candidate.packet;
	if (protocol !== TCP && protocol !== UDP) return;
	if (high === 0) return;
	candidate.sourcePort = low === high ? low : PICKED;
}

function redirectedPort({ destinationPort, packet }: Candidate, rule: Rule, { ports: [low, high] }: Pool): number {
	if (packet.protocol !== TCP && packet.protocol !== UDP) return destinationPort;
	if (high === 0) return low === 0 ? destinationPort : low;
	// A range maps the rule's ports one by one, from its first.
	const count = high - low + 1 || 1;
	const offset = (destinationPort - (rule.destination.port?.low ?? 0)) % count;
	const port = low + offset;
	return port > 65535 ? port - 65535 : port;
}

/** RFC 6052, as sys/netinet/inet_nat64.c has it: where the four octets stand behind prefixes of these lengths. */
const OCTETS: Readonly<Record<number, readonly number[]>> = {
	32: [4, 5, 6, 7],
	40: [5, 6, 7, 9],
	48: [6, 7, 9, 10],
	56: [7, 9, 10, 11],
	64: [9, 10, 11, 12],
	96: [12, 13, 14, 15],
};

function translateFamily(candidate: Candidate, rule: Rule, family: Family, around: TranslationSurroundings): Translated {
	const { nat, rdr } = rule;
	if (nat === undefined) return "failed";
	const source = choose(nat, candidate.source, family, around);
	if (source.kind === "none") return "failed";
	const target = rdr && { ...choose(rdr, source.address, family, around), bits: bitsOf(rdr) };
	if (target?.kind === "none") return "failed";
	const { destination } = candidate;
	const mapped =
		family === "inet"
			? target === undefined
				? embedded(destination, ruleBits(rule))
				: merged(target.address, { ...ZERO_IP, a: destination.d }, Math.min(target.bits, 32))
			: target === undefined
				? embed(destination, source.address, Math.min(bitsOf(nat), 96))
				: embed(destination, target.address, target.bits);
	if (mapped === undefined) return "failed";
	const [port = 0] = rdr?.ports ?? [];
	if (port !== 0 && (candidate.packet.protocol === TCP || candidate.packet.protocol === UDP)) candidate.destinationPort = port;
	pickSourcePort(candidate, nat);
	candidate.source = source.address;
	candidate.destination = mapped;
	candidate.family = family;
	return source.kind === "unknown" || target?.kind === "unknown" ? "unknown" : "done";
}

/** The prefix that the rule's destination names, or 96. */
function ruleBits({ destination: { address } }: Rule): number {
	const bits = address.kind === "network" ? address.bits : 0;
	return bits < 32 ? 96 : bits;
}

const octetsOf = (ip: Ip): number[] =>
	[ip.a, ip.b, ip.c, ip.d].flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);

const wordAt = (octets: readonly number[], at: number): number =>
	((octets[at] ?? 0) << 24) | ((octets[at + 1] ?? 0) << 16) | ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0);

/** The IPv4 address inside an IPv6 address whose prefix has `bits` bits. */
function embedded(ip: Ip, bits: number): Ip | undefined {
	const places = OCTETS[Math.min(bits, 96)];
	if (places === undefined) return undefined;
	const octets = octetsOf(ip);
	return {
		a: wordAt(
			places.map((place) => octets[place] ?? 0),
			0,
		),
		b: 0,
		c: 0,
		d: 0,
	};
}

/** The IPv6 address that carries an IPv4 address behind a prefix of `bits` bits. */
function embed(four: Ip, prefix: Ip, bits: number): Ip | undefined {
	const places = OCTETS[bits];
	if (places === undefined) {
		if (bits < 96) return undefined;
		// An extension of pf: a longer prefix keeps its own bits of the last word.
		return { ...prefix, d: merged({ a: masked(prefix, bits).d, b: 0, c: 0, d: 0 }, four, bits - 96).a };
	}
	const octets = octetsOf(prefix);
	octets[8] = 0;
	const quad = octetsOf(four);
	for (const [index, place] of places.entries()) octets[place] = quad[index] ?? 0;
	return { a: wordAt(octets, 0), b: wordAt(octets, 4), c: wordAt(octets, 8), d: wordAt(octets, 12) };
}

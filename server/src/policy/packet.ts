import { parseIp } from "../pf/names/address.ts";
import type { Family, Ip } from "../pf/rules.ts";

/** The first packet of a connection, as pf sees it at one interface in one direction. */
export interface Packet {
	readonly direction: "in" | "out";
	readonly interface: string;
	readonly family: Family;
	/** The number of protocols(5). */
	readonly protocol: number;
	readonly source: Ip;
	readonly destination: Ip;
	/** 0 where the protocol has none. */
	readonly sourcePort: number;
	readonly destinationPort: number;
	/** Bits of `TCP_FLAGS`; 0 where it is not TCP. */
	readonly tcpFlags: number;
	/** Of icmp and icmp6; 0 otherwise. */
	readonly icmpType: number;
	readonly icmpCode: number;
	/** The tag that an earlier pass through pf has left on it; empty for none. */
	readonly tag: string;
	/** The interface that received it; empty for a packet that the host itself has made. */
	readonly receivedOn: string;
}

/** What of a packet says nothing of the place where it is. */
export type Placeless = Omit<Packet, "direction" | "interface" | "receivedOn">;

/** A packet at a place. A matrix makes millions of them: written out, this costs a fraction of what a spread does. */
export function packetAt(packet: Placeless, direction: Packet["direction"], name: string, receivedOn: string): Packet {
	return {
		direction,
		interface: name,
		family: packet.family,
		protocol: packet.protocol,
		source: packet.source,
		destination: packet.destination,
		sourcePort: packet.sourcePort,
		destinationPort: packet.destinationPort,
		tcpFlags: packet.tcpFlags,
		icmpType: packet.icmpType,
		icmpCode: packet.icmpCode,
		tag: packet.tag,
		receivedOn,
	};
}

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMP6 = 58;

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
	["icmp", ICMP],
	["tcp", TCP],
	["udp", UDP],
	["icmp6", ICMP6],
]);

const FLAG_BITS = "FSRPAUEW";

/**
 * Reads a packet of ten words: direction, interface, protocol, source, source port, destination, destination port, TCP
 * flags, tag, receiving interface, with `-` for none. For icmp and icmp6 the two ports are type and code.
 * Returns undefined where a word is not understood.
 */
export function parsePacket(line: string): Packet | undefined {
	const [direction, name, protocolWord = "", from = "", fromPort, to = "", toPort, flags = "", tag = "", received = "-"] = line
		.trim()
		.split(/\s+/);
	const protocol = PROTOCOLS.get(protocolWord) ?? Number(protocolWord);
	const source = parseIp(from);
	const destination = parseIp(to);
	const ports = [Number(fromPort), Number(toPort)] as const;
	if (direction !== "in" && direction !== "out") return undefined;
	if (name === undefined || source === undefined || destination === undefined || source.family !== destination.family) return undefined;
	if (!Number.isInteger(protocol) || !ports.every(Number.isInteger)) return undefined;
	const icmp = protocol === ICMP || protocol === ICMP6;
	return {
		direction,
		interface: name,
		family: source.family,
		protocol,
		source: source.address,
		destination: destination.address,
		sourcePort: icmp ? 0 : ports[0],
		destinationPort: icmp ? 0 : ports[1],
		tcpFlags: flagBits(flags),
		icmpType: icmp ? ports[0] : 0,
		icmpCode: icmp ? ports[1] : 0,
		tag: tag === "-" ? "" : tag,
		receivedOn: received === "-" ? (direction === "in" ? name : "") : received,
	};
}

function flagBits(letters: string): number {
	let bits = 0;
	for (const letter of letters) {
		const bit = FLAG_BITS.indexOf(letter);
		if (bit >= 0) bits |= 1 << bit;
	}
	return bits;
}

/** How pf files an icmp packet (sys/net/pf.c, pf_icmp_mapping). */
export interface IcmpRole {
	/** An answer belongs to the state of a query in the other direction: no rule that keeps state matches it. */
	readonly answer: boolean;
	/** It speaks of another connection, whose state it belongs to: it makes no state of its own. */
	readonly ofAnotherState: boolean;
	/** An echo request: nat-to picks its identifier as it picks ports. */
	readonly echo: boolean;
}

const INET_ANSWERS = new Set([0, 14, 16, 18, 34, 36, 9]);
const INET_ERRORS = new Set([3, 4, 5, 11, 12]);
const INET6_ANSWERS = new Set([129, 140, 200]);
const INET6_ERRORS = new Set([1, 2, 3, 4]);
const ND_ADVERT = 136;

export function icmpRole(packet: Pick<Packet, "protocol" | "icmpType" | "family">): IcmpRole | undefined {
	const { protocol, icmpType: type, family } = packet;
	if (protocol !== ICMP && protocol !== ICMP6) return undefined;
	return family === "inet"
		? { answer: INET_ANSWERS.has(type), ofAnotherState: INET_ERRORS.has(type), echo: type === 8 }
		: { answer: INET6_ANSWERS.has(type), ofAnotherState: INET6_ERRORS.has(type) || type === ND_ADVERT, echo: type === 128 };
}

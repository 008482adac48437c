/** What answers are made of: networks, guests, ports, and who may reach what. */

import { driverOf } from "../hostname/names.ts";
import { isVlan } from "../hostname/vlans.ts";
import { formatIp, inNetwork, masked, parseIp4, splitMask } from "../pf/names/address.ts";
import type { Ip } from "../pf/rules.ts";
import { type Message, msg } from "../text/message.ts";

/** A network of guests behind the host. */
export interface AnsweredNetwork {
	readonly base: Ip;
	readonly bits: number;
	/** As pf.conf has it: `10.50.0.0/24`. */
	readonly text: string;
	/** `255.255.255.0` */
	readonly mask: string;
	/** The first address: the host's. */
	readonly gateway: string;
	/** What dhcpd gives out to guests that it does not know. */
	readonly range: { readonly first: string; readonly last: string };
	/** The addresses below the range, in order. */
	guestAddresses(): Generator<string>;
	has(address: string): boolean;
}

const ip = (word: number): Ip => ({ a: word | 0, b: 0, c: 0, d: 0 });
const text = (word: number): string => formatIp(ip(word), "inet");

/** The network with that address and length. */
export function networkOf(address: Ip, bits: number): AnsweredNetwork {
	const base = masked(address, bits);
	const start = base.a >>> 0;
	const size = 2 ** (32 - bits);
	const wide = size >= 256;
	const range = wide
		? { first: text(start + 100), last: text(start + 199) }
		: { first: text(start + size / 2), last: text(start + size - 2) };
	return {
		base,
		bits,
		text: `${text(start)}/${bits}`,
		mask: text(2 ** 32 - size),
		gateway: text(start + 1),
		range,
		*guestAddresses() {
			for (let i = wide ? 20 : 2; i < (wide ? 100 : size / 2); i++) yield text(start + i);
		},
		has(other) {
			const parsed = parseIp4(other);
			return parsed !== undefined && inNetwork(parsed, base, bits);
		},
	};
}

/** `10.50.0.0/24`; a message where it is no network that guests can be put in. */
export function parseNetwork(given: string): AnsweredNetwork | Message {
	const split = splitMask(given);
	const address = "host" in split ? parseIp4(split.host) : undefined;
	if (!given.includes("/") || !("host" in split) || address === undefined)
		return msg("{0} is not an IPv4 network such as 10.50.0.0/24", given);
	if (split.bits < 8 || split.bits > 28) return msg("The network's length is from /8 to /28, not /{0}", split.bits);
	const network = networkOf(address, split.bits);
	return network.base.a === address.a ? network : msg("{0} is an address in {1}, not the network", split.host, network.text);
}

export function isMessage(value: object): value is Message {
	return "template" in value;
}

/** A guest as an answer names it: `web01` or `web01=10.50.0.20`. */
export interface NamedGuest {
	readonly name: string;
	readonly address?: string;
}

/** The addresses that some of the guests are to have: the others get none of them. */
export function namedAddresses(guests: readonly NamedGuest[]): ReadonlySet<string> {
	return new Set(guests.flatMap(({ address }) => (address === undefined ? [] : [address])));
}

/** Words that vm.conf takes as a guest's name, and that make a file's name too (usr.sbin/vmd/vm.c, vm_checkaccess). */
const GUEST_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;

export function parseGuests(given: string): readonly NamedGuest[] | Message {
	const guests: NamedGuest[] = [];
	for (const part of given.split(",").map((one) => one.trim())) {
		if (part === "") continue;
		const [name = "", address, ...more] = part.split("=").map((one) => one.trim());
		if (!GUEST_NAME.test(name) || more.length > 0) return msg('"{0}" is not a name for a guest: letters, digits, `.`, `_` and `-`', name);
		if (address !== undefined && parseIp4(address) === undefined) return msg("{0} is not an IPv4 address", address);
		if (guests.some((one) => one.name === name)) return msg('"{0}" is named twice', name);
		if (address !== undefined && namedAddresses(guests).has(address)) return msg('"{0}" is named twice', address);
		guests.push(address === undefined ? { name } : { name, address });
	}
	return guests;
}

/** The guests of one VLAN. */
export interface VlanGuests {
	readonly vlan: number;
	readonly guests: readonly NamedGuest[];
}

/** What is wrong with a VLAN's number. */
export function vlanRefusal(text: string): Message | undefined {
	const number = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
	return isVlan(number) ? undefined : msg("'{0}' is not a VLAN from 1 to 4094", text);
}

/** `10: web01 web02; 20: db01=10.50.20.20`. */
export function parseVlans(given: string): readonly VlanGuests[] | Message {
	const found = new Map<number, NamedGuest[]>();
	const names = new Set<string>();
	for (const part of given.split(";").map((one) => one.trim())) {
		if (part === "") continue;
		const [, vlan = "", list = ""] = /^([^\s:]+)\s*:\s*(.+)$/.exec(part) ?? [];
		if (vlan === "") return msg('"{0}" is not of the form `VLAN: GUEST ...`', part);
		const guests = vlanRefusal(vlan) ?? parseGuests(list.replace(/[\s,]+/g, ","));
		if (isMessage(guests)) return guests;
		for (const { name } of guests) {
			if (names.has(name)) return msg('"{0}" is named twice', name);
			names.add(name);
		}
		found.set(Number(vlan), [...(found.get(Number(vlan)) ?? []), ...guests]);
	}
	return [...found].map(([vlan, guests]) => ({ vlan, guests }));
}

/** TCP ports: `22,80` or `22 80`. */
export function parsePorts(given: string): readonly number[] | Message {
	const ports: number[] = [];
	for (const word of given.split(/[\s,]+/)) {
		if (word === "") continue;
		const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
		if (port < 1 || port > 65535) return msg("{0} is not a port from 1 to 65535", word);
		if (!ports.includes(port)) ports.push(port);
	}
	return ports.sort((a, b) => a - b);
}

/** Ports as pf.conf has them. */
export function portList(ports: readonly number[]): string {
	return ports.length === 1 ? `${ports[0]}` : `{ ${ports.join(" ")} }`;
}

/** Who reaches which ports of a guest. */
export interface Allowance {
	readonly guest: string;
	readonly ports: readonly number[];
	/** `any`, a network or an address, or the name of another guest. */
	readonly from: string;
}

/** `web01: 80 443; web01: 22 from 10.10.0.0/24; db01: 3306 from web01`. */
export function parseAllowances(given: string): readonly Allowance[] | Message {
	const allowances: Allowance[] = [];
	for (const part of given.split(";").map((one) => one.trim())) {
		if (part === "") continue;
		const match = /^([^\s:]+)\s*:\s*([\d\s,]+?)(?:\s*\bfrom\s+(.+))?$/.exec(part);
		if (match === null) return msg('"{0}" is not of the form `GUEST: PORT ... [from SOURCE ...]`', part);
		const [, guest = "", portWords = "", sources = "any"] = match;
		const ports = parsePorts(portWords);
		if (isMessage(ports)) return ports;
		for (const from of sources.split(/[\s,]+/).filter(Boolean)) {
			if (/^[\d./]+$/.test(from) && !isAddressOrNetwork(from)) return msg("{0} is not an IPv4 address or network", from);
			allowances.push({ guest, ports, from });
		}
	}
	return allowances;
}

/** Whether a source is written as an address or a network, and not a guest's name. */
export function isAddressOrNetwork(given: string): boolean {
	const split = splitMask(given);
	return "host" in split && parseIp4(split.host) !== undefined && (!given.includes("/") || (split.bits >= 1 && split.bits <= 32));
}

/** Whether a word is the name of an interface: letters, then a number. */
export function isInterfaceName(word: string): boolean {
	return /^[a-z]+(0|[1-9]\d*)$/.test(word) && word.length < 16;
}

/** The lowest name of a family that is not taken: `veb0`, `veb1`, ... */
export function freeName(family: string, taken: Iterable<string>): string {
	const used = new Set(taken);
	for (let unit = 0; ; unit++) if (!used.has(`${family}${unit}`)) return `${family}${unit}`;
}

export function isFamily(name: string, ...families: readonly string[]): boolean {
	return families.includes(driverOf(name));
}

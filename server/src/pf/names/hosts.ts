/** Addresses as a rule names them: host() of pfctl_parser.c with the host's interfaces and names. */
import type { HostInterface } from "../../text/language.ts";
import type { AddressMatch, DynamicAddress, Family, Ip } from "../rules.ts";
import { type Saying, saying } from "../words/messages.ts";
import { hostAddress, masked, parseIp, parseIp4, splitMask } from "./address.ts";

/** One address of a rule's list (struct node_host). */
export interface ResolvedHost {
	/** Undefined where the address has none: tables, interfaces in parentheses, names that are not known here. */
	readonly family: Family | undefined;
	readonly match: AddressMatch;
	readonly negated: boolean;
	/** The interface of a link-local address; 0 for none. */
	readonly index: number;
	readonly weight: number;
}

const BROADCAST = 0x2;
export const LOOPBACK = 0x8;
const POINTOPOINT = 0x10;

export type Part = DynamicAddress["part"];
export interface Modifiers {
	readonly part: Part;
	readonly noAlias: boolean;
}

/** How host() ends: with addresses, or with what pfctl prints on a line of its own. */
export type HostResult = readonly ResolvedHost[] | { readonly complaints: readonly Saying[] };

/** What pfctl asks the machine that it runs on. */
export class HostNames {
	readonly #interfaces: readonly HostInterface[] | undefined;
	readonly #names: Readonly<Record<string, readonly string[]>> | undefined;
	readonly #byName: ReadonlyMap<string, HostInterface>;
	readonly #groups: ReadonlySet<string>;

	/**
	 * @param interfaces the host's interfaces; undefined where they are not known: any name may then be one
	 * @param names the host names that resolve; undefined where they are not known: any name may then resolve
	 */
	constructor(interfaces: readonly HostInterface[] | undefined, names: Readonly<Record<string, readonly string[]>> | undefined) {
		this.#interfaces = interfaces;
		this.#names = names;
		this.#byName = new Map(interfaces?.map((one) => [one.name, one]));
		this.#groups = new Set(interfaces?.flatMap((one) => one.groups));
	}

	/** Whether an interface or group of that name is there; undefined where it is not known. */
	exists(name: string): boolean | undefined {
		if (this.#interfaces === undefined) return undefined;
		return this.#groups.has(name) || this.#byName.has(name);
	}

	/** Whether it is an interface and no group. */
	isInterface(name: string): boolean | undefined {
		if (this.#interfaces === undefined) return undefined;
		return this.#byName.has(name) && !this.#groups.has(name);
	}

	flags(name: string): number {
		return this.#groups.has(name) ? 0 : (this.#byName.get(name)?.flags ?? 0);
	}

	/** 0 where there is none. */
	index(name: string): number {
		return this.#byName.get(name)?.index ?? 0;
	}

	nameOf(index: number): string | undefined {
		return index === 0 ? undefined : this.#interfaces?.find((one) => one.index === index)?.name;
	}

	/** ifa_lookup(): the addresses of an interface, of a group's members, or of all (`self`). */
	lookup(name: string, { part, noAlias }: Modifiers): readonly ResolvedHost[] {
		const exists = this.exists(name);
		if (exists === undefined && name !== "self") return [symbolic(modified(name, { part, noAlias }))];
		if (this.#interfaces === undefined) return [symbolic(modified(name, { part, noAlias }))];
		if (this.#groups.has(name)) {
			const members = this.#interfaces.filter((one) => one.groups.includes(name));
			const found = members.flatMap((one) => this.#addresses((candidate) => skipped(one.name, candidate), part, noAlias));
			if (found.length > 0) return found;
		}
		const filter = name === "self" ? "" : name;
		return this.#addresses((candidate) => filter !== "" && skipped(filter, candidate), part, noAlias);
	}

	#addresses(skip: (name: string) => boolean, part: Part, noAlias: boolean): readonly ResolvedHost[] {
		const hosts: ResolvedHost[] = [];
		for (const one of this.#interfaces ?? []) {
			if (skip(one.name)) continue;
			const flags = one.flags ?? 0;
			if (part === "broadcast" && (flags & BROADCAST) === 0) continue;
			if (part === "peer" && (flags & POINTOPOINT) === 0) continue;
			const seen = new Set<Family>();
			for (const entry of one.addresses) {
				const { family } = entry;
				if (part === "broadcast" && (family !== "inet" || !entry.broadcast)) continue;
				const index = family === "inet6" ? (entry.scopeId ?? 0) : 0;
				if (part === "network" && index > 0) continue;
				if (noAlias && seen.has(family)) continue;
				seen.add(family);
				const text = part === "broadcast" ? entry.broadcast : part === "peer" ? entry.peer : entry.address;
				const address = parseIp(text?.split("%", 1)[0] ?? (family === "inet" ? "0.0.0.0" : "::"))?.address;
				if (address === undefined) continue;
				const width = family === "inet" ? 32 : 128;
				const bits = part === "network" ? networkBits(entry.netmask, entry.prefixLength, width) : width;
				hosts.push(networkHost(family, address, bits, index));
			}
		}
		return hosts;
	}

	/** host(): what a word in a rule stands for. */
	host(word: string): HostResult {
		const split = splitMask(word);
		if ("error" in split) return { complaints: [saying("netmask is {0}: {1}", split.error, split.rest)] };
		const { host, bits } = split;
		// Most are dotted quads, which nothing else can be read as.
		const address = parseIp4(host);
		if (address !== undefined) return [networkHost("inet", address, bits < 0 ? 32 : bits, 0)];
		const complaints: Saying[] = [];
		const found = this.#interfaceHosts(host, bits, complaints) ?? this.#numeric(host, bits) ?? this.#resolved(host, bits);
		if (found === undefined || found.length === 0) return { complaints: [...complaints, saying("no IP address found for {0}", word)] };
		return found;
	}

	/** host_if() */
	#interfaceHosts(word: string, bits: number, complaints: Saying[]): readonly ResolvedHost[] | undefined {
		let part: Part = "address";
		let several = false;
		let noAlias = false;
		let name = word;
		for (let colon = name.lastIndexOf(":"); colon >= 0; colon = name.lastIndexOf(":")) {
			const modifier = name.slice(colon + 1);
			if (modifier === "0") noAlias = true;
			else if (modifier === "network" || modifier === "broadcast" || modifier === "peer") {
				several ||= part !== "address" && part !== modifier;
				part = modifier;
			} else return undefined;
			name = name.slice(0, colon);
		}
		if (several) {
			complaints.push(saying("illegal combination of interface modifiers"));
			return undefined;
		}
		if ((part === "network" || part === "broadcast") && bits >= 0) {
			complaints.push(saying("network or broadcast lookup, but extra netmask given"));
			return undefined;
		}
		if (this.exists(name) !== true && name.slice(0, 15) !== "self") return undefined;
		const hosts = this.lookup(name, { part, noAlias });
		if (hosts.length === 0) return undefined;
		return bits < 0 ? hosts : hosts.map((host) => withBits(host, bits));
	}

	/** host_ip() */
	#numeric(word: string, bits: number): readonly ResolvedHost[] | undefined {
		const found = hostAddress(word, bits);
		if (found === undefined) return undefined;
		let index = 0;
		if (found.scope !== undefined) {
			index = this.index(found.scope) || (/^\d+$/.test(found.scope) ? Number(found.scope) : 0);
			if (index === 0 && this.#interfaces !== undefined) return undefined;
		}
		return [networkHost(found.family, found.address, found.bits, index)];
	}

	/** host_dns() */
	#resolved(word: string, bits: number): readonly ResolvedHost[] | undefined {
		const noAlias = word.endsWith(":0");
		const name = noAlias ? word.slice(0, -2) : word;
		if (this.#names === undefined)
			return /^[A-Za-z0-9_]/.test(name) && !/^[\d.]+$/.test(name) && !name.startsWith("0x") ? [symbolic(word)] : undefined;
		const seen = new Set<Family>();
		return (Object.hasOwn(this.#names, name) ? this.#names[name] : undefined)?.flatMap((text) => {
			const ip = parseIp(text);
			if (ip === undefined || (noAlias && seen.has(ip.family))) return [];
			seen.add(ip.family);
			const width = bits >= 0 ? bits : ip.family === "inet" ? 32 : 128;
			return [networkHost(ip.family, masked(ip.address, width), width, 0)];
		});
	}
}

function networkBits(netmask: string | null | undefined, length: number | undefined, width: number): number {
	if (length !== undefined) return length;
	const mask = parseIp(netmask ?? "");
	return mask === undefined ? width : Math.clz32(~mask.address.a);
}

function networkHost(family: Family, address: Ip, bits: number, index: number): ResolvedHost {
	return { family, match: { kind: "network", address: masked(address, bits), bits }, negated: false, index, weight: 0 };
}

/** A name whose addresses are not known here. */
function symbolic(name: string): ResolvedHost {
	return { family: undefined, match: { kind: "unresolved", name }, negated: false, index: 0, weight: 0 };
}

function modified(name: string, { part, noAlias }: Modifiers): string {
	return `${name}${part === "address" ? "" : `:${part}`}${noAlias ? ":0" : ""}`;
}

/** set_ipmask() */
export function withBits(host: ResolvedHost, bits: number): ResolvedHost {
	const { match } = host;
	if (match.kind === "network") return { ...host, match: { ...match, address: masked(match.address, bits), bits } };
	return match.kind === "dynamic" ? { ...host, match: { ...match, bits } } : host;
}

/** ifa_skip_if(): a name that ends in a digit is one interface, another is the prefix of several. */
function skipped(filter: string, name: string): boolean {
	if (name === filter) return false;
	if (filter === "" || filter.length >= 16 || /\d$/.test(filter) || !name.startsWith(filter)) return true;
	return !/\d/.test(name[filter.length] ?? "");
}

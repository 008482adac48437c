/** For tests: the connections that a host's files let through, found by pf's own evaluation on every way of a packet. */

import { filesOf } from "../host/fixture.ts";
import type { Host, HostSource, ModelFile, Plug } from "../host/model.ts";
import { type Endpoint, type Path, pathsBetween } from "../host/paths.ts";
import { seesAt } from "../host/segments.ts";
import { formatIp } from "../pf/names/address.ts";
import { createEvaluator, type Evaluator } from "../policy/evaluate.ts";
import { type Packet, parsePacket } from "../policy/packet.ts";
import type { HostInterface } from "../text/language.ts";
import type { Release } from "../text/vocabulary.ts";
import type { Answers } from "./pattern.ts";
import { applyPattern, hostFor, type PatternName } from "./patterns.ts";

export type Files = ReadonlyMap<string, ModelFile>;

/** The files after patterns, one after the other. */
export function madeBy(base: string, ...runs: readonly (readonly [PatternName, Answers])[]): Files {
	return madeFor(undefined, base, ...runs);
}

/** The same, for a host of a release. */
export function madeFor(release: Release | undefined, base: string, ...runs: readonly (readonly [PatternName, Answers])[]): Files {
	let files = filesOf(base);
	for (const [name, answers] of runs) {
		const { files: written, problems } = applyPattern(sourceOf(files, release), name, answers);
		if (problems.length > 0) throw new Error(JSON.stringify(problems));
		files = new Map([...files, ...[...written].map(([path, text]) => [path, { text }] as const)]);
	}
	return files;
}

export function sourceOf(files: Files, release?: Release): HostSource {
	return { name: "hv1", files, ...(release === undefined ? {} : { release }) };
}

/** Addresses of what is outside of the host, and of guests that no lease tells of. */
export interface Surroundings {
	/** By the guest's name. */
	readonly guests?: Readonly<Record<string, string>>;
	/** The station that stands for the outside. */
	readonly outside: string;
	/** Of the host, where the outside comes in. */
	readonly host: string;
	readonly release?: Release;
}

const probes: readonly (readonly [protocol: "tcp" | "udp", port: number])[] = [
	["tcp", 22],
	["tcp", 80],
	["tcp", 3306],
	["udp", 53],
];

/** Every connection of the probes that gets through, as `web01 > outside tcp 22`. */
export function connections(files: Files, around: Surroundings): readonly string[] {
	const host = hostFor(sourceOf(files, around.release));
	const pf = new Network(host, around);
	const names = ["outside", "host", ...host.vm.guests.map(({ name }) => name.value)];
	const open: string[] = [];
	for (const from of names) {
		for (const to of names) {
			if (from === to || from === "host") continue;
			const ports = probes
				.filter(([protocol, port]) => pf.reaches(from, to, protocol, port))
				.map(([protocol, port]) => `${protocol} ${port}`);
			if (ports.length > 0) open.push(`${from} > ${to}: ${ports.length === probes.length ? "all" : ports.join(", ")}`);
		}
	}
	return open;
}

/** Whether a guest's request for a lease, and the answer to it, get through. */
export function getsLease(files: Files, around: Surroundings, guest: string): boolean {
	return new Network(hostFor(sourceOf(files, around.release)), around).getsLease(guest);
}

class Network {
	readonly #host: Host;
	readonly #around: Surroundings;
	readonly #evaluator: Evaluator;

	constructor(host: Host, around: Surroundings) {
		this.#host = host;
		this.#around = around;
		if (host.pf === undefined) throw new Error("no pf.conf");
		this.#evaluator = createEvaluator(host.pf.ruleset, this.#interfaces());
	}

	reaches(from: string, to: string, protocol: string, port: number): boolean {
		const source = this.#address(from, to);
		const aims = new Set([this.#address(to, from)]);
		// Behind NAT, a guest is reached by the host's address.
		if (from === "outside") aims.add(this.#around.host);
		return pathsBetween(this.#host, endpoint(from), endpoint(to)).some((path) =>
			[...aims].some(
				(aim) => aim !== undefined && source !== undefined && this.#passes(path, to, `${protocol} ${source} 40000 ${aim} ${port}`),
			),
		);
	}

	getsLease(name: string): boolean {
		const guest = this.#host.vm.guests.find((one) => one.name.value === name);
		const [nic] = guest?.interfaces ?? [];
		const segment = nic && this.#host.segmentOfNic.get(nic);
		if (guest === undefined || nic === undefined || segment === undefined) return false;
		const tap = this.#tap({ guest, nic });
		const asks = "udp 0.0.0.0 68 255.255.255.255 67 - -";
		const server = segment.gateways[0]?.config?.addresses[0]?.text ?? "10.10.0.1";
		const answers = `udp ${server} 67 ${this.#address(name, "outside") ?? ""} 68 - -`;
		const flood = segment.kind === "veb" ? [segment.link.name] : segment.uplinks.map((uplink) => uplink.name);
		const steps = [
			`in ${tap} ${asks} ${tap}`,
			...flood.map((out) => `out ${out} ${asks} ${tap}`),
			...segment.uplinks.filter(({ name: port }) => seesAt(segment, port)).map((uplink) => `in ${uplink.name} ${answers} ${uplink.name}`),
			// What dhcpd sends into a bridge passes no tap in pf.
			...(segment.kind === "bridge" && segment.gateways.length > 0 ? [] : [`out ${tap} ${answers} -`]),
		];
		return steps.every((line) => {
			const packet = parsePacket(line);
			return packet !== undefined && this.#verdict(packet).verdict === "pass";
		});
	}

	#passes({ steps }: Path, to: string, words: string): boolean {
		let packet = parsePacket(`in x0 ${words} S/SA - -`);
		let received = "";
		for (const { interface: name, direction, tested, plug } of steps) {
			if (packet === undefined) return false;
			const on = plug === undefined ? (name ?? "") : this.#tap(plug);
			if (direction === "in") {
				if (received === "" && plug !== undefined) packet = { ...packet, tag: this.#frameTag(on) };
				received = on;
			}
			if (!tested) continue;
			const after = this.#verdict({ ...packet, interface: on, direction, receivedOn: received, tcpFlags: packet.protocol === 6 ? 2 : 0 });
			if (after.verdict !== "pass") return false;
			packet = after.packet;
		}
		const arrived = packet === undefined ? "" : formatIp(packet.destination, "inet");
		return (
			arrived === this.#address(to, "") || (to === "host" && this.#isOwn(arrived)) || (to === "outside" && arrived === this.#around.outside)
		);
	}

	#verdict(packet: Packet) {
		const outcomes = this.#evaluator.evaluate(packet);
		const [first] = outcomes;
		if (first === undefined || outcomes.some(({ verdict }) => verdict !== first.verdict)) throw new Error("not certain");
		return first;
	}

	#isOwn(address: string): boolean {
		return address === this.#around.host || this.#host.configs.some(({ addresses }) => addresses.some(({ text }) => text === address));
	}

	/** The address by which one is known to another. */
	#address(name: string, other: string): string | undefined {
		if (name === "outside") return this.#around.outside;
		const given = this.#around.guests?.[name];
		if (given !== undefined) return given;
		if (name === "host") {
			const [plug] = this.#host.vm.guests.find((one) => one.name.value === other)?.interfaces ?? [];
			return (plug && this.#host.segmentOfNic.get(plug))?.gateways[0]?.config?.addresses[0]?.text ?? this.#around.host;
		}
		const lladdr = this.#host.vm.guests.find((one) => one.name.value === name)?.interfaces[0]?.lladdr?.value.toLowerCase();
		return this.#host.dhcpd.value?.hosts.find(({ ethernet }) => ethernet?.text === lladdr)?.addresses[0]?.text;
	}

	/** What a bridge's layer 2 rule marks the frames of a port with. */
	#frameTag(port: string): string {
		for (const { path } of this.#host.configs) {
			const tag = new RegExp(`^rule pass in on ${port} src \\S+ tag (\\S+)$`, "m").exec(this.#host.source.files.get(path)?.text ?? "")?.[1];
			if (tag !== undefined) return tag;
		}
		return "";
	}

	/** A tap that is not pinned gets a number that no file has. */
	#tap({ guest, nic }: Plug): string {
		return nic.tap?.value ?? `tap${100 + 10 * this.#host.vm.guests.findIndex(({ name }) => name.value === guest.name.value) + nic.index}`;
	}

	#interfaces(): readonly HostInterface[] {
		const found = new Map<string, HostInterface>();
		for (const { name, family, config } of this.#host.links.values()) {
			const addresses = (config?.addresses ?? []).map(({ family: kind, text, bits }) => ({
				family: kind,
				address: text,
				prefixLength: bits ?? 32,
			}));
			found.set(name, { name, flags: 0x43, groups: [family, ...(config?.groups ?? []).map(({ value }) => value)], addresses });
		}
		const uplink = found.get("em0");
		if (uplink !== undefined) {
			const own = { family: "inet", address: this.#around.host, prefixLength: 24 } as const;
			found.set("em0", { ...uplink, groups: [...uplink.groups, "egress"], addresses: [own] });
		}
		const switches = new Map(this.#host.vm.switches.map(({ name, group }) => [name.value, group?.value]));
		for (const guest of this.#host.vm.guests) {
			for (const nic of guest.interfaces) {
				const groups = ["tap", nic.group?.value, switches.get(nic.switch?.value ?? "")].filter((group) => group !== undefined);
				const name = this.#tap({ guest, nic });
				found.set(name, { name, flags: 0x43, groups, addresses: [] });
			}
		}
		return [...found.values()];
	}
}

function endpoint(name: string): Endpoint {
	return name === "host" || name === "outside" ? { kind: name } : { kind: "guest", name };
}

/** The interfaces of a host as pf finds them, from the files of the host. */

import type { ConfiguredAddress } from "../host/interfaces.ts";
import { addressedAt, addressesIn, type Host, isCloned, isSetElsewhere, type Link, type Plug } from "../host/model.ts";
import { lans, outsides, type PathStep } from "../host/paths.ts";
import { assumedUplink } from "../host/uplink.ts";
import { formatIp, inNetwork, parseIp } from "../pf/names/address.ts";
import { type Ip, ZERO_IP } from "../pf/rules.ts";
import type { InterfaceAddress } from "../text/language.ts";
import type { KnownInterface } from "./network.ts";

const LOOPBACK = 0x8;
const BROADCAST = 0x2;

/** An address that stands for one that the host is given when it runs. */
export interface Placeholder {
	readonly interface: string;
	readonly address: string;
}

export interface HostNetwork {
	readonly interfaces: readonly KnownInterface[];
	readonly placeholders: readonly Placeholder[];
}

/** What pf calls a guest's interface: its tap, or a name for the one that vmd will pick. */
export function tapName({ guest, nic }: Plug): string {
	return nic.tap?.value ?? `tap(${guest.name.value}:${nic.index})`;
}

/** What pf calls the interface of a step. */
export function nameOf({ interface: name, plug }: PathStep): string {
	// Without a name, it is a guest's.
	return name ?? tapName(plug as Plug);
}

/** Every interface of the host, those of its guests among them. What the host itself has told counts before its files. */
export function networkOf(host: Host): HostNetwork {
	const found = new Map<string, KnownInterface>();
	const placeholders: Placeholder[] = [];
	found.set("lo0", {
		name: "lo0",
		flags: LOOPBACK,
		groups: ["lo"],
		addresses: [
			{ family: "inet", address: "127.0.0.1", prefixLength: 8 },
			{ family: "inet6", address: "::1", prefixLength: 128 },
		],
	});
	const egress = egressOf(host);
	const assumed = assumedUplink(host);
	for (const link of new Set([...host.links.values(), ...(assumed === undefined ? [] : [assumed])])) {
		const { name, config, family } = link;
		const groups = new Set([
			...(isCloned(name) ? [family] : []),
			...(config?.groups ?? []).map(({ value }) => value),
			...groupsOfTap(host, link),
		]);
		if (egress.has(link) || name === assumed?.name) groups.add("egress");
		const addresses = addressesIn(link).flatMap(addressOf);
		const stands = placeholderOf(link, placeholders.length, name === assumed?.name);
		if (stands !== undefined) {
			placeholders.push({ interface: name, address: stands.address });
			addresses.push(stands);
		}
		const unread = addressesIn(link).some(({ ip }) => ip === undefined);
		const partial = unread || isSetElsewhere(host, name) || (config === undefined && !isCloned(name) && name !== assumed?.name);
		found.set(name, {
			name,
			flags: family === "lo" ? LOOPBACK : BROADCAST,
			groups: [...groups],
			addresses,
			...(partial ? { partial } : {}),
		});
	}
	for (const guest of host.vm.guests) {
		for (const nic of guest.interfaces) {
			if (nic.tap !== undefined) continue;
			const groups = ["tap", nic.group?.value, groupOfSwitch(host, nic.switch?.value)].filter((group) => group !== undefined);
			const name = tapName({ guest, nic });
			found.set(name, { name, flags: BROADCAST, groups, addresses: [], unnamed: "tap" });
		}
	}
	for (const one of host.source.facts?.interfaces ?? []) found.set(one.name, one);
	return { interfaces: [...found.values()], placeholders };
}

function groupOfSwitch({ vm }: Host, name: string | undefined): string | undefined {
	return vm.switches.find((one) => one.name.value === name)?.group?.value;
}

function groupsOfTap(host: Host, { pinnedBy }: Link): readonly string[] {
	return pinnedBy.flatMap(({ nic }) => [nic.group?.value, groupOfSwitch(host, nic.switch?.value)]).filter((group) => group !== undefined);
}

/** The interfaces with the default route, which the kernel puts into the group egress. */
export function egressOf(host: Host): ReadonlySet<Link> {
	const devices = outsides(host);
	const ports = [...new Set(lans(host).map(({ gateway }) => gateway))];
	const out = [...devices, ...ports];
	const given = out.filter(({ config }) => config?.autoconf.inet !== undefined || config?.autoconf.inet6 !== undefined);
	// netstart leaves a gateway out where an interface gets its address of that family from outside.
	const isAsked = (family: "inet" | "inet6"): boolean => host.configs.some(({ autoconf }) => autoconf[family] !== undefined);
	const gateways = (host.mygate.value ?? []).flatMap((line) => (line.kind === "gateway" && !isAsked(line.family) ? [line.address] : []));
	const reached = out.filter((link) =>
		addressesAt(link).some(({ ip, bits, family }) =>
			gateways.some((gateway) => {
				const address = parse(gateway);
				return ip !== undefined && bits !== undefined && address?.family === family && inNetwork(address.ip, ip, bits);
			}),
		),
	);
	const found = [...given, ...reached];
	const only = devices.length > 0 ? devices : ports;
	return new Set(found.length > 0 ? found : only.length === 1 ? only : []);
}

/** The addresses by which packets cross an interface. */
export function addressesAt(link: Link): readonly ConfiguredAddress[] {
	return addressedAt(link).flatMap(({ addresses }) => addresses);
}

function parse(text: string): { readonly family: "inet" | "inet6"; readonly ip: Ip } | undefined {
	const read = parseIp(text);
	return read && { family: read.family, ip: read.address };
}

function addressOf({ family, ip, bits }: ConfiguredAddress): InterfaceAddress[] {
	if (ip === undefined) return [];
	const width = family === "inet" ? 32 : 128;
	const prefixLength = bits ?? width;
	const broadcast =
		family === "inet" && prefixLength < 31 ? { broadcast: formatIp({ ...ZERO_IP, a: ip.a | (-1 >>> prefixLength) }, family) } : {};
	return [{ family, address: formatIp(ip, family), prefixLength, ...broadcast }];
}

/** 192.0.2.0/24 is for documentation (RFC 5737): no host has it. Each interface that is given an address has a piece of it. */
function placeholderOf({ config }: Link, number: number, isAssumed: boolean): InterfaceAddress | undefined {
	if (!isAssumed && (config?.autoconf.inet === undefined || config.addresses.some(({ family }) => family === "inet"))) return undefined;
	const start = (number * 8) % 256;
	return { family: "inet", address: `192.0.2.${start + 2}`, prefixLength: 29, broadcast: `192.0.2.${start + 7}` };
}

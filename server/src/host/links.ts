/** The interfaces of a host, and what each stands on, carries or is a part of. */
import { familyOf } from "../hostname/families.ts";
import { driverOf } from "../hostname/names.ts";
import type { Place } from "../text/place.ts";
import { type Plug, registered, type VmConfig, type VmSwitch } from "../vm/model.ts";
import type { InterfaceConfig } from "./interfaces.ts";

/** An interface of the host: of a hostname file, a member or parent of one, a switch of vm.conf, or a pinned tap. */
export interface Link {
	readonly name: string;
	readonly family: string;
	readonly config?: InterfaceConfig;
	/** Where it is a member: each `add` of a bridge or veb. */
	readonly memberOf: readonly Membership[];
	/** The trunk or aggr that it is a port of. */
	readonly trunkOf: readonly Membership[];
	/** The vlan and other interfaces on top of it. */
	readonly children: readonly InterfaceConfig[];
	/** The switches of vm.conf that stand on it. */
	readonly switches: readonly VmSwitch[];
	/** Guests' interfaces that pin it, on a tap. */
	readonly pinnedBy: readonly Plug[];
}

export interface Membership {
	/** The bridge, veb, trunk or aggr. */
	readonly of: InterfaceConfig;
	readonly at: Place;
}

/** Whether an interface is made by software, by `ifconfig create`; all others are devices of the machine. */
export function isCloned(name: string): boolean {
	return familyOf(name).cloned;
}

/** Whether an interface gets an address, of its own or from outside. */
export function hasAddress(config: InterfaceConfig | undefined): boolean {
	return config !== undefined && (config.addresses.length > 0 || config.autoconf.inet !== undefined || config.autoconf.inet6 !== undefined);
}

/**
 * The hostname files whose addresses are those of one place in pf: an interface's own, and those of carp(4) on it. What is for
 * an address of carp comes in on the interface below for pf, and goes out there (pf_test and pf_match_rcvif in sys/net/pf.c).
 */
export function addressedAt({ config, children }: Link): readonly InterfaceConfig[] {
	return [...(config === undefined ? [] : [config]), ...children.filter(({ family }) => family === "carp")];
}

/** The addresses in an interface's own file; none where it has no file. */
export function addressesIn({ config }: Pick<Link, "config">): InterfaceConfig["addresses"] {
	return config?.addresses ?? [];
}

/** The interface on which pf sees packets for the addresses of another, by name: of carp(4) the one below it, else itself. */
export function seenOn(links: ReadonlyMap<string, Link>, name: string): string {
	const link = links.get(name);
	return link?.family === "carp" ? (link.config?.parent?.value ?? name) : name;
}

/** Whether any address is an interface's, its own or one of carp(4) on it. */
export function isAddressed(link: Link): boolean {
	return link.family !== "carp" && addressedAt(link).some(hasAddress);
}

/** All interfaces that the files name, by name. */
export function linksOf(configs: readonly InterfaceConfig[], vm: VmConfig): ReadonlyMap<string, Link> {
	type Draft = { -readonly [K in keyof Link]: Link[K] } & {
		memberOf: Membership[];
		trunkOf: Membership[];
		children: InterfaceConfig[];
		switches: VmSwitch[];
		pinnedBy: Plug[];
	};
	const links = new Map<string, Draft>();
	const link = (name: string): Draft => {
		let found = links.get(name);
		if (found === undefined) {
			found = { name, family: driverOf(name), memberOf: [], trunkOf: [], children: [], switches: [], pinnedBy: [] };
			links.set(name, found);
		}
		return found;
	};
	for (const config of configs) {
		link(config.name).config = config;
		for (const member of [...config.members, ...config.spans]) link(member.value).memberOf.push({ of: config, at: member });
		for (const port of config.trunkports) link(port.value).trunkOf.push({ of: config, at: port });
		if (config.parent !== undefined) link(config.parent.value).children.push(config);
	}
	for (const one of vm.switches)
		if (one.interface !== undefined && one.disabled === undefined) link(one.interface.value).switches.push(one);
	for (const guest of registered(vm).values()) {
		for (const nic of guest.interfaces) if (nic.tap !== undefined) link(nic.tap.value).pinnedBy.push({ guest, nic });
	}
	return links;
}

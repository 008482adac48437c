/** What a guest is bound to: its port, its MAC address, its lease. */

import type { PortBinding } from "../hostname/model.ts";
import { formatIp, inNetwork, parseIp4 } from "../pf/names/address.ts";
import { related } from "../text/check.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import type { Plug } from "../vm/model.ts";
import { error, type HostCheck, warning } from "./check.ts";
import { type DhcpdHost, type DhcpdValue, servedNetwork } from "./dhcpd.ts";
import { fixedAddress } from "./filter.ts";
import type { InterfaceConfig } from "./interfaces.ts";
import type { Host } from "./model.ts";
import { servedInterfaces } from "./rc-conf.ts";

/** Each binding of a port to an address, with the guest's interface that is pinned on it. */
function* boundGuests(host: Host): Generator<{ readonly binding: PortBinding; readonly plug: Plug }> {
	for (const { bindings } of host.configs) {
		for (const binding of bindings) {
			const [plug, ...others] = host.links.get(binding.port.value)?.pinnedBy ?? [];
			if (plug !== undefined && others.length === 0) yield { binding, plug };
		}
	}
}

const inDhcpd = (host: Host, { span }: DhcpdValue): Place => ({ file: host.dhcpd.path, span });

/** Those of a list that have the same key as one before them, with that one. */
function* repeated<T>(items: readonly T[], key: (item: T) => string | undefined): Generator<readonly [again: T, first: T]> {
	const seenKeys = new Map<string, T>();
	for (const item of items) {
		const value = key(item);
		if (value === undefined) continue;
		const first = seenKeys.get(value);
		if (first === undefined) seenKeys.set(value, item);
		else yield [item, first];
	}
}

/** What shows that the network of an interface has others to look after it: the host's own address, or its gateway, comes from there. */
function outsideBy(
	host: Host,
	{ name, autoconf, addresses }: InterfaceConfig,
): { readonly at: Place; readonly message: Message } | undefined {
	if (autoconf.inet !== undefined)
		return { at: autoconf.inet, message: msg("dhcpd on {0} answers beside the server that gives {0} its own address", name) };
	// netstart leaves mygate out where another interface gets its address from outside.
	const lines = host.configs.some((config) => config.autoconf.inet !== undefined) ? [] : (host.mygate.value ?? []);
	for (const line of lines) {
		const gateway = line.kind === "gateway" && line.family === "inet" ? parseIp4(line.address) : undefined;
		if (line.kind !== "gateway" || gateway === undefined) continue;
		if (!addresses.some(({ ip, bits, family }) => family === "inet" && ip !== undefined && inNetwork(gateway, ip, bits ?? 32))) continue;
		// A subnet that names this gateway is meant for that network.
		if (host.dhcpd.value?.subnets.some(({ routers }) => routers.some(({ text }) => text === line.address))) continue;
		const at = { file: host.mygate.path, span: line.span };
		return { at, message: msg("dhcpd on {0} also answers the network of the gateway {1}", name, line.address) };
	}
	return undefined;
}

const single = ({ addresses }: DhcpdHost): string | undefined => addresses[0]?.text;

export const guestChecks = {
	"host/binding-without-port": error(
		[
			"A layer 2 rule or a static address for what is not a port",
			"ifconfig refuses it: the interface is not a member of this bridge or veb when netstart comes to the line.",
			"Add the port above, or correct the name.",
		],
		(host, report) => {
			for (const { family, members, spans, bindings, name } of host.configs) {
				if (family !== "bridge" && family !== "veb") continue;
				const ports = new Set([...members, ...spans].map(({ value }) => value));
				const told = new Set<string>();
				for (const { port } of bindings) {
					if (ports.has(port.value) || told.has(port.value)) continue;
					told.add(port.value);
					report(port, msg("{0} is not a port of {1}", port.value, name), { advice: msg("Write `add {0}` above this line.", port.value) });
				}
			}
		},
	),

	"host/binding-lladdr-differs": error(
		[
			"A port bound to another MAC address than its guest has",
			"The veb sends the guest's frames nowhere, or the layer 2 rule drops what the guest sends.",
			"Write the lladdr of vm.conf.",
		],
		(host, report) => {
			for (const { binding, plug } of boundGuests(host)) {
				const { ethernet } = binding;
				const { lladdr } = plug.nic;
				if (ethernet === undefined || lladdr === undefined || ethernet.value === lladdr.value.toLowerCase()) continue;
				report(ethernet, msg('"{0}" has {1} on {2}', plug.guest.name.value, lladdr.value, binding.port.value), {
					related: [related(lladdr, msg("Its MAC address"))],
					fixes: [{ title: msg("Write {0}", lladdr.value), edits: [{ ...ethernet, text: lladdr.value }], preferred: true }],
				});
			}
		},
	),

	"host/binding-random-lladdr": warning(
		[
			"A port bound to a MAC address that changes",
			"vmd gives an interface without lladdr another address at each start, and the binding then shuts the guest out.",
			"Write the address into vm.conf.",
		],
		(host, report) => {
			const told = new Set<string>();
			for (const { binding, plug } of boundGuests(host)) {
				if (binding.ethernet === undefined || plug.nic.lladdr !== undefined || told.has(binding.port.value)) continue;
				told.add(binding.port.value);
				report(binding.ethernet, msg('vm.conf gives "{0}" no MAC address: it has another one at each start', plug.guest.name.value), {
					advice: msg("Add `lladdr {0}` to the guest's interface.", binding.ethernet.value),
					related: [related(plug.nic, msg("The guest's interface"))],
				});
			}
		},
	),

	"host/binding-address-differs": warning(
		[
			"A layer 2 rule for another address than the guest's lease",
			"ARP for the guest's own address is dropped: nobody finds it.",
			"Write the fixed-address of dhcpd.conf.",
		],
		(host, report) => {
			for (const { binding, plug } of boundGuests(host)) {
				const lease = fixedAddress(host, plug);
				const { address } = binding;
				if (address === undefined || lease === undefined || parseIp4(address.value)?.a === lease.ip.a) continue;
				const text = formatIp(lease.ip, "inet");
				report(address, msg('"{0}" gets {1} from dhcpd', plug.guest.name.value, text), {
					related: [related(lease.at, msg("Its fixed address"))],
					fixes: [{ title: msg("Write {0}", text), edits: [{ ...address, text }], preferred: true }],
				});
			}
		},
	),

	"host/dhcp-same-address": error(
		["One fixed address for two guests", "Both use it, and neither is reached for long.", "Give each an address of its own."],
		(host, report) => {
			for (const [again, first] of repeated(host.dhcpd.value?.hosts ?? [], single)) {
				const [address] = again.addresses;
				if (address === undefined || (again.ethernet !== undefined && again.ethernet.text === first.ethernet?.text)) continue;
				report(inDhcpd(host, address), msg("{0} is the address of {1} as well", address.text, first.name.text), {
					related: [related(inDhcpd(host, first.addresses[0] ?? first.name), msg("The other guest"))],
				});
			}
		},
	),

	"host/dhcp-same-ethernet": warning(
		[
			"One MAC address with two fixed addresses in a network",
			"dhcpd takes the first that fits, whichever was meant.",
			"Delete one of them.",
		],
		(host, report) => {
			const network = (one: DhcpdHost): string =>
				String((host.dhcpd.value?.subnets ?? []).findIndex(({ span }) => span.start <= one.span.start && one.span.end <= span.end));
			const key = (one: DhcpdHost): string | undefined =>
				one.ethernet === undefined ? undefined : `${network(one)} ${one.ethernet.text.toLowerCase()}`;
			for (const [again, first] of repeated(host.dhcpd.value?.hosts ?? [], key)) {
				if (again.ethernet === undefined) continue;
				report(inDhcpd(host, again.ethernet), msg("{0} is the MAC address of {1} as well", again.ethernet.text, first.name.text), {
					related: [related(inDhcpd(host, first.ethernet ?? first.name), msg("The other entry"))],
				});
			}
		},
	),

	"host/dhcp-fixed-is-host": error(
		["A guest with the host's own address", "The guest takes the gateway's place in its network.", "Give the guest another address."],
		(host, report) => {
			const guests = new Set(
				host.vm.guests.flatMap(({ name, interfaces }) => [name.value, ...interfaces.map((nic) => nic.lladdr?.value.toLowerCase())]),
			);
			const own = host.configs.flatMap(({ addresses }) => addresses.filter(({ ip, family }) => family === "inet" && ip !== undefined));
			for (const one of host.dhcpd.value?.hosts ?? []) {
				// An entry of another machine may be that of the host itself.
				if (!guests.has(one.name.text) && !guests.has(one.ethernet?.text.toLowerCase())) continue;
				for (const address of one.addresses) {
					const taken = own.find(({ ip }) => ip?.a === parseIp4(address.text)?.a);
					if (taken !== undefined)
						report(inDhcpd(host, address), msg("{0} is the host's own address", address.text), {
							related: [related(taken, msg("The host's"))],
						});
				}
			}
		},
	),

	"host/dhcp-netmask-differs": warning(
		[
			"A subnet of another length than its interface has",
			"Guests take the length from dhcpd: they ask for neighbours that the host routes, or the other way.",
			"Write the same netmask in both.",
		],
		(host, report) => {
			for (const subnet of host.dhcpd.value?.subnets ?? []) {
				const network = servedNetwork(subnet);
				if (network === undefined) continue;
				for (const { name, addresses } of host.configs) {
					for (const { ip, family, bits, ...at } of addresses) {
						if (family !== "inet" || ip === undefined || bits === undefined || bits === network.bits) continue;
						if (!inNetwork(ip, network.ip, network.bits)) continue;
						report(inDhcpd(host, subnet.netmask), msg("{0} has /{1}, not /{2}", name, bits, network.bits), {
							related: [related(at, msg("The interface's address"))],
						});
					}
				}
			}
		},
	),

	"host/dhcpd-on-uplink": warning(
		[
			"dhcpd on the network of the host's own gateway",
			"It answers every station of that network, beside the server that is there already. dhcpd for a LAN behind the host is right, over a bridge or veb as well.",
			"Serve the interfaces that lead to guests and to networks behind the host.",
		],
		(host, report) => {
			for (const { name, span } of servedInterfaces(host.rc.value ?? [])) {
				const config = host.links.get(name)?.config;
				const outside = config && outsideBy(host, config);
				if (outside === undefined) continue;
				report({ file: host.rc.path, span }, outside.message, { related: [related(outside.at, msg("The way outside"))] });
			}
		},
	),

	"host/same-lladdr": warning(
		[
			"One MAC address on two interfaces of the host",
			"In one network, switches and guests cannot tell them apart.",
			"Give each an address of its own, or none.",
		],
		(host, report) => {
			const single = host.configs.filter(({ family }) => !["trunk", "aggr", "carp", "vlan", "svlan"].includes(family));
			for (const [again, first] of repeated(single, ({ lladdr }) => lladdr?.value)) {
				if (again.lladdr === undefined || again.lladdr.value === "random") continue;
				report(again.lladdr, msg("{0} is the MAC address of {1} as well", again.lladdr.value, first.name), {
					related: [related(first.lladdr ?? again.lladdr, msg("The other interface"))],
				});
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

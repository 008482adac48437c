/** What the host has for the placeholders of a snippet: a name where exactly one thing fits, nothing where none or several do. */

import { fixedAddress } from "../host/filter.ts";
import { type Host, hasAddress, isCloned, type Link, type Plug, type Segment } from "../host/model.ts";
import { outsides } from "../host/paths.ts";
import { interfaceOfPath } from "../hostname/names.ts";
import { freeName, networkOf } from "../patterns/values.ts";
import { freeLladdr } from "../patterns/vm-conf.ts";
import { type Fit, type Snippet, withDefaults } from "../text/snippet.ts";

/** The snippet's text with the names of a host in place of its defaults. */
export function fittedBody({ body, fits = {} }: Snippet, host: Host, path: string): string {
	const found = new Map<number, string>();
	for (const [number, fit] of Object.entries(fits)) {
		const name = finders[fit](host, path);
		if (name !== undefined) found.set(Number(number), name);
	}
	return withDefaults(body.join("\n"), found);
}

const finders: Readonly<Record<Fit, (host: Host, path: string) => string | undefined>> = {
	uplink: (host) => only(outsides(host))?.name,
	lan: (host) => only(machine(host).filter(({ children }) => children.length === 0))?.name,
	trunk: (host) => only(machine(host))?.name,
	vlan: (host) => only(withoutAddress(host).filter(({ family }) => family === "vlan"))?.name,
	bridge: (host) => only(free(host))?.link.name,
	"lan-bridge": (host) => only(free(host).filter(leadsOut))?.link.name,
	"routed-bridge": (host) => only(free(host).filter((segment) => !leadsOut(segment)))?.link.name,
	"own-port": (host, path) => ownPort(host, path)?.name,
	"own-port-lladdr": (host, path) => ownPort(host, path)?.config?.lladdr?.value,
	gateway: (host) => gatewayOf(host)?.name,
	"gateway-address": (host) => addressOf(gatewayOf(host))?.text,
	network(host) {
		const { ip, bits } = addressOf(gatewayOf(host)) ?? {};
		return ip === undefined || bits === undefined ? undefined : networkOf(ip, bits).text;
	},
	switch: (host) => only(host.vm.switches)?.name.value,
	"lan-guests": (host) => only(groups(host.segments.filter(leadsOut))),
	"routed-guests": (host) => only(groups(host.segments.filter((segment) => !leadsOut(segment)))),
	"anchor-guest": (host, path) => guestOf(host, path)?.name.value,
	"anchor-tap": (host, path) => only(guestOf(host, path)?.interfaces ?? [])?.tap?.value,
	"anchor-address"(host, path) {
		const guest = guestOf(host, path);
		const nic = only(guest?.interfaces ?? []);
		return guest === undefined || nic === undefined ? undefined : fixedAddress(host, { guest, nic })?.text;
	},
	"neighbour-address"(host, path) {
		const guest = guestOf(host, path);
		const segment = only(host.segments.filter(({ plugs }) => plugs.some((plug) => plug.guest === guest)));
		const neighbour = only((segment?.plugs ?? []).filter((plug) => plug.guest !== guest));
		return neighbour && fixedAddress(host, neighbour)?.text;
	},
	"port-guest": (host, path) => only(host.links.get(interfaceOfPath(path) ?? "")?.pinnedBy ?? [])?.guest.name.value,
	"guest-tap": (host) => only(behindHost(host))?.nic.tap?.value,
	"guest-address"(host) {
		const plug = only(behindHost(host));
		return plug && fixedAddress(host, plug)?.text;
	},
	"first-guest": (host, path) => pairOf(host, path)?.[0].guest.name.value,
	"second-guest": (host, path) => pairOf(host, path)?.[1].guest.name.value,
	"first-tap": (host, path) => ofBoth(host, path, tapOf)?.[0],
	"second-tap": (host, path) => ofBoth(host, path, tapOf)?.[1],
	"first-lladdr": (host, path) => ofBoth(host, path, lladdrOf)?.[0],
	"second-lladdr": (host, path) => ofBoth(host, path, lladdrOf)?.[1],
	"first-address": (host, path) => ofBoth(host, path, (plug) => fixedAddress(host, plug)?.text)?.[0],
	"second-address": (host, path) => ofBoth(host, path, (plug) => fixedAddress(host, plug)?.text)?.[1],
	"free-tap": (host) => freeTaps(host)?.[0],
	"next-free-tap": (host) => freeTaps(host)?.[1],
	"free-lladdr": (host) => freeLladdrs(host)?.[0],
	"next-free-lladdr": (host) => freeLladdrs(host)?.[1],
};

function only<T>(list: readonly T[]): T | undefined {
	return list.length === 1 ? list[0] : undefined;
}

function withoutAddress(host: Host): readonly Link[] {
	return [...host.links.values()].filter(({ config }) => config !== undefined && !hasAddress(config));
}

function machine(host: Host): readonly Link[] {
	return withoutAddress(host).filter(
		({ name, family, trunkOf }) => (!isCloned(name) || family === "aggr") && family !== "tap" && trunkOf.length === 0,
	);
}

/** Bridges and vebs of hostname files on which no switch stands. */
function free(host: Host): readonly Segment[] {
	return host.segments.filter(({ link, ports }) => link.config !== undefined && link.switches.length === 0 && ports.length > 0);
}

function leadsOut({ uplinks }: Segment): boolean {
	return uplinks.length > 0;
}

function gatewayOf(host: Host): Link | undefined {
	return only(host.segments.filter((segment) => !leadsOut(segment)).flatMap(({ gateways }) => gateways));
}

function addressOf(link: Link | undefined) {
	return only((link?.config?.addresses ?? []).filter(({ family }) => family === "inet"));
}

function groups(segments: readonly Segment[]): readonly string[] {
	return [...new Set(segments.flatMap(({ link }) => link.switches.flatMap(({ group }) => group?.value ?? [])))];
}

/** The guest that a file in a folder below /etc is named after. */
function guestOf(host: Host, path: string) {
	const name = /^\/etc\/[^/]+\/(.+)\.conf$/.exec(path)?.[1];
	return host.vm.guests.find((guest) => guest.name.value === name);
}

/** The host's port that stands in no bridge yet: a vport for a veb, a vether for any other file. */
function ownPort(host: Host, path: string): Link | undefined {
	const family = interfaceOfPath(path)?.startsWith("veb") ? "vport" : "vether";
	const ports = [...host.links.values()].filter((link) => link.family === family && hasAddress(link.config));
	return only(ports.filter(({ memberOf }) => memberOf.length === 0));
}

/** Interfaces of guests whose network leads out by the host alone. */
function behindHost(host: Host): readonly Plug[] {
	return host.segments.filter((segment) => !leadsOut(segment)).flatMap(({ plugs }) => plugs);
}

function pairOf(host: Host, path: string): readonly [Plug, Plug] | undefined {
	const own = interfaceOfPath(path);
	const segment = only(host.segments.filter((one) => (own === undefined ? !leadsOut(one) : one.link.name === own)));
	const [first, second, ...more] = segment?.plugs ?? [];
	return first === undefined || second === undefined || more.length > 0 || first.guest === second.guest ? undefined : [first, second];
}

/** What both of a pair have: one alone could be what the other's default says. */
function ofBoth(host: Host, path: string, read: (plug: Plug) => string | undefined): readonly [string, string] | undefined {
	const [first, second] = pairOf(host, path)?.map(read) ?? [];
	return first === undefined || second === undefined ? undefined : [first, second];
}

function tapOf({ nic }: Plug): string | undefined {
	return nic.tap?.value;
}

function lladdrOf({ nic }: Plug): string | undefined {
	return nic.lladdr?.value;
}

/** Two taps that the host does not have, where a guest has one. */
function freeTaps(host: Host): readonly [string, string] | undefined {
	if (nics(host).every(({ tap }) => tap === undefined)) return undefined;
	const first = freeName("tap", host.links.keys());
	return [first, freeName("tap", [...host.links.keys(), first])];
}

/** Two MAC addresses that the host does not have, where a guest has one. */
function freeLladdrs(host: Host): readonly [string, string] | undefined {
	if (nics(host).every(({ lladdr }) => lladdr === undefined)) return undefined;
	const first = freeLladdr(host);
	const unit = Number.parseInt(first.slice(-5).replace(":", ""), 16);
	return [first, freeLladdr(host, unit + 1)];
}

function nics({ vm }: Host) {
	return vm.guests.flatMap(({ interfaces }) => interfaces);
}

/** What the host has for the placeholders of a snippet: a name where exactly one thing fits, nothing where none or several do. */
import { fixedAddress } from "../host/filter.ts";
import { interfaceOfPath } from "../host/interface-config.ts";
import { type Host, hasAddress, isCloned, type Link, type Segment } from "../host/model.ts";
import { outsides } from "../host/paths.ts";
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
	"own-port"(host, path) {
		const family = interfaceOfPath(path)?.startsWith("veb") ? "vport" : "vether";
		const ports = [...host.links.values()].filter((link) => link.family === family && hasAddress(link.config));
		return only(ports.filter(({ memberOf }) => memberOf.length === 0))?.name;
	},
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
		const ethernet = nic?.lladdr?.value;
		const found = guest === undefined || nic === undefined ? undefined : fixedAddress(host, { guest, nic });
		if (found === undefined) return undefined;
		return host.dhcpd.value?.hosts.find((one) => one.ethernet?.text.toLowerCase() === ethernet)?.addresses[0]?.text;
	},
	"port-guest": (host, path) => only(host.links.get(interfaceOfPath(path) ?? "")?.pinnedBy ?? [])?.guest.name.value,
	"free-tap": (host) => (nics(host).some(({ tap }) => tap !== undefined) ? freeName("tap", host.links.keys()) : undefined),
	"free-lladdr": (host) => (nics(host).some(({ lladdr }) => lladdr !== undefined) ? freeLladdr(host) : undefined),
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

function nics({ vm }: Host) {
	return vm.guests.flatMap(({ interfaces }) => interfaces);
}

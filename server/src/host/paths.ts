/**
 * The paths that a packet can take on a host, with the places where pf filters it: between guests, the host and the
 * outside. Read in sys/net/if_bridge.c, if_veb.c and if_vether.c; IPv4 or IPv6 in one frame to a known address.
 */
import type { Plug } from "../vm/model.ts";
import { type Host, isAddressed, type Link, type Segment } from "./model.ts";
import { isConnected, isHeard, isOfGuestsAlone, seesAt } from "./segments.ts";
import { assumedUplink } from "./uplink.ts";

export type Endpoint =
	| { readonly kind: "host" }
	| { readonly kind: "outside" }
	/** A guest by its name, or one of its interfaces. */
	| { readonly kind: "guest"; readonly name: string; readonly index?: number };

/** A place on the way. */
export interface PathStep {
	/** The interface; undefined for a tap that vmd picks when the guest starts. */
	readonly interface: string | undefined;
	readonly direction: "in" | "out";
	/** Whether pf tests the packet here. */
	readonly tested: boolean;
	/** The guest's interface, on its tap. */
	readonly plug?: Plug;
}

export interface Path {
	/** Bridged packets stay in one segment; routed ones pass the host's IP stack. */
	readonly kind: "bridged" | "routed";
	readonly steps: readonly PathStep[];
	/** True where the host must forward packets between interfaces. */
	readonly forwarded: boolean;
}

type Half = readonly PathStep[];

const step = (name: string | undefined, direction: PathStep["direction"], tested = true, plug?: Plug): PathStep => ({
	interface: name,
	direction,
	tested,
	...(plug === undefined ? {} : { plug }),
});

const tap = (plug: Plug, direction: PathStep["direction"], tested: boolean): PathStep => step(plug.nic.tap?.value, direction, tested, plug);

/** All paths from one endpoint to another. A guest that does not exist has none. */
export function pathsBetween(host: Host, from: Endpoint, to: Endpoint): readonly Path[] {
	const paths: Path[] = [];
	if (from.kind !== "host" && to.kind !== "host") paths.push(...bridged(host, from, to));
	// Where nothing keeps two ports of one network apart, the way by the host's own port adds nothing to the direct one.
	const byItself = paths.length > 0 || (from.kind !== "guest" && to.kind !== "guest");
	for (const inward of toHost(host, from)) {
		for (const outward of fromHost(host, to)) {
			const forwarded = from.kind !== "host" && to.kind !== "host";
			if (forwarded && byItself && goesBack(inward, outward)) continue;
			const steps = [...inward, ...outward];
			if (steps.length > 0) paths.push({ kind: "routed", steps, forwarded });
		}
	}
	return paths;
}

/** Whether packets come in on an interface of the host and leave on the same one. */
function goesBack(inward: Half, outward: Half): boolean {
	return inward.at(-1)?.interface !== undefined && inward.at(-1)?.interface === outward[0]?.interface;
}

function plugsOf(host: Host, endpoint: Endpoint): readonly Plug[] {
	if (endpoint.kind !== "guest") return [];
	const guest = host.vm.guests.find(({ name }) => name.value === endpoint.name);
	if (guest === undefined) return [];
	return guest.interfaces.filter(({ index }) => endpoint.index === undefined || index === endpoint.index).map((nic) => ({ guest, nic }));
}

/** The segments that an interface of a guest takes part in: of a veb, those of its VLANs. */
function segmentsOfPlug(host: Host, own: Plug): readonly Segment[] {
	return host.segments.filter((segment) => segment.plugs.some(({ nic }) => nic === own.nic) && isHeard(segment, own));
}

interface Port {
	readonly name: string | undefined;
	readonly step: (direction: PathStep["direction"]) => PathStep;
}

/** Ports of a segment by which an endpoint is reached without the host's stack. */
function portsOf(host: Host, endpoint: Endpoint, segment: Segment): readonly Port[] {
	if (endpoint.kind === "outside")
		return segment.uplinks.map(({ name }) => ({ name, step: (direction) => step(name, direction, seesAt(segment, name)) }));
	return plugsOf(host, endpoint)
		.filter((own) => segment.plugs.some(({ nic }) => nic === own.nic) && isHeard(segment, own))
		.map((plug) => ({ name: plug.nic.tap?.value, step: (direction) => tap(plug, direction, seesAt(segment, plug.nic.tap?.value)) }));
}

function bridged(host: Host, from: Endpoint, to: Endpoint): readonly Path[] {
	if (from.kind === "outside" && to.kind === "outside") return [];
	return host.segments.flatMap((segment) =>
		portsOf(host, from, segment).flatMap((source) =>
			portsOf(host, to, segment).flatMap((target): Path[] => {
				const steps = [source.step("in"), target.step("out")];
				const isOwn = steps[0]?.plug !== undefined && steps[0].plug.nic === steps[1]?.plug?.nic;
				return isOwn || !isConnected(segment, source.name, target.name) ? [] : [{ kind: "bridged", steps, forwarded: false }];
			}),
		),
	);
}

/** The ways of an endpoint's packets into the host's stack. */
function toHost(host: Host, from: Endpoint): readonly Half[] {
	switch (from.kind) {
		case "host":
			return [[]];
		case "outside":
			return [
				...outsides(host).map(({ name }): Half => [step(name, "in")]),
				...lans(host).map(({ segment, gateway, port }): Half => [lanPort(segment, port, "in"), step(gateway.name, "in")]),
			];
		case "guest":
			return plugsOf(host, from).flatMap((plug): Half[] => {
				if (plug.nic.local !== undefined) return [[tap(plug, "in", true)]];
				return segmentsOfPlug(host, plug).flatMap((segment) =>
					gatewaysOf(segment, plug, "to").map(({ name }) => [hostTap(segment, plug, "in"), step(name, "in")]),
				);
			});
	}
}

/** The ways of the host's packets to an endpoint. */
function fromHost(host: Host, to: Endpoint): readonly Half[] {
	switch (to.kind) {
		case "host":
			return [[]];
		case "outside":
			return [
				...outsides(host).map(({ name }): Half => [step(name, "out")]),
				...lans(host).map(({ segment, gateway, port }): Half => [step(gateway.name, "out"), lanPort(segment, port, "out")]),
			];
		case "guest":
			return plugsOf(host, to).flatMap((plug): Half[] => {
				if (plug.nic.local !== undefined) return [[tap(plug, "out", true)]];
				return segmentsOfPlug(host, plug).flatMap((segment) =>
					gatewaysOf(segment, plug, "from").map(({ name }) => [step(name, "out"), hostTap(segment, plug, "out")]),
				);
			});
	}
}

/**
 * The tap of a guest on its way to the host or from it. A bridge takes frames for the host out before the hook of the tap, and
 * sends the host's own past it (bridge_process, bridge_enqueue).
 */
function hostTap(segment: Segment, plug: Plug, direction: PathStep["direction"]): PathStep {
	return tap(plug, direction, segment.kind === "veb" && seesAt(segment, plug.nic.tap?.value));
}

/** The host's own interfaces in a segment that a guest's frames get to, or that reach the guest. */
function gatewaysOf(segment: Segment, { nic }: Plug, way: "to" | "from"): readonly Link[] {
	return segment.gateways.filter((gateway) => {
		const port = portOf(gateway);
		return way === "to" ? isConnected(segment, nic.tap?.value, port) : isConnected(segment, port, nic.tap?.value);
	});
}

/** The port behind which an interface of the host is: itself, or what a vlan(4) stands on. */
const portOf = ({ name, family, config }: Link): string => (family === "vlan" ? (config?.parent?.value ?? name) : name);

/** A network outside that the host takes part in by a port of its own in a bridge or veb. */
export interface Lan {
	readonly segment: Segment;
	/** The vether or vport with the host's address, or a vlan(4) on a vport. */
	readonly gateway: Link;
	/** The port that leads out. */
	readonly port: Link;
}

/** The networks outside behind bridges and vebs. */
export function lans(host: Host): readonly Lan[] {
	return host.segments.flatMap((segment) =>
		segment.gateways
			.filter(({ family }) => segment.vlan !== undefined || family === "vether" || family === "vport")
			.flatMap((gateway) =>
				segment.uplinks
					.filter((port) => port !== gateway && isConnected(segment, portOf(gateway), port.name))
					.map((port) => ({ segment, gateway, port })),
			),
	);
}

/** A bridge hands the host its frames before the hook of the port, and sends the host's own past it; a veb asks pf on its ports. */
function lanPort(segment: Segment, { name }: Link, direction: PathStep["direction"]): PathStep {
	return step(name, direction, segment.kind === "veb" && seesAt(segment, name));
}

/** The interface by which a packet comes into the host's stack; undefined where it starts there or stays in its segment. */
export function entryOf({ kind, steps }: Path): string | undefined {
	const out = steps.findIndex(({ direction }) => direction === "out");
	return kind === "bridged" ? undefined : steps[(out < 0 ? steps.length : out) - 1]?.interface;
}

/** The interface by which it leaves the host's stack. */
export function exitOf({ kind, steps }: Path): string | undefined {
	return kind === "bridged" ? undefined : steps.find(({ direction }) => direction === "out")?.interface;
}

/** The host's interfaces to the outside: those with an address that are no gateway of guests; without any, the one that rules name. */
export function outsides(host: Host): readonly Link[] {
	const assumed = assumedUplink(host);
	if (assumed !== undefined) return [assumed];
	const inside = new Set(
		host.segments.flatMap((segment) => (segment.vlan !== undefined || isOfGuestsAlone(segment) ? segment.gateways : [])),
	);
	return [...host.links.values()].filter(
		(link) => isAddressed(link) && !inside.has(link) && !["lo", "tap", "vether", "vport"].includes(link.family),
	);
}

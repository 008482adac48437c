/**
 * The paths that a packet can take on a host, with the places where pf looks at it: between guests, the host and the
 * outside. Read in sys/net/if_bridge.c, if_veb.c and if_vether.c; IPv4 or IPv6 in one untagged frame to a known address.
 */
import { type Host, hasAddress, type Link, type Plug, type Segment } from "./model.ts";
import { assumedUplink } from "./uplink.ts";

export type Endpoint =
	| { readonly kind: "host" }
	| { readonly kind: "outside" }
	/** A guest by its name, or one of its interfaces. */
	| { readonly kind: "guest"; readonly name: string; readonly index?: number };

/** A place on the way. */
export interface Step {
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
	readonly steps: readonly Step[];
	/** True where the host must forward packets between interfaces. */
	readonly forwarded: boolean;
}

type Half = readonly Step[];

const step = (name: string | undefined, direction: Step["direction"], tested = true, plug?: Plug): Step => ({
	interface: name,
	direction,
	tested,
	...(plug === undefined ? {} : { plug }),
});

/** Whether pf looks at what passes the ports of a segment. */
export const sees = ({ kind, link }: Segment): boolean => kind === "bridge" || (kind === "veb" && link.config?.links.has("link1") === true);
const tap = (plug: Plug, direction: Step["direction"], tested: boolean): Step => step(plug.nic.tap?.value, direction, tested, plug);

/** All paths from one endpoint to another. A guest that does not exist has none. */
export function pathsBetween(host: Host, from: Endpoint, to: Endpoint): readonly Path[] {
	const paths: Path[] = [];
	if (from.kind !== "host" && to.kind !== "host") paths.push(...bridged(host, from, to));
	for (const inward of toHost(host, from)) {
		for (const outward of fromHost(host, to)) {
			const forwarded = from.kind !== "host" && to.kind !== "host";
			if (forwarded && goesBack(inward, outward)) continue;
			const steps = [...inward, ...outward];
			if (steps.length > 0) paths.push({ kind: "routed", steps, forwarded });
		}
	}
	return paths;
}

/** Packets that come in on an interface and leave on the same one are not a path of their own. */
function goesBack(inward: Half, outward: Half): boolean {
	return inward.at(-1)?.interface !== undefined && inward.at(-1)?.interface === outward[0]?.interface;
}

function plugsOf(host: Host, endpoint: Endpoint): readonly Plug[] {
	if (endpoint.kind !== "guest") return [];
	const guest = host.vm.guests.find(({ name }) => name.value === endpoint.name);
	if (guest === undefined) return [];
	return guest.interfaces.filter(({ index }) => endpoint.index === undefined || index === endpoint.index).map((nic) => ({ guest, nic }));
}

function segmentOf(host: Host, { nic }: Plug): Segment | undefined {
	return host.segmentOfSwitch.get(nic.switch?.value ?? "");
}

/** Ports of a segment by which an endpoint is reached without the host's stack. */
function portsOf(host: Host, endpoint: Endpoint, segment: Segment): readonly ((direction: Step["direction"]) => Step)[] {
	const tested = sees(segment);
	if (endpoint.kind === "outside")
		return segment.uplinks.map(
			({ name }) =>
				(direction) =>
					step(name, direction, tested),
		);
	return plugsOf(host, endpoint)
		.filter((plug) => segmentOf(host, plug) === segment)
		.map((plug) => (direction) => tap(plug, direction, tested));
}

function bridged(host: Host, from: Endpoint, to: Endpoint): readonly Path[] {
	if (from.kind === "outside" && to.kind === "outside") return [];
	return host.segments.flatMap((segment) =>
		portsOf(host, from, segment).flatMap((source) =>
			portsOf(host, to, segment).flatMap((target): Path[] => {
				const steps = [source("in"), target("out")];
				return steps[0]?.plug !== undefined && steps[0].plug.nic === steps[1]?.plug?.nic
					? []
					: [{ kind: "bridged", steps, forwarded: false }];
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
				const segment = segmentOf(host, plug);
				// On a bridge, frames to the host's own address are taken out before the hook of the tap (bridge_process).
				const first = segment?.kind === "veb" ? [tap(plug, "in", sees(segment))] : [tap(plug, "in", false)];
				return (segment?.gateways ?? []).map(({ name }) => [...first, step(name, "in")]);
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
				const segment = segmentOf(host, plug);
				// What the host itself sends into a bridge passes no hook of its members (bridge_enqueue).
				const last = segment?.kind === "veb" ? [tap(plug, "out", sees(segment))] : [tap(plug, "out", false)];
				return (segment?.gateways ?? []).map(({ name }) => [step(name, "out"), ...last]);
			});
	}
}

/** A network outside that the host takes part in by a port of its own in a bridge or veb. */
export interface Lan {
	readonly segment: Segment;
	/** The vether or vport with the host's address. */
	readonly gateway: Link;
	/** The port that leads out. */
	readonly port: Link;
}

/** The networks outside behind bridges and vebs. */
export function lans(host: Host): readonly Lan[] {
	return host.segments.flatMap((segment) =>
		segment.gateways
			.filter(({ family }) => family === "vether" || family === "vport")
			.flatMap((gateway) => segment.uplinks.filter((port) => port !== gateway).map((port) => ({ segment, gateway, port }))),
	);
}

/** A bridge hands the host its frames before the hook of the port, and sends the host's own past it; a veb asks pf on its ports. */
function lanPort(segment: Segment, { name }: Link, direction: Step["direction"]): Step {
	return step(name, direction, segment.kind === "veb" && sees(segment));
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
		host.segments.flatMap(({ gateways, uplinks, plugs }) => (uplinks.length === 0 && plugs.length > 0 ? gateways : [])),
	);
	return [...host.links.values()].filter(
		(link) => hasAddress(link.config) && !inside.has(link) && !["lo", "tap", "vether", "vport"].includes(link.family),
	);
}

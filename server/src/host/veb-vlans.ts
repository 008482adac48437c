/** Who gets to whom by the VLANs of a veb: tags, private VLANs, protected domains (sys/net/if_veb.c, veb_port_input and veb_transmit). */
import type { VebState } from "../hostname/veb.ts";
import type { InterfaceConfig } from "./interfaces.ts";

/** A port's part in a VLAN: its frames carry the tag there, or none. */
export interface VlanPart {
	readonly vlan: number;
	readonly tagged: boolean;
}

export interface PortPart extends VlanPart {
	/** Undefined for one that no file names. */
	readonly port: string | undefined;
}

/** Whether a veb is told of VLANs at all; without, all its ports are in VLAN 1, and no tag passes. */
export function tellsVlansApart({ ports, untagged }: VebState): boolean {
	return untagged !== 1 || [...ports.values()].some((port) => port.untagged !== 1 || port.tagged.size > 0);
}

/** The VLAN that a private one belongs to; any other is its own. */
export function primaryOf({ pvlans }: VebState, vlan: number): number {
	return pvlans.get(vlan)?.primary ?? vlan;
}

/** The untagged VLAN of a port; of one that no file names, such as a tap that vmd adds, it is that of the veb. */
export function untaggedOf(veb: VebState, port: string | undefined): number | undefined {
	const untagged = veb.ports.get(port ?? "")?.untagged ?? veb.untagged;
	return typeof untagged === "number" ? untagged : undefined;
}

/** A port's parts in a VLAN and the private ones that belong to it. */
export function partsIn(veb: VebState, port: string | undefined, primary: number): readonly VlanPart[] {
	const untagged = untaggedOf(veb, port);
	const tagged = veb.ports.get(port ?? "")?.tagged;
	const own = [primary, ...[...veb.pvlans].flatMap(([vlan, one]) => (one.primary === primary && vlan !== primary ? [vlan] : []))];
	return [
		...own.flatMap((vlan) => (vlan === untagged ? [{ vlan, tagged: false }] : [])),
		...own.flatMap((vlan) => (vlan !== untagged && tagged?.has(vlan) === true ? [{ vlan, tagged: true }] : [])),
	];
}

/**
 * Whether a frame gets from one port to another. Isolated VLANs speak with their primary one alone, communities with
 * themselves as well. A port that carries tags leads to another switch, and has the sender's own tag there, private or not; with
 * `pvptags` to something that knows primary VLANs alone.
 */
export function passes({ ports, pvlans }: VebState, from: PortPart, to: PortPart): boolean {
	const { primary, kind } = pvlans.get(from.vlan) ?? { primary: from.vlan, kind: "primary" };
	if (primary !== (pvlans.get(to.vlan)?.primary ?? to.vlan)) return false;
	if (kind !== "primary" && to.vlan !== primary && (kind === "isolated" || to.vlan !== from.vlan)) return false;
	if (from.tagged && kind !== "primary" && ports.get(from.port ?? "")?.pvptags === true) return false;
	if (!to.tagged) return true;
	const port = ports.get(to.port ?? "");
	return port?.pvptags === true ? to.vlan === primary : port?.tagged.has(from.vlan) === true;
}

/**
 * Whether a station with an address can send by a port, and is found there: on a locked port a static address alone sends, what a
 * static address says of another port goes there, and who is neither learnt nor searched for gets nothing. What the file does not
 * tell is taken to be so.
 */
export function isHeardAt({ veb, bindings }: InterfaceConfig, port: string, lladdr: string): boolean {
	const known = veb?.ports.get(port);
	if (veb === undefined || known === undefined) return true;
	const untagged = untaggedOf(veb, port);
	if (untagged === undefined) return true;
	const pinned = bindings.filter(({ word, ethernet }) => word === "static" && ethernet?.value === lladdr);
	const inVlan = pinned.filter(
		({ port: { value }, vlan = untaggedOf(veb, value) }) => vlan !== undefined && primaryOf(veb, vlan) === primaryOf(veb, untagged),
	);
	const own = inVlan.some(({ port: { value }, vlan = untagged }) => value === port && vlan === untagged);
	if (known.locked || inVlan.length > 0) return own;
	return known.learn || known.discover;
}

/** Whether frames with any tag pass a bridge or veb as they are: of a veb those with link0, before vebs told VLANs apart. */
export function passesTags({ family, links, veb }: InterfaceConfig): boolean {
	return family !== "veb" || (veb === undefined && links.has("link0"));
}

/** Whether frames with a tag get from a port into its bridge or veb. */
export function takesTag(config: InterfaceConfig, port: string, tag: number): boolean {
	return config.veb === undefined ? passesTags(config) : config.veb.ports.get(port)?.tagged.has(tag) === true;
}

/** VLANs as ifconfig writes a set of them: `10,20-30`. */
export function vlanRanges(vlans: Iterable<number>): string {
	const ranges: [first: number, last: number][] = [];
	for (const vlan of [...vlans].sort((a, b) => a - b)) {
		const last = ranges.at(-1);
		if (last !== undefined && vlan === last[1] + 1) last[1] = vlan;
		else ranges.push([vlan, vlan]);
	}
	return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

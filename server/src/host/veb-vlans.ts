/** Who gets to whom by the VLANs of a veb: tags, private VLANs, protected domains (sys/net/if_veb.c, veb_port_input and veb_transmit). */
import type { VebState } from "../hostname/veb.ts";
import type { InterfaceConfig } from "./interfaces.ts";

/** A port's part in a VLAN: its frames carry the tag there, or none. */
export interface VlanPart {
	readonly vlan: number;
	readonly tagged: boolean;
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
 * themselves as well; a port that carries the sender's own VLAN with its tag leads to another switch.
 */
export function passes({ pvlans }: VebState, from: VlanPart, to: VlanPart): boolean {
	const { primary, kind } = pvlans.get(from.vlan) ?? { primary: from.vlan, kind: "primary" };
	if (primary !== (pvlans.get(to.vlan)?.primary ?? to.vlan)) return false;
	return kind === "primary" || to.vlan === primary || (to.vlan === from.vlan && (kind === "community" || to.tagged));
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

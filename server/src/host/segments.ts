/** The networks that the bridges and vebs of a host make: one for each, or one for each VLAN that a veb tells apart. */
import type { VebState } from "../hostname/veb.ts";
import { isVlan } from "../hostname/vlans.ts";
import type { Placed } from "../text/place.ts";
import { type Plug, registered, type VmConfig, type VmInterface, type VmSwitch } from "../vm/model.ts";
import { isAddressed, isCloned, type Link } from "./links.ts";
import { isHeardAt, type PortPart, partsIn, passes, primaryOf, tellsVlansApart, untaggedOf } from "./veb-vlans.ts";

/** What is connected by a bridge or a veb. */
export interface Segment {
	/** The bridge or veb. */
	readonly link: Link;
	readonly kind: "bridge" | "veb" | "tpmr";
	/** Members by the hostname file. */
	readonly ports: readonly Placed<string>[];
	/** Interfaces of guests that vmd plugs in. */
	readonly plugs: readonly Plug[];
	/** The host's own ports with an address: vport or vether, or on a bridge any member. */
	readonly gateways: readonly Link[];
	/** Ports that lead out of the host: physical, vlan, trunk and aggr interfaces. */
	readonly uplinks: readonly Link[];
	/** The VLAN, where the veb tells several apart; of private VLANs the primary one. */
	readonly vlan?: number;
}

/** Switches of vm.conf by name, the first of each. */
function switchesByName(vm: VmConfig): ReadonlyMap<string, VmSwitch> {
	const switches = new Map<string, VmSwitch>();
	for (const one of vm.switches) if (one.disabled === undefined && !switches.has(one.name.value)) switches.set(one.name.value, one);
	return switches;
}

/** Guests' interfaces by the bridge or veb that vmd plugs them in. */
function pluggedIn(vm: VmConfig): ReadonlyMap<string, readonly Plug[]> {
	const switches = switchesByName(vm);
	const plugged = new Map<string, Plug[]>();
	for (const guest of registered(vm).values()) {
		for (const nic of guest.interfaces) {
			const bridge = switches.get(nic.switch?.value ?? "")?.interface?.value;
			if (bridge === undefined) continue;
			const list = plugged.get(bridge);
			if (list === undefined) plugged.set(bridge, [{ guest, nic }]);
			else list.push({ guest, nic });
		}
	}
	return plugged;
}

/** Builds the segments in the order of the links, and those of one veb in the order of their VLANs. */
export function segmentsOf(links: ReadonlyMap<string, Link>, vm: VmConfig): readonly Segment[] {
	const plugged = pluggedIn(vm);
	const segments: Segment[] = [];
	for (const link of links.values()) {
		const { family } = link;
		if (family !== "bridge" && family !== "veb" && family !== "tpmr") continue;
		const ports = link.config?.members ?? [];
		const members = ports.flatMap(({ value }) => links.get(value) ?? []);
		const whole: Segment = {
			link,
			kind: family,
			ports,
			plugs: plugged.get(link.name) ?? [],
			gateways: members.filter(
				(member) => (member.family === "vport" || member.family === "vether" || family === "bridge") && isAddressed(member),
			),
			uplinks: members.filter(({ name, family: kind }) => !isCloned(name) || ["vlan", "svlan", "trunk", "aggr"].includes(kind)),
		};
		const veb = link.config?.veb;
		if (veb === undefined || !tellsVlansApart(veb)) segments.push(whole);
		else segments.push(...byVlan(whole, veb, links));
	}
	return segments;
}

function byVlan(whole: Segment, veb: VebState, links: ReadonlyMap<string, Link>): readonly Segment[] {
	const found = vlansOf(whole, veb, links).map((vlan): Segment => {
		const has = (port: string | undefined): boolean => partsIn(veb, port, vlan).length > 0;
		const gateways = whole.ports.flatMap(({ value }) => gatewaysAt(links.get(value), veb, vlan, links));
		return {
			...whole,
			ports: whole.ports.filter(({ value }) => has(value)),
			plugs: whole.plugs.filter(({ nic }) => has(nic.tap?.value)),
			gateways,
			uplinks: whole.uplinks.filter(({ name }) => has(name)),
			vlan,
		};
	});
	// A veb whose ports are in no VLAN leads nowhere, and is there all the same.
	return found.length > 0 ? found : [{ ...whole, ports: [], plugs: [], gateways: [], uplinks: [] }];
}

/** A guest with more tags takes part in the VLANs that other ports are in, and has none of its own. */
const MOST_OF_A_GUEST = 16;

/** The VLANs that matter: all but those which only pass between ports that lead out. */
function vlansOf({ ports, plugs, uplinks }: Segment, veb: VebState, links: ReadonlyMap<string, Link>): readonly number[] {
	const vlans = new Set<number>();
	const put = (vlan: number | undefined): void => {
		if (vlan !== undefined) vlans.add(primaryOf(veb, vlan));
	};
	for (const { value } of ports) put(untaggedOf(veb, value));
	for (const { nic } of plugs) {
		put(untaggedOf(veb, nic.tap?.value));
		const tagged = veb.ports.get(nic.tap?.value ?? "")?.tagged;
		if (tagged !== undefined && tagged.size <= MOST_OF_A_GUEST) for (const vlan of tagged) put(vlan);
	}
	for (const { value } of ports) {
		if (uplinks.some(({ name }) => name === value)) continue;
		for (const child of links.get(value)?.children ?? []) put(tagOf(child));
	}
	return [...vlans].sort((a, b) => a - b);
}

function tagOf({ family, vnetid }: NonNullable<Link["config"]>): number | undefined {
	const tag = Number(vnetid?.value ?? Number.NaN);
	return family === "vlan" && isVlan(tag) ? tag : undefined;
}

/** The host's own interfaces in a VLAN behind a port: a vport without a tag, and vlan(4) on it with one. */
function gatewaysAt(port: Link | undefined, veb: VebState, vlan: number, links: ReadonlyMap<string, Link>): readonly Link[] {
	if (port?.family !== "vport") return [];
	const parts = partsIn(veb, port.name, vlan);
	const plain = parts.some(({ tagged }) => !tagged) && isAddressed(port) ? [port] : [];
	const tagged = port.children.flatMap((child) => {
		const link = links.get(child.name);
		const isIn = parts.some((part) => part.tagged && part.vlan === tagOf(child));
		return isIn && link !== undefined && isAddressed(link) ? [link] : [];
	});
	return [...plain, ...tagged];
}

/** The segment of each guest's interface: that of what it sends without a tag, or else of the first tag. */
export function segmentsOfNics(segments: readonly Segment[]): ReadonlyMap<VmInterface, Segment> {
	const found = new Map<VmInterface, Segment>();
	for (const segment of segments) {
		for (const { nic } of segment.plugs) {
			if (!found.has(nic) || isUntagged(segment, nic.tap?.value)) found.set(nic, segment);
		}
	}
	return found;
}

/** The segment in which guests of a switch are that no file puts elsewhere, by the name of the switch. */
export function segmentsOfSwitches(segments: readonly Segment[]): ReadonlyMap<string, Segment> {
	const found = new Map<string, Segment>();
	for (const segment of segments) {
		for (const { name } of segment.link.switches) {
			if (!found.has(name.value) || isUntagged(segment, undefined)) found.set(name.value, segment);
		}
	}
	return found;
}

/** Whether guests are all that the host meets there: nothing leads out of it. */
export function isOfGuestsAlone({ plugs, uplinks }: Segment): boolean {
	return plugs.length > 0 && uplinks.length === 0;
}

/** The parts of a port in a segment; of one that vmd adds, without a name. */
function partsOf({ link, vlan }: Segment, port: string | undefined): readonly PortPart[] {
	const veb = link.config?.veb;
	return veb === undefined || vlan === undefined ? [] : partsIn(veb, port, vlan).map((part) => ({ ...part, port }));
}

/** Whether a guest can send by its port in a segment and is found there, by the addresses that its veb is told of. */
export function isHeard({ link: { config } }: Segment, { nic: { tap, lladdr } }: Plug): boolean {
	return config === undefined || tap === undefined || lladdr === undefined || isHeardAt(config, tap.value, lladdr.value.toLowerCase());
}

/** Whether frames of a segment pass a port without a tag. */
export function isUntagged(segment: Segment, port: string | undefined): boolean {
	return segment.vlan === undefined || partsOf(segment, port).some(({ tagged }) => !tagged);
}

/** Whether frames get from one port of a segment to another, by its private VLANs and protected domains. */
export function isConnected(segment: Segment, from: string | undefined, to: string | undefined): boolean {
	const { veb, domains } = segment.link.config ?? {};
	const own = domains?.get(from ?? "");
	if (own !== undefined && [...(domains?.get(to ?? "") ?? [])].some((domain) => own.has(domain))) return false;
	if (veb === undefined || segment.vlan === undefined) return true;
	return partsOf(segment, from).some((one) => partsOf(segment, to).some((other) => passes(veb, one, other)));
}

/** Whether pf filters what passes a port: on a bridge always, on a veb with link1, and never where a frame is tagged. */
export function seesAt(segment: Segment, port: string | undefined): boolean {
	return sees(segment) && isUntagged(segment, port);
}

/** Whether pf filters what passes the ports of a segment without a tag. */
export function sees({ kind, link }: Segment): boolean {
	return kind === "bridge" || (kind === "veb" && link.config?.links.has("link1") === true);
}

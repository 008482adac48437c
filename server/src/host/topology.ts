/** The picture of a host: what is connected with what, from the outside on the left to the guests on the right. */
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import type { VmInterface } from "../vm/model.ts";
import { formatScaled } from "../vm/size.ts";
import type { ConfiguredAddress } from "./interfaces.ts";
import { type Host, hasAddress, isCloned, type Link, seenOn } from "./model.ts";
import { outsides } from "./paths.ts";
import { partsIn, tellsVlansApart, untaggedOf, vlanRanges } from "./veb-vlans.ts";

export type NodeKind =
	| "outside"
	| "physical"
	| "vlan"
	| "trunk"
	| "host"
	| "bridge"
	| "veb"
	| "gateway"
	| "tap"
	| "guest"
	| "anchor"
	| "interface";

export interface TopologyNode {
	/** Unique in the picture, and the same for the same thing after an edit: `guest:web01`, `link:veb0`. */
	readonly id: string;
	readonly kind: NodeKind;
	readonly label: string;
	/** Addresses, sizes and flags, one a line. */
	readonly details: readonly string[];
	/** Where the files speak of it. */
	readonly places: readonly Place[];
	/** Not started, not set up, or down. */
	readonly inactive: boolean;
}

export type EdgeKind =
	/** A vlan on its parent, a port of a trunk. */
	| "below"
	/** A member of a bridge or port of a veb. */
	| "member"
	/** The host's IP stack and one of its interfaces. */
	| "stack"
	/** A tap and its guest. */
	| "cable"
	/** An anchor and the guest that it is for. */
	| "policy";

export interface TopologyEdge {
	readonly from: string;
	readonly to: string;
	readonly kind: EdgeKind;
	/** Such as the tag of a VLAN, or NAT. */
	readonly label: string;
	/** Where a file says so. */
	readonly places: readonly Place[];
	/** Whether pf filters packets here; undefined where that does not apply. */
	readonly filtered?: boolean;
	/** The VLANs that pass here, of a veb that tells several apart; those alone that matter to the host. */
	readonly vlans?: readonly number[];
}

export interface Topology {
	readonly nodes: readonly TopologyNode[];
	readonly edges: readonly TopologyEdge[];
}

export const OUTSIDE = "outside";
export const HOST = "host";
export const linkId = (name: string): string => `link:${name}`;
export const guestId = (name: string): string => `guest:${name}`;

/** A tap that vmd picks has no name before the guest starts. */
export function tapId(guest: string, { tap, index }: Pick<VmInterface, "tap" | "index">): string {
	return tap === undefined ? `tap:${guest}:${index}` : linkId(tap.value);
}

/** Builds the picture. Nodes and edges come in the order of the files. */
export function topology(host: Host): Topology {
	const nodes = new Map<string, TopologyNode>();
	const edges: TopologyEdge[] = [];
	const put = (node: TopologyNode): void => {
		if (!nodes.has(node.id)) nodes.set(node.id, node);
	};
	const connect = (from: string, to: string, kind: EdgeKind, more: Partial<TopologyEdge> = {}): void => {
		edges.push({ from, to, kind, label: "", places: [], ...more });
	};
	put(plain(OUTSIDE, "outside", "outside"));
	put(plain(HOST, "host", host.source.name));
	for (const link of host.links.values()) put(linkNode(host, link));
	const out = new Set(outsides(host));
	for (const link of host.links.values()) {
		const id = linkId(link.name);
		if (!isCloned(link.name)) connect(OUTSIDE, id, "below");
		for (const child of link.children) {
			const [lower, upper] = link.family === "vport" ? [linkId(child.name), id] : [id, linkId(child.name)];
			connect(lower, upper, "below", { label: tagOf(child.vnetid?.value), places: placesOf(child.parent) });
		}
		for (const { of, at } of link.trunkOf) connect(id, linkId(of.name), "below", { places: [at] });
		for (const { of, at } of link.memberOf) memberEdge(host, link, of.name, at, connect);
		if (!hasAddress(link.config) || link.family === "lo") continue;
		const seen = host.links.get(seenOn(host.links, link.name)) ?? link;
		// The host stands between the outside and its own port among the guests, or a vlan on that.
		const carrier = link.family === "vlan" ? host.links.get(link.config?.parent?.value ?? "") : link;
		if (carrier?.family === "vether" || carrier?.family === "vport") connect(HOST, id, "stack");
		else connect(id, HOST, "stack", { label: out.has(seen) && translates(host, seen) ? "NAT" : "" });
	}
	guests(host, put, connect);
	anchors(host, put, connect);
	return { nodes: [...nodes.values()], edges };
}

function plain(id: string, kind: NodeKind, label: string): TopologyNode {
	return { id, kind, label, details: [], places: [], inactive: false };
}

type Connect = (from: string, to: string, kind: EdgeKind, more?: Partial<TopologyEdge>) => void;

function linkNode(host: Host, link: Link): TopologyNode {
	const { name, config, switches, family } = link;
	const file = config === undefined ? undefined : host.source.files.get(config.path);
	const own = config === undefined ? [] : [{ file: config.path, span: span(0, file?.text.length ?? 0) }];
	return {
		id: linkId(name),
		kind: kindOf(link),
		label: name,
		details: [
			...switches.map((one) => `switch "${one.name.value}"`),
			...(config?.addresses ?? []).map(addressText),
			...(config?.autoconf.inet === undefined ? [] : ["inet autoconf"]),
			...(config?.autoconf.inet6 === undefined ? [] : ["inet6 autoconf"]),
			...(config === undefined ? [] : [...config.links.keys()].sort()),
			...(config?.rdomain === undefined ? [] : [`rdomain ${config.rdomain.value}`]),
			...link.pinnedBy.flatMap(({ nic }) => nic.lladdr?.value ?? []),
		],
		places: [...own, ...switches, ...link.memberOf.map(({ at }) => at), ...link.pinnedBy.map(({ nic }) => nic)],
		inactive: config?.down !== undefined || switches.some(({ up }) => !up) || (config === undefined && isCloned(name) && family !== "tap"),
	};
}

function kindOf({ name, family }: Link): NodeKind {
	switch (family) {
		case "vlan":
		case "svlan":
			return "vlan";
		case "trunk":
		case "aggr":
			return "trunk";
		case "bridge":
		case "veb":
			return family;
		case "vether":
		case "vport":
			return "gateway";
		case "tap":
			return "tap";
		default:
			return isCloned(name) ? "interface" : "physical";
	}
}

function addressText({ text, bits }: ConfiguredAddress): string {
	return bits === undefined ? text : `${text}/${bits}`;
}

function tagOf(tag: string | undefined): string {
	return tag === undefined ? "" : `VLAN ${tag}`;
}

function placesOf(place: Place | undefined): readonly Place[] {
	return place === undefined ? [] : [place];
}

/** The outside stands left of a bridge, the host's own ports and taps right of it. */
function memberEdge(host: Host, link: Link, bridge: string, at: Place, connect: Connect): void {
	const id = linkId(link.name);
	const own = link.family === "vether" || link.family === "vport";
	const more = { places: [at], filtered: !own && looksAt(host, bridge, link.name), ...vlansAt(host, bridge, link.name) };
	if (link.family === "tap") connect(linkId(bridge), id, "member", more);
	else connect(id, linkId(bridge), "member", more);
}

/** Whether pf runs on a port of a bridge or veb: not where all that passes it has a tag. */
function looksAt({ links }: Host, bridge: string, port: string | undefined): boolean {
	const link = links.get(bridge);
	if (link?.family === "bridge") return true;
	const veb = link?.config?.veb;
	const tagged = veb !== undefined && tellsVlansApart(veb) && untaggedOf(veb, port) === undefined;
	return !tagged && link?.config?.links.has("link1") === true;
}

/** The VLANs of a port, where its veb tells them apart, and how the picture names them. */
function vlansAt({ links, segments }: Host, bridge: string, port: string | undefined): Pick<TopologyEdge, "label" | "vlans"> | undefined {
	const veb = links.get(bridge)?.config?.veb;
	if (veb === undefined || !tellsVlansApart(veb)) return undefined;
	const untagged = untaggedOf(veb, port);
	const set = veb.ports.get(port ?? "")?.tagged ?? new Set<number>();
	const tagged = set.size === 0 ? undefined : vlanRanges(set);
	// What nobody has written of a trunk is no part of its name.
	const plain = untagged === undefined || (tagged !== undefined && untagged === 1) ? [] : [`VLAN ${untagged}`];
	const label = [...plain, ...(tagged === undefined ? [] : [`tagged ${tagged.replaceAll(",", ", ")}`])].join(", ");
	return {
		label: label === "" ? "no VLAN" : label,
		vlans: segments.flatMap(({ link, vlan }) =>
			link.name === bridge && vlan !== undefined && partsIn(veb, port, vlan).length > 0 ? [vlan] : [],
		),
	};
}

function guests(host: Host, put: (node: TopologyNode) => void, connect: Connect): void {
	for (const guest of host.vm.guests) {
		const { name, memory, disabled, parent, interfaces } = guest;
		const id = guestId(name.value);
		put({
			id,
			kind: "guest",
			label: name.value,
			details: [
				...(memory === undefined ? [] : [formatScaled(memory.value)]),
				...(parent === undefined ? [] : [`instance of ${parent.value}`]),
			],
			places: [guest],
			inactive: disabled !== undefined,
		});
		for (const nic of interfaces) {
			const tap = tapId(name.value, nic);
			put({
				id: tap,
				kind: "tap",
				label: nic.tap?.value ?? "tap",
				details: nic.lladdr === undefined ? [] : [nic.lladdr.value],
				places: [nic],
				inactive: disabled !== undefined,
			});
			connect(tap, id, "cable", { places: [nic] });
			if (nic.local !== undefined) connect(HOST, tap, "stack", { places: [nic], filtered: true });
			const bridge = host.segmentOfNic.get(nic)?.link;
			if (bridge === undefined) continue;
			const added = nic.tap !== undefined && host.links.get(nic.tap.value)?.memberOf.some(({ of }) => of.name === bridge.name) === true;
			if (!added)
				connect(linkId(bridge.name), tap, "member", {
					places: [nic.switch ?? nic],
					filtered: looksAt(host, bridge.name, nic.tap?.value),
					...vlansAt(host, bridge.name, nic.tap?.value),
				});
		}
	}
}

/** Whether some rule translates what leaves by an interface. */
function translates({ pf }: Host, { name, config }: Link): boolean {
	if (pf === undefined) return false;
	const groups = new Set(["", name, "egress", ...(config?.groups ?? []).map(({ value }) => value)]);
	return [pf.ruleset.main, ...pf.ruleset.anchors.values()].some(({ rules }) =>
		rules.some((rule) => rule.nat !== undefined && rule.direction !== "in" && groups.has(rule.interface)),
	);
}

/** Anchors that are named after a guest, or have rules on its tap. */
function anchors(host: Host, put: (node: TopologyNode) => void, connect: Connect): void {
	if (host.pf === undefined) return;
	const { ruleset, loads, place } = host.pf;
	for (const { path, rules } of ruleset.anchors.values()) {
		const taps = new Set(rules.map((rule) => rule.interface));
		const base = path.split("/").at(-1);
		const mine = host.vm.guests.filter(
			({ name, interfaces }) => name.value === base || interfaces.some(({ tap }) => tap !== undefined && taps.has(tap.value)),
		);
		if (mine.length === 0) continue;
		const loaded = loads.filter(({ anchor }) => anchor.value === path);
		const [first] = rules;
		put({
			id: `anchor:${path}`,
			kind: "anchor",
			label: path,
			details: loaded.map(({ path: file }) => file.value),
			places: [
				...loaded.map(({ anchor }) => anchor),
				...loaded.map(({ path: file }) => ({ file: file.value, span: span(0, host.source.files.get(file.value)?.text.length ?? 0) })),
				...(first === undefined ? [] : [place(first)]),
			],
			inactive: false,
		});
		for (const { name } of mine) connect(`anchor:${path}`, guestId(name.value), "policy");
	}
}

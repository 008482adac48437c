/** Many guests of one switch as one node of the picture, until somebody looks at them. */
import type { TopologyEdgeItem, TopologyNodeItem, TopologyPicture } from "../protocol.ts";

/** A picture of fewer nodes is read as it is. */
const MOST_NODES = 100;
/** Fewer guests than this are not folded. */
const LEAST_GUESTS = 8;

/** In the reader's language, with a place for the switch, and for how many there are. */
export interface FoldTexts {
	readonly guestsOf: string;
	readonly guests: string;
}

/** A switch whose guests can be folded: they have no other. */
interface Group {
	readonly segment: TopologyNodeItem;
	readonly guests: readonly TopologyNodeItem[];
	/** The guests, their taps and anchors. */
	readonly inside: ReadonlySet<string>;
}

/** The ids of the switches whose guests can be folded; none in a picture that is small enough. */
export function foldable(picture: TopologyPicture): readonly string[] {
	return groupsOf(picture).map(({ segment }) => segment.id);
}

/**
 * The picture with a node in place of many guests.
 *
 * @param open the switches whose guests are shown one by one
 */
export function fold(picture: TopologyPicture, open: ReadonlySet<string>, texts: FoldTexts): TopologyPicture {
	const groups = groupsOf(picture).filter(({ segment }) => !open.has(segment.id));
	if (groups.length === 0) return picture;
	const groupOf = new Map(groups.flatMap((group) => [...group.inside].map((id) => [id, group] as const)));
	const edges = new Map<string, TopologyEdgeItem>();
	for (const edge of picture.edges) {
		const [from, to] = [edge.from, edge.to].map((id) => idOf(groupOf.get(id), id));
		if (from === undefined || to === undefined || (from === to && groupOf.has(edge.from))) continue;
		const key = `${from} ${to}`;
		const known = edges.get(key);
		edges.set(key, known === undefined ? { ...edge, from, to } : joined(known, edge));
	}
	return {
		name: picture.name,
		nodes: [...picture.nodes.filter(({ id }) => !groupOf.has(id)), ...groups.map((group) => nodeOf(group, texts))],
		edges: [...edges.values()],
	};
}

function idOf(group: Group | undefined, id: string): string {
	return group === undefined ? id : `group:${group.segment.id}`;
}

function nodeOf({ segment, guests }: Group, texts: FoldTexts): TopologyNodeItem {
	const [first, last] = [guests[0]?.label ?? "", guests.at(-1)?.label ?? ""];
	return {
		id: `group:${segment.id}`,
		kind: "group",
		what: texts.guestsOf.replace("{0}", segment.label),
		label: texts.guests.replace("{0}", String(guests.length)),
		// What is looked for is found in what is folded.
		details: [`${first} – ${last}`, ...guests.flatMap(({ label, details }) => [label, ...details])],
		inactive: guests.every(({ inactive }) => inactive),
		places: [],
		problems: guests.flatMap(({ problems }) => problems),
	};
}

/** Two lines in one: what differs is not said. */
function joined({ label, filtered, vlans = [], ...known }: TopologyEdgeItem, other: TopologyEdgeItem): TopologyEdgeItem {
	const all = [...new Set([...vlans, ...(other.vlans ?? [])])];
	return {
		...known,
		label: label === other.label ? label : "",
		...(filtered === undefined || filtered !== other.filtered ? {} : { filtered }),
		...(all.length === 0 ? {} : { vlans: all }),
	};
}

function groupsOf({ nodes, edges }: TopologyPicture): readonly Group[] {
	if (nodes.length <= MOST_NODES) return [];
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const neighbours = new Map<string, string[]>();
	for (const { from, to } of edges) {
		for (const [id, other] of [
			[from, to],
			[to, from],
		] as const) {
			const known = neighbours.get(id);
			if (known === undefined) neighbours.set(id, [other]);
			else known.push(other);
		}
	}
	const ofKind = (id: string, ...kinds: readonly string[]): readonly string[] =>
		(neighbours.get(id) ?? []).filter((other) => kinds.includes(byId.get(other)?.kind ?? ""));
	const groups = new Map<string, { guests: TopologyNodeItem[]; inside: Set<string> }>();
	for (const guest of nodes) {
		if (guest.kind !== "guest") continue;
		const taps = ofKind(guest.id, "tap");
		const [segment, ...others] = new Set(taps.flatMap((tap) => ofKind(tap, "veb", "bridge")));
		if (segment === undefined || others.length > 0) continue;
		const anchors = ofKind(guest.id, "anchor").filter((anchor) => ofKind(anchor, "guest").length === 1);
		const group = groups.get(segment) ?? { guests: [], inside: new Set() };
		groups.set(segment, group);
		group.guests.push(guest);
		for (const id of [guest.id, ...taps, ...anchors]) group.inside.add(id);
	}
	return [...groups].flatMap(([id, group]) => {
		const segment = byId.get(id);
		return segment === undefined || group.guests.length < LEAST_GUESTS ? [] : [{ segment, ...group }];
	});
}

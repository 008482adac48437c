/** The picture of a host as elements of SVG: a page shows them, a command writes them into a file. */
import type { TopologyNodeItem, TopologySeverity } from "../protocol.ts";
import type { Placed, PlacedEdge, PlacedNode } from "./layout.ts";

/** An element of SVG. */
export interface Shape {
	readonly name: "svg" | "g" | "path" | "rect" | "circle" | "text" | "title" | "style";
	readonly attributes: Readonly<Record<string, string | number>>;
	readonly children?: readonly Shape[];
	readonly text?: string;
}

/** What is told of a node beside its own words, in the reader's language. */
export type PictureTexts = Readonly<Record<TopologySeverity | "inactive" | "filtered" | "unfiltered", string>>;

/** A sign beside the colour, for who does not see that: ×, ! and i around the middle of the badge. */
export const signs: Readonly<Record<TopologySeverity, string>> = {
	error: "m-3 -3l6 6m-6 0l6 -6",
	warning: "m0 -4v4.5m0 2v1.5",
	information: "m0 -1v5m0 -8v1.5",
	hint: "m0 -1v5m0 -8v1.5",
};

/** The edges and nodes of a picture, the edges below. */
export function shapesOf({ nodes, edges }: Placed, texts: PictureTexts): readonly Shape[] {
	const vlans = vlansOf(edges);
	return [
		...edges.map((edge) => edgeShape(edge, vlans, texts)),
		...nodes.map((node) => nodeShape(node, texts, portFacts(node, edges, texts))),
	];
}

/** The VLANs of a picture, in the order of their colours. */
export function vlansOf(edges: readonly PlacedEdge[]): readonly number[] {
	return [...new Set(edges.flatMap(({ item }) => item.vlans ?? []))].sort((a, b) => a - b);
}

/** So many VLANs are told apart by colour, and drawn beside each other on a trunk. */
const COLOURS = 4;
/** How far the lanes of a trunk are apart. */
const LANE = 4;

/** @param vlans those of the picture, by `vlansOf` */
export function edgeShape(
	{ item: { kind, label, filtered, severity, vlans: own = [] }, points }: PlacedEdge,
	vlans: readonly number[],
	texts: PictureTexts,
): Shape {
	const classes = ["edge", `edge-${kind}`, filtered === true ? "filtered" : "", severity === undefined ? "" : `problem-${severity}`];
	// Both ends stay where the nodes are; between them a lane is beside the others on upright lines too.
	const path = (shift: number): string =>
		points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${i === 0 || i === points.length - 1 ? x : x + shift} ${y + shift}`).join("");
	const lanes = own.slice(0, COLOURS).map((vlan, i, { length }): Shape => {
		const d = path((i - (length - 1) / 2) * LANE);
		return { name: "path", attributes: { d, class: `vlan-${vlans.indexOf(vlan) % COLOURS}` } };
	});
	const lines: readonly Shape[] = lanes.length > 0 ? lanes : [{ name: "path", attributes: { d: path(0) } }];
	const at = label === "" ? undefined : widest(points);
	const above = (Math.max(1, lanes.length) - 1) * (LANE / 2) + 4;
	const told: readonly Shape[] = at === undefined ? [] : [{ name: "text", attributes: { x: at.x + 6, y: at.y - above }, text: label }];
	const facts = [label, ...(filtered === undefined ? [] : [filtered ? texts.filtered : texts.unfiltered])].filter(Boolean);
	const title: readonly Shape[] = facts.length === 0 ? [] : [{ name: "title", attributes: {}, text: facts.join("\n") }];
	return { name: "g", attributes: { class: classes.filter(Boolean).join(" ") }, children: [...title, ...lines, ...told] };
}

/** The left end of the longest level part of an edge, which has the most room for its label; of an upright edge, its middle. */
function widest(points: PlacedEdge["points"]): PlacedEdge["points"][number] | undefined {
	const [first, second] = points;
	let found = first !== undefined && second !== undefined ? { x: first.x, y: (first.y + second.y) / 2 + LANE * 2 } : first;
	let most = 0;
	for (const [i, { x, y }] of points.entries()) {
		const next = points[i + 1];
		if (next === undefined || next.y !== y || Math.abs(next.x - x) <= most) continue;
		most = Math.abs(next.x - x);
		found = { x: Math.min(x, next.x), y };
	}
	return found;
}

/** @param facts more about the node, which are told to who points at it */
export function nodeShape({ item, lines, x, y, width, height }: PlacedNode, texts: PictureTexts, facts: readonly string[] = []): Shape {
	const { kind, label, inactive, problems } = item;
	const [worst] = problems;
	const classes = ["node", `node-${kind}`, inactive ? "inactive" : "", worst === undefined ? "" : `problem-${worst.severity}`];
	return {
		name: "g",
		attributes: { class: classes.filter(Boolean).join(" "), transform: `translate(${x} ${y})` },
		children: [
			{ name: "title", attributes: {}, text: hovered(item, texts, facts) },
			{ name: "rect", attributes: { class: "box", width, height, rx: 4 } },
			{ name: "rect", attributes: { class: "stripe", width: 4, height, rx: 2 } },
			...[label, ...lines].map(
				(text, i): Shape => ({ name: "text", attributes: { x: 14, y: 17 + 15 * i, class: i === 0 ? "label" : "detail" }, text }),
			),
			...(worst === undefined
				? []
				: ([
						{ name: "circle", attributes: { class: "badge", cx: width, cy: 0, r: 7 } },
						{ name: "path", attributes: { class: "sign", d: `M${width} 0${signs[worst.severity]}` } },
					] as const)),
		],
	};
}

/** The VLANs of a port, and whether pf filters there: of the switch itself, each port says so. */
export function portFacts({ item }: PlacedNode, edges: readonly PlacedEdge[], texts: PictureTexts): readonly string[] {
	if (item.kind === "veb" || item.kind === "bridge") return [];
	return edges.flatMap(({ item: { from, to, kind, label, filtered } }) =>
		kind === "member" && (from === item.id || to === item.id)
			? [label, filtered === undefined ? "" : filtered ? texts.filtered : texts.unfiltered].filter(Boolean)
			: [],
	);
}

/** All that is known of a node, one fact a line, for who points at it. */
function hovered({ what, label, details, inactive, problems }: TopologyNodeItem, texts: PictureTexts, facts: readonly string[]): string {
	return [
		label === what ? label : `${label} (${what})`,
		...details,
		...facts,
		...(inactive ? [texts.inactive] : []),
		...problems.map(({ severity, message }) => `${texts[severity]}: ${message}`),
	].join("\n");
}

/** A node in words: first what is seen of it, as who speaks to a machine says that. */
export function spoken({ item, lines }: PlacedNode, texts: PictureTexts): string {
	const { what, label, details, inactive, problems } = item;
	const [worst] = problems;
	return [
		[label, ...lines].join(" "),
		...details.slice(lines.length),
		what,
		...(inactive ? [texts.inactive] : []),
		...(worst === undefined ? [] : [`${texts[worst.severity]}: ${worst.message}`]),
	].join(", ");
}

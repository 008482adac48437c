/** Where everything stands: the layered layout of elkjs, from the outside on the left (or at the top) to the guests. */
import type { TopologyEdgeItem, TopologyNodeItem, TopologyPicture } from "../protocol.ts";

export interface Point {
	readonly x: number;
	readonly y: number;
}

export interface PlacedNode {
	readonly item: TopologyNodeItem;
	/** The details that are drawn below the label. */
	readonly lines: readonly string[];
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

export interface PlacedEdge {
	readonly item: TopologyEdgeItem;
	readonly points: readonly Point[];
}

export interface Placed {
	readonly nodes: readonly PlacedNode[];
	readonly edges: readonly PlacedEdge[];
	readonly width: number;
	readonly height: number;
}

/** A graph as elkjs takes it, and fills in where everything stands. */
export interface Graph {
	id: string;
	layoutOptions?: Record<string, string>;
	width?: number;
	height?: number;
	children?: { id: string; width?: number; height?: number; x?: number; y?: number }[];
	edges?: { id: string; sources: string[]; targets: string[]; sections?: { startPoint: Point; bendPoints?: Point[]; endPoint: Point }[] }[];
}

/** elkjs: in a worker beside a page, or in the process of a command. */
export interface Layouter {
	layout(graph: Graph): Promise<Graph>;
}

/** The width of a text in pixels. */
export type Measure = (text: string, bold: boolean) => number;

const MAX_LINES = 3;
/** How far layers are apart at the least, and at the most for the sake of a long label. */
const LEAST_BETWEEN = 40;
const MOST_BETWEEN = 160;
const LINE = 15;
const PADDING = 10;

/** With more nodes than this, fewer tries at uncrossing edges: a large host shall be there in under a second. */
const LARGE = 150;

/** Upright for a page that is narrow. */
export type Direction = "level" | "upright";

const options = {
	"elk.algorithm": "layered",
	"elk.edgeRouting": "ORTHOGONAL",
	"elk.spacing.nodeNode": "16",
	"elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
};

export async function layout(
	elk: Layouter,
	{ nodes, edges }: TopologyPicture,
	measure: Measure,
	direction: Direction = "level",
): Promise<Placed> {
	const sized = nodes.map((item) => {
		// Of guests that are folded, the rest is there to be searched.
		const lines = item.details.slice(0, item.kind === "group" ? 1 : MAX_LINES);
		const width = Math.max(measure(item.label, true), ...lines.map((line) => measure(line, false))) + 2 * PADDING + 6;
		return { item, lines, width: Math.ceil(width), height: LINE * (1 + lines.length) + PADDING };
	});
	const known = new Set(nodes.map(({ id }) => id));
	const drawn = edges.filter(({ from, to }) => known.has(from) && known.has(to));
	const large = nodes.length > LARGE;
	// A label stands between the layers, on the line that it is for.
	const widest = Math.max(0, ...drawn.map(({ label }) => measure(label, false)));
	const between = direction === "level" ? Math.min(MOST_BETWEEN, Math.max(LEAST_BETWEEN, Math.ceil(widest) + 2 * PADDING)) : LEAST_BETWEEN;
	const graph: Graph = {
		id: "root",
		layoutOptions: {
			...options,
			"elk.direction": direction === "level" ? "RIGHT" : "DOWN",
			"elk.layered.spacing.nodeNodeBetweenLayers": String(between),
			...(large ? { "elk.layered.thoroughness": "1" } : {}),
		},
		children: sized.map(({ item, width, height }) => ({ id: item.id, width, height })),
		edges: drawn.map(({ from, to }, i) => ({ id: `${i}`, sources: [from], targets: [to] })),
	};
	const placed = await elk.layout(graph);
	const at = new Map(placed.children?.map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
	return {
		nodes: sized.map((node) => ({ ...node, ...(at.get(node.item.id) ?? { x: 0, y: 0 }) })),
		edges: (placed.edges ?? []).flatMap(({ id, sections = [] }): PlacedEdge[] => {
			const item = drawn[Number(id)];
			if (item === undefined) return [];
			return [{ item, points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]) }];
		}),
		width: placed.width ?? 0,
		height: placed.height ?? 0,
	};
}

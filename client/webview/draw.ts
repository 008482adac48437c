/** The picture as SVG. */
import type { PageTexts } from "../src/topology/messages.ts";
import type { Placed, PlacedEdge, PlacedNode } from "./layout.ts";

export interface Drawing {
	readonly svg: SVGSVGElement;
	/** Everything that zoom and pan move. */
	readonly world: SVGGElement;
	readonly nodes: ReadonlyMap<string, SVGGElement>;
	/** By `edgeKey`. */
	readonly edges: ReadonlyMap<string, SVGGElement>;
}

export function edgeKey(a: string, b: string): string {
	return a < b ? `${a}\n${b}` : `${b}\n${a}`;
}

function element<K extends keyof SVGElementTagNameMap>(
	name: K,
	attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
	const made = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
	return made;
}

export function draw({ nodes, edges, width, height }: Placed, texts: PageTexts): Drawing {
	const svg = element("svg", { class: "picture", role: "group", "aria-label": texts.picture, width: "100%", height: "100%" });
	const world = element("g", { "data-width": width, "data-height": height });
	const drawnEdges = new Map<string, SVGGElement>();
	for (const edge of edges) {
		const drawn = drawEdge(edge);
		drawnEdges.set(edgeKey(edge.item.from, edge.item.to), drawn);
		world.append(drawn);
	}
	const drawnNodes = new Map<string, SVGGElement>();
	for (const node of nodes) {
		const drawn = drawNode(node, texts);
		drawnNodes.set(node.item.id, drawn);
		world.append(drawn);
	}
	svg.append(world);
	return { svg, world, nodes: drawnNodes, edges: drawnEdges };
}

function drawEdge({ item: { kind, label, filtered, severity }, points }: PlacedEdge): SVGGElement {
	const classes = ["edge", `edge-${kind}`, filtered === true ? "filtered" : "", severity === undefined ? "" : `problem-${severity}`];
	const group = element("g", { class: classes.filter(Boolean).join(" "), "aria-hidden": "true" });
	group.append(element("path", { d: points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("") }));
	const [first, second] = points;
	if (label !== "" && first !== undefined && second !== undefined) {
		const text = element("text", { x: first.x + 6, y: first.y - 4 });
		text.textContent = label;
		group.append(text);
	}
	return group;
}

function drawNode({ item, lines, x, y, width, height }: PlacedNode, texts: PageTexts): SVGGElement {
	const { id, kind, label, details, inactive, problems } = item;
	const [worst] = problems;
	const classes = ["node", `node-${kind}`, inactive ? "inactive" : "", worst === undefined ? "" : `problem-${worst.severity}`];
	const spoken = [kind, label, ...details, ...(inactive ? [texts.inactive] : []), ...(worst === undefined ? [] : [texts[worst.severity]])];
	const group = element("g", {
		class: classes.filter(Boolean).join(" "),
		transform: `translate(${x} ${y})`,
		role: "button",
		tabindex: -1,
		"aria-label": spoken.join(", "),
		"aria-pressed": "false",
		"data-id": id,
	});
	group.append(element("rect", { class: "box", width, height, rx: 4 }), element("rect", { class: "stripe", width: 4, height, rx: 2 }));
	for (const [i, line] of [label, ...lines].entries()) {
		const text = element("text", { x: 14, y: 17 + 15 * i, class: i === 0 ? "label" : "detail" });
		text.textContent = line;
		group.append(text);
	}
	if (worst !== undefined) {
		const badge = element("circle", { class: "badge", cx: width, cy: 0, r: 6 });
		group.append(badge);
	}
	return group;
}

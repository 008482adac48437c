/** The picture as elements of the page. */
import { edgeShape, nodeShape, type Placed, portFacts, type Shape, spoken, vlansOf } from "@openbsd-vnet/server/picture";
import type { PageTexts } from "../src/topology/messages.ts";

export interface Drawing {
	readonly svg: SVGSVGElement;
	/** Everything that zoom and pan move. */
	readonly world: SVGGElement;
	readonly nodes: ReadonlyMap<string, SVGElement>;
	/** By `edgeKey`. */
	readonly edges: ReadonlyMap<string, SVGElement>;
}

export function edgeKey(a: string, b: string): string {
	return a < b ? `${a}\n${b}` : `${b}\n${a}`;
}

export function element<K extends Shape["name"]>(name: K, attributes: Shape["attributes"]): SVGElementTagNameMap[K] {
	const made = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
	return made;
}

/** @param more what only a page has */
function made({ name, attributes, children = [], text = "" }: Shape, more: Shape["attributes"] = {}): SVGElement {
	const own = element(name, { ...attributes, ...more });
	own.textContent = text;
	// Blanks are not drawn, and keep the words apart for who reads them aloud.
	own.append(...children.flatMap((child) => [made(child), " "]));
	return own;
}

export function draw({ nodes, edges, width, height }: Placed, texts: PageTexts): Drawing {
	const svg = element("svg", { class: "picture", role: "group", "aria-label": texts.picture, width: "100%", height: "100%" });
	const world = element("g", { "data-width": width, "data-height": height });
	const drawnEdges = new Map<string, SVGElement>();
	const vlans = vlansOf(edges);
	for (const edge of edges) {
		const drawn = made(edgeShape(edge, vlans, texts), { "aria-hidden": "true" });
		// A line is too thin to be pointed at.
		const wide = drawn.querySelector("path")?.cloneNode();
		if (wide instanceof SVGElement) {
			wide.setAttribute("class", "wide");
			drawn.append(wide);
		}
		drawnEdges.set(edgeKey(edge.item.from, edge.item.to), drawn);
		world.append(drawn);
	}
	const drawnNodes = new Map<string, SVGElement>();
	for (const node of nodes) {
		const drawn = made(nodeShape(node, texts, portFacts(node, edges, texts)), {
			role: "button",
			tabindex: -1,
			"aria-label": spoken(node, texts),
			"aria-pressed": "false",
			"data-id": node.item.id,
		});
		drawnNodes.set(node.item.id, drawn);
		world.append(drawn);
	}
	svg.append(world);
	return { svg, world, nodes: drawnNodes, edges: drawnEdges };
}

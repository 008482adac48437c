import { readFileSync } from "node:fs";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import type { TopologyPicture } from "../protocol.ts";
import { edgeShape, nodeShape, portFacts, shapesOf, spoken } from "./draw.ts";
import { pictureFile, roughWidth } from "./file.ts";
import { fold, foldable } from "./fold.ts";
import { type Layouter, layout } from "./layout.ts";

const style = readFileSync(new URL("../../../assets/picture.css", import.meta.url), "utf8");
const texts = {
	inactive: "not active",
	error: "Error",
	warning: "Warning",
	information: "Information",
	hint: "Hint",
	filtered: "pf filters",
	unfiltered: "pf does not filter",
};
const start = { line: 0, character: 0 };
const place = { uri: "file:///etc/pf.conf", path: "/etc/pf.conf", range: { start, end: start }, text: "" };
const hostile = `<script>"&\u0007\ud800`;

const picture: TopologyPicture = {
	name: hostile,
	nodes: [
		{ id: "a", kind: "guest", what: "guest", label: hostile, details: ["1", "2", "3", "4"], inactive: true, places: [], problems: [] },
		{
			id: "b",
			kind: "tap",
			what: "tap",
			label: "tap0",
			details: [],
			inactive: false,
			places: [],
			problems: [{ severity: "warning", message: "", place }],
		},
	],
	edges: [
		{ from: "a", to: "b", kind: "link", label: "VLAN 10", filtered: true },
		{ from: "a", to: "gone", kind: "link", label: "" },
	],
};

/** Puts all nodes in a row. */
const inRow: Layouter = {
	layout: async (graph) => ({
		...graph,
		width: 400,
		height: 100,
		children: (graph.children ?? []).map((node, i) => ({ ...node, x: 200 * i, y: 0 })),
		edges: (graph.edges ?? []).map((edge) => ({ ...edge, sections: [{ startPoint: { x: 0, y: 0 }, endPoint: { x: 9, y: 0 } }] })),
	}),
};

test("a picture is one well-formed file, with its own colours, whatever a host calls its parts", async () => {
	const placed = await layout(inRow, picture, roughWidth);
	for (const theme of ["light", "dark"] as const) {
		const file = pictureFile(placed, picture.name, style, theme, texts);
		const elements: string[] = [];
		const parser = new SaxesParser();
		parser.on("opentag", ({ name }) => elements.push(name));
		parser.write(file).close();
		expect(elements).not.toContain("script");
		expect(elements.filter((name) => name === "circle")).toHaveLength(1);
		// A line, and the sign in the badge.
		expect(elements.filter((name) => name === "path")).toHaveLength(2);
		expect(file).not.toMatch(/var\(|vscode|undefined|currentColor/);
		expect(file).toContain(`class="edge edge-link filtered"`);
		expect(file).toContain("not active</title>");
		expect(file).toContain("pf filters</title>");
	}
});

test("a node is as wide as what is drawn of it, and no detail beyond the third is", async () => {
	const { nodes } = await layout(inRow, picture, (text) => text.length * 100);
	expect(nodes.map(({ lines }) => lines)).toEqual([["1", "2", "3"], []]);
	expect(nodes[1]?.width).toBe(4 * 100 + 26);
});

test("the label of an upright edge stands in its middle, below the node that it comes from", () => {
	const item = { from: "em1", to: "vlan10", kind: "stack", label: "VLAN 10" };
	const shape = edgeShape(
		{
			item,
			points: [
				{ x: 50, y: 100 },
				{ x: 50, y: 140 },
			],
		},
		[],
		texts,
	);
	const label = shape.children?.find(({ name }) => name === "text");
	expect(label?.attributes).toMatchObject({ x: 56, y: 124 });
});

test("the VLANs of a veb are lanes in their colours, beside each other on a trunk, and labels have room between the nodes", async () => {
	const node = (id: string) => ({ id, kind: "tap", what: "tap", label: id, details: [], inactive: false, places: [], problems: [] });
	const edge = (from: string, label: string, vlans?: readonly number[]) => ({
		from,
		to: "veb0",
		kind: "member",
		label,
		...(vlans === undefined ? {} : { vlans }),
	});
	const edges = [
		edge("tap1", "VLAN 20", [20]),
		edge("em1", "tagged 10, 20, 30", [10, 20, 30]),
		edge("em2", "NAT"),
		edge("em3", "no VLAN", []),
	];
	let spacing = "";
	const layouter: Layouter = {
		layout: (graph) => {
			spacing = graph.layoutOptions?.["elk.layered.spacing.nodeNodeBetweenLayers"] ?? "";
			return inRow.layout(graph);
		},
	};
	const placed = await layout(
		layouter,
		{ name: "hv1", nodes: ["tap1", "em1", "em2", "em3", "veb0"].map(node), edges },
		(text) => text.length * 5,
	);
	expect(spacing).toBe("105");
	const lanes = shapesOf(placed, texts)
		.slice(0, edges.length)
		.map(({ children = [] }) =>
			children.filter(({ name }) => name === "path").map(({ attributes }) => `${attributes.class ?? ""} ${attributes.d}`),
		);
	expect(lanes).toEqual([["vlan-1 M0 0L9 0"], ["vlan-0 M0 -4L9 -4", "vlan-1 M0 0L9 0", "vlan-2 M0 4L9 4"], [" M0 0L9 0"], [" M0 0L9 0"]]);
});

test("an upright picture is laid out downwards", async () => {
	const directions: (string | undefined)[] = [];
	const layouter: Layouter = {
		layout: (graph) => {
			directions.push(graph.layoutOptions?.["elk.direction"]);
			return inRow.layout(graph);
		},
	};
	await layout(layouter, picture, roughWidth);
	await layout(layouter, picture, roughWidth, "upright");
	expect(directions).toEqual(["RIGHT", "DOWN"]);
});

test("a node is spoken of by what is seen of it, and pointed at it tells the rest", async () => {
	const { nodes, edges } = await layout(
		inRow,
		{ ...picture, edges: [{ from: "b", to: "a", kind: "member", label: "VLAN 10", filtered: false }] },
		roughWidth,
	);
	const [guest, tap] = nodes;
	if (guest === undefined || tap === undefined) throw new Error("no nodes");
	expect(spoken(guest, texts)).toBe(`${hostile} 1 2 3, 4, guest, not active`);
	expect(portFacts(tap, edges, texts)).toEqual(["VLAN 10", "pf does not filter"]);
	expect(nodeShape(tap, texts, ["VLAN 10"]).children?.[0]?.text).toBe("tap0 (tap)\nVLAN 10\nWarning: ");
});

describe("guests of a large host are folded", () => {
	const folding = { guests: "{0} guests", guestsOf: "guests of {0}" };
	/** A switch with guests that have a tap and an anchor each, and one guest in two switches. */
	const host = (count: number): TopologyPicture => {
		const node = (id: string, kind: string) => ({
			id,
			kind,
			what: kind,
			label: id,
			details: [`of ${id}`],
			inactive: false,
			places: [],
			problems: [],
		});
		const numbers = Array.from({ length: count }, (_, index) => index);
		return {
			name: "hv1",
			nodes: [
				node("veb0", "veb"),
				node("veb1", "veb"),
				...numbers.flatMap((n) => [node(`g${n}`, "guest"), node(`t${n}`, "tap"), node(`a${n}`, "anchor")]),
				node("both", "guest"),
				node("tb0", "tap"),
				node("tb1", "tap"),
			],
			edges: [
				...numbers.flatMap((n) => [
					{ from: "veb0", to: `t${n}`, kind: "member", label: n === 0 ? "VLAN 10" : "", filtered: true, vlans: [n % 2] },
					{ from: `t${n}`, to: `g${n}`, kind: "cable", label: "" },
					{ from: `a${n}`, to: `g${n}`, kind: "policy", label: "" },
				]),
				{ from: "veb0", to: "tb0", kind: "member", label: "" },
				{ from: "veb1", to: "tb1", kind: "member", label: "" },
				{ from: "tb0", to: "both", kind: "cable", label: "" },
				{ from: "tb1", to: "both", kind: "cable", label: "" },
			],
		};
	};

	test("into one node of their switch, with one line to it", () => {
		const { nodes, edges } = fold(host(100), new Set(), folding);
		expect(nodes.map(({ id }) => id)).toEqual(["veb0", "veb1", "both", "tb0", "tb1", "group:veb0"]);
		const group = nodes.at(-1);
		expect([group?.label, group?.what, group?.details[0]]).toEqual(["100 guests", "guests of veb0", "g0 – g99"]);
		// What is looked for is found in it.
		expect(group?.details).toContain("of g42");
		expect(edges.filter(({ to }) => to === "group:veb0")).toEqual([
			{ from: "veb0", to: "group:veb0", kind: "member", label: "", filtered: true, vlans: [0, 1] },
		]);
	});

	test("until they are unfolded, and not where they are few", () => {
		expect(foldable(host(100))).toEqual(["veb0"]);
		expect(fold(host(100), new Set(["veb0"]), folding)).toEqual(host(100));
		expect(foldable(host(5))).toEqual([]);
		expect(fold(host(5), new Set(), folding)).toEqual(host(5));
	});
});

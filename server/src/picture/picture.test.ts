import { readFileSync } from "node:fs";
import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import type { TopologyPicture } from "../protocol.ts";
import { shapesOf } from "./draw.ts";
import { pictureFile, roughWidth } from "./file.ts";
import { type Layouter, layout } from "./layout.ts";

const style = readFileSync(new URL("../../../assets/picture.css", import.meta.url), "utf8");
const texts = { inactive: "not active", error: "Error", warning: "Warning", information: "Information", hint: "Hint" };
const start = { line: 0, character: 0 };
const place = { uri: "file:///etc/pf.conf", path: "/etc/pf.conf", range: { start, end: start }, text: "" };
const hostile = `<script>"&\u0007\ud800`;

const picture: TopologyPicture = {
	name: hostile,
	nodes: [
		{ id: "a", kind: "guest", label: hostile, details: ["1", "2", "3", "4"], inactive: true, places: [], problems: [] },
		{
			id: "b",
			kind: "tap",
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
		expect(elements.filter((name) => name === "path")).toHaveLength(1);
		expect(file).not.toMatch(/var\(|vscode|undefined|currentColor/);
		expect(file).toContain(`class="edge edge-link filtered"`);
		expect(file).toContain("not active</title>");
	}
});

test("a node is as wide as what is drawn of it, and no detail beyond the third is", async () => {
	const { nodes } = await layout(inRow, picture, (text) => text.length * 100);
	expect(nodes.map(({ lines }) => lines)).toEqual([["1", "2", "3"], []]);
	expect(nodes[1]?.width).toBe(4 * 100 + 26);
});

test("the VLANs of a veb are lanes in their colours, beside each other on a trunk, and labels have room between the nodes", async () => {
	const node = (id: string) => ({ id, kind: "tap", label: id, details: [], inactive: false, places: [], problems: [] });
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

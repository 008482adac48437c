/** The page of the picture: draws what the extension sends, and tells what is asked for. */
import { type Direction, fold, foldable, layout, type Measure, type Placed, type PlacedNode } from "@openbsd-vnet/server/picture";
import type { TopologyNodeItem, TopologyPath, TopologyPaths, TopologyPicture } from "@openbsd-vnet/server/protocol";
import elkjs from "elkjs/lib/elk-api.js";
import { inBackground } from "../src/background.ts";
import type { FromPage, PageText, PageTexts, ToPage } from "../src/topology/messages.ts";
import { nodeDetails, pathDetails } from "./details.ts";
import { type Drawing, draw, edgeKey } from "./draw.ts";
import { legend } from "./legend.ts";
import { pngData, svgText } from "./picture-file.ts";
import { Rates } from "./rates.ts";
import { Viewport } from "./viewport.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

interface Shown {
	/** As it was sent, and as it is drawn: with guests folded. */
	readonly whole: TopologyPicture;
	readonly picture: TopologyPicture;
	readonly direction: Direction;
	readonly placed: Placed;
	readonly drawing: Drawing;
	readonly viewport: Viewport;
}

const vscode = acquireVsCodeApi();
const texts = JSON.parse(part("texts").textContent ?? "{}") as PageTexts;
const stage = part("stage");
const details = part("details");
const live = part("live");
const search = part("search") as HTMLInputElement;

const rates = new Rates(texts);

let shown: Shown | undefined;
/** The id of the node that is selected, and of the one that a path leads to. */
let selected: string | undefined;
let target: string | undefined;
let round = 0;
/** The switches whose guests are shown one by one. */
const open = new Set<string>();

/** A page that is narrower than this has the picture upright. */
const NARROW = 560;

function part(id: string): HTMLElement {
	const found = document.getElementById(id);
	if (found === null) throw new Error(`The page has no #${id}`);
	return found;
}

// ── Drawing ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The layout runs beside the page, so that a large host does not stop it. A page may not start a worker from elsewhere: it is fetched. */
const elk = fetch(document.body.dataset.worker ?? "")
	.then((answer) => answer.blob())
	.then((blob) => {
		const url = URL.createObjectURL(blob);
		return new elkjs.default({ workerFactory: () => new Worker(url) });
	});

function measure(): Measure {
	const context = document.createElement("canvas").getContext("2d");
	const { fontFamily } = getComputedStyle(document.body);
	return (text, bold) => {
		if (context === null) return text.length * 8;
		context.font = `${bold ? "600 13px" : "11px"} ${fontFamily}`;
		return context.measureText(text).width;
	};
}

/** What is told of a node beside the picture does not turn it. */
function directionOf(): Direction {
	return document.body.clientWidth < NARROW ? "upright" : "level";
}

async function show(whole: TopologyPicture): Promise<void> {
	const mine = ++round;
	const picture = fold(whole, open, texts);
	const direction = directionOf();
	const placed = await layout(await elk, picture, measure(), direction);
	// A newer picture has come while this one was laid out.
	if (mine !== round) return;
	const before = shown;
	const focused = document.activeElement instanceof SVGElement ? document.activeElement.dataset.id : undefined;
	const drawing = draw(placed, texts);
	const viewport = new Viewport(drawing.svg, drawing.world, placed);
	// What was read is of the host that was shown.
	if (before?.whole.name !== whole.name) rates.take(undefined);
	rates.draw(drawing, placed);
	shown = { whole, picture, direction, placed, drawing, viewport };
	stage.replaceChildren(drawing.svg);
	part("host").textContent = whole.name;
	part("legend").replaceChildren(
		legend(
			texts,
			placed.edges.some(({ item }) => (item.vlans ?? []).length > 0),
		),
	);
	tellFolds(whole);
	if (before === undefined || before.whole.name !== whole.name || before.direction !== direction) viewport.begin();
	else viewport.restore(before.viewport.state);
	drawing.svg.addEventListener("click", clicked);
	drawing.svg.addEventListener("keydown", keyed);
	if (!has(selected)) selected = undefined;
	if (!has(target)) target = undefined;
	mark();
	find();
	if (has(focused)) drawing.nodes.get(focused ?? "")?.focus({ preventScroll: true });
	if (selected !== undefined && target !== undefined) vscode.postMessage({ type: "paths", from: selected, to: target });
	else describe();
}

/** One button for all groups: the keyboard unfolds them one by one. */
function tellFolds(whole: TopologyPicture): void {
	const button = part("fold");
	button.hidden = foldable(whole).length === 0;
	button.textContent = open.size > 0 ? texts.fold : texts.unfold;
}

function unfold(ids: readonly string[]): void {
	for (const id of ids) open.add(id);
	if (shown !== undefined) inBackground(show(shown.whole));
}

/** The switch of a node that stands for its guests. */
function foldedAt(id: string | undefined): string | undefined {
	return itemOf(id)?.kind === "group" ? id?.replace(/^group:/, "") : undefined;
}

function has(id: string | undefined): boolean {
	return id !== undefined && shown?.drawing.nodes.has(id) === true;
}

function itemOf(id: string | undefined): TopologyNodeItem | undefined {
	return shown?.picture.nodes.find((node) => node.id === id);
}

// ── Selection ──────────────────────────────────────────────────────────────────────────────────────────────────────

function select(id: string | undefined, second: boolean): void {
	if (second && selected !== undefined && id !== undefined && id !== selected) {
		target = id;
		vscode.postMessage({ type: "paths", from: selected, to: id });
	} else {
		selected = id;
		target = undefined;
		describe();
	}
	mark();
}

/** One node takes part in the order of Tab; the arrow keys lead from there. */
function mark(): void {
	if (shown === undefined) return;
	const first = shown.placed.nodes[0]?.item.id;
	for (const [id, node] of shown.drawing.nodes) {
		node.setAttribute("tabindex", id === (selected ?? first) ? "0" : "-1");
		node.setAttribute("aria-pressed", String(id === selected || id === target));
		node.classList.toggle("selected", id === selected);
		node.classList.toggle("target", id === target);
		node.classList.remove("on-path");
	}
	for (const edge of shown.drawing.edges.values()) edge.classList.remove("on-path");
	shown.drawing.svg.classList.remove("with-path");
}

function describe(): void {
	const item = itemOf(selected);
	details.hidden = item === undefined;
	inSight = [];
	if (item === undefined) return;
	tellNode(item);
	keepInSight([item.id]);
	say(`${texts.selected} ${item.label}`);
}

function tellNode(item: TopologyNodeItem): void {
	details.replaceChildren(...nodeDetails(item, rates.of(item.id), texts, (place) => vscode.postMessage({ type: "reveal", place })));
}

/** Writes what the running host says into the picture, and beside it where a node is selected. */
function showRates({ available, rates: read }: Extract<ToPage, { readonly type: "rates" }>): void {
	rates.take(read);
	if (shown !== undefined) rates.draw(shown.drawing, shown.placed);
	const button = part("rates");
	button.hidden = !available;
	button.setAttribute("aria-pressed", String(read !== undefined));
	const followed = part("followed");
	followed.hidden = read === undefined;
	if (read !== undefined)
		followed.textContent = [texts.everySeconds.replace("{0}", String(read.seconds)), ...(read.simulated ? [texts.simulated] : [])].join(
			", ",
		);
	const item = itemOf(selected);
	if (item !== undefined && target === undefined) tellNode(item);
}

/** The nodes that somebody looks at: one, or those of a path. */
let inSight: readonly string[] = [];

/** What is told of nodes takes room from the picture, once the page is laid out again. */
function keepInSight(ids: readonly string[]): void {
	inSight = ids;
	requestAnimationFrame(() =>
		requestAnimationFrame(() => {
			const nodes = (shown?.placed.nodes ?? []).filter(({ item }) => ids.includes(item.id));
			if (nodes.length === 0) return;
			const [x, y] = [Math.min(...nodes.map((node) => node.x)), Math.min(...nodes.map((node) => node.y))];
			const right = Math.max(...nodes.map((node) => node.x + node.width));
			const bottom = Math.max(...nodes.map((node) => node.y + node.height));
			shown?.viewport.contain({ x, y, width: right - x, height: bottom - y });
		}),
	);
}

function showPaths(answer: TopologyPaths | null): void {
	const from = itemOf(selected);
	const to = itemOf(target);
	if (from === undefined || to === undefined) return;
	details.hidden = false;
	const trace = (ends: TopologyPaths) => vscode.postMessage({ type: "trace", from: ends.from, to: ends.to });
	details.replaceChildren(...pathDetails(from, to, answer, texts, highlight, trace));
	const [first] = answer?.paths ?? [];
	if (first !== undefined) highlight(first);
	say(
		answer === null
			? texts.noEnd
			: `${texts.paths}: ${answer.paths.length}. ${first?.steps.map(({ direction, label }) => `${direction} ${label}`).join(", ") ?? ""}`,
	);
}

function highlight(path: TopologyPath): void {
	if (shown === undefined) return;
	mark();
	shown.drawing.svg.classList.add("with-path");
	keepInSight(path.nodes);
	for (const [i, id] of path.nodes.entries()) {
		shown.drawing.nodes.get(id)?.classList.add("on-path");
		shown.drawing.edges.get(edgeKey(path.nodes[i - 1] ?? "", id))?.classList.add("on-path");
	}
}

function clicked({ target: on, shiftKey, ctrlKey, metaKey }: MouseEvent): void {
	const node = on instanceof Element ? on.closest<SVGGElement>(".node") : null;
	const id = node?.dataset.id;
	const folded = foldedAt(id);
	if (folded !== undefined) {
		unfold([folded]);
		return;
	}
	select(id, shiftKey || ctrlKey || metaKey);
	node?.focus({ preventScroll: true });
	const [place] = itemOf(id)?.places ?? [];
	if (place !== undefined && target === undefined) vscode.postMessage({ type: "reveal", place });
}

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

function keyed(event: KeyboardEvent): void {
	if (shown === undefined) return;
	const { viewport } = shown;
	const arrow = arrows[event.key];
	const id = event.target instanceof SVGElement ? event.target.dataset.id : undefined;
	if (arrow !== undefined && event.altKey) viewport.pan(-80 * arrow[0], -80 * arrow[1]);
	else if (arrow !== undefined) focus(nearest(id, arrow));
	else if ((event.key === "Enter" || event.key === " ") && foldedAt(id) !== undefined) unfold([foldedAt(id) ?? ""]);
	else if (event.key === "Enter" || event.key === " ") {
		select(id, event.shiftKey);
		const [place] = itemOf(id)?.places ?? [];
		if (event.key === "Enter" && !event.shiftKey && place !== undefined) vscode.postMessage({ type: "reveal", place });
	} else if (event.key === "Escape") select(undefined, false);
	else if (event.key === "+" || event.key === "=") viewport.zoom(1.25);
	else if (event.key === "-") viewport.zoom(0.8);
	else if (event.key === "0") viewport.fit();
	else return;
	event.preventDefault();
}

function focus(node: PlacedNode | undefined): void {
	if (node === undefined || shown === undefined) return;
	shown.drawing.nodes.get(node.item.id)?.focus({ preventScroll: true });
	shown.viewport.reveal(node);
}

/** The closest node in a direction: what lies aside counts double. */
function nearest(id: string | undefined, [dx, dy]: readonly [number, number]): PlacedNode | undefined {
	const nodes = shown?.placed.nodes ?? [];
	const from = nodes.find(({ item }) => item.id === id) ?? nodes[0];
	if (from === undefined) return undefined;
	let best: PlacedNode | undefined;
	let least = Number.POSITIVE_INFINITY;
	for (const node of nodes) {
		const x = node.x + node.width / 2 - from.x - from.width / 2;
		const y = node.y + node.height / 2 - from.y - from.height / 2;
		const ahead = x * dx + y * dy;
		const distance = ahead + 2 * Math.abs(x * dy + y * dx);
		if (node === from || ahead <= 1 || distance >= least) continue;
		best = node;
		least = distance;
	}
	return best;
}

function say(text: string): void {
	live.textContent = text;
}

// ── Search, zoom, files ────────────────────────────────────────────────────────────────────────────────────────────

function matching(): readonly PlacedNode[] {
	const wanted = search.value.trim().toLowerCase();
	if (wanted === "") return [];
	return (shown?.placed.nodes ?? []).filter(({ item }) =>
		[item.label, ...item.details].some((text) => text.toLowerCase().includes(wanted)),
	);
}

function find(): readonly PlacedNode[] {
	const found = matching();
	const ids = new Set(found.map(({ item }) => item.id));
	const searching = search.value.trim() !== "";
	shown?.drawing.svg.classList.toggle("searching", searching);
	for (const [id, node] of shown?.drawing.nodes ?? []) node.classList.toggle("found", ids.has(id));
	search.setAttribute("aria-invalid", String(searching && found.length === 0));
	return found;
}

let next = 0;
search.addEventListener("input", () => {
	next = 0;
	const found = find();
	if (found[0] !== undefined) shown?.viewport.reveal(found[0]);
	if (search.value.trim() !== "")
		say(found.length === 0 ? texts.noMatch : `${found.length}: ${found.map(({ item }) => item.label).join(", ")}`);
});
search.addEventListener("keydown", (event) => {
	if (event.key !== "Enter") return;
	const found = find();
	const node = found[next++ % Math.max(1, found.length)];
	if (node === undefined) return;
	const folded = foldedAt(node.item.id);
	if (folded !== undefined) {
		unfold([folded]);
		return;
	}
	select(node.item.id, false);
	shown?.viewport.reveal(node);
});

async function save(format: "svg" | "png"): Promise<void> {
	if (shown === undefined) return;
	const svg = svgText(shown.drawing.svg, shown.placed);
	vscode.postMessage({ type: "save", format, data: format === "svg" ? svg : await pngData(svg) });
}

const buttons: readonly (readonly [id: PageText, run: () => void])[] = [
	["zoomIn", () => shown?.viewport.zoom(1.25)],
	["zoomOut", () => shown?.viewport.zoom(0.8)],
	["fit", () => shown?.viewport.fit()],
	["saveSvg", () => inBackground(save("svg"))],
	["savePng", () => inBackground(save("png"))],
];
for (const [id, run] of buttons) part(id).addEventListener("click", run);

part("fold").addEventListener("click", () => {
	if (shown === undefined) return;
	if (open.size === 0) unfold(foldable(shown.whole));
	else {
		open.clear();
		inBackground(show(shown.whole));
	}
});

part("rates").addEventListener("click", () =>
	vscode.postMessage({ type: "rates", follow: part("rates").getAttribute("aria-pressed") !== "true" }),
);

part("showLegend").addEventListener("click", () => {
	const isHidden = !part("legend").hidden;
	part("legend").hidden = isHidden;
	part("showLegend").setAttribute("aria-expanded", String(!isHidden));
});

// A page that was made narrow gets the picture upright.
new ResizeObserver(() => {
	if (shown === undefined || stage.clientWidth === 0) return;
	if (shown.direction !== directionOf()) inBackground(show(shown.whole));
	else keepInSight(inSight);
}).observe(stage);

/** Where there is no host, what leads to one. */
function showStart(message: string): void {
	const text = document.createElement("h1");
	text.className = "no-host";
	text.textContent = message;
	const ways = [
		["folder", texts.openFolder],
		["pattern", texts.insertPattern],
		["walkthrough", texts.getStarted],
	] as const;
	const buttons = ways.map(([how, name]) => {
		const button = document.createElement("button");
		button.className = "start";
		button.textContent = name;
		button.addEventListener("click", () => vscode.postMessage({ type: "start", how }));
		return button;
	});
	stage.replaceChildren(text, ...buttons);
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
	switch (data.type) {
		case "picture":
			document.body.classList.remove("empty");
			inBackground(show(data.picture));
			break;
		case "empty":
			round++;
			shown = undefined;
			details.hidden = true;
			document.body.classList.add("empty");
			showStart(data.message);
			break;
		case "rates":
			showRates(data);
			break;
		case "way":
			select(undefined, false);
			highlight(data.path);
			break;
		case "paths":
			if (data.from === selected && data.to === target) showPaths(data.answer);
			break;
	}
});
vscode.postMessage({ type: "ready" });

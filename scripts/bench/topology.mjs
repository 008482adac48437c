// How long the topology takes to be laid out and drawn, as the page does it: in Chromium, with the layout in a worker.
// Usage, after `npx tsc -b` and `node scripts/bundle.mjs`: node scripts/bench/topology.mjs [PICTURE.png]
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { hostBuilder } from "../../server/dist/host/model.js";
import { topology } from "../../server/dist/host/topology.js";
import { launchChromium } from "../lib/chromium.mjs";
import { root } from "../lib/repository.mjs";

/** A host of guests with an anchor each, on switches with a gateway each. */
function pictureOf(guests, switches) {
	const files = new Map([["/etc/hostname.em0", { text: "inet 192.0.2.2 255.255.255.0\n" }]]);
	let vm = "";
	for (let s = 0; s < switches; s++) {
		vm += `switch "s${s}" {\n\tinterface veb${s}\n}\n`;
		files.set(`/etc/hostname.veb${s}`, { text: `link1\nadd vport${s}\nup\n` });
		files.set(`/etc/hostname.vport${s}`, { text: `inet 10.${s}.0.1 255.255.255.0\nup\n` });
	}
	for (let g = 0; g < guests; g++)
		vm += `vm "g${g}" {\n\tmemory 1G\n\tdisk "/g${g}.img"\n\tinterface tap${g} { switch "s${g % switches}" }\n}\n`;
	files.set("/etc/vm.conf", { text: vm });
	const { nodes, edges } = topology(hostBuilder()({ name: `${guests} guests`, files }));
	// An anchor for each guest, as pf.conf would bring them.
	const anchors = Array.from({ length: guests }, (_, g) => ({
		id: `anchor:vm/g${g}`,
		kind: "anchor",
		label: `vm/g${g}`,
		details: [],
		inactive: false,
	}));
	const policies = anchors.map(({ id }, g) => ({ from: id, to: `guest:g${g}`, kind: "policy", label: "" }));
	return {
		name: `${guests} guests`,
		nodes: [...nodes, ...anchors].map((node) => ({ ...node, places: [], problems: [] })),
		edges: [...edges, ...policies],
	};
}

const ids = ["search", "zoomOut", "zoomIn", "fit", "saveSvg", "savePng"];
const page = `<!DOCTYPE html><link rel="stylesheet" href="topology.css">
<body data-worker="elk-worker.js"><header>${ids.map((id) => `<input id="${id}">`).join("")}</header><main id="stage"></main><aside id="details" hidden></aside><div id="live"></div>
<script id="texts" type="application/json">{}</script><script>acquireVsCodeApi = () => ({ postMessage() {} })</script><script src="topology.js"></script>`;

const server = createServer(({ url = "/" }, response) => {
	if (url === "/") response.setHeader("content-type", "text/html").end(page);
	else
		createReadStream(join(root, "dist", url.replace(/^\/+/, "")))
			.on("error", () => response.writeHead(404).end())
			.pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const browser = await launchChromium();
try {
	const tab = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
	const address = server.address();
	await tab.goto(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`);
	const rows = [];
	for (const [guests, switches] of [
		[2, 1],
		[20, 2],
		[200, 10],
	]) {
		const picture = pictureOf(guests, switches);
		const times = await tab.evaluate(async (sent) => {
			const taken = [];
			for (let round = 0; round < 3; round++) {
				document.querySelector("#stage")?.replaceChildren();
				const start = performance.now();
				window.postMessage({ type: "picture", picture: { ...sent, name: `${sent.name} ${round}` } });
				while (document.querySelectorAll(".node").length < sent.nodes.length) await new Promise((resolve) => setTimeout(resolve, 5));
				taken.push(Math.round(performance.now() - start));
			}
			return taken;
		}, picture);
		rows.push({
			guests,
			nodes: picture.nodes.length,
			edges: picture.edges.length,
			"first (ms)": times[0],
			"second (ms)": times[1],
			"third (ms)": times[2],
		});
	}
	console.table(rows);
	if (process.argv[2] !== undefined) await tab.screenshot({ path: process.argv[2] });
} finally {
	await browser.close();
	server.close();
}

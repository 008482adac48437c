// How long the topology takes to be laid out and drawn, as the page does it: in Chromium, with the layout in a worker.
// Usage, after `npx tsc -b` and `node scripts/bundle.mjs`: node scripts/bench/topology.mjs [PICTURE.png]
import { hostBuilder } from "../../server/dist/host/model.js";
import { topology } from "../../server/dist/host/topology.js";
import { openWebViews } from "../lib/web-views.mjs";

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
		what: "anchor",
		label: `vm/g${g}`,
		details: [],
		inactive: false,
	}));
	const policies = anchors.map(({ id }, g) => ({ from: id, to: `guest:g${g}`, kind: "policy", label: "" }));
	return {
		name: `${guests} guests`,
		nodes: [...nodes, ...anchors].map((node) => ({ what: node.kind, ...node, places: [], problems: [] })),
		edges: [...edges, ...policies],
	};
}

const views = await openWebViews();
try {
	const { page } = await views.topology(pictureOf(2, 1), { theme: "light", width: 1600, height: 1000 });
	const rows = [];
	for (const [guests, switches] of [
		[2, 1],
		[20, 2],
		[200, 10],
	]) {
		const picture = pictureOf(guests, switches);
		/** How long until a picture is drawn. @param {number} round @param {boolean} isUnfolded whether the one that is there is unfolded or folded instead */
		const taken = (round, isUnfolded) =>
			page.evaluate(
				async ({ sent, name, unfolds }) => {
					const stage = document.querySelector("#stage");
					stage?.replaceChildren();
					const start = performance.now();
					if (unfolds) document.querySelector("#fold")?.dispatchEvent(new MouseEvent("click"));
					else window.postMessage({ type: "picture", picture: { ...sent, name } });
					while (stage?.querySelector(".node") == null) await new Promise((resolve) => setTimeout(resolve, 5));
					return Math.round(performance.now() - start);
				},
				{ sent: picture, name: `${guests} guests ${round}`, unfolds: isUnfolded },
			);
		const times = [await taken(0, false), await taken(1, false), await taken(2, false)];
		const isFolded = await page.locator("#fold").isVisible();
		rows.push({
			guests,
			nodes: picture.nodes.length,
			edges: picture.edges.length,
			"first (ms)": times[0],
			"second (ms)": times[1],
			"third (ms)": times[2],
			"unfolded (ms)": isFolded ? await taken(3, true) : undefined,
		});
		if (isFolded) await taken(4, true);
	}
	console.table(rows);
	if (process.argv[2] !== undefined) await page.screenshot({ path: process.argv[2] });
} finally {
	await views.close();
}

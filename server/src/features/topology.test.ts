import { describe, expect, it } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { Documents } from "../project/documents.ts";
import { memoryWorkspace } from "../workspace.ts";
import { topologyPaths, topologyPicture } from "./topology.ts";

const client = {
	snippets: false,
	markdown: false,
	lineFoldingOnly: false,
	documentChanges: true,
	createFiles: false,
	renameFiles: false,
	hierarchicalSymbols: true,
};

async function pictureOf(name: "corrected" | "corrected-bridge" | "handbook-microsegmentation") {
	const files = Object.fromEntries([...readHost(name)].map(([path, text]) => [`file:///w/hv1${path}`, text]));
	const documents = new Documents(memoryWorkspace(files, ["file:///w"]));
	const etc = "file:///w/hv1/etc";
	await documents.whenHostSettled(etc);
	const { id, host } = await documents.hostAt(etc);
	return { host, ...topologyPicture({ files: documents, settings: {}, client }, id, host) };
}

describe("the picture of a host", () => {
	it("has the lines of each part, and no problem where there is none", async () => {
		const { name, nodes } = await pictureOf("corrected");
		expect(name).toBe("hv1");
		const tap = nodes.find(({ id }) => id === "link:tap3");
		expect(tap?.places.map(({ path, range }) => `${path}:${range.start.line + 1}`)).toContain("/etc/vm.conf:17");
		const anchor = nodes.find(({ id }) => id === "anchor:vm/web01");
		expect(anchor?.places.map(({ path }) => path)).toEqual(["/etc/pf.conf", "/etc/pf.vm/web01.conf", "/etc/pf.vm/web01.conf"]);
		expect(nodes.flatMap(({ problems }) => problems)).toEqual([]);
	});

	it("shows diagnostics where they stand, the worst first", async () => {
		const { nodes, edges } = await pictureOf("handbook-microsegmentation");
		const bridge = nodes.find(({ id }) => id === "link:bridge0");
		expect(bridge?.problems.map(({ severity, place }) => `${severity} ${place.path}`)).toContain("warning /etc/hostname.bridge0");
		expect(bridge?.problems[0]?.severity).toBe("warning");
		expect(edges.find(({ from, to }) => from === "link:em1" && to === "link:bridge0")?.severity).toBe("warning");
	});
});

describe("the ways between two nodes", () => {
	it.each([
		["corrected", "guest:web01", "guest:db01", "bridged: guest:web01 > link:tap3 > link:veb1 > link:tap2 > guest:db01 | in tap3, out tap2"],
		[
			"corrected",
			"anchor:vm/db01",
			"outside",
			"routed: guest:db01 > link:tap2 > link:veb1 > link:vport0 > host > link:em0 > outside | in tap2, in vport0, out em0",
		],
		[
			"corrected-bridge",
			"link:tap2",
			"host",
			"routed: guest:db01 > link:tap2 > link:bridge1 > link:vether0 > host | (in tap2), in vether0",
		],
	] as const)("%s: %s to %s", async (name, from, to, expected) => {
		const { host } = await pictureOf(name);
		const ways = topologyPaths(host, from, to)?.paths ?? [];
		const text = ways.map(({ kind, nodes, steps }) => {
			const looks = steps.map(({ direction, label, tested }) => (tested ? `${direction} ${label}` : `(${direction} ${label})`));
			return `${kind}: ${nodes.join(" > ")} | ${looks.join(", ")}`;
		});
		expect(text).toContain(expected);
	});

	it("a switch is no end of a way", async () => {
		const { host } = await pictureOf("corrected");
		expect(topologyPaths(host, "link:veb1", "outside")).toBeNull();
	});
});

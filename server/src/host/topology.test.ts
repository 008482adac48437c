import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hostOf } from "./fixture.ts";
import { hostBuilder, type ModelFile } from "./model.ts";
import { type Topology, topology } from "./topology.ts";

const lines = ({ edges }: Topology): readonly string[] =>
	edges.map(
		({ from, to, kind, label, filtered }) =>
			`${from} ${to} ${kind}${label === "" ? "" : ` (${label})`}${filtered === undefined ? "" : filtered ? " pf" : " -"}`,
	);

describe("the picture of a host", () => {
	const host = hostOf(`//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	memory 1G
	disk "/web01"
	interface tap3 { switch "lan" lladdr 02:00:00:00:00:01 }
	interface
}
vm "old" {
	disable
	disk "/old"
	local interface tap4
}
//- /etc/hostname.veb0
link1
add vlan10
add vport0
add tap3
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
//- /etc/hostname.vlan10
vnetid 10
parent em1
up
//- /etc/hostname.em1
up
//- /etc/hostname.em0
inet 192.0.2.2/24
`);
	const picture = topology(host);

	it("connects what the files connect", () => {
		expect([...lines(picture)].sort()).toEqual(
			[
				"outside link:em0 below",
				"outside link:em1 below",
				"link:em1 link:vlan10 below (VLAN 10)",
				"link:vlan10 link:veb0 member pf",
				"link:vport0 link:veb0 member -",
				"link:veb0 link:tap3 member pf",
				"link:em0 host stack",
				"host link:vport0 stack",
				"link:tap3 guest:web01 cable",
				"tap:web01:1 guest:web01 cable",
				"host link:tap4 stack pf",
				"link:tap4 guest:old cable",
			].sort(),
		);
	});

	it("shows the VLANs of a veb's ports, the set of a trunk, and where pf does not filter", () => {
		const vlans = topology(
			hostOf(
				`//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/web01"
	interface tap1 { switch "lan" }
	interface { switch "lan" }
}
//- /etc/hostname.veb0
link1
add em1
-untagged em1
tagged em1 10,20-22
add em2
tagged em2 10
add vport0
untagged vport0 10
tagged vport0 20
add tap1
untagged tap1 20
add em3
-untagged em3
up
//- /etc/hostname.vlan20
parent vport0
vnetid 20
inet 10.20.0.1/24
`,
				{ release: "7.9" },
			),
		);
		const members = { ...vlans, edges: vlans.edges.filter(({ kind }) => kind === "member") };
		expect(lines(members)).toEqual([
			"link:em1 link:veb0 member (tagged 10, 20-22) -",
			"link:em2 link:veb0 member (tagged 10) pf",
			"link:vport0 link:veb0 member (VLAN 10, tagged 20) -",
			"link:veb0 link:tap1 member (VLAN 20) pf",
			"link:em3 link:veb0 member (no VLAN) -",
			"link:veb0 tap:web01:1 member (VLAN 1) pf",
		]);
		expect(members.edges.map(({ vlans: own }) => own)).toEqual([[10, 20], [1, 10], [10, 20], [20], [], [1]]);
		expect(lines(vlans)).toEqual(expect.arrayContaining(["host link:vlan20 stack", "link:vlan20 link:vport0 below (VLAN 20)"]));
	});

	it("says what each is, and where the files say it", () => {
		const node = (id: string) => picture.nodes.find((one) => one.id === id);
		expect(node("link:veb0")).toMatchObject({ kind: "veb", details: ['switch "lan"', "link1"], inactive: false });
		expect(node("link:veb0")?.places.map(({ file }) => file)).toEqual(["/etc/hostname.veb0", "/etc/vm.conf"]);
		expect(node("link:vport0")).toMatchObject({ kind: "gateway", details: ["10.50.0.1/24"] });
		expect(node("guest:web01")).toMatchObject({ kind: "guest", details: ["1.0G"], inactive: false });
		expect(node("link:tap3")).toMatchObject({ kind: "tap", details: ["02:00:00:00:00:01"] });
		expect(node("guest:old")?.inactive).toBe(true);
		expect(node("tap:web01:1")).toMatchObject({ kind: "tap", label: "tap" });
	});

	it("has both ends of each edge, and each node once", () => {
		const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
		for (const name of ["corrected", "corrected-bridge", "handbook"]) {
			const files = new Map<string, ModelFile>();
			for (const entry of readdirSync(`${examples}${name}/etc`, { withFileTypes: true })) {
				if (entry.isFile()) files.set(`/etc/${entry.name}`, { text: readFileSync(`${examples}${name}/etc/${entry.name}`, "utf8") });
			}
			const { nodes, edges } = topology(hostBuilder()({ name, files }));
			const ids = new Set(nodes.map(({ id }) => id));
			expect(ids.size).toBe(nodes.length);
			expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
		}
	});
});

import { describe, expect, it } from "vitest";
import { hostOf } from "./fixture.ts";
import { type Endpoint, pathsBetween } from "./paths.ts";

const vm = `//- /etc/vm.conf
switch "veb" {
	interface veb0
}
switch "bridge" {
	interface bridge0
}
switch "lan" {
	interface veb1
}
vm "a" {
	disk "/a"
	interface tap1 { switch "veb" }
}
vm "b" {
	disk "/b"
	interface tap2 { switch "veb" }
}
vm "c" {
	disk "/c"
	interface tap3 { switch "bridge" }
}
vm "d" {
	disk "/d"
	interface tap4 { switch "bridge" }
	interface tap5 { switch "lan" }
}
vm "e" {
	disk "/e"
	local interface tap6
}
`;
const files = (link1: string): string => `${vm}//- /etc/hostname.veb0
${link1}add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.60.0.1/24
//- /etc/hostname.veb1
link1
add em1
up
//- /etc/hostname.em1
up
//- /etc/hostname.em0
inet 192.0.2.2/24
`;
const host = hostOf(files("link1\n"));
const plain = hostOf(files(""));

const endpoint = (name: string): Endpoint => (name === "host" || name === "outside" ? { kind: name } : { kind: "guest", name });
/** `in tap1` where pf filters, `(in tap1)` where it does not. */
const paths = (from: string, to: string, where = host): readonly string[] =>
	pathsBetween(where, endpoint(from), endpoint(to)).map(
		({ kind, steps }) =>
			`${kind}: ${steps.map(({ interface: name, direction, tested }) => (tested ? `${direction} ${name}` : `(${direction} ${name})`)).join(", ")}`,
	);

describe("paths", () => {
	it.each([
		["a", "b", ["bridged: in tap1, out tap2"]],
		["a", "host", ["routed: in tap1, in vport0"]],
		["host", "a", ["routed: out vport0, out tap1"]],
		["a", "outside", ["routed: in tap1, in vport0, out em0"]],
		["outside", "a", ["routed: in em0, out vport0, out tap1"]],
		["a", "c", ["routed: in tap1, in vport0, out vether0, (out tap3)"]],
		["c", "d", ["bridged: in tap3, out tap4"]],
		["c", "host", ["routed: (in tap3), in vether0"]],
		["host", "c", ["routed: out vether0, (out tap3)"]],
		["d", "outside", ["bridged: in tap5, out em1", "routed: (in tap4), in vether0, out em0"]],
		["outside", "d", ["bridged: in em1, out tap5", "routed: in em0, out vether0, (out tap4)"]],
		["e", "host", ["routed: in tap6"]],
		["e", "outside", ["routed: in tap6, out em0"]],
		["host", "outside", ["routed: out em0"]],
		["outside", "host", ["routed: in em0"]],
		["a", "nobody", []],
		["host", "host", []],
	])("from %s to %s", (from, to, expected) => {
		expect(paths(from, to)).toEqual(expected);
	});

	/** a and b in VLAN 10, c in 20, d in none; the trunk em1 has both, the host a vport in 10 and a vlan(4) in 20. */
	const inVlans = (...more: readonly string[]): string => `//- /etc/vm.conf
switch "veb" {
	interface veb0
}
${["a", "b", "c", "d"].map((name, i) => `vm "${name}" {\n\tdisk "/${name}"\n\tinterface tap${i + 1} { switch "veb" lladdr fe:e1:bb:d1:00:0${i + 1} }\n}\n`).join("")}//- /etc/hostname.veb0
link1
add em1
-untagged em1
tagged em1 10,20
add vport0
untagged vport0 10
tagged vport0 20
${[10, 10, 20].map((vlan, i) => `add tap${i + 1}\nuntagged tap${i + 1} ${vlan}\n`).join("")}${more.map((line) => `${line}\n`).join("")}-vnetid
up
//- /etc/hostname.vport0
inet 10.10.0.1/24
//- /etc/hostname.vlan20
parent vport0
vnetid 20
inet 10.20.0.1/24
//- /etc/hostname.em1
up
//- /etc/hostname.em0
inet 192.0.2.2/24
`;

	const MAC = "fe:e1:bb:d1:00:01";
	const LOCKED = "-learn tap1\n-discover tap1\nlocked tap1";
	const ISOLATED = "-untagged tap1\npvlan 10\npvlan-isolated 10 11\nuntagged tap1 11";
	const viaHost = "routed: in tap1, in vport0, out em0";
	const viaTrunk = "routed: in tap1, in vport0, out vlan20, (out em1)";

	it.each<readonly [what: string, from: string, to: string, paths: readonly string[], more: string]>([
		["one VLAN", "a", "b", ["bridged: in tap1, out tap2"], ""],
		["two VLANs", "a", "c", ["routed: in tap1, in vport0, out vlan20, out tap3"], ""],
		["back", "c", "a", ["routed: in tap3, in vlan20, out vport0, out tap1"], ""],
		["a vport", "a", "host", ["routed: in tap1, in vport0"], ""],
		["a vlan(4) on a vport", "host", "c", ["routed: out vlan20, out tap3"], ""],
		[
			"a trunk, whose frames have tags",
			"a",
			"outside",
			["bridged: in tap1, (out em1)", "routed: in tap1, in vport0, out em0", "routed: in tap1, in vport0, out vlan20, (out em1)"],
			"",
		],
		["no VLAN", "d", "host", [], ""],
		["the VLAN of what vmd adds", "d", "b", ["bridged: in tap4, out tap2"], "vnetid 10\nadd tap9\n-untagged tap9\nvnetid 10"],
		["a guest that tags its frames", "d", "c", ["bridged: (in tap4), out tap3"], "add tap4\n-untagged tap4\ntagged tap4 20"],
		[
			"ports that are protected from each other",
			"a",
			"b",
			["routed: in tap1, in vport0, out vport0, out tap2"],
			"protected tap1 1,2\nprotected tap2 2",
		],
		[
			"an isolated VLAN",
			"a",
			"b",
			["routed: in tap1, in vport0, out vport0, out tap2"],
			"-untagged tap1\n-untagged tap2\npvlan 10\npvlan-isolated 10 11\nuntagged tap1 11\nuntagged tap2 11",
		],
		[
			"an isolated VLAN and its primary one",
			"a",
			"b",
			["bridged: in tap1, out tap2"],
			"-untagged tap1\npvlan 10\npvlan-isolated 10 11\nuntagged tap1 11",
		],
		[
			"a community",
			"a",
			"b",
			["bridged: in tap1, out tap2"],
			"-untagged tap1\n-untagged tap2\npvlan 10\npvlan-community 10 12\nuntagged tap1 12\nuntagged tap2 12",
		],
		["a locked port without the guest's address", "a", "b", [], `${LOCKED}`],
		["a locked port, from the other side", "b", "a", [], `${LOCKED}`],
		["a locked port, and the host", "a", "host", [], `${LOCKED}`],
		["a locked port with the guest's address", "a", "b", ["bridged: in tap1, out tap2"], `static tap1 ${MAC}\n${LOCKED}`],
		["a locked port with the guest's address in another VLAN", "a", "b", [], `static tap1 ${MAC}@20\n${LOCKED}`],
		["a guest whose address is another port's", "b", "a", [], `static tap2 ${MAC}`],
		["a guest whose address is another port's, in another VLAN", "b", "a", ["bridged: in tap2, out tap1"], `static tap3 ${MAC}`],
		["a guest that is neither learnt nor searched for", "b", "a", [], "-learn tap1\n-discover tap1"],
		["a guest that is searched for", "b", "a", ["bridged: in tap2, out tap1"], "-learn tap1"],
		["a guest whose address is static", "b", "a", ["bridged: in tap2, out tap1"], `-learn tap1\n-discover tap1\nstatic tap1 ${MAC}`],
		[
			"an isolated VLAN and a trunk that has its primary tag alone",
			"a",
			"outside",
			[viaHost, "routed: in tap1, in vport0, out vport0, (out em1)", viaTrunk],
			ISOLATED,
		],
		[
			"an isolated VLAN and a trunk to who knows primary tags alone",
			"a",
			"outside",
			["bridged: in tap1, (out em1)", viaHost, viaTrunk],
			`${ISOLATED}\npvptags em1`,
		],
		[
			"an isolated VLAN and a trunk to another switch",
			"a",
			"outside",
			["bridged: in tap1, (out em1)", viaHost, viaTrunk],
			`${ISOLATED}\ntagged em1 11`,
		],
	])("through a veb that tells VLANs apart: %s", (_, from, to, expected, more) => {
		const text = inVlans(...more.split("\n")).replace(more.includes("vnetid 10") ? "-vnetid\n" : "", "");
		expect(paths(from, to, hostOf(text, { release: "7.9" }))).toEqual(expected);
	});

	it("a guest that carries all tags takes part in the VLANs of the others", () => {
		const where = hostOf(inVlans("add tap4", "-untagged tap4", "tagged tap4 all"), { release: "7.9" });
		expect(where.segments.map(({ vlan, plugs }) => `${vlan}: ${plugs.map(({ guest }) => guest.name.value).join(" ")}`)).toEqual([
			"10: a b d",
			"20: c d",
		]);
		expect(paths("d", "a", where)).toContain("bridged: (in tap4), out tap1");
	});

	it("before 7.9 the words are none, and all ports are in one network", () => {
		expect(paths("a", "c", hostOf(inVlans(), { release: "7.8" }))).toEqual(["bridged: in tap1, out tap3"]);
	});

	it("on a veb without link1, pf filters none of its ports", () => {
		expect(paths("a", "b", plain)).toEqual(["bridged: (in tap1), (out tap2)"]);
		expect(paths("a", "host", plain)).toEqual(["routed: (in tap1), in vport0"]);
	});

	it("tells which need forwarding", () => {
		const needs = (from: string, to: string): readonly boolean[] =>
			pathsBetween(host, endpoint(from), endpoint(to)).map(({ forwarded }) => forwarded);
		expect(needs("a", "outside")).toEqual([true]);
		expect(needs("a", "host")).toEqual([false]);
		expect(needs("a", "b")).toEqual([false]);
	});

	it.each([
		["bridge0", "vether0", ["routed: in em0", "routed: (in em1), in vether0"], ["routed: out em0", "routed: out vether0, (out em1)"]],
		["veb0", "vport0", ["routed: in em0", "routed: (in em1), in vport0"], ["routed: out em0", "routed: out vport0, (out em1)"]],
		["veb0 link1", "vport0", ["routed: in em0", "routed: in em1, in vport0"], ["routed: out em0", "routed: out vport0, out em1"]],
	])("a LAN behind %s is outside too, by %s", (bridge, gateway, inward, outward) => {
		const [name = "", flag = ""] = bridge.split(" ");
		const where = hostOf(
			`//- /etc/hostname.${name}\n${flag}\nadd ${gateway}\nadd em1\nup\n//- /etc/hostname.${gateway}\ninet 10.1.0.1/24\nup\n//- /etc/hostname.em1\nup\n//- /etc/hostname.em0\ninet autoconf\n`,
		);
		expect(paths("outside", "host", where)).toEqual(inward);
		expect(paths("host", "outside", where)).toEqual(outward);
	});
});

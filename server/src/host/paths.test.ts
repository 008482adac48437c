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
/** `in tap1` where pf looks, `(in tap1)` where it does not. */
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

	it("on a veb without link1, pf looks at none of its ports", () => {
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

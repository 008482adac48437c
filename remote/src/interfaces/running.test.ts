/** What `ifconfig -A` shows, in its own layout (ifconfig.c, status(); brconfig.c, bridge_list()), against what files set. */
import { netstart } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import { readInterfaces } from "../live-interfaces.ts";
import { detailsOf, has } from "./running.ts";
import { faultsOf, missingOf, shownSetting, transitionOf } from "./transition.ts";

const key = "3J0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8mF0RkU=";

const shown = `vio1: flags=8943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST> mtu 1500
	lladdr 52:54:00:00:00:11
	description: to the office
	index 2 priority 0 llprio 3
	trunk: trunkdev trunk0
	groups: lan egress
	media: Ethernet autoselect
	status: active
	inet 10.1.0.1 netmask 0xffffff00 broadcast 10.1.0.255
	inet 10.1.0.9 netmask 0xffffffff
	inet6 fe80::5054:ff:fe00:11%vio1 prefixlen 64 scopeid 0x2
	inet6 2001:db8::1 prefixlen 64
veb0: flags=a843<UP,BROADCAST,RUNNING,SIMPLEX,LINK1,MULTICAST>
	index 9 llprio 3
	groups: veb
	vport0 flags=3<LEARNING,DISCOVER>
		port 10 ifpriority 0 ifcost 0
	vio1 flags=3<LEARNING,DISCOVER>
		port 2 ifpriority 0 ifcost 0
	pass in on vio1 src fe:e1:ba:d0:00:01
	block in/out on vio1
	Addresses (max cache: 100, timeout: 240):
		fe:e1:bb:00:00:01 vio1 1 flags=0<>
vlan10: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> rdomain 1 mtu 1500
	index 12 priority 0 llprio 3
	encap: vnetid 10 parent vio1 txprio packet rxprio outer
	groups: vlan
trunk0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	index 13 priority 0 llprio 3
	trunk: trunkproto failover
		vio1 port master,active
		vio2 port
	groups: trunk
wg0: flags=80c3<UP,RUNNING,NOARP,MULTICAST> mtu 1420
	index 14 priority 0 llprio 3
	wgport 51820
	wgpubkey AAAA
	wgpeer ${key}
		wgpka 25 (sec)
		tx: 0, rx: 0
		wgaip 10.8.0.2/32
		wgaip 10.9.0.0/16
	groups: wg
gif0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1280
	index 15 priority 0 llprio 3
	encap: txprio payload rxprio payload
	groups: gif
	tunnel: inet 10.0.2.15 --> 10.0.2.2 ttl 64 nodf
vxlan0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	index 16 priority 0 llprio 3
	encap: vnetid 5 parent none txprio 0 rxprio outer
	groups: vxlan
	tunnel: inet 10.0.2.15:4789 --> 10.0.2.2 ttl 1 nodf
`;

const interfaces = new Map(readInterfaces(shown.split("\n"), []).map((each) => [each.name, each]));

function interfaceOf(name: string) {
	const found = interfaces.get(name);
	if (found === undefined) throw new Error(name);
	return found;
}

test.each([
	["veb0", { rules: ["pass in on vio1 src fe:e1:ba:d0:00:01", "block in/out on vio1"] }],
	["vlan10", { parent: "vio1", vnetid: "10" }],
	["trunk0", { trunkProto: "failover", trunkPorts: ["vio1 master", "vio2"] }],
	["wg0", { wgPort: "51820", peers: [`${key} 10.8.0.2/32 10.9.0.0/16`] }],
	["gif0", { tunnel: "10.0.2.15 --> 10.0.2.2" }],
])("what only %s shows", (name, details) => {
	const { rules, trunkPorts, peers, ...rest } = detailsOf(interfaceOf(name));
	expect({
		...rest,
		rules: rules.map(({ text }) => text),
		trunkPorts: trunkPorts.map((port) => `${port.name}${port.master ? " master" : ""}`),
		peers: peers.map((peer) => [peer.key, ...peer.networks].join(" ")),
	}).toMatchObject(details);
});

describe("what a file sets is there, is not, or is not shown", () => {
	test.each<[name: string, line: string, there: boolean | undefined]>([
		["vio1", "inet 10.1.0.1/24", true],
		["vio1", "inet 10.1.0.1/25", false],
		["vio1", "inet alias 10.1.0.9 255.255.255.255", true],
		["vio1", "inet6 2001:DB8:0::1 64", true],
		["vio1", "inet gateway.example.org", undefined],
		["vio1", "group lan", true],
		["vio1", "group dmz", false],
		["vio1", 'description "to the office"', true],
		["vio1", "mtu 1400", false],
		["vio1", "lladdr 52:54:00:00:00:11", true],
		["vio1", "lladdr random", undefined],
		["vio1", "down", false],
		["vio1", "media autoselect", undefined],
		["vio1", "inet autoconf", false],
		["vio1", "rdomain 0", true],
		["vlan10", "rdomain 1", true],
		["vlan10", "vlandev vio2", false],
		["vlan10", "vlan 10", true],
		["veb0", "add vio1", true],
		["veb0", "add vio2", false],
		["veb0", "-link1", false],
		["veb0", "rule block on vio1", true],
		["veb0", "rule block in on vio1", false],
		["trunk0", "trunkport vio2", true],
		["trunk0", "trunkproto lacp", false],
		["wg0", "wgport 51821", false],
		["wg0", `wgpeer ${key} wgaip 10.8.0.2/32 wgaip 10.9.0.0/16`, undefined],
		["wg0", `wgpeer ${key} wgaip 10.8.0.2/32`, false],
		["gif0", "tunnel 10.0.2.15 10.0.2.2", true],
		["gif0", "tunnel 10.0.2.15 10.0.2.3", false],
		["vxlan0", "tunnel 10.0.2.15 10.0.2.2", true],
		["vxlan0", "tunnel 10.0.2.15:4789 10.0.2.2", true],
		["vxlan0", "tunnel 10.0.2.15:8472 10.0.2.2", false],
		["vxlan0", "tunnel 10.0.2.16 10.0.2.2", false],
		["vxlan0", "tunnel here there", undefined],
		["gif0", "!true", undefined],
	])("%s: %s", (name, line, there) => {
		const live = interfaceOf(name);
		const [setting] = netstart.allSettings(name, `${line}\n`);
		expect(setting === undefined ? "nothing" : has(live, detailsOf(live), setting)).toBe(there);
	});
});

test("what is missing and what is left is told without keys", () => {
	const before = `wgkey ${key} wgport 51820\nwgpeer ${key} wgaip 10.8.0.2/32\n`;
	expect(faultsOf(interfaceOf("wg0"), before, `wgkey ${key} wgport 51821 mtu 1400\n`, () => true)).toEqual({
		missing: ["wgport 51821", "mtu 1400"],
		left: [`-wgpeer ${key}`],
	});
	const rules = "rule pass in on vio1 src fe:e1:ba:d0:00:01\nrule block on vio1\n";
	expect(faultsOf(interfaceOf("veb0"), "", `link1\nadd vport0\nadd vio1\n${rules}up\n`, () => true)).toEqual({ missing: [], left: [] });
	expect(faultsOf(interfaceOf("veb0"), "", `${rules}rule pass on vio1\n`, () => true).missing).toHaveLength(3);
});

/** As the ifconfig of 7.9 shows a veb. */
const [apart] = readInterfaces(
	`veb0: flags=a843<UP,BROADCAST,RUNNING,SIMPLEX,LINK1,MULTICAST>
	index 9 llprio 3
	encap: vnetid 1 txprio packet rxprio outer
	groups: veb
	pvlan 30 isolated 31 community 32,33
	em1 flags=3<LEARNING,DISCOVER>
		port 2 ifpriority 0 ifcost 0 -untagged protected 1,2
		tagged: 10,20-30
	vport0 flags=3<LEARNING,DISCOVER>
		port 10 ifpriority 0 ifcost 0 untagged 10
	tap1 flags=2000<LOCKED>
		port 11 ifpriority 0 ifcost 0 untagged 10
		tagged: none
	em2 flags=3<LEARNING,DISCOVER>
		port 3 ifpriority 0 ifcost 0 untagged passthrough
		tagged: 20
	Addresses (max cache: 100, timeout: 240):
		fe:e1:bb:00:00:01@10 vport0 1 flags=0<>
`.split("\n"),
	[],
);

test("the ports of a veb have their VLANs, domains and flags", () => {
	expect(
		apart?.members.map(({ interface: port, untagged, tagged, protected: domains, flags }) => [
			port,
			untagged,
			tagged,
			domains,
			flags.join(),
		]),
	).toEqual([
		["em1", "none", "10,20-30", "1,2", "LEARNING,DISCOVER"],
		["vport0", "10", "", undefined, "LEARNING,DISCOVER"],
		["tap1", "10", "", undefined, "LOCKED"],
		["em2", "passthrough", "20", undefined, "LEARNING,DISCOVER"],
	]);
});

const asShown = `add em1
-untagged em1
tagged em1 10,20-30
protected em1 2,1
add vport0
untagged vport0 10
add tap1
untagged tap1 10
-learn tap1
-discover tap1
locked tap1
add em2
untagged em2 passthrough
tagged em2 20
pvlan 30
pvlan-isolated 30 31
pvlan-community 30 32
pvlan-community 30 33
link1
up
`;

/** A line of the file, another in its place, what is missing of it then, and what netstart is told. */
test.each<readonly [line: string, other: string, missing: readonly string[], lines: string]>([
	["link1", "link1", [], ""],
	["tagged em1 10,20-30", "tagged em1 10\ntagged em1 20-29\ntagged em1 +30", [], ""],
	["tagged em1 10,20-30", "tagged em1 10", ["tagged em1 =10"], "tagged em1 =10\n"],
	["tagged em1 10,20-30", "up", ["tagged em1 none"], "tagged em1 none\n"],
	["untagged vport0 10", "untagged vport0 20", ["untagged vport0 20"], "untagged vport0 20\n"],
	["-untagged em1", "untagged em1 default", ["untagged em1 1"], "untagged em1 1\n"],
	["untagged em2 passthrough", "-untagged em2", ["-untagged em2"], "-untagged em2\n"],
	["link1", "vnetid 7\n-vnetid\nlink1", ["-vnetid"], "-vnetid\n"],
	["pvlan-community 30 33", "pvlan-community 30 34", ["pvlan-community 30 34"], "-pvlan-community 30 33\npvlan-community 30 34\n"],
	["protected em1 2,1", "protected em1 3", ["protected em1 3"], "protected em1 3\n"],
	["locked tap1", "pvptags tap1", ["pvptags tap1"], "pvptags tap1\n"],
	["add tap1", "add tap1\nadd tap9\ntagged tap9 20", ["add tap9"], "add tap9\nuntagged tap9 1\ntagged tap9 20\n"],
])("VLANs by their outcome: %j in place of %j", (line, other, missing, lines) => {
	const live = apart;
	if (live === undefined) throw new Error("veb0");
	const after = asShown.replace(`${line}\n`, `${other}\n`);
	expect(missingOf(live, after, "7.9").map(shownSetting)).toEqual(missing);
	expect(transitionOf(live, asShown, after, () => true, "7.9").lines).toBe(lines);
});

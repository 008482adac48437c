import { describe, expect, test } from "vitest";
import type { HostCode } from "./checks.ts";
import { faultsOf } from "./fixture.ts";

/** Hostname files, each as `name: line; line`. */
const hostname = (...files: string[]): string =>
	files
		.map((file) => {
			const [name = "", text = ""] = file.split(": ");
			return `//- /etc/hostname.${name}\n${text.split("; ").join("\n")}\n`;
		})
		.join("");
/** A guest on a switch. */
const plugged = (bridge: string): string =>
	`//- /etc/vm.conf\nswitch "lan" {\n\tinterface ${bridge}\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n`;
const mygate = (line: string): string => `//- /etc/mygate\n${line}\n`;

/** Cases beside the ones of the tables of all checks: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/missing-member": [
		[hostname("bridge0: add vether0", "em0: up"), "/etc/hostname.bridge0: vether0"],
		// Without the file of any device, those of others may be left out too.
		[hostname("bridge0: add vether0")],
		[hostname("bridge0: add tap9", "em0: up")],
		[hostname("bridge0: add em9")],
		[hostname("trunk0: trunkport trunk1", "em0: up"), "/etc/hostname.trunk0: trunk1"],
		[hostname("vlan1: parent trunk0", "em0: up"), "/etc/hostname.vlan1: trunk0"],
		[hostname("svlan1: parent trunk0", "em0: up"), "/etc/hostname.svlan1: trunk0"],
		[hostname("carp1: carpdev vlan5", "em0: up"), "/etc/hostname.carp1: vlan5"],
		[hostname("pppoe0: pppoedev vlan5", "em0: up"), "/etc/hostname.pppoe0: vlan5"],
		[hostname("vxlan1: parent vlan5", "em0: up")],
		[hostname("trunk0: add vlan5", "em0: up")],
		[hostname("tpmr0: add vlan5", "em0: up"), "/etc/hostname.tpmr0: vlan5"],
		[hostname("vlan1: parent lo0; up", "em0: !ifconfig vlan5 create", "bridge0: add vlan5")],
	],
	"host/tunnel-domain": [
		[hostname("gif0: tunneldomain 5", "em0: up"), "/etc/hostname.gif0: 5"],
		// Without the file of any device, that of one in the domain may be left out too.
		[hostname("gif0: tunneldomain 5")],
		[hostname("gif0: tunneldomain 0", "em0: up")],
		[hostname("gif0: rdomain 5; tunneldomain 5", "em0: up")],
		[hostname("gif0: tunneldomain 5", "em0: up", "em9: rdomain 5")],
		[hostname("gif0: tunneldomain 5", "em0: up", "em9: rdomain 6"), "/etc/hostname.gif0: 5"],
		// netstart starts gif before gre, both behind vport, and mgre, which it does not name, among all others.
		[hostname("gif1: tunneldomain 5", "gif0: rdomain 5")],
		[hostname("gif0: tunneldomain 5", "gif1: rdomain 5"), "/etc/hostname.gif0: 5"],
		[hostname("gre0: tunneldomain 5", "gif9: rdomain 5")],
		[hostname("gif0: tunneldomain 5", "vport9: rdomain 5")],
		[hostname("mgre0: tunneldomain 5", "vport9: rdomain 5"), "/etc/hostname.mgre0: 5"],
		[hostname("gif0: tunneldomain 5", "em0: !route -T 5 add default 192.0.2.1")],
		[hostname("gif0: tunneldomain 5", "em0: !route -T 6 add default 192.0.2.1"), "/etc/hostname.gif0: 5"],
		[hostname("gif0: tunneldomain 5", "em0: !/sbin/ifconfig lo5 create rdomain 5")],
		[hostname("gif0: tunneldomain 5", "em0: !/root/start")],
		[hostname("gif0: tunneldomain 5", "em0: up") + mygate("!route -T 5 add default 192.0.2.1")],
	],
	"host/lower-down": [
		[hostname("bridge0: add em1", "em1: down"), "/etc/hostname.bridge0: em1"],
		// Without the file of any device, that of this one may be left out too; guests depend on it.
		[hostname("bridge0: add em1")],
		[plugged("bridge0") + hostname("bridge0: add em1"), "/etc/hostname.bridge0: em1"],
		[plugged("bridge0") + hostname("bridge0: add vlan1", "vlan1: vnetid 1 parent em1; up"), "/etc/hostname.vlan1: em1"],
		[hostname("bridge0: add em1", "em0: up"), "/etc/hostname.bridge0: em1"],
		// The file of a wireless one has a key in it, and is left out.
		[hostname("trunk0: trunkport em0; trunkport iwm0", "em0: up")],
		[hostname("trunk0: trunkport em0; trunkport iwm0", "em0: up", "iwm0: nwid a"), "/etc/hostname.trunk0: iwm0"],
		[hostname("bridge0: add em1", "em1: inet autoconf")],
		[hostname("bridge0: add em1", "em1: inet6 fd00::1 64")],
		[hostname("bridge0: add em1", "em0: !ifconfig em1 up")],
		[hostname("bridge0: add vether0", "vether0: group a")],
		[hostname("vlan1: vnetid 1 parent vport0", "vport0: group a", "veb0: add vport0"), "/etc/hostname.vlan1: vport0"],
		[hostname("vlan1: vnetid 1 parent vport0", "vport0: up", "veb0: add vport0")],
		[hostname("veb0: add pair0", "pair0: patch pair1", "pair1: patch pair0; up"), "/etc/hostname.veb0: pair0"],
		[hostname("veb0: add vxlan0", "vxlan0: tunnel 192.0.2.1 192.0.2.2"), "/etc/hostname.veb0: vxlan0"],
		[hostname("vlan1: vnetid 1 parent aggr0", "aggr0: trunkport em0; inet 10.0.0.1/24", "em0: up")],
		[hostname("bridge0: add vlan1", "vlan1: vnetid 1 parent em0", "em0: up"), "/etc/hostname.bridge0: vlan1"],
		[hostname("bridge0: add svlan1", "svlan1: vnetid 1 parent em0", "em0: up"), "/etc/hostname.bridge0: svlan1"],
		[hostname("bridge0: add trunk1", "trunk1: trunkport em0", "em0: up"), "/etc/hostname.bridge0: trunk1"],
		[hostname("bridge0: add aggr1", "aggr1: trunkport em0", "em0: up"), "/etc/hostname.bridge0: aggr1"],
		[hostname("bridge0: add vlan1")],
		[hostname("bridge0: add em1", "em0: up", "vlan1: vnetid 1 parent em1", "vlan2: vnetid 2 parent em1"), "/etc/hostname.bridge0: em1"],
	],
	"host/two-bridges": [
		[hostname("bridge0: add em1", "veb0: add em1", "tpmr0: add em1"), "/etc/hostname.tpmr0: em1", "/etc/hostname.veb0: em1"],
		[hostname("bridge0: add em1; add em1")],
		[hostname("bridge0: add em1", "bridge1: addspan em1"), "/etc/hostname.bridge1: em1"],
	],
	"host/trunk-and-bridge": [
		[hostname("aggr0: trunkport em1", "veb0: add em1"), "/etc/hostname.veb0: em1"],
		[hostname("aggr0: trunkport em1", "veb0: add em2")],
	],
	"host/trunk-port-address": [
		[hostname("trunk0: trunkproto failover trunkport em0; inet autoconf", "em0: up")],
		[hostname("trunk0: trunkproto failover trunkport em0; inet autoconf", "em0: inet autoconf"), "/etc/hostname.em0: autoconf"],
		[hostname("aggr0: trunkport em0; up", "em0: inet 10.0.0.1/24"), "/etc/hostname.em0: 10.0.0.1"],
		[hostname("trunk0: trunkport em0", "em0: inet6 autoconf"), "/etc/hostname.em0: autoconf"],
		[hostname("trunk0: trunkport em0; inet 10.0.0.1/24", "em0: up", "em1: inet 10.1.0.1/24")],
	],
	"host/veb-port-address": [
		[hostname("veb0: add vport0", "vport0: inet 10.0.0.1/24")],
		[hostname("bridge0: add em0", "em0: inet 10.0.0.1/24")],
		[hostname("veb0: add em0", "em0: up")],
		[hostname("veb0: add em0", "em0: inet autoconf"), "/etc/hostname.em0: autoconf"],
		[hostname("veb0: add em0", "em0: inet6 autoconf"), "/etc/hostname.em0: autoconf"],
	],
	"host/vether-in-veb": [[hostname("bridge0: add vether0")], [hostname("veb0: add vport0")]],
	"host/vport-in-bridge": [[hostname("veb0: add vport0")], [hostname("tpmr0: add vport0")], [hostname("bridge0: add vether0")]],
	"host/port-without-bridge": [
		[hostname("vether0: up")],
		[hostname("vether0: up", "bridge0: add em1"), "/etc/hostname.vether0: "],
		[hostname("vether0: up", "veb0: add em1")],
		[hostname("vport0: up", "veb0: add em1"), "/etc/hostname.vport0: "],
		[hostname("vether0: up", "bridge0: add vether0")],
		[hostname("vether0: inet 10.0.0.1/24", "vether1: inet 10.1.0.1/24", "bridge0: add vether1")],
		[hostname("vether0: inet 10.0.0.1/24", "bridge0: up", "em0: !ifconfig bridge0 add vether0")],
		[hostname("vether0: inet 10.0.0.1/32; inet alias 10.0.0.2/32", "bridge0: add em1")],
		[hostname("vether0: inet 10.0.0.1/32; inet6 fd00::1 128", "bridge0: add em1")],
		[hostname("vether0: inet 10.0.0.1/32; inet6 fd00::1 64", "bridge0: add em1"), "/etc/hostname.vether0: "],
		[hostname("vether0: inet 10.0.0.1/24", "vlan1: vnetid 1 parent vether0"), "/etc/hostname.vether0: "],
		[`${hostname("vether0: inet 10.0.0.1/24")}//- /etc/rc.conf.local\ndhcpd_flags=vether0\n`, "/etc/hostname.vether0: "],
		[`${hostname("vether0: inet 10.0.0.1/24")}//- /etc/rc.conf.local\ndhcpd_flags=vether0\nvmd_flags=NO\n`, "/etc/hostname.vether0: "],
		// The vm.conf of its guests is elsewhere, and so may their bridge be.
		[`${hostname("vether0: inet 10.0.0.1/24")}//- /etc/rc.conf.local\ndhcpd_flags=vether0\nvmd_flags=\n`],
		[hostname("vlan0: up")],
	],
	"host/address-without-up": [
		[hostname("vport0: inet 10.0.0.1/24; up")],
		[hostname("vport0: inet6 fd00::1 64"), "/etc/hostname.vport0: fd00::1"],
		[hostname("aggr0: trunkport em0; inet 10.0.0.1/24"), "/etc/hostname.aggr0: 10.0.0.1"],
		[hostname("vxlan0: inet 10.0.0.1/24"), "/etc/hostname.vxlan0: 10.0.0.1"],
		// These drivers go up with an address.
		[hostname("vether0: inet 10.0.0.1/24", "em0: inet 10.1.0.1/24", "vlan1: inet 10.2.0.1/24", "trunk0: inet 10.3.0.1/24")],
		[hostname("wg0: inet 10.0.0.1/24", "gif0: inet 10.1.0.1/24", "pair0: inet 10.2.0.1/24", "tun0: inet 10.3.0.1/24")],
		[hostname("vport0: inet autoconf")],
		[hostname("vport0: inet 10.0.0.1/24; down")],
		[hostname("vport0: inet 10.0.0.1/24; !ifconfig $if up")],
		[hostname("vport0: up")],
	],
	"host/same-vlan": [
		[hostname("vlan1: vnetid 10 parent em0", "vlan2: vnetid 010 parent em0"), "/etc/hostname.vlan2: 010"],
		[hostname("vlan1: vnetid 10 parent em0", "vlan2: vnetid 10 parent em1")],
		[hostname("vlan1: vnetid 10 parent em0", "svlan2: vnetid 10 parent em0")],
		[hostname("svlan1: vnetid 10 parent em0", "svlan2: vnetid 10 parent em0"), "/etc/hostname.svlan2: 10"],
		[hostname("vxlan1: vnetid 10 parent em0", "vxlan2: vnetid 10 parent em0")],
		[hostname("vlan1: vnetid 10", "vlan2: vnetid 10")],
		[hostname("vlan1: parent em0", "vlan2: parent em0")],
	],
	"host/vlan-and-parent": [
		[hostname("bridge0: add em1; add svlan1", "svlan1: vnetid 10 parent em1"), "/etc/hostname.bridge0: em1"],
		[hostname("bridge0: add em1; add vxlan1", "vxlan1: vnetid 10 parent em1")],
		[hostname("veb0: add em1; add vlan1", "vlan1: vnetid 10 parent em1"), "/etc/hostname.veb0: em1"],
		[hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1"), "/etc/hostname.bridge0: em1"],
		[hostname("veb0: add em1", "vlan1: vnetid 10 parent em1")],
		[hostname("veb0: link0; add em1", "vlan1: vnetid 10 parent em1"), "/etc/hostname.veb0: em1"],
		[hostname("veb0: link0; add vport1; add em1", "vlan1: vnetid 10 parent vport1")],
		// The vlan is there for the host, for another bridge, or for what stands on it.
		[hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1; inet 10.0.0.1/24")],
		[hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1; inet autoconf")],
		[hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1", "bridge1: add vlan1")],
		[hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1", "pppoe0: pppoedev vlan1")],
		[hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1; !ifconfig $if 10.0.0.1")],
	],
	"host/tag-taken": [
		[plugged("bridge0") + hostname("bridge0: add em1", "svlan1: vnetid 10 parent em1; inet 10.0.0.1/24"), "/etc/hostname.bridge0: em1"],
		[plugged("bridge0") + hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1")],
		[hostname("bridge0: add em1", "vlan1: vnetid 10 parent em1; inet 10.0.0.1/24")],
		[plugged("veb0") + hostname("veb0: add em1", "vlan1: vnetid 10 parent em1; inet 10.0.0.1/24")],
		[plugged("veb0") + hostname("veb0: link0; add vport1", "vlan1: vnetid 10 parent vport1")],
		[plugged("bridge0") + hostname("bridge0: add em1; add vlan1", "vlan1: vnetid 10 parent em1")],
		[plugged("bridge0") + hostname("bridge0: add em1", "carp1: vhid 1 carpdev em1")],
	],
	"host/veb-drops-tags": [
		[hostname("veb0: add vport1", "svlan1: vnetid 10 parent vport1"), "/etc/hostname.veb0: vport1"],
		[hostname("veb0: link1; add vport1", "vlan1: vnetid 10 parent vport1"), "/etc/hostname.veb0: vport1"],
		[hostname("veb0: add em1", "vlan1: vnetid 10 parent em1")],
		[hostname("bridge0: add vether0", "vlan1: vnetid 10 parent vether0")],
		[hostname("veb0: add vport1", "carp1: vhid 1 carpdev vport1")],
	],
	"host/overlapping-networks": [
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.0.2/24"), "/etc/hostname.em1: 10.0.0.2"],
		[hostname("em0: inet 10.0.0.1/8", "em1: inet 10.1.0.2/24"), "/etc/hostname.em1: 10.1.0.2"],
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.0.1/24")],
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.0.2/24; inet alias 10.0.0.3/24"), "/etc/hostname.em1: 10.0.0.2"],
		// Ports of one bridge are on one network.
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.0.2/24", "bridge0: add em0; add em1")],
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.0.2/24", "bridge0: add em0", "bridge1: add em1"), "/etc/hostname.em1: 10.0.0.2"],
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.1.2/24")],
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.0.2/31")],
		[hostname("em0: inet 10.0.0.1/24", "em1: inet 10.0.0.2/30"), "/etc/hostname.em1: 10.0.0.2"],
		[hostname("em0: inet6 fd00::1 64", "em1: inet6 fd00::2 127")],
		[hostname("em0: inet6 fd00::1 64", "em1: inet6 fd00::2 126"), "/etc/hostname.em1: fd00::2"],
		[hostname("em0: rdomain 1; inet 10.0.0.1/24", "em1: rdomain 1; inet 10.0.0.2/24"), "/etc/hostname.em1: 10.0.0.2"],
		[hostname("carp0: inet 10.0.0.1/24", "em1: inet 10.0.0.2/24")],
		[hostname("em0: inet 10.0.0.1/24; inet alias 10.0.0.2/24")],
		[hostname("em0: inet 10.0.0.1", "em1: inet 10.0.0.2/24")],
		[hostname("em0: inet gate 255.0.0.0", "em1: inet 10.0.0.2/24")],
	],
	"host/same-address": [
		[hostname("em0: inet 10.0.0.1/32", "em1: inet 10.0.0.1/24"), "/etc/hostname.em1: 10.0.0.1"],
		[hostname("em0: inet6 fd00::1 64", "em1: inet6 FD00:0::1 64"), "/etc/hostname.em1: FD00:0::1"],
		[hostname("em0: rdomain 1; inet 10.0.0.1/32", "em1: inet 10.0.0.1/32")],
		[hostname("carp0: inet 10.0.0.1/32", "carp1: inet 10.0.0.1/32")],
		[hostname("em0: inet gate 255.0.0.0", "em1: inet gate 255.0.0.0")],
	],
	"host/mygate-ignored": [
		[hostname("em0: inet autoconf") + mygate("192.0.2.1"), "/etc/mygate: 192.0.2.1"],
		[hostname("em0: dhcp") + mygate("192.0.2.1"), "/etc/mygate: 192.0.2.1"],
		[hostname("em0: inet6 autoconf") + mygate("192.0.2.1")],
		[hostname("em0: inet6 autoconf") + mygate("fe80::1%em0"), "/etc/mygate: fe80::1%em0"],
		[hostname("em0: inet autoconf") + mygate("!route add 10/8 192.0.2.1")],
		[hostname("em0: inet 192.0.2.2/24") + mygate("192.0.2.1\n192.0.2.254"), "/etc/mygate: 192.0.2.254"],
		[hostname("em0: inet 192.0.2.2/24") + mygate("192.0.2.1\nfe80::1%em0")],
	],
	"host/mygate-unreachable": [
		[hostname("em0: inet 192.0.2.2/24") + mygate("192.0.3.1"), "/etc/mygate: 192.0.3.1"],
		[hostname("em0: inet 192.0.2.2/24") + mygate("192.0.2.1")],
		[hostname("em0: inet 192.0.2.2/24") + mygate("fd00::1")],
		[hostname("em0: inet 192.0.2.2/24") + mygate("gate")],
		[hostname("em0: inet gate 255.0.0.0") + mygate("192.0.3.1")],
		[hostname("em0: inet 192.0.2.2") + mygate("192.0.3.1")],
		[hostname("em0: up") + mygate("192.0.3.1")],
		[hostname("em0: inet6 fd00::1 64") + mygate("192.0.3.1"), "/etc/mygate: 192.0.3.1"],
		[hostname("em0: inet 192.0.2.2/24", "em1: inet autoconf") + mygate("192.0.3.1")],
	],
	"host/self-parent": [
		[hostname("vlan1: parent vlan1"), "/etc/hostname.vlan1: vlan1"],
		[hostname("trunk0: trunkport em0; trunkport trunk0"), "/etc/hostname.trunk0: trunk0"],
		[hostname("vlan1: parent vlan2")],
	],
	"host/patch-without-peer": [
		[hostname("pair0: patch pair1", "pair1: patch pair2", "pair2: patch pair1"), "/etc/hostname.pair0: pair1"],
		[hostname("pair0: patch pair1", "pair1: up")],
		[hostname("pair0: up")],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files, { release: "7.7" })).toEqual(found);
	});
});

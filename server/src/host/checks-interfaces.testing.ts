/** For tests and docs/diagnostics.md: a host for each check of checks-interfaces.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { interfaceChecks } from "./checks-interfaces.ts";

export const interfaceExamples: ExamplesOf<keyof typeof interfaceChecks> = {
	"host/missing-member": {
		fault: `//- /etc/hostname.bridge0
add vlan10
up
//- /etc/hostname.em1
up
`,
		mended: [["/etc/hostname.vlan10", "", "parent em1\nup\n"]],
	},
	"host/wireless-member": {
		fault: `//- /etc/hostname.iwx0
up
//- /etc/hostname.bridge0
add iwx0
up
`,
		mended: [
			["/etc/hostname.iwx0", "up\n", ""],
			["/etc/hostname.bridge0", "add iwx0\n", ""],
		],
	},
	"host/lower-down": {
		fault: `//- /etc/hostname.bridge0
add em1
up
//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
`,
		mended: [["/etc/hostname.em0", "inet 192.0.2.2 255.255.255.0\n", ""]],
	},
	"host/address-without-up": {
		fault: `//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
`,
		mended: [["/etc/hostname.vport0", "inet 10.50.0.1 255.255.255.0\n", "inet 10.50.0.1 255.255.255.0\nup\n"]],
	},
	"host/two-bridges": {
		fault: `//- /etc/hostname.bridge0
add em1
up
//- /etc/hostname.bridge1
add em1
up
`,
		mended: [["/etc/hostname.bridge1", "add em1\n", ""]],
	},
	"host/trunk-and-bridge": {
		fault: `//- /etc/hostname.trunk0
trunkport em1
up
//- /etc/hostname.bridge0
add em1
up
`,
		mended: [["/etc/hostname.bridge0", "add em1\n", ""]],
	},
	"host/trunk-port-address": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/hostname.trunk0
trunkproto failover trunkport em0
up
`,
		mended: [["/etc/hostname.trunk0", "trunkproto failover trunkport em0\n", ""]],
	},
	"host/veb-port-address": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/hostname.veb0
add em0
up
`,
		mended: [["/etc/hostname.veb0", "add em0\n", ""]],
	},
	"host/vether-in-veb": {
		fault: `//- /etc/hostname.veb0
add vether0
up
`,
		mended: [["/etc/hostname.veb0", "add vether0\n", ""]],
	},
	"host/vport-in-bridge": {
		fault: `//- /etc/hostname.bridge0
add vport0
up
`,
		mended: [["/etc/hostname.bridge0", "add vport0\n", ""]],
	},
	"host/port-without-bridge": {
		fault: `//- /etc/hostname.vport0
up
//- /etc/hostname.veb0
up
`,
		mended: [["/etc/hostname.veb0", "up\n", "add vport0\nup\n"]],
	},
	"host/overlapping-networks": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/hostname.em1
inet 192.0.2.66 255.255.255.192
`,
		mended: [["/etc/hostname.em1", "inet 192.0.2.66 255.255.255.192\n", "rdomain 1\ninet 192.0.2.66 255.255.255.192\n"]],
	},
	"host/same-address": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/hostname.em1
inet 192.0.2.2/32
`,
		mended: [["/etc/hostname.em1", "inet 192.0.2.2/32\n", "inet 192.0.2.3/32\n"]],
	},
	"host/tunnel-domain": {
		fault: `//- /etc/hostname.gif0
tunneldomain 5
up
//- /etc/hostname.wg0
rdomain 5
up
`,
		mended: [["/etc/hostname.wg0", "rdomain 5\nup\n", ""]],
	},
	"host/mygate-ignored": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/mygate
192.0.2.1
`,
		mended: [["/etc/hostname.em0", "inet autoconf\n", "inet 192.0.2.2 255.255.255.0\n"]],
	},
	"host/mygate-unreachable": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/mygate
198.51.100.1
`,
		mended: [["/etc/mygate", "198.51.100.1\n", "192.0.2.1\n"]],
	},
	"host/self-parent": {
		fault: `//- /etc/hostname.aggr0
trunkport aggr0
up
`,
		mended: [
			["/etc/hostname.aggr0", "trunkport aggr0\n", "trunkport em0\n"],
			["/etc/hostname.em0", "", "up\n"],
		],
	},
	"host/patch-without-peer": {
		fault: `//- /etc/hostname.pair0
patch pair1
up
`,
		mended: [["/etc/hostname.pair1", "", "up\n"]],
	},
};

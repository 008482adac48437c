/** For tests and docs/diagnostics.md: a host for each check of checks-veb.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { vebChecks } from "./checks-veb.ts";

export const vebExamples: ExamplesOf<keyof typeof vebChecks> = {
	"host/port-without-vlan": {
		fault: `//- /etc/hostname.tap1
# web01
//- /etc/hostname.tap2
# db01
//- /etc/hostname.vlan20
parent vport0
vnetid 20
up
//- /etc/hostname.veb0
add em1
tagged em1 10,20
add vport0
tagged vport0 20
add tap1
untagged tap1 10
add tap2
-untagged tap2
up
//- /etc/pf.conf
block
`,
		mended: [["/etc/hostname.veb0", "-untagged tap2\n", ""]],
	},
	"host/vlan-of-one-port": {
		fault: `//- /etc/hostname.tap1
# web01
//- /etc/hostname.vlan20
parent vport0
vnetid 20
up
//- /etc/hostname.veb0
add em1
tagged em1 10,20,30
add vport0
tagged vport0 20
add tap1
untagged tap1 10
up
//- /etc/pf.conf
block
`,
		mended: [["/etc/hostname.veb0", "tagged em1 10,20,30\n", "tagged em1 10,20\n"]],
	},
	"host/vlan-without-interface": {
		fault: `//- /etc/hostname.tap1
# web01
//- /etc/hostname.vlan20
parent vport0
vnetid 20
up
//- /etc/hostname.veb0
add em1
tagged em1 10,20,30
add vport0
tagged vport0 20,30
add tap1
untagged tap1 10
up
//- /etc/pf.conf
block
`,
		mended: [
			["/etc/hostname.veb0", "tagged em1 10,20,30\n", "tagged em1 10,20\n"],
			["/etc/hostname.veb0", "tagged vport0 20,30\n", "tagged vport0 20\n"],
		],
	},
	"host/locked-out": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/web01"
	interface tap1 { switch "lan" lladdr fe:e1:bb:d1:00:01 }
}
//- /etc/hostname.em1
up
//- /etc/hostname.tap1
# web01
//- /etc/hostname.vport0
up
//- /etc/hostname.vlan20
parent vport0
vnetid 20
up
//- /etc/hostname.veb0
add em1
tagged em1 10,20
add vport0
tagged vport0 20
add tap1
untagged tap1 10
-learn tap1
-discover tap1
locked tap1
up
`,
		mended: [["/etc/hostname.veb0", "-learn tap1\n-discover tap1\nlocked tap1\n", ""]],
	},
	"host/rule-on-tagged-port": {
		fault: `//- /etc/hostname.tap1
# web01
//- /etc/hostname.vlan20
parent vport0
vnetid 20
up
//- /etc/hostname.veb0
link1
add em1
-untagged em1
tagged em1 10,20
add vport0
tagged vport0 20
add tap1
untagged tap1 10
up
//- /etc/pf.conf
block
pass on { em1 tap1 tap2 vport0 vlan20 }
`,
		mended: [["/etc/pf.conf", "pass on { em1 tap1 tap2 vport0 vlan20 }\n", ""]],
	},
	"host/guest-tags-past-pf": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/web01"
	interface tap1 { switch "lan" lladdr fe:e1:bb:d1:00:01 }
}
vm "db01" {
	disk "/db01"
	interface tap2 { switch "lan" lladdr fe:e1:bb:d1:00:02 }
}
//- /etc/hostname.em1
up
//- /etc/hostname.tap1
# web01
//- /etc/hostname.tap2
# db01
//- /etc/hostname.vport0
up
//- /etc/hostname.vlan20
parent vport0
vnetid 20
up
//- /etc/hostname.veb0
link1
add em1
tagged em1 10,20
add vport0
tagged vport0 20
add tap1
untagged tap1 10
tagged tap1 20
add tap2
untagged tap2 20
up
//- /etc/pf.conf
block
pass on { tap1 tap2 vport0 vlan20 }
`,
		mended: [["/etc/hostname.veb0", "tagged tap1 20\n", ""]],
	},
};

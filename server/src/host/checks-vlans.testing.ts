/** For tests and docs/diagnostics.md: a host for each check of checks-vlans.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { vlanChecks } from "./checks-vlans.ts";

export const vlanExamples: ExamplesOf<keyof typeof vlanChecks> = {
	"host/same-vlan": {
		fault: `//- /etc/hostname.vlan1
vnetid 10 parent em1
up
//- /etc/hostname.vlan2
vnetid 10 parent em1
up
`,
		mended: [["/etc/hostname.vlan2", "vnetid 10 parent em1\n", "vnetid 20 parent em1\n"]],
	},
	"host/vlan-and-parent": {
		fault: `//- /etc/hostname.bridge0
add em1
up
//- /etc/hostname.vlan10
vnetid 10
parent em1
up
`,
		mended: [["/etc/hostname.bridge0", "add em1\n", ""]],
	},
	"host/tag-taken": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lan" }
}
//- /etc/hostname.veb0
link0
add em1
up
//- /etc/hostname.em1
up
//- /etc/hostname.vlan10
vnetid 10
parent em1
inet 10.0.0.1/24
up
`,
		mended: [["/etc/hostname.vlan10", "parent em1\n", "parent em2\n"]],
	},
	"host/veb-drops-tags": {
		fault: `//- /etc/hostname.veb0
add vport1
up
//- /etc/hostname.vport1
up
//- /etc/hostname.vlan10
vnetid 10
parent vport1
up
`,
		mended: [["/etc/hostname.veb0", "add vport1\n", "link0\nadd vport1\n"]],
		release: "7.7",
	},
};

/** For tests and docs/diagnostics.md: a host for each check of checks-reach.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { reachChecks } from "./checks-reach.ts";

export const reachExamples: ExamplesOf<keyof typeof reachChecks> = {
	"host/nat-without-forwarding": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/sysctl.conf
net.inet.ip.forwarding=0
//- /etc/pf.conf
set skip on lo
match out on em0 inet from any nat-to (em0)
pass
`,
		mended: [["/etc/sysctl.conf", "net.inet.ip.forwarding=0\n", "net.inet.ip.forwarding=1\n"]],
	},
	"host/no-uplink": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
up
//- /etc/pf.conf
set skip on lo
match out on em0 inet from 10.50.0.0/24 nat-to (em0)
pass
`,
		mended: [["/etc/hostname.em0", "", "inet autoconf\n"]],
	},
	"host/no-nat": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
up
//- /etc/hostname.em0
inet autoconf
//- /etc/pf.conf
set skip on lo
match out on egress inet from 10.60.0.0/24 nat-to (egress)
pass
`,
		mended: [
			[
				"/etc/pf.conf",
				"match out on egress inet from 10.60.0.0/24 nat-to (egress)\n",
				"match out on egress inet from 10.50.0.0/24 nat-to (egress)\n",
			],
		],
	},
};

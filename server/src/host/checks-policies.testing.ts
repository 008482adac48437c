/** For tests and docs/diagnostics.md: a host for each check of checks-policies.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { policyChecks } from "./checks-policies.ts";

export const policyExamples: ExamplesOf<keyof typeof policyChecks> = {
	"host/anchor-of-other-guest": {
		fault: `//- /etc/vm.conf
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3
}
vm "db01" {
	disk "/var/vm/db01.img"
	interface tap2
}
//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap2 proto tcp to port 80
`,
		mended: [["/etc/pf.vm/web01.conf", "pass out on tap2 proto tcp to port 80\n", "pass out on tap3 proto tcp to port 80\n"]],
	},
	"host/anchor-before-block": {
		fault: `//- /etc/pf.conf
set skip on lo
anchor "vm/*"
block
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
//- /etc/pf.vm/web01.conf
pass on tap3
`,
		mended: [
			["/etc/pf.conf", 'anchor "vm/*"\n', ""],
			["/etc/pf.conf", "block\n", 'block\nanchor "vm/*"\n'],
		],
	},
	"host/load-anchor-glob": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
load anchor "vm/*" from "/etc/pf.vm/*.conf"
//- /etc/pf.vm/web01.conf
pass on tap3
`,
		mended: [["/etc/pf.conf", 'load anchor "vm/*" from "/etc/pf.vm/*.conf"\n', 'load anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n']],
	},
	"host/load-anchor-path": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "a"
load anchor "a" from "/etc/pf.anchors/web01.conf"
//- /etc/pf.anchors/db01.conf
pass
`,
		mended: [["/etc/pf.conf", 'load anchor "a" from "/etc/pf.anchors/web01.conf"\n', 'load anchor "a" from "/etc/pf.anchors/db01.conf"\n']],
	},
	"host/anchor-not-called": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "guests/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
//- /etc/pf.vm/web01.conf
pass on tap3
`,
		mended: [["/etc/pf.conf", 'anchor "guests/*"\n', 'anchor "vm/*"\n']],
	},
	"host/anchor-empty": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
`,
		mended: [
			["/etc/pf.conf", 'anchor "vm/*"\n', 'anchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n'],
			["/etc/pf.vm/web01.conf", "", "pass on tap3\n"],
		],
	},
	"host/guest-without-policy": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
vm "db01" {
	disk "/var/vm/db01.img"
	interface tap2 { switch "lan" }
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
set state-policy if-bound
block in on tap3 proto udp
`,
		mended: [["/etc/pf.conf", "block in on tap3 proto udp\n", "block in on { tap2 tap3 } proto udp\n"]],
	},
	"host/anchor-file-not-loaded": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
load anchor "vm/db01" from "/etc/pf.vm/db01.conf"
//- /etc/pf.vm/db01.conf
pass on tap2
//- /etc/pf.vm/web01.conf
pass on tap3
`,
		mended: [
			[
				"/etc/pf.conf",
				'load anchor "vm/db01" from "/etc/pf.vm/db01.conf"\n',
				'load anchor "vm/db01" from "/etc/pf.vm/db01.conf"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
			],
		],
	},
	"host/address-outside-segment": {
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
set state-policy if-bound
pass
block in on tap3 inet from 10.51.0.20
`,
		mended: [["/etc/pf.conf", "block in on tap3 inet from 10.51.0.20\n", "block in on tap3 inet from 10.50.0.20\n"]],
	},
	"host/anchor-address-differs": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" lladdr 02:00:00:00:00:01 }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	host web01 { hardware ethernet 02:00:00:00:00:01; fixed-address 10.50.0.20; }
}
//- /etc/pf.vm/web01.conf
pass out on tap3 inet proto tcp to 10.50.0.21 port 80
//- /etc/pf.conf
set skip on lo
set state-policy if-bound
block
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
`,
		mended: [
			[
				"/etc/pf.vm/web01.conf",
				"pass out on tap3 inet proto tcp to 10.50.0.21 port 80\n",
				"pass out on tap3 inet proto tcp to 10.50.0.20 port 80\n",
			],
		],
	},
};

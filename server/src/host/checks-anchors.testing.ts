/** For tests and docs/diagnostics.md: a host for each check of checks-anchors.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { anchorChecks } from "./checks-anchors.ts";

export const anchorExamples: ExamplesOf<keyof typeof anchorChecks> = {
	"host/endless-load": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
//- /etc/pf.vm/web01.conf
load anchor "again" from "/etc/pf.vm/web01.conf"
`,
		mended: [["/etc/pf.vm/web01.conf", 'load anchor "again" from "/etc/pf.vm/web01.conf"\n', "pass on tap3\n"]],
	},
	"host/anchor-loaded-twice": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
load anchor "vm/web01" from "/etc/pf.vm/web02.conf"
//- /etc/pf.vm/web01.conf
pass on tap3
//- /etc/pf.vm/web02.conf
pass on tap4
`,
		mended: [
			["/etc/pf.conf", 'load anchor "vm/web01" from "/etc/pf.vm/web02.conf"\n', 'load anchor "vm/web02" from "/etc/pf.vm/web02.conf"\n'],
		],
	},
	"host/anchor-file-of-other-guest": {
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
load anchor "vm/web01" from "/etc/pf.vm/db01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap3 proto tcp to port 80
//- /etc/pf.vm/db01.conf
pass out on tap2 proto tcp to port 3306
`,
		mended: [
			["/etc/pf.conf", 'load anchor "vm/web01" from "/etc/pf.vm/db01.conf"\n', 'load anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n'],
		],
	},
	"host/anchor-without-guest": {
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
load anchor "vm/gone" from "/etc/pf.vm/gone.conf"
//- /etc/pf.vm/web01.conf
pass out on tap3 proto tcp to port 80
//- /etc/pf.vm/gone.conf
pass out on tap1 proto tcp to port 25
`,
		mended: [
			["/etc/pf.conf", 'load anchor "vm/gone" from "/etc/pf.vm/gone.conf"\n', ""],
			["/etc/pf.vm/gone.conf", "pass out on tap1 proto tcp to port 25\n", ""],
		],
	},
	"host/anchor-address-dynamic": {
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
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	range 10.50.0.100 10.50.0.199;
}
//- /etc/pf.vm/web01.conf
pass out on tap3 inet proto tcp to 10.50.0.130 port 80
//- /etc/pf.conf
set skip on lo
set state-policy if-bound
block
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
`,
		mended: [
			["/etc/pf.vm/web01.conf", "pass out on tap3 inet proto tcp to 10.50.0.130 port 80\n", "pass out on tap3 proto tcp to port 80\n"],
		],
	},
	"host/rdr-to-dynamic": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.em1
inet 10.50.0.1/24
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	range 10.50.0.100 10.50.0.199;
}
//- /etc/pf.conf
set skip on lo
block
pass in on em0 inet proto tcp to (em0) port 80 rdr-to 10.50.0.120
`,
		mended: [
			[
				"/etc/pf.conf",
				"pass in on em0 inet proto tcp to (em0) port 80 rdr-to 10.50.0.120\n",
				"pass in on em0 inet proto tcp to (em0) port 80 rdr-to 10.50.0.20\n",
			],
		],
	},
	"host/nat-other-network": {
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
match out on em0 inet from 10.51.0.0/24 nat-to (em0)
block
`,
		mended: [
			["/etc/pf.conf", "match out on em0 inet from 10.51.0.0/24 nat-to (em0)\n", "match out on em0 inet from 10.50.0.0/24 nat-to (em0)\n"],
		],
	},
	"host/nat-on-inner-interface": {
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
match out on vport0 inet from 10.50.0.0/24 nat-to (em0)
block
`,
		mended: [
			[
				"/etc/pf.conf",
				"match out on vport0 inet from 10.50.0.0/24 nat-to (em0)\n",
				"match out on em0 inet from 10.50.0.0/24 nat-to (em0)\n",
			],
		],
	},
	"host/nat-address-at-load": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.em1
inet 10.50.0.1/24
//- /etc/pf.conf
set skip on lo
match out on em0 inet from 10.50.0.0/24 nat-to em0
block
`,
		mended: [
			["/etc/pf.conf", "match out on em0 inet from 10.50.0.0/24 nat-to em0\n", "match out on em0 inet from 10.50.0.0/24 nat-to (em0)\n"],
		],
	},
};

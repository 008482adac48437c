/** For tests and docs/diagnostics.md: a host for each check of checks-filter.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { filterChecks } from "./checks-filter.ts";

export const filterExamples: ExamplesOf<keyof typeof filterChecks> = {
	"host/rule-on-bridge": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.50.0.1/24
up
//- /etc/pf.conf
set skip on lo
pass
pass in on bridge0 proto tcp to port 80
`,
		mended: [["/etc/pf.conf", "pass in on bridge0 proto tcp to port 80\n", "pass in on tap3 proto tcp to port 80\n"]],
	},
	"host/rule-in-on-veb": {
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
pass in on veb0 proto tcp to port 80
`,
		mended: [["/etc/pf.conf", "pass in on veb0 proto tcp to port 80\n", "pass in on tap3 proto tcp to port 80\n"]],
	},
	"host/veb-without-link1": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
up
//- /etc/pf.conf
set skip on lo
set state-policy if-bound
pass
pass out on tap3 proto tcp to port 80
`,
		mended: [["/etc/hostname.veb0", "add vport0\n", "link1\nadd vport0\n"]],
	},
	"host/rule-on-unpinned-tap": {
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
pass out on tap9 proto tcp to port 80
`,
		mended: [["/etc/pf.conf", "pass out on tap9 proto tcp to port 80\n", "pass out on tap3 proto tcp to port 80\n"]],
	},
	"host/tap-address": {
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
pass out on tap3 proto tcp to (tap3) port 80
`,
		mended: [["/etc/pf.conf", "pass out on tap3 proto tcp to (tap3) port 80\n", "pass out on tap3 proto tcp to port 80\n"]],
	},
	"host/interface-without-address": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.em1
up
//- /etc/pf.conf
set skip on lo
block
pass in on em0 proto tcp to port ssh
pass in to (em1)
`,
		mended: [["/etc/hostname.em1", "up\n", "inet 192.0.2.1/24\n"]],
	},
	"host/reversed-direction": {
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
//- /etc/pf.conf
set skip on lo
set state-policy if-bound
pass
pass in on tap3 inet proto tcp to 10.50.0.20 port 80
`,
		mended: [
			["/etc/pf.conf", "pass in on tap3 inet proto tcp to 10.50.0.20 port 80\n", "pass out on tap3 inet proto tcp to 10.50.0.20 port 80\n"],
		],
	},
	"host/routed-past-tap": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.50.0.1/24
up
//- /etc/pf.conf
set skip on lo
pass
pass out on tap3 inet from 192.0.2.0/24
`,
		mended: [["/etc/pf.conf", "pass out on tap3 inet from 192.0.2.0/24\n", "pass out on vether0 inet from 192.0.2.0/24\n"]],
	},
	"host/skip-on-guest": {
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
set skip on tap3
set state-policy if-bound
pass
block in on tap3 proto udp
`,
		mended: [["/etc/pf.conf", "set skip on tap3\n", ""]],
	},
	"host/floating-states": {
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
pass
block in on tap3 proto udp
`,
		mended: [["/etc/pf.conf", "set skip on lo\n", "set skip on lo\nset state-policy if-bound\n"]],
	},
	"host/urpf-on-port": {
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
block in on tap3 from urpf-failed
`,
		mended: [["/etc/pf.conf", "block in on tap3 from urpf-failed\n", "block in on vport0 from urpf-failed\n"]],
	},
	"host/translation-on-port": {
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
pass in on tap3 inet proto tcp to port 80 rdr-to 10.50.0.20
`,
		mended: [
			[
				"/etc/pf.conf",
				"pass in on tap3 inet proto tcp to port 80 rdr-to 10.50.0.20\n",
				"pass in on vport0 inet proto tcp to port 80 rdr-to 10.50.0.20\n",
			],
		],
	},
	"host/synproxy-on-bridge": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.50.0.1/24
up
//- /etc/pf.conf
set skip on lo
pass
pass in on tap3 proto tcp to port 80 synproxy state
`,
		mended: [["/etc/pf.conf", "pass in on tap3 proto tcp to port 80 synproxy state\n", "pass in on tap3 proto tcp to port 80\n"]],
	},
	"host/empty-group": {
		fault: `//- /etc/vm.conf
vm "web01" {
	disk "/var/vm/web01.img"
	interface { group web }
}
//- /etc/hostname.em0
inet autoconf
//- /etc/pf.conf
set skip on lo
block
pass in on wob
`,
		mended: [["/etc/pf.conf", "pass in on wob\n", "pass in on web\n"]],
	},
	"host/rule-on-missing-interface": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.vlan10
vnetid 10 parent em0
inet 10.10.0.1/24
up
//- /etc/pf.conf
set skip on lo
block
pass in on em0 proto tcp to port ssh
pass in on vlan7
`,
		mended: [["/etc/pf.conf", "pass in on vlan7\n", "pass in on vlan10\n"]],
	},
	"host/rule-without-hostname-file": {
		fault: `//- /etc/hostname.igc1
inet autoconf
//- /etc/hostname.igc2
inet 192.0.2.1/24
//- /etc/pf.conf
set skip on lo
block
pass in on igc1 proto tcp to port ssh
pass in on igc22
`,
		mended: [["/etc/pf.conf", "pass in on igc22\n", "pass in on igc2\n"]],
	},
	"host/block-return-on-port": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.50.0.1/24
up
//- /etc/pf.conf
set skip on lo
pass
block return in on tap3 proto udp
`,
		mended: [["/etc/pf.conf", "block return in on tap3 proto udp\n", "block drop in on tap3 proto udp\n"]],
	},
	"host/tags-past-pf": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.veb0
link0
link1
add em1
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
up
//- /etc/hostname.em1
up
//- /etc/pf.conf
set skip on lo
set state-policy if-bound
pass
pass out on tap3 proto tcp to port 80
`,
		mended: [["/etc/hostname.veb0", "link0\n", ""]],
		release: "7.7",
	},
};

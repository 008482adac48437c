/** For tests and docs/diagnostics.md: a host for each check of checks-switches.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { switchChecks } from "./checks-switches.ts";

export const switchExamples: ExamplesOf<keyof typeof switchChecks> = {
	"host/switch-without-file": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
`,
		mended: [["/etc/hostname.veb0", "", "up\n"]],
	},
	"host/switch-rdomain": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
//- /etc/hostname.veb0
rdomain 1
up
`,
		mended: [["/etc/vm.conf", "\tinterface veb0\n", "\tinterface veb0\n\trdomain 1\n"]],
	},
	"host/switch-down": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
	down
}
//- /etc/hostname.veb0
up
`,
		mended: [["/etc/vm.conf", "\tdown\n", ""]],
	},
	"host/guest-lladdr": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lan" lladdr 02:00:00:00:00:01 }
}
//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
lladdr 02:00:00:00:00:01
up
`,
		mended: [["/etc/hostname.vport0", "lladdr 02:00:00:00:00:01\n", ""]],
	},
	"host/description-replaced": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
//- /etc/hostname.veb0
description "guests"
up
`,
		mended: [["/etc/hostname.veb0", 'description "guests"\n', ""]],
	},
	"host/tap-added-early": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.veb0
add tap3
up
`,
		mended: [["/etc/hostname.tap3", "", "# a\n"]],
	},
	"host/tap-without-guest": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lan" }
}
//- /etc/hostname.tap3
# a
`,
		mended: [["/etc/vm.conf", '\tinterface { switch "lan" }\n', '\tinterface tap3 { switch "lan" }\n']],
	},
	"host/tap-in-other-segment": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.veb0
up
//- /etc/hostname.veb1
add tap3
up
//- /etc/hostname.tap3
# a
`,
		mended: [["/etc/hostname.veb1", "add tap3\nup\n", ""]],
	},
	"host/isolated-segment": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lan" }
}
//- /etc/hostname.veb0
up
`,
		mended: [
			["/etc/hostname.veb0", "up\n", "add em1\nup\n"],
			["/etc/hostname.em1", "", "up\n"],
		],
	},
	"host/gateway-without-address": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lan" }
}
//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
up
`,
		mended: [["/etc/hostname.vport0", "up\n", "inet 10.50.0.1 255.255.255.0\nup\n"]],
	},
	"host/local-without-forwarding": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	local interface
}
//- /etc/sysctl.conf
hw.smt=1
`,
		mended: [["/etc/sysctl.conf", "hw.smt=1\n", "hw.smt=1\nnet.inet.ip.forwarding=1\n"]],
	},
	"host/unpinned-tap-in-file": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	interface tap0
}
vm "b" {
	disk "/b"
	interface 
}
//- /etc/hostname.tap0
# a
`,
		mended: [["/etc/vm.conf", "\tinterface \n", ""]],
	},
	"host/locked-random-lladdr": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
	locked lladdr
}
vm "a" {
	disk "/a"
	interface { switch "lan" }
}
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
host a { fixed-address 10.50.0.9; }
}
`,
		mended: [["/etc/vm.conf", '\tinterface { switch "lan" }\n', '\tinterface { switch "lan" lladdr 02:00:00:00:00:01 }\n']],
	},
	"host/include-missing": {
		fault: `//- /etc/vm.conf
include "/etc/vm.d/a.conf"
include "/etc/vm.d/b.conf"
//- /etc/vm.d/a.conf
# a
`,
		mended: [["/etc/vm.conf", 'include "/etc/vm.d/b.conf"\n', ""]],
	},
	"host/file-not-included": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
}
//- /etc/vm.d/b.conf
vm "b" {
	disk "/b"
}
`,
		mended: [["/etc/vm.conf", 'vm "a" {\n', 'include "/etc/vm.d/b.conf"\nvm "a" {\n']],
	},
	"host/many-guests": {
		fault: `//- /openbsd-vnet.json
{ "hosts": [{ "name": "hv1", "root": ".", "portMacLimit": 2 }] }
//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lan" }
}
vm "b" {
	disk "/b"
	interface { switch "lan" }
}
//- /etc/hostname.veb0
add em1
up
//- /etc/hostname.em1
up
`,
		mended: [["/etc/vm.conf", 'vm "b" {\n\tdisk "/b"\n\tinterface { switch "lan" }\n}\n', ""]],
	},
	"host/switch-interface-is-port": {
		fault: `//- /etc/hostname.veb0
add veb1
up
//- /etc/hostname.veb1
up
`,
		mended: [["/etc/hostname.veb0", "add veb1\n", ""]],
	},
	"host/tap-with-address": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.veb0
up
//- /etc/hostname.tap3
inet 10.0.0.1 255.255.255.0
`,
		mended: [["/etc/hostname.tap3", "inet 10.0.0.1 255.255.255.0\n", "# a\n"]],
	},
};

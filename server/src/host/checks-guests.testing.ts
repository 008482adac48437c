/** For tests and docs/diagnostics.md: a host for each check of checks-guests.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { guestChecks } from "./checks-guests.ts";

export const guestExamples: ExamplesOf<keyof typeof guestChecks> = {
	"host/binding-without-port": {
		fault: `//- /etc/hostname.tap3
# web01
//- /etc/hostname.veb1
link1
rule block in on tap3 arp
up
//- /etc/pf.conf
set skip on lo
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
load anchor "vm/db01" from "/etc/pf.vm/db01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap3 inet proto tcp to 10.50.0.20 port 80
//- /etc/pf.vm/db01.conf
pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port 3306
`,
		mended: [["/etc/hostname.veb1", "link1\n", "link1\nadd tap3\n"]],
	},
	"host/binding-lladdr-differs": {
		fault: `//- /etc/vm.conf
switch "isolated" {
	interface veb1
}
vm "web01" {
	disk "/web01"
	interface tap3 { switch "isolated" lladdr fe:e1:bb:d1:00:01 }
}
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
up
//- /etc/hostname.tap3
# web01
//- /etc/hostname.veb1
add vport0
add tap3
static tap3 fe:e1:bb:d1:00:09
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
}
//- /etc/rc.conf.local
dhcpd_flags=vport0
vmd_flags=
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`,
		mended: [["/etc/hostname.veb1", "static tap3 fe:e1:bb:d1:00:09\n", ""]],
	},
	"host/binding-random-lladdr": {
		fault: `//- /etc/vm.conf
switch "isolated" {
	interface veb1
}
vm "web01" {
	disk "/web01"
	interface tap3 { switch "isolated" }
}
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
up
//- /etc/hostname.tap3
# web01
//- /etc/hostname.veb1
add vport0
add tap3
rule pass in on tap3 src fe:e1:bb:d1:00:01 arp sha fe:e1:bb:d1:00:01 spa 10.50.0.20
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
}
//- /etc/rc.conf.local
dhcpd_flags=vport0
vmd_flags=
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`,
		mended: [
			["/etc/vm.conf", '\tinterface tap3 { switch "isolated" }\n', '\tinterface tap3 { switch "isolated" lladdr fe:e1:bb:d1:00:01 }\n'],
		],
	},
	"host/binding-address-differs": {
		fault: `//- /etc/vm.conf
switch "isolated" {
	interface veb1
}
vm "web01" {
	disk "/web01"
	interface tap3 { switch "isolated" lladdr fe:e1:bb:d1:00:01 }
}
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
up
//- /etc/hostname.tap3
# web01
//- /etc/hostname.veb1
add vport0
add tap3
rule pass in on tap3 src fe:e1:bb:d1:00:01 arp sha fe:e1:bb:d1:00:01 spa 10.50.0.21
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	host web01 { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.50.0.20; }
}
//- /etc/rc.conf.local
dhcpd_flags=vport0
vmd_flags=
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`,
		mended: [["/etc/hostname.veb1", "rule pass in on tap3 src fe:e1:bb:d1:00:01 arp sha fe:e1:bb:d1:00:01 spa 10.50.0.21\n", ""]],
	},
	"host/dhcp-same-address": {
		fault: `//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	host web01 { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.50.0.20; }
	host db01 { hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.20; }
}
//- /etc/pf.conf
set skip on lo
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
load anchor "vm/db01" from "/etc/pf.vm/db01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap3 inet proto tcp to 10.50.0.20 port 80
//- /etc/pf.vm/db01.conf
pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port 3306
`,
		mended: [["/etc/dhcpd.conf", "\thost db01 { hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.20; }\n", ""]],
	},
	"host/dhcp-same-ethernet": {
		fault: `//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	host web01 { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.50.0.20; }
	host db01 { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.50.0.30; }
}
//- /etc/pf.conf
set skip on lo
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
load anchor "vm/db01" from "/etc/pf.vm/db01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap3 inet proto tcp to 10.50.0.20 port 80
//- /etc/pf.vm/db01.conf
pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port 3306
`,
		mended: [["/etc/dhcpd.conf", "\thost db01 { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.50.0.30; }\n", ""]],
	},
	"host/dhcp-fixed-is-host": {
		fault: `//- /etc/vm.conf
switch "isolated" {
	interface veb1
}
vm "db01" {
	disk "/db01"
	interface tap2 { switch "isolated" lladdr fe:e1:bb:d1:00:02 }
}
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
up
//- /etc/hostname.veb1
add vport0
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	host db01 { hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.1; }
}
//- /etc/rc.conf.local
dhcpd_flags=vport0
vmd_flags=
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`,
		mended: [["/etc/dhcpd.conf", "\thost db01 { hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.1; }\n", ""]],
	},
	"host/dhcp-netmask-differs": {
		fault: `//- /etc/hostname.vport0
inet 10.50.0.1 255.255.0.0
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
}
`,
		mended: [["/etc/hostname.vport0", "inet 10.50.0.1 255.255.0.0\n", ""]],
	},
	"host/dhcpd-on-uplink": {
		fault: `//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
}
//- /etc/rc.conf.local
dhcpd_flags=vport0
vmd_flags=
//- /etc/pf.conf
set skip on lo
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
load anchor "vm/db01" from "/etc/pf.vm/db01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap3 inet proto tcp to 10.50.0.20 port 80
//- /etc/pf.vm/db01.conf
pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port 3306
//- /etc/mygate
10.50.0.254
`,
		mended: [["/etc/mygate", "10.50.0.254\n", ""]],
	},
	"host/same-lladdr": {
		fault: `//- /etc/hostname.vport0
lladdr fe:e1:bb:d1:00:fe
up
//- /etc/hostname.vport1
lladdr fe:e1:bb:d1:00:fe
up
`,
		mended: [["/etc/hostname.vport1", "lladdr fe:e1:bb:d1:00:fe\nup\n", ""]],
	},
};

/** For tests and docs/diagnostics.md: a host for each check of checks-services.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { serviceChecks } from "./checks-services.ts";

export const serviceExamples: ExamplesOf<keyof typeof serviceChecks> = {
	"host/file-not-read": {
		fault: `//- /etc/hostname.em0 special

`,
	},
	"host/vmd-off": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
}
//- /etc/rc.conf.local
httpd_flags=
`,
		mended: [["/etc/rc.conf.local", "httpd_flags=\n", "httpd_flags=\nvmd_flags=\n"]],
	},
	"host/rc-conf-elsewhere": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/rc.conf.local
httpd_enable=YES
pf_enable=YES
`,
		mended: [["/etc/rc.conf.local", "httpd_enable=YES\npf_enable=YES\n", "httpd_flags=\nmulticast=YES\n"]],
	},
	"host/dhcpd-on-bridge": {
		fault: `//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
up
//- /etc/rc.conf.local
dhcpd_flags=veb0
`,
		mended: [["/etc/rc.conf.local", "dhcpd_flags=veb0\n", "dhcpd_flags=vport0\n"]],
	},
	"host/dhcpd-without-address": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/rc.conf.local
dhcpd_flags=em1
`,
		mended: [["/etc/rc.conf.local", "dhcpd_flags=em1\n", "dhcpd_flags=em0\n"]],
	},
	"host/dhcpd-without-subnet": {
		fault: `//- /etc/hostname.em0
inet 192.0.2.2/24
//- /etc/rc.conf.local
dhcpd_flags=em0
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	range 10.50.0.5 10.50.0.9;
}
`,
		mended: [
			[
				"/etc/dhcpd.conf",
				"subnet 10.50.0.0 netmask 255.255.255.0 {\n\trange 10.50.0.5 10.50.0.9;\n",
				"subnet 192.0.2.0 netmask 255.255.255.0 {\n\trange 192.0.2.5 192.0.2.9;\n",
			],
		],
	},
	"host/dhcpd-two-networks": {
		fault: `//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
inet alias 10.51.0.1 255.255.255.0
up
//- /etc/rc.conf.local
dhcpd_flags=vport0
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
}
subnet 10.51.0.0 netmask 255.255.255.0 {
}
`,
		mended: [
			[
				"/etc/dhcpd.conf",
				"subnet 10.50.0.0 netmask 255.255.255.0 {\n}\nsubnet 10.51.0.0 netmask 255.255.255.0 {\n",
				"shared-network lan {\nsubnet 10.50.0.0 netmask 255.255.255.0 { range 10.50.0.5 10.50.0.9; }\n",
			],
		],
	},
	"host/dhcpd-rdomains": {
		fault: `//- /etc/hostname.em1
inet 10.50.0.1/24
//- /etc/hostname.em2
rdomain 2
inet 10.51.0.1/24
//- /etc/rc.conf.local
dhcpd_flags="em1 em2"
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	range 10.50.0.5 10.50.0.9;
}
subnet 10.51.0.0 netmask 255.255.255.0 {
	range 10.51.0.5 10.51.0.9;
}
`,
		mended: [["/etc/hostname.em1", "inet 10.50.0.1/24\n", "rdomain 2\ninet 10.50.0.1/24\n"]],
	},
	"host/local-without-rad": {
		fault: `//- /etc/vm.conf
local inet6
vm "a" {
	disk "/a"
	local interface 
}
//- /etc/rc.conf.local
vmd_flags=
`,
		mended: [["/etc/rc.conf.local", "vmd_flags=\n", "vmd_flags=\nrad_flags=\n"]],
	},
	"host/dhcpd-off": {
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
inet 10.50.0.1 255.255.255.0
up
//- /etc/rc.conf.local
vmd_flags=
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
}
`,
		mended: [["/etc/rc.conf.local", "vmd_flags=\n", "dhcpd_flags=-l /var/db/leases vport0\n"]],
	},
	"host/dhcp-range": {
		fault: `//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
range 10.50.0.5 10.51.0.9;
}
`,
		mended: [["/etc/dhcpd.conf", "range 10.50.0.5 10.51.0.9;\n", ""]],
	},
	"host/dhcp-fixed-in-range": {
		fault: `//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
range 10.50.0.5 10.50.0.9;
host a { fixed-address 10.50.0.7; }
}
`,
		mended: [["/etc/dhcpd.conf", "host a { fixed-address 10.50.0.7; }\n", ""]],
	},
	"host/dhcp-overlapping-ranges": {
		fault: `//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
range 10.50.0.5 10.50.0.9;
range 10.50.0.9 10.50.0.20;
}
`,
		mended: [["/etc/dhcpd.conf", "range 10.50.0.9 10.50.0.20;\n", ""]],
	},
	"host/dhcp-gateway-in-range": {
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
inet 10.50.0.1 255.255.255.0
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
range 10.50.0.1 10.50.0.9;
}
`,
		mended: [["/etc/dhcpd.conf", "range 10.50.0.1 10.50.0.9;\n", ""]],
	},
	"host/dhcp-routers": {
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
inet 10.50.0.1 255.255.255.0
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
option routers 10.50.0.254;
}
`,
		mended: [["/etc/dhcpd.conf", "option routers 10.50.0.254;\n", ""]],
	},
	"host/dhcp-no-router": {
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
inet 10.50.0.1 255.255.255.0
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
range 10.50.0.5 10.50.0.9;
}
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`,
		mended: [["/etc/dhcpd.conf", "range 10.50.0.5 10.50.0.9;\n", "range 10.50.0.5 10.50.0.9;\n\toption routers 10.50.0.1;\n"]],
	},
	"host/dhcp-unknown-ethernet": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
}
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
host a { hardware ethernet 02:00:00:00:00:01; }
}
`,
		mended: [["/etc/dhcpd.conf", "host a { hardware ethernet 02:00:00:00:00:01; }\n", ""]],
	},
	"host/forwarding-off": {
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
//- /etc/sysctl.conf
net.inet.ip.forwarding=0
`,
		mended: [["/etc/sysctl.conf", "net.inet.ip.forwarding=0\n", "net.inet.ip.forwarding=1\n"]],
	},
	"host/forwarding6-off": {
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
inet6 fd00::1 64
up
//- /etc/hostname.em0
inet6 autoconf
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`,
		mended: [["/etc/sysctl.conf", "net.inet.ip.forwarding=1\n", "net.inet.ip.forwarding=1\nnet.inet6.ip6.forwarding=1\n"]],
	},
	"host/sysctl-words": {
		fault: `//- /etc/sysctl.conf
net.inet.ip.forwarding = 1
`,
		mended: [["/etc/sysctl.conf", "net.inet.ip.forwarding = 1\n", "net.inet.ip.forwarding=1\n"]],
	},
	"host/sysctl-line": {
		fault: `//- /etc/sysctl.conf
  net.inet.ip.forwarding=1
`,
		mended: [["/etc/sysctl.conf", "  net.inet.ip.forwarding=1\n", "net.inet.ip.forwarding=1\n"]],
	},
	"host/sysctl-name": {
		fault: `//- /etc/sysctl.conf
net.inet.ip.forwading=1
`,
		mended: [["/etc/sysctl.conf", "net.inet.ip.forwading=1\n", "net.inet.ip.forwarding=1\nkern.seminfo.semmni=100\n"]],
	},
	"host/dhcp-wrong-segment": {
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
inet 10.50.0.1 255.255.255.0
up
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
host a { hardware ethernet 02:00:00:00:00:01; fixed-address 10.51.0.9; }
}
`,
		mended: [["/etc/dhcpd.conf", "host a { hardware ethernet 02:00:00:00:00:01; fixed-address 10.51.0.9; }\n", ""]],
	},
	"host/pf-off": {
		fault: `//- /etc/rc.conf.local
pf=NO
//- /etc/pf.conf
set skip on lo
block
`,
		mended: [["/etc/rc.conf.local", "pf=NO\n", "pf=YES\n"]],
	},
	"host/file-mode": {
		fault: `//- /etc/pf.conf 0644
set skip on lo
`,
	},
	"host/readable-secret": {
		fault: `//- /etc/hostname.carp0 0644
vhid 1 carpdev em0 pass hunter2
`,
	},
	"host/shadowed-hostname": {
		fault: `//- /etc/hostname.em0.bak
up
`,
	},
};

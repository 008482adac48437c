/** For tests and docs/diagnostics.md: a host for each check of checks-absence.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { absenceChecks } from "./checks-absence.ts";

export const absenceExamples: ExamplesOf<keyof typeof absenceChecks> = {
	"host/no-sysctl-conf": {
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
`,
		mended: [["/etc/sysctl.conf", "", "net.inet.ip.forwarding=1\n"]],
	},
	"host/sysctl-conf-elsewhere": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/mygate
192.0.2.1
//- /etc/pf.conf
set skip on lo
match out on em0 inet nat-to (em0)
block
`,
		mended: [["/etc/sysctl.conf", "", "net.inet.ip.forwarding=1\n"]],
	},
	"host/no-rc-conf-local": {
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
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`,
		mended: [["/etc/rc.conf.local", "", "vmd_flags=\n"]],
	},
	"host/no-dhcpd-conf": {
		fault: `//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
up
//- /etc/rc.conf.local
dhcpd_flags=vport0
`,
		mended: [["/etc/dhcpd.conf", "", "subnet 10.50.0.0 netmask 255.255.255.0 {\n}\n"]],
	},
};

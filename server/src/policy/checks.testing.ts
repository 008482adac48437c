/** For tests and docs/diagnostics.md: a host for each check of packets. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { PacketCode } from "./checks.ts";

export const packetExamples: ExamplesOf<PacketCode> = {
	"host/ssh-locked-out": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
//- /etc/pf.conf
set skip on lo
block all
`,
		mended: [["/etc/pf.conf", "block all\n", "block all\npass in on em0 proto tcp to port ssh\n"]],
	},
	"host/guest-cut-off": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "web01" {
	disk "/web01"
	interface { switch "lan" }
}
//- /etc/hostname.bridge0
add em1
up
//- /etc/hostname.em1
up
//- /etc/pf.conf
set skip on lo
block all
`,
		mended: [["/etc/pf.conf", "block all\n", "block all\npass on { em1 tap }\n"]],
	},
	"host/guests-reach-host": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "db01" {
	disk "/db01"
	interface { switch "lan" }
}
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.50.0.1 255.255.255.0
up
//- /etc/pf.conf
set skip on lo
block all
pass in on vether0
`,
		mended: [["/etc/pf.conf", "pass in on vether0\n", "pass in on vether0 to ! (self)\n"]],
	},
	"host/guest-rule-blocked": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "web01" {
	disk "/web01"
	interface tap3 { switch "lan" }
}
//- /etc/hostname.bridge0
add em1
up
//- /etc/hostname.em1
up
//- /etc/pf.conf
set skip on lo
block all
pass out on tap3 inet proto tcp to 10.10.0.20 port 80
pass in on tap3
pass out on em1
`,
		mended: [["/etc/pf.conf", "pass out on em1\n", "pass on em1\n"]],
	},
	"host/dhcp-blocked": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "db01" {
	disk "/db01"
	interface { switch "lan" }
}
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.50.0.1 255.255.255.0
up
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
}
//- /etc/pf.conf
set skip on lo
block all
pass in on vether0 to ! (self)
`,
		mended: [["/etc/pf.conf", "pass in on vether0 to ! (self)\n", "pass in on vether0 to ! (self)\npass in on tap proto udp to port 67\n"]],
	},
	"host/bridged-dhcp-blocked": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
vm "web01" {
	disk "/web01"
	interface { switch "lan" }
}
//- /etc/hostname.bridge0
add em1
up
//- /etc/hostname.em1
up
//- /etc/pf.conf
set skip on lo
block all
pass on { em1 tap } proto tcp
`,
		mended: [
			[
				"/etc/pf.conf",
				"pass on { em1 tap } proto tcp\n",
				"pass on { em1 tap } proto tcp\npass on { em1 tap } proto udp to port { 67 68 }\n",
			],
		],
	},
	"pf/neighbour-discovery-blocked": {
		fault: `//- /etc/hostname.em0
inet6 autoconf
//- /etc/pf.conf
set skip on lo
block all
`,
		mended: [["/etc/pf.conf", "block all\n", "block all\npass proto icmp6\n"]],
	},
	"host/redirect-blocked": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/pf.conf
set skip on lo
block all
match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20
pass in on em0 proto tcp to port ssh
pass out
`,
		mended: [["/etc/pf.conf", "pass out\n", "pass out\npass in on egress inet to 10.50.0.20\n"]],
	},
	"host/translation-blocked": {
		fault: `//- /etc/pf.conf
set skip on lo
block
match out on em0 inet from 10.50.0.0/24 nat-to (em0)
pass out on em0 inet from 10.50.0.0/24
`,
		mended: [["/etc/pf.conf", "pass out on em0 inet from 10.50.0.0/24\n", ""]],
	},
	"host/redirect-out-to-self": {
		fault: `//- /etc/pf.conf
set skip on lo
pass out on em0 inet proto tcp to port 80 rdr-to 127.0.0.1 port 8080
`,
		mended: [["/etc/pf.conf", "set skip on lo\n", ""]],
	},
	"host/redirect-reflected": {
		fault: `//- /etc/hostname.vether0
inet 10.50.0.1 255.255.255.0
up
//- /etc/pf.conf
set skip on lo
block all
pass out
pass in on vether0 inet proto tcp to em0 port 80 rdr-to 10.50.0.20
`,
		mended: [
			[
				"/etc/pf.conf",
				"pass in on vether0 inet proto tcp to em0 port 80 rdr-to 10.50.0.20\n",
				"pass in on vether0 inet proto tcp to em0 port 80 rdr-to 10.50.0.20\npass out on vether0 inet proto tcp to 10.50.0.20 port 80 received-on vether0 nat-to (vether0)\n",
			],
		],
	},
	"host/martians-hold-network": {
		fault: `//- /etc/hostname.vether0
inet 10.50.0.1 255.255.255.0
up
//- /etc/pf.conf
set skip on lo
table <martians> const { 0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 255.255.255.255 }
block in quick from <martians>
`,
		mended: [["/etc/pf.conf", "block in quick from <martians>\n", ""]],
	},
	"host/martians-hold-nameserver": {
		fault: `//- /etc/hostname.em0
inet 192.168.1.5/24
//- /etc/resolv.conf
nameserver 192.168.1.1 ; the router
//- /etc/pf.conf
set skip on lo
table <martians> const { 0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 255.255.255.255 }
block
pass out
block out quick on em0 to <martians>
`,
		mended: [["/etc/pf.conf", "block out quick on em0 to <martians>\n", "block in quick on em0 to <martians>\n"]],
	},
	"host/martians-hold-uplink": {
		fault: `//- /etc/hostname.em0
inet 192.168.1.5/24
//- /etc/pf.conf
set skip on lo
table <martians> const { 0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 255.255.255.255 }
block in quick on em0 from <martians>
`,
		mended: [
			[
				"/etc/pf.conf",
				"table <martians> const { 0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 255.255.255.255 }\n",
				"table <martians> const { 0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 255.255.255.255 !192.168.1.0/24 }\n",
			],
		],
	},
	"host/uplink-open": {
		fault: `//- /etc/hostname.vether0
inet 10.50.0.1 255.255.255.0
up
//- /etc/hostname.em0
inet autoconf
//- /etc/pf.conf
set skip on lo
block all
pass log quick on em0
`,
		mended: [["/etc/pf.conf", "pass log quick on em0\n", ""]],
	},
	"host/own-address-blocked": {
		fault: `//- /etc/hostname.vether0
inet 10.50.0.1 255.255.255.0
up
//- /etc/pf.conf
antispoof quick for vether0
`,
		mended: [["/etc/pf.conf", "antispoof quick for vether0\n", "set skip on lo\nantispoof quick for vether0\n"]],
	},
	"host/antispoof-on-ports": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "db01" {
	disk "/db01"
	interface { switch "lan" }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
up
//- /etc/pf.conf
set skip on lo
set state-policy if-bound
block all
pass in on { tap vport0 } to ! (self)
antispoof quick for vport0
`,
		mended: [["/etc/pf.conf", "antispoof quick for vport0\n", ""]],
	},
	"host/rule-on-carp": {
		fault: `//- /etc/hostname.carp0
inet 192.0.2.1 255.255.255.0 192.0.2.255 vhid 1 carpdev em0 pass secret
//- /etc/hostname.em0
up
//- /etc/pf.conf
block in
pass in on em0 proto { carp icmp }
pass in on carp0 proto tcp to port ssh
`,
	},
	"host/carp-blocked": {
		fault: `//- /etc/hostname.carp0
inet 192.0.2.1 255.255.255.0 192.0.2.255 vhid 1 carpdev em0 pass secret
//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/pf.conf
block
pass out on em0
pass in on em0 proto tcp to port ssh
`,
	},
	"host/pfsync-blocked": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.em2
inet 10.0.9.1 255.255.255.252
//- /etc/hostname.pfsync0
up syncdev em2
//- /etc/pf.conf
block
pass on em0
`,
	},
};

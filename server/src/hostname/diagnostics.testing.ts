/** For tests and docs/diagnostics.md: hostname files, one for each code. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { HostnameCode } from "./diagnostics.ts";

export const hostnameExamples: ExamplesOf<HostnameCode> = {
	"hostname/unknown-word": {
		fault: `//- /etc/hostname.em0
descripton lan
`,
	},
	"hostname/removed-word": {
		fault: `//- /etc/hostname.em0
tcprecvoffload
`,
	},
	"hostname/newer-word": {
		fault: `//- /etc/hostname.wg0
wgkey AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
wgpeer BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= wgdescr home wgaip 10.8.0.2/32
`,
		mended: [
			[
				"/etc/hostname.wg0",
				"wgpeer BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= wgdescr home wgaip 10.8.0.2/32\n",
				"wgpeer BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= wgaip 10.8.0.2/32\n",
			],
		],
		release: "7.3",
	},
	"hostname/newer-interface": {
		fault: `//- /etc/hostname.rport0
up
`,
		release: "7.5",
	},
	"hostname/missing-argument": {
		fault: `//- /etc/hostname.em0
mtu
`,
	},
	"hostname/value": {
		fault: `//- /etc/hostname.em0
mtu abc
`,
	},
	"hostname/family": {
		fault: `//- /etc/hostname.em0
nwid home
`,
	},
	"hostname/interface": {
		fault: `//- /etc/hostname.vlan10
vnetid 10 parent 10
`,
	},
	"hostname/no-interface": {
		fault: `//- /etc/hostname.em7
up
`,
		facts: { interfaces: [{ name: "em0", groups: [], addresses: [] }] },
	},
	"hostname/order": {
		fault: `//- /etc/hostname.em0
wgaip 10.8.0.2/32
`,
	},
	"hostname/kernel-panic": {
		fault: `//- /etc/hostname.veb0
pvlan 30
pvlan-isolated 30 31
add em1
up
`,
		release: "7.9",
	},
	"hostname/trunk-lacp": {
		fault: `//- /etc/hostname.trunk0
trunkproto lacp
trunkport em0
trunkport em1
inet 192.0.2.2/24
`,
		release: "7.9",
	},
	"hostname/rule": {
		fault: `//- /etc/hostname.em0
rule block in em1
`,
	},
	"hostname/unclosed-quote": {
		fault: `//- /etc/hostname.em0
description it's
`,
	},
	"hostname/missing-newline": {
		fault: `//- /etc/hostname.em0
up`,
	},
	"hostname/columns": {
		fault: `//- /etc/hostname.em0
inet 10.0.0.1 netmask 255.255.255.0
`,
	},
	"hostname/ignored": {
		fault: `//- /etc/hostname.em0
inet
`,
	},
	"hostname/dropped-words": {
		fault: `//- /etc/hostname.em0
dhcp NONE NONE
`,
	},
	"hostname/file-name": {
		fault: `//- /etc/hostname.em0.old
up
`,
		mended: [
			["/etc/hostname.em0.old", "up\n", ""],
			["/etc/hostname.em0", "", "up\n"],
		],
	},
	"hostname/shell": {
		fault: `//- /etc/hostname.em0
up; down
`,
	},
	"hostname/no-effect": {
		fault: `//- /etc/hostname.em0
-group lan
`,
	},
	"hostname/deprecated": {
		fault: `//- /etc/hostname.em0
vlandev em0
`,
	},
	"hostname/broadcast": {
		fault: `//- /etc/hostname.em0
inet 10.0.0.1 255.255.255.0 10.0.1.255
`,
	},
	"hostname/classful-mask": {
		fault: `//- /etc/hostname.em0
inet 10.0.0.1
`,
	},
	"hostname/address-replaced": {
		fault: `//- /etc/hostname.em0
inet 10.0.0.1/24
inet 10.1.0.1/24
`,
	},
	"hostname/silent": {
		fault: `//- /etc/hostname.em0
pppoedev em0
`,
	},
	"hostname/rdomain-after-address": {
		fault: `//- /etc/hostname.em0
inet 10.0.0.1/24
rdomain 1
`,
	},
};

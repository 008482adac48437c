import { describe, expect, test } from "vitest";
import { type Examples, told } from "../text/testing.ts";
import type { Release } from "../text/vocabulary.ts";
import type { HostnameCode } from "./diagnostics.ts";
import { HostnameFile } from "./file.ts";

const names = "em0 em1 vether0 iwm0 pair0".split(" ");
const host = { interfaces: names.map((name) => ({ name, groups: [], addresses: [] })) };

/** For each code files that have the fault, and ones near to it; written as `INTERFACE: text`. */
const table: Examples<HostnameCode, readonly [file: string, told: readonly string[]]> = {
	"hostname/unknown-word": [
		[
			"em0: descripton lan\n",
			[
				'error hostname/unknown-word at "descripton": descripton: bad value | Did you mean description? | Write description => "description lan\\n"',
			],
		],
		["em0: xyzzy\n", ['error hostname/unknown-word at "xyzzy": xyzzy: bad value']],
		["em0: addm em1\n", ['error hostname/unknown-word at "addm": addm: bad value | OpenBSD has add for it. | Write add => "add em1\\n"']],
		[
			"em0: DHCP\n",
			[
				'error hostname/unknown-word at "DHCP": DHCP: bad value | OpenBSD has inet autoconf for it. | Write inet autoconf => "inet autoconf\\n"',
			],
		],
		["bridge0: addd em1\n", ['error hostname/unknown-word at "addd": addd: bad value | Did you mean add? | Write add => "add em1\\n"']],
		["em0: addd em1\n", ['error hostname/unknown-word at "addd": addd: bad value']],
		[
			"bridge0: span em1\n",
			['error hostname/unknown-word at "span": span: bad value | OpenBSD has addspan for it. | Write addspan => "addspan em1\\n"'],
		],
	],
	"hostname/removed-word": [
		[
			"em0: tcprecvoffload\n",
			[
				'warning hostname/removed-word at "tcprecvoffload": tcprecvoffload: bad value | OpenBSD 7.4 removed tcprecvoffload: write tcplro. | Write tcplro => "tcplro\\n"',
			],
		],
		[
			"em0: rtsol\n",
			[
				'warning hostname/removed-word at "rtsol": rtsol: bad value | rtsol is gone: write inet6 autoconf. | Write inet6 autoconf => "inet6 autoconf\\n"',
			],
		],
		[
			"vlan0: vlanprio 3\n",
			[
				'warning hostname/removed-word at "vlanprio": vlanprio: bad value | vlanprio is gone: write txprio. | Write txprio => "txprio 3\\n"',
			],
		],
	],
	"hostname/newer-word": [
		[
			"vxlan0: endpoint 192.0.2.1 fe:e1:ba:d0:00:01\n",
			[
				'error hostname/newer-word at "endpoint": endpoint: bad value | `endpoint` came with OpenBSD 7.5; the ifconfig of 7.3 does not know it.',
			],
		],
		[
			"wg0: wgpeer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= wgdescr a\n",
			[
				'error hostname/newer-word at "wgdescr": wgdescr: bad value | `wgdescr` came with OpenBSD 7.4; the ifconfig of 7.3 does not know it.',
			],
		],
	],
	"hostname/newer-interface": [
		["rport0: up\n", ['warning hostname/newer-interface at "up": rport0 came with OpenBSD 7.6; 7.3 has no such interface']],
		["sec12: up\n\n", ['warning hostname/newer-interface at "up": sec12 came with OpenBSD 7.4; 7.3 has no such interface']],
	],
	"hostname/kernel-panic": [
		[
			"veb0: pvlan 30\npvlan-isolated 30 31\nadd em1\n",
			[
				'error hostname/kernel-panic at "pvlan-isolated": kernel panic: veb0 has no port yet | Write it below the first `add`. | Move it below the first `add` => "pvlan 30\\nadd em1\\npvlan-isolated 30 31\\n"',
			],
		],
		[
			"veb0: pvlan 30\npvlan-community 30 31\n",
			['error hostname/kernel-panic at "pvlan-community": kernel panic: veb0 has no port yet | Write it below the first `add`.'],
		],
	],
	"hostname/trunk-lacp": [
		[
			"trunk0: trunkproto lacp\ntrunkport em0\n",
			[
				'error hostname/trunk-lacp at "lacp": trunk0: SIOCSTRUNK: Protocol not supported | aggr(4) speaks LACP. It needs its own name in the files that name this one. | Write it as aggr0, in a file of its own => ""; /etc/hostname.aggr0: "trunkport em0\\n"',
			],
		],
		[
			"trunk1: trunkport em0 trunkproto lacp lacptimeout fast\n",
			[
				'error hostname/trunk-lacp at "lacp": trunk1: SIOCSTRUNK: Protocol not supported | aggr(4) speaks LACP. It needs its own name in the files that name this one. | Write it as aggr1, in a file of its own => ""; /etc/hostname.aggr1: "trunkport em0 lacptimeout fast\\n"',
			],
		],
		["aggr0: trunkproto lacp\n", []],
	],
	"hostname/missing-argument": [
		["em0: mtu\n", ["error hostname/missing-argument at \"mtu\": 'mtu' requires argument"]],
		["vxlan0: tunnel 192.0.2.1 # a\n", ["error hostname/missing-argument at \"tunnel\": 'tunnel' requires 2 arguments"]],
	],
	"hostname/value": [
		["em0: mtu abc\n", ['error hostname/value at "abc": mtu abc: invalid | A number from 0 to 2147483647.']],
		["em0: priority 16\n", ['error hostname/value at "16": priority 16: too large | A number from 0 to 15.']],
		[
			"trunk0: trunkproto lcap\n",
			['error hostname/value at "lcap": Invalid trunk protocol: lcap | Did you mean lacp? | Write lacp => "trunkproto lacp\\n"'],
		],
		[
			"trunk0: trunkproto xyzzy\n",
			[
				'error hostname/value at "xyzzy": Invalid trunk protocol: xyzzy | One of failover, lacp, loadbalance, roundrobin, broadcast, none, default.',
			],
		],
		["vlan0: txprio 9\n", ['error hostname/value at "9": tx prio 9: too large | A number from 0 to 7, or packet, payload.']],
		["gre0: keepalive 0 1\n", ['error hostname/value at "0": keepalive period 0: too small']],
		["veb0: maxaddr x\n", ['error hostname/value at "x": maxaddr x is: invalid']],
		[
			"em0: lladdr ramdom\n",
			['error hostname/value at "ramdom": malformed link-level address | Did you mean random? | Write random => "lladdr random\\n"'],
		],
		["em0: lladdr 0:1\n", ['error hostname/value at "0:1": malformed link-level address']],
		[
			"iwm0: nwflag hiddenwid\n",
			['error hostname/value at "hiddenwid": Invalid nwflag: hiddenwid | Did you mean hidenwid? | Write hidenwid => "nwflag hidenwid\\n"'],
		],
		[
			"iwm0: mode 11b,\n",
			['error hostname/value at "11b,": unknown IEEE802.11 media mode: 11b, | Did you mean 11b? | Write 11b => "mode 11b\\n"'],
		],
		[
			"em0: description 0123456789012345678901234567890123456789012345678901234567890123\n",
			['error hostname/value at "0123456789012345678901234567890123456789012345678901234567890123": SIOCSIFDESCR: File name too long'],
		],
	],
	"hostname/family": [
		["em0: add em1\n", ['error hostname/family at "add": em0: em1: Inappropriate ioctl for device | em has no add.']],
		[
			"bridge0: inet 10.0.0.1/24\n",
			['error hostname/family at "10.0.0.1/24": SIOCAIFADDR: Inappropriate ioctl for device | bridge has no addresses.'],
		],
		["quux0: inet 10.0.0.1/24\n", ['error hostname/no-interface at "inet 10.0.0.1/24": quux0: SIOCGIFFLAGS: Device not configured']],
		[
			"bridge0: delete em1\n",
			[
				'error hostname/family at "delete": delete removes an address, not a member | Write del. | Write del => "del em1\\n"',
				'error hostname/unknown-word at "em1": em1: bad value',
			],
		],
		[
			"veb0: delete 10.0.0.1\n",
			[
				'error hostname/family at "delete": delete removes an address, not a member | Write del. | Write del => "del 10.0.0.1\\n"',
				'warning hostname/no-effect at "10.0.0.1": SIOCDIFADDR: Can\'t assign requested address | Remove this line => ""',
			],
		],
		[
			"tpmr0: delete em1\n",
			[
				'error hostname/family at "delete": delete removes an address, not a member | Write del. | Write del => "del em1\\n"',
				'error hostname/unknown-word at "em1": em1: bad value',
			],
		],
		["em0: inet 10.0.0.1/24\ndelete 10.0.0.1\n", []],
		["pppoe0: wgport 5\n", ['error hostname/family at "wgport": pppoe0: SIOCSWG: Inappropriate ioctl for device | pppoe has no wgport.']],
	],
	"hostname/interface": [
		[
			"bridge0: add vther0\n",
			[
				'error hostname/interface at "vther0": bridge0: vther0: No such file or directory | Did you mean vether0? | Write vether0 => "add vether0\\n"',
			],
		],
		["bridge0: add zzz9\n", ['error hostname/interface at "zzz9": bridge0: zzz9: No such file or directory']],
		[
			"vlan0: parent em\n",
			['error hostname/interface at "em": vlan0: em: SIOCSIFPARENT: Invalid argument | Did you mean em0? | Write em0 => "parent em0\\n"'],
		],
	],
	"hostname/no-interface": [["em7: up\n", ['error hostname/no-interface at "up": em7: SIOCGIFFLAGS: Device not configured']]],
	"hostname/order": [
		["vxlan0: vnetid 5\nup\n", ['error hostname/order at "up": vxlan0: SIOCSIFFLAGS: Destination address required']],
		["vxlan0: vnetid 5\n!ifconfig vxlan0 tunnel 192.0.2.1 192.0.2.2\nup\n", []],
		["trunk0: lacpmode active\n", ['error hostname/order at "lacpmode": Invalid option for trunk: trunk0']],
		["wg0: inet6 eui64\n", ['error hostname/order at "eui64": could not determine link local address']],
		["em0: inet6 eui64\n", []],
		["bridge0: inet6 eui64\n", ['error hostname/order at "eui64": could not determine link local address']],
	],
	"hostname/rule": [["veb0: rule block in em1\n", ['error hostname/rule at "em1": invalid rule: block in em1 ']]],
	"hostname/unclosed-quote": [
		[
			"em0: description it's\n",
			[
				'error hostname/unclosed-quote at "\'s": no closing quote | The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes. | Put the text into double quotes => "description \\"it\'s\\"\\n"',
			],
		],
		[
			'em0: description "lan\n',
			[
				'error hostname/unclosed-quote at "\\"lan": no closing quote | The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes.',
			],
		],
		[
			"em0: rtlabel it's\n",
			[
				'error hostname/unclosed-quote at "\'s": no closing quote | The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes.',
			],
		],
		[
			"em0: up\nmtu 1400 descr it's\n",
			[
				'error hostname/unclosed-quote at "\'s": no closing quote | The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes.',
			],
		],
	],
	"hostname/missing-newline": [
		[
			"em0: up",
			[
				'error hostname/missing-newline at "up": netstart drops the last line: it has no newline | End the file with a newline. | End the line => "up\\n"',
			],
		],
		[
			"em0: mtu 1400\n descr lan",
			[
				'error hostname/missing-newline at "descr lan": netstart drops the last line: it has no newline | End the file with a newline. | End the line => "mtu 1400\\n descr lan\\n"',
			],
		],
	],
	"hostname/columns": [
		[
			"em0: inet 10.0.0.1 netmask 255.0.0.0\n",
			[
				'error hostname/columns at "netmask": netmask: bad value | netstart writes netmask itself: write the value alone. | Delete netmask => "inet 10.0.0.1 255.0.0.0\\n"',
			],
		],
		[
			"em0: inet 10.0.0.1/24 # lan\n",
			[
				'error hostname/columns at "# lan": \'netmask\' requires argument | netstart takes the comment for the netmask or the broadcast address: write it on a line of its own. | Delete the comment => "inet 10.0.0.1/24\\n"',
			],
		],
		[
			"em0: inet 10.0.0.1/24 mtu 1400\n",
			[
				'error hostname/columns at "mtu": mtu: bad value | netstart takes this word for the netmask or the broadcast address: write options on a line of their own. | Put the options on a line of their own => "inet 10.0.0.1/24\\nmtu 1400\\n"',
			],
		],
		[
			"em0: inet6 fd00::1 prefixlen 64\n",
			[
				'error hostname/columns at "prefixlen": prefix prefixlen: invalid | netstart writes prefixlen itself: write the value alone. | Delete prefixlen => "inet6 fd00::1 64\\n"',
			],
		],
		[
			"em0: inet6 fd00::1 mtu 1400\n",
			[
				'error hostname/columns at "mtu": prefix mtu: invalid | netstart takes this word for the netmask or the broadcast address: write options on a line of their own. | Put the options on a line of their own => "inet6 fd00::1\\nmtu 1400\\n"',
			],
		],
		[
			"em0: inet 10.0.0.1 255.0.0.0 broadcast 10.255.255.255\n",
			[
				'error hostname/columns at "broadcast": broadcast: bad value | netstart writes broadcast itself: write the value alone. | Delete broadcast => "inet 10.0.0.1 255.0.0.0 10.255.255.255\\n"',
			],
		],
		[
			"em0: inet alias 10.0.0.1 netmask 255.0.0.0\n",
			[
				'error hostname/columns at "netmask": netmask: bad value | netstart writes netmask itself: write the value alone. | Delete netmask => "inet alias 10.0.0.1 255.0.0.0\\n"',
			],
		],
		[
			"em0: inet 10.0.0.1 netmask\n",
			['error hostname/columns at "netmask": netmask: bad value | netstart writes netmask itself: write the value alone.'],
		],
		["em0: inet alias\n", []],
		["em0: inet 10.0.0.1 255.0.0.0 NONE mtu x\n", ['error hostname/value at "x": mtu x: invalid | A number from 0 to 2147483647.']],
		["em0: mtu x # a\n", ['error hostname/value at "x": mtu x: invalid | A number from 0 to 2147483647.']],
		["em0: inet6 fd00::1 64 mtu x\n", ['error hostname/value at "x": mtu x: invalid | A number from 0 to 2147483647.']],
		[
			"em0: inet 10.0.0.1 0xff000000 # lan",
			[
				'error hostname/missing-newline at "inet 10.0.0.1 0xff000000 # lan": netstart drops the last line: it has no newline | End the file with a newline. | End the line => "inet 10.0.0.1 0xff000000 # lan\\n"',
				'error hostname/columns at "# lan": \'broadcast\' requires argument | netstart takes the comment for the netmask or the broadcast address: write it on a line of its own. | Delete the comment => "inet 10.0.0.1 0xff000000"',
			],
		],
	],
	"hostname/ignored": [
		["em0: inet\n", ['warning hostname/ignored at "inet": netstart ignores this line | It needs an address. | Remove this line => ""']],
		["em0: inet6\n", ['warning hostname/ignored at "inet6": netstart ignores this line | It needs an address. | Remove this line => ""']],
		[
			"em0: dest 10.0.0.2\n",
			[
				'warning hostname/ignored at "dest 10.0.0.2": netstart ignores this line | It needs one address, and a line with an address before it. | Remove this line => ""',
			],
		],
		[
			"em0: up\ndest\n",
			[
				'warning hostname/ignored at "dest": netstart ignores this line | It needs one address, and a line with an address before it. | Remove this line => "up\\n"',
			],
		],
		[
			"em0: up\n\tinet \n",
			['warning hostname/ignored at "inet ": netstart ignores this line | It needs an address. | Remove this line => "up\\n"'],
		],
	],
	"hostname/dropped-words": [
		[
			"em0: dhcp NONE NONE NONE\n",
			[
				'warning hostname/dropped-words at "NONE NONE NONE": netstart drops what follows dhcp | Remove `NONE NONE NONE` => "dhcp\\n" | unnecessary',
			],
		],
		["em0: dhcp # lan\n", []],
		["em0: \tdhcp \n", []],
	],
	"hostname/file-name": [
		[
			"em0.old: up\n",
			[
				'warning hostname/file-name at "up": netstart does not read /etc/hostname.em0.old | The name must be hostname. with an interface\'s letters and number.',
			],
		],
		[
			"00:1B:21:AB:CD:EF: up\n",
			[
				'warning hostname/file-name at "up": netstart finds no interface for /etc/hostname.00:1B:21:AB:CD:EF | Write the MAC address in lower case.',
			],
		],
		["00:1b:21:ab:cd:ef: up\n", []],
		[
			"em0~: \nup",
			[
				'warning hostname/file-name at "": netstart does not read /etc/hostname.em0~ | The name must be hostname. with an interface\'s letters and number.',
			],
		],
	],
	"hostname/shell": [
		[
			"em0: description a & b\n",
			['warning hostname/shell at "&": The shell ends the command here | Put the text into double quotes => "description \\"a & b\\"\\n"'],
		],
		["em0: up; group x\n", ['warning hostname/shell at "group": group: not found | Put it on a line of its own => "up\\ngroup x\\n"']],
		["em0: up;\n", ['warning hostname/shell at ";": The shell ends the command here | Put it on a line of its own => "up\\n\\n"']],
		[
			"em0: up ;  down ; date\n",
			['warning hostname/shell at "down": down: not found | Put it on a line of its own => "up\\ndown ; date\\n"'],
		],
		[
			"em0: wpakey <the key> up\nup\n",
			[
				'warning hostname/shell at "<the": The shell takes this for the name of a file: ifconfig does not get it | Put the text into double quotes.',
			],
		],
		[
			"em0: nwid a wpakey <key>\n",
			[
				'error hostname/shell at ">": syntax error: `newline\' unexpected | The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes.',
			],
		],
		["em0: !date >/dev/null 2>&1\n", []],
		["em0: up | cat\n", ['warning hostname/shell at "|": The shell ends the command here']],
		["em0: !date; date\n", []],
		[
			"em0: descr 'a\" ; b\n",
			[
				'error hostname/unclosed-quote at "\'a\\" ; b": no closing quote | The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes.',
			],
		],
	],
	"hostname/no-effect": [
		["em0: -group lan\n", ['warning hostname/no-effect at "lan": lan: SIOCDIFGROUP: No such file or directory | Remove this line => ""']],
		[
			"em0: up\n delete 10.0.0.1 \nup\n",
			['warning hostname/no-effect at "10.0.0.1": SIOCDIFADDR: Can\'t assign requested address | Remove this line => "up\\nup\\n"'],
		],
	],
	"hostname/deprecated": [
		[
			"vlan10: vlan 10 parent em1\n",
			[
				'information hostname/deprecated at "vlan": vlan is the old spelling of vnetid | Write vnetid => "vnetid 10 parent em1\\n" | deprecated',
			],
		],
		[
			"vlan10: vnetid 10 vlandev em1\n",
			[
				'information hostname/deprecated at "vlandev": vlandev is the old spelling of parent | Write parent => "vnetid 10 parent em1\\n" | deprecated',
			],
		],
		[
			"em0: inet 10.0.0.1/24\n-alias 10.0.0.1\n",
			[
				'information hostname/deprecated at "-alias": -alias is the old spelling of delete | Write delete => "inet 10.0.0.1/24\\ndelete 10.0.0.1\\n" | deprecated',
			],
		],
		[
			"pfsync0: syncif em1\n",
			[
				'information hostname/deprecated at "syncif": syncif is the old spelling of syncdev | Write syncdev => "syncdev em1\\n" | deprecated',
			],
		],
	],
	"hostname/broadcast": [
		[
			"em1: inet 10.0.0.1 255.255.255.0 10.0.1.255\n",
			[
				'warning hostname/broadcast at "10.0.1.255": 10.0.1.255 is not the broadcast address of this network: that is 10.0.0.255 | Write 10.0.0.255 => "inet 10.0.0.1 255.255.255.0 10.0.0.255\\n"',
			],
		],
		[
			"em1: inet 10.0.0.1/24\ninet alias 10.0.0.2 255.255.255.128 10.0.0.255\n",
			[
				'warning hostname/broadcast at "10.0.0.255": 10.0.0.255 is not the broadcast address of this network: that is 10.0.0.127 | Write 10.0.0.127 => "inet 10.0.0.1/24\\ninet alias 10.0.0.2 255.255.255.128 10.0.0.127\\n"',
			],
		],
		["em1: inet 192.168.1.1 255.255.255.0 192.168.1.255\n", []],
		["em1: inet 192.168.1.1 255.255.255.0 255.255.255.255\n", []],
		["em1: inet 192.168.1.1 255.255.255.0 NONE\n", []],
		["em1: inet 192.168.1.1 255.255.255.254 192.168.1.0\n", []],
		["pppoe0: inet 0.0.0.0 255.255.255.255 0.0.0.1\n", []],
	],
	"hostname/classful-mask": [
		[
			"em1: inet 10.9.0.1\nup\n",
			[
				'warning hostname/classful-mask at "10.9.0.1": Without a netmask, 10.9.0.1 is in the network 10.0.0.0/8 | Write the mask behind it.',
			],
		],
		[
			"em1: inet alias 172.16.0.1\n",
			[
				'warning hostname/classful-mask at "172.16.0.1": Without a netmask, 172.16.0.1 is in the network 172.16.0.0/16 | Write the mask behind it.',
			],
		],
		["em1: inet 192.168.0.1\n", []],
		["em1: inet 10.9.0.1/24\n", []],
		["em1: inet 10.9.0.1 255.255.255.0\n", []],
		["em1: inet 10.9.0.1\ndest 10.9.0.2\n", []],
		["gif0: inet 10.9.0.1\n", []],
		["em1: inet gw.example.org\n", []],
	],
	"hostname/address-replaced": [
		[
			"em1: inet 192.168.1.1 255.255.255.0\ninet 192.168.9.1 255.255.255.0\nup\n",
			[
				'warning hostname/address-replaced at "192.168.9.1": 192.168.9.1 replaces 192.168.1.1: without `alias`, only one of them stays | ifconfig takes the first address away before it adds this one. | see 5: The address that is lost | Write `inet alias 192.168.9.1` => "inet 192.168.1.1 255.255.255.0\\ninet alias 192.168.9.1 255.255.255.0\\nup\\n"',
			],
		],
		[
			"em1: inet alias 10.0.0.2/32\ninet 10.0.0.1/24\n",
			[
				'warning hostname/address-replaced at "10.0.0.1/24": 10.0.0.1 replaces 10.0.0.2: without `alias`, only one of them stays | ifconfig takes the first address away before it adds this one. | see 11: The address that is lost | Write `inet alias 10.0.0.1/24` => "inet alias 10.0.0.2/32\\ninet alias 10.0.0.1/24\\n"',
			],
		],
		["em1: inet 10.0.0.1/24\ninet alias 10.0.0.2/32\ninet alias 10.1.0.1/24\n", []],
		["em1: inet 10.0.0.1/24\ninet 10.0.0.1/16\n", []],
		["em1: inet6 fd00::1 64\ninet6 fd00::2 64\n", []],
		["em1: inet 10.0.0.1/24\ninet6 fd00::2 64\n", []],
		["em1: inet autoconf\ninet 10.0.0.1/24\n", []],
		["em1: inet 10.0.0.1/24\n!ifconfig em1 delete\ninet 10.0.0.2/24\n", []],
		["em1: inet 10.0.0.1/24\n-inet\ninet 10.0.0.2/24\n", []],
		["em1: inet gw.example.org 255.255.255.0\ninet 10.0.0.2/24\n", []],
	],
	"hostname/silent": [
		[
			"em0: pppoedev em1\n",
			['warning hostname/silent at "pppoedev": pppoedev has no effect on em0 | Remove this line => "" | unnecessary'],
		],
		[
			"em0: up pppoesvc a mtu 1400\n",
			['warning hostname/silent at "pppoesvc": pppoesvc has no effect on em0 | Remove `pppoesvc a` => "up mtu 1400\\n" | unnecessary'],
		],
		[
			"em0: mtu 1400 -pppoeac\n",
			['warning hostname/silent at "-pppoeac": -pppoeac has no effect on em0 | Remove `-pppoeac` => "mtu 1400\\n" | unnecessary'],
		],
		["pppoe0: pppoedev em1\n", []],
		["quux0: pppoedev em1\n", ['error hostname/no-interface at "pppoedev em1": quux0: SIOCGIFFLAGS: Device not configured']],
	],
	"hostname/rdomain-after-address": [
		[
			"em0: inet 10.0.0.1/24\nrdomain 1\n",
			[
				'warning hostname/rdomain-after-address at "rdomain": rdomain removes the addresses that are set above | Write it before them. | Move it above the addresses => "rdomain 1\\ninet 10.0.0.1/24\\n"',
			],
		],
		[
			"em0: up\n inet6 fd00::1 64\nrdomain 1 mtu 1400\n",
			['warning hostname/rdomain-after-address at "rdomain": rdomain removes the addresses that are set above | Write it before them.'],
		],
		["em0: rdomain 1\ninet 10.0.0.1/24\n", []],
		["em0: dhcp\nrdomain 1\n", []],
		["em0: !ifconfig em0 10.0.0.1\nrdomain 1\n", []],
		["em0: up\nmtu 1400\nrdomain 1\n", []],
		[
			"em0: 10.0.0.1\n\trdomain 1",
			[
				'warning hostname/rdomain-after-address at "rdomain": rdomain removes the addresses that are set above | Write it before them.',
				'error hostname/missing-newline at "rdomain 1": netstart drops the last line: it has no newline | End the file with a newline. | End the line => "10.0.0.1\\n\\trdomain 1\\n"',
			],
		],
	],
};

function releaseOf(code: string): { readonly release?: Release } {
	if (code.startsWith("hostname/newer")) return { release: "7.3" };
	return ["hostname/kernel-panic", "hostname/trunk-lacp"].includes(code) ? { release: "7.9" } : {};
}

test.each([
	[
		"trunk0",
		"trunkproto lacp\n",
		'warning hostname/trunk-lacp at "lacp": trunk0: SIOCSTRUNK: Protocol not supported | From OpenBSD 7.9 on, aggr(4) alone speaks LACP. It needs its own name in the files that name this one. | Write it as aggr0, in a file of its own => ""; /etc/hostname.aggr0: ""',
	],
	[
		"veb0",
		"pvlan 30\npvlan-isolated 30 31\n",
		'warning hostname/kernel-panic at "pvlan-isolated": kernel panic: veb0 has no port yet | OpenBSD 7.9 crashes here: write it below the first `add`.',
	],
])("what one release does is no error where the release is not known: %s", (name, text, expected) => {
	const found = HostnameFile.parse(text, { path: `/etc/hostname.${name}`, host }).diagnostics();
	expect(found.map((one) => told(text, one))).toEqual([expected]);
});

describe.each(Object.entries(table))("%s", (code, rows) => {
	test.each(rows)("%j", (file, expected) => {
		const [, name = "", text = ""] = /^([^ ]*): ([\s\S]*)$/.exec(file) ?? [];
		const context = { path: `/etc/hostname.${name}`, host, ...releaseOf(code) };
		const found = HostnameFile.parse(text, context).diagnostics();
		expect(found.map((one) => told(text, one))).toEqual(expected);
	});

	test("has an example", () => {
		expect(rows.some(([, lines]) => lines.some((line) => line.includes(` ${code} at `)))).toBe(true);
	});
});

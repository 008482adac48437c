/** What the shell and ifconfig say, by examples: messages.test.ts holds our reading against them, and test/openbsd a real kernel. */
import type { Examples } from "../text/testing.ts";
import type { IfconfigText, KernelText, ShellText } from "./messages.ts";

const key = `${"A".repeat(43)}=`;
const long = (length: number): string => "n".repeat(length);

/** The files are written as `INTERFACE: text`. `at` is what the editor underlines; of a line that says nothing wrong, nothing. */
export type Example = readonly [refused: string, said: string, at: string, accepted: string];

/** The release whose ifconfig is asked: one that has all of the words. */
export const release = "7.9";

/** For each message of the shell a file that brings it about, and the nearest one that does not. */
export const ofShell: Examples<ShellText, Example> = {
	"no closing quote": [
		["em0: description it's", "no closing quote", "'s", "em0: description it\\\\'s"],
		['em0: description "a\\\\"', "no closing quote", '"a\\\\"', 'em0: description "a\\\\""'],
	],
	"syntax error: `{0}' unexpected": [
		["em0: description <key>", "syntax error: `newline' unexpected", ">", "em0: description '<key>'"],
		["em0: !date >; date", "syntax error: `;' unexpected", ">", "em0: !date >/dev/null; date"],
	],
	"{0}: not found": [
		["em0: up; down", "down: not found", "down", "em0: up; date"],
		["em0: up & down", "down: not found", "down", "em0: up group lan"],
	],
};

/** For what becomes of the host a file that brings it about, and the nearest one that does not. */
export const ofKernel: Examples<KernelText, Example> = {
	"kernel panic: {if} has no port yet": [
		[
			"veb0: pvlan 30\npvlan-isolated 30 31\nadd em1",
			"kernel panic: veb0 has no port yet",
			"pvlan-isolated",
			"veb0: pvlan 30\nadd em1\npvlan-isolated 30 31",
		],
		[
			"veb0: pvlan 30\npvlan-community 30 31\nadd em1",
			"kernel panic: veb0 has no port yet",
			"pvlan-community",
			"veb0: add em1\npvlan 30\npvlan-community 30 31",
		],
	],
};

/** For each message of ifconfig a file that brings it about, and the nearest one that does not. */
export const ofIfconfig: Examples<IfconfigText, Example> = {
	"'{0}' requires argument": [["em0: mtu", "'mtu' requires argument", "mtu", "em0: mtu 1400"]],
	"'{0}' requires 2 arguments": [
		["vxlan0: tunnel 192.0.2.1", "'tunnel' requires 2 arguments", "tunnel", "vxlan0: tunnel 192.0.2.1 192.0.2.2"],
	],
	"{if}: SIOCGIFFLAGS: Device not configured": [["em9: up", "em9: SIOCGIFFLAGS: Device not configured", "up", "vlan9: -parent"]],

	"{0}: bad value": [
		["em0: descripton", "descripton: bad value", "descripton", "em0: 192.0.2.1"],
		["em0: 192.0.2.1 192.0.2.2 192.0.2.3", "192.0.2.3: bad value", "192.0.2.3", "em0: 192.0.2.1 192.0.2.2"],
		["em0: 192.0.2.256", "192.0.2.256: bad value", "192.0.2.256", "em0: 192.0.2.255"],
		["em0: 192.0.2.1.1", "192.0.2.1.1: bad value", "192.0.2.1.1", "em0: 192.0.513"],
		["em0: 192.0.65536", "192.0.65536: bad value", "192.0.65536", "em0: 192.0.65535"],
		["em0: 0300.0.0z", "0300.0.0z: bad value", "0300.0.0z", "em0: 0300.0.08"],
		["em0: 192.0.2.1/33", "192.0.2.1/33: bad value", "192.0.2.1/33", "em0: 192.0.2.1/32"],
		["em0: fd00::1", "fd00::1: bad value", "fd00::1", "em0: localhost"],
		["em0: inet 192.0.2.1 255.255.256.0", "255.255.256.0: bad value", "255.255.256.0", "em0: inet 192.0.2.1 0xffffff00"],
		["em0: inet 192.0.2.1 0xffffff00 x", "x: bad value", "x", "em0: inet 192.0.2.1 0xffffff00 NONE"],
		["em0: ipdst x", "x: bad value", "x", "em0: ipdst 192.0.2.2"],
	],
	"{0}: no address associated with name": [
		["em0: inet6 fd00:::1", "fd00:::1: no address associated with name", "fd00:::1", "em0: inet6 fd00::1"],
		["em0: inet6 192.0.2.1", "192.0.2.1: no address associated with name", "192.0.2.1", "em0: inet6 ::192.0.2.1"],
		["em0: inet6 fe80::1%", "fe80::1%: no address associated with name", "fe80::1%", "em0: inet6 fe80::1%em0"],
		["em0: inet6 1:2:3:4:5:6:7", "1:2:3:4:5:6:7: no address associated with name", "1:2:3:4:5:6:7", "em0: inet6 1:2:3:4:5:6:7:8"],
		[
			"em0: inet6 1:2:3:4:5:6:7:8::",
			"1:2:3:4:5:6:7:8::: no address associated with name",
			"1:2:3:4:5:6:7:8::",
			"em0: inet6 1:2:3:4:5:6:7::",
		],
		["em0: inet6 fd00g::", "fd00g::: no address associated with name", "fd00g::", "em0: inet6 fd0f::"],
	],
	"prefix {0}: {1}": [
		["em0: inet6 fd00::1/129", "prefix 129: too large", "fd00::1/129", "em0: inet6 fd00::1/128"],
		["em0: inet6 fd00::1 129", "prefix 129: too large", "129", "em0: inet6 fd00::1 128"],
		["em0: 192.0.2.1 prefixlen 33", "prefix 33: too large", "33", "em0: 192.0.2.1 prefixlen 32"],
		["em0: 192.0.2.1 prefixlen -1", "prefix -1: too small", "-1", "em0: 192.0.2.1 prefixlen 0"],
		["em0: 192.0.2.1 prefixlen x", "prefix x: invalid", "x", "em0: 192.0.2.1 prefixlen 24"],
	],
	"{0}: non-contiguous mask": [
		["em0: inet 192.0.2.1 255.0.255.0", "255.0.255.0: non-contiguous mask", "255.0.255.0", "em0: inet 192.0.2.1 255.0.0.0"],
		["em0: inet 192.0.2.1 0.0.0.1", "0.0.0.1: non-contiguous mask", "0.0.0.1", "em0: inet 192.0.2.1 255.255.255.255"],
	],
	"{0} not allowed for this address family": [
		["em0: pltime 1", "pltime not allowed for this address family", "pltime", "em0: inet6 fd00::1 64 pltime 1"],
		["em0: vltime 1", "vltime not allowed for this address family", "vltime", "em0: inet6 fd00::1 64 pltime 1 vltime 1"],
		["em0: eui64", "eui64 not allowed for this address family", "eui64", "em0: inet6 fd00:: 64 eui64"],
		["em0: temporary", "temporary not allowed for this address family", "temporary", "em0: inet6 autoconf temporary"],
		["em0: -temporary", "temporary not allowed for this address family", "-temporary", "em0: inet6 autoconf -temporary"],
		["em0: anycast pltime 1", "pltime not allowed for this address family", "pltime", "em0: anycast -anycast tentative -tentative"],
	],
	"could not determine link local address": [
		["wg0: inet6 eui64", "could not determine link local address", "eui64", "vether0: inet6 fd00:: 64 eui64"],
		["wg0: inet6 fd00:: 64 eui64", "could not determine link local address", "eui64", "wg0: inet6 fe80::1 64\ninet6 fd00:: 64 eui64"],
	],
	"interface index is already filled": [
		["em0: inet6 fd00::1 64 eui64", "interface index is already filled", "eui64", "em0: inet6 fd00:: 64 eui64"],
		["em0: inet6 1:2:3:4:5:: 64 eui64", "interface index is already filled", "eui64", "em0: inet6 1:2:3:4:: 64 eui64"],
	],
	"invalid pltime {0}: {1}": [["em0: inet6 fd00::1 64 pltime x", "invalid pltime x: invalid", "x", "em0: inet6 fd00::1 64 pltime 0"]],
	"invalid vltime {0}: {1}": [
		["em0: inet6 fd00::1 64 vltime -1", "invalid vltime -1: too small", "-1", "em0: inet6 fd00::1 64 vltime 0 pltime 0"],
	],
	"SIOCDIFADDR: Can't assign requested address": [
		["em0: delete 192.0.2.1", "SIOCDIFADDR: Can't assign requested address", "192.0.2.1", "em0: inet 192.0.2.1/24\ndelete 192.0.2.1"],
		["em0: -alias", "SIOCDIFADDR: Can't assign requested address", "-alias", "em0: inet 192.0.2.1/24\n-alias"],
		["em0: inet 192.0.2.1/24\ndelete\ndelete", "SIOCDIFADDR: Can't assign requested address", "delete", "em0: inet 192.0.2.1/24\ndelete"],
	],
	"SIOCAIFADDR: Inappropriate ioctl for device": [
		["veb0: inet 192.0.2.1/24", "SIOCAIFADDR: Inappropriate ioctl for device", "192.0.2.1/24", "vport0: inet 192.0.2.1/24"],
		["bridge0: inet 192.0.2.1/24", "SIOCAIFADDR: Inappropriate ioctl for device", "192.0.2.1/24", "vether0: inet 192.0.2.1/24"],
		["tpmr0: inet 192.0.2.1/24", "SIOCAIFADDR: Inappropriate ioctl for device", "192.0.2.1/24", "tap0: inet 192.0.2.1/24"],
	],
	"SIOCAIFADDR: Invalid argument": [
		["em0: inet6 fd00::1 64 vltime 1", "SIOCAIFADDR: Invalid argument", "fd00::1", "em0: inet6 fd00::1 64 pltime 1 vltime 1"],
		["em0: inet6 fd00::1 64 pltime 2 vltime 1", "SIOCAIFADDR: Invalid argument", "fd00::1", "em0: inet6 fd00::1 64 pltime 1"],
	],
	"SIOCAIFADDR: Device not configured": [
		["vlan1: inet 192.0.2.1/24", "SIOCAIFADDR: Device not configured", "192.0.2.1/24", "vlan1: vnetid 1 parent em1\ninet 192.0.2.1/24"],
		["svlan1: inet 192.0.2.1/24", "SIOCAIFADDR: Device not configured", "192.0.2.1/24", "vxlan1: inet 192.0.2.1/24"],
	],

	"mtu {0}: {1}": [
		["em0: mtu x", "mtu x: invalid", "x", "em0: mtu 1400"],
		["lo0: mtu 2147483648", "mtu 2147483648: too large", "2147483648", "lo0: mtu 2147483647"],
		["lo0: mtu -1", "mtu -1: too small", "-1", "lo0: mtu 0"],
	],
	"SIOCSIFMTU: Invalid argument": [
		["em0: mtu 45", "SIOCSIFMTU: Invalid argument", "45", "em0: mtu 46"],
		["em0: mtu 65537", "SIOCSIFMTU: Invalid argument", "65537", "em0: mtu 65535"],
		["tun0: mtu 16385", "SIOCSIFMTU: Invalid argument", "16385", "tun0: mtu 16384"],
		["tap0: mtu 16385", "SIOCSIFMTU: Invalid argument", "16385", "tap0: mtu 16384"],
		["tap0: mtu 45", "SIOCSIFMTU: Invalid argument", "45", "tap0: mtu 46"],
		["gif0: mtu 1279", "SIOCSIFMTU: Invalid argument", "1279", "gif0: mtu 1280"],
		["gif0: mtu 8193", "SIOCSIFMTU: Invalid argument", "8193", "gif0: mtu 8192"],
		["wg0: mtu 9001", "SIOCSIFMTU: Invalid argument", "9001", "wg0: mtu 9000"],
		["wg0: mtu 0", "SIOCSIFMTU: Invalid argument", "0", "wg0: mtu 1"],
		["pppoe0: mtu 2049", "SIOCSIFMTU: Invalid argument", "2049", "pppoe0: mtu 1500"],
		["trunk0: mtu 1501", "SIOCSIFMTU: Invalid argument", "1501", "trunk0: mtu 1500"],
		["gre0: mtu 575", "SIOCSIFMTU: Invalid argument", "575", "gre0: mtu 576"],
		["egre0: mtu 575", "SIOCSIFMTU: Invalid argument", "575", "mgre0: mtu 65536"],
	],
	"SIOCSIFMTU: Inappropriate ioctl for device": [
		["veb0: mtu 1400", "SIOCSIFMTU: Inappropriate ioctl for device", "mtu", "vport0: mtu 1400"],
	],
	"metric {0}: {1}": [["em0: metric -1", "metric -1: too small", "-1", "em0: metric 0"]],
	"priority {0}: {1}": [["em0: priority 16", "priority 16: too large", "16", "em0: priority 15"]],
	"llprio {0}: {1}": [["em0: llprio 256", "llprio 256: too large", "256", "em0: llprio 7"]],
	"SIOCSIFLLPRIO: Invalid argument": [["em0: llprio 8", "SIOCSIFLLPRIO: Invalid argument", "8", "em0: llprio 7"]],
	"setifgroup: group name empty": [['em0: group ""', "setifgroup: group name empty", '""', "em0: group a"]],
	"setifgroup: group name too long": [[`em0: group ${long(16)}`, "setifgroup: group name too long", long(16), `em0: group ${long(15)}`]],
	"setifgroup: group names may not end in a digit": [
		["em0: group lan0", "setifgroup: group names may not end in a digit", "lan0", "em0: group 0lan"],
	],
	"unsetifgroup: group name too long": [
		[`em0: -group ${long(16)}`, "unsetifgroup: group name too long", long(16), `em0: group ${long(15)}\n-group ${long(15)}`],
	],
	"{0}: SIOCDIFGROUP: No such file or directory": [
		["em0: -group lan", "lan: SIOCDIFGROUP: No such file or directory", "lan", "em0: group lan\n-group lan"],
		["em0: -group em0", "em0: SIOCDIFGROUP: No such file or directory", "em0", "em0: -group em"],
		["em0: -group all\n-group all", "all: SIOCDIFGROUP: No such file or directory", "all", "em0: -group all"],
	],
	"SIOCSIFDESCR: File name too long": [
		[`em0: description ${long(64)}`, "SIOCSIFDESCR: File name too long", long(64), `em0: description ${long(63)}`],
		[`em0: descr ${"é".repeat(32)}`, "SIOCSIFDESCR: File name too long", "é".repeat(32), `em0: descr ${"é".repeat(31)}`],
		[`em0: descr ${"€".repeat(21)}n`, "SIOCSIFDESCR: File name too long", `${"€".repeat(21)}n`, `em0: descr ${"€".repeat(21)}`],
		[`em0: descr ${"𝕒".repeat(16)}`, "SIOCSIFDESCR: File name too long", "𝕒".repeat(16), `em0: descr ${"𝕒".repeat(15)}nnn`],
	],
	"SIOCSIFRTLABEL: File name too long": [
		[`em0: rtlabel ${long(32)}`, "SIOCSIFRTLABEL: File name too long", long(32), `em0: rtlabel ${long(31)}`],
	],
	"rdomain {0}: {1}": [
		["em0: rdomain 256", "rdomain 256: too large", "256", "em0: rdomain 255"],
		["gif0: tunneldomain 256", "rdomain 256: too large", "256", "gif0: tunneldomain 255"],
	],
	"malformed link-level address": [
		["em0: lladdr 0:1:2:3:4", "malformed link-level address", "0:1:2:3:4", "em0: lladdr 0:1:2:3:4:5"],
		["em0: lladdr 0:1:2:3:4:100", "malformed link-level address", "0:1:2:3:4:100", "em0: lladdr random"],
	],
	"SIOCSIFLLADDR: Invalid argument": [
		["em0: lladdr 1:0:0:0:0:1", "SIOCSIFLLADDR: Invalid argument", "1:0:0:0:0:1", "em0: lladdr 2:0:0:0:0:1"],
	],
	"SIOCSIFLLADDR: Operation not supported by device": [
		["wg0: lladdr random", "SIOCSIFLLADDR: Operation not supported by device", "lladdr", "carp0: lladdr random"],
		["veb0: lladdr 2:0:0:0:0:1", "SIOCSIFLLADDR: Operation not supported by device", "lladdr", "vport0: lladdr 2:0:0:0:0:1"],
		["bridge0: lladdr random", "SIOCSIFLLADDR: Operation not supported by device", "lladdr", "vether0: lladdr random"],
		["tpmr0: lladdr random", "SIOCSIFLLADDR: Operation not supported by device", "lladdr", "tap0: lladdr random"],
	],
	"{if}: SIOCIFCREATE: Invalid argument": [["em0: create", "em0: SIOCIFCREATE: Invalid argument", "create", "vlan0: destroy\ncreate"]],
	"{if}: SIOCIFCREATE: File exists": [
		["vlan0: create", "vlan0: SIOCIFCREATE: File exists", "create", "vlan0: -parent"],
		["bridge0: add em1\ncreate", "bridge0: SIOCIFCREATE: File exists", "create", "bridge0: add em1\ndestroy\ncreate"],
	],
	"{if}: SIOCIFDESTROY: Invalid argument": [["em0: destroy", "em0: SIOCIFDESTROY: Invalid argument", "destroy", "vlan0: destroy"]],
	"{if}: SIOCSIFFLAGS: Destination address required": [
		["vxlan1: vnetid 1\nup", "vxlan1: SIOCSIFFLAGS: Destination address required", "up", "vxlan1: vnetid 1 tunnel 192.0.2.1 192.0.2.2\nup"],
		["egre1: up", "egre1: SIOCSIFFLAGS: Destination address required", "up", "gre1: up"],
		[
			"mgre1: tunneladdr 192.0.2.1\n-tunnel\nup",
			"mgre1: SIOCSIFFLAGS: Destination address required",
			"up",
			"mgre1: tunneladdr 192.0.2.1\nup",
		],
	],
	"{if}: SIOCSIFFLAGS: Device not configured": [
		["vlan1: vnetid 1\nup", "vlan1: SIOCSIFFLAGS: Device not configured", "up", "vlan1: vnetid 1 parent em1\nup"],
		["svlan1: parent em1\n-parent\nup", "svlan1: SIOCSIFFLAGS: Device not configured", "up", "svlan1: parent em1\nup"],
	],

	"{if}: SIOCGIFMEDIA: Inappropriate ioctl for device": [
		["wg0: media autoselect", "wg0: SIOCGIFMEDIA: Inappropriate ioctl for device", "media", "wg0: media"],
		["wg0: mode 11g", "wg0: SIOCGIFMEDIA: Inappropriate ioctl for device", "mode", "iwm0: mode 11g"],
	],
	"only one `{0}' command may be issued": [
		["em0: media 10baseT media 10baseT", "only one `media' command may be issued", "media", "em0: media 10baseT\nmedia 10baseT"],
		["em0: media 10baseT inst 1 instance 1", "only one `instance' command may be issued", "instance", "em0: media 10baseT instance 1"],
	],
	"may not issue `media' after `mode' commands": [
		["iwm0: mode 11g media autoselect", "may not issue `media' after `mode' commands", "media", "iwm0: media autoselect mode 11g"],
	],
	"may not issue `media' after `mediaopt' commands": [
		["em0: mediaopt fdx media 10baseT", "may not issue `media' after `mediaopt' commands", "media", "em0: media 10baseT mediaopt fdx"],
	],
	"must specify `media' before `instance'": [
		["em0: instance 1", "must specify `media' before `instance'", "instance", "em0: media 10baseT instance 1"],
	],
	"may not issue both `media' and `-mediaopt'": [
		["em0: media 10baseT -mediaopt fdx", "may not issue both `media' and `-mediaopt'", "-mediaopt", "em0: -mediaopt fdx"],
	],
	"unknown {0} media subtype: {1}": [
		["em0: media 10baseX", "unknown Ethernet media subtype: 10baseX", "10baseX", "em0: media 10BaseT"],
		["em0: media ofdm54", "unknown Ethernet media subtype: ofdm54", "ofdm54", "iwm0: media OFDM54"],
		["iwm0: media 10baseT", "unknown IEEE802.11 media subtype: 10baseT", "10baseT", "iwm0: media manual"],
	],
	"unknown {0} media mode: {1}": [
		["em0: mode 11g", "unknown Ethernet media mode: 11g", "11g", "em0: mode AUTO"],
		["iwm0: mode 11x", "unknown IEEE802.11 media mode: 11x", "11x", "iwm0: mode 11AC"],
	],
	"unknown {0} media option: {1}": [
		["em0: mediaopt fdx,hostap", "unknown Ethernet media option: hostap", "fdx,hostap", "em0: mediaopt fdx,rxpause"],
		["iwm0: mediaopt rxpause", "unknown IEEE802.11 media option: rxpause", "rxpause", "iwm0: mediaopt hostap,"],
		["em0: -mediaopt x", "unknown Ethernet media option: x", "x", "em0: -mediaopt Full-Duplex"],
	],
	"media instance {0}: {1}": [["em0: media 10baseT inst 256", "media instance 256: too large", "256", "em0: media 10baseT inst 255"]],

	"{if}: {0}: Inappropriate ioctl for device": [["em0: add em1", "em0: em1: Inappropriate ioctl for device", "add", "tpmr0: add em1"]],
	"{if}: ioctl SIOCBRDGADDL {0}: Inappropriate ioctl for device": [
		["em0: addlocal vether0", "em0: ioctl SIOCBRDGADDL vether0: Inappropriate ioctl for device", "addlocal", "bridge0: addlocal vether0"],
	],
	"{if}: ioctl SIOCBRDGGIFFLGS {0}: Inappropriate ioctl for device": [
		["em0: stp em1", "em0: ioctl SIOCBRDGGIFFLGS em1: Inappropriate ioctl for device", "stp", "bridge0: add em1\nstp em1"],
	],
	"{if}: ioctl SIOCBRDGSIFFLGS {0}: Invalid argument": [
		["veb0: add em1\nstp em1", "veb0: ioctl SIOCBRDGSIFFLGS em1: Invalid argument", "stp", "veb0: add em1\n-stp em1"],
	],
	"{if}: {1}: Inappropriate ioctl for device": [
		["em0: ifcost em1 5", "em0: 5: Inappropriate ioctl for device", "ifcost", "bridge0: add em1\nstp em1\nifcost em1 5"],
	],
	"{if}: 0: Inappropriate ioctl for device": [
		["em0: -protected em1", "em0: 0: Inappropriate ioctl for device", "-protected", "bridge0: add em1\n-protected em1"],
	],
	"{if}: Inappropriate ioctl for device": [
		["em0: flush", "em0: Inappropriate ioctl for device", "flush", "veb0: flush"],
		["em0: rule pass on em1", "em0: Inappropriate ioctl for device", "rule", "veb0: add em1\nrule pass on em1"],
	],
	"{if} endpoint {0} {1}: Inappropriate ioctl for device": [
		[
			"em0: endpoint 192.0.2.1 0:1:2:3:4:5",
			"em0 endpoint 192.0.2.1 0:1:2:3:4:5: Inappropriate ioctl for device",
			"endpoint",
			"vxlan0: tunneladdr 192.0.2.9\nendpoint 192.0.2.1 0:1:2:3:4:5",
		],
	],
	"{if} endpoint {0} {1}: Address family not supported by protocol family": [
		[
			"veb0: endpoint 192.0.2.1 0:1:2:3:4:5",
			"veb0 endpoint 192.0.2.1 0:1:2:3:4:5: Address family not supported by protocol family",
			"endpoint",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5",
		],
		[
			"bpe0: endpoint 192.0.2.1 0:1:2:3:4:5",
			"bpe0 endpoint 192.0.2.1 0:1:2:3:4:5: Address family not supported by protocol family",
			"endpoint",
			"bpe0: parent em1",
		],
		[
			"nvgre0: endpoint 192.0.2.1 0:1:2:3:4:5\ntunnel 192.0.2.9 239.0.0.1",
			"nvgre0 endpoint 192.0.2.1 0:1:2:3:4:5: Address family not supported by protocol family",
			"endpoint",
			"nvgre0: tunnel 192.0.2.9 239.0.0.1\nendpoint 192.0.2.1 0:1:2:3:4:5",
		],
	],
	"{if} endpoint {0} {1}: Protocol not available": [
		[
			"vxlan0: endpoint 192.0.2.1 0:1:2:3:4:5\ntunneladdr 192.0.2.9",
			"vxlan0 endpoint 192.0.2.1 0:1:2:3:4:5: Protocol not available",
			"endpoint",
			"vxlan0: tunneladdr 192.0.2.9 endpoint 192.0.2.1 0:1:2:3:4:5",
		],
	],
	"{if} endpoint {0} {1}: Protocol not supported": [
		[
			"vxlan0: tunnel 192.0.2.9 192.0.2.1\nendpoint 192.0.2.1 0:1:2:3:4:5",
			"vxlan0 endpoint 192.0.2.1 0:1:2:3:4:5: Protocol not supported",
			"endpoint",
			"vxlan0: tunnel 192.0.2.9 239.0.0.1\nendpoint 192.0.2.1 0:1:2:3:4:5",
		],
	],
	"{if} endpoint {0} {1}: No such process": [
		[
			"bridge0: endpoint 192.0.2.1 0:1:2:3:4:5",
			"bridge0 endpoint 192.0.2.1 0:1:2:3:4:5: No such process",
			"endpoint",
			"bridge0: add em1\nstatic em1 0:1:2:3:4:5",
		],
	],
	"{if} -endpoint {0}: Inappropriate ioctl for device": [
		[
			"em0: -endpoint 0:1:2:3:4:5",
			"em0 -endpoint 0:1:2:3:4:5: Inappropriate ioctl for device",
			"-endpoint",
			"vxlan0: tunneladdr 192.0.2.9\nendpoint 192.0.2.1 0:1:2:3:4:5\n-endpoint 0:1:2:3:4:5",
		],
	],
	"{if} -endpoint {0}: No such process": [
		[
			"veb0: add em0\n-endpoint 0:1:2:3:4:5",
			"veb0 -endpoint 0:1:2:3:4:5: No such process",
			"0:1:2:3:4:5",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5\n-endpoint 00:01:02:03:04:05",
		],
		[
			"vxlan0: tunneladdr 192.0.2.9\n-endpoint 0:1:2:3:4:5",
			"vxlan0 -endpoint 0:1:2:3:4:5: No such process",
			"0:1:2:3:4:5",
			"vxlan0: tunneladdr 192.0.2.9\nendpoint 192.0.2.1 0:1:2:3:4:5\n-endpoint 0:1:2:3:4:5",
		],
	],
	"{if} -endpoint {0}: No such file or directory": [
		[
			"bridge0: add em0\n-endpoint 0:1:2:3:4:5",
			"bridge0 -endpoint 0:1:2:3:4:5: No such file or directory",
			"0:1:2:3:4:5",
			"bridge0: add em1\nstatic em1 0:1:2:3:4:5\n-endpoint 0:1:2:3:4:5",
		],
	],
	"ioctl(SIOCBRDGGRL): Inappropriate ioctl for device": [
		["em0: rules em1", "ioctl(SIOCBRDGGRL): Inappropriate ioctl for device", "rules", "tpmr0: rules em1"],
	],
	"ioctl(SIOCBRDGGRL): No such file or directory": [
		["bridge0: add em0\nrules em9", "ioctl(SIOCBRDGGRL): No such file or directory", "em9", "bridge0: add em1\nrules em1"],
	],
	"ioctl(SIOCBRDGGRL): No such process": [
		["veb0: add em0\nrules em1", "ioctl(SIOCBRDGGRL): No such process", "em1", "veb0: add em1\nrules em1"],
		["bridge0: add em0\nrules em1", "ioctl(SIOCBRDGGRL): No such process", "em1", "bridge0: add em1\nrules em1"],
	],
	"{if}: {0}: No such file or directory": [
		["bridge0: add em9", "bridge0: em9: No such file or directory", "em9", "bridge0: add em1"],
		["bridge0: add em0\ndel em9", "bridge0: em9: No such file or directory", "em9", "bridge0: add em1\ndel em1"],
		["bridge0: add em0\nflushrule em9", "bridge0: em9: No such file or directory", "em9", "bridge0: add em1\nflushrule em1"],
		["bridge0: addspan em9", "bridge0: em9: No such file or directory", "em9", "bridge0: addspan em1"],
		[
			"bridge0: add em0\ndeladdr 0:1:2:3:4:5",
			"bridge0: 0:1:2:3:4:5: No such file or directory",
			"0:1:2:3:4:5",
			"bridge0: add em1\nstatic em1 0:1:2:3:4:5\ndeladdr 0:1:2:3:4:5",
		],
	],
	"{if}: {0}: No such process": [
		["bridge0: add em0\ndel em1", "bridge0: em1: No such process", "em1", "bridge0: add em1 del em1"],
		["bridge0: add em0\nflushrule em1", "bridge0: em1: No such process", "em1", "bridge0: add em1 flushrule em1"],
		["bridge0: add em0\ndelspan em1", "bridge0: em1: No such process", "em1", "bridge0: addspan em1\ndelspan em1"],
		["veb0: add em0\nflushrule em1", "veb0: em1: No such process", "em1", "veb0: add em1 flushrule em1"],
		["veb0: add em0\ndeladdr 0:1:2:3:4:5", "veb0: 0:1:2:3:4:5: No such process", "0:1:2:3:4:5", "veb0: up\ndeladdr 0:1:2:3:4:5"],
		[
			"veb0: add em1\nstatic em1 0:1:2:3:4:5\nflushall\ndeladdr 0:1:2:3:4:5",
			"veb0: 0:1:2:3:4:5: No such process",
			"0:1:2:3:4:5",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5\nflush\ndeladdr 0:1:2:3:4:5",
		],
		[
			"veb0: add em1\nstatic em1 0:1:2:3:4:5\ndel em1\ndeladdr 0:1:2:3:4:5",
			"veb0: 0:1:2:3:4:5: No such process",
			"0:1:2:3:4:5",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5\ndel em1\n!true\ndeladdr 0:1:2:3:4:5",
		],
	],
	"{if}: {1}: No such file or directory": [
		[
			"bridge0: add em0\nstatic em9 0:1:2:3:4:5",
			"bridge0: 0:1:2:3:4:5: No such file or directory",
			"em9",
			"bridge0: add em1 static em1 0:1:2:3:4:5",
		],
		["bridge0: add em0\nprotected em9 1", "bridge0: 1: No such file or directory", "em9", "bridge0: add em1 protected em1 1"],
	],
	"{if}: 0: No such file or directory": [
		["bridge0: add em0\n-protected em9", "bridge0: 0: No such file or directory", "em9", "bridge0: add em1 -protected em1"],
	],
	"{if}: ioctl SIOCBRDGGIFFLGS {0}: No such file or directory": [
		["bridge0: add em0\nlearn em9", "bridge0: ioctl SIOCBRDGGIFFLGS em9: No such file or directory", "em9", "bridge0: add em1 learn em1"],
	],
	"{if}: {1}: Invalid argument": [
		["bridge0: add em1\nifcost em1 5", "bridge0: 5: Invalid argument", "em1", "bridge0: add em1\nstp em1\nifcost em1 5"],
		["bridge0: add em1\nifpriority em1 5", "bridge0: 5: Invalid argument", "em1", "bridge0: add em1\nstp em1\nifpriority em1 5"],
		[
			"bridge0: add em1\nstp em1\nifpriority em1 241",
			"bridge0: 241: Invalid argument",
			"241",
			"bridge0: add em1\nstp em1\nifpriority em1 240",
		],
		[
			"bridge0: add em1\nstp em1\nifcost em1 200000001",
			"bridge0: 200000001: Invalid argument",
			"200000001",
			"bridge0: add em1\nstp em1\nifcost em1 200000000",
		],
	],
	"{if}: {1}: Address already in use": [
		[
			"veb0: add em1\nadd em0\nstatic em1 0:1:2:3:4:5\nstatic em0 00:01:02:03:04:05",
			"veb0: 00:01:02:03:04:05: Address already in use",
			"00:01:02:03:04:05",
			"veb0: add em1\nadd em0\nstatic em1 0:1:2:3:4:5\nstatic em0 0:1:2:3:4:6",
		],
	],
	"{if}: {1}: Address family not supported by protocol family": [
		[
			"bpe0: static em1 0:1:2:3:4:5",
			"bpe0: 0:1:2:3:4:5: Address family not supported by protocol family",
			"static",
			"bridge0: add em1\nstatic em1 0:1:2:3:4:5",
		],
	],
	"{if}: {1}: Protocol not available": [
		[
			"vxlan0: static em1 0:1:2:3:4:5\ntunneladdr 192.0.2.9",
			"vxlan0: 0:1:2:3:4:5: Protocol not available",
			"static",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5",
		],
	],
	"{if}: {1}: Protocol not supported": [
		[
			"vxlan0: tunnel 192.0.2.9 192.0.2.1\nstatic em1 0:1:2:3:4:5",
			"vxlan0: 0:1:2:3:4:5: Protocol not supported",
			"static",
			"vxlan0: tunnel 192.0.2.9 192.0.2.1",
		],
	],
	"{if}: {0}: Invalid argument": [
		["bridge0: add wg0", "bridge0: wg0: Invalid argument", "wg0", "bridge0: add tap0"],
		["veb0: add em9", "veb0: em9: Invalid argument", "em9", "veb0: add em1"],
		["veb0: add em0\ndel em9", "veb0: em9: Invalid argument", "em9", "veb0: add em1\ndel em1"],
		["veb0: add em0\ndel em1", "veb0: em1: Invalid argument", "em1", "veb0: add em1 del em1"],
	],
	"{if}: {0}: Protocol not supported": [["veb0: add wg0", "veb0: wg0: Protocol not supported", "wg0", "veb0: add vport0"]],
	"only vether can be local interface": [
		["bridge0: addlocal em1", "only vether can be local interface", "em1", "bridge0: addlocal vether0"],
	],
	"{if}: ioctl SIOCBRDGADDL {0}: No such file or directory": [
		["bridge0: addlocal vether9", "bridge0: ioctl SIOCBRDGADDL vether9: No such file or directory", "vether9", "bridge0: addlocal vether0"],
	],
	"{if}: Operation not permitted": [
		["bridge0: hellotime 2", "bridge0: Operation not permitted", "hellotime", "bridge0: proto stp hellotime 2"],
	],
	"{if}: Invalid argument": [
		["bridge0: proto stp hellotime 3", "bridge0: Invalid argument", "3", "bridge0: proto stp hellotime 2"],
		["bridge0: proto stp hellotime 0", "bridge0: Invalid argument", "0", "bridge0: proto stp hellotime 1"],
		["bridge0: timeout 21474837", "bridge0: Invalid argument", "21474837", "bridge0: timeout 0"],
		["bridge0: fwddelay 3", "bridge0: Invalid argument", "3", "bridge0: fwddelay 4"],
		["bridge0: fwddelay 31", "bridge0: Invalid argument", "31", "bridge0: fwddelay 30"],
		["bridge0: maxage 5", "bridge0: Invalid argument", "5", "bridge0: maxage 6"],
		["bridge0: maxage 41", "bridge0: Invalid argument", "41", "bridge0: maxage 40"],
		["bridge0: holdcnt 0", "bridge0: Invalid argument", "0", "bridge0: holdcnt 1"],
		["bridge0: holdcnt 11", "bridge0: Invalid argument", "11", "bridge0: holdcnt 10"],
		["bridge0: spanpriority 61441", "bridge0: Invalid argument", "61441", "bridge0: spanpriority 61440"],
		["veb0: maxaddr 0", "veb0: Invalid argument", "0", "veb0: maxaddr 1"],
		["veb0: maxaddr 4097", "veb0: Invalid argument", "4097", "veb0: maxaddr 4096"],
		["veb0: timeout 7", "veb0: Invalid argument", "7", "veb0: timeout 8"],
		["veb0: timeout 3601", "veb0: Invalid argument", "3601", "bridge0: timeout 3601"],
	],
	"protected domain {0} is: {1}: {2}": [
		["veb0: protected em1 0", "protected domain 0 is: too small: Result too large", "0", "veb0: add em1\nprotected em1 1"],
		["veb0: protected em1 1,32", "protected domain 32 is: too large: Result too large", "1,32", "veb0: add em1\nprotected em1 1,31,"],
		["veb0: protected em1 x", "protected domain x is: invalid: Invalid argument", "x", "veb0: add em1\nprotected em1 2"],
	],
	"Invalid address: {0}": [["veb0: static em1 0:1", "Invalid address: 0:1", "0:1", "veb0: add em1\nstatic em1 0:1:2:3:4:5"]],
	"Invalid address: {0}: Undefined error: 0": [
		["veb0: deladdr 0:1", "Invalid address: 0:1: Undefined error: 0", "0:1", "veb0: up\ndeladdr 0:1:2:3:4:5"],
	],
	"{if} {0} {1}: invalid Ethernet address": [
		[
			"vxlan0: endpoint 192.0.2.1 0:1",
			"vxlan0 endpoint 192.0.2.1 0:1: invalid Ethernet address",
			"0:1",
			"vxlan0: tunneladdr fd00::9\nendpoint fd00::1 0:1:2:3:4:5",
		],
		["vxlan0: -endpoint 0:1", "vxlan0 -endpoint 0:1: invalid Ethernet address", "0:1", "veb0: up\n-endpoint 0:1:2:3:4:5"],
	],
	"{if} endpoint {0}: no address associated with name": [
		[
			"vxlan0: endpoint x 0:1",
			"vxlan0 endpoint x: no address associated with name",
			"x",
			"vxlan0: tunneladdr 192.0.2.9\nendpoint localhost 0:1:2:3:4:5",
		],
	],
	"maxaddr {0} is: {1}": [["veb0: maxaddr 4294967296", "maxaddr 4294967296 is: too large", "4294967296", "bridge0: maxaddr 4294967295"]],
	"timeout {0} is: {1}: {2}": [
		["veb0: timeout 4294967296", "timeout 4294967296 is: too large: Result too large", "4294967296", "bridge0: timeout 21474836"],
		["bridge0: timeout -1", "timeout -1 is: too small: Result too large", "-1", "bridge0: timeout 1"],
		["bridge0: timeout 1m", "timeout 1m is: invalid: Invalid argument", "1m", "bridge0: timeout 60"],
	],
	"hellotime {0} is: {1}": [["bridge0: hellotime 256", "hellotime 256 is: too large", "256", "bridge0: proto stp hellotime 2"]],
	"fwddelay {0} is: {1}": [["bridge0: fwddelay 256", "fwddelay 256 is: too large", "256", "bridge0: fwddelay 30"]],
	"maxage {0} is: {1}": [["bridge0: maxage 256", "maxage 256 is: too large", "256", "bridge0: maxage 40"]],
	"holdcnt {0} is: {1}: {2}": [
		["bridge0: holdcnt 256", "holdcnt 256 is: too large: Result too large", "256", "bridge0: holdcnt 10"],
		["bridge0: holdcnt x", "holdcnt x is: invalid: Invalid argument", "x", "bridge0: holdcnt 1"],
	],
	"spanpriority {0} is: {1}": [["bridge0: spanpriority 65536", "spanpriority 65536 is: too large", "65536", "bridge0: spanpriority 0"]],
	"invalid arg for proto: {0}": [["bridge0: proto mstp", "invalid arg for proto: mstp", "mstp", "bridge0: proto stp"]],
	"ifpriority {0} is: {1}": [
		["bridge0: ifpriority em1 256", "ifpriority 256 is: too large", "256", "bridge0: add em1 stp em1 ifpriority em1 240"],
	],
	"ifcost {0} is: {1}": [
		["bridge0: ifcost em1 4294967296", "ifcost 4294967296 is: too large", "4294967296", "bridge0: add em1 stp em1 ifcost em1 4294967295"],
	],
	"invalid rule": [["veb0: rule", "invalid rule", "rule", "veb0: add em1\nrule block on em1"]],
	"invalid rule: {0}": [
		["veb0: rule drop on em1", "invalid rule: drop on em1 ", "drop", "veb0: add em1\nrule pass on em1"],
		["veb0: rule pass", "invalid rule: pass ", "pass", "veb0: add em1\nrule pass on em1"],
		["veb0: rule pass both on em1", "invalid rule: pass both on em1 ", "both", "veb0: add em1\nrule pass in/out on em1"],
		["veb0: rule pass on", "invalid rule: pass on ", "on", "veb0: add em1\nrule pass in on em1"],
		["veb0: rule pass on em1 src", "invalid rule: pass on em1 src ", "src", "veb0: add em1\nrule pass out on em1 src 0:1:2:3:4:5"],
		[
			"veb0: rule pass on em1 src 0:1:2:3:4:5 src 0:1:2:3:4:5",
			"invalid rule: pass on em1 src 0:1:2:3:4:5 src 0:1:2:3:4:5 ",
			"src",
			"veb0: add em1\nrule pass on em1 src 0:1:2:3:4:5 dst 0:1:2:3:4:5",
		],
		["veb0: rule pass on em1 request", "invalid rule: pass on em1 request ", "request", "veb0: add em1\nrule pass on em1 arp request"],
		[
			"veb0: rule pass on em1 spa 192.0.2.1",
			"invalid rule: pass on em1 spa 192.0.2.1 ",
			"spa",
			"veb0: add em1\nrule pass on em1 rarp spa 192.0.2.1",
		],
		["veb0: rule pass on em1 arp tpa", "invalid rule: pass on em1 arp tpa ", "tpa", "veb0: add em1\nrule pass on em1 arp tpa 192.0.2.1"],
		[
			"veb0: rule pass on em1 sha 0:1:2:3:4:5",
			"invalid rule: pass on em1 sha 0:1:2:3:4:5 ",
			"sha",
			"veb0: add em1\nrule pass on em1 arp reply sha 0:1:2:3:4:5",
		],
		[
			"veb0: rule pass on em1 arp tag a tha 0:1:2:3:4:5",
			"invalid rule: pass on em1 arp tag a tha 0:1:2:3:4:5 ",
			"tha",
			"veb0: add em1\nrule pass on em1 arp tha 0:1:2:3:4:5 tag a",
		],
	],
	"missing tag name": [
		["veb0: rule pass on em1 tag", "missing tag name\ninvalid rule: pass on em1 tag ", "tag", "veb0: add em1\nrule pass on em1 tag a"],
	],
	"tag already defined": [
		[
			"veb0: rule pass on em1 tag a tag b",
			"tag already defined\ninvalid rule: pass on em1 tag a tag b ",
			"tag",
			"veb0: add em1\nrule pass on em1 tag a",
		],
	],
	"tag name '{0}' too long": [
		[
			`veb0: rule pass on em1 tag ${long(65)}`,
			`tag name '${long(65)}' too long\ninvalid rule: pass on em1 tag ${long(65)} `,
			long(65),
			`veb0: add em1\nrule pass on em1 tag ${long(64)}`,
		],
	],
	"invalid address: {0}": [
		["veb0: rule pass on em1 src 0:1", "invalid address: 0:1", "0:1", "veb0: add em1\nrule pass on em1 src 0:1:2:3:4:5"],
		[
			"veb0: rule pass on em1 arp spa 192.0.2.256",
			"invalid address: 192.0.2.256\ninvalid rule: pass on em1 arp spa 192.0.2.256 ",
			"192.0.2.256",
			"veb0: add em1\nrule pass on em1 arp spa 192.0.2.255",
		],
		[
			"veb0: rule pass on em1 arp tpa 255.255.255.255",
			"invalid address: 255.255.255.255\ninvalid rule: pass on em1 arp tpa 255.255.255.255 ",
			"255.255.255.255",
			"veb0: add em1\nrule pass on em1 arp tpa 255.255.255.254",
		],
		[
			"veb0: rule pass on em1 arp sha 0:1",
			"invalid address: 0:1\ninvalid rule: pass on em1 arp sha 0:1 ",
			"0:1",
			"veb0: add em1\nrule pass on em1 arp sha 0:1:2:3:4:5",
		],
	],
	"{if}: No such file or directory": [
		["bridge0: add em0\nrule pass on em9", "bridge0: No such file or directory", "em9", "bridge0: add em1\nrule pass on em1"],
		["bridge0: add em0\n-ifcost em9", "bridge0: No such file or directory", "em9", "bridge0: add em1\nstp em1\n-ifcost em1"],
	],
	"{if}: No such process": [
		["veb0: add em0\nrule pass on em9", "veb0: No such process", "em9", "veb0: add em1\nrule pass on em1"],
		["veb0: add em0\nrule pass on em1", "veb0: No such process", "em1", "veb0: add em1\nrule pass on em1"],
		["bridge0: add em0\nrule pass on em1", "bridge0: No such process", "em1", "bridge0: add em1\nrule pass on em1"],
		["bridge0: add em0\n-ifcost em1", "bridge0: No such process", "em1", "bridge0: add em1\nstp em1\n-ifcost em1"],
	],

	"vnetid {0}: {1}": [["vlan1: vnetid x", "vnetid x: invalid", "x", "vlan1: vnetid 1"]],
	"SIOCSVNETID: Invalid argument": [
		["vlan1: vnetid 0", "SIOCSVNETID: Invalid argument", "0", "vlan1: vnetid 1"],
		["vlan1: vlan 4095", "SIOCSVNETID: Invalid argument", "4095", "vlan1: vlan 4094"],
		["vlan1: vnetid any", "SIOCSVNETID: Invalid argument", "any", "vlan1: vnetid 4094"],
		["svlan1: vnetid 4095", "SIOCSVNETID: Invalid argument", "4095", "svlan1: vnetid 4094"],
		["vxlan1: vnetid 16777216", "SIOCSVNETID: Invalid argument", "16777216", "vxlan1: vnetid 16777215"],
		["nvgre1: vnetid 16777216", "SIOCSVNETID: Invalid argument", "16777216", "nvgre1: vnetid 16777215"],
		["bpe1: vnetid 16777216", "SIOCSVNETID: Invalid argument", "16777216", "bpe1: vnetid 16777215"],
		["eoip1: vnetid 65536", "SIOCSVNETID: Invalid argument", "65536", "eoip1: vnetid 65535"],
		["gre1: vnetid 4294967296", "SIOCSVNETID: Invalid argument", "4294967296", "gre1: vnetid 4294967295"],
		["mgre1: vnetid 4294967296", "SIOCSVNETID: Invalid argument", "4294967296", "mgre1: vnetid 4294967295"],
		["egre1: vnetid 4294967296", "SIOCSVNETID: Invalid argument", "4294967296", "egre1: vnetid 4294967295"],
		["gre1: vnetid 1 vnetflowid vnetid 16777216", "SIOCSVNETID: Invalid argument", "16777216", "gre1: vnetid 1 vnetflowid vnetid 16777215"],
		["nvgre1: vnetid any", "SIOCSVNETID: Invalid argument", "any", "nvgre1: vnetid 5"],
		["mgre1: vnetid any", "SIOCSVNETID: Invalid argument", "any", "mgre1: vnetid 5"],
		["vxlan1: vnetid any", "SIOCSVNETID: Invalid argument", "any", "vxlan1: vnetid 5"],
	],
	"SIOCSVNETID: Inappropriate ioctl for device": [
		["em0: vnetid 1", "SIOCSVNETID: Inappropriate ioctl for device", "vnetid", "vlan0: vnetid 1"],
	],
	"SIOCDVNETID: Inappropriate ioctl for device": [
		["em0: -vnetid", "SIOCDVNETID: Inappropriate ioctl for device", "-vnetid", "vlan0: -vnetid"],
	],
	"{if}: {0}: SIOCSIFPARENT: Inappropriate ioctl for device": [
		["em0: parent em1", "em0: em1: SIOCSIFPARENT: Inappropriate ioctl for device", "parent", "bpe0: parent em1"],
	],
	"SIOCDIFPARENT: Inappropriate ioctl for device": [
		["em0: -parent", "SIOCDIFPARENT: Inappropriate ioctl for device", "-parent", "bpe0: -parent"],
	],
	"{if}: {0}: SIOCSIFPARENT: Invalid argument": [
		["vlan1: parent em9", "vlan1: em9: SIOCSIFPARENT: Invalid argument", "em9", "vlan1: parent em1"],
	],
	"{if}: {0}: SIOCSIFPARENT: Protocol not supported": [
		["vlan1: parent wg0", "vlan1: wg0: SIOCSIFPARENT: Protocol not supported", "wg0", "vlan1: parent tap0"],
	],
	"{if}: {0}: SIOCSIFPARENT: Device busy": [
		["vlan1: parent em1\nup\nparent em0", "vlan1: em0: SIOCSIFPARENT: Device busy", "em0", "vlan1: parent em1\nup\ndown\nparent em0"],
	],
	"tx prio {0}: {1}": [["vlan1: txprio 8", "tx prio 8: too large", "8", "vlan1: txprio packet"]],
	"SIOCSTXHPRIO: Inappropriate ioctl for device": [
		["em0: txprio 1", "SIOCSTXHPRIO: Inappropriate ioctl for device", "txprio", "vlan0: txprio 7"],
	],
	"rx prio {0}: {1}": [["vlan1: rxprio 8", "rx prio 8: too large", "8", "vlan1: rxprio outer"]],
	"SIOCSRXHPRIO: Inappropriate ioctl for device": [
		["em0: rxprio 1", "SIOCSRXHPRIO: Inappropriate ioctl for device", "rxprio", "vlan0: rxprio 7"],
	],
	"error in parsing address string: {1}": [
		[
			"gif0: tunnel x 192.0.2.1",
			"error in parsing address string: no address associated with name",
			"x",
			"gif0: tunnel localhost 192.0.2.1:1",
		],
		["carp0: carppeer fd00::1", "error in parsing address string: no address associated with name", "fd00::1", "carp0: carppeer 192.0.2.1"],
		["pflow0: flowsrc x", "error in parsing address string: name or service is not known", "x", "pflow0: flowsrc 192.0.2.1"],
		[
			"pflow0: flowdst fd00::1",
			"error in parsing address string: service not supported for ai_socktype",
			"fd00::1",
			"pflow0: flowdst [fd00::1]:9995",
		],
	],
	"source and destination address families do not match": [
		["gif0: tunnel 192.0.2.1 fd00::1", "source and destination address families do not match", "fd00::1", "gif0: tunnel fd00::2 fd00::1"],
		[
			"gif0: tunnel fd00::1 192.0.2.1:4789",
			"source and destination address families do not match",
			"192.0.2.1:4789",
			"gif0: tunnel 192.0.2.2:4789 192.0.2.1:4789",
		],
	],
	"SIOCSLIFPHYADDR: Inappropriate ioctl for device": [
		["em0: tunnel 192.0.2.1 192.0.2.2", "SIOCSLIFPHYADDR: Inappropriate ioctl for device", "tunnel", "gif0: tunnel 192.0.2.1 192.0.2.2"],
	],
	"tunneladdr {0}: {1}": [["mgre0: tunneladdr x", "tunneladdr x: no address associated with name", "x", "mgre0: tunneladdr 192.0.2.1"]],
	"tunneladdr {0}: Inappropriate ioctl for device": [
		["em0: tunneladdr 192.0.2.1", "tunneladdr 192.0.2.1: Inappropriate ioctl for device", "tunneladdr", "mgre0: tunneladdr fd00::1"],
	],
	"SIOCDIFPHYADDR: Inappropriate ioctl for device": [
		["em0: -tunnel", "SIOCDIFPHYADDR: Inappropriate ioctl for device", "-tunnel", "gif0: -tunnel"],
	],
	"SIOCSLIFPHYRTABLE: Inappropriate ioctl for device": [
		["em0: tunneldomain 1", "SIOCSLIFPHYRTABLE: Inappropriate ioctl for device", "tunneldomain", "gif0: tunneldomain 1"],
	],
	"tunnelttl {0}: {1}": [["gif0: tunnelttl 256", "tunnelttl 256: too large", "256", "gif0: tunnelttl copy"]],
	"SIOCSLIFPHYTTL: Inappropriate ioctl for device": [
		["em0: tunnelttl 1", "SIOCSLIFPHYTTL: Inappropriate ioctl for device", "tunnelttl", "gif0: tunnelttl 255"],
	],
	"SIOCSLIFPHYDF: Inappropriate ioctl for device": [
		["em0: tunneldf", "SIOCSLIFPHYDF: Inappropriate ioctl for device", "tunneldf", "gif0: tunneldf"],
	],
	"SIOCSLIFPHYECN: Inappropriate ioctl for device": [
		["em0: tunnelecn", "SIOCSLIFPHYECN: Inappropriate ioctl for device", "tunnelecn", "gif0: tunnelecn"],
	],
	"SIOCSVNETFLOWID: Inappropriate ioctl for device": [
		["em0: vnetflowid", "SIOCSVNETFLOWID: Inappropriate ioctl for device", "vnetflowid", "gre0: vnetid 5 vnetflowid"],
	],
	"SIOCSVNETFLOWID: Can't assign requested address": [
		["gre0: vnetflowid vnetid 5", "SIOCSVNETFLOWID: Can't assign requested address", "vnetflowid", "gre0: vnetid 5 vnetflowid"],
		[
			"mgre0: vnetid 5\n-vnetid\n-vnetflowid",
			"SIOCSVNETFLOWID: Can't assign requested address",
			"-vnetflowid",
			"mgre0: vnetid 5\n-vnetflowid",
		],
	],
	"SIOCSVNETFLOWID: Result too large": [
		["egre0: vnetid 16777216 vnetflowid", "SIOCSVNETFLOWID: Result too large", "vnetflowid", "egre0: vnetid 16777215 vnetflowid"],
	],
	"keepalive period {0}: {1}": [
		["gre0: keepalive 0 3", "keepalive period 0: too small", "0", "gre0: keepalive 1 3"],
		["gre0: keepalive 3601 3", "keepalive period 3601: too large", "3601", "gre0: keepalive 3600 3"],
	],
	"keepalive count {0}: {1}": [
		["gre0: keepalive 10 1", "keepalive count 1: too small", "1", "gre0: keepalive 10 2"],
		["gre0: keepalive 10 601", "keepalive count 601: too large", "601", "gre0: keepalive 10 256"],
	],
	"SIOCSETKALIVE: Inappropriate ioctl for device": [
		["em0: keepalive 10 3", "SIOCSETKALIVE: Inappropriate ioctl for device", "keepalive", "eoip0: keepalive 10 3"],
	],
	"SIOCSETKALIVE: Invalid argument": [
		["gre0: keepalive 10 257", "SIOCSETKALIVE: Invalid argument", "257", "gre0: keepalive 10 256"],
		["eoip0: keepalive 10 600", "SIOCSETKALIVE: Invalid argument", "600", "eoip0: keepalive 10 256"],
	],

	"{if} {0}: SIOCSTRUNKPORT: Inappropriate ioctl for device": [
		["em0: trunkport em1", "em0 em1: SIOCSTRUNKPORT: Inappropriate ioctl for device", "trunkport", "trunk0: trunkport em1"],
	],
	"{if}: {0}: SIOCSTRUNKDELPORT: Inappropriate ioctl for device": [
		[
			"em0: -trunkport em1",
			"em0: em1: SIOCSTRUNKDELPORT: Inappropriate ioctl for device",
			"-trunkport",
			"trunk0: trunkport em1 -trunkport em1",
		],
	],
	"{if} {0}: SIOCSTRUNKPORT: Invalid argument": [
		["trunk0: trunkport em9", "trunk0 em9: SIOCSTRUNKPORT: Invalid argument", "em9", "trunk0: trunkport em1"],
	],
	"{if} {0}: SIOCSTRUNKPORT: Protocol not supported": [
		["aggr0: trunkport wg0", "aggr0 wg0: SIOCSTRUNKPORT: Protocol not supported", "wg0", "aggr0: trunkport em1"],
	],
	"{if}: {0}: SIOCSTRUNKDELPORT: Invalid argument": [
		["trunk0: -trunkport em9", "trunk0: em9: SIOCSTRUNKDELPORT: Invalid argument", "em9", "trunk0: trunkport em1\n-trunkport em1"],
		["aggr0: -trunkport em1", "aggr0: em1: SIOCSTRUNKDELPORT: Invalid argument", "em1", "aggr0: trunkport em1\n-trunkport em1"],
	],
	"{if}: {0}: SIOCSTRUNKDELPORT: No such file or directory": [
		["trunk0: -trunkport em1", "trunk0: em1: SIOCSTRUNKDELPORT: No such file or directory", "em1", "trunk0: trunkport em1\n-trunkport em1"],
	],
	"Invalid trunk protocol: {0}": [["trunk0: trunkproto lcap", "Invalid trunk protocol: lcap", "lcap", "trunk0: trunkproto failover"]],
	"{if}: SIOCSTRUNK: Protocol not supported": [
		["aggr0: trunkproto failover", "aggr0: SIOCSTRUNK: Protocol not supported", "failover", "trunk0: trunkproto failover"],
	],
	"{if}: SIOCSTRUNK: Inappropriate ioctl for device": [
		["em0: trunkproto lacp", "em0: SIOCSTRUNK: Inappropriate ioctl for device", "trunkproto", "aggr0: trunkproto lacp"],
	],
	"Invalid lacpmode option for trunk: {if}": [
		["aggr0: lacpmode on", "Invalid lacpmode option for trunk: aggr0", "on", "aggr0: lacpmode passive"],
	],
	"Invalid lacptimeout option for trunk: {if}": [
		["aggr0: lacptimeout 1", "Invalid lacptimeout option for trunk: aggr0", "1", "aggr0: lacptimeout slow"],
	],
	"Invalid option for trunk: {if}": [
		["trunk0: lacpmode active", "Invalid option for trunk: trunk0", "lacpmode", "aggr0: lacpmode active"],
		[
			"trunk0: trunkproto failover lacptimeout fast",
			"Invalid option for trunk: trunk0",
			"lacptimeout",
			"aggr0: trunkproto lacp lacptimeout fast",
		],
	],
	"{if}: SIOCGTRUNK: Inappropriate ioctl for device": [
		["em0: lacpmode active", "em0: SIOCGTRUNK: Inappropriate ioctl for device", "lacpmode", "aggr0: lacpmode active"],
	],

	"vhid {0}: {1}": [
		["carp0: vhid 0", "vhid 0: too small", "0", "carp0: vhid 1"],
		["carp0: vhid 256", "vhid 256: too large", "256", "carp0: vhid 255"],
	],
	"advbase {0}: {1}": [["carp0: advbase 255", "advbase 255: too large", "255", "carp0: advbase 254"]],
	"advskew {0}: {1}": [["carp0: advskew 255", "advskew 255: too large", "255", "carp0: advskew 254"]],
	"balancing {0}: unknown mode": [["carp0: balancing arp", "balancing arp: unknown mode", "arp", "carp0: balancing ip"]],
	"non parsable arg: {0}": [["carp0: carpnodes 1:0,2", "non parsable arg: 2", "1:0,2", "carp0: carpnodes 1:0,2:100,"]],
	"vhid {0}: value too large": [["carp0: carpnodes 256:0", "vhid 256: value too large", "256:0", "carp0: carpnodes 255:0"]],
	"advskew {0}: value too large": [["carp0: carpnodes 1:255", "advskew 255: value too large", "1:255", "carp0: carpnodes 1:254"]],
	"{if}: SIOCSVH: Invalid argument": [["carp0: carpdev em9", "carp0: SIOCSVH: Invalid argument", "em9", "carp0: carpdev em1"]],
	"{if}: SIOCGVH: Inappropriate ioctl for device": [
		["em0: vhid 1", "em0: SIOCGVH: Inappropriate ioctl for device", "vhid", "carp0: vhid 1"],
	],
	"maxupd {0}: {1}": [["pfsync0: maxupd 256", "maxupd 256: too large", "256", "pfsync0: maxupd 255"]],
	"{if}: SIOCSETPFSYNC: Device not configured": [
		["pfsync0: syncdev em9", "pfsync0: SIOCSETPFSYNC: Device not configured", "em9", "pfsync0: syncdev em1"],
		["pfsync0: syncif em9", "pfsync0: SIOCSETPFSYNC: Device not configured", "em9", "pfsync0: syncif em1"],
	],
	"{if}: SIOCGETPFSYNC: Inappropriate ioctl for device": [
		["em0: maxupd 1", "em0: SIOCGETPFSYNC: Inappropriate ioctl for device", "maxupd", "pfsync0: maxupd 1"],
	],
	"{0} bad value": [
		[
			`pflow0: flowdst 192.0.2.1:${"0".repeat(253)}`,
			`192.0.2.1:${"0".repeat(253)} bad value`,
			`192.0.2.1:${"0".repeat(253)}`,
			"pflow0: flowdst 192.0.2.1",
		],
	],
	"Invalid pflow protocol: {0}": [["pflow0: pflowproto 9", "Invalid pflow protocol: 9", "9", "pflow0: pflowproto 10"]],
	"{if}: SIOCSETPFLOW: Inappropriate ioctl for device": [
		["em0: pflowproto 10", "em0: SIOCSETPFLOW: Inappropriate ioctl for device", "pflowproto", "pflow0: pflowproto 5"],
	],

	"PPPOESETPARMS: Device not configured": [["pppoe0: pppoedev em9", "PPPOESETPARMS: Device not configured", "em9", "pppoe0: pppoedev em1"]],
	setpppproto: [["pppoe0: authproto mschap", "setpppproto", "mschap", "pppoe0: authproto chap"]],
	setppppeerflags: [["pppoe0: peerproto pap peerflag x", "setppppeerflags", "x", "pppoe0: peerproto pap peerflag callin"]],
	"unspecified protocol": [
		["pppoe0: authname me", "unspecified protocol", "authname", "pppoe0: authproto pap authname me"],
		["pppoe0: authproto none authkey me", "unspecified protocol", "authkey", "pppoe0: authproto pap authkey me"],
		["pppoe0: peername me", "unspecified protocol", "peername", "pppoe0: peerproto pap peername me"],
		["pppoe0: peerkey me", "unspecified protocol", "peerkey", "pppoe0: peerproto pap peerkey me"],
		["pppoe0: -peerflag callin", "unspecified protocol", "-peerflag", "pppoe0: peerproto pap -peerflag callin"],
		["pppoe0: peerproto none peerflag callin", "unspecified protocol", "peerflag", "pppoe0: peerproto chap peerflag norechallenge"],
	],
	"{if}: SIOCGSPPPPARAMS(SPPPIOGXAUTH): Inappropriate ioctl for device": [
		["em0: authproto pap", "em0: SIOCGSPPPPARAMS(SPPPIOGXAUTH): Inappropriate ioctl for device", "authproto", "pppoe0: authproto none"],
	],

	"wgkey (key): {1}": [
		["wg0: wgkey AAAA=", "wgkey (key): invalid length", "AAAA=", `wg0: wgkey ${key}`],
		[`wg0: wgkey ${"A".repeat(42)}B=`, "wgkey (key): invalid base64 -1/32", `${"A".repeat(42)}B=`, `wg0: wgkey ${"+".repeat(42)}8=`],
		[`wg0: wgkey ${"A".repeat(42)}==`, "wgkey (key): invalid base64 31/32", `${"A".repeat(42)}==`, `wg0: wgkey ${key}`],
		[`wg0: wgkey ${"A".repeat(44)}`, "wgkey (key): invalid base64 -1/32", "A".repeat(44), `wg0: wgkey ${key}`],
	],
	"wgpeer (key): {1}": [
		["wg0: wgpeer x", "wgpeer (key): invalid length", "x", `wg0: wgpeer ${key}`],
		["wg0: -wgpeer x", "wgpeer (key): invalid length", "x", `wg0: -wgpeer ${key}`],
	],
	"wgpsk (key): {1}": [[`wg0: wgpeer ${key} wgpsk x`, "wgpsk (key): invalid length", "x", `wg0: wgpeer ${key} wgpsk ${key}`]],
	"{0}: wgpeer not set": [
		["wg0: wgaip 10.0.0.0/8", "wgaip: wgpeer not set", "wgaip", `wg0: wgpeer ${key} wgaip 10.0.0.0/8`],
		["wg0: wgpka 5", "wgpka: wgpeer not set", "wgpka", `wg0: wgpeer ${key} wgpka 5`],
		[`wg0: wgpsk ${key}`, "wgpsk: wgpeer not set", "wgpsk", `wg0: wgpeer ${key} wgpsk ${key}`],
		["wg0: wgendpoint 192.0.2.1 1", "wgendpoint: wgpeer not set", "wgendpoint", `wg0: wgpeer ${key} wgendpoint 192.0.2.1 1`],
		["wg0: wgdescription a", "wgdescr: wgpeer not set", "wgdescription", `wg0: wgpeer ${key} wgdescription a`],
		["wg0: wgdescr a", "wgdescr: wgpeer not set", "wgdescr", `wg0: wgpeer ${key} wgdescr a`],
		["wg0: -wgdescription", "wgdescr: wgpeer not set", "-wgdescription", `wg0: -wgpeer ${key} -wgdescription`],
		["wg0: -wgdescr", "wgdescr: wgpeer not set", "-wgdescr", `wg0: wgpeer ${key} -wgdescr`],
		["wg0: -wgpsk", "wgpsk: wgpeer not set", "-wgpsk", `wg0: wgpeer ${key} -wgpsk`],
	],
	"wgport: {0}, {1}": [["wg0: wgport 65536", "wgport: 65536, too large", "65536", "wg0: wgport 65535"]],
	"wgrtable {0}: {1}": [["wg0: wgrtable 256", "wgrtable 256: too large", "256", "wg0: wgrtable 255"]],
	"{1}": [[`wg0: wgpeer ${key} wgendpoint x 1`, "no address associated with name", "x", `wg0: wgpeer ${key} wgendpoint localhost 1`]],
	"wgaip: bad address": [
		[`wg0: wgpeer ${key} wgaip 10.0.0.0/33`, "wgaip: bad address", "10.0.0.0/33", `wg0: wgpeer ${key} wgaip 10.0.0.0/32`],
		[`wg0: wgpeer ${key} wgaip fd00::/129`, "wgaip: bad address", "fd00::/129", `wg0: wgpeer ${key} wgaip fd00::/128`],
		[`wg0: wgpeer ${key} wgaip 10/8/8`, "wgaip: bad address", "10/8/8", `wg0: wgpeer ${key} wgaip 10/8`],
		[`wg0: wgpeer ${key} wgaip any`, "wgaip: bad address", "any", `wg0: wgpeer ${key} wgaip ::`],
	],
	"wgpka: {0}, {1}": [[`wg0: wgpeer ${key} wgpka 43201`, "wgpka: 43201, too large", "43201", `wg0: wgpeer ${key} wgpka 43200`]],
	"{if}: SIOCSWG: Inappropriate ioctl for device": [
		["em0: wgport 1", "em0: SIOCSWG: Inappropriate ioctl for device", "wgport", "wg0: wgport 1"],
	],

	"SIOCSIFPAIR: Invalid argument": [["pair0: patch pair0", "SIOCSIFPAIR: Invalid argument", "pair0", "pair0: patch pair1"]],
	"patch {0}: No such file or directory": [["pair0: patch pair9", "patch pair9: No such file or directory", "pair9", "pair0: patch pair1"]],
	"SIOCSIFPAIR: Operation not supported by device": [
		["pair0: patch em1", "SIOCSIFPAIR: Operation not supported by device", "em1", "pair1: patch pair0"],
	],
	"SIOCSIFPAIR: Inappropriate ioctl for device": [
		["em0: patch pair1", "SIOCSIFPAIR: Inappropriate ioctl for device", "patch", "pair0: -patch"],
	],
	"mpls label {0} is {1}": [["mpe0: mplslabel 1048576", "mpls label 1048576 is too large", "1048576", "mpe0: mplslabel 1048575"]],
	"SIOCSETLABEL: Inappropriate ioctl for device": [
		["em0: mplslabel 20", "SIOCSETLABEL: Inappropriate ioctl for device", "mplslabel", "mpw0: mplslabel 20"],
	],
	"-mplslabel: Inappropriate ioctl for device": [
		["em0: -mplslabel", "-mplslabel: Inappropriate ioctl for device", "-mplslabel", "mpw0: -mplslabel"],
	],
	"pwecw: Inappropriate ioctl for device": [["em0: pwecw", "pwecw: Inappropriate ioctl for device", "pwecw", "mpw0: pwecw"]],
	"pwefat: Inappropriate ioctl for device": [["em0: pwefat", "pwefat: Inappropriate ioctl for device", "pwefat", "mpw0: pwefat"]],
	"-pwefat: Inappropriate ioctl for device": [["em0: -pwefat", "-pwefat: Inappropriate ioctl for device", "-pwefat", "mpw0: -pwefat"]],
	"pweneighbor: invalid label: {1}": [
		["mpw0: pweneighbor 15 192.0.2.1", "pweneighbor: invalid label: too small", "15", "mpw0: pweneighbor 16 192.0.2.1"],
		["mpw0: pweneighbor 1048576 192.0.2.1", "pweneighbor: invalid label: too large", "1048576", "mpw0: pweneighbor 1048575 192.0.2.1"],
	],
	"pweneighbor {0}: {1}": [
		["mpw0: pweneighbor 16 x", "pweneighbor x: no address associated with name", "x", "mpw0: pweneighbor 16 localhost"],
	],
	"pweneighbor: Inappropriate ioctl for device": [
		["em0: pweneighbor 16 192.0.2.1", "pweneighbor: Inappropriate ioctl for device", "pweneighbor", "mpip0: pweneighbor 16 192.0.2.1"],
	],
	"-pweneighbor: Inappropriate ioctl for device": [
		["em0: -pweneighbor", "-pweneighbor: Inappropriate ioctl for device", "-pweneighbor", "mpip0: -pweneighbor"],
	],

	"strings too long": [[`iwm0: nwid ${long(33)}`, "strings too long", long(33), `iwm0: nwid ${long(32)}`]],
	"{0} may not be specified twice": [
		["iwm0: nwid a nwid b", "nwid may not be specified twice", "nwid", "iwm0: nwid a\nnwid b"],
		["iwm0: join a join b", "join may not be specified twice", "join", "iwm0: join a\njoin b"],
	],
	"nwid and join may not be used at the same time": [
		["iwm0: nwid a join b", "nwid and join may not be used at the same time", "join", "iwm0: nwid a\njoin b"],
	],
	"SIOCS80211NWID: Inappropriate ioctl for device": [
		["em0: nwid a", "SIOCS80211NWID: Inappropriate ioctl for device", "nwid", "iwm0: nwid a"],
	],
	"{if}: SIOCS80211JOIN: Inappropriate ioctl for device": [
		["em0: join a", "em0: SIOCS80211JOIN: Inappropriate ioctl for device", "join", "iwm0: join a"],
	],
	"malformed BSSID: {0}": [["iwm0: bssid 0:1", "malformed BSSID: 0:1", "0:1", "iwm0: bssid 0:1:2:3:4:5"]],
	"{if}: SIOCS80211BSSID: Inappropriate ioctl for device": [
		["em0: bssid 0:1:2:3:4:5", "em0: SIOCS80211BSSID: Inappropriate ioctl for device", "bssid", "iwm0: -bssid"],
	],
	"{if}: SIOCS80211NWKEY: Inappropriate ioctl for device": [
		["em0: nwkey abcde", "em0: SIOCS80211NWKEY: Inappropriate ioctl for device", "nwkey", "iwm0: nwkey abcde"],
	],
	"Invalid WEP key length": [["iwm0: nwkey a", "Invalid WEP key length", "a", "iwm0: nwkey 1:a,b,c,d"]],
	"bad hexadecimal digits": [
		["iwm0: nwkey 012345678g", "bad hexadecimal digits", "012345678g", "iwm0: nwkey 0123456789"],
		["iwm0: nwkey 0x012345678g", "bad hexadecimal digits", "0x012345678g", "iwm0: nwkey 0x0123456789"],
	],
	"no nwid or join command, guessing nwid to use": [
		["iwm0: nwid a\nwpakey 12345678", "no nwid or join command, guessing nwid to use", "", "iwm0: nwid a wpakey 12345678"],
	],
	"{if}: SIOCG80211NWID: Inappropriate ioctl for device": [
		[
			"em0: wpakey 12345678",
			"no nwid or join command, guessing nwid to use\nem0: SIOCG80211NWID: Inappropriate ioctl for device",
			"wpakey",
			"em0: -description",
		],
	],
	"{if}: SIOCS80211WPAPARMS: Inappropriate ioctl for device": [
		["em0: wpa", "em0: SIOCS80211WPAPARMS: Inappropriate ioctl for device", "wpa", "iwm0: wpa"],
	],
	"wpakey: invalid pre-shared key": [
		[
			`iwm0: nwid a wpakey 0x${"0".repeat(63)}`,
			"wpakey: invalid pre-shared key",
			`0x${"0".repeat(63)}`,
			`iwm0: nwid a wpakey 0x${"0".repeat(64)}`,
		],
		[
			`iwm0: nwid a wpakey 0x${"0".repeat(65)}`,
			"wpakey: invalid pre-shared key",
			`0x${"0".repeat(65)}`,
			`iwm0: nwid a wpakey 0x${"F".repeat(64)}`,
		],
	],
	"wpakey: passphrase must be between 8 and 63 characters": [
		["iwm0: nwid a wpakey 1234567", "wpakey: passphrase must be between 8 and 63 characters", "1234567", "iwm0: nwid a wpakey 12345678"],
		[
			`iwm0: nwid a wpakey ${long(64)}`,
			"wpakey: passphrase must be between 8 and 63 characters",
			long(64),
			`iwm0: nwid a wpakey ${long(63)}`,
		],
	],
	"wpakey: nwid not set": [
		[
			"iwm0: wpakey 12345678",
			"no nwid or join command, guessing nwid to use\nwpakey: nwid not set",
			"wpakey",
			"iwm0: nwid a wpakey 12345678",
		],
		[
			"iwm0: wpakey 87654321",
			"no nwid or join command, guessing nwid to use\nwpakey: nwid not set",
			"wpakey",
			"iwm0: join a wpakey 87654321",
		],
	],
	"{if}: SIOCS80211WPAPSK: Inappropriate ioctl for device": [
		["em0: -wpakey", "em0: SIOCS80211WPAPSK: Inappropriate ioctl for device", "-wpakey", "iwm0: -wpakey"],
	],
	"wpaakms: unknown akm: {0}": [["iwm0: wpaakms psk,eap", "wpaakms: unknown akm: eap", "psk,eap", "iwm0: wpaakms psk,802.1x"]],
	"wpaciphers: unknown cipher: {0}": [["iwm0: wpaciphers aes", "wpaciphers: unknown cipher: aes", "aes", "iwm0: wpaciphers ccmp,tkip,"]],
	"wpagroupcipher: unknown cipher: {0}": [
		["iwm0: wpagroupcipher aes", "wpagroupcipher: unknown cipher: aes", "aes", "iwm0: wpagroupcipher wep104"],
	],
	"wpaprotos: unknown protocol: {0}": [["iwm0: wpaprotos wpa3", "wpaprotos: unknown protocol: wpa3", "wpa3", "iwm0: wpaprotos wpa1,wpa2"]],
	"{if}: SIOCG80211WPAPARMS: Inappropriate ioctl for device": [
		["em0: wpaprotos wpa2", "em0: SIOCG80211WPAPARMS: Inappropriate ioctl for device", "wpaprotos", "iwm0: wpaprotos wpa2"],
	],
	"invalid channel {0}: {1}": [["iwm0: chan 257", "invalid channel 257: too large", "257", "iwm0: chan 256"]],
	"{if}: SIOCS80211CHANNEL: Inappropriate ioctl for device": [
		["em0: chan 1", "em0: SIOCS80211CHANNEL: Inappropriate ioctl for device", "chan", "em0: chan"],
	],
	"Invalid nwflag: {0}": [["iwm0: nwflag x", "Invalid nwflag: x", "x", "iwm0: nwflag nobridge"]],
	"{if}: SIOCG80211FLAGS: Inappropriate ioctl for device": [
		["em0: nwflag nobridge", "em0: SIOCG80211FLAGS: Inappropriate ioctl for device", "nwflag", "iwm0: -nwflag nobridge"],
	],
	"powersave {0}: {1}": [["iwm0: powersave -1", "powersave -1: too small", "-1", "iwm0: powersave 0"]],
	"{if}: SIOCG80211POWER: Inappropriate ioctl for device": [
		["em0: powersave", "em0: SIOCG80211POWER: Inappropriate ioctl for device", "powersave", "iwm0: powersave"],
	],

	"{if} untagged {0}: {1} is {2}": [
		["veb0: add em1\nuntagged em1 0", "veb0 untagged em1: 0 is too small", "0", "veb0: add em1\nuntagged em1 1"],
		["veb0: add em1\nuntagged em1 4095", "veb0 untagged em1: 4095 is too large", "4095", "veb0: add em1\nuntagged em1 4094"],
		["veb0: add em1\nuntagged em1 ten", "veb0 untagged em1: ten is invalid", "ten", "veb0: add em1\nuntagged em1 passthru"],
	],
	"{if} tagged {0}: {1} is {2}": [
		["veb0: add em1\ntagged em1 0", "veb0 tagged em1: 0 is too small", "0", "veb0: add em1\ntagged em1 1,4094"],
		["veb0: add em1\ntagged em1 10,4095", "veb0 tagged em1: 4095 is too large", "10,4095", "veb0: add em1\ntagged em1 +10,4094"],
		["veb0: add em1\ntagged em1 20-10", "veb0 tagged em1: 10 is too small", "20-10", "veb0: add em1\ntagged em1 =10-20"],
		["veb0: add em1\ntagged em1 10-10", "veb0 tagged em1: 10 is too small", "10-10", "veb0: add em1\ntagged em1 10-11"],
		["veb0: add em1\ntagged em1 10-20-30", "veb0 tagged em1: 20-30 is invalid", "10-20-30", "veb0: add em1\ntagged em1 10-20,30"],
		["veb0: add em1\ntagged em1 4094-4095", "veb0 tagged em1: 4095 is invalid", "4094-4095", "veb0: add em1\ntagged em1 4093-4094"],
		["veb0: add em1\ntagged em1 10,", "veb0 tagged em1:  is invalid", "10,", "veb0: add em1\ntagged em1 -10"],
		["veb0: add em1\ntagged em1 =", "veb0 tagged em1:  is invalid", "=", "veb0: add em1\ntagged em1 all"],
	],
	"primary vid: {1}": [
		["veb0: pvlan 0", "primary vid: too small", "0", "veb0: pvlan 1"],
		["veb0: pvlan-community ten 11", "primary vid: invalid", "ten", "veb0: add em1\npvlan 10\npvlan-community 10 11"],
	],
	"secondary vid: {1}": [
		["veb0: pvlan-isolated 10 4095", "secondary vid: too large", "4095", "veb0: add em1\npvlan 10\npvlan-isolated 10 4094"],
	],
	"Invalid vid {0}: {1}": [
		[
			"veb0: add em1\nstatic em1 fe:e1:ba:d0:00:01@4095",
			"Invalid vid 4095: too large",
			"fe:e1:ba:d0:00:01@4095",
			"veb0: add em1\nstatic em1 fe:e1:ba:d0:00:01@4094",
		],
		["veb0: deladdr fe:e1:ba:d0:00:01@", "Invalid vid : invalid", "fe:e1:ba:d0:00:01@", "veb0: deladdr fe:e1:ba:d0:00:01@1"],
	],
	"{if}: ioctl SIOCBRDGGIFFLGS {0}: No such process": [
		["bridge0: add em0\nlearn em1", "bridge0: ioctl SIOCBRDGGIFFLGS em1: No such process", "em1", "bridge0: add em1\nlearn em1"],
		["veb0: add em0\nstp em1", "veb0: ioctl SIOCBRDGGIFFLGS em1: No such process", "em1", "veb0: add em1\nlearn em1"],
		["veb0: learn em1\nadd em1", "veb0: ioctl SIOCBRDGGIFFLGS em1: No such process", "em1", "veb0: add em1\nlearn em1"],
		["veb0: add em0\npvptags em1", "veb0: ioctl SIOCBRDGGIFFLGS em1: No such process", "em1", "veb0: add em0\npvptags em0"],
	],
	"{if}: {1}: No such process": [
		["veb0: add em0\nprotected em1 1", "veb0: 1: No such process", "em1", "veb0: add em1\nprotected em1 1"],
		[
			"veb0: add em1\ndel em1\nstatic em1 0:1:2:3:4:5",
			"veb0: 0:1:2:3:4:5: No such process",
			"em1",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5",
		],
	],
	"{if}: 0: No such process": [["veb0: add em0\n-protected em1", "veb0: 0: No such process", "em1", "veb0: add em1\n-protected em1"]],
	"{if}: {1}: Can't assign requested address": [
		[
			"veb0: add em1\nstatic em1 1:1:2:3:4:5",
			"veb0: 1:1:2:3:4:5: Can't assign requested address",
			"1:1:2:3:4:5",
			"veb0: add em1\nstatic em1 2:1:2:3:4:5",
		],
		[
			"veb0: add em1\nstatic em1 0:0:0:0:0:0",
			"veb0: 0:0:0:0:0:0: Can't assign requested address",
			"0:0:0:0:0:0",
			"veb0: add em1\nstatic em1 0:0:0:0:0:1",
		],
		[
			"nvgre0: static em1 0:1:2:3:4:5\ntunnel 192.0.2.9 239.0.0.1",
			"nvgre0: 0:1:2:3:4:5: Can't assign requested address",
			"static",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5",
		],
		[
			"veb0: add em1\n-untagged em1\nstatic em1 0:1:2:3:4:5",
			"veb0: 0:1:2:3:4:5: Can't assign requested address",
			"em1",
			"veb0: add em1\n-untagged em1\nstatic em1 0:1:2:3:4:5@10",
		],
	],
	"SIOCSTXHPRIO: Invalid argument": [["veb0: txprio payload", "SIOCSTXHPRIO: Invalid argument", "payload", "veb0: txprio packet"]],
	"SIOCSRXHPRIO: Invalid argument": [["veb0: rxprio payload", "SIOCSRXHPRIO: Invalid argument", "payload", "veb0: rxprio outer"]],
	"{if} untagged {0} {1}: No such process": [
		["veb0: untagged em1 10\nadd em1", "veb0 untagged em1 10: No such process", "em1", "veb0: add em1\nuntagged em1 10"],
	],
	"{if} untagged {0} {1}: Operation not supported": [
		[
			"veb0: add vport0\nuntagged vport0 none",
			"veb0 untagged vport0 none: Operation not supported",
			"vport0",
			"veb0: add vport0\nuntagged vport0 10",
		],
		[
			"veb0: -vnetid\nadd vport0\nuntagged vport0 default",
			"veb0 untagged vport0 default: Operation not supported",
			"vport0",
			"veb0: add vport0\nuntagged vport0 default",
		],
	],
	"{if} untagged {0} {1}: Inappropriate ioctl for device": [
		[
			"bridge0: add em1\nuntagged em1 10",
			"bridge0 untagged em1 10: Inappropriate ioctl for device",
			"untagged",
			"veb0: add em1\nuntagged em1 none",
		],
	],
	"{if} -untagged {0}: No such process": [
		["veb0: add em0\n-untagged em1", "veb0 -untagged em1: No such process", "em1", "veb0: add em1\n-untagged em1"],
	],
	"{if} -untagged {0}: Operation not supported": [
		["veb0: add vport0\n-untagged vport0", "veb0 -untagged vport0: Operation not supported", "vport0", "veb0: add em1\n-untagged em1"],
	],
	"{if} -untagged {0}: Inappropriate ioctl for device": [
		["em0: -untagged em1", "em0 -untagged em1: Inappropriate ioctl for device", "-untagged", "veb0: add em1\n-untagged em1"],
	],
	"{if} tagged {0} {1}: No such process": [
		["veb0: add em0\ntagged em1 10", "veb0 tagged em1 10: No such process", "em1", "veb0: add em1\ntagged em1 10"],
	],
	"{if} tagged {0} {1}: Inappropriate ioctl for device": [
		["tpmr0: tagged em1 10", "tpmr0 tagged em1 10: Inappropriate ioctl for device", "tagged", "veb0: add em1\ntagged em1 none"],
	],
	"{if} -tagged {0}: No such process": [
		["veb0: add em0\n-tagged em1", "veb0 -tagged em1: No such process", "em1", "veb0: add em1\n-tagged em1"],
	],
	"{if} -tagged {0}: Inappropriate ioctl for device": [
		["em0: -tagged em1", "em0 -tagged em1: Inappropriate ioctl for device", "-tagged", "veb0: add em1\n-tagged em1"],
	],
	"{if} pvlan {0}: Device busy": [
		["veb0: pvlan 30\npvlan 30", "veb0 pvlan 30: Device busy", "30", "veb0: pvlan 30\npvlan 31"],
		[
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\npvlan 31",
			"veb0 pvlan 31: Device busy",
			"31",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\npvlan 32",
		],
	],
	"{if} pvlan {0}: Inappropriate ioctl for device": [
		["bridge0: pvlan 30", "bridge0 pvlan 30: Inappropriate ioctl for device", "pvlan", "veb0: pvlan 30"],
	],
	"{if} -pvlan {0}: Device busy": [
		[
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\n-pvlan 30",
			"veb0 -pvlan 30: Device busy",
			"30",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\n-pvlan-isolated 30 31\n-pvlan 30",
		],
	],
	"{if} -pvlan {0}: No such process": [["veb0: -pvlan 30", "veb0 -pvlan 30: No such process", "30", "veb0: pvlan 30\n-pvlan 30"]],
	"{if} -pvlan {0}: Inappropriate ioctl for device": [
		["em0: -pvlan 30", "em0 -pvlan 30: Inappropriate ioctl for device", "-pvlan", "veb0: pvlan 30\n-pvlan 30"],
	],
	"{if} pvlan-isolated {0} {1}: Device busy": [
		[
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\npvlan-isolated 30 31",
			"veb0 pvlan-isolated 30 31: Device busy",
			"30",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31",
		],
	],
	"{if} pvlan-isolated {0} {1}: Network is unreachable": [
		[
			"veb0: add em1\npvlan-isolated 30 31",
			"veb0 pvlan-isolated 30 31: Network is unreachable",
			"30",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31",
		],
	],
	"{if} pvlan-isolated {0} {1}: Address already in use": [
		[
			"veb0: add em1\nuntagged em1 31\npvlan 30\npvlan-isolated 30 31",
			"veb0 pvlan-isolated 30 31: Address already in use",
			"30",
			"veb0: add em1\nuntagged em1 32\npvlan 30\npvlan-isolated 30 31",
		],
		[
			"veb0: add em1\ntagged em1 30-32\npvlan 30\npvlan-isolated 30 31",
			"veb0 pvlan-isolated 30 31: Address already in use",
			"30",
			"veb0: add em1\ntagged em1 30-32\ntagged em1 -31\npvlan 30\npvlan-isolated 30 31",
		],
	],
	"{if} pvlan-isolated {0} {1}: Can't assign requested address": [
		[
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\npvlan-isolated 30 32",
			"veb0 pvlan-isolated 30 32: Can't assign requested address",
			"30",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\npvlan-community 30 32",
		],
	],
	"{if} pvlan-isolated {0} {1}: Inappropriate ioctl for device": [
		[
			"bridge0: pvlan-isolated 30 31",
			"bridge0 pvlan-isolated 30 31: Inappropriate ioctl for device",
			"pvlan-isolated",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31",
		],
	],
	"{if} -pvlan-isolated {0} {1}: No such process": [
		[
			"veb0: add em1\npvlan 30\n-pvlan-isolated 30 31",
			"veb0 -pvlan-isolated 30 31: No such process",
			"30",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\n-pvlan-isolated 30 31",
		],
	],
	"{if} -pvlan-isolated {0} {1}: Device busy": [
		[
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\nuntagged em1 31\n-pvlan-isolated 30 31",
			"veb0 -pvlan-isolated 30 31: Device busy",
			"30",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\nuntagged em1 30\n-pvlan-isolated 30 31",
		],
	],
	"{if} -pvlan-isolated {0} {1}: Inappropriate ioctl for device": [
		[
			"em0: -pvlan-isolated 30 31",
			"em0 -pvlan-isolated 30 31: Inappropriate ioctl for device",
			"-pvlan-isolated",
			"veb0: add em1\npvlan 30\npvlan-isolated 30 31\n-pvlan-isolated 30 31",
		],
	],
	"{if} pvlan-community {0} {1}: Device busy": [
		[
			"veb0: add em1\npvlan 30\npvlan-community 30 31\npvlan-community 30 31",
			"veb0 pvlan-community 30 31: Device busy",
			"30",
			"veb0: add em1\npvlan 30\npvlan-community 30 31",
		],
	],
	"{if} pvlan-community {0} {1}: Network is unreachable": [
		[
			"veb0: add em1\npvlan-community 30 31",
			"veb0 pvlan-community 30 31: Network is unreachable",
			"30",
			"veb0: add em1\npvlan 30\npvlan-community 30 31",
		],
	],
	"{if} pvlan-community {0} {1}: Address already in use": [
		[
			"veb0: add em1\nuntagged em1 31\npvlan 30\npvlan-community 30 31",
			"veb0 pvlan-community 30 31: Address already in use",
			"30",
			"veb0: add em1\nuntagged em1 32\npvlan 30\npvlan-community 30 31",
		],
		[
			"veb0: add em1\ntagged em1 30-32\npvlan 30\npvlan-community 30 31",
			"veb0 pvlan-community 30 31: Address already in use",
			"30",
			"veb0: add em1\ntagged em1 30-32\ntagged em1 -31\npvlan 30\npvlan-community 30 31",
		],
	],
	"{if} pvlan-community {0} {1}: Inappropriate ioctl for device": [
		[
			"bridge0: pvlan-community 30 31",
			"bridge0 pvlan-community 30 31: Inappropriate ioctl for device",
			"pvlan-community",
			"veb0: add em1\npvlan 30\npvlan-community 30 31",
		],
	],
	"{if} -pvlan-community {0} {1}: No such process": [
		[
			"veb0: add em1\npvlan 30\n-pvlan-community 30 31",
			"veb0 -pvlan-community 30 31: No such process",
			"30",
			"veb0: add em1\npvlan 30\npvlan-community 30 31\n-pvlan-community 30 31",
		],
	],
	"{if} -pvlan-community {0} {1}: Device busy": [
		[
			"veb0: add em1\npvlan 30\npvlan-community 30 31\nuntagged em1 31\n-pvlan-community 30 31",
			"veb0 -pvlan-community 30 31: Device busy",
			"30",
			"veb0: add em1\npvlan 30\npvlan-community 30 31\nuntagged em1 30\n-pvlan-community 30 31",
		],
	],
	"{if} -pvlan-community {0} {1}: Inappropriate ioctl for device": [
		[
			"em0: -pvlan-community 30 31",
			"em0 -pvlan-community 30 31: Inappropriate ioctl for device",
			"-pvlan-community",
			"veb0: add em1\npvlan 30\npvlan-community 30 31\n-pvlan-community 30 31",
		],
	],
	"{if} static {0} {1}: No such process": [
		[
			"veb0: add em0\nstatic em1 0:1:2:3:4:5@10",
			"veb0 static em1 0:1:2:3:4:5@10: No such process",
			"em1",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5@10",
		],
	],
	"{if} static {0} {1}: Inappropriate ioctl for device": [
		[
			"em0: static em1 0:1:2:3:4:5@10",
			"em0 static em1 0:1:2:3:4:5@10: Inappropriate ioctl for device",
			"static",
			"veb0: add em1\nstatic em1 0:1:2:3:4:5@10",
		],
	],
	"{if} deladdr {0}: Inappropriate ioctl for device": [
		[
			"em0: deladdr 0:1:2:3:4:5@10",
			"em0 deladdr 0:1:2:3:4:5@10: Inappropriate ioctl for device",
			"deladdr",
			"veb0: deladdr 0:1:2:3:4:5@10",
		],
	],

	"{if}: SIOCGUMBPARAM: Inappropriate ioctl for device": [
		["em0: pin 1234", "em0: SIOCGUMBPARAM: Inappropriate ioctl for device", "pin", "umb0: pin 1234"],
	],
};

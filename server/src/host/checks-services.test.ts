import { describe, expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { VmFile } from "../vm/file.ts";
import type { HostCode } from "./checks.ts";
import { faultsOf, fixesOf } from "./fixture.ts";

const vm =
	'//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" lladdr fe:e1:ba:d0:00:01 }\n}\n';
const routed = `${vm}//- /etc/hostname.veb0\nadd vport0\nup\n//- /etc/hostname.vport0\ninet 10.0.0.1 255.255.255.0\n//- /etc/hostname.em0\ninet 192.0.2.2/24\n`;
/** With IPv6 beside it. */
const routed6 = routed.replace("inet 10.0.0.1 255.255.255.0", "inet 10.0.0.1 255.255.255.0\ninet6 fd00::1 64");
const rc = (line: string): string => `//- /etc/rc.conf.local\n${line}\n`;
const sysctl = (...lines: string[]): string => `//- /etc/sysctl.conf\n${lines.map((line) => `${line}\n`).join("")}`;
const dhcpd = (...lines: string[]): string => `//- /etc/dhcpd.conf\nsubnet 10.0.0.0 netmask 255.255.255.0 {\n${lines.join("\n")}\n}\n`;
const host = (ethernet: string, address: string, name = "x"): string =>
	`host ${name} { hardware ethernet ${ethernet}; fixed-address ${address}; }`;

/** Cases beside the ones of checks.test.ts: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/readable-secret": [
		["//- /etc/hostname.umb0 0644\npin 1234\n", "/etc/hostname.umb0: 1234"],
		["//- /etc/hostname.umb0 0644\nchgpin 1234 5678\n", "/etc/hostname.umb0: 1234 5678"],
		["//- /etc/hostname.umb0 0644\npuk 12345678 1234\n", "/etc/hostname.umb0: 12345678 1234"],
		["//- /etc/hostname.iwm0 0604\nnwid a wpakey 12345678\n", "/etc/hostname.iwm0: 12345678"],
		["//- /etc/hostname.umb0 0640\npin 1234\n"],
		["//- /etc/hostname.umb0\npin 1234\n"],
		["//- /etc/hostname.umb0 0644\napn internet\n"],
	],
	"host/vmd-off": [
		[vm + rc("vmd_flags=NO"), "/etc/rc.conf.local: vmd_flags=NO"],
		[vm.replace("disk", "disable\n\tdisk") + rc("vmd_flags=NO")],
		[vm + rc("vmd_flags=-v")],
		[vm + rc("vmd_flags=NO\nvmd_flags=")],
		[vm],
		[`//- /etc/vm.conf\nswitch "a" {\n\tinterface veb0\n}\n${rc("vmd_flags=NO")}`],
	],
	"host/dhcpd-on-bridge": [
		[rc("dhcpd_flags=bridge0 veb1"), "/etc/rc.conf.local: bridge0", "/etc/rc.conf.local: veb1"],
		[rc("dhcpd_flags=vether0 em0")],
		[rc("dhcpd_flags=NO")],
		[rc("dhcpd_flags=-c veb0 em0")],
	],
	"host/dhcpd-without-address": [
		[routed + rc("dhcpd_flags=em0 em9 vport0"), "/etc/rc.conf.local: em9"],
		[routed + rc("dhcpd_flags=veb0")],
		[`${routed}//- /etc/hostname.em1\nup\n${rc("dhcpd_flags=em1")}`, "/etc/rc.conf.local: em1"],
		[`${routed}//- /etc/hostname.em1\ninet autoconf\n${rc("dhcpd_flags=em1")}`],
		[rc("dhcpd_flags=em9")],
	],
	"host/dhcpd-without-subnet": [
		[routed + rc("dhcpd_flags=em0 vport0") + dhcpd(), "/etc/rc.conf.local: em0"],
		[`${routed}//- /etc/hostname.em1\ninet alias 10.9.0.1/24\ninet6 fd00::1 64\ninet gate 255.0.0.0\n${rc("dhcpd_flags=em1")}${dhcpd()}`],
		[routed + rc("dhcpd_flags=em0")],
	],
	"host/dhcpd-off": [
		[routed + rc("dhcpd_flags=") + dhcpd(), "/etc/dhcpd.conf: 10.0.0.0"],
		[routed + dhcpd()],
		[routed + rc("dhcpd_flags=")],
		[`${routed.replace("add vport0", "add vport0\nadd em1")}${rc("dhcpd_flags=")}${dhcpd()}`],
		[routed.replace("10.0.0.1", "10.9.0.1") + rc("dhcpd_flags=") + dhcpd()],
		[routed.replace("inet 10.0.0.1 255.255.255.0", "inet6 fd00::1 64") + rc("dhcpd_flags=") + dhcpd()],
	],
	"host/dhcp-range": [
		[dhcpd("range 10.0.1.1 10.0.1.9;"), "/etc/dhcpd.conf: 10.0.1.1", "/etc/dhcpd.conf: 10.0.1.9"],
		[dhcpd("range 10.0.1.1;"), "/etc/dhcpd.conf: 10.0.1.1"],
		[dhcpd("range 10.0.0.0 10.0.0.255;")],
		[dhcpd(host("2:0:0:0:0:1", "10.1.0.5")), "/etc/dhcpd.conf: 10.1.0.5"],
		[dhcpd(host("2:0:0:0:0:1", "10.0.0.5, web01"))],
		[`//- /etc/dhcpd.conf\n${host("2:0:0:0:0:1", "10.1.0.5")}\n`],
		[`//- /etc/dhcpd.conf\nsubnet x netmask 255.0.0.0 { range 10.0.0.1 10.0.0.9; }\n`],
	],
	"host/dhcp-fixed-in-range": [
		[dhcpd("range 10.0.0.5 10.0.0.9;", host("2:0:0:0:0:1", "10.0.0.5")), "/etc/dhcpd.conf: 10.0.0.5"],
		[dhcpd("range 10.0.0.5 10.0.0.9;", host("2:0:0:0:0:1", "10.0.0.9")), "/etc/dhcpd.conf: 10.0.0.9"],
		[dhcpd("range 10.0.0.5 10.0.0.9;", host("2:0:0:0:0:1", "10.0.0.4, 10.0.0.10, x"))],
		[dhcpd("range x 10.0.0.9;", host("2:0:0:0:0:1", "10.0.0.4"))],
		[dhcpd("range 10.0.0.2 x;", host("2:0:0:0:0:1", "10.0.0.4"))],
	],
	"host/dhcp-overlapping-ranges": [
		[dhcpd("range 10.0.0.9 10.0.0.20;", "range 10.0.0.5 10.0.0.9;"), "/etc/dhcpd.conf: range 10.0.0.9 10.0.0.20;"],
		[dhcpd("range 10.0.0.5;", "range 10.0.0.5;"), "/etc/dhcpd.conf: range 10.0.0.5;"],
		[dhcpd("range 10.0.0.5 x;", "range 10.0.0.5 10.0.0.9;")],
	],
	"host/dhcp-gateway-in-range": [
		[routed + dhcpd("range 10.0.0.1 10.0.0.9;"), "/etc/dhcpd.conf: range 10.0.0.1 10.0.0.9;"],
		[routed + dhcpd("range 10.0.0.0 10.0.0.1;"), "/etc/dhcpd.conf: range 10.0.0.0 10.0.0.1;"],
		[routed + dhcpd("range 10.0.0.2 10.0.0.9;")],
		[routed + dhcpd("range 10.0.0.1 x;")],
		[routed + dhcpd("range x 10.0.0.9;")],
		[routed.replace("inet 10.0.0.1 255.255.255.0", "inet6 fd00::1 64") + dhcpd("range 10.0.0.1 10.0.0.9;")],
	],
	"host/dhcp-routers": [
		[routed + dhcpd("option routers 10.0.0.1, 10.0.0.2;"), "/etc/dhcpd.conf: 10.0.0.2"],
		[routed + dhcpd("option routers gate;")],
		[routed + dhcpd("option routers 10.9.0.1;"), "/etc/dhcpd.conf: 10.9.0.1"],
		// Whoever gets it, in whatever network: no guest needs to be known.
		[
			"//- /etc/dhcpd.conf\noption routers 10.7.0.1;\nsubnet 10.8.0.0 netmask 255.255.255.0 { }\nsubnet 10.9.0.0 netmask 255.255.255.0 { }\n",
			"/etc/dhcpd.conf: 10.7.0.1",
		],
		[
			"//- /etc/dhcpd.conf\nshared-network a {\nsubnet 10.8.0.0 netmask 255.255.255.0 { }\nsubnet 10.9.0.0 netmask 255.255.255.0 { option routers 10.8.0.1; }\n}\n",
		],
		[`${routed}//- /etc/dhcpd.conf\nsubnet 10.9.0.0 netmask 255.255.0.0 { option routers 10.9.0.1; }\n`],
		[routed.replace("add vport0", "add vport0\nadd em1") + dhcpd("option routers 10.0.0.2;")],
		[routed.replace("inet 10.0.0.1 255.255.255.0", "inet6 fd00::1 64") + dhcpd("option routers 10.0.0.2;")],
	],
	"host/dhcp-no-router": [
		[routed + dhcpd("range 10.0.0.5 10.0.0.9;") + sysctl("net.inet.ip.forwarding=1"), "/etc/dhcpd.conf: 10.0.0.0"],
		[routed + dhcpd("range 10.0.0.5 10.0.0.9;") + sysctl("net.inet.ip.forwarding=0")],
		[routed + dhcpd("range 10.0.0.5 10.0.0.9;")],
		[
			routed + dhcpd("range 10.0.0.5 10.0.0.9;") + sysctl("net.inet.ip.forwarding=1", "net.inet.ip.forwarding"),
			"/etc/dhcpd.conf: 10.0.0.0",
		],
		[routed + dhcpd("range 10.0.0.5 10.0.0.9; option routers 10.0.0.1;") + sysctl("net.inet.ip.forwarding=1")],
		[routed + dhcpd("range 10.0.0.5 10.0.0.9; option classless-static-routes 0, 10.0.0.1;") + sysctl("net.inet.ip.forwarding=1")],
		[routed + dhcpd("") + sysctl("net.inet.ip.forwarding=1")],
		[routed.replace("add vport0", "add vport0\nadd em1") + dhcpd("range 10.0.0.5 10.0.0.9;") + sysctl("net.inet.ip.forwarding=1")],
	],
	"host/dhcp-unknown-ethernet": [
		[vm + dhcpd(host("fe:e1:ba:d0:00:01", "10.0.0.5"))],
		[vm + dhcpd(host("FE:E1:BA:D0:0:1", "10.0.0.5"))],
		[vm + dhcpd(host("fe:e1:ba:d0:00:02", "10.0.0.5")), "/etc/dhcpd.conf: fe:e1:ba:d0:00:02"],
		[vm + dhcpd(host("00:11:22:33:44:55", "10.0.0.5"))],
		[vm + dhcpd(host("00:11:22:33:44:55", "10.0.0.5", "a")), "/etc/dhcpd.conf: 00:11:22:33:44:55"],
		[dhcpd(host("fe:e1:ba:d0:00:02", "10.0.0.5"))],
		[`//- /etc/vm.conf\ninclude "/etc/vm.d/x"\n${dhcpd(host("fe:e1:ba:d0:00:02", "10.0.0.5"))}`],
	],
	"host/forwarding-off": [
		[routed + sysctl("net.inet.ip.forwarding=2"), "/etc/sysctl.conf: net.inet.ip.forwarding=2"],
		[routed + sysctl(), "/etc/sysctl.conf: "],
		[routed + sysctl("net.inet.ip.forwarding=0", "net.inet.ip.forwarding=1")],
		[routed + sysctl("net.inet.ip.forwarding=1", "net.inet.ip.forwarding=0"), "/etc/sysctl.conf: net.inet.ip.forwarding=0"],
		[routed.replace(/\/\/- \/etc\/hostname.em0[\s\S]*/, "") + sysctl()],
		[routed.replace("inet 192.0.2.2/24", "up") + sysctl()],
		[routed.replace("add vport0", "add vport0\nadd em1") + sysctl()],
		[routed],
	],
	"host/forwarding6-off": [
		[routed6 + sysctl("net.inet.ip.forwarding=1", "net.inet6.ip6.forwarding=0"), "/etc/sysctl.conf: net.inet6.ip6.forwarding=0"],
		[routed6 + sysctl("net.inet.ip.forwarding=1", "net.inet6.ip6.forwarding=2"), "/etc/sysctl.conf: net.inet6.ip6.forwarding=2"],
		[routed6 + sysctl("net.inet.ip.forwarding=1"), "/etc/sysctl.conf: "],
		[routed6 + sysctl("net.inet6.ip6.forwarding=0", "net.inet6.ip6.forwarding=1")],
		[routed6.replace("add vport0", "add vport0\nadd em1") + sysctl("net.inet.ip.forwarding=1")],
		[routed + sysctl("net.inet.ip.forwarding=1", "net.inet6.ip6.forwarding=0")],
		[routed6],
	],
	"host/sysctl-words": [
		[sysctl("net.inet.ip.forwarding = 1", "kern.maxproc= 5"), "/etc/sysctl.conf: net.inet.ip.forwarding"],
		[sysctl("net.inet.ip.forwarding =1"), "/etc/sysctl.conf: net.inet.ip.forwarding"],
		[sysctl("net.inet.ip.forwarding")],
		[sysctl("net.inet.ip.forwarding=1 = 2")],
		[sysctl("forwarding = 1")],
	],
	"host/sysctl-line": [
		[sysctl("\tnet.inet.ip.forwarding=1 # on"), "/etc/sysctl.conf: net.inet.ip.forwarding=1"],
		[sysctl("net.inet.ip.forwarding=1 net.inet6.ip6.forwarding=1"), "/etc/sysctl.conf: net.inet6.ip6.forwarding=1"],
		[sysctl("# forwarding", "  # net.inet.ip.forwarding=1", "  ", "net.inet.ip.forwarding=1 # kern.maxproc=5")],
		[sysctl("net.inet.ip.forwarding=1 on")],
		[sysctl("  forwarding")],
	],
	"host/sysctl-name": [
		[sysctl("net.inet.ip.forwardin=1"), "/etc/sysctl.conf: net.inet.ip.forwardin"],
		[sysctl("net.inet.ip.forwardingg=1"), "/etc/sysctl.conf: net.inet.ip.forwardingg"],
		[sysctl("net.inet.ip.fowrarding=1"), "/etc/sysctl.conf: net.inet.ip.fowrarding"],
		[sysctl("net.inet.ip.fwrarding=1")],
		[sysctl("net.inet.ip.forwadring=1"), "/etc/sysctl.conf: net.inet.ip.forwadring"],
		[sysctl("net.inet6.ip6.forwardinf=1"), "/etc/sysctl.conf: net.inet6.ip6.forwardinf"],
		[sysctl("net.inet6.ip6.mforwarding=1")],
		[sysctl("net.inet.ip.mforwarding=1", "net.inet.ip.multipath=1", "net.inet.ip.multipat=1", "net.inet.ip.redirect=0")],
	],
	"host/dhcp-wrong-segment": [
		[routed + dhcpd(host("fe:e1:ba:d0:00:01", "10.9.0.5")), "/etc/dhcpd.conf: 10.9.0.5"],
		[routed + dhcpd(host("fe:e1:ba:d0:00:01", "10.0.0.5"))],
		[routed.replace("add vport0", "add vport0\nadd em1") + dhcpd(host("fe:e1:ba:d0:00:01", "10.9.0.5"))],
		[routed.replace("255.255.255.0", "255.255.255.0\ninet alias 10.5.0.1/24") + dhcpd(host("fe:e1:ba:d0:00:01", "10.0.0.5"))],
		[routed.replace("255.255.255.0", "255.255.255.0\ninet alias gate 255.255.255.0") + dhcpd(host("fe:e1:ba:d0:00:01", "10.9.0.5"))],
		[routed.replace("10.0.0.1 255.255.255.0", "gate 255.255.255.0") + dhcpd(host("fe:e1:ba:d0:00:01", "10.9.0.5"))],
		[routed.replace("inet 10.0.0.1 255.255.255.0", "inet6 fd00::1 64") + dhcpd(host("fe:e1:ba:d0:00:01", "10.9.0.5"))],
	],
	"host/pf-off": [
		[`${rc("pf=no")}//- /etc/pf.conf\nblock\n`, "/etc/rc.conf.local: pf=no"],
		[rc("pf=NO")],
		[`${rc("pflogd=NO")}//- /etc/pf.conf\nblock\n`],
	],
	"host/file-mode": [
		["//- /etc/hostname.em0 0644\nup\n", "/etc/hostname.em0: "],
		["//- /etc/hostname.em0 0640\nup\n"],
		["//- /etc/vm.conf 0664\n", "/etc/vm.conf: "],
		["//- /etc/vm.conf 0644\n"],
		["//- /etc/pf.conf 0400\nblock\n"],
		["//- /etc/pf.conf 0700\nblock\n", "/etc/pf.conf: "],
		["//- /etc/mygate 0777\n192.0.2.1\n"],
	],
	"host/shadowed-hostname": [
		["//- /etc/hostname.em0\nup\n"],
		["//- /etc/hostname.00:11:22:aa:bb:cc\nup\n"],
		["//- /etc/hostname.00:11:22:AA:BB:CC\nup\n", "/etc/hostname.00:11:22:AA:BB:CC: "],
		["//- /etc/hostname.em0~\nup\n", "/etc/hostname.em0~: "],
		["//- /etc/hostname.if\nup\n"],
		["//- /etc/hostname.em\nup\n", "/etc/hostname.em: "],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files)).toEqual(found);
	});
});

test("a file that belongs to somebody else has too many rights", () => {
	const files = (owner: { uid?: number; gid?: number }) => ({ files: new Map([["/etc/vm.conf", { text: "", mode: 0o644, ...owner }]]) });
	expect(faultsOf("host/file-mode", "", files({ uid: 0, gid: 0 }))).toEqual([]);
	expect(faultsOf("host/file-mode", "", files({ uid: 1000 }))).toHaveLength(1);
	expect(faultsOf("host/file-mode", "", files({ uid: 0, gid: 5 }))).toHaveLength(1);
});

test("an interface that the running host has with an address may be served", () => {
	const facts = (...addresses: readonly string[]) => ({
		facts: { interfaces: [{ name: "em9", groups: [], addresses: addresses.map((address) => ({ family: "inet" as const, address })) }] },
	});
	const files = routed + rc("dhcpd_flags=em9");
	expect(faultsOf("host/dhcpd-without-address", files, facts())).toEqual(["/etc/rc.conf.local: em9"]);
	expect(faultsOf("host/dhcpd-without-address", files, facts("10.0.0.9"))).toEqual([]);
});

test.each([
	["host/vmd-off", vm + rc(""), '/etc/rc.conf.local:2 "" => "vmd_flags=\\n"'],
	["host/vmd-off", `${vm}//- /etc/rc.conf.local\n`, '/etc/rc.conf.local:1 "" => "vmd_flags=\\n"'],
	["host/vmd-off", `${vm}//- /etc/rc.conf.local\npf=YES`, '/etc/rc.conf.local:1 "" => "\\nvmd_flags=\\n"'],
	["host/vmd-off", vm + rc("vmd_flags=NO"), '/etc/rc.conf.local:1 "vmd_flags=NO" => "vmd_flags="'],
	["host/forwarding-off", routed + sysctl(), '/etc/sysctl.conf:1 "" => "net.inet.ip.forwarding=1\\n"'],
	["host/forwarding-off", `${routed}//- /etc/sysctl.conf\nddb.panic=0`, '/etc/sysctl.conf:1 "" => "\\nnet.inet.ip.forwarding=1\\n"'],
	[
		"host/forwarding-off",
		routed + sysctl("net.inet.ip.forwarding=0"),
		'/etc/sysctl.conf:1 "net.inet.ip.forwarding=0" => "net.inet.ip.forwarding=1"',
	],
	[
		"host/dhcp-no-router",
		`${routed + sysctl("net.inet.ip.forwarding=1")}//- /etc/dhcpd.conf\nsubnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.5 10.0.0.9; }\n`,
		'/etc/dhcpd.conf:1 "" => "option routers 10.0.0.1; "',
	],
	[
		"host/dhcp-no-router",
		routed + sysctl("net.inet.ip.forwarding=1") + dhcpd("\trange 10.0.0.5", "\t\t10.0.0.9; # all of them"),
		'/etc/dhcpd.conf:2 "" => "option routers 10.0.0.1;\\n\\t"',
	],
] as const)("%s is mended whatever the lines of the file: %#", (code, files, change) => {
	expect(fixesOf(code, files).map((fix) => fix.slice(fix.indexOf("/etc/")))).toEqual([change]);
});

test.each([
	["where pf.conf loads it", { "/etc/pf.conf": 'load anchor "a" from "/etc/a"\n' }, "special", ['/etc/pf.conf: "/etc/a"']],
	["where vm.conf includes it", { "/etc/vm.conf": 'include "/etc/b"\ninclude "/etc/a"\n' }, "special", ["/etc/vm.conf: /etc/a"]],
	["where a folder is taken for a file", { "/etc/vm.conf": 'include "/etc/a"\n' }, "folder", ["/etc/vm.conf: /etc/a"]],
	["at its own path where nothing names it", { "/etc/pf.conf": "pass\n" }, "special", ["/etc/a: "]],
	["not of a folder that nothing takes for a file", { "/etc/pf.conf": "pass\n" }, "folder", []],
	["not of one that is open", { "/etc/a": "pass\n" }, "special", []],
] as const)("a file that is not read is told of %s", (_, texts, reason, told) => {
	const files = Object.entries(texts).map(([path, text]) => {
		const parsed = path === "/etc/vm.conf" ? VmFile.parse(text, { path }) : PfFile.parse(text, { path });
		return [path, { text, parsed }] as const;
	});
	expect(faultsOf("host/file-not-read", "", { files: new Map(files), notRead: new Map([["/etc/a", reason]]) })).toEqual(told);
});

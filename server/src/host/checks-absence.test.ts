import { describe, expect, test } from "vitest";
import type { HostCode } from "./checks.ts";
import { faultsOf } from "./fixture.ts";

const vm = '//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n';
const routed = `${vm}//- /etc/hostname.veb0\nadd vport0\nup\n//- /etc/hostname.vport0\ninet 10.0.0.1/24\n//- /etc/hostname.em0\ninet 192.0.2.2/24\n`;
const rc = (line: string): string => `//- /etc/rc.conf.local\n${line}\n`;
const pf = (rule: string): string => `//- /etc/pf.conf\n${rule}\n`;
const em0 = "//- /etc/hostname.em0\ninet 192.0.2.2/24\n";
const nat = "match out on em0 inet nat-to (em0)";

/** Cases beside the ones of the tables of all checks: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/no-sysctl-conf": [
		[routed + rc("vmd_flags="), "/etc/hostname.vport0: 10.0.0.1"],
		[routed + rc("vmd_flags=") + pf(nat), `/etc/pf.conf: ${nat}`],
		[em0 + rc("vmd_flags=") + pf(nat)],
		[em0 + rc("vmd_flags=") + pf("pass in on em0 inet6 af-to inet from 192.0.2.2")],
		[em0 + rc("vmd_flags=") + pf("pass")],
		[`${routed}${rc("vmd_flags=")}//- /etc/sysctl.conf\n`],
		[routed],
		[routed.replace("inet 10.0.0.1/24", "inet6 fd00::1 64") + rc("vmd_flags=")],
		[routed.replace("add vport0", "add vport0\nadd em1") + rc("vmd_flags=")],
		[routed.replace('interface { switch "lan" }', "") + rc("vmd_flags=")],
	],
	"host/sysctl-conf-elsewhere": [
		[em0 + rc("vmd_flags=") + pf(nat), `/etc/pf.conf: ${nat}`],
		[em0 + pf(nat)],
		[routed + rc("vmd_flags=") + pf(nat)],
		[`${em0}${rc("vmd_flags=")}//- /etc/sysctl.conf\n${pf(nat)}`],
		[em0 + rc("vmd_flags=") + pf("pass")],
	],
	"host/no-rc-conf-local": [
		[`${routed}//- /etc/sysctl.conf\n`, '/etc/vm.conf: "a"'],
		[`${routed}${rc("x=1")}//- /etc/sysctl.conf\n`],
		[`${em0}//- /etc/sysctl.conf\n`],
		[routed],
	],
	"host/no-dhcpd-conf": [
		[`${em0}${rc("dhcpd_flags=em0")}//- /etc/sysctl.conf\n`, "/etc/rc.conf.local: em0"],
		[`${em0}${rc("dhcpd_flags=")}//- /etc/sysctl.conf\n`, "/etc/rc.conf.local: dhcpd_flags="],
		[`${em0}${rc("dhcpd_flags=NO")}//- /etc/sysctl.conf\n`],
		[`${em0}${rc("dhcpd_flags=-c /x em0")}//- /etc/sysctl.conf\n`],
		[`${em0}${rc("dhcpd_flags=em0 -c /x")}//- /etc/sysctl.conf\n`],
		[`${em0}${rc("dhcpd_flags=em0")}//- /etc/sysctl.conf\n//- /etc/dhcpd.conf\n`],
		[`${em0}${rc("x=1")}//- /etc/sysctl.conf\n`],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files)).toEqual(found);
	});
});

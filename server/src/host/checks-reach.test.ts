import { describe, expect, test } from "vitest";
import type { HostCode } from "./checks.ts";
import { faultsOf } from "./fixture.ts";

const guest = '//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n';
const host = (address: string, ...rules: string[]): string =>
	`${guest}//- /etc/hostname.veb0\nlink1\nadd vport0\nup\n//- /etc/hostname.vport0\n${address}\n//- /etc/hostname.em0\ninet 192.0.2.2/24\n//- /etc/pf.conf\n${rules.map((rule) => `${rule}\n`).join("")}`;
const sysctl = (...lines: string[]): string => `//- /etc/sysctl.conf\n${lines.map((line) => `${line}\n`).join("")}`;
const nat = "match out on em0 inet nat-to (em0)";
const pf = (rule: string): string => `//- /etc/pf.conf\n${rule}\n`;

/** Cases beside the ones of the tables of all checks: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/nat-without-forwarding": [
		[pf(nat) + sysctl(), "/etc/pf.conf: match out on em0 inet nat-to (em0)"],
		[pf(nat) + sysctl("net.inet.ip.forwarding=1", "net.inet.ip.forwarding=0"), "/etc/pf.conf: match out on em0 inet nat-to (em0)"],
		[pf(nat) + sysctl("net.inet.ip.forwarding=0", "net.inet.ip.forwarding=1")],
		[pf(nat) + sysctl("net.inet.ip.forwarding=1", "net.inet6.ip6.forwarding=0")],
		[pf("pass in on em0 inet6 af-to inet from 192.0.2.2") + sysctl()],
		[pf("pass") + sysctl()],
		[pf(nat)],
	],
	"host/no-nat": [
		[host("inet 10.0.0.1/24", "pass"), "/etc/hostname.vport0: 10.0.0.1"],
		[host("inet 172.16.0.1/24", "pass"), "/etc/hostname.vport0: 172.16.0.1"],
		[host("inet 172.31.255.1/24", "pass"), "/etc/hostname.vport0: 172.31.255.1"],
		[host("inet 172.32.0.1/24", "pass")],
		[host("inet 192.168.255.1/24", "pass"), "/etc/hostname.vport0: 192.168.255.1"],
		[host("inet 192.169.0.1/24", "pass")],
		[host("inet 100.64.0.1/24", "pass"), "/etc/hostname.vport0: 100.64.0.1"],
		[host("inet 100.128.0.1/24", "pass")],
		[host("inet 11.0.0.1/24", "pass")],
		[host("inet 203.0.113.1/24", "pass")],
		[host("inet6 fd00::1 64", "pass")],
		[host("inet 10.0.0.1/24", nat)],
		[host("inet 10.0.0.1/24", "match out on em0 inet from 10.0.0.0/24 nat-to (em0)")],
		[host("inet 10.0.0.1/24", "match out on em0 inet from 10.9.0.0/24 nat-to (em0)"), "/etc/hostname.vport0: 10.0.0.1"],
		[host("inet 10.0.0.1/24", "match out on em0 inet from ! 10.9.0.0/24 nat-to (em0)")],
		[host("inet 10.0.0.1/24", "match out on em0 inet from 10.0.0.128/25 nat-to (em0)")],
		[host("inet 10.0.0.1/24", "match out on em0 inet from 10.0.1.0/24 nat-to (em0)"), "/etc/hostname.vport0: 10.0.0.1"],
		[host("inet 10.0.0.1/24", "match out on em0 inet from (vport0:network) nat-to (em0)")],
		[host("inet 10.0.0.1/24", "pass").replace("add vport0", "add vport0\nadd em1")],
		[host("inet 10.0.0.1/24", "pass").replace(/interface \{.*\}/, "")],
		[
			host("inet 10.0.0.1/24", "match out on em0 inet from 10.0.0.0/24 nat-to (em0)").replace(/interface \{.*\}/, "local interface"),
			"/etc/vm.conf: local",
		],
		[host("inet 10.0.0.1/24", "match out on em0 inet from 100.64.0.0/10 nat-to (em0)").replace(/interface \{.*\}/, "local interface")],
		[host("inet 10.0.0.1/24", "match out on em0 inet from 100.64.1.0/24 nat-to (em0)").replace(/interface \{.*\}/, "local interface")],
		[host("inet 10.0.0.1/24", "match out on em0 inet nat-to (em0)").replace(/interface \{.*\}/, "local interface")],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files)).toEqual(found);
	});
});

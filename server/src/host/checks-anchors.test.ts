import { describe, expect, test } from "vitest";
import type { HostCode } from "./checks.ts";
import { faultsOf } from "./fixture.ts";

/** A guest behind the host, with an anchor of its own. */
const host = (rules: string, more = ""): string => `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web" {
	disk "/w"
	interface tap3 { switch "lan" lladdr fe:e1:ba:d0:00:01 }
}
vm "db" {
	disk "/d"
	interface tap2 { switch "lan" }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.0.0.1/24
inet6 fd00::1 64
//- /etc/hostname.em0
inet 192.0.2.2/24
//- /etc/dhcpd.conf
subnet 10.0.0.0 netmask 255.255.255.0 {
	range 10.0.0.100 10.0.0.199;
	range 10.0.0.210;
	host web { hardware ethernet fe:e1:ba:d0:00:01; fixed-address 10.0.0.20; }
}
${more}//- /etc/pf.conf
${rules}
`;
const anchor = (name: string, rule: string): string => `anchor "${name}" {\n\t${rule}\n}`;
const at = (rule: string): string => `/etc/pf.conf: ${rule}`;

/** Cases beside the ones of the tables of all checks: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/anchor-address-dynamic": [
		[host(anchor("db", "pass out on tap2 inet to 10.0.0.100")), at("pass out on tap2 inet to 10.0.0.100")],
		[host(anchor("db", "pass in on tap2 inet from 10.0.0.199")), at("pass in on tap2 inet from 10.0.0.199")],
		[host(anchor("db", "pass in on tap2 inet from 10.0.0.210")), at("pass in on tap2 inet from 10.0.0.210")],
		[host(anchor("db", "pass in on tap2 inet from 10.0.0.99"))],
		[host(anchor("db", "pass in on tap2 inet from 10.0.0.200"))],
		[host(anchor("db", "pass in on tap2 inet to 10.0.0.100"))],
		[host(anchor("db", "pass on tap2 inet to 10.0.0.100"))],
		[host(anchor("other", "pass out on tap2 inet to 10.0.0.100"))],
		[host("pass out on tap2 inet to 10.0.0.100")],
		[
			host(anchor("db", "pass out on tap2 inet to 10.0.0.100\n\tpass out on tap2 inet to 10.0.0.101")),
			at("pass out on tap2 inet to 10.0.0.100"),
		],
	],
	"host/rdr-to-dynamic": [
		[host("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.100"), at("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.100")],
		[host("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.20")],
		[host("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.0/24")],
		[host("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.200")],
	],
	"host/nat-other-network": [
		[host("match out on em0 inet from 10.1.0.0/24 nat-to (em0)"), at("match out on em0 inet from 10.1.0.0/24 nat-to (em0)")],
		[host("match out on em0 inet from 10.0.0.0/24 nat-to (em0)")],
		[host("match out on em0 inet from 10.0.0.0/8 nat-to (em0)")],
		[host("match out on em0 inet from 10.0.0.77 nat-to (em0)")],
		[host("match out on em0 inet from ! 10.1.0.0/24 nat-to (em0)")],
		[host("match out on em0 inet nat-to (em0)")],
		[host("match out on em0 inet6 from fd01::/64 nat-to (em0)")],
		[host("match out on em0 inet from (vport0:network) nat-to (em0)")],
		[host("pass out on em0 inet from 10.1.0.0/24")],
		[
			host("match out on em0 inet from 10.1.0.0/24 nat-to (em0)", "//- /etc/mygate\n192.0.2.1\n") +
				"//- /etc/hostname.em1\n!route add 10.1.0.0/24 10.0.0.5\n",
		],
		[
			host("match out on em0 inet from 10.1.0.0/24 nat-to (em0)", "//- /etc/mygate\n192.0.2.1\n"),
			at("match out on em0 inet from 10.1.0.0/24 nat-to (em0)"),
		],
	],
	"host/nat-on-inner-interface": [
		[host("match out on vport0 inet from 10.0.0.0/24 nat-to (em0)"), at("match out on vport0 inet from 10.0.0.0/24 nat-to (em0)")],
		[host("match out on em0 inet from 10.0.0.0/24 nat-to (em0)")],
		[host("match out on egress inet from 10.0.0.0/24 nat-to (em0)")],
		[host("match out on vport0 inet from (vport0:network) nat-to (em0)")],
		[host("match out on vport0 inet nat-to (em0)")],
		[host("match out on vport0 inet from ! 10.0.0.0/24 nat-to (em0)")],
		[host("pass out on vport0 inet from 10.0.0.0/24")],
		[host("match out on vport0 inet from 10.0.0.0/24 to 10.9.0.0/8 nat-to (em0)").replace("add vport0", "add vport0\nadd em1")],
	],
	"host/nat-address-at-load": [
		[host("match out on em0 inet nat-to em0").replace("inet 192.0.2.2/24", "inet autoconf"), at("match out on em0 inet nat-to em0")],
		[host("match out on em0 inet nat-to (em0)").replace("inet 192.0.2.2/24", "inet autoconf")],
		[host("match out on em0 inet nat-to 192.0.2.2").replace("inet 192.0.2.2/24", "inet autoconf")],
		[host("match out on em0 inet nat-to em0")],
		[host("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.20").replace("inet 192.0.2.2/24", "inet autoconf")],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files)).toEqual(found);
	});
});

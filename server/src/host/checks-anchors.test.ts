import { describe, expect, test } from "vitest";
import type { HostCode } from "./checks.ts";
import { anchor, faultsOf, fixesOf, routed as host } from "./fixture.ts";

/** Loads of anchors, which need not be there. */
const loads = (...anchors: readonly string[]): string => anchors.map((name) => `load anchor "${name}" from "/etc/a.conf"`).join("\n");
/** A network of the host's own beside that of the guests. */
const behindEm1 = "//- /etc/hostname.em1\ninet 10.7.0.1/24\n//- /etc/mygate\n192.0.2.1\n";
const at = (rule: string): string => `/etc/pf.conf: ${rule}`;

/** Cases beside the ones of the tables of all checks: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/endless-load": [
		[host(loads("a"), '//- /etc/a.conf\nload anchor "b" from "/etc/a.conf"\n'), '/etc/a.conf: "/etc/a.conf"'],
		[host(loads("a"), '//- /etc/a.conf\nload anchor "b" from "/etc/b.conf"\n//- /etc/b.conf\npass\n')],
	],
	"host/anchor-without-guest": [
		[host(loads("vm/web", "vm/gone")), '/etc/pf.conf: "vm/gone"'],
		[host(loads("/vm/web", "/vm/gone")), '/etc/pf.conf: "/vm/gone"'],
		[host(loads("vm/web", "vm/db", "relay/gone", "gone", "vm/*"))],
		[host(loads("vm/gone"))],
		[host(loads("vm/web", "vm/gone")).replace('vm "db"', 'include "/x"\nvm "db"')],
	],
	"host/anchor-address-dynamic": [
		[
			host(anchor("web", "pass in on tap3 inet from 10.0.0.150"))
				.replace("fixed-address 10.0.0.20", "fixed-address 10.0.0.150")
				.replace("interface tap3", 'interface { switch "lan" }\n\tinterface tap3'),
		],
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
		[host("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.128/25")],
		[host("pass in on em0 inet6 to fd00::5 af-to inet from 192.0.2.2 to 10.0.0.100")],
		[host("pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.100").replace("range 10.0.0.100 ", "range x ")],
	],
	"host/nat-other-network": [
		[host("match out on em0 inet from 10.1.0.0/24 nat-to (em0)"), at("match out on em0 inet from 10.1.0.0/24 nat-to (em0)")],
		[host("match out on em0 inet from 10.0.0.0/24 nat-to (em0)")],
		[host("match out on em0 inet from 10.0.0.0/8 nat-to (em0)")],
		[host("match out on em0 inet from 10.0.0.77 nat-to (em0)")],
		[host("match out on em0 inet from ! 10.1.0.0/24 nat-to (em0)")],
		[host("match out on em0 inet nat-to (em0)")],
		[host("match out on em0 inet from 0.0.0.0/0 nat-to (em0)")],
		[host("match out on em0 inet from 10.1.0.0/24 nat-to (em0)").replace("add vport0\n", "")],
		[host("match out on em0 inet from 10.1.0.0/24 nat-to (em0)").replace(/^inet [/.0-9]+$/gm, "up")],
		[host("pass in on em0 inet from 10.1.0.0/24 af-to inet6 from fd00::2")],
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
		[host("match out on em0 inet from 192.0.2.0/24 nat-to (em0)")],
		[host("match out on em1 inet from 10.7.0.0/24 nat-to (em0)", behindEm1), at("match out on em1 inet from 10.7.0.0/24 nat-to (em0)")],
		[host("match out on em1 inet from 10.7.0.9 nat-to (em0)", behindEm1), at("match out on em1 inet from 10.7.0.9 nat-to (em0)")],
		[host("match out on em1 inet from 10.0.0.0/8 nat-to (em0)", behindEm1)],
		[host("match out on em1 inet from 10.7.0.0/24 to 10.7.0.9 nat-to (em1)", behindEm1)],
		[host("match out on em1 inet from 10.7.0.0/24 to ! 10.0.0.0/8 nat-to (em1)", behindEm1)],
		[host("match out on em0 inet from (em1:network) nat-to (em0)\nmatch out on em1 inet from 10.7.0.0/24 nat-to (em1)", behindEm1)],
		[host("match out on em0 inet from 10.7.0.0/16 nat-to (em0)\nmatch out on em1 inet from 10.7.0.0/24 nat-to (em1)", behindEm1)],
		[host("match out on em0 inet from 10.7.0.9 nat-to (em0)\nmatch out on em1 inet from 10.7.0.0/24 nat-to (em1)", behindEm1)],
		[host("match out on em0 inet from ! 10.8.0.0/24 nat-to (em0)\nmatch out on em1 inet from 10.7.0.0/24 nat-to (em1)", behindEm1)],
		[
			host("match out on em0 inet from 10.0.0.0/24 nat-to (em0)\nmatch out on em1 inet from 10.7.0.0/24 nat-to (em1)", behindEm1),
			at("match out on em1 inet from 10.7.0.0/24 nat-to (em1)"),
		],
		[host("match out on vport0 inet from 10.0.0.0/24 to 10.9.0.0/8 nat-to (em0)").replace("add vport0", "add vport0\nadd em1")],
	],
	"host/nat-address-at-load": [
		[
			host("pass in on em0 inet from em0:network").replace("inet 192.0.2.2/24", "inet autoconf"),
			at("pass in on em0 inet from em0:network"),
		],
		// An address of its own beside the one from outside is there at load; antispoof knows no other way.
		[host("pass in on em0 inet from em0:network").replace("inet 192.0.2.2/24", "inet 192.0.2.2/24\ninet6 autoconf")],
		[host("pass in on em0 from em0:network").replace("inet 192.0.2.2/24", "inet 192.0.2.2/24\ninet6 autoconf")],
		[
			host("pass in on em0 inet6 from em0:network").replace("inet 192.0.2.2/24", "inet 192.0.2.2/24\ninet6 autoconf"),
			at("pass in on em0 inet6 from em0:network"),
		],
		[host("antispoof for em0").replace("inet 192.0.2.2/24", "inet autoconf")],
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

test.each([
	["nat-to em0 static-port", '"em0" => "(em0)"'],
	["nat-to  em0", '"em0" => "(em0)"'],
	["nat-to $ext", '"$ext" => "($ext)"'],
	["from em0:network to any nat-to 192.0.2.9", '"em0:network" => "(em0:network)"'],
	["from $ext:network to any nat-to 192.0.2.9", '"$ext:network" => "($ext:network)"'],
	["to em0 rdr-to 192.0.2.9", '"em0" => "(em0)"'],
	["nat-to em0:0", undefined],
	["to (em0) rdr-to 192.0.2.9", undefined],
])("%s becomes an address that is found at run time", (words, change) => {
	const files = host(`ext = em0\nmatch out on em0 inet ${words}`).replace("inet 192.0.2.2/24", "inet autoconf");
	expect(fixesOf("host/nat-address-at-load", files).map((fix) => fix.slice(fix.indexOf('"')))).toEqual(
		change === undefined ? [] : [change],
	);
});

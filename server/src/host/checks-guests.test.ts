import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { checkHost, type HostCode, hostChecks } from "./checks.ts";
import type { guestChecks } from "./checks-guests.ts";
import { filesOf, textsOf, told } from "./fixture.ts";
import { hostBuilder } from "./model.ts";
import { pfFacts } from "./pf-facts.ts";

/** Two guests on a routed veb with a policy each, by path; nothing is wrong with it. */
const good: Readonly<Record<string, string>> = {
	"/etc/vm.conf": `switch "isolated" {
	interface veb1
	locked lladdr
}
vm "web01" {
	disk "/web01"
	interface tap3 { switch "isolated" lladdr fe:e1:bb:d1:00:01 }
}
vm "db01" {
	disk "/db01"
	interface tap2 { switch "isolated" lladdr fe:e1:bb:d1:00:02 }
}
`,
	"/etc/hostname.em0": "inet autoconf\n",
	"/etc/hostname.vport0": "lladdr fe:e1:bb:d1:00:fe\ninet 10.50.0.1 255.255.255.0\nup\n",
	"/etc/hostname.tap2": "# db01\n",
	"/etc/hostname.tap3": "# web01\n",
	"/etc/hostname.veb1": `link1
add vport0
add tap2
add tap3
static tap3 fe:e1:bb:d1:00:01
rule pass in on tap3 src fe:e1:bb:d1:00:01 arp sha fe:e1:bb:d1:00:01 spa 10.50.0.20
rule block in on tap3 arp
up
`,
	"/etc/dhcpd.conf": `subnet 10.50.0.0 netmask 255.255.255.0 {
	option routers 10.50.0.1;
	range 10.50.0.100 10.50.0.199;
	host web01 { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.50.0.20; }
	host db01 { hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.30; }
}
`,
	"/etc/rc.conf.local": "dhcpd_flags=vport0\nvmd_flags=\n",
	"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
	"/etc/pf.conf": `set skip on lo
set state-policy if-bound
match out on em0 inet from 10.50.0.0/24 to any nat-to (em0)
block all
pass out on em0
pass in on em0 inet proto tcp to (em0) port 22
pass in on em0 inet proto tcp to (em0) port 80 rdr-to 10.50.0.20
pass in on vport0 inet from 10.50.0.0/24 to ! 10.50.0.0/24
pass out on vport0 inet to 10.50.0.0/24
pass in quick on tap inet proto udp from any port 68 to any port 67 no state
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
load anchor "vm/db01" from "/etc/pf.vm/db01.conf"
`,
	"/etc/pf.vm/web01.conf": "pass out on tap3 inet proto tcp to 10.50.0.20 port 80\n",
	"/etc/pf.vm/db01.conf": "pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port 3306\n",
};

/** Every text that is known in another language too. */
const translated = new Set(Object.keys(JSON.parse(readFileSync(new URL("../../../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8"))));

interface Found {
	readonly code: string;
	/** `PATH: code: words`. */
	readonly line: string;
	readonly told: readonly string[];
}

/** The diagnostics as `path: code: words`. */
function found(files: Readonly<Record<string, string>>): readonly string[] {
	return foundIn(files).map(({ line }) => line);
}

function foundIn(files: Readonly<Record<string, string>>): readonly Found[] {
	const source = filesOf(
		Object.entries(files)
			.map(([path, text]) => `//- ${path}\n${text}`)
			.join(""),
	);
	const pf = pfFacts(source);
	const host = hostBuilder()({ name: "hv1", files: source, ...(pf === undefined ? {} : { pf }) });
	return [...checkHost(host)].flatMap(([path, list]) =>
		list.map((one) => {
			expect(textsOf(one).filter((text) => !translated.has(text))).toEqual([]);
			const words = (files[path] ?? "").slice(one.span.start, one.span.end).trim();
			return { code: one.code, line: `${path}: ${one.code}: ${words}`, told: told(source, path, one) };
		}),
	);
}

type Change = readonly [path: string, from: string, to: string];

/** A switch that leads to a network outside as well. */
const withUplink: readonly Change[] = [
	["/etc/hostname.veb1", "add vport0\n", "add vport0\nadd em1\n"],
	["/etc/hostname.em1", "", "up\n"],
];
/** The host's gateway is in the guests' network. */
const gateway: readonly Change[] = [
	["/etc/hostname.em0", "inet autoconf", "inet 192.0.2.2/24"],
	["/etc/mygate", "", "10.50.0.254\n"],
];

/** For each check: near changes of the good host, and what of it is reported then. */
const near: Readonly<Partial<Record<keyof typeof guestChecks, readonly (readonly [changes: readonly Change[], ...reported: string[]])[]>>> =
	{
		"host/binding-without-port": [
			[[["/etc/hostname.veb1", "add tap3", "addspan tap3"]]],
			[[["/etc/hostname.veb1", "static tap3", "static tap4"]], "/etc/hostname.veb1: tap4"],
			[
				[["/etc/hostname.veb1", "rule block in on tap3 arp", "rule block in on tap4\nrule block in on tap4 arp"]],
				"/etc/hostname.veb1: tap4",
			],
		],
		"host/binding-lladdr-differs": [
			[[["/etc/vm.conf", "lladdr fe:e1:bb:d1:00:01", "lladdr FE:E1:BB:D1:00:01"]]],
			[[["/etc/vm.conf", "lladdr fe:e1:bb:d1:00:01", ""]]],
			[
				[
					["/etc/vm.conf", "tap2", "tap3"],
					["/etc/vm.conf", "d1:00:01", "d1:00:05"],
				],
			],
			[[["/etc/vm.conf", "interface tap3", "interface"]]],
		],
		"host/binding-random-lladdr": [
			[
				[
					["/etc/vm.conf", " lladdr fe:e1:bb:d1:00:01", ""],
					["/etc/vm.conf", "interface tap3", "interface"],
				],
			],
			[[["/etc/vm.conf", " lladdr fe:e1:bb:d1:00:02", ""]]],
			[
				[
					["/etc/vm.conf", " lladdr fe:e1:bb:d1:00:02", ""],
					["/etc/hostname.veb1", "up\n", "static tap2 fe:e1:bb:d1:00:02\nup\n"],
				],
				"/etc/hostname.veb1: fe:e1:bb:d1:00:02",
			],
		],
		"host/binding-address-differs": [
			[
				[
					["/etc/hostname.veb1", "spa 10.50.0.20", "spa 10.50.0.21"],
					["/etc/dhcpd.conf", "fixed-address 10.50.0.20", ""],
				],
			],
			[[["/etc/dhcpd.conf", "fixed-address 10.50.0.20", "fixed-address 10.50.0.21"]], "/etc/hostname.veb1: 10.50.0.20"],
		],
		"host/dhcp-same-address": [
			[[["/etc/dhcpd.conf", "fe:e1:bb:d1:00:02; fixed-address 10.50.0.30", "fe:e1:bb:d1:00:01; fixed-address 10.50.0.20"]]],
			[
				[
					["/etc/dhcpd.conf", " fixed-address 10.50.0.20;", ""],
					["/etc/dhcpd.conf", " fixed-address 10.50.0.30;", ""],
				],
			],
			[
				[
					["/etc/dhcpd.conf", "hardware ethernet fe:e1:bb:d1:00:01;", ""],
					["/etc/dhcpd.conf", "hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.30", "fixed-address 10.50.0.20"],
				],
				"/etc/dhcpd.conf: 10.50.0.20",
			],
		],
		"host/dhcp-same-ethernet": [
			[[["/etc/dhcpd.conf", "fe:e1:bb:d1:00:02", "FE:E1:BB:D1:00:01"]], "/etc/dhcpd.conf: FE:E1:BB:D1:00:01"],
			[
				[
					["/etc/dhcpd.conf", "hardware ethernet fe:e1:bb:d1:00:01;", ""],
					["/etc/dhcpd.conf", "hardware ethernet fe:e1:bb:d1:00:02;", ""],
				],
			],
			[
				[
					[
						"/etc/dhcpd.conf",
						"\thost db01 { hardware ethernet fe:e1:bb:d1:00:02",
						"}\nsubnet 10.60.0.0 netmask 255.255.255.0 {\n\thost db01 { hardware ethernet fe:e1:bb:d1:00:01",
					],
				],
			],
			[[["/etc/dhcpd.conf", "subnet 10.50.0.0", "host a { hardware ethernet fe:e1:bb:d1:00:01; }\nsubnet 10.50.0.0"]]],
		],
		"host/dhcp-fixed-is-host": [
			[[["/etc/dhcpd.conf", "10.50.0.30", "10.50.0.30, 10.50.0.1"]], "/etc/dhcpd.conf: 10.50.0.1"],
			[[["/etc/dhcpd.conf", "10.50.0.30", "db.example.net"]]],
			// The entry of another machine may be the host's own; a guest is known by its name or its MAC address.
			[
				[
					[
						"/etc/dhcpd.conf",
						"host db01 { hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.30",
						"host gw { hardware ethernet 00:0d:b9:1c:14:ad; fixed-address 10.50.0.1",
					],
				],
			],
			[
				[
					[
						"/etc/dhcpd.conf",
						"host db01 { hardware ethernet fe:e1:bb:d1:00:02; fixed-address 10.50.0.30",
						"host x { hardware ethernet FE:E1:BB:D1:00:02; fixed-address 10.50.0.1",
					],
				],
				"/etc/dhcpd.conf: 10.50.0.1",
			],
			[
				[
					["/etc/hostname.vport0", "inet 10.50.0.1 255.255.255.0", "inet6 fd00::1 64\ninet 10.50.0.1 255.255.255.0"],
					["/etc/dhcpd.conf", "10.50.0.30", "10.50.0.31"],
				],
			],
		],
		"host/dhcp-netmask-differs": [
			[[["/etc/hostname.vport0", "10.50.0.1 255.255.255.0", "10.50.0.1/24"]]],
			[[["/etc/hostname.vport0", "10.50.0.1 255.255.255.0", "10.51.0.1/16"]]],
			[[["/etc/dhcpd.conf", "255.255.255.0", "255.255.255.128"]], "/etc/dhcpd.conf: 255.255.255.128"],
		],
		"host/dhcpd-on-uplink": [
			// A LAN behind the host is served, by a device of the machine or over a switch with one.
			[[...withUplink]],
			[
				[
					["/etc/hostname.em2", "", "inet 10.60.0.1/24\n"],
					["/etc/rc.conf.local", "dhcpd_flags=vport0", 'dhcpd_flags="em2 vport0"'],
				],
			],
			// The host's own gateway is behind another interface, is of IPv6, or counts for nothing.
			[[...withUplink, ["/etc/hostname.em0", "inet autoconf", "inet 192.0.2.2/24"], ["/etc/mygate", "", "192.0.2.1\n"]]],
			[[...withUplink, ["/etc/hostname.em0", "inet autoconf", "inet 192.0.2.2/24"], ["/etc/mygate", "", "2001:db8::1\n"]]],
			[[...withUplink, ["/etc/mygate", "", "10.50.0.254\n"]]],
			// The subnet names that gateway: dhcpd is meant for that network.
			[[...withUplink, ...gateway, ["/etc/dhcpd.conf", "option routers 10.50.0.1", "option routers 10.50.0.254"]]],
			[[...withUplink, ...gateway], "/etc/rc.conf.local: vport0"],
			[[...withUplink, ...gateway, ["/etc/rc.conf.local", "dhcpd_flags=vport0", 'dhcpd_flags="em2 vport0"']], "/etc/rc.conf.local: vport0"],
			[[...withUplink, ...gateway, ["/etc/rc.conf.local", "dhcpd_flags=vport0", "dhcpd_flags=NO"]]],
			[[...withUplink, ...gateway, ["/etc/rc.conf.local", "dhcpd_flags=vport0\n", ""]]],
			// The host asks that network for its own address.
			[
				[
					["/etc/hostname.em2", "", "inet autoconf\n"],
					["/etc/rc.conf.local", "dhcpd_flags=vport0", "dhcpd_flags=em2"],
				],
				"/etc/rc.conf.local: em2",
			],
			[
				[
					["/etc/hostname.em2", "", "inet6 autoconf\ninet 10.60.0.1/24\n"],
					["/etc/rc.conf.local", "dhcpd_flags=vport0", "dhcpd_flags=em2"],
				],
			],
		],
		"host/same-lladdr": [
			[
				[
					["/etc/hostname.vport0", "fe:e1:bb:d1:00:fe", "random"],
					["/etc/hostname.vport1", "", "lladdr random\n"],
				],
			],
			[[["/etc/hostname.vlan1", "", "lladdr fe:e1:bb:d1:00:fe\nvnetid 1 parent em0\n"]]],
			[[["/etc/hostname.vport1", "", "lladdr fe:e1:bb:d1:00:fd\n"]]],
		],
	};

function changed(changes: readonly Change[]): Readonly<Record<string, string>> {
	const files: Record<string, string> = { ...good };
	for (const [path, from, to] of changes) {
		if (from !== "") expect(files[path]).toContain(from);
		files[path] = from === "" ? to : (files[path] ?? "").replace(from, to);
	}
	return files;
}

describe.each(Object.entries(near))("near %s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#", (_, changes, ...reported) => {
		const own = foundIn(changed(changes)).filter((one) => one.code === code);
		expect(own.map(({ line }) => line)).toEqual(reported.map((one) => one.replace(": ", `: ${code}: `)));
	});
});

test.each<[rules: string, found: boolean]>([
	["match out on em1 inet from 10.0.0.0/24 nat-to (em1)", true],
	["match out on em1 inet from 10.0.0.0/25 nat-to (em1)", true],
	["match out on em0 inet from 10.0.0.0/24 nat-to (em0)", false],
	["match out on em1 inet from 10.0.0.0/24 to 10.0.0.20 nat-to (em1)", false],
	["match out on em1 inet from 10.0.0.0/24 nat-to (em1)\nmatch out on em0 inet from 10.0.0.0/24 nat-to (em0)", false],
	["match out on em1 inet from 10.9.0.0/24 nat-to (em1)", false],
])("translation on the side of a router's LAN: %s", (rules, expected) => {
	const all = found({
		"/etc/hostname.em0": "inet autoconf\n",
		"/etc/hostname.em1": "inet 10.0.0.1/24\n",
		"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
		"/etc/pf.conf": `pass\n${rules}\n`,
	});
	expect(all.some((one) => one.includes("host/nat-on-inner-interface"))).toBe(expected);
});

describe("checks of what guests are bound to", () => {
	it("the host that they start from has no fault", () => {
		expect(found(good)).toEqual([]);
	});

	it("an interface's other addresses are not those of the subnet", () => {
		const addresses = "inet 10.9.0.1 255.255.0.0\ninet alias 10.50.0.1 255.255.0.0\ninet6 fd00::1 64\ninet alias gate 255.255.0.0";
		const all = foundIn(changed([["/etc/hostname.vport0", "inet 10.50.0.1 255.255.255.0", addresses]]));
		const own = all.filter(({ code }) => code === "host/dhcp-netmask-differs");
		expect(own.flatMap((one) => one.told)).toEqual([
			expect.stringContaining("vport0 has /16, not /24"),
			`see /etc/hostname.vport0:3 "10.50.0.1": The interface's address`,
		]);
	});

	it("anchors that a load with a pattern is meant for are read, since they stay when each gets a line", () => {
		const glob = 'load anchor "vm/*" from "/etc/pf.vm/*.conf"\n';
		const files = {
			...good,
			"/etc/pf.conf": `${(good["/etc/pf.conf"] ?? "").split("load anchor")[0]}${glob}`,
			"/etc/pf.vm/db01.conf": "pass in on tap2 inet proto tcp to 10.50.0.30 port 3306\npass out on tap3 inet to (tap2)\n",
		};
		expect(found(files)).toEqual([
			"/etc/pf.vm/db01.conf: host/reversed-direction: pass in on tap2 inet proto tcp to 10.50.0.30 port 3306",
			"/etc/pf.vm/db01.conf: host/tap-address: pass out on tap3 inet to (tap2)",
			"/etc/pf.vm/db01.conf: host/anchor-of-other-guest: pass out on tap3 inet to (tap2)",
			'/etc/pf.conf: host/load-anchor-glob: "/etc/pf.vm/*.conf"',
		]);
	});

	it("there are a hundred checks over all files of a host", () => {
		expect(Object.keys(hostChecks satisfies Readonly<Record<HostCode, unknown>>).length).toBeGreaterThanOrEqual(100);
	});
});

import { expect, test } from "vitest";
import { filesOf } from "../host/fixture.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { open } from "./testing.ts";

const VM = `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web" {
	disk "/web.img"
	interface tap1 { switch "lan" lladdr fe:e1:bb:d1:00:01 }
}
vm "db" {
	disk "/db.img"
	interface tap2 { switch "lan" }
}
`;
const HOST = `//- /etc/hostname.veb0
add vport0
link1
up
//- /etc/hostname.vport0
inet 10.0.0.1/24
up
//- /etc/hostname.em0
inet autoconf
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
`;
const DHCPD = `//- /etc/dhcpd.conf
subnet 10.0.0.0 netmask 255.255.255.0 {
	option routers 10.0.0.1;
	host web { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.0.0.2; }
}
`;
const TAPS = "//- /etc/hostname.tap1\n# web\n//- /etc/hostname.tap2\n# db\n";
const pf = (...lines: readonly string[]): string =>
	`//- /etc/pf.conf\nset skip on lo\nset state-policy if-bound\n${lines.map((line) => `${line}\n`).join("")}`;
const NAT = "match out on egress inet from 10.0.0.0/24 nat-to (egress)";
const web = (text: string): string => `//- /etc/pf.vm/web.conf\n${text}\n`;
const anchored = ["block", NAT, "pass in proto tcp to port ssh", 'anchor "vm/*"', 'load anchor "vm/web" from "/etc/pf.vm/web.conf"'];

/** A host with a fault, and what a file of it has after the fix. */
const cases: readonly (readonly [code: string, host: string, file: string, after: string])[] = [
	[
		"host/ssh-locked-out",
		VM + HOST + pf("block", NAT, "pass out"),
		"/etc/pf.conf",
		"block\npass in on egress inet proto tcp to (egress) port ssh\nmatch",
	],
	["host/no-nat", VM + HOST + pf("block", "pass"), "/etc/pf.conf", `${NAT}\nblock\n`],
	[
		"host/floating-states",
		`${VM}${HOST}//- /etc/pf.conf\n# c\nset skip on lo\nblock\n${NAT}\npass\npass out on tap1 to 10.0.0.2\n`,
		"/etc/pf.conf",
		"# c\nset state-policy if-bound\nset skip on lo\n",
	],
	[
		"host/nat-address-at-load",
		`${VM}${HOST}${pf('wan = "em0"', "pass", "match out on $wan inet nat-to $wan")}`,
		"/etc/pf.conf",
		"nat-to ($wan)",
	],
	[
		"host/skip-on-guest",
		VM + HOST + pf("set skip on { pflog vport0 }", NAT, "pass", "block in on vport0 to (self)"),
		"/etc/pf.conf",
		"set skip on { pflog }",
	],
	[
		"host/tap-address",
		VM + HOST + DHCPD + pf(...anchored) + web('tap = "tap1"\npass out on $tap inet proto tcp to ($tap) port 80'),
		"/etc/pf.vm/web.conf",
		"to 10.0.0.2 port 80",
	],
	[
		"host/reversed-direction",
		VM + HOST + DHCPD + pf(...anchored) + web("pass in on tap1 inet proto tcp to 10.0.0.2 port 80"),
		"/etc/pf.vm/web.conf",
		"pass out on tap1",
	],
	[
		"host/anchor-of-other-guest",
		VM + HOST + pf(...anchored) + web('tap = "tap2"\npass out on $tap inet proto tcp to 10.0.0.2 port 80'),
		"/etc/pf.vm/web.conf",
		'tap = "tap1"',
	],
	[
		"host/rule-on-unpinned-tap",
		VM.replace("tap1 ", "") + HOST + pf(...anchored) + web("pass out on tap1 inet proto tcp to 10.0.0.2 port 80"),
		"/etc/vm.conf",
		"interface tap1 { switch",
	],
	[
		"host/anchor-before-block",
		VM +
			HOST +
			pf(NAT, 'anchor "vm/*"', "block", "pass in proto tcp to port ssh", 'load anchor "vm/web" from "/etc/pf.vm/web.conf"') +
			web("pass out on tap1"),
		"/etc/pf.conf",
		'block\nanchor "vm/*"\npass in',
	],
	[
		"host/anchor-not-called",
		VM +
			HOST +
			pf("block", NAT, "pass in proto tcp to port ssh", 'load anchor "vm/web" from "/etc/pf.vm/web.conf"') +
			web("pass out on tap1"),
		"/etc/pf.conf",
		'anchor "vm/web"\nload anchor "vm/web"',
	],
	[
		"host/anchor-file-not-loaded",
		`${VM}${HOST}${pf(...anchored)}${web("pass out on tap1")}//- /etc/pf.vm/db.conf\npass out on tap2\n`,
		"/etc/pf.conf",
		'load anchor "vm/db" from "/etc/pf.vm/db.conf"\n',
	],
	[
		"host/nat-without-forwarding",
		VM + HOST.replace("forwarding=1", "forwarding=0") + pf("block", NAT, "pass"),
		"/etc/sysctl.conf",
		"net.inet.ip.forwarding=1",
	],
	["host/switch-down", VM.replace("interface veb0", "interface veb0\n\tdown") + HOST, "/etc/vm.conf", "interface veb0\n}"],
	["host/description-replaced", `${VM}${HOST.replace("link1", "link1\ndescription lan")}`, "/etc/hostname.veb0", "link1\nup"],
	["host/switch-rdomain", `${VM}${HOST.replace("link1", "rdomain 1\nlink1")}`, "/etc/vm.conf", '"lan" {\n\trdomain 1\n'],
];

test.each(cases)("the fix of %s", async (code, host, file, expected) => {
	const files = filesOf(host + TAPS);
	const found = (await reported(host + TAPS)).filter(([, one]) => one.code === code);
	expect(found.length).toBeGreaterThan(0);
	const [path = "", diagnostic] = found[0] ?? [];
	const [fix] = diagnostic?.fixes ?? [];
	const after = new Map([...files].map(([name, { text }]) => [name, text]));
	for (const edit of [...(fix?.edits ?? [])].sort((x, y) => y.span.start - x.span.start)) {
		const name = edit.file ?? path;
		const text = after.get(name) ?? "";
		after.set(name, text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end));
	}
	expect(after.get(file)).toContain(expected);
	const again = await reported([...after].map(([name, text]) => `//- ${name}\n${text}`).join(""));
	expect(again.map(([, one]) => one.code)).not.toContain(code);
});

async function reported(host: string): Promise<readonly (readonly [file: string, diagnostic: Diagnostic])[]> {
	const { session, documents } = await open(host);
	const all: (readonly [string, Diagnostic])[] = [];
	for (const path of filesOf(host).keys()) {
		const file = documents.file(`file:///host${path}`);
		for (const one of file === undefined ? [] : reportedDiagnostics(session, file)) all.push([path, one]);
	}
	return all;
}

test("what rules are missing is not said while one of them has an error", async () => {
	const codes = (await reported(VM + HOST + pf("block", "pass in proto tcp to port", "match out on egress nat-too (egress)") + TAPS)).map(
		([, { code }]) => code,
	);
	expect(codes).toContain("pf/syntax");
	expect(codes.filter((code) => /^host\/(ssh-locked-out|no-nat|guest-cut-off)$/.test(code))).toEqual([]);
});

test("what vm.conf lacks is not said while a statement of it has an error", async () => {
	const codes = async (vm: string) =>
		(await reported(vm + HOST + pf(...anchored) + web("pass out on tap1 inet proto tcp to 10.0.0.2 port 80"))).map(([, { code }]) => code);
	expect(await codes(VM.replace("tap1 ", ""))).toContain("host/rule-on-unpinned-tap");
	expect(await codes(VM.replace("interface tap1", "interfac tap1"))).not.toContain("host/rule-on-unpinned-tap");
});

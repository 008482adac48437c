import { describe, expect, test } from "vitest";
import type { HostCode } from "./checks.ts";
import { anchor, faultsOf, fixesOf, routed as host } from "./fixture.ts";

const at = (rule: string): string => `/etc/pf.conf: ${rule}`;

/** A pf.conf with two files of anchors. */
const loaded = (rules: string, web = "pass out on tap3\n", db = "pass out on tap2\n"): string =>
	host(rules, `//- /etc/pf.vm/web.conf\n${web}//- /etc/pf.vm/db.conf\n${db}`);
const load = (name: string, path = `/etc/pf.vm/${name}.conf`): string => `load anchor "vm/${name}" from "${path}"`;
const both = `${load("web")}\n${load("db")}`;

/** Cases beside the ones of the tables of all checks: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/anchor-of-other-guest": [
		[host(anchor("web", "pass out on tap2")), at("pass out on tap2")],
		[host(anchor("web", "pass out on tap3\n\tpass out\n\tpass on em0\n\tpass on tap"))],
		[host(anchor("other", "pass out on tap2"))],
		[host("pass out on tap2")],
	],
	"host/anchor-before-block": [
		[loaded(`anchor "vm/*"\nblock\n${both}`), at('anchor "vm/*"')],
		[loaded(`anchor "vm/*"\nblock out\n${both}`), at('anchor "vm/*"')],
		[loaded(`anchor "vm/*"\nblock in\n${both}`)],
		[loaded(`anchor "vm/*"\nblock out\n${both}`, "pass out on tap3\npass in on tap3\n")],
		[loaded(`block\nanchor "vm/*"\n${both}`)],
		[loaded(`anchor "vm/*" quick\nblock\n${both}`)],
		[loaded(`anchor "vm/*"\nblock on em0\n${both}`)],
		[loaded(`anchor "vm/*"\npass\n${both}`)],
		[loaded(`anchor "vm/*"\nblock\n${both}`, "pass out quick on tap3\n", "block on tap2\n")],
		[host(`${anchor("web", "pass out on tap3")}\nblock`), at('anchor "web" {\n\tpass out on tap3\n}')],
	],
	"host/load-anchor-glob": [
		[loaded('anchor "vm/*"\nload anchor "vm/*" from "/etc/pf.vm/*.conf"'), '/etc/pf.conf: "/etc/pf.vm/*.conf"'],
		[loaded(`anchor "vm/*"\n${both}`)],
	],
	"host/load-anchor-path": [
		[loaded(`anchor "vm/*"\n${load("old")}`), '/etc/pf.conf: "/etc/pf.vm/old.conf"'],
		[loaded(`anchor "vm/*"\n${load("web", "pf.vm/web.conf")}`), '/etc/pf.conf: "pf.vm/web.conf"'],
		[loaded(`anchor "vm/*"\n${load("web", "/home/web.conf")}`)],
		[loaded(`anchor "vm/*"\n${load("web", "/etc/pf.vms/web.conf")}`)],
		[loaded(`anchor "vm/*"\n${both}`)],
	],
	"host/anchor-not-called": [
		[loaded(`anchor "vm/web"\n${both}`), '/etc/pf.conf: "vm/db"'],
		[loaded(`anchor "vm"\n${both}`), '/etc/pf.conf: "vm/web"', '/etc/pf.conf: "vm/db"'],
		[loaded(`anchor "*"\n${both}`), '/etc/pf.conf: "vm/web"', '/etc/pf.conf: "vm/db"'],
		[loaded(`anchor "vm/*"\n${both}`)],
		[loaded(`anchor "vm/web"\nanchor "vm/db"\n${both}`)],
		[host('anchor "*"\nload anchor "web" from "/etc/pf.web"')],
		[host('anchor "*"\nload anchor "a/web" from "/etc/pf.web"'), '/etc/pf.conf: "a/web"'],
		// A file's own anchors may be called alone, by their names or all of them.
		[host('anchor "b/bad" in\nload anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\nanchor "bad" {\n\tblock\n}')],
		[host('anchor "b/*" in\nload anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\nanchor "bad" {\n\tblock\n}')],
		[
			host(
				'anchor "b/bad/worse" in\nload anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\nanchor "bad" {\n\tanchor "worse" {\n\t\tblock\n\t}\n}',
			),
		],
		[host('anchor "b/bad" in\nload anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\npass\nanchor "bad" {\n\tblock\n}'), '/etc/pf.conf: "b"'],
		[host('anchor "other/bad" in\nload anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\nanchor "bad" {\n\tblock\n}'), '/etc/pf.conf: "b"'],
		// An anchor's own call of what stands in it is no call of it.
		[host('load anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\nanchor "bad" {\n\tblock\n}\nanchor "bad"'), '/etc/pf.conf: "b"'],
		[host('anchor "b/bad" in\nload anchor "b" from "/etc/pf.elsewhere"')],
		[host('include "/etc/pf.more"\nload anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\npass')],
		// One that is called by another that nobody calls has its cause there.
		[
			host('load anchor "a" from "/etc/pf.a"\n//- /etc/pf.a\nanchor "b"\nload anchor "b" from "/etc/pf.b"\n//- /etc/pf.b\npass'),
			'/etc/pf.conf: "a"',
		],
	],
	"host/anchor-empty": [
		[host('anchor "vm/*"'), at('anchor "vm/*"')],
		[host('anchor "vm"'), at('anchor "vm"')],
		[host('anchor "vm"\nload anchor "vm" from "/etc/pf.web"')],
		[host('anchor "a"\nload anchor "a" from "/etc/pf.web"')],
		[host('anchor "vmx"\nanchor "ftp-proxy/*"\nanchor "relayd/*"')],
		[host(anchor("web", "pass"))],
		[loaded(`anchor "vm/*"\n${both}`)],
	],
	"host/guest-without-policy": [
		[host("block on tap3"), '/etc/vm.conf: "lan"'],
		[host("pass"), '/etc/vm.conf: "lan"', '/etc/vm.conf: "lan"'],
		[host("block")],
		[host("block on { tap2 tap3 }")],
		[host("block on tap3").replace('disk "/d"', 'disk "/d"\n\tdisable')],
		[host("block on tap3\npass on tap2"), '/etc/vm.conf: "lan"'],
	],
	"host/anchor-file-not-loaded": [
		[loaded(`anchor "vm/*"\n${load("web")}`), "/etc/pf.vm/db.conf: "],
		[loaded(`anchor "vm/*"\n${both}`)],
		[loaded("pass")],
		[loaded(`anchor "vm/*"\n${load("web")}`).replace("db.conf", "db.bak")],
		[host('anchor "x"\nload anchor "x" from "/etc/x.conf"', "//- /etc/x.conf\npass\n//- /etc/y.conf\npass\n")],
	],
	"host/address-outside-segment": [
		[host("pass in on tap3 inet from 10.1.0.5"), at("pass in on tap3 inet from 10.1.0.5")],
		[host("pass out on tap3 inet to 10.1.0.5"), at("pass out on tap3 inet to 10.1.0.5")],
		[host("pass in on tap3 inet from 10.0.0.5")],
		[host("pass in on tap3 inet to 10.1.0.5\npass on tap3 inet from 10.1.0.5\npass in on em0 inet from 10.1.0.5")],
		[host("pass in on tap3 inet from 10.1.0.0/24\npass out on tap3 inet to 255.255.255.255\npass in on tap3 inet from 0.0.0.0")],
		[host("pass in on tap3 inet from 10.1.0.5").replace("add vport0", "add vport0\nadd em1")],
		[host("pass in on tap3 inet from 10.1.0.5").replace('tap3 { switch "lan" lladdr', "tap3 { lladdr")],
		[host("pass in on tap3 inet6 from fd01::5/32")],
	],
	"host/anchor-address-differs": [
		[host(anchor("web", "pass in on tap3 inet from 10.0.0.21")), at("pass in on tap3 inet from 10.0.0.21")],
		[host(anchor("web", "pass out on tap3 inet to 10.0.0.21")), at("pass out on tap3 inet to 10.0.0.21")],
		[host(anchor("web", "pass in on tap3 inet from 10.0.0.20\n\tpass in on tap3 inet to 10.0.0.21"))],
		[host(anchor("web", "pass out on tap3 inet to 255.255.255.255\n\tpass on tap3 inet from 10.0.0.21"))],
		[host(anchor("web", "pass on tap3 inet to 10.0.0.21"))],
		[host(anchor("db", "pass in on tap2 inet from 10.0.0.21"))],
		[host(anchor("other", "pass in on tap3 inet from 10.0.0.21"))],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files)).toEqual(found);
	});
});

test.each([
	["of its one tap", "", ['preferred fix Write `tap3`: /etc/pf.conf:2 "tap2" => "tap3"']],
	["of no tap where it has two", "\n\tinterface tap4", []],
])("an anchor gets its guest's own tap: %s", (_, more, changes) => {
	const files = host(anchor("web", "pass out on tap2")).replace('disk "/w"', `disk "/w"${more}`);
	expect(fixesOf("host/anchor-of-other-guest", files)).toEqual(changes);
});

test.each([
	["with what stands before it", 'anchor "vm/*"\n', "", 2],
	["at the beginning of the file", "", "", 1],
	["at the end of the file", 'anchor "vm/*"\n', "pass\n", 2],
])("a line for each file in place of a pattern's: %s", (_, before, after, line) => {
	const pattern = 'load anchor "vm/*" from "/etc/pf.vm/*.conf"';
	const files = loaded(`${before}${pattern}\n${after}`).replace("db.conf", "db.conf.old.conf");
	expect(fixesOf("host/load-anchor-glob", files)).toEqual([
		`preferred fix One line for each file: /etc/pf.conf:${line} ${JSON.stringify(pattern)} => ${JSON.stringify(
			`${load("web")}\n${load("db.conf.old")}`,
		)}`,
	]);
});

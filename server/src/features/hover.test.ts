import { describe, expect, test } from "vitest";
import { MarkupContent } from "vscode-languageserver-types";
import { hover } from "./hover.ts";
import { open } from "./testing.ts";

const HOST = `//- /etc/hostname.veb0
add vport0
up
`;

const cases: readonly (readonly [name: string, text: string, ...says: string[]])[] = [
	[
		"a word: what it does, its argument, default, example and manual",
		'//- /etc/vm.conf\nvm "a" {\n\tmem|ory 1G\n}\n',
		"memory size",
		"Default: `512M`",
		"https://man.openbsd.org/vm.conf.5#memory",
	],
	[
		"a word of which a release brought one choice",
		"//- /etc/hostname.iwm0\nwpa|akms sha256-psk\n",
		"`psk`, `802.1x`, `sha256-psk` (since OpenBSD 7.9)",
	],
	[
		"a word of which a release takes one choice away",
		"//- /etc/hostname.trunk0\ntrunk|proto lacp trunkport em0\n",
		"From OpenBSD 7.9 on, `lacp` is for aggr(4) alone.",
	],
	[
		"a switch: the block that defines it",
		'//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch "l|an" }\n}\n',
		"Switch `lan`",
		"interface veb0",
	],
	[
		"an interface: its file and who uses it",
		`//- /etc/vm.conf\nswitch "lan" {\n\tinterface ve|b0\n}\n${HOST}`,
		"Interface `veb0`",
		"- Driver: `veb`",
		"- Members: `vport0`",
		"- Switches: `lan`",
		"Set up by `/etc/hostname.veb0`",
	],
	[
		"a veb that tells VLANs apart: who is in each",
		`//- /etc/pf.conf\npass on ve|b0\n//- /etc/hostname.veb0\nadd em1\n-untagged em1\ntagged em1 10-12\nadd vport0\nuntagged vport0 10\nadd vport1\nuntagged vport1 20\nup\n`,
		"- VLANs: `10: em1 vport0`, `20: vport1`",
	],
	[
		"a trunk: its VLANs",
		`//- /etc/pf.conf\npass on em|1\n//- /etc/hostname.veb0\nadd em1\n-untagged em1\ntagged em1 10-12\nadd vport0\nuntagged vport0 10\nadd vport1\nuntagged vport1 20\nup\n`,
		"- VLANs: `-untagged`, `tagged 10-12`",
	],
	["a file that is not known", '//- /etc/vm.conf\ninclude "/etc/vm.d/|a.conf"\n', "File `/etc/vm.d/a.conf`", "Not among the files"],
	["a word behind a list over several lines", "//- /etc/pf.conf\npass from { 10.0.0.1\n\t10.0.0.2 } t|o any\n", "The destination"],
	[
		"a network in pf.conf",
		"//- /etc/pf.conf\npass from 192.0.|2.0/24\n",
		"`192.0.2.0` to `192.0.2.255`: 256 addresses",
		"Netmask `255.255.255.0`",
	],
	["a network, from its mask", "//- /etc/pf.conf\npass from 192.0.2.0/2|4\n", "256 addresses"],
	["an IPv6 network in a table", "//- /etc/pf.conf\ntable <t> { 2001:db8:|:/32 }\n", "2^96 addresses"],
	["an address in the value of a macro", '//- /etc/pf.conf\na = "{ 10.0.0.1 192.0.|2.0/25 }"\n', "128 addresses"],
	["an interface in the value of a macro", `//- /etc/pf.conf\nlan = "ve|b0"\n${HOST}`, "Interface `veb0`", "- Members: `vport0`"],
	["what a macro stands for", `//- /etc/pf.conf\nlan = "veb0"\npass on $l|an\n${HOST}`, "Macro `lan`", "- Members: `vport0`"],
	[
		"a macro made of macros: as written and expanded",
		'//- /etc/pf.conf\na = "em0"\nb = "{" $a "em1 }"\npass on $|b\n',
		'"{" $a "em1 }"',
		"Expands to:",
		"{ em0 em1 }",
	],
	["a macro that is set twice: the value at its use", '//- /etc/pf.conf\na = "em0"\npass on $|a\na = "em1"\n', "```openbsd-pf\nem0\n```"],
	[
		"a table: contents and flags",
		"//- /etc/pf.conf\ntable <bad> persist { 10/8 }\npass to <b|ad>\n",
		"Table `bad`",
		"persist { 10.0.0.0/8 }",
	],
	[
		"an interface with a modifier",
		"//- /etc/pf.conf\npass from (em|0:network)\n//- /etc/hostname.em0\ninet 10.0.0.1/24\n",
		"Interface `em0`",
		"`10.0.0.1/24`",
	],
	[
		"a group of a guest's interface",
		'//- /etc/pf.conf\npass on we|b\n//- /etc/vm.conf\nvm "a" {\n\tinterface { group web }\n}\n',
		"Interface group `web`",
		"group web",
	],
	[
		"an address that dhcpd gives to a guest",
		"//- /etc/pf.conf\npass to 10.50.0.2|0\n" +
			'//- /etc/vm.conf\nvm "web01" {\n\tdisk "/a"\n\tinterface { lladdr FE:E1:ba:d0:00:01 }\n}\n' +
			"//- /etc/dhcpd.conf\nhost w { hardware ethernet fe:e1:ba:d0:00:01; fixed-address 10.50.0.20; }\n",
		"On this host:",
		"`web01`: `10.50.0.20`",
	],
	[
		"an anchor: the file that is loaded into it",
		'//- /etc/pf.conf\nload anchor "v|m/a" from "/etc/pf.a.conf"\n//- /etc/pf.a.conf\npass out on tap1\n',
		"In `/etc/pf.a.conf`",
		"pass out on tap1",
	],
	[
		"a call with a star: the anchors",
		'//- /etc/pf.conf\nanchor "v|m/*"\nload anchor "vm/a" from "/etc/pf.a.conf"\n//- /etc/pf.a.conf\npass\n',
		"- `vm/a`: `/etc/pf.a.conf`",
	],
	[
		"a rule: what it is loaded as",
		"//- /etc/pf.conf\npa|ss in proto { tcp udp } to port 53\n",
		"Loaded as 2 rules:",
		"pass in proto udp from any to any port = 53",
	],
	[
		"a rule in the block of an anchor",
		'//- /etc/pf.conf\nanchor "a" {\n\tbl|ock in\n}\n',
		"Loaded as:\n\n```openbsd-pf\nblock drop in all\n```",
	],
	["an anchor with its block", '//- /etc/pf.conf\nanc|hor "a" {\n\tblock in\n}\n', 'anchor "a" all {\n  block drop in all'],
	["an icmp type", "//- /etc/pf.conf\npass inet proto icmp icmp-type echo|req\n", "ICMP type 8, `echoreq`"],
	["an icmp6 type of the same name", "//- /etc/pf.conf\npass inet6 proto icmp6 icmp6-type echo|req\n", "ICMP type 128, `echoreq`"],
	["a service", "//- /etc/pf.conf\npass proto tcp to port http|s\n", "Service `https`: port 443"],
	["a protocol", "//- /etc/pf.conf\npass proto es|p\n", "Protocol `esp`: number 50"],
	["a word by its place: to, in log", "//- /etc/pf.conf\nblock log (t|o pflog1)\n", "Another log interface"],
	[
		"a word by its place: port, of a translation",
		"//- /etc/pf.conf\npass in proto tcp to port 80 rdr-to 10.0.0.1 po|rt 8080\n",
		"The ports to translate to.",
	],
	[
		"a word by its place: global, behind flush",
		"//- /etc/pf.conf\npass proto tcp keep state (max-src-conn 9, overload <b> flush glo|bal)\n",
		"Kills all states of the source",
	],
	["a word by its place: debug, the level", "//- /etc/pf.conf\nset debug de|bug\n", "Messages of severity `debug` and above."],
	["outside of a broken statement", "//- /etc/pf.conf\npass form any\nfoo bar\npass in on em0 pro|to tcp\n", "The protocol:"],
	["a line of a block behind a broken one", '//- /etc/pf.conf\nanchor "a" {\n\tpass form\n\tpass pro|to tcp\n}\n', "The protocol:"],
	[
		"hostname.if: a word, its place in the manual, and its command",
		"//- /etc/hostname.em0\nmt|u 9000\n",
		"https://man.openbsd.org/ifconfig.8#mtu",
		"netstart runs:",
		"ifconfig em0 mtu 9000",
	],
	["hostname.if: a netmask", "//- /etc/hostname.em0\ninet 10.0.0.1 255.255.2|55.0\n", "Netmask of a /24: 256 addresses"],
	[
		"hostname.if: a member",
		"//- /etc/hostname.veb0\nadd vpo|rt0\n//- /etc/hostname.vport0\ninet 10.50.0.1/24\n",
		"- Addresses: `10.50.0.1/24`",
		"- Member of: `veb0`",
	],
	["hostname.if: behind a broken line", "//- /etc/hostname.em0\nfoo bar\nmt|u 1500\n", "ifconfig em0 mtu 1500"],
	["vm.conf: a tap that a guest pins", '//- /etc/vm.conf\nvm "web" {\n\tinterface ta|p3 { switch "lan" }\n}\n', "- Guests: `web`"],
	["vm.conf: a template", '//- /etc/vm.conf\nvm "ba|se" instance "copy" {\n}\nvm "base" {\n\tdisk "/a"\n}\n', "Guest `base`", 'disk "/a"'],
	["vm.conf: outside of a broken guest", '//- /etc/vm.conf\nvm "b" {\n\tfoo\n}\nvm "a" {\n\tmem|ory 1G\n}\n', "memory size"],
	[
		"a tap in an anchor's macro, that no guest pins",
		'//- /etc/pf.vm/web01.conf\nintf = "ta|p3"\npass in on $intf\n//- /etc/vm.conf\nvm "web" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n',
		"Interface `tap3`",
		"No guest of vm.conf pins it",
	],
	["vm.conf: memory", '//- /etc/vm.conf\nvm "web" {\n\tmemory 2|G\n}\n', "2048 megabytes"],
	["vm.conf: memory in bytes", '//- /etc/vm.conf\nvm "web" {\n\tmemory 1073|741824\n}\n', "1024 megabytes"],
	[
		"vm.conf: a disk",
		'//- /etc/vm.conf\nvm "web" {\n\tdisk "/var/vm/w|eb.img"\n}\n',
		"install -d -o root -g wheel /var/vm",
		"vmctl create -s 20G /var/vm/web.img",
	],
	[
		"vm.conf: a disk whose ending does not tell its format",
		'//- /etc/vm.conf\nvm "web" {\n\tdisk "/var/vm/w|eb.img" format qcow2\n}\n',
		"vmctl create -s 20G qcow2:/var/vm/web.img",
	],
	[
		"hostname.if: a VLAN",
		"//- /etc/hostname.vlan10\nparent em1 vnetid 1|0\n//- /etc/hostname.vlan11\nparent em2 vnetid 10\n",
		"VLAN 10 of em1",
		"Also of: `vlan11`",
	],
	["a macro: its value", '//- /etc/vm.conf\nmem1 = "2G"\nvm "a" {\n\tmemory $me|m1\n}\n', "Macro `mem1`", "2G"],
];

describe("hover", () => {
	for (const [name, text, ...says] of cases) {
		test(name, async () => {
			const { session, file, offset } = await open(text);
			const shown = hover(session, file, offset);
			const contents = shown?.contents;
			const value = MarkupContent.is(contents) ? contents.value : "";
			for (const part of says) expect(value).toContain(part);
		});
	}

	test("nothing between words, nor on punctuation", async () => {
		const { session, file, offset } = await open('//- /etc/vm.conf\nvm "a" {\n\tmemory 1G\n|\n}\n');
		expect(hover(session, file, offset)).toBeNull();
	});

	test("in the reader's language", async () => {
		const translations = { "Switch `{0}`": "交换机 `{0}`" };
		const { session, file, offset } = await open('//- /etc/vm.conf\nswitch "l|an" {\n\tinterface veb0\n}\n', { translations });
		expect(JSON.stringify(hover(session, file, offset))).toContain("交换机 `lan`");
	});
});

test.each([
	["7.8", "https://man.openbsd.org/OpenBSD-7.8/ifconfig.8#mtu"],
	["8.0", "https://man.openbsd.org/ifconfig.8#mtu"],
] as const)("a word, its place in the manual of release %s, or in today's of one that is not out", async (release, url) => {
	const { session, documents, file, offset } = await open("//- /etc/hostname.em0\nmt|u 9000\n");
	documents.setRelease(release);
	const { contents } = hover(session, documents.file(file.uri) ?? file, offset) ?? {};
	expect(MarkupContent.is(contents) ? contents.value : "").toContain(`(${url})`);
});

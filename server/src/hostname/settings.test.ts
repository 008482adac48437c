/** What hostname files set, in short words. */
import { describe, expect, test } from "vitest";
import { maskBits, ruleText, type Setting, settingsOf } from "./settings.ts";

function shown(setting: Setting): string {
	switch (setting.kind) {
		case "address":
			return `${setting.family} ${setting.address}/${setting.bits ?? "?"}${setting.alias ? " alias" : ""}`;
		case "peer":
			return ["peer", setting.key, ...setting.words.flat()].join(" ");
		case "rule":
			return `rule of ${setting.port}: ${setting.text}`;
		case "command":
			return `!${setting.text}`;
		case "word":
			return [setting.word, ...setting.args].join(" ");
	}
}

const key = "3J0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8mF0RkU=";

test.each<[name: string, text: string, settings: readonly string[]]>([
	["em0", "inet 10.0.0.1 255.255.255.0 NONE mtu 1400\n", ["mtu 1400", "inet 10.0.0.1/24"]],
	[
		"em0",
		"inet alias 10.0.0.9 0xffffffff\n10.1.0.1/16\ninet 10.2.0.1\n",
		["inet 10.0.0.9/32 alias", "inet 10.1.0.1/16", "inet 10.2.0.1/?"],
	],
	["em0", "inet6 2001:db8::1\ninet6 alias 2001:db8::2 128\n", ["inet6 2001:db8::1/64", "inet6 2001:db8::2/128 alias"]],
	// The host part is the interface's own, and the second is taken away: neither is to be there in these words.
	["em0", "inet6 2001:db8:: 64 eui64\n10.0.0.1 delete\n", []],
	["em0", "dhcp\ninet6 autoconf\ndescr 'a b'\n", ["autoconf", "autoconf", "description a b"]],
	["em0", "!route add 10.0.0.0/8 10.1.0.1 # $if\n", ["!route add 10.0.0.0/8 10.1.0.1 # em0"]],
	["veb0", "add em1 add em2 link1 up\n", ["add em1", "add em2", "link1", "up"]],
	["veb0", "rule block on em1 src 0:1:2:3:4:aB\n", ["rule of em1: block in/out on em1 src 00:01:02:03:04:ab"]],
	["vlan1", "vlandev em0 vlan 7\n", ["parent em0", "vnetid 7"]],
	["wg0", `wgpeer ${key} wgaip 10.8.0.2/32 wgpka 25\nup\n`, [`peer ${key} wgaip 10.8.0.2/32 wgpka 25`, "up"]],
	["carp0", "inet 10.0.0.1 255.255.255.0 10.0.0.255 vhid 1 carpdev em0 pass x\n", ["vhid 1", "carpdev em0", "pass x", "inet 10.0.0.1/24"]],
	// netstart drops a last line without its end, and reads no other names.
	["em0", "up", []],
	["em0.bak", "up\n", []],
])("%s: %j", (name, text, settings) => {
	expect(settingsOf(name, text).flatMap((line) => line.settings.map(shown))).toEqual(settings);
});

test("a line has its source, with the lines that belong to its command", () => {
	const text = "up\ninet 10.0.0.1 255.255.255.255 NONE\ndest 10.0.0.2\ndescription a\\\nb\n";
	expect(settingsOf("gif0", text).map(({ source, start }) => [source, start])).toEqual([
		["up\n", 0],
		["inet 10.0.0.1 255.255.255.255 NONE\ndest 10.0.0.2\n", 3],
		["description a\\\nb\n", 52],
	]);
});

test.each([
	["up\n", true],
	["description $x\n", false],
	["mtu\n", false],
])("whether all of a line was understood: %j", (text, complete) => {
	expect(settingsOf("em0", text).map((line) => line.complete)).toEqual([complete]);
});

describe("masks", () => {
	test.each([
		["inet", "255.255.255.0", 24],
		["inet", "0xfffffff0", 28],
		["inet", "24", 24],
		["inet", "33", undefined],
		["inet", "255.0.255.0", undefined],
		["inet", undefined, undefined],
		["inet6", undefined, 64],
		["inet6", "48", 48],
		["inet6", "ffff::", undefined],
	] as const)("%s %s: %s", (family, text, bits) => {
		expect(maskBits(family, text)).toBe(bits);
	});
});

test("a rule has a direction where ifconfig shows it", () => {
	expect(ruleText(["pass", "in", "on", "em0", "tag", "x"])).toBe("pass in on em0 tag x");
	expect(ruleText(["pass", "on", "em0"])).toBe("pass in/out on em0");
});

import { describe, expect, test } from "vitest";
import { faultsOf } from "./fixture.ts";

const host = (rules: string, em1: string, more = ""): string =>
	`//- /etc/hostname.em0\ninet autoconf\n//- /etc/hostname.em1\n${em1}\n${more}//- /etc/pf.conf\n${rules}\n`;

/** Rules, hostname.em1, and whether pfctl finds no address. */
describe("the address of an interface that has none, at load", () => {
	test.each([
		["pass in from em1:network", "up", true],
		["pass in from em1", "up", true],
		["pass in to em1:0", "up", true],
		["pass in inet proto tcp to port 80 rdr-to em1", "up", true],
		["match out on em0 inet nat-to em1", "up", true],
		["pass in from { 10.0.0.0/8 em1:network }", "up", true],
		["table <lan> { em1:network }\npass in from <lan>", "up", true],
		['anchor "a" {\n\tpass in from em1:network\n}', "up", true],
		['lan = "em1"\npass in from $lan:network', "up", true],
		// One with an address, one that is found at run time, and what is no address of it.
		["pass in from em1:network", "inet 10.0.0.1/24", false],
		["pass in from em1:network", "inet6 autoconf", false],
		["pass in from em1:network", "dhcp", false],
		["pass in from em1:network", "!ifconfig em1 10.0.0.1/24", false],
		["pass in from (em1:network)", "up", false],
		["pass in on em1", "up", false],
		["antispoof for em1", "up", false],
		// Without a hostname file, nothing is known of it.
		["pass in from em2:network", "up", false],
		["pass in from lo0", "up", false],
	])("%s, hostname.em1 %s: %s", (rules, em1, refused) => {
		expect(faultsOf("host/no-address-at-load", host(rules, em1)).length).toBe(refused ? 1 : 0);
	});

	test.each([
		["lo0", "up", false],
		["lo1", "up", true],
		["vether0", "up", true],
		["wg0", "wgport 51820", false],
		["pppoe0", "pppoedev em0", false],
		["tun0", "up", false],
	])("hostname.%s %s: %s", (name, text, refused) => {
		const more = `//- /etc/hostname.${name}\n${text}\n`;
		expect(faultsOf("host/no-address-at-load", host(`pass in from ${name}:network`, "up", more)).length).toBe(refused ? 1 : 0);
	});
});

test.each([
	["pass in from www.example.com", true],
	["pass in from { 192.0.2.1 www.example.com }", true],
	["table <peers> { www.example.com }\npass in from <peers>", true],
	["pass out inet nat-to gate.example.com", true],
	["pass in from em1", false],
	["pass in from em1:network", false],
	["pass in from gate", false],
	["pass in from 192.0.2.1", false],
	["pass in from known.example.com", false],
])("%s asks for a name at load: %s", (rules, asked) => {
	const files = host(rules, "inet 10.0.0.1/24", "//- /etc/hosts\n192.0.2.9 known known.example.com # c\n");
	expect(faultsOf("host/name-at-load", files).length).toBe(asked ? 1 : 0);
});

describe("a file that is not there, beside one of nearly the same name", () => {
	const folder = (...names: readonly string[]) => new Map([["/etc/pf.anchors", names]]);
	test.each([
		["proxy_ftp", ["proxy-ftp"], "proxy-ftp"],
		["proxyftp", ["proxy-ftp"], "proxy-ftp"],
		["Proxy-ftp", ["proxy-ftp"], "proxy-ftp"],
		["proxy-fpt", ["proxy-ftp"], "proxy-ftp"],
		["proxy-ftp", ["proxy-ftp.conf"], "proxy-ftp.conf"],
		["proxy-ftp", ["web", "mail"], undefined],
		// Names beside each other are no slips: of numbers, of few letters, or named by others.
		["web3", ["web1", "web2"], undefined],
		["db", ["dc"], undefined],
		["other", ["mother"], "mother"],
		["proxy_ftp", ["proxy-ftp", "proxy.ftp"], undefined],
	])("%s beside %s", (name, names, expected) => {
		for (const statement of [
			`load anchor "a" from "/etc/pf.anchors/${name}"`,
			`include "/etc/pf.anchors/${name}"`,
			`table <t> file "/etc/pf.anchors/${name}"`,
		]) {
			const found = faultsOf("host/file-misspelt", host(statement, "up"), { names: folder(...names) });
			expect(found, statement).toEqual(expected === undefined ? [] : [`/etc/pf.conf: "/etc/pf.anchors/${name}"`]);
		}
	});

	test("what another statement names is that one's", () => {
		const both = 'load anchor "a" from "/etc/pf.anchors/proxy-ftp"\nload anchor "b" from "/etc/pf.anchors/proxy_ftp"';
		const files = host(both, "up", "//- /etc/pf.anchors/proxy-ftp\npass\n");
		expect(faultsOf("host/file-misspelt", files, { names: folder("proxy-ftp") })).toEqual([]);
	});
});

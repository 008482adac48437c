import { describe, expect, test } from "vitest";
import { dryRun } from "../ruleset/dryrun.ts";
import { MACHINE } from "../ruleset/testing.ts";

/** What pfctl prints of rules on the machine of `testing.ts`. */
const printed = (text: string, options = MACHINE): readonly string[] => {
	const { stdout, stderr } = dryRun(`${text}\n`, options);
	expect(stderr).toEqual([]);
	return stdout.trimEnd().split("\n");
};
const labels = (rule: string): readonly string[] => printed(rule).map((line) => /label "([^"]*)"/.exec(line)?.[1] ?? "");

describe("variables of labels", () => {
	test.each<readonly [string, ...(readonly string[])]>([
		['pass on { em0 em1 } label "$if"', "em0", "em1"],
		['pass label "$if $if"', "any any"],
		['pass proto { tcp 200 } label "$proto"', "tcp", "200"],
		['pass label "$proto"', "ip"],
		['pass label "$srcaddr>$dstaddr"', "any>any"],
		['pass inet label "$srcaddr"', "any"],
		['pass from 10.0.0.0/8 to 10.1.2.3 label "$srcaddr $dstaddr"', "10.0.0.0/8 10.1.2.3"],
		['pass from 2001:db8::/32 to 2001:db8::1 label "$srcaddr $dstaddr"', "2001:db8::/32 2001:db8::1"],
		['pass from ! 10.0.0.1 label "$srcaddr"', "! 10.0.0.1"],
		['pass from <t> to (em0) label "$srcaddr $dstaddr"', "<t> (em0)"],
		['block from no-route label "$srcaddr"', "no-route"],
		['block from urpf-failed label "$srcaddr"', "urpf-failed"],
		['pass from 10.0.0.1 - 10.0.0.9 label "$srcaddr"', "?"],
		['pass from route lan label "$srcaddr"', "?"],
		['pass proto tcp from any port 1024 to any port 80 label "$srcport:$dstport"', "1024:80"],
		['pass proto tcp to port { != 22 < 22 <= 22 > 22 >= 22 } label "$dstport"', "!=22", "<22", "<=22", ">22", ">=22"],
		['pass proto tcp to port { 1 >< 9 1 <> 9 1:9 } label "$dstport"', "1><9", "1<>9", ""],
		['pass label "[$srcport]"', "[]"],
		['pass label "$nr"\npass label "r$nr"', "0", "r1"],
		['pass label "$srcaddr$" tag "$if"', "any$"],
		['pass label "plain"', "plain"],
	])("%s", (rule, ...expected) => expect(labels(rule)).toEqual(expected));

	test("tags have them too", () => {
		expect(printed('pass in on em1 tag "$if$nr"\npass out tagged "$if"')).toEqual([
			"pass in on em1 all flags S/SA tag em10",
			"pass out all flags S/SA tagged any",
		]);
	});

	test("an interface is named by a link-local address as well", () => {
		expect(labels('block from fe80::2%em0 label "$if"')).toEqual(["em0"]);
	});
});

describe("what names stand for", () => {
	test.each<readonly [string, ...(readonly string[])]>([
		["em1", "10.0.0.1"],
		["em0:0", "192.0.2.2", "on em0 inet6 from fe80::2"],
		["em0:network", "192.0.2.0/24", "192.0.2.3", "2001:db8::/64"],
		["em0:network:0", "192.0.2.0/24", "2001:db8::/64"],
		["em0:broadcast", "192.0.2.255", "192.0.2.3"],
		["tun0:peer", "10.9.0.2"],
		["em1/24", "10.0.0.0/24"],
		["egress:broadcast", "192.0.2.255", "192.0.2.3"],
		["tun", "10.9.0.1"],
		["lo0", "::1", "on lo0 inet6 from fe80::1", "127.0.0.1"],
		["localhost", "127.0.0.1", "::1"],
		["localhost:0", "127.0.0.1", "::1"],
		["10", ""],
		["10/8", "10.0.0.0/8"],
		["10.1/16", "10.1.0.0/16"],
		["192.0.2.77/24", "192.0.2.0/24"],
		["2001:db8::77/64", "2001:db8::/64"],
		["fe80::9%em0", "on em0 inet6 from fe80::9"],
		["fe80::9%2", "on em0 inet6 from fe80::9"],
		["0/0", "any"],
	])("%s", (name, ...expected) => {
		const { stdout, stderr } = dryRun(`block from ${name}\n`, MACHINE);
		if (expected[0] === "") return expect(stderr.at(-1)).toBe("FILE:1: syntax error");
		const short = stdout
			.trimEnd()
			.split("\n")
			.map((line) => line.replace(/^block drop /, "").replace(/ to any$/, ""))
			.map((line) => line.replace(/^inet6? from /, ""));
		expect(short).toEqual(expected.map((one) => (one === "any" ? "inet all" : one)));
	});

	test.each([
		["nosuch0", "no IP address found for nosuch0"],
		["em1:peer", "no IP address found for em1:peer"],
		["lo0:broadcast", "no IP address found for lo0:broadcast"],
		["em0:nonsense", "no IP address found for em0:nonsense"],
		["fe80::9%em7", "no IP address found for fe80::9%em7"],
		["10.0.0.256", "no IP address found for 10.0.0.256"],
		["10.0.0.1/", "netmask is invalid: /"],
		["10.0.0.1/-1", "netmask is too small: /-1"],
		["em0:broadcast/8", "network or broadcast lookup, but extra netmask given"],
	])("%s is refused: %s", (name, message) => expect(dryRun(`block from "${name}"\n`, MACHINE).stderr[0]).toBe(message));

	test("where the interfaces are not known, names stand for themselves", () => {
		expect(printed("block from { em7 em7:network em7:0 self www.example.org }", {})).toEqual(
			["em7", "em7:network", "em7:0", "self", "www.example.org"].map((name) => `block drop from ${name} to any`),
		);
		expect(dryRun("block from 10.0.0\n", {}).accepted).toBe(false);
	});

	test("host names are those that are said to resolve", () => {
		const options = { ...MACHINE, hostNames: { web: ["192.0.2.9", "2001:db8::9", "192.0.2.10", "nonsense"] } };
		expect(printed("block from web", options)).toEqual([
			"block drop inet from 192.0.2.9 to any",
			"block drop inet6 from 2001:db8::9 to any",
			"block drop inet from 192.0.2.10 to any",
		]);
		expect(printed("block from web:0", options)).toEqual([
			"block drop inet from 192.0.2.9 to any",
			"block drop inet6 from 2001:db8::9 to any",
		]);
		expect(printed("block inet from web/24", options)).toEqual([
			"block drop inet from 192.0.2.0/24 to any",
			"block drop inet from 192.0.2.0/24 to any",
		]);
		expect(dryRun("block from localhost\n", options).accepted).toBe(false);
	});
});

describe("combinations that cannot be are left out", () => {
	test.each<readonly [string, ...(readonly string[])]>([
		["block from { 10.0.0.1 ::1 } to 10.0.0.2", "block drop inet from 10.0.0.1 to 10.0.0.2"],
		["block inet6 from { 10.0.0.1 ::1 }", "block drop inet6 from ::1 to any"],
		["block on { em0 em1 } from fe80::9%em0", "block drop on em0 inet6 from fe80::9 to any"],
		["block from fe80::9%em0 to { fe80::8%em0 fe80::8%lo0 }", "block drop on em0 inet6 from fe80::9 to fe80::8"],
		["block on { em0 em1 } to fe80::9%em0", "block drop on em0 inet6 from any to fe80::9"],
		["pass in inet rdr-to { 10.0.0.8 2001:db8::8 }", "pass in inet all flags S/SA rdr-to 10.0.0.8"],
	])("%s", (rule, ...expected) => expect(printed(rule)).toEqual(expected));
});

describe("state options", () => {
	test.each<readonly [string, string]>([
		["pass keep state (max 99)", "keep state (max 99, adaptive.start 54, adaptive.end 108)"],
		["pass keep state (max 99, adaptive.start 5)", "keep state (max 99, adaptive.start 5)"],
		["pass keep state (source-track)", "keep state (source-track global)"],
		["pass keep state (source-track, max-src-states 3)", "keep state (source-track global, max-src-states 3)"],
		["pass keep state (source-track rule, max-src-states 3)", "keep state (source-track rule, max-src-states 3)"],
		["pass keep state (max-src-conn-rate 3/9, src.track 5)", "keep state (source-track rule, max-src-conn-rate 3/9, src.track 9)"],
		["pass keep state (max-src-conn-rate 3/9, src.track 50)", "keep state (source-track rule, max-src-conn-rate 3/9, src.track 50)"],
		["set state-policy if-bound\npass", "keep state (if-bound)"],
		["set state-policy if-bound\npass keep state (floating)", ""],
		["set state-policy if-bound\npass keep state (no-sync)", "keep state (no-sync, if-bound)"],
		["set state-policy if-bound\npass no state", "no state"],
		["set state-policy if-bound\nset state-defaults pflow\npass", "keep state (if-bound, pflow)"],
		["set state-defaults no-sync\npass keep state (sloppy)", "keep state (sloppy)"],
		["set state-defaults no-sync\npass no state", "no state"],
		["set state-defaults no-sync\npass", "keep state (no-sync)"],
		["set state-defaults no-sync\nblock", ""],
		["pass proto udp modulate state", ""],
		["pass proto tcp modulate state", "modulate state"],
	])("%j", (text, expected) => {
		expect(/(?:keep|no|modulate) state.*$/.exec(printed(text).at(-1) ?? "")?.[0] ?? "").toBe(expected);
	});

	test("the global tracking of sources knows no limit of a rule", () => {
		for (const option of ["max-src-nodes 9", "max-src-conn 9", "max-src-conn-rate 9/9"])
			expect(dryRun(`pass keep state (source-track global, ${option})\n`).stderr).toEqual([
				`FILE:1: '${option.split(" ")[0]}' is incompatible with 'source-track global'`,
			]);
	});
});

describe("pools", () => {
	test.each<readonly [string, ...(readonly string[])]>([
		["pass out inet nat-to 192.0.2.9", "nat-to 192.0.2.9"],
		["pass out inet nat-to (em0)", "nat-to (em0) round-robin"],
		["pass out inet nat-to (em0:0)", "nat-to (em0:0)"],
		["pass out inet nat-to (egress:0)", "nat-to (egress:0) round-robin"],
		["pass out inet nat-to <t>", "nat-to <t> round-robin"],
		["pass out inet nat-to 192.0.2.9 port 80", "nat-to 192.0.2.9 port 80"],
		["pass out inet nat-to 192.0.2.9 port 80:90", "nat-to 192.0.2.9 port 80:90"],
		["pass out inet nat-to 192.0.2.9 static-port", "nat-to 192.0.2.9 static-port"],
		[
			"pass out inet nat-to 192.0.2.8/30 source-hash 0x00112233445566778899aabbccddeeff",
			"nat-to 192.0.2.8/30 source-hash 0x00112233445566778899aabbccddeeff",
		],
		["pass in inet rdr-to 10.0.0.9 port 80:*", "rdr-to 10.0.0.9 port 80"],
		["pass in inet proto tcp to port 8000:8010 rdr-to 10.0.0.9 port 80:*", "rdr-to 10.0.0.9 port 80:90"],
		["pass in inet proto tcp to port 8000:8010 rdr-to 10.0.0.9 port 65530:*", "rdr-to 10.0.0.9 port 65530:4"],
		["pass in inet rdr-to 10.0.0.9 sticky-address", "rdr-to 10.0.0.9 sticky-address"],
		["pass in inet route-to (tun0:peer)", "route-to (tun0:peer) round-robin"],
		["pass in inet route-to { 192.0.2.1 192.0.2.7 } sticky-address", "route-to <__automatic_0> round-robin sticky-address"],
		["pass in inet6 af-to inet from 192.0.2.9 to 10.0.0.9", "af-to inet from 192.0.2.9 to 10.0.0.9"],
	])("%s", (rule, expected) => expect(/(?:nat|rdr|route|af)-to.*$/.exec(printed(rule).at(-1) ?? "")?.[0]).toBe(expected));

	test("a binat-to rule is two: one for each direction, with the ports of each end at their end", () => {
		expect(printed("match on em0 inet proto tcp from 10.0.0.9 port 1:9 to port 80 binat-to 192.0.2.9 tag T label l")).toEqual([
			'match out on em0 inet proto tcp from 10.0.0.9 port 1:9 to any port = 80 label "l" tag T nat-to 192.0.2.9 static-port',
			'match in on em0 inet proto tcp from any port = 80 to 192.0.2.9 port 1:9 label "l" tag T rdr-to 10.0.0.9',
		]);
	});
});

describe("antispoof", () => {
	test.each<readonly [string, ...(readonly string[])]>([
		["antispoof for em1", "block drop in on ! em1 inet from 10.0.0.0/24 to any", "block drop in inet from 10.0.0.1 to any"],
		["antispoof for lo0", "block drop in on ! lo0 inet6 from ::1 to any", "block drop in on ! lo0 inet from 127.0.0.0/8 to any"],
		["antispoof for (em1)", "block drop in on ! em1 from (em1:network) to any", "block drop in from (em1) to any"],
		["antispoof log quick for em1 inet6"],
		[
			"antispoof for em inet",
			"block drop in on ! em inet from 192.0.2.0/24 to any",
			"block drop in on ! em inet from 192.0.2.3 to any",
			"block drop in on ! em inet from 10.0.0.0/24 to any",
			"block drop in inet from 192.0.2.2 to any",
			"block drop in inet from 192.0.2.3 to any",
			"block drop in inet from 10.0.0.1 to any",
		],
		["antispoof for e"],
		[
			'antispoof for em1 inet label "$if" rtable 0',
			'block drop in on ! em1 inet from 10.0.0.0/24 to any label "em1" rtable 0',
			'block drop in inet from 10.0.0.1 to any label "any" rtable 0',
		],
	])("%s", (text, ...expected) => {
		expect(dryRun(`${text}\n`, MACHINE).stdout.trimEnd().split("\n").filter(Boolean)).toEqual(expected);
	});
});

test("one list of many addresses costs no more than many lists with as many", () => {
	const rule = (first: number, count: number) =>
		`pass from { ${Array.from({ length: count }, (_, i) => `10.0.${(first + i) >> 8}.${(first + i) & 255}`).join(" ")} }\n`;
	const seconds = (text: string) => {
		const before = process.cpuUsage();
		dryRun(text, MACHINE);
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1e6;
	};
	const many = Array.from({ length: 200 }, (_, i) => rule(i * 100, 100)).join("");
	seconds(many);
	expect(seconds(rule(0, 20_000))).toBeLessThan(4 * seconds(many) + 0.3);
});

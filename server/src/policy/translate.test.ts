import { describe, expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { formatIp } from "../pf/names/address.ts";
import type { Rule } from "../pf/rules.ts";
import { MACHINE } from "../pf/ruleset/testing.ts";
import { createEvaluator, formatEnds } from "./evaluate.ts";
import { end, INTERFACES, pass, pool, ruleset, table } from "./fixture.ts";
import { interfacesOf, tablesOf } from "./network.ts";
import { parsePacket } from "./packet.ts";
import { chooseAddress } from "./translate.ts";

function packetOf(line: string) {
	const packet = parsePacket(line);
	if (packet === undefined) throw new Error(`not a packet: ${line}`);
	return packet;
}

const OUT = "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1";
const OUT6 = "out em0 tcp fd00::9 4000 2001:db8:7::7 80 S - em1";
const IN = "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -";
const IN6 = "in em1 udp fd00::5 4000 64:ff9b::c633:6407 53 - - -";

/** The packet's ends behind a rule; `or others` where another address may be picked. */
function translated(text: string, line: string, isKnown = true): string {
	const { ruleset } = PfFile.parse(`${text}\n`, { path: "/etc/pf.conf", ...(isKnown && { host: MACHINE }) });
	const [outcome] = createEvaluator(ruleset, isKnown ? MACHINE.interfaces : undefined).evaluate(packetOf(line));
	if (outcome === undefined) return "";
	const others = outcome.conditions.some(({ criterion }) => criterion === "translation") ? " or others" : "";
	return outcome.verdict === "block" ? outcome.reason : `${formatEnds(outcome)}${others}`;
}

describe("the address that a pool gives", () => {
	test.each<readonly [pool: string, source: string]>([
		["192.0.2.9", "192.0.2.9"],
		["192.0.2.8/30", "192.0.2.8"],
		["192.0.2.8/30 random", "192.0.2.8 or others"],
		["192.0.2.9/32 random", "192.0.2.9"],
		["192.0.2.0/24 bitmask", "192.0.2.9"],
		["(em0)", "192.0.2.2 or others"],
		["(em0:0)", "192.0.2.2"],
		["(em1)", "10.0.0.1"],
		["(em1:network)", "10.0.0.0 or others"],
		["(tun0:peer)", "10.9.0.2"],
	])("nat-to %s: %s", (to, source) => {
		const [address, ...others] = source.split(" or ");
		expect(translated(`pass out inet nat-to ${to}`, OUT)).toBe([`${address} * 198.51.100.7 80`, ...others].join(" or "));
	});

	test.each<readonly [pool: string, source: string]>([
		["2001:db8::9 random", "2001:db8::9"],
		["2001:db8::/32 random", "2001:db8:: or others"],
		["2001:db8::/32 bitmask", "2001:db8::9"],
		["(lo0:0)", "::1"],
	])("of IPv6, nat-to %s: %s", (to, source) => {
		const [address, ...others] = source.split(" or ");
		expect(translated(`pass out inet6 nat-to ${to}`, OUT6)).toBe([`${address} * 2001:db8:7::7 80`, ...others].join(" or "));
	});

	test.each<readonly [text: string, ends: string]>([
		["pass in inet rdr-to 10.0.0.8", "198.51.100.7 4000 10.0.0.8 80"],
		["pass in inet rdr-to 10.0.0.0/24 random", "198.51.100.7 4000 10.0.0.0 80 or others"],
		["pass in inet rdr-to 10.0.0.0/24 bitmask", "198.51.100.7 4000 10.0.0.2 80"],
		["pass in inet rdr-to (em0)", "198.51.100.7 4000 192.0.2.2 80 or others"],
		["pass in inet rdr-to (tun0)", "198.51.100.7 4000 10.9.0.1 80"],
		["table <t> { 10.0.0.8 }\npass in inet rdr-to <t>", "198.51.100.7 4000 10.0.0.8 80 or others"],
		["table <t> { 2001:db8::8 }\npass in inet rdr-to <t>", "translation"],
		['table <t> file "/nowhere"\npass in inet rdr-to <t>', "198.51.100.7 4000 198.51.100.7 80 or others"],
		["pass in inet rdr-to <nothing>", "translation"],
	])("%s: %s", (text, ends) => expect(translated(text, IN)).toBe(ends));

	test("of an interface without such an address there is none: the packet is dropped", () => {
		expect(translated("pass out inet6 nat-to (em1)", OUT6)).toBe("translation");
	});

	test("on a machine that is not known, it is not known", () => {
		expect(translated("pass out inet nat-to (em1)", OUT, false)).toBe("10.0.0.9 * 198.51.100.7 80 or others");
		expect(translated("pass in inet rdr-to em1", IN, false)).toBe("198.51.100.7 4000 198.51.100.7 80 or others");
		expect(translated("pass in inet rdr-to www.example.org", IN, false)).toBe("198.51.100.7 4000 198.51.100.7 80 or others");
	});
});

describe("ports", () => {
	const to = "10.0.0.9";
	test.each<readonly [text: string, packet: string, ends: string]>([
		["pass out inet nat-to 192.0.2.2", OUT.replace("tcp", "udp"), "192.0.2.2 * 198.51.100.7 80"],
		["pass out inet nat-to 192.0.2.2 port 5000", OUT, "192.0.2.2 5000 198.51.100.7 80"],
		["pass out inet nat-to 192.0.2.2 port 5000:5009", OUT, "192.0.2.2 * 198.51.100.7 80"],
		["pass out inet nat-to 192.0.2.2 static-port", OUT, "192.0.2.2 4000 198.51.100.7 80"],
		[`pass in inet rdr-to ${to} port 8080`, IN.replace("tcp", "udp"), `198.51.100.7 4000 ${to} 8080`],
		[`pass in inet rdr-to ${to} port 8080`, "in em0 47 198.51.100.7 0 192.0.2.2 0 - - -", `198.51.100.7 0 ${to} 0`],
		["pass out inet nat-to 192.0.2.2", "out em0 47 10.0.0.9 0 198.51.100.7 0 - - em1", "192.0.2.2 0 198.51.100.7 0"],
		[`pass in inet proto tcp rdr-to ${to} port 8080`, IN, `198.51.100.7 4000 ${to} 8080`],
		[`pass in inet proto tcp to port 80:90 rdr-to ${to} port 7000:*`, IN.replace("2 80", "2 88"), `198.51.100.7 4000 ${to} 7008`],
		[`pass in inet proto tcp to port 80:90 rdr-to ${to} port 65530:*`, IN.replace("2 80", "2 85"), `198.51.100.7 4000 ${to} 65535`],
		[`pass in inet proto tcp to port 80:90 rdr-to ${to} port 65530:*`, IN.replace("2 80", "2 86"), `198.51.100.7 4000 ${to} 1`],
		[`pass in inet proto tcp rdr-to ${to} port 7000:7005`, IN, `198.51.100.7 4000 ${to} 7002`],
	])("%s, of %s: %s", (text, packet, ends) => expect(translated(text, packet)).toBe(ends));
});

describe("between the families", () => {
	test.each<readonly [text: string, packet: string, ends: string]>([
		["pass in inet6 to 64:ff9b::/96 af-to inet from 192.0.2.9", IN6, "192.0.2.9 * 198.51.100.7 53"],
		["pass in inet6 to 64:ff9b::/97 af-to inet from 192.0.2.9", IN6.replace("c633", "4633"), "192.0.2.9 * 70.51.100.7 53"],
		["pass in inet6 af-to inet from 192.0.2.0/24 random", IN6, "192.0.2.0 * 198.51.100.7 53 or others"],
		["pass in inet6 af-to inet from 192.0.2.9 to 10.0.0.9 port 5353", IN6, "192.0.2.9 * 10.0.0.9 5353"],
		["pass in inet6 af-to inet from 192.0.2.9 to 10.0.0.9 port 5353", IN6.replace("udp", "47"), "192.0.2.9 4000 10.0.0.9 53"],
		["pass in inet6 af-to inet from 192.0.2.9 to 10.1.0.0/16", IN6, "192.0.2.9 * 10.1.100.7 53"],
		["table <t> { 10.0.0.8 }\npass in inet6 af-to inet from 192.0.2.9 to <t>", IN6, "192.0.2.9 * 10.0.0.8 53 or others"],
		["pass in inet6 af-to inet from 192.0.2.9 to (em1)", IN6, "192.0.2.9 * 10.0.0.1 53"],
		["pass in inet af-to inet6 from 2001:db8::9", IN, "2001:db8::9 * 2001:db8::c000:202 80"],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8:7::/96", IN, "2001:db8::9 * 2001:db8:7::c000:202 80"],
		// RFC 6052: where the four octets stand behind a prefix of each length.
		[
			"pass in inet6 to 2001:db8::/32 af-to inet from 192.0.2.9",
			IN6.replace("64:ff9b::c633:6407", "2001:db8:c633:6407::"),
			"192.0.2.9 * 198.51.100.7 53",
		],
		[
			"pass in inet6 to 2001:db8:100::/40 af-to inet from 192.0.2.9",
			IN6.replace("64:ff9b::c633:6407", "2001:db8:1c6:3364:7::"),
			"192.0.2.9 * 198.51.100.7 53",
		],
		[
			"pass in inet6 to 2001:db8:122::/48 af-to inet from 192.0.2.9",
			IN6.replace("64:ff9b::c633:6407", "2001:db8:122:c633:64:700::"),
			"192.0.2.9 * 198.51.100.7 53",
		],
		[
			"pass in inet6 to 2001:db8:122:300::/56 af-to inet from 192.0.2.9",
			IN6.replace("64:ff9b::c633:6407", "2001:db8:122:3c6:33:6407::"),
			"192.0.2.9 * 198.51.100.7 53",
		],
		[
			"pass in inet6 to 2001:db8:122:344::/64 af-to inet from 192.0.2.9",
			IN6.replace("64:ff9b::c633:6407", "2001:db8:122:344:c6:3364:700:0"),
			"192.0.2.9 * 198.51.100.7 53",
		],
		["pass in inet6 to 2001:db8::/31 af-to inet from 192.0.2.9", IN6.replace("64:ff9b", "2001:db8"), "192.0.2.9 * 198.51.100.7 53"],
		["pass in inet6 to 2001:db8::/33 af-to inet from 192.0.2.9", IN6.replace("64:ff9b", "2001:db8"), "translation"],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8::/32", IN, "2001:db8::9 * 2001:db8:c000:202:: 80"],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8:100::/40", IN, "2001:db8::9 * 2001:db8:1c0:2:2:: 80"],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8:122::/48", IN, "2001:db8::9 * 2001:db8:122:c000:2:200:: 80"],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8:122:300::/56", IN, "2001:db8::9 * 2001:db8:122:3c0:0:202:: 80"],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8:122:344::/64", IN, "2001:db8::9 * 2001:db8:122:344:c0:2:200:0 80"],
		["pass in inet6 af-to inet from (tun9)", IN6, "translation"],
		[
			"pass in inet6 af-to inet from 192.0.2.9 to 10.0.0.9 port 5353",
			IN6.replace("udp", "tcp").replace("- - -", "S - -"),
			"192.0.2.9 * 10.0.0.9 5353",
		],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8:7::8", IN, "2001:db8::9 * 2001:db8:7::8 80"],
		["pass in inet af-to inet6 from 2001:db8::9 to 2001:db8:7::/95", IN, "translation"],
		["pass in inet af-to inet6 from 2001:db8::9 to (em1)", IN, "translation"],
	])("%s, of %s: %s", (text, packet, ends) => expect(translated(text, packet)).toBe(ends));
});

test.each<readonly [what: string, rule: Partial<Rule>]>([
	["a range of addresses is no pool", { nat: pool("192.0.2.1 - 192.0.2.9") }],
	["another family needs a source in it", { afTo: "inet6" }],
])("%s: the packet is dropped", (_, rule) => {
	const [outcome] = createEvaluator(ruleset([pass(rule)]), INTERFACES).evaluate(packetOf(IN));
	expect(outcome?.reason).toBe("translation");
});

describe("what pools give to packets of a family, whatever their source", () => {
	const tables = [table("t", ["10.0.0.8"])];
	const set = ruleset([], { tables });
	const around = { interfaces: interfacesOf(INTERFACES), tables: tablesOf(set), path: "" };
	test.each<readonly [rule: Partial<Rule>, nat: string, rdr: string]>([
		[{}, "no pool", "no pool"],
		[{ nat: pool("192.0.2.9") }, "known 192.0.2.9", "no pool"],
		[{ rdr: pool("10.0.0.8"), destination: end("any") }, "no pool", "known 10.0.0.8"],
		[{ nat: pool("192.0.2.0/24", { kind: "bitmask" }) }, "unknown 192.0.2.0", "no pool"],
		[{ nat: pool("192.0.2.0/24", { kind: "random" }) }, "unknown 192.0.2.0", "no pool"],
		[{ nat: pool("(em1)") }, "known 10.0.0.1", "no pool"],
		[{ nat: pool("(em0)"), rdr: pool("<t>") }, "unknown 203.0.113.10", "unknown 10.0.0.8"],
		[{ rdr: pool("<other>") }, "no pool", "none"],
	])("%j: %s, %s", (rule, ...expected) => {
		const { nat, rdr } = chooseAddress(pass(rule), "inet", around);
		const told = [nat, rdr].map((one) =>
			one === undefined ? "no pool" : one.kind === "none" ? "none" : `${one.kind} ${formatIp(one.address, "inet")}`,
		);
		expect(told).toEqual(expected);
	});
});

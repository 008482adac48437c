import { describe, expect, it } from "vitest";
import { shareOf } from "../../../test/share.ts";
import { hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { parseIp } from "../pf/names/address.ts";
import { ZERO_IP } from "../pf/rules.ts";
import { PfTestFile } from "../pftest/file.ts";
import { render } from "../text/message.ts";
import { addressAtoms } from "./address-atoms.ts";
import { type Files, guest, hostOf, lan, pf, plug, routed, sourcesOf } from "./checks-fixture.ts";
import { type AddressEnd, endText } from "./endpoints.ts";
import { runPolicyTests } from "./policy-tests.ts";
import { randomOf } from "./random-fixture.ts";

/** What becomes of tests on a host with 203.0.113.5 outside and a guest of 10.50.0.20 behind it. */
function run(rules: readonly string[], lines: readonly string[], more: Files = {}) {
	const files = sourcesOf(
		Object.assign(
			{},
			{ ...routed(), "vm.conf": [...lan("bridge0"), ...guest("web01", plug)], "hostname.em0": ["inet 203.0.113.5/24"] },
			pf(...rules),
			more,
		),
	);
	const facts = pfFacts(files);
	const host = hostBuilder()({ name: "hv1", files, ...(facts && { pf: facts }) });
	const file = PfTestFile.parse(`address web01 10.50.0.20\n${lines.join("\n")}\n`, { path: "/etc/policy.pftest" });
	return runPolicyTests(host, file).map(({ result, failures }) => ({ result, told: failures.map(({ message }) => render(message, {})) }));
}

const WEB = ["block", "pass out on vether0"];
const open = (from: string): readonly string[] => [...WEB, `pass in on em0 inet proto tcp from ${from} to 10.50.0.20 port 80`];

describe("a test of a network", () => {
	it.each<[rules: readonly string[], line: string, result: string, told?: readonly string[], more?: Files]>([
		[open("198.51.100.0/24"), "198.51.100.0/24 web01 tcp 80 pass", "passed"],
		[open("198.51.100.128/25"), "198.51.100.0/24 web01 tcp 80 pass", "failed", ["198.51.100.0 does not reach web01 by tcp 80"]],
		[open("198.51.100.128/25"), "198.51.100.0/24 web01 tcp 80 block", "failed", ["198.51.100.128 reaches web01 by tcp 80"]],
		[open("198.51.100.128/25"), "198.51.100.0/25 web01 tcp 80 block", "passed"],
		[open("198.51.100.7"), "198.51.100.0-198.51.100.9 web01 tcp 80 block", "failed", ["198.51.100.7 reaches web01 by tcp 80"]],
		[open("198.51.100.7"), "198.51.100.0-198.51.100.6 web01 tcp 80 block", "passed"],
		[open("198.51.100.7"), "198.51.100.8-198.51.100.255 web01 tcp 80 block", "passed"],
		[open("198.51.100.5 - 198.51.100.6"), "198.51.100.0/28 web01 tcp 80 block", "failed", ["198.51.100.5 reaches web01 by tcp 80"]],
		[open("! 198.51.100.7"), "198.51.100.0/28 web01 tcp 80 pass", "failed", ["198.51.100.7 does not reach web01 by tcp 80"]],
		[
			["table <good> { 198.51.100.8/29 !198.51.100.9 }", ...open("<good>")],
			"198.51.100.8/29 web01 tcp 80 pass",
			"failed",
			["198.51.100.9 does not reach web01 by tcp 80"],
		],
		[
			["block", "pass out", "pass in on em0 inet proto tcp to 10.50.0.20 port 80"],
			"outside 10.50.0.16/28 tcp 80 block",
			"failed",
			["outside reaches 10.50.0.20 by tcp 80"],
		],
		// The broadcast address is the last of its network.
		[open("(em0:broadcast)"), "203.0.113.128/25 web01 tcp 80 block", "failed", ["203.0.113.255 reaches web01 by tcp 80"]],
		[open("! em0:broadcast"), "203.0.113.128/25 web01 tcp 80 pass", "failed", ["203.0.113.255 does not reach web01 by tcp 80"]],
		[open("(em0)/30"), "203.0.113.6-203.0.113.20 web01 tcp 80 pass", "failed", ["203.0.113.8 does not reach web01 by tcp 80"]],
		// Within one piece there are connections too, between any two of its addresses.
		[["pass"], "198.51.100.0/24 198.51.100.0/24 tcp 80 pass", "failed", ["There is no way from 198.51.100.0 to 198.51.100.1"]],
		[
			["pass"],
			"198.51.100.0/24 198.51.100.0/24 tcp 80 block",
			"undecided",
			["These files show no way between 198.51.100.0 and 198.51.100.1"],
		],
		[["pass"], "198.51.100.0 198.51.100.0/24 tcp 80 pass", "failed", ["There is no way from 198.51.100.0 to 198.51.100.1"]],
		[["pass"], "198.51.100.0/24 198.51.100.0 tcp 80 pass", "failed", ["There is no way from 198.51.100.1 to 198.51.100.0"]],
		[["pass"], "198.51.100.0 198.51.100.0/32 tcp 80 pass", "passed"],
		// What the host sends by itself doesn't come from there.
		[["block in", "pass out"], "203.0.113.0/24 host tcp 22 block", "passed"],
		[
			["block", "pass in on em0 inet6 proto tcp from 2001:db8::/64"],
			"2001:db8::/48 host tcp 22 block",
			"undecided",
			["These files show no way between 2001:db8:: and host", "These files show no way between 2001:db8:0:1:: and host"],
		],
		// Each address becomes another one, which rules may name.
		[["match in on em0 inet to 203.0.113.0/24 rdr-to 10.50.0.0/24 bitmask", "pass"], "web01 10.50.0.64/26 tcp 80 pass", "undecided"],
		[["match out on em0 inet from 10.50.0.0/24 nat-to 203.0.113.0/24 bitmask", "pass"], "10.50.0.64/26 outside tcp 80 pass", "undecided"],
		[
			[`table <many> { ${Array.from({ length: 2100 }, (_, i) => `198.18.${i >> 7}.${(i & 127) * 2}`).join(" ")} }`, ...open("<many>")],
			"198.18.0.0/15 web01 tcp 80 block",
			"undecided",
		],
	])("%j: %s %s", (rules, line, result, told = [], more = {}) => {
		expect(run(rules, [line], more)).toEqual([{ result, told }]);
	});
});

it("nothing is said of too many connections, though neither end has too many addresses", () => {
	const many = Array.from({ length: 900 }, (_, index) => `198.18.${index >> 7}.${(index & 127) * 2}`).join(" ");
	const rules = [`table <many> { ${many} }`, ...open("<many>"), "pass to { 10.50.0.22 10.50.0.24 }", "pass proto tcp to port { 85 87 }"];
	expect(run(rules, ["198.18.0.0/15 10.50.0.16/28 tcp 80:90 block"])).toEqual([{ result: "undecided", told: [] }]);
});

describe("the addresses that stand for a network", () => {
	const ip = (text: string): AddressEnd => {
		const { address = ZERO_IP, family = "inet" as const } = parseIp(text) ?? {};
		return { kind: "address", address, family };
	};
	const atoms = (files: Files, low: string, high: string, ...guests: readonly string[]) => {
		const model = hostOf(sourcesOf(files));
		const { family, address } = ip(low);
		const found = addressAtoms(model, guests.map(ip))({ family, low: address, high: ip(high).address });
		return found?.map(endText);
	};
	const FOUR: Files = { "hostname.em0": ["inet 203.0.113.5/24"] };
	const SIX: Files = { "hostname.em0": ["inet6 2001:db8::5 120"] };
	it.each<[why: string, files: Files, low: string, high: string, atoms: readonly string[] | undefined, guests?: readonly string[]]>([
		[
			"without rules, the host's networks tell apart",
			FOUR,
			"203.0.112.0",
			"203.0.114.255",
			["203.0.112.0", "203.0.113.0", "203.0.113.6", "203.0.114.0"],
		],
		["those of IPv6 as well", SIX, "2001:db8::", "2001:db8::fff", ["2001:db8::", "2001:db8::6", "2001:db8::100"]],
		[
			"in order, whatever the order of the rules is",
			pf("pass from 198.51.100.9", "pass to 198.51.100.3", "pass from 198.51.100.5 - 198.51.100.6"),
			"198.51.100.0",
			"198.51.100.255",
			[0, 3, 4, 5, 7, 9, 10].map((last) => `198.51.100.${last}`),
		],
		["what rules name of IPv6", pf("pass from 2001:db8::5"), "2001:db8::", "2001:db8::ff", ["2001:db8::", "2001:db8::5", "2001:db8::6"]],
		["what they name of IPv4 is nothing in IPv6", pf("pass from 198.51.100.7"), "c633:6400::", "c633:64ff::", ["c633:6400::"]],
		["an address of a guest", FOUR, "10.50.0.0", "10.50.0.255", ["10.50.0.0", "10.50.0.20", "10.50.0.21"], ["10.50.0.20"]],
		["one of IPv6", SIX, "fd00::", "fd00::ff", ["fd00::", "fd00::20", "fd00::21"], ["fd00::20"]],
		[
			"of an interface whose address is a name, nothing is known",
			{ "hostname.em0": ["inet gw.example.org 255.255.255.0"], ...pf("pass from (em0)", "pass to 203.0.113.9") },
			"203.0.113.8",
			"203.0.113.255",
			["203.0.113.8", "203.0.113.9", "203.0.113.10"],
		],
		["a range within one piece", FOUR, "203.0.113.7", "203.0.113.9", ["203.0.113.7"]],
		["the host's own address alone", FOUR, "203.0.113.5", "203.0.113.5", []],
		[
			"none where a rule makes another address of each",
			pf("pass in inet6 af-to inet from 192.0.2.9"),
			"2001:db8::",
			"2001:db8::f",
			undefined,
		],
		["nor where one keeps the last bits", pf("pass in on em0 inet rdr-to 10.0.0.0/24 bitmask"), "10.0.0.0", "10.0.0.9", undefined],
	])("%s", (_, files, low, high, expected, guests = []) => {
		expect(atoms(files, low, high, ...guests)).toEqual(expected);
	});
});

it.each<[why: string, last: number, seconds: readonly (string | undefined)[]]>([
	["two pieces with more addresses, beside two of one", 9, ["198.51.100.1", undefined, undefined, "198.51.100.5"]],
	["a range that ends with the first address of a piece", 4, ["198.51.100.1", undefined, undefined, undefined]],
])("the second addresses of pieces: %s", (_, last, seconds) => {
	const model = hostOf(sourcesOf(pf("pass from 198.51.100.2", "pass from 198.51.100.3")));
	const at = (text: string) => parseIp(text)?.address ?? ZERO_IP;
	const found = addressAtoms(model, [])({ family: "inet", low: at("198.51.100.0"), high: at(`198.51.100.${last}`) });
	expect(found?.map(({ second }) => second && endText(second))).toEqual(seconds);
});

it.each([
	["198.51.100.0/33 web01 tcp 80 pass", "Write a network such as 192.0.2.0/24, or a range such as 192.0.2.10-192.0.2.19."],
	["198.51.100.9-198.51.100.1 web01 tcp 80 pass", "A range begins with its lowest address."],
	["198.51.100.9-2001:db8::1 web01 tcp 80 pass", "Write a network such as 192.0.2.0/24, or a range such as 192.0.2.10-192.0.2.19."],
	["198.51.100.300/24 web01 tcp 80 pass", "Write a network such as 192.0.2.0/24, or a range such as 192.0.2.10-192.0.2.19."],
])("%s is refused", (line, message) => {
	const file = PfTestFile.parse(`${line}\n`, { path: "/etc/policy.pftest" });
	expect(file.diagnostics().map((one) => render(one.message, {}))).toEqual([message]);
});

// Against all of its addresses, one by one.
describe("any rules", () => {
	it.each(
		shareOf(
			Array.from({ length: 60 }, (_, index) => index + 1),
			10,
		),
	)("seed %i", (seed) => {
		const random = randomOf(seed);
		const pick = <T>(all: readonly T[]): T => all[random(all.length)] as T;
		const address = () => `198.51.100.${random(16)}`;
		const set = () =>
			pick([
				address,
				() => `${address()}/30`,
				() => `${address()}/31`,
				() => `! ${address()}/29`,
				() => "<t>",
				() => "any",
				() => "(em0:broadcast)",
				() => "(em0)/30",
			])();
		const rules = [
			`table <t> { ${address()} ${address()}/30 !${address()} }`,
			"block",
			"pass out on vether0",
			...Array.from(
				{ length: 5 },
				() =>
					`${pick(["pass in", "block in", "pass in quick", "block in quick"])} on em0 inet proto tcp from ${set()} to 10.50.0.20 port 80`,
			),
		];
		// Its broadcast address is among them; its own stands for nobody outside.
		const network: Files = { "hostname.em0": ["inet 198.51.100.5/28"] };
		const each = Array.from({ length: 16 }, (_, last) => last)
			.filter((last) => last !== 5)
			.map((last) => `198.51.100.${last} web01 tcp 80`);
		for (const expectation of ["pass", "block"]) {
			const [whole] = run(rules, [`198.51.100.0/28 web01 tcp 80 ${expectation}`], network);
			const alone = run(
				rules,
				each.map((line) => `${line} ${expectation}`),
				network,
			);
			expect(whole?.result, rules.join("\n")).toBe(alone.every(({ result }) => result === "passed") ? "passed" : "failed");
			const first = whole?.told[0];
			if (first !== undefined) expect(alone.flatMap(({ told }) => told)).toContain(first);
		}
	});
});

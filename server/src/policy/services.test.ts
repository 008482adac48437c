import { describe, expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { parsePacket } from "./packet.ts";
import {
	atomsOf,
	atomText,
	distinctionsOf,
	flowText,
	namedServices,
	protocolName,
	type ServiceAtom,
	type ServiceSet,
	serviceClasses,
} from "./services.ts";

const rulesets = (...texts: readonly string[]) => texts.map((text) => PfFile.parse(`${text}\n`, { path: "/etc/pf.conf" }).ruleset);

describe("services are told apart where rules tell them apart", () => {
	const atoms = (set: ServiceSet, sources: boolean, ...texts: readonly string[]) =>
		atomsOf(set, distinctionsOf(rulesets(...texts)), sources).map(atomText);
	const tcp: ServiceSet = { protocol: 6, ports: [] };

	test.each<readonly [rules: string, ports: readonly string[]]>([
		["block", ["tcp 1:65535"]],
		["pass proto tcp to port 80", ["tcp 1:79", "tcp 80", "tcp 81:65535"]],
		["pass proto udp to port 80", ["tcp 1:65535"]],
		["pass proto { tcp udp } to port 80", ["tcp 1:79", "tcp 80", "tcp 81:65535"]],
		["pass proto tcp to port 80:90", ["tcp 1:79", "tcp 80:90", "tcp 91:65535"]],
		["pass proto tcp to port > 1023", ["tcp 1:1023", "tcp 1024:65535"]],
		["pass proto tcp to port != 22", ["tcp 1:21", "tcp 22", "tcp 23:65535"]],
		["pass proto tcp to port 65535", ["tcp 1:65534", "tcp 65535"]],
		["pass proto tcp to port 1", ["tcp 1", "tcp 2:65535"]],
		["anchor a {\npass proto tcp to port 80\n}", ["tcp 1:79", "tcp 80", "tcp 81:65535"]],
		["pass proto tcp from any port 20", ["tcp 1:65535"]],
		["pass proto tcp to port 443\npass proto tcp to port 80", ["tcp 1:79", "tcp 80", "tcp 81:442", "tcp 443", "tcp 444:65535"]],
	])("%j", (rules, ports) => expect(atoms(tcp, false, rules)).toEqual(ports));

	test("those of two rulesets, within the ports that are asked for", () => {
		expect(atoms({ protocol: 6, ports: [[75, 85]] }, false, "pass proto tcp to port 80", "pass proto tcp to port 85")).toEqual([
			"tcp 75:79",
			"tcp 80",
			"tcp 81:84",
			"tcp 85",
		]);
		const several: ServiceSet = {
			protocol: 17,
			ports: [
				[53, 53],
				[123, 123],
			],
		};
		expect(atoms(several, false, "block")).toEqual(["udp 53", "udp 123"]);
	});

	test("source ports that rules name, where they are asked for", () => {
		const rules = "pass proto tcp from any port 20 to port 1024:65535";
		expect(atoms(tcp, true, rules)).toEqual([
			"tcp 1:1023",
			"tcp 1024:65535",
			"tcp 1:1023 from port 20",
			"tcp 1024:65535 from port 20",
			"tcp 1:1023 from port 21",
			"tcp 1024:65535 from port 21",
		]);
		expect(atoms(tcp, false, rules)).toEqual(["tcp 1:1023", "tcp 1024:65535"]);
		expect(atoms(tcp, true, "pass proto tcp from any port 65535")).toEqual(["tcp 1:65535", "tcp 1:65535 from port 65535"]);
	});

	test("icmp by its types, other protocols whole, any is all of them", () => {
		const rules = "pass inet proto icmp icmp-type { echoreq echorep timex }\npass proto esp\npass proto esp from any to any";
		expect(atoms({ protocol: 1, ports: [] }, false, rules)).toEqual(["icmp"]);
		expect(atoms({ protocol: 1, ports: [] }, true, rules)).toEqual(["icmp", "icmp 11"]);
		expect(atoms({ protocol: 1, ports: [[3, 3]] }, true, rules)).toEqual(["icmp 3"]);
		expect(atoms({ protocol: 58, ports: [[128, 128]] }, false, rules)).toEqual(["icmp6 128"]);
		expect(atoms({ protocol: 50, ports: [] }, false, rules)).toEqual(["esp"]);
		expect(atomsOf({ protocol: 50, ports: [] }, distinctionsOf([]), true)).toEqual([{ protocol: 50, low: 0, high: 65535 }]);
		expect(atoms({ protocol: "any", ports: [] }, false, rules)).toEqual(["tcp 1:65535", "udp 1:65535", "icmp", "esp", "proto 253"]);
	});
});

test("the services that rules let pass most often, in the order of their ports", () => {
	const [ruleset] = rulesets(
		[
			"pass proto tcp to port { 80 443 22 }",
			"pass proto tcp from 10.0.0.1 to port { 80 443 }",
			"pass proto tcp from 10.0.0.2 to port 80",
			"pass proto udp to port 53",
			"pass proto udp from 10.0.0.1 to port 53",
			"pass proto tcp to port 1024:65535",
			"pass proto tcp to port 8080",
			"pass proto tcp to port 70 >< 71",
			"pass proto udp to port 1000:2000",
			"pass proto udp to port 1000:2001",
			"block proto tcp to port 25",
			"pass inet proto icmp",
		].join("\n"),
	);
	const named = (most: number) => (ruleset === undefined ? [] : namedServices(ruleset, most).map(atomText));
	expect(named(10)).toEqual(["tcp 22", "tcp 80", "tcp 443", "tcp 8080", "udp 53", "udp 1000:2000", "icmp"]);
	expect(named(4)).toEqual(["tcp 80", "tcp 443", "udp 53", "icmp"]);
	expect(named(3)).toEqual(["tcp 80", "tcp 443", "icmp"]);
	expect(named(1)).toEqual(["icmp"]);
});

test.each([
	["in em0 tcp 198.51.100.9 49160 10.0.0.20 80 S - -", "tcp 198.51.100.9 port 49160 → 10.0.0.20 port 80"],
	["in em0 udp 2001:db8::1 53 2001:db8::2 0 - - -", "udp 2001:db8::1 port 53 → 2001:db8::2"],
	["in em0 icmp 198.51.100.9 8 10.0.0.20 0 - - -", "icmp 198.51.100.9 → 10.0.0.20"],
	["in em0 47 198.51.100.9 1 10.0.0.20 1 - - -", "gre 198.51.100.9 → 10.0.0.20"],
])("%s is written %s", (line, text) => {
	const packet = parsePacket(line);
	expect(packet && flowText(packet)).toBe(text);
});

test.each([
	[6, "tcp"],
	[17, "udp"],
	[1, "icmp"],
	[58, "icmp6"],
	[47, "gre"],
	[50, "esp"],
	[51, "ah"],
	[112, "carp"],
	[200, "proto 200"],
])("protocol %i is %s", (protocol, name) => expect(protocolName(protocol)).toBe(name));

describe("all packets by service", () => {
	const told = (named: readonly ServiceAtom[], rules = "block", most = 10) =>
		serviceClasses(named, distinctionsOf(rulesets(rules)), most).map(({ named: one, protocol, atoms, isWhole }) => [
			one === undefined ? `other ${protocol}` : atomText(one),
			atoms.map(atomText).join(", "),
			...(isWhole ? [] : ["not whole"]),
		]);
	const port = (protocol: number, low: number, high = low): ServiceAtom => ({ protocol, port: low, low, high });

	test("are those of each protocol, where none is named", () => {
		expect(told([])).toEqual([
			["other 6", "tcp 1:65535"],
			["other 17", "udp 1:65535"],
			["other 0", "proto 253"],
		]);
	});

	test("are those that are named, and what is left between them, in whatever order they are named", () => {
		expect(told([port(6, 80), port(6, 22), port(17, 1, 53), port(6, 20, 79), { protocol: 1, low: 0, high: 0 }])).toEqual([
			["tcp 80", "tcp 80"],
			["tcp 22", "tcp 22"],
			["udp 1:53", "udp 1:53"],
			["tcp 20:79", "tcp 20:79"],
			["icmp", "icmp"],
			["other 6", "tcp 1:19, tcp 81:65535"],
			["other 17", "udp 54:65535"],
			["other 0", "proto 253"],
		]);
	});

	test("have nothing left of a protocol of which all is named", () => {
		expect(told([port(6, 1, 65_535), port(17, 1, 65_534)]).slice(2)).toEqual([
			["other 17", "udp 65535"],
			["other 0", "proto 253"],
		]);
	});

	test("are looked at by as many packets as rules tell apart, or as are asked for", () => {
		const rules = "pass proto tcp to port 25\npass proto esp";
		expect(told([port(6, 20, 30)], rules)).toEqual([
			["tcp 20:30", "tcp 20:24, tcp 25, tcp 26:30"],
			["other 6", "tcp 1:19, tcp 31:65535"],
			["other 17", "udp 1:65535"],
			["other 0", "esp, proto 253"],
		]);
		expect(told([], rules, 2)).toEqual([
			["other 6", "tcp 1:24, tcp 25", "not whole"],
			["other 17", "udp 1:65535"],
			["other 0", "esp, proto 253"],
		]);
	});
});

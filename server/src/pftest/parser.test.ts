import { describe, expect, test } from "vitest";
import { formatIp } from "../pf/names/address.ts";
import { render } from "../text/message.ts";
import { PfTestFile } from "./file.ts";
import { parseLine } from "./parser.ts";
import type { PfTestKeyword } from "./vocabulary.ts";

/** What is wrong with a line, as `message at words`. */
const faults = (line: string): readonly string[] =>
	PfTestFile.parse(line, { path: "/etc/policy.pftest" })
		.diagnostics()
		.map(({ message, span }) => `${render(message)} at ${line.slice(span.start, span.end)}`);

const from = "Write who the connection is from: outside, host, any guest, a guest's name, an address or a network.";
const to = "Write who the connection is to: outside, host, any guest, a guest's name, an address or a network.";
const service = "Write the service: tcp or udp with ports, icmp, or any.";
const verdict = "Write what is expected: pass or block.";
const port = "A port is a number from 1 to 65535, a range such as 1024:2048, or the name of a service.";
const notOne = (name: string): string => `${name} is not a service, nor pass or block.`;

/** For each word a line with it in its place, and lines in which it is not, with what is said. A word without a row does not compile. */
const words: Readonly<Record<PfTestKeyword, readonly [accepted: string, ...refused: (readonly [line: string, said: string])[]]>> = {
	"end: outside": ["outside host any pass", ["host outside pass", `${service} at pass`], ["a b outside pass", `${service} at outside`]],
	"end: host": ["a host any pass", ["a b host pass", `${service} at host`]],
	"end: any": [
		"any guest host any pass",
		["any host any pass", "After `any` stands `guest`. at host"],
		["a any", "After `any` stands `guest`. at "],
	],
	"end: guest": ["a any guest any pass", ["a b any guest pass", `${verdict} at guest`]],
	"service: tcp": [
		"a b tcp 80 pass",
		["tcp b any pass", `${from} at tcp`],
		["a tcp b any pass", `${to} at tcp`],
		["a b tcp tcp pass", `${notOne("tcp")} at tcp`],
	],
	"service: udp": ["a b udp domain pass", ["udp", `${from} at udp`], ["a b udp", `${verdict} at `]],
	"service: icmp": ["a b icmp block", ["a b icmp 8 block", `${verdict} at 8`], ["icmp b any pass", `${from} at icmp`]],
	"service: any": ["a b any block", ["a b any 80 block", `${verdict} at 80`]],
	"expectation: pass": ["a b any pass", ["a pass", `${service} at `], ["a b any pass pass", "Nothing follows the expectation. at pass"]],
	"expectation: block": [
		"a b any block",
		["a b block", `${service} at block`],
		["a b any block 5", "Nothing follows the expectation. at 5"],
	],
	"line: address": [
		"address a 10.0.0.1 fd00::1",
		["address", "Write the guest's name, and its addresses. at "],
		["address a", "Write the guest's addresses. at "],
		["address a b", "Write an address, of IPv4 or IPv6. at b"],
		["address a 10.0.0.1 10.0.0.256", "Write an address, of IPv4 or IPv6. at 10.0.0.256"],
		["address a fe80::1%em0", "Write an address, of IPv4 or IPv6. at fe80::1%em0"],
	],
};

describe.each(Object.entries(words))("%s", (_, [accepted, ...refused]) => {
	test(`stands in: ${accepted}`, () => {
		expect(faults(accepted)).toEqual([]);
		expect(PfTestFile.parse(accepted, { path: "/etc/policy.pftest" }).lines).toHaveLength(1);
	});
	test.each(refused)("does not stand in: %s", (line, said) => {
		expect(faults(line)).toEqual([said]);
		expect(PfTestFile.parse(line, { path: "/etc/policy.pftest" }).lines).toEqual([]);
	});
});

test.each([
	["a b tcp 1 65535 1:65535 8:8 pass", []],
	["a b tcp https 8080 pass", []],
	["a b tcp 0 pass", [`${port} at 0`]],
	["a b tcp 65536 pass", [`${port} at 65536`]],
	["a b tcp 1:65536 pass", [`${port} at 1:65536`]],
	["a b tcp 9:8 pass", [`${port} at 9:8`]],
	["a b tcp 8: pass", [`${port} at 8:`]],
	["a b tcp 8x pass", [`${port} at 8x`]],
	["a b tcp nosuch pass", [`${notOne("nosuch")} at nosuch`]],
	["a b tcp -1 pass", [`${verdict} at -1`]],
	["10.0.0.1 fd00::1 any pass # both", []],
	["web_1.a-b c any pass", []],
	["-a b any pass", [`${from} at -a`]],
	["a b! any pass", [`${to} at b!`]],
	["a", [`${to} at `]],
	["   # a comment", []],
	["", []],
])("%s", (line, said) => {
	expect(faults(line)).toEqual(said);
});

test("a line is what it says", () => {
	expect(parseLine("any guest 10.0.0.1 udp 53 1000:2000 block # dns", 5)?.value).toEqual({
		kind: "test",
		span: { start: 5, end: 46 },
		from: { kind: "any guest", span: { start: 5, end: 14 } },
		to: { kind: "address", family: "inet", address: { a: 0x0a000001, b: 0, c: 0, d: 0 }, span: { start: 15, end: 23 } },
		protocol: "udp",
		ports: [
			[53, 53],
			[1000, 2000],
		],
		expect: "block",
	});
	expect(parseLine("outside host icmp pass", 0)?.value).toMatchObject({
		from: { kind: "outside" },
		to: { kind: "host" },
		protocol: "icmp",
		ports: [],
		expect: "pass",
	});
	expect(parseLine("address a 10.0.0.1", 0)?.value).toEqual({
		kind: "address",
		span: { start: 0, end: 18 },
		guest: { name: "a", span: { start: 8, end: 9 } },
		addresses: [{ family: "inet", address: { a: 0x0a000001, b: 0, c: 0, d: 0 } }],
	});
});

test("each word has its mark", () => {
	const line = "any guest web01 tcp https 80 1:2 10 pass # x";
	const tokens = (text: string) =>
		PfTestFile.parse(text, { path: "/etc/policy.pftest" })
			.tokens()
			.map(({ kind, span, value }) => `${kind}${value === undefined ? "" : ` ${value}`}: ${text.slice(span.start, span.end)}`);
	expect(tokens(line)).toEqual([
		"keyword: any",
		"keyword: guest",
		"name guest: web01",
		"option: tcp",
		"name service: https",
		"port port: 80",
		"port port: 1:2",
		"port port: 10",
		"action: pass",
		"comment: # x",
	]);
	expect(tokens("address a 10.0.0.1 x")).toEqual(["keyword: address", "name guest: a", "address address: 10.0.0.1", "error: x"]);
});

test.each([
	["10.0.0.0/8 b any pass", "10.0.0.0", "10.255.255.255"],
	["10.1.2.3/31 b any pass", "10.1.2.2", "10.1.2.3"],
	["0.0.0.0/0 b any pass", "0.0.0.0", "255.255.255.255"],
	["192.0.2.10-192.0.2.19 b any pass", "192.0.2.10", "192.0.2.19"],
	["2001:db8::/33 b any pass", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"],
	["2001:db8::1/128 b any pass", "2001:db8::1", "2001:db8::1"],
	["2001:db8::1-2001:db8::f b any pass", "2001:db8::1", "2001:db8::f"],
])("%s is of all addresses from one to another", (line, low, high) => {
	const [read] = PfTestFile.parse(line, { path: "/etc/policy.pftest" }).lines;
	const from = read?.kind === "test" && read.from.kind === "network" ? read.from : undefined;
	expect(from && [formatIp(from.low, from.family), formatIp(from.high, from.family)]).toEqual([low, high]);
});

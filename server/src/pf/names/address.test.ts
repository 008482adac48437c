import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ip } from "../rules.ts";
import {
	compareIp,
	formatIp,
	hostAddress,
	inNetwork,
	masked,
	parseIp,
	parseIp4,
	parseIp6,
	parseNetwork4,
	sameIp,
	splitMask,
} from "./address.ts";

describe("reading", () => {
	test.each([
		["0.0.0.0", "0.0.0.0"],
		["1.2.3.004", "1.2.3.4"],
		["0177.0.0.1", "177.0.0.1"],
		["255.255.255.255", "255.255.255.255"],
	])("IPv4 %s", (text, printed) => {
		const ip = parseIp4(text);
		expect(ip && formatIp(ip, "inet")).toBe(printed);
	});

	test.each(["", "1", "127.1", "1.2.3", "1.2.3.4.5", "1..2.3", ".1.2.3.4", "256.0.0.1", "1.2.3.4 ", "0x7f.0.0.1", "1.2.3.4\0"])(
		"not IPv4: %j",
		(text) => expect(parseIp4(text)).toBeUndefined(),
	);

	test.each([
		["::", "::"],
		["::1", "::1"],
		["::1:2", "::0.1.0.2"],
		["::ffff:1.2.3.4", "::ffff:1.2.3.4"],
		["::ffff:0:0", "::ffff:0.0.0.0"],
		["2001:DB8::", "2001:db8::"],
		["2001:0:0:1:0:0:5:0", "2001::1:0:0:5:0"],
		["2001:db8:1:2:3:4:5:0", "2001:db8:1:2:3:4:5:0"],
		["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
		["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
		["0:0:1::", "0:0:1::"],
	])("IPv6 %s", (text, printed) => {
		const ip = parseIp6(text);
		expect(ip && formatIp(ip, "inet6")).toBe(printed);
	});

	test.each([
		":",
		":1",
		"1:",
		":::",
		"1::2::3",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8::",
		"12345::",
		"g::",
		"::1.2",
		"1::1.2.3.256",
	])("not IPv6: %j", (text) => expect(parseIp6(text)).toBeUndefined());

	test.each([
		["10", "10.0.0.0"],
		["10.1", "10.1.0.0"],
		["010.1.2", "10.1.2.0"],
		["0x0a", "10.0.0.0"],
		["0xA", "160.0.0.0"],
		["0x0a0b0c0d", "10.11.12.13"],
	])("network %s", (text, printed) => {
		const ip = parseNetwork4(text);
		expect(ip && formatIp(ip, "inet")).toBe(printed);
	});

	test.each(["", "300", "1..2", "1.", ".1", "1.2.3.4.5", "0x", "0a00", "0x0102030405"])("not a network: %j", (text) =>
		expect(parseNetwork4(text)).toBeUndefined(),
	);

	test("a scope is kept beside the address", () => {
		expect(parseIp("fe80::1%em0")).toMatchObject({ family: "inet6", scope: "em0" });
		expect(parseIp("1.2.3.4%em0")).toBeUndefined();
	});

	test.each([
		["10.0.0.1", { host: "10.0.0.1", bits: -1 }],
		["10/8", { host: "10", bits: 8 }],
		["a/+9", { host: "a", bits: 9 }],
		["10/0x8", { error: "invalid", rest: "/0x8" }],
		["10/", { error: "invalid", rest: "/" }],
		["10/8/9", { error: "invalid", rest: "/8/9" }],
		["10/-1", { error: "too small", rest: "/-1" }],
		["::/129", { error: "too large", rest: "/129" }],
	])("mask of %s", (text, expected) => expect(splitMask(text)).toEqual(expected));

	test.each([
		["10.1.2.3", 8, "10.0.0.0"],
		["10", 8, "10.0.0.0"],
		["10", -1, undefined],
		["2001:db8::1", 32, "2001:db8::"],
		["fe80::1", 10, "fe80::"],
		["1.2.3.4", 33, "1.2.3.4"],
		["web01", 24, undefined],
	])("host %s with mask %d", (host, bits, printed) => {
		const read = hostAddress(host, bits);
		expect(read && formatIp(read.address, read.family)).toBe(printed);
	});
});

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const anyIp6: fc.Arbitrary<Ip> = fc.oneof(
	fc.record({ a: word, b: word, c: word, d: word }),
	fc
		.array(fc.constantFrom(0, 0, 0, 1, 0xffff), { minLength: 8, maxLength: 8 })
		.map(([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0]) => ({
			a: (a << 16) | b,
			b: (c << 16) | d,
			c: (e << 16) | f,
			d: (g << 16) | h,
		})),
);

describe("properties", () => {
	test("what is printed is read as the same address", () => {
		fc.assert(
			fc.property(anyIp6, (ip) => {
				expect(parseIp6(formatIp(ip, "inet6"))).toEqual(ip);
			}),
		);
		fc.assert(
			fc.property(word, (a) => {
				expect(parseIp4(formatIp({ a, b: 0, c: 0, d: 0 }, "inet"))).toEqual({ a, b: 0, c: 0, d: 0 });
			}),
		);
	});

	test("a network holds exactly the addresses that its mask maps onto it", () => {
		fc.assert(
			fc.property(anyIp6, anyIp6, fc.integer({ min: 0, max: 128 }), (x, y, bits) => {
				expect(inNetwork(x, masked(x, bits), bits)).toBe(true);
				expect(inNetwork(y, masked(x, bits), bits)).toBe(sameIp(masked(y, bits), masked(x, bits)));
			}),
		);
	});

	test("the order is that of the address as one unsigned number", () => {
		const value = (ip: Ip) => [ip.a, ip.b, ip.c, ip.d].reduce((sum, w) => (sum << 32n) | BigInt(w >>> 0), 0n);
		fc.assert(
			fc.property(anyIp6, anyIp6, (x, y) => {
				expect(Math.sign(compareIp(x, y))).toBe(value(x) < value(y) ? -1 : value(x) > value(y) ? 1 : 0);
			}),
		);
	});

	test("no text throws", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."0123456789abcfx:./%- \0g") }), (text) => {
				const split = splitMask(text);
				if ("host" in split) hostAddress(split.host, split.bits);
			}),
		);
	});
});

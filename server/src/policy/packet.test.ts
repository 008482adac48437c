/** Packets as words, and what pf takes an icmp packet for. */
import { describe, expect, it, test } from "vitest";
import { ip } from "./fixture.ts";
import { ICMP, ICMP6, icmpRole, parsePacket, TCP, UDP } from "./packet.ts";

describe("a packet of ten words", () => {
	it("is read", () => {
		expect(parsePacket("in em0 tcp 198.51.100.7 40000 203.0.113.10 80 SA LAN tap3")).toEqual({
			direction: "in",
			interface: "em0",
			family: "inet",
			protocol: TCP,
			source: ip("198.51.100.7"),
			destination: ip("203.0.113.10"),
			sourcePort: 40_000,
			destinationPort: 80,
			tcpFlags: 0x12,
			icmpType: 0,
			icmpCode: 0,
			tag: "LAN",
			receivedOn: "tap3",
		});
	});

	it("may have any blanks around its words, and `-` for what it has not", () => {
		expect(parsePacket("  out\tem0  udp 10.0.0.1 1  10.0.0.2 2 - - -\n")).toMatchObject({
			protocol: UDP,
			tcpFlags: 0,
			tag: "",
			receivedOn: "",
		});
		expect(parsePacket("in em0 udp 10.0.0.1 1 10.0.0.2 2 - - -")).toMatchObject({ receivedOn: "em0" });
	});

	it("may end before its flags", () => {
		expect(parsePacket("out em0 udp 10.0.0.1 1 10.0.0.2 2")).toMatchObject({ tcpFlags: 0, tag: "", receivedOn: "" });
	});

	it("has letters for its flags, of which others are none", () => {
		const flags = (letters: string) => parsePacket(`in em0 tcp 10.0.0.1 1 10.0.0.2 2 ${letters}`)?.tcpFlags;
		expect([..."FSRPAUEW"].map(flags)).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
		expect(flags("SX")).toBe(2);
	});

	it("has type and code in the place of ports, of icmp of both families", () => {
		expect(parsePacket("in em0 icmp 10.0.0.1 3 10.0.0.2 4")).toMatchObject({
			protocol: ICMP,
			sourcePort: 0,
			destinationPort: 0,
			icmpType: 3,
			icmpCode: 4,
		});
		expect(parsePacket("in em0 icmp6 2001:db8::1 128 2001:db8::2 1")).toMatchObject({
			protocol: ICMP6,
			sourcePort: 0,
			destinationPort: 0,
			icmpType: 128,
			icmpCode: 1,
		});
	});

	test.each([
		"in",
		"in em0",
		"sideways em0 udp 10.0.0.1 1 10.0.0.2 2",
		"in em0 gre7 10.0.0.1 1 10.0.0.2 2",
		"in em0 1.5 10.0.0.1 1 10.0.0.2 2",
		"in em0 udp nowhere 1 10.0.0.2 2",
		"in em0 udp 10.0.0.1 1 nowhere 2",
		"in em0 udp 10.0.0.1 1 2001:db8::1 2",
		"in em0 udp 10.0.0.1 x 10.0.0.2 2",
		"in em0 udp 10.0.0.1 1 10.0.0.2 x",
	])("%s is none", (line) => expect(parsePacket(line)).toBeUndefined());
});

describe("an icmp packet", () => {
	const types = (family: "inet" | "inet6", what: "answer" | "ofAnotherState" | "echo") =>
		Array.from({ length: 256 }, (_, icmpType) => icmpType).filter(
			(icmpType) => icmpRole({ protocol: family === "inet" ? ICMP : ICMP6, icmpType, family })?.[what] === true,
		);
	// sys/net/pf.c, pf_icmp_mapping.
	it("of IPv4 is an answer, an error of another connection, or a ping", () => {
		expect(types("inet", "answer")).toEqual([0, 9, 14, 16, 18, 34, 36]);
		expect(types("inet", "ofAnotherState")).toEqual([3, 4, 5, 11, 12]);
		expect(types("inet", "echo")).toEqual([8]);
	});

	it("of IPv6 too", () => {
		expect(types("inet6", "answer")).toEqual([129, 140, 200]);
		expect(types("inet6", "ofAnotherState")).toEqual([1, 2, 3, 4, 136]);
		expect(types("inet6", "echo")).toEqual([128]);
	});

	it("is no other protocol's", () => {
		expect([TCP, UDP, 47].map((protocol) => icmpRole({ protocol, icmpType: 8, family: "inet" }))).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});
});

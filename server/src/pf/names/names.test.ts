import { describe, expect, test } from "vitest";
import { icmpCode, icmpCodeName, icmpType, icmpTypeName } from "./icmp.ts";
import { openbsdProtocols, parseProtocols } from "./protocols.ts";
import { openbsdServices, parseServices } from "./services.ts";

describe("services", () => {
	test.each([
		["ssh", 22],
		["http", 80],
		["www", 80],
		["domain", 53],
		["syslog", 514],
		["bootps", 67],
		["ntp", 123],
		["https", 443],
	])("OpenBSD's %s is %d", (name, port) => expect(openbsdServices().port(name)).toBe(port));

	test("names are known as they are written only", () => {
		expect(openbsdServices().port("SSH")).toBeUndefined();
		expect(openbsdServices().port("nonsense")).toBeUndefined();
	});

	test("tcp comes before udp, and a port has its first name", () => {
		const services = parseServices("both 7/udp\nboth 9/tcp alias\nlater 9/tcp\n");
		expect(services.port("both")).toBe(9);
		expect(services.port("alias")).toBe(9);
		expect(services.name(9, "tcp")).toBe("both");
		expect(services.name(7, "udp")).toBe("both");
		expect(services.name(7, "tcp")).toBeUndefined();
	});

	test("lines that getservent(3) cannot read are skipped", () => {
		const services = parseServices("# c 1/tcp\n\na\nb 70000/tcp\nc -1/tcp\nd x/tcp\ne 5\nf\t6/tcp\tg # h\ni 7,tcp\r\nj 8/sctp");
		expect([...services.names]).toEqual([
			["f", 6],
			["g", 6],
		]);
	});
});

describe("protocols", () => {
	test.each([
		["tcp", 6, "tcp"],
		["TCP", 6, "tcp"],
		["icmp6", 58, "ipv6-icmp"],
		["ipv6-icmp", 58, "ipv6-icmp"],
		["esp", 50, "esp"],
	])("%s is %d, printed %s", (name, number, printed) => {
		expect(openbsdProtocols().number(name)).toBe(number);
		expect(openbsdProtocols().name(number)).toBe(printed);
	});

	test("lines that getprotoent(3) cannot read are skipped", () => {
		const protocols = parseProtocols("# x 1\na\nb c\nd 3x\ne -4\nf 5 F # G\nh 5\n");
		expect([...protocols.names]).toEqual([
			["f", 5],
			["F", 5],
			["h", 5],
		]);
		expect(protocols.name(5)).toBe("f");
	});
});

describe("icmp", () => {
	test.each([
		["echoreq", undefined, 8],
		["echoreq", "inet", 8],
		["echoreq", "inet6", 128],
		["toobig", "inet", undefined],
		["listqry", "inet6", 130],
	] as const)("type %s of %s is %s", (name, family, type) => expect(icmpType(name, family)).toBe(type));

	test("the first name is printed where a number has several", () => {
		expect(icmpTypeName(130, "inet6")).toBe("groupqry");
		expect(icmpTypeName(99, "inet")).toBeUndefined();
	});

	test("a code's name belongs to its type", () => {
		expect(icmpCode(3, "port-unr", "inet")).toBe(3);
		expect(icmpCode(8, "port-unr", "inet")).toBeUndefined();
		expect(icmpCodeName(1, 4, "inet6")).toBe("port-unr");
		expect(icmpCodeName(40, 1, "inet")).toBe("unknown-ind");
	});
});

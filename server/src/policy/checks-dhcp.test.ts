import { describe, expect, it } from "vitest";
import { bridged, codes, DHCPD, type Files, find, guest, lan, pf, plug, routed, SSH } from "./checks-fixture.ts";

describe("fixes of DHCP", () => {
	it.each([
		["bridged on a bridge", bridged("bridge0")],
		["bridged on a veb", bridged("veb0", `tap3 ${plug}`)],
		["bridged on a vlan", bridged("veb0", plug, "vlan10")],
		["routed on a bridge", { ...routed("bridge0"), ...DHCPD }],
		["routed on a veb", { ...routed("veb0", `{ switch "lan" group "guests" }`), ...DHCPD }],
	] as const)("%s: a lease is given, and nothing else is opened", (_, host) => {
		const rules = ["block", SSH, "pass on { em1 vlan10 vether0 vport0 tap } proto tcp", "pass out on em0"];
		const [found] = find(host, pf(...rules)).filter(({ code }) => /dhcp-blocked$/.test(code));
		const lines = found?.fixes.join("").trim().split("\n") ?? [];
		expect(lines.length).toBeGreaterThan(0);
		expect(
			lines.every((line) => /^pass (in|out) quick on \w+ inet proto udp from any port 6[78] to any port 6[78] no state$/.test(line)),
		).toBe(true);
		expect(codes(host, pf("block", ...lines, ...rules.slice(1))).filter((code) => /dhcp-blocked$/.test(code))).toEqual([]);
	});
});

/** What is told of leases, by what is blocked and where. */
const told = (host: Files, ...rules: readonly string[]): readonly string[] =>
	find(host, pf("block", SSH, "pass on { em1 vlan10 vether0 vport0 tap } proto tcp", "pass out on em0", ...rules))
		.filter(({ code }) => code.endsWith("dhcp-blocked"))
		.map(({ text }) => text.replace(" gets no DHCP lease: pf blocks", ""));
const REQUEST = "proto udp to port 67";
const ANSWER = "proto udp to port 68";

describe("where a lease is lost", () => {
	const here = (kind: "veb0" | "bridge0", nic = plug): Files => ({ ...routed(kind, nic), ...DHCPD });
	it.each<[why: string, host: Files, rules: readonly string[], told: readonly string[]]>([
		["on the tap", here("bridge0"), [], ['"db01" its requests `in on tap`']],
		["on a pinned tap", here("bridge0", `tap3 ${plug}`), [], ['"db01" its requests `in on tap3`']],
		["a bridge asks no more than that", here("bridge0"), [`pass in on tap ${REQUEST}`], []],
		["as a flood of the veb", here("veb0"), [`pass in on tap ${REQUEST}`], ['"db01" its requests `out on veb0`']],
		[
			"the answer, out on the tap",
			here("veb0"),
			[`pass in on tap ${REQUEST}`, `pass out on veb0 ${REQUEST}`],
			['"db01" the answers `out on tap`'],
		],
		["the answer may be flooded", here("veb0"), [`pass in on tap ${REQUEST}`, `pass out on veb0 proto udp`], []],
		["a veb without link1 asks nobody", { ...here("veb0"), "hostname.veb0": ["add vport0", "up"] }, [], []],
		["from outside: on the tap", bridged(), [], ['"web01" its requests `in on tap`']],
		["out to the network", bridged(), [`pass in on tap ${REQUEST}`], ['"web01" its requests `out on em1`']],
		["the answer in from it", bridged(), [`pass on { tap em1 } ${REQUEST}`], ['"web01" the answers `in on em1`']],
		[
			"the answer out to the guest",
			bridged(),
			[`pass on { tap em1 } ${REQUEST}`, `pass in on em1 ${ANSWER}`],
			['"web01" the answers `out on tap`'],
		],
		[
			"out to the guest, whatever passes on the bridge itself",
			bridged(),
			[`pass on { tap em1 } ${REQUEST}`, `pass in on em1 ${ANSWER}`, "pass out on bridge0"],
			['"web01" the answers `out on tap`'],
		],
		["and all of it passes", bridged(), [`pass on { tap em1 } ${REQUEST}`, `pass in on em1 ${ANSWER}`, `pass out on tap ${ANSWER}`], []],
		[
			"by a port that is not the client's",
			bridged(),
			[`pass in on tap proto udp from port 1000 to port 67`],
			['"web01" its requests `in on tap`'],
		],
		[
			"from an address",
			bridged(),
			[`pass in on tap inet ${REQUEST.replace(" to ", " from 10.0.0.0/8 to ")}`],
			['"web01" its requests `in on tap`'],
		],
		[
			"to an address",
			bridged(),
			[`pass in on tap inet ${REQUEST.replace(" to ", " to 10.0.0.0/8 ")}`],
			['"web01" its requests `in on tap`'],
		],
	])("%s", (_, host, rules, expected) => {
		expect(told(host, ...rules)).toEqual(expected);
	});
});

describe("whose lease it is", () => {
	const mac = "fe:e1:ba:d0:00:01";
	const nic = `tap3 { switch "lan" lladdr ${mac} }`;
	const fixed: Files = { "dhcpd.conf": ["host web01 {", `hardware ethernet ${mac};`, "fixed-address 10.10.0.20;", "}"] };
	const requests = ['"web01" its requests `in on tap3`'];
	const start = (name: string, ...more: readonly string[]) => guest(name, plug).toSpliced(1, 0, ...more);
	it.each<[why: string, host: Files, told: readonly string[]]>([
		["of a guest whose address nobody fixed", bridged("bridge0", nic), requests],
		["not of one whose address dhcpd.conf fixes", { ...bridged("bridge0", nic), ...fixed }, []],
		[
			"not of one whose port a veb binds to an address",
			{ ...bridged("veb0", nic), "hostname.veb0": ["link1", "add em1", `static tap3 ${mac}`, "up"] },
			requests,
		],
		[
			"not of one whose port a rule of the bridge binds to an address",
			{ ...bridged("bridge0", nic), "hostname.bridge0": ["add em1", `rule pass in on tap3 src ${mac} arp reply spa 10.10.0.20`, "up"] },
			[],
		],
		[
			"of one beside a port that is bound",
			{ ...bridged("bridge0", nic), "hostname.bridge0": ["add em1", `rule pass in on tap4 src ${mac} arp reply spa 10.10.0.20`, "up"] },
			requests,
		],
		[
			"of one whose tap nobody pinned, beside a port that is bound",
			{ ...bridged(), "hostname.bridge0": ["add em1", `rule pass in on tap4 src ${mac} arp reply spa 10.10.0.20`, "up"] },
			['"web01" its requests `in on tap`'],
		],
		[
			"of a port that is bound to a MAC address alone",
			{ ...bridged("bridge0", nic), "hostname.bridge0": ["add em1", `rule pass in on tap3 src ${mac}`, "up"] },
			requests,
		],
		[
			"of one on a bridge without a file",
			{
				...bridged("bridge0", nic),
				"vm.conf": [
					...lan("bridge0"),
					...guest("web01", nic),
					`switch "other" {`,
					"\tinterface bridge7",
					"}",
					...guest("x", `{ switch "other" }`),
				],
			},
			requests,
		],
		[
			"where the host's second address is served",
			{ ...routed(), ...DHCPD, "hostname.vether0": ["inet 10.60.0.1/24", "inet alias 10.50.0.1/24"] },
			['"db01" its requests `in on tap`'],
		],
		[
			"not where only an address of IPv6 begins like the network",
			{ ...routed(), ...DHCPD, "hostname.vether0": ["inet 10.60.0.1/24", "inet6 a32:1::1 64"] },
			[],
		],
		["not where the network is no address", { ...routed(), "dhcpd.conf": ["subnet here netmask 255.255.255.0 {", "}"] }, []],
		["not where its mask is none", { ...routed(), "dhcpd.conf": ["subnet 10.50.0.0 netmask wide {", "}"] }, []],
		["not where the mask is too narrow", { ...routed(), "dhcpd.conf": ["subnet 10.50.0.128 netmask 255.255.255.128 {", "}"] }, []],
		["of no guest that does not start", { ...bridged(), "vm.conf": [...lan("bridge0"), ...start("web01", "disable")] }, []],
		[
			"of the first that starts",
			{ ...bridged(), "vm.conf": [...lan("bridge0"), ...start("old", "disable"), ...guest("a", plug), ...guest("b", plug)] },
			['"a" its requests `in on tap`'],
		],
		[
			"of the first without an address of its own",
			{ ...bridged(), ...fixed, "vm.conf": [...lan("bridge0"), ...guest("web01", nic), ...guest("b", plug)] },
			['"b" its requests `in on tap`'],
		],
		["of no guest behind the host where no dhcpd.conf is", routed(), []],
		["nor where dhcpd.conf has other networks alone", { ...routed(), "dhcpd.conf": ["subnet 10.51.0.0 netmask 255.255.255.0 {", "}"] }, []],
		[
			"of one whose network is the second",
			{ ...routed(), "dhcpd.conf": ["subnet 10.51.0.0 netmask 255.255.255.0 {", "}", "subnet 10.50.0.0 netmask 255.255.255.128 {", "}"] },
			['"db01" its requests `in on tap`'],
		],
		[
			"not where the host has its address by a name",
			{ ...routed(), ...DHCPD, "hostname.vether0": ["inet gw.example.org 255.255.255.0"] },
			[],
		],
	])("%s", (_, host, expected) => {
		expect(told(host)).toEqual(expected);
	});
});

it("a fix passes only what is blocked, each packet once", () => {
	const [found] = find(
		bridged("bridge0", `tap3 ${plug}`),
		pf(
			"block",
			SSH,
			"pass on { em1 tap } proto tcp",
			`pass in on em1 ${ANSWER}`,
			`pass on em1 ${REQUEST}`,
			`pass out on tap3 inet ${ANSWER.replace(" to ", " from 10.0.0.1 to ")}`,
		),
	).filter(({ code }) => code === "host/bridged-dhcp-blocked");
	const rules = [
		"pass in quick on tap3 inet proto udp from any port 68 to any port 67 no state",
		"pass out quick on tap3 inet proto udp from any port 67 to any port 68 no state",
	];
	expect(found?.fixes.join("").trim().split("\n")).toEqual(rules);
	expect(found?.advice).toBe(`Add \`${rules.join("`, `")}\`.`);
});

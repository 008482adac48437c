import { describe, expect, it } from "vitest";
import { bridged, DHCPD, type Files, find, guest, lan, pf, plug, routed, SSH } from "./checks-fixture.ts";

/** What a check says of a host with rules below a block of everything. */
const told = (code: string, host: Files, ...rules: readonly string[]): readonly string[] =>
	find(host, pf("block all", SSH, ...rules))
		.filter((one) => one.code === code)
		.map(({ text }) => text);

const guests = (...all: readonly (readonly string[])[]): Files => ({ "vm.conf": [...lan("bridge0"), ...all.flat()] });
const off = (name: string, nic = plug): readonly string[] => guest(name, nic).toSpliced(1, 0, "disable");

describe("guest-cut-off", () => {
	const cut = (name: string, where: string, others = 0): string =>
		`Nothing gets to or from "${name}"${others === 0 ? "" : ` and ${others} more`} here: pf blocks it \`${where}\``;
	const own = (...lines: readonly string[]): Files => ({ "pf.vm/web01.conf": lines });
	const load = (path: string, file = "web01"): readonly string[] => [
		`anchor "${path}"`,
		`load anchor "${path}" from "/etc/pf.vm/${file}.conf"`,
	];

	it.each<[why: string, host: Files, rules: readonly string[], told: readonly string[]]>([
		["another guest hears it", { ...bridged(), ...guests(guest("web01", plug), guest("b", plug)) }, ["pass on tap"], []],
		[
			"the other guest does not start",
			{ ...bridged(), ...guests(guest("web01", plug), off("b")) },
			["pass on tap"],
			[cut("web01", "out on em1")],
		],
		["one that does not start is not told of", { ...bridged(), ...guests(off("web01")) }, [], []],
		[
			"its own other interface is nobody else",
			{
				...bridged(),
				...guests(guest("web01", plug).toSpliced(3, 0, `\tinterface ${plug}`)),
			},
			["pass on tap"],
			[cut("web01", "out on em1")],
		],
		[
			"guests with two interfaces count once",
			{
				...bridged(),
				...guests(...["web01", "b"].map((name) => guest(name, plug).toSpliced(3, 0, `\tinterface ${plug}`))),
			},
			[],
			[cut("web01", "in on tap", 1)],
		],
		[
			"guests that different rules stop are told of apart",
			{ ...bridged(), ...guests(guest("web01", `tap3 ${plug}`), guest("b", `tap4 ${plug}`)) },
			["block on tap4"],
			[cut("web01", "in on tap3"), cut("b", "in on tap4")],
		],
		["it is plugged into nothing", { ...bridged(), ...guests(guest("web01", "")) }, [], []],
		["its own anchor passes nothing", { ...bridged(), ...own("# nothing") }, load("vm/web01"), []],
		["its own anchor blocks", { ...bridged(), ...own("block on tap9") }, load("vm/web01"), []],
		["its own anchor is directly below the ruleset", { ...bridged(), ...own("# nothing") }, load("web01"), []],
		[
			"its own anchor calls others",
			{ ...bridged(), ...own('anchor "more" {', "block on tap9", "}") },
			load("vm/web01"),
			[cut("web01", "in on tap")],
		],
		[
			"it has another anchor, which passes something",
			{ ...bridged(), ...own("# nothing"), "pf.vm/more.conf": ["pass on tap9"] },
			[...load("vm/web01"), ...load("more/web01", "more")],
			[cut("web01", "out on em1")],
		],
		["an anchor is another guest's", { ...bridged(), ...own("# nothing") }, load("vm/b"), [cut("web01", "in on tap")]],
		["what the guest sends gets into the host", routed(), ["pass in on vether0 from 10.50.0.7"], []],
		["it is let in from other networks alone", routed(), ["pass in on vether0 inet from 10.60.0.0/24"], [cut("db01", "in on vether0")]],
		["it may be reached", routed(), ["pass out on vether0 inet to 10.50.0.0/24"], []],
		["it may be reached from one address", routed(), ["pass out on vether0 inet from 198.51.100.1 to 10.50.0.7"], []],
		["other networks alone may be reached", routed(), ["pass out on vether0 inet to 10.60.0.0/24"], [cut("db01", "in on vether0")]],
		[
			"in from one address, out with another",
			routed(),
			["pass in on em0 from 198.51.100.7", "pass out on em0 inet from 198.51.100.2", "pass in on vether0"],
			[],
		],
		[
			"a second network behind the bridge",
			{ ...routed(), "hostname.bridge0": ["add vether0", "add vether1", "up"], "hostname.vether1": ["inet 10.51.0.1/24", "up"] },
			["pass in on vether1 inet from 10.60.0.0/24"],
			[cut("db01", "in on vether0")],
		],
		[
			"from a second network behind the bridge",
			{ ...routed(), "hostname.bridge0": ["add vether0", "add vether1", "up"], "hostname.vether1": ["inet 10.51.0.1/24", "up"] },
			["pass in on vether1 inet from 10.51.0.0/24"],
			[],
		],
		[
			"an IPv6 network is not an IPv4 address",
			{ ...routed(), "hostname.vether0": ["inet 10.50.0.1/24", "inet6 2001:db8::1 32", "up"] },
			["pass in on vether0 inet from 32.1.13.184"],
			[cut("db01", "in on vether0")],
		],
		[
			"which IPv4 addresses it has is not known",
			{ ...routed(), "hostname.vether0": ["inet6 2001:db8::1 64", "up"] },
			["pass in on vether0 inet from 10.60.0.0/24"],
			[],
		],
		[
			"the mask cannot be read",
			{ ...routed(), "hostname.vether0": ["inet 10.50.0.1 mask", "up"] },
			["pass in on vether0 inet from 10.60.0.0/24"],
			[],
		],
		[
			"the port of a veb lets in what the guest's network need not be",
			routed("veb0"),
			["pass in on tap inet from 10.60.0.0/24", "pass in on vport0"],
			[],
		],
		[
			"the LAN may have further networks",
			{ ...routed(), "hostname.bridge0": ["add vether0", "add em1", "up"], "hostname.em1": ["up"] },
			["pass in on vether0 inet from 10.60.0.0/24"],
			[],
		],
	])("%s", (_, host, rules, expected) => {
		expect(told("host/guest-cut-off", host, ...rules)).toEqual(expected);
	});
});

describe("guests-reach-host", () => {
	const open = ["pass in on vether0", "pass out"];
	const reach = "Guests behind vether0 reach every port of the host";

	it.each<[why: string, host: Files, rules: readonly string[], told: readonly string[]]>([
		["all is open to guests", routed(), open, [reach]],
		["no guest starts", { ...routed(), ...guests(off("db01")) }, open, []],
		[
			"others than guests come in there",
			{ ...routed(), "hostname.bridge0": ["add vether0", "add em1", "up"], "hostname.em1": ["up"] },
			open,
			[],
		],
		["the host has no address there", { ...routed(), "hostname.bridge0": ["up"] }, open, []],
		["its address is an IPv6 one", { ...routed(), "hostname.vether0": ["inet6 2001:db8::1 64", "up"] }, open, []],
		["its address is a name", { ...routed(), "hostname.vether0": ["inet hv1.example.org 255.255.255.0", "up"] }, open, []],
		[
			"its first address is an IPv6 one",
			{ ...routed(), "hostname.vether0": ["inet6 2001:db8::1 64", "inet 10.50.0.1/24", "up"] },
			open,
			[reach],
		],
		[
			"the IPv4 address belongs to another port",
			{
				...routed(),
				"hostname.bridge0": ["add vether0", "add vether1", "up"],
				"hostname.vether0": ["inet6 2001:db8::1 64"],
				"hostname.vether1": ["inet 10.51.0.1/24", "up"],
			},
			[...open, "pass in on vether1"],
			[],
		],
		[
			"no interface is known to be egress",
			{ ...routed(), "hostname.em0": ["inet 192.168.7.1/24"], "hostname.em1": ["inet 192.168.8.1/24"] },
			open,
			[reach],
		],
		["everything is open to everybody", routed(), ["pass"], []],
		["one port is blocked", routed(), [...open, "block in on vether0 inet proto tcp to 10.50.0.1 port 25"], []],
		["which of two rules passes it is not known", routed(), [...open, "pass in on vether0 probability 50%"], []],
		["the veb's port lets it in", routed("veb0"), ["pass in on { vport0 tap }", "pass out"], [reach.replace("vether0", "vport0")]],
		["the guest's tap does not", routed("veb0"), ["pass in on { vport0 tap }", "pass out", "block in on tap inet to 10.50.0.1"], []],
	])("%s", (_, host, rules, expected) => {
		expect(told("host/guests-reach-host", host, ...rules)).toEqual(expected);
	});

	it("shows the first address of the host", () => {
		const two: Files = { "hostname.vether0": ["inet 10.50.0.1/24", "inet alias 10.51.0.1/24", "up"] };
		const [found] = find(routed(), two, pf("block", ...open)).filter(({ code }) => code === "host/guests-reach-host");
		expect(found?.related).toEqual(["The host's address there: 10.50.0.1"]);
	});
});

describe("the fix", () => {
	const fixes = (code: string, host: Files, ...rules: readonly string[]): readonly string[] =>
		find(host, pf(...rules))
			.filter((one) => one.code === code)
			.flatMap((one) => one.fixes);
	const HOST = "pass out on em0";
	it.each<[why: string, host: Files, rules: readonly string[], fix: readonly string[]]>([
		[
			"of routed guests passes their network in",
			routed(),
			["block all", SSH, HOST],
			["pass in on vether0 inet from 10.50.0.0/24 to ! (self)\n"],
		],
		[
			"and out to the network outside, from any address",
			routed(),
			["block all", SSH],
			["pass in on vether0 inet from 10.50.0.0/24 to ! (self)\npass out on em0 inet to ! (self)\n"],
		],
		[
			"is quick where the block is",
			routed(),
			["block quick on vether0", SSH, HOST],
			["pass in quick on vether0 inet from 10.50.0.0/24 to ! (self)\n"],
		],
		[
			"has no network where the guests' is IPv6 alone",
			{ ...routed(), "hostname.vether0": ["inet6 2001:db8::1 64", "up"] },
			["block all", SSH, HOST],
			["pass in on vether0 inet to ! (self)\n"],
		],
		[
			"of bridged guests passes them on one port, where pf skips the other",
			bridged(),
			["set skip on em1", "block all", SSH],
			["pass in on tap inet to ! (self)\n"],
		],
		["is none where no way leads outside", { ...routed(), "hostname.em0": undefined }, ["block all"], []],
		[
			"of bridged guests passes them on both ports",
			bridged(),
			["block all", SSH],
			["pass in on tap inet to ! (self)\npass out on em1 inet to ! (self)\n"],
		],
	])("of guests that are cut off: %s", (_, host, rules, fix) => {
		expect(fixes("host/guest-cut-off", host, ...rules)).toEqual(fix);
		const [title] = find(host, pf(...rules)).find(({ code }) => code === "host/guest-cut-off")?.titles ?? [];
		const [only = "", ...others] = (fix[0] ?? "").trim().split("\n");
		expect(title).toBe(
			fix.length === 0 ? undefined : others.length > 0 ? "Let the guests here open connections to the outside" : `Add \`${only}\``,
		);
	});

	it("of guests that reach the host excepts the host", () => {
		const reach = (rule: string) => fixes("host/guests-reach-host", routed(), "block all", SSH, rule, "pass out");
		expect(reach("pass in on vether0 from any to any")).toEqual(["to ! (self)"]);
	});
});

describe("what the files do not tell of the gateway", () => {
	const told = (gateway: readonly string[] | undefined, ...rules: readonly string[]) =>
		find(routed(), DHCPD, { "hostname.vether0": gateway }, pf("block", SSH, ...rules)).map(({ code, fixes }) => [
			code,
			...fixes.flatMap((one) => one.trimEnd().split("\n")),
		]);
	const out = "pass out on em0 inet to ! (self)";
	const DHCP = ["host/dhcp-blocked", "pass in quick on tap inet proto udp from any port 68 to any port 67 no state"];
	it.each<[what: string, gateway: readonly string[] | undefined, shut: readonly unknown[], open: readonly unknown[]]>([
		["its file: then guests have no way through it", undefined, [], []],
		["its address", ["up"], [], []],
		[
			"its IPv4 address, and nothing is known of guests'",
			["inet6 2001:db8:1::1 64", "up"],
			[
				["host/guest-cut-off", "pass in on vether0 inet to ! (self)", out],
				["pf/neighbour-discovery-blocked", "pass on vether0 inet6 proto icmp6 icmp6-type { neighbrsol neighbradv }"],
			],
			[],
		],
		[
			"what its name stands for",
			["inet gw.example 255.255.255.0", "up"],
			[["host/guest-cut-off", "pass in on vether0 inet to ! (self)", out]],
			[],
		],
		[
			"what its second name stands for: the first network is known",
			["inet 10.50.0.1/24", "inet alias gw.example 255.255.255.0"],
			[["host/guest-cut-off", "pass in on vether0 inet from 10.50.0.0/24 to ! (self)", out]],
			[DHCP],
		],
	])("%s", (_, gateway, shut, open) => {
		expect(told(gateway)).toEqual(shut);
		expect(told(gateway, "pass in on vether0", "pass out")).toEqual(open);
	});
});

import { describe, expect, it } from "vitest";
import { codes, type Files, find, guest, lan, pf, plug, routed, SSH } from "./checks-fixture.ts";

describe("redirections", () => {
	it.each<[why: string, blocked: boolean, rules: readonly string[]]>([
		[
			"without a pass",
			true,
			[
				"match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20 port 8080",
				"pass in on egress proto tcp to port 80",
				"pass out",
			],
		],
		[
			"the pass asks for the new port",
			false,
			[
				"match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20 port 8080",
				"pass in on egress proto tcp to port 8080",
				"pass out",
			],
		],
		[
			"passed by itself, blocked on its way out",
			true,
			["pass in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20", "pass out on em0"],
		],
		["passed by itself, and out", false, ["pass in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20", "pass out on vether0"]],
		[
			"from a table of unknown addresses",
			false,
			["table <c> persist", "match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20", "pass in from <c>", "pass out"],
		],
		["by tag", false, ["match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20 tag WEB", "pass tagged WEB"]],
		["to a service of the host", false, ["pass in on egress inet proto tcp to port 80 rdr-to 127.0.0.1 port 8080"]],
		["an anchor may pass it", false, ["match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20", 'anchor "miniupnpd"']],
	])("%s: %s", (_, blocked, rules) => {
		expect(codes(routed(), pf("block", ...rules, SSH)).includes("host/redirect-blocked")).toBe(blocked);
	});
});

/** What is told of redirections, without the words that are always the same. */
const told = (rules: readonly string[], ...more: readonly Files[]): readonly string[] =>
	find(routed(), pf("block", SSH, ...rules), ...more)
		.filter(({ code }) => code === "host/redirect-blocked")
		.map(({ text }) => text.replace("What is redirected to ", "").replace("is blocked ", ""));

describe("what is told of a redirection", () => {
	const to = "10.50.0.20";
	const inward = "`in on em0`";
	/** The rule for ssh lets some of it in. */
	const outward = "`out on vether0`";
	it.each<[why: string, rule: string, told: string]>([
		["the port that it asks for", `proto tcp to (egress) port 80 rdr-to ${to}`, `${to} port 80 ${inward}`],
		["the port that it gives", `proto tcp to (egress) port 80 rdr-to ${to} port 8080`, `${to} port 8080 ${inward}`],
		["a range of one port", `proto tcp to (egress) port 80 rdr-to ${to} port 8080:8080`, `${to} port 8080 ${inward}`],
		["not one of several ports that it gives", `proto tcp to (egress) port 80 rdr-to ${to} port 8080:8090`, `${to} ${inward}`],
		["not one of all ports above", `proto tcp to (egress) port 80:90 rdr-to ${to} port 8080:*`, `${to} ${inward}`],
		["not one of several ports that it asks for", `proto tcp to (egress) port 80:90 rdr-to ${to}`, `${to} ${inward}`],
		["not all ports but one", `proto tcp to (egress) port != 80 rdr-to ${to}`, `${to} ${outward}`],
		["no port where none is named", `proto tcp to (egress) rdr-to ${to}`, `${to} ${outward}`],
		["of UDP", `proto udp to (egress) port 53 rdr-to ${to}`, `${to} port 53 ${inward}`],
		["of every protocol", `to (egress) rdr-to ${to}`, `${to} ${outward}`],
	])("%s: %s", (_, rule, expected) => {
		expect(told([`match in on egress inet ${rule}`])).toEqual([expected]);
	});

	it("tells a list of ports once", () => {
		expect(told(["match in on egress inet proto tcp to (egress) port { 80 443 } rdr-to 10.50.0.20"])).toHaveLength(1);
	});

	it.each<[why: string, rules: readonly string[]]>([
		["of another protocol", [`match in on egress inet proto icmp to (egress) rdr-to ${to}`]],
		["to several hosts", ["match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.16/28"]],
		["on the way out", [`match out on egress inet proto tcp to 198.51.100.1 port 80 rdr-to ${to}`]],
		["to IPv6", ["match in on egress inet6 proto tcp to (egress) port 80 rdr-to 2001:db8::20"]],
		[
			"to an address of the other family",
			["pass in on egress inet6 proto tcp to 64:ff9b::/96 port 80 af-to inet from (em0) to 10.50.0.20"],
		],
		["to the other family", ["pass in on egress inet6 proto tcp to 64:ff9b::/96 af-to inet from (vether0)"]],
		["where nothing comes in", [`match in on vether0 inet proto tcp to (egress) port 80 rdr-to ${to}`]],
		["whose interface nobody knows", [`match in on tun0 inet proto tcp to (egress) port 80 rdr-to ${to}`]],
		["of IPv6, to a network whose mask has 32 bits", [`match in on egress inet6 proto tcp to port 80 rdr-to a32:14::/32 random`]],
		["of no address", ["table <none> const { }", `match in on egress inet proto tcp from <none> to (egress) port 80 rdr-to ${to}`]],
	])("nothing, %s", (_, rules) => {
		expect(told(rules)).toEqual([]);
	});
});

describe("by which interface it comes", () => {
	const two: Files = { "hostname.em2": ["inet 198.51.100.2 255.255.255.0", "up"] };
	const tail = "inet proto tcp to port 80 rdr-to 10.50.0.20 port 8080";
	it.each<[on: string, passes: string, told: readonly string[]]>([
		["", "", ["10.50.0.20 port 8080 `in on em0`"]],
		["", "pass in on em2 inet proto tcp to port 8080", []],
		["on em0", "pass in on em2 inet proto tcp to port 8080", ["10.50.0.20 port 8080 `in on em0`"]],
		["on em2", "pass in on em0 inet proto tcp to port 8080", ["10.50.0.20 port 8080 `in on em2`"]],
		["on ! em0", "pass in on em0 inet proto tcp to port 8080", ["10.50.0.20 port 8080 `in on em2`"]],
		["on ! em2", "pass in on em2 inet proto tcp to port 8080", ["10.50.0.20 port 8080 `in on em0`"]],
		["on ! em2", "pass in on em0 inet proto tcp to port 8080", []],
	])("%s, with `%s`", (on, passes, expected) => {
		expect(told([`match in ${on} ${tail}`, passes, "pass out"], two)).toEqual(expected);
	});
});

describe("by which interface it leaves", () => {
	const away: Files = { "hostname.em0": ["inet 203.0.113.5 255.255.255.0"] };
	const rule = (to: string, kind = "proto tcp to port 80") => `pass in on egress inet ${kind} rdr-to ${to}`;
	const blocked = ["10.50.0.20 port 80 `out on vether0`"];
	it.each<[why: string, rules: readonly string[], told: readonly string[], more?: Files]>([
		["all is blocked", [rule("10.50.0.20")], blocked],
		["another port passes", [rule("10.50.0.20"), "pass out proto tcp to port 443"], blocked],
		["another address passes", [rule("10.50.0.20"), "pass out inet to 10.50.0.21"], blocked],
		["another protocol passes", [rule("10.50.0.20"), "pass out proto udp"], blocked],
		["its port passes", [rule("10.50.0.20"), "pass out proto tcp to port 80"], []],
		["UDP passes", [rule("10.50.0.20", "proto udp to port 53"), "pass out proto udp"], []],
		["TCP passes, not UDP", [rule("10.50.0.20", "proto udp to port 53"), "pass out proto tcp"], ["10.50.0.20 port 53 `out on vether0`"]],
		["one of its ports passes", [rule("10.50.0.20", "proto tcp to port 80:90"), "pass out proto tcp to port 85"], []],
		["none of its ports passes", [rule("10.50.0.20", "proto tcp to port 80:90")], ["10.50.0.20 `out on vether0`"]],
		["the host itself", [rule("10.50.0.1")], []],
		["an address that no interface is next to", [rule("10.60.0.20")], []],
		[
			"the address of another interface, without a network",
			[rule("10.60.0.20")],
			[],
			{ "hostname.em2": ["inet 10.60.0.20 255.255.255.255"] },
		],
		["a network that two interfaces have", [rule("10.50.0.20")], [], { "hostname.em2": ["inet 10.50.0.2 255.255.255.0"] }],
		["an interface with one address alone beside", [rule("10.50.0.20")], blocked, { "hostname.em2": ["inet 10.50.0.2 255.255.255.255"] }],
		["an interface with IPv6 beside", [rule("10.50.0.20")], blocked, { "hostname.em2": ["inet6 2001:db8::1 64"] }],
		["an interface that asks for its address beside", [rule("10.50.0.20")], blocked, { "hostname.em2": ["inet autoconf"] }],
		[
			"an interface whose address is a name beside",
			[rule("10.50.0.20")],
			blocked,
			{ "hostname.em2": ["inet gw.example.org 255.255.255.0"] },
		],
		["a network of IPv6 that begins with the same bits", [rule("10.50.0.20")], blocked, { "hostname.em2": ["inet6 a32:1::1 16"] }],
		["back to where it came from", [rule("203.0.113.77")], [], away],
	])("%s", (_, rules, expected, more = {}) => {
		expect(told(rules, more)).toEqual(expected);
	});
});

describe("a guest's port of a veb", () => {
	const mac = (last: number): string => `fe:e1:ba:d0:00:0${last}`;
	const nic = (tap: number): string => `tap${tap} { switch "lan" lladdr ${mac(tap)} }`;
	const lease = (tap: number, ip: string) => [`host g${tap} {`, `hardware ethernet ${mac(tap)};`, `fixed-address ${ip};`, "}"];
	const fixed: Files = {
		"vm.conf": [...lan("veb0"), ...guest("db01", nic(3)), ...guest("web01", nic(4)), ...guest("any", plug)],
		"dhcpd.conf": ["subnet 10.50.0.0 netmask 255.255.255.0 {", ...lease(4, "10.50.0.20"), ...lease(3, "10.50.0.30"), "}"],
	};
	const bound = "set state-policy if-bound";
	const rules = ["pass in on egress inet proto tcp to port 80 rdr-to 10.50.0.20", "pass out on vport0", "pass in on tap"];
	it.each<[why: string, pf: readonly string[], told: readonly string[], more?: Files]>([
		["each state is bound to its interface", [bound, "block", ...rules], ["10.50.0.20 port 80 `out on tap4`"]],
		["the port passes", [bound, "block", ...rules, "pass out on tap4"], []],
		["another port passes", [bound, "block", ...rules, "pass out on tap3", "pass in on tap4"], ["10.50.0.20 port 80 `out on tap4`"]],
		["the state of the vport is good for the port", ["block", ...rules], []],
		["the veb does not ask pf", [bound, "block", ...rules], [], { "hostname.veb0": ["add vport0", "up"] }],
		["whose address nobody fixed", [bound, "block", ...rules], [], { "dhcpd.conf": undefined }],
		[
			"which is no way there",
			[bound, "block", ...rules, "pass out on em2"],
			[],
			{ "hostname.vport0": ["inet 10.99.0.1/24"], "hostname.em2": ["inet 10.50.0.1/24"] },
		],
	])("%s", (_, lines, expected, more = {}) => {
		const found = find(routed("veb0"), fixed, pf(...lines, SSH), more).filter(({ code }) => code === "host/redirect-blocked");
		expect(found.map(({ text }) => text.replace("What is redirected to ", "").replace("is blocked ", ""))).toEqual(expected);
	});

	it("the first of several switches has no file", () => {
		const vm = [`switch "other" {`, "\tinterface veb1", "}", ...(fixed["vm.conf"] ?? [])];
		expect(codes(routed("veb0"), fixed, { "vm.conf": vm }, pf(bound, "block", ...rules, SSH))).toContain("host/redirect-blocked");
	});

	it("a bridge passes its guests' frames by", () => {
		expect(
			codes(
				routed("bridge0"),
				{ ...fixed, "vm.conf": [...lan("bridge0"), ...guest("web01", nic(4))], "hostname.bridge0": ["link1", "add vether0", "up"] },
				pf(bound, "block", ...rules.map((line) => line.replace("vport0", "vether0")), SSH),
			),
		).not.toContain("host/redirect-blocked");
	});
});

describe("without any file of an interface, a redirection", () => {
	const ssh = "pass in on em0 inet proto tcp to port ssh";
	it.each<[why: string, blocked: boolean, rules: readonly string[]]>([
		["that no rule passes is told", true, [ssh, "match in on em0 inet proto tcp to (em0) port 25 rdr-to 10.0.0.33 port 9999"]],
		["to a port that is passed below is not", false, ["match in on em0 inet proto tcp to (em0) port 25 rdr-to 10.0.0.33 port 22", ssh]],
		["that passes by itself is not", false, ["pass in on em0 inet proto tcp to (em0) port 25 rdr-to 10.0.0.33"]],
		["on a group, which may be any interface, is not", false, [ssh, "match in on egress inet proto tcp to port 25 rdr-to 10.0.0.33"]],
		["on any interface is told of those that rules name", true, [ssh, "match in inet proto tcp to port 25 rdr-to 10.0.0.33 port 9999"]],
	])("%s", (_, blocked, rules) => {
		expect(codes(pf("block", ...rules, "pass out")).includes("host/redirect-blocked")).toBe(blocked);
	});
});

describe("redirections back to where packets come from", () => {
	const web = (source: string, target = "10.50.0.20"): string =>
		`pass in on vether0 inet proto tcp from ${source} to em0 port 80 rdr-to ${target}`;
	it.each<[why: string, told: boolean, rules: readonly string[]]>([
		["of the whole network", true, [web("vether0:network")]],
		["of a part of it", true, [web("10.50.0.64/26")]],
		["of the network as it is written", true, [web("10.50.0.0/24")]],
		["of anything", true, [web("any")]],
		["of another network behind it", false, [web("10.60.0.0/24")]],
		["to the host itself", false, [web("any", "10.50.0.1")]],
		["to another network", false, [web("any", "10.60.0.20")]],
		["an anchor may translate it", false, [web("any"), 'anchor "relayd/*"']],
		["translated for all interfaces", false, [web("any"), "match out inet received-on vether0 nat-to (vether0)"]],
		["translated elsewhere", true, [web("any"), "match out on em0 inet from 10.50.0.0/24 nat-to (em0)"]],
		["translated on the way in", true, [web("any"), "match in on vether0 inet from 10.50.0.0/24 nat-to (vether0)"]],
		["translated on all interfaces but another", false, [web("any"), "match out on ! em0 inet nat-to (vether0)"]],
		["translated on all interfaces but this", true, [web("any"), "match out on ! vether0 inet nat-to (em0)"]],
		["translated by a group that it is not in", true, [web("any"), "match out on egress inet nat-to (vether0)"]],
		["of the network, whatever it is by then", true, [web("(vether0:network)")]],
		["of the network of another interface", false, [web("em0:network")]],
		["of that, whatever it is by then", false, [web("(em0:network)")]],
		["of the address of the interface", false, [web("(vether0)")]],
		["of more than the network", false, [web("10.50.0.0/16")]],
		["of all but something", false, [web("! 10.50.0.64/26")]],
		["of a table", false, ["table <t> const { 10.50.0.0/24 }", web("<t>")]],
		["on any interface", false, [web("any").replace("on vether0 ", "")]],
		["on all interfaces but one", false, [web("any").replace("on vether0", "on ! em0")]],
		["on another interface", false, [web("any").replace("on vether0", "on em0")]],
		["by its route", false, [`${web("any")} route-to 10.50.0.99`]],
		["of UDP", true, [web("any").replace("tcp", "udp")]],
		["of a protocol without ports", false, [web("any").replace("proto tcp", "proto icmp").replace(" port 80", "")]],
		["to several", false, [web("any", "10.50.0.16/28")]],
		["on the way out", false, [web("any").replace("in on", "out on")]],
	])("%s: %s", (_, told, rules) => {
		expect(codes(routed(), pf("block", SSH, "pass out", ...rules)).includes("host/redirect-reflected")).toBe(told);
	});

	it.each<[why: string, addresses: readonly string[]]>([
		["of IPv6 that begins with the same bits", ["inet6 a32:1::1 16"]],
		["with a name for an address", ["inet gw.example.org 255.255.255.0"]],
		["that asks for its address", ["inet autoconf"]],
		["of one address", ["inet 10.50.0.1 255.255.255.255"]],
	])("not by a network %s", (_, addresses) => {
		const own: Files = { "hostname.vether0": [...addresses, "up"] };
		expect(codes(routed(), own, pf("block", SSH, "pass out", web("any")))).not.toContain("host/redirect-reflected");
	});

	it("are told once for a list of ports, beside the interface", () => {
		const found = find(routed(), pf("block", SSH, "pass out", web("any").replace("port 80", "port { 80 443 }"))).filter(
			({ code }) => code === "host/redirect-reflected",
		);
		expect(found.map(({ text }) => text)).toEqual(["10.50.0.20 answers clients on vether0 directly, past this redirection"]);
	});
});

describe("redirections to the host itself on the way out", () => {
	const out = (to: string, more = ""): string => `pass out on em0 inet proto tcp to port 80 rdr-to ${to}${more}`;
	const home = out("127.0.0.1 port 8080");
	it.each<[why: string, times: number, skip: string, rule: string]>([
		["to the loopback address", 1, "set skip on lo", home],
		["where the interface is skipped by its name", 1, "set skip on lo0", home],
		["not where another is skipped", 0, "set skip on em1", home],
		["nor where none is", 0, "", home],
		["to an address of an interface", 1, "set skip on lo", out("10.50.0.1")],
		["to that of an interface, whatever it is by then", 1, "set skip on lo", out("(vether0)")],
		["not to its network", 0, "set skip on lo", out("(vether0:network)")],
		["not to another host", 0, "set skip on lo", out("10.50.0.20")],
		["nor to several", 0, "set skip on lo", out("127.0.0.0/24")],
		["not on the way in", 0, "set skip on lo", home.replace("out", "in")],
		["not of IPv6", 0, "set skip on lo", out("::1").replace("inet", "inet6")],
		["nor of a network of IPv6 that begins like the loopback", 0, "set skip on lo", out("7f00:1::/32 random").replace("inet", "inet6")],
		["not with a route", 0, "set skip on lo", out("127.0.0.1", " route-to 203.0.113.1")],
		["once for a list of ports", 1, "set skip on lo", home.replace("port 80 ", "port { 80 443 } ")],
	])("%s: %s", (_, times, skip, rule) => {
		const found = find(routed(), { "pf.conf": [skip, "pass", rule] }).filter(({ code }) => code === "host/redirect-out-to-self");
		expect(found.map(({ words }) => words)).toEqual(Array(times).fill(rule));
	});
});

describe("translations", () => {
	const NAT = "match out on em0 inet from 10.50.0.0/24 nat-to (em0)";
	const OLD = "pass out on em0 inet from 10.50.0.0/24";
	it.each<[why: string, blocked: boolean, rules: readonly string[]]>([
		["the pass asks for the old source", true, [NAT, "pass out on em0 inet from 10.50.0.0/24"]],
		["by the network of its interface", true, ["match out on em0 inet from vether0:network nat-to (em0)", "pass from vether0:network"]],
		["passed both ways by one rule", true, [NAT, "pass from 10.50.0.0/24"]],
		["passed with any source", false, [NAT, "pass out on em0"]],
		["passed with its new address", false, [NAT, "pass out on em0 inet from (em0)"]],
		["passed by another rule as well", false, [NAT, "pass out on em0 inet from 10.50.0.0/24", "pass out proto tcp"]],
		["passed by a group that may hold it", false, [NAT, "pass out on em0 inet from 10.50.0.0/24", "pass out on egress"]],
		["passed elsewhere alone", true, [NAT, "pass out on em0 inet from 10.50.0.0/24", "pass out on em1"]],
		["of the other family", true, [NAT, "pass out on em0 inet from 10.50.0.0/24", "pass out inet6"]],
		["passed by its tag", false, [`${NAT} tag LAN`, "pass out tagged LAN"]],
		["translated by the rule that passes", false, ["pass out on em0 inet from 10.50.0.0/24 nat-to (em0)"]],
		["translated in part", false, [NAT.replace("from", "proto tcp from"), "pass out on em0 inet from 10.50.0.0/24"]],
		["to an address of its own network", false, [NAT.replace("(em0)", "10.50.0.9"), "pass out on em0 inet from 10.50.0.0/24"]],
		["an anchor may pass it", false, [NAT, "pass out on em0 inet from 10.50.0.0/24", 'anchor "miniupnpd"']],
		["no rule that passes anything out", false, [NAT, "pass in"]],
		["an anchor of the file's own beside", true, [NAT, OLD, 'anchor "own" {', "block in on em1", "}"]],
		["translated again by the rule that passes", false, [NAT, `${OLD} nat-to (em0)`]],
		["translated by a pass", false, [NAT.replace("match", "pass"), OLD]],
		["passed from everywhere else", false, [NAT, OLD.replace("from", "from !")]],
		["translated both ways", false, [NAT.replace("out ", ""), OLD]],
		["on every interface", false, [NAT.replace("on em0 ", ""), OLD]],
		["on all interfaces but one", false, [NAT.replace("on em0", "on ! vether0"), OLD]],
		["of what came in by an interface", false, [NAT.replace("nat-to", "received-on vether0 nat-to"), OLD]],
		["of what has a tag", false, [NAT.replace("nat-to", "tagged A nat-to"), OLD]],
		["to some addresses alone", false, [NAT.replace("nat-to", "to 198.51.100.0/24 nat-to"), OLD]],
		["to some ports alone", false, [NAT.replace("from", "proto tcp from").replace("nat-to", "to port 80 nat-to"), OLD]],
		["from all but something", false, [NAT.replace("from", "from !"), OLD.replace("from", "from !")]],
		["by luck", false, [NAT.replace("nat-to", "probability 50% nat-to"), OLD]],
		["from a table", false, ["table <t> const { 10.50.0.0/24 }", NAT.replace("10.50.0.0/24", "<t>"), OLD.replace("10.50.0.0/24", "<t>")]],
		["from anywhere", false, [NAT.replace("from 10.50.0.0/24 ", ""), "pass out on em0 inet"]],
		[
			"of the network, whatever it is by then",
			true,
			[NAT.replace("10.50.0.0/24", "(vether0:network)"), OLD.replace("10.50.0.0/24", "(vether0:network)")],
		],
		["of the address of an interface", false, [NAT.replace("10.50.0.0/24", "(vether0)"), OLD.replace("10.50.0.0/24", "(vether0)")]],
		["of the interface's own network", false, [NAT.replace("10.50.0.0/24", "(em0:network)"), OLD.replace("10.50.0.0/24", "(em0:network)")]],
		[
			"to the address of its interface",
			false,
			[NAT.replace("10.50.0.0/24", "(vether0:network)").replace("(em0)", "(vether0)"), OLD.replace("10.50.0.0/24", "(vether0:network)")],
		],
		[
			"of a network, to an address",
			false,
			[NAT.replace("10.50.0.0/24", "(vether0:network)").replace("(em0)", "203.0.113.7"), OLD.replace("10.50.0.0/24", "(vether0:network)")],
		],
		["to an address outside of its network", true, [NAT.replace("(em0)", "203.0.113.7"), OLD]],
		["to an address of an interface in its network", false, [NAT.replace("(em0)", "(vether0)"), OLD]],
		["to a table", false, ["table <t> const { 203.0.113.7 }", NAT.replace("(em0)", "<t> round-robin"), OLD]],
		["translated on the way in", false, [NAT.replace("out", "in"), OLD]],
		["passed by a group with a digit in its name", false, [NAT, OLD, "pass out on v4lan"]],
		[
			"on such a group, passed by an interface",
			false,
			[NAT.replace("on em0", "on v4lan"), OLD.replace("on em0", "on v4lan"), "pass out on em0"],
		],
		[
			"of the interface's own network, to the address of another",
			false,
			[NAT.replace("10.50.0.0/24", "(em0:network)").replace("(em0)", "(em1)"), OLD.replace("10.50.0.0/24", "(em0:network)")],
		],
		["once for a list of networks", true, [NAT.replace("10.50.0.0/24", "{ 10.50.0.0/24 10.50.0.0/24 }"), OLD]],
	])("%s: %s", (_, blocked, rules) => {
		const found = find(routed(), pf("block", ...rules, SSH)).filter(({ code }) => code === "host/translation-blocked");
		expect(found).toHaveLength(blocked ? 1 : 0);
	});

	it.each(["203.0.113.5", "gw.example.org"])("to the address %s", (address) => {
		const outside: Files = { "hostname.em0": [`inet ${address} 255.255.255.0`] };
		expect(codes(routed(), outside, pf("block", NAT, OLD))).toContain("host/translation-blocked");
	});

	it("to an address that is in the network by the host's files", () => {
		const inside: Files = { "hostname.em0": ["inet 10.50.0.200/24"] };
		expect(codes(routed(), inside, pf("block", NAT, OLD))).not.toContain("host/translation-blocked");
	});

	it.each(["em0", "em0:0"])("to %s, whose address no file tells", (name) => {
		expect(codes({}, pf("block", NAT.replace("(em0)", name), OLD))).toContain("host/translation-blocked");
		expect(
			codes({}, pf("block", NAT.replace("(em0)", name).replace("10.50.0.0/24", "em0:network"), OLD.replace("10.50.0.0/24", "em0:network"))),
		).not.toContain("host/translation-blocked");
	});

	it("nothing is blocked by default on the way out", () => {
		expect(codes(routed(), pf("block in", NAT, OLD))).not.toContain("host/translation-blocked");
		expect(codes(routed(), pf(NAT, "pass out on em0 inet from 10.50.0.0/24"))).not.toContain("host/translation-blocked");
	});

	it("without the host's other files", () => {
		expect(codes({}, pf("block", NAT, "pass out on em0 inet from 10.50.0.0/24"))).toContain("host/translation-blocked");
	});
});

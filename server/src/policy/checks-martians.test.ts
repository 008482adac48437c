import { describe, expect, it } from "vitest";
import { type Files, type Found, findIn, MARTIANS, mergedOf, OFFICE, pf, RESOLVER, routed, SSH } from "./checks-fixture.ts";
import { martianChecks } from "./checks-martians.ts";

const GUESTS = "pass in on vether0 to ! (self)";
const NETWORK = "host/martians-hold-network";
const NAMESERVER = "host/martians-hold-nameserver";
const UPLINK = "host/martians-hold-uplink";

const find = (...parts: readonly Files[]): readonly Found[] => findIn(mergedOf(...parts), martianChecks);

/** What is said of lists that hold something, for a host of guests behind vether0. */
function said(files: Files, ...rules: readonly string[]): readonly string[] {
	return find(routed(), files, pf(MARTIANS, "block return", "pass out", SSH, GUESTS, ...rules)).map(({ code, text }) => `${code}: ${text}`);
}

const EM1 = (address: string): Files => ({ "hostname.em1": [`inet ${address}`] });
const heldOnEm1 = (network: string, list: string) =>
	`${NETWORK}: Nothing comes in on em1 from its own network ${network}: ${list} holds it`;

const dns = (...servers: readonly string[]): Files => ({
	"dhcpd.conf": ["subnet 10.50.0.0 netmask 255.255.255.0 {", `option domain-name-servers ${servers.join(", ")};`, "}"],
});

describe("a list that holds what the host needs", () => {
	it.each<[why: string, files: Files, rules: readonly string[], told: string]>([
		[
			"on every interface",
			{},
			["block in quick from <martians>"],
			`${NETWORK}: Nothing comes in on vether0 from its own network 10.50.0.0/24: <martians> holds it`,
		],
		[
			"a list in the rule",
			{},
			["block in quick from { 10.0.0.0/8 192.168.0.0/16 }"],
			`${NETWORK}: Nothing comes in on vether0 from its own network 10.50.0.0/24: 10.0.0.0/8 holds it`,
		],
		[
			"not quick, and the last that matches",
			{},
			["block in from <martians>"],
			`${NETWORK}: Nothing comes in on vether0 from its own network 10.50.0.0/24: <martians> holds it`,
		],
		[
			"what goes to the guests",
			{},
			["block out quick to <martians>"],
			`${NETWORK}: Nothing goes out on vether0 to its own network 10.50.0.0/24: <martians> holds it`,
		],
		[
			"a LAN on an interface of its own",
			{ "hostname.em1": ["inet 192.168.7.1/24"] },
			["pass in on em1", "block in quick on em1 from <martians>"],
			`${NETWORK}: Nothing comes in on em1 from its own network 192.168.7.0/24: <martians> holds it`,
		],
		[
			"in an anchor",
			{},
			["anchor m {", "block in quick from <martians>", "}"],
			`${NETWORK}: Nothing comes in on vether0 from its own network 10.50.0.0/24: <martians> holds it`,
		],
		[
			"the smallest network of neighbours",
			EM1("10.1.0.1/30"),
			["pass in on em1", "block in quick on em1 from <martians>"],
			heldOnEm1("10.1.0.0/30", "<martians>"),
		],
		[
			"the largest",
			EM1("172.16.0.1/8"),
			["pass in on em1", "block in quick on em1 from 160.0.0.0/3"],
			heldOnEm1("172.0.0.0/8", "160.0.0.0/3"),
		],
		[
			"the host's name server",
			RESOLVER,
			["block out quick to 192.168.1.0/30"],
			`${NAMESERVER}: The host resolves no names: 192.168.1.0/30 holds its name server 192.168.1.1`,
		],
		[
			"a name server on a LAN",
			{ ...EM1("192.168.7.1/24"), "resolv.conf": ["nameserver 192.168.7.53"] },
			["block out quick on em1 to 192.168.7.48/29"],
			`${NAMESERVER}: The host resolves no names: 192.168.7.48/29 holds its name server 192.168.7.53`,
		],
		[
			"the guests' name server",
			{ ...OFFICE, ...dns("192.168.1.1") },
			["block out quick on egress to <martians>"],
			`${NAMESERVER}: Guests behind vether0 resolve no names: <martians> holds their name server 192.168.1.1`,
		],
		[
			"the host as the guests' name server",
			dns("10.50.0.1"),
			["pass in on vether0 proto udp to port 53", "block in quick on vether0 to <martians>"],
			`${NAMESERVER}: Guests behind vether0 resolve no names: <martians> holds their name server 10.50.0.1`,
		],
		[
			"what passes it names a larger network too",
			EM1("192.168.7.1/24"),
			["pass in on em1 from 192.168.0.0/16", "block in quick on em1 from <martians>"],
			heldOnEm1("192.168.7.0/24", "<martians>"),
		],
		[
			"a larger network that begins alike",
			{},
			["table <big> { 10.50.0.0/16 }", "block in quick from <big>"],
			`${NETWORK}: Nothing comes in on vether0 from its own network 10.50.0.0/24: <big> holds it`,
		],
		[
			"the host's name server, behind an uplink that is given its address",
			{ "resolv.conf": ["nameserver 192.168.1.1"] },
			["block out quick to 192.168.1.0/30"],
			`${NAMESERVER}: The host resolves no names: 192.168.1.0/30 holds its name server 192.168.1.1`,
		],
	])("%s", (_, files, rules, told) => {
		expect(said(files, ...rules)).toEqual([told]);
	});

	it.each<[why: string, files: Files, rules: readonly string[]]>([
		[
			"at the uplink alone, with an address from outside",
			{},
			["block in quick on egress from <martians>", "block out quick on egress to <martians>"],
		],
		["a network that is named is meant", {}, ["block in quick on vether0 from 10.50.0.0/24"]],
		["so is one in a list", {}, ["table <closed> { 10.50.0.0/24 192.168.0.0/16 }", "block in quick on vether0 from <closed>"]],
		["passed above", {}, ["pass in quick on vether0 from 10.50.0.0/24 to ! (self)", "block in quick from <martians>"]],
		["passed below", {}, ["block in from <martians>", GUESTS]],
		["all but the guests", {}, ["table <others> { 10.0.0.0/8 !10.50.0.0/24 }", "block in quick from <others>"]],
		["a table that is filled at run time may hold anything", {}, ["table <bad> persist", "block in quick from <bad>"]],
		["everything is blocked anyway", {}, ["block in quick on vether0", "block in quick from <martians>"]],
		["another protocol", {}, ["block in quick proto tcp from <martians>"]],
		["private networks at the uplink may be kept off", OFFICE, ["block in quick on em0 from { 10.0.0.0/8 192.168.0.0/16 }"]],
		["two hosts on a wire are no network of neighbours", EM1("10.1.0.1/31"), ["pass in on em1", "block in quick on em1 from <martians>"]],
		["nor is half the Internet", EM1("172.16.0.1/7"), ["pass in on em1", "block in quick on em1 from 160.0.0.0/3"]],
		["the address alone", EM1("10.1.0.1"), ["pass in on em1", "block in quick on em1 from <martians>"]],
		["pf does nothing there", EM1("192.168.7.1/24"), ["set skip on em1", "block in quick on em1 from <martians>"]],
		["nothing would come in anyway", EM1("192.168.7.1/24"), ["block in quick on em1 from <martians>"]],
		["part of the network is named, so it is meant", {}, ["table <closed> { 10.0.0.0/8 10.50.0.128/25 }", "block in quick from <closed>"]],
		[
			"which of two interfaces leads outside is not known",
			{ "hostname.em0": ["inet 192.168.1.5/24"], ...EM1("192.168.7.1/24") },
			["pass in on em1", "block in quick from 192.168.0.0/16"],
		],
		[
			"which way it asks is not known",
			{ ...RESOLVER, "hostname.em0": ["inet autoconf"], "hostname.em1": ["inet autoconf"] },
			["block out quick to 192.168.1.0/30"],
		],
		[
			"a name server that is the host itself",
			{ ...OFFICE, "resolv.conf": ["nameserver 192.168.1.5"] },
			["block out quick to 192.168.1.4/30"],
		],
		["one by IPv6", { ...OFFICE, "resolv.conf": ["nameserver 2001:db8::53"] }, ["block out quick on em0 to <martians>"]],
		["what guests ask on their own network does not come by", dns("10.50.0.53"), ["block in quick on vether0 to 10.50.0.48/28"]],
		["guests that are cut off are told as such", {}, ["block quick inet6", "block quick from <martians>", "block quick to <martians>"]],
		["another name server", RESOLVER, ["block out quick on em0 to 192.168.2.0/24"]],
		["a name server on the guests' own network", dns("10.50.0.53"), ["block out quick on em0 to <martians>"]],
		[
			"interfaces that pf sees nothing of",
			{ "hostname.pflog1": ["inet 10.9.0.1/24"], "hostname.carp0": ["inet 10.8.0.1/24"], "hostname.tap7": ["inet 10.7.0.1/24"] },
			["pass in on { pflog1 carp0 tap7 }", "block in quick on { pflog1 carp0 tap7 } from <martians>"],
		],
		[
			"a port without a file of its own",
			{ "hostname.bridge0": ["add vether0", "add em7", "up"] },
			["pass in on em7", "block in quick on em7 from <martians>"],
		],
		["a network of IPv6", { "hostname.em1": ["inet6 2001:db8::1 24"] }, ["pass in on em1", "block in quick on em1 from 32.0.0.0/8"]],
		[
			"an address that is a name",
			{ "hostname.em1": ["inet gw 255.255.255.0"] },
			["pass in on em1", "block in quick on em1 from <martians>"],
		],
		["TCP is blocked by another rule, and that is meant", {}, ["block in quick on vether0 proto tcp", "block in quick from <martians>"]],
		["the network by its own name and by a larger one", {}, ["table <closed> { 10.0.0.0/8 10.50.0.0/24 }", "block in quick from <closed>"]],
		["a list of one exception", {}, ["table <open> { !10.0.0.0/8 }", "block in quick from <open>"]],
		["lists of which nothing is known here", {}, ["block in quick from no-route", "block in quick on vether0 from (em0)"]],
		["the exception is larger than the network", {}, ["table <others> { 10.0.0.0/8 !10.50.0.0/16 }", "block in quick from <others>"]],
		[
			"a subnet that no interface is on",
			{ ...RESOLVER, "dhcpd.conf": ["subnet 10.99.0.0 netmask 255.255.255.0 {", "option domain-name-servers 9.9.9.9;", "}"] },
			["block in quick to 9.9.9.0/24"],
		],
		[
			"the uplink's own subnet",
			{ ...OFFICE, "dhcpd.conf": ["subnet 192.168.1.0 netmask 255.255.255.0 {", "option domain-name-servers 9.9.9.9;", "}"] },
			["block in quick to 9.9.9.0/24"],
		],
		["a name server by its name", dns("ns.example.net"), ["block in quick on vether0 to <martians>"]],
		[
			"guests that get to the host as their name server",
			dns("10.50.0.1"),
			["pass in quick on vether0 proto udp to port 53", "block out quick on em0 to <martians>"],
		],
		["the host asks itself", { "resolv.conf": ["nameserver 127.0.0.1"] }, ["block out quick to 127.0.0.0/8"]],
	])("nothing: %s", (_, files, rules) => {
		expect(said(files, ...rules)).toEqual([]);
	});

	it.each<[why: string, ...rules: readonly string[]]>([
		[
			"only those of one statement",
			"block in quick on em0 from 127.0.0.0/8",
			"block in quick on em0 from { 172.16.0.0/12 192.168.0.0/16 }",
		],
		["not its first addresses by IPv6", "block in quick on em0 from { 192.168.0.0/16 ::/8 }"],
		["nor in a table", "table <near> { 192.168.0.0/16 ::/8 }", "block in quick on em0 from <near>"],
		["nor martians that are excepted", "table <near> { 192.168.0.0/16 !127.0.0.0/8 }", "block in quick on em0 from <near>"],
		["nor all but martians", "block in quick on em0 from { 192.168.0.0/16 ! 240.0.0.0/4 }"],
	])("of martians at a private uplink, nothing: %s", (_, ...rules) => {
		expect(said(OFFICE, ...rules)).toEqual([]);
	});

	it.each<[files: Files, rules: readonly string[], found: Omit<Found, "code" | "text">]>([
		[
			{},
			["block in quick from <martians>"],
			{
				words: "block in quick from <martians>",
				advice: "Except it: `!10.50.0.0/24` in <martians>.",
				related: ["The network: 10.50.0.1"],
				titles: ["Except 10.50.0.0/24 in <martians>"],
				fixes: [" !10.50.0.0/24"],
			},
		],
		[
			{ ...OFFICE, ...dns("192.168.1.1") },
			["block out quick on egress to <martians>"],
			{
				words: "block out quick on egress to <martians>",
				advice: "Except it: `!192.168.1.1` in <martians>.",
				related: ["The name server: 192.168.1.1"],
				titles: ["Except 192.168.1.1 in <martians>"],
				fixes: [" !192.168.1.1"],
			},
		],
		[
			OFFICE,
			["block in quick on em0 from { 127.0.0.0/8 192.168.0.0/16 }"],
			{
				words: "block in quick on em0 from { 127.0.0.0/8 192.168.0.0/16 }",
				advice: "Write the networks that are left, or pass what is needed above it.",
				related: ["The network: 192.168.1.5"],
				titles: [],
				fixes: [],
			},
		],
		[
			{ bad: ["10.0.0.0/8"] },
			['table <bad> file "/etc/bad"', "block in quick from <bad>"],
			{
				words: "block in quick from <bad>",
				advice: "Except it: `!10.50.0.0/24` in <bad>.",
				related: ["The network: 10.50.0.1"],
				titles: [],
				fixes: [],
			},
		],
	])("is told with what excepts it: %j %j", (files, rules, expected) => {
		const [found] = find(routed(), files, pf(MARTIANS, "block return", "pass out", SSH, GUESTS, ...rules));
		expect(found).toMatchObject(expected);
	});

	it.each(["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"])(
		"of martians at a private uplink, those that hold its network: %s",
		(impossible) => {
			expect(said(OFFICE, `block in quick on em0 from { ${impossible} 192.168.0.0/16 }`)).toEqual([
				`${UPLINK}: Neighbours on em0 open no connection to the host: 192.168.0.0/16 holds their network 192.168.1.0/24`,
			]);
		},
	);
});

describe("the exception", () => {
	it("stands behind the addresses of the table, and is all that is needed", () => {
		const [found] = find(routed(), pf(MARTIANS, "block", "pass out", SSH, GUESTS, "block in quick from <martians>"));
		expect(found?.fixes).toEqual([" !10.50.0.0/24"]);
		const mended = MARTIANS.replace(" }", `${found?.fixes[0]} }`);
		expect(
			find(routed(), pf(mended, "block", "pass out", SSH, GUESTS, "block in quick from <martians>")).map(({ code }) => code),
		).not.toContain(NETWORK);
	});

	it("is none in a list, and none in a table whose addresses stand elsewhere", () => {
		const list = find(routed(), pf("block", "pass out", SSH, GUESTS, "block in quick from { 10.0.0.0/8 192.168.0.0/16 }"));
		expect(list.map(({ advice, fixes }) => [advice, fixes])).toEqual([
			["Write the networks that are left, or pass what is needed above it.", []],
		]);
	});
});

import { describe, expect, it } from "vitest";
import { formatIp, parseIp } from "../pf/names/address.ts";
import { DHCPD, type Files, guest, hostOf, lan, pf, plug, routed, sourcesOf } from "./checks-fixture.ts";
import { type Ends, endsOf, endText, frameTag, type GivenAddresses, type Location, readEnd } from "./endpoints.ts";
import { networkOf } from "./interfaces.ts";

const host = (...parts: readonly Files[]) => hostOf(sourcesOf(Object.assign({}, ...parts)));

function ends(files: Files, given?: GivenAddresses): Ends {
	const model = host(pf("pass"), files);
	if (model.pf === undefined) throw new Error("no rules");
	return endsOf(model, model.pf.ruleset, networkOf(model).interfaces, given);
}

const text = ({ endpoint, address, family, behind, plug: of, supposed }: Location): string =>
	[
		endpoint.kind === "guest" ? `${endpoint.name}:${endpoint.index}` : endpoint.kind,
		formatIp(address, family),
		...(behind === undefined ? [] : [`behind ${behind}`]),
		...(of === undefined ? [] : [`plug ${of.nic.index}`]),
		...(supposed ? ["supposed"] : []),
	].join(" ");

const FIXED: Files = { "hostname.em0": ["inet 203.0.113.5 255.255.255.0"], mygate: ["203.0.113.1"] };

it.each([
	["outside", "outside"],
	["host", "host"],
	["db01", "db01"],
	["10.0.0.7", "10.0.0.7"],
	["2001:db8::7", "2001:db8::7"],
	["web01", "web01"],
	["nobody", undefined],
])("the end %s is read", (word, expected) => {
	const end = readEnd(word, host(routed(), { "vm.conf": [...lan("bridge0"), ...guest("db01", plug), ...guest("web01", plug)] }));
	expect(end && endText(end)).toBe(expected);
});

it("the host's own addresses are those of its interfaces, but for the loopback", () => {
	const six: Files = { "hostname.em0": ["inet 203.0.113.5/24", "inet6 2001:db8::5 64", "inet6 fe80::5%em0 64"] };
	const found = ends({ ...routed(), ...six });
	expect(found.own.map(text).sort()).toEqual([
		"host 10.50.0.1 behind vether0",
		"host 2001:db8::5 behind em0",
		"host 203.0.113.5 behind em0",
		"host fe80::5 behind em0",
	]);
	expect(found.of({ kind: "host" })).toEqual(found.own);
	expect(found.guests).toEqual(["db01"]);
	expect(found.of({ kind: "guest", name: "nobody" })).toEqual([]);
});

describe("the address that stands for the Internet", () => {
	const outside = (files: Files) =>
		ends({ ...routed(), ...FIXED, ...files })
			.of({ kind: "outside" })
			.map(text);
	it.each<[named: string, files: Files, address: string]>([
		["nothing", {}, "198.51.100.77"],
		["its network, as a source", pf("pass from 198.51.100.0/24"), "198.18.7.7"],
		["its network, as a destination", pf("pass to 198.51.100.0/24"), "198.18.7.7"],
		["itself", pf("pass to 198.51.100.77"), "198.18.7.7"],
		["another address", pf("pass to 198.51.100.78"), "198.51.100.77"],
		["everything", pf("pass to 0.0.0.0/0"), "198.51.100.77"],
		["its network, in a table", pf("table <t> { 198.51.100.0/24 }", "pass from <t>"), "198.18.7.7"],
		["everything, in a table", pf("table <t> { 0.0.0.0/0 }", "pass from <t>"), "198.51.100.77"],
		["its network, in an anchor", pf("anchor a {", "pass to 198.51.100.0/24", "}"), "198.18.7.7"],
		["a network of IPv6", pf("pass to 2001:db8:ffff::/48"), "198.51.100.77"],
		["a network of IPv6 that begins with the same bits", pf("pass to c633:644d::/32"), "198.51.100.77"],
		["all that could stand for it", pf(...[198, 203, 11, 151, 77].map((first) => `pass to ${first}.0.0.0/8`)), "198.51.100.77"],
	])("is one that the rules do not name: %s", (_, files, address) => {
		expect(outside(files)).toEqual([`outside ${address} supposed`]);
	});

	it("is not in a network of the host", () => {
		expect(outside({ "hostname.em0": ["inet 198.51.100.5/24"] })).toEqual(["outside 203.0.113.77 supposed"]);
	});

	it("is there in IPv6 where the host has any", () => {
		const six: Files = { "hostname.em0": ["inet 203.0.113.5/24", "inet6 2001:db8:ffff::5 64"] };
		expect(outside(six)).toEqual(["outside 198.51.100.77 supposed", "outside 3fff:77::77 supposed"]);
	});
});

describe("a guest's addresses", () => {
	const mac = "fe:e1:ba:d0:00:01";
	const at = (files: Files, name = "db01", given?: GivenAddresses) => ends(files, given).of({ kind: "guest", name }).map(text);
	const tap3 = routed("bridge0", `tap3 { switch "lan" lladdr ${mac} }`);
	const fixed: Files = { "dhcpd.conf": ["host db01 {", `hardware ethernet ${mac};`, "fixed-address 10.50.0.30;", "}"] };
	const arp = (rule: string): Files => ({ "hostname.bridge0": ["add vether0", rule, "up"] });
	const known = (...addresses: readonly string[]) => addresses.map((address) => `db01:0 ${address} plug 0`);
	const network = known("10.50.0.254 supposed").map((one) => one.replace(" supposed plug 0", " plug 0 supposed"));
	it.each<[why: string, files: Files, addresses: readonly string[]]>([
		["the last but one of its network, where nothing tells", tap3, network],
		["as dhcpd.conf fixes it", { ...tap3, ...fixed }, known("10.50.0.30")],
		[
			"as a rule of the bridge binds it to the port",
			{ ...tap3, ...arp("rule pass in on tap3 arp reply spa 10.50.0.31") },
			known("10.50.0.31"),
		],
		["not as a rule for another port has it", { ...tap3, ...arp("rule pass in on tap4 arp reply spa 10.50.0.31") }, network],
		["not as a rule for what goes out to it has it", { ...tap3, ...arp("rule pass out on tap3 arp reply spa 10.50.0.31") }, network],
		["not as a rule that blocks has it", { ...tap3, ...arp("rule block in on tap3 arp reply spa 10.50.0.31") }, network],
		["not as a rule has it that names no address", { ...tap3, ...arp("rule pass in on tap3 arp reply spa web") }, network],
		["as a pass in on the tap has its source", { ...tap3, ...pf("pass in on tap3 inet from 10.50.0.32") }, known("10.50.0.32")],
		["as a pass out on it has its destination", { ...tap3, ...pf("pass out on tap3 inet to 10.50.0.33") }, known("10.50.0.33")],
		["in IPv6 too", { ...tap3, ...pf("pass in on tap3 inet6 from 2001:db8::33") }, known("2001:db8::33")],
		["in an anchor too", { ...tap3, ...pf("anchor a {", "pass in on tap3 inet from 10.50.0.32", "}") }, known("10.50.0.32")],
		[
			"of both families, though they have the same bits",
			{ ...tap3, ...pf("pass in on tap3 inet from 10.50.0.32", "pass in on tap3 inet6 from a32:20::") },
			known("10.50.0.32", "a32:20::"),
		],
		["each once", { ...tap3, ...fixed, ...pf("pass in on tap3 inet from { 10.50.0.30 10.50.0.32 }") }, known("10.50.0.30", "10.50.0.32")],
		["not as what it sends to", { ...tap3, ...pf("pass in on tap3 inet to 10.50.0.33", "pass out on tap3 inet from 10.50.0.33") }, network],
		["not as a rule for both directions has it", { ...tap3, ...pf("pass on tap3 inet from 10.50.0.32") }, network],
		["not as a block has it", { ...tap3, ...pf("block in on tap3 inet from 10.50.0.32") }, network],
		[
			"not as a rule for other interfaces has it",
			{ ...tap3, ...pf("pass in on ! tap3 inet from 10.50.0.32", "pass in on tap4 inet from 10.50.0.34") },
			network,
		],
		["not a network", { ...tap3, ...pf("pass in on tap3 inet from 10.50.0.0/24", "pass in on tap3 inet6 from 2001:db8::/64") }, network],
		["not all others", { ...tap3, ...pf("pass in on tap3 inet from ! 10.50.0.32", "pass in on tap3 inet6 from ! 2001:db8::33") }, network],
		[
			"of the next network, where the first is too small, or not known",
			{
				...tap3,
				"hostname.vether0": [
					"inet6 2001:db8::1 64",
					"inet6 alias 2001:db8:1::1 28",
					"inet gw.example.org 255.255.255.0",
					"inet alias 10.9.9.1 mask",
					"inet alias 10.9.0.0/31",
					"inet alias 10.51.0.1/29",
				],
			},
			["db01:0 10.51.0.6 plug 0 supposed"],
		],
		["beside the host's own", { ...tap3, "hostname.vether0": ["inet 10.50.0.254/24"] }, ["db01:0 10.50.0.253 plug 0 supposed"]],
		["in the smallest network", { ...tap3, "hostname.vether0": ["inet 10.50.0.1/30"] }, ["db01:0 10.50.0.2 plug 0 supposed"]],
		["anywhere, where its network is not known", { ...tap3, "hostname.vether0": ["up"] }, ["db01:0 198.18.1.0 plug 0 supposed"]],
		["anywhere, where it is plugged into nothing", { ...routed("bridge0", "") }, ["db01:0 198.18.1.0 plug 0 supposed"]],
	])("%s", (_, files, addresses) => {
		expect(at(files)).toEqual(addresses);
	});

	it("differ from guest to guest", () => {
		const many = (nic: string): Files => ({
			...tap3,
			"vm.conf": [...lan("bridge0"), ...Array.from({ length: 258 }, (_, index) => guest(`g${index}`, nic)).flat()],
		});
		const inNetwork = ends(many(plug));
		const address = (found: Ends, index: number) =>
			found.of({ kind: "guest", name: `g${index}` }).map((one) => formatIp(one.address, one.family));
		expect([0, 1, 199, 200].map((index) => address(inNetwork, index))).toEqual([
			["10.50.0.254"],
			["10.50.0.253"],
			["10.50.0.55"],
			["10.50.0.254"],
		]);
		const anywhere = ends(many(""));
		expect([0, 255, 256].map((index) => address(anywhere, index))).toEqual([["198.18.1.0"], ["198.18.1.255"], ["198.18.2.0"]]);
	});

	const given = (...addresses: readonly string[]): GivenAddresses =>
		new Map([
			[
				"db01",
				addresses.flatMap((one) => {
					const read = parseIp(one);
					return read === undefined ? [] : [{ address: read.address, family: read.family }];
				}),
			],
		]);
	it("are those that are given, before all others", () => {
		expect(at({ ...tap3, ...fixed }, "db01", given("10.77.0.1", "2001:db8::1"))).toEqual(known("10.77.0.1", "2001:db8::1"));
	});

	it("that are given belong to the interface in whose network they are, and else to one without a network", () => {
		const nics = ['{ switch "lan" }', '{ switch "far" }', '{ switch "none" }'];
		const files: Files = {
			...routed(),
			"hostname.bridge1": ["add vether1", "up"],
			"hostname.vether1": ["inet 10.60.0.1/24", "up"],
			"hostname.bridge2": ["up"],
			"vm.conf": [
				...lan("bridge0"),
				'switch "far" {',
				"\tinterface bridge1",
				"}",
				'switch "none" {',
				"\tinterface bridge2",
				"}",
				...guest("db01", plug).toSpliced(2, 1, ...nics.map((nic) => `\tinterface ${nic}`)),
			],
		};
		expect(at(files, "db01", given("10.60.0.9", "10.50.0.9", "192.0.2.9"))).toEqual([
			"db01:0 10.50.0.9 plug 0",
			"db01:1 10.60.0.9 plug 1",
			"db01:2 192.0.2.9 plug 2",
		]);
		// An IPv6 address is in no network of IPv4, though it begins with the same bits.
		expect(at(files, "db01", given("a32::9")).at(-1)).toBe("db01:2 a32::9 plug 2");
		expect(at(files, "db01", given("a32::9"))[0]).toBe("db01:0 10.50.0.254 plug 0 supposed");
		expect(at(files, "db01", given("10.60.0.9"))).toEqual([
			"db01:0 10.50.0.254 plug 0 supposed",
			"db01:1 10.60.0.9 plug 1",
			"db01:2 198.18.1.0 plug 2 supposed",
		]);
	});
});

describe("an address", () => {
	const files: Files = { ...routed("bridge0", `tap3 ${plug}`), ...FIXED, ...pf("pass in on tap3 inet from 10.50.0.32") };
	it.each([
		["203.0.113.5", ["host 203.0.113.5 behind em0"]],
		["10.50.0.32", ["db01:0 10.50.0.32 plug 0"]],
		["203.0.113.9", ["outside 203.0.113.9 behind em0"]],
		["10.50.0.99", ["outside 10.50.0.99 behind vether0"]],
		["192.0.2.9", ["outside 192.0.2.9"]],
		["127.0.0.9", ["outside 127.0.0.9"]],
		["2001:db8::9", ["outside 2001:db8::9"]],
		// It has the bits of 203.0.113.5, the host's own.
		["cb00:7105::", ["outside cb00:7105::"]],
		// It begins with the bits of 10.50.0.99, which is behind vether0.
		["a32:63::9", ["outside a32:63::9"]],
	])("%s is of what has it", (address, expected) => {
		const end = readEnd(address, host(routed()));
		expect(end && ends(files).of(end).map(text)).toEqual(expected);
	});

	it("that a running host tells in words not read here, or without a network, is told of nothing else", () => {
		const model = host(pf("pass"), routed());
		const address = (text: string, prefixLength?: number) => ({
			family: "inet" as const,
			address: text,
			...(prefixLength && { prefixLength }),
		});
		const interfaces = [{ name: "em0", flags: 2, groups: [], addresses: [address("?", 24), address("?"), address("203.0.113.9")] }];
		if (model.pf === undefined) throw new Error("no rules");
		const found = endsOf(model, model.pf.ruleset, interfaces);
		expect(found.own.map(text)).toEqual(["host 203.0.113.9 behind em0"]);
		const other = readEnd("203.0.113.10", model);
		expect(other && found.of(other).map(text)).toEqual(["outside 203.0.113.10"]);
	});

	it("that only stands for a guest's is nobody's", () => {
		const end = readEnd("10.50.0.254", host(routed()));
		expect(end && ends(routed()).of(end).map(text)).toEqual(["outside 10.50.0.254 behind vether0"]);
	});
});

describe("the tag that the bridge gives to a guest's frames", () => {
	const mac = "fe:e1:ba:d0:00:01";
	const nic = `tap3 { switch "lan" lladdr ${mac} }`;
	it.each<[rules: readonly string[], tag: string]>([
		[["rule pass in on tap3 tag WEB"], "WEB"],
		[["\trule pass in on tap3 tag WEB"], "WEB"],
		[["rule pass in/out on tap3 tag WEB"], "WEB"],
		[["rule pass out on tap3 tag WEB"], ""],
		[["rule pass in on tap4 tag WEB"], ""],
		[["rule block in on tap3 tag WEB"], ""],
		[["rule pass in off tap3 tag WEB"], ""],
		[["#rule pass in on tap3 tag WEB"], ""],
		[["rule pass in on tap3"], ""],
		[["rule pass in on tap3 tag"], ""],
		[["rule pass in on tap3", "rule pass in on tap3 tag WEB"], ""],
		[[`rule pass in on tap3 src ${mac.toUpperCase()} tag WEB`], "WEB"],
		[["rule pass in on tap3 src fe:e1:ba:d0:00:02 tag WEB"], ""],
		[["rule pass in on tap3 src fe:e1:ba:d0:00:02", "rule pass in on tap3 tag WEB"], "WEB"],
		[["rule pass in on tap3 dst fe:e1:ba:d0:00:02 tag OTHER", "rule pass in on tap3 tag WEB"], "WEB"],
		[["rule pass in on tap3 arp tag OTHER", "rule pass in on tap3 tag WEB"], "WEB"],
		[["rule pass in on tap3 rarp tag OTHER", "rule pass in on tap3 tag WEB"], "WEB"],
	])("%j", (rules, tag) => {
		const model = host(routed("bridge0", nic), { "hostname.bridge0": ["add vether0", ...rules, "up"] });
		const [one] = model.segments.flatMap(({ plugs }) => plugs);
		expect(one && frameTag(model, one)).toBe(tag);
	});

	it("is none without a bridge", () => {
		const model = host(routed("bridge0", ""), DHCPD);
		const [one] = model.vm.guests;
		const [own] = one?.interfaces ?? [];
		expect(one && own && frameTag(model, { guest: one, nic: own })).toBe("");
	});
});

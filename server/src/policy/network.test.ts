import { describe, expect, test } from "vitest";
import { formatIp } from "../pf/names/address.ts";
import type { DynamicAddress } from "../pf/rules.ts";
import { MACHINE } from "../pf/ruleset/testing.ts";
import { entry, ip, ruleset, table } from "./fixture.ts";
import {
	addressSet,
	dynamicOf,
	interfacesOf,
	type KnownInterface,
	lastingTablesOf,
	loadedTablesOf,
	prefixLength,
	tablesOf,
} from "./network.ts";

const known: readonly KnownInterface[] = [
	...((MACHINE.interfaces ?? []) as readonly KnownInterface[]),
	{ name: "em7", flags: 0x43, groups: ["lan"], addresses: [], partial: true },
	{ name: "tap(web:0)", flags: 0x43, groups: ["tap", "web"], addresses: [], unnamed: "tap" },
	{
		name: "ppp0",
		flags: 0x41,
		groups: [],
		addresses: [{ family: "inet", address: "10.8.0.1", broadcast: "10.8.0.255", peer: "10.8.0.2" }],
	},
	{ name: "tap3", flags: 0x43, groups: ["tap"], addresses: [] },
];

describe("whether a name is the packet's interface", () => {
	test.each<readonly [name: string, packet: string, matches: boolean | undefined]>([
		["em0", "em0", true],
		["em0", "em1", false],
		["egress", "em0", true],
		["egress", "em1", false],
		["all", "em0", true],
		["any", "em0", true],
		["any", "lo0", false],
		["lan", "em7", true],
		["egress", "em7", undefined],
		["em0", "em7", false],
		["tap", "tap(web:0)", true],
		["web", "tap(web:0)", true],
		["tap3", "tap(web:0)", false],
		["tap4", "tap(web:0)", undefined],
		["em4", "tap(web:0)", false],
		["egress", "tap(web:0)", false],
		["egress", "vio9", undefined],
		["vio9", "vio9", true],
		["vio8", "vio9", false],
	])("%s for a packet on %s: %s", (name, packet, matches) => expect(interfacesOf(known).matches(name, packet)).toBe(matches));

	test("where the interfaces are not known, groups are not", () => {
		expect(interfacesOf(undefined).matches("egress", "em0")).toBeUndefined();
		expect(interfacesOf(undefined).matches("em0", "em0")).toBe(true);
		expect(interfacesOf(undefined).matches("em1", "em0")).toBe(false);
	});
});

describe("the addresses of interfaces", () => {
	const addresses = (name: string, more: Partial<DynamicAddress> = {}) =>
		interfacesOf(known)
			.addresses({ kind: "dynamic", interface: name, part: "address", noAlias: false, bits: 128, ...more })
			?.map(({ family, address, bits }) => `${formatIp(address, family)}/${bits}`);

	test.each<readonly [string, Partial<DynamicAddress>, readonly string[] | undefined]>([
		["em1", {}, ["10.0.0.1/32"]],
		["em0", {}, ["192.0.2.2/32", "192.0.2.3/32", "fe80::2/128", "2001:db8::2/128"]],
		["em0", { noAlias: true }, ["192.0.2.2/32", "fe80::2/128"]],
		["em0", { part: "network" }, ["192.0.2.0/24", "192.0.2.3/32", "2001:db8::/64"]],
		["em0", { part: "network", bits: 16 }, ["192.0.0.0/16", "192.0.0.0/16", "2001::/16"]],
		["em0", { bits: 24 }, ["192.0.2.0/24", "192.0.2.0/24", "fe80::/24", "2001:d00::/24"]],
		["em0", { part: "broadcast" }, ["192.0.2.255/32", "192.0.2.3/32"]],
		["lo0", { part: "broadcast" }, []],
		["tun0", { part: "broadcast" }, []],
		["tun0", { part: "peer" }, ["10.9.0.2/32"]],
		["em0", { part: "peer" }, []],
		["ppp0", { part: "broadcast" }, []],
		["ppp0", { part: "peer" }, []],
		["egress", { noAlias: true }, ["192.0.2.2/32", "fe80::2/128"]],
		["tap", {}, []],
		["nosuch", {}, []],
		["em7", {}, undefined],
		["self", {}, undefined],
	])("%s %j", (name, more, expected) => expect(addresses(name, more)).toEqual(expected));
});

test.each<readonly [string, string | undefined]>([
	["em0", "em0 address false"],
	["em0:network", "em0 network false"],
	["em0:broadcast", "em0 broadcast false"],
	["em0:peer:0", "em0 peer true"],
	["em0:0", "em0 address true"],
	["self", "self address false"],
	["self:0", "self address true"],
	["egress", undefined],
	["www.example.org", undefined],
	["em0:nonsense", undefined],
	["em0x", undefined],
	["x-em0", undefined],
	["vlan10", "vlan10 address false"],
])("the name %s", (name, expected) => {
	const found = dynamicOf(name);
	expect(found && `${found.interface} ${found.part} ${found.noAlias}`).toBe(expected);
});

test.each([
	[{ family: "inet", address: "10.0.0.1", prefixLength: 8 } as const, 8],
	[{ family: "inet", address: "10.0.0.1", netmask: "255.255.255.0" } as const, 24],
	[{ family: "inet", address: "10.0.0.1", netmask: "255.255.255.255" } as const, 32],
	[{ family: "inet", address: "10.0.0.1" } as const, 32],
	[{ family: "inet6", address: "::1" } as const, 128],
])("the length of %j is %i", (address, length) => expect(prefixLength(address)).toBe(length));

describe("a set of addresses", () => {
	const set = (...entries: readonly string[]) => addressSet(entries.map(entry));
	test.each<readonly [readonly string[], string, boolean]>([
		[[], "10.0.0.1", false],
		[["10.0.0.0/8"], "10.0.0.1", true],
		[["10.0.0.0/8"], "11.0.0.1", false],
		[["!10.0.0.0/8"], "10.0.0.1", false],
		[["10.0.0.0/8"], "::a00:1", false],
		[["0.0.0.0/0"], "::1", false],
		[["0.0.0.0/0", "10.0.0.1"], "::1", false],
		[["10.0.0.0/8", "!10.1.0.0/16", "10.1.1.1"], "10.1.1.1", true],
		[["10.0.0.0/8", "!10.1.0.0/16", "10.1.1.1"], "10.1.1.2", false],
		[["10.0.0.0/8", "!10.1.0.0/16", "10.1.1.1"], "10.2.0.1", true],
		[["10.0.0.1", "!10.0.0.1"], "10.0.0.1", true],
		[["2001:db8::/32", "!2001:db8:1::/48"], "2001:db8:2::1", true],
		[["2001:db8::/32", "!2001:db8:1::/48"], "2001:db8:1::1", false],
		[["2001:db8::/32", "10.0.0.1"], "10.0.0.1", true],
		[["2001:db8::1", "2001:db8::2"], "2001:db8::3", false],
	])("%j holds %s: %s", (entries, address, held) => {
		expect(set(...entries).has(ip(address), address.includes(":") ? "inet6" : "inet")).toBe(held);
	});

	test.each<readonly [readonly string[], "inet" | "inet6", string | undefined]>([
		[[], "inet", undefined],
		[["10.0.0.9"], "inet", "10.0.0.9"],
		[["10.0.0.9"], "inet6", undefined],
		[["!10.0.0.9"], "inet", undefined],
		[["10.0.0.9", "10.0.0.8", "10.0.0.10"], "inet", "10.0.0.8"],
		[["!10.0.0.1", "10.0.0.8"], "inet", "10.0.0.8"],
		[["10.0.0.9", "2001:db8::9", "2001:db8::8"], "inet6", "2001:db8::8"],
	])("a pool takes of %j for %s first %s", (entries, family, first) => {
		const found = set(...entries).first(family);
		expect(found && formatIp(found.address, family)).toBe(first);
	});
});

describe("tables", () => {
	const rules = ruleset([], {
		tables: [
			table("fixed", ["10.0.0.1"]),
			table("constant", [], { constant: true }),
			table("empty", []),
			table("persist", ["10.0.0.1"], { persist: true }),
			table("kept", ["10.0.0.1"], { persist: true, constant: true }),
			table("bad", ["10.0.0.1"]),
			table("file", ["10.0.0.1"], { incomplete: true }),
			table("fixed", ["10.0.0.2"], { anchor: "a" }),
		],
		anchors: { a: [] },
	});
	const holds = (lookup: ReturnType<typeof tablesOf>, path: string, name: string) => {
		const found = lookup(path, name);
		return found === undefined ? "none" : `${found.set.networks.length}${found.incomplete ? " and perhaps more" : ""}`;
	};

	test.each<readonly [string, string, string, string]>([
		["fixed", "1", "1", "1"],
		["constant", "0", "0", "0"],
		["empty", "0", "0 and perhaps more", "0 and perhaps more"],
		["persist", "1", "1", "1 and perhaps more"],
		["kept", "1", "1", "1"],
		["bad", "1", "1 and perhaps more", "1 and perhaps more"],
		["file", "1 and perhaps more", "1 and perhaps more", "1 and perhaps more"],
		["nosuch", "none", "0 and perhaps more", "0 and perhaps more"],
	])("<%s> holds %s in the file, %s once it is loaded, %s later", (name, written, loaded, lasting) => {
		const overloaded = new Set(["bad"]);
		expect(holds(tablesOf(rules), "", name)).toBe(written);
		expect(holds(loadedTablesOf(rules, overloaded), "", name)).toBe(loaded);
		expect(holds(lastingTablesOf(rules, overloaded), "", name)).toBe(lasting);
	});

	test("an anchor's own comes before the main ruleset's", () => {
		const lookup = tablesOf(rules);
		expect(lookup("a", "fixed")?.set.has(ip("10.0.0.2"), "inet")).toBe(true);
		expect(lookup("", "fixed")?.set.has(ip("10.0.0.2"), "inet")).toBe(false);
		expect(lookup("a", "bad")?.set.has(ip("10.0.0.1"), "inet")).toBe(true);
	});
});

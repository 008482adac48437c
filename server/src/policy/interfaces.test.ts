import { describe, expect, it } from "vitest";
import type { HostInterface } from "../text/language.ts";
import { bridged, type Files, guest, hostOf, lan, mergedOf, pf, routed } from "./checks-fixture.ts";
import { egressOf, networkOf } from "./interfaces.ts";

const host = (...parts: readonly Files[]) => hostOf(mergedOf(pf("pass"), ...parts));

/** An interface as pf finds it: groups, addresses, and what is not known of it. */
function found(name: string, ...parts: readonly Files[]): string | undefined {
	const one = networkOf(host(...parts)).interfaces.find((known) => known.name === name);
	if (one === undefined) return undefined;
	const addresses = one.addresses.map(
		({ address, prefixLength, broadcast }) => `${address}/${prefixLength}${typeof broadcast === "string" ? ` to ${broadcast}` : ""}`,
	);
	return [
		...(((one.flags ?? 0) & 0x8) === 0 ? [] : ["loopback"]),
		...(((one.flags ?? 0) & 0x2) === 0 ? [] : ["broadcast"]),
		one.groups.join(" "),
		...addresses,
		...(one.partial === true ? ["perhaps more"] : []),
		...(one.unnamed === undefined ? [] : [`some ${one.unnamed}`]),
	]
		.filter((word) => word !== "")
		.join(", ");
}

const em0 = (...lines: readonly string[]): Files => ({ "hostname.em0": lines });
const GROUPED: Files = {
	"vm.conf": ['switch "lan" {', "\tinterface bridge0", '\tgroup "guests"', "}", ...guest("db01", '"tap3" { switch "lan" group "web" }')],
};

describe("an interface of the files, as pf finds it", () => {
	it.each<[why: string, name: string, files: Files, expected: string | undefined]>([
		["loopback is there without a file", "lo0", {}, "loopback, lo, 127.0.0.1/8, ::1/128"],
		["another loopback", "lo1", { "hostname.lo1": ["inet 127.0.0.2/32"] }, "loopback, lo, 127.0.0.2/32"],
		["what no file names is not", "em9", {}, undefined],
		["an address, with its broadcast", "em0", em0("inet 203.0.113.5/24"), "broadcast, egress, 203.0.113.5/24 to 203.0.113.255"],
		["two hosts on a wire have none", "em0", em0("inet 203.0.113.4/31"), "broadcast, egress, 203.0.113.4/31"],
		["four have", "em0", em0("inet 203.0.113.5/30"), "broadcast, egress, 203.0.113.5/30 to 203.0.113.7"],
		["without a mask, the address alone", "em0", em0("inet 203.0.113.5"), "broadcast, egress, 203.0.113.5/32"],
		["of IPv6, half of it", "em0", em0("inet6 2001:db8::5"), "broadcast, egress, 2001:db8::5/64"],
		["a short prefix of IPv6 has no broadcast either", "em0", em0("inet6 2001:db8::5 30"), "broadcast, egress, 2001:db8::5/30"],
		["IPv6 has none", "em0", em0("inet6 2001:db8::5 64"), "broadcast, egress, 2001:db8::5/64"],
		["groups of its file", "em0", em0("inet 203.0.113.5/24", "group wan"), "broadcast, wan egress, 203.0.113.5/24 to 203.0.113.255"],
		["one that is made is in the group of its kind", "vether0", {}, "broadcast, vether, 10.50.0.1/24 to 10.50.0.255"],
		["an address that a variable has is not known", "em0", em0("inet $ADDRESS"), "broadcast, egress, perhaps more"],
		[
			"a command may give one",
			"vether0",
			em0("inet 203.0.113.5/24", "!ifconfig vether0 alias 10.60.0.1"),
			"broadcast, vether, 10.50.0.1/24 to 10.50.0.255, perhaps more",
		],
		["a port without a file may have any", "em5", { "hostname.bridge0": ["add vether0", "add em5", "up"] }, "broadcast, perhaps more"],
		["given an address", "em0", em0("inet autoconf"), "broadcast, egress, 192.0.2.2/29 to 192.0.2.7"],
		["beside one of its own", "em0", em0("inet 203.0.113.5/24", "inet autoconf"), "broadcast, egress, 203.0.113.5/24 to 203.0.113.255"],
		[
			"beside one of IPv6",
			"em0",
			em0("inet6 2001:db8::5 64", "inet autoconf"),
			"broadcast, egress, 2001:db8::5/64, 192.0.2.2/29 to 192.0.2.7",
		],
		["given one of IPv6 alone", "em0", em0("inet6 autoconf"), "broadcast, egress"],
		[
			"the uplink that is missing, where rules name it",
			"em1",
			{ ...em0(), "hostname.em0": undefined, ...pf("pass out on em1 nat-to (em1)") },
			"broadcast, egress, 192.0.2.2/29 to 192.0.2.7",
		],
		["a guest's, which vmd will name", "tap(db01:0)", {}, "broadcast, tap, some tap"],
		["a guest's that is pinned, with its groups", "tap3", GROUPED, "broadcast, tap web guests"],
		[
			"with the groups of its switch and its own",
			"tap(db01:0)",
			{ "vm.conf": (GROUPED["vm.conf"] ?? []).map((line) => line.replace('"tap3" ', "")) },
			"broadcast, tap web guests, some tap",
		],
		[
			"of the switch that it is plugged into",
			"tap3",
			{ "vm.conf": ['switch "other" {', "\tinterface bridge1", '\tgroup "others"', "}", ...(GROUPED["vm.conf"] ?? [])] },
			"broadcast, tap web guests",
		],
		["of a pinned one in no group", "tap3", { "vm.conf": [...lan("bridge0"), ...guest("db01", '"tap3"')] }, "broadcast, tap"],
		["of a guest without a switch", "tap(db01:0)", { "vm.conf": [...lan("bridge0"), ...guest("db01", "{ }")] }, "broadcast, tap, some tap"],
	])("%s", (_, name, files, expected) => expect(found(name, routed(), em0("inet 203.0.113.5/24"), files)).toBe(expected));

	it("each that is given an address has another one", () => {
		const { placeholders } = networkOf(host(routed(), em0("inet autoconf"), { "hostname.em1": ["inet autoconf"] }));
		expect(placeholders).toEqual([
			{ interface: "em0", address: "192.0.2.2" },
			{ interface: "em1", address: "192.0.2.10" },
		]);
	});

	it("what the host itself told counts before its files", () => {
		const told: HostInterface = { name: "em0", groups: ["wan"], addresses: [] };
		const model = host(routed());
		const { interfaces } = networkOf({ ...model, source: { ...model.source, facts: { ...model.source.facts, interfaces: [told] } } });
		expect(interfaces.filter(({ name }) => name === "em0")).toEqual([told]);
	});
});

describe("the interfaces with the default route", () => {
	const OTHER: Files = { "hostname.em1": ["inet 198.51.100.5/24"] };
	it.each<[why: string, files: Files, names: readonly string[]]>([
		["the only one that leads outside", { ...routed(), ...em0("inet 203.0.113.5/24") }, ["em0"]],
		["one that is given an address", { ...routed(), ...OTHER, ...em0("inet autoconf") }, ["em0"]],
		["of IPv6", { ...routed(), ...OTHER, ...em0("inet6 autoconf") }, ["em0"]],
		["the one with the gateway's network", { ...routed(), ...OTHER, ...em0("inet 203.0.113.5/24"), mygate: ["198.51.100.1"] }, ["em1"]],
		[
			"by any of its addresses",
			{
				...routed(),
				...em0("inet 203.0.113.5/24"),
				"hostname.em1": ["inet 198.51.100.5/24", "inet alias 192.0.2.5/24"],
				mygate: ["192.0.2.1"],
			},
			["em1"],
		],
		["not by a gateway that netstart leaves out", { ...routed(), ...OTHER, ...em0("inet autoconf"), mygate: ["198.51.100.1"] }, ["em0"]],
		["each family's", { ...routed(), ...OTHER, ...em0("inet6 2001:db8::5 64"), mygate: ["198.51.100.1", "2001:db8::1"] }, ["em1", "em0"]],
		["not by the other family's gateway", { ...routed(), ...OTHER, ...em0("inet6 2001:db8::5 64"), mygate: ["2001:db8::1"] }, ["em0"]],
		["not by a number that both families have", { ...routed(), ...OTHER, ...em0("inet6 2001:db8::5 32"), mygate: ["32.1.13.184"] }, []],
		["none where a name stands for the gateway", { ...routed(), ...OTHER, ...em0("inet 203.0.113.5/24"), mygate: ["gw.example.org"] }, []],
		[
			"none where a name stands for its address, or its network is not told",
			{ ...routed(), "hostname.em1": ["inet 198.51.100.5"], ...em0("inet uplink.example.org 255.255.255.0"), mygate: ["198.51.100.1"] },
			[],
		],
		["none where two could be", { ...routed(), ...OTHER, ...em0("inet 203.0.113.5/24") }, []],
		["none where nothing leads outside", { ...routed(), "hostname.em0": undefined }, []],
		[
			"the host's port on a LAN",
			{
				...bridged(),
				"hostname.em0": undefined,
				"hostname.bridge0": ["add em1", "add vether0", "up"],
				"hostname.vether0": ["inet 198.51.100.5/24"],
			},
			["vether0"],
		],
		[
			"what is in its file beside a gateway is none",
			{ ...routed(), ...OTHER, ...em0("inet 203.0.113.5/24"), mygate: ["# 198.51.100.1", "203.0.113.1"] },
			["em0"],
		],
	])("%s", (_, files, names) => expect([...egressOf(host(files))].map(({ name }) => name).sort()).toEqual([...names].sort()));
});

import { describe, expect, it } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { bridged, codes, type Files, find, findIn, pf } from "./checks-fixture.ts";

describe("neighbour discovery", () => {
	it.each<[why: string, blocked: boolean, rules: readonly string[], words?: string]>([
		["only some types come in", true, ["pass out quick inet6 from (em0)", "pass quick inet6 proto icmp6 icmp6-type { 1 2 128 129 }"]],
		["all but advertisements of routers", true, ["pass inet6 proto icmp6 icmp6-type { neighbrsol neighbradv }"]],
		["all that is needed", false, ["pass inet6 proto icmp6 icmp6-type { neighbrsol neighbradv routersol routeradv }"]],
		["all of IPv6", false, ["pass inet6"]],
		["IPv4 alone", true, ["pass inet"]],
	])("%s: %s", (_, blocked, rules) => {
		expect(codes({ "hostname.em0": ["inet6 autoconf"] }, pf("block", ...rules)).includes("pf/neighbour-discovery-blocked")).toBe(blocked);
	});

	it.each<[name: string, lines: readonly string[], blocked: boolean]>([
		["em0", ["inet6 2001:db8::1 64"], true],
		["em0", ["inet autoconf"], false],
		["pppoe0", ["inet6 autoconf"], false],
		["wg0", ["inet6 2001:db8::1 64"], false],
	])("of %s with %s", (name, lines, blocked) => {
		expect(codes({ [`hostname.${name}`]: lines }, pf("block", "pass out inet")).includes("pf/neighbour-discovery-blocked")).toBe(blocked);
	});
});

describe("what is told of neighbours", () => {
	const broken = "IPv6 does not work on em0: neighbour discovery is blocked";
	const deaf = "em0 hears no router: its advertisements are blocked, so IPv6 gets no address";
	const neighbours = "neighbrsol neighbradv";
	const all = "neighbrsol neighbradv routersol routeradv";
	const [asks, fixed] = ["inet6 autoconf", "inet6 2001:db8::1 64"];
	it.each<[why: string, line: string, rules: readonly string[], text: string, types: string, block: string]>([
		["solicitations come in no more", asks, ["block", "pass out"], broken, all, "block"],
		["they go out no more", asks, ["block out", "pass in"], broken, all, "block out"],
		["routers are not heard", asks, ["block", `pass inet6 proto icmp6 icmp6-type { ${neighbours} }`], deaf, all, "block"],
		["a fixed address needs no router", fixed, ["block", "pass out"], broken, neighbours, "block"],
		["a quick block stands below", asks, ["block in quick inet6"], broken, all, "block in quick inet6"],
	])("%s", (_, line, rules, text, types, words) => {
		const found = find({ "hostname.em0": [line] }, pf(...rules)).filter(({ code }) => code === "pf/neighbour-discovery-blocked");
		const rule = `pass${words.includes("quick") ? " quick" : ""} on em0 inet6 proto icmp6 icmp6-type { ${types} }`;
		expect(found.map((one) => [one.words, one.text, one.advice, one.fixes.join("").trim()])).toEqual([
			[words, text, `Add \`${rule}\`.`, rule],
		]);
	});

	it.each<[why: string, line: string, rules: readonly string[]]>([
		["a fixed address, without routers", fixed, ["block", `pass inet6 proto icmp6 icmp6-type { ${neighbours} }`]],
		[
			"routers are heard, not asked",
			asks,
			["block", `pass inet6 proto icmp6 icmp6-type { ${neighbours} }`, "pass in inet6 proto icmp6 icmp6-type routeradv"],
		],
		[
			"routers answer what goes out",
			asks,
			["block", `pass inet6 proto icmp6 icmp6-type { ${neighbours} }`, "pass out inet6 proto icmp6 icmp6-type routersol"],
		],
	])("nothing: %s", (_, line, rules) => {
		expect(codes({ "hostname.em0": [line] }, pf(...rules))).not.toContain("pf/neighbour-discovery-blocked");
	});

	const IPV6: Files = { "hostname.em1": [fixed, "up"] };
	it.each<[why: string, host: Files, blocked: boolean]>([
		["a port of a bridge is an interface like others", bridged("bridge0"), true],
		["a port of a veb has no address", bridged("veb0"), false],
		[
			"the host's own port of a veb has",
			{ ...bridged("veb0", undefined, "vport1"), "hostname.vport1": [fixed, "up"], "hostname.em1": ["up"] },
			true,
		],
	])("%s", (_, host, blocked) => {
		expect(
			codes(IPV6, host, host["hostname.vport1"] ? {} : IPV6, pf("block", "pass inet")).includes("pf/neighbour-discovery-blocked"),
		).toBe(blocked);
	});

	it.each<[why: string, rules: string, told: boolean]>([
		["pf's own check tells of it", "block all\npass out inet6 proto tcp\n", false],
		["pf's own checks tell of something else", "block all\npass out\npass in on nothing9 inet proto tcp to port 99\nunused = 1\n", true],
	])("%s", (_, text, toldOnce) => {
		const parsed = PfFile.parse(text, { path: "/etc/pf.conf" });
		expect(parsed.diagnostics()).not.toEqual([]);
		const files = new Map([
			["/etc/pf.conf", { text, parsed }],
			["/etc/hostname.em0", { text: `${asks}\n` }],
		]);
		expect(findIn(files).some(({ code }) => code === "pf/neighbour-discovery-blocked")).toBe(toldOnce);
	});
});

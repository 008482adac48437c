import { describe, expect, it } from "vitest";
import { filterOf } from "../host/filter.ts";
import { hostBuilder } from "../host/model.ts";
import { parseIp } from "../pf/names/address.ts";
import { type Rule, ZERO_IP } from "../pf/rules.ts";
import { finished } from "../text/portions.ts";
import { searchPackets } from "./checks.ts";
import { bridged, codes, type Files, guest, hostOf, lan, pf, plug, SSH, sourcesOf } from "./checks-fixture.ts";
import { wordOf } from "./ipv4-numbers.ts";
import { anything, besideBlock, nameAmong, type PacketFindings, packetFindings, warning } from "./packet-check.ts";

const host = (...parts: readonly Files[]) => hostOf(sourcesOf(Object.assign({}, ...parts)));

describe("a search that goes on from an earlier one", () => {
	const WEB = "pass out on tap3 inet proto tcp to 10.10.0.20 port 80";
	const base: Files = { ...bridged("bridge0", `tap3 ${plug}`), "hostname.em2": ["up"] };
	const rules = pf("block all", SSH, WEB, "pass in on em1", "pass on em2 proto udp");
	const at = { interface: "em1", direction: "in" } as const;
	const codesOf = ({ found }: PacketFindings) => [...found.values()].flat().map(({ code }) => code);

	it("keeps what is known of a place whose rules are the same", () => {
		const first = host(base, rules);
		const before = finished(searchPackets(first));
		const again = finished(searchPackets(first, before));
		expect(again.passages?.version(at)).toBe(before.passages?.version(at));
		expect(codesOf(again)).toEqual(codesOf(before));
	});

	it("keeps it whatever the order is in which rules name interfaces", () => {
		const before = finished(searchPackets(host(base, pf("block all", SSH, "pass on em7", "pass on em8"))));
		const after = finished(searchPackets(host(base, pf("block all", SSH, "pass on em8", "pass on em7")), before));
		expect(after.passages?.kept.around[0]).toBe(before.passages?.kept.around[0]);
	});

	it("keeps nothing where packets go other ways", () => {
		const before = finished(searchPackets(host(base, rules)));
		const moved = host({ ...base, "hostname.bridge0": ["add em2", "up"] }, rules);
		const after = finished(searchPackets(moved, before));
		expect(codesOf(before)).not.toContain("host/guest-rule-blocked");
		expect(after.passages?.kept.space).not.toBe(before.passages?.kept.space);
		expect(codesOf(after)).toEqual(codesOf(finished(searchPackets(moved))));
	});

	it("keeps nothing where a guest is elsewhere, though interfaces and rules are the same", () => {
		const on = (name: string): Files => ({
			...base,
			"vm.conf": [...lan("bridge0"), 'switch "far" {', "\tinterface bridge1", "}", ...guest("web01", `tap3 { switch "${name}" }`)],
			"hostname.bridge1": ["add em2", "up"],
		});
		const first = host(on("lan"), rules);
		const before = finished(searchPackets(first));
		const { pf: facts } = first;
		const files = sourcesOf({ ...on("far"), ...rules });
		const after = finished(searchPackets(hostBuilder()({ name: "hv1", files, ...(facts && { pf: facts }) }), before));
		expect(after.passages?.version(at)).not.toBe(before.passages?.version(at));
	});

	it("pauses with the work of each portion", () => {
		const first = host(base, rules);
		const portions = [...searchPackets(first)];
		expect(portions.length).toBeGreaterThan(3);
		expect(portions.slice(1).some((work) => work > 0)).toBe(true);
		const again = [...searchPackets(first, finished(searchPackets(first)))];
		const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);
		expect(sum(again)).toBeLessThan(sum(portions));
	});
});

describe("which checks run, and what they are told", () => {
	const told = (files: Files) => {
		const seen: string[] = [];
		const check = (name: string) =>
			warning(["", "", ""], function* ({ entries }) {
				seen.push(`${name}: ${entries.join(" ")}`);
				yield;
			});
		const checks = { host: check("host"), alone: { ...check("alone"), alone: true } };
		finished(packetFindings(host(files), checks));
		return seen;
	};
	it.each<[why: string, files: Files, told: readonly string[]]>([
		["all, where files tell of interfaces", { "hostname.em0": ["inet 203.0.113.5/24"], ...pf("pass on em7") }, ["host: em0", "alone: em0"]],
		[
			"without them, those that ask rules alone, of the interfaces that rules name",
			pf("pass on em8", "pass on { em7 em8 tap3 egress tap }"),
			["alone: em7 em8"],
		],
		["none, where there are no rules", { "hostname.em0": ["inet 203.0.113.5/24"] }, []],
	])("%s", (_, files, expected) => expect(told(files)).toEqual(expected));

	it("without a check, nothing is prepared", () => {
		expect(finished(packetFindings(host(pf("pass")), {})).passages).toBeUndefined();
	});
});

describe("what opens something for a guest", () => {
	it("is neither from nor to what is no address of one", () => {
		const [first, last] = ["0.0.0.0", "255.255.255.255"].map((text) => wordOf(parseIp(text)?.address ?? ZERO_IP)) as [number, number];
		const [tcp] = anything();
		expect([tcp?.source, tcp?.destination]).toEqual([
			[first + 1, last - 1],
			[first, last - 1],
		]);
		const [own] = anything({ source: [5, 5], destination: [7, 7] });
		expect([own?.source, own?.destination]).toEqual([
			[5, 5],
			[7, 7],
		]);
	});

	it.each([
		"inet proto tcp to port 22",
		"inet proto udp to port 53",
		"inet proto udp to port 66",
		"inet proto udp to port 69",
		"inet proto icmp",
		"inet proto gre",
		"inet6 proto tcp to port 22",
		"inet6 proto udp to port 545",
		"inet6 proto udp to port 548",
		"inet6 proto icmp6 icmp6-type echoreq",
		"inet6 proto icmp6 icmp6-type 144",
		"inet6 proto gre",
	])("%s", (kind) => expect(codes(bridged(), pf("block all", SSH, `pass on { em1 tap } ${kind}`))).not.toContain("host/guest-cut-off"));

	it.each([
		"inet proto udp to port { 67 68 }",
		"inet6 proto udp to port { 546 547 }",
		"inet6 proto icmp6 icmp6-type neighbrsol",
		"inet6 proto icmp6 icmp6-type { 130 143 }",
	])("but not %s, which finds an address or a neighbour", (kind) =>
		expect(codes(bridged(), pf("block all", SSH, `pass on { em1 tap } ${kind}`))).toContain("host/guest-cut-off"),
	);
});

describe("what rules may call a guest's interface among others", () => {
	/** Of the guests' interfaces, the first; with so many of them. */
	const named = (files: Files, among = 1) => {
		const model = host(files);
		const plugs = model.segments.flatMap(({ plugs: all }) => all);
		const [first] = plugs;
		return first && nameAmong(model, first, plugs.slice(0, among));
	};
	const two = (nic: string, other = '{ switch "far" }'): Files => ({
		"vm.conf": [...lan("bridge0"), 'switch "far" {', "\tinterface bridge1", "}", ...guest("a", nic), ...guest("b", other)],
	});
	const behind: Files = { "hostname.bridge1": ["add vether1", "up"], "hostname.vether1": ["inet 10.60.0.1/24"] };
	it.each<[why: string, files: Files, name: string | undefined, among?: number]>([
		["its tap", bridged("bridge0", `tap3 ${plug}`), "tap3"],
		["its group", bridged("bridge0", '{ switch "lan" group "guests" }'), "guests"],
		["that of all taps, where it is the only one", bridged(), "tap"],
		["nothing, where pf sees another's", { ...bridged(), ...two(plug, plug) }, undefined],
		["that of all taps, where both are meant", { ...bridged(), ...two(plug, plug) }, "tap", 2],
		["that of all taps, where the other's is behind the host on a bridge", { ...bridged(), ...two(plug), ...behind }, "tap"],
		[
			"nothing, where the other's is on a veb",
			{
				...bridged(),
				...two(plug),
				"vm.conf": (two(plug)["vm.conf"] ?? []).map((line) => line.replace("bridge1", "veb1")),
				"hostname.veb1": ["link1", "add vport1", "up"],
				"hostname.vport1": ["inet 10.60.0.1/24"],
			},
			undefined,
		],
		[
			"nothing, where the other's bridge leads out",
			{ ...bridged(), ...two(plug), ...behind, "hostname.bridge1": ["add vether1", "add em2", "up"], "hostname.em2": ["up"] },
			undefined,
		],
		["nothing, where the other's bridge leads nowhere", { ...bridged(), ...two(plug), "hostname.bridge1": ["up"] }, undefined],
		["that of all taps, where the other one does not start", { ...bridged(), ...two(plug, `${plug}\n\tdisable`) }, "tap"],
		["its tap among others", { ...bridged(), ...two(`tap3 ${plug}`, plug) }, "tap3"],
	])("%s", (_, files, name, among) => {
		expect(named(files, among)).toBe(name);
	});
});

describe("a rule that makes good what a block denies", () => {
	const made = (...rules: readonly string[]) => {
		const model = host(bridged(), pf(...rules));
		const filter = filterOf(model);
		if (filter === undefined) throw new Error("no rules");
		const block = filter.rules.find(({ rule }) => rule.action === "block")?.rule;
		const text = model.source.files.get("/etc/pf.conf")?.text ?? "";
		return {
			edit: (lines: readonly string[], of: Rule | undefined = block, at = filter) => besideBlock({ host: model, filter: at }, of, lines),
			filter,
			above: (start: number) => text.slice(0, start),
		};
	};

	it("stands below it", () => {
		const { edit, above } = made("block all", "pass out");
		const { text, span } = edit(["pass in", "pass out"]) ?? {};
		expect(text).toBe("pass in\npass out\n");
		expect(above(span?.start ?? 0)).toBe("set skip on lo\nblock all\n");
	});

	it("stands above it where it is quick", () => {
		const { edit, above } = made("block quick all", "pass out");
		const { text, span } = edit(["pass in quick"]) ?? {};
		expect(text).toBe("pass in quick\n");
		expect(above(span?.start ?? 0)).toBe("set skip on lo\n");
	});

	it("is none without lines, for a block in an anchor, and for one whose place is not known", () => {
		const { edit, filter } = made("block all", "pass out");
		expect(edit([])).toBeUndefined();
		expect(made("anchor {", "block all", "}").edit(["pass in"])).toBeUndefined();
		const nowhere = { ...filter, pf: { ...filter.pf, place: () => ({ file: "/etc/pf.conf", span: { start: 0, end: 0 } }) } };
		expect(edit(["pass in"], undefined, nowhere)).toBeUndefined();
	});
});

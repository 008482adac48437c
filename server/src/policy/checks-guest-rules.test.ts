import { describe, expect, it } from "vitest";
import { hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { finished } from "../text/portions.ts";
import { searchPackets } from "./checks.ts";
import { bridged, type Files, find, guest, lan, pf, plug, routed, SSH, sourcesOf } from "./checks-fixture.ts";
import type { PacketFindings } from "./packet-check.ts";

const CODE = "host/guest-rule-blocked";
const onBridge = bridged("bridge0", `tap3 ${plug}`);
const onVeb = routed("veb0", `tap3 ${plug}`);
const behindBridge = routed("bridge0", `tap3 ${plug}`);
const WEB = "pass out on tap3 inet proto tcp to 10.10.0.20 port 80";

const found = (host: Files, ...rules: readonly string[]) => find(host, pf("block all", SSH, ...rules)).filter(({ code }) => code === CODE);
const told = (host: Files, ...rules: readonly string[]): readonly string[] => found(host, ...rules).map(({ text }) => text);

const blocked = (where: string, name = "web01"): string => `What this passes for "${name}" is blocked \`${where}\``;
const unseen = 'No packet for "db01" comes by here: pf does not see them on its tap';
const IN = [blocked("in on em1")];

describe("which rules are told of", () => {
	const two = (state: readonly string[], other = `tap4 ${plug}`): Files => ({
		...onBridge,
		"vm.conf": [...lan("bridge0"), ...guest("web01", `tap3 ${plug}`), ...guest("b", other).toSpliced(1, 0, ...state)],
	});
	it.each<[why: string, host: Files, rules: readonly string[], told: readonly string[]]>([
		["a pass that the port outside does not let in", onBridge, [WEB], IN],
		["not one that it lets in", onBridge, [WEB, "pass in on em1"], []],
		["not where a program fills an anchor", onBridge, [WEB, 'anchor "relayd/*"'], []],
		["not a block", onBridge, [WEB.replace("pass", "block")], []],
		["not a match", onBridge, [WEB.replace("pass", "match")], []],
		["not a call of an anchor", onBridge, ["anchor out on tap3 {", "block", "}"], []],
		["not one for both directions", onBridge, [WEB.replace(" out", "")], []],
		["not one for all interfaces", onBridge, [WEB.replace(" on tap3", "")], []],
		["not one for all other interfaces", onBridge, [WEB.replace("on tap3", "on ! tap3")], []],
		["not one of a guest that does not start", two(["disable"], `tap4 ${plug}`), [WEB.replace("tap3", "tap4")], []],
		["a list of which nothing gets there", onBridge, ["pass out on tap3 inet proto tcp to port { 80 443 }"], IN],
		[
			"not a list of which something gets there",
			onBridge,
			["pass out on tap3 inet proto tcp to port { 80 443 }", "pass in on em1 proto tcp to port 443"],
			[],
		],
		[
			"not a list of which the first gets there",
			onBridge,
			["pass out on tap3 inet proto tcp to port { 80 443 }", "pass in on em1 proto tcp to port 80"],
			[],
		],
		["not a list that is for other interfaces too", onBridge, ["pass out on { em7 tap3 } inet proto tcp to port 80"], []],
		["not a rule that its own tap blocks again", onBridge, [WEB, "pass in on em1", "block out on tap3"], []],
		["what a guest sends", onBridge, ["pass in on tap3 inet proto tcp to port 80"], [blocked("out on em1")]],
		["not what the port outside sends on", onBridge, ["pass in on tap3 inet proto tcp to port 80", "pass out on em1"], []],
		[
			"not what its own tap blocks again",
			onBridge,
			["pass in on tap3 inet proto tcp to port 80", "pass out on em1", "block in on tap3"],
			[],
		],
		["not what another guest may send", two([]), [WEB, "pass in on tap4"], []],
		["what only a guest that does not start may send", two(["disable"]), [WEB, "pass in on tap4"], IN],
		["what only its own other interface may send", two([]), [WEB, "pass in on tap3"], [...IN, blocked("out on em1")]],
		[
			"what only its own second interface may send",
			{ ...onBridge, "vm.conf": [...lan("bridge0"), ...guest("web01", `tap3 ${plug}`).toSpliced(3, 0, `\tinterface tap5 ${plug}`)] },
			[WEB, "pass in on tap5"],
			[...IN, blocked("out on em1")],
		],
		[
			"what the host does not hand on",
			onVeb,
			["pass out on tap3 inet proto tcp to 10.50.0.20 port 80", "pass in on em0"],
			[blocked("out on vport0", "db01")],
		],
		[
			"what the host does not take",
			onVeb,
			["pass in on tap3 inet proto tcp to port 80", "pass out on em0"],
			[blocked("in on vport0", "db01")],
		],
		["not what the host takes", onVeb, ["pass in on tap3 inet proto tcp to port 80", "pass in on vport0"], []],
		["what pf sees on the vether alone", behindBridge, ["pass out on tap3 inet proto tcp to port 80", "pass"].slice(0, 1), [unseen]],
		["not what pf sees on the vether when the guest sends it", behindBridge, ["pass in on tap3 inet proto tcp to port 80"], []],
		[
			"not a rule of a group of which one guest gets something",
			{
				...onBridge,
				"vm.conf": [...lan("bridge0"), 'switch "b" {', "\tinterface bridge1", "}", ...guest("a", plug), ...guest("b", '{ switch "b" }')],
				"hostname.bridge1": ["add em2", "up"],
				"hostname.em2": ["up"],
			},
			["pass out on tap inet proto tcp to port 80", "pass in on em1"],
			[],
		],
	])("%s", (_, host, rules, expected) => {
		expect(told(host, ...rules)).toEqual(expected);
	});

	it("a statement of very many rules is left alone where only the first are known to be stopped", () => {
		const ports = Array.from({ length: 22 }, (_, index) => 8000 + index);
		const rule = (count: number) => `pass out on tap3 inet proto tcp to port { ${ports.slice(0, count).join(" ")} }`;
		expect(told(onBridge, rule(21))).toEqual(IN);
		expect(told(onBridge, rule(22))).toEqual([]);
		expect(told(onBridge, rule(22), "pass in on em1 proto tcp to port 8021")).toEqual([]);
	});
});

describe("of each kind of packet, whether any gets there", () => {
	it.each<[rule: string, through: string]>([
		["to 10.10.0.20", "inet proto icmp"],
		["to 10.10.0.20", "inet proto tcp"],
		["to 10.10.0.20", "inet proto udp"],
		["to 10.10.0.20", "inet proto gre"],
		["inet6 to 2001:db8::20", "inet6 proto icmp6"],
		["inet6 to 2001:db8::20", "inet6 proto udp"],
		["proto tcp to port 80", "inet6 proto tcp"],
		["proto tcp to port 80", "inet proto tcp"],
		["inet proto udp to port 53", "inet proto udp"],
		["inet6 proto udp to port 53", "inet6 proto udp"],
		["inet proto icmp", "inet proto icmp"],
		["inet proto gre", "inet proto gre"],
	])("%s, if the port outside passes %s", (rule, through) => {
		const [one] = found(onBridge, `pass out on tap3 ${rule}`);
		expect(one?.related).toEqual(["The rule that blocks it: block all"]);
		expect(told(onBridge, `pass out on tap3 ${rule}`, `pass in on em1 ${through}`)).toEqual([]);
	});

	it.each<[rule: string, told: boolean]>([
		["inet proto udp from port 67 to port 68", false],
		["inet proto udp to port 68", false],
		["inet proto udp to port 67", false],
		["inet proto udp from port 67", false],
		["inet6 proto udp to port 546", false],
		["inet6 proto udp to port 547", false],
		["inet6 proto icmp6", false],
		["inet proto udp to port 69", true],
		["inet proto udp", true],
		["inet proto tcp to port 67", true],
		["inet proto udp to port > 67", true],
	])("what finds addresses and neighbours has ways of its own: %s", (rule, expected) => {
		expect(told(behindBridge, `pass out on tap3 ${rule}`)).toEqual(expected ? [unseen] : []);
	});
});

describe("what has to be the same on the way", () => {
	const from = "pass out on tap3 inet proto udp from 203.0.113.7 to 10.50.0.20 port 53";
	const to = "pass in on tap3 inet proto tcp from 10.50.0.20 to 203.0.113.7 port 443";
	const [inward, outward] = ["pass out on vport0", "pass in on vport0"];
	it.each<[why: string, host: Files, told: readonly string[], rules: readonly string[]]>([
		["between bridged ports, the address", onBridge, IN, [WEB, "pass in on em1 inet proto tcp to 10.10.0.99 port 80"]],
		["and the port", onBridge, IN, [WEB, "pass in on em1 inet proto tcp to 10.10.0.20 port 81"]],
		["into the host, the source", onVeb, [blocked("in on em0", "db01")], [from, "pass in on em0 inet proto udp from 203.0.113.8"]],
		[
			"but not the destination, which may be translated",
			onVeb,
			[blocked("out on vport0", "db01")],
			[from, "pass in on em0 inet proto udp from 203.0.113.7 to (em0) port 5353"],
		],
		["not what the host itself may send", onVeb, [], [from, inward]],
		["out of it, all", onVeb, [blocked("out on vport0", "db01")], [from, "pass in on em0", "pass out on vport0 to 10.50.0.99"]],
		[
			"from a guest to the host, all",
			onVeb,
			[blocked("in on vport0", "db01")],
			[to, "pass out on em0", "pass in on vport0 to 203.0.113.99"],
		],
		[
			"out of it to the network, anything that translation may make of it",
			onVeb,
			[],
			[to, outward, "pass out on em0 inet from 203.0.113.99 to 203.0.113.7"],
		],
	])("%s", (_, host, expected, rules) => {
		expect(told(host, ...rules)).toEqual(expected);
	});
});

describe("how it is told", () => {
	const pass = (port: number, on = "tap3", direction = "out") => `pass ${direction} on ${on} inet proto tcp to port ${port}`;
	const more = (...rules: readonly string[]) => rules.map((rule) => `The same is so of this rule: ${rule}`);
	it("once for what one place stops, with some of the other rules", () => {
		const ports = [1, 2, 3, 4, 5, 6];
		expect(found(onBridge, ...ports.map((port) => pass(port))).map(({ words, related }) => [words, related])).toEqual([
			[pass(1), ["The rule that blocks it: block all", ...more(pass(2), pass(3), pass(4), pass(5))]],
		]);
	});

	it("apart for each place, and for each guest", () => {
		const host: Files = { ...onBridge, "vm.conf": [...lan("bridge0"), ...guest("web01", `tap3 ${plug}`), ...guest("b", `tap4 ${plug}`)] };
		expect(told(host, pass(1), pass(2, "tap3", "in"), pass(3, "tap4"))).toEqual([
			blocked("in on em1"),
			blocked("out on em1"),
			blocked("in on em1", "b"),
		]);
	});

	it("with no rule that blocks it where pf does not see it", () => {
		expect(found(behindBridge, pass(1), pass(2)).map(({ words, advice, related }) => [words, advice, related])).toEqual([
			[pass(1), "What the host routes to guests of a bridge is seen on its vether alone.", more(pass(2))],
		]);
	});
});

it.each([
	["the port", onBridge, WEB, "pass in on em1", "pass out on em1"],
	["the second of two places", onVeb, "pass out on tap3 inet proto tcp to 10.50.0.20 port 80", "pass out on vport0", "pass out on em0"],
])("is found after an edit by which %s stops what got through", (_, on, rule, needed, other) => {
	const files = sourcesOf({ ...on, ...pf("block all", SSH, rule, "pass in on em0 proto tcp to port 80", needed, other) });
	const facts = pfFacts(files);
	if (facts === undefined) throw new Error("no pf.conf");
	const build = hostBuilder();
	const before = finished(searchPackets(build({ name: "hv1", files, pf: facts })));
	const codes = ({ found: list }: PacketFindings) => [...list.values()].flat().filter(({ code }) => code === CODE);
	const without = (words: string) => {
		const { main } = facts.ruleset;
		const rules = main.rules.filter((rule) => {
			const { start, end } = facts.place(rule).span;
			return files.get("/etc/pf.conf")?.text.slice(start, end) !== words;
		});
		expect(rules).toHaveLength(main.rules.length - 1);
		const ruleset = { ...facts.ruleset, main: { ...main, rules } };
		return codes(finished(searchPackets(build({ name: "hv1", files, pf: { ...facts, ruleset } }), before)));
	};
	expect(codes(before)).toEqual([]);
	expect(without(other)).toEqual([]);
	expect(without(needed)).toHaveLength(1);
});

describe("the rule that is added for another place", () => {
	const fixes = (host: Files, ...rules: readonly string[]) => found(host, ...rules).flatMap((one) => one.fixes);
	it.each<[rule: string, added: string | undefined]>([
		[WEB, "pass in on em1 inet proto tcp to 10.10.0.20 port 80"],
		["pass out on tap3 inet proto tcp to any port 80", "pass in on em1 inet proto tcp to ! (self) port 80"],
		["pass out on { tap3 } inet proto tcp from 10.9.0.1 to port 80", "pass in on em1 inet proto tcp from 10.9.0.1 to port 80"],
		["pass out quick on tap3 inet proto tcp to port 80", "pass in quick on em1 inet proto tcp to port 80"],
		["pass out log on tap3 inet proto tcp to port 80", "pass in log on em1 inet proto tcp to port 80"],
		["pass  out  log  quick  on  tap3  inet proto tcp to port 80", "pass in log  quick  on em1 inet proto tcp to port 80"],
		["pass out on tap3 inet proto tcp to\tport 80", "pass in on em1 inet proto tcp to\tport 80"],
		["pass out on tap3 inet proto tcp from 10.9.0.1", undefined],
		["pass out log (all) on tap3 inet proto tcp to port 80", undefined],
	])("for `%s`", (rule, added) => {
		expect(fixes(onBridge, rule)).toEqual(added === undefined ? [] : [`${added}\n`]);
	});

	it("is none for a tap that nobody pinned: what it will be called is not known", () => {
		const two: Files = {
			"vm.conf": [...lan("bridge0"), ...guest("web01", `tap3 ${plug}`), ...guest("b", plug)],
			"hostname.bridge0": ["up"],
			"hostname.em0": ["inet autoconf"],
		};
		const rule = "pass in on tap3 inet proto tcp to port 80";
		expect(told(two, rule)).toEqual([blocked("out on tap")]);
		expect(fixes(two, rule)).toEqual([]);
	});
});

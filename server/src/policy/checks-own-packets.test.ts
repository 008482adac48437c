/** Rules against foreign packets that let everything in, or stop the host's own and those of its guests. */
import { describe, expect, it } from "vitest";
import { type Files, find, guest, lan, pf, plug, routed } from "./checks-fixture.ts";

/** What is told by one code: the words it is told at, the text, the advice, and the other places. */
const told = (code: string, ...files: readonly Files[]) =>
	find(...files)
		.filter((one) => one.code === code)
		.map(({ words, text, advice, related }) => [words, text, advice, ...related]);

const OUTSIDE: Files = { "hostname.em0": ["inet 203.0.113.5/24"], mygate: ["203.0.113.1"] };

describe("a rule lets everything in from outside", () => {
	const open = (...rules: readonly string[]) => told("host/uplink-open", routed(), OUTSIDE, pf(...rules));
	const found = (words: string, block = "block") => [
		[words, "Everything that comes in on em0 passes", "Name what is to come in, or write `out`.", `What blocks it by default: ${block}`],
	];
	it.each<[why: string, rules: readonly string[], told: ReturnType<typeof open>]>([
		["past the default block", ["block", "pass on em0"], found("pass on em0")],
		["in its direction", ["block in", "pass in on em0"], found("pass in on em0", "block in")],
		["by the group that leads outside", ["block", "pass in on egress"], found("pass in on egress")],
		["the one of two that decides", ["block", "pass on em0", "pass in on em0 inet"], found("pass in on em0 inet")],
		["not what goes out", ["block", "pass out on em0"], []],
		["not where nothing is blocked by default", ["pass on em0"], []],
		["nor where all is passed by default", ["pass", "pass on em0"], []],
		["in an anchor", ["block", 'anchor "a" {', "pass in on em0", "}"], found("pass in on em0")],
		["nor where that is what goes out", ["block out", "pass on em0"], []],
		["not by a rule for every interface", ["block", "pass"], []],
		["not where some of it is blocked again", ["block", "pass on em0", "block in on em0 proto tcp to port 22"], []],
		["not on an interface that leads to guests", ["block", "pass on vether0"], []],
		["not a service", ["block", "pass in on em0 proto tcp to port 22"], []],
		["not by chance", ["block", "pass on em0 probability 50%"], []],
		["not once", ["block", "pass on em0 once"], []],
		["not where no rule is what passes", ["block inet6", "pass on em1"], []],
		["not up to a rate alone", ["block", "pass in on em0 proto tcp", "pass in on em0 max-pkt-rate 100/10"], []],
	])("%s", (_, rules, expected) => expect(open(...rules)).toEqual(expected));

	it("where there is another network to protect", () => {
		const alone: Files = { ...OUTSIDE, ...pf("block", "pass on em0") };
		expect(told("host/uplink-open", alone)).toEqual([]);
		expect(told("host/uplink-open", alone, { "hostname.em1": ["up"] })).toEqual([]);
		for (const own of [["inet 203.0.113.5/24"], ["inet autoconf"]])
			expect(told("host/uplink-open", alone, { "hostname.em0": own, "hostname.em1": ["inet 10.0.0.1/24"] })).toHaveLength(1);
	});
});

describe("the host's packets to its own address are blocked", () => {
	const blocked = (rules: readonly string[], ...files: readonly Files[]) =>
		told("host/own-address-blocked", routed(), OUTSIDE, ...files, { "pf.conf": rules });
	const found = (words: string, address: string) => [
		[words, `What the host sends to its own address ${address} is blocked on lo0`, "Add `set skip on lo`."],
	];
	it.each<[why: string, rules: readonly string[], told: ReturnType<typeof blocked>]>([
		["by antispoof", ["antispoof quick for vether0", "pass"], found("antispoof quick for vether0", "10.50.0.1")],
		["by a rule about its network", ["pass", "block in from 10.50.0.0/24"], found("block in from 10.50.0.0/24", "10.50.0.1")],
		["as it goes out", ["pass", "block out from 203.0.113.0/24"], found("block out from 203.0.113.0/24", "203.0.113.5")],
		["told once for a rule", ["pass", "block from { 10.50.0.0/24 }"], found("block from { 10.50.0.0/24 }", "10.50.0.1")],
		["not where all of lo0 is blocked", ["block on lo0"], []],
		["not where 127.0.0.1 is blocked too", ["pass", "block on lo0 from { 127.0.0.1 10.50.0.0/24 }"], []],
		["not where lo0 is skipped", ["set skip on lo", "antispoof for vether0"], []],
		["not on other interfaces", ["pass", "block in on em0 from 10.50.0.0/24"], []],
		["not where something is passed", ["block from 10.50.0.0/24", "pass on lo0"], []],
		["not other addresses of the network", ["pass", "block in from 10.50.0.7"], []],
		["not by the default that no rule changes", ["pass"], []],
	])("%s", (_, rules, expected) => expect(blocked(rules)).toEqual(expected));

	it("not an address of lo0, nor of IPv6", () => {
		const own: Files = {
			"hostname.lo1": ["inet 127.0.0.2/8"],
			"hostname.vether0": ["inet6 2001:db8::1 64", "inet gw.example 255.255.255.0"],
		};
		// The first four octets of the one of IPv6 are not an address either.
		expect(blocked(["pass", "block in from 127.0.0.2", "block in from { 2001:db8::1 32.1.13.184 }"], own)).toEqual([]);
	});
});

describe("antispoof blocks what guests send on their own ports", () => {
	const two: Files = {
		...routed("bridge0"),
		"vm.conf": [...lan("bridge0"), ...guest("web01", `tap3 ${plug}`), ...guest("db01", `tap4 ${plug}`)],
	};
	const blocked = (rules: readonly string[], files: Files = two) => told("host/antispoof-on-ports", files, OUTSIDE, pf(...rules));
	const found = (words: string, name = "web01", tap = "tap3", network = '"lan"') => [
		[
			words,
			`This blocks what "${name}" sends, \`in on ${tap}\``,
			"Its address is of that network. Block the network on the interfaces that lead outside instead.",
			`The guest's interface: ${network}`,
		],
	];
	it.each<[why: string, rules: readonly string[], told: ReturnType<typeof blocked>]>([
		["once for all of them", ["pass", "antispoof for vether0"], found("antispoof for vether0")],
		["with quick", ["antispoof quick for vether0", "pass"], found("antispoof quick for vether0")],
		["not where they are passed again", ["antispoof for vether0", "pass"], []],
		["not where taps are skipped", ["set skip on tap", "pass", "antispoof for vether0"], []],
		["not another network's", ["pass", "antispoof for em0"], []],
		["not a block that is not antispoof", ["pass", "block in on tap3"], []],
		["not where some of it is passed", ["antispoof for vether0", "pass in proto udp"], []],
		["nothing", ["pass"], []],
	])("%s", (_, rules, expected) => expect(blocked(rules)).toEqual(expected));

	it("not what a guest would send to itself", () => {
		const alone = guest("web01", `tap3 ${plug}`).toSpliced(3, 0, `\tinterface tap4 ${plug}`);
		expect(blocked(["pass", "antispoof for vether0"], { ...two, "vm.conf": [...lan("bridge0"), ...alone] })).toEqual([]);
	});

	it("of each network", () => {
		const other: Files = {
			"vm.conf": [
				...lan("bridge0"),
				'switch "dmz" {',
				"\tinterface bridge1",
				"}",
				...guest("web01", `tap3 ${plug}`),
				...guest("db01", `tap4 ${plug}`),
				...guest("app01", 'tap5 { switch "dmz" }'),
				...guest("app02", 'tap6 { switch "dmz" }'),
			],
			"hostname.bridge1": ["add vether1", "up"],
			"hostname.vether1": ["inet 10.60.0.1 255.255.255.0", "up"],
		};
		expect(blocked(["pass", "antispoof for vether0", "antispoof for vether1"], { ...two, ...other })).toEqual([
			...found("antispoof for vether0"),
			...found("antispoof for vether1", "app01", "tap5", '"dmz"'),
		]);
	});
});

import { describe, expect, it } from "vitest";
import { formatIp } from "../pf/names/address.ts";
import type { Family } from "../pf/rules.ts";
import { bridged, type Files, guest, hostOf, lan, pf, plug, routed, sourcesOf } from "./checks-fixture.ts";
import { readEnd } from "./endpoints.ts";
import { createTracer, decidingStep, type Trace, trace } from "./trace.ts";

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmp6: 58, gre: 47 };

/** `outside db01 tcp 80`. */
function ask(files: Files, question: string, family?: Family): Trace {
	const host = hostOf(sourcesOf(files));
	const [from = "", to = "", protocol = "", port] = question.split(" ");
	const ends = [readEnd(from, host), readEnd(to, host)] as const;
	if (ends[0] === undefined || ends[1] === undefined) throw new Error(question);
	const service = { protocol: PROTOCOLS[protocol] ?? 0, ...(port === undefined ? {} : { port: Number(port) }) };
	return createTracer(host).trace({ from: ends[0], to: ends[1], service, ...(family === undefined ? {} : { family }) });
}

/** The answer, and each way once, as its places: `!` where the packet is blocked, `=` where a state lets it pass, `( )` where pf does not filter. */
function told({ answer, ways }: Trace): readonly string[] {
	const text = (steps: Trace["ways"][number]["steps"]): string =>
		steps
			.map(({ direction, interface: name, by, outcome }) => {
				const place = `${direction} ${name}`;
				return by === "untested" ? `(${place})` : by === "state" ? `=${place}` : outcome?.verdict === "block" ? `!${place}` : place;
			})
			.join(" ");
	const lines = ways.map(({ result, steps, answer: back }) => `${result}: ${text(steps)}${back.length === 0 ? "" : ` < ${text(back)}`}`);
	return [answer, ...new Set(lines)];
}

const FIXED: Files = { "hostname.em0": ["inet 203.0.113.5/24"], mygate: ["203.0.113.1"] };
/** A guest db01 on tap1, behind vport0 of a veb or vether0 of a bridge. */
const VEB: Files = { ...routed("veb0", `tap1 ${plug}`), ...FIXED };
const BRIDGE: Files = { ...routed("bridge0", `tap1 ${plug}`), ...FIXED };
/** The same with IPv6 on both sides. */
const SIX: Files = {
	...VEB,
	"hostname.em0": ["inet 203.0.113.5/24", "inet6 2001:db8::5 64"],
	"hostname.vport0": ["inet 10.50.0.1/24", "inet6 2001:db8:1::1 64", "up"],
	"sysctl.conf": ["net.inet.ip.forwarding=1", "net.inet6.ip6.forwarding=1"],
};
const GUEST6 = "pass in on tap1 inet6 from 2001:db8:1::20";
const LAN: Files = { ...VEB, "hostname.em1": ["inet 192.0.2.1/24"] };
const TWO: Files = { ...VEB, "vm.conf": [...lan("veb0"), ...guest("db01", `tap1 ${plug}`), ...guest("web01", `tap2 ${plug}`)] };
/** The other guest is on a switch of its own. */
const APART: Files = {
	...VEB,
	"vm.conf": [
		...lan("veb0"),
		'switch "other" {',
		"\tinterface veb1",
		"}",
		...guest("db01", `tap1 ${plug}`),
		...guest("web01", 'tap2 { switch "other" }'),
	],
	"hostname.veb1": ["up"],
	...pf("pass"),
};
const there = "in tap1 =in vport0 out em0 < =in em0 =out vport0 =out tap1";

describe("the ways of a packet", () => {
	it.each<[why: string, files: Files, question: string, expected: readonly string[], family?: Family]>([
		["without rules, pf does not filter", VEB, "outside host tcp 22", ["yes", "passes: (in em0) < (out em0)"]],
		[
			"chance decides nothing where all passes",
			{ ...VEB, ...pf("pass in on em0 probability 50%") },
			"outside host tcp 22",
			["yes", "passes: in em0 < out em0", "passes: in em0 < =out em0"],
		],
		["one family", { ...SIX, ...pf("block inet6", "pass inet") }, "outside host tcp 22", ["no", "blocked: !in em0"], "inet6"],
		[
			"the other family",
			{ ...SIX, ...pf("block inet6", "pass inet") },
			"outside host tcp 22",
			["yes", "passes: in em0 < =out em0"],
			"inet",
		],
		[
			"both of them",
			{ ...SIX, ...pf("block inet6", "pass inet") },
			"outside host tcp 22",
			["yes", "passes: in em0 < =out em0", "blocked: !in em0"],
		],
		["IPv6 is forwarded", { ...SIX, ...pf("pass", GUEST6) }, "db01 outside tcp 22", ["yes", `passes: ${there}`]],
		[
			"IPv4 alone is forwarded",
			{ ...SIX, "sysctl.conf": ["net.inet.ip.forwarding=1"], ...pf("pass", GUEST6) },
			"db01 outside tcp 22",
			["no", "not forwarded: in tap1 =in vport0"],
		],
		[
			"whether packets are forwarded is not known",
			{ ...VEB, "sysctl.conf": undefined, ...pf("pass") },
			"db01 outside tcp 22",
			["yes", `passes: ${there}`],
		],
		[
			"to a machine of a network, by its interface",
			{ ...LAN, ...pf("pass") },
			"db01 192.0.2.9 tcp 22",
			["yes", `passes: ${there.replaceAll("em0", "em1")}`],
		],
		[
			"states are bound to their interface",
			{ ...VEB, ...pf("set state-policy if-bound", "pass") },
			"db01 outside tcp 22",
			["yes", "passes: in tap1 in vport0 out em0 < =in em0 =out vport0 =out tap1"],
		],
		[
			"but for that of a rule which says otherwise",
			{ ...VEB, ...pf("set state-policy if-bound", "block", "pass in on tap1 keep state (floating)", "pass out on em0") },
			"db01 outside tcp 22",
			["yes", `passes: ${there}`],
		],
		[
			"the host forwards nothing, and is spoken to",
			{ ...VEB, "sysctl.conf": ["net.inet.ip.forwarding=0"], ...pf("pass") },
			"outside host tcp 22",
			["yes", "passes: in em0 < =out em0"],
		],
		[
			"what the host sends it has not received",
			{ ...VEB, ...pf("pass", "block out received-on any") },
			"host outside tcp 22",
			["yes", "passes: out em0 < =in em0"],
		],
		[
			"an answer is received where the guest is",
			{ ...VEB, ...pf("pass no state", "block out on em0 received-on vport0") },
			"outside db01 tcp 80",
			["one way", "no answer: in em0 out vport0 out tap1 < in tap1 in vport0 !out em0"],
		],
		["to the outside, by the default route", { ...LAN, ...pf("pass") }, "db01 outside tcp 22", ["yes", `passes: ${there}`]],
		[
			"from a machine of a network, by its interface",
			{ ...LAN, ...pf("pass") },
			"192.0.2.9 host tcp 22",
			["yes", "passes: in em1 < =out em1"],
		],
		[
			"redirected elsewhere outside",
			{ ...BRIDGE, ...pf("pass", "match in on vether0 inet proto udp to port 53 rdr-to 9.9.9.9") },
			"db01 outside udp 53",
			["yes", "passes: (in tap1) in vether0 out em0 < =in em0 =out vether0 (out tap1)"],
		],
		[
			"redirected to the host is not outside",
			{ ...BRIDGE, ...pf("pass", "match in on vether0 inet proto udp to port 53 rdr-to 10.50.0.1") },
			"db01 outside udp 53",
			["no"],
		],
		[
			"redirected to another guest is not this one",
			{ ...TWO, ...pf("pass", "match in on em0 inet proto tcp to port 8080 rdr-to 10.50.0.253 port 80") },
			"outside db01 tcp 8080",
			["no"],
		],
		[
			"redirected to another guest is that one",
			{ ...TWO, ...pf("pass", "match in on em0 inet proto tcp to port 8080 rdr-to 10.50.0.253 port 80") },
			"outside web01 tcp 8080",
			["yes", "passes: in em0 out vport0 =out tap2 < =in tap2 =in vport0 =out em0"],
		],
		[
			"redirected to the address that was asked for",
			{ ...VEB, ...pf("pass", "match in on em0 inet proto tcp to port 80 rdr-to 10.50.0.1") },
			"outside 10.50.0.1 tcp 80",
			["yes", "passes: in em0 < =out em0"],
		],
		[
			"on a bridge, whatever rules make of the address",
			{ ...bridged(), ...FIXED, ...pf("pass", "match in on em1 inet proto tcp to port 80 rdr-to 9.9.9.9") },
			"outside web01 tcp 80",
			["yes", "passes: in em1 out tap(web01:0) < =in tap(web01:0) =out em1"],
		],
		[
			"the answer may pass by chance",
			{ ...VEB, ...pf("block", "pass in on em0 no state", "pass out on em0 probability 50% no state") },
			"outside host udp 53",
			["depends", "passes: in em0 < out em0", "no answer: in em0 < !out em0"],
		],
		[
			"the answer may be blocked by chance",
			{ ...VEB, ...pf("pass no state", "block out on em0 probability 50%") },
			"outside host udp 53",
			["depends", "passes: in em0 < out em0", "no answer: in em0 < !out em0"],
		],
		[
			"the answer is blocked, and how it passes before is a matter of chance",
			{ ...VEB, ...pf("block", "pass in on em0 no state", "pass in on em0 probability 50% no state") },
			"outside host udp 53",
			["one way", "no answer: in em0 < !out em0"],
		],
		[
			"what it was received on stays with it",
			{ ...VEB, ...pf("block", "pass in on em0 no state", "pass out received-on em0 no state") },
			"outside db01 udp 53",
			["one way", "no answer: in em0 out vport0 out tap1 < !in tap1"],
		],
		[
			"what the host answers it has not received",
			{ ...VEB, ...pf("pass no state", "block out received-on any") },
			"outside host udp 53",
			["yes", "passes: in em0 < out em0"],
		],
		[
			"a state that is bound to its interface is none for an answer at another",
			{ ...VEB, ...pf("set state-policy if-bound", "block", "pass out on vport0", "pass out on tap1 no state") },
			"host db01 udp 53",
			["one way", "no answer: out vport0 out tap1 < !in tap1"],
		],
		[
			"guests that nothing joins, where nothing leads out either",
			{ ...APART, "hostname.em0": undefined, "hostname.vport0": undefined, "hostname.veb0": ["up"] },
			"db01 web01 tcp 22",
			["no"],
		],
		[
			"a guest that nothing joins, where another's network is that of a LAN",
			{ ...APART, "hostname.em0": undefined, "hostname.veb0": ["add vport0", "add em1", "up"], "hostname.em1": ["up"] },
			"outside web01 tcp 22",
			["no"],
		],
		[
			"what the host sends itself is not forwarded",
			{ ...VEB, "sysctl.conf": ["net.inet.ip.forwarding=0"], ...pf("pass") },
			"host outside tcp 22",
			["yes", "passes: out em0 < =in em0"],
		],
		[
			"what comes in was received where it comes in",
			{ ...VEB, ...pf("block", "pass in on em0 received-on em0") },
			"outside host tcp 22",
			["yes", "passes: in em0 < =out em0"],
		],
		[
			"a guest on a bridge, where nothing else leads out",
			{ ...bridged(), "hostname.em0": undefined, ...pf("pass") },
			"outside web01 tcp 80",
			["yes", "passes: in em1 out tap(web01:0) < =in tap(web01:0) =out em1"],
		],
		[
			"to the outside by a bridge, past the default route",
			{ ...bridged(), ...FIXED, ...pf("pass") },
			"web01 outside tcp 80",
			["yes", "passes: in tap(web01:0) out em1 < =in em1 =out tap(web01:0)"],
		],
		["no interface leads out", { ...VEB, "hostname.em0": undefined, ...pf("pass") }, "outside host tcp 80", ["depends"]],
	])("%s", (_, files, question, expected, family) => {
		expect(told(ask(files, question, family))).toEqual(expected);
	});
});

describe("a state of the place before", () => {
	it.each<[why: string, rules: readonly string[], question: string, expected: readonly string[]]>([
		[
			"is that of the packet as it was",
			["pass in on tap1 inet proto tcp to port 80"],
			"db01 outside tcp 80",
			["no", "blocked: in tap1 =in vport0 !out em0"],
		],
		[
			"not where its source is another",
			["pass in on em0", "pass out on vport0 inet nat-to 10.50.0.1"],
			"outside db01 tcp 80",
			["no", "blocked: in em0 out vport0 !out tap1"],
		],
		[
			"not where its destination is another",
			["pass in on tap1 inet proto tcp to port 80 rdr-to 9.9.9.9"],
			"db01 outside tcp 80",
			["no", "blocked: in tap1 !in vport0"],
		],
		[
			"not where its port is another",
			["pass in on tap1 inet proto tcp to port 80 rdr-to 198.51.100.77 port 81"],
			"db01 outside tcp 80",
			["no", "blocked: in tap1 !in vport0"],
		],
		[
			"not where it is bound to its interface",
			["pass in on em0", "pass out on vport0 keep state (if-bound)"],
			"outside db01 tcp 80",
			["no", "blocked: in em0 out vport0 !out tap1"],
		],
		[
			"gives the answer its address back",
			[
				"match out on em0 inet from 10.50.0.0/24 nat-to (em0)",
				"pass in on { tap1 vport0 } no state",
				"pass out on em0",
				"pass out to 10.50.0.254 flags any no state",
			],
			"db01 outside tcp 80",
			["yes", "passes: in tap1 in vport0 out em0 < =in em0 out vport0 out tap1"],
		],
	])("%s", (_, rules, question, expected) => {
		expect(told(ask({ ...VEB, ...pf("block", ...rules) }, question))).toEqual(expected);
	});
});

describe("the answer, where no state was left", () => {
	const back = ["yes", "passes: in em0 < out em0"];
	it.each<[question: string, request: string, answer: string, expected: readonly string[]]>([
		["icmp", "inet proto icmp icmp-type echoreq", "inet proto icmp icmp-type echorep", back],
		["icmp 13", "inet proto icmp icmp-type timereq", "inet proto icmp icmp-type timerep", back],
		["icmp 15", "inet proto icmp icmp-type inforeq", "inet proto icmp icmp-type inforep", back],
		["icmp 17", "inet proto icmp icmp-type maskreq", "inet proto icmp icmp-type maskrep", back],
		["tcp 22", "proto tcp to port 22", "proto tcp from port 22 flags SA/SA", back],
		["udp 53", "proto udp to port 53", "proto udp from port 53", back],
		["gre", "proto gre", "proto gre", back],
		["tcp 22", "proto tcp to port 22 tag A", "proto tcp from port 22 flags any tagged A", ["one way", "no answer: in em0 < !out em0"]],
	])("to %s", (service, request, answer, expected) => {
		const rules = pf("block", `pass in on em0 ${request} no state`, `pass out on em0 ${answer} no state`);
		expect(told(ask({ ...VEB, ...rules }, `outside host ${service}`))).toEqual(expected);
	});

	it.each(["icmp", "icmp6"])("to %s of IPv6", (protocol) => {
		const rules = pf(
			"block",
			"pass in inet6 proto icmp6 icmp6-type echoreq no state",
			"pass out inet6 proto icmp6 icmp6-type echorep no state",
		);
		expect(told(ask({ ...SIX, ...rules }, `outside host ${protocol}`, "inet6"))).toEqual(back);
	});
});

describe("the place that decides", () => {
	const at = (files: Files, question: string): string | undefined => {
		const step = decidingStep(ask(files, question));
		return step && `${step.direction} ${step.interface}`;
	};
	it.each<[why: string, files: Files, question: string, place: string | undefined]>([
		["the last one where rules let it through", { ...BRIDGE, ...pf("pass") }, "db01 outside tcp 80", "out em0"],
		["the one that stops the answer", { ...VEB, ...pf("block", "pass in on em0 no state") }, "outside host udp 53", "out em0"],
		[
			"the one that stops what comes furthest",
			{ ...LAN, mygate: undefined, ...pf("block", "pass in on em1") },
			"outside db01 tcp 80",
			"out vport0",
		],
		["none where pf does not filter", VEB, "outside host tcp 22", undefined],
	])("%s", (_, files, question, place) => {
		expect(at(files, question)).toBe(place);
	});

	it("is that of the family that gets through", () => {
		const found = ask({ ...SIX, ...pf("block inet", "pass inet6") }, "outside host tcp 22");
		expect(decidingStep(found)).toMatchObject({ packet: { family: "inet6" }, outcome: { verdict: "pass" } });
		expect(found.answer).toBe("yes");
	});

	it("has the answer as it is there", () => {
		const packet = (service: string) =>
			decidingStep(ask({ ...VEB, ...pf("block", "pass in on em0 no state") }, `outside host ${service}`))?.packet;
		expect(packet("udp 53")).toMatchObject({ sourcePort: 53, destinationPort: 49160, tcpFlags: 0 });
		expect(packet("tcp 22")).toMatchObject({ sourcePort: 22, destinationPort: 49160, tcpFlags: 0x12 });
		expect(packet("icmp")).toMatchObject({ icmpType: 0, sourcePort: 0 });
	});

	it("has the packet as it is there", () => {
		const packet = (service: string) => decidingStep(ask({ ...VEB, ...pf("block") }, `outside host ${service}`))?.packet;
		expect(packet("tcp 22")).toMatchObject({ protocol: 6, sourcePort: 49160, destinationPort: 22, tcpFlags: 2, icmpType: 0, tag: "" });
		expect(packet("udp 53")).toMatchObject({ protocol: 17, sourcePort: 49160, destinationPort: 53, tcpFlags: 0 });
		expect(packet("icmp")).toMatchObject({ protocol: 1, sourcePort: 0, destinationPort: 0, icmpType: 8, icmpCode: 0 });
		expect(packet("icmp 13")).toMatchObject({ protocol: 1, icmpType: 13 });
		expect(packet("gre")).toMatchObject({ protocol: 47, sourcePort: 0, destinationPort: 0, tcpFlags: 0, icmpType: 0 });
	});
});

it("one tracer answers for all ends, one after the other", () => {
	const host = hostOf(sourcesOf({ ...SIX, ...pf("block", "pass in on em0 inet", "pass in on tap1") }));
	const tracer = createTracer(host);
	const service = { protocol: 6, port: 22 };
	const [outside, own, guest] = ["outside", "host", "db01"].map((name) => readEnd(name, host));
	if (outside === undefined || own === undefined || guest === undefined) throw new Error("no such end");
	const answers = [
		{ from: outside, to: own, service, family: "inet" },
		{ from: outside, to: own, service, family: "inet6" },
		{ from: guest, to: own, service, family: "inet" },
		{ from: outside, to: own, service, family: "inet" },
		{ from: guest, to: own, service, family: "inet" },
		{ from: guest, to: outside, service, family: "inet" },
	] as const;
	expect(answers.map((flow) => told(tracer.trace(flow)))).toEqual(answers.map((flow) => told(createTracer(host).trace(flow))));
	expect(answers.map((flow) => tracer.trace(flow).answer)).toEqual(["yes", "no", "yes", "yes", "yes", "no"]);
});

it("the host takes the address of the interface that it sends by", () => {
	const { ways } = ask({ ...LAN, ...pf("pass") }, "host 192.0.2.9 tcp 22");
	expect(ways.map(({ steps }) => steps.map(({ packet }) => formatIp(packet.source, "inet")))).toEqual([["192.0.2.1"]]);
});

it("a host that is a port of the bridge is no other address of the guests on it", () => {
	const files = { ...bridged(), ...FIXED, "hostname.em1": ["inet 10.10.0.1/24", "up"], ...pf("pass") };
	const { ways } = ask(files, "outside web01 tcp 80");
	expect(
		ways.filter(({ steps }) => steps[0]?.interface === "em1" && formatIp(steps[0].packet.destination, "inet") === "10.10.0.1"),
	).toEqual([]);
});

it("a packet to the host that no rule redirects is none to the guest", () => {
	const { ways } = ask({ ...VEB, ...pf("block") }, "outside db01 tcp 80");
	expect(ways.map(({ result, steps }) => [result, steps.map(({ packet }) => formatIp(packet.destination, "inet"))])).toEqual([
		["blocked", ["10.50.0.254"]],
	]);
});

it("ways that chance leads to are followed up to 32 of them", () => {
	const chances = Array.from({ length: 6 }, () => "pass in on em0 probability 50%");
	expect(ask({ ...VEB, ...pf(...chances) }, "outside 203.0.113.5 tcp 22").ways).toHaveLength(32);
});

it("what is certain has no conditions", () => {
	const conditions = (question: string, ...rules: readonly string[]) => {
		const found = ask({ ...VEB, ...pf(...rules) }, question);
		return [found.answer, found.conditions, ...found.ways.map((way) => way.conditions)];
	};
	expect(conditions("outside 203.0.113.5 udp 53", "pass")).toEqual(["yes", [], []]);
	expect(conditions("outside 203.0.113.5 udp 53", "block")).toEqual(["no", [], []]);
	expect(conditions("outside 203.0.113.5 udp 53", "block", "pass in no state")).toEqual(["one way", [], []]);
	// Whatever chance decides, the answer passes, or does not.
	expect(conditions("outside 203.0.113.5 udp 53", "pass no state", "pass out no state probability 50%")).toEqual(["yes", [], []]);
	expect(conditions("outside 203.0.113.5 udp 53", "block", "pass in no state", "block out probability 50%")).toEqual(["one way", [], []]);
	const { ways, answer } = ask(
		{ ...VEB, ...pf("block", "pass in no state", "pass out no state probability 50%") },
		"outside 203.0.113.5 udp 53",
	);
	expect([answer, ...ways.map((way) => way.conditions.map(({ criterion, holds }) => `${criterion} ${holds}`))]).toEqual([
		"depends",
		["probability true"],
		["probability false"],
	]);
});

it("an answer that rules let through is one that they are asked about, with no tag", () => {
	const { ways } = ask({ ...VEB, ...pf("pass no state", "pass out tag A no state") }, "outside 203.0.113.5 udp 53");
	expect(ways.flatMap(({ answer }) => answer.map(({ by, packet }) => [by, packet.tag, packet.icmpType]))).toEqual([["rules", "", 0]]);
	const stopped = ask({ ...VEB, ...pf("block", "pass in no state") }, "outside 203.0.113.5 udp 53");
	expect(stopped.ways.flatMap(({ answer }) => answer.map(({ by }) => by))).toEqual(["rules"]);
});

it("each family has ways of its own", () => {
	const destinations = (question: string) =>
		new Set(
			ask({ ...SIX, ...pf("pass", GUEST6) }, question).ways.flatMap(({ steps }) =>
				steps.map(({ packet }) => `${packet.family} ${formatIp(packet.destination, packet.family)}`),
			),
		);
	expect(destinations("db01 host tcp 22")).toEqual(new Set(["inet6 2001:db8:1::1", "inet6 2001:db8::5"]));
	expect(destinations("db01 outside tcp 22")).toEqual(new Set(["inet6 2001:db8:ffff::77"]));
});

it("nothing explains a place where no rules are", () => {
	const host = hostOf(sourcesOf(VEB));
	const tracer = createTracer(host);
	const [step] = ask(VEB, "outside host tcp 22").ways[0]?.steps ?? [];
	expect(step && tracer.explain(step)).toEqual({ matched: [], missed: [] });
	const flow = { from: { kind: "outside" }, to: { kind: "host" }, service: { protocol: 6, port: 22 } } as const;
	expect(trace(host, flow)).toEqual(tracer.trace(flow));
});

it("an answer that depends is told with what lets the packet pass", () => {
	const { answer, conditions } = ask({ ...VEB, ...pf("block", "pass in on em0 probability 50%") }, "outside host tcp 22");
	expect([answer, new Set(conditions.map(({ criterion, holds }) => `${criterion} ${holds}`))]).toEqual([
		"depends",
		new Set(["probability true"]),
	]);
});

it("of what is outside nothing is known where no interface leads there", () => {
	const without: Files = { ...VEB, "hostname.em0": undefined, ...pf("pass") };
	expect(ask(without, "outside host tcp 80")).toMatchObject({ answer: "depends", ways: [], conditions: [] });
	expect(ask(without, "host outside tcp 80")).toMatchObject({ answer: "depends", ways: [], conditions: [] });
	expect(ask(without, "db01 host tcp 80").answer).toBe("yes");
});

it("of rules that are left out nothing is known", () => {
	const many = `{ ${Array.from({ length: 300 }, (_, index) => index + 1).join(" ")} }`;
	const found = ask({ ...VEB, ...pf("pass", `block in proto tcp from any port ${many} to any port ${many}`) }, "outside host tcp 22");
	expect(found).toMatchObject({ answer: "depends", ways: [], conditions: [], cutOff: true });
});

describe("the place that an answer is told by", () => {
	type Way = Trace["ways"][number];
	const step = (name: string, by: Way["steps"][number]["by"] = "rules") => ({ interface: name, by }) as Way["steps"][number];
	const way = (result: Way["result"], names: readonly string[], answer: readonly string[] = []) =>
		({
			result,
			steps: names.map((name) => (name.startsWith("(") ? step(name, "untested") : step(name))),
			answer: answer.map((name) => step(name)),
		}) as unknown as Way;
	it.each<[what: string, ways: readonly Way[], place: string | undefined]>([
		["where the way that passes is let through last", [way("blocked", ["a", "b", "c"]), way("passes", ["d", "e", "(f)"])], "e"],
		["where the answer is stopped last", [way("blocked", ["a"]), way("no answer", ["b"], ["c", "d"])], "d"],
		["where the way that comes furthest is stopped", [way("blocked", ["a"]), way("blocked", ["b", "c"]), way("blocked", ["d"])], "c"],
		["of two that come as far the first", [way("blocked", ["a"]), way("blocked", ["b"])], "a"],
		["none, where pf filters no place", [way("not forwarded", ["(a)"])], undefined],
		["none without ways", [], undefined],
	])("%s", (_, ways, place) => expect(decidingStep({ ways })?.interface).toBe(place));
});

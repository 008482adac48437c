import { describe, expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import type { NumberOperator } from "../pf/rules.ts";
import { MACHINE } from "../pf/ruleset/testing.ts";
import { callsOpenAnchors } from "./anchors.ts";
import { numberMatches } from "./criteria.ts";
import { createEvaluator } from "./evaluate.ts";
import type { KnownInterface } from "./network.ts";
import { icmpRole, parsePacket } from "./packet.ts";

describe("comparisons of ports and owners", () => {
	test.each<readonly [op: NumberOperator, taken: readonly number[]]>([
		["=", [4]],
		["!=", [2, 3, 5, 6, 7, 8]],
		["<", [2, 3]],
		["<=", [2, 3, 4]],
		[">", [5, 6, 7, 8]],
		[">=", [4, 5, 6, 7, 8]],
		[":", [4, 5, 6, 7]],
		["><", [5, 6]],
		["<>", [2, 3, 8]],
	])("of 2 to 8, %s with 4 and 7 takes %j", (op, taken) => {
		expect([2, 3, 4, 5, 6, 7, 8].filter((value) => numberMatches({ op, low: 4, high: 7 }, value))).toEqual(taken);
	});
});

const packetOf = (line: string) => {
	const packet = parsePacket(line);
	if (packet === undefined) throw new Error(`not a packet: ${line}`);
	return packet;
};

const LIMITERS = "state limiter dns id 1 limit 9\nsource limiter home id 1 entries 9 limit 9\n";
const IN_TCP = "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -";

/** The outcomes of a packet, the usual one first, each with what it supposes. */
function outcomes(text: string, line: string, interfaces: readonly KnownInterface[] | undefined = MACHINE.interfaces): readonly string[] {
	const { ruleset } = PfFile.parse(`${text}\n`, { path: "/etc/pf.conf", ...(interfaces !== undefined && { host: MACHINE }) });
	return createEvaluator(ruleset, interfaces)
		.evaluate(packetOf(line))
		.map(({ verdict, conditions }) =>
			[verdict, ...conditions.map(({ criterion, holds }) => `${holds ? "" : "not "}${criterion}`)].join(" "),
		);
}

describe("what is supposed of what is not known", () => {
	const IN = "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -";
	const OUT = "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1";
	test.each<readonly [text: string, packet: string, ...outcomes: readonly string[]]>([
		["block\npass on rdomain 0", IN, "pass rdomain", "block not rdomain"],
		["block\npass on rdomain 1", IN, "block not rdomain", "pass rdomain"],
		["block\npass on ! rdomain 1", IN, "pass rdomain", "block not rdomain"],
		["block\npass on ! rdomain 0", IN, "block not rdomain", "pass rdomain"],
		["block\npass proto tcp from any os OpenBSD", IN, "block not os", "pass os"],
		[
			"block\npass proto tcp from any os OpenBSD\nblock proto tcp from any os Linux",
			IN,
			"block not os not os",
			"block not os os",
			"pass os not os",
			"block os os",
		],
		[
			"block\npass from no-route\nblock to no-route",
			IN,
			"block not source not destination",
			"block not source destination",
			"pass source not destination",
			"block source destination",
		],
		["block\npass prio 3", IN, "pass prio", "block not prio"],
		["block\npass prio 0", IN, "block not prio", "pass prio"],
		["block\npass prio 3\nblock prio 5", IN, "pass prio not prio", "block prio prio", "block not prio not prio", "block not prio prio"],
		["block\npass proto udp user > 9", "in em0 udp 198.51.100.7 4000 192.0.2.2 80 - - -", "block not user", "pass user"],
		["block\npass max-pkt-rate 1/1", IN, "pass rate", "block not rate"],
		[`${LIMITERS}block\npass state limiter dns`, IN, "pass limiter", "block not limiter"],
		[`${LIMITERS}block\npass state limiter dns (no-match)`, IN, "pass limiter", "block not limiter"],
		// A limit that is reached blocks at once, and where it is to match nothing the rules behind it decide.
		[`${LIMITERS}pass\npass in state limiter dns\npass`, IN, "pass limiter", "block not limiter"],
		[`${LIMITERS}pass\npass in source limiter home (no-match)\npass`, IN, "pass limiter", "pass not limiter"],
		[`${LIMITERS}pass state limiter dns (no-match)\npass state limiter dns`, IN, "pass limiter", "block not limiter"],
		[`${LIMITERS}pass state limiter dns source limiter home`, IN, "pass limiter limiter", "block limiter not limiter", "block not limiter"],
		[`${LIMITERS}block\npass proto udp state limiter dns`, IN, "block"],
		// It blocks only what meets all else.
		[
			`${LIMITERS}pass state limiter dns (no-match)\npass tos 8 state limiter dns`,
			IN,
			"pass limiter not tos",
			"pass limiter tos",
			"pass not limiter not tos",
			"block not limiter tos",
		],
		["block\npass probability 1%", IN, "block not probability", "pass probability"],
		[
			"block\npass probability 1%\nblock probability 1%",
			IN,
			"block not probability not probability",
			"block not probability probability",
			"pass probability not probability",
			"block probability probability",
		],
		["pass\nblock on rdomain 1\nblock on ! rdomain 1", IN, "block not rdomain", "block rdomain"],
		[
			"pass\nblock on rdomain 1\nblock on rdomain 2",
			IN,
			"pass not rdomain not rdomain",
			"block not rdomain rdomain",
			"block rdomain not rdomain",
			"block rdomain rdomain",
		],
		[
			"pass\nblock from no-route\nblock from urpf-failed",
			IN,
			"pass not source not source",
			"block not source source",
			"block source not source",
			"block source source",
		],
		["pass\nblock from no-route\nblock from ! no-route", IN, "block not source", "block source"],
		// Another address by then, which may be routed otherwise.
		[
			"match out inet from no-route nat-to 192.0.2.2 static-port\npass from ! no-route",
			OUT,
			"pass not source",
			"pass source source",
			"pass source not source",
		],
		["block\npass tos 8 prio 3", IN, "block not tos", "pass tos prio", "block tos not prio"],
		[
			"state limiter one id 1 limit 9\nsource limiter one id 1 entries 9 limit 9\npass state limiter one source limiter one",
			IN,
			"pass limiter limiter",
			"block limiter not limiter",
			"block not limiter",
		],
		["block\npass from ! 0.0.0.0/0", IN, "block"],
		["block\npass proto tcp user > 9", IN, "block not user", "pass user"],
		["block\npass out proto tcp user 9", OUT.replace("em1", "-"), "block not user", "pass user"],
		[
			"block\npass proto tcp user 9\nblock proto tcp user 8",
			IN,
			"block not user not user",
			"block not user user",
			"pass user not user",
			"block user user",
		],
		["block\npass proto tcp group = 9", IN, "block not group", "pass group"],
		["block\npass tos 8\npass tos 8", IN, "block not tos", "pass tos"],
		["block\npass tos 8\nblock tos 16", IN, "block not tos not tos", "block not tos tos", "pass tos not tos", "block tos tos"],
		["block\npass from no-route", IN, "block not source", "pass source"],
		["block\npass from ! no-route", IN, "pass source", "block not source"],
		["block\npass from route a\npass from route a", IN, "block not source", "pass source"],
		["block\npass proto udp to port 0", "in em0 udp 198.51.100.7 4000 192.0.2.2 0 - - -", "pass"],
		["block\npass from 198.51.100.7 - 198.51.100.9", IN, "pass"],
		["block\npass from 198.51.100.1 - 198.51.100.7", IN, "pass"],
		["block\npass from 198.51.100.8 - 198.51.100.9", IN, "block"],
		["block\npass from 198.51.100.1 - 198.51.100.6", IN, "block"],
		["pass in inet af-to inet6 from 2001:db8::9 to (em1)", IN, "block"],
		["pass in inet af-to inet6 from (em1)", IN, "block"],
		["match out inet nat-to 192.0.2.8/30 random\npass", OUT, "pass translation"],
		["match out inet nat-to 192.0.2.8/30\npass", OUT, "pass"],
		["match out inet nat-to 192.0.2.9 random\npass", OUT, "pass"],
		["match out inet nat-to (em0)\npass", OUT, "pass translation"],
		["match out inet nat-to (em0:0)\npass", OUT, "pass"],
		["match out inet nat-to (em0:network)\npass", OUT, "pass translation"],
		["table <t> { 192.0.2.9 }\nmatch out inet nat-to <t>\npass", OUT, "pass translation"],
		["table <t> { 2001:db8::9 }\nmatch out inet nat-to <t>\npass", OUT, "block"],
		["pass in inet rdr-to { 10.0.0.8 10.0.0.9 }", IN, "pass translation"],
		["pass in inet af-to inet6 from 2001:db8::/96 random", IN, "pass translation"],
		["pass in inet af-to inet6 from 2001:db8::/96 to 2001:db8:1::/96 random", IN, "pass translation"],
		["pass in inet af-to inet6 from 2001:db8::1", IN, "pass"],
		["match out inet nat-to 192.0.2.2\nblock\npass proto tcp from any port 4000", OUT, "block not source port", "pass source port"],
		[
			"match out inet nat-to 192.0.2.2\nblock\npass proto tcp from any port 4000\nblock proto tcp from any port 5000",
			OUT,
			"block not source port not source port",
			"block not source port source port",
			"pass source port not source port",
			"block source port source port",
		],
		["match out inet nat-to 192.0.2.2 static-port\nblock\npass proto tcp from any port 4000", OUT, "pass"],
		["match out inet nat-to 192.0.2.2 port 4000\nblock\npass proto tcp from any port 4000", OUT, "pass"],
	])("%j: %s", (text, packet, ...expected) => expect(outcomes(text, packet)).toEqual(expected));

	test.each<readonly [text: string, packet: string, ...outcomes: readonly string[]]>([
		["block\npass on egress", IN, "block not interface", "pass interface"],
		["block\npass on ! egress", IN, "pass interface", "block not interface"],
		["block\npass on em0", IN, "pass"],
		[
			"block\npass on egress\nblock on lan",
			IN,
			"block not interface not interface",
			"block not interface interface",
			"pass interface not interface",
			"block interface interface",
		],
		[
			"block\npass out received-on lan\nblock out received-on tap",
			OUT,
			"block not received-on not received-on",
			"block not received-on received-on",
			"pass received-on not received-on",
			"block received-on received-on",
		],
		["block\npass out received-on lan", OUT, "block not received-on", "pass received-on"],
		["block\npass out ! received-on lan", OUT, "pass received-on", "block not received-on"],
		["block\npass out received-on em1", OUT, "pass"],
		["block\npass to em0", IN, "block not destination", "pass destination"],
		["block\npass to (em0)", IN, "block not destination", "pass destination"],
		["block\npass to ! (em0)", IN, "pass destination", "block not destination"],
		// What one rule asks for and another one asks not to be is one thing.
		["pass\nblock on lan\nblock on ! lan", IN, "block not interface", "block interface"],
		[
			"pass\nblock on lan\nblock on ! dmz",
			IN,
			"block not interface interface",
			"pass not interface not interface",
			"block interface interface",
			"block interface not interface",
		],
		["pass\nblock out received-on lan\nblock out ! received-on lan", OUT, "block not received-on", "block received-on"],
		["pass\nblock to (em0)\nblock to ! (em0)", IN, "block not destination", "block destination"],
		["block\npass to www.example.org", IN, "block not destination", "pass destination"],
		["pass in inet rdr-to www.example.org", IN, "pass translation"],
		["pass in inet rdr-to em1", IN, "pass translation"],
		["match out inet nat-to (egress)\npass", OUT, "pass translation"],
	])("on a machine that is not known, %j: %s", (text, packet, ...expected) => {
		const { ruleset } = PfFile.parse(`${text}\n`, { path: "/etc/pf.conf" });
		const found = createEvaluator(ruleset, undefined)
			.evaluate(packetOf(packet))
			.map(({ verdict, conditions }) =>
				[verdict, ...conditions.map(({ criterion, holds }) => `${holds ? "" : "not "}${criterion}`)].join(" "),
			);
		expect(found).toEqual(expected);
	});
});

describe("why a rule does not match", () => {
	const TCP = "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -";
	const PING = "in em0 icmp 198.51.100.7 8 192.0.2.2 1 - - -";
	const PONG = "in em0 icmp 198.51.100.7 0 192.0.2.2 0 - - -";
	test.each<readonly [rule: string, packet: string, why: string]>([
		[
			"pass out on em1 inet proto tcp from 10.0.0.0/8 port 1 to 10.0.0.0/8 port 2 flags A/A tagged T",
			TCP,
			"interface, direction, source, destination, flags, source port, destination port, tag",
		],
		["pass inet6 proto udp", TCP, "family, protocol"],
		["pass from 2001:db8::/32", TCP, "family, source"],
		["pass inet proto icmp icmp-type unreach code 2 no state", PING, "icmp type, icmp code"],
		["pass inet proto icmp", PONG, "state"],
		["pass fragment", TCP, "fragment"],
		["pass received-on em1", TCP, "received-on"],
		["pass proto tcp from any os OpenBSD", TCP, "os"],
		["pass tos 8 prio 5 probability 1%", TCP, "tos, probability, prio"],
		["pass on ! rdomain 0", TCP, "rdomain"],
		["pass on rdomain 0", TCP, ""],
		// What its protocol does not have says nothing of a packet.
		["pass proto tcp from any port 1 os OpenBSD to any port 2 user root group wheel flags A/A", PING, "protocol"],
		["pass inet proto icmp icmp-type unreach code 2", TCP, "protocol"],
		["pass proto udp from any port 4000 to any port 81", TCP, "protocol, destination port"],
	])("%s, of %s: %s", (rule, packet, why) => {
		const { ruleset } = PfFile.parse(`${rule}\n`, { path: "/etc/pf.conf", host: MACHINE });
		const told = createEvaluator(ruleset, MACHINE.interfaces).explain(packetOf(packet));
		expect(told.map(({ failed }) => failed.join(", "))).toEqual([why]);
	});
});

test("names that pfctl would look up are looked up where the evaluation knows the interfaces", () => {
	const { ruleset } = PfFile.parse("block\npass to em0\nblock to em1\n", { path: "/etc/pf.conf" });
	const [found, ...others] = createEvaluator(ruleset, MACHINE.interfaces).evaluate(packetOf(IN_TCP));
	expect([found?.verdict, found?.conditions, others]).toEqual(["pass", [], []]);
});

test.each<readonly [text: string, reason: string]>([
	["", "default"],
	["match tag A", "default"],
	["block", "rule"],
	["set skip on em0\nblock", "skip"],
	["set skip on lo\nblock", "rule"],
	["state limiter one id 1 limit 9\npass state limiter one", "rule, limit"],
	["match in inet rdr-to <nosuch>\npass", "translation"],
	["pass in inet rdr-to <nosuch>", "translation"],
])("the reason of %j is %s", (text, reason) => {
	const { ruleset } = PfFile.parse(`${text}\n`, { path: "/etc/pf.conf", host: MACHINE });
	const reasons = createEvaluator(ruleset, MACHINE.interfaces).evaluate(packetOf(IN_TCP));
	expect(reasons.map((outcome) => outcome.reason).join(", ")).toBe(reason);
});

test.each([
	"in em0 tcp 1.2.3.4 x 5.6.7.8 80",
	"in em0 tcp 1.2.3.4 80 5.6.7.8 x",
	"in em0 tcp nowhere 80 5.6.7.8 1",
	"in em0 tcp 5.6.7.8 1 nowhere 80",
])("%j is no packet", (line) => expect(parsePacket(line)).toBeUndefined());

describe("icmp", () => {
	test.each([
		["block\npass inet proto icmp icmp-type echoreq", "in em0 icmp 198.51.100.7 8 192.0.2.2 0 - - -", "pass"],
		["block\npass inet proto icmp icmp-type echoreq", "in em0 icmp 198.51.100.7 13 192.0.2.2 0 - - -", "block"],
		["block\npass inet proto icmp icmp-type 0 no state", "in em0 icmp 198.51.100.7 0 192.0.2.2 0 - - -", "pass"],
		["block\npass inet proto icmp icmp-type 0 no state", "in em0 icmp 198.51.100.7 8 192.0.2.2 0 - - -", "block"],
		["block\npass inet proto icmp icmp-type unreach code 0", "in em0 icmp 198.51.100.7 3 192.0.2.2 0 - - -", "pass"],
		["block\npass inet proto icmp icmp-type unreach code 0", "in em0 icmp 198.51.100.7 3 192.0.2.2 1 - - -", "block"],
		["block\npass inet6 proto icmp6 icmp6-type echoreq", "in em0 icmp6 2001:db8::1 128 2001:db8::2 0 - - -", "pass"],
		["block\npass inet6 proto icmp6 icmp6-type echoreq", "in em0 icmp6 2001:db8::1 135 2001:db8::2 0 - - -", "block"],
		["block\npass inet6 proto icmp6 icmp6-type unreach code 3", "in em0 icmp6 2001:db8::1 1 2001:db8::2 4 - - -", "block"],
		["block\npass inet6 proto icmp6 icmp6-type neighbradv", "in em0 icmp6 2001:db8::1 136 2001:db8::2 0 - - -", "pass"],
	])("%j: %s %s", (text, packet, verdict) => expect(outcomes(text, packet)).toEqual([verdict]));

	test.each<readonly [family: "inet" | "inet6", type: number, role: string]>([
		["inet", 8, "echo"],
		["inet", 0, "answer"],
		["inet", 14, "answer"],
		["inet", 16, "answer"],
		["inet", 18, "answer"],
		["inet", 34, "answer"],
		["inet", 36, "answer"],
		["inet", 9, "answer"],
		["inet", 3, "error"],
		["inet", 4, "error"],
		["inet", 5, "error"],
		["inet", 11, "error"],
		["inet", 12, "error"],
		["inet", 13, ""],
		["inet", 128, ""],
		["inet6", 128, "echo"],
		["inet6", 129, "answer"],
		["inet6", 140, "answer"],
		["inet6", 200, "answer"],
		["inet6", 1, "error"],
		["inet6", 2, "error"],
		["inet6", 3, "error"],
		["inet6", 4, "error"],
		["inet6", 136, "error"],
		["inet6", 135, ""],
		["inet6", 8, ""],
	])("of %s, type %i is %j", (family, icmpType, expected) => {
		const role = icmpRole({ protocol: family === "inet" ? 1 : 58, family, icmpType });
		expect([role?.answer && "answer", role?.ofAnotherState && "error", role?.echo && "echo"].filter(Boolean).join(" ")).toBe(expected);
	});

	test("other protocols have none", () => expect(icmpRole({ protocol: 6, family: "inet", icmpType: 8 })).toBeUndefined());
});

test.each([
	["in em0 tcp 1.2.3.4 1 5.6.7.8 2", { tcpFlags: 0, tag: "", receivedOn: "em0" }],
	["  out  em0 tcp 1.2.3.4 1 5.6.7.8 2  ", { direction: "out", tcpFlags: 0, tag: "", receivedOn: "" }],
	["in em0 tcp 1.2.3.4 1 5.6.7.8 2 SXA T em1", { tcpFlags: 0x12, tag: "T", receivedOn: "em1" }],
	["in em0 tcp 1.2.3.4 1 5.6.7.8 2 FSRPAUEW - -", { tcpFlags: 0xff, receivedOn: "em0" }],
])("the packet %j", (line, expected) => expect(parsePacket(line)).toMatchObject(expected));

test.each([
	["anchor a {\n\tpass\n}", false],
	["anchor a", true],
	["anchor a {\n\tanchor b\n}", true],
	["pass", false],
	['anchor "a/*"', true],
])("%j calls anchors that programs fill: %s", (text, open) => {
	expect(callsOpenAnchors(PfFile.parse(`${text}\n`, { path: "/etc/pf.conf" }).ruleset)).toBe(open);
});

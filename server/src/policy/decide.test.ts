import { expect, it } from "vitest";
import type { Rule } from "../pf/rules.ts";
import type { Span } from "../text/span.ts";
import { findDeadRules } from "./dead.ts";
import { decide, type Finding } from "./decide.ts";
import { block, call, end, INTERFACES, matching, pass, pool, ruleset, type Surroundings } from "./fixture.ts";
import { interfacesOf, lastingTablesOf } from "./network.ts";
import { programOf } from "./program.ts";
import { CLASSES, Space } from "./space.ts";
import { chooseAddress } from "./translate.ts";
import { viewOf } from "./view.ts";

const TCP = { protocol: 6 };
const LAN = { ...TCP, source: end("10.0.0.0/8") };
const LAN_WEB = { ...LAN, destination: end("any", "80") };
const WEB = { ...TCP, destination: end("10.0.0.20", "80") };

it.each<[why: string, rules: readonly Rule[], kinds: readonly Finding["kind"][], around?: Surroundings]>([
	["a rule for one packet takes nothing away for good", [block({ quick: true, once: true }), pass()], ["live", "live"]],
	["nor does it override", [pass(), block({ once: true })], ["live", "live"]],
	["a quick match before ends the evaluation", [matching({ quick: true }), pass()], ["live", "shadowed"]],
	["a quick match behind leaves what was decided", [pass(), matching({ quick: true }), block()], ["live", "live", "shadowed"]],
	[
		"a quick match behind may leave it",
		[pass(), matching({ quick: true, probability: 1 }), block()],
		["undecided", "undecided", "undecided"],
	],
	["a quick match of some leaves some", [pass(), matching({ ...TCP, quick: true }), block()], ["live", "live", "live"]],
	[
		"in a quick call a rule ends the evaluation behind the anchor",
		[call("a", { quick: true }), pass(WEB)],
		["live", "shadowed"],
		{ anchors: { a: [block(TCP)] } },
	],
	[
		"where the anchor calls another, that depends on the other",
		[call("a", { quick: true }), pass(WEB)],
		["live", "live", "undecided"],
		{ anchors: { a: [block(TCP), call("b")], b: [block({ protocol: 17 })] } },
	],
	[
		"but not for packets that it does not match",
		[call("a", { quick: true }), pass({ protocol: 17 })],
		["live", "live", "live"],
		{ anchors: { a: [block(TCP), call("b")], b: [block({ protocol: 1, family: "inet" })] } },
	],
	[
		"nor for what is left of them in another dimension",
		[call("a", { quick: true }), pass(TCP)],
		["live", "live", "live"],
		{ anchors: { a: [block({ ...WEB, source: end("10.0.0.0/8") }), call("b")], b: [block({ protocol: 17 })] } },
	],
	[
		"a translation without an address drops what decided before",
		[pass({ family: "inet" }), matching({ family: "inet", nat: pool("(tap3)") }), block({ family: "inet" })],
		["live", "live", "shadowed"],
	],
	[
		"a rule in an anchor of another direction is never asked",
		[call("a", { direction: "in" }), block()],
		["impossible", "live"],
		{ anchors: { a: [pass({ direction: "out" })] } },
	],
	[
		"a rule that quick ones take from in both places of its anchor is overridden in none",
		[
			block({ quick: true, direction: "in" }),
			call("a", { direction: "in" }),
			block({ quick: true, direction: "out" }),
			call("a", { direction: "out" }),
		],
		["live", "shadowed", "live"],
		{ anchors: { a: [pass()] } },
	],
	[
		"one that is taken from in the last place decides in the first",
		[call("a", { direction: "in" }), block({ quick: true, direction: "out" }), call("a", { direction: "out" })],
		["live", "live"],
		{ anchors: { a: [pass()] } },
	],
	["nothing comes by where all interfaces are skipped", [pass()], ["impossible"], { skip: ["lo0", "em0", "em1", "tap3"] }],
	["what a rule leaves in one dimension may be left", [pass(TCP), block(LAN_WEB), block(LAN)], ["live", "overridden", "live"]],
	["or in another", [pass(TCP), block(LAN_WEB), block({ ...TCP, source: end("! 10.0.0.0/8") })], ["live", "live", "live"]],
	[
		"so may what an anchor may leave in one dimension",
		[call("a", { quick: true }), pass(TCP), block(LAN)],
		["live", "live", "live", "live"],
		{ anchors: { a: [block(LAN_WEB), call("b")], b: [block({ protocol: 17 })] } },
	],
	[
		"or in another one",
		[call("a", { quick: true }), pass(TCP), block({ ...TCP, source: end("! 10.0.0.0/8") })],
		["live", "live", "live", "live"],
		{ anchors: { a: [block(LAN_WEB), call("b")], b: [block({ protocol: 17 })] } },
	],
	[
		"a tag is set in an anchor, or not",
		[call("a", { interface: "em0" }), pass({ tagged: "A" }), pass({ tagged: "A", taggedNegated: true })],
		["live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" })] } },
	],
	[
		"what an anchor that changes packets is not called for goes on behind it",
		[call("a", { interface: "em0" }), pass()],
		["live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true })] } },
	],
	[
		"no packet comes into an anchor that it is not called for",
		[call("a", { interface: "em0" })],
		["live", "impossible"],
		{ anchors: { a: [matching({ tag: "A" }), pass({ interface: "em1" })] } },
	],
	[
		"nor of another direction",
		[call("a", { direction: "out" })],
		["live", "impossible"],
		{ anchors: { a: [matching({ tag: "A" }), pass({ direction: "in" })] } },
	],
	[
		"an anchor that is called by chance takes nothing for certain",
		[call("a", { probability: 1 }), pass()],
		["undecided", "undecided", "undecided"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true })] } },
	],
	[
		"a tag that no packet comes with is set on the way",
		[block({ quick: true, tagged: "A" }), matching({ tag: "A" }), pass({ tagged: "A" })],
		["live", "live", "live"],
	],
	[
		"so is an address",
		[
			block({ quick: true, family: "inet", source: end("203.0.113.10") }),
			matching({ family: "inet", nat: pool("203.0.113.10") }),
			pass({ family: "inet", source: end("203.0.113.10") }),
		],
		["live", "live", "live"],
	],
	[
		"so may one be that an interface has, by a rule for both families",
		[
			block({ quick: true, family: "inet", source: end("203.0.113.10") }),
			matching({ nat: pool("(em0)") }),
			pass({ family: "inet", source: end("203.0.113.10") }),
		],
		["live", "live", "undecided"],
	],
	[
		"so is a port that packets come from",
		[
			block({ ...TCP, quick: true, source: end("any", "7777") }),
			matching({ ...TCP, family: "inet", nat: { ...pool("203.0.113.10"), ports: [7777, 7777] } }),
			pass({ ...TCP, source: end("any", "7777") }),
		],
		["live", "live", "live"],
	],
	[
		"so is one that they go to, of UDP as of TCP",
		[6, 17].flatMap((protocol) => [
			block({ protocol, quick: true, destination: end("any", "5353") }),
			matching({ protocol, family: "inet", rdr: { ...pool("10.0.0.20"), ports: [5353, 0] } }),
			pass({ protocol, destination: end("any", "5353") }),
		]),
		["live", "live", "live", "live", "live", "live"],
	],
	[
		"no packet has another one then",
		[matching({ family: "inet", nat: pool("203.0.113.10") }), pass({ family: "inet", source: end("10.0.0.0/8") })],
		["live", "impossible"],
	],
	[
		"a quick match of another address takes nothing then",
		[
			matching({ family: "inet", nat: pool("203.0.113.10") }),
			matching({ quick: true, family: "inet", source: end("10.0.0.0/8") }),
			pass({ family: "inet" }),
		],
		["live", "impossible", "live"],
	],
	[
		"a rule behind an anchor of another direction is asked",
		[call("a", { direction: "out" }), pass({ direction: "in" })],
		["live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true })] } },
	],
	[
		"nor in an anchor, from where packets of others do not come",
		[call("a", { interface: "em0" })],
		["live", "live", "shadowed"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true }), pass()] } },
	],
	[
		"an anchor behind, of another direction, takes nothing",
		[pass({ direction: "in" }), call("a", { direction: "out" })],
		["live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true })] } },
	],
	[
		"nor one of another interface",
		[pass({ interface: "em0" }), call("a", { interface: "em1" })],
		["live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true })] } },
	],
	[
		"nor one before",
		[call("a", { interface: "em1" }), pass({ interface: "em0" })],
		["live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true })] } },
	],
	[
		"one behind takes only what it is called for",
		[pass(), call("a", { interface: "em0" }), block({ interface: "tap3", tagged: "A" })],
		["live", "live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" }), block()] } },
	],
	[
		"what an anchor is not called for in one dimension or in another goes on",
		[call("a", LAN_WEB), block({ quick: true, ...TCP, source: end("! 10.0.0.0/8") }), pass({ ...TCP, tagged: "A", taggedNegated: true })],
		["live", "live", "live", "live"],
		{ anchors: { a: [matching({ tag: "A" }), block({ quick: true })] } },
	],
	[
		"in the anchor of a quick call the last rule decides as elsewhere",
		[call("a", { quick: true })],
		["overridden", "live"],
		{ anchors: { a: [block(TCP), pass({ ...TCP, flags: 0, flagSet: 0 })] } },
	],
	[
		"and where it calls another",
		[call("a", { quick: true })],
		["overridden", "live", "live"],
		{ anchors: { a: [block(TCP), call("b"), pass({ ...TCP, flags: 0, flagSet: 0 })], b: [block({ protocol: 17 })] } },
	],
	[
		"a rule for one packet that tags does so for one",
		[block({ quick: true, once: true, tag: "A" }), pass({ tagged: "A", taggedNegated: true })],
		["live", "live"],
	],
	[
		"a translation stays when a tag is set behind it",
		[
			matching({ family: "inet", nat: pool("203.0.113.10") }),
			matching({ tag: "A" }),
			pass({ family: "inet", source: end("10.0.0.0/8"), tagged: "A" }),
		],
		["live", "live", "impossible"],
	],
	[
		"of the addresses of a pool, any may be given",
		[matching({ family: "inet", nat: pool("203.0.113.0/24", { kind: "random" }) }), pass({ family: "inet", source: end("203.0.113.7") })],
		["live", "undecided"],
	],
	[
		"a port that is changed counts as it is then, however many rules there are",
		[
			matching({ ...TCP, family: "inet", destination: end("any", "80"), rdr: pool("10.0.0.20", { ports: [8080, 0] }) }),
			...Array.from({ length: 70 }, (_, index) => block({ ...TCP, quick: true, destination: end("any", String(1000 + index)) })),
			block({ ...TCP, quick: true, destination: end("any", "8080") }),
			pass({ ...TCP, destination: end("any", "8080") }),
		],
		[...Array<"live">(72).fill("live"), "shadowed"],
	],
	["a rule before may have set the tag", [pass({ tag: "A", ...TCP }), pass({ tagged: "A" })], ["overridden", "live"]],
])("%s", (_, rules, kinds, around) => {
	expect(findDeadRules(ruleset(rules, around), INTERFACES).map(({ finding }) => finding.kind)).toEqual(kinds);
});

/** What is found about the last rule. */
function last(rules: readonly Rule[], pieces = 0) {
	const whole = ruleset(rules);
	const program = programOf(whole);
	const interfaces = interfacesOf(INTERFACES);
	const tables = lastingTablesOf(whole, new Set());
	const space = new Space({ ruleset: whole, interfaces, tables, names: INTERFACES.map(({ name }) => name) }, program.lines);
	// TCP of IPv4, coming in.
	const views = CLASSES.slice(0, 1).map((one) =>
		viewOf(program, space, one, (rule, path, family) => chooseAddress(rule, family, { interfaces, tables, path })),
	);
	const meter = { pieces };
	return { ...decide([rules.length - 1], views, program, space, meter), work: meter.pieces - pieces };
}

it("the packet that is found is one of the rule and of the call", () => {
	const rules = [call("a", { interface: "em1" }), pass({ ...WEB, tagged: "A", direction: "in" })];
	const [, found] = findDeadRules(ruleset(rules, { anchors: { a: [matching({ tag: "A" })] } }), INTERFACES);
	const witness = found?.finding.kind === "live" ? found.finding.witness : undefined;
	expect(witness).toMatchObject({ interface: "em1", direction: "in", protocol: 6, destinationPort: 80 });
});

it("what decides by chance is not told to decide instead", () => {
	const rules = [block({ quick: true, probability: 1 }), block({ quick: true }), pass()];
	expect(findDeadRules(ruleset(rules), INTERFACES)[2]?.finding).toEqual({ kind: "shadowed", by: [rules[1]] });
});

it("rules that decide instead are told in their order, whichever packets they take", () => {
	const rules = [block({ quick: true, protocol: 17 }), block({ quick: true, ...TCP }), block({ quick: true }), pass()];
	expect(findDeadRules(ruleset(rules), INTERFACES)[3]?.finding).toEqual({ kind: "shadowed", by: rules.slice(0, 3) });
});

it("what is in too many pieces is undecided", () => {
	const ports = (from: number) => `${from}:${from + 30_000}`;
	const blocks = (count: number) =>
		Array.from({ length: count }, (_, i) =>
			block({
				...TCP,
				quick: true,
				family: "inet",
				source: end(`10.0.0.${(i * 37) % 100} - 10.0.0.${100 + ((i * 53) % 100)}`, ports((i * 7_919) % 35_000)),
				destination: end(`10.0.0.${(i * 41) % 100} - 10.0.0.${100 + ((i * 59) % 100)}`, ports((i * 15_373) % 35_000)),
			}),
		);
	expect(last([...blocks(18), block({ ...TCP, quick: true }), pass(TCP)]).kind).toBe("shadowed");
	const many = [...blocks(100), block({ quick: true })];
	expect(last([...many, pass(TCP)]).kind).toBe("undecided");
	// The other rules of such a statement are left undecided too: it is told where all of them are dead.
	const kinds = (words: Span) =>
		findDeadRules(ruleset([...many, pass(TCP), pass({ protocol: 17, words })]), INTERFACES)
			.slice(-2)
			.map(({ finding }) => finding.kind);
	expect(kinds(pass().words)).toEqual(["undecided", "undecided"]);
	expect(kinds({ start: 1, end: 2 })).toEqual(["undecided", "shadowed"]);
});

it("what takes too much work is undecided", () => {
	expect(last([block(), pass(WEB)], 10_000).kind).toBe("live");
	expect(last([block(), pass(WEB)], 10_001).kind).toBe("undecided");
});

it("what is nested too deep is undecided", () => {
	const tags = (count: number) => [...Array.from({ length: count }, () => matching({ tag: "A", ...TCP })), pass({ ...TCP, tagged: "A" })];
	expect(last(tags(1_999)).kind).toBe("live");
	expect(last(tags(2_100)).kind).toBe("undecided");
});

it("the work is that of the pieces, and of the lines that were looked at", () => {
	const others = (count: number) => Array.from({ length: count }, (_, index) => block({ quick: true, source: end(`10.0.0.${index}`) }));
	const few = last([...others(10), pass(WEB)]).work;
	const many = last([...others(200), pass(WEB)]).work;
	expect(many).toBeGreaterThan(few * 10);
	expect(many).toBeLessThan(few * 30);
	// Sixteen lines are as much as one piece.
	expect(many).toBeGreaterThan(200);
	expect(many).toBeLessThan(230);
});

import { expect, test } from "vitest";
import { BLANK_RULE, type Rule } from "../pf/rules.ts";
import { findDeadRules, type RuleFinding } from "./dead.ts";
import { block, call, end, INTERFACES, matching, pass, pool, ruleset, type Surroundings } from "./fixture.ts";
import { lintPolicy, policyDiagnostics } from "./lint.ts";

/** The codes with the statements that are reported, and the statements that are responsible; each statement is ten long. */
function codes(rules: readonly Rule[], around?: Surroundings): string[] {
	const place = ({ statement }: Rule) => ({ file: "/etc/pf.conf", span: { start: statement * 10, end: statement * 10 + 9 } });
	const found = lintPolicy(findDeadRules(ruleset(rules, around), INTERFACES), { place }).get("/etc/pf.conf") ?? [];
	return found.map(
		({ code, span, related = [] }) =>
			`${code.replace("policy/rule-", "")} ${span.start / 10} by ${related.map((one) => one.span.start / 10).join(" ")}`,
	);
}

const web = { protocol: 6, destination: end("10.0.0.20", "80") };

test.each<readonly [string, readonly Rule[], readonly string[]]>([
	["overridden", [pass({ ...web, statement: 0 }), block({ statement: 1 })], ["overridden 0 by 1"]],
	["shadowed", [block({ quick: true, protocol: 6, statement: 0 }), pass({ ...web, statement: 1 })], ["shadowed 1 by 0"]],
	["redundant", [pass({ ...web, statement: 0 }), pass({ statement: 1 })], ["redundant 0 by 1"]],
	[
		"a match rule is never redundant, only unreachable",
		[pass({ quick: true, flags: 0, flagSet: 0, state: "none", statement: 0 }), matching({ tag: "A", statement: 1 })],
		["shadowed 1 by 0"],
	],
	[
		"what decides in the end is told, not a rule that is dead itself",
		[pass({ ...web, statement: 0 }), pass({ ...web, statement: 1 }), block({ statement: 2 })],
		["overridden 0 by 2", "overridden 1 by 2"],
	],
	["a rule that tags has an effect though it never decides", [pass({ ...web, tag: "A", statement: 0 }), block({ statement: 1 })], []],
	[
		"a more general rule above would decide the same",
		[block({ statement: 0 }), block({ direction: "in", protocol: 6, statement: 1 }), pass({ ...web, statement: 2 })],
		["generalised 1 by 0"],
	],
	[
		"not where a rule between decides otherwise",
		[block({ statement: 0 }), pass({ protocol: 6, statement: 1 }), block({ protocol: 6, destination: end("any", "22"), statement: 2 })],
		[],
	],
	[
		"not where it does more than decide",
		[block({ statement: 0 }), block({ protocol: 6, log: { all: false, matches: false, user: false, interface: 0 }, statement: 1 })],
		[],
	],
	[
		"a quick rule by a later one",
		[block({ quick: true, protocol: 6, statement: 0 }), pass({ protocol: 17, statement: 1 }), block({ quick: true, statement: 2 })],
		["generalised 0 by 2", "overridden 1 by 2"],
	],
	[
		"a match rule behind a quick one is shadowed, whatever the quick one does",
		[matching({ quick: true, protocol: 6, statement: 0 }), matching({ protocol: 6, tag: "A", statement: 1 })],
		["shadowed 1 by 0"],
	],
	["alive", [block({ statement: 0 }), pass({ ...web, statement: 1 })], []],
	["a pass that a quick pass makes needless", [pass({ quick: true, statement: 0 }), pass({ ...web, statement: 1 })], ["redundant 1 by 0"]],
	[
		"a block that blocks of its halves make needless",
		[
			block({ family: "inet", source: end("10.0.0.0/8"), quick: true, statement: 0 }),
			block({ family: "inet", source: end("! 10.0.0.0/8"), quick: true, statement: 1 }),
			block({ family: "inet", protocol: 6, statement: 2 }),
		],
		["redundant 2 by 0 1"],
	],
	[
		"a list of which quick rules take one and later ones the other",
		[
			block({ protocol: 6, quick: true, statement: 0 }),
			pass({ ...web, statement: 1 }),
			pass({ protocol: 17, statement: 1 }),
			block({ statement: 2 }),
		],
		["overridden 1 by 0 2"],
	],
	[
		"a list of which one element is alive",
		[block({ statement: 0 }), pass({ ...web, statement: 1 }), pass({ ...web, statement: 2 }), pass({ protocol: 17, statement: 1 })],
		[],
	],
	[
		"a list of which none is",
		[pass({ ...web, statement: 0 }), pass({ protocol: 17, statement: 0 }), block({ statement: 1 })],
		["overridden 0 by 1"],
	],
	[
		"a translation is no rule that changes nothing",
		[block({ statement: 0 }), pass({ ...web, nat: pool("(em0)"), statement: 1 }), pass({ statement: 2 })],
		["overridden 0 by 2", "overridden 1 by 2"],
	],
	[
		"nor is a limit that quick rules keep from counting",
		[pass({ quick: true, statement: 0 }), pass({ ...web, stateOptions: { ...BLANK_RULE.stateOptions, max: 9 }, statement: 1 })],
		["shadowed 1 by 0"],
	],
	[
		"nor a queue",
		[
			pass({ ...web, set: { prio: undefined, queue: ["web", undefined], tos: undefined, delay: undefined }, statement: 0 }),
			pass({ statement: 1 }),
		],
		["overridden 0 by 1"],
	],
	[
		"the same translation below is kept",
		[pass({ ...web, nat: pool("(em0)"), statement: 0 }), pass({ nat: pool("(em0)"), statement: 1 })],
		["redundant 0 by 1"],
	],
	[
		"a block that another one takes over is overridden where a pass takes its packets in the end",
		[block({ source: end("10.0.0.0/8"), statement: 0 }), block({ statement: 1 }), pass({ statement: 2 })],
		["overridden 0 by 1 2"],
	],
	["a block of all before a pass of all, as pf.conf is installed", [block({ statement: 0 }), pass({ statement: 1 })], []],
	[
		"a pass of all that makes the exceptions of a block needless",
		[block({ statement: 0 }), pass({ ...web, statement: 1 }), pass({ direction: "out", statement: 2 }), pass({ statement: 3 })],
		["overridden 0 by 3"],
	],
	[
		"a block of one service that a pass of all opens again",
		[block({ statement: 0 }), block({ protocol: 6, destination: end("any", "25"), statement: 1 }), pass({ statement: 2 })],
		["overridden 1 by 2"],
	],
	[
		"a list of services, of which UDP has no packets outside of connections",
		[
			block({ statement: 0 }),
			block({ protocol: 6, destination: end("any", "53"), statement: 1 }),
			block({ protocol: 17, destination: end("any", "53"), statement: 1 }),
			pass({ statement: 2 }),
		],
		["overridden 1 by 2"],
	],
	[
		"not where one of the services stays blocked",
		[
			block({ statement: 0 }),
			block({ protocol: 6, destination: end("any", "53"), statement: 1 }),
			block({ protocol: 17, destination: end("any", "53"), statement: 1 }),
			pass({ protocol: 17, statement: 2 }),
		],
		[],
	],
	[
		"a block of sources that a pass of all sources undoes, beside a block of everything",
		[block({ statement: 0 }), block({ source: end("10.0.0.0/8"), statement: 1 }), pass({ ...web, statement: 2 })],
		["overridden 1 by 2"],
	],
	[
		"of destinations",
		[
			block({ statement: 0 }),
			block({ direction: "out", destination: end("10.0.0.0/8"), statement: 1 }),
			pass({ protocol: 6, destination: end("any", "80"), statement: 2 }),
		],
		["overridden 1 by 2"],
	],
	[
		"not by a pass of some sources, which is an exception",
		[block({ statement: 0 }), block({ source: end("10.0.0.0/8"), statement: 1 }), pass({ source: end("10.0.0.1"), statement: 2 })],
		["generalised 1 by 0"],
	],
	[
		"nor where the block stops what was passed above it",
		[
			block({ statement: 0 }),
			pass({ protocol: 17, statement: 1 }),
			block({ source: end("10.0.0.0/8"), statement: 2 }),
			pass({ ...web, statement: 3 }),
		],
		[],
	],
	[
		"nor where only some of it is blocked above",
		[
			block({ direction: "in", statement: 0 }),
			block({ source: end("10.0.0.0/8"), statement: 1 }),
			pass({ ...web, direction: "in", statement: 2 }),
		],
		[],
	],
	[
		"nor one that is quick",
		[block({ statement: 0 }), block({ source: end("10.0.0.0/8"), quick: true, statement: 1 }), pass({ ...web, statement: 2 })],
		[],
	],
	[
		"nor one that no pass meets",
		[block({ statement: 0 }), block({ family: "inet", source: end("10.0.0.0/8"), statement: 1 }), pass({ family: "inet6", statement: 2 })],
		["generalised 1 by 0"],
	],
	[
		"a pass before a ban of a family has its packets passed below: it is needless, not overridden",
		[
			pass({ interface: "em0", statement: 0 }),
			block({ family: "inet6", quick: true, statement: 1 }),
			pass({ family: "inet", statement: 2 }),
		],
		["redundant 0 by 1 2"],
	],
	[
		"not before one that is not quick",
		[pass({ interface: "em0", statement: 0 }), block({ family: "inet6", statement: 1 }), pass({ family: "inet", statement: 2 })],
		["overridden 0 by 1 2"],
	],
	[
		"a block between an exception for one host and another block is needless too",
		[
			pass({ source: end("10.0.0.1"), family: "inet", quick: true, flags: 0, flagSet: 0, state: "none", statement: 0 }),
			block({ protocol: 6, family: "inet", source: end("any"), destination: end("any", "25"), statement: 1 }),
			block({ statement: 2 }),
		],
		["redundant 1 by 0 2"],
	],
	[
		"not where what is passed before is no exception",
		[
			pass({ protocol: 6, destination: end("any", "20:25"), quick: true, flags: 0, flagSet: 0, state: "none", statement: 0 }),
			block({ protocol: 6, destination: end("any", "25:30"), statement: 1 }),
			block({ statement: 2 }),
		],
		["overridden 1 by 0 2"],
	],
	[
		"a pass of the family that is banned is overridden",
		[
			pass({ interface: "em0", family: "inet6", statement: 0 }),
			block({ family: "inet6", quick: true, statement: 1 }),
			pass({ family: "inet", statement: 2 }),
		],
		["overridden 0 by 1"],
	],
	[
		"a list that tags, of which a quick rule takes one and a later rule the other",
		[
			block({ protocol: 6, quick: true, statement: 0 }),
			pass({ protocol: 6, tag: "A", statement: 1 }),
			pass({ protocol: 17, tag: "A", statement: 1 }),
			block({ statement: 2 }),
		],
		[],
	],
	[
		"a match behind the pass that makes a block's exceptions needless",
		[
			block({ statement: 0 }),
			pass({ ...web, statement: 1 }),
			pass({ quick: true, statement: 2 }),
			matching({ protocol: 17, tag: "A", statement: 3 }),
		],
		["overridden 0 by 2", "shadowed 3 by 2"],
	],
	[
		"a list of everything and of a part",
		[block({ statement: 0 }), block({ protocol: 17, statement: 0 }), pass({ ...web, statement: 1 }), pass({ statement: 2 })],
		["overridden 0 by 2"],
	],
	[
		"a block of one service, which is not what makes its exceptions needless",
		[block({ protocol: 6, destination: end("any", "80"), statement: 0 }), pass({ ...web, statement: 1 }), pass({ statement: 2 })],
		["overridden 0 by 1 2", "redundant 1 by 2"],
	],
	[
		"a list of one service that is opened again and one that is not, behind no block",
		[
			block({ protocol: 6, destination: end("any", "25"), statement: 0 }),
			block({ protocol: 6, destination: end("any", "80"), statement: 0 }),
			pass({ protocol: 6, destination: end("any", "80"), statement: 1 }),
		],
		[],
	],
	[
		"a list of which one service is open again, and the other overridden",
		[
			block({ protocol: 6, destination: end("any", "25"), statement: 0 }),
			block({ protocol: 17, destination: end("any", "25"), statement: 0 }),
			pass({ protocol: 6, destination: end("any", "25"), statement: 1 }),
			pass({ protocol: 17, statement: 2 }),
		],
		["overridden 0 by 1 2"],
	],
	[
		"not one in the other direction",
		[block({ statement: 0 }), pass({ ...web, direction: "out", statement: 1 }), pass({ direction: "out", statement: 2 })],
		["redundant 1 by 2"],
	],
])("%s", (_, rules, expected) => expect(codes(rules)).toEqual(expected));

test.each([block, pass])("a rule on an interface that is skipped", (rule) =>
	expect(codes([rule({ interface: "lo0", statement: 0 })], { skip: ["lo"] })).toEqual(["impossible 0 by "]),
);

test("what decides in the end is told, in whichever order the rules that are dead name each other", () => {
	const [live, ...dead] = Array.from({ length: 4 }, (_, statement) => pass({ statement })) as [Rule, Rule, Rule, Rule];
	const [first, second, third] = dead as [Rule, Rule, Rule];
	const finding = (rule: Rule, ...by: readonly Rule[]): RuleFinding => ({ rule, anchor: "", finding: { kind: "shadowed", by } });
	const place = ({ statement }: Rule) => ({ file: "/etc/pf.conf", span: { start: statement * 10, end: statement * 10 + 9 } });
	const found = lintPolicy([finding(first, second), finding(second, first, live), finding(third, second)], { place }).get("/etc/pf.conf");
	expect(found?.map(({ related = [] }) => related.map(({ span }) => span.start))).toEqual([[0], [0], [0]]);
});

test("a rule on a group that is skipped, whatever is in it, and those of an anchor called there", () => {
	expect(codes([matching({ interface: "egress", nat: pool("(em0)"), statement: 0 })], { skip: ["egress"] })).toEqual(["impossible 0 by "]);
	expect(codes([block({ interface: "egress", interfaceNegated: true, statement: 0 })], { skip: ["egress"] })).toEqual([]);
	expect(codes([call("a", { interface: "dmz", statement: 0 })], { skip: ["dmz"], anchors: { a: [block({ statement: 1 })] } })).toEqual([
		"impossible 1 by ",
	]);
});

test("an anchor before a block of all", () => {
	expect(codes([call("a", { statement: 0 }), block({ statement: 1 })], { anchors: { a: [pass({ statement: 2 })] } })).toEqual([
		"overridden 2 by 1",
	]);
});

test("every code is described", () => {
	for (const { title, why, remedy } of Object.values(policyDiagnostics))
		for (const text of [why, remedy]) expect(`${title} ${text}`).toMatch(/\.$/);
});

test("twice as many rules that override each other in turn are twice the work", () => {
	const reads = (count: number): number => {
		let seen = 0;
		const rules = Array.from({ length: count }, () => pass());
		const findings = rules.map((rule, index): RuleFinding => {
			const next = rules[index + 1];
			if (next === undefined) return { rule, anchor: "", finding: { kind: "undecided" } };
			const finding = {
				kind: "overridden" as const,
				get by() {
					seen++;
					return [next];
				},
			};
			return { rule, anchor: "", finding };
		});
		const place = (rule: Rule) => ({ file: "/etc/pf.conf", span: { start: rules.indexOf(rule), end: rules.indexOf(rule) + 1 } });
		expect(lintPolicy(findings, { place }).get("/etc/pf.conf")).toHaveLength(count - 1);
		return seen;
	};
	expect(reads(400) / reads(200)).toBeLessThan(2.1);
});

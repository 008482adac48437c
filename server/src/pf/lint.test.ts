import { describe, expect, test } from "vitest";
import { block, call, end, matching, number, pass, pool, ruleset, table } from "../policy/fixture.ts";
import type { Mark } from "../text/language.ts";
import { type LintFile, lint, type PfLintCode, pfLintDiagnostics } from "./lint.ts";
import { NO_STATE_OPTIONS, type Queue, type Rule, type Table } from "./rules.ts";
import { PF_VOCABULARY } from "./vocabulary.ts";

const BANDWIDTH = { rate: { absolute: 1e6, percent: 0 }, burst: { absolute: 0, percent: 0 }, time: 0 };
const queue = (name: string, more: Partial<Queue> = {}): Queue => ({
	statement: 0,
	name,
	parent: "main",
	interface: "",
	flow: undefined,
	bandwidth: BANDWIDTH,
	min: BANDWIDTH,
	max: BANDWIDTH,
	default: false,
	limit: 0,
	...more,
});

interface Given {
	readonly rules?: readonly Rule[];
	readonly tables?: readonly Table[];
	readonly queues?: readonly Queue[];
	readonly skip?: readonly string[];
}

/**
 * A file whose lines are its statements: what is given comes from the lines in turn, except where it says itself
 * which one. Words are marked by their spelling, which is enough for texts without surprises.
 */
function fileOf(text: string, { rules = [], tables = [], queues = [], skip = [] }: Given): LintFile {
	const lines = [...text.matchAll(/[^\n]+/g)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
	const marks: Mark[] = [...text.matchAll(/<\w+>|\$?[\w./-]+/g)].map((match) => {
		const [word] = match;
		const span = { start: match.index, end: match.index + word.length };
		const before = text.slice(0, match.index).split(/\s+/).at(-2);
		const starts = /(^|\n)$/.test(text.slice(0, match.index));
		const symbol = (kind: "macro" | "table" | "tag", use: "define" | "refer" | "set", name: string): Mark => ({
			span,
			role: "name",
			symbol: { kind, name, use },
		});
		if (word.startsWith("<")) return symbol("table", before === "table" ? "define" : "refer", word.slice(1, -1));
		if (word.startsWith("$")) return symbol("macro", "refer", word.slice(1));
		if (starts && /^\s*=/.test(text.slice(span.end))) return symbol("macro", "define", word);
		if (before === "tag") return symbol("tag", "set", word);
		if (before === "tagged") return symbol("tag", "refer", word);
		const known = PF_VOCABULARY.filter(({ name }) => name === word);
		const entry = starts
			? known.find(({ group }) => group === "statement")
			: (known.find(({ group }) => group !== "statement" && group !== "table option") ?? known[0]);
		const own = before === "set" ? known.find(({ group }) => group === "set field" || group === "set option") : entry;
		return own === undefined ? { span, role: "string" } : { span, role: "keyword", entry: own };
	});
	const set = ruleset(rules, { tables, skip });
	return {
		path: "/etc/pf.conf",
		text,
		ruleset: { ...set, queues },
		place: ({ statement }) => {
			const span = lines[statement];
			return span && { file: "/etc/pf.conf", span };
		},
		marks: (within) => (within === undefined ? marks : marks.filter(({ span }) => within.start <= span.start && span.end <= within.end)),
	};
}

const at = <T extends { readonly statement: number }>(statement: number, one: T): T => ({ ...one, statement });

/** The text, what it stands for, and the words that are reported; nothing where the text has no fault. */
type Case = readonly [code: PfLintCode, text: string, given: Given, words: string | undefined];

const overload = { ...NO_STATE_OPTIONS, maxSrcConn: 9, overload: { table: "bad", flush: "none" as const } };
const six = { family: "inet6" as const };

const cases: readonly Case[] = [
	["pf/redundant-keep-state", "pass out keep state", {}, "keep state"],
	["pf/redundant-keep-state", "pass out keep state (max 9)", {}, undefined],
	["pf/redundant-flags", "pass in proto tcp flags S/SA", { rules: [at(0, pass())] }, "flags S/SA"],
	["pf/redundant-flags", "pass in proto tcp flags S/SA no state", { rules: [at(0, pass({ state: "none" }))] }, undefined],
	["pf/redundant-flags", "pass in proto tcp flags S/SAFR", { rules: [at(0, pass())] }, undefined],
	["pf/deprecated-spelling", "pass queue q", {}, "queue"],
	["pf/deprecated-spelling", "pass set queue q", {}, undefined],
	[
		"pf/negated-list",
		"block from { ! 10.0.0.1 ! 10.0.0.2 }",
		{ rules: [at(0, block({ source: end("! 10.0.0.1") })), at(0, block({ source: end("! 10.0.0.2") }))] },
		"from",
	],
	[
		"pf/negated-list",
		"block from ! 10.0.0.1 to { 10.0.0.2 10.0.0.3 }",
		{ rules: [at(0, block({ source: end("! 10.0.0.1") })), at(0, block({ source: end("! 10.0.0.1") }))] },
		undefined,
	],
	[
		"pf/negated-interfaces",
		"block on { ! em0 ! em1 }",
		{ rules: [at(0, block({ interface: "em0", interfaceNegated: true })), at(0, block({ interface: "em1", interfaceNegated: true }))] },
		"on",
	],
	["pf/negated-interfaces", "block on ! em0", { rules: [at(0, block({ interface: "em0", interfaceNegated: true }))] }, undefined],
	[
		"pf/state-of-reply",
		"pass inet proto icmp icmp-type echorep",
		{ rules: [at(0, pass({ protocol: 1, icmpType: 0 }))] },
		"icmp-type echorep",
	],
	["pf/state-of-reply", "pass inet proto icmp icmp-type echoreq", { rules: [at(0, pass({ protocol: 1, icmpType: 8 }))] }, undefined],
	[
		"pf/synproxy-out",
		"pass out proto tcp synproxy state",
		{ rules: [at(0, pass({ direction: "out", state: "synproxy" }))] },
		"synproxy state",
	],
	["pf/synproxy-out", "pass in proto tcp synproxy state", { rules: [at(0, pass({ direction: "in", state: "synproxy" }))] }, undefined],
	[
		"pf/modulate-any-flags",
		"pass proto tcp flags any modulate state",
		{ rules: [at(0, pass({ protocol: 6, state: "modulate", flags: 0, flagSet: 0 }))] },
		"flags any",
	],
	["pf/modulate-any-flags", "pass proto tcp modulate state", { rules: [at(0, pass({ protocol: 6, state: "modulate" }))] }, undefined],
	[
		"pf/translate-any-flags",
		"pass out inet proto tcp flags any nat-to em0",
		{ rules: [at(0, pass({ protocol: 6, flags: 0, flagSet: 0, nat: pool("203.0.113.1") }))] },
		"flags any",
	],
	[
		"pf/translate-any-flags",
		"pass out inet proto tcp nat-to em0",
		{ rules: [at(0, pass({ protocol: 6, nat: pool("203.0.113.1") }))] },
		undefined,
	],
	[
		"pf/received-on-in",
		"pass in on em0 received-on em1",
		{ rules: [at(0, pass({ direction: "in", interface: "em0", receivedOn: "em1" }))] },
		"received-on em1",
	],
	[
		"pf/received-on-in",
		"pass out on em0 received-on em1",
		{ rules: [at(0, pass({ direction: "out", interface: "em0", receivedOn: "em1" }))] },
		undefined,
	],
	["pf/empty-range", "pass proto tcp to port 80 >< 81", { rules: [at(0, pass({ destination: end("any", "80 >< 81") }))] }, "port"],
	["pf/empty-range", "pass proto tcp to port 80 >< 82", { rules: [at(0, pass({ destination: end("any", "80 >< 82") }))] }, undefined],
	["pf/nat-without-family", "match out on egress nat-to (egress)", { rules: [at(0, matching({ nat: pool("(egress)") }))] }, "nat-to"],
	[
		"pf/nat-without-family",
		"match out on egress inet nat-to (egress)",
		{ rules: [at(0, matching({ family: "inet", nat: pool("(egress)") }))] },
		undefined,
	],
	[
		"pf/rdr-to-loopback",
		"pass in rdr-to 127.0.0.1",
		{ rules: [at(0, pass({ family: "inet", rdr: pool("127.0.0.1") }))] },
		"rdr-to 127.0.0.1",
	],
	["pf/rdr-to-loopback", "pass in rdr-to ::1", { rules: [at(0, pass({ ...six, rdr: pool("::1") }))] }, "rdr-to ::1"],
	["pf/rdr-to-loopback", "pass in rdr-to 10.0.0.1", { rules: [at(0, pass({ family: "inet", rdr: pool("10.0.0.1") }))] }, undefined],
	[
		"pf/no-df-without-random-id",
		"match in scrub (no-df)",
		{ rules: [at(0, matching({ scrub: { noDf: true, randomId: false, minTtl: 0, reassembleTcp: false, maxMss: 0 } }))] },
		"no-df",
	],
	[
		"pf/no-df-without-random-id",
		"match in scrub (no-df random-id)",
		{ rules: [at(0, matching({ scrub: { noDf: true, randomId: true, minTtl: 0, reassembleTcp: false, maxMss: 0 } }))] },
		undefined,
	],
	[
		"pf/log-all-stateless",
		"block log (all)",
		{ rules: [at(0, block({ log: { all: true, matches: false, user: false, interface: 0 } }))] },
		"log",
	],
	[
		"pf/log-all-stateless",
		"pass log (all)",
		{ rules: [at(0, pass({ log: { all: true, matches: false, user: false, interface: 0 } }))] },
		undefined,
	],
	["pf/user-without-self", "pass in proto tcp user 67", { rules: [at(0, pass({ user: number("67") }))] }, "user"],
	[
		"pf/user-without-self",
		"pass in proto tcp to (self) user 67",
		{ rules: [at(0, pass({ user: number("67"), destination: end("(self)") }))] },
		undefined,
	],
	["pf/no-default-block", "pass in", { rules: [at(0, pass({ direction: "in" }))] }, "pass in"],
	["pf/no-default-block", "block\npass in", { rules: [at(0, block()), at(1, pass({ direction: "in" }))] }, undefined],
	["pf/loopback-blocked", "block all\npass out on em0", { rules: [at(0, block()), at(1, pass({ interface: "em0" }))] }, "block"],
	["pf/loopback-blocked", "set skip on lo\nblock all", { rules: [at(1, block())], skip: ["lo"] }, undefined],
	["pf/loopback-blocked", "block all\npass on lo0", { rules: [at(0, block()), at(1, pass({ interface: "lo0" }))] }, undefined],
	[
		"pf/neighbour-discovery-blocked",
		"block all\npass out inet6 proto tcp",
		{ rules: [at(0, block()), at(1, pass({ ...six, protocol: 6 }))] },
		"inet6",
	],
	[
		"pf/neighbour-discovery-blocked",
		"block all\npass out inet6 proto tcp\npass proto icmp6",
		{ rules: [at(0, block()), at(1, pass({ ...six, protocol: 6 })), at(2, pass({ ...six, protocol: 58 }))] },
		undefined,
	],
	["pf/unused-macro", 'wan = "em0"\npass out', { rules: [at(1, pass())] }, "wan"],
	["pf/unused-macro", 'wan = "em0"\npass out on $wan', { rules: [at(1, pass())] }, undefined],
	["pf/unused-macro", 'wan = "em0"', {}, undefined],
	["pf/unused-table", "table <lan> { 10/8 }\npass out", { rules: [at(1, pass())], tables: [at(0, table("lan", ["10.0.0.0/8"]))] }, "<lan>"],
	[
		"pf/unused-table",
		"table <lan> persist\npass out",
		{ rules: [at(1, pass())], tables: [at(0, table("lan", [], { persist: true }))] },
		undefined,
	],
	["pf/undefined-table", "block from <bad>", { rules: [at(0, block({ source: end("<bad>") }))] }, "<bad>"],
	["pf/undefined-table", "table <bad> persist\nblock from <bad>", { rules: [at(1, block({ source: end("<bad>") }))] }, undefined],
	["pf/tag-never-set", "pass out tagged LAN", { rules: [at(0, pass({ tagged: "LAN" }))] }, "LAN"],
	[
		"pf/tag-never-set",
		"pass in tag LAN\npass out tagged LAN",
		{ rules: [at(0, pass({ tag: "LAN" })), at(1, pass({ tagged: "LAN" }))] },
		undefined,
	],
	["pf/tag-never-tested", "pass in tag LAN", { rules: [at(0, pass({ tag: "LAN" }))] }, "LAN"],
	["pf/tag-never-tested", 'pass in tag LAN\nanchor "x"', { rules: [at(0, pass({ tag: "LAN" })), at(1, call("x"))] }, undefined],
	[
		"pf/single-address-table",
		"table <dns> const { 10.0.0.53 }\npass to <dns>",
		{ tables: [at(0, table("dns", ["10.0.0.53"], { constant: true }))] },
		"<dns>",
	],
	[
		"pf/single-address-table",
		"table <dns> const { 10.0.0.53 10.0.0.54 }\npass to <dns>",
		{ tables: [at(0, table("dns", ["10.0.0.53", "10.0.0.54"], { constant: true }))] },
		undefined,
	],
	["pf/empty-table", "table <web> const { }\npass to <web>", { tables: [at(0, table("web", [], { constant: true }))] }, "<web>"],
	["pf/empty-table", "table <web> persist\npass to <web>", { tables: [at(0, table("web", [], { persist: true }))] }, undefined],
	["pf/repeated-address", "table <a> { 10.0.0.1 10.0.0.1 }", { tables: [at(0, table("a", ["10.0.0.1", "10.0.0.1"]))] }, "<a>"],
	["pf/repeated-address", "table <a> { 10.0.0.1 10.0.0.2 }", { tables: [at(0, table("a", ["10.0.0.1", "10.0.0.2"]))] }, undefined],
	["pf/idle-negation", "table <a> { 10/8 !192.168.0.1 }", { tables: [at(0, table("a", ["10.0.0.0/8", "!192.168.0.1"]))] }, "<a>"],
	["pf/idle-negation", "table <a> { 10/8 !10.0.0.1 }", { tables: [at(0, table("a", ["10.0.0.0/8", "!10.0.0.1"]))] }, undefined],
	["pf/covered-address", "table <a> { 10/8 10.1.2.3 }", { tables: [at(0, table("a", ["10.0.0.0/8", "10.1.2.3"]))] }, "<a>"],
	["pf/covered-address", "table <a> { 10/8 11.1.2.3 }", { tables: [at(0, table("a", ["10.0.0.0/8", "11.1.2.3"]))] }, undefined],
	[
		"pf/overload-without-block",
		"pass in keep state (max-src-conn 9, overload <bad>)",
		{ rules: [at(0, pass({ stateOptions: overload }))] },
		"overload",
	],
	[
		"pf/overload-without-block",
		"block from <bad>\npass in keep state (max-src-conn 9, overload <bad>)",
		{ rules: [at(0, block({ source: end("<bad>") })), at(1, pass({ stateOptions: overload }))] },
		undefined,
	],
	[
		"pf/overload-constant",
		"table <bad> const { 10.0.0.1 }\npass in keep state (max-src-conn 9, overload <bad>)",
		{ rules: [at(1, pass({ stateOptions: overload }))], tables: [at(0, table("bad", ["10.0.0.1"], { constant: true }))] },
		"overload",
	],
	[
		"pf/overload-constant",
		"table <bad> persist\npass in keep state (max-src-conn 9, overload <bad>)",
		{ rules: [at(1, pass({ stateOptions: overload }))], tables: [at(0, table("bad", [], { persist: true }))] },
		undefined,
	],
	["pf/queue-never-filled", "queue web parent main\npass out", { rules: [at(1, pass())], queues: [queue("web")] }, "queue web"],
	[
		"pf/queue-never-filled",
		"queue web parent main\npass set queue web",
		{
			rules: [at(1, pass({ set: { prio: undefined, queue: ["web", undefined], tos: undefined, delay: undefined } }))],
			queues: [queue("web")],
		},
		undefined,
	],
];

test.each(cases)("%s: %s", (code, text, given, words) => {
	const found = lint(fileOf(text, given)).filter((diagnostic) => diagnostic.code === code);
	expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(words === undefined ? [] : [words]);
});

test("every check has a text with its fault and one without", () => {
	for (const code of Object.keys(pfLintDiagnostics)) {
		const own = cases.filter(([one]) => one === code).map(([, , , words]) => words === undefined);
		expect([...new Set(own)].sort(), code).toEqual([false, true]);
	}
});

describe("fixes", () => {
	test.each([
		["pass out proto tcp flags S/SA keep state", { rules: [at(0, pass())] }, "pass out proto tcp"],
		["pass queue q", {}, "pass set queue q"],
		["block all\npass on em0", { rules: [at(0, block()), at(1, pass({ interface: "em0" }))] }, "set skip on lo\nblock all\npass on em0"],
	] as const)("%s", (text, given, expected) => {
		const edits = lint(fileOf(text, given)).flatMap(({ fixes = [] }) => fixes.flatMap((fix) => fix.edits));
		const fixed = [...edits]
			.sort((x, y) => y.span.start - x.span.start)
			.reduce((rest, { span, text: own }) => rest.slice(0, span.start) + own + rest.slice(span.end), text as string);
		expect(fixed).toBe(expected);
	});
});

test("what stands in another file is left to it", () => {
	const file = fileOf("block log (all)", { rules: [at(0, block({ log: { all: true, matches: false, user: false, interface: 0 } }))] });
	expect(
		lint({ ...file, place: (origin) => ({ file: "/etc/other", span: file.place(origin)?.span ?? { start: 0, end: 0 } }), marks: () => [] }),
	).toEqual([]);
});

test.each([
	["pass out tagged LAN", pass({ tagged: "LAN" })],
	["pass in tag LAN", pass({ tag: "LAN" })],
])("a tag in an anchor's file may be the business of the rules that call it: %s", (text, rule) => {
	const path = "/etc/pf.vm/web01.conf";
	const main = fileOf(text, { rules: [at(0, rule)] });
	const file = { ...main, path, place: () => ({ file: path, span: { start: 0, end: text.length } }) };
	const found = (one: LintFile) => lint(one).filter(({ code }) => code.startsWith("pf/tag-never")).length;
	expect([found(main), found(file)]).toEqual([1, 0]);
});

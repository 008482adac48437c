import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askRuleCounters } from "./live.ts";
import {
	anchorsCommand,
	type CommandResult,
	loadedRulesCommand,
	loggedRuleFinder,
	readAnchors,
	readDropCounts,
	readLimiters,
	readNumberedRules,
	readRootAnswer,
	readRuleCounters,
} from "./live-rules.ts";
import type { ShellCommand } from "./shell-words.ts";

const counters = (evaluations: number, packets: number): string =>
	`  [ Evaluations: ${String(evaluations).padEnd(8)}  Packets: ${String(packets).padEnd(8)}  Bytes: ${"640".padEnd(10)}  States: ${"2".padEnd(6)}]\n  [ Inserted: uid 0 pid 51234 State Creations: 3     ]`;

const ruleset = [
	"block drop all",
	counters(90, 4),
	'anchor "vm/*" all {',
	counters(86, 0),
	'anchor "db01" all {',
	"pass out on tap1 all flags S/SA",
	counters(20, 7),
	"}",
	'anchor "web01" all {',
	"}",
	"}",
	"anchor all {",
	counters(5, 5),
	"pass in all flags S/SA",
	counters(5, 5),
	"}",
	'anchor "/top" all {',
	counters(1, 1),
	"block return all",
	counters(1, 1),
	"}",
	"pass out all flags S/SA",
	counters(10, 6),
	"",
].join("\n");

test("counters, each with its rule and anchor", () => {
	expect(readRuleCounters(ruleset).map(({ anchor, text, evaluations, packets }) => [anchor, text, evaluations, packets])).toEqual([
		["", "block drop all", 90, 4],
		["", 'anchor "vm/*" all', 86, 0],
		["vm/db01", "pass out on tap1 all flags S/SA", 20, 7],
		["", "anchor all", 5, 5],
		["_1", "pass in all flags S/SA", 5, 5],
		["", 'anchor "/top" all', 1, 1],
		["top", "block return all", 1, 1],
		["", "pass out all flags S/SA", 10, 6],
	]);
});

test("which process has loaded a rule, where pfctl says it as it does", () => {
	const line = (loaded: string) => `pass all\n${counters(1, 1).split("\n")[0]}\n${loaded}`;
	const loaderOf = (text: string) => readRuleCounters(line(text))[0]?.inserted;
	expect(loaderOf("  [ Inserted: uid 0 pid 51234 State Creations: 3     ]")).toBe("uid 0 pid 51234");
	for (const hostile of ["", "}", "  [ Inserted: uid 0 pid \u001b[2J ]", `  [ Inserted: uid 0 pid ${"9".repeat(5000)} State ]`])
		expect(loaderOf(hostile)).toBeUndefined();
});

test("any text is read without a fault", () => {
	const line = fc.constantFrom("}", " {", 'anchor "a" {', "block all", counters(1, 1), 'anchor "*" all {', "");
	fc.assert(
		fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
			for (const rule of readRuleCounters(lines.join("\n"))) expect(rule.packets).toBeGreaterThanOrEqual(0);
		}),
	);
});

test("anchors", () => {
	expect(readAnchors("  vm\n  vm/web01\nNo ALTQ support in kernel\n")).toEqual(["vm", "vm/web01"]);
});

describe("what came of doas", () => {
	test.each([
		["answered", { status: 0, stdout: "x\n", stderr: "" }, { kind: "answered", text: "x\n" }],
		[
			"no rule for us",
			{ status: 1, stdout: "", stderr: "doas: Operation not permitted\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"a password would be asked",
			{ status: 1, stdout: "", stderr: "doas: Authentication required\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"the same, in releases before",
			{ status: 1, stdout: "", stderr: "doas: Authorization required\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"not set up",
			{ status: 1, stdout: "", stderr: "doas: doas is not enabled, /etc/doas.conf: No such file or directory\n" },
			{ kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Anchors" },
		],
		[
			"pfctl fails",
			{ status: 1, stdout: "", stderr: "pfctl: /dev/pf: Device busy\n" },
			{ kind: "failed", message: "pfctl: /dev/pf: Device busy" },
		],
		["a signal", { status: null, stdout: "", stderr: "" }, { kind: "failed", message: "pfctl exited with a signal" }],
	])("%s", (_, result, expected) => {
		expect(readRootAnswer(result, "op", anchorsCommand.words)).toEqual(expected);
	});

	test("a user's name that is no word of doas.conf is not written into its line", () => {
		expect(
			readRootAnswer({ status: 1, stdout: "", stderr: "doas: Operation not permitted" }, "a\npermit nopass b", loadedRulesCommand.words),
		).toEqual({
			kind: "refused",
			allow: 'permit nopass USER as root cmd pfctl args -a "*" -s rules',
		});
	});
});

test("limiters are read by the names of their columns; what is no row of them is left out", () => {
	const states = [
		" ID      USE/LIMIT     RATE/SECS     ADMIT  HARDLIM  RATELIM",
		"  3       12/1000       nil/nil        700        4        0",
		"  9        0/2000       100/10           8        0        1",
		"pfctl: something else",
		"",
	].join("\n");
	const limiter = { kind: "state", overSources: 0 } as const;
	expect(readLimiters("state", states)).toEqual([
		{ ...limiter, id: 3, inUse: 12, most: 1000, admitted: 700, overLimit: 4, overRate: 0 },
		{ ...limiter, id: 9, inUse: 0, most: 2000, admitted: 8, overLimit: 0, overRate: 1 },
	]);
	const sources =
		" ID      USE/ADDRS    LIMIT  RATE/SECS     ADMIT  ADDRLIM  HARDLIM  RATELIM\n  7       40/10000     1000   100/10         90        1        2        3\n";
	expect(readLimiters("source", sources)).toEqual([
		{ kind: "source", id: 7, inUse: 40, most: 10000, admitted: 90, overSources: 1, overLimit: 2, overRate: 3 },
	]);
	// Another order of columns is read all the same, and a table without one of them is not guessed at.
	expect(readLimiters("state", "ADMIT HARDLIM RATELIM ID USE/LIMIT\n1 2 3 4 5/6\n")).toEqual([
		{ ...limiter, id: 4, inUse: 5, most: 6, admitted: 1, overLimit: 2, overRate: 3 },
	]);
	expect(readLimiters("state", "ID USE/LIMIT ADMIT\n1 2/3 4\n")).toEqual([]);
	expect(readLimiters("state", "")).toEqual([]);
});

const answering =
	(answers: Readonly<Record<string, string>>, asked: string[] = []) =>
	(command: ShellCommand): Promise<CommandResult> => {
		const [words = ""] = Object.keys(answers).filter((one) => command.text.includes(one));
		asked.push(words);
		const stdout = answers[words];
		return Promise.resolve(
			stdout === undefined ? { status: 1, stdout: "", stderr: "doas: Operation not permitted\n" } : { status: 0, stdout, stderr: "" },
		);
	};

describe("limiters are asked for where a loaded rule names one", () => {
	const named = `pass all flags S/SA keep state state limiter dns\n${counters(9, 4)}\n`;
	const table = " ID USE/LIMIT RATE/SECS ADMIT HARDLIM RATELIM\n 3 1/5 nil/nil 1 0 0\n";
	const none = " ID USE/ADDRS LIMIT RATE/SECS ADMIT ADDRLIM HARDLIM RATELIM\n";

	test("both kinds", async () => {
		const answer = await askRuleCounters(answering({ "-v -s rules": named, "-s Stlimiters": table, "-s Srclimiters": none }), "op");
		expect(answer).toMatchObject({ kind: "answered", value: { limiters: [{ kind: "state", id: 3, inUse: 1, most: 5 }] } });
	});

	test("and no older host is asked for what its pfctl does not know", async () => {
		const asked: string[] = [];
		await askRuleCounters(answering({ "-v -s rules": ruleset }, asked), "op");
		expect(asked).toEqual(["-v -s rules"]);
	});

	test("who may not read them is told what to allow, and has the rules", async () => {
		const answer = await askRuleCounters(answering({ "-v -s rules": named }), "op");
		expect(answer).toMatchObject({
			kind: "answered",
			value: { limiters: [], refused: { kind: "refused", allow: "permit nopass op as root cmd pfctl args -s Stlimiters" } },
		});
	});
});

test("what pf drops beside its rules: the counters of `pfctl -s info`, and no others", () => {
	const text = `Status: Enabled for 0 days 00:02:24              Debug: err

State Table                          Total             Rate
  current entries                        4               
  searches                           19372          134.5/s
Counters
  match                                 18            0.1/s
  bad-offset                             0            0.0/s
  state-limit                           12            0.1/s
Limit Counters
  max states per rule                    7            0.0/s
`;
	expect([...readDropCounts(text)]).toEqual([
		["bad-offset", 0],
		["state-limit", 12],
	]);
	expect(readDropCounts("nonsense\nCounters\n  \u001b]0;x 1 0.0/s\n").size).toBe(0);
});

describe("the rule that has logged a packet", () => {
	const load = (pid: number): string => `${counters(1, 1).split("\n")[0]}\n  [ Inserted: uid 0 pid ${pid} State Creations: 0     ]`;
	const rules = readNumberedRules(
		[
			"block drop log all",
			load(7),
			'anchor "vm/*" all {',
			load(7),
			'anchor "web01" all {',
			"pass out log on tap3 all flags S/SA",
			load(8),
			"}",
			'anchor "averyveryverylongname" all {',
			"pass out log on tap4 all flags S/SA",
			load(8),
			"}",
			"}",
			'anchor "a" all {',
			load(7),
			'anchor "same" all {',
			load(7),
			"pass in log on em0 all flags S/SA",
			load(7),
			"}",
			'anchor "b" all {',
			load(7),
			'anchor "same" all {',
			load(7),
			"pass in log on em1 all flags S/SA",
			load(7),
			"}",
			"}",
			"}",
		].join("\n"),
	);
	const find = loggedRuleFinder(rules);
	test.each<[what: string, packet: Parameters<typeof find>[0], texts: readonly string[]]>([
		["of the main ruleset", { rule: 0 }, ["block drop log all"]],
		["the default rule is none that is loaded", {}, []],
		["a number that no rule has", { rule: 9 }, []],
		["of an anchor by its last name", { rule: 1, anchor: { name: "web01", rule: 0 } }, ["pass out log on tap3 all flags S/SA"]],
		[
			"of a long name 15 characters are kept",
			{ rule: 1, anchor: { name: "averyveryverylo", rule: 0 } },
			["pass out log on tap4 all flags S/SA"],
		],
		["of another call there is no such anchor", { rule: 2, anchor: { name: "web01", rule: 0 } }, []],
		["of a rule that calls nothing neither", { rule: 0, anchor: { name: "web01", rule: 0 } }, []],
		["the default rule of an anchor", { rule: 1, anchor: { name: "web01" } }, []],
		[
			"of two anchors of one name below a call it is not certain",
			{ rule: 2, anchor: { name: "same", rule: 0 } },
			["pass in log on em0 all flags S/SA", "pass in log on em1 all flags S/SA"],
		],
		["of the load that is in force", { rule: 0, inserted: "uid 0 pid 7" }, ["block drop log all"]],
		["of an earlier load", { rule: 0, inserted: "uid 0 pid 6" }, []],
		[
			"of an anchor that was loaded by itself",
			{ rule: 1, anchor: { name: "web01", rule: 0 }, inserted: "uid 0 pid 8" },
			["pass out log on tap3 all flags S/SA"],
		],
	])("%s", (_, packet, texts) => {
		expect(find(packet).map(({ text }) => text)).toEqual(texts);
		expect(find(packet).map(({ text }) => text)).toEqual(texts);
	});
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../../../test/share.ts";
import { dryRun } from "./dryrun.ts";

const lines = (text: string) => dryRun(text).stdout.trimEnd().split("\n");
const messages = (text: string) => dryRun(text).stderr;

describe("expansion", () => {
	test.each([
		["pass in proto { tcp udp } to port { 53 80 }\n", 4],
		["block\n", 1],
		["match out on em0 inet from 10.0.0.0/8 to any nat-to (em0)\n", 1],
		["pass from { any 10.0.0.1 }\n", 1],
	])("%j makes %i rules", (text, count) => {
		expect(lines(text)).toHaveLength(count);
	});

	test("rules are printed in pfctl's spelling, with its defaults", () => {
		expect(lines("pass in on em0 proto tcp to 10.0.0.1 port { ssh 8000:8010 }\n")).toEqual([
			"pass in on em0 inet proto tcp from any to 10.0.0.1 port = 22 flags S/SA",
			"pass in on em0 inet proto tcp from any to 10.0.0.1 port 8000:8010 flags S/SA",
		]);
		expect(lines('anchor "vm" {\npass quick\n}\n')).toEqual(['anchor "vm" all {', "  pass quick all flags S/SA", "}"]);
	});

	test("a macro may hold half a list, other macros, or join with what follows", () => {
		expect(lines('a = "{ 22,"\nb = "80"\npass proto tcp to port $a $b }\n').slice(2)).toEqual([
			"pass proto tcp from any to any port = 22 flags S/SA",
			"pass proto tcp from any to any port = 80 flags S/SA",
		]);
		expect(lines('e = "em"\npass on $e"0"\n')[0]).toBe('e = "em"');
	});

	test("a backslash joins lines, in comments too", () => {
		expect(lines("pass \\\n  in\n")).toEqual(["pass in all flags S/SA"]);
		expect(lines("# off \\\npass\nblock\n")).toEqual(["block drop all"]);
	});
});

describe("messages", () => {
	test.each([
		["pass on $x\n", ["FILE:1: macro 'x' not defined", "FILE:1: syntax error"]],
		["pass in form any\n", ["FILE:1: syntax error"]],
		["pass proto tcp to port nosuchport!\n", ["FILE:1: syntax error"]],
		[
			"pass proto icmp to port 80\n",
			["FILE:1: port only applies to tcp/udp", "FILE:1: skipping rule due to errors", "FILE:1: rule expands to no valid combination"],
		],
		["pass inet from ::1\n", ["FILE:1: rule expands to no valid combination"]],
		["set optimization fast\n", ["pfctl: invalid state timeouts optimization", "FILE:1: unknown optimization fast"]],
		["pass set queue nosuch\n", ["FILE:1: queue nosuch is not defined"]],
		["pass\nblock foo\n\npass in in\n", ["FILE:2: syntax error", "FILE:4: syntax error"]],
		["queue q on em0 bandwidth 10M\npass\n", ["pfctl: no default queue specified"]],
	])("%j", (text, expected) => {
		expect(messages(text)).toEqual(expected);
		expect(dryRun(text).accepted).toBe(false);
	});

	test("names that only the host knows are no errors while it is not known", () => {
		expect(messages("pass on nosuch0 proto tcp from www.example.org to nosuch0:network user nobodyhere\nantispoof for em7\n")).toEqual([]);
		expect(
			messages('table <t> file "/etc/t"\nload anchor "a" from "/etc/a.conf"\nanchor "a"\n').filter((line) => !line.startsWith("Loading")),
		).toEqual([]);
	});

	test("several names that only a resolver knows may stand in one pool", () => {
		expect(lines("pass in rdr-to { www.example.org ftp.example.org }\n")).toEqual([
			"table <__automatic_0> const { www.example.org ftp.example.org }",
			"pass in all flags S/SA rdr-to <__automatic_0> round-robin",
		]);
	});

	test("load anchor opens exactly the file that it names", () => {
		const text = 'anchor "vm/*"\nload anchor "vm/*" from "/etc/pf.vm/*.conf"\n';
		expect(dryRun(text, { readFile: () => undefined }).stderr.slice(1)).toEqual([
			"pfctl: pushfile: /etc/pf.vm/*.conf: No such file or directory",
			"pfctl: cannot open the main config file!: No such file or directory",
			"pfctl: load anchors",
		]);
	});
});

test("reading what was printed changes nothing", () => {
	const word = fc.constantFrom(
		...'pass block match in out on em0 ! inet inet6 proto tcp udp from to any port 80 22:25 10.0.0.1 10.0.0.0/8 ::1 { } , quick log label "x" tag T keep state nat-to rdr-to <t> flags S/SA \n all'.split(
			" ",
		),
		"\n",
	);
	fc.assert(
		fc.property(fc.array(word, { maxLength: 40 }), (words) => {
			const first = dryRun(`${words.join(" ")}\n`);
			if (!first.accepted) return;
			const second = dryRun(first.stdout);
			expect([second.accepted, second.stdout, second.stderr]).toEqual([true, first.stdout, []]);
		}),
		{ numRuns: runs(2000, 4) },
	);
});

test("no text throws", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."pass $x={}<>\"'\\\n\0\r\u0001#,!") }), (a, b) => {
			dryRun(a);
			dryRun(b);
			dryRun(`a = "${b}"\npass $a\n`);
		}),
	);
	for (const text of [
		"{".repeat(10_000),
		`pass from ${"{ ".repeat(10_000)}`,
		"x".repeat(1_000_000),
		`pass label "${"y".repeat(1_000_000)}`,
		"\\",
	])
		expect(dryRun(text).accepted).toBe(text === "\\");
});

test.each(["constructor", "__proto__"])("a word that every object knows is no name of the language: tos %s", (word) => {
	const { accepted, stderr } = dryRun(`pass out tos ${word}\n`);
	expect([accepted, ...stderr]).toEqual([false, `FILE:1: illegal tos value ${word}`]);
});

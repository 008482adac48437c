import { describe, expect, test } from "vitest";
import { render } from "../../text/message.ts";
import { PfFile } from "./file.ts";

/** What is told of a file: severity, line and words, the worst first. */
function told(text: string, files: Readonly<Record<string, string>> = {}): string[] {
	const file = PfFile.parse(text, { path: "/etc/pf.conf", readFile: (path) => files[path] });
	return file
		.diagnostics()
		.filter(({ severity, code }) => severity === "error" || code === "pf/syntax")
		.map(({ severity, span, message }) => `${severity} ${text.slice(0, span.start).split("\n").length}: ${render(message)}`);
}

const first = (text: string) => PfFile.parse(text, { path: "/etc/pf.conf" }).diagnostics()[0];

describe("one cause is told once", () => {
	test.each<readonly [why: string, text: string, told: readonly string[]]>([
		[
			"a macro whose value no statement takes",
			'pub = "/PUBLIC/"\nblock\npass in to $pub\npass out from $pub\n',
			["error 3: syntax error: nothing in pf.conf begins with `/PUBLIC/`, the value of the macro"],
		],
		[
			"a macro whose value is a placeholder",
			'pub = "<your interface>"\npass in on $pub\npass out on $pub\n',
			["error 2: syntax error: `<your interface>`, the value of the macro, is a placeholder"],
		],
		["a macro whose value is a table", 'pub = "<pub>"\npass in from $pub\n', []],
		[
			"two of them",
			'a = "/A/"\nb = "/B/"\npass to $a\npass to $b\npass from $a\n',
			[
				"error 3: syntax error: nothing in pf.conf begins with `/A/`, the value of the macro",
				"error 4: syntax error: nothing in pf.conf begins with `/B/`, the value of the macro",
			],
		],
		[
			"one that stands where it cannot is told where it stands",
			'a = "em0"\npass $a\npass in $a\n',
			["error 2: syntax error: `from` is missing before `$a`", "error 3: syntax error: `from` is missing before `$a`"],
		],
		[
			"the marks of a template",
			"pass in on {{ wan }}\nantispoof for {{ lan }}\n{% if a %}\nblock\n{% endif %}\n",
			["error 1: syntax error: a mark of a template"],
		],
		[
			"statements of another dialect, each with its fix at its place",
			'scrub in all\nnat on em0 from 10.0.0.0/8 to any -> (em0)\nblock\nrdr-anchor "a"\n',
			[
				"error 1: syntax error: OpenBSD 4.6 removed `scrub`",
				"hint 2: syntax error: OpenBSD 4.7 removed `nat`",
				"hint 4: syntax error: OpenBSD 4.7 removed `rdr-anchor`",
			],
		],
		["one alone", "scrub in all\nblock\n", ["error 1: syntax error: OpenBSD 4.6 removed `scrub`"]],
		[
			"lines that are something else",
			`block\n${"some words\n".repeat(8)}pass\n`,
			["error 2: syntax error: this line and 7 others are not statements of pf.conf"],
		],
		[
			"not a few of them",
			"block\nsome words\nother words\n",
			["error 2: syntax error: no statement begins with `some`", "error 3: syntax error: no statement begins with `other`"],
		],
		[
			"a queue whose statement is of an older dialect",
			"altq on em0 cbq bandwidth 10Mb queue { a }\npass out set queue a\n",
			["error 1: syntax error: OpenBSD 5.6 removed `altq`"],
		],
		["a queue that nothing defines", "pass out set queue a\n", ["error 1: queue a is not defined"]],
	])("%s", (_, text, expected) => expect(told(text)).toEqual(expected));

	test("a macro of an included file too", () =>
		expect(told('include "/etc/m"\npass to $pub\npass from $pub\n', { "/etc/m": 'pub = "@PUB@"\n' })).toEqual([
			"error 2: syntax error: nothing in pf.conf begins with `@PUB@`, the value of the macro",
		]));
});

test.each<readonly [text: string, advice: string]>([
	['a = "$B"\npass on $a\n', "A macro in quotes is not expanded: write it without the quotes."],
	[`a = "$\{B}"\npass on $a\n`, "Write the value that is meant where the macro is defined."],
	['a = "%B%"\npass on $a\n', "Write the value that is meant where the macro is defined."],
	["pass on {{ a }}\n", "pfctl reads what is made of the template: check that file."],
	["scrub in all\nrdr-anchor a\n", "This is the pf of FreeBSD, macOS or an older OpenBSD. Statements to rewrite besides this one: 1."],
	["a b\n".repeat(9), "Look whether this is the file that it is taken for."],
])("%j is advised", (text, advice) => {
	const { advice: own } = first(text) ?? {};
	expect(own && render(own)).toBe(advice);
});

test("what shows the same is told beside it, five of them at the most", () => {
	expect(first("{{ a }}\n".repeat(9))?.related?.map(({ span }) => span.start)).toHaveLength(5);
	expect(first("{{ a }}\n{{ b }}\n")?.related?.map(({ span, message }) => [span.start, render(message)])).toEqual([[8, "The same here"]]);
});

test("statements of another dialect are rewritten in one fix, where each has one", () => {
	const titles = (text: string) => first(text)?.fixes?.map(({ title }) => render(title));
	expect(titles('nat-anchor "a"\nrdr-anchor "b"\n')).toContain("Rewrite all 2 statements");
	expect(titles('nat-anchor "a"\ndummynet-anchor "b"\n')).not.toContain("Rewrite all 2 statements");
	const text = 'nat-anchor "a"\nblock\nrdr-anchor "b"\n';
	const all = first(text)?.fixes?.at(-1)?.edits ?? [];
	const fixed = [...all]
		.sort((x, y) => y.span.start - x.span.start)
		.reduce((now, { span, text: put }) => now.slice(0, span.start) + put + now.slice(span.end), text);
	expect(fixed).toBe('anchor "a"\nblock\nanchor "b"\n');
});

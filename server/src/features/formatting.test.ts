import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FormattingOptions, TextEdit } from "vscode-languageserver-types";
import { dryRun } from "../pf/ruleset/dryrun.ts";
import type { SourceFile } from "../project/source-file.ts";
import { formatting, onTypeFormatting } from "./formatting.ts";
import { open } from "./testing.ts";

const tabs: FormattingOptions = { tabSize: 8, insertSpaces: false };

function applied({ text, lines }: SourceFile, edits: readonly TextEdit[]): string {
	let result = text;
	const sorted = edits.map(({ range, newText }) => ({ ...lines.span(range), newText })).sort((a, b) => b.start - a.start);
	for (const { start, end, newText } of sorted) result = result.slice(0, start) + newText + result.slice(end);
	return result;
}

async function formatted(text: string, path: string, options: FormattingOptions = tabs): Promise<string> {
	const { session, file } = await open(text.replaceAll("|", "!"), { path });
	return applied(file, formatting(session, file, options));
}

const vm: readonly (readonly [name: string, before: string, after: string, options?: FormattingOptions])[] = [
	["blocks are indented", 'vm "a" {\ndisk "/a"\n   memory   1G\n}\n', 'vm "a" {\n\tdisk "/a"\n\tmemory 1G\n}\n'],
	["with spaces where asked", 'vm "a" {\n\tdisk "/a"\n}\n', 'vm "a" {\n  disk "/a"\n}\n', { tabSize: 2, insertSpaces: true }],
	["blocks in blocks", 'vm "a" {\ninterface {\nswitch "l"\n}\n}\n', 'vm "a" {\n\tinterface {\n\t\tswitch "l"\n\t}\n}\n'],
	["one blank inside of braces", 'vm "a" {\n\tinterface {switch "l"}\n}\n', 'vm "a" {\n\tinterface { switch "l" }\n}\n'],
	["macros that follow each other are aligned", 'a="1"\nlong   =  "2"\n\nb= "3"\n', 'a    = "1"\nlong = "2"\n\nb = "3"\n'],
	["strings and comments stay", 'a = "x   y"   #  a   b\n', 'a = "x   y"   #  a   b\n'],
	["one empty line at most, and no blanks at ends", 'a = "1"  \n\n\n\nb = "2"\n', 'a = "1"\n\nb = "2"\n'],
	["a broken line stays as it is", 'vm "a" {\n\tdisk "/a"\n}\n  %%  what   is this\n', 'vm "a" {\n\tdisk "/a"\n}\n  %%  what   is this\n'],
	["a final newline only where asked", 'a = "1"', 'a = "1"\n', { ...tabs, insertFinalNewline: true }],
	["an empty file", "", ""],
];

describe("formatting of vm.conf", () => {
	for (const [name, before, after, options] of vm) {
		test(name, async () => {
			expect(await formatted(before, "/etc/vm.conf", options)).toBe(after);
			expect(await formatted(after, "/etc/vm.conf", options)).toBe(after);
		});
	}
});

const tables: readonly (readonly [name: string, before: string, after: string])[] = [
	["columns stay", "outside    web01   tcp 80 443   pass  # ours\nweb01      db01    any          block\n", ""],
	[
		"a new line joins them",
		"outside    web01  tcp 80  pass\nweb01      db01   any     block\na b icmp pass\n",
		"outside    web01  tcp 80  pass\nweb01      db01   any     block\na          b      icmp    pass\n",
	],
	[
		"they begin where there were none",
		"outside web01 tcp 80 pass\nany guest db01 any block\n",
		"outside   web01 tcp 80 pass\nany guest db01  any    block\n",
	],
	["tabs between them become blanks", "outside\tweb01\ttcp 80\tpass\n", "outside web01 tcp 80 pass\n"],
	["a long name moves no others", "a b any block\nan-end-of-more-than-24-letters b any block\n", ""],
	["what is no test stays", "address  web01   10.0.0.5\noutside  nowhere  what\n", ""],
];
test.each(tables)("formatting of policy tests: %s", async (_, before, after) => {
	const wanted = after === "" ? before : after;
	expect(await formatted(before, "/etc/policy.pftest")).toBe(wanted);
	expect(await formatted(wanted, "/etc/policy.pftest")).toBe(wanted);
});

test.each(["corrected", "corrected-bridge"])("the policy tests of examples/%s are as they would be formatted", async (name) => {
	const text = readFileSync(resolve(import.meta.dirname, `../../../examples/${name}/etc/policy.pftest`), "utf8");
	expect(await formatted(text, "/etc/policy.pftest")).toBe(text);
});

test("only the lines of a range are changed", async () => {
	const { session, file, offset, end } = await open('//- /etc/vm.conf\nvm "a" {\ndisk "/a"\n|memory   1G|\n}\n');
	expect(applied(file, formatting(session, file, tabs, { start: offset, end }))).toBe('vm "a" {\ndisk "/a"\n\tmemory 1G\n}\n');
});

test("a closing brace puts its line in place; a newline formats the line before and indents the next", async () => {
	const brace = await open('//- /etc/vm.conf\nvm "a" {\n\tdisk "/a"\n\t}|\n');
	expect(applied(brace.file, onTypeFormatting(brace.session, brace.file, brace.offset, "}", tabs))).toBe('vm "a" {\n\tdisk "/a"\n}\n');
});

test("a newline behind a backslash indents the line that goes on", async () => {
	const { session, file, offset } = await open("pass   in \\\n|\n");
	expect(applied(file, onTypeFormatting(session, file, offset, "\n", tabs))).toBe("pass in \\\n\t\n");
});

/** The words of a file: what formatting may not change. */
function words(file: SourceFile): readonly string[] {
	return file.parsed.tokens().map(({ kind, span }) => `${kind} ${file.text.slice(span.start, span.end).trimEnd()}`);
}

test("no text loses or changes a word, and what is formatted stays as it is", async () => {
	const piece = fc.constantFrom(
		'vm "a" {',
		"}",
		"disk",
		'"/a"',
		"\n",
		" ",
		"\t",
		"  ",
		"# c  d",
		"\\\n",
		"=",
		"a",
		"$a",
		"interface",
		"{",
		"switch",
		",",
		"\\ ",
		"\n\n\n",
		"%",
	);
	await fc.assert(
		fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
			const { session, file } = await open(pieces.join(""), { path: "/etc/vm.conf" });
			const once = applied(file, formatting(session, file, tabs));
			const again = await open(once, { path: "/etc/vm.conf" });
			expect(words(again.file)).toEqual(words(file));
			expect(applied(again.file, formatting(again.session, again.file, tabs))).toBe(once);
		}),
		{ numRuns: 500 },
	);
});

test("a formatted ruleset expands to the same rules, and stays as it is", async () => {
	const line = fc.constantFrom(
		'ext="em0"',
		'lan   = "{ 10.0.0.0/8,192.168.0.0/16 }"',
		"table <bad>{192.0.2.1,  192.0.2.2 }",
		"set   skip on lo",
		"block   in quick from <bad>",
		"pass in on $ext proto tcp   to port {80,443}",
		"pass out on $ext from $lan   # to the world",
		"pass in on $ext inet proto tcp \\\n   to port 22",
		"match out on $ext inet from $lan nat-to ($ext)",
		'anchor "guests" {\npass in proto icmp\n\n\n\tblock out\n}',
		'pass out label "a   b"',
		"",
		"# a   comment",
		"pass in form",
	);
	await fc.assert(
		fc.asyncProperty(fc.array(line, { maxLength: 14 }), async (lines) => {
			const text = `${lines.join("\n")}\n`;
			const once = await formatted(text, "/etc/pf.conf");
			const [before, after] = [dryRun(text), dryRun(once)];
			expect({ accepted: after.accepted, stdout: after.stdout }).toEqual({ accepted: before.accepted, stdout: before.stdout });
			expect(await formatted(once, "/etc/pf.conf")).toBe(once);
		}),
		{ numRuns: 200 },
	);
});

const suite = resolve(import.meta.dirname, "../../../../shared/conformance/pf-regress");

test.skipIf(!existsSync(suite))(
	"OpenBSD's regress rulesets expand to the same rules when formatted (skipped where ../shared is absent)",
	async () => {
		for (const name of readdirSync(suite).filter((each) => /^pf\d+\.in$/.test(each))) {
			const text = readFileSync(resolve(suite, name), "utf8");
			if (text.includes("|")) continue;
			const once = await formatted(text, "/etc/pf.conf");
			expect(dryRun(once).stdout, name).toBe(dryRun(text).stdout);
		}
	},
);

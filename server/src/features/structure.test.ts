import { describe, expect, test } from "vitest";
import type { DocumentSymbol } from "vscode-languageserver-types";
import { documentLinks } from "./document-links.ts";
import { documentSymbols, workspaceSymbols } from "./document-symbols.ts";
import { foldingRanges } from "./folding-ranges.ts";
import { selectionRange } from "./selection-ranges.ts";
import { open } from "./testing.ts";

const VM = `//- /etc/vm.conf
# Switches.
# See vm.conf(5).
switch "lan" {
	interface veb0
}

# Guests.
vm "a" {
	disk "/a.img"
	interface {
		switch "lan"
	}
}
include "/etc/vm.d/b.conf"
//- /etc/vm.d/b.conf
vm "b" {
}
`;

test("folding: comments, blocks, runs of statements", async () => {
	const { file } = await open(VM);
	const lines = foldingRanges(file).map(({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind === undefined ? "" : ` ${kind}`}`);
	expect(lines).toEqual(["0-1 comment", "2-3", "6-13 region", "7-11", "9-10"]);
});

test("folding of an empty file", async () => {
	const { file } = await open("//- /etc/vm.conf\n");
	expect(foldingRanges(file)).toEqual([]);
});

const selections: readonly (readonly [name: string, text: string, selected: readonly string[]])[] = [
	[
		"a switch in a guest",
		VM.replace('\t\tswitch "lan"', '\t\tswitch "l|an"'),
		[
			"lan",
			'switch "lan"',
			' switch "lan" ',
			'{ switch "lan" }',
			'interface { switch "lan" }',
			' disk "/a.img" interface { switch "lan" } ',
			'{ disk "/a.img" interface { switch "lan" } }',
			'vm "a" { disk "/a.img" interface { switch "lan" } }',
		],
	],
	[
		"a rule in a block",
		'//- /etc/pf.conf\nanchor "a" {\n\tpass in proto tcp to port { 80 4|43 } label "w"\n\tblock\n}\n',
		[
			"443",
			" 80 443 ",
			"{ 80 443 }",
			"port { 80 443 }",
			'pass in proto tcp to port { 80 443 } label "w"',
			' pass in proto tcp to port { 80 443 } label "w" block ',
			'{ pass in proto tcp to port { 80 443 } label "w" block }',
			'anchor "a" { pass in proto tcp to port { 80 443 } label "w" block }',
		],
	],
	["an option of a hostname file", "//- /etc/hostname.em0\nup mtu 15|00\n", ["1500", "mtu 1500", "up mtu 1500"]],
];

test.each(selections)("selection grows from the word to the file: %s", async (_, text, selected) => {
	const { file, offset } = await open(text);
	const texts: string[] = [];
	for (let range = selectionRange(file, offset); ; ) {
		const { start, end } = file.lines.span(range.range);
		texts.push(file.text.slice(start, end).replace(/\s+/g, " "));
		if (range.parent === undefined) break;
		range = range.parent;
	}
	expect(texts).toEqual([...selected, file.text.replace(/\s+/g, " ")]);
});

/** The outline with a tab for each level. */
function drawn(symbols: readonly DocumentSymbol[], depth = 0): readonly string[] {
	return symbols.flatMap(({ name, detail = "", children = [] }) => [
		`${"\t".repeat(depth)}${name}${detail === "" ? "" : `: ${detail}`}`,
		...drawn(children, depth + 1),
	]);
}

const outlines: Readonly<Record<string, readonly [text: string, ...lines: string[]]>> = {
	"vm.conf: switches, guests and their interfaces, under comments": [
		VM,
		"Switches",
		"\tlan: veb0",
		"Guests",
		"\ta",
		"\t\tinterface 0: lan",
		"\tinclude: /etc/vm.d/b.conf",
	],
	"pf.conf: sections, names, anchors with their rules": [
		`//- /etc/pf.conf
wan = "em0" # the uplink

#### NAT ####
match out on $wan \\
	nat-to ($wan)
# of the guests too
match in all

#
# Anchors: called last
#
anchor "vm/*"
load anchor "vm/a" from "/etc/a"
anchor "ssh" in on { em0
	em1 } {
	# from the office
	pass from <office>
	anchor "inner" {
		table <t> { 10/8 }
		block
	}
}
table <office> persist
queue main on em0 bandwidth 9M
set skip on lo
`,
		'wan: "em0"',
		"NAT",
		"\tmatch out on $wan nat-to ($wan)",
		"\tmatch in all",
		"Anchors",
		'\tvm/*: anchor "vm/*"',
		'\tvm/a: load anchor "vm/a" from "/etc/a"',
		'\tssh: anchor "ssh" in on { em0 em1 }',
		"\t\tpass from <office>",
		'\t\tssh/inner: anchor "inner"',
		"\t\t\tt: table <t> { 10/8 }",
		"\t\t\tblock",
		"\toffice: table <office> persist",
		"\tmain: queue main on em0 bandwidth 9M",
		"\tset skip on lo",
	],
	"pf.conf: what is broken hides nothing else": [
		'//- /etc/pf.conf\npass form\nanchor "a" {\n\tpass form\n\tblock\n}\n}\npass out\n',
		"pass form",
		'a: anchor "a"',
		"\tpass form",
		"\tblock",
		"pass out",
	],
	"pf.conf: a line that no statement begins with stands for itself, in a block too": [
		'//- /etc/pf.conf\nanchor "a" {\n\tpass in\n\ton em0 proto tcp to port { 22\n\t\t80 }\n\tpass out \\\n\t\ton em1\n}\npass in\non em0\n',
		'a: anchor "a"',
		"\tpass in",
		"\ton em0 proto tcp to port { 22 80 }",
		"\tpass out on em1",
		"pass in",
		"on em0",
	],
	"hostname.if: its lines": [
		"//- /etc/hostname.veb0\n# the LAN\nadd vport0\n!echo $if\nup\n",
		"the LAN",
		"\tadd: vport0",
		"\t!echo: $if",
		"\tup",
	],
};

describe("the outline", () => {
	test.each(Object.entries(outlines))("%s", async (_, [text, ...lines]) => {
		const { session, file } = await open(text);
		expect(drawn(documentSymbols(session, file) as DocumentSymbol[])).toEqual(lines);
	});

	test("a long heading is cut", async () => {
		const { session, file } = await open(`//- /etc/pf.conf\n# ${"many words ".repeat(20)}\npass\n`);
		expect(documentSymbols(session, file)[0]?.name).toMatch(/^many words .{30,50}…$/);
	});

	test("what is said beside a name is in the reader's language", async () => {
		const text = '//- /etc/vm.conf\nvm "base" {\n\tdisable\n\tdisk "/b"\n}\nvm "base" instance "a" {\n\tmemory 1G\n}\n';
		const lines = async (translations?: Record<string, string>) => {
			const { session, file } = await open(text, translations && { translations });
			return drawn(documentSymbols(session, file) as DocumentSymbol[]);
		};
		expect(await lines()).toEqual(["base: disabled", "a: instance of base, 1.0G"]);
		expect(await lines({ disabled: "已禁用", "instance of {0}": "{0} 的实例" })).toEqual(["base: 已禁用", "a: base 的实例, 1.0G"]);
	});

	test("a flat list for editors that show no trees", async () => {
		const { session, file } = await open(VM);
		const flat = { ...session, client: { ...session.client, hierarchicalSymbols: false } };
		expect(documentSymbols(flat, file).map(({ name }) => name)).toEqual(["lan", "a", "interface 0", "include"]);
	});
});

test("a broken file has an outline all the same", async () => {
	const { session, file } = await open(
		'//- /etc/vm.conf\nswitch "lan" {\n\tinterface\nvm "a" {\n\tdisk "/a.img"\n}\n}\nvm "b" {\n\tdisk "/b"\n}\n',
	);
	expect(documentSymbols(session, file).map(({ name }) => name)).toContain("b");
});

test("symbols of the workspace, by the signs of their names in order", async () => {
	const { session } = await open(VM);
	expect(workspaceSymbols(session, "LN").map(({ name }) => name)).toEqual(["lan"]);
	expect(workspaceSymbols(session, "").map(({ name }) => name)).toEqual(["lan", "a", "interface 0", "b"]);
	expect(workspaceSymbols(session, "zz")).toEqual([]);
	const host = await open(`${VM}//- /etc/hostname.veb0\nup\n//- /etc/pf.conf\nanchor "ssh" {\n\ttable <bad> { 10/8 }\n}\n`);
	expect(workspaceSymbols(host.session, "veb").map(({ name, containerName }) => [name, containerName])).toEqual([
		["veb0", "/etc/hostname.veb0"],
	]);
	expect(workspaceSymbols(host.session, "bad").map(({ name, containerName }) => [name, containerName])).toEqual([
		["bad", "/etc/pf.conf ssh"],
	]);
});

describe("document links", () => {
	test("included files that are there, and manual pages in comments", async () => {
		const { session, file } = await open(VM);
		const links = documentLinks(session, file).map(({ range, target }) => {
			const { start, end } = file.lines.span(range);
			return [file.text.slice(start, end), target];
		});
		expect(links).toEqual([
			["vm.conf(5)", "https://man.openbsd.org/vm.conf.5"],
			["/etc/vm.d/b.conf", "file:///host/etc/vm.d/b.conf"],
		]);
	});

	test("no link to a file that is not there", async () => {
		const { session, file } = await open('//- /etc/vm.conf\ninclude "/etc/vm.d/c.conf"\n');
		expect(documentLinks(session, file)).toEqual([]);
	});
});

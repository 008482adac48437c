import { describe, expect, test } from "vitest";
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

test("the outline", async () => {
	const { session, file } = await open(VM);
	const names = documentSymbols(session, file).map(({ name }) => name);
	expect(names).toEqual(["lan", "a", "include"]);
	const client = {
		snippets: true,
		markdown: true,
		lineFoldingOnly: false,
		documentChanges: true,
		createFiles: true,
		renameFiles: true,
		hierarchicalSymbols: false,
	};
	const flat = await open(VM, { client });
	expect(documentSymbols(flat.session, flat.file).map(({ name }) => name)).toEqual(["lan", "a", "interface 0", "include"]);
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
	expect(workspaceSymbols(session, "").map(({ name }) => name)).toEqual(["lan", "a", "interface 0"]);
	expect(workspaceSymbols(session, "zz")).toEqual([]);
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

import { describe, expect, test } from "vitest";
import type { Location, Range } from "vscode-languageserver-types";
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from "./call-hierarchy.ts";
import { definition } from "./definition.ts";
import { documentHighlight } from "./document-highlight.ts";
import { linkedEditing } from "./linked-editing.ts";
import { references } from "./references.ts";
import { prepareRename, rename } from "./rename.ts";
import { type Opened, open } from "./testing.ts";

/** `/etc/vm.conf:2 lan` for each place: path, line from 1, and the text there. */
function places({ documents }: Opened, locations: readonly Location[]): readonly string[] {
	return locations.map(({ uri, range }) => {
		const file = documents.file(uri);
		return `${file?.path}:${range.start.line + 1} ${file === undefined ? "" : textAt(file.text, file.lines.span(range))}`.trimEnd();
	});
}

function textAt(text: string, { start, end }: { start: number; end: number }): string {
	return text.slice(start, end);
}

const VM = `//- /etc/vm.conf
mem1 = "1G"
switch "lan" {
	interface veb0
}
vm "base" {
	memory $mem1
	disk "/base.img"
	interface { switch "lan" }
}
vm "base" instance "copy" {
	disk "/copy.img"
}
`;

/** A host whose anchors, tables, groups and interfaces meet in several files. */
const PF = `//- /etc/pf.conf
wan = "em0"
table <own> { 10.0.0.0/8 }
table <shared> persist
pass from <own> to em0:network
pass in on $wan
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
anchor "outer" {
	anchor "inner" {
		match tag LAN
	}
}
queue main on em0 bandwidth 9M
queue bulk parent main bandwidth 1M default
pass out on web inet tagged LAN set queue bulk label "out"
//- /etc/pf.vm/web01.conf
table <own> { 192.0.2.0/24 }
pass from <own> to <shared>
anchor "inner"
anchor "inner" {
	pass
}
//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web01" {
	interface tap3 { switch "lan" group web }
}
//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.veb0
add em0
!ifconfig em0 up
`;

/** The text with the cursor behind the nth occurrence (from 1) of a word's first sign. */
function cursor(text: string, word: string, occurrence = 1): string {
	let at = -1;
	for (let i = 0; i < occurrence; i++) at = text.indexOf(word, at + 1);
	return `${text.slice(0, at + 1)}|${text.slice(at + 1)}`;
}

describe("definition", () => {
	const cases: readonly (readonly [name: string, text: string, ...places: string[]])[] = [
		["a macro", cursor(VM, "mem1", 2), "/etc/vm.conf:1 mem1"],
		["a switch", cursor(VM, "lan", 2), "/etc/vm.conf:2 lan"],
		["a guest of which there is an instance", cursor(VM, "base", 3), "/etc/vm.conf:5 base"],
		["nothing on a word of the language", cursor(VM, "memory")],
	];
	for (const [name, text, ...expected] of cases) {
		test(name, async () => {
			const opened = await open(text);
			expect(places(opened, definition(opened.session, opened.file, opened.offset))).toEqual(expected);
		});
	}

	const pfCases: readonly (readonly [name: string, text: string, ...places: string[]])[] = [
		["a call with a star: the loads and their files", cursor(PF, '"vm/*"', 1), '/etc/pf.conf:7 "vm/web01"', "/etc/pf.vm/web01.conf:1"],
		["a load: its file", cursor(PF, '"vm/web01"', 1), "/etc/pf.vm/web01.conf:1"],
		["an anchor called in a file: its block there", cursor(PF, '"inner"', 2), '/etc/pf.vm/web01.conf:4 "inner"'],
		["an anchor of the same name elsewhere is another", cursor(PF, '"inner"', 1), '/etc/pf.conf:9 "inner"'],
		["a table of an anchor's own file", cursor(PF, "<own>", 4), "/etc/pf.vm/web01.conf:1 own"],
		["a table of the main ruleset, from an anchor", cursor(PF, "<shared>", 2), "/etc/pf.conf:3 shared"],
		["an interface in a macro's value: its file", cursor(PF, '"em0"', 1), "/etc/hostname.em0:1"],
		["an interface with a modifier", cursor(PF, "em0:network"), "/etc/hostname.em0:1"],
		["a group that vm.conf sets", cursor(PF, "on web"), ...[]],
		["a group of a guest's interface", cursor(PF, "web inet"), "/etc/vm.conf:5 web"],
		["a tag: where it is set", cursor(PF, "LAN", 2), "/etc/pf.conf:10 LAN"],
		["a queue", cursor(PF, "bulk", 2), "/etc/pf.conf:14 bulk"],
		["a switch", cursor(PF, "lan", 2), "/etc/vm.conf:1 lan"],
	];
	for (const [name, text, ...expected] of pfCases) {
		test(name, async () => {
			const opened = await open(text);
			expect(places(opened, definition(opened.session, opened.file, opened.offset))).toEqual(expected);
		});
	}

	test("a file that is included", async () => {
		const opened = await open('//- /etc/vm.conf\ninclude "/etc/vm.d/|a.conf"\n//- /etc/vm.d/a.conf\nvm "a" {\n}\n');
		expect(definition(opened.session, opened.file, opened.offset).map(({ uri }) => uri)).toEqual(["file:///host/etc/vm.d/a.conf"]);
	});
});

describe("references and highlights", () => {
	test("with and without the definition", async () => {
		const opened = await open(cursor(VM, "lan", 2));
		const { session, file, offset } = opened;
		expect(places(opened, references(session, file, offset, true))).toEqual(["/etc/vm.conf:2 lan", "/etc/vm.conf:8 lan"]);
		expect(places(opened, references(session, file, offset, false))).toEqual(["/etc/vm.conf:8 lan"]);
		expect(documentHighlight(session, file, offset).map(({ range }) => range.start.line)).toEqual([1, 7]);
	});
});

describe("references and highlights across a host", () => {
	const cases: readonly (readonly [name: string, text: string, ...places: string[]])[] = [
		["an anchor: its calls and its load", cursor(PF, '"vm/web01"'), '/etc/pf.conf:6 "vm/*"', '/etc/pf.conf:7 "vm/web01"'],
		["a call with a star", cursor(PF, '"vm/*"'), '/etc/pf.conf:6 "vm/*"', '/etc/pf.conf:7 "vm/web01"'],
		["an anchor of a file", cursor(PF, '"inner"', 2), '/etc/pf.vm/web01.conf:3 "inner"', '/etc/pf.vm/web01.conf:4 "inner"'],
		["a table that anchors share", cursor(PF, "<shared>"), "/etc/pf.conf:3 shared", "/etc/pf.vm/web01.conf:2 shared"],
		["a table of an anchor's own", cursor(PF, "<own>", 3), "/etc/pf.vm/web01.conf:1 own", "/etc/pf.vm/web01.conf:2 own"],
		[
			"an interface",
			cursor(PF, "add em0").replace("a|dd em0", "add e|m0"),
			"/etc/hostname.em0:1",
			"/etc/hostname.veb0:1 em0",
			"/etc/hostname.veb0:2 em0",
			"/etc/pf.conf:1 em0",
			"/etc/pf.conf:4 em0",
			"/etc/pf.conf:13 em0",
		],
		["a tag: set and tested", cursor(PF, "LAN"), "/etc/pf.conf:10 LAN", "/etc/pf.conf:15 LAN"],
		["a file: who loads it", cursor(PF, '/etc/pf.vm/web01.conf"'), '/etc/pf.conf:7 "/etc/pf.vm/web01.conf"'],
		["a group", cursor(PF, "web inet"), "/etc/pf.conf:15 web", "/etc/vm.conf:5 web"],
	];
	for (const [name, text, ...expected] of cases) {
		test(name, async () => {
			const opened = await open(text);
			const { session, file, offset } = opened;
			expect([...places(opened, references(session, file, offset, true))].sort()).toEqual([...expected].sort());
			const here = expected.filter((place) => place.startsWith(`${file.path}:`) && place.includes(" "));
			// The editor marks what is written as it is at the cursor.
			expect(documentHighlight(session, file, offset).length).toBeLessThanOrEqual(here.length);
		});
	}
});

describe("rename", () => {
	async function renamed(text: string, name: string): Promise<Readonly<Record<string, string>>> {
		const { session, file, offset, documents } = await open(text);
		const result: Record<string, string> = {};
		for (const change of rename(session, file, offset, name).documentChanges ?? []) {
			if (!("edits" in change)) {
				result.renamed = "newUri" in change ? change.newUri : "";
				continue;
			}
			const target = documents.file(change.textDocument.uri);
			let content = target?.text ?? "";
			for (const edit of change.edits.toReversed()) {
				if (!("newText" in edit)) continue;
				const at = target?.lines.span(edit.range as Range) ?? { start: 0, end: 0 };
				content = content.slice(0, at.start) + edit.newText + content.slice(at.end);
			}
			result[target?.path ?? ""] = content;
		}
		return result;
	}

	test("a switch, everywhere in the file", async () => {
		expect(await renamed(cursor(VM, "lan", 2), "dmz")).toEqual({ "/etc/vm.conf": VM.slice(VM.indexOf("\n") + 1).replaceAll("lan", "dmz") });
	});

	test("a macro, and not the word of the same letters", async () => {
		const changed = await renamed('//- /etc/vm.conf\nmem = "1G"\nvm "mem" {\n\tmemory $m|em\n}\n', "big");
		expect(changed).toEqual({ "/etc/vm.conf": 'big = "1G"\nvm "mem" {\n\tmemory $big\n}\n' });
	});

	/** The lines that differ, by file. */
	async function changed(text: string, name: string): Promise<readonly string[]> {
		const after = await renamed(text, name);
		const { documents } = await open(text);
		return Object.entries(after).flatMap(([path, content]) => {
			const before = documents.file(`file:///host${path}`)?.text.split("\n") ?? [];
			return path === "renamed"
				? [content]
				: content.split("\n").flatMap((line, i) => (line === before[i] ? [] : [`${path}: ${line.trim()}`]));
		});
	}

	const renames: readonly (readonly [name: string, text: string, newName: string, ...lines: string[]])[] = [
		[
			"an interface, in macros and commands too, with its file",
			cursor(PF, "em0:network"),
			"em7",
			'/etc/pf.conf: wan = "em7"',
			"/etc/pf.conf: pass from <own> to em7:network",
			"/etc/pf.conf: queue main on em7 bandwidth 9M",
			"/etc/hostname.veb0: add em7",
			"/etc/hostname.veb0: !ifconfig em7 up",
			"file:///host/etc/hostname.em7",
		],
		[
			"a part of anchors' paths",
			cursor(PF, '"vm/*"', 1),
			"guest",
			'/etc/pf.conf: anchor "guest/*"',
			'/etc/pf.conf: load anchor "guest/web01" from "/etc/pf.vm/web01.conf"',
		],
		[
			"the last part of an anchor's path",
			cursor(PF, 'web01" from'),
			"www",
			'/etc/pf.conf: load anchor "vm/www" from "/etc/pf.vm/web01.conf"',
		],
		[
			"an anchor of a file, and not that of another",
			cursor(PF, '"inner"', 2),
			"ssh",
			'/etc/pf.vm/web01.conf: anchor "ssh"',
			'/etc/pf.vm/web01.conf: anchor "ssh" {',
		],
		["an anchor in a block", cursor(PF, '"inner"', 1), "ssh", '/etc/pf.conf: anchor "ssh" {'],
		[
			"a table of an anchor's own",
			cursor(PF, "<own>", 3),
			"mine",
			"/etc/pf.vm/web01.conf: table <mine> { 192.0.2.0/24 }",
			"/etc/pf.vm/web01.conf: pass from <mine> to <shared>",
		],
		[
			"the main ruleset's table of that name",
			cursor(PF, "<own>", 1),
			"mine",
			"/etc/pf.conf: table <mine> { 10.0.0.0/8 }",
			"/etc/pf.conf: pass from <mine> to em0:network",
		],
		[
			"a table that anchors share",
			cursor(PF, "<shared>", 1),
			"all_guests",
			"/etc/pf.conf: table <all_guests> persist",
			"/etc/pf.vm/web01.conf: pass from <own> to <all_guests>",
		],
		[
			"a group, in vm.conf too",
			cursor(PF, "web inet"),
			"www",
			'/etc/pf.conf: pass out on www inet tagged LAN set queue bulk label "out"',
			'/etc/vm.conf: interface tap3 { switch "lan" group www }',
		],
		["a tap that vm.conf pins", cursor(PF, "tap3"), "tap9", '/etc/vm.conf: interface tap9 { switch "lan" group web }'],
		[
			"a tag",
			cursor(PF, "LAN", 2),
			"INSIDE",
			"/etc/pf.conf: match tag INSIDE",
			'/etc/pf.conf: pass out on web inet tagged INSIDE set queue bulk label "out"',
		],
		["a label", cursor(PF, '"out"', 1), "upload", '/etc/pf.conf: pass out on web inet tagged LAN set queue bulk label "upload"'],
		[
			"a table, behind a mistake as well",
			"//- /etc/pf.conf\ntable <b|ad> persist\npass proto nosuch from <bad> to port < www\npass from { <bad> ! } to <bad>\n",
			"evil",
			"/etc/pf.conf: table <evil> persist",
			"/etc/pf.conf: pass proto nosuch from <evil> to port < www",
			"/etc/pf.conf: pass from { <evil> ! } to <evil>",
		],
	];
	for (const [name, text, newName, ...lines] of renames) {
		test(name, async () => expect([...(await changed(text, newName))].sort()).toEqual([...lines].sort()));
	}

	const refused: readonly (readonly [name: string, text: string, newName: string, why: string])[] = [
		["a word of the language", cursor(VM, "memory"), "x", "Only names can be renamed."],
		["to a word of the language", cursor(VM, "mem1"), "switch", "'switch' is a word of the language."],
		["to a name with a blank", cursor(VM, "mem1"), "a b", "'a b' cannot be the name: letters, digits and underscores"],
		["to a name that is too long", cursor(VM, "lan"), "x".repeat(64), "is longer than 63 bytes"],
		["to a name that there is", cursor(VM, "base"), "copy", "'copy' is defined already."],
		["to nothing", cursor(VM, "mem1"), "", "A name cannot be empty."],
		["a star in an anchor's path", cursor(PF, "*"), "x", "Only names can be renamed."],
		["an anchor's part to one that there is", cursor(PF, '"outer"', 1), "vm", "'vm' is defined already."],
		["an anchor to a path", cursor(PF, '"outer"', 1), "a/b", "'a/b' cannot be the name"],
		["an interface to another kind", cursor(PF, '"em0"', 1), "vio0", "'vio0' would be another kind of interface than 'em0'."],
		["a table to a name that is too long", cursor(PF, "<own>", 1), "t".repeat(32), "is longer than 31 bytes"],
		["a table to a word of the language", cursor(PF, "<own>", 1), "any", "'any' is a word of the language."],
		["a group of vm.conf to a word of pf.conf", PF.replace("group web", "group w|eb"), "all", "'all' is a word of the language."],
		["a group that the kernel has", "//- /etc/pf.conf\npass on egr|ess\n", "uplink", "'egress' is not a name that these files define."],
		["a tag to another one", "//- /etc/pf.conf\nmatch tag A|A\nmatch tag BB\n", "BB", "'BB' is defined already."],
		["a queue to a word of the language", cursor(PF, "bulk", 1), "default", "'default' is a word of the language."],
		[
			"a group to a name with a digit at its end",
			cursor(PF, "web inet"),
			"web1",
			"'web1' cannot be the name: letters, not ending with a digit",
		],
		["an interface without a file", cursor(VM, "veb0"), "veb1", "'veb0' is not an interface of a hostname file"],
	];
	for (const [name, text, newName, why] of refused) {
		test(`is refused: ${name}`, async () => {
			const { session, file, offset } = await open(text);
			expect(() => rename(session, file, offset, newName)).toThrow(why);
		});
	}

	test("is prepared with the name alone", async () => {
		const { session, file, offset } = await open(cursor(VM, "mem1", 2));
		const { range, placeholder } = prepareRename(session, file, offset);
		expect([textAt(file.text, file.lines.span(range)), placeholder]).toEqual(["mem1", "mem1"]);
	});
});

describe("call hierarchy of anchors", () => {
	const shown = async (text: string): Promise<readonly [string, readonly string[], readonly string[]][]> => {
		const { session, file, offset } = await open(text);
		return (prepareCallHierarchy(session, file, offset) ?? []).map((item) => [
			item.name,
			incomingCalls(session, item).map(({ from, fromRanges }) => `${from.name} ${fromRanges.length}`),
			outgoingCalls(session, item).map(({ to }) => to.name),
		]);
	};

	test.each([
		["of a load", cursor(PF, '"vm/web01"', 1), "vm/web01", ["/etc/pf.conf 2"], ["vm/web01/inner"]],
		["of a call with a star", cursor(PF, '"vm/*"', 1), "vm/web01", ["/etc/pf.conf 2"], ["vm/web01/inner"]],
		["of a block", cursor(PF, '"outer"', 1), "outer", ["/etc/pf.conf 1"], ["outer/inner"]],
		["of a block in a block", cursor(PF, '"inner"', 1), "outer/inner", ["outer 1"], []],
		["of an anchor in a file that is loaded", cursor(PF, '"inner"', 2), "vm/web01/inner", ["vm/web01 2"], []],
	] as const)("%s", async (_, text, ...expected) => expect(await shown(text)).toEqual([expected]));

	test("of an anchor in a file that is loaded into two", async () => {
		const text =
			'//- /etc/pf.conf\nload anchor "a" from "/etc/pf.x.conf"\nload anchor "b" from "/etc/pf.x.conf"\n//- /etc/pf.x.conf\nanchor "|x"\n';
		expect(await shown(text)).toEqual([
			["a/x", ["a 1"], []],
			["b/x", ["b 1"], []],
		]);
	});

	test("up to the file, and who includes it", async () => {
		const { session, file, offset } = await open(
			'//- /etc/pf.conf\ninclude "/etc/pf.more.conf"\n//- /etc/pf.more.conf\nanchor "|x" {\n\tpass\n}\n',
			{},
		);
		const [item] = prepareCallHierarchy(session, file, offset) ?? [];
		const [caller] = item === undefined ? [] : incomingCalls(session, item);
		expect(caller?.from.name).toBe("/etc/pf.more.conf");
		expect(caller === undefined ? [] : incomingCalls(session, caller.from).map(({ from }) => from.name)).toEqual(["/etc/pf.conf"]);
	});

	test("nothing on other words", async () => {
		const { session, file } = await open("//- /etc/pf.conf\npass\n");
		expect(prepareCallHierarchy(session, file, 1)).toBeNull();
	});
});

describe("linked editing", () => {
	test("from the definition, over all places of the file", async () => {
		const { session, file, offset } = await open(cursor(VM, "mem1"));
		expect(linkedEditing(session, file, offset)?.ranges.map((range) => textAt(file.text, file.lines.span(range)))).toEqual([
			"mem1",
			"mem1",
		]);
	});

	test("not from a use", async () => {
		const { session, file, offset } = await open(cursor(VM, "mem1", 2));
		expect(linkedEditing(session, file, offset)).toBeNull();
	});
});

import { describe, expect, test } from "vitest";
import type { Location, Range } from "vscode-languageserver";
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
		expect(documentHighlight(file, offset).map(({ range }) => range.start.line)).toEqual([1, 7]);
	});
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

	const refused: readonly (readonly [name: string, text: string, newName: string, why: string])[] = [
		["a word of the language", cursor(VM, "memory"), "x", "Only names can be renamed."],
		["to a word of the language", cursor(VM, "mem1"), "switch", "'switch' is a word of the language."],
		["to a name with a blank", cursor(VM, "mem1"), "a b", "'a b' cannot be the name: letters, digits and underscores"],
		["to a name that is too long", cursor(VM, "lan"), "x".repeat(64), "is longer than 63 bytes"],
		["to a name that there is", cursor(VM, "base"), "copy", "'copy' is defined already."],
		["to nothing", cursor(VM, "mem1"), "", "A name cannot be empty."],
		["an interface without a file", cursor(VM, "veb0"), "veb1", "'veb0' is no interface of a hostname file"],
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

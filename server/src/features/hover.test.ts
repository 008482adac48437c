import { describe, expect, test } from "vitest";
import { MarkupContent } from "vscode-languageserver";
import { hover } from "./hover.ts";
import { open } from "./testing.ts";

const HOST = `//- /etc/hostname.veb0
add vport0
up
`;

const cases: readonly (readonly [name: string, text: string, ...says: string[]])[] = [
	[
		"a word: what it does, its argument, default, example and manual",
		'//- /etc/vm.conf\nvm "a" {\n\tmem|ory 1G\n}\n',
		"memory size",
		"Default: `512M`",
		"https://man.openbsd.org/vm.conf.5#memory",
	],
	[
		"a switch: the block that defines it",
		'//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch "l|an" }\n}\n',
		"Switch `lan`",
		"interface veb0",
	],
	[
		"an interface: its file and who uses it",
		`//- /etc/vm.conf\nswitch "lan" {\n\tinterface ve|b0\n}\n${HOST}`,
		"Interface `veb0`",
		"- Driver: `veb`",
		"- Members: `vport0`",
		"- Switches: `lan`",
		"Set up by `/etc/hostname.veb0`",
	],
	["a file that is not known", '//- /etc/vm.conf\ninclude "/etc/vm.d/|a.conf"\n', "File `/etc/vm.d/a.conf`", "Not among the files"],
	["a macro: its value", '//- /etc/vm.conf\nmem1 = "2G"\nvm "a" {\n\tmemory $me|m1\n}\n', "Macro `mem1`", "2G"],
];

describe("hover", () => {
	for (const [name, text, ...says] of cases) {
		test(name, async () => {
			const { session, file, offset } = await open(text);
			const shown = hover(session, file, offset);
			const contents = shown?.contents;
			const value = MarkupContent.is(contents) ? contents.value : "";
			for (const part of says) expect(value).toContain(part);
		});
	}

	test("nothing between words, nor on punctuation", async () => {
		const { session, file, offset } = await open('//- /etc/vm.conf\nvm "a" {\n\tmemory 1G\n|\n}\n');
		expect(hover(session, file, offset)).toBeNull();
	});

	test("in the reader's language", async () => {
		const translations = { "Switch `{0}`": "交换机 `{0}`" };
		const { session, file, offset } = await open('//- /etc/vm.conf\nswitch "l|an" {\n\tinterface veb0\n}\n', { translations });
		expect(JSON.stringify(hover(session, file, offset))).toContain("交换机 `lan`");
	});
});

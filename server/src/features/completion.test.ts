import { describe, expect, test } from "vitest";
import { completion, resolveCompletion } from "./completion.ts";
import { open } from "./testing.ts";

interface Case {
	readonly at: string;
	readonly has?: readonly string[];
	readonly hasNot?: readonly string[];
	/** The text after the item was taken. */
	readonly taken?: readonly [item: string, text: string];
}

const vm = (text: string): string => `//- /etc/vm.conf\n${text}`;
const host = (text: string): string =>
	`${vm(text)}//- /etc/hostname.veb0\nadd vport0\n//- /etc/hostname.em0\ninet autoconf\n//- /etc/pf.conf\n\n`;

const cases: Readonly<Record<string, Case>> = {
	"an empty file": { at: vm("|"), has: ["vm", "switch", "include", "staggered"], hasNot: ["memory", "disk"] },
	"an empty line behind a guest": { at: vm('vm "a" {\n}\n|\n'), has: ["vm", "switch"], hasNot: ["memory"] },
	"inside a guest": { at: vm('vm "a" {\n\t|\n}\n'), has: ["memory", "disk", "interface"], hasNot: ["switch", "socket"] },
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's placeholder
	"a word's start": { at: vm('vm "a" {\n\tmem|\n}\n'), has: ["memory"], taken: ["memory", 'vm "a" {\n\tmemory ${1:1G}\n}\n'] },
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's placeholder
	"a word with a form of its own": { at: vm("sw|\n"), has: ["switch"], taken: ["switch", 'switch "${1:name}"\n'] },
	"inside an interface": { at: vm('vm "a" {\n\tinterface { | }\n}\n'), has: ["switch", "lladdr", "group"], hasNot: ["memory"] },
	"switches in quotes": {
		at: vm('switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch "|" }\n}\n'),
		has: ["lan"],
		taken: ["lan", 'switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch "lan" }\n}\n'],
	},
	"interfaces of the host's files": { at: host('switch "a" {\n\tinterface |\n}\n'), has: ["veb0", "em0"] },
	"macros by their sign": {
		at: vm('mem1 = "1G"\nvm "a" {\n\tmemory $|\n}\n'),
		has: ["$mem1"],
		taken: ["$mem1", 'mem1 = "1G"\nvm "a" {\n\tmemory $mem1\n}\n'],
	},
	"a broken file": { at: vm('vm "b" {\n\tmemory memory memory\n\tfoo\n}\n}\nvm "a" {\n\t|\n}\n'), has: ["memory", "disk"] },
	"a comment": { at: vm("# me|\n"), hasNot: ["vm", "memory"] },
};

describe("completion", () => {
	for (const [name, { at, has = [], hasNot = [], taken }] of Object.entries(cases)) {
		test(name, async () => {
			const { session, file, offset } = await open(at);
			const { items } = completion(session, file, offset);
			const labels = items.map(({ label }) => label);
			expect(labels).toEqual(expect.arrayContaining([...has]));
			expect(labels.filter((label) => hasNot.includes(label))).toEqual([]);
			if (taken === undefined) return;
			const edit = items.find(({ label }) => label === taken[0])?.textEdit;
			if (edit === undefined || !("range" in edit)) throw new Error(`${taken[0]} is not offered with an edit`);
			const { start, end } = file.lines.span(edit.range);
			expect(file.text.slice(0, start) + edit.newText + file.text.slice(end)).toBe(taken[1]);
		});
	}

	test("the most used words come first", async () => {
		const { session, file, offset } = await open(vm('vm "a" {\n\t|\n}\n'));
		const sorted = completion(session, file, offset).items.toSorted((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
		const order = sorted.map(({ label }) => label);
		expect(order.indexOf("disk")).toBeLessThan(order.indexOf("sev"));
	});

	test("documentation is made when it is asked for", async () => {
		const { session, file, offset } = await open(vm('vm "a" {\n\tmem|\n}\n'));
		const item = completion(session, file, offset).items.find(({ label }) => label === "memory");
		expect(item?.documentation).toBeUndefined();
		const resolved = item && resolveCompletion(session, item);
		expect(JSON.stringify(resolved?.documentation)).toContain("https://man.openbsd.org/vm.conf.5#memory");
	});

	test("without snippets, words are inserted alone", async () => {
		const client = {
			snippets: false,
			markdown: false,
			lineFoldingOnly: false,
			documentChanges: true,
			createFiles: false,
			renameFiles: false,
			hierarchicalSymbols: false,
		};
		const { session, file, offset } = await open(vm('vm "a" {\n\tmem|\n}\n'), { client });
		const item = completion(session, file, offset).items.find(({ label }) => label === "memory");
		expect(item?.textEdit?.newText).toBe("memory");
		expect(item?.insertTextFormat).toBeUndefined();
	});
});

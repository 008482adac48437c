import { describe, expect, test } from "vitest";
import type { CodeAction, TextEdit } from "vscode-languageserver";
import { codeActions } from "./code-actions.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { type Opened, open } from "./testing.ts";
import { toyLanguage } from "./toy-testing.ts";

/** The open file after an action's edits. */
function after({ file }: Opened, { edit }: CodeAction): string {
	const edits: TextEdit[] = (edit?.documentChanges ?? []).flatMap((change) =>
		"edits" in change ? change.edits.filter((one): one is TextEdit => "newText" in one) : [],
	);
	let { text } = file;
	const sorted = edits.map(({ range, newText }) => ({ ...file.lines.span(range), newText })).sort((a, b) => b.start - a.start);
	for (const { start, end, newText } of sorted) text = text.slice(0, start) + newText + text.slice(end);
	return text;
}

function actionsOf({ session, file, offset, end }: Opened, only?: readonly string[]): readonly CodeAction[] {
	return codeActions(session, file, { start: offset, end }, only);
}

describe("refactorings", () => {
	const cases: readonly (readonly [title: string, before: string, result: string])[] = [
		["Extract macro", "pass from |192.0.2.1|\n", 'addresses = "192.0.2.1"\npass from $addresses\n'],
		[
			"Extract macro",
			'addresses = "10.0.0.1"\npass from |{ 192.0.2.1 192.0.2.2 }|\n',
			'addresses = "10.0.0.1"\naddresses2 = "{ 192.0.2.1 192.0.2.2 }"\npass from $addresses2\n',
		],
		["Inline macro 'a'", 'a = "192.0.2.1"\npass from $|a\npass to $a\n', "pass from 192.0.2.1\npass to 192.0.2.1\n"],
		["Inline macro 'a'", '|a = "{ 1 2 }"\npass to port $a\n', "pass to port { 1 2 }\n"],
		[
			"Turn the list into a table",
			"pass from { 192.0.2.1, |198.51.100.0/24 }\n",
			"table <addresses> const { 192.0.2.1 198.51.100.0/24 }\npass from <addresses>\n",
		],
		["Split the list into 2 rules", 'pass to port { 80|, 443 } label "w"\n', 'pass to port 80 label "w"\npass to port 443 label "w"\n'],
		[
			"Sort the table and drop repetitions",
			"table <|a> { 192.0.2.10 192.0.2.9 10.0.0.0/8 }\n",
			"table <a> { 10.0.0.0/8 192.0.2.9 192.0.2.10 }\n",
		],
		[
			"Sort the table and drop repetitions",
			"table <|a> { 192.0.2.10, 10.0.0.0/8, 192.0.2.10 }\n",
			"table <a> { 10.0.0.0/8, 192.0.2.10 }\n",
		],
		["Add a label", "# c\npa|ss from 192.0.2.1 # why\n", '# c\npass from 192.0.2.1 label "pass-2" # why\n'],
		["Write 'rdr-to'", "pass r|dr 192.0.2.1\n", "pass rdr-to 192.0.2.1\n"],
	];
	for (const [title, before, result] of cases) {
		test(`${title}: ${before.trim().replaceAll("\n", " ↵ ")}`, async () => {
			const opened = await open(before, { language: toyLanguage });
			const action = actionsOf(opened).find((one) => one.title === title);
			expect(action === undefined ? actionsOf(opened).map((one) => one.title) : after(opened, action)).toBe(result);
		});
	}

	const refused: readonly (readonly [title: string, text: string])[] = [
		["Extract macro", 'pass label |"a b"|\n'],
		["Extract macro", "|pass| from 192.0.2.1\n"],
		["Inline macro 'a'", 'a = "1"\na = "2"\npass to port $|a\n'],
		["Inline macro 'a'", '|a = "1"\n'],
		["Turn the list into a table", "pass to port { 80| 443 }\n"],
		["Turn the list into a table", "pass from { example.org| }\n"],
		["Add a label", 'pa|ss from 192.0.2.1 label "a"\n'],
		["Sort the table and drop repetitions", "table <|a> { 10.0.0.0/8 192.0.2.9 }\n"],
	];
	for (const [title, text] of refused) {
		test(`no '${title}': ${text.trim().replaceAll("\n", " ↵ ")}`, async () => {
			const opened = await open(text, { language: toyLanguage });
			expect(actionsOf(opened).map((one) => one.title)).not.toContain(title);
		});
	}

	test("only the kinds that are asked for", async () => {
		const opened = await open("pass from { 192.0.2.1, |198.51.100.0/24 }\n", { language: toyLanguage });
		expect(actionsOf(opened, ["refactor.extract"]).map((one) => one.kind)).toEqual(["refactor.extract"]);
		expect(actionsOf(opened, ["quickfix"])).toEqual([]);
	});
});

describe("fixes and suppressions", () => {
	const text = '//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "w|an" }\n}\n';

	test("a comment suppresses the diagnostic at its place, and the diagnostic is gone", async () => {
		const opened = await open(text);
		const action = actionsOf(opened).find(({ title }) => title === "Ignore 'vm/unknown-switch' here");
		expect(action).toBeDefined();
		const result = action === undefined ? "" : after(opened, action);
		expect(result).toContain('\t# vnet-ignore: vm/unknown-switch\n\tinterface { switch "wan" }');
		const again = await open(result, { path: "/etc/vm.conf" });
		const codes = reportedDiagnostics(again.session, again.file).map(({ code }) => code);
		expect(codes).not.toContain("vm/unknown-switch");
		expect(codes).toContain("vm/unused-switch");
	});

	test("a fix names its diagnostic", async () => {
		const opened = await open('//- /etc/vm.conf\nvm "a" {\n\tdisk "/a"\n\tinterfaces |1\n\tinterface { switch "wan" }\n}\n');
		for (const { kind, diagnostics } of actionsOf(opened).filter(({ title }) => !title.startsWith("Ignore"))) {
			expect([kind, diagnostics?.length]).toEqual(["quickfix", 1]);
		}
	});
});

describe("suppression and severities", () => {
	const VM = (comment: string, beside = ""): string => `//- /etc/vm.conf\n${comment}switch "lan" {${beside}\n\tinterface em0\n}\n`;
	const cases: readonly (readonly [name: string, text: string, reported: boolean])[] = [
		["without a comment", VM(""), true],
		["above the statement", VM("# vnet-ignore: vm/unused-switch\n"), false],
		["above, with other codes", VM("# vnet-ignore: vm/other, vm/unused-switch\n"), false],
		["above, with a comment between", VM("# vnet-ignore: vm/unused-switch\n# the lan\n"), false],
		["for another code", VM("# vnet-ignore: vm/other\n"), true],
		["with an empty line between", VM("# vnet-ignore: vm/unused-switch\n\n"), true],
		["beside the line", VM("", " # vnet-ignore: vm/unused-switch"), false],
		["in a string", VM('a = "vnet-ignore: vm/unused-switch"\n'), true],
	];
	for (const [name, text, reported] of cases) {
		test(name, async () => {
			const { session, file } = await open(text);
			expect(reportedDiagnostics(session, file).some(({ code }) => code === "vm/unused-switch")).toBe(reported);
		});
	}

	test("the settings change a severity, or switch a code off", async () => {
		const settings = { lint: { severities: { "vm/unused-switch": "off", "vm/switch-interface": "hint" } } } as const;
		const { session, file } = await open(VM(""), { settings });
		expect(reportedDiagnostics(session, file).map(({ code, severity }) => [code, severity])).toEqual([["vm/switch-interface", "hint"]]);
	});
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { CodeAction, TextEdit } from "vscode-languageserver-types";
import { nightly, shareOf } from "../../../test/share.ts";
import { dryRun } from "../pf/ruleset/dryrun.ts";
import { codeActions, resolveCodeAction } from "./code-actions.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { ableClient, type Opened, open } from "./testing.ts";

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
		["Extract macro", "pass from |192.0.2.0/24| to any\n", 'addresses = "192.0.2.0/24"\npass from $addresses to any\n'],
		[
			"Extract macro",
			'addresses = "10.0.0.1"\npass from |{ 192.0.2.1 192.0.2.2 }|\n',
			'addresses = "10.0.0.1"\naddresses2 = "{ 192.0.2.1 192.0.2.2 }"\npass from $addresses2\n',
		],
		["Extract macro", 'anchor "a" {\n\tpass from |192.0.2.1|\n}\n', 'addresses = "192.0.2.1"\nanchor "a" {\n\tpass from $addresses\n}\n'],
		["Extract macro", '//- /etc/vm.conf\nvm "a" {\n\tdisk |"/var/vm/a.img"|\n}\n', 'value = "/var/vm/a.img"\nvm "a" {\n\tdisk $value\n}\n'],
		["Inline macro 'a'", 'a = "192.0.2.1"\npass from $|a\npass to $a\n', "pass from 192.0.2.1\npass to 192.0.2.1\n"],
		["Inline macro 'a'", '|a = "{ 1 2 }"\npass proto tcp to port $a\n', "pass proto tcp to port { 1 2 }\n"],
		[
			"Turn the list into a table",
			"pass from { 192.0.2.1, |198.51.100.0/24 }\n",
			"table <addresses> const { 192.0.2.1 198.51.100.0/24 }\npass from <addresses>\n",
		],
		[
			"Turn the list into a table",
			'anchor "a" {\n\tblock quick to { 10.0.0.0/8| 192.168.0.0/16 } # private\n}\n',
			'table <addresses> const { 10.0.0.0/8 192.168.0.0/16 }\nanchor "a" {\n\tblock quick to <addresses> # private\n}\n',
		],
		[
			"Split the list into 2 rules",
			'pass proto tcp to port { 80|, 443 } label "w"\n',
			'pass proto tcp to port 80 label "w"\npass proto tcp to port 443 label "w"\n',
		],
		[
			"Split the list into 3 rules",
			"pass proto tcp to port { 8000:|8080 1 >< 5 >= 60000 } # why\n",
			"pass proto tcp to port 8000:8080\npass proto tcp to port 1 >< 5\npass proto tcp to port >= 60000 # why\n",
		],
		[
			"Split the list into 2 rules",
			'anchor "a" {\n\tpass in\n\tpass from { 10.0.0.0/8 !| 10.1.0.0/16 }\n}\n',
			'anchor "a" {\n\tpass in\n\tpass from 10.0.0.0/8\n\tpass from ! 10.1.0.0/16\n}\n',
		],
		[
			"Split the list into 2 rules",
			"pass inet proto icmp icmp-type { echoreq, |unreach code host-unr }\n",
			"pass inet proto icmp icmp-type echoreq\npass inet proto icmp icmp-type unreach code host-unr\n",
		],
		[
			"Sort the table and drop repetitions",
			"table <|a> { 192.0.2.10 192.0.2.9 10.0.0.0/8 }\n",
			"table <a> { 10.0.0.0/8 192.0.2.9 192.0.2.10 }\n",
		],
		[
			"Sort the table and drop repetitions",
			"table <|a> { 192.0.2.10, !10.1.0.0/16, 10.0.0.0/8, 192.0.2.10 }\n",
			"table <a> { 10.0.0.0/8, !10.1.0.0/16, 192.0.2.10 }\n",
		],
		["Add a label", "# c\npa|ss from 192.0.2.1 # why\n", '# c\npass from 192.0.2.1 label "pass-2" # why\n'],
		["Add a label", 'anchor "a" {\n\tblock |quick\n}\n', 'anchor "a" {\n\tblock quick label "block-2"\n}\n'],
	];
	for (const [title, before, result] of cases) {
		test(`${title}: ${before.trim().replaceAll("\n", " ↵ ")}`, async () => {
			const opened = await open(before);
			const action = actionsOf(opened).find((one) => one.title === title);
			expect(action === undefined ? actionsOf(opened).map((one) => one.title) : after(opened, action)).toBe(result);
		});
	}

	const refused: readonly (readonly [title: string, text: string])[] = [
		["Extract macro", 'pass label |"a b"|\n'],
		["Extract macro", "|pass| from 192.0.2.1\n"],
		["Extract macro", "pass from |192.0.2.0/|24\n"],
		["Extract macro", '//- /etc/vm.conf\na = "/x"\nvm "b" {\n\tdisk |$a|\n}\n'],
		["Extract macro", '//- /etc/vm.conf\nswitch |"local"| {\n\tinterface veb0\n}\n'],
		["Inline macro 'a'", 'a = "1"\na = "2"\npass proto tcp to port $|a\n'],
		["Inline macro 'a'", '|a = "1"\n'],
		["Turn the list into a table", "pass proto tcp to port { 80| 443 }\n"],
		["Turn the list into a table", "pass from { example.org| }\n"],
		["Turn the list into a table", "pass from { 10.0.0.1| 10.0.0.2 } nat-to 192.0.2.1\n"],
		["Turn the list into a table", "pass from { 10.0.0.0/8| !10.0.0.2 }\n"],
		["Split the list into 2 rules", "pass proto { tcp| icmp } flags S/SA\n"],
		["Split the list into 2 rules", 'anchor "a" {\n\tpass |in\n\tblock out\n}\n'],
		["Add a label", 'pa|ss from 192.0.2.1 label "a"\n'],
		["Add a label", "set skip| on lo\n"],
		["Sort the table and drop repetitions", "table <|a> { 10.0.0.0/8 192.0.2.9 }\n"],
		["Sort the table and drop repetitions", "table <|a> { 192.0.2.9 !10.0.0.1 10.0.0.1 }\n"],
	];
	for (const [title, text] of refused) {
		test(`no '${title}': ${text.trim().replaceAll("\n", " ↵ ")}`, async () => {
			const opened = await open(text);
			expect(actionsOf(opened).map((one) => one.title)).not.toContain(title);
		});
	}

	const suite = resolve(import.meta.dirname, "../../../../shared/conformance/pf-cases.jsonl");

	test.skipIf(!existsSync(suite))("of accepted rulesets expand to the same rules (skipped where ../shared is absent)", async () => {
		const inputs = readFileSync(suite, "utf8")
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as { input: string; accept: boolean });
		const told = new Set<string>();
		const accepted = inputs.filter(({ input: text, accept }, i) => accept && i % 9 === 0 && !/[|\r]/.test(text));
		for (const { input } of shareOf(accepted, 6)) {
			const opened = await open(input);
			const lines = expandedLines(input);
			for (const { span: at } of opened.file.parsed.tokens()) {
				for (const action of actionsOf({ ...opened, offset: at.start, end: at.end }, ["refactor"])) {
					told.add(action.title.replace(/\d+|'.*'/, "..."));
					if (action.title === "Turn the list into a table") continue;
					expect(expandedLines(after(opened, action)), `${action.title}: ${input}`).toEqual(lines);
				}
			}
		}
		expect(told.size).toBeGreaterThanOrEqual(nightly ? 5 : 1);
	});

	/** The rules that pfctl makes, in no order; without macros, labels that we make, and the order of addresses in tables. */
	function expandedLines(text: string): readonly string[] {
		const lines = dryRun(text).stdout.split("\n");
		return lines
			.filter((line) => !/^[A-Za-z_][A-Za-z0-9_]* = "/.test(line))
			.map((line) =>
				line.startsWith("table <") ? [...new Set(line.split(" "))].sort().join(" ") : line.replace(/ label "[a-z]+-\d+"/, ""),
			)
			.sort();
	}

	test("only the kinds that are asked for", async () => {
		const opened = await open("pass from { 192.0.2.1, |198.51.100.0/24 }\n");
		expect(actionsOf(opened, ["refactor.extract"]).map((one) => one.kind)).toEqual(["refactor.extract"]);
		expect(actionsOf(opened, ["quickfix"]).every(({ kind }) => kind === "quickfix")).toBe(true);
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

	test("a fix makes a file that is missing, where the client can", async () => {
		const host = "//- /etc/hostname.bridge0\nadd e|m1\nup\n//- /etc/hostname.em0\nup\n";
		const opened = await open(host);
		const { edit } = actionsOf(opened).find(({ title }) => title === "Write 'up' into /etc/hostname.em1") ?? {};
		const uri = "file:///host/etc/hostname.em1";
		const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
		expect(edit?.documentChanges).toEqual([
			{ kind: "create", uri, options: { ignoreIfExists: true } },
			{ textDocument: { uri, version: null }, edits: [{ range, newText: "up\n" }] },
		]);
		const client = { ...opened.session.client, createFiles: false };
		expect(actionsOf({ ...opened, session: { ...opened.session, client } }).filter(({ title }) => title.startsWith("Write"))).toEqual([]);
	});

	test("a fix changes a file of the host that is in none of the languages", async () => {
		const opened = await open(
			"//- /etc/sysctl.conf\nkern.maxproc=1\n//- /etc/pf.conf\nset skip on lo\nblock\npass\nmatch out on egress inet from 10.0.0.0/8 nat-|to (egress)\n",
		);
		const { edit } = actionsOf(opened).find(({ title }) => title === "Write 'net.inet.ip.forwarding=1'") ?? {};
		const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
		expect(edit?.documentChanges).toEqual([
			{
				textDocument: { uri: "file:///host/etc/sysctl.conf", version: null },
				edits: [{ range, newText: "net.inet.ip.forwarding=1\n" }],
			},
		]);
	});

	describe("a fix that wants an address", () => {
		const host =
			'//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n//- /etc/hostname.veb0\nadd vport0\nup\n//- /etc/hostname.vport0\n|up';
		const fix = async (snippetEdits: boolean) => {
			const { session, ...opened } = await open(host);
			const client = { ...session.client, snippetEdits };
			return actionsOf({ ...opened, session: { ...session, client } }).find(({ title }) => title === "Give vport0 an address");
		};

		test("has the editor go to its places", async () => {
			const at = { line: 0, character: 2 };
			// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how placeholders of snippets are written
			const value = "\ninet ${1:192.0.2.1} ${2:255.255.255.0}\n";
			const found = await fix(true);
			expect(found?.isPreferred).toBeUndefined();
			expect(found?.edit?.documentChanges).toMatchObject([
				{ edits: [{ range: { start: at, end: at }, snippet: { kind: "snippet", value } }] },
			]);
		});

		test("is not offered where that cannot be: an example would be taken for the address", async () => {
			expect(await fix(false)).toBeUndefined();
		});
	});

	const regress = resolve(import.meta.dirname, "../../../../shared/conformance/pf-regress");

	test.skipIf(!existsSync(regress))("no fix makes pfctl refuse what it accepts (skipped where ../shared is absent)", async () => {
		let tried = 0;
		for (const name of readdirSync(regress).filter((each) => /^pf\d+\.in$/.test(each))) {
			const input = readFileSync(resolve(regress, name), "utf8");
			if (/[|\r]/.test(input) || !dryRun(input).accepted) continue;
			const opened = await open(input);
			for (const action of actionsOf({ ...opened, offset: 0, end: input.length }, ["quickfix"])) {
				if (action.title.startsWith("Ignore")) continue;
				tried++;
				expect(dryRun(after(opened, action)).accepted, `${name}: ${action.title}`).toBe(true);
			}
		}
		expect(tried).toBeGreaterThan(100);
	});

	test("a fix names its diagnostic", async () => {
		const opened = await open('//- /etc/vm.conf\nvm "a" {\n\tdisk "/a"\n\tinterfaces |1\n\tinterface { switch "wan" }\n}\n');
		for (const { kind, diagnostics } of actionsOf(opened).filter(({ title }) => !title.startsWith("Ignore"))) {
			expect([kind, diagnostics?.length]).toEqual(["quickfix", 1]);
		}
	});
});

describe("a fix that is taken later, as VS Code keeps those of a problem", () => {
	const lateClient = { client: { ...ableClient, lateEdits: true } };
	const RULES = "pass in on em0 proto tcp to port 22\npass in on em0 proto tcp to port 80 keep state\n";
	/** The fix of `keep state` at the end of the text, and the files behind it. */
	async function kept(): Promise<readonly [Opened, CodeAction]> {
		const opened = await open(RULES, lateClient);
		const { session, file } = opened;
		const fix = codeActions(session, file, { start: 0, end: file.text.length }, ["quickfix"]).find(({ diagnostics = [] }) =>
			diagnostics.some(({ code }) => code === "pf/redundant-keep-state"),
		);
		if (fix === undefined) throw new Error("no fix");
		return [opened, fix];
	}
	const changed = ({ documents, file, ...rest }: Opened, line: number, from: number, to: number, text: string): Opened => {
		documents.change(file.uri, 2, [{ range: { start: { line, character: from }, end: { line, character: to } }, text }]);
		return { documents, ...rest, file: documents.file(file.uri) ?? file };
	};

	test("has no edit until it is taken", async () => {
		const [opened, fix] = await kept();
		expect(fix.edit).toBeUndefined();
		expect(after(opened, resolveCodeAction(opened.session, fix))).toBe(RULES.replace(" keep state", ""));
	});

	test("fits the text as it is then", async () => {
		const [opened, fix] = await kept();
		const moved = changed(opened, 0, 0, 0, "# SSH\n");
		expect(after(moved, resolveCodeAction(moved.session, fix))).toBe(`# SSH\n${RULES.replace(" keep state", "")}`);
	});

	test("does nothing where its finding has gone", async () => {
		const [opened, fix] = await kept();
		const mended = changed(opened, 1, 0, 99, "pass");
		expect(resolveCodeAction(mended.session, fix)).toEqual(fix);
	});

	test("is the one of the nearest finding where others are alike", async () => {
		const [opened, fix] = await kept();
		const doubled = changed(opened, 0, 35, 35, " keep state");
		expect(after(doubled, resolveCodeAction(doubled.session, fix))).toBe(doubled.file.text.replace(" 80 keep state", " 80"));
	});

	test.each([
		{},
		{ data: 1 },
		{ data: {} },
		{ data: { uri: 1 } },
		{ data: { uri: "file:///nowhere", code: "a", at: { line: 0, character: 0 } } },
	])("of an editor that sends %j: none", async (rest) => {
		const { session } = await open(RULES, lateClient);
		const action = { title: "A", ...rest };
		expect(resolveCodeAction(session, action)).toBe(action);
	});
});

describe("suppression and severities", () => {
	const VM = (comment: string, beside = ""): string =>
		`//- /etc/vm.conf\n${comment}switch "lan" {${beside}\n\tinterface em0\n}\nvm "a" {\n\tdisk "/a"\n}\n`;
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

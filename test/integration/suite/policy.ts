import { type CodeAction, commands, languages, Range, type Uri, window, workspace } from "vscode";
import { deepStrictEqual, ok } from "../assert.ts";
import { closeAll, example, open, openFile, readyApi, until } from "../editor.ts";

const codes = (uri: Uri) => languages.getDiagnostics(uri).map(({ code }) => String(typeof code === "object" ? code.value : code));

interface Traced {
	readonly answer: string;
	readonly ways: readonly {
		readonly result: string;
		readonly steps: readonly { readonly label: string; readonly rules: readonly { readonly text: string; readonly role: string }[] }[];
	}[];
}

describe("what pf does", () => {
	before(readyApi);
	afterEach(closeAll);

	it("tells a rule that never decides, and mends it", async () => {
		const { document } = await openFile("dead/etc/pf.conf", "pass in proto tcp to port 80\nblock in\n");
		await until("the diagnostic", () => codes(document.uri).includes("policy/rule-overridden"));
		const actions = await commands.executeCommand<CodeAction[]>(
			"vscode.executeCodeActionProvider",
			document.uri,
			new Range(0, 0, 0, 1),
			"quickfix",
			// The edit of a fix is made when it is taken.
			20,
		);
		const fix = actions.find(({ title }) => title === "Move this rule below those that override it");
		ok(fix?.edit !== undefined, actions.map(({ title }) => title).join(", "));
		ok(await workspace.applyEdit(fix.edit));
		deepStrictEqual(document.getText(), "block in\npass in proto tcp to port 80\n");
		await until("no diagnostic", () => !codes(document.uri).some((code) => code.startsWith("policy/")));
	});

	it("traces a packet to the rule that decides", async () => {
		await open(example("corrected/etc/pf.conf"));
		const flow = { from: "outside", to: "web01", protocol: "tcp", port: 443 };
		const found = await commands.executeCommand<Traced>("openbsdVnet.tracePacket", flow);
		deepStrictEqual(found?.answer, "yes");
		const way = found.ways.find(({ result }) => result === "passes");
		deepStrictEqual(
			way?.steps.slice(0, 3).map(({ label }) => label),
			["in em0", "out vport0", "out tap3"],
		);
		ok(way?.steps[2]?.rules.find(({ role }) => role === "decides")?.text.includes("port = 443") === true);
		await commands.executeCommand("openbsdVnet.clearTrace");
	});

	it("tells an expectation that does not hold as one types", async () => {
		const { document } = await open(example("corrected/etc/policy.pftest"));
		deepStrictEqual(document.languageId, "openbsd-pftest");
		const editor = window.activeTextEditor;
		const at = document.positionAt(document.getText().indexOf("tcp 3306"));
		await editor?.edit((edit) => edit.replace(new Range(at, at.translate(0, 8)), "tcp 3307"));
		await until("the failure", () => codes(document.uri).includes("pftest/fails"));
		await commands.executeCommand("undo");
		await until("no failure", () => !codes(document.uri).includes("pftest/fails"));
		await commands.executeCommand("workbench.action.files.revert");
	});

	it("runs the tests of the Test Explorer", async () => {
		const wrong = "outside db01 any pass";
		const { document } = await open(example("corrected/etc/policy.pftest"));
		await openFile("corrected/etc/wrong.pftest", `${wrong}\n`);
		const became = await commands.executeCommand<Readonly<Record<string, string>>>("openbsdVnet.runPolicyTests");
		const file = workspace.asRelativePath(document.uri);
		deepStrictEqual(became[`${file}: web01 db01 tcp 3306 pass`], "passed");
		deepStrictEqual(became[`${workspace.asRelativePath(example("corrected/etc/wrong.pftest"))}: ${wrong}`], "failed");
		// The same by VS Code's own button.
		await commands.executeCommand("testing.runAll");
	});

	it("shows who reaches whom, and exports it", async () => {
		const { document } = await open(example("corrected/etc/pf.conf"));
		const matrix = await commands.executeCommand<{ readonly ends: readonly string[] }>("openbsdVnet.showReachability", document.uri);
		deepStrictEqual(matrix?.ends, ["outside", "host", "web01", "db01"]);
		const csv = await commands.executeCommand<string>("openbsdVnet.exportReachability", "csv", document.uri);
		ok(csv?.includes('"web01","db01","tcp 3306","yes"') === true, csv);
		const markdown = await commands.executeCommand<string>("openbsdVnet.exportReachability", "markdown", document.uri);
		ok(markdown?.includes("| web01 |") === true, markdown);
	});

	it("shows what the outside may reach, with links to the rules", async () => {
		const { document } = await open(example("corrected/etc/pf.conf"));
		const page = await commands.executeCommand<string>("openbsdVnet.showExposure", document.uri);
		ok(page?.includes(`(<${document.uri.toString()}#L`) === true, page);
		ok(page.includes("pf lets nothing else in from outside."), page);
	});
});

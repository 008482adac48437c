import {
	type CodeLens,
	type CompletionList,
	commands,
	DiagnosticSeverity,
	type DocumentSymbol,
	type Hover,
	type InlayHint,
	type Location,
	type LocationLink,
	languages,
	type MarkdownString,
	Position,
	Range,
	Selection,
	type TextEdit,
	type TextEditor,
	type Uri,
	ViewColumn,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import { deepStrictEqual, ok, strictEqual } from "../assert.ts";
import { closeAll, example, open, openFile, positionOf, readyApi, until } from "../editor.ts";

const codes = (uri: Uri) => languages.getDiagnostics(uri).map(({ code }) => String(typeof code === "object" ? code.value : code));

async function hoverText(path: string, word: string): Promise<string> {
	const { document } = await open(example(path));
	const hovers = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", document.uri, positionOf(document, word));
	return hovers.flatMap(({ contents }) => contents.map((each) => (each as MarkdownString).value)).join("\n");
}

async function completions(path: string, text: string, at: string): Promise<readonly string[]> {
	const { document } = await openFile(path, text);
	const position = document.positionAt(document.getText().indexOf(at) + at.length);
	const list = await commands.executeCommand<CompletionList>("vscode.executeCompletionItemProvider", document.uri, position);
	return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
}

function symbolNames(symbols: readonly DocumentSymbol[]): readonly string[] {
	return symbols.flatMap(({ name, children }) => [name, ...symbolNames(children)]);
}

describe("the three languages", () => {
	before(readyApi);
	afterEach(closeAll);

	it("reports the glob of the handbook's load anchor at its words", async () => {
		const { document } = await open(example("handbook-microsegmentation/etc/pf.conf"));
		await until("the diagnostic", () => codes(document.uri).includes("host/load-anchor-glob"));
		const found = languages
			.getDiagnostics(document.uri)
			.find(({ code }) => (typeof code === "object" ? code.value : code) === "host/load-anchor-glob");
		ok(found !== undefined && document.getText(found.range).includes("/etc/pf.vm/*.conf"), document.getText(found?.range));
	});

	for (const [path, code, words] of [
		["hostname.bridge0", "host/lower-down", ["em1"]],
		["hostname.vlan10", "hostname/deprecated", ["vlandev", "vlan"]],
		["pf.conf", "pf/redundant-keep-state", ["keep state", "keep state"]],
	] as const) {
		it(`reports ${code} in the handbook's ${path} at the right words`, async () => {
			const { document } = await open(example(`handbook/etc/${path}`));
			await until("the diagnostic", () => codes(document.uri).includes(code));
			const reported = languages.getDiagnostics(document.uri).filter((_, index) => codes(document.uri)[index] === code);
			deepStrictEqual(
				reported.map(({ range }) => document.getText(range)),
				words,
			);
		});
	}

	it("has nothing to say against the corrected host", async () => {
		for (const path of ["corrected/etc/pf.conf", "corrected/etc/vm.conf", "corrected/etc/hostname.veb0"]) {
			const { document } = await open(example(path));
			deepStrictEqual(codes(document.uri), []);
		}
	});

	it("shows the ruleset that pfctl would load, beside the file, and follows the file", async () => {
		const { document } = await openFile("expanded/etc/pf.conf", "block\npass in proto tcp to port { 80 443 }\n");
		await commands.executeCommand("openbsdVnet.showExpanded");
		const shown = await until("the document", () => workspace.textDocuments.find(({ uri }) => uri.scheme === "openbsd-vnet"));
		await until("its text", () => shown.getText().includes("port = 443 flags S/SA"));
		strictEqual(shown.languageId, "openbsd-pf");
		const edit = new WorkspaceEdit();
		edit.insert(document.uri, document.positionAt(document.getText().length), "pass out proto icmp\n");
		await workspace.applyEdit(edit);
		await until("the new rule", () => shown.getText().includes("pass out proto icmp all"));
		const lines = await commands.executeCommand<Location[]>(
			"vscode.executeDefinitionProvider",
			shown.uri,
			positionOf(shown, "pass in proto tcp", 2),
		);
		deepStrictEqual(
			lines.map(({ uri, range }) => [uri.toString(), range.start.line]),
			[[document.uri.toString(), 1]],
		);
		// What counts uses in one document would find none in this one.
		deepStrictEqual(await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", shown.uri), []);
	});

	it("keeps the expanded ruleset and its source in step, whichever one the cursor is in", async () => {
		const ports = Array.from({ length: 200 }, (_, i) => `pass in proto tcp to port ${i + 1}`);
		const editor = await openFile("in-step/etc/pf.conf", `${ports.join("\n")}\n`);
		await commands.executeCommand("openbsdVnet.showExpanded");
		const uri = editor.document.uri.toString();
		const shown = await until("the document", () =>
			window.visibleTextEditors.find(({ document }) => document.uri.scheme === "openbsd-vnet" && document.uri.query === uri),
		);
		await until("its text", () => shown.document.lineCount > 199);
		const isInSight = ({ visibleRanges }: TextEditor, line: number) => visibleRanges.some((range) => range.contains(new Position(line, 0)));
		for (const [one, other] of [
			[editor, shown],
			[shown, editor],
		] as const) {
			for (const line of [190, 3]) {
				const active = await window.showTextDocument(one.document, { viewColumn: one.viewColumn ?? ViewColumn.Active });
				active.selection = new Selection(line, 0, line, 0);
				await until(`line ${line} beside ${one.document.uri.scheme}`, () => isInSight(other, line));
			}
		}
	});

	it("shows what netstart runs for an interface", async () => {
		await openFile("netstart/etc/hostname.bridge0", "add em1\nup\n");
		await commands.executeCommand("openbsdVnet.showNetstart");
		const shown = await until("the document", () =>
			workspace.textDocuments.find(({ uri }) => uri.scheme === "openbsd-vnet" && uri.path.includes("hostname.bridge0")),
		);
		await until("its text", () => shown.getText().includes("ifconfig bridge0 add em1"));
		strictEqual(shown.languageId, "shellscript");
	});

	it("explains nat-to, switch and vlandev", async () => {
		ok((await hoverText("handbook/etc/pf.conf", "nat-to")).includes("man.openbsd.org"));
		ok((await hoverText("handbook/etc/vm.conf", 'switch "lan"')).includes("man.openbsd.org"));
		ok((await hoverText("handbook/etc/hostname.vlan10", "vlandev")).includes("parent"));
	});

	it("completes a rule, a guest's interface and a bridge's member", async () => {
		const rule = await completions("new/etc/pf.conf", "block\npass in on \n", "in on ");
		ok(rule.includes("any") && !rule.includes("proto"), rule.join(" "));
		const guest = await completions("new/etc/vm.conf", 'switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { \n', "interface { ");
		ok(guest.includes("switch") && guest.includes("lladdr"), guest.join(" "));
		const member = await completions("handbook/etc/hostname.bridge0", "add \nup\n", "add ");
		ok(member.length > 0);
	});

	it("takes a snippet, and has nothing against what it inserted", async () => {
		const { document } = await openFile("snippet/etc/vm.conf", "");
		await commands.executeCommand("editor.action.insertSnippet", { langId: "openbsd-vm", name: "Pattern: bridged guests" });
		ok(document.getText().includes('vm "web01" {'), document.getText());
		await commands.executeCommand("leaveSnippet");
		await until("the outline", async () => {
			const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
			return symbolNames(symbols ?? []).some((name) => name.includes("web01"));
		});
		deepStrictEqual(
			languages.getDiagnostics(document.uri).filter(({ severity }) => severity === DiagnosticSeverity.Error),
			[],
		);
	});

	it("goes to the definition of a macro and of a switch", async () => {
		for (const [path, use, definition] of [
			["handbook/etc/pf.conf", "$wan", "wan"],
			["corrected/etc/vm.conf", 'switch "', 'switch "'],
		] as const) {
			const { document } = await open(example(path));
			const last = document.positionAt(document.getText().lastIndexOf(use) + use.length);
			const found = await commands.executeCommand<(Location | LocationLink)[]>(
				"vscode.executeDefinitionProvider",
				document.uri,
				last.translate(0, use === "$wan" ? -1 : 1),
			);
			const [first] = found;
			const range =
				first && ("targetSelectionRange" in first ? (first.targetSelectionRange ?? first.targetRange) : (first as Location).range);
			ok(range !== undefined && document.lineAt(range.start.line).text.includes(definition), `no definition of ${use}`);
		}
	});

	it("renames an interface in all files, and its own file", async () => {
		await openFile("rename/etc/hostname.veb7", "up\n");
		await openFile("rename/etc/pf.conf", "pass on veb7\n");
		const { document } = await openFile("rename/etc/vm.conf", 'switch "lan" {\n\tinterface veb7\n}\n');
		const edit = await until("the rename in three files", async () => {
			const found = await commands.executeCommand<WorkspaceEdit>(
				"vscode.executeDocumentRenameProvider",
				document.uri,
				positionOf(document, "veb7"),
				"veb8",
			);
			return found.entries().length >= 2 && found;
		});
		ok(await workspace.applyEdit(edit));
		ok(document.getText().includes("interface veb8"));
		const rules = await workspace.openTextDocument(example("rename/etc/pf.conf"));
		strictEqual(rules.getText(), "pass on veb8\n");
		deepStrictEqual(
			(await workspace.fs.readDirectory(example("rename/etc"))).map(([name]) => name).filter((name) => name.startsWith("hostname")),
			["hostname.veb8"],
		);
	});

	it("aligns macros when it formats", async () => {
		const { document } = await openFile("format/etc/pf.conf", 'a = "em0"\nlonger = "em1"\n');
		const edits = await commands.executeCommand<TextEdit[]>("vscode.executeFormatDocumentProvider", document.uri, {
			tabSize: 4,
			insertSpaces: true,
		});
		const edit = new WorkspaceEdit();
		edit.set(document.uri, edits);
		await workspace.applyEdit(edit);
		strictEqual(document.getText(), 'a      = "em0"\nlonger = "em1"\n');
	});

	it("shows values, services and how many rules a line becomes, beside their words", async () => {
		const { document } = await openFile("hints/etc/pf.conf", 'wan = "em0"\npass in on $wan proto tcp to port { 80 443 }\n');
		const hints = await commands.executeCommand<InlayHint[]>(
			"vscode.executeInlayHintProvider",
			document.uri,
			new Range(0, 0, document.lineCount, 0),
		);
		deepStrictEqual(
			hints.map(({ label }) => (typeof label === "string" ? label : label.map(({ value }) => value).join("")).trim()),
			["= em0", "www", "https", "→ 2 rules"],
		);
	});

	it("shows the outline of a ruleset", async () => {
		const { document } = await open(example("corrected/etc/pf.conf"));
		const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
		ok(symbolNames(symbols).includes("wan"), symbolNames(symbols).join(" "));
		ok(
			symbols.some(({ name, children }) => name === "The host itself" && children.length > 0),
			"a section of the name of its comment",
		);
	});
});

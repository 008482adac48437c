/** The files of the workspace on their host, with the simulated one: validated, planned, deployed, and taken back. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commands, type Disposable, FilePermission, languages, Position, Range, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { shareOf } from "../../share.ts";
import { ok, strictEqual } from "../assert.ts";
import { closeAll, example, open, rangeOf, readyApi, until } from "../editor.ts";

const root = process.env.OPENBSD_VNET_SIMULATED_ROOT ?? "";
const rules = () => open(example("corrected/etc/pf.conf"));
const onHost = () => readFile(join(root, "etc/pf.conf"), "utf8");

/** What deploys beside the one that is kept and the one that is rolled back: each waits for its host as long as most others take together. */
const turns = ["cancelled", "merged", "rehearsed", "taken back", "saved"] as const;
const today = shareOf(turns, turns.length);
const inTurn = (turn: (typeof turns)[number]) => (today.includes(turn) ? it : () => undefined);

/** Writes a comment at the end of pf.conf, here. */
async function comment(text: string): Promise<void> {
	const { document } = await rules();
	const edit = new WorkspaceEdit();
	edit.insert(document.uri, new Position(document.lineCount, 0), `# ${text}\n`);
	ok(await workspace.applyEdit(edit));
}

/** Carries out a plan; resolves with how it ended once `decide` has been called while the host waits. */
async function applied(plan: Uri, decision: "keepDeployment" | "undoDeployment"): Promise<string> {
	let ended = false;
	type Ended = { readonly kind: string; readonly message?: unknown } | undefined;
	const applying = Promise.resolve(commands.executeCommand<Ended>("openbsdVnet.applyPlan", plan)).finally(() => {
		ended = true;
	});
	// Nothing waits for a decision until all checks have passed; before that the commands do nothing.
	while (!ended) {
		await commands.executeCommand(`openbsdVnet.${decision}`);
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	const result = await applying;
	if (result?.kind === "failed") console.log(`      ${JSON.stringify(result.message)}`);
	return result?.kind ?? "cancelled";
}

// In the web extension host there is no SSH, and so no host.
(root === "" ? describe.skip : describe)("deployments", () => {
	before(async () => {
		await readyApi();
		// Tests of the suite before this one, some of which fail on purpose, would stop a deployment.
		for (const uri of await workspace.findFiles("corrected/**/*.pftest")) await workspace.fs.delete(uri);
	});
	afterEach(closeAll);

	it("shows what the host says of a file, at its words, under the host's name", async () => {
		const { document } = await rules();
		const edit = new WorkspaceEdit();
		edit.insert(document.uri, new Position(document.lineCount, 0), "pass in on nowhere frm any\n");
		await workspace.applyEdit(edit);
		await commands.executeCommand("openbsdVnet.validateHost");
		const said = languages.getDiagnostics(document.uri).filter(({ source, severity }) => source === "corrected" && severity === 0);
		ok(said.length === 1, JSON.stringify(said));
		const [first] = said;
		ok(first !== undefined);
		strictEqual(first.message, "syntax error");
		strictEqual(first.code, "pfctl -nf");
		ok(first.range.intersection(rangeOf(document, "pass in on nowhere frm any")) !== undefined);
		await commands.executeCommand("undo");
		strictEqual(languages.getDiagnostics(document.uri).filter(({ source }) => source === "corrected").length, 0);
	});

	it("shows a plan, deploys it, and keeps it when told to", async () => {
		const before = await onHost();
		await comment("deployed by the editor");
		const plan = await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost");
		ok(plan !== undefined);
		const text = window.activeTextEditor?.document.getText() ?? "";
		ok(text.includes("+# deployed by the editor"), text);
		ok(text.includes("`pfctl -f /etc/pf.conf`"), text);
		ok(text.includes("SSH connection"), text);
		strictEqual(await onHost(), before);
		strictEqual(await applied(plan, "keepDeployment"), "deployed");
		strictEqual(await onHost(), `${before}# deployed by the editor\n`);
	});

	it("rolls back when the change is not kept", async () => {
		const before = await onHost();
		await comment("not to stay");
		const plan = await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost");
		ok(plan !== undefined);
		strictEqual(await applied(plan, "undoDeployment"), "failed");
		strictEqual(await onHost(), before);
	});

	inTurn("cancelled")("rolls back when it is cancelled in the middle of its steps", async () => {
		const before = await onHost();
		await comment("cancelled");
		const plan = await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost");
		ok(plan !== undefined);
		const dir = join(root, "var/backups/openbsd-vnet");
		const earlier = new Set(await readdir(dir, { recursive: true }));
		const begun = async () => (await readdir(dir, { recursive: true })).some((name) => /began\.\d+$/.test(name) && !earlier.has(name));
		const applying = Promise.resolve(commands.executeCommand("openbsdVnet.applyPlan", plan));
		await until("a command to have begun", begun);
		await commands.executeCommand("openbsdVnet.cancelDeployment");
		await applying;
		strictEqual(await onHost(), before);
		await until("the lock to be gone", async () => !(await readdir(dir)).includes("lock"));
	});

	inTurn("merged")("merges what others changed on the host into the file here", async () => {
		const before = await onHost();
		await writeFile(join(root, "etc/pf.conf"), `# theirs\n${before}`);
		await comment("ours");
		const plan = await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost");
		ok(plan !== undefined);
		ok(window.activeTextEditor?.document.getText().includes("Changed on the host since the last deployment"));
		strictEqual(await commands.executeCommand<number | undefined>("openbsdVnet.mergeFromHost", plan), 0);
		const { document } = await rules();
		ok(document.getText().startsWith("# theirs\n"), document.getText().slice(0, 200));
		ok(document.getText().includes("# ours\n"));
		strictEqual(document.isDirty, false);
		const merged = await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost");
		ok(merged !== undefined);
		ok(!window.activeTextEditor?.document.getText().includes("Changed on the host since the last deployment"));
		strictEqual(await applied(merged, "keepDeployment"), "deployed");
		strictEqual(await onHost(), document.getText());
	});

	it("shows which connections a plan makes possible", async () => {
		const { document } = await rules();
		const edit = new WorkspaceEdit();
		edit.insert(document.uri, new Position(document.lineCount, 0), "pass in quick on $wan inet proto tcp to ($wan) port 2222\n");
		await workspace.applyEdit(edit);
		ok((await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost")) !== undefined);
		const text = window.activeTextEditor?.document.getText() ?? "";
		ok(/Becomes possible: outside → host, tcp 2222/.test(text), text);
		await window.showTextDocument(document);
		await commands.executeCommand("undo");
		await document.save();
	});

	it("plans what VS Code is saving already, which takes no other save until extensions have had their time", async () => {
		const { document } = await rules();
		let listener: Disposable | undefined;
		const begun = new Promise<void>((resolve) => {
			listener = workspace.onWillSaveTextDocument((event) => {
				if (event.document !== document) return;
				// VS Code ends the wait for this.
				event.waitUntil(new Promise(() => undefined));
				resolve();
			});
		});
		try {
			await comment("being saved");
			const saving = document.save();
			await begun;
			ok((await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost")) !== undefined);
			await saving;
		} finally {
			listener?.dispose();
		}
		ok((window.activeTextEditor?.document.getText() ?? "").includes("+# being saved"));
		await window.showTextDocument(document);
		await commands.executeCommand("undo");
		await document.save();
	});

	it("shows the program that a user who is not root deploys by", async () => {
		await commands.executeCommand("openbsdVnet.showHostProgram");
		const document = window.activeTextEditor?.document;
		strictEqual(document?.languageId, "shellscript");
		strictEqual(document?.getText(), await readFile(join(root, "bin/openbsd-vnet-host"), "utf8"));
	});

	it("brings an older program of the host up before it plans", async () => {
		const path = join(root, "bin/openbsd-vnet-host");
		const ours = await readFile(path, "utf8");
		await writeFile(path, ours.replace(/^version=.*/m, "version=0.0.9"));
		await writeFile(join(root, "etc/openbsd-vnet.allow"), `${path}\n`);
		await commands.executeCommand("openbsdVnet.deployHost");
		strictEqual(await readFile(path, "utf8"), ours);
	});

	inTurn("rehearsed")("rehearses the way back", async () => {
		const before = await onHost();
		const result = await commands.executeCommand<{ kind: string } | undefined>("openbsdVnet.rehearseHost");
		strictEqual(result?.kind, "works");
		strictEqual(await onHost(), before);
	});

	inTurn("taken back")("lists what was deployed, and rolls back to before it", async () => {
		await comment("deployed last");
		const latest = await commands.executeCommand<Uri | undefined>("openbsdVnet.deployHost");
		ok(latest !== undefined);
		const before = await onHost();
		strictEqual(await applied(latest, "keepDeployment"), "deployed");
		const picking = Promise.resolve(commands.executeCommand<Uri | undefined>("openbsdVnet.showDeployments"));
		let plan: Uri | undefined;
		const picked = picking.then((uri) => {
			plan = uri;
		});
		await until("the plan of the way back", async () => {
			await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
			return plan !== undefined;
		});
		await picked;
		ok(plan !== undefined);
		const [back = "", changed = ""] = (window.activeTextEditor?.document.getText() ?? "").split("## What this deployment changed");
		ok(back.includes("-# deployed last"), back);
		ok(changed.includes("+# deployed last"), changed);
		ok(/\dZ rules: status 0\n/.test(changed), changed);
		strictEqual(await applied(plan, "keepDeployment"), "deployed");
		strictEqual(await onHost(), before);
	});

	describe("the host's own files", () => {
		const named = (path: string) => Uri.from({ scheme: "openbsd-vnet-host", authority: "corrected", path });
		const opened = async (path: string) => {
			const host = { name: "corrected", address: "simulated" };
			const uri = await commands.executeCommand<Uri | undefined>("openbsdVnet.openHostFiles", { host, path });
			strictEqual(uri?.toString(), named(path).toString());
			return await workspace.openTextDocument(named(path));
		};
		const isReadOnly = async (uri: Uri) => ((await workspace.fs.stat(uri)).permissions ?? 0) === FilePermission.Readonly;

		it("open read-only, with the others as context", async () => {
			const document = await opened("/etc/vm.conf");
			strictEqual(document.getText(), await readFile(join(root, "etc/vm.conf"), "utf8"));
			strictEqual(document.languageId, "openbsd-vm");
			ok(await isReadOnly(document.uri));
			const word = /interface (veb\d+)/.exec(document.getText());
			ok(word !== null);
			const at = document.positionAt(word.index + "interface v".length);
			const found = await commands.executeCommand<{ uri?: Uri; targetUri?: Uri }[]>("vscode.executeDefinitionProvider", document.uri, at);
			strictEqual(String(found[0]?.targetUri ?? found[0]?.uri), named(`/etc/hostname.${word[1]}`).toString());
			ok((await workspace.fs.readDirectory(named("/etc"))).some(([name]) => name === "pf.conf"));
		});

		inTurn("saved")("are saved by a deployment of the one that is saved, and by nothing else", async () => {
			const before = await onHost();
			const document = await opened("/etc/pf.conf");
			await commands.executeCommand("openbsdVnet.makeHostFilesEditable");
			ok(!(await isReadOnly(document.uri)));
			// Its editor takes what is typed once it has looked again.
			await until("an editor that takes a letter", async () => {
				await commands.executeCommand("type", { text: "#" });
				return document.isDirty;
			});
			await commands.executeCommand("undo");
			const write = async (text: string) => {
				const edit = new WorkspaceEdit();
				edit.insert(document.uri, new Position(document.lineCount, 0), `# ${text}\n`);
				ok(await workspace.applyEdit(edit));
			};
			const planShown = async () => {
				await until("the plan", () => window.activeTextEditor?.document.uri.scheme === "openbsd-vnet-plan");
				const plan = window.activeTextEditor?.document;
				ok(plan !== undefined);
				return plan;
			};
			await write("saved on the host");
			const saving = document.save();
			const plan = await planShown();
			ok(plan.getText().includes("+# saved on the host"), plan.getText());
			strictEqual(await onHost(), before);
			strictEqual(await applied(plan.uri, "keepDeployment"), "deployed");
			ok(await saving);
			strictEqual(await onHost(), `${before}# saved on the host\n`);
			strictEqual(document.isDirty, false);

			await commands.executeCommand("workbench.action.closeActiveEditor");
			await window.showTextDocument(document);
			await write("not saved");
			const failing = Promise.resolve(document.save()).catch(() => false);
			await planShown();
			await commands.executeCommand("workbench.action.closeActiveEditor");
			strictEqual(await failing, false);
			strictEqual(document.isDirty, true);
			strictEqual(await onHost(), `${before}# saved on the host\n`);

			// What others change meanwhile is never overwritten.
			await writeFile(join(root, "etc/pf.conf"), `${await onHost()}# theirs\n`);
			strictEqual(await Promise.resolve(document.save()).catch(() => false), false);
			strictEqual(document.isDirty, true);
			ok((await onHost()).endsWith("# theirs\n"));
			await window.showTextDocument(document);
			await commands.executeCommand("workbench.action.files.revert");
			await until("their text", () => document.getText().endsWith("# theirs\n"));
			await writeFile(join(root, "etc/pf.conf"), before);
		});

		it("of a host that is not named say so", async () => {
			const nowhere = named("/etc/pf.conf").with({ authority: "nowhere" });
			const why = await Promise.resolve(workspace.fs.readFile(nowhere)).then(
				() => "",
				(error: unknown) => String(error),
			);
			ok(why.includes("names no host nowhere"), why);
		});
	});

	it("adds a host with its files, and pulls what is changed there later", async () => {
		const list = example("openbsd-vnet.json");
		const before = await workspace.fs.readFile(list);
		const text = async (path: string) => new TextDecoder().decode(await workspace.fs.readFile(example(path)));
		// What is edited of the list is neither lost nor stands against what is written.
		const document = await workspace.openTextDocument(list);
		const edit = new WorkspaceEdit();
		edit.replace(list, new Range(0, 0, document.lineCount, 0), JSON.stringify({ ...JSON.parse(document.getText()), edited: true }));
		await workspace.applyEdit(edit);
		try {
			const added = await commands.executeCommand("openbsdVnet.addHost", { address: "simulated", folder: "pulled/again" });
			strictEqual(added, "again");
			const { hosts, edited } = JSON.parse(await text("openbsd-vnet.json"));
			strictEqual(hosts.at(-1).root, "pulled/again");
			ok(edited && !document.isDirty);
			strictEqual(await text("pulled/again/etc/pf.conf"), await onHost());
			await writeFile(join(root, "etc/pf.conf"), `${await onHost()}# by hand\n`);
			const host = { name: "again", address: "simulated", etc: example("pulled/again/etc").toString() };
			strictEqual(await commands.executeCommand<number | undefined>("openbsdVnet.pullHost", { host }), 0);
			ok((await text("pulled/again/etc/pf.conf")).endsWith("# by hand\n"));
		} finally {
			await workspace.fs.writeFile(list, before);
			await workspace.fs.delete(example("pulled"), { recursive: true });
		}
	});
});

/** Hosts over SSH, with the simulated one (scripts/lib/simulated-host.mjs): its taps, drift and rules. */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	type CodeAction,
	type Command,
	commands,
	type Diagnostic,
	type DocumentLink,
	env,
	type InlayHint,
	languages,
	Range,
	Selection,
	type TextDocument,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import { readState, writeState } from "../../openbsd-host/store.ts";
import { ok, strictEqual } from "../assert.ts";
import { closeAll, example, open, readyApi, until } from "../editor.ts";

const root = process.env.OPENBSD_VNET_SIMULATED_ROOT;

const anchor = () => open(example("corrected/etc/pf.vm/web01.conf"));
const refresh = () => commands.executeCommand("openbsdVnet.refreshHosts");
const whole = (document: TextDocument) => new Range(0, 0, document.lineCount, 0);

async function hints(document: TextDocument): Promise<readonly string[]> {
	const found = await commands.executeCommand<InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole(document));
	return found.map(({ label }) => (typeof label === "string" ? label : label.map(({ value }) => value).join("")));
}

const drift = (document: TextDocument): readonly Diagnostic[] =>
	languages.getDiagnostics(document.uri).filter(({ code }) => String(typeof code === "object" ? code.value : code).startsWith("live/"));

/** web01 and db01 change taps, as guests do that start in another order. */
function swapTaps(): void {
	if (root === undefined) return;
	const state = readState(root);
	const [tap2, tap3] = ["tap2", "tap3"].map((name) => state.interfaces.find((each) => each.name === name));
	if (tap2 === undefined || tap3 === undefined) throw new Error("The simulated guests do not run");
	const before = tap2.description;
	if (tap3.description !== undefined) tap2.description = tap3.description;
	if (before !== undefined) tap3.description = before;
	writeState(root, state);
}

// In the web extension host there is no SSH, and so no host.
(root === undefined ? describe.skip : describe)("hosts over SSH", () => {
	before(readyApi);
	afterEach(closeAll);

	it("shows whose a tap is in a rule, once the host was asked", async () => {
		const { document } = await anchor();
		ok(!(await hints(document)).some((label) => label.includes("running")));
		await refresh();
		const labels = await until("the hint", async () => {
			const all = await hints(document);
			return all.some((label) => label.includes("web01, running")) ? all : undefined;
		});
		ok(labels.some((label) => label.includes("web01, running")));
		strictEqual(drift(document).length, 0);
	});

	it("picks a tap, and writes its name where the cursor is", async () => {
		const editor = await window.showTextDocument(await workspace.openTextDocument({ language: "openbsd-pf", content: "" }));
		await commands.executeCommand("openbsdVnet.resolveTaps");
		await until("the pick", async () => {
			await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
			return editor.document.getText() !== "";
		});
		strictEqual(editor.document.getText(), "tap2");
	});

	it("reports a tap that is another guest's now, and writes the right one", async () => {
		const { document } = await anchor();
		await refresh();
		swapTaps();
		try {
			await refresh();
			const [first] = await until("the drift", () => {
				const found = drift(document);
				return found.length > 0 ? found : undefined;
			});
			ok(first !== undefined);
			ok(first.message.includes("tap3 is db01's"), first.message);
			strictEqual(document.getText(first.range), "tap3");
			const actions = await commands.executeCommand<(CodeAction | Command)[]>(
				"vscode.executeCodeActionProvider",
				document.uri,
				first.range,
				"quickfix",
				// The edit of a fix is made when it is taken.
				20,
			);
			const fix = actions.find(({ title }) => title === "Write tap2, the tap that web01 has now");
			ok(fix !== undefined && "edit" in fix && fix.edit !== undefined, actions.map(({ title }) => title).join("\n"));
			await workspace.applyEdit(fix.edit);
			ok(document.getText().includes('isol    = "tap2"'), document.getText());
			await until("no drift", () => drift(document).length === 0);
			await commands.executeCommand("undo");
		} finally {
			swapTaps();
			await refresh();
		}
		await until("no drift", () => drift(document).length === 0);
	});

	it("updates all anchor files in one previewed edit", async () => {
		const { document } = await anchor();
		swapTaps();
		try {
			const updating = commands.executeCommand("openbsdVnet.updateAnchors");
			await until("the preview taken", async () => {
				await commands.executeCommand("refactorPreview.apply");
				return document.getText().includes('isol    = "tap2"');
			});
			await updating;
			const other = await workspace.openTextDocument(example("corrected/etc/pf.vm/db01.conf"));
			ok(other.getText().includes("tap3"), other.getText());
			for (const each of [other, document]) {
				await window.showTextDocument(each);
				await commands.executeCommand("undo");
			}
		} finally {
			swapTaps();
			await refresh();
		}
	});

	it("compares the rules that are loaded with those of the files", async () => {
		const { document } = await open(example("corrected/etc/pf.conf"));
		const edit = new WorkspaceEdit();
		const end = document.positionAt(document.getText().length);
		edit.insert(document.uri, end, "pass out proto udp to port 9999\n");
		await workspace.applyEdit(edit);
		await commands.executeCommand("openbsdVnet.compareRuleset");
		const tab = await until("the comparison", () => {
			const { activeTab } = window.tabGroups.activeTabGroup;
			return activeTab?.label.includes("loaded rules") ? activeTab : undefined;
		});
		ok(tab.label.startsWith("corrected"), tab.label);
		const sides = workspace.textDocuments.filter(({ uri }) => uri.scheme === "openbsd-vnet-live").map((document) => document.getText());
		strictEqual(sides.length, 2);
		ok(sides[0]?.includes('anchor "vm/*" all {'), sides[0]);
		const back = new WorkspaceEdit();
		back.delete(document.uri, new Range(end, document.positionAt(document.getText().length)));
		await workspace.applyEdit(back);
		await document.save();
	});

	it("shows what the rules count, and since when", async () => {
		const { document } = await open(example("corrected/etc/pf.conf"));
		const counted = async () => {
			const hints = await commands.executeCommand<InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole(document));
			return hints.some(({ label, tooltip }) => label === "no packets" && /\ncounting since .*\d/.test(String(tooltip)));
		};
		await commands.executeCommand("openbsdVnet.showCounters");
		await until("a counter", counted);
		await commands.executeCommand("openbsdVnet.hideCounters");
		await until("none", async () => !(await counted()));
	});

	it("shows the states that it has, each held against the files here", async () => {
		const state = readState(root ?? "");
		const lines = [
			"all tcp 198.51.100.9:4000 -> 192.0.2.1:6667       ESTABLISHED:ESTABLISHED",
			"   age 00:01:00, expires in 23:59:59, 3:1 pkts, 120:40 bytes",
			"   id: 0000000000000001 creatorid: 0f00ba12",
		];
		state.pf.states = [lines.join("\n")];
		writeState(root ?? "", state);
		const host = { name: "corrected", address: "simulated", etc: example("corrected/etc").toString() };
		const shown = commands.executeCommand("openbsdVnet.showStates", { host });
		const document = await until("the states", async () => {
			await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
			return workspace.textDocuments.find(({ uri, lineCount }) => uri.scheme === "openbsd-vnet-states" && lineCount > 3);
		});
		await shown;
		ok(
			/ out +tcp +198\.51\.100\.9:4000 +192\.0\.2\.1:6667 +ESTABLISHED:ESTABLISHED +00:01:00 +4 +160 /.test(document.getText()),
			document.getText(),
		);
	});

	it("follows what it logs, in the Output view, with a link to the line of the rule", async () => {
		const host = { name: "corrected", address: "simulated", etc: example("corrected/etc").toString() };
		const state = readState(root ?? "");
		state.doas.push("timeout");
		writeState(root ?? "", state);
		let begun = false;
		const watching = Promise.resolve(commands.executeCommand("openbsdVnet.watchLog", { host })).then(() => {
			begun = true;
		});
		await until("the log", async () => {
			await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
			return begun;
		});
		await watching;
		// An address that the host was given: its files do not tell it.
		const [own = ""] = (readState(root ?? "").interfaces.find(({ name }) => name === "em0")?.addresses[0] ?? "").split("/");
		const line =
			`Dec 01 10:43:18.123456 rule 0/(match) [uid 0, pid 51234] block in on em0: 192.0.2.9.4000 > ${own}.23: S 1:1(0) win 1 (ttl 64, id 1, len 60)\n` +
			// Words of the host's own are no link.
			"Dec 01 10:43:18.123456 rule 0/(match) [uid 0, pid 51234] block in on em0: [|ip] /etc/../../secret:1 \n";
		const document = await until("a packet", async () => {
			// It is told of what is logged since it began.
			await appendFile(join(root ?? "", "simulated/pflog"), line);
			return workspace.textDocuments.find(({ languageId, lineCount }) => languageId === "openbsd-packet-log" && lineCount > 3);
		});
		const text = document.getText();
		ok(
			text.split("\n").some((one) => one.startsWith(`Dec 01 10:43:18.123456 block in  em0     tcp  192.0.2.9:4000 → ${own}:23 `)),
			text,
		);
		ok(/^# corrected \(simulated host\)/m.test(text), text);
		const links = await commands.executeCommand<DocumentLink[]>("vscode.executeLinkProvider", document.uri);
		const at = links.map(({ target }) => target?.toString() ?? "").find((target) => /\/corrected\/etc\/pf\.conf#L\d+$/.test(target));
		ok(at !== undefined, `${JSON.stringify(links)} ${text}`);
		ok(text.includes(" /etc/../../secret:1 ") && !links.some(({ target }) => target?.path.endsWith("/secret")), JSON.stringify(links));
		await commands.executeCommand("openbsdVnet.endLog");
		await until("its end", () => document.getText().includes("ended") || undefined);
	});

	it("lets a packet that it blocked through by a rule, once the change was looked at", async () => {
		const { document } = await open(example("corrected/etc/pf.conf"));
		const before = document.getText();
		// The newest is the one without addresses.
		const taking = commands.executeCommand("openbsdVnet.takeLoggedPacket", { packet: 1, action: "pass" });
		await until("the preview taken", async () => {
			strictEqual(document.getText().includes("port 23"), document.getText() !== before);
			await commands.executeCommand("refactorPreview.apply");
			return document.getText() !== before;
		});
		await taking;
		ok(/^pass in on em0 inet proto tcp from 192\.0\.2\.9 to \(self\) port 23$/m.test(document.getText()), document.getText());
		await commands.executeCommand("undo");
		await until("the rules as before", () => document.getText() === before);
	});

	it("says at once that the rule at the cursor logs nothing, or isn't loaded", async () => {
		const editor = await open(example("corrected/etc/pf.conf"));
		const { document } = editor;
		const quiet = document
			.getText()
			.split("\n")
			.findIndex((line) => /^pass (?!.*\blog\b)/.test(line));
		editor.selection = new Selection(quiet, 0, quiet, 0);
		await commands.executeCommand("openbsdVnet.watchLogOfRule");
		const log = await until("the log", () => workspace.textDocuments.find(({ languageId }) => languageId === "openbsd-packet-log"));
		await until("why nothing comes", () => new RegExp(`^# /etc/pf\\.conf:${quiet + 1}: `, "m").test(log.getText()) || undefined);
		await until("its end", () => log.getText().includes("ended") || undefined);
	});

	it("reads the rates of a host whose picture is open, and no more once they are hidden", async () => {
		const host = { name: "corrected", address: "simulated", etc: example("corrected/etc").toString() };
		const readings = async (): Promise<number> =>
			(await readFile(join(root ?? "", "simulated/calls"), "utf8")).split("\n").filter((call) => call === "netstat -in").length;
		const settings = workspace.getConfiguration("openbsdVnet");
		await settings.update("live.ratesSeconds", 1);
		const before = await readings();
		await commands.executeCommand("openbsdVnet.showRates", { host });
		await until("three readings", async () => (await readings()) >= before + 3);
		await commands.executeCommand("openbsdVnet.hideRates");
		// The one that is under way is read to its end on the host.
		await new Promise((resolve) => setTimeout(resolve, 1500));
		const last = await readings();
		await new Promise((resolve) => setTimeout(resolve, 1500));
		strictEqual(await readings(), last);
		await settings.update("live.ratesSeconds", undefined);
	});

	it("copies the command that watches a tap", async () => {
		await commands.executeCommand("openbsdVnet.copyTcpdump", { kind: "tap", tap: { name: "tap3" } });
		strictEqual(await env.clipboard.readText(), "tcpdump -ni tap3");
	});

	it("pauses a guest of somebody else's by doas, and lets it go on", async () => {
		const host = { name: "corrected", address: "simulated", etc: example("corrected/etc").toString() };
		const node = { kind: "guest", host, guest: { name: "web01" } };
		const state = () => readState(root ?? "").guests.find(({ name }) => name === "web01")?.state;
		await commands.executeCommand("openbsdVnet.pauseGuest", node);
		strictEqual(state(), "paused");
		await commands.executeCommand("openbsdVnet.resumeGuest", node);
		strictEqual(state(), "running");
	});
});

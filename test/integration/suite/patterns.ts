import { commands, languages, Uri, workspace } from "vscode";
import { deepStrictEqual, ok } from "../assert.ts";
import { closeAll, example, openFile, readyApi, until } from "../editor.ts";

const insert = (given: object) => commands.executeCommand<boolean>("openbsdVnet.insertPattern", given);

async function text(path: string): Promise<string | undefined> {
	try {
		return (await workspace.openTextDocument(example(path))).getText();
	} catch {
		return undefined;
	}
}

describe("Insert Network Pattern", () => {
	before(readyApi);
	afterEach(closeAll);

	it("previews the changes of all files, and makes them once they are confirmed", async () => {
		const { document } = await openFile("routed/etc/pf.conf", "# mine\npass out on em0\n");
		const etc = document.uri.toString().replace(/\/pf\.conf$/, "");
		const answers = {
			switch: "isolated",
			flavour: "veb",
			uplink: "em0",
			address: "autoconf",
			bridge: "veb0",
			network: "10.50.0.0/24",
			gateway: "vport0",
			nat: "yes",
			dhcp: "yes",
			resolver: "9.9.9.9",
			guests: "web01",
			memory: "1G",
		};
		const inserted = insert({ etc, pattern: "routed", answers });
		// Nothing is written before it is confirmed.
		let done = false;
		const ended = inserted.then(() => {
			done = true;
		});
		await until("the preview", async () => {
			await commands.executeCommand("refactorPreview.apply");
			return done;
		});
		await ended;
		ok(await inserted);
		ok((await text("routed/etc/vm.conf"))?.includes('vm "web01" {'));
		const rules = (await text("routed/etc/pf.conf")) ?? "";
		ok(rules.includes("# mine\n") && rules.includes("match out on em0 inet from 10.50.0.0/24 to any nat-to (em0)"), rules);
		await until("no diagnostics", () => languages.getDiagnostics(document.uri).length === 0);
		await commands.executeCommand("workbench.action.files.saveAll");
		ok((await insert({ etc, pattern: "routed", answers })) === false, "there is nothing left to do");
	});

	it("refuses answers that make no sense, and writes nothing", async () => {
		const etc = example("refused/etc").toString();
		const answers = {
			switch: "lan",
			flavour: "veb",
			uplink: "em1",
			bridge: "veb0",
			frames: "untagged",
			guests: "1",
			memory: "1G",
			services: "",
		};
		deepStrictEqual(await insert({ etc, pattern: "bridged", answers }), false);
		deepStrictEqual(await text("refused/etc/vm.conf"), undefined);
	});

	it("asks what it is not told: the first choice is taken with Enter", async () => {
		const etc = example("corrected/etc").toString();
		const before = await text("corrected/etc/vm.conf");
		const inserted = insert({ etc, pattern: "guest", answers: { name: "web01", address: "", allow: "" } });
		let done = false;
		const ended = inserted.then(() => {
			done = true;
		});
		await until("the answers", async () => {
			await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
			await commands.executeCommand("refactorPreview.discard");
			return done;
		});
		await ended;
		deepStrictEqual(await text("corrected/etc/vm.conf"), before);
		ok(Uri.parse(etc).path.endsWith("/etc"));
	});
});

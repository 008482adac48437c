import { commands } from "vscode";
import { notStrictEqual, ok } from "../assert.ts";
import { closeAll, example, open, readyApi, until } from "../editor.ts";

describe("the language server", () => {
	after(closeAll);

	it("restarts on command", async () => {
		const api = await readyApi();
		await open(example("handbook/etc/pf.conf"));
		const before = api.serverProcessId();
		await commands.executeCommand("openbsdVnet.restartServer");
		await api.ready();
		if (before !== undefined) notStrictEqual(api.serverProcessId(), before);
	});

	it("survives a crash: it is started again", async function () {
		const api = await readyApi();
		const before = api.serverProcessId();
		// A Worker is part of the page; only a process can be killed from outside.
		if (before === undefined) return this.skip();
		process.kill(before, "SIGKILL");
		const after = await until("another server process", () => {
			const id = api.serverProcessId();
			return id !== before && id;
		});
		ok(after > 0);
		await api.ready();
	});
});

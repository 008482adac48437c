import { commands, extensions } from "vscode";
import { deepStrictEqual, ok, strictEqual } from "../assert.ts";
import { closeAll, example, extensionId, open, readyApi, until } from "../editor.ts";

describe("activation", () => {
	after(closeAll);

	it("waits until a file of one of the languages is opened", async () => {
		strictEqual(extensions.getExtension(extensionId)?.isActive, false);
		await open(example("README.md"));
		strictEqual(extensions.getExtension(extensionId)?.isActive, false);
		await open(example("handbook/etc/vm.conf"));
		await until("activation", () => extensions.getExtension(extensionId)?.isActive);
	});

	it("is not held up by the server", async () => {
		const api = await readyApi();
		const { activate, ready } = api.timings();
		console.log(`    activate() ${activate.toFixed(1)} ms, server ready ${ready?.toFixed(0)} ms after it was called`);
		ok(ready === undefined || ready >= activate);
	});

	it("contributes the commands that its manifest names", async () => {
		const contributed: { command: string }[] = extensions.getExtension(extensionId)?.packageJSON.contributes.commands;
		const registered = new Set(await commands.getCommands(true));
		deepStrictEqual(
			contributed.map(({ command }) => command).filter((command) => !registered.has(command)),
			[],
		);
	});
});

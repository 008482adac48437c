import { commands, extensions } from "vscode";
import { runs } from "../../share.ts";
import { deepStrictEqual, ok, strictEqual } from "../assert.ts";
import { closeAll, example, extensionId, firstCompletion, open, readyApi, until } from "../editor.ts";

const restarts = runs(20, 5);

describe("activation", () => {
	after(closeAll);
	let first = 0;

	it("waits until a file of one of the languages is opened", async () => {
		strictEqual(extensions.getExtension(extensionId)?.isActive, false);
		await open(example("README.md"));
		strictEqual(extensions.getExtension(extensionId)?.isActive, false);
		await open(example("handbook/etc/vm.conf"));
		await until("the extension to be active", () => extensions.getExtension(extensionId)?.isActive);
		first = await firstCompletion();
	});

	it("returns from activate() at once, and completes soon after", async () => {
		const { began, activate } = (await readyApi()).timings();
		ok(activate < first - began, "activate() does not wait for the server");
		console.log(`    activate() ${activate.toFixed(1)} ms, first completion ${Math.round(first - began)} ms after it was called`);
	});

	it("completes soon after every start of the server", async () => {
		const times: number[] = [];
		for (let count = 0; count < restarts; count++) {
			const begin = performance.now();
			await commands.executeCommand("openbsdVnet.restartServer");
			times.push((await firstCompletion()) - begin);
		}
		times.sort((a, b) => a - b);
		const percentile = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? Number.NaN);
		console.log(
			`    from restart to the new server's first completion, ${times.length} times: median ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms`,
		);
		strictEqual(times.length, restarts);
	});

	it("contributes the commands that its manifest names", async () => {
		const contributed: { command: string; enablement?: string }[] = extensions.getExtension(extensionId)?.packageJSON.contributes.commands;
		const registered = new Set(await commands.getCommands(true));
		// Hosts are reached, and folders made, where there are processes; elsewhere such commands cannot be called.
		const reachesHosts = typeof globalThis.process?.versions?.node === "string";
		const needsProcesses = ({ enablement = "" }) => /^openbsdVnet\.hosts\b/.test(enablement) || enablement.includes("!isWeb");
		const possible = contributed.filter((command) => reachesHosts || !needsProcesses(command));
		deepStrictEqual(
			possible.map(({ command }) => command).filter((command) => !registered.has(command)),
			[],
		);
	});
});

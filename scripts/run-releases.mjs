// Moves from release to release in a real VS Code with the packaged extension, in light and dark: chooses the release of files,
// looks at what the next one changes, takes its fixes; then guests in VLANs of one veb, which came with 7.9, from the pattern to a
// simulated host of 7.9 that is verified. What is seen on the way goes to out/screenshots/.
//
//	node scripts/run-releases.mjs                   all of it
//	node scripts/run-releases.mjs dark vlans        in one theme, and one of the sessions (upgrade, vlans)
//
// The package must be there (npm run package). Ends with "N passed, N failed".
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bringToHost, takePattern } from "./lib/course.mjs";
import { openWindow, patience, Results, runCommand, themes } from "./lib/gui.mjs";
import { showsCodes } from "./lib/problems.mjs";
import { root } from "./lib/repository.mjs";
import { simulatedAddress, simulateOwnHost } from "./lib/simulated-host.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { makeHome } from "./lib/vscode-serve.mjs";

const [only, session] = process.argv.slice(2);
const size = { width: 1280, height: 1000 };
const sessions = { upgrade, vlans };

const results = new Results();
await installVscode();
for (const theme of themes.filter(({ name }) => only === undefined || name === only))
	for (const [, take] of Object.entries(sessions).filter(([one]) => session === undefined || one === session))
		await results.session((cleanup) => take(theme, cleanup));
results.tell();

/**
 * The release in the language status, and what it says of it.
 * @param {import("playwright-core").Page} page
 * @param {RegExp} wanted
 */
async function showsRelease(page, wanted) {
	for (const end = Date.now() + patience; Date.now() < end; await page.waitForTimeout(300)) {
		await page.mouse.move(640, 400);
		await page.locator('[id="status.languageStatus"]').hover();
		const shown = page.locator(".hover-language-status", { hasText: wanted });
		const isShown = await shown.waitFor({ timeout: 3000 }).then(
			() => true,
			() => false,
		);
		if (isShown) return;
	}
	throw new Error(`the language status does not say ${wanted}`);
}

/** @param {{ name: string, colorTheme: string }} theme @param {import("./lib/processes.mjs").Cleanup} cleanup */
async function upgrade({ name, colorTheme }, cleanup) {
	const window = await openWindow({ home: await makeHome("code"), colorTheme, size }, cleanup);
	const { page, serving, open } = window;
	const step = results.stepsOf(page, name);
	const folder = join(serving.home, "hv1");
	const pf = join(folder, "etc", "pf.conf");
	await cp(join(root, "examples", "upgrade"), folder, { recursive: true });
	const before = await readFile(pf, "utf8");
	await open(folder);
	await page.getByRole("treeitem", { name: "etc" }).click({ timeout: 60_000 });
	await page.getByRole("treeitem", { name: "pf.conf" }).dblclick();
	await page.locator(".tab.active", { hasText: "pf.conf" }).waitFor();
	await step("sees for which release its files are read", async () => {
		await showsRelease(page, /OpenBSD 7\.9.*the newest, because nothing says which one the host runs/);
	});
	await step("chooses the release of its files", async () => {
		await page.locator(".hover-language-status a", { hasText: "Choose…" }).click();
		const release = page.locator(".quick-input-list .monaco-list-row", { hasText: "OpenBSD 7.7" });
		await release.waitFor();
		await page.waitForTimeout(300);
		await release.click();
		await showsRelease(page, /OpenBSD 7\.7.*as the setting says/);
	});
	await step("chooses the release to come", async () => {
		await page.mouse.move(640, 400);
		await runCommand(page, "OpenBSD: Show What Changes With the Next Release...");
		await page.locator(".quick-input-widget input[placeholder='From OpenBSD 7.7 to which release?']").waitFor();
		await page.locator(".quick-input-list .monaco-list-row", { hasText: "OpenBSD 7.9" }).waitFor();
	});
	await step("reads what changes", async () => {
		await page.locator(".quick-input-list .monaco-list-row", { hasText: "OpenBSD 7.9" }).click();
		const preview = page.frameLocator("iframe.webview").last().frameLocator("iframe");
		await preview.getByText("OpenBSD 7.7").first().waitFor();
		await page.locator(".notification-list-item", { hasText: /\d+ of these changes have a fix/ }).waitFor();
	});
	await step("chooses fixes of them", async () => {
		await page.getByRole("button", { name: "Choose Fixes…" }).first().click();
		await page.locator(".quick-input-widget input[placeholder='Which fixes?']").waitFor();
		await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
		await page.locator(".quick-input-widget").getByRole("checkbox").first().click();
	});
	await step("looks at the fixes before they are made", async () => {
		await page.locator(".quick-input-widget").getByRole("button", { name: "OK" }).click();
		await page.locator(".refactor-preview, .bulk-edit-panel").first().waitFor();
		await page.getByRole("button", { name: "Apply" }).first().waitFor();
	});
	await step("makes them", async () => {
		const apply = page.getByRole("button", { name: "Apply" }).first();
		for (const end = Date.now() + patience; Date.now() < end; await page.waitForTimeout(200)) {
			// A click that comes while the panel still grows misses the button.
			if (await apply.isVisible()) await apply.click({ timeout: 3000 }).catch(() => undefined);
			await runCommand(page, "File: Save All");
			if ((await readFile(pf, "utf8")) !== before) return;
		}
		throw new Error("pf.conf is as it was");
	});
}

/** @param {{ name: string, colorTheme: string }} theme @param {import("./lib/processes.mjs").Cleanup} cleanup */
async function vlans({ name, colorTheme }, cleanup) {
	const home = await makeHome("code");
	const installed = join(home, "installed");
	const folder = join(home, "hv1");
	const network = { "hostname.em0": "inet 192.0.2.10 255.255.255.0\n", mygate: "192.0.2.1\n" };
	// The host has its installer's rules; those of the folder the pattern makes.
	for (const [etc, files] of [
		[join(folder, "etc"), network],
		[join(installed, "etc"), { ...network, "pf.conf": "set skip on lo\nblock return\npass\n" }],
	]) {
		await mkdir(etc, { recursive: true });
		for (const [path, text] of Object.entries(files)) await writeFile(join(etc, path), text);
	}
	const simulated = await simulateOwnHost(home, installed, cleanup);
	simulated?.change((state) => {
		state.release = "7.9";
	});
	await writeFile(join(folder, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: ".", ssh: simulatedAddress }] }));
	const window = await openWindow({ home, colorTheme, size }, cleanup);
	const { page, open } = window;
	const step = results.stepsOf(page, name);
	const line = (/** @type {string | RegExp} */ text) => page.locator(".monaco-editor .view-line", { hasText: text }).first();
	await open(folder);
	await page.getByRole("treeitem", { name: "etc" }).click({ timeout: 60_000 });
	await page.getByRole("treeitem", { name: "hostname.em0" }).dblclick();
	await page.locator(".tab.active", { hasText: "hostname.em0" }).waitFor();
	const command =
		'openbsd-vnet pattern vlans --vlans "10: web01=10.50.10.20 web02=10.50.10.21; 20: db01=10.50.20.20" --uplink em0 --trunk em1 --write';
	await takePattern(page, step, "VLANs", "the pattern", folder, command);
	await step("VLANs, has no problems", async () => {
		await showsCodes(page, []);
		await runCommand(page, "View: Hide Panel");
	});
	await step("VLANs, reads which VLANs a port is in", async () => {
		await page.getByRole("treeitem", { name: "hostname.veb0" }).dblclick();
		await page.locator(".tab.active", { hasText: "hostname.veb0" }).waitFor();
		await line(/^tagged\sem1/)
			.locator("span", { hasText: /^tagged$/ })
			.first()
			.hover();
		await page.locator(".monaco-hover:not(.hidden) .hover-contents", { hasText: "7.9" }).first().waitFor();
	});
	await step("VLANs, draws them, and shows a path between two", async () => {
		await page.mouse.move(640, 900);
		await runCommand(page, "OpenBSD: Show Network Topology");
		const picture = page.frameLocator("iframe.webview").last().frameLocator("iframe");
		await picture.locator('[data-id="guest:db01"]').waitFor();
		await picture.locator('[data-id="guest:db01"]').focus();
		await page.keyboard.press("Space");
		await picture.locator("#details h2", { hasText: "db01" }).waitFor();
		await picture.locator('[data-id="guest:web01"]').click({ modifiers: ["Shift"] });
		await picture.locator("#details li", { hasText: "vport10" }).first().waitFor();
	});
	await step("VLANs, runs the policy tests", async () => {
		await runCommand(page, "OpenBSD: Run Policy Tests");
		await page.locator(".notification-list-item", { hasText: /Policy tests: all \d+ passed/ }).waitFor();
	});
	await runCommand(page, "Notifications: Clear All Notifications");
	if (simulated === undefined) return;
	await bringToHost(window, step, "VLANs");
	await step("VLANs, is told by the host which release it runs", async () => {
		await runCommand(page, "View: Close All Editors");
		await page.keyboard.press("Control+P");
		await page.keyboard.insertText("hostname.veb0");
		await page.locator(".quick-input-list .monaco-list-row", { hasText: "hostname.veb0" }).first().waitFor();
		await page.keyboard.press("Enter");
		await page.locator(".tab.active", { hasText: "hostname.veb0" }).waitFor();
		await showsRelease(page, /OpenBSD 7\.9.*as the host says/);
	});
}

// First hours in a real VS Code with the packaged extension, typed as a person types: an empty folder to routed guests on a verified
// host, and a host of one's own, added, pulled, changed, deployed and verified. What is seen on the way goes to out/screenshots/.
//
//	node scripts/run-hours.mjs                    both
//	node scripts/run-hours.mjs empty              one: empty, own
//	node scripts/run-hours.mjs light              both, in another theme than the first
//
// The package must be there (npm run package). Ends with "N passed, N failed".
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bringToHost, takePattern } from "./lib/course.mjs";
import { openWindow, patience, Results, runCommand, themes } from "./lib/gui.mjs";
import { showsCodes } from "./lib/problems.mjs";
import { root } from "./lib/repository.mjs";
import { installedHost, simulatedAddress, simulateOwnHost } from "./lib/simulated-host.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { makeHome } from "./lib/vscode-serve.mjs";

const hours = { empty: fromNothing, own: withOwnHost };
const theme = themes.find(({ name }) => process.argv.includes(name)) ?? themes[0];
const only = process.argv.slice(2).find((word) => word !== theme.name);
const size = { width: 1200, height: 1000 };

const results = new Results();
await installVscode();
for (const [name, hour] of Object.entries(hours).filter(([each]) => only === undefined || each === only))
	await results.session((cleanup) => hour(`hour ${name}`, cleanup));
results.tell();

/** Puts the keyboard at the end of a file. @param {import("playwright-core").Page} page @param {string} name */
async function atEndOf(page, name) {
	await page.keyboard.press("Escape");
	await page.keyboard.press("Control+P");
	await page.locator(".quick-input-widget").first().waitFor();
	await page.keyboard.insertText(name);
	await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
	await page.waitForTimeout(500);
	await page.keyboard.press("Enter");
	await page.locator(".tab.active", { hasText: name }).waitFor();
	await page.locator(".editor-instance .monaco-editor.focused").waitFor();
	await page.keyboard.press("Control+End");
}

/** Saves, until a file has a text. @param {import("playwright-core").Page} page @param {string} path @param {RegExp} text */
async function saved(page, path, text) {
	for (const end = Date.now() + patience; Date.now() < end; await page.waitForTimeout(300)) {
		await page.keyboard.press("Control+S");
		if (text.test(await readFile(path, "utf8"))) return;
	}
	throw new Error(`${path} has no ${text}`);
}

/**
 * An expectation is typed that does not hold, and the rule that is missing is taken from its trace.
 * @param {import("playwright-core").Page} page @param {import("./lib/gui.mjs").Step} step @param {string} name @param {string} etc
 */
async function letIn(page, step, name, etc) {
	await step(`${name}, types a policy test, and is told why it fails`, async () => {
		await atEndOf(page, "policy.pftest");
		await page.keyboard.type("outside host tcp 8443 pass", { delay: 15 });
		await page.keyboard.press("Escape");
		await page.locator(".squiggly-error").first().waitFor();
	});
	await step(`${name}, traces the connection of the test`, async () => {
		await page.keyboard.press("Control+Period");
		await page.locator(".action-widget .monaco-list-row", { hasText: "Trace the connection of this test" }).click();
		await page.getByRole("treeitem", { name: /block/ }).first().waitFor();
	});
	await step(`${name}, takes the rule that is missing`, async () => {
		await page
			.getByRole("treeitem", { name: /Add 'pass in on/ })
			.first()
			.click();
		await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
		// The answer in the view follows the files, as its tree does.
		await page.getByText("outside reaches host by tcp 8443").first().waitFor();
		await runCommand(page, "File: Save All");
		await saved(page, join(etc, "pf.conf"), /port 8443/);
		await saved(page, join(etc, "policy.pftest"), /tcp 8443 pass/);
	});
	await step(`${name}, runs the policy tests`, async () => {
		await runCommand(page, "OpenBSD: Run Policy Tests");
		await page.locator(".notification-list-item", { hasText: /Policy tests: all \d+ passed/ }).waitFor();
		await runCommand(page, "Notifications: Clear All Notifications");
	});
}

/** An empty folder to routed guests. @param {string} name @param {import("./lib/processes.mjs").Cleanup} cleanup */
async function fromNothing(name, cleanup) {
	const home = await makeHome("code");
	const host = await simulateOwnHost(home, await installedHost(home), cleanup);
	const window = await openWindow({ home, colorTheme: theme.colorTheme, size }, cleanup);
	const { page, open } = window;
	const step = results.stepsOf(page, theme.name);
	const folder = join(home, "hv1");
	await mkdir(join(folder, "etc"), { recursive: true });
	await open(folder);
	await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
	const command = "openbsd-vnet pattern routed --switch isolated --uplink em0 --guests web01=10.50.0.20,db01=10.50.0.30 --write hosts/hv1";
	await takePattern(page, step, name, "the pattern", folder, command);
	await step(`${name}, reads what to do next`, async () => {
		await page.getByRole("button", { name: "Show Next Steps" }).first().click();
		await page.locator(".codelens-decoration a", { hasText: "Run Policy Tests" }).waitFor();
	});
	await step(`${name}, has no problems`, async () => {
		await showsCodes(page, []);
		await runCommand(page, "View: Hide Panel");
	});
	await letIn(page, step, name, join(folder, "etc"));
	await step(`${name}, has the cursor of the expanded ruleset in step`, async () => {
		await runCommand(page, "View: Close All Editors");
		await atEndOf(page, "pf.conf");
		await runCommand(page, "OpenBSD: Show Expanded Ruleset");
		const made = page.locator(".editor-group-container").nth(1);
		await made.locator(".view-line", { hasText: "flags" }).first().waitFor();
		// The rule that was taken comes into sight beside its source.
		await page.keyboard.press("Control+F");
		await page.keyboard.insertText("port 8443");
		await page.keyboard.press("Enter");
		await page.keyboard.press("Escape");
		await made
			.locator(".view-line", { hasText: /port\s=\s8443/ })
			.first()
			.waitFor();
	});
	if (host === undefined) return;
	await writeFile(join(folder, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: ".", ssh: simulatedAddress }] }));
	await bringToHost(window, step, name);
}

/** A host of one's own, which has nothing here yet. @param {string} name @param {import("./lib/processes.mjs").Cleanup} cleanup */
async function withOwnHost(name, cleanup) {
	const home = await makeHome("code");
	const host = await simulateOwnHost(home, join(root, "examples", "corrected"), cleanup);
	if (host === undefined) return;
	// It has started what its rc.conf.local says, and is of a release of which the stand-in prints what a veb's ports may learn.
	host.change((state) => {
		state.services.push("dhcpd");
		state.release = "7.9";
	});
	const { page, serving, open } = await openWindow({ home, colorTheme: theme.colorTheme, size }, cleanup);
	const step = results.stepsOf(page, theme.name);
	const line = (/** @type {string | RegExp} */ text) => page.locator(".monaco-editor .view-line", { hasText: text }).first();
	const folder = join(serving.home, "hosts");
	const etc = join(folder, simulatedAddress, "etc");
	await mkdir(folder);
	await open(folder);
	await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
	await step(`${name}, names the host`, async () => {
		await runCommand(page, "OpenBSD: Add Host...");
		await page.locator(".quick-input-list .monaco-list-row", { hasText: simulatedAddress }).first().click();
		await page.locator(".monaco-dialog-box", { hasText: "answers" }).waitFor();
	});
	await step(`${name}, pulls its files`, async () => {
		await page.locator(".monaco-dialog-box").getByRole("button", { name: "Add and Pull Its Files" }).click();
		await page.locator(".quick-input-widget input").first().waitFor();
		await page.keyboard.press("Enter");
		await page.locator(".notification-list-item", { hasText: "are in the files here now" }).waitFor();
		await runCommand(page, "Notifications: Clear All Notifications");
	});
	await step(`${name}, has no problems`, async () => {
		await atEndOf(page, "pf.conf");
		await showsCodes(page, []);
		await runCommand(page, "View: Hide Panel");
	});
	await step(`${name}, types who may come in`, async () => {
		await atEndOf(page, "pf.conf");
		await page.keyboard.press("Enter");
		await page.keyboard.type("pass in on egress inet proto tcp to (egress) port 8443", { delay: 15 });
		await page.keyboard.press("Escape");
		await saved(page, join(etc, "pf.conf"), /port 8443/);
	});
	await step(`${name}, reads the plan`, async () => {
		await runCommand(page, "OpenBSD: Deploy to Host");
		await line(`# Plan for ${simulatedAddress}`).waitFor();
		await line("Becomes possible: outside → host, tcp 8443").waitFor();
	});
	await step(`${name}, deploys, and keeps it`, async () => {
		await page.locator(".codelens-decoration a", { hasText: `Deploy to ${simulatedAddress}` }).click();
		const keep = page.getByRole("button", { name: "Keep", exact: true }).first();
		const rehearse = page.getByRole("button", { name: "Rehearse First" }).first();
		await keep.or(rehearse).first().waitFor({ timeout: 60_000 });
		if (await rehearse.isVisible()) await rehearse.click();
		await keep.click({ timeout: 180_000 });
		await page.locator(".notification-list-item", { hasText: `Deployed to ${simulatedAddress}` }).waitFor();
	});
	await step(`${name}, verifies the host`, async () => {
		await runCommand(page, "Notifications: Clear All Notifications");
		await runCommand(page, "OpenBSD: Verify Host");
		const report = page.frameLocator("iframe.webview").last().frameLocator("iframe");
		await report.getByText(/\d+ as the files say, 0 not, 0 unknown/).waitFor();
	});
	await step(`${name}, reads the plan of rolling it back`, async () => {
		await runCommand(page, "OpenBSD: Show Deployments or Roll Back...");
		await page.locator(".quick-input-list .monaco-list-row").first().click();
		await line("back to before").waitFor();
		await line("Stops: outside → host, tcp 8443").waitFor();
		// The editor draws blanks that don't break.
		await line(/^-.*port\s8443/).waitFor();
	});
}

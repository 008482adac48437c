// Uses the packaged extension as a person would: in a real VS Code, with keyboard and mouse, dark on one day and light on the
// next; at night in both.
//
//	node scripts/run-gui.mjs                  the test; pictures go to out/screenshots/
//	node scripts/run-gui.mjs --screenshots    the same in both, and the README's pictures are renewed where it names them
//
// The package must be there (npm run package). Ends with "N passed, N failed".
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openWindow, Results, runCommand, screenshots, themes } from "./lib/gui.mjs";
import { mendOpenedHost } from "./lib/opened-hosts.mjs";
import { small } from "./lib/pictures.mjs";
import { root } from "./lib/repository.mjs";
import { nightly, seed, shareOf } from "./lib/share.mjs";
import { canSimulate, simulatedAddress, startSimulatedHost } from "./lib/simulated-host.mjs";
import { snippetSets, typeSnippets } from "./lib/snippet-hosts.mjs";
import { typeThePage } from "./lib/typing.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { makeHome } from "./lib/vscode-serve.mjs";

const renewsPictures = process.argv.includes("--screenshots");
const readme = await readFile(join(root, "README.md"), "utf8");

/** The editor and the panel below it, without what surrounds them: what a reader of the README looks at. */
const editorArea = { x: 352, y: 30, width: 848, height: 580 };

/** What is typed into the corrected host's pf.conf: a rule with a macro that nobody has defined. */
const rule = "pass in on $lan inet proto tcp to ($wan) port 8443";

const results = new Results();
await results.session(async (cleanup) => {
	await installVscode();
	await mkdir(screenshots, { recursive: true });
	const [first, ...more] = renewsPictures ? themes : shareOf(themes, themes.length);
	await useOnce(first, true, cleanup);
	for (const theme of more) await useOnce(theme, false, cleanup);
});
results.tell();

/**
 * A folder that the user does not trust: the languages work, and nothing reaches out to a host.
 * @param {import("./lib/gui.mjs").Window} window
 * @param {{ root: string }} simulated
 * @param {import("./lib/gui.mjs").Step} step
 */
async function doNotTrust({ page, serving, open }, simulated, step) {
	const host = join(serving.home, "untrusted");
	await cp(join(root, "examples", "corrected"), host, { recursive: true });
	await writeFile(join(host, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: ".", ssh: simulatedAddress }] }));
	await writeFile(join(host, "etc", "hostname.em9"), "inet 10.0.0.1/33\n");
	const calls = () => readFile(join(simulated.root, "simulated", "calls"), "utf8");
	await page.goto("about:blank");
	await serving.writeSettings({ "security.workspace.trust.enabled": true });
	const before = await calls();
	await step("a folder that is not trusted: the languages work, and no host is reached", async () => {
		await open(host);
		await page.getByRole("button", { name: "Restricted Mode" }).first().waitFor({ timeout: 60_000 });
		await page.getByRole("treeitem", { name: "etc" }).click();
		await page.getByRole("treeitem", { name: "hostname.em9" }).dblclick();
		await page.locator(".squiggly-error").first().waitFor();
		const offered = async (command) => {
			await page.keyboard.press("F1");
			await page.keyboard.type(command, { delay: 5 });
			await page.waitForTimeout(1500);
			const rows = await page.locator(".quick-input-list .monaco-list-row", { hasText: command }).count();
			await page.keyboard.press("Escape");
			return rows > 0;
		};
		if (!(await offered("OpenBSD: Insert Network Pattern"))) throw new Error("the commands of the languages are not offered");
		for (const command of ["OpenBSD: Deploy to Host", "OpenBSD: Validate on Host", "OpenBSD: Show Live Taps"])
			if (await offered(command)) throw new Error(`${command} is offered`);
		if ((await calls()) !== before) throw new Error("the host was asked");
	});
}

/**
 * One session of a person with one theme.
 * @param {{ name: string, colorTheme: string }} theme
 * @param {boolean} isWhole whether it goes on with what does not depend on the theme
 * @param {import("./lib/processes.mjs").Cleanup} cleanup
 */
async function useOnce({ name, colorTheme }, isWhole, cleanup) {
	const home = await makeHome("code");
	const simulated = canSimulate() ? await startSimulatedHost(home, join(root, "examples", "corrected")) : undefined;
	if (simulated !== undefined) cleanup.add(simulated.close);
	const window = await openWindow({ home, colorTheme }, cleanup);
	const { serving, browser, page, open } = window;
	// Typing changes files; the examples must stay as they are.
	const host = join(serving.home, "hv1");
	await cp(join(root, "examples", "corrected"), host, { recursive: true });
	await writeFile(join(host, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: ".", ssh: simulatedAddress }] }));

	const step = results.stepsOf(page, name);
	/** Keeps the page as it is for the README. @param {string} subject */
	const keep = async (subject) => {
		const [picture] = new RegExp(`[\\w/]+/${subject}-${name}\\.webp`).exec(readme) ?? [];
		if (renewsPictures && picture !== undefined)
			await writeFile(join(root, picture), await small(browser, await page.screenshot({ clip: editorArea })));
	};
	const line = (text) => page.locator(".monaco-editor .view-line", { hasText: text }).first();

	await open(host);
	await step("opens a ruleset in colours", async () => {
		await page.getByRole("treeitem", { name: "etc" }).click({ timeout: 60_000 });
		await page.getByRole("treeitem", { name: "pf.conf" }).dblclick();
		await line("block log all").waitFor();
		// Several colours: the grammar is at work.
		await page.waitForFunction(
			() => new Set([...document.querySelectorAll(".view-line span span")].map((word) => word.className)).size > 4,
		);
	});
	await step("types a rule and sees what is wrong", async () => {
		await line("# The public service of web01").click();
		await page.keyboard.press("Home");
		await page.keyboard.press("Control+Enter");
		await page.keyboard.type(rule, { delay: 5 });
		await page.keyboard.press("Escape");
		await page.locator(".squiggly-error").first().waitFor();
		await page.keyboard.press("Control+Shift+M");
		const problem = page.locator(".markers-panel .monaco-list-row", { hasText: "macro 'lan' not defined" });
		// Shows the place, with the offending word selected.
		await problem.dblclick();
		await line("pass in on $lan").waitFor();
		await keep("problems");
	});
	await step("corrects it with a completion", async () => {
		await page.keyboard.type("$w", { delay: 20 });
		await page.keyboard.press("Control+Space");
		const choice = page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "$wan" }).first();
		await choice.waitFor();
		await keep("completion");
		await choice.click();
		// Hints stand between the words.
		await line(/pass\s+in\s+on\s+\$wan\b.*\sinet\s+proto\s+tcp\s+to\s+\(\$wan\b.*\)\s+port\s+8443/).waitFor();
		await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
	});
	await step("reads what nat-to does", async () => {
		await page.keyboard.press("Control+Home");
		await line("nat-to")
			.locator("span", { hasText: /^nat-to$/ })
			.last()
			.hover();
		await page.locator(".monaco-hover:not(.hidden) .hover-contents", { hasText: "pf.conf(5)" }).first().waitFor();
		await keep("hover");
	});
	await step("draws the host, and shows a path", async () => {
		await runCommand(page, "OpenBSD: Show Network Topology");
		const picture = page.frameLocator("iframe.webview").last().frameLocator("iframe");
		const node = (/** @type {string} */ name) => picture.locator(`[data-id="${name}"]`);
		await node("guest:db01").waitFor();
		await node("guest:db01").focus();
		await page.keyboard.press("Space");
		await picture.locator("#details h2", { hasText: "db01" }).waitFor();
		// In half a window the picture is higher than it: the keyboard reaches what is out of sight.
		await node("outside").focus();
		await page.keyboard.press("Shift+Enter");
		await picture.locator("#details li", { hasText: "in vport0" }).first().waitFor();
		await picture.locator("#details button.trace").click();
		await page.locator(".quick-input-widget", { hasText: "By which protocol" }).waitFor();
		await page.keyboard.press("Escape");
		await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
		// The group of the files is closed, so that the picture has all the room: by its keys, for the palette is slow on a busy machine.
		await page.locator(".tab", { hasText: "pf.conf" }).first().click();
		await page.keyboard.press("Control+K");
		await page.keyboard.press("w");
		await page.keyboard.press("Control+J");
		await page.locator(".monaco-editor .view-line").first().waitFor({ state: "detached" });
		await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
		await page.waitForTimeout(300);
		await node("guest:db01").waitFor();
		await keep("topology");
	});
	if (simulated !== undefined) await useHosts(page, step, line, keep);
	if (isWhole) {
		const names = Object.keys((await snippetSets()).sets);
		const ways = [
			async (/** @type {number} */ day) => {
				for (const example of shareOf(["handbook", "handbook-microsegmentation"], 2, day))
					await typeThePage(window, step, example, (files) => shareOf(files, files.length, day));
			},
			async (/** @type {number} */ day) => {
				for (const set of shareOf(names, names.length, day)) await typeSnippets(window, step, set);
			},
			// At night, scripts/run-opened-hosts.mjs takes them all.
			async (/** @type {number} */ day) => {
				if (!nightly) await mendOpenedHost(window, step, "handbook", day);
			},
			async () => {
				if (simulated !== undefined) await doNotTrust(window, simulated, step);
			},
		];
		// Each begins in a new window, which takes longer than what is done there.
		for (const way of shareOf(ways, ways.length)) await way(Math.floor(seed / ways.length));
	}
	await browser.close();
	await serving.stop();
}

/**
 * The hosts, over SSH.
 * @param {import("playwright-core").Page} page
 * @param {(what: string, act: () => Promise<void>) => Promise<void>} step
 * @param {(text: string | RegExp) => import("playwright-core").Locator} line
 * @param {(subject: string) => Promise<void>} keep
 */
async function useHosts(page, step, line, keep) {
	await step("sees the host's guests and taps", async () => {
		await page.getByRole("tab", { name: "OpenBSD" }).first().click();
		await page.getByRole("treeitem", { name: /^hv1/ }).click();
		await page.getByRole("treeitem", { name: /^web01/ }).waitFor();
		await page.getByRole("treeitem", { name: /^tap3/ }).first().waitFor();
		await page.getByRole("treeitem", { name: "Switches" }).click();
		await page.getByRole("treeitem", { name: "Anchors" }).click();
		await page.getByRole("treeitem", { name: "vm/web01" }).waitFor();
	});
	await step("sees whose a tap is", async () => {
		await page.getByRole("treeitem", { name: /^web01/ }).click({ button: "right" });
		const item = page.getByRole("menuitem", { name: "Open Anchor File" });
		await item.waitFor();
		// A menu takes no click in its first moments, so that the click which opened it chooses nothing.
		await page.waitForTimeout(500);
		await item.click();
		await line("web01, running").waitFor();
	});
	await step("picks a tap", async () => {
		await runCommand(page, "OpenBSD: Show Live Taps");
		await page.locator(".quick-input-widget .monaco-list-row", { hasText: "tap2" }).waitFor();
	});
	await page.keyboard.press("Escape");
	await step("reads what a deployment would do", async () => {
		await runCommand(page, "OpenBSD: Deploy to Host");
		await line("# Plan for hv1").waitFor();
		await line("Becomes possible: outside → host, tcp 8443").waitFor();
		await page.locator(".codelens-decoration a", { hasText: "Deploy to hv1" }).waitFor();
		// Its colours come with VS Code's own Markdown extension.
		await page.waitForFunction(
			() => new Set([...document.querySelectorAll(".view-line span span")].map((word) => word.className)).size > 2,
		);
		await keep("plan");
	});
	await step("looks at the changes of the plan side by side", async () => {
		await page.locator(".codelens-decoration a", { hasText: "Show Changes" }).click();
		await page.locator(".tab", { hasText: "changes of the plan" }).waitFor();
		await page.locator(".monaco-diff-editor .view-line", { hasText: "8443" }).first().waitFor();
		await page.keyboard.press("Control+W");
		await line("# Plan for hv1").waitFor();
	});
	await step("sees with the host how its last rehearsal ended", async () => {
		const hover = page.locator(".workbench-hover", { hasText: /The\sway\sback/ });
		// A hover begins where the mouse comes in, and ends where the tree is drawn again meanwhile: a person points again.
		for (let tries = 3; tries > 0 && !(await hover.isVisible()); tries--) {
			await page.mouse.move(700, 500);
			await page.getByRole("treeitem", { name: /^hv1/ }).locator(".label-name").hover();
			await hover.waitFor({ timeout: 10_000 }).catch(() => undefined);
		}
		await hover.waitFor();
		await page.mouse.move(700, 500);
	});
	await step("deploys it, and is asked to keep it while the time runs", async () => {
		await page.locator(".codelens-decoration a", { hasText: "Deploy to hv1" }).click();
		await page.locator(".statusbar-item", { hasText: /rolls back in \d+ s/ }).waitFor({ timeout: 60_000 });
		await page.getByRole("button", { name: "120 More Seconds" }).first().waitFor();
	});
	await step("keeps it", async () => {
		await page.getByRole("button", { name: "Keep", exact: true }).first().click();
		await page.locator(".notification-list-item", { hasText: "Deployed to hv1" }).waitFor();
		await page.keyboard.press("Control+W");
	});
	await step("compares the rules that are loaded", async () => {
		await runCommand(page, "OpenBSD: Compare With Live Ruleset");
		await page.locator(".notification-list-item", { hasText: "has loaded exactly the rules" }).waitFor();
	});
}

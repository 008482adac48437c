// Every screen of the packaged extension as a picture, in light, dark and high contrast, in English and Chinese, for people to look
// at: out/screens/SCREEN-THEME-LANGUAGE.png. Of Chinese no language pack of VS Code is to be had from the npm registry: its own
// words stay English there, and all of ours are Chinese.
//
//	node scripts/screenshots.mjs                        all of them
//	node scripts/screenshots.mjs --only plan,matrix     some screens
//	node scripts/screenshots.mjs --language zh-cn --theme dark
//
// The package must be there (npm run package). Ends with "N passed, N failed": a screen fails that does not show what it should.
import { appendFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { screenshots as failures, openWindow, Results } from "./lib/gui.mjs";
import { manifest, out, root } from "./lib/repository.mjs";
import { canSimulate, simulatedAddress, startSimulatedHost } from "./lib/simulated-host.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { makeHome } from "./lib/vscode-serve.mjs";

const { values } = parseArgs({ options: { only: { type: "string" }, language: { type: "string" }, theme: { type: "string" } } });
const wanted = values.only?.split(",");
const languages = ["en", "zh-cn"].filter((language) => values.language === undefined || values.language === language);

const themes = [
	{ name: "light", colorTheme: "Default Light Modern" },
	{ name: "dark", colorTheme: "Default Dark Modern" },
	{ name: "contrast", colorTheme: "Default High Contrast" },
].filter(({ name }) => values.theme === undefined || values.theme === name);
const size = { width: 1400, height: 900 };
const screens = join(out, "screens");

/** Where the extension's page has its pictures from, and how many. */
const site = `${manifest.repository.url.replace(/\.git$/, "")}/raw/HEAD/`;
const readmePictures = (await readFile(join(root, "README.md"), "utf8")).match(/!\[/g)?.length;

const results = new Results();
await installVscode();
if (Object.keys(values).length === 0) await rm(screens, { recursive: true, force: true });
await mkdir(screens, { recursive: true });
await mkdir(failures, { recursive: true });
for (const language of languages) for (const theme of themes) await results.session((cleanup) => showAll(language, theme, cleanup));
results.tell();

/** @param {string} language @param {{ name: string, colorTheme: string }} theme @param {import("./lib/processes.mjs").Cleanup} cleanup */
async function showAll(language, { name: theme, colorTheme }, cleanup) {
	const suffix = language === "en" ? "" : `.${language}`;
	const titles = JSON.parse(await readFile(join(root, `package.nls${suffix}.json`), "utf8"));
	const words = language === "en" ? {} : JSON.parse(await readFile(join(root, "l10n", `bundle.l10n.${language}.json`), "utf8"));
	const say = (/** @type {string} */ english) => words[english] ?? english;
	const home = await makeHome("code");
	const simulated = canSimulate() ? await startSimulatedHost(home, join(root, "examples", "corrected")) : undefined;
	if (simulated !== undefined) cleanup.add(simulated.close);
	const window = await openWindow({ home, colorTheme, size, ...(language === "en" ? {} : { locale: language }) }, cleanup);
	const { page, serving, open } = window;
	// A screen that is not there by then is looked into by a person.
	page.setDefaultTimeout(20_000);
	const folder = join(serving.home, "hosts");
	for (const name of ["handbook", "corrected"]) await cp(join(root, "examples", name), join(folder, name), { recursive: true });
	const hosts = [
		{ name: "hv1", root: "corrected", ssh: simulatedAddress },
		{ name: "handbook", root: "handbook" },
	];
	await writeFile(join(folder, "openbsd-vnet.json"), JSON.stringify({ hosts }));
	simulated?.change(({ pf, interfaces, guests, doas }) => {
		doas.push("timeout");
		// Of an attack, say: no file here has it.
		pf.tables.bruteforce = ["198.51.100.9", "203.0.113.0/24"];
		for (const [i, each] of interfaces.entries()) each.traffic = [(i + 1) * 900, (i + 1) * 700_000, (i + 1) * 400, (i + 1) * 90_000];
		for (const [i, guest] of guests.entries()) guest.cpuMore = 0.3 + i;
		const line = (/** @type {number} */ port, /** @type {number} */ rule) =>
			[
				`em0 tcp 203.0.113.10:${port} <- 198.51.100.${rule}:50123       ESTABLISHED:ESTABLISHED`,
				"   [1 + 65536]  [2 + 65536]",
				`   age 00:12:0${rule}, expires in 23:59:50, ${rule}00:${rule}20 pkts, ${rule}2000:${rule}84000 bytes, rule ${rule}`,
				`   id: 00000000000000${rule}0 creatorid: 00000001`,
			].join("\n");
		pf.states = [line(22, 4), line(8080, 5)];
	});
	const empty = join(serving.home, "empty");
	await mkdir(empty);

	const tests = "policy.pftest";
	const line = (/** @type {string | RegExp} */ text) => page.locator(".monaco-editor .view-line", { hasText: text }).first();
	const row = (/** @type {string} */ text) => page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
	/** Opens a list by its key, and chooses what it has of a text. @param {string} key @param {string} words @param {string} text */
	const choose = async (key, words, text) => {
		for (let left = 3; left > 0; left--) {
			await page.keyboard.press("Escape");
			// A web view that has the keyboard keeps some of the keys.
			if (left < 3) await page.locator(".part.titlebar").click({ position: { x: 300, y: 10 } });
			await page.keyboard.press(key);
			await page.keyboard.insertText(words);
			const isThere = await row(text)
				.waitFor({ timeout: 7000 })
				.then(
					() => true,
					(error) => (left === 1 ? Promise.reject(error) : false),
				);
			if (!isThere) continue;
			await page.waitForTimeout(300);
			return await page.keyboard.press("Enter");
		}
	};
	/** VS Code's own commands by their English names, ours by their ids. @param {string} name */
	const command = async (name) => {
		const title = name.startsWith("command.") ? `OpenBSD: ${titles[name]}` : name;
		await choose("F1", title, title);
	};
	const file = async (/** @type {string} */ path) => {
		const name = path.slice(path.lastIndexOf("/") + 1);
		await choose("Control+P", path, name);
		await page.locator(".tab.active", { hasText: name }).first().waitFor();
		await page.locator(".editor-instance .monaco-editor.focused").waitFor();
	};
	const view = () => page.frameLocator("iframe.webview").last().frameLocator("iframe");
	const clear = async () => {
		await page.mouse.move(700, 896);
		await page.keyboard.press("Escape");
		await command("Notifications: Clear All Notifications");
		await command("View: Close All Editors");
		if (await page.locator(".part.panel").isVisible()) await page.keyboard.press("Control+J");
		await page.keyboard.press("Control+Shift+E");
	};
	/** @param {string} name @param {() => Promise<void>} act */
	const screen = async (name, act) => {
		if (wanted !== undefined && !wanted.includes(name)) return;
		try {
			await clear();
			await act();
			await page.waitForTimeout(300);
			await page.screenshot({ path: join(screens, `${name}-${theme}-${language}.png`) });
			results.passed++;
			console.log(`✔ ${language}, ${theme}: ${name}`);
		} catch (error) {
			results.failed++;
			await page.screenshot({ path: join(failures, `failed-screen-${name}-${theme}-${language}.png`) }).catch(() => undefined);
			console.error(
				`✘ ${language}, ${theme}: ${name}: ${error instanceof Error ? error.message.split("\n").slice(0, 3).join(" ") : error}`,
			);
		}
	};
	const openFolder = async (/** @type {string} */ path) => {
		await open(path);
		await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
		await page.waitForTimeout(3000);
	};

	await openFolder(empty);
	await screen("walkthrough", async () => {
		await command("Welcome: Open Walkthrough...");
		await page.locator(".quick-input-list .monaco-list-row", { hasText: titles["walkthrough.title"] }).first().click();
		await page.locator(".gettingStartedContainer .step-title", { hasText: titles["walkthrough.open.title"] }).first().waitFor();
		await page.waitForTimeout(1500);
	});
	for (const step of ["problems", "network", "expanded", "patterns", "hosts"])
		await screen(`walkthrough-${step}`, async () => {
			await command("Welcome: Open Walkthrough...");
			await page.locator(".quick-input-list .monaco-list-row", { hasText: titles["walkthrough.title"] }).first().click();
			await page
				.locator(".gettingStartedContainer .step-title", { hasText: titles[`walkthrough.${step}.title`] })
				.first()
				.click();
			await page.waitForTimeout(1500);
		});
	await screen("tour", async () => {
		await command("Welcome: Open Walkthrough...");
		await page.locator(".quick-input-list .monaco-list-row", { hasText: titles["tour.title"] }).first().click();
		await page.locator(".gettingStartedContainer .step-title", { hasText: titles["tour.trace.title"] }).first().click();
		await page.waitForTimeout(1500);
	});
	await screen("examples", async () => {
		await command("command.openExample");
		await page.locator(".quick-input-list .monaco-list-row", { hasText: say("Guests in VLANs of one veb") }).waitFor();
	});
	await screen("empty-topology", async () => {
		await command("View: Show OpenBSD");
		await view().getByText(say("Insert Network Pattern")).first().waitFor();
	});
	await screen("pattern-list", async () => {
		await command("command.insertPattern");
		await page.locator(".quick-input-list .monaco-list-row").nth(3).waitFor();
	});
	await screen("pattern-preview", async () => {
		await command("command.insertPattern");
		await page
			.locator(".quick-input-list .monaco-list-row", { hasText: say("Routed guests") })
			.first()
			.click();
		for (let asked = 0; asked < 20; asked++) {
			const preview = page.locator(".refactor-preview, .bulk-edit-panel").first();
			await page.locator(".quick-input-title:visible").or(preview).first().waitFor();
			if (await preview.isVisible()) break;
			await page.waitForTimeout(300);
			await page.keyboard.press("Enter");
			await page.waitForTimeout(400);
		}
		await page.locator(".bulk-edit-panel .monaco-list-row").first().click();
		await page.waitForTimeout(1500);
	});

	await openFolder(folder);
	await screen("problems", async () => {
		await file("handbook/etc/pf.conf");
		await page.keyboard.press("Control+Shift+M");
		await page.locator(".markers-panel .monaco-list-row").nth(3).waitFor();
	});
	await screen("fixes", async () => {
		await file("handbook/etc/pf.conf");
		await page.locator(".squiggly-error").first().waitFor();
		await command("Go to Next Problem in Files (Error, Warning, Info)");
		await page.waitForTimeout(500);
		await page.keyboard.press("Escape");
		await page.keyboard.press("Control+Period");
		await page.locator(".action-widget .monaco-list-row").first().waitFor();
	});
	await screen("hover", async () => {
		await file("corrected/etc/pf.conf");
		await line("nat-to")
			.locator("span", { hasText: /^nat-to$/ })
			.last()
			.hover();
		await page.locator(".monaco-hover:not(.hidden) .hover-contents", { hasText: "pf.conf(5)" }).first().waitFor();
	});
	await screen("completion", async () => {
		await file("corrected/etc/pf.conf");
		await line("block log all").click();
		await page.keyboard.press("End");
		await page.keyboard.press("Enter");
		await page.keyboard.type("pass in on ", { delay: 20 });
		await page.keyboard.press("Control+Space");
		await page.locator(".suggest-widget.visible .monaco-list-row").nth(2).waitFor();
	});
	// What was typed goes again, for the screens behind it.
	await page.keyboard.press("Escape");
	for (let left = 20; left > 0; left--) await page.keyboard.press("Control+Z");
	await page.keyboard.press("Control+S");
	await screen("expanded", async () => {
		await file("corrected/etc/pf.conf");
		await command("command.showExpanded");
		await page.locator(".editor-group-container").nth(1).locator(".view-line", { hasText: "flags" }).first().waitFor();
		await page.keyboard.press("Control+G");
		await page.keyboard.insertText("28");
		await page.keyboard.press("Enter");
		await page.waitForTimeout(1000);
	});
	await screen("netstart", async () => {
		await file("corrected/etc/hostname.veb0");
		await command("command.showNetstart");
		await line("ifconfig veb0").waitFor();
	});
	await screen("topology", async () => {
		await file("corrected/etc/pf.conf");
		await command("command.showTopology");
		await view().locator('[data-id="guest:db01"]').waitFor();
		await command("View: Close Editors in Other Groups");
		await view().locator('[data-id="guest:db01"]').focus();
		await page.keyboard.press("Space");
		await view().locator('[data-id="outside"]').focus();
		await page.keyboard.press("Shift+Enter");
		await view().locator("#details li").first().waitFor();
	});
	await screen("topology-problems", async () => {
		await file("handbook/etc/vm.conf");
		await command("command.showTopology");
		await view().locator('[data-id="guest:db01"]').waitFor();
		await view().locator("#showLegend").click();
	});
	await screen("sidebar", async () => {
		await file("corrected/etc/vm.conf");
		await command("View: Show OpenBSD");
		await page.waitForTimeout(2500);
	});
	await screen("matrix", async () => {
		await file("corrected/etc/pf.conf");
		await command("command.showReachability");
		await view().locator("table, [role=grid]").first().waitFor();
		await page.waitForTimeout(1500);
	});
	await screen("exposure", async () => {
		await file("corrected/etc/pf.conf");
		await command("command.showExposure");
		await view().locator("h1, h2, h3").first().waitFor();
		await page.waitForTimeout(1500);
	});
	await screen("trace", async () => {
		await file("corrected/etc/policy.pftest");
		await line("3306").click();
		await command("command.traceRule");
		await page.waitForTimeout(3000);
	});
	await screen("policy-test-fails", async () => {
		await file("corrected/etc/policy.pftest");
		await page.keyboard.press("Control+End");
		await page.keyboard.type("outside web01 tcp 22 pass", { delay: 10 });
		await page.keyboard.press("Escape");
		await page.keyboard.press("Control+S");
		await page.locator(".squiggly-error").first().waitFor();
		await page.keyboard.press("Control+Period");
		await page.locator(".action-widget .monaco-list-row", { hasText: say("Trace the connection of this test") }).waitFor();
	});
	await screen("policy-tests", async () => {
		await file("corrected/etc/policy.pftest");
		await command("Testing: Focus on Test Explorer View");
		await command("command.runPolicyTests");
		await page.locator(".notification-list-item").first().waitFor();
	});
	await screen("upgrade", async () => {
		await file("handbook/etc/pf.conf");
		await command("command.showUpgrade");
		await page.locator(".quick-input-list .monaco-list-row").first().click();
		await view().locator("h1, h2, h3").first().waitFor();
	});
	await screen("settings", async () => {
		await command("Preferences: Open Settings (UI)");
		await page.locator(".settings-editor .suggest-input-container").first().waitFor();
		await page.waitForTimeout(1500);
		await page.keyboard.insertText("@ext:openbsd-vnet.openbsd-vnet");
		await page.locator(".settings-editor .setting-item-contents").nth(2).waitFor();
	});
	await screen("commands", async () => {
		await page.keyboard.press("F1");
		await page.keyboard.insertText("OpenBSD");
		await page.locator(".quick-input-list .monaco-list-row").nth(8).waitFor();
	});
	// The page asks the repository's site for its pictures; nothing but this machine is reached.
	await page.route(`${site}**`, (route) => route.fulfill({ path: join(root, route.request().url().slice(site.length)) }));
	for (const part of ["top", "features"])
		await screen(`extension-page-${part}`, async () => {
			await command("Extensions: Show Installed Extensions");
			await page.locator(".extension-list-item", { hasText: titles.displayName }).click();
			await view().getByRole("heading", { name: "Install", exact: true }).waitFor();
			// What is looked at is the page, and not the list beside it.
			await page.keyboard.press("Control+B");
			const there = await view()
				.locator("img")
				.evaluateAll(async (images) => {
					await Promise.allSettled(images.map((image) => image.decode()));
					return images.filter(({ naturalWidth }) => naturalWidth > 0).length;
				});
			if (there !== readmePictures) throw new Error(`${there} of ${readmePictures} pictures are there`);
			if (part === "features") await view().getByRole("heading", { name: "What it does" }).scrollIntoViewIfNeeded();
			await page.waitForTimeout(500);
		});
	await page.keyboard.press("Control+B");
	if (simulated === undefined) return;
	await screen("hosts", async () => {
		await command("View: Show OpenBSD");
		await page.getByRole("treeitem", { name: /^hv1/ }).click();
		await page.getByRole("treeitem", { name: /^web01/ }).waitFor();
		await page.getByRole("treeitem", { name: /^web01/ }).click({ button: "right" });
		await page.getByRole("menuitem").first().waitFor();
	});
	await page.keyboard.press("Escape");
	await screen("live-taps", async () => {
		await file("corrected/etc/pf.vm/web01.conf");
		await command("command.resolveTaps");
		await page.locator(".quick-input-widget .monaco-list-row", { hasText: "tap2" }).waitFor();
	});
	await screen("counters", async () => {
		await file("corrected/etc/pf.conf");
		await command("command.showCounters");
		await page.waitForTimeout(3000);
	});
	await screen("states", async () => {
		await file("corrected/etc/pf.vm/web01.conf");
		await command("command.showStates");
		await row(say("All states")).click();
		await row(say("Most bytes first")).click();
		await line("ESTABLISHED").waitFor();
	});
	await screen("tables", async () => {
		await file("corrected/etc/pf.conf");
		await command("command.showTables");
		await page.locator(".tab.active", { hasText: say("tables") }).waitFor();
	});
	await screen("packet-log", async () => {
		await command("command.watchLog");
		await row(say("All that is logged")).click();
		await line("hv1").waitFor();
		const packet = (/** @type {string} */ head, /** @type {string} */ words) =>
			`Dec 01 10:43:18.123456 rule ${head}: ${words} (ttl 64, id 1, len 60)\n`;
		const loaded = "[uid 0, pid 51234]";
		const packets = [
			packet(`1/(match) ${loaded} block in on em0`, "198.51.100.7.40112 > 192.0.2.10.23: S [tcp sum ok] 1:1(0) win 65535"),
			packet(`1/(match) ${loaded} block in on tap2`, "10.50.0.30.51000 > 192.0.2.10.22: S [tcp sum ok] 1:1(0) win 65535"),
			packet(`2/(match) ${loaded} pass out on em0`, "192.0.2.10 > 198.51.100.7: icmp: echo reply (id:1 seq:0)"),
		];
		const shown = page.locator(".output-view .view-line", { hasText: "198.51.100.7:40112" }).first();
		for (let left = 20; left > 0 && !(await shown.isVisible()); left--) {
			await appendFile(join(simulated.root, "simulated/pflog"), packets.join(""));
			await page.waitForTimeout(500);
		}
		await shown.waitFor();
		await command("command.endLog");
	});
	await screen("rates", async () => {
		await file("corrected/etc/pf.conf");
		await command("command.showRates");
		await view().locator(".rates text").first().waitFor({ timeout: 40_000 });
		await command("View: Close Editors in Other Groups");
		// Some more readings make a line.
		await page.waitForTimeout(16_000);
		await view().locator('[data-id="link:tap2"]').focus();
		await page.keyboard.press("Space");
		await view().locator("#details li").first().waitFor();
	});
	await screen("host-files", async () => {
		await command("command.openHostFiles");
		await row("/etc/pf.conf").click();
		await line("block log all").waitFor();
	});
	await screen("verify", async () => {
		await command("command.verifyHost");
		await view().getByText(/\d+/).first().waitFor();
		await page.waitForTimeout(1500);
	});
	await screen("plan", async () => {
		await file("corrected/etc/pf.conf");
		await line("# The public service of web01").click();
		await page.keyboard.press("Home");
		await page.keyboard.insertText("pass in on $wan inet proto tcp to ($wan) port 8443\n");
		await page.keyboard.press("Control+S");
		await command("command.deployHost");
		await page.locator(".codelens-decoration a").first().waitFor();
		await page.waitForTimeout(1500);
	});
	await screen("plan-rendered", async () => {
		await command("command.deployHost");
		await page.locator(".codelens-decoration a").first().waitFor();
		await command("command.showPlanRendered");
		await view().locator("h1").first().waitFor();
	});
	await screen("plan-asks", async () => {
		await file("corrected/etc/policy.pftest");
		await command("command.deployHost");
		await page.locator(".codelens-decoration a").first().click();
		await page.locator(".monaco-dialog-box").waitFor();
	});
	await page.keyboard.press("Escape");
	const keep = page.locator(".notification-list-item .monaco-button", { hasText: say("Keep") }).first();
	await screen("countdown", async () => {
		await cp(join(root, "examples", "corrected", "etc", tests), join(folder, "corrected", "etc", tests));
		await file("corrected/etc/policy.pftest");
		await command("command.deployHost");
		await page.locator(".codelens-decoration a").first().click();
		await keep.waitFor({ timeout: 90_000 });
		await page.waitForTimeout(1500);
	});
	await keep.click().catch(() => undefined);
	await page.waitForTimeout(6000);
	await screen("deployments", async () => {
		await command("command.showDeployments");
		await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
	});
	await screen("plan-of-rollback", async () => {
		await command("command.showDeployments");
		await page.locator(".quick-input-list .monaco-list-row").first().click();
		await page.locator(".codelens-decoration a").first().waitFor();
	});
	await screen("add-host", async () => {
		await command("command.addHost");
		await page.locator(".quick-input-widget").first().waitFor();
		await page.waitForTimeout(1000);
	});
}

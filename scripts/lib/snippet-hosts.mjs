// Makes hosts of snippets in a real VS Code: each is found by its prefix, taken, and stands in its file with its defaults.
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openFile, saved, words } from "./gui.mjs";
import { importSources } from "./sources.mjs";

/** The sets of test/unit/snippet-sets.ts, and what their snippets make of a file. */
export async function snippetSets() {
	return await importSources("snippet-sets", ['export { sets, textFor } from "./test/unit/snippet-sets.ts";']);
}

/**
 * @param {import("./gui.mjs").Window} window
 * @param {import("./gui.mjs").Step} step
 * @param {string} name of a set
 */
export async function typeSnippets({ page, serving, open }, step, name) {
	const { sets, textFor } = await snippetSets();
	const { snippets, beside } = sets[name];
	const host = join(serving.home, name.replaceAll(/\W+/g, "-"));
	const write = async (/** @type {string} */ path, /** @type {string} */ text) => {
		await mkdir(dirname(join(host, path)), { recursive: true });
		await writeFile(join(host, path), text);
	};
	for (const [path, text] of Object.entries(beside)) await write(path, text);
	for (const path of Object.keys(snippets)) await write(path, "");
	await open(host);
	await page.getByRole("treeitem", { name: "etc" }).click({ timeout: 60_000 });
	if (Object.keys(snippets).some((path) => path.startsWith("/etc/pf.vm/"))) await page.getByRole("treeitem", { name: "pf.vm" }).click();
	await step(`makes a host of snippets: ${name}`, async () => {
		for (const [path, of] of Object.entries(snippets)) {
			const [prefix = ""] = [of].flat();
			await openFile(page, basename(path));
			await take(page, prefix);
			await page.keyboard.press("Escape");
			await page.keyboard.press("Control+S");
			const wanted = words(textFor(path, of));
			const typed = await saved(join(host, path), wanted);
			if (words(typed) !== wanted) throw new Error(`${path}: expected ${wanted}, got ${typed}`);
		}
		await page.keyboard.press("Control+Shift+M");
		await page.locator(".markers-panel", { hasText: "No problems have been detected" }).waitFor();
	});
}

/** Takes the snippet of a prefix, also where a word of the language is called so. @param {import("playwright-core").Page} page @param {string} prefix */
async function take(page, prefix) {
	await page.keyboard.type(prefix, { delay: 5 });
	const rows = page.locator(".suggest-widget.visible .monaco-list-row").filter({ has: page.locator(".codicon-symbol-snippet") });
	const row = rows.filter({ has: page.locator(".label-name", { hasText: new RegExp(`^${prefix}$`) }) }).first();
	// Until the server is there to ask, there is nothing to choose from.
	for (let left = 20; left > 0; left--) {
		await page.keyboard.press("Control+Space");
		try {
			await row.waitFor({ timeout: 1000 });
			break;
		} catch {
			await page.keyboard.press("Escape");
		}
	}
	await row.click();
	await page.locator(".suggest-widget.visible").waitFor({ state: "hidden" });
}

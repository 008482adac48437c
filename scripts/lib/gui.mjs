// A person's session with the packaged extension, in a real VS Code with keyboard and mouse.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { launchChromium } from "./chromium.mjs";
import { Cleanup } from "./processes.mjs";
import { out } from "./repository.mjs";
import { serveForPeople } from "./vscode-serve.mjs";

/** How long is waited for anything that a window shows. */
export const patience = 40_000;

export const screenshots = join(out, "screenshots");

export const themes = [
	{ name: "dark", colorTheme: "Default Dark Modern" },
	{ name: "light", colorTheme: "Default Light Modern" },
];

const appearance = {
	"window.menuBarVisibility": "compact",
	"editor.minimap.enabled": false,
	"editor.fontSize": 14,
	"editor.cursorBlinking": "solid",
	"breadcrumbs.enabled": false,
};

/**
 * @typedef {object} Window
 * @property {Awaited<ReturnType<typeof serveForPeople>>} serving
 * @property {import("playwright-core").Browser} browser
 * @property {import("playwright-core").Page} page
 * @property {(folder: string) => Promise<void>} open
 */

/**
 * A window of a VS Code that has the package installed, and no traffic but with this machine.
 * @param {{ home: string, colorTheme: string, size?: { width: number, height: number }, locale?: string }} options
 * @param {Cleanup} cleanup ends it
 * @returns {Promise<Window>}
 */
export async function openWindow({ home, colorTheme, size = { width: 1200, height: 820 }, locale }, cleanup) {
	const settings = { ...appearance, "workbench.colorTheme": colorTheme };
	const serving = await serveForPeople(join(out, "openbsd-vnet.vsix"), { home, settings, locale });
	cleanup.add(serving.stop);
	const browser = await launchChromium();
	cleanup.add(() => browser.close());
	const page = await browser.newPage({ viewport: size });
	page.setDefaultTimeout(patience);
	// A workbench comes in many files.
	page.setDefaultNavigationTimeout(3 * patience);
	const open = async (/** @type {string} */ folder) => {
		await page.goto(`http://127.0.0.1:${serving.port}/?${new URLSearchParams({ folder })}`);
	};
	return { serving, browser, page, open };
}

/**
 * The steps of a session, each with a picture of what is there at its end.
 * @typedef {(what: string, act: () => Promise<void>) => Promise<void>} Step
 */
export class Results {
	passed = 0;
	failed = 0;

	/** A session: what fails in it ends it alone. @param {(cleanup: Cleanup) => Promise<void>} act with what ends all that it starts */
	async session(act) {
		const cleanup = new Cleanup();
		try {
			await act(cleanup);
		} catch (error) {
			console.error(error instanceof Error ? error.message : error);
			this.failed++;
		} finally {
			await cleanup.run();
		}
	}

	/** Says how many steps passed, and leaves the exit status. */
	tell() {
		console.log(`${this.passed} passed, ${this.failed} failed`);
		process.exitCode = this.failed === 0 ? 0 : 1;
	}

	/** @param {import("playwright-core").Page} page @param {string} theme @returns {Step} */
	stepsOf(page, theme) {
		return async (what, act) => {
			await mkdir(screenshots, { recursive: true });
			const picture = `${what.replaceAll(/[^a-z0-9]+/gi, "-")}-${theme}.png`;
			try {
				await act();
				this.passed++;
				console.log(`✔ ${theme}: ${what}`);
				await page.screenshot({ path: join(screenshots, picture) });
			} catch (error) {
				await page.screenshot({ path: join(screenshots, `failed-${picture}`) }).catch(() => undefined);
				console.error(`✘ ${theme}: ${what}`);
				throw error;
			}
		};
	}
}

/** Runs a command by its name, as a person does who waits until it is offered. @param {import("playwright-core").Page} page @param {string} name */
export async function runCommand(page, name) {
	const row = page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
	for (let left = 4; left > 0; left--) {
		await page.keyboard.press("F1");
		await page.locator(".quick-input-widget").first().waitFor();
		await page.keyboard.type(name, { delay: 5 });
		// The palette of a window that has just opened does not get the commands that come after it.
		const isThere = await row.waitFor({ timeout: patience / 4 }).then(
			() => true,
			(error) => (left === 1 ? Promise.reject(error) : false),
		);
		if (isThere) return await page.keyboard.press("Enter");
		await page.keyboard.press("Escape");
	}
}

/**
 * Opens an empty file of the folder's etc with the keyboard in it, and its language at work.
 * @param {import("playwright-core").Page} page
 * @param {string} name below etc, which is open in the tree
 */
export async function openFile(page, name) {
	// On a busy machine a list of choices comes after its last Escape, and covers the tree.
	await page.keyboard.press("Escape");
	await page.getByRole("treeitem", { name }).dblclick();
	await page.locator(".tab.active", { hasText: name }).waitFor();
	await whenLanguageWorks(page);
}

/**
 * Waits until the language of the focused, empty editor is there: VS Code loads what colours it and what closes a bracket after it
 * has shown the file, and whoever types before that gets neither indentation nor closing braces.
 * @param {import("playwright-core").Page} page
 */
export async function whenLanguageWorks(page) {
	const editor = page.locator(".editor-instance .monaco-editor.focused");
	const line = editor.locator(".view-lines .view-line").first();
	await editor.waitFor();
	await page.keyboard.type("#");
	// mtk1 is the colour of what no grammar has read.
	await line.locator("span span:not(.mtk1)", { hasText: "#" }).first().waitFor();
	await page.keyboard.press("Backspace");
	for (const end = Date.now() + patience; Date.now() < end; ) {
		await line.filter({ hasText: /^$/ }).waitFor();
		await page.keyboard.type('"');
		await line.filter({ hasText: '"' }).waitFor();
		const isClosed = (await line.textContent()) === '""';
		// It takes away what was closed with it.
		await page.keyboard.press("Backspace");
		if (isClosed) {
			await line.filter({ hasText: /^$/ }).waitFor();
			return;
		}
	}
	throw new Error("the language of the file does not close what is opened");
}

/**
 * The text of a file, once it has been saved as a whole: the editor saves by itself as well, in the middle of typing.
 * @param {string} path
 * @param {string} wanted the words that are to be in it
 */
export async function saved(path, wanted) {
	let text = "";
	for (const end = Date.now() + patience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
		text = await readFile(path, "utf8");
		if (words(text) === wanted) break;
	}
	return text;
}

/** A text without its indentation and its blank lines. @param {string} text */
export function words(text) {
	return text
		.split("\n")
		.flatMap((line) => (line.trim() === "" ? [] : [line.trim()]))
		.join("\n");
}

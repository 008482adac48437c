// Types configuration files into a real editor as a person does, and counts what the editor did meanwhile.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openFile, patience, saved, words } from "./gui.mjs";
import { root } from "./repository.mjs";

/** Milliseconds between two keystrokes: a very quick typist's, for whom the list still opens. */
const PACE = 15;

/** @typedef {{ path: string, lines: string[] }} TypedFile a file relative to /etc */

/**
 * The configuration files of an example host, without comments and blank lines, which are nobody's to complete.
 * @param {string} etc its /etc
 * @returns {Promise<TypedFile[]>}
 */
export async function filesToType(etc) {
	const names = await readdir(etc, { recursive: true });
	const paths = names.filter((name) => /^(?:vm\.conf|pf\.conf|hostname\.\w+|pf\.vm\/.*\.conf)$/.test(name)).sort();
	return await Promise.all(
		paths.map(async (path) => {
			const text = await readFile(join(etc, path), "utf8");
			const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
			return { path, lines: lines.map((line) => line.trim()) };
		}),
	);
}

/**
 * What the editor did while something was typed.
 * @typedef {object} Typed
 * @property {number} keystrokes
 * @property {number} offered keystrokes after which choices were shown
 * @property {number} errors the greatest number of errors that stood in the file at once
 * @property {number} flashed errors and warnings that came up and went again while it was typed
 */

/** The key that opens a block at the end of a line. */
const OPEN = "open";

/** The keys that write lines. A brace that closes a block is there already: the cursor steps over it. @param {readonly string[]} lines */
function* keysFor(lines) {
	for (const [i, line] of lines.entries()) {
		if (i > 0 && line !== "}") yield "Enter";
		if (line === "}") yield* ["ArrowDown", "End"];
		else if (line.endsWith("{")) yield* [...line.slice(0, -1), OPEN];
		else yield* line;
	}
}

/** @param {import("playwright-core").Page} page @param {string} key a letter, or the name of another key */
async function strike(page, key) {
	if (key === OPEN) await openBlock(page);
	else if (key.length === 1) await page.keyboard.type(key);
	else await page.keyboard.press(key);
}

/**
 * Types the brace that opens a block as who looks at what it does: VS Code closes it only once it has read all lines above, and
 * is behind a quick typist on a busy machine.
 * @param {import("playwright-core").Page} page
 */
async function openBlock(page) {
	for (const end = Date.now() + patience; Date.now() < end; ) {
		await page.keyboard.type("{");
		const line = await page.waitForFunction(lineWithBrace);
		if ((await line.jsonValue()) === "{}") return;
		await page.keyboard.press("Backspace");
	}
	throw new Error("VS Code does not close a brace");
}

/** The end of the cursor's line once it has a brace. Runs in the page. @returns {"{" | "{}" | undefined} */
function lineWithBrace() {
	const editor = document.querySelector(".editor-instance .monaco-editor.focused");
	const top = (/** @type {Element | null | undefined} */ element) => Number.parseFloat(element?.style.top ?? "");
	const at = top(editor?.querySelector(".cursors-layer .cursor"));
	const lines = [...(editor?.querySelectorAll(".view-lines .view-line") ?? [])];
	const text = lines.find((line) => Math.abs(top(line) - at) < 3)?.textContent ?? "";
	return text.endsWith("{}") ? "{}" : text.endsWith("{") ? "{" : undefined;
}

/** Types lines into the focused editor, without a look at what it shows meanwhile. @param {import("playwright-core").Page} page @param {readonly string[]} lines */
export async function typeUnwatched(page, lines) {
	for (const key of keysFor(lines)) await strike(page, key);
}

/**
 * Types lines into the focused editor, and counts what it shows.
 * @param {import("playwright-core").Page} page
 * @param {readonly string[]} lines
 * @returns {Promise<Typed>}
 */
export async function typeLines(page, lines) {
	const typed = { keystrokes: 0, offered: 0, errors: 0, flashed: 0 };
	let before = 0;
	const press = async (/** @type {() => Promise<void>} */ act) => {
		await act();
		typed.keystrokes++;
		await page.waitForTimeout(PACE);
		const seen = await page.evaluate(() => ({
			choices: document.querySelector(".suggest-widget.visible .monaco-list-row") !== null,
			errors: document.querySelectorAll(".squiggly-error").length,
			warnings: document.querySelectorAll(".squiggly-warning").length,
		}));
		if (seen.choices) typed.offered++;
		typed.errors = Math.max(typed.errors, seen.errors);
		const now = seen.errors + seen.warnings;
		typed.flashed += Math.max(0, before - now);
		before = now;
	};
	for (const key of keysFor(lines)) await press(() => strike(page, key));
	return typed;
}

/** Begins a word on a new line, waits until choices come by themselves, and takes both away again. @param {import("playwright-core").Page} page @param {string} letter that a word begins with */
async function isOfferedToWhoWaits(page, letter) {
	await page.keyboard.press("Enter");
	await page.keyboard.type(letter);
	await page.locator(".suggest-widget.visible .monaco-list-row").first().waitFor();
	await page.keyboard.press("Escape");
	await page.keyboard.press("Backspace");
	await page.keyboard.press("Backspace");
	await page.keyboard.press("Control+S");
	await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
}

/**
 * Types files of an example host letter by letter into a folder of empty ones: what stands in them afterwards is what was
 * typed, and nothing else.
 * @param {import("./gui.mjs").Window} window
 * @param {import("./gui.mjs").Step} step
 * @param {string} example whose files are typed
 * @param {(files: readonly TypedFile[]) => readonly TypedFile[]} choose which of them
 */
export async function typeThePage({ page, serving, open }, step, example, choose = (files) => files) {
	const host = join(serving.home, `typed-${example}`);
	const files = await filesToType(join(root, "examples", example, "etc"));
	for (const { path } of files) {
		await mkdir(dirname(join(host, "etc", path)), { recursive: true });
		await writeFile(join(host, "etc", path), "");
	}
	await open(host);
	await page.getByRole("treeitem", { name: "etc" }).click({ timeout: 60_000 });
	if (files.some(({ path }) => path.includes("/"))) await page.getByRole("treeitem", { name: "pf.vm" }).click();
	for (const { path, lines } of choose(files)) {
		await step(`types ${path} of ${example}`, async () => {
			await openFile(page, basename(path));
			const { keystrokes, offered, errors, flashed } = await typeLines(page, lines);
			await page.keyboard.press("Escape");
			await page.keyboard.press("Control+S");
			await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
			const wanted = lines.join("\n");
			const typed = words(await saved(join(host, "etc", path), wanted));
			if (typed !== wanted) throw new Error(`typed ${wanted}, got ${typed}`);
			// The list may come too late for a quick typist, on a busy machine throughout a file: it comes to one who waits.
			if (offered === 0) await isOfferedToWhoWaits(page, path.startsWith("hostname.") ? "i" : path === "vm.conf" ? "s" : "p");
			console.log(
				`  ${keystrokes} keystrokes, choices behind ${offered}, at most ${errors} errors at once, ${flashed} findings came and went`,
			);
		});
	}
}

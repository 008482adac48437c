// VS Code's Problems view, as somebody uses it who mends what it shows.
import { join } from "node:path";
import { patience, runCommand, screenshots } from "./gui.mjs";

/** A problem as the view shows it, and the fix that is taken. @typedef {{ message: string, place: string, title: string }} Problem */

/** The Problems view, as large as it can be. @param {import("playwright-core").Page} page */
export async function showProblems(page) {
	await runCommand(page, "Problems: Focus on Problems View");
	await page.locator(".markers-panel").waitFor();
	const larger = page.getByRole("button", { name: "Maximize Panel" });
	if (await larger.isVisible()) await larger.click();
}

/** Waits until the Problems view shows just these codes. @param {import("playwright-core").Page} page @param {readonly string[]} codes */
export async function showsCodes(page, codes) {
	await showProblems(page);
	let shown = "";
	for (const end = Date.now() + patience; Date.now() < end; await page.waitForTimeout(200)) {
		const rows = await page.locator(".markers-panel .monaco-list-row").allTextContents();
		const found = rows.flatMap((row) => /openbsd-vnet((?:pf|vm|host|hostname|pftest)\/[a-z-]+)/.exec(row)?.[1] ?? []);
		shown = [...new Set(found)].sort().join();
		if (shown === codes.join()) return;
	}
	throw new Error(`the problems are ${shown}, and not ${codes.join()}`);
}

/** Where a problem stands, in the view's words. @param {string} text of the file @param {number} offset */
export function placeIn(text, offset) {
	const lines = text.slice(0, offset).split("\n");
	return `[Ln ${lines.length}, Col ${(lines.at(-1)?.length ?? 0) + 1}]`;
}

/**
 * Takes a fix from the Problems view: goes down to the problem, and opens its menu. The view keeps the fixes of a problem that
 * stays while its files change: one that is not among them is to be had at the problem's place, in the editor.
 * @param {import("playwright-core").Page} page
 * @param {Problem} problem
 * @returns {Promise<"view" | "editor">} where it was taken
 */
export async function takeFix(page, problem) {
	const { title } = problem;
	const inMenu = page.locator(".monaco-menu").getByRole("menuitem", { name: title, exact: true }).first();
	const inEditor = page
		.locator(".action-widget .monaco-list-row")
		.filter({ has: page.getByText(title, { exact: true }) })
		.first();
	for (const end = Date.now() + 8 * patience; Date.now() < end; ) {
		await page.keyboard.press("Escape");
		await showProblems(page);
		if (!(await goDownTo(page, problem))) continue;
		await page.keyboard.press("Control+Period");
		if (await isThere(inMenu)) {
			if (await take(page, inMenu)) return "view";
			continue;
		}
		await page.keyboard.press("Escape");
		if (!isOf((await focusedRow(page)).text, problem)) continue;
		await page.keyboard.press("Enter");
		if (!(await isThere(page.locator(".editor-instance .monaco-editor.focused").first()))) continue;
		await page.keyboard.press("Control+Period");
		if ((await isThere(inEditor)) && (await take(page, inEditor))) return "editor";
	}
	throw new Error(`no fix '${title}' of '${problem.message}' ${problem.place}`);
}

/** Whether something shows up before long. @param {import("playwright-core").Locator} what */
async function isThere(what) {
	return await what.waitFor({ timeout: patience / 2 }).then(
		() => true,
		() => false,
	);
}

/**
 * A menu takes no click in its first moments, so that what opened it chooses nothing; it closes when the problems change below it.
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} choice
 * @returns {Promise<boolean>} whether it was still there
 */
async function take(page, choice) {
	await page.waitForTimeout(500);
	await page.screenshot({ path: join(screenshots, "taking-a-fix.png") });
	return await choice.click({ timeout: 4000 }).then(
		() => true,
		() => false,
	);
}

/** The row that the keyboard is at. @param {import("playwright-core").Page} page */
async function focusedRow(page) {
	return await page.evaluate(() => {
		const row = document.querySelector(".markers-panel .monaco-list:focus-within .monaco-list-row.focused");
		return { text: row?.textContent ?? "", isFolded: row?.getAttribute("aria-expanded") === "false" };
	});
}

/** Whether a row of the view is that of a problem. @param {string} text @param {Problem} problem */
function isOf(text, { message, place }) {
	const plain = (/** @type {string} */ words) => words.replaceAll(/\s+/g, " ");
	return plain(text).includes(plain(message)) && text.includes(place);
}

/** Walks down the tree with the keyboard, unfolding what is folded. @param {import("playwright-core").Page} page @param {Problem} problem */
async function goDownTo(page, problem) {
	await page.keyboard.press("Home");
	for (let rows = 0, before = ""; rows < 300; rows++) {
		const { text, isFolded } = await focusedRow(page);
		if (isOf(text, problem)) return true;
		if (!isFolded && text === before) return false;
		before = isFolded ? "" : text;
		await page.keyboard.press(isFolded ? "ArrowRight" : "ArrowDown");
	}
	return false;
}

// Types configuration files into a real editor as a person does, and counts what the editor did meanwhile.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Milliseconds between two keystrokes: a very quick typist's, for whom the list still opens. */
const PACE = 15;

/**
 * The configuration files of an example host, without comments and blank lines, which are nobody's to complete.
 * @param {string} etc its /etc
 * @returns {Promise<{ path: string, lines: string[] }[]>} paths relative to /etc
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
 * Types lines into the focused editor. A brace that closes a block is there already: the cursor steps over it.
 * @param {import("playwright-core").Page} page
 * @param {readonly string[]} lines
 * @returns {Promise<{ keystrokes: number, offered: number, errors: number }>} offered: keystrokes after which choices
 * were shown; errors: the greatest number of errors that stood in the file at once
 */
export async function typeLines(page, lines) {
	let keystrokes = 0;
	let offered = 0;
	let errors = 0;
	const press = async (/** @type {() => Promise<void>} */ act) => {
		await act();
		keystrokes++;
		await page.waitForTimeout(PACE);
		const seen = await page.evaluate(() => ({
			choices: document.querySelector(".suggest-widget.visible .monaco-list-row") !== null,
			errors: document.querySelectorAll(".squiggly-error").length,
		}));
		if (seen.choices) offered++;
		errors = Math.max(errors, seen.errors);
	};
	for (const [i, line] of lines.entries()) {
		if (i > 0 && line !== "}") await press(() => page.keyboard.press("Enter"));
		if (line === "}") {
			await press(() => page.keyboard.press("ArrowDown"));
			await press(() => page.keyboard.press("End"));
		} else for (const letter of line) await press(() => page.keyboard.type(letter));
	}
	return { keystrokes, offered, errors };
}

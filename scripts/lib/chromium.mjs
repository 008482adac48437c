// Chromium: where it is, and how it is started.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { findProgram } from "./system.mjs";

const candidates = [
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The path of a Chromium or Chrome; the environment variable CHROMIUM chooses another. */
export function findChromium() {
	return (
		process.env.CHROMIUM ??
		findProgram("chromium") ??
		findProgram("chromium-browser") ??
		findProgram("google-chrome") ??
		candidates.find((file) => existsSync(file))
	);
}

/**
 * Starts Chromium without a window and without traffic of its own.
 * @throws {Error} with what to install where there is none
 */
export async function launchChromium() {
	const executablePath = findChromium();
	if (executablePath === undefined) throw new Error("There is no Chromium. On Debian: apt-get install chromium");
	return await chromium.launch({
		executablePath,
		headless: true,
		args: [
			// Its sandbox wants a user other than root.
			...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}

/**
 * Lets a page reach this machine only.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<ReadonlySet<string>>} the hosts that it tried to reach, filled as it tries
 */
export async function confineToThisMachine(page) {
	const refused = new Set();
	await page.route(
		(url) => url.protocol.startsWith("http") && url.hostname !== "127.0.0.1",
		(route) => {
			refused.add(new URL(route.request().url()).host);
			return route.abort();
		},
	);
	return refused;
}

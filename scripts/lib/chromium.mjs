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
 * Starts Chromium without a window, and without traffic but with this machine.
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
			// No other machine is there for it.
			"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		],
	});
}

/**
 * Notes which other machines a page would have reached. Without page.route(), which turns Chromium's caches off: VS Code comes in
 * many files, which are read and compiled once.
 * @param {import("playwright-core").Page} page
 * @returns {ReadonlySet<string>} filled as it tries
 */
export function refusedHosts(page) {
	const refused = new Set();
	page.on("requestfailed", (request) => {
		const { host, hostname, protocol } = new URL(request.url());
		if (protocol.startsWith("http") && hostname !== "127.0.0.1") refused.add(host);
	});
	return refused;
}

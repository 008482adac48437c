// Draws assets/icon.png, which the marketplace wants as PNG, from assets/icon.svg.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launchChromium } from "./lib/chromium.mjs";
import { root } from "./lib/repository.mjs";

const size = 256;
const svg = await readFile(join(root, "assets", "icon.svg"), "utf8");
const browser = await launchChromium();
try {
	const page = await browser.newPage({ viewport: { width: size, height: size } });
	await page.setContent(`<body style="margin:0;background:transparent">${svg}</body>`);
	await page.screenshot({ path: join(root, "assets", "icon.png"), omitBackground: true });
} finally {
	await browser.close();
}

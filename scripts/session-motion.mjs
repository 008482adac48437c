// Renews docs/images/session.webp, the moving picture of the README: the recorded session (docs/images/session.svg), step by step, in a
// form that shops of extensions take. Needs Chromium.
//
//	node scripts/session-motion.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./lib/chromium.mjs";
import { moving, partsOf } from "./lib/pictures.mjs";
import { root } from "./lib/repository.mjs";

/** How long each step is shown, in ms, and the last one. */
const SHOWN = 2200;
const LAST = 7000;

const svg = readFileSync(join(root, "docs", "images", "session.svg"), "utf8");
const size = { width: Number(/ width="(\d+)"/.exec(svg)?.[1]), height: Number(/ height="(\d+)"/.exec(svg)?.[1]) };
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
const frames = [];
try {
	const page = await browser.newPage({ viewport: size, reducedMotion: "reduce" });
	await page.setContent(`<body style="margin:0;background:#1e1e1e">${svg}</body>`);
	const steps = await page.locator(".step").count();
	for (let shown = 1; shown <= steps; shown++) {
		await page.evaluate((count) => {
			for (const [index, step] of [...document.querySelectorAll(".step")].entries())
				step.setAttribute("display", index < count ? "inline" : "none");
		}, shown);
		frames.push(await page.screenshot());
	}
	const shown = (/** @type {number} */ index) => (index === frames.length - 1 ? LAST : SHOWN);
	writeFileSync(join(root, "docs", "images", "session.webp"), moving(await partsOf(browser, frames), shown));
} finally {
	await browser.close();
}

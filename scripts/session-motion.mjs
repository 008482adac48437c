// Renews docs/images/session.png, the moving picture of the README: the recorded session (docs/images/session.svg), step by step, in a
// form that shops of extensions take. Needs Chromium.
//
//	node scripts/session-motion.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { chromium } from "playwright-core";
import { findChromium } from "./lib/chromium.mjs";
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
	await page.setContent(`<body style="margin:0">${svg}</body>`);
	const steps = await page.locator(".step").count();
	for (let shown = 1; shown <= steps; shown++) {
		await page.evaluate((count) => {
			for (const [index, step] of [...document.querySelectorAll(".step")].entries())
				step.setAttribute("display", index < count ? "inline" : "none");
		}, shown);
		frames.push(await page.screenshot());
	}
} finally {
	await browser.close();
}
writeFileSync(join(root, "docs", "images", "session.png"), animated(frames));

/** Pictures as one that moves, an APNG: readers that know none show the first. @param {readonly Buffer[]} pictures of one size */
function animated(pictures) {
	const [first = Buffer.alloc(0)] = pictures;
	const header = chunksOf(first).find(({ type }) => type === "IHDR")?.data ?? Buffer.alloc(0);
	let sequence = 0;
	const numbered = (/** @type {Buffer} */ data) => Buffer.concat([number(sequence++), data]);
	const body = pictures.flatMap((picture, index) => {
		const delay = index === pictures.length - 1 ? LAST : SHOWN;
		const control = Buffer.concat([header.subarray(0, 8), number(0), number(0), short(delay), short(1000), Buffer.from([0, 0])]);
		const data = chunksOf(picture).filter(({ type }) => type === "IDAT");
		return [
			chunk("fcTL", numbered(control)),
			...data.map((one) => (index === 0 ? chunk("IDAT", one.data) : chunk("fdAT", numbered(one.data)))),
		];
	});
	const control = chunk("acTL", Buffer.concat([number(pictures.length), number(0)]));
	return Buffer.concat([first.subarray(0, 8), chunk("IHDR", header), control, ...body, chunk("IEND", Buffer.alloc(0))]);
}

/** @param {Buffer} png */
function chunksOf(png) {
	const chunks = [];
	for (let at = 8; at < png.length; ) {
		const length = png.readUInt32BE(at);
		chunks.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
		at += 12 + length;
	}
	return chunks;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
	const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
	return Buffer.concat([number(data.length), named, number(crc32(named))]);
}

/** @param {number} value */
function number(value) {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value >>> 0);
	return bytes;
}

/** @param {number} value */
function short(value) {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
}

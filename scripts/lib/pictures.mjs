// Screenshots as small as the README's pictures must be, for the extension's package holds them: WebP without loss but for colours
// that hardly occur, encoded by Chromium.

/** How many colours a picture keeps: a screen of text has two thousand, most of them once at the rim of a letter. */
const COLOURS = 256;

/**
 * @typedef {object} Part a picture, or what is new in it against the one before
 * @property {number} x its place, even, as WebP wants it
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {Buffer} webp
 */

/**
 * Screenshots of one size as WebP, each but the first cut to what differs from the one before.
 * @param {import("playwright-core").Browser} browser
 * @param {readonly Buffer[]} screenshots PNGs
 * @returns {Promise<Part[]>}
 */
export async function partsOf(browser, screenshots) {
	const page = await browser.newPage();
	const sources = screenshots.map((png) => `data:image/png;base64,${png.toString("base64")}`);
	const parts = await page.evaluate(encodeInPage, { sources, colours: COLOURS });
	await page.close();
	return parts.map(({ url, ...place }) => ({ ...place, webp: Buffer.from(url.slice(url.indexOf(",") + 1), "base64") }));
}

/** One screenshot as WebP. @param {import("playwright-core").Browser} browser @param {Buffer} png */
export async function small(browser, png) {
	const [part] = await partsOf(browser, [png]);
	return /** @type {Part} */ (part).webp;
}

/** Runs in a page. @param {{ sources: string[], colours: number }} what */
async function encodeInPage({ sources, colours }) {
	/** The colours that occur most, and of the others those that are farthest from them. @param {Uint32Array} pixels */
	const fewer = (pixels) => {
		const counts = new Map();
		for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
		const all = [...counts].sort(([, one], [, other]) => other - one).map(([pixel]) => pixel);
		const distance = (one, other) => [0, 8, 16].reduce((sum, shift) => sum + (((one >>> shift) & 255) - ((other >>> shift) & 255)) ** 2, 0);
		/** What each colour becomes, and how far that is from it. */
		const nearest = new Map(all.map((pixel) => [pixel, { as: pixel, off: Number.POSITIVE_INFINITY }]));
		const keep = (kept) => {
			for (const [pixel, found] of nearest) {
				const off = distance(pixel, kept);
				if (off < found.off) nearest.set(pixel, { as: kept, off });
			}
		};
		for (const pixel of all.slice(0, colours / 2)) keep(pixel);
		for (let more = colours / 2; more > 0; more--) keep([...nearest].reduce((one, other) => (other[1].off > one[1].off ? other : one))[0]);
		for (const [at, pixel] of pixels.entries()) pixels[at] = nearest.get(pixel)?.as ?? pixel;
	};
	const parts = [];
	let before;
	for (const source of sources) {
		const picture = new Image();
		picture.src = source;
		await picture.decode();
		const canvas = document.createElement("canvas");
		const context = canvas.getContext("2d");
		if (context === null) throw new Error("no canvas");
		const { width, height } = picture;
		Object.assign(canvas, { width, height });
		context.drawImage(picture, 0, 0);
		const data = context.getImageData(0, 0, width, height);
		const pixels = new Uint32Array(data.data.buffer);
		const box = { left: width, top: height, right: 0, bottom: 0 };
		for (const [at, pixel] of pixels.entries()) {
			if (before?.[at] === pixel) continue;
			const [x, y] = [at % width, Math.floor(at / width)];
			box.left = Math.min(box.left, x & ~1);
			box.top = Math.min(box.top, y & ~1);
			box.right = Math.max(box.right, x + 1);
			box.bottom = Math.max(box.bottom, y + 1);
		}
		before = pixels.slice();
		const place = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
		fewer(pixels);
		Object.assign(canvas, { width: place.width, height: place.height });
		context.putImageData(data, -place.x, -place.y);
		// By the quality 1 Chromium means: without loss.
		parts.push({ ...place, url: canvas.toDataURL("image/webp", 1) });
	}
	return parts;
}

/**
 * A WebP that moves.
 * @param {readonly Part[]} parts the first of them whole
 * @param {(index: number) => number} shown how long each is shown, in ms
 */
export function moving(parts, shown) {
	const [{ width, height } = { width: 1, height: 1 }] = parts;
	// 2: it moves.
	const header = Buffer.concat([Buffer.from([2, 0, 0, 0]), number(width - 1, 3), number(height - 1, 3)]);
	const frames = parts.map(({ x, y, webp, ...size }, index) => {
		const place = [x / 2, y / 2, size.width - 1, size.height - 1, shown(index)].map((value) => number(value, 3));
		// 2: it replaces what was there.
		return chunk("ANMF", Buffer.concat([...place, Buffer.from([2]), imageOf(webp)]));
	});
	// From the start again after the end, for ever.
	const body = Buffer.concat([Buffer.from("WEBP"), chunk("VP8X", header), chunk("ANIM", Buffer.alloc(6)), ...frames]);
	return chunk("RIFF", body);
}

/** The chunk of a WebP that is the picture itself. @param {Buffer} webp */
function imageOf(webp) {
	for (let at = 12; at < webp.length; ) {
		const end = at + 8 + webp.readUInt32LE(at + 4);
		if (webp.toString("latin1", at, at + 4) === "VP8L") return chunk("VP8L", webp.subarray(at + 8, end));
		at = end + (end % 2);
	}
	throw new Error("Chromium did not make a WebP without loss");
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
	return Buffer.concat([Buffer.from(type), number(data.length, 4), data, Buffer.alloc(data.length % 2)]);
}

/** @param {number} value @param {number} length in bytes */
function number(value, length) {
	const bytes = Buffer.alloc(length);
	bytes.writeUIntLE(value, 0, length);
	return bytes;
}

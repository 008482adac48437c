// A session of the command line as a picture: what the command really prints, with its colours.

const ESC = String.fromCharCode(27);
const LINK = new RegExp(`${ESC}\\]8;;[^${ESC}]*${ESC}\\\\`, "g");
const ATTRIBUTE = new RegExp(`${ESC}\\[([\\d;]*)m`, "g");

const WIDTH = 118;
const LINE = 18;
const CHARACTER = 8.1;
const MARGIN = 16;

/** The colours of the command's styles (cli/src/terminal.ts), by their attributes. @type {Readonly<Record<string, string>>} */
const colours = { "1;31": "#f14c4c", 33: "#e5c07b", 36: "#56b6c2", 1: "#ffffff", 2: "#8b949e" };

/**
 * @typedef {{ call: string, output: string }} Step
 * @typedef {{ text: string, colour?: string, bold?: boolean }} Run
 */

/** A text with attributes of a terminal as lines of runs, broken where the terminal ends. @param {string} output @returns {Run[][]} */
function linesOf(output) {
	const lines = [[]];
	let width = 0;
	let style = {};
	// Attributes are at the odd places.
	for (const [place, piece] of output.replace(LINK, "").split(ATTRIBUTE).entries()) {
		if (place % 2 === 1) style = piece === "0" ? {} : { colour: colours[piece], bold: piece.startsWith("1") };
		else for (const part of piece.split(/(\n)/)) write(part);
	}
	function write(/** @type {string} */ part) {
		if (part === "\n") {
			lines.push([]);
			width = 0;
			return;
		}
		for (let rest = part; rest !== ""; ) {
			if (width >= WIDTH) {
				lines.push([]);
				width = 0;
			}
			const text = rest.slice(0, WIDTH - width);
			rest = rest.slice(text.length);
			width += text.length;
			lines.at(-1)?.push({ text, ...style });
		}
	}
	if (lines.at(-1)?.length === 0) lines.pop();
	return lines;
}

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/**
 * The session as SVG. Where the reader wants things to move, each step comes after the one before it.
 * @param {readonly Step[]} steps
 */
export function sessionPicture(steps) {
	let row = 0;
	const groups = steps.map(({ call, output }, index) => {
		const lines = [
			[
				{ text: "$ ", colour: "#8b949e" },
				{ text: call, colour: "#ffffff", bold: true },
			],
			...linesOf(output),
		];
		const texts = lines.map((runs) => {
			const y = MARGIN + LINE * ++row;
			let column = 0;
			const spans = runs.map(({ text, colour, bold }) => {
				const x = (MARGIN + CHARACTER * column).toFixed(1);
				column += text.length;
				return `<tspan x="${x}"${colour === undefined ? "" : ` fill="${colour}"`}${bold === true ? ' font-weight="600"' : ""}>${escaped(text)}</tspan>`;
			});
			return `<text y="${y}" xml:space="preserve">${spans.join("")}</text>`;
		});
		row++;
		return `<g class="step" style="animation-delay:${2 * index}s">${texts.join("\n")}</g>`;
	});
	const width = Math.ceil(2 * MARGIN + CHARACTER * WIDTH);
	const height = 2 * MARGIN + LINE * row;
	const style = [
		"text{font:13.5px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#d4d4d4}",
		"@media (prefers-reduced-motion:no-preference){.step{opacity:0;animation:come .3s forwards}@keyframes come{to{opacity:1}}}",
	].join("");
	return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>A session of openbsd-vnet</title><style>${style}</style><rect width="100%" height="100%" rx="8" fill="#1e1e1e"/>
${groups.join("\n")}
</svg>
`;
}

/** The session in words, for who sees no pictures. @param {readonly Step[]} steps */
export function sessionText(steps) {
	const plain = (/** @type {string} */ text) => text.replace(LINK, "").replace(ATTRIBUTE, "");
	return steps.map(({ call, output }) => `$ ${call}\n${plain(output)}`).join("\n");
}

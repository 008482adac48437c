// Draws the pictures of the walkthroughs, assets/walkthrough/*.svg, in the colours of whatever theme shows them: VS Code puts an
// SVG into its page, where its colours are variables. No style element is let in there, and no word of one language but what
// stands in files and comes from programs.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/repository.mjs";

const WIDTH = 560;
const HEIGHT = 300;
const LINE = 22;
const colour = (/** @type {string} */ name) => `var(--vscode-${name})`;
const COLOURS = {
	plain: colour("editor-foreground"),
	dim: colour("descriptionForeground"),
	word: colour("charts-blue"),
	name: colour("charts-yellow"),
	address: colour("charts-green"),
	action: colour("charts-purple"),
	error: colour("editorError-foreground"),
	warning: colour("editorWarning-foreground"),
	passed: colour("charts-green"),
};
const BORDER = colour("panel-border");

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A frame, as of an editor. @param {number} x @param {number} y @param {number} width @param {number} height @param {string} inside */
const frame = (x, y, width, height, inside) =>
	`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${colour("editor-background")}" stroke="${BORDER}" stroke-width="1.5"/>${inside}`;

/** A frame as wide as the picture. @param {number} y @param {number} height @param {string} inside */
const band = (y, height, inside) => frame(20, y, 520, height, inside);

/** A frame as high as the picture. @param {number} x @param {number} width @param {string} inside */
const column = (x, width, inside) => frame(x, 20, width, 260, inside);

/** A frame around the whole picture. @param {string} inside */
const page = (inside) => column(20, 520, inside);

/**
 * A line of words in colours: `[pass](action) in on em0`, an underlined one `[lan](name!error)`.
 * @param {number} x @param {number} y its base line @param {string} line
 */
function code(x, y, line) {
	const advance = 7.83;
	let column = 0;
	let drawn = "";
	let waves = "";
	for (const [, marked, kind = "plain", , wrong, plain] of line.matchAll(/\[([^\]]*)\]\((\w+)(!(\w+))?\)|([^[]+)/g)) {
		const text = marked ?? plain ?? "";
		const at = x + column * advance;
		const isPlain = marked === undefined;
		drawn += `<tspan x="${at.toFixed(1)}" fill="${COLOURS[isPlain ? "plain" : kind]}">${escaped(text)}</tspan>`;
		if (wrong !== undefined) waves += wave(at, y + 4, text.length * advance, wrong);
		column += text.length;
	}
	return `<text y="${y}" font-family="var(--monaco-monospace-font, monospace)" font-size="13" xml:space="preserve">${drawn}</text>${waves}`;
}

/** A wave below a word. @param {number} from @param {number} y @param {number} length @param {string} kind */
function wave(from, y, length, kind) {
	let path = `M${from.toFixed(1)} ${y}`;
	for (let i = 0; i * 4 < length; i++) path += `q1 ${i % 2 === 0 ? -3 : 3} 4 0`;
	return `<path d="${path}" fill="none" stroke="${COLOURS[kind]}" stroke-width="1.4"/>`;
}

/** Lines of code from a place on. @param {number} x @param {number} y @param {readonly string[]} rows */
const codes = (x, y, rows) => rows.map((row, i) => code(x, y + i * LINE, row)).join("");

/** Words in the interface's own letters. @param {number} x @param {number} y @param {string} text @param {string} [fill] */
const label = (x, y, text, fill = COLOURS.plain) =>
	`<text x="${x}" y="${y}" fill="${fill}" font-size="13" font-family="var(--vscode-font-family, sans-serif)">${escaped(text)}</text>`;

/** A sign for a problem, or for a test that passes. @param {number} x @param {number} y @param {"error" | "warning" | "passed"} kind */
function sign(x, y, kind) {
	const inside = { error: "M-3 -3L3 3M3 -3L-3 3", warning: "M0 -3.5V1M0 3V3.6", passed: "M-3.5 0L-1 3L4 -3" }[kind];
	return `<g transform="translate(${x} ${y})"><circle r="7.5" fill="none" stroke="${COLOURS[kind]}" stroke-width="1.5"/><path d="${inside}" fill="none" stroke="${COLOURS[kind]}" stroke-width="1.6"/></g>`;
}

/** A part of a host. @param {number} x @param {number} y @param {number} width @param {string} name @param {string} detail @param {string} stripe @param {string} [edge] */
const box = (x, y, width, name, detail, stripe, edge = BORDER) =>
	frame(x, y, width, 40, "").replace(BORDER, edge) +
	`<rect x="${x}" y="${y}" width="4" height="40" rx="2" fill="${COLOURS[stripe]}"/>` +
	label(x + 12, y + 17, name) +
	`<text x="${x + 12}" y="${y + 32}" fill="${COLOURS.dim}" font-size="11" font-family="var(--vscode-font-family, sans-serif)">${escaped(detail)}</text>`;

/** A line between parts. @param {string} path @param {boolean} [isPath] */
const line = (path, isPath = false) =>
	`<path d="${path}" fill="none" stroke="${isPath ? COLOURS.address : COLOURS.dim}" stroke-width="${isPath ? 3 : 1.5}"/>`;

/** A button, its words left to the reader's language. @param {number} x @param {number} y @param {number} width */
const button = (x, y, width) =>
	`<rect x="${x}" y="${y}" width="${width}" height="26" rx="4" fill="${colour("button-background")}" stroke="${colour("button-border")}"/>`;

/** The pictures: name, what is drawn. @type {Record<string, () => string>} */
const pictures = {
	open: () =>
		page(
			codes(44, 52, [
				"[hv1/](name)",
				"└── [etc/](name)",
				"    ├── [vm.conf](plain)",
				"    ├── [pf.conf](plain)",
				"    ├── [pf.vm/web01.conf](plain)",
				"    ├── [hostname.em0](plain)",
				"    ├── [hostname.bridge0](plain)",
				"    ├── [sysctl.conf](plain)",
				"    └── [policy.pftest](plain)",
			]) +
				sign(420, 92, "passed") +
				sign(420, 136, "warning") +
				sign(420, 180, "error"),
		),
	problems: () =>
		band(
			20,
			150,
			codes(40, 50, [
				"[wan](name) = [em0](address)",
				"[block](action) [log](word) [all](word)",
				"[pass](action) [in](word) [on](word) [$lan](name!error) [proto](word) [tcp](word) [to](word) ($wan) [port](word) [8443](address)",
				'[anchor](word) ["vm/*"](name)',
			]),
		) +
		band(
			186,
			94,
			sign(42, 210, "error") +
				code(58, 214, "[macro 'lan' not defined](plain)  [pf.conf](dim)") +
				sign(42, 236, "warning") +
				code(58, 240, "[em1 is not brought up](plain)  [hostname.bridge0](dim)") +
				sign(42, 262, "error") +
				code(58, 266, "[/etc/vm.conf:9: syntax error](plain)  [vm.conf](dim)"),
		),
	network: () =>
		page("") +
		line("M110 150H142M232 150H262M352 150H382V92H412M382 150V208H412") +
		line("M110 150H142M232 150H262M352 150H382V92H412", true) +
		box(34, 130, 76, "outside", "", "word") +
		box(142, 130, 90, "em0", "198.51.100.2", "word") +
		box(262, 130, 90, "vport0", "10.50.0.1", "name") +
		box(412, 72, 112, "web01", "tap3  10.50.0.20", "address") +
		box(412, 188, 112, "db01", "tap2  10.50.0.30", "address") +
		sign(187, 118, "passed") +
		sign(307, 118, "passed") +
		sign(468, 60, "passed") +
		code(44, 264, "[in em0](dim)  [pass](action) [rdr-to](word) [10.50.0.20](address)  [out tap3](dim)  [pass](action)"),
	expanded: () =>
		band(
			20,
			84,
			`${codes(40, 52, [
				"[pass](action) [in](word) [on](word) { [em0](name) [tap0](name) } [proto](word) [tcp](word) [to](word) [port](word) { [80](address) [443](address) }",
			])}<rect x="22" y="36" width="4" height="22" fill="${colour("focusBorder")}"/>`,
		) +
		line("M280 104V132M272 124L280 132L288 124") +
		band(
			140,
			140,
			`${codes(
				40,
				172,
				["em0", "em0", "tap0", "tap0"].map(
					(name, i) =>
						`[pass](action) [in](word) [on](word) [${name}](name) [proto](word) [tcp](word) [from](word) any [to](word) any [port](word) = [${i % 2 === 0 ? 80 : 443}](address)`,
				),
			)}<rect x="22" y="156" width="4" height="88" fill="${colour("focusBorder")}"/>`,
		),
	patterns: () =>
		column(
			20,
			240,
			[0, 1, 2, 3]
				.map(
					(i) =>
						`<circle cx="46" cy="${60 + i * 54}" r="7" fill="none" stroke="${COLOURS.word}" stroke-width="2"/>${i < 3 ? line(`M46 ${70 + i * 54}V${104 + i * 54}`) : ""}`,
				)
				.join("") +
				codes(66, 64, ["[em0](address)"]) +
				codes(66, 118, ["[10.50.0.0/24](address)"]) +
				codes(66, 172, ["[web01](name) [db01](name)"]) +
				codes(66, 226, ["[512M](address)"]),
		) +
		line("M268 150H292M284 142L292 150L284 158") +
		column(
			300,
			240,
			codes(320, 56, [
				"vm.conf",
				"pf.conf",
				"pf.vm/web01.conf",
				"hostname.veb0",
				"hostname.vport0",
				"dhcpd.conf",
				"sysctl.conf",
				"policy.pftest",
			]) +
				[0, 1, 2, 3, 4, 5, 6, 7].map((i) => code(510, 56 + i * LINE, "[+](passed)")).join("") +
				button(320, 242, 96),
		),
	hosts: () =>
		column(
			20,
			250,
			codes(40, 56, [
				"▾ [hv1](name)  [OpenBSD 7.9](dim)",
				"  ▾ [web01](plain)  [running](passed)",
				"     [tap3](address) [veb0](dim)",
				"  ▾ [db01](plain)   [running](passed)",
				"     [tap2](address) [veb0](dim)",
				"  ▸ [veb0](plain)",
				"  ▸ [vm/*](plain)",
			]),
		) +
		column(
			290,
			250,
			codes(310, 56, [
				"[# hv1](word)",
				"[-](error) [port { 80 }](dim)",
				"[+](passed) port { 80 443 }",
				"",
				"[pfctl -f /etc/pf.conf](name)",
			]) +
				`<circle cx="352" cy="220" r="30" fill="none" stroke="${COLOURS.word}" stroke-width="4"/>` +
				line("M352 202V220L364 228") +
				label(398, 225, "117 s"),
		),
	release: () =>
		page(
			["7.7", "7.8", "7.9", "8.0"]
				.map(
					(release, i) =>
						`<circle cx="${92 + i * 125}" cy="96" r="22" fill="${i === 2 ? colour("button-background") : "none"}" stroke="${COLOURS.word}" stroke-width="2"/>` +
						`<text x="${92 + i * 125}" y="101" text-anchor="middle" font-size="14" fill="${i === 2 ? colour("button-foreground") : COLOURS.plain}">${release}</text>` +
						(i < 3 ? line(`M${118 + i * 125} 96H${187 + i * 125}`) : ""),
				)
				.join("") +
				codes(48, 168, [
					"[hostname.veb0](dim)",
					"[untagged](word) [tap3](name) [10](address)",
					"[tagged](word) [em1](name) [10,20](address)",
					"[vlan](name!warning) 10 [vlandev](name!warning) em1",
				]),
		),
	fix: () =>
		band(20, 120, codes(40, 56, ["[# hostname.bridge0](dim)", "[add](word) [em1](name!warning)", "[up](word)"])) +
		frame(
			70,
			104,
			400,
			84,
			`<rect x="72" y="112" width="396" height="26" fill="${colour("list-activeSelectionBackground")}"/>` +
				`<text x="104" y="130" font-family="var(--monaco-monospace-font, monospace)" font-size="13" fill="${colour("list-activeSelectionForeground")}">'up' → /etc/hostname.em1</text>` +
				`<path d="M90 117a6 6 0 0 1 4 10v4h-8v-4a6 6 0 0 1 4 -10z" fill="none" stroke="${COLOURS.warning}" stroke-width="1.5"/>` +
				code(104, 166, "[# vnet-ignore](dim)"),
		) +
		band(204, 76, codes(40, 236, ["[# hostname.em1](dim)", "[+](passed) [up](word)"])) +
		sign(510, 242, "passed"),
	trace: () =>
		page(
			codes(44, 56, ["[outside](name) → [host](name)  [tcp 22](address)", "", "▾ [in em0](plain)", "    [block](error) [all](word)"]) +
				sign(470, 118, "error") +
				line("M44 156H516") +
				codes(44, 190, [
					"[+](passed) [pass](action) [in](word) [on](word) [egress](name) [proto](word) [tcp](word) [to](word) (egress) [port](word) [ssh](address)",
					"",
					"▾ [in em0](plain)",
					"    [pass](action) [in](word) [on](word) [egress](name)",
				]) +
				sign(470, 252, "passed"),
		),
	matrix: () =>
		page(
			(() => {
				const names = ["outside", "host", "web01", "db01"];
				let drawn = "";
				names.forEach((name, i) => {
					drawn += label(44, 98 + i * 48, name) + label(150 + i * 96, 56, name);
					names.forEach((_, j) => {
						if (i === j) return;
						const isOpen = [[1, 2], [0], [0, 3], [0]][i]?.includes(j);
						drawn += `<rect x="${146 + j * 96}" y="${78 + i * 48}" width="80" height="30" rx="4" fill="none" stroke="${isOpen ? COLOURS.passed : COLOURS.dim}" stroke-width="${isOpen ? 2 : 1}"${isOpen ? "" : ' stroke-dasharray="3 3"'}/>`;
						if (isOpen)
							drawn += label(
								156 + j * 96,
								98 + i * 48,
								i === 0 ? (j === 1 ? "tcp 22" : "tcp 443") : j === 3 ? "tcp 3306" : j === 0 ? "*" : "",
								COLOURS.passed,
							);
					});
				});
				return drawn;
			})(),
		),
};

/** The pictures by their file names. @returns {Record<string, string>} */
export function walkthroughPictures() {
	return Object.fromEntries(
		Object.entries(pictures).map(([name, draw]) => [
			`${name}.svg`,
			`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${draw()}</svg>\n`,
		]),
	);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
	for (const [name, svg] of Object.entries(walkthroughPictures())) await writeFile(join(root, "assets", "walkthrough", name), svg);

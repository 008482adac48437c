/** The picture of a host as a file that looks the same anywhere: colours and fonts are written into it. */
import { type PictureTexts, type Shape, shapesOf } from "./draw.ts";
import type { Measure, Placed } from "./layout.ts";

const MARGIN = 20;
const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

/** The colours of the editor's own themes, by the names that the style has for them. */
export const themes: Readonly<Record<"light" | "dark", Readonly<Record<string, string>>>> = {
	light: {
		"--edge": "#717171",
		"editor-background": "#ffffff",
		foreground: "#3b3b3b",
		descriptionForeground: "#5f5f5f",
		"editorWidget-background": "#f8f8f8",
		"editorWidget-border": "#c8c8c8",
		"charts-blue": "#1a85ff",
		"charts-purple": "#652d90",
		"symbolIcon-classForeground": "#d67e00",
		"charts-yellow": "#bf8803",
		"charts-green": "#388a34",
		"charts-red": "#e51400",
		"editorError-foreground": "#e51400",
		"editorWarning-foreground": "#bf8803",
		"editorInfo-foreground": "#1a85ff",
		focusBorder: "#005fb8",
	},
	dark: {
		"--edge": "#9d9d9d",
		"editor-background": "#1f1f1f",
		foreground: "#cccccc",
		descriptionForeground: "#9d9d9d",
		"editorWidget-background": "#202020",
		"editorWidget-border": "#454545",
		"charts-blue": "#59a4f9",
		"charts-purple": "#b180d7",
		"symbolIcon-classForeground": "#ee9d28",
		"charts-yellow": "#cca700",
		"charts-green": "#89d185",
		"charts-red": "#f14c4c",
		"editorError-foreground": "#f14c4c",
		"editorWarning-foreground": "#cca700",
		"editorInfo-foreground": "#59a4f9",
		focusBorder: "#0078d4",
	},
};

export type Theme = keyof typeof themes;

/** About how wide a text is, for who cannot measure it: rather too much, so that it stays in its box. */
export const roughWidth: Measure = (text, bold) => {
	let width = 0;
	for (const sign of text)
		width += /[ilj.,:;|'!()[\]]/.test(sign) ? 0.36 : /[\u1100-\uffff]/.test(sign) ? 1 : /[A-Zmw@]/.test(sign) ? 0.82 : 0.62;
	return width * (bold ? 13.5 : 11);
};

/**
 * @param style the rules of `assets/picture.css`
 * @param title what the picture is of
 */
export function pictureFile(placed: Placed, title: string, style: string, theme: Theme, texts: PictureTexts): string {
	const colours = themes[theme];
	const width = Math.ceil(placed.width + 2 * MARGIN);
	const height = Math.ceil(placed.height + 2 * MARGIN);
	const rules = style
		.replace(/\/\*.*?\*\//gs, "")
		.replace(/var\((--edge)\)/g, (_, name: string) => colours[name] ?? "")
		.replace(/var\(--vscode-font-family\)/g, FONT)
		.replace(
			/var\(--vscode-([\w-]+)(?:, *([^)]*))?\)/g,
			(_, name: string, otherwise?: string) => colours[name] ?? otherwise ?? "currentColor",
		)
		.replace(/\s+/g, " ");
	return `${written({
		name: "svg",
		attributes: { xmlns: "http://www.w3.org/2000/svg", class: "picture", role: "img", width, height, viewBox: `0 0 ${width} ${height}` },
		children: [
			{ name: "title", attributes: {}, text: title },
			{ name: "style", attributes: {}, text: rules.trim() },
			{ name: "rect", attributes: { width: "100%", height: "100%", fill: colours["editor-background"] ?? "white" } },
			{ name: "g", attributes: { transform: `translate(${MARGIN} ${MARGIN})` }, children: shapesOf(placed, texts) },
		],
	})}\n`;
}

function written({ name, attributes, children = [], text = "" }: Shape): string {
	const named = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
	const inner = escaped(text) + children.map(written).join("");
	return inner === "" ? `<${name}${named.join("")}/>` : `<${name}${named.join("")}>${inner}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as XML has it, without what no XML can hold. */
function escaped(text: string): string {
	return text.replace(/[^\P{Cc}\t\n]|\p{Cs}|[\ufffe\uffff]/gu, "\ufffd").replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}

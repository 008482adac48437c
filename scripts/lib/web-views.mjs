// The extension's web views in a browser of their own, without VS Code: the pages as they are shipped, with what the extension sends.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { createLanguageService } from "../../server/dist/library.js";
import { themes as pictureThemes } from "../../server/dist/picture/file.js";
import { memoryWorkspace } from "../../server/dist/workspace.js";
import { launchChromium } from "./chromium.mjs";
import { root } from "./repository.mjs";

/** Where the pages are said to be; nothing is asked for over the network. */
const ORIGIN = "http://web-view.test";

/** The colours that VS Code's own themes give to a page, as far as ours use them. @type {Readonly<Record<string, Readonly<Record<string, string>>>>} */
export const themes = {
	light: {
		...pictureThemes.light,
		descriptionForeground: "#3b3b3b",
		"sideBar-background": "#f8f8f8",
		"panel-border": "#e5e5e5",
		"input-background": "#ffffff",
		"input-foreground": "#3b3b3b",
		"input-border": "#cecece",
		"button-secondaryBackground": "#e5e5e5",
		"button-secondaryForeground": "#3b3b3b",
		"button-secondaryHoverBackground": "#cccccc",
		"button-background": "#005fb8",
		"button-foreground": "#ffffff",
		"button-hoverBackground": "#0258a8",
		"textLink-foreground": "#005fb8",
		"list-hoverBackground": "#f2f2f2",
		"testing-iconPassed": "#388a34",
		"testing-iconFailed": "#f14c4c",
		"testing-iconQueued": "#cca700",
	},
	dark: {
		...pictureThemes.dark,
		"sideBar-background": "#181818",
		"panel-border": "#2b2b2b",
		"input-background": "#313131",
		"input-foreground": "#cccccc",
		"input-border": "#3c3c3c",
		"button-secondaryBackground": "#313131",
		"button-secondaryForeground": "#cccccc",
		"button-secondaryHoverBackground": "#3c3c3c",
		"button-background": "#0078d4",
		"button-foreground": "#ffffff",
		"button-hoverBackground": "#026ec1",
		"textLink-foreground": "#4daafc",
		"list-hoverBackground": "#2a2d2e",
		"testing-iconPassed": "#73c991",
		"testing-iconFailed": "#f14c4c",
		"testing-iconQueued": "#cca700",
	},
	"high contrast": {
		foreground: "#ffffff",
		descriptionForeground: "#ffffffb3",
		"editor-background": "#000000",
		"sideBar-background": "#000000",
		"editorWidget-background": "#0c141f",
		"editorWidget-border": "#6fc3df",
		"panel-border": "#6fc3df",
		contrastBorder: "#6fc3df",
		"input-background": "#000000",
		"input-foreground": "#ffffff",
		"input-border": "#6fc3df",
		"button-secondaryForeground": "#ffffff",
		"button-foreground": "#ffffff",
		"textLink-foreground": "#21a6ff",
		focusBorder: "#f38518",
		"charts-blue": "#59a4f9",
		"charts-purple": "#b180d7",
		"symbolIcon-classForeground": "#ee9d28",
		"charts-yellow": "#cca700",
		"charts-green": "#89d185",
		"charts-red": "#f14c4c",
		"editorError-foreground": "#f48771",
		"editorWarning-foreground": "#ffd370",
		"editorInfo-foreground": "#59a4f9",
		"testing-iconPassed": "#73c991",
		"testing-iconFailed": "#f14c4c",
		"testing-iconQueued": "#cca700",
	},
};

/** The extension's functions that make pages, with the little of VS Code that they ask for. */
async function pageMakers() {
	const { outputFiles } = await build({
		absWorkingDir: root,
		bundle: true,
		write: false,
		format: "esm",
		conditions: ["source"],
		logLevel: "warning",
		stdin: {
			resolveDir: root,
			contents: `export { pageHtml as topology } from "./client/src/topology/page.ts";
export { pageHtml as reachability } from "./client/src/reachability/page.ts";
export { texts as reachabilityTexts } from "./client/src/reachability/texts.ts";`,
		},
		plugins: [
			{
				name: "vscode",
				setup(plugins) {
					plugins.onResolve({ filter: /^vscode$/ }, () => ({ path: "vscode", namespace: "vscode" }));
					plugins.onLoad({ filter: /.*/, namespace: "vscode" }, () => ({
						contents: `export const env = { language: "en" };
export const l10n = { t: (text, ...args) => text.replace(/\\{(\\d+)\\}/g, (place, number) => args[number] ?? place) };
export const Uri = { joinPath: (base, ...parts) => [base, ...parts].join("/") };`,
					}));
				},
			},
		],
	});
	return await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

/** What the server says of a host whose files are these, by their paths on it. @param {ReadonlyMap<string, string>} files */
export async function serviceOf(files) {
	const uris = Object.fromEntries([...files].map(([path, text]) => [`file:///w/hv1${path}`, text]));
	const service = createLanguageService(memoryWorkspace(uris, ["file:///w"]));
	for (const [uri, text] of Object.entries(uris)) service.open(uri, text);
	return { service, etc: "file:///w/hv1/etc" };
}

/** The files of an example host. @param {string} name @returns {Promise<ReadonlyMap<string, string>>} */
export async function exampleFiles(name) {
	const etc = join(root, "examples", name, "etc");
	const paths = (await readdir(etc, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
	return new Map(
		await Promise.all(
			paths.map(async ({ parentPath, name: file }) => {
				const path = join(parentPath, file);
				return /** @type {const} */ ([`/etc${path.slice(etc.length)}`, await readFile(path, "utf8")]);
			}),
		),
	);
}

/** Opens pages in a browser. */
export async function openWebViews() {
	const makers = await pageMakers();
	const browser = await launchChromium();
	const webview = { cspSource: ORIGIN, asWebviewUri: (/** @type {string} */ uri) => uri };

	/**
	 * @param {{ html: string, theme: string, width: number, height: number }} page
	 */
	async function open({ html, theme, width, height }) {
		const page = await browser.newPage({ viewport: { width, height } });
		/** @type {string[]} */
		const errors = [];
		page.on("pageerror", (error) => errors.push(error.message));
		page.on("console", (message) => {
			if (message.type() === "error") errors.push(message.text());
		});
		await page.addInitScript(() => {
			const sent = [];
			Object.assign(window, { sent, acquireVsCodeApi: () => ({ postMessage: (message) => sent.push(message) }) });
		});
		await page.route("**/*", async (route) => {
			const { pathname } = new URL(route.request().url());
			if (pathname === "/") await route.fulfill({ contentType: "text/html", body: html });
			else await route.fulfill({ path: join(root, pathname) }).catch(() => route.abort());
		});
		await page.goto(`${ORIGIN}/`);
		await page.evaluate((colours) => {
			const { style } = document.documentElement;
			for (const [name, colour] of Object.entries(colours)) style.setProperty(`--vscode-${name}`, colour);
			style.setProperty("--vscode-font-family", "system-ui, 'DejaVu Sans', sans-serif");
			style.setProperty("--vscode-editor-font-family", "'DejaVu Sans Mono', monospace");
			style.setProperty("--vscode-font-size", "13px");
		}, themes[theme]);
		const sent = () => page.evaluate(() => Reflect.get(window, "sent"));
		return { page, errors, sent };
	}

	return {
		close: () => browser.close(),
		/** @param {object} shown @param {{ theme: string, width?: number, height?: number, place?: "panel" | "sidebar" }} options */
		async topology(picture, { theme, width = 900, height = 600, place = "panel" }) {
			const opened = await open({ html: makers.topology(webview, ORIGIN, place), theme, width, height });
			await opened.page.evaluate((message) => window.postMessage(message), { type: "picture", picture });
			await opened.page.locator(".node").first().waitFor();
			return opened;
		},
		/** @param {object} content @param {{ theme: string, width?: number, height?: number }} options */
		async reachability(content, { theme, width = 900, height = 600 }) {
			const page = { texts: makers.reachabilityTexts(), ...content };
			return await open({ html: makers.reachability(webview, ORIGIN, "Reachability", page), theme, width, height });
		},
	};
}

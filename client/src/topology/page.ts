/** The page of the picture: its HTML. Nothing runs in it but our own two scripts. */
import { env, type Uri, type Webview } from "vscode";
import { dataElement, escaped, resource } from "../webviewHtml.ts";
import { pageTexts } from "./texts.ts";

/** @param place where the page is shown: the sidebar is narrow */
export function pageHtml(webview: Webview, extension: Uri, place: "panel" | "sidebar"): string {
	const uri = (name: string): string => resource(webview, extension, name);
	const source = webview.cspSource;
	// The layout's worker is fetched and started from a blob: a page may start no worker of another origin.
	const policy = `default-src 'none'; style-src ${source}; script-src ${source}; connect-src ${source}; worker-src blob:; img-src blob: data:`;
	const texts = pageTexts();
	const button = (id: "zoomIn" | "zoomOut" | "fit" | "saveSvg" | "savePng", sign: string): string =>
		`<button id="${id}" title="${escaped(texts[id])}" aria-label="${escaped(texts[id])}">${sign}</button>`;
	return `<!DOCTYPE html>
<html lang="${escaped(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri("topology.css")}">
<title>${escaped(texts.picture)}</title>
</head>
<body class="${place}" data-worker="${uri("elk-worker.js")}">
<header>
<h1 id="host"></h1>
<span id="followed" hidden></span>
<div class="tools" role="toolbar" aria-label="${escaped(texts.tools)}">
<input id="search" type="search" placeholder="${escaped(texts.search)}" aria-label="${escaped(texts.search)}">
${button("zoomOut", "−")}
${button("zoomIn", "+")}
${button("fit", '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M1 5V1h4M9 1h4v4M13 9v4H9M5 13H1V9" /></svg>')}
${button("saveSvg", "SVG")}
${button("savePng", "PNG")}
<button id="fold" hidden></button>
<button id="rates" title="${escaped(texts.noRates)}" aria-pressed="false" hidden>${escaped(texts.rates)}</button>
<button id="showLegend" aria-expanded="false" aria-controls="legend">${escaped(texts.legend)}</button>
</div>
</header>
<main id="stage"></main>
<aside id="details" aria-label="${escaped(texts.details)}" hidden></aside>
<footer id="legend" hidden></footer>
<div id="live" role="status" aria-live="polite"></div>
${dataElement("texts", texts)}
<script src="${uri("topology.js")}"></script>
</body>
</html>`;
}

/** The page of who reaches whom: its HTML. Nothing runs in it but our own script. */
import { env, type Uri, type Webview } from "vscode";
import { dataElement, escaped, resource } from "../webviewHtml.ts";
import type { ReachabilityPage } from "./messages.ts";

/** Names of files and rules stand in the page as data only, where nothing of them is read as HTML. */
export function pageHtml(webview: Webview, extension: Uri, title: string, page: ReachabilityPage): string {
	const source = webview.cspSource;
	return `<!DOCTYPE html>
<html lang="${escaped(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(`default-src 'none'; style-src ${source}; script-src ${source}`)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${resource(webview, extension, "reachability.css")}">
<title>${escaped(title)}</title>
</head>
<body class="${page.kind}">
<main></main>
${dataElement("page", page)}
<script src="${resource(webview, extension, "reachability.js")}"></script>
</body>
</html>`;
}

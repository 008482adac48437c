/** What the HTML of our web views has alike. */
import { Uri, type Webview } from "vscode";

/** Text as it stands in HTML, in an element or in an attribute. */
export function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Where a page finds a file of ours, as it stands in an attribute. */
export function resource(webview: Webview, extension: Uri, name: string): string {
	return escaped(webview.asWebviewUri(Uri.joinPath(extension, "dist", name)).toString());
}

/** A value that the page's script reads; nothing in it ends the element. */
export function dataElement(id: string, value: unknown): string {
	return `<script id="${id}" type="application/json">${JSON.stringify(value).replaceAll("<", "\\u003c")}</script>`;
}

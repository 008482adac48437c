/** A text in parts, as a page of HTML that needs nothing else. What comes of files does nothing in it. */
import type { Block, Words } from "@openbsd-vnet/server/features";
import { plain } from "./terminal.ts";

const STYLE = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #d0d7de; padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: #f6f8fa; } tr { break-inside: avoid; }
code { font: .87em ui-monospace, monospace; overflow-wrap: anywhere; }
figure { margin: 1rem 0; overflow-x: auto; } svg { max-width: 100%; height: auto; }
`.trim();

/** @param language as HTML names it */
export function html(blocks: readonly Block[], title: string, language: string): string {
	// Nothing is loaded, and nothing runs, whatever a file holds.
	const policy = "default-src 'none'; style-src 'unsafe-inline'";
	return `<!doctype html>
<html lang="${htmlText(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${htmlText(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
${blocks.map(htmlOf).join("\n")}
</body>
</html>
`;
}

function htmlText(text: string): string {
	return plain(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function htmlOf(block: Block): string {
	const words = (one: Words): string => {
		if (typeof one === "string") return htmlText(one);
		return "code" in one ? `<code>${htmlText(one.code)}</code>` : `<a href="${htmlText(one.link)}">${htmlText(one.text)}</a>`;
	};
	const cell = (lines: readonly Words[]): string => `<td>${lines.map(words).join("<br>")}</td>`;
	switch (block.kind) {
		case "heading":
			return `<h${block.level}>${htmlText(block.text)}</h${block.level}>`;
		case "paragraph":
			return `<p>${htmlText(block.text)}</p>`;
		case "table": {
			const head = block.head.map((one) => `<th scope="col">${htmlText(one)}</th>`).join("");
			const rows = block.rows.map((cells) => `<tr>${cells.map(cell).join("")}</tr>`);
			return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`;
		}
		case "picture":
			return `<figure aria-label="${htmlText(block.title)}">\n${block.svg.trim()}\n</figure>`;
	}
}

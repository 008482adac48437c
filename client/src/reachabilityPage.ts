/// <reference lib="dom" />
/** The page of the reachability web view: its data as JSON, and a script of its own that draws them. */
import type { ChangedConnection, MatrixView } from "@openbsd-vnet/server/protocol";

export type ReachabilityPage = { readonly texts: Readonly<Record<TextKey, string>> } & (
	| { readonly kind: "matrix"; readonly matrix: MatrixView }
	| { readonly kind: "difference"; readonly changes: readonly ChangedConnection[] }
);

type TextKey = "filter" | "blocked" | "from" | "nothing" | "opens" | "closes" | "uncertain" | "more";

/** Names of files and rules stand in the page as JSON only, where nothing of them is read as HTML. */
export function pageOf(page: ReachabilityPage): string {
	const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
	const data = JSON.stringify(page).replaceAll("<", "\\u003c");
	return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<script type="application/json" id="data">${data}</script>
<script nonce="${nonce}">(${draw.toString()})(document, acquireVsCodeApi())</script>
</body>
</html>`;
}

const STYLE = `
body { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); padding: 0 12px 12px; }
.bar { display: flex; gap: 12px; align-items: center; position: sticky; top: 0; padding: 8px 0; background: var(--vscode-editor-background); }
input[type=text] { background: var(--vscode-input-background); color: var(--vscode-input-foreground); border: 1px solid var(--vscode-input-border, transparent); padding: 3px 6px; min-width: 16em; }
button.save { background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); border: 0; padding: 4px 10px; cursor: pointer; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--vscode-panel-border); padding: 4px 6px; text-align: left; vertical-align: top; }
th { font-weight: 600; background: var(--vscode-editorWidget-background); }
td.self { background: var(--vscode-editorWidget-background); }
.chip { display: inline-block; margin: 1px 3px 1px 0; padding: 0 6px; border: 1px solid var(--vscode-testing-iconPassed); border-radius: 8px; background: none; color: inherit; font: inherit; white-space: nowrap; cursor: default; }
.chip.link { cursor: pointer; }
.chip.link:hover, .chip:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.chip.no { border-color: var(--vscode-testing-iconFailed); opacity: .75; }
.chip.unsure { border-color: var(--vscode-testing-iconQueued); border-style: dashed; }
.rule { font-family: var(--vscode-editor-font-family); }
`;

interface Host {
	postMessage(message: unknown): void;
}

/** Runs in the page. It is written there as text, so it uses nothing from outside of it. */
function draw(page: Document, host: Host): void {
	const given: ReachabilityPage = JSON.parse(page.getElementById("data")?.textContent ?? "{}");
	const { texts } = given;
	const make = <K extends keyof HTMLElementTagNameMap>(name: K, parent: Element, text = "", kind = ""): HTMLElementTagNameMap[K] => {
		const element = page.createElement(name);
		if (text !== "") element.textContent = text;
		if (kind !== "") element.className = kind;
		parent.append(element);
		return element;
	};
	const chip = (parent: Element, text: string, kind: string, title: string, location: unknown): void => {
		const button = make("button", parent, text, `chip ${kind}${location === null ? "" : " link"}`);
		button.title = title;
		if (location !== null) button.addEventListener("click", () => host.postMessage({ open: location }));
	};
	const { body } = page;

	if (given.kind === "difference") {
		if (given.changes.length === 0) make("p", body, texts.nothing);
		for (const kind of ["opens", "closes", "uncertain"] as const) {
			const changes = given.changes.filter((change) => change.kind === kind);
			if (changes.length === 0) continue;
			make("h3", body, texts[kind]);
			const table = make("table", body);
			for (const { from, to, service, example, rule, reason, location } of changes) {
				const row = make("tr", table);
				make("td", row, `${from} → ${to}`);
				chip(make("td", row), service, kind === "opens" ? "" : kind === "closes" ? "no" : "unsure", rule, location);
				make("td", row, reason ?? rule, reason === undefined ? "rule" : "");
				make("td", row, example, "rule");
			}
		}
		return;
	}

	const { ends, services, cells, note } = given.matrix;
	if (note !== "") make("p", body, note);
	const bar = make("div", body, "", "bar");
	const filter = make("input", bar);
	filter.type = "text";
	filter.placeholder = texts.filter;
	const label = make("label", bar);
	const blocked = make("input", label);
	blocked.type = "checkbox";
	label.append(` ${texts.blocked}`);
	for (const format of ["csv", "markdown"] as const) {
		make("button", bar, format === "csv" ? "CSV" : "Markdown", "save").addEventListener("click", () => host.postMessage({ save: format }));
	}
	const place = make("div", body);
	const most = 60;
	const fill = (): void => {
		place.textContent = "";
		const wanted = filter.value.trim().toLowerCase();
		const matching = ends.flatMap((end, index) => (wanted === "" || end.toLowerCase().includes(wanted) ? [index] : []));
		const rows = matching.slice(0, most);
		const columns = wanted === "" ? rows : ends.map((_, index) => index).slice(0, most);
		const table = make("table", place);
		const head = make("tr", table);
		make("th", head, texts.from);
		for (const column of columns) make("th", head, ends[column]);
		for (const row of rows) {
			const line = make("tr", table);
			make("th", line, ends[row]);
			for (const column of columns) {
				const cell = make("td", line, "", row === column ? "self" : "");
				for (const [index, { answer, rule, location }] of (cells[row]?.[column] ?? []).entries()) {
					if (answer === "no" && !blocked.checked) continue;
					const kind = answer === "yes" ? "" : answer === "no" ? "no" : "unsure";
					chip(cell, services[index] ?? "", kind, rule === "" ? answer : `${answer}: ${rule}`, location);
				}
			}
		}
		if (matching.length > rows.length) make("p", place, texts.more);
	};
	filter.addEventListener("input", fill);
	blocked.addEventListener("change", fill);
	fill();
}

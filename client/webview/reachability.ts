/** The page of who reaches whom: a table that can be narrowed, or what changes about it. */
import type { ChangedConnection, FileLocation, MatrixView } from "@openbsd-vnet/server/protocol";
import type { FromPage, ReachabilityPage } from "../src/reachability/messages.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

/** The most rows or columns that are drawn: more are found by narrowing the filter. */
const MOST = 60;

const vscode = acquireVsCodeApi();
const page = JSON.parse(document.getElementById("page")?.textContent ?? "{}") as ReachabilityPage;
const { texts } = page;

function make<K extends keyof HTMLElementTagNameMap>(name: K, parent: Element, text = "", kind = ""): HTMLElementTagNameMap[K] {
	const element = document.createElement(name);
	if (text !== "") element.textContent = text;
	if (kind !== "") element.className = kind;
	parent.append(element);
	return element;
}

/** A service, which leads to the rule that decides about it. */
function chip(parent: Element, text: string, kind: "" | "no" | "unsure", title: string, place: FileLocation | null): void {
	const button = make("button", parent, text, `chip ${kind}${place === null ? "" : " link"}`);
	button.title = title;
	if (place !== null) button.addEventListener("click", () => vscode.postMessage({ type: "reveal", place }));
}

function drawDifference(changes: readonly ChangedConnection[]): void {
	const { body } = document;
	if (changes.length === 0) make("p", body, texts.nothing);
	for (const [kind, look] of [
		["opens", ""],
		["closes", "no"],
		["uncertain", "unsure"],
	] as const) {
		const ofKind = changes.filter((change) => change.kind === kind);
		if (ofKind.length === 0) continue;
		make("h3", body, texts[kind]);
		const table = make("table", body);
		for (const { from, to, service, example, rule, reason, location } of ofKind) {
			const row = make("tr", table);
			make("td", row, `${from} → ${to}`);
			chip(make("td", row), service, look, rule, location);
			make("td", row, reason ?? rule, reason === undefined ? "rule" : "");
			make("td", row, example, "rule");
		}
	}
}

function drawMatrix({ ends, services, cells, note }: MatrixView): void {
	const { body } = document;
	if (note !== "") make("p", body, note);
	const bar = make("div", body, "", "bar");
	const filter = make("input", bar);
	filter.type = "text";
	filter.placeholder = texts.filter;
	const label = make("label", bar);
	const blocked = make("input", label);
	blocked.type = "checkbox";
	label.append(` ${texts.blocked}`);
	for (const [format, name] of [
		["csv", "CSV"],
		["markdown", "Markdown"],
	] as const)
		make("button", bar, name, "save").addEventListener("click", () => vscode.postMessage({ type: "save", format }));
	const place = make("div", body);

	const fill = (): void => {
		place.textContent = "";
		const wanted = filter.value.trim().toLowerCase();
		const matching = ends.flatMap((end, index) => (wanted === "" || end.toLowerCase().includes(wanted) ? [index] : []));
		const rows = matching.slice(0, MOST);
		const columns = wanted === "" ? rows : ends.map((_, index) => index).slice(0, MOST);
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
					const look = answer === "yes" ? "" : answer === "no" ? "no" : "unsure";
					chip(cell, services[index] ?? "", look, rule === "" ? answer : `${answer}: ${rule}`, location);
				}
			}
		}
		if (matching.length > rows.length) make("p", place, texts.more);
	};
	filter.addEventListener("input", fill);
	blocked.addEventListener("change", fill);
	fill();
}

if (page.kind === "difference") drawDifference(page.changes);
else drawMatrix(page.matrix);

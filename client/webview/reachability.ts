/** The page of who reaches whom: a table that can be narrowed and whose cells lead to traces, or what changes about it. */
import type { ChangedConnection, FileLocation, MatrixCell, PackedMatrix, PacketChanges } from "@openbsd-vnet/server/protocol";
import type { FromPage, ReachabilityPage } from "../src/reachability/messages.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const vscode = acquireVsCodeApi();
const page = JSON.parse(document.getElementById("page")?.textContent ?? "{}") as ReachabilityPage;
const { texts } = page;
const main = document.querySelector("main") ?? document.body;

function make<K extends keyof HTMLElementTagNameMap>(name: K, parent: Element, text = "", kind = ""): HTMLElementTagNameMap[K] {
	const element = document.createElement(name);
	if (text !== "") element.textContent = text;
	if (kind !== "") element.className = kind;
	parent.append(element);
	return element;
}

type Look = "yes" | "no" | "unsure";

/** A sign beside the colour, for who does not see that. */
const signs: Readonly<Record<Look, string>> = { yes: "", no: "✕ ", unsure: "? " };

/** A service of a pair of ends. */
function chip(parent: Element, text: string, look: Look, title: string, act: (() => void) | undefined): void {
	const element = make(act === undefined ? "span" : "button", parent, `${signs[look]}${text}`, `chip ${look}`);
	element.title = title;
	if (act !== undefined) element.addEventListener("click", act);
}

// ── What changes ─────────────────────────────────────────────────────────────────────────────────────────────────

function reveal(place: FileLocation | null): (() => void) | undefined {
	return place === null ? undefined : () => vscode.postMessage({ type: "reveal", place });
}

/** A new table. @returns what its rows go into */
function rowsBelow(heads: readonly string[]): HTMLTableSectionElement {
	const table = make("table", main);
	const head = make("tr", make("thead", table));
	for (const text of heads) make("th", head, text).scope = "col";
	return make("tbody", table);
}

function drawDifference(host: string, changes: readonly ChangedConnection[], packets: PacketChanges | null): void {
	make("h1", main, texts.change.replace("{0}", host));
	if (changes.length === 0) make("p", main, texts.nothing);
	for (const [kind, look] of [
		["opens", "yes"],
		["closes", "no"],
		["uncertain", "unsure"],
	] as const) {
		const ofKind = changes.filter((change) => change.kind === kind);
		if (ofKind.length === 0) continue;
		make("h2", main, `${texts[kind]} (${ofKind.length})`);
		const body = rowsBelow([texts.pair, texts.what, texts.rule, texts.example]);
		for (const { from, to, service, example, rule, reason, location } of ofKind) {
			const row = make("tr", body);
			make("th", row, `${from} → ${to}`).scope = "row";
			chip(make("td", row), service, look, rule, reveal(location));
			make("td", row, reason ?? rule, reason === undefined ? "rule" : "");
			make("td", row, example, "rule");
		}
	}
	if (packets !== null) drawPackets(packets);
}

/** What pf does otherwise with packets, and whether that is all. */
function drawPackets({ changes, isWhole, gone, come }: PacketChanges): void {
	make("h2", main, `${texts.packets} (${changes.length})`);
	if (changes.length > 0) {
		const body = rowsBelow([texts.becomes, texts.where, texts.rule, texts.example]);
		for (const { before, after, packets, others, example, rule, depends, location } of changes) {
			const row = make("tr", body);
			const look = depends.length > 0 ? "unsure" : after.startsWith("block") ? "no" : "yes";
			const first = make("th", row);
			first.scope = "row";
			chip(first, `${before} → ${after}`, look, rule, reveal(location));
			const where = make("td", row, "", "rule");
			for (const text of packets) make("div", where, text);
			if (others > 0) make("div", where, texts.more.replace("{0}", String(others)));
			for (const one of depends)
				make(
					"div",
					where,
					texts.ifMatches.replace("{0}", () => one),
				);
			make("td", row, rule, "rule");
			make("td", row, example, "rule");
		}
	}
	for (const line of gone) make("p", main, `− ${line}`, "rule");
	for (const line of come) make("p", main, `+ ${line}`, "rule");
	make("p", main, !isWhole ? texts.notKnown : changes.length === 0 ? texts.asBefore : texts.noOther);
}

// ── The matrix ───────────────────────────────────────────────────────────────────────────────────────────────────

function lookOf({ answer }: MatrixCell): Look {
	return answer === "yes" ? "yes" : answer === "no" ? "no" : "unsure";
}

function wordOf({ answer, rule }: MatrixCell): string {
	const word = { yes: texts.yes, no: texts.no, "one way": texts.oneWay, depends: texts.depends }[answer];
	return rule === "" ? word : `${word}: ${rule}`;
}

function input(parent: Element, label: string): HTMLInputElement {
	const made = make("input", parent);
	made.type = "search";
	made.placeholder = label;
	made.setAttribute("aria-label", label);
	return made;
}

function drawLegend(parent: Element): void {
	const legend = make("p", parent, "", "legend");
	make("span", legend, `${texts.legend} `);
	chip(legend, texts.yes, "yes", "", undefined);
	chip(legend, texts.depends, "unsure", "", undefined);
	chip(legend, texts.no, "no", "", undefined);
	make("span", legend, ` ${texts.trace}`);
}

/** What narrows the table, and where is said that nothing is left of it. */
interface Controls {
	readonly filter: HTMLInputElement;
	readonly service: HTMLInputElement;
	readonly blocked: HTMLInputElement;
	readonly status: HTMLElement;
}

function drawHeader({ host, note }: PackedMatrix): Controls {
	const header = make("header", document.body);
	main.before(header);
	make("h1", header, texts.title.replace("{0}", host));
	const bar = make("div", header, "", "bar");
	bar.setAttribute("role", "toolbar");
	bar.setAttribute("aria-label", texts.tools);
	const filter = input(bar, texts.filter);
	const service = input(bar, texts.service);
	const label = make("label", bar);
	const blocked = make("input", label);
	blocked.type = "checkbox";
	label.append(` ${texts.blocked}`);
	for (const [format, name] of [
		["csv", "CSV"],
		["markdown", "Markdown"],
	] as const)
		make("button", bar, name).addEventListener("click", () => vscode.postMessage({ type: "save", format }));
	drawLegend(header);
	if (note !== "") make("p", header, note, "note");
	const status = make("p", header, "", "status");
	status.setAttribute("role", "status");
	return { filter, service, blocked, status };
}

/** Rows are filled as they come near: hundreds of guests have tens of thousands of fields. */
class NearRows {
	readonly #fillers = new Map<Element, () => void>();
	readonly #observer = new IntersectionObserver(
		(seen) => {
			for (const { isIntersecting, target } of seen) if (isIntersecting) this.#fill(target);
		},
		{ root: main, rootMargin: "400px 0px" },
	);

	add(row: Element, fill: () => void): void {
		this.#fillers.set(row, fill);
		this.#observer.observe(row);
	}

	clear(): void {
		this.#observer.disconnect();
		this.#fillers.clear();
	}

	#fill(row: Element): void {
		this.#observer.unobserve(row);
		this.#fillers.get(row)?.();
		this.#fillers.delete(row);
	}
}

/** What stands in a field: everything, some services, or nothing. @param wanted the services that are asked for, by their numbers */
function fillCell(
	cell: HTMLElement,
	{ ends, services, examples, answers, cells }: PackedMatrix,
	[row, column]: readonly [row: number, column: number],
	wanted: readonly number[],
	showsBlocked: boolean,
): void {
	const own = cells[row]?.[column] ?? [];
	const [from = "", to = ""] = [ends[row], ends[column]];
	const trace = (index: number) => () => {
		const example = examples[index];
		if (example !== undefined) vscode.postMessage({ type: "trace", from, to, ...example });
	};
	const shown = wanted.flatMap((index) => {
		const answer = answers[own[index] ?? -1];
		return answer === undefined ? [] : [{ index, answer, look: lookOf(answer) }];
	});
	const [first] = shown;
	if (first === undefined) return;
	// What is the same for all services is said once.
	if (shown.length > 1 && wanted.length === services.length && shown.every(({ look }) => look === "yes")) {
		chip(cell, texts.everything, "yes", texts.yes, trace(first.index));
		return;
	}
	const told = shown.filter(({ look }) => look !== "no" || showsBlocked);
	for (const { index, answer, look } of told) chip(cell, services[index] ?? "", look, wordOf(answer), trace(index));
	if (told.length === 0) {
		const none = make("button", cell, "–", "none");
		none.title = texts.none;
		none.setAttribute("aria-label", `${from} → ${to}: ${texts.none}`);
		none.addEventListener("click", trace(first.index));
	}
}

function drawMatrix(matrix: PackedMatrix): void {
	const { host, ends, services } = matrix;
	const { filter, service, blocked, status } = drawHeader(matrix);
	main.tabIndex = 0;
	main.setAttribute("aria-label", texts.title.replace("{0}", host));
	const near = new NearRows();

	const drawTable = (rows: readonly number[], columns: readonly number[], wanted: readonly number[]): void => {
		const table = make("table", main);
		const head = make("tr", make("thead", table));
		make("th", head, texts.from, "corner").scope = "col";
		for (const column of columns) make("th", head, ends[column]).scope = "col";
		const body = make("tbody", table);
		for (const row of rows) {
			const line = make("tr", body);
			make("th", line, ends[row]).scope = "row";
			near.add(line, () => {
				for (const column of columns)
					fillCell(make("td", line, "", row === column ? "self" : ""), matrix, [row, column], wanted, blocked.checked);
			});
		}
	};
	const draw = (): void => {
		near.clear();
		main.replaceChildren();
		const matches = (text: string, { value }: HTMLInputElement) => text.toLowerCase().includes(value.trim().toLowerCase());
		const all = ends.map((_, index) => index);
		const rows = all.filter((index) => matches(ends[index] ?? "", filter));
		const wanted = services.flatMap((text, index) => (matches(text, service) ? [index] : []));
		const isFound = rows.length > 0 && wanted.length > 0;
		status.textContent = isFound ? "" : texts.noMatch;
		if (!isFound) return;
		drawTable(rows, all, wanted);
		// Who is looked for reaches others, and is reached by them.
		const others = all.filter((index) => !rows.includes(index));
		if (others.length > 0) drawTable(others, rows, wanted);
	};
	filter.addEventListener("input", draw);
	service.addEventListener("input", draw);
	blocked.addEventListener("change", draw);
	draw();
}

if (page.kind === "difference") drawDifference(page.host, page.changes, page.packets);
else drawMatrix(page.matrix);

/** "Show Reachability Matrix" and "Compare Reachability with HEAD": who reaches whom, and what an edit changes about it. */

import {
	type ChangedConnection,
	DifferenceRequest,
	HostFilesRequest,
	type MatrixCell,
	MatrixRequest,
	type MatrixView,
} from "@openbsd-vnet/server/protocol";
import {
	commands,
	type Disposable,
	Disposable as Disposables,
	type ExtensionContext,
	extensions,
	l10n,
	Range,
	Uri,
	ViewColumn,
	window,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showError } from "../notices.ts";
import { fileOfHost } from "../whichHost.ts";
import type { FromPage, ReachabilityPage } from "./messages.ts";
import { pageHtml } from "./page.ts";

export function registerReachability({ extensionUri }: ExtensionContext, server: LanguageServer): Disposable {
	return Disposables.from(
		commands.registerCommand("openbsdVnet.showReachability", (uri?: Uri) => showMatrix(extensionUri, server, uri)),
		commands.registerCommand("openbsdVnet.exportReachability", (format: "csv" | "markdown", uri?: Uri) =>
			exportMatrix(server, format, uri),
		),
		commands.registerCommand("openbsdVnet.compareReachability", (uri?: Uri) => compare(extensionUri, server, uri)),
	);
}

async function matrixOf(server: LanguageServer, uri: Uri | undefined): Promise<MatrixView | undefined> {
	const file = await fileOfHost(server, uri);
	return file === undefined ? undefined : ((await server.request(MatrixRequest, { uri: file })) ?? undefined);
}

async function showMatrix(extension: Uri, server: LanguageServer, uri: Uri | undefined): Promise<MatrixView | undefined> {
	const source = uri ?? window.activeTextEditor?.document.uri;
	const matrix = await matrixOf(server, source);
	if (matrix === undefined) return undefined;
	openPage(extension, l10n.t("Reachability of {0}", matrix.host), { kind: "matrix", matrix, texts: texts() }, (format) =>
		exportMatrix(server, format, source),
	);
	return matrix;
}

function texts(): ReachabilityPage["texts"] {
	return {
		filter: l10n.t("Show only names with..."),
		blocked: l10n.t("Blocked services too"),
		from: l10n.t("from \\ to"),
		nothing: l10n.t("No connection changes."),
		opens: l10n.t("Becomes possible"),
		closes: l10n.t("Stops"),
		uncertain: l10n.t("Depends on what is not known"),
		more: l10n.t("More names match: narrow the filter."),
	};
}

/** A web view that may load our own script and nothing else. */
function openPage(extension: Uri, title: string, page: ReachabilityPage, save: (format: "csv" | "markdown") => unknown): void {
	const panel = window.createWebviewPanel("openbsdVnet.reachability", title, ViewColumn.Active, {
		enableScripts: true,
		enableFindWidget: true,
		localResourceRoots: [Uri.joinPath(extension, "dist")],
	});
	panel.webview.html = pageHtml(panel.webview, extension, title, page);
	panel.webview.onDidReceiveMessage(async (message: FromPage) => {
		switch (message.type) {
			case "save":
				await save(message.format);
				break;
			case "reveal": {
				const { uri, range } = message.place;
				const selection = new Range(range.start.line, range.start.character, range.end.line, range.end.character);
				await window.showTextDocument(Uri.parse(uri), { selection, viewColumn: ViewColumn.Beside });
				break;
			}
		}
	});
}

/** Opens the table as a new document, to be saved where one likes. */
async function exportMatrix(server: LanguageServer, format: "csv" | "markdown", uri?: Uri): Promise<string | undefined> {
	const matrix = await matrixOf(server, uri);
	if (matrix === undefined) return undefined;
	const content = format === "csv" ? asCsv(matrix) : asMarkdown(matrix);
	await window.showTextDocument(await workspace.openTextDocument({ language: format === "csv" ? "plaintext" : "markdown", content }));
	return content;
}

/** A line for each pair of ends and service. A field that a spreadsheet would take for a formula is text (a leading apostrophe). */
function asCsv({ ends, services, cells }: MatrixView): string {
	const field = (text: string): string => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
	const lines = ["from,to,service,answer,rule"];
	for (const [from, to, service, { answer, rule }] of every(ends, services, cells))
		lines.push([from, to, service, answer, rule].map(field).join(","));
	return lines.map((line) => `${line}\r\n`).join("");
}

function* every(
	ends: readonly string[],
	services: readonly string[],
	cells: MatrixView["cells"],
): Generator<[string, string, string, MatrixCell]> {
	for (const [row, from] of ends.entries()) {
		for (const [column, to] of ends.entries()) {
			for (const [index, cell] of (cells[row]?.[column] ?? []).entries()) yield [from, to, services[index] ?? "", cell];
		}
	}
}

/** A table of who reaches whom by what. */
function asMarkdown({ host, ends, services, cells, note }: MatrixView): string {
	const open = (row: number, column: number): string => {
		if (row === column) return "";
		const found = (cells[row]?.[column] ?? []).flatMap(({ answer }, index) =>
			answer === "no" ? [] : [`${services[index] ?? ""}${answer === "yes" ? "" : ` (${answer})`}`],
		);
		return found.join(", ") || "–";
	};
	const line = (columns: readonly string[]): string => `| ${columns.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
	return `${[
		`# ${l10n.t("Reachability of {0}", host)}`,
		"",
		...(note === "" ? [] : [note, ""]),
		line([l10n.t("from \\ to"), ...ends]),
		line(["---", ...ends.map(() => "---")]),
		...ends.map((from, row) => line([from, ...ends.map((_, column) => open(row, column))])),
	].join("\n")}\n`;
}

/** What VS Code's own Git extension offers, as far as it is used here. */
interface GitApi {
	toGitUri(uri: Uri, ref: string): Uri;
}

/** What changes from the last commit to the files as they are in the editor. */
async function compare(extension: Uri, server: LanguageServer, uri: Uri | undefined): Promise<readonly ChangedConnection[] | undefined> {
	const file = await fileOfHost(server, uri);
	if (file === undefined) return undefined;
	const gitExtension = extensions.getExtension<{ getAPI(version: 1): GitApi }>("vscode.git");
	const git = (await gitExtension?.activate())?.getAPI(1);
	if (git === undefined) {
		inBackground(showError(l10n.t("The Git extension of VS Code is needed to read the last commit.")));
		return undefined;
	}
	const paths = await server.request(HostFilesRequest, { uri: file });
	const before = await Promise.all(paths.map(async (path) => ({ uri: path, text: await textAt(git.toGitUri(Uri.parse(path), "HEAD")) })));
	const changes = await server.request(DifferenceRequest, { uri: file, before });
	if (changes === null) return undefined;
	openPage(extension, l10n.t("Reachability since the last commit"), { kind: "difference", changes, texts: texts() }, () => undefined);
	return changes;
}

/** Null where the commit does not have the file. */
async function textAt(uri: Uri): Promise<string | null> {
	try {
		return new TextDecoder().decode(await workspace.fs.readFile(uri));
	} catch {
		return null;
	}
}

/** "Show Reachability Matrix" and "Compare Reachability With the Last Commit": who reaches whom, and what an edit changes about it. */

import type { ChangedConnection, MatrixCell, MatrixView, PackedMatrix } from "@openbsd-vnet/server/protocol";
import {
	commands,
	type Disposable,
	Disposable as Disposables,
	type ExtensionContext,
	extensions,
	l10n,
	Uri,
	ViewColumn,
	window,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showError, showInformation } from "../notices.ts";
import { showPlace } from "../showPlace.ts";
import { fileOfHost, hostOf } from "../whichHost.ts";
import type { FromPage, ReachabilityPage } from "./messages.ts";
import { pageHtml } from "./page.ts";
import { texts } from "./texts.ts";

export function registerReachability({ extensionUri }: ExtensionContext, server: LanguageServer): Disposable {
	return Disposables.from(
		commands.registerCommand("openbsdVnet.showReachability", (uri?: Uri) => showMatrix(extensionUri, server, uri)),
		commands.registerCommand("openbsdVnet.exportReachability", (format: "csv" | "markdown", uri?: Uri) =>
			exportMatrix(server, format, uri),
		),
		commands.registerCommand("openbsdVnet.compareReachability", (uri?: Uri) => compare(extensionUri, server, uri)),
	);
}

async function matrixOf(server: LanguageServer, uri: Uri | undefined): Promise<{ file: string; packed: PackedMatrix } | undefined> {
	const file = await fileOfHost(server, uri);
	const packed = file === undefined ? null : await server.request("matrix", { uri: file });
	return file === undefined || packed === null ? undefined : { file, packed };
}

/** Each field with its answer beside it. */
function unpacked({ answers, cells, ...matrix }: PackedMatrix): MatrixView {
	return { ...matrix, cells: cells.map((row) => row.map((column) => column.flatMap((number) => answers[number] ?? []))) };
}

async function showMatrix(extension: Uri, server: LanguageServer, uri: Uri | undefined): Promise<MatrixView | undefined> {
	const found = await matrixOf(server, uri);
	if (found === undefined) return undefined;
	const { file, packed } = found;
	openPage(extension, l10n.t("Reachability of {0}", packed.host), { kind: "matrix", matrix: packed, texts: texts() }, file, (format) =>
		exportMatrix(server, format, Uri.parse(file)),
	);
	return unpacked(packed);
}

/** A web view that may load our own script and nothing else. @param file of the host that it is about */
function openPage(
	extension: Uri,
	title: string,
	page: ReachabilityPage,
	file: string,
	save: (format: "csv" | "markdown") => unknown,
): void {
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
			case "trace": {
				const { type: _, ...flow } = message;
				await commands.executeCommand("openbsdVnet.tracePacket", { uri: file, ...flow });
				break;
			}
			case "reveal":
				await showPlace(message.place, ViewColumn.Beside);
				break;
		}
	});
}

/** Opens the table as a new document, to be saved where one likes. */
async function exportMatrix(server: LanguageServer, format: "csv" | "markdown", uri?: Uri): Promise<string | undefined> {
	const found = await matrixOf(server, uri);
	if (found === undefined) return undefined;
	const matrix = unpacked(found.packed);
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
	getRepository(uri: Uri): { readonly state: { readonly HEAD?: { readonly commit?: string } } } | null;
	openRepository(uri: Uri): Promise<unknown>;
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
	const committed = await hasCommit(git, Uri.parse(file));
	if (!committed) {
		inBackground(showInformation(l10n.t("There is no commit to compare with: these files are not in a Git repository that has one.")));
		return undefined;
	}
	const paths = await server.request("hostFiles", { uri: file });
	const before = await Promise.all(paths.map(async (path) => ({ uri: path, text: await textAt(git.toGitUri(Uri.parse(path), "HEAD")) })));
	const changes = await server.request("difference", { uri: file, before });
	if (changes === null) return undefined;
	const packets = await server.request("packetChanges", { uri: file, before });
	const host = hostOf(await server.request("hosts", {}), file)?.name ?? "";
	openPage(
		extension,
		l10n.t("Reachability since the last commit"),
		{ kind: "difference", host, changes, packets, texts: texts() },
		file,
		() => undefined,
	);
	return changes;
}

/** False where the file is in no repository, or in one without a commit. */
async function hasCommit(git: GitApi, file: Uri): Promise<boolean> {
	// A repository above the folder that is open is found when it is asked for.
	if (git.getRepository(file) === null) await git.openRepository(Uri.joinPath(file, ".."));
	return git.getRepository(file)?.state.HEAD?.commit !== undefined;
}

/** Null where the commit does not have the file. */
async function textAt(uri: Uri): Promise<string | null> {
	try {
		return new TextDecoder().decode(await workspace.fs.readFile(uri));
	} catch {
		return null;
	}
}

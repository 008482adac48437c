/** What the tests do in the editor: open, find, wait. */

import {
	CompletionItemKind,
	type CompletionList,
	commands,
	extensions,
	type Position,
	Range,
	type TextDocument,
	type TextEditor,
	Uri,
	window,
	workspace,
} from "vscode";
import type { Api } from "../../client/src/extension.ts";

export const extensionId = "openbsd-vnet.openbsd-vnet";

/** The extension's own interface, once its server answers. */
export async function readyApi(): Promise<Api> {
	const extension = extensions.getExtension<Api>(extensionId);
	if (extension === undefined) throw new Error(`${extensionId} is not installed`);
	const api = await extension.activate();
	await api.ready();
	return api;
}

/** A file of the example hosts, such as `handbook/etc/pf.conf`. */
export function example(path: string): Uri {
	const folder = workspace.workspaceFolders?.[0];
	if (folder === undefined) throw new Error("No folder is open");
	return Uri.joinPath(folder.uri, path);
}

/** Opens a file in the editor. */
export async function open(uri: Uri): Promise<TextEditor> {
	return await window.showTextDocument(await workspace.openTextDocument(uri));
}

/**
 * Writes a file into the workspace and opens it. Files that matter by their name are tested so.
 * @param path relative to the workspace
 */
export async function openFile(path: string, content: string): Promise<TextEditor> {
	const uri = example(path);
	await workspace.fs.writeFile(uri, new TextEncoder().encode(content));
	return await open(uri);
}

/** The start of the `occurrence`th (from 1) `text` in the document. */
export function positionOf(document: TextDocument, text: string, occurrence = 1): Position {
	let offset = -1;
	for (let count = 0; count < occurrence; count++) {
		offset = document.getText().indexOf(text, offset + 1);
		if (offset < 0) throw new Error(`'${text}' is not ${occurrence} times in ${document.uri.path}`);
	}
	return document.positionAt(offset);
}

export function rangeOf(document: TextDocument, text: string, occurrence = 1): Range {
	const start = positionOf(document, text, occurrence);
	return new Range(start, document.positionAt(document.offsetAt(start) + text.length));
}

/**
 * Waits until `probe` answers something else than undefined or false.
 * @param what named in the error when it never does
 */
export async function until<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
	const end = Date.now() + 60_000;
	for (;;) {
		const answer = await probe();
		if (answer !== undefined && answer !== false) return answer;
		if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** Closes all editors, without saving. */
export async function closeAll(): Promise<void> {
	await commands.executeCommand("workbench.action.closeAllEditors");
}

/** Asks for completions until the server gives some; the time when they came. */
export async function firstCompletion(): Promise<number> {
	const { document } = await open(example("handbook/etc/vm.conf"));
	const end = document.positionAt(document.getText().length);
	// Asked earlier, VS Code answers with the words of the file alone, and takes its time for it.
	await readyApi();
	await until("a completion", async () => {
		const list = await commands.executeCommand<CompletionList>("vscode.executeCompletionItemProvider", document.uri, end);
		// Snippets come from the manifest, without the server.
		return list.items.some(({ kind }) => kind === CompletionItemKind.Keyword);
	});
	return performance.now();
}

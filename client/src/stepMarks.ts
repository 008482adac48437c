/** A file and the document that the server makes of it, side by side: what belongs to the cursor's line is marked, and in sight. */

import type { ExpandedLink } from "@openbsd-vnet/server/protocol";
import { madeScheme } from "@openbsd-vnet/server/protocol";
import { Disposable, OverviewRulerLane, Range, type TextEditor, TextEditorRevealType, ThemeColor, Uri, window, workspace } from "vscode";
import { inBackground } from "./background.ts";
import { madeFrom, originsOf } from "./inStep.ts";
import type { LanguageServer } from "./languageServer.ts";
import { isOurs } from "./languages.ts";
import { rangeOf } from "./ranges.ts";

export class StepMarks implements Disposable {
	readonly #server: LanguageServer;
	readonly #listeners: Disposable;
	/** A bar beside the line too: high contrast has no colour behind lines. */
	readonly #mark = window.createTextEditorDecorationType({
		isWholeLine: true,
		backgroundColor: new ThemeColor("editor.rangeHighlightBackground"),
		borderWidth: "0 0 0 3px",
		borderStyle: "solid",
		borderColor: new ThemeColor("focusBorder"),
		overviewRulerColor: new ThemeColor("focusBorder"),
		overviewRulerLane: OverviewRulerLane.Full,
	});
	/** The links of a document's version. */
	readonly #links = new Map<string, { readonly version: number; readonly links: Promise<readonly ExpandedLink[]> }>();
	#round = 0;

	constructor(server: LanguageServer) {
		this.#server = server;
		const follow = (editor: TextEditor | undefined) => inBackground(this.#follow(editor));
		this.#listeners = Disposable.from(
			this.#mark,
			window.onDidChangeTextEditorSelection(({ textEditor }) => {
				if (textEditor === window.activeTextEditor) follow(textEditor);
			}),
			window.onDidChangeActiveTextEditor(follow),
			window.onDidChangeVisibleTextEditors((visible) => {
				if (!visible.some(isMade)) for (const editor of visible) editor.setDecorations(this.#mark, []);
				follow(window.activeTextEditor);
			}),
			workspace.onDidChangeTextDocument(({ document }) => {
				if (document.uri.scheme === madeScheme) follow(window.activeTextEditor);
			}),
			workspace.onDidCloseTextDocument(({ uri }) => this.#links.delete(uri.toString())),
		);
	}

	dispose(): void {
		this.#listeners.dispose();
	}

	async #follow(active: TextEditor | undefined): Promise<void> {
		const round = ++this.#round;
		const made = window.visibleTextEditors.filter(isMade);
		if (active === undefined || made.length === 0) return;
		const isInMade = isMade(active);
		if (!isInMade && !isOurs(active.document)) return;
		const all = await Promise.all((isInMade ? [active] : made).map(async (editor) => ({ editor, links: await this.#linksOf(editor) })));
		// The cursor has gone on meanwhile.
		if (round !== this.#round) return;
		active.setDecorations(this.#mark, []);
		for (const { editor, links } of all) {
			if (isInMade) this.#markOrigins(active, links);
			else {
				const own = active.document.uri.toString();
				const lines = madeFrom(links, (uri) => Uri.parse(uri).toString() === own, active.selection);
				show(
					editor,
					this.#mark,
					lines.map((line) => new Range(line, 0, line, 0)),
				);
			}
		}
	}

	#markOrigins(made: TextEditor, links: readonly ExpandedLink[]): void {
		const origins = originsOf(links, made.selection);
		for (const editor of window.visibleTextEditors) {
			if (!isOurs(editor.document) || isMade(editor)) continue;
			const own = editor.document.uri.toString();
			show(
				editor,
				this.#mark,
				origins.filter(({ uri }) => Uri.parse(uri).toString() === own).map(({ range }) => rangeOf(range)),
			);
		}
	}

	async #linksOf({ document }: TextEditor): Promise<readonly ExpandedLink[]> {
		const uri = document.uri.toString();
		const known = this.#links.get(uri);
		if (known?.version === document.version) return await known.links;
		const links = this.#server.request("madeLinks", { uri: document.uri.query }).then(
			(found) => found ?? [],
			() => {
				// The file has changed meanwhile, or the server has ended: who asks next asks again.
				this.#links.delete(uri);
				return [];
			},
		);
		this.#links.set(uri, { version: document.version, links });
		return await links;
	}
}

function isMade({ document }: TextEditor): boolean {
	return document.uri.scheme === madeScheme;
}

function show(editor: TextEditor, mark: Parameters<TextEditor["setDecorations"]>[0], ranges: readonly Range[]): void {
	editor.setDecorations(mark, ranges);
	const [first] = ranges;
	if (first !== undefined) editor.revealRange(first, TextEditorRevealType.InCenterIfOutsideViewport);
}

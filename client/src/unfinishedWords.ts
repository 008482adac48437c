/** Findings about the word under the cursor wait until one leaves the word, or saves. */
import { type Diagnostic, Disposable, EventEmitter, type TextDocument, type Uri, window, workspace } from "vscode";
import { isOurs } from "./languages.ts";
import { afterKeystroke, isAbout, typedWord } from "./typedWord.ts";

export class UnfinishedWords implements Disposable {
	readonly #left = new EventEmitter<void>();
	readonly #listeners: Disposable;
	/** Where the last keystroke has left the cursor. */
	#typed: { readonly document: TextDocument; readonly line: number; readonly character: number } | undefined;
	/** Whether something is not shown because of it. */
	#withholds = false;

	constructor() {
		this.#listeners = Disposable.from(
			this.#left,
			workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
				if (contentChanges.length === 0 || !isOurs(document) || document !== window.activeTextEditor?.document) return;
				const cursor = reason === undefined ? afterKeystroke(contentChanges) : undefined;
				if (cursor === undefined) this.#leave();
				else this.#typed = { document, ...cursor };
			}),
			window.onDidChangeTextEditorSelection(({ textEditor, selections: [selection, ...others] }) => {
				const typed = this.#typed;
				if (typed === undefined || textEditor.document !== typed.document) return;
				const { line, character } = selection?.active ?? typed;
				if (others.length > 0 || line !== typed.line || character !== typed.character) this.#leave();
			}),
			window.onDidChangeActiveTextEditor(() => this.#leave()),
			workspace.onDidSaveTextDocument((document) => {
				if (document === this.#typed?.document) this.#leave();
			}),
		);
	}

	/** Fires when something that was not shown is to be shown. */
	readonly onDidLeave = this.#left.event;

	/** What is to be shown of a document now. */
	told<T extends Diagnostic>(uri: Uri, found: readonly T[]): T[] {
		const typed = this.#typed;
		if (typed === undefined || typed.document.uri.toString() !== uri.toString() || typed.line >= typed.document.lineCount)
			return [...found];
		const word = typedWord(typed.document.lineAt(typed.line).text, typed);
		const told = found.filter(({ range }) => !isAbout(word, range));
		this.#withholds = told.length < found.length;
		return told;
	}

	dispose(): void {
		this.#listeners.dispose();
	}

	#leave(): void {
		const had = this.#withholds;
		this.#typed = undefined;
		this.#withholds = false;
		if (had) this.#left.fire();
	}
}

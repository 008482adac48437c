import { type Disposable, EventEmitter, type TextDocumentContentProvider, type Uri, workspace } from "vscode";

/** Texts that are shown as documents and cannot be edited, so that nothing asks to be saved. */
export class ReadOnlyDocuments implements TextDocumentContentProvider, Disposable {
	readonly scheme: string;
	readonly #texts = new Map<string, string>();
	readonly #changed = new EventEmitter<Uri>();
	readonly #registered: Disposable;
	readonly onDidChange = this.#changed.event;

	/** @param scheme of their addresses */
	constructor(scheme: string) {
		this.scheme = scheme;
		this.#registered = workspace.registerTextDocumentContentProvider(scheme, this);
	}

	/** Gives a document its text, also where it is shown already. */
	put(uri: Uri, text: string): void {
		this.#texts.set(uri.toString(), text);
		this.#changed.fire(uri);
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.#texts.get(uri.toString()) ?? "";
	}

	dispose(): void {
		this.#registered.dispose();
		this.#changed.dispose();
	}
}

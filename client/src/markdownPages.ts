/** Read-only Markdown pages: shown as a preview, and nothing that asks to be saved. */
import { commands, Disposable, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from "vscode";

export class MarkdownPages implements TextDocumentContentProvider, Disposable {
	readonly #scheme: string;
	readonly #pages = new Map<string, string>();
	readonly #changed = new EventEmitter<Uri>();
	readonly #registered: Disposable;
	readonly onDidChange = this.#changed.event;

	/** @param scheme of the addresses of these pages */
	constructor(scheme: string) {
		this.#scheme = scheme;
		this.#registered = Disposable.from(this.#changed, workspace.registerTextDocumentContentProvider(scheme, this));
	}

	/** Shows a page. @param name its title; a page of this name is renewed. */
	async show(name: string, text: string): Promise<void> {
		const uri = Uri.from({ scheme: this.#scheme, path: `/${name}.md` });
		this.#pages.set(uri.toString(), text);
		this.#changed.fire(uri);
		await commands.executeCommand("markdown.showPreview", uri);
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.#pages.get(uri.toString()) ?? "";
	}

	dispose(): void {
		this.#registered.dispose();
	}
}

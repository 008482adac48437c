import { commands, type Disposable, Uri, workspace } from "vscode";
import { withPreviewLinks } from "./previewLinks.ts";
import { ReadOnlyDocuments } from "./readOnlyDocuments.ts";

/** Markdown pages, shown as a preview. */
export class MarkdownPages implements Disposable {
	readonly #documents: ReadOnlyDocuments;

	/** @param scheme of the addresses of these pages */
	constructor(scheme: string) {
		this.#documents = new ReadOnlyDocuments(scheme);
	}

	/** Shows a page. @param name its title; a page of this name is renewed. */
	async show(name: string, text: string): Promise<void> {
		const uri = Uri.from({ scheme: this.#documents.scheme, path: `/${name}.md` });
		this.#documents.put(uri, withPreviewLinks(text, workspace.workspaceFolders?.[0]?.uri.toString()));
		await commands.executeCommand("markdown.showPreview", uri);
	}

	dispose(): void {
		this.#documents.dispose();
	}
}

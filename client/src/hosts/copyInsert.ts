/** A name on the clipboard, or in the editor. */
import { env, l10n, window } from "vscode";

export async function copy(text: string | undefined): Promise<void> {
	if (text === undefined) return;
	await env.clipboard.writeText(text);
	window.setStatusBarMessage(l10n.t("Copied: {0}", text), 3000);
}

export async function insert(text: string | undefined): Promise<void> {
	const editor = window.activeTextEditor;
	if (text === undefined) return;
	if (editor === undefined) {
		await copy(text);
		return;
	}
	await editor.edit((builder) => {
		for (const selection of editor.selections) builder.replace(selection, text);
	});
}

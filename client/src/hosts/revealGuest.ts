/** "Show in vm.conf": where a guest is defined. */
import { commands, type DocumentSymbol, Uri, window } from "vscode";
import type { KnownHost } from "./liveHosts.ts";

export async function revealGuest({ etc }: KnownHost, name: string): Promise<void> {
	if (etc === undefined) return;
	const uri = Uri.parse(`${etc}/vm.conf`);
	const symbols = await commands.executeCommand<DocumentSymbol[] | undefined>("vscode.executeDocumentSymbolProvider", uri);
	const all = (symbols ?? []).flatMap((symbol) => [symbol, ...symbol.children]);
	const found =
		all.find((symbol) => symbol.name === name || symbol.name.includes(`"${name}"`)) ?? all.find((symbol) => symbol.name.includes(name));
	await window.showTextDocument(uri, found === undefined ? {} : { selection: found.selectionRange });
}

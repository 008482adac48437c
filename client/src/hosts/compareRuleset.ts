/** "Compare With Live Ruleset": both as documents, side by side. */
import { commands, type Disposable, EventEmitter, l10n, type TextDocumentContentProvider, Uri } from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showInformation } from "../notices.ts";
import { asking, refuse, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";
import { liveScheme } from "./liveScheme.ts";

/** The two sides of a comparison, as documents. */
export class Rulesets implements TextDocumentContentProvider, Disposable {
	readonly #texts = new Map<string, string>();
	readonly #changed = new EventEmitter<Uri>();
	readonly onDidChange = this.#changed.event;

	put(uri: Uri, text: string): void {
		this.#texts.set(uri.toString(), text);
		this.#changed.fire(uri);
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.#texts.get(uri.toString()) ?? "";
	}

	dispose(): void {
		this.#changed.dispose();
	}
}

export async function compareRuleset(server: LanguageServer, hosts: LiveHosts, rulesets: Rulesets, host: KnownHost): Promise<void> {
	const { etc } = host;
	if (etc === undefined) return;
	const loaded = await asking(host, (token) => hosts.rules(host, token));
	if (loaded === undefined) {
		tellTrouble(hosts, host);
		return;
	}
	if (loaded.kind !== "answered") {
		refuse(host, loaded);
		return;
	}
	const here = await server.request("ruleset", { etc });
	if (here === null) {
		inBackground(showInformation(l10n.t("{0} has no pf.conf in this workspace.", host.name)));
		return;
	}
	if (loaded.value.trimEnd() === here.text.trimEnd()) {
		inBackground(showInformation(l10n.t("{0} has loaded exactly the rules that its files make here.", host.name)));
		return;
	}
	const side = (name: string) => Uri.from({ scheme: liveScheme, path: `/${host.name}/${name}/pf.conf`, query: "ruleset" });
	rulesets.put(side("loaded"), loaded.value);
	rulesets.put(side("files"), here.text);
	await commands.executeCommand("vscode.diff", side("loaded"), side("files"), l10n.t("{0}: loaded rules ↔ files", host.name));
}

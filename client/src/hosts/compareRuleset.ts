/** "Compare With Live Ruleset": both as documents, side by side. */
import { commands, l10n, Uri } from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showInformation } from "../notices.ts";
import type { ReadOnlyDocuments } from "../readOnlyDocuments.ts";
import { asking, refuse, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

/** @param sides shows the two of them */
export async function compareRuleset(server: LanguageServer, hosts: LiveHosts, sides: ReadOnlyDocuments, host: KnownHost): Promise<void> {
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
	const side = (name: string) => Uri.from({ scheme: sides.scheme, path: `/${host.name}/${name}/pf.conf`, query: "ruleset" });
	sides.put(side("loaded"), loaded.value);
	sides.put(side("files"), here.text);
	await commands.executeCommand("vscode.diff", side("loaded"), side("files"), l10n.t("{0}: loaded rules ↔ files", host.name));
}

/** The commands of the view of hosts, and those of the palette. */
import { commands, Disposable } from "vscode";
import type { LanguageServer } from "../languageServer.ts";
import { ReadOnlyDocuments } from "../readOnlyDocuments.ts";
import { asking, chosen, tellNoHost } from "./chosen.ts";
import { compareRuleset } from "./compareRuleset.ts";
import { copy, insert } from "./copyInsert.ts";
import type { Node } from "./hostsView.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";
import { liveScheme } from "./liveScheme.ts";
import { openAnchor } from "./openAnchor.ts";
import { openTerminal } from "./openTerminal.ts";
import { resolveTaps } from "./resolveTaps.ts";
import { revealGuest } from "./revealGuest.ts";
import { showCounters } from "./showCounters.ts";
import { updateAnchors } from "./updateAnchors.ts";

type WithHost = { readonly host: KnownHost };

/** Registers the commands of the view, and those of the palette. */
export function registerHostCommands(server: LanguageServer, hosts: LiveHosts): Disposable {
	const rulesets = new ReadOnlyDocuments(liveScheme);
	const on = <T>(name: string, run: (argument: T | undefined) => unknown) => commands.registerCommand(`openbsdVnet.${name}`, run);
	return Disposable.from(
		rulesets,
		on("resolveTaps", (node?: WithHost) => resolveTaps(hosts, node?.host)),
		on("refreshHost", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host);
			if (host !== undefined) await asking(host, (token) => hosts.refresh(host, token));
		}),
		on("refreshHosts", async () => {
			const known = await hosts.list();
			if (known.length === 0) tellNoHost();
			await Promise.all(known.map((host) => hosts.refresh(host)));
		}),
		on("copyTap", (node?: Node) => copy(tapName(node))),
		on("insertTap", (node?: Node) => insert(tapName(node))),
		on("copyTcpdump", (node?: Node) => {
			const tap = tapName(node);
			return copy(tap === undefined ? undefined : `tcpdump -ni ${tap}`);
		}),
		on("revealGuest", (node?: Node) => (node?.kind === "guest" ? revealGuest(node.host, node.guest.name) : undefined)),
		on("openAnchor", (node?: Node) => {
			if (node?.kind === "guest") return openAnchor(node.host, node.guest.name);
			return node?.kind === "anchor" ? openAnchor(node.host, node.path) : undefined;
		}),
		on("openSsh", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host);
			if (host !== undefined) openTerminal(host, host.name);
		}),
		on("compareRuleset", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host, true);
			if (host !== undefined) await compareRuleset(server, hosts, rulesets, host);
		}),
		on("showCounters", (node?: WithHost) => showCounters(hosts, node?.host)),
		on("hideCounters", () => hosts.hideCounters()),
		on("updateAnchors", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host, true);
			if (host !== undefined) await updateAnchors(server, hosts, host);
		}),
	);
}

function tapName(node: Node | undefined): string | undefined {
	return node?.kind === "tap" ? node.tap.name : node?.kind === "member" ? node.member.interface : undefined;
}

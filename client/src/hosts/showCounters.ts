/** "Show Rule Counters": what the loaded rules have counted, behind the rules. */
import { Uri, window } from "vscode";
import { asking, chosen, refuse, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

export async function showCounters(hosts: LiveHosts, given: KnownHost | undefined): Promise<void> {
	const host = await chosen(hosts, given, true);
	if (host === undefined) return;
	if (hosts.known(host).answer === undefined) await asking(host, (token) => hosts.refresh(host, token));
	const asked = await asking(host, (token) => hosts.counters(host, token));
	const refusal = asked?.kind === "answered" ? asked.value.refused : asked;
	if (asked === undefined) tellTrouble(hosts, host);
	else if (refusal !== undefined) refuse(host, refusal);
	else await showMainRules(host);
}

/** Counters stand behind rules: where no file with rules is in sight, pf.conf is shown. */
async function showMainRules({ etc }: KnownHost): Promise<void> {
	const isShown = window.visibleTextEditors.some(
		({ document }) => document.languageId === "openbsd-pf" && document.uri.toString().startsWith(`${etc}/`),
	);
	if (etc !== undefined && !isShown) await window.showTextDocument(Uri.parse(`${etc}/pf.conf`), { preserveFocus: true });
}

/** "Verify Host": a running host held against its files, as a page; and "Watch Packets on Host": tcpdump at a place of their way. */
import { loginLine, sh, type Verification, type Verified } from "@openbsd-vnet/remote";
import { hostBuilder, render, tcpdumpArguments, watchPlaces } from "@openbsd-vnet/server";
import { commands, Disposable, l10n, window } from "vscode";
import { textsOf } from "../deploy/hostFiles.ts";
import { MarkdownPages } from "../markdownPages.ts";
import { showProgress } from "../notices.ts";
import { chosen, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";
import { openTerminal } from "./openTerminal.ts";

type WithHost = { readonly host: KnownHost };

export function registerVerification(hosts: LiveHosts): Disposable {
	const pages = new MarkdownPages("openbsd-vnet-verification");
	return Disposable.from(
		pages,
		commands.registerCommand("openbsdVnet.verifyHost", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host, true);
			if (host !== undefined) await verify(hosts, pages, host);
		}),
		commands.registerCommand("openbsdVnet.watchPackets", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host, true);
			if (host !== undefined) await watch(hosts, host);
		}),
	);
}

async function verify(hosts: LiveHosts, pages: MarkdownPages, host: KnownHost): Promise<void> {
	const files = await textsOf(host);
	const found = await showProgress(l10n.t("Verifying {0} against its files", host.name), (_, token) => hosts.verify(host, files, token));
	if (found === undefined) return tellTrouble(hosts, host);
	await pages.show(host.name, pageOf(host, found));
}

/** What differs comes first; what is right is a list below it. */
function pageOf({ name }: KnownHost, { simulated, results, places }: Verification): string {
	const told = (message: Parameters<typeof render>[0]) => shown(render(message, l10n.bundle));
	const differing = results.filter(({ verdict }) => verdict === "differs");
	const unknown = results.filter(({ verdict }) => verdict === "unknown");
	const right = results.filter(({ verdict }) => verdict === "ok");
	const item = ({ area, subject, expected, found, advice, command }: Verified): readonly string[] => [
		`- **${shown(areas[area]())} · ${shown(subject)}**: ${told(found)}  `,
		`  ${l10n.t("expected: {0}", told(expected))}${advice === undefined ? "" : `  \n  ${told(advice)}`}`,
		...(command === undefined ? [] : ["", "  ```sh", `  ${command.text.replace(/\p{Cc}|\p{Cf}/gu, "?")}`, "  ```"]),
	];
	const summary = l10n.t("{0} as the files say, {1} not, {2} unknown", right.length, differing.length, unknown.length);
	return [
		`# ${l10n.t("{0} compared with its files", shown(name))}`,
		"",
		`${simulated ? `${l10n.t("This is a simulated host.")} ` : ""}${summary}.`,
		"",
		...(differing.length === 0 ? [] : [`## ${l10n.t("Not as the files say")}`, "", ...differing.flatMap(item), ""]),
		...(unknown.length === 0 ? [] : [`## ${l10n.t("Unknown")}`, "", ...unknown.flatMap(item), ""]),
		`## ${l10n.t("As the files say")}`,
		"",
		`| ${l10n.t("what")} | ${l10n.t("of")} | ${l10n.t("found")} |`,
		"|---|---|---|",
		...right.map(({ area, subject, found }) => `| ${shown(areas[area]())} | ${shown(subject)} | ${told(found)} |`),
		"",
		`## ${l10n.t("Where packets can be watched")}`,
		"",
		l10n.t("**Watch Packets on Host...** runs these in a terminal on the host."),
		"",
		...places.map((place) => `- \`tcpdump ${tcpdumpArguments(place).join(" ").replaceAll("`", "'")}\`: ${told(place.shows)}`),
		"",
	].join("\n");
}

const areas: Readonly<Record<Verified["area"], () => string>> = {
	guests: () => l10n.t("guests"),
	members: () => l10n.t("members"),
	addresses: () => l10n.t("addresses"),
	routes: () => l10n.t("routes"),
	settings: () => l10n.t("settings"),
	services: () => l10n.t("services"),
	rules: () => l10n.t("rules"),
	interfaces: () => l10n.t("interfaces"),
	leases: () => l10n.t("leases"),
};

/** A text of the host or its files, which is no Markdown. */
function shown(text: string): string {
	return text.replace(/\p{Cc}|\p{Cf}/gu, "?").replace(/[\\`*_{}[\]()<>#+!|~-]/g, "\\$&");
}

/** Runs tcpdump in a terminal on the host, at a place that is picked. */
async function watch(hosts: LiveHosts, host: KnownHost): Promise<void> {
	const model = hostBuilder()({ name: host.name, files: await textsOf(host) });
	const taps = hosts.known(host).answer?.state.taps.flatMap(({ name, use }) => (use.kind === "guest" ? [{ name, guest: use.name }] : []));
	const items = watchPlaces(model, taps).map((place) => ({
		label: `tcpdump ${tcpdumpArguments(place).join(" ")}`,
		description: render(place.shows, l10n.bundle),
		place,
	}));
	const picked = await window.showQuickPick(items, { placeHolder: l10n.t("Where on {0}?", host.name), matchOnDescription: true });
	if (picked === undefined) return;
	const words = ["tcpdump", ...tcpdumpArguments(picked.place)];
	const command = sh`if [ "$(id -u)" -eq 0 ]; then exec ${words}; else exec doas ${words}; fi`;
	openTerminal(host, host.name, loginLine(command));
}

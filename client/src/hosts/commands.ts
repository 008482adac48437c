/** What can be done with a host: its taps picked, its rules compared, its files found, a terminal opened. */

import type { LiveState, TapState } from "@openbsd-vnet/remote";
import {
	type CancellationToken,
	commands,
	Disposable,
	type DocumentLink,
	type DocumentSymbol,
	EventEmitter,
	env,
	l10n,
	type QuickInputButton,
	type QuickPickItem,
	Range,
	type TextDocumentContentProvider,
	ThemeIcon,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showError, showInformation, showProgress, showWarning } from "../notices.ts";
import { askForPreview } from "../previewedEdit.ts";
import { type Node, stateText } from "./hostsView.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";
import { liveScheme } from "./liveScheme.ts";

type WithHost = { readonly host: KnownHost };

/** Registers the commands of the view, and those of the palette. */
export function registerHostCommands(server: LanguageServer, hosts: LiveHosts): Disposable {
	const rulesets = new Rulesets();
	const on = <T>(name: string, run: (argument: T | undefined) => unknown) => commands.registerCommand(`openbsdVnet.${name}`, run);
	return Disposable.from(
		rulesets,
		workspace.registerTextDocumentContentProvider(liveScheme, rulesets),
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
			// The address is one word and no option (liveHosts.ts); no shell reads it.
			if (host !== undefined) window.createTerminal({ name: host.name, shellPath: "ssh", shellArgs: ["--", host.address] }).show();
		}),
		on("compareRuleset", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host, true);
			if (host !== undefined) await compare(server, hosts, rulesets, host);
		}),
		on("showCounters", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host, true);
			if (host === undefined) return;
			if (hosts.known(host).answer === undefined) await asking(host, (token) => hosts.refresh(host, token));
			const asked = await asking(host, (token) => hosts.counters(host, token));
			const refusal = asked?.kind === "answered" ? asked.value.refused : asked;
			if (asked === undefined) tellTrouble(hosts, host);
			else if (refusal !== undefined) refuse(host, refusal);
			else await showMainRules(host);
		}),
		on("hideCounters", () => hosts.hideCounters()),
		on("updateAnchors", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host, true);
			if (host !== undefined) await updateAnchors(server, hosts, host);
		}),
	);
}

/** The host of the node, or the one that the user picks; the only one without asking. */
export async function chosen(hosts: LiveHosts, given: KnownHost | undefined, withFiles = false): Promise<KnownHost | undefined> {
	if (given !== undefined) return given;
	const all = (await hosts.list()).filter(({ etc }) => !withFiles || etc !== undefined);
	if (all.length === 0) {
		tellNoHost();
		return undefined;
	}
	if (all.length === 1) return all[0];
	const picked = await window.showQuickPick(
		all.map((host) => ({ label: host.name, description: host.address, host })),
		{ placeHolder: l10n.t("Which host?") },
	);
	return picked?.host;
}

function tellNoHost(): void {
	const add = l10n.t("Add Host...");
	inBackground(
		showInformation(l10n.t("There is no host to connect to yet."), add).then((choice) =>
			choice === add ? commands.executeCommand("openbsdVnet.addHost") : undefined,
		),
	);
}

async function asking<T>(host: KnownHost, task: (token: CancellationToken) => Promise<T>): Promise<T> {
	return await showProgress(l10n.t("Asking {0}", host.name), (_, token) => task(token));
}

/** Says why a host did not answer. */
export function tellTrouble(hosts: LiveHosts, host: KnownHost): void {
	const { trouble } = hosts.known(host);
	if (trouble !== undefined) inBackground(showError(l10n.t("{0}: {1}", host.name, trouble)));
}

type Refusal = { readonly kind: "refused"; readonly allow: string } | { readonly kind: "failed"; readonly message: string };

/** Says what to allow in doas.conf. @param who says to whom it is allowed now */
export function refuse(host: KnownHost, refusal: Refusal, who = l10n.t("{0} lets nobody but root read its rules.", host.name)): void {
	if (refusal.kind === "failed") {
		inBackground(showError(l10n.t("{0}: {1}", host.name, refusal.message)));
		return;
	}
	const copyLine = l10n.t("Copy the Line");
	const text = l10n.t("{0} Allow it in /etc/doas.conf: {1}", who, refusal.allow);
	inBackground(showWarning(text, copyLine).then((choice) => (choice === copyLine ? copy(refusal.allow) : undefined)));
}

// ── Taps ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface TapItem extends QuickPickItem {
	readonly tap: string;
}

async function resolveTaps(hosts: LiveHosts, given: KnownHost | undefined): Promise<void> {
	const host = await chosen(hosts, given);
	if (host === undefined) return;
	const state = await asking(host, (token) => hosts.refresh(host, token));
	if (state === undefined) {
		tellTrouble(hosts, host);
		return;
	}
	const copyButton: QuickInputButton = { iconPath: new ThemeIcon("copy"), tooltip: l10n.t("Copy the tap's name") };
	const pick = window.createQuickPick<TapItem>();
	pick.title = state.system?.simulated === true ? l10n.t("Taps of {0} (simulated host)", host.name) : l10n.t("Taps of {0}", host.name);
	const writes = window.activeTextEditor !== undefined;
	pick.placeholder =
		state.taps.length === 0
			? l10n.t("No guest has a tap now")
			: writes
				? l10n.t("Enter inserts the tap's name into the editor")
				: l10n.t("Enter copies the tap's name");
	pick.matchOnDescription = true;
	pick.matchOnDetail = true;
	pick.items = tapItems(state).map((each) => ({ ...each, buttons: [copyButton] }));
	pick.onDidTriggerItemButton(({ item }) => {
		inBackground(copy(item.tap));
		pick.hide();
	});
	pick.onDidAccept(() => {
		const [selected] = pick.selectedItems;
		pick.hide();
		if (selected !== undefined) inBackground(writes ? insert(selected.tap) : copy(selected.tap));
	});
	pick.onDidHide(() => pick.dispose());
	pick.show();
}

/** Guests first, in the order of their names. */
export function tapItems({ taps }: LiveState): readonly TapItem[] {
	const name = ({ use }: TapState): string => (use.kind === "guest" ? `0${use.name}` : "1");
	return [...taps]
		.sort((a, b) => name(a).localeCompare(name(b)))
		.map((tap) => {
			const { use, bridge, switch: on, guestAddress } = tap;
			const place = bridge === undefined ? [] : [on === undefined ? bridge : l10n.t("{0} (switch {1})", bridge, on)];
			return {
				tap: tap.name,
				// Codicons are written as $(name) in labels: a guest's name may look like one.
				label: use.kind === "guest" ? use.name.replaceAll("$(", "$\u200b(") : tap.name,
				description: use.kind === "guest" ? `${tap.name} · ${stateText(use.state)}` : l10n.t("unused"),
				detail: [...place, ...(guestAddress === undefined ? [] : [guestAddress])].join(" · ").replaceAll("$(", "$\u200b("),
			};
		});
}

function tapName(node: Node | undefined): string | undefined {
	return node?.kind === "tap" ? node.tap.name : node?.kind === "member" ? node.member.interface : undefined;
}

async function copy(text: string | undefined): Promise<void> {
	if (text === undefined) return;
	await env.clipboard.writeText(text);
	window.setStatusBarMessage(l10n.t("Copied: {0}", text), 3000);
}

async function insert(text: string | undefined): Promise<void> {
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

// ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────

async function revealGuest({ etc }: KnownHost, name: string): Promise<void> {
	if (etc === undefined) return;
	const uri = Uri.parse(`${etc}/vm.conf`);
	const symbols = await commands.executeCommand<DocumentSymbol[] | undefined>("vscode.executeDocumentSymbolProvider", uri);
	const all = (symbols ?? []).flatMap((symbol) => [symbol, ...symbol.children]);
	const found =
		all.find((symbol) => symbol.name === name || symbol.name.includes(`"${name}"`)) ?? all.find((symbol) => symbol.name.includes(name));
	await window.showTextDocument(uri, found === undefined ? {} : { selection: found.selectionRange });
}

/** Counters stand behind rules: where no file with rules is in sight, pf.conf is shown. */
async function showMainRules({ etc }: KnownHost): Promise<void> {
	const isShown = window.visibleTextEditors.some(
		({ document }) => document.languageId === "openbsd-pf" && document.uri.toString().startsWith(`${etc}/`),
	);
	if (etc !== undefined && !isShown) await window.showTextDocument(Uri.parse(`${etc}/pf.conf`), { preserveFocus: true });
}

/** The file that pf.conf loads into an anchor, told by the anchor's path or its last part. */
async function openAnchor({ etc, name: host }: KnownHost, name: string): Promise<void> {
	if (etc === undefined) return;
	const document = await workspace.openTextDocument(Uri.parse(`${etc}/pf.conf`));
	const links = await commands.executeCommand<DocumentLink[]>("vscode.executeLinkProvider", document.uri);
	const link = links.find(({ range }) => {
		const loaded = /\bload\s+anchor\s+"?([^\s"]+)"?/.exec(document.lineAt(range.start.line).text)?.[1];
		return loaded === name || loaded?.split("/").at(-1) === name;
	});
	if (link?.target !== undefined) await window.showTextDocument(link.target);
	else inBackground(showInformation(l10n.t("pf.conf of {0} loads no file into the anchor {1}.", host, name)));
}

/** One edit of all files, shown before it is made. */
async function updateAnchors(server: LanguageServer, hosts: LiveHosts, host: KnownHost): Promise<void> {
	const { etc } = host;
	if (etc === undefined) return;
	const state = await asking(host, (token) => hosts.refresh(host, token));
	if (state === undefined) {
		tellTrouble(hosts, host);
		return;
	}
	const files = await server.request("liveEdits", { etc });
	if (files.length === 0) {
		inBackground(showInformation(l10n.t("The anchor files of {0} name the taps that its guests have now.", host.name)));
		return;
	}
	const edit = new WorkspaceEdit();
	for (const { uri, edits } of files) {
		const target = Uri.parse(uri);
		for (const { range, newText } of edits) {
			const { start, end } = range;
			edit.replace(target, new Range(start.line, start.character, end.line, end.character), newText, {
				label: l10n.t("Live taps of {0}", host.name),
				needsConfirmation: false,
			});
		}
	}
	const [first] = files;
	if (first !== undefined) askForPreview(edit, Uri.parse(first.uri));
	await workspace.applyEdit(edit, { isRefactoring: true });
}

// ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The two sides of a comparison, as documents. */
class Rulesets implements TextDocumentContentProvider, Disposable {
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

async function compare(server: LanguageServer, hosts: LiveHosts, rulesets: Rulesets, host: KnownHost): Promise<void> {
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

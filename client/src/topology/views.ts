/** "Show Network Topology": the picture of a host in a panel and in the sidebar, which follows the edits. */

import {
	commands,
	Disposable,
	type Event,
	type ExtensionContext,
	l10n,
	languages,
	type TextDocument,
	Uri,
	ViewColumn,
	type Webview,
	type WebviewView,
	window,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";
import { isOurs } from "../languages.ts";
import type { Traced } from "../packetTrace.ts";
import { showPlace } from "../showPlace.ts";
import { hostOfEditor, noHost, whichHost } from "../whichHost.ts";
import type { FromPage, ToPage } from "./messages.ts";
import { pageHtml } from "./page.ts";
import type { PictureRates } from "./rates.ts";

const panelType = "openbsdVnet.topologyPanel";
const viewId = "openbsdVnet.topology";

/** Typing is followed after a pause of this many milliseconds. */
const pause = 150;

/** @param onTrace packets that were traced, whose ways the pictures show */
export function registerTopology(
	context: ExtensionContext,
	server: LanguageServer,
	onTrace: Event<Traced>,
	rates: PictureRates,
): Disposable {
	const pages = new Set<Page>();
	rates.look = (etc) => {
		const all = [...pages].filter((page) => page.etc === etc);
		return all.length === 0 ? "closed" : all.some((page) => page.isSeen()) ? "seen" : "hidden";
	};
	const roots = [Uri.joinPath(context.extensionUri, "dist")];
	const open = (
		{ webview, visible }: { readonly webview: Webview; readonly visible: () => boolean },
		place: "panel" | "sidebar",
		etc?: string,
		name?: (host: string) => void,
	): Page => {
		webview.options = { enableScripts: true, localResourceRoots: roots };
		const page = new Page(webview, server, rates, visible, etc, name);
		webview.html = pageHtml(webview, context.extensionUri, place);
		pages.add(page);
		return page;
	};
	const follow = (): void => {
		for (const page of pages) page.follow();
	};
	const followOurs = (document: TextDocument): void => {
		if (isOurs(document)) follow();
	};
	return Disposable.from(
		commands.registerCommand("openbsdVnet.showTopology", async (given?: string) => {
			const etc = given ?? (await whichHost(server));
			if (etc === undefined) return;
			const panel = window.createWebviewPanel(panelType, l10n.t("Network Topology"), ViewColumn.Beside, { retainContextWhenHidden: true });
			const page = open({ webview: panel.webview, visible: () => panel.visible }, "panel", etc, (host) => {
				// It may have been closed while the answer was on its way.
				if (pages.has(page)) panel.title = l10n.t("Topology of {0}", host);
			});
			panel.onDidDispose(() => pages.delete(page));
		}),
		window.registerWebviewViewProvider(
			viewId,
			{
				resolveWebviewView(view: WebviewView) {
					const page = open({ webview: view.webview, visible: () => view.visible }, "sidebar");
					view.onDidDispose(() => pages.delete(page));
				},
			},
			{ webviewOptions: { retainContextWhenHidden: true } },
		),
		onTrace((traced) => {
			for (const page of pages) inBackground(page.showWay(traced));
		}),
		rates.onDidChange((etc) => {
			for (const page of pages) if (page.etc === etc) inBackground(page.tellRates());
		}),
		workspace.onDidChangeTextDocument(({ document }) => followOurs(document)),
		// Files outside of the editor, and those whose meaning another file has changed.
		languages.onDidChangeDiagnostics(follow),
		window.onDidChangeActiveTextEditor((editor) => {
			if (editor !== undefined) followOurs(editor.document);
		}),
		server.onDidChange(() => {
			if (server.state === "running") follow();
		}),
		{ dispose: () => pages.clear() },
	);
}

/** One page, for the host of the active editor: in a panel as in the sidebar. */
class Page {
	readonly #webview: Webview;
	readonly #server: LanguageServer;
	readonly #name: (host: string) => void;
	readonly #rates: PictureRates;
	/** Whether somebody sees it. */
	readonly isSeen: () => boolean;
	#etc: string | undefined;
	#last = "";
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** @param etc the host that is shown first @param name is told which host is shown */
	constructor(
		webview: Webview,
		server: LanguageServer,
		rates: PictureRates,
		isSeen: () => boolean,
		etc: string | undefined,
		name: (host: string) => void = () => undefined,
	) {
		this.#webview = webview;
		this.#rates = rates;
		this.isSeen = isSeen;
		this.#server = server;
		this.#name = name;
		this.#etc = etc;
		webview.onDidReceiveMessage((message: FromPage) => this.#receive(message));
	}

	/** The host that is shown. */
	get etc(): string | undefined {
		return this.#etc;
	}

	/** What is known of the running host that is shown. */
	async tellRates(): Promise<void> {
		const etc = this.#etc;
		const available = etc !== undefined && (await this.#rates.canFollow(etc));
		// Another host may be shown meanwhile.
		if (etc !== this.#etc) return;
		const rates = etc === undefined ? undefined : this.#rates.of(etc);
		this.#post({ type: "rates", available, ...(rates === undefined ? {} : { rates }) });
	}

	/** Redraws after a pause, where something has changed. */
	follow(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => inBackground(this.#send()), pause);
	}

	/** Draws the way of a packet on this host: the one that passes, or that comes furthest. */
	async showWay({ asked: { uri, from, to }, found }: Traced): Promise<void> {
		const [way] = found.ways;
		if (this.#etc === undefined || !uri.startsWith(`${this.#etc}/`) || way === undefined) return;
		const idOf = (end: string): string => (end === "outside" || end === "host" ? end : `guest:${end}`);
		const answer = await this.#server.request("topologyPaths", { etc: this.#etc, from: idOf(from), to: idOf(to) });
		const paths = answer?.paths ?? [];
		// Taps that have no name before they are used are named otherwise in a trace.
		const same = paths.find(({ steps }) => steps.map(({ direction, label }) => `${direction} ${label}`).join(" → ") === way.detail);
		const path = same ?? (paths.length === 1 ? paths[0] : undefined);
		if (path !== undefined) this.#post({ type: "way", path });
	}

	async #receive(message: FromPage): Promise<void> {
		switch (message.type) {
			case "ready":
				this.#last = "";
				await this.#send();
				break;
			case "start":
				await commands.executeCommand(starts[message.how].command, ...starts[message.how].arguments);
				break;
			case "reveal":
				await showPlace(message.place, ViewColumn.One);
				break;
			case "paths": {
				if (this.#etc === undefined) break;
				const { from, to } = message;
				const answer = await this.#server.request("topologyPaths", { etc: this.#etc, from, to });
				this.#post({ type: "paths", from, to, answer });
				break;
			}
			case "trace":
				await commands.executeCommand("openbsdVnet.tracePacket", { uri: `${this.#etc}/pf.conf`, from: message.from, to: message.to });
				break;
			case "rates":
				await commands.executeCommand(message.follow ? "openbsdVnet.showRates" : "openbsdVnet.hideRates", this.#etc);
				break;
			case "save":
				await save(message.format, message.data);
				break;
		}
	}

	async #send(): Promise<void> {
		this.#etc = await this.#host();
		const message: ToPage =
			this.#etc === undefined
				? { type: "empty", message: noHost() }
				: { type: "picture", picture: await this.#server.request("topology", { etc: this.#etc }) };
		const text = JSON.stringify(message);
		if (text === this.#last) return;
		this.#last = text;
		if (message.type === "picture") this.#name(message.picture.name);
		this.#post(message);
		await this.tellRates();
	}

	/** That of the active editor; otherwise the one that is shown, or the first one. */
	async #host(): Promise<string | undefined> {
		const hosts = await this.#server.request("hosts", {});
		return hostOfEditor(hosts)?.etc ?? this.#etc ?? hosts[0]?.etc;
	}

	#post(message: ToPage): void {
		inBackground(this.#webview.postMessage(message));
	}
}

const starts = {
	folder: { command: "workbench.action.files.openFolder", arguments: [] },
	pattern: { command: "openbsdVnet.insertPattern", arguments: [] },
	walkthrough: { command: "workbench.action.openWalkthrough", arguments: ["openbsd-vnet.openbsd-vnet#start"] },
} as const;

async function save(format: "svg" | "png", data: string): Promise<void> {
	const folder = workspace.workspaceFolders?.[0]?.uri;
	const name = `topology.${format}`;
	const target = await window.showSaveDialog({
		filters: { [format.toUpperCase()]: [format] },
		...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
	});
	if (target === undefined) return;
	await workspace.fs.writeFile(target, format === "svg" ? new TextEncoder().encode(data) : bytesOf(data));
}

function bytesOf(base64: string): Uint8Array {
	return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

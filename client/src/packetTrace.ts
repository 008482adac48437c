/** "Trace Packet...": what pf does to a packet at each place of its way, as a tree beside the rules, kept up to date as one types. */

import type {
	FileLocation,
	TracedRule,
	TracedStep,
	TracedWay,
	TraceEnd,
	TraceFix,
	TraceParams,
	TraceView,
} from "@openbsd-vnet/server/protocol";
import {
	CodeAction,
	CodeActionKind,
	type CodeActionProvider,
	commands,
	type Diagnostic,
	type Disposable,
	Disposable as Disposables,
	type Event,
	EventEmitter,
	l10n,
	languages,
	OverviewRulerLane,
	Position,
	type Range,
	type TextEditor,
	ThemeColor,
	ThemeIcon,
	type TreeDataProvider,
	TreeItem,
	TreeItemCollapsibleState,
	Uri,
	ViewColumn,
	window,
	workspace,
} from "vscode";
import { inBackground } from "./background.ts";
import { setContext } from "./context.ts";
import type { LanguageServer } from "./languageServer.ts";
import { isOurs } from "./languages.ts";
import { showError } from "./notices.ts";
import { editOfFiles } from "./previewedEdit.ts";
import { rangeOf } from "./ranges.ts";
import { showPlace } from "./showPlace.ts";
import { fileOfHost } from "./whichHost.ts";

const view = "openbsdVnet.trace";
/** Typing is followed after a pause of this many milliseconds. */
const pause = 250;

/** What a keybinding, a menu or a test gives beforehand; what is missing is asked. */
export type TraceArguments = Partial<TraceParams>;

/** A packet that was asked about, and what becomes of it. */
export interface Traced {
	readonly asked: TraceParams;
	readonly found: TraceView;
}

export function registerPacketTrace(server: LanguageServer): Disposable & { readonly onTrace: Event<Traced> } {
	const trace = new PacketTrace(server);
	const tree = window.createTreeView<Node>(view, { treeDataProvider: trace, showCollapseAll: true });
	trace.onAnswer(() => inBackground(commands.executeCommand(`${view}.focus`, { preserveFocus: true })));
	const parts = Disposables.from(
		trace,
		tree,
		trace.onDidChangeTreeData(() => {
			tree.message = trace.summary;
		}),
		commands.registerCommand("openbsdVnet.tracePacket", (given?: Uri | TraceArguments) => trace.ask(given)),
		commands.registerCommand("openbsdVnet.traceRule", (at?: unknown) => trace.ask(undefined, at instanceof Position ? at : "cursor")),
		languages.registerCodeActionsProvider({ language: "openbsd-pftest" }, traceOfTest, {
			providedCodeActionKinds: [CodeActionKind.QuickFix],
		}),
		commands.registerCommand("openbsdVnet.showPlace", (place: FileLocation) => showPlace(place, ViewColumn.Active)),
		commands.registerCommand("openbsdVnet.clearTrace", () => trace.clear()),
		commands.registerCommand("openbsdVnet.applyTraceFix", (fix: TraceFix) => applyFix(fix)),
	);
	return { onTrace: trace.onAnswer, dispose: () => parts.dispose() };
}

/** Where a policy test does not pass: what pf does to the connection, rule by rule. */
const traceOfTest: CodeActionProvider = {
	provideCodeActions(_, { start }, { diagnostics }) {
		const failing = diagnostics.filter(({ code }) => /^pftest\/(?:fails|depends)$/.test(codeOf(code)));
		if (failing.length === 0) return [];
		const title = l10n.t("Trace the connection of this test");
		const action = new CodeAction(title, CodeActionKind.QuickFix);
		action.diagnostics = failing;
		action.command = { command: "openbsdVnet.traceRule", title, arguments: [start] };
		return [action];
	},
};

function codeOf(code: Diagnostic["code"]): string {
	return String(typeof code === "object" ? code.value : code);
}

/** Makes the changes of a fix, and shows the first of them. */
async function applyFix({ title, files }: TraceFix): Promise<void> {
	if (!(await workspace.applyEdit(editOfFiles(files, title)))) return;
	const [first] = files;
	const [edit] = first?.edits ?? [];
	if (first !== undefined && edit !== undefined)
		await showPlace({ uri: first.uri, range: { start: edit.range.start, end: edit.range.start } }, ViewColumn.Active);
}

type Node =
	| { readonly kind: "fix"; readonly fix: TraceFix }
	| { readonly kind: "way"; readonly way: TracedWay }
	| { readonly kind: "step"; readonly step: TracedStep }
	| { readonly kind: "rule"; readonly rule: TracedRule };

class PacketTrace implements TreeDataProvider<Node>, Disposable {
	readonly #server: LanguageServer;
	readonly #changed = new EventEmitter<void>();
	readonly #answered = new EventEmitter<Traced>();
	readonly #passing = decoration("testing.iconPassed");
	readonly #blocking = decoration("testing.iconFailed");
	readonly #listeners: Disposable;
	#asked: TraceParams | undefined;
	#found: TraceView | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(server: LanguageServer) {
		this.#server = server;
		this.#listeners = Disposables.from(
			workspace.onDidChangeTextDocument(({ document }) => {
				if (this.#asked === undefined || !isOurs(document)) return;
				clearTimeout(this.#timer);
				this.#timer = setTimeout(() => inBackground(this.#update()), pause);
			}),
			window.onDidChangeVisibleTextEditors((editors) => {
				for (const editor of editors) this.#decorate(editor);
			}),
		);
	}

	readonly onDidChangeTreeData = this.#changed.event;
	/** Fires with the answer to what was asked last, not with those that follow from typing. */
	readonly onAnswer = this.#answered.event;

	dispose(): void {
		clearTimeout(this.#timer);
		for (const one of [this.#listeners, this.#changed, this.#answered, this.#passing, this.#blocking]) one.dispose();
	}

	/** Asks for what is not given, and shows the answer. */
	async ask(given: Uri | TraceArguments | undefined, of?: Position | "cursor"): Promise<TraceView | undefined> {
		const editor = window.activeTextEditor;
		const asked: TraceArguments = given instanceof Uri ? { uri: given.toString() } : (given ?? {});
		const uri = asked.uri ?? (await fileOfHost(this.#server, undefined));
		if (uri === undefined) return undefined;
		const position = of === undefined || editor === undefined ? {} : { position: of === "cursor" ? editor.selection.active : of };
		const choices = await this.#server.request("traceEnds", { uri, ...position });
		if (choices === null) {
			inBackground(showError(l10n.t("Open a file of the host first: a packet is traced through the host that it belongs to.")));
			return undefined;
		}
		const { ends, suggested } = choices;
		// A policy test says what it is about.
		const known = of !== undefined && editor?.document.languageId === "openbsd-pftest" ? { ...suggested, ...asked } : asked;
		const from = known.from ?? (await pickEnd(l10n.t("Where does the packet come from?"), 1, ends, suggested.from));
		const to =
			from === undefined
				? undefined
				: (known.to ??
					(await pickEnd(
						l10n.t("Where to?"),
						2,
						ends.filter(({ name }) => name !== from),
						suggested.to,
					)));
		if (from === undefined || to === undefined) return undefined;
		const service =
			known.protocol === undefined
				? await pickService(suggested)
				: { protocol: known.protocol, ...(known.port === undefined ? {} : { port: known.port }) };
		if (service === undefined) return undefined;
		this.#asked = { uri, from, to, ...service };
		const found = await this.#update();
		if (found === undefined) inBackground(showError(l10n.t("{0} and {1} are not both guests or addresses.", from, to)));
		else this.#answered.fire({ asked: this.#asked, found });
		return found;
	}

	/** The answer in a line, empty where there is none. */
	get summary(): string {
		if (this.#found === undefined) return "";
		const { text, fixes, advice, notes } = this.#found;
		return [text, ...(fixes.length === 0 && advice !== "" ? [advice] : []), ...notes].join(" · ");
	}

	clear(): void {
		this.#asked = undefined;
		this.#show(undefined);
	}

	async #update(): Promise<TraceView | undefined> {
		if (this.#asked === undefined) return undefined;
		const found = (await this.#server.request("trace", this.#asked)) ?? undefined;
		this.#show(found);
		return found;
	}

	#show(found: TraceView | undefined): void {
		this.#found = found;
		setContext("hasTrace", found !== undefined);
		this.#changed.fire();
		for (const editor of window.visibleTextEditors) this.#decorate(editor);
	}

	/** The rules that decide stand out in the files. */
	#decorate(editor: TextEditor): void {
		const uri = editor.document.uri.toString();
		const deciding = (this.#found?.ways ?? [])
			.flatMap(({ steps }) => steps.flatMap(({ rules }) => rules))
			.filter(({ role }) => role === "decides");
		const ranges = (action: TracedRule["action"]): Range[] =>
			deciding.flatMap(({ location, action: own }) =>
				location === null || own !== action || location.uri !== uri ? [] : [rangeOf(location.range)],
			);
		editor.setDecorations(this.#passing, ranges("pass"));
		editor.setDecorations(this.#blocking, ranges("block"));
	}

	getChildren(node?: Node): Node[] {
		if (node === undefined) {
			const { fixes = [], ways = [] } = this.#found ?? {};
			return [...fixes.map((fix): Node => ({ kind: "fix", fix })), ...ways.map((way): Node => ({ kind: "way", way }))];
		}
		if (node.kind === "way") return node.way.steps.map((step) => ({ kind: "step", step }));
		return node.kind === "step" ? node.step.rules.map((rule) => ({ kind: "rule", rule })) : [];
	}

	getTreeItem(node: Node): TreeItem {
		switch (node.kind) {
			case "fix": {
				const { title } = node.fix;
				const item = new TreeItem(title);
				item.tooltip = title;
				item.iconPath = new ThemeIcon("lightbulb", new ThemeColor("editorLightBulb.foreground"));
				item.command = { command: "openbsdVnet.applyTraceFix", title, arguments: [node.fix] };
				return item;
			}
			case "way": {
				const { label, detail, result } = node.way;
				const only = this.#found?.ways.length === 1 || result === "passes" || this.#found?.answer !== "yes";
				const item = new TreeItem(label, only ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed);
				item.description = detail;
				item.iconPath = result === "passes" ? passIcon : blockIcon;
				return item;
			}
			case "step": {
				const { label, detail, verdict, rules } = node.step;
				const state =
					rules.length === 0
						? TreeItemCollapsibleState.None
						: verdict === "block"
							? TreeItemCollapsibleState.Expanded
							: TreeItemCollapsibleState.Collapsed;
				const item = new TreeItem(label, state);
				item.description = detail;
				item.tooltip = `${label}: ${detail}`;
				item.iconPath = verdict === "block" ? blockIcon : verdict === "pass" ? passIcon : new ThemeIcon("circle-outline");
				return item;
			}
			case "rule": {
				const { text, detail, role, location } = node.rule;
				const item = new TreeItem(text);
				item.description = detail;
				item.tooltip = detail === "" ? text : `${text}\n${detail}`;
				item.iconPath = new ThemeIcon(role === "decides" ? "arrow-right" : role === "matches" ? "circle-small" : "circle-slash");
				if (location !== null) {
					item.command = { command: "openbsdVnet.showPlace", title: l10n.t("Open"), arguments: [location] };
				}
				return item;
			}
		}
	}
}

const passIcon = new ThemeIcon("pass", new ThemeColor("testing.iconPassed"));
const blockIcon = new ThemeIcon("error", new ThemeColor("testing.iconFailed"));

function decoration(color: string) {
	return window.createTextEditorDecorationType({
		isWholeLine: true,
		borderStyle: "solid",
		borderWidth: "0 0 0 3px",
		borderColor: new ThemeColor(color),
		overviewRulerColor: new ThemeColor(color),
		overviewRulerLane: OverviewRulerLane.Full,
	});
}

/** From where, where to, and which packet. */
const STEPS = 3;

/** An end of the host, or an address that is typed. */
async function pickEnd(title: string, step: number, ends: readonly TraceEnd[], first: string | undefined): Promise<string | undefined> {
	const suggested = first === undefined ? [] : [ends.find(({ name }) => name === first) ?? { name: first, detail: "" }];
	const listed = [...suggested, ...ends.filter(({ name }) => name !== first)];
	const input = window.createQuickPick();
	input.title = title;
	input.step = step;
	input.totalSteps = STEPS;
	input.placeholder = l10n.t("A guest, host, outside, or an address");
	input.matchOnDescription = true;
	const items = listed.map(({ name, detail }) => ({ label: name, description: detail }));
	input.items = items;
	input.onDidChangeValue((value) => {
		const typed = value.trim();
		const isListed = typed === "" || listed.some(({ name }) => name === typed);
		input.items = isListed ? items : [...items, { label: typed, description: "", alwaysShow: true }];
	});
	try {
		return await new Promise((resolve) => {
			input.onDidAccept(() => resolve(input.activeItems[0]?.label));
			input.onDidHide(() => resolve(undefined));
			input.show();
		});
	} finally {
		input.dispose();
	}
}

/** `tcp 443`, `udp 53`, `icmp`. */
async function pickService({ protocol = "tcp", port }: TraceArguments): Promise<{ protocol: string; port?: number } | undefined> {
	const value = protocol === "icmp" ? protocol : `${protocol} ${port ?? 443}`;
	const input = window.createInputBox();
	input.title = l10n.t("By which protocol, and to which port?");
	input.step = STEPS;
	input.totalSteps = STEPS;
	input.prompt = l10n.t("Such as tcp 443, udp 53 or icmp");
	input.value = value;
	const check = (): boolean => {
		const isRead = readService(input.value) !== undefined;
		input.validationMessage = isRead ? undefined : l10n.t("Write a protocol, and for tcp and udp a port.");
		return isRead;
	};
	input.onDidChangeValue(check);
	try {
		return await new Promise((resolve) => {
			input.onDidAccept(() => {
				if (check()) resolve(readService(input.value));
			});
			input.onDidHide(() => resolve(undefined));
			input.show();
		});
	} finally {
		input.dispose();
	}
}

function readService(text: string): { protocol: string; port?: number } | undefined {
	const [protocol = "", port, ...more] = text.trim().split(/\s+/);
	if (more.length > 0 || protocol === "") return undefined;
	if (port === undefined) return protocol === "tcp" || protocol === "udp" ? undefined : { protocol };
	const number = Number(port);
	return Number.isInteger(number) && number > 0 && number < 65536 ? { protocol, port: number } : undefined;
}

/**
 * "Watch the Packet Log...": what pf logs on a host, as it comes, in the Output view, which filters, clears and stays where one has
 * scrolled to. A packet of it becomes a trace, a policy test, or a rule that lets it through.
 */
import { followLog, type LogBegin, type LogQuestion, type LogRow, loggedEndText } from "@openbsd-vnet/remote";
import { formatIp, PF_CONF, parseIp } from "@openbsd-vnet/server";
import type { TraceParams } from "@openbsd-vnet/server/protocol";
import {
	commands,
	type Disposable,
	Disposable as Disposables,
	DocumentLink,
	l10n,
	languages,
	type OutputChannel,
	Range,
	RelativePattern,
	StatusBarAlignment,
	type StatusBarItem,
	type TextDocument,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import { setContext } from "../context.ts";
import { textsOf, uriOf } from "../deploy/hostFiles.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showError, showInformation } from "../notices.ts";
import { askForPreview, editOfFiles } from "../previewedEdit.ts";
import { withoutIcons } from "../withoutIcons.ts";
import { chosen, refuse } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";
import { ruleAtCursor } from "./ruleAtCursor.ts";

/** The language of the Output view's text, by which its places are links. */
const language = "openbsd-packet-log";
/** So many packets can still be taken up; the Output view is emptied after so many lines. */
const MOST_KEPT = 1000;
const MOST_LINES = 20_000;

type WithHost = { readonly host: KnownHost; readonly guest?: { readonly name: string } };
type Filter = Pick<LogQuestion, "guest" | "address" | "interface" | "action" | "rule">;

export function registerPacketLog(server: LanguageServer, hosts: LiveHosts): Disposable {
	const log = new PacketLog(server, hosts);
	return Disposables.from(
		log,
		commands.registerCommand("openbsdVnet.watchLog", (node?: WithHost) => log.watch(node)),
		commands.registerCommand("openbsdVnet.watchLogOfRule", () => log.watchRule()),
		commands.registerCommand("openbsdVnet.endLog", () => log.end()),
		commands.registerCommand("openbsdVnet.takeLoggedPacket", (given?: Taken) => log.takePacket(given)),
		languages.registerDocumentLinkProvider({ language }, { provideDocumentLinks: (document) => log.links(document) }),
	);
}

class PacketLog implements Disposable {
	readonly #server: LanguageServer;
	readonly #hosts: LiveHosts;
	#channel: OutputChannel | undefined;
	#status: StatusBarItem | undefined;
	#running: AbortController | undefined;
	/** The host of the packets that are shown, and the last of them, the newest first. */
	#host: KnownHost | undefined;
	#rows: readonly LogRow[] = [];
	#lines = 0;
	/** The files that rules of these packets are in. */
	readonly #paths = new Set<string>();
	/** The host's addresses that its files do not tell. */
	#given: ReadonlySet<string> = new Set();

	constructor(server: LanguageServer, hosts: LiveHosts) {
		this.#server = server;
		this.#hosts = hosts;
	}

	/** Follows the log of a host, in the place of one that is followed already. */
	async watch(node: WithHost | undefined): Promise<void> {
		const host = await chosen(this.#hosts, node?.host);
		if (host === undefined) return;
		const filter = node?.guest === undefined ? await askFilter(this.#hosts, host) : { guest: node.guest.name };
		if (filter !== undefined) this.#begin(host, filter);
	}

	/** The same, of the rule at the cursor alone. */
	async watchRule(): Promise<void> {
		const known = await this.#hosts.list();
		const host = known.find((each) => ruleAtCursor(each) !== undefined);
		const rule = host && ruleAtCursor(host);
		if (host === undefined || rule === undefined)
			inBackground(showError(l10n.t("Put the cursor into a rule first, in a file of a host that is reached over SSH.")));
		else this.#begin(host, { rule });
	}

	#begin(host: KnownHost, filter: Filter): void {
		this.end();
		const running = new AbortController();
		this.#running = running;
		this.#host = host;
		this.#rows = [];
		this.#lines = 0;
		this.#paths.clear();
		const channel = this.#channel ?? window.createOutputChannel(l10n.t("OpenBSD Packet Log"), language);
		this.#channel = channel;
		channel.clear();
		channel.show(true);
		const status = this.#status ?? window.createStatusBarItem("openbsdVnet.log", StatusBarAlignment.Left);
		this.#status = status;
		status.name = l10n.t("OpenBSD Packet Log");
		status.command = "openbsdVnet.takeLoggedPacket";
		status.text = `$(pulse) ${withoutIcons(host.name)}: 0`;
		status.tooltip = l10n.t("What pf logs on {0}: take up one of its packets, or end it.", host.name);
		status.show();
		setContext("isFollowingLog", true);
		inBackground(this.#follow(host, filter, channel, status, running));
	}

	/** Stops following; what is shown stays. */
	end(): void {
		if (this.#running === undefined) return;
		this.#running.abort();
		this.#running = undefined;
		this.#channel?.appendLine(`# ${l10n.t("The packet log has ended.")}`);
		this.#status?.hide();
		setContext("isFollowingLog", false);
	}

	/** Asks for one of the last packets, and what to do with it, as far as that is not given. */
	async takePacket(given: Taken = {}): Promise<void> {
		const host = this.#host;
		const row = given.packet === undefined ? undefined : this.#rows[given.packet];
		if (host !== undefined && row !== undefined) return await this.#takeUp(host, row, given.action);
		const end = this.#running === undefined ? [] : [{ label: `$(debug-stop) ${l10n.t("End the Packet Log")}`, row: undefined }];
		const items = [
			...end,
			...this.#rows.map((row) => ({ label: withoutIcons(wordsOf(row)), description: withoutIcons(byText(row)), row })),
		];
		if (host === undefined || items.length === 0) return;
		const picked = await window.showQuickPick<{ readonly label: string; readonly row: LogRow | undefined }>(items, {
			placeHolder: l10n.t("Which packet?"),
			matchOnDescription: true,
		});
		if (picked === undefined) return;
		if (picked.row === undefined) this.end();
		else await this.#takeUp(host, picked.row);
	}

	/**
	 * The places in the last lines that are shown, as far up as packets can be taken up: VS Code asks again after each change. A host could
	 * write paths of its own into its packets, so only those are links that packets of it had.
	 */
	links(document: TextDocument): DocumentLink[] {
		const etc = this.#host?.etc;
		if (etc === undefined) return [];
		const links: DocumentLink[] = [];
		for (let row = Math.max(0, document.lineCount - MOST_KEPT); row < document.lineCount; row++) {
			const { text } = document.lineAt(row);
			for (const { 0: all, 1: path = "", 2: line = "", index } of text.matchAll(/(?<= )(\/etc\/[\w./@+-]+):(\d+)(?= |$)/g))
				if (this.#paths.has(path))
					links.push(new DocumentLink(new Range(row, index, row, index + all.length), uriOf(etc, path).with({ fragment: `L${line}` })));
		}
		return links;
	}

	async #takeUp(host: KnownHost, row: LogRow, given?: Action): Promise<void> {
		await takeUp(this.#server, host, row, connectionOf(row, this.#given), given);
	}

	dispose(): void {
		this.end();
		this.#channel?.dispose();
		this.#status?.dispose();
	}

	async #follow(host: KnownHost, filter: Filter, channel: OutputChannel, status: StatusBarItem, running: AbortController): Promise<void> {
		const note = (text: string): void => channel.appendLine(`# ${text}`);
		const { rule } = filter;
		try {
			const files = host.etc === undefined ? undefined : await textsOf(host);
			const question: LogQuestion = { name: host.name, ...filter, ...(files && { files }) };
			const user = await this.#hosts.user(host);
			const answer = await this.#hosts.follow(host, (run) =>
				followLog(
					run,
					user,
					question,
					{
						begin: ({ live, refused, silent, asked, dropsAllow }) => {
							this.#given = givenAddresses(live, files);
							const trouble = rule && troubleOf(asked, rule, host);
							if (trouble !== undefined) {
								note(trouble);
								inBackground(showInformation(trouble));
								running.abort();
								return;
							}
							const simulated = live.system?.simulated === true ? ` (${l10n.t("simulated host")})` : "";
							note(l10n.t("{0}: what pf logs from now on", `${host.name}${simulated}`));
							if (refused?.kind === "refused") note(l10n.t("Which rules log is not known. Allow it in /etc/doas.conf: {0}", refused.allow));
							if (refused?.kind === "failed") note(l10n.t("Which rules log is not known: {0}", refused.message));
							if (dropsAllow !== undefined)
								note(l10n.t("What is dropped beside the rules is not known. Allow it in /etc/doas.conf: {0}", dropsAllow));
							if (silent.length > 0)
								note(l10n.t("Not in the log: what rules block without `log`, of which {0} are loaded.", silent.length));
						},
						drops: (counts) => {
							const reasons = [...counts].map(([reason, count]) => `${reason} ${count}`);
							if (running === this.#running) note(l10n.t("Dropped beside the rules, in the log or not: {0}", reasons.join(", ")));
						},
						rows: (rows, { wanted }, { leftOut, skipped, unread }) => {
							if (running !== this.#running) return;
							this.#lines += rows.length;
							// What is appended for ever would fill the disk.
							if (this.#lines > MOST_LINES) channel.clear();
							if (this.#lines > MOST_LINES) this.#lines = rows.length;
							channel.append(rows.map((row) => `${row.packet.time} ${wordsOf(row)} ${byText(row)}\n`).join(""));
							for (const { place } of rows) if (place !== undefined) this.#paths.add(place.path);
							if (leftOut > 0) note(l10n.t("Packets that were too many to be shown: {0}", leftOut));
							if (skipped > 0) note(l10n.t("Lines that were too many to be read: {0}", skipped));
							if (unread > 0) note(l10n.t("Lines that were not understood: {0}", unread));
							this.#rows = [...[...rows].reverse(), ...this.#rows].slice(0, MOST_KEPT);
							status.text = `$(pulse) ${withoutIcons(host.name)}: ${wanted}`;
						},
					},
					running.signal,
				),
			);
			if (answer.kind !== "answered") refuse(host, answer, l10n.t("{0} lets nobody but root read what it logs.", host.name));
		} catch (error) {
			if (!running.signal.aborted)
				inBackground(showError(l10n.t("{0}: {1}", host.name, error instanceof Error ? error.message : String(error))));
		}
		if (running === this.#running) this.end();
	}
}

/** Why no packet of a rule will ever come. */
function troubleOf(asked: LogBegin["asked"], { path, line }: NonNullable<Filter["rule"]>, host: KnownHost): string | undefined {
	const at = `${path}:${line + 1}`;
	if (asked === "absent") return l10n.t("{0}: no rule of this line is loaded on {1} as it is written.", at, host.name);
	return asked === "silent" ? l10n.t("{0}: the rule of this line logs nothing: it has no `log`.", at) : undefined;
}

async function askFilter(hosts: LiveHosts, host: KnownHost): Promise<Filter | undefined> {
	const { guests, interfaces } = hosts.known(host).answer?.state ?? { guests: [], interfaces: [] };
	const rule = ruleAtCursor(host);
	const items: { readonly label: string; readonly description?: string; readonly filter: Filter | "address" | "interface" }[] = [
		{ label: l10n.t("All that is logged"), filter: {} },
		{ label: l10n.t("Blocked packets"), filter: { action: "block" } },
		...(rule === undefined
			? []
			: [{ label: l10n.t("Those of the rule at the cursor"), description: `${rule.path}:${rule.line + 1}`, filter: { rule } }]),
		{ label: l10n.t("Those of an address..."), filter: "address" },
		{ label: l10n.t("Those of an interface..."), filter: "interface" },
		...guests.map(({ name }) => ({ label: withoutIcons(name), description: l10n.t("guest"), filter: { guest: name } })),
	];
	const picked = await window.showQuickPick(items, { placeHolder: l10n.t("Which packets of {0}?", host.name) });
	if (picked?.filter === "interface") {
		const name = await askInterface(interfaces.map((one) => one.name));
		return name === undefined ? undefined : { interface: name };
	}
	if (picked?.filter !== "address") return picked?.filter;
	const address = await window.showInputBox({
		prompt: l10n.t("The address at one end"),
		validateInput: (text) => (parseIp(text.trim()) === undefined ? l10n.t("This is not an address.") : undefined),
	});
	return address === undefined ? undefined : { address: address.trim() };
}

/** One of the host's interfaces where they are known, else any name. */
async function askInterface(names: readonly string[]): Promise<string | undefined> {
	const prompt = l10n.t("Which interface?");
	if (names.length > 0) return await window.showQuickPick(names, { placeHolder: prompt });
	const name = await window.showInputBox({
		prompt,
		validateInput: (text) => (/^[a-z]+[0-9]+$/.test(text.trim()) ? undefined : l10n.t("This is not an interface, such as em0.")),
	});
	return name?.trim();
}

type Action = "trace" | "pass" | "test" | "rule";

/** What a keybinding or a test gives beforehand. */
interface Taken {
	/** Of the last ones, from the newest. */
	readonly packet?: number;
	readonly action?: Action;
}

/** Asks what to do with a packet, and does it. */
async function takeUp(
	server: LanguageServer,
	{ etc }: KnownHost,
	row: LogRow,
	connection: Connection | undefined,
	given?: Action,
): Promise<void> {
	const { place } = row;
	const test = connection && testOf(connection, row);
	const items: { readonly label: string; readonly description?: string; readonly action: Action }[] = [
		...(etc === undefined || connection === undefined
			? []
			: [{ label: l10n.t("Trace it, with what would let it through"), action: "trace" as const }]),
		// Where the host has loaded another rule than these files have, they do not say what would let it through there.
		...(etc === undefined || connection === undefined || place === undefined || row.packet.action !== "block"
			? []
			: [{ label: l10n.t("Let it through by a rule, shown first"), action: "pass" as const }]),
		...(etc === undefined || test === undefined
			? []
			: [{ label: l10n.t("Make it a policy test"), description: test, action: "test" as const }]),
		...(etc === undefined || place === undefined
			? []
			: [{ label: l10n.t("Show its rule"), description: `${place.path}:${place.line + 1}`, action: "rule" as const }]),
	];
	if (items.length === 0) {
		inBackground(showError(l10n.t("Of this packet neither its ends nor its rule are known.")));
		return;
	}
	const picked =
		given === undefined ? await window.showQuickPick(items, { placeHolder: wordsOf(row) }) : items.find(({ action }) => action === given);
	if (picked === undefined || etc === undefined) return;
	if (picked.action === "rule" && place !== undefined) {
		const line = new Range(place.line, 0, place.line, 0);
		await window.showTextDocument(uriOf(etc, place.path), { selection: line });
	} else if (connection !== undefined && picked.action !== "test") {
		const given: TraceParams = { uri: uriOf(etc, PF_CONF).toString(), ...connection };
		if (picked.action === "trace") await commands.executeCommand("openbsdVnet.tracePacket", given);
		else await letThrough(server, given);
	} else if (test !== undefined) await writeTest(etc, test);
}

interface Connection {
	readonly from: string;
	readonly to: string;
	readonly protocol: string;
	readonly port?: number;
}

/** Offers the changes of the files that would let a connection through, each in a preview. */
async function letThrough(server: LanguageServer, connection: TraceParams): Promise<void> {
	const found = await server.request("trace", connection);
	const [only, ...more] = found?.fixes ?? [];
	if (only === undefined) {
		const why = found === null ? [] : [found.text, found.advice].filter((text) => text !== "");
		inBackground(showInformation([l10n.t("No rule is known that would let it through."), ...why].join(" ")));
		return;
	}
	const fix =
		more.length === 0
			? only
			: (
					await window.showQuickPick(
						[only, ...more].map((each) => ({ label: withoutIcons(each.title), fix: each })),
						{ placeHolder: l10n.t("Which change?") },
					)
				)?.fix;
	const [first] = fix?.files ?? [];
	if (fix === undefined || first === undefined) return;
	const edit = editOfFiles(fix.files, fix.title);
	askForPreview(edit, Uri.parse(first.uri));
	if (await workspace.applyEdit(edit)) await window.showTextDocument(Uri.parse(first.uri));
}

/** The addresses that interfaces have and the host's files do not tell, such as those of DHCP: for a trace they are nobody's. */
function givenAddresses({ interfaces }: LogBegin["live"], files: LogQuestion["files"]): ReadonlySet<string> {
	const written = new Set([...(files?.values() ?? [])].flatMap(({ text }) => text.match(/[0-9A-Fa-f:.]+/g) ?? []));
	return new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)).filter((address) => !written.has(address)));
}

/**
 * What a trace is asked by; undefined where the packet does not tell it.
 * @param given the addresses that are the host's own, and not in its files
 */
function connectionOf({ packet: { source, destination, protocol } }: LogRow, given: ReadonlySet<string>): Connection | undefined {
	if (source === undefined || destination === undefined || protocol === undefined) return undefined;
	const { port } = destination;
	const nameOf = ({ address, family }: NonNullable<LogRow["packet"]["source"]>): string => {
		const text = formatIp(address, family);
		return given.has(text) ? "host" : text;
	};
	return {
		from: nameOf(source),
		to: nameOf(destination),
		protocol: protocol === "icmp6" ? "icmp" : protocol,
		...(port === undefined ? {} : { port }),
	};
}

/** A line of a .pftest file that says what became of the packet; undefined where the log doesn't tell, or such a file has no word for it. */
function testOf({ from, to, protocol, port }: Connection, { packet: { action } }: LogRow): string | undefined {
	// Of a match rule another one decides.
	if (!["pass", "block"].includes(action) || !["tcp", "udp", "icmp"].includes(protocol)) return undefined;
	return `${from} ${to} ${protocol}${port === undefined ? "" : ` ${port}`} ${action}`;
}

/** At the end of the host's policy tests, to be looked at before it is written. */
async function writeTest(etc: string, line: string): Promise<void> {
	const [own] = await workspace.findFiles(new RelativePattern(Uri.parse(etc), "**/*.pftest"), null, 1);
	const uri = own ?? uriOf(etc, "/etc/policy.pftest");
	const edit = new WorkspaceEdit();
	if (own === undefined) edit.createFile(uri, { contents: new TextEncoder().encode(`${line}\n`), ignoreIfExists: true });
	else {
		const document = await workspace.openTextDocument(uri);
		const { end } = document.lineAt(document.lineCount - 1).range;
		edit.insert(uri, end, end.character === 0 ? `${line}\n` : `\n${line}\n`);
		askForPreview(edit, uri);
	}
	if (await workspace.applyEdit(edit)) await window.showTextDocument(uri);
}

/** The packet in a line; what comes of the host does nothing. */
function wordsOf({ packet, guests }: LogRow): string {
	const { action, direction, protocol = "", source, destination, reason, text } = packet;
	const ways = source === undefined || destination === undefined ? text : `${loggedEndText(source)} → ${loggedEndText(destination)}`;
	const words = [
		action.padEnd(5),
		direction.padEnd(3),
		packet.interface.padEnd(7),
		protocol.padEnd(4),
		ways,
		...(guests.length === 0 ? [] : [`(${guests.join(", ")})`]),
		...(reason === "match" ? [] : [`[${reason}]`]),
	];
	return words.join(" ").replace(/\p{Cc}|\p{Cf}/gu, "?");
}

/** By which rule, and where that stands. */
function byText({ rule, place, packet }: LogRow): string {
	const by = rule?.text ?? (packet.rule === undefined ? l10n.t("the default rule") : l10n.t("rule {0}", packet.rule));
	const at = place === undefined ? (rule?.anchor ?? "") : `${place.path}:${place.line + 1}`;
	return `${at === "" ? "" : `${at} `}${by}`.replace(/\p{Cc}|\p{Cf}/gu, "?");
}

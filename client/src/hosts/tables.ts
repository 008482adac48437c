/** "Show Tables...": what the tables of a host hold beside its files, as a document; and what changes one, there or here. */
import { askTables, changeTable } from "@openbsd-vnet/remote";
import {
	compareTables,
	forgottenBy,
	keepTable,
	type NotKept,
	pfFacts,
	readTableAddress,
	type TableRow,
	tableFlags,
	tableNameText,
} from "@openbsd-vnet/server";
import { commands, type Disposable, Disposable as Disposables, l10n, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { inBackground } from "../background.ts";
import { textsOf, uriOf } from "../deploy/hostFiles.ts";
import { showError, showInformation, showProgress } from "../notices.ts";
import { askForPreview } from "../previewedEdit.ts";
import { ReadOnlyDocuments } from "../readOnlyDocuments.ts";
import { tableLines } from "../tableLines.ts";
import { withoutIcons } from "../withoutIcons.ts";
import { chosen, refuse, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

type Files = ReadonlyMap<string, { readonly text: string }>;

/** So many addresses of one side of a table are shown; the command `openbsd-vnet tables` shows all. */
const MOST_ROWS = 20_000;

export function registerTables(hosts: LiveHosts): Disposable {
	const documents = new ReadOnlyDocuments("openbsd-vnet-tables");
	return Disposables.from(
		documents,
		commands.registerCommand("openbsdVnet.showTables", async (node?: { readonly host: KnownHost }) => {
			const host = await chosen(hosts, node?.host);
			if (host !== undefined) await show(hosts, documents, host);
		}),
	);
}

async function show(hosts: LiveHosts, documents: ReadOnlyDocuments, host: KnownHost): Promise<void> {
	const files = host.etc === undefined ? undefined : await textsOf(host);
	const rows = await ask(hosts, host, files);
	if (rows === undefined) return;
	const uri = Uri.from({ scheme: documents.scheme, path: `/${host.name}/${l10n.t("tables")}.txt` });
	documents.put(uri, textOf(host, rows));
	await window.showTextDocument(uri, { preview: false });
	if (rows.length > 0) inBackground(offerChange(hosts, documents, host, files, rows));
}

async function ask(hosts: LiveHosts, host: KnownHost, files: Files | undefined): Promise<readonly TableRow[] | undefined> {
	const user = await hosts.user(host);
	const asked = await showProgress(l10n.t("Reading the tables of {0}", host.name), (_, token) =>
		hosts.ask(host, token, (run, signal) => askTables(run, user, undefined, signal)),
	);
	if (asked === undefined) tellTrouble(hosts, host);
	else if (asked.kind !== "answered") refuse(host, asked, l10n.t("{0} lets nobody but root read its tables.", host.name));
	else {
		const { tables, allow } = asked.value;
		if (allow !== undefined) refuse(host, { kind: "refused", allow }, l10n.t("{0} does not let us read what all tables hold.", host.name));
		return compareTables(files && pfFacts(files), tables);
	}
	return undefined;
}

/** Asks for a table and what is to become of it. */
async function offerChange(
	hosts: LiveHosts,
	documents: ReadOnlyDocuments,
	host: KnownHost,
	files: Files | undefined,
	rows: readonly TableRow[],
): Promise<void> {
	const change = l10n.t("Change a Table...");
	const all = rows.reduce((sum, { onlyThere = [] }) => sum + onlyThere.length, 0);
	const told = l10n.t("{0}: {1} addresses of its tables are in no file.", host.name, all);
	if ((await showInformation(told, change)) !== change) return;
	const row = await pickTable(host, rows);
	const action = row && (await pickAction(host, row));
	if (row === undefined || action === undefined) return;
	if (action === "keep") return await keep(host, files, row);
	if (await changeOnHost(hosts, host, row, action)) await show(hosts, documents, host);
}

async function pickTable(host: KnownHost, rows: readonly TableRow[]): Promise<TableRow | undefined> {
	const items = rows.map((row) => ({
		label: withoutIcons(`<${tableNameText(row)}>`),
		description: l10n.t("{0} addresses, {1} in no file", row.live?.count ?? 0, row.onlyThere?.length ?? "?"),
		row,
	}));
	return (await window.showQuickPick(items, { placeHolder: l10n.t("Which table of {0}?", host.name) }))?.row;
}

type Action = "add" | "delete" | "keep";

async function pickAction(host: KnownHost, { live, onlyThere = [] }: TableRow): Promise<Action | undefined> {
	const items: { readonly label: string; readonly action: Action }[] = [
		...(host.etc !== undefined && onlyThere.length > 0
			? [{ label: l10n.t("Keep {0} addresses by a file, which the table then reads", onlyThere.length), action: "keep" as const }]
			: []),
		...(live === undefined || live.constant
			? []
			: [
					{ label: l10n.t("Add an address on {0}...", host.name), action: "add" as const },
					{ label: l10n.t("Take an address out on {0}...", host.name), action: "delete" as const },
				]),
	];
	if (items.length > 0) return (await window.showQuickPick(items, { placeHolder: l10n.t("What is to become of it?") }))?.action;
	inBackground(showInformation(l10n.t("The table is const, or not loaded: there is nothing to change.")));
	return undefined;
}

/** Adds or takes out one address, once that is wanted twice. @returns whether it was done */
async function changeOnHost(hosts: LiveHosts, host: KnownHost, row: TableRow, action: "add" | "delete"): Promise<boolean> {
	const given = await window.showInputBox({
		prompt: l10n.t("An address or network, such as 192.0.2.1 or 2001:db8::/32; ! before it makes an exception"),
		validateInput: (text) => (readTableAddress(text.trim()) === undefined ? l10n.t("This is not an address or network.") : undefined),
	});
	const address = given === undefined ? undefined : readTableAddress(given.trim());
	if (address === undefined) return false;
	const name = tableNameText(row);
	const question =
		action === "add"
			? l10n.t("Add {0} to <{1}> on {2}?", address, name, host.name)
			: l10n.t("Take {0} out of <{1}> on {2}?", address, name, host.name);
	const really = action === "add" ? l10n.t("Add It") : l10n.t("Take It Out");
	const detail = l10n.t("This changes the running host, and no file. Connections that are there already go on.");
	if ((await window.showWarningMessage(question, { modal: true, detail }, really)) !== really) return false;
	const user = await hosts.user(host);
	const done = await showProgress(l10n.t("Changing <{0}> on {1}", name, host.name), (_, token) =>
		hosts.ask(host, token, (run, signal) => changeTable(run, user, row, action, address, signal)),
	);
	if (done === undefined) tellTrouble(hosts, host);
	else if (done.kind !== "answered") refuse(host, done, l10n.t("{0} lets nobody but root change its tables.", host.name));
	else if (done.value.isChanged) return true;
	else inBackground(showInformation(l10n.t("<{0}> of {1} was like this already.", name, host.name)));
	return false;
}

const notKept: Readonly<Record<NotKept, () => string>> = {
	nothing: () => l10n.t("it holds nothing that the files do not have"),
	constant: () => l10n.t("it is const: what it holds is what its definition says"),
	unknown: () => l10n.t("what only the host has is not known: a file that it reads is not here, or its addresses were not read"),
	"no-line": () => l10n.t("no line of the files here defines it"),
};

/** As one edit, to be looked at before it is made. */
async function keep(host: KnownHost, files: Files | undefined, row: TableRow): Promise<void> {
	const { etc } = host;
	if (etc === undefined || files === undefined) return;
	const name = tableNameText(row);
	const change = keepTable(pfFacts(files), files, row);
	if (typeof change === "string") {
		inBackground(showError(l10n.t("<{0}> cannot be kept: {1}", name, notKept[change]())));
		return;
	}
	const edit = new WorkspaceEdit();
	const label = l10n.t(
		"Once this is deployed, loading the rules gives <{0}> what its file has: what comes into it later is then forgotten.",
		name,
	);
	for (const { path, text, isNew, offset } of change.files) {
		const uri = uriOf(etc, path);
		if (isNew) {
			const contents = new TextEncoder().encode(text);
			edit.createFile(uri, { contents, ignoreIfExists: true }, { needsConfirmation: false, label });
			continue;
		}
		const document = await workspace.openTextDocument(uri);
		edit.insert(uri, document.positionAt(offset), text, { needsConfirmation: false, label });
		askForPreview(edit, uri);
	}
	if (await workspace.applyEdit(edit, { isRefactoring: true }))
		await window.showTextDocument(uriOf(etc, change.files.at(-1)?.path ?? change.path));
}

const onReload: Readonly<Record<TableRow["onReload"], () => string>> = {
	replaces: () => l10n.t("as in the files"),
	keeps: () => l10n.t("stays"),
	goes: () => l10n.t("GOES"),
	unknown: () => l10n.t("unknown"),
};

function textOf({ name: hostName }: KnownHost, rows: readonly TableRow[]): string {
	const count = (many: number | undefined): string => (many === undefined ? "?" : String(many));
	const head = [
		l10n.t("TABLE"),
		l10n.t("FLAGS"),
		l10n.t("HOST"),
		l10n.t("FILES"),
		l10n.t("ONLY HOST"),
		l10n.t("ONLY FILES"),
		l10n.t("MATCHED"),
		l10n.t("ON RELOAD"),
	];
	const cells = rows.map((row) => {
		const { live, file, onlyThere, onlyHere } = row;
		return [
			tableNameText(row),
			tableFlags(row).join(",") || (live === undefined ? l10n.t("not loaded") : "-"),
			count(live?.count ?? 0),
			file === undefined ? "-" : count(file.count),
			count(onlyThere?.length),
			count(onlyHere?.length),
			live?.evaluations === undefined ? "-" : `${live.evaluations.match}/${live.evaluations.match + live.evaluations.noMatch}`,
			onReload[row.onReload](),
		];
	});
	const all = rows.reduce((sum, { onlyThere = [] }) => sum + onlyThere.length, 0);
	const sides = rows.flatMap((row) => [...sideOf(row, "+", row.onlyThere), ...sideOf(row, "-", row.onlyHere)]);
	return [
		`# ${l10n.t("{0}: tables: {1}; addresses in no file: {2}, of which loading the rules forgets {3}, a restart all", hostName, rows.length, all, forgottenBy(rows))}`,
		`# ${l10n.t("+ only the host has it, - only the files")}`,
		"",
		...tableLines([head, ...cells]),
		"",
		...sides,
		"",
	].join("\n");
}

function sideOf(row: TableRow, sign: string, addresses: readonly string[] = []): readonly string[] {
	const name = tableNameText(row);
	const left = addresses.length - MOST_ROWS;
	return [
		...addresses.slice(0, MOST_ROWS).map((address) => `${sign} <${name}> ${address}`),
		...(left > 0 ? [`${sign} <${name}> ${l10n.t("{0} more: openbsd-vnet tables shows all", left)}`] : []),
	];
}

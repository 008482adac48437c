/** From `initialize` on: what the client can do, its folders, its settings, and what running hosts say. */
import {
	DidChangeConfigurationNotification,
	DidChangeWatchedFilesNotification,
	type InitializeParams,
	type InitializeResult,
} from "vscode-languageserver";
import { hostListName } from "../host/discover.ts";
import {
	type InitializationOptions,
	type LiveFacts,
	LiveNotification,
	type ServerSettings,
	type ServerStatus,
	StatusNotification,
	settingsSection,
} from "../protocol.ts";
import type { Translations } from "../text/message.ts";
import type { Release } from "../text/vocabulary.ts";
import { serverName, serverVersion } from "../version.ts";
import { capabilities } from "./capabilities.ts";
import type { ServerState } from "./state.ts";

const NEWEST_RELEASE = "7.7";

/** Files that can tell something about a host. */
const watched = ["**/pf.conf", "**/vm.conf", "**/hostname.*", "**/pf.*/**", "**/etc/*", `**/${hostListName}`];

/** The texts of a locale as `initialize` names it, such as `zh-CN`; none for English, or where they are not there. */
export type TranslationsFor = (locale: string | undefined) => Translations | undefined;

const withoutSlash = ({ uri }: { readonly uri: string }): string => uri.replace(/\/$/, "");

export function followLife(state: ServerState, translationsFor: TranslationsFor): void {
	const { connection, documents } = state;

	connection.onInitialize((params: InitializeParams): InitializeResult => {
		state.client = params.capabilities;
		state.options = (params.initializationOptions as InitializationOptions | undefined) ?? {};
		state.translations = state.options.translations ?? translationsFor(params.locale);
		state.setFolders((params.workspaceFolders ?? []).map(withoutSlash));
		return { capabilities: capabilities(state.client), serverInfo: { name: serverName, version: serverVersion } };
	});

	connection.onInitialized(async () => {
		const { workspace } = state.client;
		if (workspace?.didChangeConfiguration?.dynamicRegistration === true) {
			await connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
		}
		if (workspace?.workspaceFolders === true) followFolders(state);
		if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
			const watchers = watched.map((globPattern) => ({ globPattern }));
			await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
		}
		await documents.readHostLists();
		await readSettings(state);
		tellStatus(state);
	});

	connection.onDidChangeConfiguration(async ({ settings }) => {
		await readSettings(state, settings);
		tellStatus(state);
	});

	connection.onNotification(LiveNotification.method, ({ hosts }: { readonly hosts: readonly LiveFacts[] }) => {
		documents.setLive(hosts);
		if (state.client.textDocument?.diagnostic !== undefined) state.diagnostics.refresh();
		refreshHints(state);
	});
}

function followFolders(state: ServerState): void {
	state.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
		const gone = new Set(removed.map(withoutSlash));
		state.setFolders([...state.folders.filter((uri) => !gone.has(uri)), ...added.map(withoutSlash)]);
		void state.documents.readHostLists();
	});
}

async function readSettings(state: ServerState, pushed?: unknown): Promise<void> {
	const { client, connection, documents, diagnostics } = state;
	const own = (pushed as Record<string, unknown> | null | undefined)?.[settingsSection];
	const pulled = client.workspace?.configuration === true ? await connection.workspace.getConfiguration(settingsSection) : own;
	state.settings = (pulled as ServerSettings | null | undefined) ?? state.settings;
	const { release = "newest" } = state.settings;
	documents.setRelease(/^\d+\.\d+$/.test(release) ? (release as Release) : undefined);
	diagnostics.refresh();
	refreshHints(state);
}

function refreshHints({ client, connection }: ServerState): void {
	if (client.workspace?.inlayHint?.refreshSupport === true) void connection.languages.inlayHint.refresh();
	if (client.workspace?.codeLens?.refreshSupport === true) void connection.sendRequest("workspace/codeLens/refresh");
}

function tellStatus({ connection, settings }: ServerState): void {
	const { release = "newest" } = settings;
	const status: ServerStatus = { version: serverVersion, release: release === "newest" ? NEWEST_RELEASE : release };
	void connection.sendNotification(StatusNotification.method, status);
}

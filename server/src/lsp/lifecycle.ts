/** From `initialize` on: what the client can do, its folders, its settings, and what running hosts say. */
import {
	DidChangeConfigurationNotification,
	DidChangeWatchedFilesNotification,
	type InitializeParams,
	type InitializeResult,
} from "vscode-languageserver";
import { hostListName } from "../host/discover.ts";
import {
	HiddenNotification,
	type InitializationOptions,
	type LiveFacts,
	LiveNotification,
	type ServerSettings,
	type ServerStatus,
	StatusNotification,
	settingsSection,
} from "../protocol.ts";
import { newestRelease } from "../releases/releases.ts";
import type { Translations } from "../text/message.ts";
import type { Release } from "../text/vocabulary.ts";
import { serverName, serverVersion } from "../version.ts";
import { capabilities } from "./capabilities.ts";
import type { ServerState } from "./state.ts";

/** Files that can tell something about a host. */
const watched = ["**/pf.conf", "**/vm.conf", "**/hostname.*", "**/pf.*/**", "**/etc/*", `**/${hostListName}`];

/** The texts of a locale as `initialize` names it, such as `zh-CN`; none for English, or where they are not there. */
export type TranslationsFor = (locale: string | undefined) => Translations | undefined;

const withoutSlash = ({ uri }: { readonly uri: string }): string => uri.replace(/\/$/, "");

export function followLife(state: ServerState, translationsFor: TranslationsFor): void {
	const { connection, documents, background } = state;

	connection.onInitialize((params: InitializeParams): InitializeResult => {
		state.client = params.capabilities;
		state.options = (params.initializationOptions as InitializationOptions | undefined) ?? {};
		state.translations = state.options.translations ?? translationsFor(params.locale);
		state.setFolders((params.workspaceFolders ?? []).map(withoutSlash));
		return { capabilities: capabilities(state.client, state.options), serverInfo: { name: serverName, version: serverVersion } };
	});

	connection.onInitialized(async () => {
		const { workspace } = state.client;
		if (workspace?.didChangeConfiguration?.dynamicRegistration === true)
			background.start("Registering for settings", () =>
				connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection }),
			);
		if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
			const watchers = watched.map((globPattern) => ({ globPattern }));
			background.start("Registering for files", () => connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }));
		}
		if (workspace?.workspaceFolders === true) followFolders(state);
		await background.attempt("Reading the lists of hosts", () => documents.readHostLists());
		await readSettings(state);
	});

	connection.onDidChangeConfiguration(({ settings }) => readSettings(state, settings));

	connection.onNotification(HiddenNotification.method, ({ uri }: { readonly uri: string }) => {
		const file = documents.file(uri);
		if (file === undefined || !state.diagnostics.has(uri)) return;
		state.diagnostics.hide(uri);
		state.closedFiles.changed([file]);
	});

	let releases = "";
	connection.onNotification(LiveNotification.method, ({ hosts }: { readonly hosts: readonly LiveFacts[] }) => {
		documents.setLive(hosts);
		// Files may be read for another release now, whether or not they have other problems. Who hears of it tells its hosts again.
		const now = hosts.map(({ etc, release = "" }) => `${etc} ${release}\n`).join("");
		if (now !== releases) tellStatus(state);
		releases = now;
	});
}

function followFolders(state: ServerState): void {
	state.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
		state.background.start("Following the folders", async () => {
			const gone = new Set(removed.map(withoutSlash));
			state.setFolders([...state.folders.filter((uri) => !gone.has(uri)), ...added.map(withoutSlash)]);
			for (const folder of gone) state.documents.forgetFolder(folder);
			await state.documents.readHostLists();
		}),
	);
}

/** Takes the settings of the client, and recomputes all that follows from them. */
async function readSettings(state: ServerState, pushed?: unknown): Promise<void> {
	const { client, connection, documents, background } = state;
	const own = (pushed as Record<string, unknown> | null | undefined)?.[settingsSection];
	const asked = (): Promise<unknown> => connection.workspace.getConfiguration(settingsSection);
	const told = client.workspace?.configuration === true ? await background.attempt("Reading the settings", asked) : own;
	state.settings = (told as ServerSettings | null | undefined) ?? state.settings;
	const { release = "newest" } = state.settings;
	documents.setRelease(/^\d+\.\d+$/.test(release) ? (release as Release) : undefined);
	state.refresh();
	tellStatus(state);
}

function tellStatus({ settings: { release = "newest" }, connection, background }: ServerState): void {
	const status: ServerStatus = { version: serverVersion, release: release === "newest" ? newestRelease : release };
	background.start("Telling the status", () => connection.sendNotification(StatusNotification.method, status));
}

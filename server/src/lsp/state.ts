/** What the handlers of one connection share: the files, the client's abilities and its settings. */
import type { ClientCapabilities, Connection } from "vscode-languageserver";
import { Documents } from "../features/documents.ts";
import type { Session } from "../features/session.ts";
import type { InitializationOptions, ServerSettings } from "../protocol.ts";
import type { Translations } from "../text/message.ts";
import type { Workspace } from "../workspace.ts";
import { backgroundWork } from "./background.ts";
import { clientAbilities } from "./capabilities.ts";
import { DiagnosticReports } from "./diagnostics.ts";
import { HeldTokens } from "./tokens.ts";

export class ServerState {
	readonly connection: Connection;
	readonly documents: Documents;
	readonly diagnostics = new DiagnosticReports(this);
	readonly tokens = new HeldTokens();
	/** The open folders as URIs without a final slash. */
	folders: readonly string[] = [];
	client: ClientCapabilities = {};
	options: InitializationOptions = {};
	translations: Translations | undefined;
	settings: ServerSettings = {};
	#discovered: Promise<void> | undefined;

	/** @param outside reads files that are not open */
	constructor(connection: Connection, outside: Workspace) {
		this.connection = connection;
		const folders = () => this.folders;
		const workspace: Workspace = {
			get folders() {
				return folders();
			},
			read: (uri) => outside.read(uri),
			list: (uri) => outside.list(uri),
		};
		this.documents = new Documents(workspace, (files) => this.diagnostics.changed(files), backgroundWork());
	}

	/** What a feature is given. */
	session(): Session {
		const { documents, settings, client, options, translations } = this;
		return {
			files: documents,
			settings,
			client: clientAbilities(client),
			...(translations === undefined ? {} : { translations }),
			...(options.documentation === undefined ? {} : { documentation: options.documentation }),
		};
	}

	/** Resolves once the hosts of all folders have been read. */
	whenDiscovered(): Promise<void> {
		this.#discovered ??= this.documents.discover();
		return this.#discovered;
	}

	/** Takes other folders for open. */
	setFolders(folders: readonly string[]): void {
		this.folders = folders;
		this.#discovered = undefined;
	}
}

/** What the handlers of one connection share: the files, the client's abilities and its settings. */
import { type ClientCapabilities, CodeLensRefreshRequest, type Connection } from "vscode-languageserver";
import { localize, type Session } from "../features/session.ts";
import { Documents } from "../project/documents.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { InitializationOptions, ServerSettings } from "../protocol.ts";
import { msg, type Translations } from "../text/message.ts";
import type { Workspace } from "../workspace.ts";
import { BackgroundWork, QUIET } from "./background.ts";
import { clientAbilities } from "./capabilities.ts";
import { ClosedFiles } from "./closed-files.ts";
import { DiagnosticReports } from "./diagnostics.ts";
import { MadeDocuments, type MakePlan } from "./made-documents.ts";
import { type Lasting, WorkProgress } from "./progress.ts";
import { HeldTokens } from "./tokens.ts";

export class ServerState {
	readonly connection: Connection;
	readonly background: BackgroundWork;
	readonly documents: Documents;
	readonly diagnostics = new DiagnosticReports(this);
	readonly closedFiles = new ClosedFiles(this);
	readonly made = new MadeDocuments(this);
	readonly progress = new WorkProgress(this);
	readonly tokens = new HeldTokens();
	/** The open folders as URIs without a final slash. */
	folders: readonly string[] = [];
	client: ClientCapabilities = {};
	options: InitializationOptions = {};
	translations: Translations | undefined;
	settings: ServerSettings = {};
	readonly #analyses = new Map<string, Lasting>();
	#discovered: Promise<void> | undefined;
	/** The document that the client is changing at the moment. */
	#edited: string | undefined;

	/** Makes plans of deployments, where the server is told how. */
	readonly makePlan: MakePlan | undefined;

	/**
	 * @param outside reads files that are not open
	 * @param makePlan asks hosts
	 */
	constructor(connection: Connection, outside: Workspace, makePlan?: MakePlan) {
		this.connection = connection;
		this.makePlan = makePlan;
		this.background = new BackgroundWork(connection.console);
		const folders = () => this.folders;
		const workspace: Workspace = {
			get folders() {
				return folders();
			},
			read: (uri) => outside.read(uri),
			notRead: async (uri) => await outside.notRead?.(uri),
			list: (uri) => outside.list(uri),
		};
		this.documents = new Documents(
			workspace,
			(files) => this.#changed(files),
			(key, work) => this.#analyse(key, work),
		);
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
	async whenDiscovered(): Promise<void> {
		const discovered = this.#discovered ?? this.#discover();
		this.#discovered = discovered;
		try {
			await discovered;
		} catch (error) {
			// The next request tries again.
			if (this.#discovered === discovered) this.#discovered = undefined;
			throw error;
		}
	}

	async #discover(): Promise<void> {
		const lasting = this.progress.begin(localize(this.session(), msg("Reading all hosts")));
		try {
			await this.documents.discover((read, all) => lasting.done(read, all));
		} finally {
			lasting.end();
		}
	}

	/** Takes other folders for open. */
	setFolders(folders: readonly string[]): void {
		this.folders = folders;
		this.#discovered = undefined;
	}

	/** Applies what the client has done to a document: about that one it asks again by itself. */
	edit(uri: string, apply: () => void): void {
		this.#edited = uri;
		try {
			apply();
		} finally {
			this.#edited = undefined;
		}
	}

	/** Recomputes all that the client shows of open files. */
	refresh(): void {
		this.diagnostics.refresh();
		this.closedFiles.refresh();
		refreshHints(this, 0);
	}

	/** Does what takes long in portions. The work of a key that is begun again goes on being shown. */
	#analyse(key: string, work: () => boolean): void {
		const shown = this.#analyses.get(key) ?? this.progress.begin(localize(this.session(), msg("Analysing rules")));
		this.#analyses.set(key, shown);
		this.background.startInPortions(key, () => {
			let hasMore = false;
			try {
				hasMore = work();
			} finally {
				if (!hasMore) {
					this.#analyses.delete(key);
					shown.end();
				}
			}
			return hasMore;
		});
	}

	#changed(files: readonly SourceFile[]): void {
		const unexpected = files.filter(({ uri }) => uri !== this.#edited);
		this.diagnostics.changed(files, unexpected);
		this.closedFiles.changed(files);
		this.made.changed(files);
		if (unexpected.some(({ version }) => version !== null)) refreshHints(this, QUIET);
	}
}

/** Has the client ask for inlay hints and code lenses again, in so many milliseconds. */
function refreshHints({ client, connection, background }: ServerState, delay: number): void {
	if (client.workspace?.inlayHint?.refreshSupport === true)
		background.startLater("The refresh of inlay hints", delay, () => connection.languages.inlayHint.refresh());
	if (client.workspace?.codeLens?.refreshSupport === true)
		background.startLater("The refresh of code lenses", delay, () => connection.sendRequest(CodeLensRefreshRequest.type));
}

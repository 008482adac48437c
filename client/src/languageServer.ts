/** The connection to the language server over its whole life: start, restart, crash, stop. */

import { languageIds } from "@openbsd-vnet/server/language";
import {
	type CustomNotification,
	type InitializationOptions,
	madeScheme,
	ownMethod,
	type ServerStatus,
	StatusNotification,
} from "@openbsd-vnet/server/protocol";
import type { OwnRequests } from "@openbsd-vnet/server/requests";
import { commands, type Disposable, EventEmitter, type ExtensionContext, env, type LogOutputChannel, l10n, window } from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { inBackground } from "./background.ts";
import type { CreateLanguageClient } from "./extension.ts";
import { serveFiles } from "./files.ts";
import { reportingWhatCounts } from "./middleware.ts";
import { showWarning } from "./notices.ts";
import { restartPolicy } from "./restartPolicy.ts";
import { UnfinishedWords } from "./unfinishedWords.ts";

/** Also the section of the settings in which the client looks for `trace.server`. */
export const clientId = "openbsdVnet";
export const clientName = "OpenBSD VM Networking";

/** A language client and the process behind it, where there is one. */
export interface ServerProcess {
	readonly client: BaseLanguageClient;
	readonly processId: () => number | undefined;
	/** Ends what the client leaves running when it has been disposed. */
	readonly end: () => void;
}

export type ServerPhase = "starting" | "running" | "stopped";

/** One language server for the window. Commands and views ask it; it starts again by itself after a crash. */
export class LanguageServer implements Disposable {
	readonly #context: ExtensionContext;
	readonly #log: LogOutputChannel;
	readonly #create: CreateLanguageClient;
	readonly #changed = new EventEmitter<void>();
	readonly #policy = restartPolicy();
	readonly #words = new UnfinishedWords();
	#starting: Promise<ServerProcess> | undefined;
	#process: ServerProcess | undefined;
	#state: ServerPhase = "stopped";
	#firstCompletion: number | undefined;
	#status: ServerStatus | undefined;

	constructor(context: ExtensionContext, log: LogOutputChannel, create: CreateLanguageClient) {
		this.#context = context;
		this.#log = log;
		this.#create = create;
		this.#words.onDidLeave(() => this.#pullDiagnostics());
	}

	/** Fires when the state or what the server tells of itself has changed. */
	readonly onDidChange = this.#changed.event;

	get state(): ServerPhase {
		return this.#state;
	}

	/** What the server told of itself, once it has. */
	get status(): ServerStatus | undefined {
		return this.#status;
	}

	/** When the first completion was given, on the clock of `performance.now`. */
	get firstCompletion(): number | undefined {
		return this.#firstCompletion;
	}

	/** Starts the server in the background; `ready` tells when it is there. */
	start(): void {
		this.#starting ??= this.#connect();
		this.#starting.catch((error: unknown) => {
			this.#log.error("The language server could not be started", error);
			this.#setState("stopped");
			inBackground(this.#offerLog(l10n.t("The OpenBSD language server could not be started.")));
		});
	}

	/** Resolves once the server answers. */
	async ready(): Promise<void> {
		if (this.#starting === undefined) throw new Error("The language server is stopped");
		const { client } = await this.#starting;
		await client.start();
	}

	processId(): number | undefined {
		return this.#process?.processId();
	}

	/** Asks the server once it is ready. */
	async request<Name extends keyof OwnRequests>(name: Name, params: OwnRequests[Name]["params"]): Promise<OwnRequests[Name]["result"]> {
		await this.ready();
		if (this.#process === undefined) throw new Error("The language server is stopped");
		return await this.#process.client.sendRequest<OwnRequests[Name]["result"]>(ownMethod(name), params);
	}

	/** Tells the server something, where it is running; one that starts later is told again by whoever knows. */
	notify<Params>(notification: CustomNotification<Params>, params: Params): void {
		if (this.#state !== "running") return;
		this.#process?.client
			.sendNotification(notification.method, params as object)
			.catch((error: unknown) => this.#log.warn(`${notification.method} was not sent`, error));
	}

	/** Restarts the server, whatever state it is in. */
	async restart(): Promise<void> {
		this.#log.info("Restarting the language server");
		await this.stop();
		this.start();
		await this.ready();
	}

	async stop(): Promise<void> {
		const starting = this.#starting;
		this.#starting = undefined;
		this.#process = undefined;
		try {
			const process = await starting;
			try {
				await process?.client.dispose();
			} finally {
				process?.end();
			}
		} catch (error) {
			// A server that hangs or has just died cannot say goodbye; it is gone all the same.
			this.#log.warn("The language server did not stop in good order", error);
		}
		this.#setState("stopped");
	}

	registerCommands(): Disposable[] {
		return [
			commands.registerCommand("openbsdVnet.restartServer", async () => {
				await this.restart();
				window.setStatusBarMessage(l10n.t("The OpenBSD language server was restarted."), 5000);
			}),
			commands.registerCommand("openbsdVnet.showLog", () => this.#log.show()),
		];
	}

	dispose(): void {
		inBackground(this.stop());
		this.#words.dispose();
		this.#changed.dispose();
	}

	/** Asks again what is wrong in the files that are open. */
	#pullDiagnostics(): void {
		const document = window.activeTextEditor?.document;
		const feature = this.#process?.client.getFeature("textDocument/diagnostic");
		if (document !== undefined) feature?.getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
	}

	async #connect(): Promise<ServerProcess> {
		this.#setState("starting");
		const created = await this.#create(this.#context, this.#options());
		this.#process = created;
		const { client } = created;
		client.onDidChangeState(({ newState }) => {
			// The numbers of vscode-languageclient's `State`, which is not loaded here: 2 is running, 3 starting.
			if (this.#process === created) this.#setState(newState === 2 ? "running" : newState === 3 ? "starting" : "stopped");
		});
		client.onNotification(StatusNotification.method, (status: ServerStatus) => {
			this.#status = status;
			this.#changed.fire();
		});
		serveFiles(client);
		await client.start();
		this.#log.info(`The language server is running${created.processId() === undefined ? "" : ` as process ${created.processId()}`}`);
		return created;
	}

	#options(): LanguageClientOptions {
		const initializationOptions: InitializationOptions = {
			hasGrammars: true,
			publishesClosedFiles: true,
			...(l10n.bundle === undefined ? {} : { translations: l10n.bundle }),
		};
		this.#log.debug(`Display language ${env.language}`);
		return {
			documentSelector: [...languageIds.map((language) => ({ language })), { scheme: madeScheme }],
			outputChannel: this.#log,
			traceOutputChannel: this.#log,
			initializationOptions,
			middleware: {
				...reportingWhatCounts(this.#words),
				provideCompletionItem: async (document, position, context, token, next) => {
					const items = await next(document, position, context, token);
					this.#firstCompletion ??= performance.now();
					return items;
				},
			},
			// Markdown of the server links to manual pages; it runs no commands and holds no HTML.
			markdown: { isTrusted: false, supportHtml: false },
			errorHandler: {
				error: () => this.#policy.failed(),
				closed: () => {
					const answer = this.#policy.closed(Date.now());
					const message = answer.restarts
						? l10n.t("The OpenBSD language server stopped unexpectedly and was started again.")
						: l10n.t("The OpenBSD language server stopped {0} times in a few minutes. It is not started again by itself.", answer.count);
					this.#log.error(message);
					inBackground(this.#offerLog(message));
					return { action: answer.action, message, handled: true };
				},
			},
		};
	}

	async #offerLog(message: string): Promise<void> {
		const show = l10n.t("Show Log");
		const restart = l10n.t("Restart");
		const choice = await showWarning(message, show, restart);
		if (choice === show) this.#log.show();
		if (choice === restart) await this.restart();
	}

	#setState(state: ServerPhase): void {
		this.#state = state;
		this.#changed.fire();
	}
}

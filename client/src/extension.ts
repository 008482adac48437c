/** Starts and ends the extension. Everything else has a file of its own. */
import { type Disposable, type ExtensionContext, l10n, window } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient";
import { registerExpandedDocuments } from "./expandedDocuments.ts";
import { registerExposure } from "./exposure.ts";
import { registerFilePatterns } from "./filePatterns.ts";
import { registerHiddenFiles } from "./hiddenFiles.ts";
import { registerHostChecks } from "./hostChecks.ts";
import { registerLanguageModelTools } from "./languageModelTools.ts";
import { LanguageServer, type ServerProcess } from "./languageServer.ts";
import { registerNetworkPatterns } from "./networkPatterns.ts";
import { NextSteps } from "./nextSteps.ts";
import { registerPacketTrace } from "./packetTrace.ts";
import { registerPolicyTests } from "./policyTests.ts";
import { registerReachability } from "./reachability/views.ts";
import { registerReferences } from "./references.ts";
import { registerStatus } from "./status.ts";
import { StepMarks } from "./stepMarks.ts";
import { PictureRates } from "./topology/rates.ts";
import { registerTopology } from "./topology/views.ts";
import { registerUpgrade } from "./upgrade.ts";

/** What `activate` returns: for the integration tests, and for other extensions that want to wait for the server. */
export interface Api {
	/** Resolves once the server answers; rejects where it could not be started. */
	readonly ready: () => Promise<void>;
	/** The server's process, where it has one of its own and is running. */
	readonly serverProcessId: () => number | undefined;
	/**
	 * When `activate` was called (on the clock of `performance.now`), and the milliseconds from there to its return, and
	 * to the server's first answer once there is one.
	 */
	readonly timings: () => {
		readonly began: number;
		readonly activate: number;
		readonly ready: number | undefined;
		/** When the first completion was given, on the clock of `began`. */
		readonly completion: number | undefined;
	};
}

/** Makes the language client of the platform: a process or a Worker behind it. */
export type CreateLanguageClient = (context: ExtensionContext, options: LanguageClientOptions) => Promise<ServerProcess>;

/** What only one platform has: the commands of hosts over SSH, and a server for agents. */
export type RegisterMore = (context: ExtensionContext, server: LanguageServer, pictures: PictureRates) => Disposable;

/** The two functions that VS Code calls. */
export function extension(
	createLanguageClient: CreateLanguageClient,
	registerMore?: RegisterMore,
): {
	readonly activate: (context: ExtensionContext) => Api;
	readonly deactivate: () => Promise<void>;
} {
	let server: LanguageServer | undefined;

	return {
		activate(context) {
			const begin = performance.now();
			const log = window.createOutputChannel(l10n.t("OpenBSD VM Networking"), { log: true });
			const started = new LanguageServer(context, log, createLanguageClient);
			server = started;
			const trace = registerPacketTrace(started);
			const pictures = new PictureRates();
			const nextSteps = new NextSteps(registerMore !== undefined);
			const parts: Disposable[] = [
				log,
				started,
				registerStatus(started, log),
				registerHiddenFiles(started),
				registerUpgrade(started),
				registerFilePatterns(),
				registerExpandedDocuments(started),
				new StepMarks(started),
				registerReferences(),
				nextSteps,
				registerNetworkPatterns(started, nextSteps),
				registerHostChecks(started),
				trace,
				pictures,
				registerTopology(context, started, trace.onTrace, pictures),
				registerPolicyTests(started),
				registerReachability(context, started),
				registerExposure(started),
				registerLanguageModelTools(started),
				...started.registerCommands(),
			];
			if (registerMore !== undefined) parts.push(registerMore(context, started, pictures));
			context.subscriptions.push(...parts);
			started.start();
			let ready: number | undefined;
			started.ready().then(
				() => {
					ready = performance.now() - begin;
					log.info(`Ready ${Math.round(ready)} ms after activation`);
				},
				() => undefined,
			);
			const activate = performance.now() - begin;
			return {
				ready: () => started.ready(),
				serverProcessId: () => started.processId(),
				timings: () => ({ began: begin, activate, ready, completion: started.firstCompletion }),
			};
		},
		async deactivate() {
			await server?.stop();
		},
	};
}

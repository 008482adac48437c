/** What the commands of deployments share. */
import { ConnectionError, type DeployOptions } from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { type DiagnosticCollection, type LogOutputChannel, l10n } from "vscode";
import { inBackground } from "../background.ts";
import type { KnownHost, LiveHosts } from "../hosts/liveHosts.ts";
import type { LanguageServer } from "../languageServer.ts";
import { showError, showProgress } from "../notices.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Plans } from "./plans.ts";
import type { ReachHost } from "./reach.ts";

/** What a deployment works with. */
export interface DeployContext {
	readonly server: LanguageServer;
	readonly hosts: LiveHosts;
	readonly reach: ReachHost;
	readonly log: LogOutputChannel;
	/** What the hosts' programs said about files. */
	readonly found: DiagnosticCollection;
	readonly confirmation: Confirmation;
	readonly plans: Plans;
}

/** Shows that something is under way, which the user can end. Undefined where it was ended, or failed, which is told. */
export async function working<T>(
	context: DeployContext,
	{ name }: KnownHost,
	title: string,
	task: (report: (message: string, increment: number) => void, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
	return await showProgress(title, async (report, token) => {
		const controller = new AbortController();
		token.onCancellationRequested(() => controller.abort());
		try {
			return await task(report, controller.signal);
		} catch (error) {
			if (controller.signal.aborted) return undefined;
			context.log.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
			inBackground(showError(l10n.t("{0}: {1}", name, reasonOf(error))));
			return undefined;
		}
	});
}

/** Why something failed, in the editor's language. */
export function reasonOf(error: unknown): string {
	if (error instanceof ConnectionError) return render(error.text, l10n.bundle);
	return error instanceof Error ? error.message : String(error);
}

export function reporter(
	context: DeployContext,
	{ name }: KnownHost,
	report: (message: string, increment: number) => void,
): NonNullable<DeployOptions["onStep"]> {
	return ({ what }, index, count) => {
		context.log.info(`${name}: [${index + 1}/${count}] ${render(what)}`);
		report(`${index + 1}/${count} ${render(what, l10n.bundle)}`, 100 / count);
	};
}

/** Diagnostics: pulled where the client can be told to pull again, pushed where not. */
import {
	type CancellationToken,
	type DocumentDiagnosticReport,
	DocumentDiagnosticReportKind,
	DocumentDiagnosticRequest,
	type PreviousResultId,
	type WorkspaceDiagnosticReport,
	WorkspaceDiagnosticRequest,
	type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver";
import { diagnostics } from "../features/diagnostics.ts";
import { localize } from "../features/session.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { ServerSettings } from "../protocol.ts";
import { msg } from "../text/message.ts";
import { pullsDiagnostics } from "./capabilities.ts";
import type { Lasting } from "./progress.ts";
import { type Route, refuseCancelled, route } from "./route.ts";
import type { ServerState } from "./state.ts";

/** A push follows the last of a row of keystrokes after this many milliseconds; clients that pull decide themselves. */
const PUSH_DELAY = 100;

/** An answer to a pull. */
interface Report {
	readonly id: string;
	readonly file: SourceFile;
	readonly revision: unknown;
	readonly settings: ServerSettings;
	readonly items: string;
}

export class DiagnosticReports {
	readonly #state: ServerState;
	/** The last answer for each file: one that stays the same is not sent again. */
	readonly #reports = new Map<string, Report>();
	#ids = 0;
	/** Whether the client pulls the whole workspace. */
	#wholly = false;

	constructor(state: ServerState) {
		this.#state = state;
	}

	/**
	 * Reports files again whose meaning has changed.
	 * @param unexpected those of them that the client did not change itself
	 */
	changed(files: readonly SourceFile[], unexpected: readonly SourceFile[]): void {
		if (pullsDiagnostics(this.#state.client)) {
			// The client pulls a file that it changed itself; it cannot know of those that follow from something else.
			if (unexpected.some(({ uri, version }) => (version === null ? this.#wholly : this.#reports.has(uri)))) this.refresh();
		} else this.#push(files.filter(isOpen));
	}

	/** Reports all open files again. */
	refresh(): void {
		const { client, connection, documents, background } = this.#state;
		if (pullsDiagnostics(client)) background.startLater("The refresh of diagnostics", 0, () => connection.languages.diagnostics.refresh());
		else this.#push(documents.all().filter(isOpen));
	}

	/** Whether the client was given the findings of a file that it asked for. */
	has(uri: string): boolean {
		return this.#reports.has(uri);
	}

	/** The client asks no more for the findings of a file, and shows none that it was given. */
	hide(uri: string): void {
		this.#reports.delete(uri);
	}

	/** The file was closed. */
	forget(uri: string): void {
		const { client, connection, background } = this.#state;
		this.#reports.delete(uri);
		if (!pullsDiagnostics(client)) background.start("Emptying diagnostics", () => connection.sendDiagnostics({ uri, diagnostics: [] }));
	}

	/** The answer to a pull; that it is unchanged where it is what the client was given under `previousResultId`. */
	async pulled(uri: string, previousResultId: string | undefined, token: CancellationToken): Promise<DocumentDiagnosticReport> {
		const { documents, settings } = this.#state;
		await documents.whenSettled(uri);
		refuseCancelled(token);
		const file = documents.file(uri);
		if (file === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
		const last = this.#reports.get(uri);
		const held = last !== undefined && last.id === previousResultId;
		const revision = documents.revision(file);
		if (held && last.file === file && last.revision === revision && last.settings === settings)
			return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: last.id };
		const items = diagnostics(this.#state.session(), file);
		const text = JSON.stringify(items);
		const id = held && last.items === text ? last.id : String(++this.#ids);
		if (last === undefined) this.#state.closedFiles.isPulled(file);
		this.#reports.set(uri, { id, file, revision, settings, items: text });
		if (held && last.id === id) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id };
		return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
	}

	/** The answer to a pull of the workspace, as far as the settings say whose files are checked. */
	async pulledAll(previous: readonly PreviousResultId[], token: CancellationToken, lasting: Lasting): Promise<WorkspaceDiagnosticReport> {
		const { closedFiles, documents } = this.#state;
		this.#wholly = true;
		closedFiles.leave();
		const ids = new Map(previous.map(({ uri, value }) => [uri, value]));
		const items: WorkspaceDocumentDiagnosticReport[] = [];
		const files = await closedFiles.checked();
		for (const [index, { uri }] of files.entries()) {
			lasting.done(index, files.length);
			const report = await this.pulled(uri, ids.get(uri), token);
			ids.delete(uri);
			items.push({ ...report, uri, version: documents.file(uri)?.version ?? null });
		}
		// What is not checked any more has nothing wrong.
		for (const uri of ids.keys()) items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, items: [] });
		return { items };
	}

	#push(files: readonly SourceFile[]): void {
		const { background } = this.#state;
		for (const { uri } of files) background.startLater(`Pushing diagnostics of ${uri}`, PUSH_DELAY, () => this.#pushOne(uri));
	}

	async #pushOne(uri: string): Promise<void> {
		const { connection, documents } = this.#state;
		if (!documents.isOpen(uri)) return;
		await documents.whenSettled(uri);
		const file = documents.file(uri);
		if (file === undefined || file.version === null) return;
		await connection.sendDiagnostics({ uri, version: file.version, diagnostics: diagnostics(this.#state.session(), file) });
	}
}

const isOpen = ({ version }: SourceFile): boolean => version !== null;

export const diagnosticRequests = {
	diagnostic: route(DocumentDiagnosticRequest.type, (state, { textDocument, previousResultId }, token) =>
		state.diagnostics.pulled(textDocument.uri, previousResultId, token),
	),
	workspaceDiagnostic: route(WorkspaceDiagnosticRequest.type, async (state, { previousResultIds, workDoneToken }, token) => {
		const lasting = state.progress.begin(localize(state.session(), msg("Checking hosts")), workDoneToken);
		try {
			return await state.diagnostics.pulledAll(previousResultIds, token, lasting);
		} finally {
			lasting.end();
		}
	}),
} satisfies Record<string, Route>;

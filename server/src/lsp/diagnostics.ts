/** Diagnostics: pulled where the client can, pushed where not. */
import { type DocumentDiagnosticReport, DocumentDiagnosticReportKind, DocumentDiagnosticRequest } from "vscode-languageserver";
import { diagnostics } from "../features/diagnostics.ts";
import type { SourceFile } from "../features/files.ts";
import type { ServerSettings } from "../protocol.ts";
import { delayed } from "./background.ts";
import { type Route, route } from "./route.ts";
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
	/** Files to push. */
	readonly #pending = new Set<string>();
	/** The last answer for each file: one that stays the same is not sent again. */
	readonly #reports = new Map<string, Report>();
	#ids = 0;
	readonly #pushSoon = delayed(() => {
		const uris = [...this.#pending];
		this.#pending.clear();
		for (const uri of uris) void this.#push(uri);
	}, PUSH_DELAY);

	constructor(state: ServerState) {
		this.#state = state;
	}

	/** Told of every file that has another meaning now; only those are reported anew. */
	changed(files: readonly SourceFile[]): void {
		const open = files.filter(({ version }) => version !== null);
		if (open.length === 0) return;
		if (this.#pulls()) {
			// The client pulls a file that it changed itself; it cannot know of those that follow from another file.
			if (open.length > 1 || files.length > 1) this.refresh();
			return;
		}
		for (const { uri } of open) this.#pending.add(uri);
		this.#pushSoon();
	}

	/** Has all open files reported anew. */
	refresh(): void {
		const { client, connection, documents } = this.#state;
		if (!this.#pulls()) this.changed(documents.all());
		else if (client.workspace?.diagnostics?.refreshSupport === true) connection.languages.diagnostics.refresh();
	}

	/** The file was closed. */
	forget(uri: string): void {
		if (!this.#pulls()) void this.#state.connection.sendDiagnostics({ uri, diagnostics: [] });
	}

	async pulled(uri: string, previousResultId: string | undefined): Promise<DocumentDiagnosticReport> {
		const { documents, settings } = this.#state;
		await documents.whenSettled(uri);
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
		this.#reports.set(uri, { id, file, revision, settings, items: text });
		if (held && last.id === id) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id };
		return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
	}

	async #push(uri: string): Promise<void> {
		const { connection, documents } = this.#state;
		if (!documents.isOpen(uri)) return;
		await documents.whenSettled(uri);
		const file = documents.file(uri);
		if (file === undefined || file.version === null) return;
		await connection.sendDiagnostics({ uri, version: file.version, diagnostics: diagnostics(this.#state.session(), file) });
	}

	#pulls(): boolean {
		return this.#state.client.textDocument?.diagnostic !== undefined;
	}
}

export const diagnosticRequests = {
	diagnostic: route(DocumentDiagnosticRequest.type, (state, { textDocument, previousResultId }) =>
		state.diagnostics.pulled(textDocument.uri, previousResultId),
	),
} satisfies Record<string, Route>;

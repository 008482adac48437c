/** The language server over one connection. */
import type { Connection } from "vscode-languageserver";
import type { Workspace } from "../workspace.ts";
import { ownRequests } from "./custom.ts";
import { diagnosticRequests } from "./diagnostics.ts";
import { followDocuments } from "./documents.ts";
import { followLife, type TranslationsFor } from "./lifecycle.ts";
import { madeDocumentRequests } from "./made-documents.ts";
import { requests } from "./requests.ts";
import { ServerState } from "./state.ts";
import { tokenRequests } from "./tokens.ts";

/** Every request that the server answers. */
export const routes = { ...requests, ...tokenRequests, ...diagnosticRequests, ...madeDocumentRequests, ...ownRequests };

/**
 * Serves the languages over `connection`.
 * @param outside reads files that are not open; its folders are replaced by those that the client opens
 * @param translationsFor finds texts for a client that brings none of its own
 */
export function startServer(connection: Connection, outside: Workspace, translationsFor: TranslationsFor = () => undefined): void {
	const state = new ServerState(connection, outside);
	followLife(state, translationsFor);
	followDocuments(state);
	for (const { serve } of Object.values(routes)) serve(state);
	connection.listen();
}

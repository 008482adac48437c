/** The language server over one connection. */
import type { Connection } from "vscode-languageserver";
import type { Workspace } from "../workspace.ts";
import { ownRoutes } from "./custom.ts";
import { diagnosticRequests } from "./diagnostics.ts";
import { followDocuments } from "./documents.ts";
import { followLife, type TranslationsFor } from "./lifecycle.ts";
import { type MakePlan, madeDocumentRequests } from "./made-documents.ts";
import { requests } from "./requests.ts";
import { ServerState } from "./state.ts";
import { tokenRequests } from "./tokens.ts";

/** What a process has beside files. */
export interface Means {
	/** Finds texts for a client that brings none of its own. */
	readonly translationsFor?: TranslationsFor;
	/** Makes the plan of a deployment. */
	readonly makePlan?: MakePlan;
}

/** Every request that the server answers. */
export const routes = { ...requests, ...tokenRequests, ...diagnosticRequests, ...madeDocumentRequests, ...ownRoutes };

/**
 * Serves the languages over `connection`.
 * @param outside reads files that are not open; its folders are replaced by those that the client opens
 * @param means what the process around it has: without, plans are not made, and the client brings its own texts or reads English
 */
export function startServer(connection: Connection, outside: Workspace, means: Means = {}): void {
	const state = new ServerState(connection, outside, means.makePlan);
	followLife(state, means.translationsFor ?? (() => undefined));
	followDocuments(state);
	for (const { serve } of Object.values(routes)) serve(state);
	connection.listen();
}

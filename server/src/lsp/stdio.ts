/** The language server on standard input and output, for `openbsd-vnet lsp --stdio`. */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { Workspace } from "../workspace.ts";
import type { TranslationsFor } from "./lifecycle.ts";
import { collectingInPauses } from "./pauses.ts";
import { startServer } from "./server.ts";

/** Serves until the client ends the connection, which ends the process. The process must have been given `--stdio`. */
export function serveStdio(workspace: Workspace, translationsFor: TranslationsFor): void {
	startServer(createConnection(ProposedFeatures.all, collectingInPauses()), workspace, translationsFor);
}

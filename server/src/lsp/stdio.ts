/** The language server on standard input and output, for `openbsd-vnet lsp --stdio`. */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { Workspace } from "../workspace.ts";
import { collectingInPauses } from "./pauses.ts";
import { type Means, startServer } from "./server.ts";

/** Serves until the client ends the connection, which ends the process. The process must have been given `--stdio`. */
export function serveStdio(workspace: Workspace, means: Means): void {
	startServer(createConnection(ProposedFeatures.all, collectingInPauses()), workspace, means);
}

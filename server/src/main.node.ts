/** The language server as a process of its own, beside VS Code's Node extension host. `openbsd-vnet lsp` serves all other editors. */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { clientWorkspace } from "./lsp/client-workspace.ts";
import { collectingInPauses } from "./lsp/pauses.ts";
import { startServer } from "./lsp/server.ts";

const connection = createConnection(ProposedFeatures.all, collectingInPauses());
startServer(connection, clientWorkspace(connection));

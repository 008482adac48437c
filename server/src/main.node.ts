/** The language server as a process of its own, beside VS Code's Node extension host. `openbsd-vnet lsp` serves all other editors. */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { clientWorkspace } from "./clientWorkspace.ts";
import { collectingInPauses } from "./pauses.ts";
import { startServer } from "./server.ts";

const connection = createConnection(ProposedFeatures.all, collectingInPauses());
startServer(connection, clientWorkspace(connection));

/** The language server in a Worker, beside VS Code's web extension host. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from "vscode-languageserver/browser";
import { clientWorkspace } from "./lsp/client-workspace.ts";
import { startServer } from "./lsp/server.ts";

/** The Worker's global scope; the package is compiled without the DOM's types, since everything else in it runs anywhere. */
declare const self: ConstructorParameters<typeof BrowserMessageReader>[0];

const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self));
startServer(connection, clientWorkspace(connection));

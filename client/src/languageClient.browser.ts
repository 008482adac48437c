import { type ExtensionContext, Uri } from "vscode";
import { type BrowserMessageReader, LanguageClient, type LanguageClientOptions } from "vscode-languageclient/browser";
import { clientId, clientName, type ServerProcess } from "./languageServer.ts";

/** The page's global; the package is compiled without the DOM's types, since the rest of it runs in Node too. */
declare const Worker: new (script: string) => ConstructorParameters<typeof BrowserMessageReader>[0];

/** A client whose server is a Worker of the page. */
export function createLanguageClient(context: ExtensionContext, options: LanguageClientOptions): ServerProcess {
	const script = Uri.joinPath(context.extensionUri, "dist", "web", "server.js").toString(true);
	const client = new LanguageClient(clientId, clientName, async () => new Worker(script), options);
	return { client, processId: () => undefined };
}

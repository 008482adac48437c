import { type ExtensionContext, Uri } from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient, type LanguageClientOptions } from "vscode-languageclient/browser";
import { clientId, clientName, type ServerProcess } from "./languageServer.ts";

/** The page's global; the package is compiled without the DOM's types, since the rest of it runs in Node too. */
declare const Worker: new (script: string) => ConstructorParameters<typeof BrowserMessageReader>[0] & { terminate(): void };

/** A client whose server is a Worker of the page. */
export function createLanguageClient(context: ExtensionContext, options: LanguageClientOptions): ServerProcess {
	const script = Uri.joinPath(context.extensionUri, "dist", "server.js").toString(true);
	let worker: InstanceType<typeof Worker> | undefined;
	const connect = async () => {
		// A Worker does not end by itself when its client stops.
		worker?.terminate();
		worker = new Worker(script);
		// The transports are made here: the extension host's Workers are not instances of the `Worker` that the library asks for.
		return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
	};
	return {
		client: new LanguageClient(clientId, clientName, connect, options),
		processId: () => undefined,
		end: () => worker?.terminate(),
	};
}

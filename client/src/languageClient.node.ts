import { type ExtensionContext, Uri } from "vscode";
import { LanguageClient, type LanguageClientOptions, TransportKind } from "vscode-languageclient/node";
import { clientId, clientName, type ServerProcess } from "./languageServer.ts";
import { serverFlags } from "./serverFlags.ts";

/** A client whose server is a Node process of its own; port 6009 takes a debugger when the extension host has one. */
export function createLanguageClient(context: ExtensionContext, options: LanguageClientOptions): ServerProcess {
	const module = Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
	const client = new LanguageClient(
		clientId,
		clientName,
		{
			run: { module, transport: TransportKind.ipc, options: { execArgv: [...serverFlags] } },
			debug: { module, transport: TransportKind.ipc, options: { execArgv: [...serverFlags, "--nolazy", "--inspect=6009"] } },
		},
		options,
	);
	// The client itself sees to it that the process is gone after `dispose`.
	return { client, processId: () => client.serverProcess?.pid, end: () => undefined };
}

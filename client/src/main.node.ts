/** What VS Code loads on the desktop and on remote machines. */
import { Disposable } from "vscode";
import { registerExampleHosts } from "./exampleHosts.ts";
import { extension } from "./extension.ts";
import { registerHosts } from "./hosts/index.ts";
import { registerMcpServer } from "./mcpServer.ts";

// The language client is loaded only when it starts: `activate` itself must not wait for it.
export const { activate, deactivate } = extension(
	async (context, options) => {
		const { createLanguageClient } = await import("./languageClient.node.ts");
		return createLanguageClient(context, options);
	},
	(context, server, pictures) =>
		Disposable.from(
			registerMcpServer(context),
			registerExampleHosts(context),
			registerHosts(
				server,
				async (log) => {
					// SSH is loaded when the first host is asked.
					const { createConnector } = await import("./hosts/connector.ts");
					return createConnector(context, log);
				},
				pictures,
			),
		),
);

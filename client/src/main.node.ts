/** What VS Code loads on the desktop and on remote machines. */
import { extension } from "./extension.ts";

// The language client is loaded only when it starts: `activate` itself must not wait for it.
export const { activate, deactivate } = extension(async (context, options) => {
	const { createLanguageClient } = await import("./languageClient.node.ts");
	return createLanguageClient(context, options);
});

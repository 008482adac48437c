/** What VS Code loads in a browser without a remote machine: no processes and no SSH there. */
import { extension } from "./extension.ts";

export const { activate, deactivate } = extension(async (context, options) => {
	const { createLanguageClient } = await import("./languageClient.browser.ts");
	return createLanguageClient(context, options);
});

/**
 * All of the package as the extension ships it, in one script: the language server in a process and in a Worker, and what the
 * other packages take. `scripts/bundle.mjs` starts the one that belongs to where the script is loaded.
 */
export * from "./features/index.ts";
export * from "./index.ts";

/** The language server of a process of its own. */
export async function serveProcess(): Promise<void> {
	await import("./main.node.ts");
}

/** The language server of a Worker. */
export async function serveWorker(): Promise<void> {
	await import("./main.browser.ts");
}

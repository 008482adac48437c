// Runs the integration suite in a desktop VS Code that @vscode/test-electron downloads, or in VSCODE_EXECUTABLE.
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { root } from "./lib/repository.mjs";

const executable = process.env.VSCODE_EXECUTABLE;
try {
	process.exitCode = await runTests({
		...(executable === undefined ? { version: process.env.VSCODE_VERSION ?? "stable" } : { vscodeExecutablePath: executable }),
		extensionDevelopmentPath: root,
		extensionTestsPath: join(root, "out", "integration", "main.cjs"),
		launchArgs: [join(root, "examples"), "--disable-extensions"],
	});
} catch (error) {
	// What failed is printed already.
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}

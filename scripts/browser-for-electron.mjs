#!/usr/bin/env node
// Stands in for the desktop's `code` where there is none: runs what @vscode/test-electron asks for in the browser VS Code.
//
//	VSCODE_EXECUTABLE=$PWD/scripts/browser-for-electron.mjs npm run test:electron
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./lib/repository.mjs";

const asked = (name) =>
	process.argv
		.find((argument) => argument.startsWith(`--${name}=`))
		?.split("=")
		.slice(1)
		.join("=");
const expected = { extensionDevelopmentPath: root, extensionTestsPath: join(root, "out", "integration", "main.cjs") };
for (const [name, path] of Object.entries(expected)) {
	if (asked(name) === path) continue;
	console.error(`--${name} is ${asked(name)}; only ${path} can be run here.`);
	process.exit(2);
}
const runner = spawn(process.execPath, [join(root, "scripts", "run-extension-host.mjs")], { stdio: "inherit" });
runner.on("exit", (status) => process.exit(status ?? 1));

// `npm start`: sets everything up and opens the example hosts in a VS Code with the extension. Ctrl-C ends it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repository.mjs";

function step(command, args) {
	const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
	if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(root, "node_modules", "esbuild"))) step("npm", ["install", "--no-save", "--no-audit", "--no-fund"]);
step(process.execPath, ["scripts/bundle.mjs"]);

const examples = join(root, "examples");
const desktop = process.env.DISPLAY !== undefined || process.platform !== "linux";
if (desktop && spawnSync("code", ["--version"], { stdio: "ignore", shell: process.platform === "win32" }).status === 0) {
	step("code", ["--wait", "--new-window", `--extensionDevelopmentPath=${root}`, examples]);
} else {
	step(process.execPath, ["scripts/setup-vscode.mjs"]);
	step(process.execPath, ["scripts/package.mjs"]);
	const { serveForPeople } = await import("./lib/vscode-serve.mjs");
	const serving = await serveForPeople(join(root, "out", "openbsd-vnet.vsix"));
	const address = `http://127.0.0.1:${serving.port}/?folder=${encodeURIComponent(examples)}`;
	console.log(`\nThe example hosts, with the extension:\n\n  ${address}\n\nCtrl-C ends it.`);
	for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void serving.stop().then(() => process.exit(0)));
}

// `npm start`: sets everything up and opens the example hosts in a VS Code with the extension. Ctrl-C ends it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repository.mjs";

/** Says what it does, and does it. */
function step(what, command, args) {
	console.log(`${what}...`);
	const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
	if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(root, "node_modules", "esbuild")))
	step("Installing packages", "npm", ["install", "--no-save", "--no-audit", "--no-fund"]);
step("Building the extension", process.execPath, ["scripts/bundle.mjs"]);
step("Building the command, for `npx openbsd-vnet`", "npm", ["run", "-s", "types"]);

const examples = join(root, "examples");
const desktop = process.env.DISPLAY !== undefined || process.platform !== "linux";
if (desktop && spawnSync("code", ["--version"], { stdio: "ignore", shell: process.platform === "win32" }).status === 0) {
	step("Opening the examples in VS Code", "code", ["--wait", "--new-window", `--extensionDevelopmentPath=${root}`, examples]);
} else {
	step("Looking for a VS Code for the browser (about a minute where there is none yet)", process.execPath, ["scripts/setup-vscode.mjs"]);
	step("Packing the extension", process.execPath, ["scripts/package.mjs"]);
	console.log("Starting it...");
	const { makeHome, serveForVisitors } = await import("./lib/vscode-serve.mjs");
	const { canSimulate, copyExamples, startSimulatedHost } = await import("./lib/simulated-host.mjs");
	const home = await makeHome("code");
	const workspace = join(home, "examples");
	await copyExamples(workspace);
	const simulated = canSimulate() ? await startSimulatedHost(home, join(examples, "corrected")) : undefined;
	const serving = await serveForVisitors(join(root, "out", "openbsd-vnet.vsix"), { home, folder: workspace });
	console.log(
		`\nA copy of the example hosts, with the extension. Anyone who has this address can act as you on this machine:\n\n  ${serving.address}\n`,
	);
	console.log(
		simulated === undefined
			? "There is no simulated host: that needs Linux with user namespaces."
			: 'The host "corrected" is reached by SSH: a simulated host on this machine, whose vmctl, ifconfig and pfctl are our own.',
	);
	console.log("\nCtrl-C ends it.");
	const stop = async () => {
		await simulated?.close();
		await serving.stop();
	};
	const ended = () => process.exit(0);
	const failed = (error) => {
		console.error(error);
		process.exit(1);
	};
	for (const signal of ["SIGINT", "SIGTERM"]) {
		process.once(signal, () => {
			stop().then(ended, failed);
		});
	}
}

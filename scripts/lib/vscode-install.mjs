// A real VS Code from the npm registry alone: the package `code-server` holds VS Code's server and its browser
// workbench, the package `node-<platform>-<arch>` the Node that they need. Both are installed into an ignored folder,
// not as dependencies: code-server's install script refuses the Node that we run on.
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capture, ProcessError } from "./processes.mjs";
import { cache } from "./repository.mjs";

/** VS Code 1.139.1. */
const codeServerVersion = "4.139.1";

/** What `engines` of that code-server asks for. */
const nodeVersion = "24.20.0";

const folder = join(cache, "vscode-server", codeServerVersion);
const nodePackage = `node-${process.platform}-${process.arch}`;

/** Where the parts are once they are installed. */
export const vscodeServer = {
	/** The Node that runs it. */
	node: join(folder, "node_modules", nodePackage, "bin", "node"),
	/** VS Code's own server, without code-server's wrapper. */
	serverMain: join(folder, "node_modules", "code-server", "lib", "vscode", "out", "server-main.js"),
	/** code-server's command line, which installs extensions and serves a workbench for people. */
	codeServer: join(folder, "node_modules", "code-server", "out", "node", "entry.js"),
};

const complete = join(folder, "complete");

/** True where nothing is left to install. */
export function isInstalled() {
	return existsSync(complete);
}

/**
 * Installs VS Code where it is not there yet: 45 to 60 seconds, 800 MB.
 * @throws where this platform has no Node package, or the registry cannot be reached
 */
export async function installVscode() {
	if (isInstalled()) return;
	if (!["linux-x64", "linux-arm64"].includes(`${process.platform}-${process.arch}`)) {
		throw new Error(`There is no browser VS Code for ${process.platform}-${process.arch}. Use the desktop's: npm run test:electron`);
	}
	// Another version's, or the rest of an attempt that was cut short.
	await rm(join(cache, "vscode-server"), { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await writeFile(
		join(folder, "package.json"),
		JSON.stringify({ private: true, dependencies: { "code-server": codeServerVersion, [nodePackage]: nodeVersion } }),
	);
	await npm(folder, "install", "--ignore-scripts");
	const vscode = join(folder, "node_modules", "code-server", "lib", "vscode");
	await npm(vscode, "install", "--omit=dev", "--ignore-scripts");
	// Without its native part the logger fills every log with stack traces; everything else works without.
	const rebuilt = await capture("npm", ["rebuild", "--ignore-scripts=false", "@vscode/spdlog"], { cwd: vscode, env: environment() });
	if (rebuilt.status !== 0)
		console.warn("The native logger of VS Code could not be built (it needs a C++ compiler). Its logs will be noisy.");
	const unfinished = `${complete}.new`;
	await writeFile(unfinished, "");
	await rename(unfinished, complete);
}

function environment() {
	return { ...process.env, PATH: `${join(folder, "node_modules", nodePackage, "bin")}:${process.env.PATH ?? ""}` };
}

/** @param {string} cwd @param {readonly string[]} args */
async function npm(cwd, ...args) {
	const { status, output } = await capture("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd, env: environment() });
	if (status !== 0) throw new ProcessError(`npm ${args.join(" ")} in ${cwd}`, status, output);
}

// Starts the browser VS Code on this machine, with a home of its own.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture, end, ProcessError } from "./processes.mjs";
import { vscodeServer } from "./vscode-install.mjs";

/** Settings for a VS Code that nobody has used before: quiet, and without traffic of its own. */
const quiet = {
	"telemetry.telemetryLevel": "off",
	"workbench.startupEditor": "none",
	"workbench.secondarySideBar.defaultVisibility": "hidden",
	"extensions.autoUpdate": false,
	"extensions.autoCheckUpdates": false,
	"chat.disableAIFeatures": true,
	"window.restoreWindows": "none",
	"window.commandCenter": false,
	// What moves or blinks is drawn by the processor here.
	"workbench.reduceMotion": "on",
	"editor.cursorBlinking": "solid",
};

/**
 * @typedef {object} Serving
 * @property {number} port on 127.0.0.1
 * @property {string} home the folder that holds everything that this VS Code writes
 * @property {() => Promise<void>} stop ends the server and removes its home
 */

/** A folder for everything that one VS Code writes. @param {string} prefix */
export async function makeHome(prefix) {
	return await mkdtemp(join(tmpdir(), `openbsd-vnet-${prefix}-`));
}

/** @param {string} home */
function homeEnvironment(home) {
	return {
		...process.env,
		HOME: home,
		TMPDIR: home,
		XDG_RUNTIME_DIR: home,
		XDG_CONFIG_HOME: join(home, "config"),
		XDG_DATA_HOME: join(home, "share"),
	};
}

/**
 * Waits until a server has printed its port.
 * @param {import("node:child_process").ChildProcess} server
 * @param {RegExp} pattern whose first group is the port
 * @returns {Promise<number>}
 */
function printedPort(server, pattern) {
	return new Promise((resolve, reject) => {
		let output = "";
		const read = (chunk) => {
			output += chunk;
			const port = pattern.exec(output)?.[1];
			if (port !== undefined) resolve(Number(port));
		};
		server.stdout?.on("data", read);
		server.stderr?.on("data", read);
		server.once("error", reject);
		server.once("exit", (code) => reject(new ProcessError("VS Code's server", code ?? "a signal", output)));
	});
}

/**
 * VS Code's own server with its test driver: runs an extension from its folder, and tests inside the extension host.
 * @param {string} home
 * @returns {Promise<Serving>}
 */
export async function serveForTests(home) {
	// The workbench keeps user settings in the browser; the server reads these two.
	for (const kind of ["User", "Machine"]) {
		const folder = join(home, "server", "data", kind);
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, "settings.json"), JSON.stringify({ ...quiet, "git.enabled": false }));
	}
	const server = spawn(
		vscodeServer.node,
		[
			vscodeServer.serverMain,
			...["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"],
			...["--server-data-dir", join(home, "server"), "--disable-telemetry", "--disable-workspace-trust"],
			// Without the driver a built VS Code ignores the page's request to run tests.
			...["--enable-smoke-test-driver", "--log", "info"],
		],
		{ stdio: ["ignore", "pipe", "pipe"], env: homeEnvironment(home) },
	);
	const stop = stopper(server, home);
	try {
		return { port: await printedPort(server, /Extension host agent listening on (\d+)/), home, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/**
 * code-server as a person uses it, with a packaged extension installed.
 * @param {string} extension the path of a VSIX
 * @param {{ settings?: Record<string, unknown>, port?: number, home?: string, asksForTrust?: boolean }} [options] further user settings; the port, any free one by default; its home, a new one by default; whether it asks before it trusts a folder
 * @returns {Promise<Serving>}
 */
export async function serveForPeople(extension, { settings = {}, port = 0, home: given, asksForTrust = false } = {}) {
	const home = given ?? (await makeHome("code"));
	const data = join(home, "data");
	await mkdir(join(data, "User"), { recursive: true });
	await writeFile(join(data, "User", "settings.json"), JSON.stringify({ ...quiet, ...settings }, null, "\t"));
	await writeFile(join(home, "config.yaml"), "auth: none\n");
	const common = ["--config", join(home, "config.yaml"), "--user-data-dir", data, "--extensions-dir", join(home, "extensions")];
	const env = homeEnvironment(home);
	const installed = await capture(vscodeServer.node, [vscodeServer.codeServer, ...common, "--install-extension", extension], { env });
	if (installed.status !== 0) {
		await rm(home, { recursive: true, force: true });
		throw new ProcessError("Installing the extension", installed.status, installed.output);
	}
	const server = spawn(
		vscodeServer.node,
		[
			vscodeServer.codeServer,
			...common,
			...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"],
			...(asksForTrust ? [] : ["--disable-workspace-trust"]),
			"--disable-getting-started-override",
		],
		{ stdio: ["ignore", "pipe", "pipe"], env },
	);
	const stop = stopper(server, home);
	try {
		return { port: await printedPort(server, /listening on http:\/\/127\.0\.0\.1:(\d+)/), home, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** @param {import("node:child_process").ChildProcess} server @param {string} home */
function stopper(server, home) {
	return async () => {
		await end(server);
		// The extension host that it started may write its last words for a moment longer.
		await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	};
}

// Starts the browser VS Code on this machine, with a home of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capture, end, ProcessError } from "./processes.mjs";
import { runFolder } from "./temporary.mjs";
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
	// Ports of other programs on this machine are none of its concern.
	"remote.autoForwardPorts": false,
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
	return runFolder(prefix);
}

/** A server leads a group of its own, so that what it starts can be ended with it. @type {import("node:child_process").SpawnOptions} */
const own = { stdio: ["ignore", "pipe", "pipe"], detached: true };

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
	await writeServerSettings(home, { "git.enabled": false });
	const server = spawn(
		vscodeServer.node,
		[
			vscodeServer.serverMain,
			...["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"],
			...["--server-data-dir", join(home, "server"), "--disable-telemetry", "--disable-workspace-trust"],
			// Without the driver a built VS Code ignores the page's request to run tests.
			...["--enable-smoke-test-driver", "--log", "info"],
		],
		{ ...own, env: homeEnvironment(home) },
	);
	const stop = stopper(server, home);
	try {
		return { port: await printedPort(server, /Extension host agent listening on (\d+)/), home, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** The workbench keeps user settings in the browser; VS Code's server reads these two files. */
async function writeServerSettings(home, settings) {
	for (const kind of ["User", "Machine"]) {
		const folder = join(home, "server", "data", kind);
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, "settings.json"), JSON.stringify({ ...quiet, ...settings }));
	}
}

/**
 * VS Code's own server for who tries the extension: only those come in who have the token of its address, for who comes in is this
 * machine's user.
 * @param {string} extension the path of a VSIX
 * @param {{ home: string, folder: string }} options its home; the folder that it opens, at its README
 * @returns {Promise<Serving & { address: string }>}
 */
export async function serveForVisitors(extension, { home, folder }) {
	const env = homeEnvironment(home);
	await writeServerSettings(home, { "workbench.startupEditor": "readme" });
	const common = ["--server-data-dir", join(home, "server"), "--extensions-dir", join(home, "extensions"), "--accept-server-license-terms"];
	const installed = await capture(vscodeServer.node, [vscodeServer.serverMain, ...common, "--install-extension", extension], { env });
	if (installed.status !== 0) throw new ProcessError("Installing the extension", installed.status, installed.output);
	const token = randomBytes(16).toString("hex");
	const secret = join(home, "token");
	await writeFile(secret, token, { mode: 0o600 });
	// Other users see the arguments of a process.
	const access = ["--host", "127.0.0.1", "--port", "0", "--connection-token-file", secret];
	const server = spawn(
		vscodeServer.node,
		[vscodeServer.serverMain, ...common, ...access, "--disable-telemetry", "--disable-workspace-trust"],
		{ ...own, env },
	);
	const stop = stopper(server, home);
	try {
		const port = await printedPort(server, /Extension host agent listening on (\d+)/);
		return { port, home, stop, address: `http://127.0.0.1:${port}/?tkn=${token}&folder=${encodeURIComponent(folder)}` };
	} catch (error) {
		await stop();
		throw error;
	}
}

/**
 * Makes a display language known of which no pack is to be had from a registry: VS Code's own words stay English, and those of
 * extensions are the language's.
 * @param {string} data the folder of user data
 * @param {string} locale
 */
async function addLanguage(data, locale) {
	const translations = join(data, `${locale}.i18n.json`);
	await mkdir(data, { recursive: true });
	await writeFile(translations, JSON.stringify({ version: "1.0.0", contents: {} }));
	const pack = {
		hash: locale,
		label: locale,
		extensions: [{ extensionIdentifier: { id: `test.${locale}` }, version: "1.0.0" }],
		translations: { vscode: translations },
	};
	await writeFile(join(data, "languagepacks.json"), JSON.stringify({ [locale]: pack }));
}

/**
 * code-server as a person uses it, with a packaged extension installed.
 * @param {string} extension the path of a VSIX
 * @param {{ settings?: Record<string, unknown>, port?: number, home?: string, locale?: string }} [options] further user settings; the port, any free one by default; its home, a new one by default; its display language
 * @returns {Promise<Serving & { writeSettings(more: Record<string, unknown>): Promise<void> }>} `writeSettings`: changes user settings
 */
export async function serveForPeople(extension, { settings = {}, port = 0, home: given, locale } = {}) {
	const home = given ?? (await makeHome("code"));
	const data = join(home, "data");
	const writeSettings = (/** @type {Record<string, unknown>} */ more) =>
		writeFile(
			join(data, "User", "settings.json"),
			JSON.stringify({ ...quiet, "security.workspace.trust.enabled": false, ...settings, ...more }, null, "\t"),
		);
	await mkdir(join(data, "User"), { recursive: true });
	await writeSettings({});
	await writeFile(join(home, "config.yaml"), "auth: none\n");
	const common = ["--config", join(home, "config.yaml"), "--user-data-dir", data, "--extensions-dir", join(home, "extensions")];
	// Where a language is another one, VS Code waits for what the gallery has of it before it shows any extension.
	const env = { ...homeEnvironment(home), ...(locale === undefined ? {} : { EXTENSIONS_GALLERY: '{"serviceUrl":""}' }) };
	const installed = await capture(vscodeServer.node, [vscodeServer.codeServer, ...common, "--install-extension", extension], { env });
	if (installed.status !== 0) {
		await rm(home, { recursive: true, force: true });
		throw new ProcessError("Installing the extension", installed.status, installed.output);
	}
	// An installation would forget it.
	if (locale !== undefined) await addLanguage(data, locale);
	const server = spawn(
		vscodeServer.node,
		[
			vscodeServer.codeServer,
			...common,
			...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"],
			"--disable-getting-started-override",
			...(locale === undefined ? [] : ["--locale", locale]),
		],
		{ ...own, env },
	);
	const stop = stopper(server, home);
	try {
		return { writeSettings, port: await printedPort(server, /listening on http:\/\/127\.0\.0\.1:(\d+)/), home, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** @param {import("node:child_process").ChildProcess} server @param {string} home */
function stopper(server, home) {
	return async () => {
		await end(server);
		// Extension hosts write their last words for a moment longer, and make the folder for them again.
		try {
			process.kill(-server.pid, "SIGKILL");
		} catch {
			// None of them is left.
		}
		await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	};
}

// Runs the integration suite inside the extension host of a real VS Code, in Chromium: nothing is downloaded but from
// the package registries.
//
//	node scripts/run-extension-host.mjs          the Node extension host
//	node scripts/run-extension-host.mjs --web    the web extension host: extension and server in Workers
//	... --activations 20                         and how soon the extension completes, in so many new windows
//
// The bundles must be there (npm run bundle -- --tests). Exit status: 0 all passed, 1 some failed, 2 no result.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { format } from "node:util";
import { launchChromium, refusedHosts } from "./lib/chromium.mjs";
import { Cleanup } from "./lib/processes.mjs";
import { out, root } from "./lib/repository.mjs";
import { canSimulate, copyExamples, startSimulatedHost } from "./lib/simulated-host.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { makeHome, serveForTests } from "./lib/vscode-serve.mjs";
import { webExtensionProxy } from "./lib/web-extension-proxy.mjs";

const web = process.argv.includes("--web");
/** Ends what hangs, however slow the machine is. */
const limit = 900_000;
/** So many windows are opened to measure activations. */
const activations = process.argv.includes("--activations") ? Number(process.argv[process.argv.indexOf("--activations") + 1]) : 0;
/** What the last window that gave no result looked like. */
const picture = join(out, web ? "web-extension-host.png" : "extension-host.png");

/** What VS Code says of itself, next to what the tests print. */
const noise = [
	/^\[(AgentHost|ChatModelSelection|AccountPolicyGate|Service Worker|LanguageModel|reconnection-grace-time)/,
	/^(Creating a socket|Resolv(ing|ed) connection token|Updating additional builtin|Loading development extension)/,
	/^(%c|.*open-vsx\.org)/,
	// A native part that it does without.
	/Cannot find module '\.\/build\/Release\/watchdog'/,
];

const cleanup = new Cleanup();
try {
	await installVscode();
	process.exitCode = await runSuite();
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 2;
} finally {
	await cleanup.run();
}

async function runSuite() {
	const home = await makeHome("host");
	// Hosts are reached from the Node extension host only. It finds them through the ssh_config of its home.
	const simulated = web || !canSimulate() ? undefined : await startSimulatedHost(home, join(root, "examples", "corrected"));
	if (simulated !== undefined) {
		cleanup.add(simulated.close);
		process.env.OPENBSD_VNET_SIMULATED_ROOT = simulated.root;
	}
	const server = await serveForTests(home);
	cleanup.add(server.stop);
	// Tests edit files; the examples must stay as they are.
	const workspace = join(server.home, "workspace");
	await copyExamples(workspace);

	const browser = await launchChromium();
	cleanup.add(() => browser.close());

	/** @type {{ passed: number, failed: number } | undefined} */
	let result;
	const how = await openWindow(browser, await address(server.port, workspace, "main"), (line) => {
		const match = /(\d+) passed, (\d+) failed/.exec(line);
		if (match !== null) result = { passed: Number(match[1]), failed: Number(match[2]) };
		console.log(line);
	});
	// An extension host that dies is reported like one that ended well: only a printed result counts.
	if (how !== "ended" || result === undefined || result.passed + result.failed === 0) {
		console.error(`The extension host gave no result (${how}). What it looked like: ${picture}`);
		return 2;
	}
	if (activations > 0) await measureActivations(browser, await address(server.port, workspace, "activation"));
	return result.failed === 0 ? 0 : 1;
}

/**
 * Opens VS Code, and returns how the tests in it ended.
 * @param {import("playwright-core").Browser} browser @param {string} url @param {(line: string) => void} print
 */
async function openWindow(browser, url, print) {
	const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
	const refused = refusedHosts(page);
	/** @type {(how: string) => void} */
	let end = () => undefined;
	const ended = new Promise((resolve) => {
		end = resolve;
	});
	await page.exposeFunction("codeAutomationLog", (_type, args) => {
		const line = format(...args);
		if (!noise.some((pattern) => pattern.test(line))) print(line);
	});
	await page.exposeFunction("codeAutomationExit", () => end("ended"));
	page.on("crash", () => end("crashed"));
	setTimeout(() => end("did not end in time"), limit).unref();
	await page.goto(url);
	const how = await ended;
	if (refused.size > 0) print(`Refused: ${[...refused].join(" ")}`);
	if (how !== "ended") {
		await mkdir(out, { recursive: true });
		await page.screenshot({ path: picture }).catch(() => undefined);
	}
	await page.close();
	return how;
}

/** Opens windows one after the other, and prints how soon the extension completes after its activation in each. */
async function measureActivations(browser, url) {
	const measured = [];
	for (let count = 0; count < activations; count++) {
		await openWindow(browser, url, (line) => {
			const match = /^activation: (.*)$/.exec(line);
			if (match !== null) measured.push(JSON.parse(match[1]));
		});
	}
	const percentile = (of, share) => {
		const sorted = measured.map(of).sort((x, y) => x - y);
		return sorted[Math.ceil(sorted.length * share) - 1]?.toFixed(1);
	};
	for (const [name, of] of [
		["activate()", ({ activate }) => activate],
		["activation until the server is ready", ({ ready }) => ready],
		["activation until the first completion is given", ({ completion }) => completion],
		["activation until VS Code has it, with those of all others", ({ shown }) => shown],
	])
		console.log(`${name}, in ${measured.length} new windows: median ${percentile(of, 0.5)} ms, p95 ${percentile(of, 0.95)} ms`);
}

/** The page that runs tests. @param {number} port @param {string} workspace @param {"main" | "activation"} tests */
async function address(port, workspace, tests) {
	if (web) {
		const proxy = await webExtensionProxy({ serverPort: port, folder: root, tests: "out/integration/main.web.js" });
		cleanup.add(proxy.close);
		return `http://127.0.0.1:${proxy.port}/?${new URLSearchParams({ folder: workspace })}`;
	}
	const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
	const payload = JSON.stringify([
		["extensionDevelopmentPath", remote(root)],
		["extensionTestsPath", remote(join(root, `out/integration/${tests}.cjs`))],
		["skipWelcome", "true"],
	]);
	return `http://127.0.0.1:${port}/?${new URLSearchParams({ folder: workspace, payload })}`;
}

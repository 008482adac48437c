// Runs the integration suite inside the extension host of a real VS Code, in Chromium: nothing is downloaded but from
// the package registries.
//
//	node scripts/run-extension-host.mjs          the Node extension host
//	node scripts/run-extension-host.mjs --web    the web extension host: extension and server in Workers
//
// The bundles must be there (npm run bundle -- --tests). Exit status: 0 all passed, 1 some failed, 2 no result.
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { format } from "node:util";
import { confineToThisMachine, launchChromium } from "./lib/chromium.mjs";
import { Cleanup } from "./lib/processes.mjs";
import { out, root } from "./lib/repository.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { serveForTests } from "./lib/vscode-serve.mjs";
import { webExtensionProxy } from "./lib/web-extension-proxy.mjs";

const web = process.argv.includes("--web");
const limit = 240_000;

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
	const server = await serveForTests();
	cleanup.add(server.stop);
	// Tests edit files; the examples must stay as they are.
	const workspace = join(server.home, "workspace");
	await cp(join(root, "examples"), workspace, { recursive: true });

	const browser = await launchChromium();
	cleanup.add(() => browser.close());
	const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
	const refused = await confineToThisMachine(page);

	/** @type {{ passed: number, failed: number } | undefined} */
	let result;
	const ended = new Promise((resolve) => {
		page.exposeFunction("codeAutomationLog", (_type, args) => {
			const line = format(...args);
			const match = /(\d+) passed, (\d+) failed/.exec(line);
			if (match !== null) result = { passed: Number(match[1]), failed: Number(match[2]) };
			if (!noise.some((pattern) => pattern.test(line))) console.log(line);
		});
		page.exposeFunction("codeAutomationExit", () => resolve("ended"));
		page.on("crash", () => resolve("crashed"));
		setTimeout(() => resolve("did not end in time"), limit).unref();
	});

	await page.goto(await address(server.port, workspace));
	const how = await ended;
	if (refused.size > 0) console.log(`Refused: ${[...refused].join(" ")}`);
	// An extension host that dies is reported like one that ended well: only a printed result counts.
	if (how === "ended" && result !== undefined && result.passed + result.failed > 0) return result.failed === 0 ? 0 : 1;
	await mkdir(out, { recursive: true });
	const picture = join(out, web ? "web-extension-host.png" : "extension-host.png");
	await page.screenshot({ path: picture }).catch(() => undefined);
	console.error(`The extension host gave no result (${how}). What it looked like: ${picture}`);
	return 2;
}

/** The page that runs the tests. @param {number} port @param {string} workspace */
async function address(port, workspace) {
	if (web) {
		const proxy = await webExtensionProxy({ serverPort: port, folder: root, tests: "out/integration/main.web.js" });
		cleanup.add(proxy.close);
		return `http://127.0.0.1:${proxy.port}/?${new URLSearchParams({ folder: workspace })}`;
	}
	const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
	const payload = JSON.stringify([
		["extensionDevelopmentPath", remote(root)],
		["extensionTestsPath", remote(join(root, "out/integration/main.cjs"))],
		["skipWelcome", "true"],
	]);
	return `http://127.0.0.1:${port}/?${new URLSearchParams({ folder: workspace, payload })}`;
}

// `npm run test:nightly`: everything of which `npm test` runs a share, for up to two hours: the unit tests, and what VS Code does.
// With arguments, the unit tests alone with them. What could not run, and what failed, is named at the end.
import { spawn } from "node:child_process";
import { findChromium } from "./lib/chromium.mjs";
import { root } from "./lib/repository.mjs";

const args = process.argv.slice(2);
const node = process.execPath;

/** @type {[name: string, command: string, ...args: string[]][]} */
const inVscode = [
	["the browser VS Code", node, "scripts/setup-vscode.mjs"],
	["what a release publishes", node, "scripts/release.mjs"],
	["npm start, and Ctrl-C", node, "scripts/run-start.mjs"],
	["bundles of the tests", node, "scripts/bundle.mjs", "--only-tests"],
	["integration in the extension host", node, "scripts/run-extension-host.mjs", "--activations", "20"],
	["integration in the web extension host", node, "scripts/run-extension-host.mjs", "--web"],
	["web views", node, "scripts/run-web-views.mjs"],
	["the packaged extension under a person's hands, dark and light", node, "scripts/run-gui.mjs"],
	["the handbook's own hosts, mended from the Problems view", node, "scripts/run-opened-hosts.mjs"],
	["an empty folder to routed guests, and a host of one's own", node, "scripts/run-hours.mjs"],
	["every screen, in three themes and two languages", node, "scripts/screenshots.mjs"],
	["from release to release, and VLANs of one veb from the pattern to a verified host", node, "scripts/run-releases.mjs"],
	["the handbook's course, from its first key to a verified host", node, "scripts/run-course.mjs"],
];
const canBrowse = findChromium() !== undefined;

/**
 * @param {boolean} isWhole whether everything is run, not a share
 * @returns {Promise<boolean>} whether it succeeded
 */
function run(command, given, isWhole = true) {
	return new Promise((resolve) => {
		const env = { ...process.env, OPENBSD_VNET_NIGHTLY: isWhole ? "1" : "0" };
		const child = spawn(command, given, { cwd: root, stdio: "inherit", env, shell: process.platform === "win32" });
		child.on("error", () => resolve(false));
		child.on("close", (status) => resolve(status === 0));
	});
}

const failed = [];
if (!(await run("npx", ["vitest", "run", ...args]))) failed.push("unit tests");
if (args.length === 0 && !(await run(node, ["scripts/test-twice.mjs"], false))) failed.push("unit tests, twice at once and in any order");
if (args.length === 0 && !(await run(node, ["scripts/test-nodes.mjs"]))) failed.push("the npm package on Node 20, 22 and 24");
if (args.length === 0 && canBrowse)
	for (const [name, command, ...given] of inVscode) {
		console.log(`\n== ${name}`);
		if (!(await run(command, given))) failed.push(name);
	}
if (args.length === 0 && !canBrowse) console.log("Not run: what VS Code does: needs Chromium (apt-get install chromium)");
for (const name of failed) console.log(`Failed: ${name}`);
process.exitCode = failed.length === 0 ? 0 : 1;
